"""Fetching the evidence package: for those who may draft for a party, and each time noted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agreements.models import Agreement
from agreements.services.evidence import evidence_package
from partnerships.access import get_for
from partnerships.current import user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_POST
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    agreement = get_for(user, Permission.AGREEMENT_DRAFT, Agreement, pk=pk)
    try:
        package = evidence_package(agreement=agreement, by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("agreement", pk=agreement.pk)
    response = HttpResponse(package, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="bevis-{agreement.pk}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
