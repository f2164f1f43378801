"""A new password: by code for whoever forgot it, and by the old one."""

import hmac
import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from samskaping.accounts import code_state, limits
from samskaping.accounts.forms.code import AskPasswordCodeForm, EnterCodeForm
from samskaping.accounts.forms.password import NewPasswordForm
from samskaping.accounts.models import User
from samskaping.accounts.selectors.user import user_with_code
from samskaping.accounts.services.code import code_ask, code_use
from samskaping.accounts.services.password import password_set
from samskaping.accounts.services.session import session_keep
from samskaping.accounts.views.outside import outside_transaction
from samskaping.core.errors import TooMany
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.one_time_code import LIFETIME

PROVEN = "password_proven"  # in the session: whose address was proven with a code, and when


@never_cache
@outside_transaction
@sensitive_post_parameters("who")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = AskPasswordCodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.code_ask(request)
            code = code_ask(purpose=CodePurpose.PASSWORD, typed=form.cleaned_data["who"])
        except TooMany as error:
            form.add_error(None, str(error.sentence))
            status = 429
        else:
            code_state.remember(request.session, code)
            return HttpResponseRedirect(reverse("password_code"))
    return render(request, "accounts/password_ask.html", {"form": form}, status=status)


@never_cache
@outside_transaction
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    state = code_state.recall(request.session, CodePurpose.PASSWORD)
    if state is None:
        return HttpResponseRedirect(reverse("password_ask"))
    form = EnterCodeForm(request.POST or None, action=_("Gå videre"))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        user = code_use(code_id=state["id"], purpose=CodePurpose.PASSWORD, typed=typed)
        if user is not None:
            code_state.forget(request.session, CodePurpose.PASSWORD)
            request.session.cycle_key()
            request.session[PROVEN] = {
                "user": user.pk,
                "at": time.time(),
                "password": user.get_session_auth_hash(),
            }
            return HttpResponseRedirect(reverse("password_new"))
        form.add_error("code", code_state.count_wrong(request.session, CodePurpose.PASSWORD))
    return render(request, "accounts/password_code.html", {"form": form})


@never_cache
@outside_transaction
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Only for the session that wrote the code, for ten minutes, once. It signs nobody in."""
    user = _proven(request)
    if user is None:
        request.session.pop(PROVEN, None)
        return HttpResponseRedirect(reverse("password_ask"))
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        password_set(user=user, password=form.cleaned_data["password"], by=None)
        request.session.pop(PROVEN, None)
        messages.success(request, _("Passordet er lagret. Nå kan du logge inn med det."))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "accounts/password_new.html", {"form": form})


@never_cache
@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """For somebody signed in, who has just shown who she is."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    if is_reauthentication_required(request, app="samskaping.accounts"):
        # Not allauth's decorator: it would keep what was posted, the new password, in the session.
        way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return HttpResponseRedirect(f"{way}?{urlencode({'next': request.path})}")
    form = NewPasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        user = password_set(
            user=request.user,
            password=form.cleaned_data["password"],
            by=request.user,
            but_session=request.session.session_key,
        )
        session_keep(request, user)
        messages.success(request, _("Passordet er lagret. Du er logget ut alle andre steder."))
        return HttpResponseRedirect(reverse("account_security"))
    return render(request, "accounts/password_change.html", {"form": form})


def _proven(request: HttpRequest) -> User | None:
    """Whose password may be set here: nobody's after ten minutes, or when it was changed meanwhile."""
    proven = request.session.get(PROVEN)
    if proven is None or time.time() - proven["at"] > LIFETIME.total_seconds():
        return None
    user = user_with_code(proven["user"])
    is_same = user is not None and hmac.compare_digest(user.get_session_auth_hash(), proven["password"])
    return user if is_same else None
