"""The list, the board, the start and the page of a partnership."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import access_of, get_for
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.forms.partnership import PartnershipFilter, PartnershipForm, StartForm
from partnerships.models import Organisation, Partnership
from partnerships.models.partnership import Phase
from partnerships.page import ask_all, columns
from partnerships.selectors.partnership import (
    partnership_page,
    partnership_seen,
    partnerships_here,
)
from partnerships.selectors.partnership_search import Found, chosen, names_taking_part
from partnerships.selectors.partnership_start import Actors, may_start, set_ups
from partnerships.services.actor import actor_find_or_add
from partnerships.services.partnership import partnership_change, partnership_start
from partnerships.services.phase import ORDER
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.forms import name_options
from samskaping.core.listing import active_filters
from samskaping.core.once import address_of, labels_of
from samskaping.core.registries import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    return Viewer(user=request.user, membership=current_membership(request), today=timezone.localdate())


def editable(request: HttpRequest, pk: int) -> Partnership:
    """One she may work in, for the pages under it. Raises Http404 and PermissionDenied."""
    found = Partnership.objects.select_related("municipality__settings")
    return get_for(user_of(request), Permission.PARTNERSHIP_EDIT, found, pk=pk)


def crumbs(found: Partnership, *last: str) -> list[tuple[str, str]]:
    """From the list to the partnership, and to a page under it."""
    own = (found.title, reverse("partnership", args=[found.pk]) if last else "")
    return [(_("Samarbeid"), reverse("partnerships")), own, *((text, "") for text in last)]


@login_required
@require_safe
def partnerships(request: HttpRequest) -> HttpResponse:
    _may_look(request)
    form, found = _found(request)
    sort = request.GET.get("sort", "navn")
    page = found.page(sort, request.GET.get("page"))
    context = {
        **_around(request, form, page.paginator.count),
        "page_obj": page,
        "rows": page.object_list,
        "columns": _columns(request, sort),
    }
    return render(request, "partnerships/partnership/list.html", context)


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The same by phase, with buttons that move."""
    _may_look(request)
    form, found = _found(request)
    access = access_of(user_of(request))
    labels, phase_url = labels_of(Phase), address_of("partnership_phase")
    steps = [{"phase": phase.value, "label": labels[phase]} for phase in ORDER]
    columns = []
    count = 0
    for phase, (in_phase, cards) in found.in_columns().items():
        at = ORDER.index(Phase(phase)) if phase in ORDER else None
        count += in_phase
        columns.append(
            {
                "phase": phase,
                "label": labels[phase],
                "count": in_phase,
                "cards": [
                    {
                        "row": card,
                        # What is over can be taken up again, but not from here.
                        "move_url": phase_url(card.pk)
                        if phase != Phase.ENDED and access.covers(Permission.PARTNERSHIP_EDIT, card)
                        else "",
                    }
                    for card in cards
                ],
                "before": steps[at - 1] if at else None,
                "after": steps[at + 1] if at is not None and at + 1 < len(steps) else None,
            }
        )
    context = {**_around(request, form, count), "board": columns, "is_board": True}
    return render(request, "partnerships/partnership/board.html", context)


@login_required
@require_safe
def names_of_parties(request: HttpRequest) -> HttpResponse:
    """What the filter's field for a party suggests."""
    _may_look(request)
    here = partnerships_here(user_of(request), current_membership(request))
    return HttpResponse(name_options(names_taking_part(here)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    by, membership = user_of(request), current_membership(request)
    town = current_municipality(request)
    if town is None or not may_start(by, membership):
        raise PermissionDenied
    actors, templates = Actors(by, town), set_ups(town)
    form = StartForm(
        request.POST or None,
        actors=actors,
        templates=[(t.key, t.text()["title"]) for t in templates] or [("", _("Noe annet"))],
        this_year=timezone.localdate().year,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        year = data["running_since"]
        try:
            new = [
                actor_find_or_add(Organisation, municipality=town, name=name, by=by)
                for name in data.get("new", [])
            ]
            made = partnership_start(
                municipality=town,
                title=data["title"],
                own=actors.side(data.get("own", "")),
                others=[*data["others"], *new],
                template=next((t for t in templates if t.key == data["template"]), None),
                running_since=date(year, 1, 1) if year else None,
                by=by,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            for actor in new:
                messages.info(request, _("%(name)s er lagt inn blant lagene.") % {"name": actor.name})
            messages.success(request, _("Samarbeidet er i gang. Her er siden deres."))
            return redirect("partnership", pk=made.pk)
    context = {
        "form": form,
        "names": actors.names,
        "breadcrumbs": [(_("Samarbeid"), reverse("partnerships")), (_("Start et samarbeid"), "")],
    }
    return render(request, "partnerships/partnership/start.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    by = user_of(request)
    form = PartnershipForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return partnership_change(partnership=found, version=version, changes=form.changes(), by=by)

        if form.saved_by(save, by):
            messages.success(request, _("Lagret."))
            return redirect("partnership", pk=found.pk)
    context = {"form": form, "title": _("Endre samarbeidet"), "breadcrumbs": crumbs(found, _("Endre"))}
    return render(request, "partnerships/partnership/form.html", context)


@login_required
@require_safe
def partnership(request: HttpRequest, pk: int) -> HttpResponse:
    found, viewer = partnership_seen(user_of(request), pk), viewer_of(request)
    ask_all(found, viewer)
    main, aside = columns(found, viewer)
    context = {
        "page": partnership_page(found, viewer),
        "partnership": found,
        "main": main,
        "aside": aside,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/partnership/page.html", context)


def _may_look(request: HttpRequest) -> None:
    """Raises PermissionDenied for those whose role has no partnerships; a guest has one."""
    access = access_of(user_of(request))
    if not (access.may(Permission.PARTNERSHIP_READ) or access.guest_partnership_ids):
        raise PermissionDenied


def _found(request: HttpRequest) -> tuple[PartnershipFilter, Found]:
    form = PartnershipFilter(request.GET)
    wanted = chosen(**form.cleaned_data) if form.is_valid() else {}
    return form, Found(user_of(request), current_membership(request), wanted)


def _around(request: HttpRequest, form: PartnershipFilter, count: int) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s samarbeid", "%(count)s samarbeid", count) % {"count": count},
        "may_start": may_start(user_of(request), current_membership(request)),
        "query": query.urlencode(),
    }


def _columns(request: HttpRequest, sort: str) -> list[dict[str, str]]:
    """The heads of the table; pressing the one it is sorted by turns it around, where that makes sense."""
    heads = (
        (_("Samarbeid"), "-navn" if sort == "navn" else "navn", sort in ("navn", "-navn")),
        (_("Fase"), "fase", sort == "fase"),
        (_("Parter"), "", False),
        (_("Områder"), "", False),
        (_("Endret"), "endret", sort == "endret"),
    )
    columns = []
    for label, by, is_sorted in heads:
        query = request.GET.copy()
        query.pop("page", None)
        query["sort"] = by
        column = {"label": label, "sort_url": f"?{query.urlencode()}" if by else ""}
        if is_sorted:
            column["sorted"] = "descending" if sort in ("-navn", "endret") else "ascending"
        columns.append(column)
    return columns
