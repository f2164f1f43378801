"""As whom a browser sits after a code from a link, and since when. No user is made of it.

The proof is what the code proved (`core/link_token.proof_of`): it ends with another address or another link.
Nobody signed in sits as another in her own browser; the caller sees to that.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from samskaping.accounts.services.session import session_rekey

# After this long without a click she writes a new code. Nobody sits longer than a working day.
IDLE = 60 * 60
TOUCH_EVERY = 60


class Sitting:
    """`key` names it in the session: one for each sort of link."""

    def __init__(self, key: str) -> None:
        self.key = key

    def begin(self, request: HttpRequest, *, who: int, proof: str, **more: Any) -> None:
        """The caller has seen the right code."""
        session_rekey(request)
        now = time.time()
        request.session[self.key] = {"id": who, "proof": proof, "since": now, "seen": now, **more}

    def end(self, request: HttpRequest) -> None:
        request.session.pop(self.key, None)

    def kept(self, request: HttpRequest) -> dict[str, Any] | None:
        """What was kept of it, whether or not her hour is over."""
        found: dict[str, Any] | None = request.session.get(self.key)
        return found

    def holds(self, request: HttpRequest, proof: str) -> bool:
        """Whether it still proves this; the time of this click is kept."""
        kept, now = request.session[self.key], time.time()
        proven = bool(proof) and kept["proof"] == proof
        too_long = now - kept["since"] > settings.SESSION_ABSOLUTE.total_seconds()
        if not proven or too_long or now - kept["seen"] > IDLE:
            return False
        if now - kept["seen"] > TOUCH_EVERY:
            request.session[self.key] = {**kept, "seen": now}
        return True
