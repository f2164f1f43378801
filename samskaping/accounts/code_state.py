"""What a browser session knows of the code it asked for.

The words on the page come from here and not from the code's row: what the row says differs between an
address somebody has and one nobody has.
"""

import time
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samskaping.core.models import OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.one_time_code import LIFETIME, TRIES

_KEY = "one_time_code"


def remember(session: SessionBase, code: OneTimeCode, **more: Any) -> None:
    """From now on this session may write this code; an older one of the same purpose is forgotten."""
    states = session.get(_KEY, {})
    states[code.purpose] = {"id": str(code.pk), "asked_at": time.time(), "tries": 0, **more}
    session[_KEY] = states


def recall(session: SessionBase, purpose: CodePurpose) -> dict[str, Any] | None:
    state: dict[str, Any] | None = session.get(_KEY, {}).get(purpose.value)
    return state


def forget(session: SessionBase, purpose: CodePurpose) -> None:
    states = session.get(_KEY, {})
    states.pop(purpose.value, None)
    session[_KEY] = states


def count_wrong(session: SessionBase, purpose: CodePurpose) -> str:
    """One more that was not right. Returns what to say about it."""
    states = session[_KEY]
    state = states[purpose.value]
    state["tries"] += 1
    session[_KEY] = states
    left = TRIES - state["tries"]
    if time.time() - state["asked_at"] > LIFETIME.total_seconds():
        return _("Koden er mer enn ti minutter gammel. Be om en ny, så går det nok.")
    if left <= 0:
        return _("Det ble fem forsøk, og da slutter koden å virke. Be om en ny, så går det nok.")
    again = ngettext("Du har ett forsøk igjen.", "Du har %(left)s forsøk igjen.", left) % {"left": left}
    return _("Koden stemmer ikke. Se etter at det er den nyeste vi sendte.") + " " + again
