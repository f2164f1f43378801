"""Strategies: the list, one with its points and everybody's word, writing it, and two versions compared."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_visible, require
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.forms.strategy import StrategiesFilter, StrategyForm
from partnerships.models import Strategy
from partnerships.models.strategy import StrategyState
from partnerships.selectors.history import history_of
from partnerships.selectors.strategy import (
    STATE_COLORS,
    compare,
    may_write,
    states_seen_by,
    strategies,
    strategy_page,
)
from partnerships.services.strategy import strategy_change, strategy_create
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality

PER_PAGE = 30


def _here(request: HttpRequest, permission: Permission) -> Municipality:
    """Where she works now, if she may do this there. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user_of(request), permission, municipality_id=municipality.pk)
    return municipality


@login_required
@require_safe
def strategy_list(request: HttpRequest) -> HttpResponse:
    municipality = _here(request, Permission.STRATEGY_READ)
    form = StrategiesFilter(request.GET, states=states_seen_by(user_of(request), municipality))
    found = strategies(user_of(request), municipality)
    if form.is_valid():
        chosen = form.cleaned_data
        found = found.filter(title__icontains=chosen["q"])
        if chosen["status"]:
            found = found.filter(state=chosen["status"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    membership = current_membership(request)
    context = {
        "page_obj": page,
        "rows": [(one, STATE_COLORS[StrategyState(one.state)]) for one in page],
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s strategi", "%(count)s strategier", count) % {"count": count},
        "may_propose": membership is not None and membership.role in roles_with(Permission.STRATEGY_PROPOSE),
    }
    return render(request, "partnerships/strategy/list.html", context)


@login_required
@require_safe
def strategy(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_visible(
        user_of(request), Strategy.objects.select_related("document", "replaces", "municipality"), pk=pk
    )
    page = strategy_page(found, user_of(request), current_membership(request))
    context = {
        "strategy": found,
        "page": page,
        "history": history_of(found, user_of(request)) if page.may_decide else None,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/strategy/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    municipality = _here(request, Permission.STRATEGY_PROPOSE)
    form = StrategyForm(request.POST or None, strategy=None)
    if request.method == "POST" and form.is_valid():
        try:
            made = strategy_create(
                municipality=municipality,
                changes=form.changes(),
                points=form.points() or (),
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Utkastet er lagret. Send det til bekreftelse når det er klart."))
            return redirect("strategy", made.pk)
    context = {"form": form, "breadcrumbs": [*_root(), (_("Ny strategi"), "")]}
    return render(request, "partnerships/strategy/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = writable(request, pk)
    form = StrategyForm(request.POST or None, strategy=found)
    if request.method == "POST" and form.is_valid():
        by, changes, points = user_of(request), form.changes(), form.points()

        def save(version: int) -> Strategy:
            return strategy_change(strategy=found, version=version, changes=changes, points=points, by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Strategien er lagret."))
                return redirect("strategy", pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {"form": form, "strategy": found, "breadcrumbs": crumbs(found, _("Endre"))}
    return render(request, "partnerships/strategy/edit.html", context)


@login_required
@require_safe
def compared(request: HttpRequest, pk: int) -> HttpResponse:
    """With the version it replaces. Raises Http404 for one that replaces none, or one she may not see."""
    found = get_visible(user_of(request), Strategy, pk=pk)
    if found.replaces_id is None:
        raise Http404
    older = get_visible(user_of(request), Strategy, pk=found.replaces_id)
    context = {
        "strategy": found,
        "older": older,
        "parts": compare(older, found),
        "breadcrumbs": crumbs(found, _("Sammenlign")),
    }
    return render(request, "partnerships/strategy/compare.html", context)


def writable(request: HttpRequest, pk: int) -> Strategy:
    """Raises Http404 for one she may not see, PermissionDenied for one that is not hers to write in."""
    found = get_visible(user_of(request), Strategy, pk=pk)
    if not may_write(user_of(request), found):
        raise PermissionDenied
    return found


def crumbs(strategy: Strategy, *last: str) -> list[tuple[str, str]]:
    own: list[tuple[str, Any]] = [(strategy.title, reverse("strategy", args=[strategy.pk]) if last else "")]
    return [*_root(), *own, *((text, "") for text in last)]


def _root() -> list[tuple[str, str]]:
    return [(_("Strategi"), reverse("strategies"))]
