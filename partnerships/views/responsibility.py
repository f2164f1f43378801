"""Ansvarskart: the municipality's, its units' and the partnerships' maps, and the duties in them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, get_visible, require
from partnerships.current import current_municipality, user_of
from partnerships.forms.responsibility import CompareForm, DutyForm, NewDutyForm
from partnerships.models import Duty, Partnership, ResponsibilityMap, Unit
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import DutyGroup, DutyLevel
from partnerships.selectors.process import came_from
from partnerships.selectors.responsibility import maps_of, suggested_duties
from partnerships.selectors.responsibility_board import (
    board_of,
    card_of,
    handed_over,
    map_snapshot,
    my_duties,
    name_of,
)
from partnerships.selectors.responsibility_compare import beside_day, beside_template, first_day_of, point_of
from partnerships.selectors.responsibility_list import map_url, maps_page
from partnerships.selectors.words import language_of
from partnerships.services.responsibility import (
    TEMPLATE,
    duties_of_setup,
    duty_add,
    duty_change,
    duty_move,
    duty_remove,
    in_language,
    map_make,
    map_of_partnership,
)
from partnerships.views.partnership import crumbs
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.selectors.content_template import content_template_current

PLANS = ResponsibilityMap.objects.select_related(
    "partnership", "unit", "municipality__settings", "inherits__unit", "template"
)
DUTIES = Duty.objects.filter(removed_at=None).select_related(
    "map__partnership", "map__unit", "municipality__settings"
)


# --- Maps ------------------------------------------------------------------------------------------------
@login_required
@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    """The municipality's own map, and below it the units' and the partnerships'."""
    user, municipality = user_of(request), current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user, Permission.MAP_READ, municipality_id=municipality.pk)
    page = maps_page(municipality, user)
    context = {
        "page": page,
        "may_make": municipality.pk in access_of(user).municipalities_all(Permission.MAP_EDIT),
    }
    return render(
        request,
        "partnerships/responsibility/list.html",
        context | (_board_context(request, page.plan) if page.plan is not None else {}),
    )


