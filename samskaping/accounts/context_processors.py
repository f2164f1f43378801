"""What pages ask of the sign-in. Nothing is worked out before a template asks for it."""

from datetime import date

from django.http import HttpRequest
from django.utils.functional import cached_property

from samskaping.accounts import second_factor
from samskaping.accounts.models import User


class SignInState:
    """Given to templates as `sign_in`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def second_factor_by(self) -> date | None:
        """The day the second factor becomes necessary, when it is time to say so."""
        user = getattr(self._request, "user", None)
        return second_factor.reminder(self._request, user) if isinstance(user, User) else None


def sign_in(request: HttpRequest) -> dict[str, SignInState]:
    return {"sign_in": SignInState(request)}
