"""«Dette er vi enige om» of one partnership: its page, the writing, everybody's yes, older versions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import user_of
from partnerships.forms.understanding import ObjectionForm, SideForm, TogetherForm
from partnerships.models import Partnership, PartnershipParty, Understanding
from partnerships.models.understanding import UnderstandingState
from partnerships.selectors.history import history_of
from partnerships.selectors.partnership import may_work
from partnerships.selectors.sides import side_name, sides_of, speaking
from partnerships.selectors.understanding import (
    LINES,
    compare,
    side_views,
    signed_sides,
    standing_of,
    status_of,
    version_of,
    versions_of,
)
from partnerships.services.understanding import (
    understanding_confirm,
    understanding_object,
    understanding_propose,
    understanding_side_write,
    understanding_write,
)
from partnerships.views.partnership import crumbs
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_safe
def understanding(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = get_visible(user_of(request), Partnership, pk=pk)
    standing = standing_of(partnership)
    sides = side_views(partnership, standing.latest, user_of(request))
    context = {
        "partnership": partnership,
        "understanding": standing.latest,
        "agreed": standing.agreed if standing.work else None,
        "status": status_of(standing.latest),
        "sides": sides,
        "waiting_for": ", ".join(side.name for side in sides if side.awaited),
        "may_edit": may_work(partnership, user_of(request)),
        "is_draft": standing.work is not None and standing.work.state == UnderstandingState.DRAFT,
        "breadcrumbs": _crumbs(partnership),
    }
    return render(request, "partnerships/understanding/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = _editable(request, pk)
    latest = standing_of(partnership).latest
    form = TogetherForm(
        request.POST or None,
        version=latest.version if latest else 0,
        initial={name: getattr(latest, name) for name in LINES} if latest else {},
    )
    if request.method == "POST" and form.is_valid():
        by, changes = user_of(request), form.changes()

        def save(version: int) -> Understanding:
            return understanding_write(partnership=partnership, version=version, changes=changes, by=by)

        try:
            if not form.has_changed() or form.saved_by(save, by):
                return redirect("understanding", pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {
        "form": form,
        "begins_new": latest is not None and latest.state == UnderstandingState.AGREED,
        "breadcrumbs": _crumbs(partnership, _("Dette skal vi")),
    }
    return render(request, "partnerships/understanding/together.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def side(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    partnership, found = _own_side(request, pk, party)
    standing = standing_of(partnership)
    latest = standing.latest
    row = next((one for one in latest.sides.all() if one.party_id == party), None) if latest else None
    form = SideForm(
        request.POST or None,
        version=row.version if row else 0,
        number=_number(standing.agreed, standing.work),
        initial={"wishes": row.wishes, "gains": row.gains} if row else {},
    )
    if request.method == "POST" and form.is_valid():
        by, changes, number = user_of(request), form.changes(), form.cleaned_data["number"]

        def save(version: int) -> object:
            return understanding_side_write(
                party=found, number=number, version=version, changes=changes, by=by
            )

        try:
            if not form.has_changed() or form.saved_by(save, by):
                return redirect("understanding", pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            form.data = _with(form.data, number=_number(standing.agreed, standing.work))
    context = {
        "form": form,
        "name": side_name(found),
        "on_behalf": found.pk in speaking(user_of(request), [found]).behalf,
        "breadcrumbs": _crumbs(partnership, side_name(found)),
    }
    return render(request, "partnerships/understanding/side.html", context)


@login_required
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = _editable(request, pk)
    try:
        work = understanding_propose(partnership=partnership, version=_version(request), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        if work.state == UnderstandingState.AGREED:
            messages.success(request, _("Dere er enige."))
        else:
            messages.success(request, _("De andre får beskjed, og kan bekrefte eller si hva de ønsker."))
    return redirect("understanding", pk)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    _partnership, found = _own_side(request, pk, party)
    try:
        work = understanding_confirm(party=found, version=_version(request), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        agreed = work.state == UnderstandingState.AGREED
        messages.success(request, _("Alle har bekreftet. Dere er enige.") if agreed else _("Bekreftet."))
    return redirect("understanding", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, pk: int, party: int) -> HttpResponse:
    partnership, found = _own_side(request, pk, party)
    work = standing_of(partnership).work
    form = ObjectionForm(request.POST or None, initial={"version": work.version if work else 0})
    if request.method == "POST" and form.is_valid():
        try:
            understanding_object(
                party=found,
                version=form.cleaned_data["version"],
                words=form.cleaned_data["words"],
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            form.data = _with(form.data, version=work.version if work else 0)
        else:
            messages.success(request, _("De andre ser nå hva dere ønsker."))
            return redirect("understanding", pk)
    context = {
        "form": form,
        "understanding": work,
        "breadcrumbs": _crumbs(partnership, _("Ønsk noe annerledes")),
    }
    return render(request, "partnerships/understanding/objection.html", context)


@login_required
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions, and two of them beside each other: ?fra=1&til=2, or the last two."""
    partnership = get_visible(user_of(request), Partnership, pk=pk)
    found = versions_of(partnership)
    by_number = {one.number: one for one in found}
    newer = by_number.get(_asked(request, "til")) or (found[0] if found else None)
    older = by_number.get(_asked(request, "fra")) or (
        by_number.get(newer.number - 1) if newer is not None else None
    )
    context = {
        "partnership": partnership,
        "versions": [(one, status_of(one)) for one in found],
        "older": older,
        "newer": newer,
        "compared": compare(older, newer) if older is not None and newer is not None else [],
        "history": history_of(newer, user_of(request)) if newer is not None and _reads(request) else None,
        "breadcrumbs": _crumbs(partnership, _("Versjoner")),
    }
    return render(request, "partnerships/understanding/versions.html", context)


