"""The synthetic nation's agreements."""
