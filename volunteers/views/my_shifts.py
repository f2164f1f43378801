"""A volunteer's own shifts: yes and no, somebody who takes over, errands, and what she laid out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.current import user_of
from partnerships.models import Occurrence
from samskaping.core.errors import DomainError
from volunteers.door import one_of
from volunteers.forms.expense import ExpenseForm
from volunteers.models import Errand, Expense, Shift, Volunteer
from volunteers.models.shift import ShiftState
from volunteers.selectors.errand import errands_for, for_whom, hers_who_may
from volunteers.selectors.module import with_shifts
from volunteers.selectors.my_shifts import (
    assignments_of,
    her_row_at,
    my_errands,
    my_hours,
    my_offers,
    my_times,
    rows_of,
)
from volunteers.services.clash import Clash
from volunteers.services.errand import errand_done, errand_give_back, errand_take
from volunteers.services.expense import expense_note, expense_take_back
from volunteers.services.shift import (
    every_time_set,
    shift_answer,
    shift_keep,
    shift_offer,
    shift_take,
)

EXPENSES_SHOWN = 50


@login_required
@require_safe
def my_shifts(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = list(rows_of(user).order_by("pk"))
    minutes, times = my_hours(user) if rows else (0, 0)
    context = {
        "rows": rows,
        "times": my_times(rows) if rows else [],
        "assignments": assignments_of(user).order_by("offer__title_key", "pk") if rows else [],
        "errands": errands_for(rows_of(user).order_by())[:10] if rows else [],
        "taken": my_errands(user) if rows else [],
        "hours": round(minutes / 60, 1),
        "came": times,
        "breadcrumbs": crumbs(),
    }
    return render(request, "volunteers/my_shifts/page.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, no, somebody else, kept after all, taken over: one press each. Asks when she is elsewhere."""
    user, said = user_of(request), request.POST.get("answer", "")
    occurrences = Occurrence.objects.select_related("offer").filter(with_shifts())
    found = one_of(occurrences, pk=pk)
    volunteer = her_row_at(user, found)
    if volunteer is None:
        raise Http404
    accepted = "clash" in request.POST
    try:
        messages.success(request, _done(found, volunteer, said, clash_accepted=accepted))
    except Clash as clash:
        context = {
            "title": _("Vil du komme likevel?"),
            "text": str(clash.sentence),
            "action": _("Ja, jeg kommer likevel"),
            "cancel_url": reverse("my_shifts"),
            "fields": [("answer", said), ("clash", "1")],
        }
        return render(request, "confirm.html", context)
    except DomainError as error:
        messages.info(request, str(error.sentence))
    return redirect("my_shifts")


def _done(found: Occurrence, volunteer: Volunteer, said: str, *, clash_accepted: bool) -> str:
    """What to tell her. Raises Http404 for what is no answer."""
    own = Shift.objects.select_related("occurrence").filter(occurrence=found, volunteer=volunteer).first()
    if said in ("yes", "no"):
        made = shift_answer(
            occurrence=found,
            volunteer=volunteer,
            comes=said == "yes",
            by=None,
            clash_accepted=clash_accepted,
        )
        if made.state == ShiftState.WAITING:
            return _("Det er fullt nå. Du står på venteliste, og får beskjed om det blir plass.")
        return _("Så fint at du kommer!") if said == "yes" else _("Takk for at du sa fra.")
    if said == "offer" and own is not None:
        handed = shift_offer(shift=own, by=None)
        if handed.state != ShiftState.COMING:
            return _("Noen på ventelista tok vakta. Takk for at du sa fra.")
        return _("Vi spør de andre. Vakta er din til noen tar den.")
    if said == "keep" and own is not None:
        shift_keep(shift=own, by=None)
        return _("Så fint at du kommer likevel!")
    if said == "take":
        offered = Shift.objects.select_related("occurrence").filter(
            occurrence=found, offered_at__isnull=False
        )
        first = offered.exclude(volunteer=volunteer).order_by("offered_at").first()
        if first is None:
            return _("En annen tok vakta først. Takk for at du ville!")
        shift_take(shift=first, volunteer=volunteer, by=None, clash_accepted=clash_accepted)
        return _("Vakta er din. Tusen takk!")
    raise Http404


