"""A process and the world around it: the partnership it belongs to, and the page anybody may read."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.current import user_of
from partnerships.forms.process_attach import AttachForm
from partnerships.models import CodesignProcess
from partnerships.models.codesign import ProcessState
from partnerships.seat import Seat, seated
from partnerships.selectors.process import STATE_COLORS, contact_of, developed, invites
from partnerships.selectors.process_attach import may_become_part_of, may_start_one
from partnerships.selectors.process_phases import phase_rows
from partnerships.services.process import process_attach, process_partnership
from partnerships.views.process import form_page
from samskaping.core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def attach(request: HttpRequest, seat: Seat) -> HttpResponse:
    process, by = seat.process, user_of(request)
    if process.partnership_id is not None:
        messages.info(request, _("Prosessen hører allerede til et samarbeid."))
        return redirect("process", pk=process.pk)
    found, may_start = may_become_part_of(process, by), may_start_one(process, by)
    if not found and not may_start:
        raise PermissionDenied
    form = AttachForm(request.POST or None, partnerships=found, may_start=may_start)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            if chosen is None:
                process_partnership(process=process, by=by)
            else:
                process_attach(process=process, partnership=chosen, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("process", pk=process.pk)
    lead = _("Da ser alle partene prosessen, og det den kommer fram til, får et sted å være.")
    return form_page(request, seat, form, _("Knytt til et samarbeid"), lead)


@require_safe
def public(request: HttpRequest, key: UUID) -> HttpResponse:
    """What it is about, for anybody: nobody's name, no proposal, no minutes."""
    rows = CodesignProcess.objects.select_related("municipality__settings", "unit", "centre", "organisation")
    process = rows.filter(public_key=key, public_at__isnull=False).first()
    if process is None:
        raise Http404
    state = ProcessState(process.state)
    context = {
        "process": process,
        "tags": [{"text": state.label, "color": STATE_COLORS[state]}],
        "meta": _("%(who)s inviterer") % {"who": invites(process)},
        "phases": [row for row in phase_rows(process.phases.order_by(), timezone.localdate()) if row.phase],
        "developed": developed([process.pk]),
        # What is only written down may still become something else.
        "results": process.results.filter(made_at__isnull=False).order_by("created_at"),
        "contact": contact_of(process),
    }
    return render(request, "partnerships/process/public.html", context)
