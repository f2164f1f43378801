"""Results and wins of a process."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import user_of
from partnerships.forms.process_result import ResultForm, WinForm
from partnerships.models import ProcessResult, Win
from partnerships.seat import Seat, seated
from partnerships.services.process_result import (
    process_result_add,
    process_result_change,
    process_result_make,
    process_result_remove,
)
from partnerships.services.win import win_add, win_remove
from partnerships.views.process import form_page
from partnerships.views.process_step import press
from samskaping.core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def result_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ResultForm(request.POST or None, result=None)
    if request.method == "POST" and form.is_valid():
        try:
            process_result_add(process=seat.process, by=user_of(request), **form.changes())
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("process", pk=seat.process.pk)
    return form_page(request, seat, form, _("Nytt resultat"))


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def result_edit(request: HttpRequest, seat: Seat, result: int) -> HttpResponse:
    found, by = _result(seat, result), user_of(request)
    form = ResultForm(request.POST or None, result=found)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> ProcessResult:
            return process_result_change(result=found, version=version, changes=form.changes(), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Lagret."))
                return redirect("process", pk=seat.process.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    return form_page(request, seat, form, _("Endre resultatet"))


@require_POST
@seated("edits")
def result_make(request: HttpRequest, seat: Seat, result: int) -> HttpResponse:
    """One press; the page then leads to what it became."""
    found = _result(seat, result)
    try:
        made = process_result_make(result=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("process", pk=seat.process.pk)
    messages.success(request, _("«%(title)s» har blitt til noe.") % {"title": made.title})
    return redirect("process", pk=seat.process.pk)


@require_POST
@seated("edits")
def result_remove(request: HttpRequest, seat: Seat, result: int) -> HttpResponse:
    found = _result(seat, result)
    return press(request, seat, lambda: process_result_remove(result=found, by=user_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@seated("contributes")
def win_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Anybody at the table may say it."""
    form = WinForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            win_add(process=seat.process, by=seat.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Så fint! Nå ser alle det."))
            return redirect("process", pk=seat.process.pk)
    return form_page(request, seat, form, _("Verdt å feire"))


@require_POST
@seated("edits")
def win_out(request: HttpRequest, seat: Seat, win: int) -> HttpResponse:
    found = Win.objects.filter(process=seat.process, pk=win).first()
    if found is None:
        raise Http404
    return press(request, seat, lambda: win_remove(win=found, by=user_of(request)))


def _result(seat: Seat, pk: int) -> ProcessResult:
    """Raises Http404 for one of another process."""
    found: ProcessResult | None = ProcessResult.objects.filter(process=seat.process, pk=pk).first()
    if found is None:
        raise Http404
    return found
