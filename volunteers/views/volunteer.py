"""Volunteers: the list, somebody new, and each one's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, require
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.models import Person
from partnerships.models.offer import OfferState
from partnerships.views.partnership import viewer_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.export import CSV, as_csv
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from volunteers.access import volunteer_for, volunteer_seen
from volunteers.forms.volunteer import NewForm, VolunteersFilter
from volunteers.models import Volunteer
from volunteers.models.assignment import offers_reached
from volunteers.models.volunteer import VolunteerQuerySet
from volunteers.page import is_kept, record
from volunteers.selectors.keeper import Keeper, alike, keeper_of, place_key
from volunteers.selectors.unnamed import unnamed_here
from volunteers.selectors.volunteer import (
    PER_PAGE,
    count_in_words,
    export_rows,
    matching,
    volunteers_page,
    volunteers_seen,
)
from volunteers.services.record import volunteer_take_down


def here(request: HttpRequest, permission: Permission = Permission.VOLUNTEER_NAMES) -> Municipality:
    """The municipality she works in now, where she may know volunteers. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user_of(request), permission, municipality_id=municipality.pk)
    return municipality


def crumbs(found: Volunteer | None = None, *last: str) -> list[tuple[str, str]]:
    """From the list to the volunteer, and to a page under her."""
    own = []
    if found is not None:
        own = [(found.person.name, reverse("volunteer", args=[found.pk]) if last else "")]
    top = reverse("volunteers") if own or last else ""
    return [(_("Frivillige"), top), *own, *((text, "") for text in last)]


def editable(request: HttpRequest, pk: int) -> Volunteer:
    """One whom the user's own controller keeps. Raises Http404 and PermissionDenied."""
    return volunteer_for(user_of(request), Permission.VOLUNTEER_CONTACT, pk=pk)


@login_required
@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    municipality, user = here(request), user_of(request)
    keeper = keeper_of(current_membership(request))
    form = _filter(request, keeper)
    found = _found(request, municipality, form)
    page = volunteers_page(user, municipality, found, request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": page.object_list,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": count_in_words(page.paginator.count),
        "may_add": keeper is not None,
        "names_responsible": keeper is not None and not keeper.is_municipality,
        "may_export": access_of(user).may(Permission.EXPORT_ROWS, municipality_id=municipality.pk),
    }
    return render(request, "volunteers/volunteer/list.html", context)


@login_required
@require_safe
def unnamed(request: HttpRequest) -> HttpResponse:
    """Those at offers she runs whom others keep, as numbers. All of a town is counted, so not in the list."""
    found = unnamed_here(user_of(request), here(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "count": sum(number for _name, number in found),
        "breadcrumbs": crumbs(None, _("Frivillige andre har ansvar for")),
    }
    return render(request, "volunteers/volunteer/unnamed.html", context)


@login_required
@require_POST
def as_file(request: HttpRequest) -> HttpResponse:
    """Those she keeps, filtered as on the page. A POST, since the trace keeps that it was taken."""
    municipality, user = here(request, Permission.EXPORT_ROWS), user_of(request)
    form = _filter(request, keeper_of(current_membership(request)))
    columns, rows = export_rows(user, _found(request, municipality, form))
    audit_record(
        "volunteers_exported", municipality, by=user, municipality=municipality, data={"rows": len(rows)}
    )
    response = HttpResponse(as_csv(columns, rows), content_type=CSV)
    name = f"{_('frivillige')}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _filter(request: HttpRequest, keeper: Keeper | None) -> VolunteersFilter:
    places = [(place_key(place), place.name) for place in keeper.places()] if keeper is not None else []
    return VolunteersFilter(request.GET, places=places)


def _found(request: HttpRequest, municipality: Municipality, form: VolunteersFilter) -> VolunteerQuerySet:
    chosen = form.cleaned_data if form.is_valid() else {}
    return matching(volunteers_seen(user_of(request), municipality), **chosen)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Few fields. Whoever may be known already is shown before anything is saved; one may go on anyway."""
    municipality, user = here(request, Permission.VOLUNTEER_CONTACT), user_of(request)
    keeper = keeper_of(current_membership(request))
    if keeper is None:
        raise PermissionDenied
    offers = (
        offers_reached(user, Permission.VOLUNTEER_CONTACT)
        .filter(municipality=municipality)
        .exclude(state=OfferState.ENDED)
        .order_by("title_key")
    )
    form = NewForm(
        request.POST or None, keeper=keeper, offers=offers, initial={"offer": request.GET.get("tilbud")}
    )
    found: list[Person] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        found = alike(keeper, user, name=data["name"], email=data["email"], phone=data["phone"])
        chosen = next((one for one in found if str(one.pk) == request.POST.get("person")), None)
        if chosen is not None or not found or "anyway" in request.POST:
            try:
                made = volunteer_take_down(
                    keeper=keeper,
                    person=chosen,
                    who=form.who(),
                    begun=data["begun"],
                    offer=data["offer"],
                    by=user,
                    **form.about(),
                )
            except DomainError as error:
                form.add_error(None, str(error.sentence))
            else:
                messages.success(request, _("%(name)s er lagt inn.") % {"name": made.person.name})
                return redirect("volunteer_guardian" if data["under_18"] else "volunteer", pk=made.pk)
    context = {
        "form": form,
        "alike": [{"person": one, "volunteer": getattr(one, "volunteer", None)} for one in found],
        "keeper": keeper,
        "breadcrumbs": crumbs(None, _("Legg inn en frivillig")),
    }
    return render(request, "volunteers/volunteer/new.html", context)


@login_required
@require_safe
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@never_cache
@login_required
@require_POST
def contact_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Hidden contact details, to who keeps her, once, and it is noted."""
    found = editable(request, pk)
    audit_record("contact_shown", found.person, by=user_of(request))
    return _page(request, pk, shows_contact=True)


def _page(request: HttpRequest, pk: int, **shown: Any) -> HttpResponse:
    user, viewer = user_of(request), viewer_of(request)
    found = volunteer_seen(user, Permission.VOLUNTEER_NAMES, pk=pk)
    if found.person.user_id == user.pk and not is_kept(found, viewer):
        # What is kept of herself she finds, and changes, on her own page.
        return redirect("my_page")
    main, aside = record.columns(found, viewer)
    context = {
        "volunteer": found,
        "main": main,
        "aside": aside,
        "kept": is_kept(found, viewer),
        "breadcrumbs": crumbs(found),
        **shown,
    }
    return render(request, "volunteers/volunteer/page.html", context)
