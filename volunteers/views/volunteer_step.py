"""A volunteer's way: in, on pause, back and out; where she helps, and whom she is known to there."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import user_of
from partnerships.models import Offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.access import keeps
from volunteers.forms.volunteer import AssignmentForm, EndForm, PauseForm
from volunteers.models import Assignment, Volunteer, VolunteerShare
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.services.assignment import (
    assignment_make,
    assignment_set,
    volunteer_share,
    volunteer_unshare,
)
from volunteers.services.volunteer import (
    volunteer_activate,
    volunteer_answered,
    volunteer_end,
    volunteer_end_undo,
    volunteer_pause,
    volunteer_return,
)
from volunteers.views.volunteer import editable
from volunteers.views.volunteer_edit import form_page


@login_required
@require_POST
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, volunteer_activate, _("Merket som i gang."))


@login_required
@require_POST
def answered(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, volunteer_answered, _("Merket som besvart."))


@login_required
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, volunteer_return, _("Velkommen tilbake! Pausen er over."))


@login_required
@require_POST
def end_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, volunteer_end_undo, _("Den frivillige er tatt inn igjen."))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            volunteer_pause(volunteer=found, until=form.cleaned_data["until"], by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Satt på pause. Plassen holdes av."))
            return redirect("volunteer", pk=pk)
    lead = _("Oppdragene står, og ingen blir mast på.")
    return form_page(request, found, form, _("Sett på pause"), lead)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = editable(request, pk), user_of(request)
    form = EndForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            volunteer_end(volunteer=found, on=form.cleaned_data["on"], reason=form.why(), by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Avsluttet."))
            return redirect("volunteer", pk=pk)
    lead = _("Oppdragene avsluttes, og det som er ført om politiattest, slettes med en gang.")
    return form_page(request, found, form, _("Avslutt"), lead)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """To any offer that runs in the municipality: a club's member may well help at the nursing home."""
    found, by = editable(request, pk), user_of(request)
    taken = found.assignments.filter(state__in=OPEN).values("offer")
    offers = Offer.objects.visible_to(by).filter(municipality=found.municipality_id).open()
    form = AssignmentForm(
        request.POST or None,
        offers=offers.exclude(pk__in=taken).order_by("title_key"),
        initial={"offer": request.GET.get("tilbud")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        state = AssignmentState.ACTIVE if data["begun"] else AssignmentState.INTERESTED
        try:
            assignment_make(volunteer=found, offer=data["offer"], state=state, task=data["task"], by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagt til."))
            return redirect("volunteer", pk=pk)
    return form_page(request, found, form, _("Legg til et oppdrag"))


@login_required
@require_POST
def assignment_state(request: HttpRequest, pk: int) -> HttpResponse:
    """In, on pause, out, or a no: what the button said."""
    assignment = _kept_assignment(request, pk)
    chosen = request.POST.get("state", "")
    if chosen not in AssignmentState.values:
        raise Http404
    try:
        assignment_set(assignment=assignment, state=AssignmentState(chosen), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Lagret."))
    return redirect("volunteer", pk=assignment.volunteer_id)


@login_required
@require_POST
def assignment_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Known by name at the offer, or in the whole partnership, from now on."""
    assignment, by = _kept_assignment(request, pk), user_of(request)
    offer = assignment.offer
    whole = request.POST.get("what") == "partnership"
    volunteer_share(
        volunteer=assignment.volunteer,
        offer=None if whole else offer,
        partnership=offer.partnership if whole else None,
        by_herself=False,
        by=by,
    )
    messages.success(request, _("De som har ansvar der, ser nå navnet. Si fra til den frivillige."))
    return redirect("volunteer", pk=assignment.volunteer_id)


@login_required
@require_POST
def share_end(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    share = (
        VolunteerShare.objects.filter(
            pk=pk, volunteer__in=Volunteer.objects.visible_to(by, Permission.VOLUNTEER_NAMES)
        )
        .select_related("volunteer__person", "municipality")
        .first()
    )
    if share is None:
        raise Http404
    if not keeps(by, Permission.VOLUNTEER_CONTACT, share.volunteer):
        raise PermissionDenied
    volunteer_unshare(share=share, by=by)
    messages.success(request, _("Ikke delt lenger. Der er den frivillige et tall igjen."))
    return redirect("volunteer", pk=share.volunteer_id)


def _kept_assignment(request: HttpRequest, pk: int) -> Assignment:
    by = user_of(request)
    seen = Volunteer.objects.visible_to(by, Permission.VOLUNTEER_NAMES)
    assignment: Assignment | None = (
        Assignment.objects.filter(pk=pk, volunteer__in=seen)
        .select_related("volunteer__person", "offer__partnership", "municipality")
        .first()
    )
    if assignment is None:
        raise Http404
    if not keeps(by, Permission.VOLUNTEER_CONTACT, assignment.volunteer):
        raise PermissionDenied
    return assignment


def _do(request: HttpRequest, pk: int, service: "Callable[..., Volunteer]", told: str) -> HttpResponse:
    by: User = user_of(request)
    try:
        service(volunteer=editable(request, pk), by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, told)
    return redirect("volunteer", pk=pk)
