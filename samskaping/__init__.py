"""Samskaping: the portal where municipalities, centres and organisations run their co-creation.

Kept empty of imports: set-up and settings read modules of this package before the rest is there.
"""
