"""The steps of a strategy's life: document, sending round, a side's word, in force, next version, end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import get_for, get_visible
from partnerships.current import current_membership, user_of
from partnerships.forms.strategy import AnswerForm, DecisionForm, DocumentForm
from partnerships.models import Strategy
from partnerships.models.strategy import Stance, StrategyState
from partnerships.selectors.strategy import may_answer, stance_of
from partnerships.services.strategy import (
    strategy_answer,
    strategy_document,
    strategy_end,
    strategy_new_version,
    strategy_put_in_force,
    strategy_send,
)
from partnerships.views.strategy import crumbs, writable
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.services.stored_file import MAX_PDF


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    found = writable(request, pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["document"]
        try:
            # One byte past the limit is enough to know that it is too large.
            content = upload.read(MAX_PDF + 1)
            strategy_document(strategy=found, content=content, name=upload.name, by=user_of(request))
        except DomainError as error:
            form.add_error("document", str(error.sentence))
        else:
            messages.success(request, _("Dokumentet er lagt ved."))
            return redirect("strategy", pk)
    context = {"form": form, "strategy": found, "breadcrumbs": crumbs(found, _("Dokument"))}
    return render(request, "partnerships/strategy/document.html", context)


@login_required
@require_POST
def document_remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        strategy_document(strategy=writable(request, pk), content=None, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Dokumentet er fjernet."))
    return redirect("strategy", pk)


@login_required
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        strategy_send(strategy=writable(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Lag, sentraler og ledelsen får beskjed, og kan si hva de mener."))
    return redirect("strategy", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """For the side of the role she is in now. Raises PermissionDenied for a role that answers for none."""
    found = get_visible(user_of(request), Strategy, pk=pk)
    membership = current_membership(request)
    if membership is None or not may_answer(membership, found):
        raise PermissionDenied
    before = stance_of(membership, found)
    initial: dict[str, Any] = {"version": found.version}
    if before is not None:
        initial |= {"stance": before.stance, "words": before.words}
    form = AnswerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            strategy_answer(
                strategy=found,
                version=form.cleaned_data["version"],
                membership=membership,
                stance=Stance(form.cleaned_data["stance"]),
                words=form.cleaned_data["words"],
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            data: Any = form.data.copy()  # type: ignore[attr-defined]
            data["version"] = found.version
            form.data = data
        else:
            messages.success(request, _("Takk. Svaret står ved strategien."))
            return redirect("strategy", pk)
    context = {
        "form": form,
        "strategy": found,
        "points": found.points.order_by("order"),
        "breadcrumbs": crumbs(found, _("Svar")),
    }
    return render(request, "partnerships/strategy/answer.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def in_force(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decided(request, pk)
    form = DecisionForm(request.POST or None, version=found.version)
    form.initial.update({name: getattr(found, name) for name in form.fields if name != "version"})
    if request.method == "POST" and form.is_valid():
        by, changes = user_of(request), form.changes()

        def save(version: int) -> Strategy:
            return strategy_put_in_force(strategy=found, version=version, changes=changes, by=by)

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Strategien gjelder, og samarbeid kan vise til punktene."))
                return redirect("strategy", pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {"form": form, "strategy": found, "breadcrumbs": crumbs(found, _("La den gjelde"))}
    return render(request, "partnerships/strategy/in_force.html", context)


@login_required
@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        made = strategy_new_version(strategy=_decided(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("strategy", pk)
    messages.success(
        request, _("Her er et utkast med de samme ordene. Den gamle gjelder til denne er vedtatt.")
    )
    return redirect("strategy_edit", made.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decided(request, pk)
    is_draft = found.state == StrategyState.DRAFT
    if request.method == "POST":
        try:
            strategy_end(strategy=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(
                request,
                _("Utkastet er lagt bort.")
                if is_draft
                else _("Strategien er avsluttet. Den kan fortsatt leses."),
            )
        return redirect("strategy", pk)
    context = {
        "title": (_("Legge bort «%(title)s»?") if is_draft else _("Avslutte «%(title)s»?"))
        % {"title": found.title},
        "consequences": [_("De som kan foreslå strategier, kan fortsatt lese utkastet. Ingen andre ser det.")]
        if is_draft
        else [
            _("Den gjelder ikke lenger, men kan fortsatt leses."),
            _("Samarbeid som viser til den, beholder henvisningen og får et råd om å se på den."),
        ],
        "action": _("Legg bort utkastet") if is_draft else _("Avslutt strategien"),
        "cancel_url": reverse("strategy", args=[pk]),
        "danger": True,
    }
    return render(request, "confirm.html", context)


def _decided(request: HttpRequest, pk: int) -> Strategy:
    return get_for(user_of(request), Permission.STRATEGY_EDIT, Strategy, pk=pk)
