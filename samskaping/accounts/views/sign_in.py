"""Signing in: with a password, and with a code."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_login_redirect_url, get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from samskaping.accounts import code_state, demo, limits
from samskaping.accounts.forms.code import AskCodeForm, EnterCodeForm
from samskaping.accounts.services.code import code_ask, code_use
from samskaping.accounts.services.work_account import work_account_link
from samskaping.accounts.views.outside import outside_transaction
from samskaping.core.errors import DomainError, TooMany
from samskaping.core.models.one_time_code import CodePurpose

TOO_MANY = 429


class LoginView(allauth_views.LoginView):
    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if getattr(self.request, "limited", False):
            response.status_code = TOO_MANY
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "demo_cards": demo.cards(),
            "demo_password": demo.PASSWORD,
            "work_account": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        }


login = outside_transaction(method_decorator(never_cache, name="dispatch")(LoginView).as_view())


@never_cache
@outside_transaction
@sensitive_post_parameters("who")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """One field; what follows is the same whether we know what was typed or not."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    form = AskCodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.code_ask(request)
            code = code_ask(purpose=CodePurpose.SIGN_IN, typed=form.cleaned_data["who"])
        except TooMany as error:
            form.add_error(None, str(error.sentence))
            status = TOO_MANY
        else:
            code_state.remember(request.session, code, next=get_next_redirect_url(request) or "")
            return HttpResponseRedirect(reverse("code_enter"))
    next_url = get_next_redirect_url(request) or ""
    return render(request, "accounts/code_ask.html", {"form": form, "next_url": next_url}, status=status)


@never_cache
@outside_transaction
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(get_login_redirect_url(request))
    state = code_state.recall(request.session, CodePurpose.SIGN_IN)
    if state is None:
        return HttpResponseRedirect(reverse("code_ask"))
    form = EnterCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = code_use(code_id=state["id"], purpose=CodePurpose.SIGN_IN, typed=form.cleaned_data["code"])
        if user is not None:
            return _let_in(request, user, state)
        form.add_error("code", code_state.count_wrong(request.session, CodePurpose.SIGN_IN))
    return render(request, "accounts/code_enter.html", {"form": form, "is_link": "work_account" in state})


def _let_in(request: HttpRequest, user: Any, state: dict[str, Any]) -> HttpResponse:
    """From here it is as with a password: the same gate, the same second factor."""
    code_state.forget(request.session, CodePurpose.SIGN_IN)
    claims = state.get("work_account")
    if claims is not None:
        try:
            work_account_link(user=user, issuer=claims["issuer"], subject=claims["subject"])
        except DomainError as error:
            messages.error(request, str(error.sentence))
            return HttpResponseRedirect(reverse("work_account_refused"))
    with_factor = {"second_factor": True} if claims and claims["second_factor"] else {}
    record_authentication(request, user, method="code", **with_factor)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=state["next"] or None))
    return response
