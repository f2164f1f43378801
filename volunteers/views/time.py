"""One time of an offer: who comes, on behalf of whom somebody answers, and afterwards who was there."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import user_of
from partnerships.models import Occurrence
from partnerships.views.offer import crumbs
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.models import Assignment, Shift, Thanks, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.shift import ShiftState
from volunteers.selectors.crew import (
    Line,
    TimePage,
    addable,
    found_by_name,
    may_mark,
    runs,
    time_page,
)
from volunteers.selectors.module import need_shifts
from volunteers.services.assignment import assignment_make
from volunteers.services.clash import Clash
from volunteers.services.hours import BEFORE, MOST_MINUTES, attendance_mark
from volunteers.services.shift import shift_answer, shift_ask, shift_remove
from volunteers.services.thanks import thanks_give
from volunteers.views.crew import volunteer_in

_ROWS = Occurrence.objects.select_related(
    "offer__partnership", "offer__municipality__settings", "offer__unit", "offer__contact"
)


# Whom the page ticks beforehand.
_TO_COME = (ShiftState.COMING, ShiftState.CAME)


@dataclass(frozen=True)
class Mark:
    """What the form says of one: was she there, and for another number of minutes than the whole time."""

    line: Line
    came: bool
    minutes: str

    @property
    def is_wrong(self) -> bool:
        typed = self.minutes
        whole = typed.isascii() and typed.isdigit() and len(typed) < 5 and int(typed) <= MOST_MINUTES
        return self.came and bool(typed) and not whole


def _seen(request: HttpRequest, pk: int) -> Occurrence:
    found: Occurrence = get_visible(user_of(request), _ROWS, pk=pk)
    need_shifts(found.offer.municipality)
    return found


def _run(request: HttpRequest, pk: int) -> Occurrence:
    """Raises Http404 and PermissionDenied."""
    found: Occurrence = get_for(user_of(request), Permission.OFFER_EDIT, _ROWS, pk=pk)
    need_shifts(found.offer.municipality)
    return found


def _marked(request: HttpRequest, pk: int) -> Occurrence:
    """One she may say who was at: staff of the place too. Raises Http404 and PermissionDenied."""
    found = _seen(request, pk)
    if not _may_mark(request, found):
        raise PermissionDenied
    return found


def _may_mark(request: HttpRequest, found: Occurrence) -> bool:
    user = user_of(request)
    return may_mark(user, found.offer) or runs(user, found.offer)


@login_required
@require_safe
def occurrence_crew(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    page = time_page(found, user_of(request))
    return _page(request, found, page, [_as_it_stands(line, page.whole) for line in page.lines])


def _page(request: HttpRequest, found: Occurrence, page: TimePage, marks: list[Mark]) -> HttpResponse:
    user, typed = user_of(request), request.GET.get("q", "").strip()[:80]
    now = timezone.now()
    open_for_answers = found.cancelled_at is None and found.ends_at > now
    may_run = runs(user, found.offer) and open_for_answers
    begun = found.starts_at - BEFORE <= now and found.cancelled_at is None
    there = [line.volunteer.pk for line in page.lines]
    may_add = (may_run or begun) and runs(user, found.offer)
    people = addable(user, found.offer).exclude(pk__in=there)
    day = formats.date_format(timezone.localtime(found.starts_at), "l j. F Y")
    context = {
        "occurrence": found,
        "offer": found.offer,
        "page": page,
        "marks": marks,
        "may_run": may_run,
        "may_mark": begun and _may_mark(request, found),
        "may_add": may_add,
        "typed": typed,
        "people": found_by_name(people, typed) if may_add else [],
        "breadcrumbs": [
            *crumbs(found.offer)[:1],
            (found.offer.title, reverse("offer", args=[found.offer_id])),
            (_("Frivillige"), reverse("offer_crew", args=[found.offer_id])),
            (day, ""),
        ],
    }
    return render(request, "volunteers/crew/time.html", context)


@login_required
@require_POST
def shift_set(request: HttpRequest, pk: int) -> HttpResponse:
    """She said yes or no to somebody, on the telephone or at the door. Asks first when she is elsewhere."""
    found, by = _run(request, pk), user_of(request)
    volunteer, answer = volunteer_in(request, found.offer), request.POST.get("answer", "")
    try:
        if answer == "out":
            shift = Shift.objects.select_related("occurrence", "volunteer__person").filter(
                occurrence=found, volunteer=volunteer
            )
            if (hers := shift.first()) is not None:
                shift_remove(shift=hers, by=by)
            messages.success(request, _("Tatt av lista."))
        elif answer == "ask":
            with transaction.atomic():
                _in_crew(volunteer, found, by)
                shift_ask(occurrence=found, volunteers=[volunteer], by=by)
            messages.success(request, _("Spurt. Svaret kommer hit."))
        elif answer in ("yes", "no"):
            with transaction.atomic():
                if answer == "yes":
                    _in_crew(volunteer, found, by)
                made = shift_answer(
                    occurrence=found,
                    volunteer=volunteer,
                    comes=answer == "yes",
                    by=by,
                    clash_accepted="clash" in request.POST,
                )
            if made.state == ShiftState.WAITING:
                messages.info(request, _("Det er fullt. Den frivillige står på venteliste."))
            else:
                messages.success(request, _("Svaret er ført."))
        else:
            raise Http404
    except Clash as clash:
        context = {
            "title": _("Skal %(name)s komme likevel?") % {"name": volunteer.person.name},
            "text": str(clash.sentence),
            "action": _("Ja, før det opp"),
            "cancel_url": reverse("occurrence_crew", args=[found.pk]),
            "fields": [("volunteer", volunteer.pk), ("answer", answer), ("clash", "1")],
        }
        return render(request, "confirm.html", context)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return redirect("occurrence_crew", pk=found.pk)


def _in_crew(volunteer: Volunteer, found: Occurrence, by: object) -> None:
    """Who comes once is in the crew from then on: those on the spot must know who she is."""
    if not Assignment.objects.filter(volunteer=volunteer, offer=found.offer_id, state__in=OPEN).exists():
        assignment_make(volunteer=volunteer, offer=found.offer, state=AssignmentState.ACTIVE, by=by)  # type: ignore[arg-type]


@login_required
@require_POST
def ask_all(request: HttpRequest, pk: int) -> HttpResponse:
    """«Kan du komme?» to everybody in the crew who has said nothing of this time."""
    found, by = _run(request, pk), user_of(request)
    page = time_page(found, by)
    try:
        number = shift_ask(occurrence=found, volunteers=[line.volunteer for line in page.silent], by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        said = ngettext("%(number)s er spurt.", "%(number)s er spurt.", number) % {"number": number}
        messages.success(request, said)
    return redirect("occurrence_crew", pk=found.pk)


@login_required
@require_http_methods(["POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there, of all she sees: those who are ticked, or everybody."""
    found, by = _marked(request, pk), user_of(request)
    page = time_page(found, by)
    if "all" in request.POST:
        came = [line.volunteer for line in page.lines if line.state in _TO_COME]
        absent: list[Volunteer] = []
        minutes: dict[int, int] | None = None
    else:
        marks = [_as_typed(line, request) for line in page.lines]
        if wrong := [mark.line.name for mark in marks if mark.is_wrong]:
            said = _("Oppmøtet er ikke lagret. Se på minuttene til %(names)s.")
            messages.error(request, said % {"names": ", ".join(wrong)})
            return _page(request, found, page, marks)
        came = [mark.line.volunteer for mark in marks if mark.came]
        was_to_come = (*_TO_COME, ShiftState.ABSENT)
        absent = [mark.line.volunteer for mark in marks if not mark.came and mark.line.state in was_to_come]
        minutes = {mark.line.volunteer.pk: int(mark.minutes) for mark in marks if mark.came and mark.minutes}
    try:
        attendance_mark(occurrence=found, came=came, absent=absent, minutes=minutes, by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Oppmøtet er ført. Takk!"))
    return _back(request, found)


def _as_it_stands(line: Line, whole: int) -> Mark:
    given = line.minutes is not None and line.minutes != whole
    return Mark(line, line.state in _TO_COME, str(line.minutes) if given else "")


def _as_typed(line: Line, request: HttpRequest) -> Mark:
    key = str(line.volunteer.pk)
    return Mark(line, key in request.POST.getlist("came"), request.POST.get(f"minutes-{key}", "").strip())


@login_required
@require_POST
def mark_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One press on the place's own page: she came, or did not."""
    found, by = _marked(request, pk), user_of(request)
    sent = request.POST.get("volunteer", "")
    line = next((line for line in time_page(found, by).lines if str(line.volunteer.pk) == sent), None)
    if line is None:
        raise Http404
    came = request.POST.get("came") == "yes"
    try:
        attendance_mark(
            occurrence=found,
            came=[line.volunteer] if came else [],
            absent=[] if came else [line.volunteer],
            by=by,
        )
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return _back(request, found)


@login_required
@require_POST
def thank(request: HttpRequest, pk: int) -> HttpResponse:
    """One line about what was done, to one or to all who came and have no thanks yet; in her own channel."""
    found, by = _marked(request, pk), user_of(request)
    sent, lines = request.POST.get("volunteer", ""), time_page(found, by).lines
    if "all" in request.POST:
        thanked = set(Thanks.objects.filter(occurrence=found).values_list("volunteer", flat=True))
        whom = [
            line.volunteer
            for line in lines
            if line.state == ShiftState.CAME
            and line.volunteer.pk not in thanked
            and line.volunteer.person.user_id != by.pk
        ]
    else:
        whom = [line.volunteer for line in lines if str(line.volunteer.pk) == sent]
    if not whom:
        raise Http404
    words = " ".join(request.POST.get("words", "").split())[:300]
    if not words:
        messages.error(request, _("Skriv noen ord."))
        return _back(request, found)
    try:
        for volunteer in whom:
            thanks_give(volunteer=volunteer, words=words, by=by, offer=found.offer, occurrence=found)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Takken er på vei."))
    return _back(request, found)


def _back(request: HttpRequest, found: Occurrence) -> HttpResponse:
    """To the page it was pressed on: the place's own, or the time's."""
    if "on_site" in request.POST:
        return redirect(f"{reverse('on_site')}#gang-{found.pk}")
    return redirect("occurrence_crew", pk=found.pk)