@login_required
@require_POST
def every_time(request: HttpRequest, pk: int) -> HttpResponse:
    found = one_of(assignments_of(user_of(request)), pk=pk)
    on = request.POST.get("on") == "1"
    try:
        every_time_set(assignment=found, on=on, by=None)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(
            request,
            _("Du står på lista hver gang. Si nei til enkeltganger som ikke passer.")
            if on
            else _("Nå svarer du for hver gang."),
        )
    return redirect("my_shifts")


# --- Én-til-én ----------------------------------------------------------------------------------------------
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_errand(request: HttpRequest, pk: int) -> HttpResponse:
    """What it is; who it is for, only when it is hers."""
    user = user_of(request)
    rows = Errand.objects.select_related("unit", "municipality__settings").filter(with_shifts())
    found = one_of(rows, pk=pk)
    volunteer = hers_who_may(user, found)
    if volunteer is None:
        raise Http404
    is_hers = found.taken_by_id == volunteer.pk
    if request.method == "POST":
        return _errand_step(request, found, volunteer)
    context = {
        "errand": found,
        "is_hers": is_hers,
        "has_begun": found.starts_at <= timezone.now(),
        "for_whom": for_whom(found, user=user, volunteer=volunteer) if is_hers else None,
        "breadcrumbs": crumbs(_("Én-til-én")),
    }
    return render(request, "volunteers/errand/mine.html", context)


def _errand_step(request: HttpRequest, found: Errand, volunteer: Volunteer) -> HttpResponse:
    said = request.POST.get("answer", "")
    try:
        if said == "take":
            errand_take(errand=found, volunteer=volunteer, by=None, clash_accepted="clash" in request.POST)
            messages.success(request, _("Oppdraget er ditt. Tusen takk!"))
            return redirect("my_errand", pk=found.pk)
        if said == "back":
            errand_give_back(errand=found, volunteer=volunteer, by=None)
            messages.success(request, _("Takk for at du sa fra. Nå kan en annen ta det."))
        elif said == "done":
            if found.taken_by_id != volunteer.pk:
                raise PermissionDenied
            errand_done(errand=found, by=None)
            messages.success(request, _("Tusen takk for innsatsen!"))
        else:
            raise Http404
    except Clash as clash:
        context = {
            "title": _("Vil du ta det likevel?"),
            "text": str(clash.sentence),
            "action": _("Ja, jeg tar det"),
            "cancel_url": reverse("my_shifts"),
            "fields": [("answer", "take"), ("clash", "1")],
        }
        return render(request, "confirm.html", context)
    except DomainError as error:
        messages.info(request, str(error.sentence))
    return redirect("my_shifts")


# --- What she laid out --------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_expenses(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = rows_of(user).order_by("pk")
    hers = list(rows)
    form: Any = None
    if hers:
        form = ExpenseForm(request.POST or None, volunteers=rows, offers=my_offers(user))
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            expense_note(volunteer=form.cleaned_data.get("volunteer") or hers[0], by=None, **form.noted())
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Ført. Du ser her når det er utbetalt."))
            return redirect("my_expenses")
    expenses = Expense.objects.filter(volunteer__in=hers).select_related("offer")
    context = {
        "form": form,
        "expenses": expenses[:EXPENSES_SHOWN],
        "breadcrumbs": crumbs(_("Utlegg og kjøring")),
    }
    return render(request, "volunteers/my_shifts/expenses.html", context)


@login_required
@require_POST
def my_expense_out(request: HttpRequest, pk: int) -> HttpResponse:
    hers = Expense.objects.filter(volunteer__in=rows_of(user_of(request)).order_by().values("pk"))
    found = one_of(hers, pk=pk)
    try:
        expense_take_back(expense=found, by=None)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Tatt bort."))
    return redirect("my_expenses")


def crumbs(*last: str) -> list[tuple[str, str]]:
    own = (_("Mine vakter"), reverse("my_shifts") if last else "")
    return [(_("Min side"), reverse("my_page")), own, *((text, "") for text in last)]
