"""The base of the domain: units, organisations, people, and the thread from level 1 to 3."""
