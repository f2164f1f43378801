"""From the open pages, without an account: a question, an interest, or in at once with a code.

GET shows, POST acts. Only who asks for a code gets a session, which knows which sign-up it was asked for.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partnerships.forms.invitation import CodeForm
from partnerships.public import contact_point, municipality_in_use, reply_by
from partnerships.selectors.channel import masked_address
from partnerships.selectors.words import municipality_name
from samskaping.accounts import code_state, limits
from samskaping.core.errors import DomainError, StateChanged, TooMany
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import CodePurpose
from volunteers.forms.public import InterestForm, JoinForm, QuestionForm, ReachForm
from volunteers.models import Opening, SignUp
from volunteers.models.sign_up import SignUpKind
from volunteers.selectors.opening import is_light
from volunteers.selectors.public import shown
from volunteers.selectors.sign_up import address_of, who_answers
from volunteers.services.sign_up import (
    sign_up_code_send,
    sign_up_code_use,
    sign_up_confirm,
    sign_up_from_token,
    sign_up_make,
    sign_up_token,
    sign_up_withdraw,
)
from volunteers.sign_up_messages import received_words
from volunteers.views.public import crumbs, opening_or_404

PURPOSE = CodePurpose.SIGN_UP


@require_http_methods(["GET", "HEAD", "POST"])
def ask_town(request: HttpRequest, number: str) -> HttpResponse:
    return _ask(request, municipality_in_use(number), None)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_opening(request: HttpRequest, pk: int) -> HttpResponse:
    found = opening_or_404(pk)
    return _ask(request, found.municipality, found)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_town(request: HttpRequest, number: str) -> HttpResponse:
    return _interest(request, municipality_in_use(number), None)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_opening(request: HttpRequest, pk: int) -> HttpResponse:
    found = opening_or_404(pk)
    return _interest(request, found.municipality, found)


def _ask(request: HttpRequest, town: Municipality, opening: Opening | None) -> HttpResponse:
    form = QuestionForm(request.POST or None)
    title, lead = _("Spør oss"), _("Ingen spørsmål er dumme. Vi svarer deg der du vil.")
    return _written(request, town, opening, form, SignUpKind.QUESTION, title, lead)


def _interest(request: HttpRequest, town: Municipality, opening: Opening | None) -> HttpResponse:
    form = InterestForm(request.POST or None, for_opening=opening is not None)
    title = _("Jeg vil gjerne være med")
    lead = _("Du binder deg ikke til noe. Noen tar kontakt, og så finner dere ut av det sammen.")
    return _written(request, town, opening, form, SignUpKind.INTEREST, title, lead)


def _written(
    request: HttpRequest,
    town: Municipality,
    opening: Opening | None,
    form: ReachForm,
    kind: SignUpKind,
    title: str,
    lead: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            limits.write_in(request, form.address)
            made = sign_up_make(municipality=town, kind=kind, who=form.somebody(), opening=opening)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            return _page(request, town, opening, form, title, lead, status=_status(error))
        return _thanked(made)
    return _page(request, town, opening, form, title, lead)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Where nothing has to be cleared first: a name, an address, and the code that is sent there."""
    found = opening_or_404(pk)
    if not (found.at_once and is_light(found.offer)):
        return redirect("opening_interest", pk=found.pk)
    form = JoinForm(request.POST or None)
    title, lead = _("Bli med nå"), _("Navnet ditt og en kode, så er du med.")
    if request.method == "POST" and form.is_valid():
        under_18 = form.cleaned_data["under_18"]
        # A guardian has to say yes too, so somebody rings first.
        kind = SignUpKind.INTEREST if under_18 else SignUpKind.AT_ONCE
        try:
            limits.code_ask(request)
            limits.write_in(request, form.address)
            made = sign_up_make(
                municipality=found.municipality, kind=kind, who=form.somebody(), opening=found
            )
            if under_18:
                return _thanked(made)
            code = sign_up_code_send(sign_up=made)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            return _page(request, found.municipality, found, form, title, lead, status=_status(error))
        code_state.remember(request.session, code, sign_up=made.pk)
        return redirect("sign_up_code")
    return _page(request, found.municipality, found, form, title, lead)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The digits from her message; a new code; and where she comes when it is too late."""
    state = code_state.recall(request.session, PURPOSE)
    rows = SignUp.objects.select_related("municipality__settings", "opening")
    sign_up = rows.filter(pk=state["sign_up"]).first() if state else None
    if state is None or sign_up is None:
        return _gone(request)
    if sign_up.confirmed_at is not None:
        # Pressed twice leads to the same; the way back in is her message.
        return _thanked(sign_up) if request.method == "POST" else _gone(request)
    if request.method == "POST" and "again" in request.POST:
        try:
            limits.code_ask(request)
            limits.write_in(request, address_of(sign_up))
            code_state.remember(request.session, sign_up_code_send(sign_up=sign_up), sign_up=sign_up.pk)
        except TooMany as error:
            messages.warning(request, str(error.sentence))
        else:
            messages.info(request, _("Vi har sendt en ny kode. Bare den nyeste virker."))
        return redirect("sign_up_code")
    form = CodeForm(request.POST or None, button=_("Bli med"))
    if request.method == "POST" and form.is_valid():
        if sign_up_code_use(sign_up=sign_up, code_id=state["id"], typed=form.cleaned_data["code"]):
            return _thanked(sign_up_confirm(sign_up=sign_up))
        # Two presses at once: the other one used the code while this one waited.
        if rows.filter(pk=sign_up.pk, confirmed_at__isnull=False).exists():
            return _thanked(sign_up)
        form.add_error("code", code_state.count_wrong(request.session, PURPOSE))
    address = masked_address(address_of(sign_up))
    context = {"form": form, "wrote": None, "address": address, "by_sms": not sign_up.email}
    return render(request, "partnerships/invitation/code.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """What happens now, and the way out of it. Opening it any number of times changes nothing."""
    sign_up = sign_up_from_token(token)
    if sign_up is None or (sign_up.kind == SignUpKind.AT_ONCE and sign_up.confirmed_at is None):
        return _gone(request)
    if request.method == "POST":
        try:
            sign_up_withdraw(sign_up=sign_up)
        except StateChanged as error:
            messages.error(request, str(error.sentence))
            return redirect("sign_up_thanks", token=token)
        return render(request, "volunteers/sign_up/withdrawn.html", {"town": sign_up.municipality})
    title, lines = received_words(sign_up)
    joined = sign_up.kind == SignUpKind.AT_ONCE
    context = {
        "sign_up": sign_up,
        "title": title,
        "lines": () if sign_up.answered_at is not None and not joined else lines,
        "joined": joined,
        "who": who_answers(sign_up),
        "contact": contact_point(sign_up.municipality),
        "may_withdraw": sign_up.volunteer_id is None,
        "name": municipality_name(sign_up.municipality),
    }
    return render(request, "volunteers/sign_up/thanks.html", context)


def _thanked(sign_up: SignUp) -> HttpResponse:
    return redirect("sign_up_thanks", token=sign_up_token(sign_up))


def _gone(request: HttpRequest) -> HttpResponse:
    """One kind page for an old link, for what she took back, and for what we never made."""
    return render(request, "volunteers/sign_up/gone.html", status=410)


def _page(
    request: HttpRequest,
    town: Municipality,
    opening: Opening | None,
    form: Any,
    title: str,
    lead: str,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "town": town,
        "name": municipality_name(town),
        "one": shown(opening) if opening is not None else None,
        "reply_by": reply_by(town, timezone.localdate()),
        "breadcrumbs": crumbs(town, title, opening=opening),
    }
    return render(request, "volunteers/sign_up/form.html", context, status=status)


def _status(error: DomainError) -> int:
    if isinstance(error, TooMany):
        return 429
    return 409 if isinstance(error, StateChanged) else 200
