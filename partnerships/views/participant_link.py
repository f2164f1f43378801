"""From the link in a message to the participant's place. GET shows, POST acts, the code decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.forms.invitation import CodeForm
from partnerships.forms.participant import FindForm
from partnerships.models import Participant
from partnerships.models.person import Channel
from partnerships.seat import WROTE, sit_down, sitting, speak, stand_up
from partnerships.selectors.channel import address_of, code_channel, masked_address
from partnerships.selectors.participant import phone_of, place_of
from partnerships.services.participant import (
    participant_code_send,
    participant_code_use,
    participant_from_token,
    participant_links_send,
)
from samskaping.accounts import code_state, limits
from samskaping.core.errors import DomainError, TooMany
from samskaping.core.models.one_time_code import CodePurpose

PURPOSE = CodePurpose.PARTICIPANT


def gone(request: HttpRequest) -> HttpResponse:
    """One kind page for an old link, for who has left and for what we never made: it tells nothing apart."""
    return render(request, "partnerships/participant/gone.html", status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def participant_open(request: HttpRequest, token: str) -> HttpResponse:
    """Which group it is, and the button that sends a code. Opening it any number of times changes nothing."""
    participant = participant_from_token(token)
    if participant is None or participant.left_at is not None or participant.person.erased_at is not None:
        return gone(request)
    if request.user.is_authenticated and participant.person.user_id == request.user.pk:
        return redirect(_next(request, participant))
    speak(request, participant)
    if request.method == "POST" and not request.user.is_authenticated:
        problem = _send(request, participant)
        # What the message was about (a meeting, an answer) is where she goes when she has written the code.
        about = {"next": request.GET["next"]} if "next" in request.GET else {}
        if not problem:
            return redirect(reverse("participant_code", query=about))
        return _open_page(request, participant, problem)
    return _open_page(request, participant, "")


def _open_page(request: HttpRequest, participant: Participant, problem: str) -> HttpResponse:
    context = {
        "participant": participant,
        "place": place_of(participant.process),
        "phone": phone_of(participant.process),
        "signed_in_as_another": request.user.is_authenticated,
        "problem": problem,
        **_address(participant),
    }
    status = 429 if problem else 200
    return render(request, "partnerships/participant/open.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def participant_code(request: HttpRequest) -> HttpResponse:
    """The code from the message; a new one; and where she comes when her hour is over.

    What she was writing then goes from page to page in the form, and is kept nowhere.
    """
    state, here = code_state.recall(request.session, PURPOSE), sitting(request)
    if state and here and state["participant"] != here.pk and _leads_to(request, here):
        # A code asked for at another group, in another tab.
        state = None
    participant = _waiting(state["participant"]) if state else here
    if participant is None or request.user.is_authenticated:
        return gone(request)
    speak(request, participant)
    wrote = _wrote(request)
    if request.method == "POST" and "again" in request.POST:
        if problem := _send(request, participant):
            return _again_page(request, participant, problem, wrote)
        if state:
            messages.info(request, _("Vi har sendt en ny kode. Bare den nyeste virker."))
        if wrote is None:
            return redirect(request.get_full_path())
        return _code_page(request, participant, CodeForm(wrote=wrote), wrote)
    arrives = wrote is not None and "wrote" not in request.POST
    if state is None or arrives:
        return _again_page(request, participant, "", wrote)
    form = CodeForm(request.POST or None, wrote=wrote)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        if participant_code_use(participant=participant, code_id=state["id"], typed=typed):
            code_state.forget(request.session, PURPOSE)
            sit_down(request, participant)
            if wrote is not None and _leads_to(request, participant):
                return _go_on_page(request, participant, wrote)
            return redirect(_next(request, participant))
        form.add_error("code", code_state.count_wrong(request.session, PURPOSE))
    return _code_page(request, participant, form, wrote)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def participant_find(request: HttpRequest) -> HttpResponse:
    """Sends her the links to her groups. What follows is the same whether we know what was typed or not."""
    form = FindForm(request.POST or None)
    sent, status = "sendt" in request.GET, 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.code_ask(request)
            participant_links_send(who=form.cleaned_data["who"])
        except TooMany as error:
            form.add_error(None, str(error.sentence))
            status = 429
        else:
            return redirect(reverse("participant_find", query={"sendt": "1"}))
    context = {"form": form, "sent": sent}
    return render(request, "partnerships/participant/find.html", context, status=status)


@require_POST
def participant_out(request: HttpRequest) -> HttpResponse:
    """Closes her place on this device; her link works as before."""
    stand_up(request)
    code_state.forget(request.session, PURPOSE)
    return redirect("front")


def _waiting(pk: int) -> Participant | None:
    rows = Participant.objects.select_related("person__municipality__settings", "process")
    return rows.filter(pk=pk, left_at=None, person__erased_at=None).first()


def _wrote(request: HttpRequest) -> str | None:
    """What she was sending when her hour ran out, as a form sends it; None when she was only looking."""
    if WROTE not in request.GET or request.method != "POST":
        return None
    if "wrote" in request.POST:
        return request.POST["wrote"]
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    return fields.urlencode()


def _code_page(
    request: HttpRequest, participant: Participant, form: CodeForm, wrote: str | None
) -> HttpResponse:
    context = {"form": form, "wrote": wrote, **_address(participant)}
    return render(request, "partnerships/invitation/code.html", context)


def _go_on_page(request: HttpRequest, participant: Participant, wrote: str) -> HttpResponse:
    """Her own words in a form to where she was sending them, and the button that does."""
    fields = [(name, value) for name, values in QueryDict(wrote).lists() for value in values]
    context = {"participant": participant, "fields": fields, "action": request.GET["next"]}
    return render(request, "partnerships/participant/go_on.html", context)


def _again_page(
    request: HttpRequest, participant: Participant, problem: str, wrote: str | None
) -> HttpResponse:
    context = {"problem": problem, "wrote": wrote, **_address(participant)}
    status = 429 if problem else 200
    return render(request, "partnerships/participant/again.html", context, status=status)


def _send(request: HttpRequest, participant: Participant) -> str:
    """Sends a code, so many to a network as to a person; why not, in words, when it could not be."""
    try:
        limits.code_ask(request)
        code = participant_code_send(participant=participant)
    except (TooMany, DomainError) as error:
        return str(error.sentence)
    code_state.remember(request.session, code, participant=participant.pk)
    return ""


def _next(request: HttpRequest, participant: Participant) -> str:
    """What her message was about, or where her hour ran out, in her own process; else her place in it."""
    home = reverse("participant_home", args=[participant.process_id])
    may_be_opened = WROTE not in request.GET
    return request.GET["next"] if may_be_opened and _leads_to(request, participant) else home


def _leads_to(request: HttpRequest, participant: Participant) -> bool:
    """Whether she was on a page of her own process."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return safe and wanted.startswith(reverse("process", args=[participant.process_id]))


def _address(participant: Participant) -> dict[str, object]:
    channel = code_channel(participant.person)
    address = masked_address(address_of(participant.person, channel)) if channel else ""
    return {"address": address, "by_sms": channel == Channel.SMS}
