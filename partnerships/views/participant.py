"""The participant's own place: answering, what is next, what is hers to decide, and the way out."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.forms.participant import AdaptationForm, AnswerForm
from partnerships.models import Participant
from partnerships.seat import Seat, invited, seated, stand_up
from partnerships.selectors.participant import group_of, phone_of, place_of
from partnerships.selectors.participant_home import answered_for, next_meeting, tasks_for
from partnerships.selectors.participant_letter import letter_now, paragraphs
from partnerships.services.participant import (
    participant_consent,
    participant_decline,
    participant_join,
    participant_leave,
)
from partnerships.services.participant_invite import adaptation_set
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@invited
def answer(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The letter, and yes or no."""
    process = participant.process
    if participant.takes_part:
        return redirect("participant_home", pk=process.pk)
    by = request.user if isinstance(request.user, User) else None
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        yes = form.cleaned_data["answer"] == "yes"
        try:
            if yes:
                participant_join(participant=participant, consent=form.cleaned_data["consent"], by=by)
            else:
                participant_decline(participant=participant, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if yes:
                messages.success(request, _("Så fint at du er med!"))
                return redirect("participant_home", pk=process.pk)
            said = _("Takk for at du sa fra. Ombestemmer du deg, kan du svare på nytt her.")
            messages.success(request, said)
            return redirect("participant_answer", pk=process.pk)
    letter = (participant.letter or letter_now(process)).text()
    context = {
        "form": form,
        "participant": participant,
        "place": place_of(process),
        "phone": phone_of(process),
        "text_language": letter["language"],
        "paragraphs": paragraphs(letter["body"], process),
    }
    return render(request, "partnerships/participant/answer.html", context)


def hers(view: Callable[[HttpRequest, Seat, Participant], HttpResponse]) -> Callable[..., HttpResponse]:
    """For who takes part; a page about herself is not there for anybody else."""

    def her_own(request: HttpRequest, seat: Seat) -> HttpResponse:
        if seat.participant is None:
            raise Http404
        return view(request, seat, seat.participant)

    return her_own


@require_safe
@seated()
@hers
def home(request: HttpRequest, seat: Seat, participant: Participant) -> HttpResponse:
    """What she needs from week to week, on one page."""
    context = {
        "seat": seat,
        "participant": participant,
        "place": place_of(seat.process),
        "phone": phone_of(seat.process),
        "meeting": next_meeting(seat),
        "answered": answered_for(participant),
        "waiting": participant.proposals.filter(answered_at=None).count(),
        "tasks": tasks_for(participant),
        "group": group_of(seat),
        "adaptation": getattr(participant, "adaptation", None),
    }
    return render(request, "partnerships/participant/home.html", context)


@require_POST
@seated()
@hers
def consent(request: HttpRequest, seat: Seat, participant: Participant) -> HttpResponse:
    shown = request.POST.get("consent") == "1"
    participant_consent(participant=participant, consent=shown, by=seat.user)
    messages.success(
        request,
        _("De andre i gruppa ser fornavnet ditt.") if shown else _("De andre ser ikke lenger navnet ditt."),
    )
    return redirect("participant_home", pk=seat.process.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
@hers
def adaptation(request: HttpRequest, seat: Seat, participant: Participant) -> HttpResponse:
    now = getattr(participant, "adaptation", None)
    form = AdaptationForm(
        request.POST or None, initial={"text": now.text, "consent": True} if now else {}, herself=True
    )
    if request.method == "POST" and form.is_valid():
        adaptation_set(participant=participant, text=form.cleaned_data["text"], by=seat.user)
        messages.success(request, _("Takk! Kontaktpersonen kan se det."))
        return redirect("participant_home", pk=seat.process.pk)
    context = {"seat": seat, "form": form, "name": ""}
    return render(request, "partnerships/participant/adaptation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
@hers
def leave(request: HttpRequest, seat: Seat, participant: Participant) -> HttpResponse:
    """Asked no reason."""
    if request.method == "POST":
        participant_leave(participant=participant, by=seat.user)
        stand_up(request)
        messages.success(request, _("Du er ute av gruppa. Takk for det du har bidratt med."))
        return redirect("home" if seat.user else "front")
    context = {
        "seat": seat,
        "title": _("Vil du gå ut av gruppa?"),
        "text": _(
            "Du trenger ikke si hvorfor. Innspillene dine blir stående uten navn. Vil du inn igjen senere, "
            "så ring kontaktpersonen."
        ),
        "action": _("Gå ut av gruppa"),
        "cancel_url": reverse("participant_home", args=[seat.process.pk]),
        "cancel": _("Bli i gruppa"),
    }
    return render(request, "partnerships/participant/confirm.html", context)
