"""Results and wins on a process's page, in the trace, and in what is kept about people."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.models import ProcessResult, Win
from partnerships.models.codesign import ProcessState
from partnerships.models.process_result import ResultKind
from partnerships.process_asked import PROCESS, OfSeat
from partnerships.process_page import Later, ProcessSection, process_asks, process_section
from partnerships.seat import Seat
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.process_history import under_own_processes
from samskaping.core.audit_words import audit_says
from samskaping.core.privacy import PersonalRows, personal_rows

audit_says("process_result_added", gettext_lazy("%(who)s skrev et resultat"))
audit_says("process_result_changed", gettext_lazy("%(who)s endret et resultat"))
audit_says("process_result_removed", gettext_lazy("%(who)s tok bort et resultat"))
audit_says("process_result_made", gettext_lazy("%(who)s gjorde et resultat til noe"))
audit_says("win_added", gettext_lazy("%(who)s skrev noe verdt å feire"), unsigned=gettext_lazy("en deltaker"))
audit_says("win_removed", gettext_lazy("%(who)s tok bort noe verdt å feire"))

FOLDER = "partnerships/process/"
WINS_SHOWN = 5
RESULTS = OfSeat(lambda: ProcessResult.objects.filter(process=PROCESS))
WINS = OfSeat(lambda: Win.objects.filter(process=PROCESS)[:WINS_SHOWN])


def register() -> None:
    process_asks(RESULTS, WINS)
    process_section(ProcessSection("results", 50, FOLDER + "_results.html", results))
    process_section(ProcessSection("wins", 60, FOLDER + "_wins.html", wins))
    history_kind(
        Kind(
            model=ProcessResult,
            slug="prosessresultat",
            label=gettext_lazy("Resultater av prosesser"),
            own=lambda access, own: Q(process__in=under_own_processes(access, own)),
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("process", args=[row.process_id]),
        )
    )
    personal_rows(
        PersonalRows(
            "wins",
            gettext_lazy("Skrevet som verdt å feire"),
            lambda person: Win.objects.filter(by=person.user_id) if person.user_id else Win.objects.none(),
            ("text", "on"),
            why_kept=gettext_lazy("Det er gruppas, og står uten navn."),
        )
    )


def results(seat: Seat) -> dict[str, Any] | Later | None:
    may_write = seat.edits and seat.process.state != ProcessState.ENDED
    found = RESULTS.of(seat)
    if not found:
        return _later_results(seat) if may_write else None
    rows = [{"result": one, "url": url_of(one, seat), "make": MAKES[ResultKind(one.kind)]} for one in found]
    return {"results": rows, "may_write": may_write}


def _later_results(seat: Seat) -> Later:
    note = _("Et resultat kan bli et tilbud, en oppgave i ansvarskartet eller noe dere er enige om.")
    return Later(_("Skriv et resultat"), reverse("process_result_new", args=[seat.process.pk]), note)


# What the button says.
MAKES = {
    ResultKind.OFFER: gettext_lazy("Gjør det til et tilbud"),
    ResultKind.DUTY: gettext_lazy("Legg det i ansvarskartet"),
    ResultKind.UNDERSTANDING: gettext_lazy("Skriv det i «Dette er vi enige om»"),
}


def url_of(result: ProcessResult, seat: Seat) -> str:
    """What it became, for those who may open it: others see that it did, and no door."""
    if seat.user is None or seat.is_guest or not access_of(seat.user).memberships:
        return ""
    if result.offer_id:
        return reverse("offer", args=[result.offer_id])
    if result.duty_id:
        return reverse("duty", args=[result.duty_id])
    if result.understanding_id and seat.process.partnership_id:
        return reverse("understanding", args=[seat.process.partnership_id])
    return ""


def wins(seat: Seat) -> dict[str, Any] | Later | None:
    found = WINS.of(seat)
    may_write = seat.contributes and seat.process.state != ProcessState.ENDED
    if not found:
        return _later_wins(seat) if may_write else None
    return {"wins": found, "may_write": may_write, "may_remove": seat.edits}


def _later_wins(seat: Seat) -> Later:
    note = _("Smått er også verdt å si høyt: noen kom for første gang, eller maten ble god.")
    return Later(_("Skriv noe verdt å feire"), reverse("win_new", args=[seat.process.pk]), note)
