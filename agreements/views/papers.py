"""Sending a volunteer her papers: one press on her page, or a look at what is sent first."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.forms.papers import PapersForm
from agreements.models.agreement import AgreementKind
from agreements.selectors.batch import sides_for
from agreements.selectors.envelope import signers_of
from agreements.selectors.papers import (
    begun_kinds,
    declaration_for,
    of_kind,
    offers_of,
    on_paper,
    partnership_of,
    side_of,
)
from agreements.selectors.text import texts_for
from agreements.services.papers import Signs, papers_send
from partnerships.access import access_of
from partnerships.current import current_membership, user_of
from partnerships.models import Partnership
from partnerships.selectors.actor_names import Actor
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.pdf import PdfRefused
from samskaping.press.keeper import PressAway
from volunteers.access import volunteer_for
from volunteers.models import Volunteer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """`at_once`: from her page, with what is proposed here; what is missing is then asked for."""
    user = user_of(request)
    volunteer = volunteer_for(user, Permission.VOLUNTEER_CONTACT, pk=pk)
    membership = current_membership(request)
    if membership is None or not access_of(user).may(Permission.AGREEMENT_DRAFT):
        raise PermissionDenied
    form, partnership = _form(request, volunteer, sides_for(user, membership), user)
    if request.method == "POST" and form.is_valid():
        try:
            papers_send(
                volunteer=volunteer,
                texts=form.chosen_texts(),
                side=form.chosen_side(),
                signs=form.chosen_signs(),
                partnership=partnership,
                deadline=form.cleaned_data["deadline"],
                message=form.cleaned_data["message"],
                leave_out=form.cleaned_data["leave_out"],
                by=user,
            )
        except (DomainError, PdfRefused) as error:
            form.add_error(None, str(error.sentence))
        except PressAway:
            form.add_error(None, _("Vi får ikke laget PDF-en akkurat nå. Prøv igjen om litt."))
        else:
            messages.success(request, _said(volunteer))
            return redirect("volunteer", pk=pk)
    context = {
        "volunteer": volunteer,
        "form": form,
        "on_paper": on_paper(volunteer),
        "breadcrumbs": [
            (_("Frivillige"), reverse("volunteers")),
            (volunteer.person.name, reverse("volunteer", args=[pk])),
            (_("Papirer"), ""),
        ],
    }
    return render(request, "agreements/papers/send.html", context)


def _form(
    request: HttpRequest, volunteer: Volunteer, sides: dict[str, Actor], user: User
) -> tuple[PapersForm, Partnership | None]:
    there, begun = offers_of(volunteer), begun_kinds(volunteer)
    texts = [
        text for text in texts_for(volunteer.municipality, user) if text.data["agreement_kind"] not in begun
    ]
    declarations = of_kind(texts, AgreementKind.CONFIDENTIALITY)
    agreements = of_kind(texts, AgreementKind.VOLUNTEER)
    partnership = partnership_of(there, user)
    sent: Any = request.POST if request.method == "POST" else {}
    key = sent.get("side") if sent.get("side") in sides else side_of(volunteer, there, sides)
    side = sides.get(key)
    signers = _signers(side, partnership, user)
    declaration = declaration_for(declarations, side, there)
    proposed: Mapping[str, Any] = {
        "declaration": declaration.key if declaration else "",
        "agreement": agreements[0].key if agreements else "",
        "side": key,
        "signs": str(signers[0].person.pk) if signers else "",
    }
    data = None
    if request.method == "POST":
        data = proposed if "at_once" in sent else sent
    return (
        PapersForm(
            data,
            initial=proposed,
            declarations=declarations,
            agreements=agreements,
            sides=sides,
            signers=signers,
        ),
        partnership,
    )


def _signers(side: Actor | None, partnership: Partnership | None, user: User) -> list[Signs]:
    """Whoever sends them first, where she may sign for that side."""
    if side is None:
        return []
    found: dict[int, Signs] = {}
    for person, role in signers_of(side, partnership.pk if partnership else None):
        found.setdefault(person.pk, Signs(person, role))
    return sorted(found.values(), key=lambda one: one.person.user_id != user.pk)


def _said(volunteer: Volunteer) -> str:
    if on_paper(volunteer):
        return _("Papirene er klare. Skriv dem ut, og før dem her når de er signert.")
    return _("Papirene er sendt til signering.")
