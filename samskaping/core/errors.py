"""What a service says when a step cannot be taken. Views turn these into words and a status."""

from django.utils.functional import Promise


class DomainError(Exception):
    """An illegal step, with a sentence for the person who tried it."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StateChanged(DomainError):
    """Somebody else was there first; the page should be read again (409)."""


class TooMany(DomainError):
    """A limit on tries or sendings was reached (429)."""

    def __init__(self, sentence: str | Promise, *, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds
