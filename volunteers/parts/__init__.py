"""Each part of the app has a module here whose `register()` says what it puts where; found by being there.

Menu entries, things that wait, reminders, sections of a partnership's page, what a copy of one's data shows:
whatever has a registry. Words of its verbs (`audit_says`) stand in the module itself.
"""

from samskaping.core.parts import parts_of


def register() -> None:
    for part in parts_of(__name__):
        part.register()
