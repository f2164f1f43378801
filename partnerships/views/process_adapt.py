"""The municipality's own version of what should be in place before anybody is invited."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import access_of
from partnerships.current import current_municipality, user_of
from partnerships.forms.process_adapt import AdaptForm
from partnerships.selectors.process_preparation import preparation_now
from partnerships.services.process_preparation import preparation_adapt
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: HttpRequest) -> HttpResponse:
    by, town = user_of(request), current_municipality(request)
    if town is None or town.pk not in access_of(by).municipalities_all(Permission.SETTINGS_EDIT):
        raise PermissionDenied
    form = AdaptForm(request.POST or None, template=preparation_now(town))
    if request.method == "POST" and form.is_valid():
        try:
            preparation_adapt(municipality=town, read=form.cleaned_data["read"], points=form.points(), by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret. Slik spør vi i kommunen fra nå av."))
            return redirect("processes")
    context = {
        "form": form,
        "title": _("Forberedelsen, slik kommunen vil ha den"),
        "lead": _("Endre ordene, ta bort punkter og legg til egne. De fire første kan ikke tas bort."),
        "breadcrumbs": [(_("Samskaping"), reverse("processes")), (_("Forberedelsen"), "")],
    }
    return render(request, "partnerships/partnership/form.html", context)
