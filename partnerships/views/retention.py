"""How long the municipality keeps things: the rules in words, its own periods, and what the nights took."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships.access import access_of
from partnerships.current import current_municipality, user_of
from partnerships.forms.person import PeriodForm
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.retention import rule_of
from samskaping.core.selectors.retention import periods, reports
from samskaping.core.services.retention import retention_change


def _decides(request: HttpRequest) -> Municipality:
    """Where she works now, if its settings are hers. Raises PermissionDenied."""
    municipality = current_municipality(request)
    reached = access_of(user_of(request)).municipalities_all(Permission.SETTINGS_EDIT)
    if municipality is None or municipality.pk not in reached:
        raise PermissionDenied
    return municipality


@login_required
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """`?vis=alt` also counts what would go tonight; counting is a look, so it is a GET."""
    municipality = _decides(request)
    counts = "vis" in request.GET
    rows: list[dict[str, Any]] = [
        {
            "period": period,
            "goes": period.rule.find(municipality, period.before).count() if counts else None,
            "held": period.rule.held(municipality, period.before) if counts else None,
        }
        for period in periods(municipality)
    ]
    labels = {row["period"].rule.key: row["period"].rule.label for row in rows}
    context = {
        "rows": rows,
        "counts": counts,
        "reports": [(report, labels.get(report.key, report.key)) for report in reports(municipality)],
        "breadcrumbs": [
            (_("Innstillinger"), reverse("municipality_settings")),
            (_("Hvor lenge ting lagres"), ""),
        ],
    }
    return render(request, "partnerships/retention/list.html", context)


@login_required
@require_POST
def retention_period(request: HttpRequest, key: str) -> HttpResponse:
    municipality = _decides(request)
    rule = rule_of(key)
    if rule is None:
        raise Http404
    form = PeriodForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Skriv antall dager som et tall."))
        return redirect("retention")
    try:
        retention_change(
            municipality=municipality, rule=rule, days=form.cleaned_data["days"], by=user_of(request)
        )
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Lagringstiden er endret. Den gjelder fra i natt."))
    return redirect("retention")
