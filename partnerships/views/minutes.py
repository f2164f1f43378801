"""The agenda of a meeting, who came, and the minutes: written, sent, and said yes to."""

import re

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.forms.lines import CARE
from partnerships.forms.meeting import (
    AddItemForm,
    AttendanceForm,
    ItemForm,
    MinutesAnswerForm,
    NewItemForm,
)
from partnerships.models import AgendaItem, Meeting, MinutesCopy
from partnerships.models.meeting import MeetingState, MinutesState
from partnerships.models.notice import Answer
from partnerships.seat import Seat, seated
from partnerships.selectors.meeting import (
    approval_of,
    group_of,
    is_for,
    items_of,
    may_arrange,
    may_write,
    may_write_else,
    meeting_of,
    there_of,
)
from partnerships.selectors.participant import known_name
from partnerships.services.minutes import (
    agenda_add,
    agenda_move,
    agenda_remove,
    agenda_write,
    attendance_note,
    minutes_answer,
    minutes_send,
)
from partnerships.views.meeting import arranged, crumbs_at, meeting_page, noted_for
from samskaping.core.errors import DomainError

_SENT = re.compile(r"sak([0-9]{1,18})-was")


def _written(seat: Seat, pk: int) -> Meeting:
    """One she writes in. Raises Http404 for what she may not know of, PermissionDenied."""
    meeting = meeting_of(seat, pk)
    if not may_write(seat, meeting):
        raise PermissionDenied
    return meeting


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    found: AgendaItem | None = meeting.agenda.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


