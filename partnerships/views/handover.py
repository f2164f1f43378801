"""Handing a duty over: ask, answer, withdraw, leave, and let a deputy go."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import user_of
from partnerships.forms.responsibility import HandOverForm, LeavesForm
from partnerships.models import Duty, DutyHolder
from partnerships.models.notice import Answer
from partnerships.models.responsibility import HolderPart
from partnerships.selectors.responsibility_board import card_of, name_of
from partnerships.selectors.responsibility_list import map_url
from partnerships.selectors.responsibility_people import people_for, side_of, sides_of
from partnerships.services.handover import (
    deputy_end,
    duty_hand_over,
    handover_answer,
    handover_withdraw,
    holder_leaves,
)
from partnerships.services.person import person_add
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError

DUTIES = Duty.objects.filter(removed_at=None).select_related(
    "map__partnership", "map__unit", "municipality__settings"
)
HOLDERS = DutyHolder.objects.filter(duty__removed_at=None).select_related(
    "person", "duty__map__partnership", "duty__map__unit", "municipality__settings"
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int, part: HolderPart) -> HttpResponse:
    user = user_of(request)
    duty = get_for(user, Permission.MAP_EDIT, DUTIES, pk=pk)
    is_deputy = part == HolderPart.DEPUTY
    form = HandOverForm(
        request.POST or None,
        people=people_for(duty, user),
        sides=sides_of(duty, user),
        me=user,
        button=_("Spør om å være stedfortreder") if is_deputy else _("Spør om å ta oppgaven"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            holder = _ask(form, duty, part, user)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _told(holder))
            return redirect("duty", pk=duty.pk)
    context = {
        "form": form,
        "duty": duty,
        "card": card_of(duty, user),
        "is_deputy": is_deputy,
        "breadcrumbs": [
            (name_of(duty.map), map_url(duty.map)),
            (duty.text, reverse("duty", args=[duty.pk])),
            (_("Stedfortreder") if is_deputy else _("Lever videre"), ""),
        ],
    }
    return render(request, "partnerships/responsibility/hand_over.html", context)


def _ask(form: HandOverForm, duty: Duty, part: HolderPart, user: User) -> DutyHolder:
    """Raises DomainError for what the services refuse."""
    chosen: dict[str, Any] = form.cleaned_data
    if chosen["position"]:
        return duty_hand_over(
            duty=duty, part=part, position=chosen["position"], side=form.chosen_side, by=user
        )
    person, side = chosen["person"], form.chosen_side
    if person is None:
        person = person_add(
            municipality=side.municipality if side is not None else duty.municipality,
            side=side,
            name=" ".join(chosen["name"].split()),
            email=chosen["email"],
            phone=chosen["phone"],
            by=user,
        )
    else:
        side = side_of(person)
    return duty_hand_over(duty=duty, part=part, person=person, side=side, by=user)


def _told(holder: DutyHolder) -> str:
    if holder.accepted_at is not None:
        return _("Kartet er oppdatert.")
    name = holder.person.name if holder.person is not None else ""
    return _("%(name)s er spurt, og får en beskjed. Oppgaven skifter hender når svaret er ja.") % {
        "name": name
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """She who is asked; or who edits the map, and noted what she said."""
    user = user_of(request)
    holder, is_me = _hers_or_edited(user, pk)
    given = request.POST.get("answer")
    if given in Answer.values:
        try:
            handover_answer(holder=holder, yes=given == Answer.YES, by=user)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Takk for svaret.") if is_me else _("Svaret er notert."))
        return _back(user, holder)
    context = {
        "holder": holder,
        "duty": holder.duty,
        "place": name_of(holder.duty.map),
        "is_me": is_me,
        "is_open": holder.accepted_at is None and holder.declined_at is None and holder.until is None,
        "is_deputy": holder.part == HolderPart.DEPUTY,
        "back_url": _back_url(user, holder),
    }
    return render(request, "partnerships/responsibility/answer.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    holder = get_for(user, Permission.MAP_EDIT, HOLDERS, pk=pk)
    try:
        handover_withdraw(holder=holder, by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Spørsmålet er trukket tilbake."))
    return redirect("duty", pk=holder.duty_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leaves(request: HttpRequest, pk: int) -> HttpResponse:
    """Said by herself, or by who edits the map."""
    user = user_of(request)
    holder, is_me = _hers_or_edited(user, pk)
    form = LeavesForm(request.POST or None, leaves_on=holder.leaves_on)
    if request.method == "POST" and form.is_valid():
        try:
            holder_leaves(holder=holder, leaves_on=form.cleaned_data["leaves_on"], by=user)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(
                request,
                _("Dagen er lagret. Finn noen som kan ta over.")
                if form.cleaned_data["leaves_on"]
                else _("Da fortsetter alt som før."),
            )
        return _back(user, holder)
    context = {
        "form": form,
        "holder": holder,
        "is_me": is_me,
        "back_url": _back_url(user, holder),
    }
    return render(request, "partnerships/responsibility/leaves.html", context)


@login_required
@require_POST
def deputy_let_go(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    holder, _is_me = _hers_or_edited(user, pk)
    try:
        deputy_end(holder=holder, by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Oppgaven har ingen stedfortreder nå."))
    return _back(user, holder)


def _hers_or_edited(user: User, pk: int) -> tuple[DutyHolder, bool]:
    """The row, and whether it is her own. Raises Http404, and PermissionDenied for who only sees it."""
    holder = get_visible(user, HOLDERS, pk=pk)
    is_me = holder.person is not None and holder.person.user_id == user.pk
    if not is_me and not access_of(user).covers(Permission.MAP_EDIT, holder):
        raise PermissionDenied
    return holder, is_me


def _back(user: User, holder: DutyHolder) -> HttpResponse:
    return redirect(_back_url(user, holder))


def _back_url(user: User, holder: DutyHolder) -> str:
    """The duty, for those who see its map; who was only asked has her own list."""
    seen = Duty.objects.visible_to(user).filter(pk=holder.duty_id).exists()
    return reverse("duty", args=[holder.duty_id]) if seen else reverse("my_duties")
