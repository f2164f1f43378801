"""Meetings of a process: the list, the plan, the day that suits, the page, and the file for a calendar."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of
from partnerships.forms.meeting import AddItemForm, AnswerDaysForm, MeetingEditForm, MeetingForm, slot_forms
from partnerships.models import Meeting, Participant
from partnerships.models.codesign import ProcessState
from partnerships.models.meeting import MeetingKind, MeetingState
from partnerships.seat import Seat, seated
from partnerships.selectors.history import History, history_of
from partnerships.selectors.meeting import (
    adaptations_for,
    been,
    choices_of,
    coming,
    group_of,
    is_for,
    items_of,
    line_of,
    lines_of,
    may_arrange,
    may_write,
    meeting_of,
    meetings_of,
    poll_of,
    there_of,
)
from partnerships.selectors.participant import known_name
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.meeting import (
    meeting_cancel,
    meeting_change,
    meeting_plan,
    meeting_set,
    meeting_share,
)
from partnerships.services.meeting_poll import meeting_answer, meeting_ask
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.ics import Event, calendar_response

# A group that has met oftener than this has its older meetings in the calendar.
AT_MOST = 100


def crumbs(seat: Seat, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """From the process to its meetings, and on; somebody who came by link has no list of processes."""
    process = seat.process
    top = [] if seat.by_link else [(_("Samskaping"), reverse("processes"))]
    here = (_("Møter"), reverse("meetings", args=[process.pk]) if more else "")
    return [*top, (process.title, reverse("process", args=[process.pk])), here, *more]


def crumbs_at(seat: Seat, meeting: Meeting, last: str = "") -> list[tuple[str, str]]:
    url = reverse("meeting", args=[seat.process.pk, meeting.pk]) if last else ""
    return crumbs(seat, (meeting.title, url), *([(last, "")] if last else []))


def arranged(seat: Seat, pk: int) -> Meeting:
    """One she sets and moves. Raises Http404 for what she may not know of, PermissionDenied."""
    meeting = meeting_of(seat, pk)
    if not may_arrange(seat, meeting):
        raise PermissionDenied
    return meeting


def kinds_for(seat: Seat) -> list[MeetingKind]:
    """What she may plan: together, where she edits; the citizens' own, where she is one of them."""
    together = [MeetingKind.JOINT] if seat.edits else []
    return [*together, *([MeetingKind.CITIZENS] if seat.among_citizens else [])]


