"""Hours in a year, by offer: sums, and no names."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships.access import require
from partnerships.current import current_membership, current_municipality, user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.export import CSV, as_csv
from samskaping.core.services.audit import audit_record
from volunteers.models import HoursMonth
from volunteers.selectors.hours import (
    PER_PAGE,
    by_month,
    by_offer,
    in_hours,
    months_in,
    named,
    sums_overviewed,
)
from volunteers.selectors.module import need_shifts

FILE_AT_MOST = 20_000


def _year(request: HttpRequest) -> int:
    now = timezone.localdate().year
    typed = request.GET.get("ar", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else now
    return min(max(year, 2000), now)


def _months(request: HttpRequest, permission: Permission) -> tuple[int, QuerySet[HoursMonth]]:
    """Raises PermissionDenied for who has no overview, Http404 where the module is off."""
    user, membership = user_of(request), current_membership(request)
    require(user, permission)
    town = current_municipality(request)
    if town is None:
        raise PermissionDenied
    need_shifts(town)
    year = _year(request)
    return year, months_in(sums_overviewed(user, membership), year)


@login_required
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    year, months = _months(request, Permission.OVERVIEW_READ)
    sums = by_offer(months)
    page = Paginator(sums, PER_PAGE).get_page(request.GET.get("page"))
    in_year = by_month(months)
    most = max((row["minutes_sum"] for row in in_year), default=0)
    this_year = timezone.localdate().year
    context = {
        # In words: it is no number to put a space in.
        "year": str(year),
        "years": [str(this_year - back) for back in range(3)],
        "hours": round(sum(one.minutes for one in sums) / 60),
        "times": sum(one.times for one in sums),
        "months": [
            {
                "month": row["month"],
                "hours": in_hours(row["minutes_sum"]),
                "times": row["entries_sum"],
                "share": round(100 * row["minutes_sum"] / most) if most else 0,
            }
            for row in in_year
        ],
        "rows": named(list(page.object_list)),
        "page_obj": page,
    }
    return render(request, "volunteers/hours/page.html", context)


@login_required
@require_POST
def hours_csv(request: HttpRequest) -> HttpResponse:
    year, months = _months(request, Permission.EXPORT_AGGREGATES)
    lines = (
        (
            one.title,
            one.held_by,
            str(one.hours).replace(".", ","),
            one.times,
        )
        for one in named(by_offer(months)[:FILE_AT_MOST])
    )
    columns = (_("Tilbud"), _("Hvem holder det"), _("Timer"), _("Oppmøter"))
    content = as_csv([str(column) for column in columns], lines)
    audit_record("hours_exported", by=user_of(request), municipality=current_municipality(request))
    response = HttpResponse(content, content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="timer-{year}.csv"'
    return response
