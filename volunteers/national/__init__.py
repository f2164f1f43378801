"""The synthetic nation's volunteers."""
