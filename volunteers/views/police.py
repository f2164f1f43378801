"""The facts of a police certificate, one volunteer at a time; and who handles them in a centre or a club."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import access_of
from partnerships.current import current_membership, user_of
from partnerships.models import Organisation, VolunteerCentre
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_opened
from volunteers.forms.requirement import PoliceForm, ResponsibleForm
from volunteers.models import Volunteer
from volunteers.selectors.keeper import keeper_of
from volunteers.selectors.people import name_of_user
from volunteers.selectors.police import (
    handles_police,
    may_be_responsible,
    police_fact_of,
    responsible_for,
)
from volunteers.services.police import police_fact_remove, police_fact_set, police_responsible_name
from volunteers.views.volunteer import crumbs


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def police(request: HttpRequest, pk: int) -> HttpResponse:
    """Only whoever handles it comes in, and that she looked is noted."""
    found, by = _handled(request, pk), user_of(request)
    fact = police_fact_of(by, found)
    audit_opened("police_fact_seen", found, by=by)
    form = PoliceForm(request.POST or None, fact=fact)
    if request.method == "POST" and form.is_valid():
        try:
            police_fact_set(volunteer=found, by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("volunteer", pk=pk)
    context = {
        "volunteer": found,
        "fact": fact,
        "shown_to": name_of_user(fact.shown_to, found.municipality) if fact else "",
        "form": form,
        "breadcrumbs": crumbs(found, _("Politiattest")),
    }
    return render(request, "volunteers/requirement/police.html", context)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    police_fact_remove(volunteer=_handled(request, pk), by=user_of(request))
    messages.success(request, _("Slettet."))
    return redirect("volunteer", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def responsible(request: HttpRequest) -> HttpResponse:
    """For a centre or an organisation that keeps its own: one who handles it, and a deputy."""
    side, by = _own_side(request), user_of(request)
    now = responsible_for(side)
    members = list(may_be_responsible(side))
    initial = {
        "responsible": str(now[False].user_id) if False in now else "",
        "deputy": str(now[True].user_id) if True in now else "",
    }
    posted = request.POST if request.method == "POST" else None
    form = ResponsibleForm(posted, members=members, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = [form.users.get(form.cleaned_data[name]) for name in ("responsible", "deputy")]
        try:
            # Emptied first, so that the two may change places.
            if [initial["responsible"], initial["deputy"]] != [str(u.pk) if u else "" for u in chosen]:
                police_responsible_name(side=side, user=None, is_deputy=True, by=by)
                police_responsible_name(side=side, user=chosen[0], is_deputy=False, by=by)
                police_responsible_name(side=side, user=chosen[1], is_deputy=True, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("police_responsible")
    context = {
        "form": form,
        "side": side,
        "breadcrumbs": crumbs(None, _("Ansvarlig for politiattester")),
    }
    return render(request, "volunteers/requirement/responsible.html", context)


def _handled(request: HttpRequest, pk: int) -> Volunteer:
    """Raises Http404 for one she may not know, PermissionDenied when it is not hers to handle."""
    user = user_of(request)
    seen = Volunteer.objects.visible_to(user, Permission.VOLUNTEER_NAMES)
    found = seen.filter(pk=pk).select_related("person__user", "municipality").first()
    if found is None:
        raise Http404
    if not handles_police(user, found):
        raise PermissionDenied
    return found


def _own_side(request: HttpRequest) -> VolunteerCentre | Organisation:
    """Raises PermissionDenied for whoever leads none that keeps its own volunteers."""
    keeper = keeper_of(current_membership(request))
    user = user_of(request)
    if keeper is None or keeper.is_municipality or keeper.side is None:
        raise PermissionDenied
    if not access_of(user).may(Permission.POLICE_FACT, municipality_id=keeper.municipality.pk):
        raise PermissionDenied
    return keeper.side
