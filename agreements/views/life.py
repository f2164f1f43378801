"""What comes after an agreement is signed: reminded, renewed, withdrawn, archived, listed."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.archive_package import archive_package, document_of
from agreements.certificate import NoCertificate
from agreements.forms.life import RenewForm, WithdrawForm
from agreements.models import Agreement, ArchiveDelivery
from agreements.models.agreement import PERSONAL_KINDS, AgreementOrigin
from agreements.seal import NotSealed
from agreements.selectors.agreement import party_names
from agreements.selectors.side import for_the_town
from agreements.selectors.text import texts_for
from agreements.services.agreement import agreement_remind
from agreements.services.archive import agreement_archive, archive_way
from agreements.services.renewal import agreement_renew, next_days
from agreements.services.withdrawal import agreement_withdraw
from agreements.views.agreement import crumbs
from partnerships.access import get_for
from partnerships.current import user_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import ContentTemplate
from samskaping.core.services.audit import audit_record
from samskaping.press.keeper import PressAway

logger = logging.getLogger(__name__)


@login_required
@require_POST
def put_off(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        agreement_remind(agreement=_hers(request, pk), today=timezone.localdate(), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Vi minner dere på den igjen om en uke."))
    return redirect("agreement", pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _hers(request, pk), user_of(request)
    outside = found.origin == AgreementOrigin.REGISTERED
    form = RenewForm(
        request.POST or None,
        days=next_days(found, timezone.localdate()),
        texts=_texts_like(found, user) if outside else [],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = agreement_renew(
                agreement=found,
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                template=form.chosen_text(),
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(
                request, _("Her er utkastet. Den gamle avtalen gjelder til alle har signert den nye.")
            )
            return redirect("agreement_draft", pk=made.pk)
    context = {
        "agreement": found,
        "form": form,
        "title": _("Forny avtalen"),
        "lead": _(
            "Den nye begynner med det som står i den gamle, og med det dere har blitt enige om siden sist."
        ),
        "breadcrumbs": _crumbs(found, _("Forny")),
    }
    return render(request, "agreements/agreement/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = _hers(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreement_withdraw(agreement=found, because=form.cleaned_data["because"], by=user_of(request))
        except (NoCertificate, NotSealed, PressAway) as error:
            # What is wrong is for those who run the portal; she can only wait.
            logger.error("A withdrawal could not be sealed: %s", type(error).__name__)
            form.add_error(None, _("Vi får ikke laget PDF-en akkurat nå. Prøv igjen om litt."))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Avtalen er trukket tilbake, og alle som har signert, får vite det."))
            return redirect("agreement", pk=pk)
    context = {
        "agreement": found,
        "form": form,
        "title": _("Trekk avtalen tilbake"),
        "lead": _(
            "Avtalen blir ikke slettet. Den får en låst beskjed ved siden av seg om at den ikke gjelder "
            "lenger, og «Er denne avtalen ekte?» sier det samme."
        ),
        "breadcrumbs": _crumbs(found, _("Trekk tilbake")),
    }
    return render(request, "agreements/agreement/form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """What the archive gets, what it has had, and the button."""
    found = _towns(request, pk)
    if request.method == "POST":
        try:
            agreement_archive(agreement=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Avtalen er på vei til arkivet. Kvitteringen kommer på denne siden."))
        return redirect("agreement_archive", pk=pk)
    context = {
        "agreement": found,
        "parties": party_names(found),
        "way": archive_way(),
        "is_ready": document_of(found) is not None,
        "deliveries": ArchiveDelivery.objects.filter(agreement=found).select_related("asked_by"),
        "breadcrumbs": _crumbs(found, _("Til arkivet")),
    }
    return render(request, "agreements/agreement/archive.html", context)


@login_required
@require_POST
def archive_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same package, for whoever puts it into the archive by hand. The trace keeps that it was taken."""
    found = _towns(request, pk)
    try:
        package = archive_package(found)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("agreement_archive", pk=pk)
    audit_record("agreement_package_taken", found, by=user_of(request))
    response = HttpResponse(package.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{package.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _texts_like(agreement: Agreement, user: User) -> list[ContentTemplate]:
    """Between parties, or with one person; its own kind first."""
    personal = agreement.kind in PERSONAL_KINDS
    found = [
        text
        for text in texts_for(agreement.municipality, user)
        if (text.data["agreement_kind"] in PERSONAL_KINDS) is personal
    ]
    return sorted(found, key=lambda text: text.data["agreement_kind"] != agreement.kind)


def _hers(request: HttpRequest, pk: int) -> Agreement:
    rows = Agreement.objects.with_parties().select_related(
        "municipality__settings", "template", "partnership"
    )
    return get_for(user_of(request), Permission.AGREEMENT_DRAFT, rows, pk=pk)


def _towns(request: HttpRequest, pk: int) -> Agreement:
    """As hers; the archive is the municipality's, and no other party's to send to."""
    found = _hers(request, pk)
    if not for_the_town(found, user_of(request)):
        raise PermissionDenied
    return found


def _crumbs(found: Agreement, last: str) -> list[tuple[str, str]]:
    return crumbs((found.title, reverse("agreement", args=[found.pk])), (last, ""))