@require_safe
@seated()
def meetings(request: HttpRequest, seat: Seat) -> HttpResponse:
    seen = meetings_of(seat)
    context = {
        "seat": seat,
        "process": seat.process,
        "coming": lines_of(coming(seen)),
        "been": lines_of(been(seen)[:AT_MOST]),
        "may_plan": bool(kinds_for(seat)) and seat.process.state != ProcessState.ENDED,
        "breadcrumbs": crumbs(seat),
    }
    return render(request, "partnerships/meeting/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def meeting_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    kinds = kinds_for(seat)
    if not kinds:
        raise PermissionDenied
    form = MeetingForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = meeting_plan(
                process=seat.process,
                kind=MeetingKind(data["kind"]),
                title=data["title"],
                time=data["time"],
                agenda=data["agenda"],
                place=data["place"],
                host=data["host"],
                food=data["food"],
                uid=data["uid"],
                by=seat.user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if made.state == MeetingState.POLLING:
                return redirect("meeting_days", seat.process.pk, made.pk)
            messages.success(request, _("Møtet er lagret. Gruppa får beskjed, hver på sin måte."))
            return redirect("meeting", seat.process.pk, made.pk)
    context = {"seat": seat, "form": form, "breadcrumbs": crumbs(seat, (_("Nytt møte"), ""))}
    return render(request, "partnerships/meeting/new.html", context)


@require_safe
@seated()
def meeting(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = meeting_of(seat, meeting)
    form = AddItemForm(action=reverse("meeting_item_add", args=[seat.process.pk, found.pk]))
    return meeting_page(request, seat, found, form)


def meeting_page(request: HttpRequest, seat: Seat, found: Meeting, add_form: AddItemForm) -> HttpResponse:
    minutes = getattr(found, "minutes", None)
    writes = may_write(seat, found)
    has_begun = (
        found.state == MeetingState.SET and found.starts_at is not None and found.starts_at < timezone.now()
    )
    context = {
        "seat": seat,
        "process": seat.process,
        "meeting": found,
        "line": line_of(found, minutes),
        "poll": poll_of(found, seat) if found.state == MeetingState.POLLING else None,
        "items": items_of(found, with_hints=False),
        "there": there_of(found, seat) if has_begun else None,
        "has_begun": has_begun,
        "may_arrange": may_arrange(seat, found),
        "may_write": writes,
        "is_for_her": is_for(seat, found),
        "adaptations": adaptations_for(seat, found),
        "may_cancel": found.state != MeetingState.CANCELLED
        and not (found.ends_at is not None and found.ends_at < timezone.now()),
        "add_form": add_form if writes else None,
        "form": add_form,
        "history": _history(seat, found),
        "breadcrumbs": crumbs_at(seat, found),
    }
    return render(request, "partnerships/meeting/page.html", context)


def _history(seat: Seat, found: Meeting) -> History | None:
    """For those who may read what was changed, and by whom."""
    may_read = seat.user is not None and access_of(seat.user).covers(Permission.HISTORY_READ, found)
    return history_of(found, seat.user) if seat.user is not None and may_read else None


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def meeting_edit(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = arranged(seat, meeting)
    form = MeetingEditForm(request.POST or None, meeting=found)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> Meeting:
            return meeting_change(meeting=found, version=version, changes=form.changes(), by=seat.user)

        try:
            if not form.has_changed() or form.saved_by(save, seat.user):
                messages.success(request, _("Møtet er lagret."))
                return redirect("meeting", seat.process.pk, found.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {
        "seat": seat,
        "meeting": found,
        "form": form,
        "breadcrumbs": crumbs_at(seat, found, _("Endre")),
    }
    return render(request, "partnerships/meeting/edit.html", context)


# --- Which day suits ------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def meeting_days(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """The times that are asked about."""
    found = arranged(seat, meeting)
    ahead = found.slots.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk")
    rows = slot_forms(list(ahead), request.POST or None)
    error = ""
    version = found.version
    if request.method == "POST":
        version = _version(request)
        # Every row is looked at, so that all errors come at once.
        wrong = [row for row in rows if not row.is_valid()]
        if not wrong:
            times = [row.cleaned_data["time"] for row in rows if row.cleaned_data["time"] is not None]
            try:
                meeting_ask(meeting=found, version=version, times=times, by=seat.user)
            except ChangedMeanwhile as conflict:
                error, version = str(conflict.sentence), conflict.current.version
            except DomainError as refused:
                error = str(refused.sentence)
            else:
                messages.success(request, _("Gruppa blir spurt nå, hver på sin måte."))
                return redirect("meeting", seat.process.pk, found.pk)
    context = {
        "seat": seat,
        "meeting": found,
        "rows": rows,
        "error": error,
        "version": version,
        "form": next((row for row in rows if row.errors), None),
        "breadcrumbs": crumbs_at(seat, found, _("Tider å velge mellom")),
    }
    return render(request, "partnerships/meeting/days.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def meeting_own_answer(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """What suits herself."""
    found = meeting_of(seat, meeting)
    if seat.participant is None or not is_for(seat, found):
        raise PermissionDenied
    return _answer(request, seat, found, seat.participant)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def meeting_answer_for(request: HttpRequest, seat: Seat, meeting: int, participant: int) -> HttpResponse:
    """What she said on the telephone, or wrote on the letter: «på vegne av»."""
    return _answer(request, seat, *noted_for(seat, meeting, participant))


def noted_for(seat: Seat, meeting: int, participant: int) -> tuple[Meeting, Participant]:
    """Raises Http404 for somebody the meeting is not for; only who convenes writes for others."""
    found = meeting_of(seat, meeting)
    if not seat.convenes or not may_arrange(seat, found):
        raise PermissionDenied
    hers = group_of(found).select_related("person").filter(pk=participant).first()
    if hers is None:
        raise Http404
    return found, hers


def _answer(request: HttpRequest, seat: Seat, found: Meeting, hers: Participant) -> HttpResponse:
    if found.state != MeetingState.POLLING:
        messages.info(request, _("Møtet har fått en dag."))
        return redirect("meeting", seat.process.pk, found.pk)
    slots = list(found.slots.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk"))
    form = AnswerDaysForm(request.POST or None, slots=slots, answered=choices_of(found, hers))
    if request.method == "POST" and form.is_valid():
        try:
            meeting_answer(meeting=found, participant=hers, choices=form.choices(), by=seat.user)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Takk, svaret er lagret. Du kan endre det helt til dagen er satt."))
            return redirect("meeting", seat.process.pk, found.pk)
    context = {
        "seat": seat,
        "meeting": found,
        "form": form,
        "slots": slots,
        "for_name": "" if hers == seat.participant else known_name(seat, hers),
        "breadcrumbs": crumbs_at(seat, found, _("Hvilken dag?")),
    }
    return render(request, "partnerships/meeting/answer.html", context)


@require_POST
@seated()
def meeting_choose(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """The day is found."""
    found = arranged(seat, meeting)
    chosen = request.POST.get("slot", "")
    slot = found.slots.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    if slot is None:
        messages.error(request, _("Velg en av tidene."))
    else:
        _done(
            request,
            lambda: meeting_set(meeting=found, slot=slot, by=seat.user),
            _("Dagen er satt. Gruppa får beskjed, hver på sin måte."),
        )
    return redirect("meeting", seat.process.pk, found.pk)


# --- Called off, shown to all, and in a calendar --------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def cancel(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = arranged(seat, meeting)
    url = reverse("meeting", args=[seat.process.pk, found.pk])
    if request.method == "POST":
        _done(
            request,
            lambda: meeting_cancel(meeting=found, by=seat.user),
            _("Møtet er avlyst. Gruppa får beskjed."),
        )
        return redirect(url)
    return confirm(
        request,
        seat,
        title=_("Avlyse møtet «%(title)s»?") % {"title": found.title},
        text=_("Alle som er innkalt, får beskjed på sin måte."),
        action=_("Avlys møtet"),
        cancel_url=url,
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def share(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = arranged(seat, meeting)
    url = reverse("meeting", args=[seat.process.pk, found.pk])
    if request.method == "POST":
        _done(
            request,
            lambda: meeting_share(meeting=found, by=seat.user),
            _("Møtet er nå synlig for hele gruppa."),
        )
        return redirect(url)
    return confirm(
        request,
        seat,
        title=_("Vise «%(title)s» til hele gruppa?") % {"title": found.title},
        text=_(
            "De ansatte og alle andre i prosessen kan da lese sakene og referatet. Det kan ikke gjøres om."
        ),
        action=_("Vis det til alle"),
        cancel_url=url,
    )


def confirm(request: HttpRequest, seat: Seat, **asked: Any) -> HttpResponse:
    return render(request, "partnerships/meeting/confirm.html", {"seat": seat, **asked})


@require_safe
@seated()
def calendar(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """The same UID always: a programme that has it moves it. One that is called off says so."""
    found = meeting_of(seat, meeting)
    if found.starts_at is None or found.ends_at is None:
        raise Http404
    path = reverse("meeting", args=[seat.process.pk, found.pk])
    event = Event(
        uid=found.uid,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=_("%(theme)s – %(process)s") % {"theme": found.title, "process": seat.process.title},
        changed_at=found.updated_at,
        sequence=found.sequence,
        place=found.place,
        # Her link is hers alone: a calendar is often shared.
        url="" if seat.by_link else f"{settings.SITE_URL}{path}",
        is_cancelled=found.state == MeetingState.CANCELLED,
    )
    return calendar_response([event], file="mote")


def _done(request: HttpRequest, step: Callable[[], object], told: str) -> None:
    try:
        step()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, told)


def _version(request: HttpRequest) -> int:
    """The one she read; what is no number was never read."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
