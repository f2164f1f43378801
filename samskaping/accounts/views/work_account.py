"""Signing in with the account one has at work."""

import dataclasses

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samskaping.accounts import code_state, limits, oidc
from samskaping.accounts.registry import people
from samskaping.accounts.selectors.user import user_with_email
from samskaping.accounts.services.code import code_ask
from samskaping.accounts.services.work_account import work_account_user
from samskaping.accounts.views.outside import outside_transaction
from samskaping.core.errors import TooMany
from samskaping.core.models.one_time_code import CodePurpose

_KEY = "work_account"


@never_cache
@outside_transaction
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        address, kept = oidc.start()
    except oidc.Refused:
        return _refuse(request)
    request.session[_KEY] = {**dataclasses.asdict(kept), "next": get_next_redirect_url(request) or ""}
    return HttpResponseRedirect(address)


@never_cache
@outside_transaction
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back. Once: what it is checked against is taken out first."""
    if not settings.OIDC_ISSUER:
        raise Http404
    kept = request.session.pop(_KEY, None)
    given = [request.GET.getlist(name) for name in ("state", "code")]
    if kept is None or any(len(values) != 1 for values in given):
        return _refuse(request)
    next_url = kept.pop("next")
    try:
        identity = oidc.finish(oidc.Started(**kept), state=given[0][0], code=given[1][0])
    except oidc.Refused:
        return _refuse(request)
    return _let_in(request, identity, next_url)


def _let_in(request: HttpRequest, identity: oidc.Identity, next_url: str) -> HttpResponse:
    user = work_account_user(issuer=identity.issuer, subject=identity.subject)
    if user is None:
        return _link_by_code(request, identity, next_url)
    if not people().may_use_work_account(user, identity.email.rpartition("@")[2]):
        return _refuse(request)
    with_factor = {"second_factor": True} if identity.second_factor else {}
    record_authentication(request, user, method="work_account", **with_factor)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url or None))
    return response


def _link_by_code(request: HttpRequest, identity: oidc.Identity, next_url: str) -> HttpResponse:
    """The first time: an address in a token says who she claims to be, a code sent there says that she is."""
    user = user_with_email(identity.email)
    if user is None or not people().may_use_work_account(user, identity.email.rpartition("@")[2]):
        return _refuse(request)
    try:
        limits.code_ask(request)
        code = code_ask(purpose=CodePurpose.SIGN_IN, typed=identity.email)
    except TooMany as error:
        return _refuse(request, str(error.sentence))
    claims = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "second_factor": identity.second_factor,
    }
    code_state.remember(request.session, code, next=next_url, work_account=claims)
    return HttpResponseRedirect(reverse("code_enter"))


def _refuse(request: HttpRequest, why: str = "") -> HttpResponse:
    """One way out, whatever was wrong: an attacker learns nothing, and the address bar loses the code."""
    if why:
        messages.error(request, why)
    return HttpResponseRedirect(reverse("work_account_refused"))


@never_cache
@require_safe
def refused(request: HttpRequest) -> HttpResponse:
    """What she can do instead."""
    return render(request, "accounts/work_account_refused.html")
