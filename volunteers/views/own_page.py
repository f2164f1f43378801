"""What a volunteer does on Min side: says who she is, answers, pauses, comes back, and ends."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.current import user_of
from partnerships.selectors.words import sender_name
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from volunteers.access import herself, own_talk, volunteer_for
from volunteers.documents import confirmation, month_sheet
from volunteers.forms.own_page import OwnEndForm, OwnForm, OwnPauseForm
from volunteers.models import Volunteer
from volunteers.models.volunteer import LeavingReason, VolunteerState
from volunteers.selectors.confirmation import PARTS
from volunteers.selectors.own_page import month_first, own_volunteers
from volunteers.services.care import care_talk_answer
from volunteers.services.own_page import own_change, own_end
from volunteers.services.volunteer import volunteer_pause, volunteer_return
from volunteers.views.care import chosen
from volunteers.views.documents import pdf_response


def crumbs(*last: str) -> list[tuple[str, str]]:
    return [(_("Min side"), reverse("my_page")), *((text, "") for text in last)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = _here(request, pk)
    form = OwnForm(request.POST or None, volunteer=found)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            hides = form.cleaned_data["hide_contact"]
            return own_change(
                volunteer=found, hide_contact=hides, changes=form.changes(), version=version, by=user
            )

        if form.saved_by(save, user):
            messages.success(request, _("Lagret."))
            return redirect("my_page")
    title = _("Om meg som frivillig")
    lead = _("Fyll ut det du vil. %(who)s bruker det til å finne noe som passer for deg.") % {
        "who": sender_name(found.person)
    }
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(title)}
    return render(request, "volunteers/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = _here(request, pk)
    form = OwnPauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            volunteer_pause(volunteer=found, until=form.cleaned_data["until"], by=user_of(request))
        except DomainError as error:
            form.add_error("until", str(error.sentence))
        else:
            messages.success(request, _("Du har pause. Vi maser ikke, og plassen din venter på deg."))
            return redirect("my_page")
    title = _("Ta en pause")
    lead = _(
        "Alle trenger pause iblant. Du får ingen spørsmål om å komme mens den varer, og ingen spør hvorfor."
    )
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(title)}
    return render(request, "volunteers/form.html", context)


@login_required
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    found = herself(user_of(request), pk=pk)
    try:
        volunteer_return(volunteer=found, by=user_of(request))
    except DomainError as error:
        messages.info(request, str(error.sentence))
    else:
        messages.success(request, _("Velkommen tilbake!"))
    return redirect("my_page")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _here(request, pk)
    form = OwnEndForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            own_end(
                volunteer=found,
                on=form.cleaned_data["on"],
                reason=LeavingReason(reason) if reason else None,
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error("on", str(error.sentence))
        else:
            return redirect("own_goodbye", pk=found.pk)
    title = _("Slutte som frivillig")
    lead = _(
        "Du avslutter hos %(who)s. Trenger du bare litt fri, kan du ta en pause i stedet. "
        "Du kan alltid komme tilbake."
    ) % {"who": sender_name(found.person)}
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(title)}
    return render(request, "volunteers/form.html", context)


@login_required
@require_safe
def goodbye(request: HttpRequest, pk: int) -> HttpResponse:
    """Thanks, what she takes with her, and the way back."""
    found = herself(user_of(request), pk=pk)
    if found.state != VolunteerState.ENDED:
        return redirect("my_page")
    context = {
        "volunteer": found,
        "controller": sender_name(found.person),
        "breadcrumbs": crumbs(_("Takk for innsatsen")),
    }
    return render(request, "volunteers/own/goodbye.html", context)


@login_required
@require_POST
def talk_answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = own_talk(user_of(request), pk)
    try:
        care_talk_answer(step=found, suits=request.POST.get("answer") == "yes", by=None)
    except DomainError as error:
        messages.info(request, str(error.sentence))
    else:
        messages.success(request, _("Takk for svaret."))
    return redirect("my_page")


# --- What she takes along ---------------------------------------------------------------------------------
@login_required
@require_safe
def confirm_choose(request: HttpRequest, pk: int) -> HttpResponse:
    found = herself(user_of(request), pk=pk)
    title = _("Bekreftelse på frivillig innsats")
    context = {
        "volunteer": found,
        "parts": PARTS,
        "own": True,
        "controller": sender_name(found.person),
        "pdf": reverse("own_confirmation_pdf", args=[found.pk]),
        "breadcrumbs": crumbs(title),
    }
    return render(request, "volunteers/confirmation/choose.html", context)


@login_required
@require_safe
def confirm_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    found = herself(user_of(request), pk=pk)
    return pdf_response(request, lambda: confirmation(found, chosen(request)), "bekreftelse")


@login_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """On one A4, for the fridge."""
    hers = own_volunteers(user_of(request))
    if not hers:
        raise Http404
    return _month(request, hers)


@login_required
@require_safe
def month_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Of one who has no account, to be posted or handed over."""
    return _month(request, [volunteer_for(user_of(request), Permission.VOLUNTEER_CONTACT, pk=pk)])


def _month(request: HttpRequest, volunteers: list[Volunteer]) -> HttpResponse:
    first = month_first(request.GET.get("maned", ""), timezone.localdate())
    return pdf_response(request, lambda: month_sheet(volunteers, first), "maneden-min")


def _here(request: HttpRequest, pk: int) -> Volunteer:
    """Hers, while she is with us. Raises Http404."""
    found = herself(user_of(request), pk=pk)
    if found.state == VolunteerState.ENDED:
        raise Http404
    return found
