"""From the link in a message to what she is to sign. GET shows, POST acts, the code decides."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agreements.models import Signatory
from agreements.selectors.signing import sender_of
from agreements.services.signatory import (
    signatory_from_token,
    signing_code_send,
    signing_code_use,
)
from agreements.sitting import SITTING, sit_down, sitter, speak
from partnerships.forms.invitation import CodeForm
from partnerships.models import Person
from partnerships.models.person import Channel
from partnerships.selectors.channel import address_of, code_channel, masked_address
from samskaping.accounts import code_state, limits
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models.one_time_code import CodePurpose

PURPOSE = CodePurpose.SIGNING


def gone(request: HttpRequest) -> HttpResponse:
    """One kind page for an old link, another's, and what we never made: it tells nothing apart."""
    return render(request, "agreements/signing/gone.html", status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signing_open(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, and the button that sends a code. Nothing of the agreement; opening it changes nothing."""
    signatory = signatory_from_token(token)
    if signatory is None or signatory.person.erased_at is not None:
        return gone(request)
    person = signatory.person
    at = reverse("signing_read", args=[signatory.pk])
    if request.user.is_authenticated and person.user_id == request.user.pk:
        return redirect(at)
    speak(request, person)
    if request.method == "POST" and not request.user.is_authenticated:
        problem = _send(request, person)
        if not problem:
            return redirect(reverse("signing_code", query={"next": at}))
        return _page(request, person, problem=problem)
    return _page(request, person)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signing_code(request: HttpRequest) -> HttpResponse:
    """The code from the message; a new one; and where she comes when her hour, or the quarter, is over."""
    person = _whose(request)
    if person is None:
        return gone(request)
    speak(request, person)
    state = code_state.recall(request.session, PURPOSE)
    if request.method == "POST" and "again" in request.POST:
        if problem := _send(request, person):
            return _page(request, person, problem=problem, again=True)
        if state:
            messages.info(request, _("Vi har sendt en ny kode. Bare den nyeste virker."))
        return redirect(request.get_full_path())
    if state is None or state["person"] != person.pk:
        return _page(request, person, again=True)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if signing_code_use(person=person, code_id=state["id"], typed=form.cleaned_data["code"]):
            code_state.forget(request.session, PURPOSE)
            sit_down(request, person)
            return redirect(_next(request))
        form.add_error("code", code_state.count_wrong(request.session, PURPOSE))
    return _page(request, person, form=form)


@require_POST
def signing_out(request: HttpRequest) -> HttpResponse:
    """Closes her sitting on this device; her link works as before."""
    SITTING.end(request)
    code_state.forget(request.session, PURPOSE)
    return redirect("front")


def _whose(request: HttpRequest) -> Person | None:
    """Who is to write a code here: herself by her account, or whoever a link led here."""
    rows = Person.objects.select_related(
        "municipality__settings", "controller_organisation", "controller_centre"
    ).filter(erased_at=None)
    state = code_state.recall(request.session, PURPOSE)
    if isinstance(request.user, User):
        hers = rows.filter(user=request.user, signs__isnull=False).distinct().order_by("pk")
        wanted = state["person"] if state else (SITTING.kept(request) or {}).get("id")
        asked = _person_asked(request)
        return hers.filter(pk=asked or wanted or 0).first() or hers.first()
    return rows.filter(pk=state["person"]).first() if state else sitter(request)


def _person_asked(request: HttpRequest) -> int | None:
    """One human may be several persons: the document she came from says which of hers."""
    parts = _next(request).strip("/").split("/")
    # Digits of ours, and no more of them than a number of a row has.
    if len(parts) < 3 or not re.fullmatch(r"[0-9]{1,18}", parts[2]):
        return None
    found: int | None = (
        Signatory.objects.filter(pk=int(parts[2]), person__user=request.user.pk)
        .values_list("person", flat=True)
        .first()
    )
    return found


def _page(
    request: HttpRequest,
    person: Person,
    *,
    form: CodeForm | None = None,
    again: bool = False,
    problem: str = "",
) -> HttpResponse:
    channel = code_channel(person)
    mine = person.user_id is not None and person.user_id == request.user.pk
    context = {
        "form": form,
        "again": again,
        "problem": problem,
        "address": masked_address(address_of(person, channel)) if channel else "",
        "by_sms": channel == Channel.SMS,
        "signed_in_as_another": request.user.is_authenticated and not mine,
        **sender_of(person),
    }
    return render(request, "agreements/signing/open.html", context, status=429 if problem else 200)


def _send(request: HttpRequest, person: Person) -> str:
    """Sends a code; why not, in words, when it could not be."""
    try:
        limits.code_ask(request)
        code = signing_code_send(person=person)
    except DomainError as error:
        return str(error.sentence)
    code_state.remember(request.session, code, person=person.pk)
    return ""


def _next(request: HttpRequest) -> str:
    """The document her message was about; else all that she is to sign."""
    home = reverse("signing_documents")
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith(home) else home
