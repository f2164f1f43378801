"""Processes: the list, the start, and the page that everybody who sits at one has."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import access_of, get_for
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.forms.process import ProcessFilter, ProcessForm, ProcessStartForm
from partnerships.models import CodesignProcess, Partnership
from partnerships.models.codesign import ProcessState
from partnerships.models.reach import seen, ways_to_see, written
from partnerships.process_page import ask_all, columns, process_steps
from partnerships.seat import Seat, seated
from partnerships.selectors.partnership_start import Actors, may_start
from partnerships.selectors.process import STATE_COLORS, invites, may_look
from partnerships.selectors.process_list import processes_page
from partnerships.selectors.process_people import conveners_for
from partnerships.services.process import process_change, process_start
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters
from samskaping.core.written import Given

STEPS_SHOWN = 3


def crumbs(seat: Seat, *last: str) -> list[tuple[str, str]]:
    """From the list to the process, and to a page under it; somebody who came by link has no list."""
    process = seat.process
    own = (process.title, reverse("process", args=[process.pk]) if last else "")
    top = [] if seat.by_link else [(_("Samskaping"), reverse("processes"))]
    return [*top, own, *((text, "") for text in last)]


@login_required
@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not may_look(user):
        raise PermissionDenied
    form = ProcessFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = processes_page(user, current_membership(request), request.GET.get("page"), **chosen)
    count = page.paginator.count
    context = {
        "page_obj": page,
        "rows": page.object_list,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s prosess", "%(count)s prosesser", count) % {"count": count},
        "may_start": may_start(user, current_membership(request), Permission.PROCESS_EDIT),
    }
    return render(request, "partnerships/process/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """By anyone who may, in under a minute; from a partnership's page inside that partnership."""
    by, membership, town = user_of(request), current_membership(request), current_municipality(request)
    if membership is None or town is None or not may_start(by, membership, Permission.PROCESS_EDIT):
        raise PermissionDenied
    partnership = _partnership(request)
    actors = Actors(by, town, Permission.PROCESS_EDIT)
    form = ProcessStartForm(request.POST or None, actors=actors)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = process_start(
                municipality=town,
                partnership=partnership,
                title=data["title"],
                problem=data["problem"],
                target_group=data["target_group"],
                own=actors.side(data.get("own", "")),
                from_citizen=data.get("from_citizen", False),
                convener=membership.person,
                by=by,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Prosessen er i gang. Her er siden til gruppa."))
            return redirect("process", pk=made.pk)
    context = {
        "form": form,
        "partnership": partnership,
        "breadcrumbs": [(_("Samskaping"), reverse("processes")), (_("Start en prosess"), "")],
    }
    return render(request, "partnerships/process/start.html", context)


@require_safe
@seated()
def process(request: HttpRequest, seat: Seat) -> HttpResponse:
    found = seat.process
    ask_all(seat)
    state = ProcessState(found.state)
    context = {
        "seat": seat,
        "process": found,
        "tags": [{"text": state.label, "color": STATE_COLORS[state]}],
        "invites": invites(found),
        "partnership": _seen_partnership(seat),
        "steps": [] if state == ProcessState.ENDED else process_steps(seat)[:STEPS_SHOWN],
        "columns": columns(seat),
        "breadcrumbs": crumbs(seat),
    }
    return render(request, "partnerships/process/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def edit(request: HttpRequest, seat: Seat) -> HttpResponse:
    found, by = seat.process, user_of(request)
    people = conveners_for(found, by) if seat.convenes else None
    form = ProcessForm(request.POST or None, process=found, people=people)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> CodesignProcess:
            return process_change(process=found, version=version, changes=form.changes(), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Lagret."))
                return redirect("process", pk=found.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    return form_page(request, seat, form, _("Endre prosessen"))


def form_page(
    request: HttpRequest, seat: Seat, form: Any, title: str, lead: str = "", **more: Any
) -> HttpResponse:
    """One form about one process."""
    context = {
        "seat": seat,
        "process": seat.process,
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumbs": crumbs(seat, title),
        **more,
    }
    return render(request, "partnerships/process/form.html", context)


def _partnership(request: HttpRequest) -> Partnership | None:
    """The one it is started from. Raises Http404 and PermissionDenied for one that is not hers to develop."""
    pk = request.GET.get("samarbeid", "")
    if not pk.isdecimal():
        return None
    return get_for(user_of(request), Permission.PROCESS_EDIT, Partnership, pk=int(pk))


def _seen_partnership(seat: Seat) -> Partnership | None:
    """What it belongs to, for those who may open it."""
    found = seat.process.partnership
    if found is None or seat.user is None or not access_of(seat.user).memberships:
        return None
    by = ways_to_see(seat.user)
    return found if written(_shown, frozenset(by)).rows(**by, partnership=found.pk) else None


def _shown(having: frozenset[str]) -> QuerySet[Any, Any]:
    return Partnership.objects.filter(seen(having), pk=Given("partnership")).order_by().values("pk")
