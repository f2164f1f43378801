"""«Kan frivillige gjøre dette?»: five questions, the answer on the same page, and what was decided."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_for, get_visible
from partnerships.current import current_membership, user_of
from partnerships.forms.task_check import AnswersForm, DecisionForm, PartnershipNameForm, as_answered
from partnerships.models import Partnership, RequirementKind, TaskCheck
from partnerships.selectors.history import history_of
from partnerships.selectors.partnership import may_work
from partnerships.selectors.task_check import (
    asked,
    checks_of,
    in_words,
    laws,
    precedents,
    questions_now,
    verdict_of,
)
from partnerships.services.partnership import partnership_start
from partnerships.services.task_check import Decision, task_check_note
from partnerships.views.partnership import crumbs
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.errors import DomainError
from samskaping.core.markdown import to_html
from samskaping.core.models import ContentTemplate, Municipality


@login_required
@require_safe
def task_checks(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = get_visible(user_of(request), Partnership, pk=pk)
    replaced = TaskCheck.objects.filter(partnership=partnership, replaced_by__isnull=False)
    context = {
        "partnership": partnership,
        "checks": checks_of(partnership).prefetch_related("requirements"),
        "replaced": replaced,
        "may_edit": may_work(partnership, user_of(request)),
        "breadcrumbs": crumbs(partnership, _("Kan frivillige gjøre dette?")),
    }
    return render(request, "partnerships/task_check/list.html", context)


@login_required
@require_safe
def task_check(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    user = user_of(request)
    partnership = get_visible(user, Partnership, pk=pk)
    checks = TaskCheck.objects.select_related("questions", "replaced_by", "replaces")
    found = get_visible(user, checks.prefetch_related("requirements"), pk=check, partnership=partnership)
    answered = [
        (in_words(question["text"]), found.answers.get(question["key"], ""))
        for question in asked(found.questions.data, found.variants)
    ]
    context = {
        "partnership": partnership,
        "check": found,
        "variants": _variants(found),
        "answered": answered,
        "instead": in_words(found.questions.data["instead"]),
        "laws": laws(found.law, partnership.municipality),
        "history": history_of(found, user),
        "may_edit": may_work(partnership, user),
        "breadcrumbs": crumbs(partnership, found.task),
    }
    return render(request, "partnerships/task_check/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_check_new(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, Partnership, pk=pk)
    return _flow(request, partnership.municipality, _noted_on(partnership, request), partnership=partnership)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_check_again(request: HttpRequest, pk: int, check: int) -> HttpResponse:
    """The same task looked at again: what is saved takes the earlier one's place."""
    user = user_of(request)
    partnership = get_for(user, Permission.PARTNERSHIP_EDIT, Partnership, pk=pk)
    old = get_for(user, Permission.PARTNERSHIP_EDIT, TaskCheck, pk=check, partnership=partnership)
    return _flow(
        request,
        partnership.municipality,
        _noted_on(partnership, request, old),
        partnership=partnership,
        source=old,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_check_start(request: HttpRequest) -> HttpResponse:
    """Before there is a partnership: an idea is tried here, and saved it becomes one."""
    membership = current_membership(request)
    if membership is None or membership.municipality is None:
        raise PermissionDenied
    if membership.role not in roles_with(Permission.PARTNERSHIP_READ):
        raise PermissionDenied
    municipality = membership.municipality
    if membership.role not in roles_with(Permission.PARTNERSHIP_EDIT):
        return _flow(request, municipality, None)
    title = PartnershipNameForm(request.POST if "title" in request.POST else None)
    place = membership.belongs_to
    own = None if isinstance(place, Municipality) else place

    def save(form: AnswersForm, questions: ContentTemplate, decision: Decision) -> TaskCheck | None:
        if not title.is_valid():
            return None
        by = user_of(request)
        with transaction.atomic():
            begun = partnership_start(
                municipality=municipality, title=title.cleaned_data["title"], own=own, by=by
            )
            return _note(form, questions, decision, begun, request)

    return _flow(request, municipality, save, title=title)


Save = Callable[[AnswersForm, ContentTemplate, Decision], TaskCheck | None]


def _noted_on(partnership: Partnership, request: HttpRequest, replaces: TaskCheck | None = None) -> Save:
    return lambda form, questions, decision: _note(form, questions, decision, partnership, request, replaces)


def _note(
    form: AnswersForm,
    questions: ContentTemplate,
    decision: Decision,
    partnership: Partnership,
    request: HttpRequest,
    replaces: TaskCheck | None = None,
) -> TaskCheck:
    return task_check_note(
        partnership=partnership,
        task=form.cleaned_data["task"],
        questions=questions,
        variants=form.variants,
        answers=form.answers,
        decision=decision,
        replaces=replaces,
        by=user_of(request),
    )


def _flow(
    request: HttpRequest,
    municipality: Municipality,
    save: Save | None,
    *,
    partnership: Partnership | None = None,
    source: TaskCheck | None = None,
    title: PartnershipNameForm | None = None,
) -> HttpResponse:
    """`save` is None for those who may only try. What is answered already comes from `source`, or from an
    earlier decision she picked."""
    questions = questions_now(municipality)
    source = source or _picked(request, municipality)
    given = request.POST if request.method == "POST" else as_answered(source) if source else None
    form = AnswersForm(given, questions=questions.data)
    context: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        verdict = verdict_of(questions.data, form.variants, form.answers)
        kinds = RequirementKind.objects.for_municipality(municipality)
        is_seen = request.POST.get("seen") == form.fingerprint()
        decision = DecisionForm(
            request.POST if is_seen else None,
            initial=_decided(source) if request.method != "POST" else None,
            verdict=verdict,
            kinds=kinds,
            fingerprint=form.fingerprint(),
        )
        if is_seen and "save" in request.POST and save is not None and decision.is_valid():
            try:
                if check := save(form, questions, decision.decision()):
                    return redirect("task_check", check.partnership_id, check.pk)
            except DomainError as error:
                decision.add_error(None, str(error.sentence))
        context = {
            "verdict": verdict,
            "decision": decision if save else None,
            "laws": laws(verdict.law, municipality),
            "instead": in_words(questions.data["instead"]),
        }
    text = questions.text()
    earlier = precedents(
        user_of(request),
        municipality,
        partnership=partnership,
        variants=form.variants if form.is_bound and form.is_valid() else (),
    )
    context |= {
        "form": form,
        "title_form": title if "verdict" in context else None,
        "partnership": partnership,
        "heading": text["title"],
        "about": to_html(text["body"]),
        "text_language": text["language"],
        "precedents": earlier,
        "breadcrumbs": crumbs(partnership, text["title"]) if partnership else None,
    }
    return render(request, "partnerships/task_check/flow.html", context)


def _picked(request: HttpRequest, municipality: Municipality) -> TaskCheck | None:
    """«Slik ble det avgjort»: the one she pressed, of those she may see here."""
    picked = request.GET.get("som", "")
    if not picked.isdecimal() or len(picked) > 18:
        return None
    return get_visible(user_of(request), TaskCheck, pk=int(picked), municipality=municipality)


def _decided(source: TaskCheck | None) -> dict[str, Any] | None:
    """What people wrote the last time, for them to read over; when and by whom is answered anew."""
    if source is None:
        return None
    return {
        "outcome": source.outcome,
        "clarify_with": source.clarify_with,
        "requirements": [kind.pk for kind in source.requirements.all()],
        "conditions": source.conditions,
        "changed_because": source.changed_because,
        "ground": source.ground,
        "decided_by": source.decided_by,
    }


def _variants(check: TaskCheck) -> list[str]:
    labels = dict(TaskCheck._meta.get_field("variants").base_field.flatchoices)
    return [str(labels[variant]) for variant in check.variants if variant in labels]
