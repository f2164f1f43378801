"""«Ideer»: those that came, the one that waits longest first; and one of them, with what it can become."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import get_visible
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.forms.initiative import (
    NO_TEXT,
    YES_TEXT,
    IdeaAnswerForm,
    IdeaHolderForm,
    IdeaYesForm,
)
from partnerships.forms.partnership import StartForm
from partnerships.forms.process import ProcessStartForm
from partnerships.models import Initiative, Organisation
from partnerships.models.initiative import InitiativeState
from partnerships.selectors.initiative import (
    STATE_COLORS,
    initiatives_here,
    may_look,
    message_channel,
    who_may_hold,
)
from partnerships.selectors.partnership_start import Actors, may_start, set_ups
from partnerships.services.actor import actor_find_or_add
from partnerships.services.initiative import initiative_answer, initiative_became, initiative_hand_over
from partnerships.services.partnership import partnership_start
from partnerships.services.process import process_start
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number

PER_PAGE = 30
READ_WITH = ("municipality__settings", "holder__person", "partnership", "process", "answered_by")


@login_required
@require_safe
def ideas(request: HttpRequest) -> HttpResponse:
    """Those that wait; with `vis=besvart` those that had their answer."""
    user, membership = user_of(request), current_membership(request)
    if not may_look(user, membership):
        raise PermissionDenied
    here = initiatives_here(user, membership).select_related("holder__person")
    answered = request.GET.get("vis") == "besvart"
    rows = (
        here.exclude(state=InitiativeState.NEW).order_by("-answered_at", "-pk")
        if answered
        else here.filter(state=InitiativeState.NEW)
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, STATE_COLORS[InitiativeState(one.state)]) for one in page.object_list],
        "answered": answered,
        "today": timezone.localdate(),
    }
    return render(request, "partnerships/initiative/list.html", context)


@login_required
@require_safe
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    found, user, membership = _found(request, pk), user_of(request), current_membership(request)
    is_open = found.state == InitiativeState.NEW
    with translation.override(found.language):
        text = str(YES_TEXT)
    context = {
        "idea": found,
        "tags": [{"text": found.get_state_display(), "color": STATE_COLORS[InitiativeState(found.state)]}],
        "is_open": is_open,
        "phone": shown_number(found.phone),
        "is_reached": message_channel(found) is not None,
        "yes_form": IdeaYesForm(initial={"text": text}) if is_open else None,
        "may_start": is_open and may_start(user, membership),
        "may_begin": is_open and may_start(user, membership, Permission.PROCESS_EDIT),
        "is_late": is_open and found.reply_by < timezone.localdate(),
        "breadcrumbs": _crumbs(found),
    }
    return render(request, "partnerships/initiative/page.html", context)


@login_required
@require_POST
def yes(request: HttpRequest, pk: int) -> HttpResponse:
    """In one step: the words stand there already."""
    found = _found(request, pk)
    return _answer(request, found, IdeaYesForm(request.POST, alone=True), InitiativeState.YES)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    initial: dict[str, Any] = {}
    if request.GET.get("svar") == "nei":
        with translation.override(found.language):
            initial = {"state": InitiativeState.NO.value, "text": str(NO_TEXT)}
    return _answer(request, found, IdeaAnswerForm(request.POST or None, initial=initial))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = IdeaHolderForm(request.POST or None, holders=list(who_may_hold(found)), now=found.holder_id)
    if request.method == "POST" and form.is_valid():
        try:
            initiative_hand_over(initiative=found, holder=form.chosen(), by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Ideen er gitt videre."))
            return (
                redirect("ideas")
                if may_look(user_of(request), current_membership(request))
                else redirect("this_week")
            )
    return _form(request, found, form, _("Gi ideen videre"), "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def to_partnership(request: HttpRequest, pk: int) -> HttpResponse:
    """The ordinary start, filled in beforehand; what comes of it says that a citizen began it."""
    found, by, membership = _found(request, pk), user_of(request), current_membership(request)
    town = current_municipality(request)
    if town is None or town.pk != found.municipality_id or not may_start(by, membership):
        raise PermissionDenied
    actors, templates = Actors(by, town), set_ups(town)
    form = StartForm(
        request.POST or None,
        actors=actors,
        templates=[(t.key, t.text()["title"]) for t in templates] or [("", _("Noe annet"))],
        this_year=timezone.localdate().year,
        initial={"title": found.title},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                new = [
                    actor_find_or_add(Organisation, municipality=town, name=name, by=by)
                    for name in data.get("new", [])
                ]
                made = partnership_start(
                    municipality=town,
                    title=data["title"],
                    own=actors.side(data.get("own", "")),
                    others=[*data["others"], *new],
                    template=next((t for t in templates if t.key == data["template"]), None),
                    from_citizen=True,
                    by=by,
                )
                with translation.override(found.language):
                    text = _("Vi tar den videre. Ideen din har blitt et samarbeid.")
                initiative_became(initiative=found, partnership=made, text=text, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Samarbeidet er i gang, og den som sendte ideen, får vite det."))
            return redirect("partnership", pk=made.pk)
    context = {"form": form, "names": actors.names, "breadcrumbs": _crumbs(found, _("Start et samarbeid"))}
    return render(request, "partnerships/partnership/start.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def to_process(request: HttpRequest, pk: int) -> HttpResponse:
    """A group that develops it together."""
    found, by, membership = _found(request, pk), user_of(request), current_membership(request)
    town = current_municipality(request)
    may = may_start(by, membership, Permission.PROCESS_EDIT)
    if membership is None or town is None or town.pk != found.municipality_id or not may:
        raise PermissionDenied
    actors = Actors(by, town, Permission.PROCESS_EDIT)
    initial = {"title": found.title, "problem": found.text, "from_citizen": True}
    form = ProcessStartForm(request.POST or None, actors=actors, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            with transaction.atomic():
                made = process_start(
                    municipality=town,
                    title=data["title"],
                    problem=data["problem"],
                    target_group=data["target_group"],
                    own=actors.side(data.get("own", "")),
                    from_citizen=data.get("from_citizen", True),
                    convener=membership.person,
                    by=by,
                )
                with translation.override(found.language):
                    text = _("Vi tar den videre. En gruppe skal utvikle ideen din, og du kan bli med.")
                initiative_became(initiative=found, process=made, text=text, by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Prosessen er i gang, og den som sendte ideen, får vite det."))
            return redirect("process", pk=made.pk)
    context = {"form": form, "partnership": None, "breadcrumbs": _crumbs(found, _("Start en prosess"))}
    return render(request, "partnerships/process/start.html", context)


def _found(request: HttpRequest, pk: int) -> Initiative:
    """Whoever sees an idea may answer it. Raises Http404."""
    return get_visible(user_of(request), Initiative.objects.select_related(*READ_WITH), pk=pk)


def _answer(
    request: HttpRequest,
    found: Initiative,
    form: IdeaYesForm | IdeaAnswerForm,
    state: InitiativeState | None = None,
) -> HttpResponse:
    """What was written stands there still when it did not get through."""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        state = state or InitiativeState(data["state"])
        try:
            initiative_answer(initiative=found, state=state, text=data["text"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            reached = message_channel(found) is not None
            messages.success(
                request,
                _("Svaret er sendt.") if reached else _("Svaret er lagret, og står på siden til ideen."),
            )
            return redirect("initiative", pk=found.pk)
    lead = _("Den som sendte ideen, får svaret.") if message_channel(found) else ""
    return _form(request, found, form, _("Svar på ideen"), lead)


def _form(request: HttpRequest, found: Initiative, form: Any, title: str, lead: str) -> HttpResponse:
    context = {"form": form, "title": title, "lead": lead, "breadcrumbs": _crumbs(found, title)}
    return render(request, "partnerships/offer/form.html", context)


def _crumbs(found: Initiative, *last: str) -> list[tuple[str, str]]:
    own = (found.title, reverse("initiative", args=[found.pk]) if last else "")
    return [(_("Ideer"), reverse("ideas")), own, *((text, "") for text in last)]
