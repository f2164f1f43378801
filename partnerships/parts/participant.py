"""Participants: what they are sent."""


def register() -> None:
    from partnerships import participant_messages  # noqa: F401 - registers what is sent
