"""What operators see of what the portal sends: kinds, counts and ages, never whom or what."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from samskaping.core.errors import DomainError
from samskaping.core.models import Outbox
from samskaping.core.selectors.outbox import outbox_dead, outbox_now
from samskaping.core.services.outbox_dead import outbox_put_away, outbox_try_again


def _operator(request: HttpRequest) -> Any:
    """Raises PermissionDenied for everybody else."""
    if not request.user.is_superuser:
        raise PermissionDenied
    return request.user


def _row(pk: int) -> Outbox:
    row = Outbox.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@login_required
@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    _operator(request)
    return render(request, "operation/outbox.html", {"now": outbox_now(), "dead": outbox_dead()})


@login_required
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    by = _operator(request)
    try:
        outbox_try_again(row=_row(pk), by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Meldingen prøves igjen nå."))
    return redirect("outbox")


@login_required
@require_POST
def put_away(request: HttpRequest, pk: int) -> HttpResponse:
    by = _operator(request)
    try:
        outbox_put_away(row=_row(pk), by=by)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Meldingen er lagt bort."))
    return redirect("outbox")
