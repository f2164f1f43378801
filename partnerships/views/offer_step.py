"""What is done to an offer: pause, again, end; what is asked of volunteers; and the sheet on paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import user_of
from partnerships.forms.offer import OfferEndForm, OfferPauseForm, RequirementForm, RequirementOutForm
from partnerships.models import Offer, OfferRequirement, RequirementKind, TaskCheck
from partnerships.selectors.offer import offer_page, requirements_of, with_sides
from partnerships.selectors.task_check import checks_of
from partnerships.selectors.words import municipality_name
from partnerships.services.offer import offer_end, offer_pause, offer_resume
from partnerships.services.offer_requirement import (
    offer_requirement_add,
    offer_requirement_remove,
    offer_requirements_from,
)
from partnerships.views.offer import crumbs, editable
from samskaping.accounts.permissions import Permission
from samskaping.core import pdf
from samskaping.core.errors import DomainError
from samskaping.press.keeper import PressAway


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = OfferPauseForm(request.POST or None)

    def step(data: dict[str, Any]) -> object:
        return offer_pause(offer=found, by=user_of(request), **data)

    lead = _("Gangene tas ut av kalenderen, og alle det gjelder, får beskjed.")
    return _step(request, found, form, step, _("Sett på pause"), lead)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = OfferEndForm(request.POST or None, today=timezone.localdate())

    def step(data: dict[str, Any]) -> object:
        return offer_end(offer=found, by=user_of(request), **data)

    lead = _("Alle det gjelder, får beskjed. Det som er skrevet, står igjen, og det kan tas opp senere.")
    return _step(request, found, form, step, _("Avslutt tilbudet"), lead)


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    try:
        offer_resume(offer=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Tilbudet er i gang igjen, og alle det gjelder, får vite det."))
    return redirect("offer", pk=found.pk)


# --- Requirements ---------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, why, what was taken away and why; and one more."""
    found, by = editable(request, pk), user_of(request)
    form = RequirementForm(
        request.POST or None, kinds=RequirementKind.objects.for_municipality(found.municipality)
    )
    if request.method == "POST" and form.is_valid():
        try:
            offer_requirement_add(offer=found, by=by, **form.cleaned_data)
        except DomainError as error:
            form.add_error("kind", str(error.sentence))
        else:
            messages.success(request, _("Kravet er lagt til."))
            return redirect("offer_requirements", pk=found.pk)
    removed = found.requirements.exclude(removed_at=None).select_related("kind").order_by("-removed_at")
    context = {
        "offer": found,
        "form": form,
        "requirements": requirements_of(found),
        "removed": removed,
        "checks": [
            check
            for check in checks_of(found.partnership).prefetch_related("requirements")
            if check.requirements.all()
        ],
        "breadcrumbs": crumbs(found, _("Krav til frivillige")),
    }
    return render(request, "partnerships/offer/requirements.html", context)


@login_required
@require_POST
def requirements_take(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """Those «Kan frivillige gjøre dette?» gave."""
    found, by = editable(request, pk), user_of(request)
    source = get_visible(by, TaskCheck, pk=check, partnership=found.partnership_id)
    count = offer_requirements_from(offer=found, task_check=source, by=by)
    messages.success(
        request, _("Kravene er hentet.") if count else _("Alle kravene er med, eller er tatt bort med vilje.")
    )
    return redirect("offer_requirements", pk=found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirement_out(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    rows = OfferRequirement.objects.select_related("offer__partnership", "kind")
    found = get_for(by, Permission.OFFER_EDIT, rows, pk=pk)
    form = RequirementOutForm(request.POST or None)

    def step(data: dict[str, Any]) -> object:
        return offer_requirement_remove(requirement=found, by=by, **data)

    title = _("Ta bort kravet «%(kind)s»") % {"kind": found.kind}
    lead = _("Grunnen blir stående, så andre kan se hvorfor.")
    return _step(request, found.offer, form, step, title, lead, back="offer_requirements")


# --- «Dette kan du vente deg» -----------------------------------------------------------------------------
@login_required
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A5, for who comes, for the volunteer and for the place: to look at, and to print from the browser."""
    found = _seen(request, pk)
    context = {
        "page": offer_page(found, user_of(request)),
        "offer": found,
        "sender": municipality_name(found.municipality),
        "breadcrumbs": crumbs(found, _("Dette kan du vente deg")),
    }
    return render(request, "partnerships/offer/sheet.html", context)


@login_required
@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    found = _seen(request, pk)
    context = {
        "page": offer_page(found, user_of(request)),
        "offer": found,
        "sender": municipality_name(found.municipality),
    }
    try:
        content = pdf.render("offer", context, language=get_language() or "nb", title=found.title)
    except (pdf.PdfRefused, PressAway):
        messages.error(request, _("Vi klarte ikke å lage arket nå. Prøv igjen om litt."))
        return redirect("offer_sheet", pk=found.pk)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="dette-kan-du-vente-deg.pdf"'
    return response


def _seen(request: HttpRequest, pk: int) -> Offer:
    return get_visible(user_of(request), with_sides(Offer.objects.all()), pk=pk)


def _step(
    request: HttpRequest,
    found: Offer,
    form: Any,
    step: Any,
    title: str,
    lead: str,
    *,
    back: str = "offer",
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            step(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect(back, pk=found.pk)
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)
