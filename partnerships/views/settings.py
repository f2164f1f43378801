"""The municipality's settings: one calm page, and one for its own words."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import access_of
from partnerships.current import current_municipality, user_of
from partnerships.forms.editing import EditingForm
from partnerships.forms.settings import LogoForm, ModulesForm, SettingsForm, WordsForm
from partnerships.models import MunicipalitySettings
from partnerships.selectors.history import history_of
from partnerships.selectors.settings import settings_for
from partnerships.services.settings import settings_change, settings_change_logo
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.modules import modules
from samskaping.core.services.stored_file import MAX_UPLOAD


def _editable(request: HttpRequest) -> tuple[Municipality, MunicipalitySettings]:
    """The settings of where she works now, if they are hers to change. Raises PermissionDenied."""
    municipality = current_municipality(request)
    reached = access_of(user_of(request)).municipalities_all(Permission.SETTINGS_EDIT)
    if municipality is None or municipality.pk not in reached:
        raise PermissionDenied
    return municipality, settings_for(municipality)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def municipality_settings(request: HttpRequest) -> HttpResponse:
    municipality, settings = _editable(request)
    form = SettingsForm(request.POST or None, instance=settings)
    if request.method == "POST" and form.is_valid() and _save(request, form, municipality, form.changes()):
        messages.success(request, _("Innstillingene er lagret."))
        return redirect("municipality_settings")
    context = {
        "form": form,
        "settings": settings_for(municipality) if form.is_bound else settings,
        "history": history_of(settings, user_of(request)),
        "has_modules": bool(modules.all()),
    }
    return render(request, "partnerships/settings/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    municipality, settings = _editable(request)
    form = WordsForm(request.POST or None, words=settings.words, version=settings.version)
    if (
        request.method == "POST"
        and form.is_valid()
        and _save(request, form, municipality, {"words": form.words()})
    ):
        messages.success(request, _("Ordene er lagret, og brukes fra nå."))
        return redirect("municipality_settings")
    return render(
        request, "partnerships/settings/words.html", {"form": form, "breadcrumbs": _crumbs(_("Egne ord"))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def module_choice(request: HttpRequest) -> HttpResponse:
    """Raises Http404 while no part of the portal has a module to choose."""
    municipality, settings = _editable(request)
    if not modules.all():
        raise Http404
    form = ModulesForm(request.POST or None, chosen=settings.modules, version=settings.version)
    if (
        request.method == "POST"
        and form.is_valid()
        and _save(request, form, municipality, {"modules": form.chosen()})
    ):
        messages.success(request, _("Modulene er lagret."))
        return redirect("municipality_settings")
    return render(
        request, "partnerships/settings/modules.html", {"form": form, "breadcrumbs": _crumbs(_("Moduler"))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def logo(request: HttpRequest) -> HttpResponse:
    municipality, settings = _editable(request)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["logo"]
        try:
            # One byte past the limit is enough to know that it is too large.
            settings_change_logo(
                municipality=municipality,
                content=upload.read(MAX_UPLOAD + 1),
                name=upload.name,
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error("logo", str(error.sentence))
        else:
            messages.success(request, _("Logoen er på plass."))
            return redirect("municipality_settings")
    context = {"form": form, "settings": settings, "breadcrumbs": _crumbs(_("Logo"))}
    return render(request, "partnerships/settings/logo.html", context)


@login_required
@require_POST
def logo_remove(request: HttpRequest) -> HttpResponse:
    municipality, _settings = _editable(request)
    settings_change_logo(municipality=municipality, content=None, by=user_of(request))
    messages.success(request, _("Logoen er fjernet."))
    return redirect("municipality_settings")


def _save(
    request: HttpRequest, form: EditingForm, municipality: Municipality, changes: dict[str, Any]
) -> bool:
    by = user_of(request)
    return form.saved_by(
        lambda version: settings_change(municipality=municipality, version=version, changes=changes, by=by),
        by,
    )


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Innstillinger"), reverse("municipality_settings")), (last, "")]
