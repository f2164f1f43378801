"""The sides of a partnership: asking, answering, leaving, and whom to ring."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import get_for, get_visible
from partnerships.current import current_municipality, user_of
from partnerships.forms.party import AnswerForm, ContactForm, NeighbourAnswerForm, PartyAskForm
from partnerships.models import Contact, NeighbourAsk, Organisation, Partnership, PartnershipParty
from partnerships.selectors.partnership import owner_name
from partnerships.selectors.partnership_start import Actors
from partnerships.services.actor import actor_find_or_add
from partnerships.services.contact import contact_add, contact_remove
from partnerships.services.party import (
    may_speak_for,
    may_take_out,
    neighbour_answer,
    neighbour_ask,
    neighbour_withdraw,
    party_answer,
    party_ask,
    party_leave,
)
from partnerships.views.partnership import crumbs, editable
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def party_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    by, town = user_of(request), current_municipality(request) or found.municipality
    actors = Actors(by, town)
    form = PartyAskForm(request.POST or None, actors=actors, owner=found.municipality)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["municipality"]:
                neighbour_ask(
                    partnership=found,
                    municipality=data["municipality"],
                    name=data["name"],
                    words=data["words"],
                    by=by,
                )
            else:
                actor = data["actor"] or actor_find_or_add(
                    Organisation, municipality=town, name=data["name"], by=by
                )
                party_ask(partnership=found, actor=actor, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("%(name)s er spurt.") % {"name": data["name"]})
            return redirect("partnership", pk=found.pk)
    context = {"form": form, "names": actors.names, "breadcrumbs": crumbs(found, _("Ny part"))}
    return render(request, "partnerships/party/ask.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def party_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, to the side that is asked: what it is, who is in, yes or no."""
    parties = PartnershipParty.objects.select_related(
        "unit", "centre", "organisation", "partnership__municipality__settings"
    ).filter(accepted_at=None, declined_at=None)
    party: PartnershipParty = get_visible(user_of(request), parties, pk=pk)
    if not may_speak_for(user_of(request), party):
        raise PermissionDenied
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        yes = "yes" in request.POST
        try:
            party_answer(party=party, yes=yes, words=form.cleaned_data["words"], by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Takk. De andre partene får vite det."))
        return _after_answer(request, party.partnership)
    return _question(request, form, party.partnership, asked=party.actor.name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def neighbour_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """The question from next door, to those who answer for the whole municipality."""
    by = user_of(request)
    asks = NeighbourAsk.objects.select_related(
        "asked_municipality", "partnership__municipality__settings"
    ).filter(answered_at=None)
    ask = get_visible(by, asks, pk=pk)
    actors = Actors(by, ask.asked_municipality)
    if not actors.whole:
        raise PermissionDenied
    form = NeighbourAnswerForm(request.POST or None, actors=actors, asked_for=ask.name)
    if request.method == "POST" and form.is_valid():
        yes = "yes" in request.POST
        actor = form.chosen() if yes else None
        if yes and actor is None:
            form.add_error("actor", _("Velg hvem hos dere det er."))
            return _question(request, form, ask.partnership, asked=ask.name, words=ask.words)
        try:
            neighbour_answer(ask=ask, actor=actor, words=form.cleaned_data["words"], by=by)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Takk. De andre partene får vite det."))
        return _after_answer(request, ask.partnership)
    return _question(request, form, ask.partnership, asked=ask.name, words=ask.words)


@login_required
@require_POST
def neighbour_back(request: HttpRequest, pk: int) -> HttpResponse:
    ask = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, NeighbourAsk, pk=pk)
    _tried(
        request, lambda: neighbour_withdraw(ask=ask, by=user_of(request)), _("Spørsmålet er trukket tilbake.")
    )
    return redirect("partnership", pk=ask.partnership_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def party_out(request: HttpRequest, pk: int) -> HttpResponse:
    party = _party(request, pk)
    if not may_take_out(user_of(request), party):
        raise PermissionDenied
    # A body with nothing in it is a press of the button, too.
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _("%(name)s er ikke med lenger.") % {"name": party.actor.name}
        words = form.cleaned_data["words"]
        _tried(request, lambda: party_leave(party=party, words=words, by=user_of(request)), done)
        return _after_answer(request, party.partnership)
    context = {
        "form": form,
        "party": party,
        "breadcrumbs": crumbs(party.partnership, party.actor.name),
    }
    return render(request, "partnerships/party/out.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    party = _party(request, pk)
    if not may_speak_for(user_of(request), party):
        raise PermissionDenied
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            contact_add(party=party, by=user_of(request), **data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Kontakten er lagt til."))
            return redirect("partnership", pk=party.partnership_id)
    context = {
        "form": form,
        "party": party,
        "breadcrumbs": crumbs(party.partnership, _("Ny kontakt")),
    }
    return render(request, "partnerships/party/contact.html", context)


@login_required
@require_POST
def contact_out(request: HttpRequest, pk: int) -> HttpResponse:
    contacts = Contact.objects.filter(party__isnull=False).select_related("party__partnership")
    contact = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, contacts, pk=pk)
    party = contact.party
    _tried(
        request, lambda: contact_remove(contact=contact, by=user_of(request)), _("Kontakten er tatt bort.")
    )
    return redirect("partnership", pk=party.partnership_id if party else 0)


def _party(request: HttpRequest, pk: int) -> PartnershipParty:
    """A side that is in or asked, for those who run the partnership. Raises Http404 and PermissionDenied."""
    parties = PartnershipParty.objects.filter(left_on=None, declined_at=None).select_related(
        "unit", "centre", "organisation", "partnership__municipality__settings"
    )
    party: PartnershipParty = get_visible(user_of(request), parties, pk=pk)
    editable(request, party.partnership_id)
    return party


def _question(
    request: HttpRequest, form: AnswerForm, found: Partnership, *, asked: str, words: str = ""
) -> HttpResponse:
    parties = found.parties.taking_part().select_related("unit", "centre", "organisation")
    context = {
        "form": form,
        "partnership": found,
        "owner": owner_name(found),
        "asked": asked,
        "words": words,
        "parties": [party.actor.name for party in parties],
    }
    return render(request, "partnerships/party/answer.html", context)


def _after_answer(request: HttpRequest, found: Partnership) -> HttpResponse:
    """To the partnership, where she sees it now; a no, or having left, leads back to the list."""
    seen = Partnership.objects.visible_to(user_of(request)).filter(pk=found.pk).exists()
    return redirect("partnership", pk=found.pk) if seen else redirect("partnerships")


def _tried(request: HttpRequest, step: Any, done: str) -> None:
    try:
        step()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, done)
