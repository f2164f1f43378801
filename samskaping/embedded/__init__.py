"""Runs the whole portal on a machine that has no PostgreSQL and no Redis of its own.

Kept empty of imports: settings and set-up read `paths` before any package is installed.
"""
