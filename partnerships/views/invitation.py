"""From the link in the message to the first page inside. GET shows, POST acts, the code decides."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.current import SESSION_KEY, remember_language
from partnerships.forms.invitation import CodeForm, WelcomeForm
from partnerships.models import Invitation
from partnerships.models.person import Channel
from partnerships.selectors.channel import address_of, masked_address
from partnerships.services.invitation import (
    invitation_accept,
    invitation_code_send,
    invitation_code_use,
    invitation_from_token,
    invitation_known_account,
    invitation_proof,
    inviting_name,
)
from partnerships.signing_in import enter
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged, TooMany
from samskaping.core.models import OneTimeCode

IN_SESSION = "invitation"
View = Callable[..., HttpResponseBase]


def gone(request: HttpRequest) -> HttpResponse:
    """One kind page for what is used, withdrawn, out of date or never was: it tells nothing apart."""
    return render(request, "partnerships/invitation/gone.html", status=410)


def _speak(request: HttpRequest, invitation: Invitation) -> None:
    """Her language, unless she has chosen one on this machine."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(invitation.person.language)


def _is_open(invitation: Invitation | None) -> bool:
    return invitation is not None and Invitation.objects.open().filter(pk=invitation.pk).exists()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, and the button that sends a code. Opening it any number of times changes nothing."""
    invitation = invitation_from_token(token)
    if invitation is None or not _is_open(invitation):
        return gone(request)
    _speak(request, invitation)
    problem = ""
    if request.method == "POST":
        try:
            code = invitation_code_send(invitation=invitation)
        except TooMany as error:
            problem = str(error.sentence)
        else:
            _remember(request, invitation, code)
            return redirect("invitation_code")
    return _show_invitation(request, invitation, problem)


def _show_invitation(request: HttpRequest, invitation: Invitation, problem: str) -> HttpResponse:
    account = invitation_known_account(invitation) if request.user.is_authenticated else None
    context = {
        "invitation": invitation,
        "place": inviting_name(invitation),
        "address": _masked(invitation),
        "by_sms": invitation.channel == Channel.SMS,
        "problem": problem,
        "signed_in_as_another": request.user.is_authenticated and account != request.user,
    }
    return render(request, "partnerships/invitation/open.html", context, status=429 if problem else 200)


def from_session(proven: bool) -> Callable[[View], View]:
    """Finds the invitation this browser opened; the token itself stood in the address once."""

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest) -> HttpResponseBase:
            kept = request.session.get(IN_SESSION) or {}
            invitation = (
                Invitation.objects.open()
                .select_related("municipality__settings", "person__user", "unit", "centre", "organisation")
                .filter(pk=kept.get("id", 0))
                .first()
            )
            if invitation is None:
                return gone(request)
            # The address may be another since: what was proven was the one the code went to.
            if proven and kept.get("proven") != invitation_proof(invitation):
                return redirect("invitation_code")
            _speak(request, invitation)
            return view(request, invitation)

        return found

    return decorate


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@from_session(proven=False)
def invitation_code(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The code from the message, or a new one."""
    if request.method == "POST" and "again" in request.POST:
        return _send_again(request, invitation)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept: dict[str, Any] = request.session[IN_SESSION]
        if invitation_code_use(invitation=invitation, code_id=kept["code"], typed=form.cleaned_data["code"]):
            request.session[IN_SESSION] = {**kept, "proven": invitation_proof(invitation)}
            return redirect("invitation_accept")
        form.add_error(
            "code", _("Koden stemmer ikke, eller den er for gammel. Sjekk sifrene, eller be om en ny.")
        )
    return _show_code(request, invitation, form)


def _send_again(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        code = invitation_code_send(invitation=invitation)
    except TooMany as error:
        messages.warning(request, str(error.sentence))
        return _show_code(request, invitation, CodeForm(), status=429)
    _remember(request, invitation, code)
    messages.info(request, _("Vi har sendt en ny kode. Bare den nyeste virker."))
    return redirect("invitation_code")


def _show_code(
    request: HttpRequest, invitation: Invitation, form: CodeForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "address": _masked(invitation),
        "by_sms": invitation.channel == Channel.SMS,
    }
    return render(request, "partnerships/invitation/code.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@from_session(proven=True)
def accept(request: HttpRequest, invitation: Invitation) -> HttpResponseBase:
    """A few words about herself, and in."""
    signed_in = request.user if isinstance(request.user, User) else None
    account = signed_in or invitation_known_account(invitation)
    form = WelcomeForm(request.POST or None, invitation=invitation, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            user, membership = invitation_accept(invitation=invitation, user=signed_in, **form.cleaned_data)
        except StateChanged as error:
            form.add_error(None, str(error.sentence))
        else:
            return _enter(request, user, membership, already_in=signed_in is not None)
    context = {"form": form, "invitation": invitation, "place": inviting_name(invitation)}
    return render(request, "partnerships/invitation/welcome.html", context)


def _enter(request: HttpRequest, user: User, membership: Any, *, already_in: bool) -> HttpResponseBase:
    request.session.pop(IN_SESSION, None)
    translation.activate(membership.person.language)
    _welcome(request, membership)
    response = enter(request, user, already_in=already_in)
    request.session[SESSION_KEY] = membership.pk
    remember_language(request, membership.person.language)
    return response


def _welcome(request: HttpRequest, membership: Any) -> None:
    words = {"role": membership.role_label, "place": membership.belongs_to}
    messages.success(request, _("Velkommen! Du er nå %(role)s for %(place)s.") % words)
    if membership.second_factor_from:
        day = formats.date_format(membership.second_factor_from, "DATE_FORMAT")
        messages.info(
            request,
            _("Fra %(day)s ber vi om innlogging i to trinn. Sett det opp under Min konto når det passer.")
            % {"day": day},
        )


def _remember(request: HttpRequest, invitation: Invitation, code: OneTimeCode) -> None:
    request.session[IN_SESSION] = {"id": invitation.pk, "code": str(code.pk)}


def _masked(invitation: Invitation) -> str:
    return masked_address(address_of(invitation.person, invitation.channel))
