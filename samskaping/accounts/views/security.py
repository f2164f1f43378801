"""«Sikkerhet»: password, second factor, and where one is signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samskaping.accounts import second_factor
from samskaping.accounts.models import User
from samskaping.accounts.selectors.user import factors, open_sign_ins
from samskaping.accounts.services.session import session_end, sessions_end


@never_cache
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    found = factors(user)
    return render(
        request,
        "accounts/security.html",
        {
            "totp": next((f for f in found if f.type == "totp"), None),
            "passkeys": [f for f in found if f.type == "webauthn"],
            "recovery_codes_left": next(
                (len(f.wrap().get_unused_codes()) for f in found if f.type == "recovery_codes"), None
            ),
            "second_factor_due": second_factor.due(user),
            "is_missing": second_factor.is_missing(request, user),
            "sign_ins": open_sign_ins(user),
            "session_key": request.session.session_key,
            "work_accounts": user.work_accounts.count(),
        },
    )


@require_safe
def to_security(_request: HttpRequest) -> HttpResponse:
    """allauth's own overviews: ours has it all on one page."""
    return HttpResponseRedirect(reverse("account_security"))


@login_required
@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    sign_in = open_sign_ins(user).filter(pk=pk).first()
    if sign_in is None:
        raise Http404
    if sign_in.session_key == request.session.session_key:
        return HttpResponseRedirect(reverse("account_logout"))  # this one: signing out does it
    session_end(sign_in=sign_in, by=user)
    messages.success(request, _("Den er logget ut."))
    return HttpResponseRedirect(reverse("account_security"))


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    sessions_end(user=user, by=user, but=request.session.session_key)
    messages.success(request, _("Du er logget ut alle andre steder."))
    return HttpResponseRedirect(reverse("account_security"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    return request.user
