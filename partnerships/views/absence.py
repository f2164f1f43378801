"""«Jeg er borte»."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import current_membership, user_of
from partnerships.forms.absence import AbsenceForm
from partnerships.models import Absence
from partnerships.selectors.absence import absences_of
from partnerships.services.absence import absence_add, absence_end
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """For the role she is in now; whoever has several says it for each, with a deputy who fits."""
    membership = current_membership(request)
    if membership is None or membership.municipality_id is None or membership.role == Role.GUEST:
        raise PermissionDenied
    form = AbsenceForm(request.POST or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            absence_add(membership=membership, by=user_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Du er meldt borte. God tur, eller god bedring."))
            return redirect("away")
    context = {
        "form": form,
        "membership": membership,
        "absences": absences_of(membership),
        "today": timezone.localdate(),
    }
    return render(request, "partnerships/absence/away.html", context)


@login_required
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    absence = Absence.objects.visible_to(request.user).select_related("municipality").filter(pk=pk).first()
    if absence is None:
        raise Http404
    try:
        absence_end(absence=absence, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Velkommen tilbake. Påminnelsene kommer som før."))
    return redirect("away")