@login_required
@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version on one page, to read and to print. Raises Http404 when there is none."""
    partnership = get_visible(user_of(request), Partnership, pk=pk)
    found = version_of(partnership, number)
    if found is None:
        raise Http404
    context = {
        "partnership": partnership,
        "understanding": found,
        "status": status_of(found),
        "sides": signed_sides(found),
        "breadcrumbs": _crumbs(partnership, _("Versjon %(number)s") % {"number": number}),
    }
    return render(request, "partnerships/understanding/version.html", context)


def _editable(request: HttpRequest, pk: int) -> Partnership:
    return get_for(user_of(request), Permission.PARTNERSHIP_EDIT, Partnership, pk=pk)


def _own_side(request: HttpRequest, pk: int, party: int) -> tuple[Partnership, PartnershipParty]:
    """Raises Http404 for a side that is not in, PermissionDenied for one she does not speak for."""
    partnership = get_visible(user_of(request), Partnership, pk=pk)
    parties = sides_of(partnership)
    found = next((one for one in parties if one.pk == party), None)
    if found is None:
        raise Http404
    if not speaking(user_of(request), parties).may(found):
        raise PermissionDenied
    return partnership, found


def _number(agreed: Understanding | None, work: Understanding | None) -> int:
    """The version that is written in: the open one, or the next."""
    if work is not None:
        return work.number
    return agreed.number + 1 if agreed is not None else 1


def _version(request: HttpRequest) -> int:
    """What she read, as the button says; something else than a number is no version of anything."""
    return _whole_number(request.POST.get("version", ""), -1)


def _asked(request: HttpRequest, name: str) -> int:
    return _whole_number(request.GET.get(name, ""), 0)


def _whole_number(typed: str, otherwise: int) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else otherwise


def _reads(request: HttpRequest) -> bool:
    return access_of(user_of(request)).may(Permission.HISTORY_READ)


def _with(data: Any, **fields: Any) -> QueryDict:
    """The typed form with what it is about as it stands now, so that the next press is made knowing it."""
    changed: QueryDict = data.copy()
    for name, value in fields.items():
        changed[name] = str(value)
    return changed


def _crumbs(partnership: Partnership, *last: str) -> list[tuple[str, str]]:
    found = crumbs(partnership, _("Dette er vi enige om"))
    if not last:
        return found
    own = (_("Dette er vi enige om"), reverse("understanding", args=[partnership.pk]))
    return [*found[:-1], own, *((text, "") for text in last)]
