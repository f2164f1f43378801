"""Sending the same text to many: started, followed, stopped, and let go on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms.batch import BatchForm
from agreements.models import Batch
from agreements.models.agreement import AgreementKind
from agreements.selectors.batch import (
    batches_here,
    may_batch,
    not_signed_in,
    progress_of,
    sides_for,
    trouble_in,
)
from agreements.selectors.text import texts_for
from agreements.services.batch import batch_pause, batch_resume, batch_start, goes
from agreements.views.agreement import crumbs
from partnerships.access import get_for
from partnerships.current import current_membership, user_of
from partnerships.models import Membership
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


def _sender(request: HttpRequest) -> Membership:
    """The role she is in now, where it may draft and know who the volunteers are. Raises PermissionDenied."""
    membership = current_membership(request)
    if not may_batch(membership) or membership is None:
        raise PermissionDenied
    return membership


@login_required
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    membership, user = _sender(request), user_of(request)
    assert membership.municipality_id is not None  # noqa: S101 - _sender looked
    context = {
        "batches": batches_here(user, membership.municipality_id),
        "breadcrumbs": crumbs((_("Mange på én gang"), "")),
    }
    return render(request, "agreements/batch/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    membership, user = _sender(request), user_of(request)
    municipality = membership.municipality
    assert municipality is not None  # noqa: S101 - _sender looked
    texts = texts_for(municipality, user)
    form = BatchForm(
        request.POST or None,
        texts=[text for text in texts if text.data["agreement_kind"] == AgreementKind.CONFIDENTIALITY],
        sides=sides_for(user, membership),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = batch_start(
                municipality=municipality,
                template=form.chosen_text(),
                side=form.chosen_side(),
                people=data["people"],
                title=data["title"],
                message=data["message"],
                deadline=data["deadline"],
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("batch", pk=made.pk)
    context = {"form": form, "breadcrumbs": crumbs(_list(), (_("Ny bunke"), ""))}
    return render(request, "agreements/batch/new.html", context)


@login_required
@require_safe
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads itself again while something leaves, where there is script."""
    found = _hers(request, pk)
    progress = progress_of(found)
    context = {
        "batch": found,
        "progress": progress,
        "goes": progress.left > 0 and goes(found),
        "trouble": trouble_in(found),
        "not_signed": not_signed_in(found),
        "breadcrumbs": crumbs(_list(), (found.title, "")),
    }
    return render(request, "agreements/batch/page.html", context)


@login_required
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        batch_pause(batch=_hers(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Stoppet. De som alt har fått avtalen, kan signere som før."))
    return redirect("batch", pk=pk)


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        batch_resume(batch=_hers(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Bunken går videre."))
    return redirect("batch", pk=pk)


def _hers(request: HttpRequest, pk: int) -> Batch:
    rows = Batch.objects.select_related("municipality", "template", "unit", "centre", "organisation")
    return get_for(user_of(request), Permission.VOLUNTEER_NAMES, rows, pk=pk)


def _list() -> tuple[str, str]:
    return _("Mange på én gang"), reverse("batches")
