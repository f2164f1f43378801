"""One person as those who work with her see her: how to reach her, her roles, and her rights."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for
from partnerships.current import user_of
from partnerships.forms.person import PersonForm, RefuseForm
from partnerships.models import ErasureRequest, Person
from partnerships.selectors.history import history_of
from partnerships.selectors.person import may_keep, person_page
from partnerships.services.privacy import (
    MayNotErase,
    erasure_obstacle,
    erasure_refuse,
    person_change,
    person_erase,
    person_export_ask,
    person_hold,
)
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.privacy import erasure_plan
from samskaping.core.services.audit import audit_opened, audit_record

JOINED = ("municipality__settings", "controller_organisation", "controller_centre", "user")


def _kept(request: HttpRequest, pk: int) -> Person:
    """Somebody whose data are hers to answer for. Raises Http404 or PermissionDenied."""
    people = Person.objects.select_related(*JOINED)
    person: Person = get_for(user_of(request), Permission.PERSON_READ, people, pk=pk)
    if not may_keep(user_of(request), person):
        raise PermissionDenied
    return person


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    found: Person = get_for(
        user_of(request), Permission.PERSON_READ, Person.objects.select_related(*JOINED), pk=pk
    )
    return render(request, "partnerships/person/detail.html", _page(request, found))


@never_cache
@login_required
@require_POST
def contact_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Hidden contact details, to who answers for them, once, and it is noted."""
    found = _kept(request, pk)
    audit_record("contact_shown", found, by=user_of(request))
    context = {**_page(request, found), "shows_contact": True}
    return render(request, "partnerships/person/detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    if found.hide_contact:
        audit_opened("contact_shown", found, by=user_of(request))
    form = PersonForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            person_change(person=found, changes=form.changes(), by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Opplysningene er lagret."))
            return redirect("person", pk)
    context = {"form": form, "person": found, "breadcrumbs": _crumbs(found, _("Endre"))}
    return render(request, "partnerships/person/edit.html", context)


@login_required
@require_POST
def person_export(request: HttpRequest, pk: int) -> HttpResponse:
    person_export_ask(person=_kept(request, pk), by=user_of(request))
    messages.success(request, _("Kopien lages nå. Den ligger her om et øyeblikk."))
    return redirect("person", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_holding(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept(request, pk)
    holds = found.held_since is None
    if request.method == "POST":
        # What the page asked, not the opposite of what is now: a second press changes nothing.
        hold = request.POST.get("hold") == "1"
        person_hold(person=found, hold=hold, by=user_of(request))
        messages.success(
            request,
            _("Opplysningene holdes tilbake fra sletting.")
            if hold
            else _("Opplysningene slettes igjen som vanlig."),
        )
        return redirect("person", pk)
    context = {
        "title": _("Hold opplysningene tilbake?") if holds else _("La opplysningene slettes som vanlig?"),
        "text": _(
            "Bruk det når en klage, en sak eller en kontroll trenger opplysningene. Skriv ikke grunnen her."
        )
        if holds
        else _("Da gjelder lagringstidene igjen fra i natt."),
        "action": _("Hold tilbake") if holds else _("Opphev"),
        "fields": [("hold", "1" if holds else "0")],
        "cancel_url": reverse("person", args=[pk]),
        "breadcrumbs": _crumbs(found, _("Sletting")),
    }
    return render(request, "confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_erasing(request: HttpRequest, pk: int) -> HttpResponse:
    """First what would happen, then the button."""
    found = _kept(request, pk)
    obstacle = erasure_obstacle(found)
    if request.method == "POST" and not obstacle:
        try:
            person_erase(person=found, by=user_of(request))
        except MayNotErase as error:
            obstacle = str(error.sentence)
        else:
            messages.success(request, _("Opplysningene er slettet."))
            return redirect("members" if access_of(user_of(request)).memberships else "home")
    context = {
        "person": found,
        "obstacle": obstacle,
        "plan": erasure_plan(found),
        "breadcrumbs": _crumbs(found, _("Slett")),
    }
    return render(request, "partnerships/person/erase.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erasure_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Her wish: erase, or say why not."""
    asked: ErasureRequest = get_for(
        user_of(request),
        Permission.PRIVACY_MANAGE,
        ErasureRequest.objects.select_related(*(f"person__{name}" for name in JOINED), "municipality"),
        pk=pk,
    )
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erasure_refuse(request=asked, because=form.cleaned_data["because"], by=user_of(request))
        except StateChanged as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Svaret er på vei til personen."))
            return redirect("person", asked.person_id)
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "person": asked.person,
        "breadcrumbs": _crumbs(asked.person, _("Ønske om sletting")),
    }
    return render(request, "partnerships/person/refuse.html", context)


def _page(request: HttpRequest, person: Person) -> dict[str, Any]:
    context = person_page(person, user_of(request))
    if access_of(user_of(request)).may(Permission.MEMBER_MANAGE):
        context["breadcrumbs"] = [(_("Hvem har tilgang"), reverse("members")), (person.name, "")]
    if context["keeps"]:
        context["history"] = history_of(person, user_of(request))
    return context


def _crumbs(person: Person, last: str) -> list[tuple[str, str]]:
    return [(person.name, reverse("person", args=[person.pk])), (last, "")]
