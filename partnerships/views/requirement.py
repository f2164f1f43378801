"""Kinds of requirement, under the settings: ours to read, the municipality's own to add, rename and end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for
from partnerships.current import current_municipality, user_of
from partnerships.forms.requirement import RequirementKindForm
from partnerships.models import RequirementKind
from partnerships.services.requirement import (
    requirement_kind_add,
    requirement_kind_change,
    requirement_kind_end,
)
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality


@login_required
@require_safe
def requirement_kinds(request: HttpRequest) -> HttpResponse:
    municipality = _own(request)
    kinds = RequirementKind.objects.for_municipality(municipality)
    context = {
        "ours": kinds.filter(municipality=None),
        "own": kinds.filter(municipality=municipality),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "partnerships/requirement/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirement_kind_new(request: HttpRequest) -> HttpResponse:
    municipality = _own(request)
    form = RequirementKindForm(request.POST or None, version=0)
    if request.method == "POST" and form.is_valid():
        try:
            requirement_kind_add(municipality=municipality, by=user_of(request), **form.facts())
        except DomainError as error:
            form.add_error("name_nb", str(error.sentence))
        else:
            messages.success(request, _("Kravet er lagt inn."))
            return redirect("requirement_kinds")
    context = {"form": form, "breadcrumbs": _crumbs(_("Nytt krav"))}
    return render(request, "partnerships/requirement/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def requirement_kind_edit(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    kind = get_for(by, Permission.SETTINGS_EDIT, RequirementKind, pk=pk)
    form = RequirementKindForm(request.POST or None, kind=kind, version=kind.version)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> RequirementKind:
            return requirement_kind_change(kind=kind, version=version, changes=form.facts(), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Kravet er lagret."))
                return redirect("requirement_kinds")
        except DomainError as error:
            form.add_error("name_nb", str(error.sentence))
    context = {"form": form, "kind": kind, "breadcrumbs": _crumbs(str(kind))}
    return render(request, "partnerships/requirement/edit.html", context)


@login_required
@require_POST
def requirement_kind_stop(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_for(user_of(request), Permission.SETTINGS_EDIT, RequirementKind, pk=pk)
    requirement_kind_end(kind=kind, by=user_of(request))
    messages.success(request, _("Kravet er tatt ut av bruk. Der det er avgjort, står det fortsatt."))
    return redirect("requirement_kinds")


def _own(request: HttpRequest) -> Municipality:
    """Where she works now, if its settings are hers to change. Raises PermissionDenied."""
    municipality = current_municipality(request)
    reached = access_of(user_of(request)).municipalities_all(Permission.SETTINGS_EDIT)
    if municipality is None or municipality.pk not in reached:
        raise PermissionDenied
    return municipality


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    own = (_("Krav til frivillige"), reverse("requirement_kinds") if last else "")
    return [(_("Innstillinger"), reverse("municipality_settings")), own, *([(last, "")] if last else [])]
