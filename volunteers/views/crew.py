"""The volunteers of an offer: who is in the crew, how they are kept track of, and hours of single days."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_visible
from partnerships.current import user_of
from partnerships.models import Offer
from partnerships.models.offer import OfferState
from partnerships.selectors.offer import with_sides
from partnerships.views.offer import crumbs, editable
from samskaping.core.errors import DomainError
from volunteers.door import number_of, one_of
from volunteers.forms.crew import CrewForm, HoursForm
from volunteers.models import Assignment, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.shift import HoursFrom
from volunteers.selectors.crew import addable, crew_of, crew_page, found_by_name, runs
from volunteers.selectors.module import need_shifts, shifts_on
from volunteers.services.assignment import assignment_make
from volunteers.services.crew import crew_change, crew_out
from volunteers.services.hours import hours_note


@login_required
@require_safe
def crew(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes to each of the next times: names for those who may know them, numbers for the others."""
    user = user_of(request)
    found = get_visible(user, with_sides(Offer.objects.all()), pk=pk)
    context = {
        "offer": found,
        "page": crew_page(found, user),
        "has_shifts": shifts_on(found.municipality),
        "runs": runs(user, found) and found.state != OfferState.ENDED,
        "breadcrumbs": crumbs(found, _("Frivillige")),
    }
    return render(request, "volunteers/crew/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = CrewForm(request.POST or None, crew=crew_of(found), has_shifts=shifts_on(found.municipality))
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return crew_change(offer=found, version=version, changes=form.changes(), by=by)

        if form.saved_by(save, by):
            messages.success(request, _("Lagret."))
            return redirect("offer_crew", pk=found.pk)
    title = _("Slik følger dere med")
    context = {"form": form, "title": title, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who is a volunteer already, found by name, is in the crew from now on."""
    found, by = editable(request, pk), user_of(request)
    people = addable(by, found)
    if request.method == "POST":
        volunteer = one_of(people, pk=number_of(request.POST.get("volunteer")))
        try:
            assignment_make(volunteer=volunteer, offer=found, state=AssignmentState.ACTIVE, by=by)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Den frivillige er med på tilbudet."))
        return redirect("offer_crew", pk=found.pk)
    typed = request.GET.get("q", "").strip()[:80]
    there = Assignment.objects.filter(offer=found, state__in=OPEN).values("volunteer")
    context = {
        "offer": found,
        "typed": typed,
        "people": found_by_name(people.exclude(pk__in=there), typed),
        "breadcrumbs": crumbs(found, _("Legg til en frivillig")),
    }
    return render(request, "volunteers/crew/add.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def out(request: HttpRequest, pk: int, volunteer: int) -> HttpResponse:
    """Asks first: her coming places go with it."""
    found, by = editable(request, pk), user_of(request)
    hers = Assignment.objects.select_related("volunteer__person").filter(
        offer=found, state__in=OPEN, volunteer__in=addable(by, found)
    )
    assignment = one_of(hers, volunteer=volunteer)
    if request.method == "POST":
        crew_out(assignment=assignment, by=by)
        messages.success(request, _("Den frivillige er ikke lenger med på tilbudet."))
        return redirect("offer_crew", pk=found.pk)
    context = {
        "title": _("Skal %(name)s ut av tilbudet?") % {"name": assignment.volunteer.person.name},
        "text": _(
            "Plassene på de neste gangene blir ledige. Den frivillige er fortsatt frivillig andre steder."
        ),
        "action": _("Ta ut av tilbudet"),
        "cancel_url": _back(found),
        "breadcrumbs": crumbs(found, _("Frivillige")),
    }
    return render(request, "confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """The same hours for several at once, of a day that has no time in the calendar."""
    found, by = editable(request, pk), user_of(request)
    need_shifts(found.municipality)
    there = Assignment.objects.filter(offer=found, state=AssignmentState.ACTIVE).values("volunteer")
    people = addable(by, found).filter(pk__in=there).select_related("person")
    form = HoursForm(request.POST or None, people=people.order_by("person__name_key", "pk"))
    if request.method == "POST" and form.is_valid():
        try:
            hours_note(
                offer=found,
                day=form.cleaned_data["day"],
                minutes=form.minutes(),
                source=HoursFrom.CORRECTED,
                by=by,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Timene er ført."))
            return redirect("offer_crew", pk=found.pk)
    title = _("Før timer for flere")
    lead = _("Bare når det ikke står en gang i kalenderen. Ellers kommer timene av oppmøtet.")
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)


def _back(found: Offer) -> str:
    return reverse("offer_crew", args=[found.pk])


def volunteer_in(request: HttpRequest, offer: Offer) -> Volunteer:
    """The one a form names, among those she may put on the offer's lists. Raises Http404."""
    people = addable(user_of(request), offer).select_related("person")
    return one_of(people, pk=number_of(request.POST.get("volunteer")))
