"""Drafting, freezing, signing, sealing and renewing agreements."""
