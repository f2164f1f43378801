"""The three pages a day begins with, and the way to the right one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.access import access_of
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import my_page_items, overview_cards, work_items
from samskaping.dashboards.first_steps import first_step, line_of_samskaping
from samskaping.dashboards.homes import home_of, viewer_of
from samskaping.dashboards.selectors.beginning import beginning_for
from volunteers.selectors.own_page import own_pages

AT_MOST = 5
# What stands first on her own page: her next time, what waits for her name.
OF_NOW = 5


@require_safe
@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    return redirect(home_of(request))


@require_safe
@login_required
def this_week(request: HttpRequest) -> HttpResponse:
    """At most five things; the rest can wait, and says so."""
    viewer = viewer_of(request)
    waiting = work_items(viewer)
    context = {
        "now": waiting[:AT_MOST],
        "later": waiting[AT_MOST:],
        "beginning": beginning_for(viewer),
        "empty": first_step(viewer) if not waiting else None,
    }
    return render(request, "dashboards/home/this_week.html", context)


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """How it goes, in numbers that lead to what they count. Who has no overview is told whose it is."""
    viewer = viewer_of(request)
    access = access_of(viewer.user)
    may = access.may(Permission.OVERVIEW_READ)
    is_hers = may or access.is_national or not access.memberships
    context = {
        "may": may,
        "cards": overview_cards(viewer) if may else [],
        "now": work_items(viewer)[:AT_MOST],
        "line": line_of_samskaping(),
        "beginning": beginning_for(viewer),
        "empty": first_step(viewer) if is_hers else None,
    }
    return render(request, "dashboards/home/overview.html", context)


@require_safe
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    items = my_page_items(viewer)
    context = {
        "soon": [item for item in items if item.order < OF_NOW],
        "items": [item for item in items if item.order >= OF_NOW],
        "own_pages": own_pages(viewer),
        "is_operator": viewer.user.is_superuser,
    }
    return render(request, "dashboards/home/my_page.html", context)