# --- The agenda -----------------------------------------------------------------------------------------
@require_POST
@seated()
def item_add(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = _written(seat, meeting)
    form = AddItemForm(request.POST, action=request.path)
    if form.is_valid():
        try:
            agenda_add(meeting=found, text=form.cleaned_data["text"], by=seat.user)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("meeting", seat.process.pk, found.pk)
    return meeting_page(request, seat, found, form)


@require_POST
@seated()
def item_move(request: HttpRequest, seat: Seat, meeting: int, item: int) -> HttpResponse:
    found = _written(seat, meeting)
    agenda_move(item=_item(found, item), up=request.POST.get("way") == "up", by=seat.user)
    return redirect("meeting", seat.process.pk, found.pk)


@require_POST
@seated()
def item_remove(request: HttpRequest, seat: Seat, meeting: int, item: int) -> HttpResponse:
    found = _written(seat, meeting)
    try:
        agenda_remove(item=_item(found, item), by=seat.user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return redirect("meeting", seat.process.pk, found.pk)


# --- Who came -------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def attendance(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """Those she knows by name; the others say for themselves that they were there."""
    found = arranged(seat, meeting)
    group = list(group_of(found).select_related("person").order_by("person__name_key", "pk"))
    named = [(one, name) for one in group if (name := known_name(seat, one))]
    there = set(found.attendance.values_list("participant", flat=True))
    initial = {"there": [str(one.pk) for one, _name in named if one.pk in there]}
    # Nobody ticked is an answer, too.
    data = request.POST if request.method == "POST" else None
    form = AttendanceForm(data, named=named, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            attendance_note(meeting=found, came=form.came(), of=[one for one, _name in named], by=seat.user)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Oppmøtet er lagret."))
            return redirect("meeting", seat.process.pk, found.pk)
    context = {
        "seat": seat,
        "meeting": found,
        "form": form,
        "unnamed": len(group) - len(named),
        "breadcrumbs": crumbs_at(seat, found, _("Hvem var der?")),
    }
    return render(request, "partnerships/meeting/attendance.html", context)


@require_POST
@seated()
def was_there(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """«Jeg var der», or that she was not after all."""
    found = meeting_of(seat, meeting)
    if seat.participant is None or not is_for(seat, found):
        raise PermissionDenied
    hers = [seat.participant]
    try:
        attendance_note(meeting=found, came=hers if "came" in request.POST else [], of=hers, by=seat.user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return redirect("meeting", seat.process.pk, found.pk)


# --- The minutes ----------------------------------------------------------------------------------------
@require_safe
@seated()
def minutes(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = meeting_of(seat, meeting)
    return _minutes_page(request, seat, found)


def _minutes_page(
    request: HttpRequest, seat: Seat, found: Meeting, form: MinutesAnswerForm | None = None
) -> HttpResponse:
    writes = may_write(seat, found)
    minutes = getattr(found, "minutes", None)
    is_draft = minutes is None or minutes.state == MinutesState.DRAFT
    approval = approval_of(found, minutes, seat, writes=writes)
    answer_url = reverse("minutes_own_answer", args=[seat.process.pk, found.pk])
    context = {
        "seat": seat,
        "process": seat.process,
        "meeting": found,
        "minutes": minutes,
        "is_draft": is_draft,
        "items": items_of(found, with_hints=writes and is_draft),
        "there": there_of(found, seat),
        "approval": approval,
        "may_write": writes,
        "may_arrange": may_arrange(seat, found),
        "large": "stor" in request.GET,
        "form": form or (MinutesAnswerForm(copy=approval.own, action=answer_url) if approval.own else None),
        "breadcrumbs": crumbs_at(seat, found, _("Referat")),
    }
    return render(request, "partnerships/meeting/minutes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def minutes_write(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """All items on one page. What somebody else saved meanwhile is shown beside, item by item."""
    found = meeting_of(seat, meeting)
    closed = not may_write(seat, found)
    if closed and (request.method != "POST" or not may_write_else(seat, found)):
        raise PermissionDenied
    rejected: dict[int, ItemForm] = {}
    new_form = NewItemForm()
    if request.method == "POST":
        rejected, new_form = _save_all(request, seat, found, closed=closed)
        if not rejected and not new_form.errors:
            messages.success(request, _("Referatet er lagret. Ingenting er sendt ennå."))
            return redirect("minutes", seat.process.pk, found.pk)
    standing = list(found.agenda.order_by("order", "pk"))
    forms = [rejected[item.pk] if item.pk in rejected else ItemForm(item=item) for item in standing]
    forms += [form for pk, form in rejected.items() if pk not in {item.pk for item in standing}]
    return _write_page(request, seat, found, forms, new_form)


def _save_all(
    request: HttpRequest, seat: Seat, found: Meeting, *, closed: bool
) -> tuple[dict[int, ItemForm], NewItemForm]:
    """Each item by itself: those that must be looked at again, with what was typed, and the new one.

    `closed` while she wrote: nothing is saved, and all of it comes back to her.
    """
    items = {item.pk: item for item in found.agenda.all()}
    rejected = {}
    for pk in _sent(request):
        form = ItemForm(request.POST, item=items.get(pk) or AgendaItem(pk=pk, meeting=found))
        if not form.is_touched:
            continue
        # Taken away by somebody else while she wrote under it: her words are worth an item of their own.
        if closed:
            _say_closed(form, found)
        saved = not closed and (_save_item(form, seat) if pk in items else _add_item(form, found, seat))
        if not saved:
            rejected[pk] = form
    new_form = NewItemForm(request.POST)
    if new_form.has_changed() and closed:
        _say_closed(new_form, found)
    elif new_form.has_changed():
        _add_item(new_form, found, seat)
    # What is saved stands among the others when the page comes back.
    return rejected, new_form if new_form.errors else NewItemForm()


def _say_closed(form: ItemForm | NewItemForm, found: Meeting) -> None:
    cancelled = found.state == MeetingState.CANCELLED
    form.add_error(None, _("Møtet er avlyst.") if cancelled else _("Referatet er godkjent."))


def _sent(request: HttpRequest) -> list[int]:
    """The items of the page she wrote on, whether or not they are still there."""
    found = (_SENT.fullmatch(name) for name in request.POST)
    return sorted(int(match[1]) for match in found if match)


def _save_item(form: ItemForm, seat: Seat) -> bool:
    """False when it must be looked at again; what was typed stands in the form."""
    if not form.is_valid():
        return False

    def save(version: int) -> AgendaItem:
        return agenda_write(item=form.item, version=version, changes=form.changes(), by=seat.user)

    try:
        return form.saved_by(save, seat.user)
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False


def _add_item(form: ItemForm | NewItemForm, found: Meeting, seat: Seat) -> bool:
    if not form.is_valid():
        return False
    words = {name: form.cleaned_data[name] for name in ("text", "agreed")}
    try:
        agenda_add(meeting=found, by=seat.user, **words)
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False
    return True


def _write_page(
    request: HttpRequest, seat: Seat, found: Meeting, forms: list[ItemForm], new_form: NewItemForm
) -> HttpResponse:
    wrong = next((form for form in (*forms, new_form) if form.errors), None)
    context = {
        "seat": seat,
        "meeting": found,
        "item_forms": forms,
        "new_form": new_form,
        "care": CARE,
        "form": wrong,
        "breadcrumbs": crumbs_at(seat, found, _("Skriv referat")),
    }
    return render(request, "partnerships/meeting/write.html", context)


@require_POST
@seated()
def send(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    found = arranged(seat, meeting)
    try:
        minutes_send(meeting=found, by=seat.user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Referatet sendes til alle, hver på sin måte."))
    return redirect("minutes", seat.process.pk, found.pk)


@require_POST
@seated()
def own_answer(request: HttpRequest, seat: Seat, meeting: int) -> HttpResponse:
    """Whether it was so, from one who was there."""
    found = meeting_of(seat, meeting)
    own = approval_of(found, getattr(found, "minutes", None), seat, writes=False).own
    if own is None:
        raise PermissionDenied
    form = MinutesAnswerForm(request.POST, copy=own, action=request.path)
    if _answered(form, own, seat):
        messages.success(request, _("Takk, svaret er lagret."))
        return redirect("minutes", seat.process.pk, found.pk)
    return _minutes_page(request, seat, found, form)


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def answer_for(request: HttpRequest, seat: Seat, meeting: int, participant: int) -> HttpResponse:
    """What she said on the telephone, or wrote on the letter: «på vegne av»."""
    found, hers = noted_for(seat, meeting, participant)
    copies = MinutesCopy.objects.select_related("minutes__meeting").order_by("-number")
    copy = copies.filter(minutes__meeting=found, participant=hers, was_there=True).first()
    if copy is None:
        raise Http404
    form = MinutesAnswerForm(request.POST or None, copy=copy)
    if request.method == "POST" and _answered(form, copy, seat):
        messages.success(request, _("Svaret er lagret på vegne av %(name)s.") % {"name": hers.person.name})
        return redirect("minutes", seat.process.pk, found.pk)
    context = {
        "seat": seat,
        "meeting": found,
        "form": form,
        "for_name": known_name(seat, hers),
        "breadcrumbs": crumbs_at(seat, found, _("Referat")),
    }
    return render(request, "partnerships/meeting/answer.html", context)


def _answered(form: MinutesAnswerForm, copy: MinutesCopy, seat: Seat) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        minutes_answer(copy=copy, answer=Answer(data["answer"]), objection=data["objection"], by=seat.user)
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False
    return True
