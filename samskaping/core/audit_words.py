"""What the verbs of the trace are called, for those who read it. Each app says its own from `ready()`."""

from django.utils.functional import Promise

_words: dict[str, Promise] = {}
_unsigned: dict[str, Promise] = {}


def audit_says(verb: str, words: Promise, *, unsigned: Promise | None = None) -> None:
    """`words` is a lazy sentence with %(who)s, and %(role)s where the event names a role.

    `unsigned`: of what people do in a group, who it was where she has no role, or nobody was signed in; for
    whom is not told. Without it, where nobody was signed in, it was the portal.
    Raises ValueError when the verb has words already: two apps would overwrite each other.
    """
    if verb in _words:
        message = f"{verb!r} has words already."
        raise ValueError(message)
    _words[verb] = words
    if unsigned is not None:
        _unsigned[verb] = unsigned


def audit_words(verb: str) -> Promise:
    """Raises KeyError for a verb nobody gave words; tests/guards/test_audit_words.py finds them all."""
    return _words[verb]


def unsigned_actor(verb: str) -> Promise | None:
    """Who does it without being signed in; None when that is the portal itself."""
    return _unsigned.get(verb)


def unsigned_verbs() -> frozenset[str]:
    return frozenset(_unsigned)


def verbs_with_words() -> frozenset[str]:
    return frozenset(_words)
