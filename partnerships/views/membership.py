"""Who has access: list, invite, change, end; and one's own choice of where to work now."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, require
from partnerships.current import SESSION_KEY, current_municipality, user_of
from partnerships.forms.membership import ABOUT_ROLE, ChangeForm, InviteForm, MembersFilter
from partnerships.models import Invitation, Membership, Organisation, Unit, VolunteerCentre
from partnerships.selectors.history import history_of
from partnerships.selectors.membership import (
    Grantable,
    grantable,
    invitations_open,
    matching,
    members_ended,
    members_now,
)
from partnerships.selectors.process_people import groups_without
from partnerships.selectors.words import role_word
from partnerships.services.actor import actor_find_or_add
from partnerships.services.invitation import invitation_send, invitation_send_again, invitation_withdraw
from partnerships.services.membership import membership_change, membership_end
from samskaping.accounts.permissions import Permission, Role
from samskaping.accounts.services.session import session_keep
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality

PER_PAGE = 50
ENDED_AT_MOST = 50
KINDS: dict[str, Any] = {"unit": Unit, "centre": VolunteerCentre, "organisation": Organisation}


def _managed(request: HttpRequest) -> Municipality:
    """The municipality she works in now, if its roles are hers to manage. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(user_of(request), Permission.MEMBER_MANAGE, municipality_id=municipality.pk)
    return municipality


