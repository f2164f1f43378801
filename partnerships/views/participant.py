"""The participant's own place: answering, what is next, consent, and the way out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.forms.participant import AnswerForm
from partnerships.models import Participant
from partnerships.seat import Seat, invited, seated
from partnerships.selectors.participant import phone_of, place_of
from partnerships.services.participant import participant_decline, participant_join
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@invited
def answer(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The letter, and yes or no."""
    if participant.takes_part:
        return redirect("participant_home", pk=participant.process_id)
    by = request.user if isinstance(request.user, User) else None
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["answer"] == "yes":
                participant_join(participant=participant, consent=form.cleaned_data["consent"], by=by)
                messages.success(request, _("Så fint at du er med!"))
                return redirect("participant_home", pk=participant.process_id)
            participant_decline(participant=participant, by=by)
            messages.success(
                request, _("Takk for at du sa fra. Ombestemmer du deg, kan du svare på nytt her.")
            )
            return redirect("participant_answer", pk=participant.process_id)
        except StateChanged as error:
            form.add_error(None, str(error.sentence))
    process = participant.process
    context = {
        "form": form,
        "participant": participant,
        "place": place_of(process),
        "phone": phone_of(process),
    }
    return render(request, "partnerships/participant/answer.html", context)


@require_safe
@seated()
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What she needs from week to week, on one page."""
    if seat.participant is None:
        raise Http404
    context = {"seat": seat, "phone": phone_of(seat.process), "place": place_of(seat.process)}
    return render(request, "partnerships/participant/home.html", context)
