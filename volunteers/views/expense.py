"""What volunteers drove and laid out, for who keeps them: paid in bulk, refused with a reason, as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import require
from partnerships.current import current_municipality, user_of
from partnerships.models import Offer, Person
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.export import CSV, as_csv
from samskaping.core.services.audit import audit_record
from volunteers.access import volunteer_for
from volunteers.door import number_of, one_of
from volunteers.forms.expense import ExpenseForm, RefuseForm
from volunteers.models import Assignment, Expense
from volunteers.models.assignment import OPEN
from volunteers.selectors.module import need_shifts
from volunteers.services.expense import expense_note, expense_refuse, expenses_paid

PER_PAGE, FILE_AT_MOST = 40, 20_000
_SHOWN: dict[str, dict[str, Any]] = {
    "": {"paid_on": None, "refused_because": ""},
    "utbetalt": {"paid_on__isnull": False},
    "nei": {"refused_because__gt": ""},
}


def _kept(request: HttpRequest) -> "QuerySet[Expense]":
    """Of those whose controller she answers for, where she works now. Raises PermissionDenied, Http404."""
    user = user_of(request)
    require(user, Permission.EXPORT_ROWS)
    town = current_municipality(request)
    people = Person.objects.reached_by(user, Permission.VOLUNTEER_CONTACT)
    if town is None:
        raise PermissionDenied
    need_shifts(town)
    return Expense.objects.filter(municipality=town, volunteer__person__in=people.order_by().values("pk"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def expenses(request: HttpRequest) -> HttpResponse:
    """What waits; POST: those that are ticked have been paid."""
    kept, shown = _kept(request), request.GET.get("vis", "")
    if request.method == "POST":
        ticked = [number_of(pk) for pk in request.POST.getlist("expense")][:500]
        number = expenses_paid(expenses=list(kept.filter(pk__in=ticked)), by=user_of(request))
        said = ngettext("%(number)s merket som utbetalt.", "%(number)s merket som utbetalt.", number)
        messages.success(request, said % {"number": number})
        return redirect("expenses")
    shown = shown if shown in _SHOWN else ""
    rows = kept.filter(**_SHOWN[shown])
    sums = kept.filter(**_SHOWN[""]).order_by().aggregate(km=Sum("km"), amount=Sum("amount"))
    page = Paginator(rows.select_related("volunteer__person", "offer"), PER_PAGE)
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "shown": shown,
        "sums": sums,
        "views": [
            ("", _("Venter"), shown == ""),
            ("utbetalt", _("Utbetalt"), shown == "utbetalt"),
            ("nei", _("Sagt nei til"), shown == "nei"),
        ],
    }
    return render(request, "volunteers/expense/list.html", context)


@login_required
@require_POST
def expenses_csv(request: HttpRequest) -> HttpResponse:
    """The same as the list shows, for whoever pays."""
    kept, shown = _kept(request), request.GET.get("vis", "")
    rows = kept.filter(**_SHOWN.get(shown, _SHOWN[""])).select_related("volunteer__person", "offer")
    columns = (_("Navn"), _("Dag"), _("Hva"), _("Km"), _("Kroner"), _("Tilbud"), _("Gjaldt"), _("Utbetalt"))
    lines = (
        (
            row.volunteer.person.name,
            row.day,
            str(row.get_kind_display()),
            _decimal(row.km),
            _decimal(row.amount),
            row.offer.title if row.offer else "",
            row.words,
            row.paid_on,
        )
        for row in rows[:FILE_AT_MOST]
    )
    content = as_csv([str(column) for column in columns], lines)
    audit_record("expenses_exported", by=user_of(request), municipality=current_municipality(request))
    response = HttpResponse(content, content_type=CSV)
    name = f"utlegg-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _decimal(number: object) -> str:
    """As a Norwegian spreadsheet reads it."""
    return str(number).replace(".", ",") if number is not None else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    found = one_of(_kept(request).select_related("volunteer__person"), pk=pk)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            expense_refuse(expense=found, because=form.cleaned_data["because"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret. Den frivillige ser grunnen."))
            return redirect("expenses")
    context = {
        "form": form,
        "title": _("Si nei til utlegget"),
        "lead": _("%(name)s, %(what)s")
        % {
            "name": found.volunteer.person.name,
            "what": found.get_kind_display().lower(),
        },
        "breadcrumbs": _crumbs(_("Si nei")),
    }
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """On behalf of one who told it on paper or on the telephone."""
    user = user_of(request)
    volunteer = volunteer_for(user, Permission.VOLUNTEER_CONTACT, pk=pk)
    need_shifts(volunteer.municipality)
    there = Assignment.objects.filter(volunteer=volunteer, state__in=OPEN).values("offer")
    offers = Offer.objects.filter(pk__in=there).order_by("title_key", "pk")
    form = ExpenseForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        try:
            expense_note(volunteer=volunteer, by=user, **form.noted())
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Utlegget er ført."))
            return redirect("expenses")
    context = {
        "form": form,
        "title": _("Før et utlegg"),
        "lead": _("På vegne av %(name)s.") % {"name": volunteer.person.name},
        "breadcrumbs": _crumbs(_("Før et utlegg")),
    }
    return render(request, "partnerships/offer/form.html", context)


def _crumbs(*last: str) -> list[tuple[str, str]]:
    return [(_("Utlegg og kjøring"), reverse("expenses")), *((text, "") for text in last)]
