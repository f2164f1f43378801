"""Things to do before next time: written, taken, handed on and done by anybody in the group."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.forms.participant import TaskForm
from partnerships.models import ProcessTask
from partnerships.models.codesign import ProcessState
from partnerships.seat import Seat, seated
from partnerships.selectors.participant import holders
from partnerships.selectors.process_task import DONE, WAITING, lines_of
from partnerships.services.process_task import (
    process_task_add,
    process_task_done,
    process_task_hand,
    process_task_remove,
)
from partnerships.views.process import crumbs
from samskaping.core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@seated()
def tasks(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = TaskForm(request.POST or None, holders=holders(seat)) if _open(seat) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                process_task_add(process=seat.process, **form.cleaned_data, by=seat.user)
            except DomainError as error:
                form.add_error(None, str(error.sentence))
            else:
                messages.success(request, _("Oppgaven er lagt til."))
                return redirect("process_tasks", pk=seat.process.pk)
    today = timezone.localdate()
    context = {
        "seat": seat,
        "form": form,
        "open": lines_of(seat, WAITING.of(seat), today),
        "done": lines_of(seat, DONE.of(seat), today),
        "breadcrumbs": crumbs(seat, _("Oppgaver")),
    }
    return render(request, "partnerships/process_task/list.html", context)


def _open(seat: Seat) -> bool:
    return seat.contributes and seat.process.state != ProcessState.ENDED


@require_POST
@seated("contributes")
def step(request: HttpRequest, seat: Seat, number: int) -> HttpResponse:
    """`take`, `let_go`, `done`, `undo` or `remove`, as the button says."""
    task = ProcessTask.objects.filter(process=seat.process, pk=number).select_related("holder").first()
    if task is None:
        raise Http404
    wanted = request.POST.get("step", "")
    try:
        if wanted == "take" and seat.participant is not None and task.holder_id is None:
            process_task_hand(task=task, holder=seat.participant, by=seat.user)
        elif wanted == "let_go" and (seat.edits or task.holder == seat.participant):
            process_task_hand(task=task, holder=None, by=seat.user)
        elif wanted in ("done", "undo"):
            process_task_done(task=task, done=wanted == "done", by=seat.user)
        elif wanted == "remove" and seat.edits:
            process_task_remove(task=task, by=seat.user)
        else:
            raise PermissionDenied
    except DomainError as error:
        messages.warning(request, str(error.sentence))
    return redirect("process_tasks", pk=seat.process.pk)