@login_required
@require_POST
def map_new(request: HttpRequest) -> HttpResponse:
    user, municipality = user_of(request), current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    unit = None
    if request.POST.get("unit"):
        unit = get_for(user, Permission.MAP_EDIT, Unit, pk=_number(request.POST["unit"]))
        municipality = unit.municipality
    elif municipality.pk not in access_of(user).municipalities_all(Permission.MAP_EDIT):
        raise PermissionDenied
    try:
        made = map_make(municipality=municipality, unit=unit, by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("responsibility_maps")
    messages.success(request, _("Kartet er laget. Endre ordene, og finn noen til de tomme plassene."))
    return redirect(map_url(made))


@login_required
@require_safe
def one_map(request: HttpRequest, pk: int) -> HttpResponse:
    plan = get_visible(user_of(request), PLANS, pk=pk)
    if plan.partnership is not None:
        return redirect("partnership_map", pk=plan.partnership.pk)
    context = _board_context(request, plan) | {"breadcrumbs": [_all_maps(), (name_of(plan), "")]}
    return render(request, "partnerships/responsibility/map.html", context)


@login_required
@require_safe
def partnership_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Its own duties, and those it builds on; also before it has any of its own."""
    user = user_of(request)
    partnership = get_visible(user, Partnership.objects.select_related("municipality__settings"), pk=pk)
    own, inherited = maps_of(partnership)
    found = [plan for plan in (own, inherited) if plan is not None]
    is_over = partnership.phase == Phase.ENDED
    may_edit = not is_over and access_of(user).covers(Permission.MAP_EDIT, partnership)
    board = board_of(found if own is not None else [ResponsibilityMap(), *found], user)
    has_own = any(not card.is_inherited for card in board.cards)
    context = {
        "partnership": partnership,
        "plan": own,
        "suggested": suggested_duties(partnership) if may_edit and not has_own else [],
        "inherited_name": name_of(inherited) if inherited is not None else "",
        "board": board,
        "may_edit": may_edit,
        "arranging": may_edit and own is not None and "ordne" in request.GET,
        "breadcrumbs": crumbs(partnership, _("Ansvarskart")),
    }
    return render(request, "partnerships/responsibility/partnership.html", context)


@login_required
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of A4, for the wall."""
    user = user_of(request)
    plan = get_visible(user, PLANS, pk=pk)
    context = {
        "map": map_snapshot(plan, user),
        "breadcrumbs": [_all_maps(), (name_of(plan), map_url(plan)), (_("Til utskrift"), "")],
    }
    return render(request, "partnerships/responsibility/sheet.html", context)


@login_required
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    plan = get_visible(user, PLANS, pk=pk)
    today = timezone.localdate()
    form = CompareForm(request.GET)
    day = (form.cleaned_data["dato"] if form.is_valid() else None) or first_day_of(plan, today)
    if not form.data.get("dato"):
        form = CompareForm(initial={"dato": day})
    context = {
        "plan": plan,
        "title": name_of(plan),
        "filter_form": form,
        "day": day,
        "then": beside_day(plan, day, user),
        "template": beside_template(plan, TEMPLATE) if plan.partnership is None else [],
        "may_edit": access_of(user).covers(Permission.MAP_EDIT, plan),
        "breadcrumbs": [_all_maps(), (name_of(plan), map_url(plan)), (_("Sammenlign"), "")],
    }
    return render(request, "partnerships/responsibility/compare.html", context)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    duties = my_duties(user_of(request))
    context = {
        "asked": [row for row in duties if row.accepted_at is None],
        "held": [row for row in duties if row.accepted_at is not None],
    }
    return render(request, "partnerships/responsibility/mine.html", context)


# --- Duties ----------------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duty_new(request: HttpRequest, pk: int) -> HttpResponse:
    """In the municipality's or a unit's map; `?punkt=` takes in a point of the template."""
    user = user_of(request)
    plan = get_for(user, Permission.MAP_EDIT, PLANS, pk=pk)
    key, initial = _from_template(request, plan)
    form = NewDutyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        duty = duty_add(plan=plan, by=user, template_key=key, **form.changes())
        messages.success(request, _("Oppgaven ligger i kartet. Hvem kan ta den?"))
        return redirect("duty", pk=duty.pk)
    context = {
        "form": form,
        "breadcrumbs": [_all_maps(), (name_of(plan), map_url(plan)), (_("Ny oppgave"), "")],
    }
    return render(request, "partnerships/responsibility/duty_form.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partnership_duty_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The first one makes the partnership's own map."""
    user = user_of(request)
    partnership = get_for(user, Permission.MAP_EDIT, Partnership, pk=pk)
    form = NewDutyForm(
        request.POST or None, initial={"group": DutyGroup.COORDINATOR, "level": DutyLevel.OPERATIVE}
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = map_of_partnership(partnership=partnership, by=user)
            duty = duty_add(plan=plan, by=user, **form.changes())
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Oppgaven ligger i kartet. Hvem kan ta den?"))
            return redirect("duty", pk=duty.pk)
    to_map = (_("Ansvarskart"), reverse("partnership_map", args=[partnership.pk]))
    context = {"form": form, "breadcrumbs": [*crumbs(partnership, "")[:2], to_map, (_("Ny oppgave"), "")]}
    return render(request, "partnerships/responsibility/duty_form.html", context)


@login_required
@require_POST
def partnership_duties(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes in what its set-up suggests."""
    user = user_of(request)
    partnership = get_for(
        user, Permission.MAP_EDIT, Partnership.objects.select_related("municipality__settings"), pk=pk
    )
    try:
        duties_of_setup(partnership=partnership, by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Oppgavene ligger i kartet. Endre ordene, og finn noen til dem."))
    return redirect("partnership_map", pk=partnership.pk)


@login_required
@require_safe
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = get_visible(user, DUTIES, pk=pk)
    access = access_of(user)
    context = {
        "duty": found,
        "card": card_of(found, user),
        "before": handed_over(found, user),
        "may_edit": access.covers(Permission.MAP_EDIT, found),
        "reads_history": access.covers(Permission.HISTORY_READ, found),
        "came_from": came_from(user, duty=found),
        "breadcrumbs": _duty_crumbs(found),
    }
    return render(request, "partnerships/responsibility/duty.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = get_for(user, Permission.MAP_EDIT, DUTIES, pk=pk)
    form = DutyForm(request.POST or None, duty=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.saved_by(
                lambda version: duty_change(duty=found, version=version, changes=form.changes(), by=user),
                user,
            )
        except DomainError as error:
            messages.error(request, str(error.sentence))
            return redirect(map_url(found.map))
        if saved:
            messages.success(request, _("Oppgaven er lagret."))
            return redirect("duty", pk=found.pk)
    context = {"form": form, "breadcrumbs": _duty_crumbs(found, _("Endre"))}
    return render(request, "partnerships/responsibility/duty_form.html", context)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Up or down in its column. With htmx the board alone comes back, and the focus stays on the button."""
    user = user_of(request)
    found = get_for(user, Permission.MAP_EDIT, DUTIES, pk=pk)
    try:
        duty_move(duty=found, up=request.POST.get("to") != "down", by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    if request.headers.get("HX-Request"):
        plan = get_visible(user, PLANS, pk=found.map_id)
        context = _board_context(request, plan) | {"arranging": True}
        return render(request, "partnerships/responsibility/_board.html", context)
    return redirect(f"{map_url(found.map)}?ordne=1#duty-{found.pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = get_for(user, Permission.MAP_EDIT, DUTIES, pk=pk)
    if request.method == "POST":
        try:
            duty_remove(duty=found, by=user)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Oppgaven er tatt bort. Den står i historikken."))
        return redirect(map_url(found.map))
    context = {
        "title": _("Ta bort «%(duty)s»?") % {"duty": found.text},
        "text": _(
            "Oppgaven skal ikke gjøres mer, og den som har den, er fri. Skal noen andre gjøre den, "
            "leverer du den heller videre."
        ),
        "action": _("Ta bort oppgaven"),
        "cancel_url": reverse("duty", args=[found.pk]),
    }
    return render(request, "confirm.html", context)


# --- What they share ---------------------------------------------------------------------------------------
def _board_context(request: HttpRequest, plan: ResponsibilityMap) -> dict[str, object]:
    user = user_of(request)
    inherited = maps_of(plan.partnership).inherited if plan.partnership is not None else None
    may_edit = access_of(user).covers(Permission.MAP_EDIT, plan)
    return {
        "plan": plan,
        "title": name_of(plan),
        "board": board_of([plan, inherited] if inherited is not None else [plan], user),
        "may_edit": may_edit,
        "arranging": may_edit and "ordne" in request.GET,
    }


def _from_template(request: HttpRequest, plan: ResponsibilityMap) -> tuple[str, dict[str, str]]:
    """Raises Http404 for a point the template does not have."""
    key = request.GET.get("punkt", "")
    if not key:
        return "", {"group": DutyGroup.COORDINATOR, "level": DutyLevel.OPERATIVE}
    point = point_of(content_template_current(TEMPLATE, municipality=plan.municipality), key)
    if point is None:
        raise Http404
    text = in_language(point["texts"], language_of(plan.municipality))
    return key, {"text": text, "group": point["group"], "level": point["level"]}


def _all_maps() -> tuple[str, str]:
    return _("Ansvarskart"), reverse("responsibility_maps")


def _duty_crumbs(found: Duty, last: str = "") -> list[tuple[str, str]]:
    crumbs = [_all_maps(), (name_of(found.map), map_url(found.map))]
    if not last:
        return [*crumbs, (found.text, "")]
    return [*crumbs, (found.text, reverse("duty", args=[found.pk])), (last, "")]


def _number(typed: str) -> int:
    """Raises Http404 for what is no number."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return int(typed)
