"""The demo's agreements."""
