"""The steps of a partnership: phase, size, pause, end and again; its notes and its money."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import user_of
from partnerships.forms.phase import EndForm, GrantForm, LogForm, PauseForm, PhaseForm
from partnerships.models import Grant, LogEntry, Partnership
from partnerships.models.partnership import LogKind, Phase, Track
from partnerships.selectors.partnership import may_edit
from partnerships.services.grant import grant_add, grant_change, grant_reported
from partnerships.services.log_entry import log_add, log_change, log_done, may_change
from partnerships.services.partnership import partnership_track
from partnerships.services.phase import (
    partnership_end,
    partnership_pause,
    partnership_reopen,
    partnership_resume,
    phase_move,
)
from partnerships.views.partnership import crumbs, editable
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError

LOG_PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phase(request: HttpRequest, pk: int) -> HttpResponse:
    """Also where a button of the board leads; a step back without its reason comes to the form."""
    found = editable(request, pk)
    asked = request.GET.get("til", found.phase)
    form = PhaseForm(request.POST or None, initial={"phase": asked})

    def step(data: dict[str, Any]) -> Any:
        return phase_move(
            partnership=found, phase=Phase(data["phase"]), because=data["because"], by=user_of(request)
        )

    to_board = "board" in request.POST
    lead = _("Fram eller tilbake, slik det er nå. De andre partene får vite det.")
    return _form(request, found, form, step, _("Fase"), lead, to_board=to_board)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = PauseForm(request.POST or None)
    lead = _("Vi minner ingen om noe mens det står på pause.")
    if found.offers.open().exists():
        lead = f"{lead} {_('Tilbudene går som før. De settes på pause hver for seg.')}"
    return _form(
        request,
        found,
        form,
        lambda data: partnership_pause(partnership=found, by=user_of(request), **data),
        _("Sett på pause"),
        lead,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = EndForm(request.POST or None, initial={"ended_on": timezone.localdate()})
    lead = _("Alt som er skrevet, står igjen, og dere kan ta det opp igjen når som helst.")
    if offers := found.offers.open().count():
        ends = ngettext(
            "%(count)s tilbud avsluttes samtidig, og alle det gjelder, får vite det.",
            "%(count)s tilbud avsluttes samtidig, og alle det gjelder, får vite det.",
            offers,
        )
        lead = f"{lead} {ends % {'count': offers}}"
    return _form(
        request,
        found,
        form,
        lambda data: partnership_end(partnership=found, by=user_of(request), **data),
        _("Avslutt"),
        lead,
    )


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    return _press(request, found.pk, lambda: partnership_resume(partnership=found, by=user_of(request)))


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    return _press(request, found.pk, lambda: partnership_reopen(partnership=found, by=user_of(request)))


@login_required
@require_POST
def track(request: HttpRequest, pk: int) -> HttpResponse:
    """From one page to the whole line, and back."""
    found = editable(request, pk)
    other = Track.FULL if found.track == Track.LIGHT else Track.LIGHT
    by = user_of(request)
    return _press(request, found.pk, lambda: partnership_track(partnership=found, track=other, by=by))


@login_required
@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_visible(user_of(request), Partnership, pk=pk)
    entries = LogEntry.objects.visible_to(user_of(request)).filter(partnership=found)
    page = Paginator(entries.select_related("person"), LOG_PER_PAGE).get_page(request.GET.get("page"))
    edits = may_edit(found, user_of(request))
    write = {"label": _("Skriv et notat"), "url": reverse("log_new", args=[found.pk])}
    context = {
        "partnership": found,
        "page_obj": page,
        "entries": [{"entry": entry, "may_change": may_change(entry, user_of(request))} for entry in page],
        "edits": edits,
        "actions": [write] if edits else [],
        "breadcrumbs": crumbs(found, _("Logg")),
    }
    return render(request, "partnerships/partnership/log.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = LogForm(request.POST or None)

    def step(data: dict[str, Any]) -> Any:
        kind = LogKind(data["kind"])
        return log_add(partnership=found, by=user_of(request), **{**data, "kind": kind})

    return _form(request, found, form, step, _("Nytt notat"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises PermissionDenied for another's note, and for one that is a day old."""
    entry = _entry(request, pk)
    if not may_change(entry, user_of(request)):
        raise PermissionDenied
    form = LogForm(request.POST or None, entry=entry)
    return _form(
        request,
        entry.partnership,
        form,
        lambda data: log_change(entry=entry, by=user_of(request), **data),
        _("Rett notatet"),
    )


@login_required
@require_POST
def log_tick(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    return _press(request, entry.partnership_id, lambda: log_done(entry=entry, by=user_of(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(request, pk)
    form = GrantForm(request.POST or None)
    return _form(
        request,
        found,
        form,
        lambda _data: grant_add(partnership=found, values=form.changes(), by=user_of(request)),
        _("Nytt tilskudd"),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def grant_edit(request: HttpRequest, pk: int) -> HttpResponse:
    grant, by = _grant(request, pk), user_of(request)
    form = GrantForm(request.POST or None, grant=grant)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> Grant:
            return grant_change(grant=grant, version=version, changes=form.changes(), by=by)

        if form.saved_by(save, by):
            messages.success(request, _("Lagret."))
            return redirect("partnership", pk=grant.partnership_id)
    context = {"form": form, "title": _("Tilskudd"), "breadcrumbs": crumbs(grant.partnership, _("Tilskudd"))}
    return render(request, "partnerships/partnership/form.html", context)


@login_required
@require_POST
def grant_done(request: HttpRequest, pk: int) -> HttpResponse:
    grant = _grant(request, pk)
    return _press(request, grant.partnership_id, lambda: grant_reported(grant=grant, by=user_of(request)))


def _entry(request: HttpRequest, pk: int) -> LogEntry:
    entries = LogEntry.objects.select_related("partnership__municipality")
    found: LogEntry = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, entries, pk=pk)
    return found


def _grant(request: HttpRequest, pk: int) -> Grant:
    grants = Grant.objects.select_related("partnership__municipality")
    found: Grant = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, grants, pk=pk)
    return found


def _form(
    request: HttpRequest,
    found: Partnership,
    form: Any,
    step: Any,
    title: str,
    lead: str = "",
    *,
    to_board: bool = False,
) -> HttpResponse:
    """One form about one partnership: what a service refuses stands in it, with what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            step(form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Lagret."))
            return redirect("partnership_board") if to_board else redirect("partnership", pk=found.pk)
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": crumbs(found, title)}
    return render(request, "partnerships/partnership/form.html", context)


def _press(request: HttpRequest, pk: int, step: Any) -> HttpResponse:
    """A button with no form. What cannot be done now is said on the page."""
    try:
        step()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Lagret."))
    return redirect("partnership", pk=pk)
