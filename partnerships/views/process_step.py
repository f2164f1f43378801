"""The steps of a process: problem, preparation, stop sign, phases, public page and end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of
from partnerships.current import user_of
from partnerships.forms.process_step import (
    AnywayForm,
    PreparationForm,
    ProblemForm,
    ProcessEndForm,
    ProcessPhaseForm,
)
from partnerships.models import CodesignProcess, ProcessPhase
from partnerships.models.codesign import PhaseKind
from partnerships.models.participant import Side
from partnerships.seat import Seat, seated
from partnerships.selectors.process_preparation import is_anchored, lacking, points_of, preparation_now, stops
from partnerships.selectors.process_problem import versions_of
from partnerships.services.process import (
    process_end,
    process_problem_write,
    process_publish,
    process_reopen,
    process_run,
)
from partnerships.services.process_phase import process_phase_set
from partnerships.services.process_preparation import process_invite_anyway, process_prepare
from partnerships.views.process import crumbs, form_page
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.markdown import to_html

# In the address of the preparation: she came from the stop sign, and goes on to invite when it is in place.
TO_INVITE = "inviter"


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def problem(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ProblemForm(request.POST or None, process=seat.process)

    def save(version: int) -> CodesignProcess:
        return process_problem_write(
            process=seat.process,
            version=version,
            text=form.cleaned_data["problem"],
            because=form.cleaned_data["because"],
            by=user_of(request),
        )

    if _saved(request, form, save):
        return redirect("process", pk=seat.process.pk)
    lead = _("Slik gruppa forstår det nå. Det som sto før, blir stående som en versjon.")
    return form_page(request, seat, form, _("Hva det handler om"), lead)


@require_safe
@seated()
def problem_versions(request: HttpRequest, seat: Seat) -> HttpResponse:
    context = {
        "seat": seat,
        "process": seat.process,
        "versions": versions_of(seat.process),
        "breadcrumbs": crumbs(seat, _("Slik har vi forstått det")),
    }
    return render(request, "partnerships/process/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def prepare(request: HttpRequest, seat: Seat) -> HttpResponse:
    process = seat.process
    form = PreparationForm(request.POST or None, process=process, points=points_of(process))

    def save(version: int) -> CodesignProcess:
        return process_prepare(
            process=process, version=version, words=form.words(), ticked=form.ticked(), by=user_of(request)
        )

    if _saved(request, form, save):
        return redirect(_onward(seat) if TO_INVITE in request.GET else "process", pk=process.pk)
    text = preparation_now(process.municipality).text()
    everywhere = access_of(user_of(request)).municipalities_all(Permission.SETTINGS_EDIT)
    return form_page(
        request,
        seat,
        form,
        text["title"],
        about=to_html(text["body"]),
        text_language=text["language"],
        adapts=process.municipality_id in everywhere,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def stop(request: HttpRequest, seat: Seat) -> HttpResponse:
    """For somebody of the municipality who is about to invite citizens to what nobody has said yes to."""
    process, by = seat.process, user_of(request)
    is_stopped = seat.convenes and stops(process, by, Side.CITIZEN)
    if request.method == "POST" and not is_stopped:
        raise PermissionDenied
    form = AnywayForm(request.POST or None) if is_stopped else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            process_invite_anyway(process=process, because=form.cleaned_data["because"], by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.info(request, _("Det er notert. Dere kan forankre det når som helst."))
            return redirect(_onward(seat), pk=process.pk)
    partnership = process.partnership
    may_frame = partnership is not None and access_of(by).covers(Permission.PARTNERSHIP_EDIT, partnership)
    context = {
        "seat": seat,
        "process": process,
        "form": form,
        "is_anchored": is_anchored(process),
        "invite_url": reverse(_onward(seat), args=[process.pk]),
        "lacking": lacking(points_of(process)),
        "level_one": reverse("frame", args=[partnership.pk]) if partnership and may_frame else "",
        "prepare_url": reverse("process_prepare", args=[process.pk], query={TO_INVITE: "1"}),
        "breadcrumbs": crumbs(seat, _("Før dere inviterer")),
    }
    return render(request, "partnerships/process/stop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def phase(request: HttpRequest, seat: Seat, kind: str) -> HttpResponse:
    if kind not in PhaseKind.values:
        raise Http404
    found = ProcessPhase.objects.filter(process=seat.process, kind=kind).first()
    form = ProcessPhaseForm(request.POST or None, phase=found)

    def save(version: int) -> ProcessPhase:
        return process_phase_set(
            process=seat.process,
            kind=PhaseKind(kind),
            version=version,
            changes=form.changes(),
            by=user_of(request),
        )

    if _saved(request, form, save):
        return redirect("process", pk=seat.process.pk)
    return form_page(request, seat, form, _("Fase: %(phase)s") % {"phase": PhaseKind(kind).label})


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def end(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ProcessEndForm(
        request.POST or None,
        initial={"ended_on": timezone.localdate(), "because": seat.process.ended_because},
    )
    if request.method == "POST" and form.is_valid():
        try:
            process_end(process=seat.process, by=user_of(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Prosessen er avsluttet."))
            return redirect("process", pk=seat.process.pk)
    lead = _(
        "Det gruppa har skrevet, står igjen, og dere kan ta det opp igjen når som helst. "
        "Møter som kommer, blir avlyst. Tilrettelegging og notater fra samtaler blir slettet med en gang."
    )
    return form_page(request, seat, form, _("Avslutt prosessen"), lead)


@require_POST
@seated("edits")
def reopen(request: HttpRequest, seat: Seat) -> HttpResponse:
    return press(request, seat, lambda: process_reopen(process=seat.process, by=user_of(request)))


@require_POST
@seated("edits")
def run(request: HttpRequest, seat: Seat) -> HttpResponse:
    return press(request, seat, lambda: process_run(process=seat.process, by=user_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def publish(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Asks first: from then on anybody may read it. What is posted is what she was asked, also twice."""
    process = seat.process
    is_public = process.public_at is not None
    if request.method == "POST":
        public = request.POST.get("public") == "1"
        return press(
            request, seat, lambda: process_publish(process=process, public=public, by=user_of(request))
        )
    context = {
        "title": _("Ta bort den offentlige siden?") if is_public else _("Lage en offentlig side?"),
        "consequences": [
            _("Alle med lenken kan lese den, uten å logge inn."),
            _("Den viser hva det handler om, hvem det er for, hva gruppa kan bestemme, og hva det ble til."),
            _("Den viser aldri hvem som er med, innspill eller referater."),
        ]
        if not is_public
        else [_("Lenken slutter å virke. Dere kan åpne siden igjen.")],
        "fields": [("public", "" if is_public else "1")],
        "action": _("Ta bort siden") if is_public else _("Lag siden"),
        "cancel_url": reverse("process", args=[process.pk]),
        "breadcrumbs": crumbs(seat, _("Offentlig side")),
    }
    return render(request, "confirm.html", context)


def press(request: HttpRequest, seat: Seat, step: Any) -> HttpResponse:
    """A button with no form. What cannot be done now is said on the page."""
    try:
        step()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Lagret."))
    return redirect("process", pk=seat.process.pk)


def _onward(seat: Seat) -> str:
    """Where participants are invited, for those who invite them."""
    return "participant_invite" if seat.convenes else "process"


def _saved(request: HttpRequest, form: Any, save: Any) -> bool:
    """Whether it was posted and kept; else what was typed stands in the form with what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        if not form.saved_by(save, user_of(request)):
            return False
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return False
    messages.success(request, _("Lagret."))
    return True
