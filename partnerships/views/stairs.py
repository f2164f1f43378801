"""Involveringstrappa: the units of where she works, and each one's yearly look up the stairs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import current_municipality, user_of
from partnerships.forms.stairs import ANSWERS, StairForm
from partnerships.models import StairCheck, Unit
from partnerships.selectors.stairs import next_step, stairs_now, steps_of, units_here
from partnerships.services.stairs import stair_check_note
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.markdown import to_html

PER_PAGE = 30


@login_required
@require_safe
def stairs(request: HttpRequest) -> HttpResponse:
    municipality = current_municipality(request)
    if municipality is None or municipality.pk not in access_of(user_of(request)).municipalities_with(
        Permission.MAP_READ
    ):
        raise PermissionDenied
    year = timezone.localdate().year
    rows = units_here(user_of(request), municipality, year)
    # Her own first: those are the ones she came for.
    rows.sort(key=lambda row: not row.may_answer)
    questions = stairs_now(municipality)
    text = questions.text()
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "steps": steps_of(questions, None, None),
        "heading": text["title"],
        "about": to_html(text["body"]),
        "text_language": text["language"],
        "year": year,
    }
    return render(request, "partnerships/stairs/list.html", context)


@login_required
@require_safe
def unit_stairs(request: HttpRequest, pk: int) -> HttpResponse:
    unit = _readable(request, pk)
    year = timezone.localdate().year
    check, before = _two_years(unit, year)
    questions = check.questions if check else stairs_now(unit.municipality)
    words = {answer: str(label) for answer, label in ANSWERS}
    context = {
        "unit": unit,
        "year": year,
        "check": check,
        "before": before,
        "steps": [
            (step, words.get(step.answer, ""), words.get(step.before, ""))
            for step in steps_of(questions, check, before)
        ],
        "next": (check.next_step or next_step(questions, check.answers)) if check else "",
        "may_answer": access_of(user_of(request)).covers(Permission.MAP_EDIT, unit),
        "breadcrumbs": _crumbs(unit.name),
    }
    return render(request, "partnerships/stairs/unit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stair_answer(request: HttpRequest, pk: int) -> HttpResponse:
    by = user_of(request)
    unit = get_for(by, Permission.MAP_EDIT, Unit, pk=pk)
    year = timezone.localdate().year
    check, before = _two_years(unit, year)
    questions = stairs_now(unit.municipality)
    form = StairForm(
        request.POST or None,
        steps=steps_of(questions, check, before),
        version=check.version if check else 0,
        initial={"next_step": check.next_step} if check else {},
    )
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> StairCheck:
            return stair_check_note(
                unit=unit,
                year=year,
                version=version,
                questions=questions,
                answers=form.answers(),
                next_step=form.cleaned_data["next_step"],
                by=by,
            )

        try:
            if form.saved_by(save, by):
                messages.success(request, _("Svarene er lagret."))
                return redirect("unit_stairs", unit.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {"form": form, "unit": unit, "year": year, "breadcrumbs": _crumbs(unit.name)}
    return render(request, "partnerships/stairs/answer.html", context)


def _readable(request: HttpRequest, pk: int) -> Unit:
    """A unit she sees, in a municipality whose stairs she may read. Raises Http404 or PermissionDenied."""
    user = user_of(request)
    unit = get_visible(user, Unit, pk=pk)
    if unit.municipality_id not in access_of(user).municipalities_with(Permission.MAP_READ):
        raise PermissionDenied
    return unit


def _two_years(unit: Unit, year: int) -> tuple[StairCheck | None, StairCheck | None]:
    found = {
        check.year: check
        for check in StairCheck.objects.filter(unit=unit, year__in=(year, year - 1)).select_related(
            "questions"
        )
    }
    return found.get(year), found.get(year - 1)


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Involveringstrappa"), reverse("stairs")), (last, "")]
