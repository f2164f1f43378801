"""What is kept about a volunteer: about her, how she is reached, and who says yes for one under eighteen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import user_of
from partnerships.forms.person import PersonForm
from partnerships.services.privacy import person_change
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_opened
from volunteers.forms.volunteer import AboutForm, GuardianForm
from volunteers.models import Volunteer
from volunteers.selectors.keeper import keeper_for
from volunteers.selectors.people import followers_for
from volunteers.services.guardian import guardian_remove, guardian_set
from volunteers.services.volunteer import volunteer_change
from volunteers.views.volunteer import crumbs, editable


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    keeper = keeper_for(found)
    form = AboutForm(request.POST or None, volunteer=found, keeper=keeper, followers=followers_for(keeper))
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return volunteer_change(volunteer=found, version=version, changes=form.changes(), by=by)

        if form.saved_by(save, by):
            messages.success(request, _("Lagret."))
            return redirect("volunteer", pk=pk)
    return form_page(request, found, form, _("Endre det som står om den frivillige"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, address and channel: the same as anybody's whom one keeps."""
    found, by = editable(request, pk), user_of(request)
    if found.person.hide_contact:
        audit_opened("contact_shown", found.person, by=by)
    form = PersonForm(request.POST or None, person=found.person)
    if request.method == "POST" and form.is_valid():
        try:
            person_change(person=found.person, changes=form.changes(), by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Opplysningene er lagret."))
            return redirect("volunteer", pk=pk)
    return form_page(request, found, form, _("Endre navn og kontaktopplysninger"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = GuardianForm(request.POST or None, volunteer=found)
    if request.method == "POST" and form.is_valid():
        try:
            guardian_set(volunteer=found, by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("volunteer", pk=pk)
    lead = _("Den som er under 18 år, trenger et ja fra en foresatt før første oppdrag.")
    return form_page(request, found, form, _("Foresatt"), lead)


@login_required
@require_POST
def guardian_out(request: HttpRequest, pk: int) -> HttpResponse:
    guardian_remove(volunteer=editable(request, pk), by=user_of(request))
    messages.success(request, _("Opplysningene om foresatt er slettet."))
    return redirect("volunteer", pk=pk)


def form_page(request: HttpRequest, found: Volunteer, form: Any, title: str, lead: str = "") -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "volunteer": found,
        "breadcrumbs": crumbs(found, title),
    }
    return render(request, "volunteers/volunteer/form.html", context)
