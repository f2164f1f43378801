"""«Folk og lag»: who is here, as lists."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.access import access_of
from partnerships.current import current_municipality, user_of
from partnerships.forms.actor import ActorsFilter, OrganisationsFilter
from partnerships.models import Organisation, Unit, VolunteerCentre
from partnerships.selectors.actor import (
    Branch,
    actor_rows,
    actors_here,
    matching,
    unit_tree,
    with_partnerships,
)
from samskaping.accounts.permissions import Permission
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality

PER_PAGE = 50
# More units than this, and each branch of the tree opens by itself.
FOLDED_FROM = 40


def works_here(request: HttpRequest) -> Municipality:
    """Everybody who works in a municipality sees who is in it. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None or municipality.pk not in access_of(user_of(request)).municipality_ids:
        raise PermissionDenied
    return municipality


def adds_here(request: HttpRequest, municipality: Municipality) -> bool:
    return municipality.pk in access_of(user_of(request)).municipalities_all(Permission.ACTOR_EDIT)


@login_required
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    municipality, user = works_here(request), user_of(request)
    kinds = (
        (_("Lag og organisasjoner"), Organisation, "organisations"),
        (_("Frivilligsentraler"), VolunteerCentre, "centres"),
        (_("Enheter i kommunen"), Unit, "units"),
    )
    cards = [
        {
            "label": label,
            "number": actors_here(kind, user, municipality).filter(ended_at=None).count(),
            "url": reverse(url_name),
        }
        for label, kind, url_name in kinds
    ]
    context = {"cards": cards, "may_add": adds_here(request, municipality)}
    return render(request, "partnerships/actor/front.html", context)


@login_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    return _listed(
        request, Organisation, OrganisationsFilter(request.GET), "partnerships/actor/organisations.html"
    )


@login_required
@require_safe
def centres(request: HttpRequest) -> HttpResponse:
    return _listed(request, VolunteerCentre, ActorsFilter(request.GET), "partnerships/actor/centres.html")


def _listed(request: HttpRequest, kind: type[Any], form: Any, template: str) -> HttpResponse:
    municipality, user = works_here(request), user_of(request)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = matching(actors_here(kind, user, municipality), **chosen)
    page = Paginator(with_partnerships(found).order_by("name_key", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    count = page.paginator.count
    rows = actor_rows(page.object_list)
    context = {
        "page_obj": page,
        "rows": rows,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s i lista", "%(count)s i lista", count) % {"count": count},
        "may_add": adds_here(request, municipality),
    }
    return render(request, template, context)


@login_required
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    municipality, user = works_here(request), user_of(request)
    own = access_of(user).own(Permission.ACTOR_EDIT).unit_ids
    form = ActorsFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    tree = unit_tree(user, municipality, **chosen)
    count = sum(_counted(branch, is_search=any(chosen.values())) for branch in tree)
    page = Paginator(tree, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "tree": list(page),
        # A search has been narrowed down already, and a short tree is read at a glance.
        "folded": count > FOLDED_FROM and not any(chosen.values()),
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s enhet", "%(count)s enheter", count) % {"count": count},
        "ended": list(matching(actors_here(Unit, user, municipality), **chosen, ended=True)[:PER_PAGE]),
        "may_add": adds_here(request, municipality) or bool(own),
    }
    return render(request, "partnerships/actor/units.html", context)


def _counted(branch: Branch, *, is_search: bool) -> int:
    """How many a branch has: of a search those found, not those above them."""
    if not is_search:
        return 1 + branch.below
    return branch.found + sum(_counted(child, is_search=True) for child in branch.branches)
