"""The sections of a draft, and what stands empty in it: worded, suggested, left out, skipped."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms.draft import ReasonForm, SectionForm
from agreements.models import Agreement, AgreementSection
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.draft import hints_of, label_of, party_of, writes_freely
from agreements.services.draft import gap_reopen, gap_skip, section_add, section_leave_out, section_write
from agreements.services.suggestion import suggestion_make
from agreements.views.draft import under, writable
from partnerships.current import user_of
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    agreement = writable(request, pk)
    found = _section(agreement, section)
    writes = writes_freely(agreement)
    form = SectionForm(request.POST or None, section=found, writes=writes)
    if request.method == "POST" and form.is_valid():
        try:
            if writes:
                words, by = form.words(), user_of(request)
                saved = form.saved_by(
                    lambda version: section_write(section=found, version=version, by=by, **words), by
                )
            else:
                _suggest(request, agreement, found, **form.words(), comment=form.cleaned_data["comment"])
                saved = True
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if saved:
                return redirect(f"{reverse('agreement_draft', args=[pk])}#punkt-{found.pk}")
    return _section_page(request, agreement, found, form, found.heading or _("Innledning"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_new(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = writable(request, pk)
    writes = writes_freely(agreement)
    form = SectionForm(request.POST or None, section=None, writes=writes)
    if request.method == "POST" and form.is_valid():
        try:
            if writes:
                section_add(agreement=agreement, by=user_of(request), **form.words())
            else:
                _suggest(request, agreement, None, **form.words(), comment=form.cleaned_data["comment"])
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("agreement_draft", pk=pk)
    return _section_page(request, agreement, None, form, _("Nytt punkt"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def section_out(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Left out of the agreement, with a reason the others see."""
    agreement = writable(request, pk)
    found = _section(agreement, section)
    form = ReasonForm(request.POST or None, button=_("Ta ut punktet"))
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        try:
            if writes_freely(agreement):
                section_leave_out(section=found, version=found.version, because=because, by=user_of(request))
            else:
                _suggest(request, agreement, found, heading=found.heading, text="", comment=because)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("agreement_draft", pk=pk)
    title = _("Ta ut «%(heading)s»") % {"heading": found.heading or _("Innledning")}
    return _reason_page(request, agreement, form, title)


@login_required
@require_POST
def section_back(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Into the agreement again, as it was worded."""
    agreement = writable(request, pk)
    found = _section(agreement, section)
    try:
        if writes_freely(agreement):
            section_leave_out(section=found, version=found.version, because="", by=user_of(request))
        else:
            _suggest(request, agreement, found, heading=found.heading, text=found.text, comment="")
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return redirect("agreement_draft", pk=pk)


# --- What stands empty --------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gap(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """«Hopp over fordi …»."""
    agreement = writable(request, pk)
    if name not in PLACEHOLDERS and name not in {each.key for each in agreement.sections.all() if each.key}:
        raise Http404
    form = ReasonForm(request.POST or None, button=_("La det stå tomt"))
    if request.method == "POST" and form.is_valid():
        try:
            gap_skip(
                agreement=agreement, name=name, because=form.cleaned_data["because"], by=user_of(request)
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("agreement_draft", pk=pk)
    title = _("Hopp over «%(what)s»") % {"what": label_of(name, agreement)}
    lead = _("Avsnittet det står i, kommer ikke med. De andre ser hvorfor.")
    return _reason_page(request, agreement, form, title, lead)


@login_required
@require_POST
def gap_back(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    try:
        gap_reopen(agreement=writable(request, pk), name=name, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    return redirect("agreement_draft", pk=pk)


# --- What these have in common ---------------------------------------------------------------------------
def _section(agreement: Agreement, pk: int) -> AgreementSection:
    found: AgreementSection | None = next((each for each in agreement.sections.all() if each.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _suggest(
    request: HttpRequest,
    agreement: Agreement,
    section: AgreementSection | None,
    *,
    heading: str,
    text: str,
    comment: str,
) -> None:
    party = party_of(agreement, user_of(request))
    if party is None:
        raise DomainError(_("Du skriver ikke for noen av partene i avtalen."))
    suggestion_make(
        agreement=agreement,
        section=section,
        party=party,
        heading=heading,
        text=text,
        comment=comment,
        by=user_of(request),
    )
    messages.success(request, _("Forslaget står ved siden av teksten. De andre får beskjed."))


def _section_page(
    request: HttpRequest, agreement: Agreement, found: AgreementSection | None, form: Any, title: str
) -> HttpResponse:
    context = {
        "agreement": agreement,
        "section": found,
        "form": form,
        "title": title,
        "writes": writes_freely(agreement),
        "hint": hints_of(agreement).get(found.key, "") if found else "",
        "names": [(f"{{{name}}}", label) for name, label in PLACEHOLDERS.items()],
        "breadcrumbs": under(agreement, title),
    }
    return render(request, "agreements/draft/section.html", context)


def _reason_page(
    request: HttpRequest, agreement: Agreement, form: Any, title: str, lead: str = ""
) -> HttpResponse:
    context = {
        "agreement": agreement,
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumbs": under(agreement, title),
    }
    return render(request, "agreements/draft/reason.html", context)
