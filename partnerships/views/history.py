"""What has happened: in the municipality, and with one thing."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.access import require
from partnerships.current import current_municipality, user_of
from partnerships.forms.history import HistoryFilter
from partnerships.selectors.history import history_of
from partnerships.selectors.history_kinds import BY_SLUG
from partnerships.selectors.history_list import events_read_by, matching, people_who_acted, told
from partnerships.selectors.history_names import Wanted, names_for
from samskaping.accounts.permissions import Permission
from samskaping.core.listing import active_filters

PER_PAGE = 50


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    user, municipality = user_of(request), current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user, Permission.HISTORY_READ, municipality_id=municipality.pk)
    form = HistoryFilter(request.GET, people=people_who_acted(user, municipality))
    chosen = form.cleaned_data if form.is_valid() else {}
    events = matching(
        events_read_by(user, municipality, kind=BY_SLUG.get(chosen.get("kind", ""))),
        since=chosen.get("since"),
        until=chosen.get("until"),
        who=chosen.get("who"),
    )
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    context = {
        "page_obj": page,
        "entries": told(list(page.object_list), user, municipality),
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s hendelse", "%(count)s hendelser", count) % {"count": count},
    }
    return render(request, "partnerships/history/list.html", context)


@login_required
@require_safe
def object_history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All of one thing's history. Raises Http404 for no such kind, and a row not hers to read."""
    user = user_of(request)
    require(user, Permission.HISTORY_READ)
    found = BY_SLUG.get(kind)
    row = found.reached(user).filter(pk=pk).first() if found else None
    if found is None or row is None:
        raise Http404
    wanted = Wanted(people={getattr(row, found.person_field)} if found.person_field else set())
    about = found.about(row, names_for(user, wanted, row.municipality_id))
    context = {
        "about": about,
        "label": found.label,
        "page_url": found.page(row, user),
        "entries": history_of(row, user, limit=None).entries,
        "breadcrumbs": [(_("Historikk"), reverse("history")), (about, "")],
    }
    return render(request, "partnerships/history/one.html", context)