@login_required
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    municipality = _managed(request)
    may = grantable(user_of(request), municipality)
    form = MembersFilter(request.GET, municipality=municipality, grantable=may)
    found = members_now(user_of(request), municipality)
    if form.is_valid():
        chosen = form.cleaned_data
        found = matching(found, q=chosen["q"], role=chosen.get("role", ""), unit=chosen.get("unit"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    context = {
        "page_obj": page,
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s tilgang", "%(count)s tilganger", count) % {"count": count},
        "invitations": invitations_open(user_of(request), municipality),
        "ended": members_ended(user_of(request), municipality)[:ENDED_AT_MOST],
        "may_invite": bool(may.roles),
    }
    return render(request, "partnerships/membership/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """First the role, then what that role needs."""
    municipality = _managed(request)
    may = grantable(user_of(request), municipality)
    role = _chosen_role(request, may)
    if role is None:
        roles = [
            {"value": r.value, "label": role_word(r, municipality), "about": ABOUT_ROLE[r]} for r in may.roles
        ]
        return render(request, "partnerships/membership/choose_role.html", {"roles": roles})
    form = InviteForm(request.POST or None, role=role, grantable=may)
    if request.method == "POST" and form.is_valid():
        invitation = _send(request, municipality, role, form)
        if invitation is not None:
            messages.success(
                request, _("Invitasjonen er på vei til %(name)s.") % {"name": invitation.person.name}
            )
            return redirect("members")
    context = {
        "form": form,
        "role": role_word(role, municipality),
        "about": ABOUT_ROLE[role],
        "several": len(may.roles) > 1,
    }
    return render(request, "partnerships/membership/invite.html", context)


def _chosen_role(request: HttpRequest, may: Grantable) -> Role | None:
    """From the address; the only one there is needs no choosing. One she may not give is no choice at all."""
    if len(may.roles) == 1:
        return may.roles[0]
    asked = request.GET.get("rolle", "")
    return next((role for role in may.roles if role.value == asked), None)


def _send(
    request: HttpRequest, municipality: Municipality, role: Role, form: InviteForm
) -> Invitation | None:
    data = form.cleaned_data
    by: Any = request.user
    try:
        place = {}
        if name := form.place_name:
            new = data.get(f"new_{name}")
            place[name] = (
                actor_find_or_add(KINDS[name], municipality=municipality, name=new, by=by)
                if new
                else data[name]
            )
        return invitation_send(
            municipality=municipality,
            role=role,
            name=data["name"],
            email=data["email"],
            phone=data["phone"],
            language=data["language"],
            by=by,
            **place,
        )
    except DomainError as error:
        form.add_error(None, str(error.sentence))
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    form = ChangeForm(request.POST or None, initial={"valid_to": membership.valid_to})
    if request.method == "POST" and form.is_valid():
        try:
            membership_change(
                membership=membership,
                valid_to=form.cleaned_data["valid_to"],
                by=user_of(request),
            )
        except DomainError as error:
            form.add_error("valid_to", str(error.sentence))
        else:
            messages.success(request, _("Endringen er lagret."))
            return redirect("members")
    context = {
        "form": form,
        "membership": membership,
        "history": history_of(membership, user_of(request)),
        "breadcrumbs": _crumbs(membership),
    }
    return render(request, "partnerships/membership/change.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    if request.method == "POST":
        try:
            membership_end(membership=membership, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Rollen er avsluttet."))
        # Whoever ended her own last role has nothing to see in the list any more.
        still = access_of(user_of(request)).may(Permission.MEMBER_MANAGE)
        return redirect("members" if still else "front")
    name = membership.person.name if membership.person else ""
    context = {
        "title": _("Avslutte rollen til %(name)s?") % {"name": name},
        "text": _("%(role)s, %(place)s") % {"role": membership.role_label, "place": membership.belongs_to},
        "consequences": [
            _("Tilgangen er borte ved neste klikk, og åpne innlogginger avsluttes."),
            _("Det som er gjort til nå, står igjen med navn."),
            _("Andre roller varer som før, og du kan invitere på nytt."),
            *_left_without_contact(request, membership),
        ],
        "action": _("Avslutt rollen"),
        "cancel_url": reverse("members"),
        "danger": True,
    }
    return render(request, "confirm.html", context)


def _left_without_contact(request: HttpRequest, membership: Membership) -> list[str]:
    """Groups somebody else must be the contact of from now on: those who lead are asked to choose."""
    groups = groups_without(membership, user_of(request))
    if not groups:
        return []
    told = {"groups": ", ".join(groups)}
    return [_("Kontaktperson for gruppa: %(groups)s. De som leder, blir bedt om å velge en ny.") % told]


@login_required
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    try:
        invitation_send_again(invitation=invitation, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Invitasjonen er sendt på nytt, og gjelder i fjorten nye dager."))
    return redirect("members")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = _invitation(request, pk)
    if request.method == "POST":
        try:
            invitation_withdraw(invitation=invitation, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Invitasjonen er trukket tilbake. Lenken virker ikke lenger."))
        return redirect("members")
    context = {
        "title": _("Trekke tilbake invitasjonen til %(name)s?") % {"name": invitation.person.name},
        "text": _("Lenken slutter å virke. Du kan invitere på nytt når du vil."),
        "action": _("Trekk tilbake"),
        "cancel_url": reverse("members"),
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Works as another of her roles from now on. One that is not hers, or has ended, is refused."""
    given = request.POST.get("membership", "")
    memberships = access_of(user_of(request)).memberships
    chosen = next((m for m in memberships if str(m.pk) == given), None)
    if chosen is None:
        return HttpResponseBadRequest()
    request.session[SESSION_KEY] = chosen.pk
    session_keep(request, user_of(request))
    return redirect("home")


def _membership(request: HttpRequest, pk: int) -> Membership:
    memberships = Membership.objects.select_related(
        "person", "municipality__settings", "unit", "centre", "organisation", "granted_by"
    ).filter(ended_at=None)
    return get_for(user_of(request), Permission.MEMBER_MANAGE, memberships, pk=pk)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    invitations = Invitation.objects.select_related("person", "municipality").filter(
        accepted_at=None, withdrawn_at=None
    )
    return get_for(user_of(request), Permission.MEMBER_MANAGE, invitations, pk=pk)


def _crumbs(membership: Membership) -> list[tuple[str, str]]:
    name = membership.person.name if membership.person else ""
    return [(_("Hvem har tilgang"), reverse("members")), (name, "")]
