"""The last step of an invitation: through allauth's own door, so that a second factor is asked for there."""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from samskaping.accounts.models import User
from samskaping.accounts.services.session import session_keep


def enter(request: HttpRequest, user: User, *, already_in: bool) -> HttpResponseBase:
    """Signs her in, or renews the session she has: what it may do has just grown."""
    if already_in:
        session_keep(request, user)
        return redirect("home")
    response: HttpResponseBase = perform_login(request, user)
    return response
