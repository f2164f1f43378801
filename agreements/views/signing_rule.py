"""The municipality's own demands on whoever signs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.forms.signing_rule import SigningRulesForm
from agreements.services.signing_rule import rules_of, signing_rules_set
from agreements.views.agreement import crumbs, here, may_set_rules
from partnerships.current import user_of
from samskaping.accounts.permissions import Permission


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def signing_rules(request: HttpRequest) -> HttpResponse:
    municipality = here(request, Permission.SETTINGS_EDIT)
    if not may_set_rules(request, municipality):
        raise PermissionDenied
    form = SigningRulesForm(request.POST or None, standing=rules_of(municipality))
    if request.method == "POST" and form.is_valid():
        signing_rules_set(municipality=municipality, floors=form.floors(), by=user_of(request))
        messages.success(request, _("Kravene er lagret, og gjelder det som blir sendt fra nå."))
        return redirect("agreements")
    context = {"form": form, "breadcrumbs": crumbs((_("Krav til signering"), ""))}
    return render(request, "agreements/signing_rules.html", context)
