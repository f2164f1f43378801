"""Asking: from a partnership, from the inbox, and about an answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import Access, access_of, get_for, require
from partnerships.current import current_membership, user_of
from partnerships.forms.signal import RaiseForm
from partnerships.models import Membership, Partnership, Signal
from partnerships.models.partnership import Phase
from partnerships.models.signal import SignalKind
from partnerships.selectors.partnership import partnerships_here
from partnerships.selectors.signal_access import may_follow_up, signal_for
from partnerships.selectors.signal_start import others_to_ask_for, party_of, start
from partnerships.services.signal import signal_raise
from partnerships.views.partnership import crumbs as partnership_crumbs
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_partnership(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_for(
        user_of(request),
        Permission.SIGNAL_RAISE,
        Partnership.objects.select_related("municipality__settings"),
        pk=pk,
    )
    return _ask(request, found, crumbs=partnership_crumbs(found, _("Still et spørsmål")))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_inbox(request: HttpRequest) -> HttpResponse:
    """Most questions are about a partnership: those are chosen first. The rest are asked here."""
    user, membership = user_of(request), current_membership(request)
    require(user, Permission.SIGNAL_RAISE, municipality_id=membership.municipality_id if membership else None)
    choices = partnerships_here(user, membership).exclude(phase=Phase.ENDED)
    chosen = request.GET.get("samarbeid", "")
    if chosen.isdigit() and choices.filter(pk=int(chosen)).exists():
        return redirect("signal_raise", pk=int(chosen))
    crumbs = [(_("Spørsmål og svar"), reverse("signals")), (_("Still et spørsmål"), "")]
    return _ask(request, None, crumbs=crumbs, extra={"partnerships": choices.only("title")})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    before = signal_for(request.user, may_follow_up, pk)
    crumbs = [
        (_("Spørsmål og svar"), reverse("signals")),
        (before.subject, reverse("signal", args=[before.pk])),
        (_("Spør videre"), ""),
    ]
    return _ask(request, before.partnership, crumbs=crumbs, follows=before)


def _ask(
    request: HttpRequest,
    partnership: Partnership | None,
    *,
    crumbs: list[tuple[str, str]],
    follows: Signal | None = None,
    extra: dict[str, object] | None = None,
) -> HttpResponse:
    user, membership = user_of(request), _asks_as(request, partnership)
    assert membership.person is not None  # noqa: S101 - only national analysts have none
    begun = start(membership, membership.person, partnership)
    form = RaiseForm(
        request.POST or None,
        to=begun.choices,
        others=others_to_ask_for(user, partnership),
        # A page that leads here may say what it is about.
        initial={"subject": follows.subject if follows else request.GET.get("om", "")[:150]},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        other = data.get("asker")
        try:
            made = signal_raise(
                municipality=begun.municipality,
                partnership=partnership,
                asker=other or membership.person,
                asker_for=party_of(other, partnership) if other and partnership else begun.asker_for,
                from_level=begun.from_level,
                to=begun.to[data["to"]],
                kind=SignalKind(data["kind"]),
                subject=data["subject"],
                text=data["text"],
                due_on=data["due_on"],
                follows=follows,
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _sent_words(made))
            return redirect("signal", pk=made.pk)
    context = {
        "form": form,
        "partnership": partnership,
        "follows": follows,
        "breadcrumbs": crumbs,
        **(extra or {}),
    }
    return render(request, "partnerships/signal/raise.html", context)


def _asks_as(request: HttpRequest, partnership: Partnership | None) -> Membership:
    """The role she is in, or the one of hers that is in the partnership. Raises PermissionDenied for none."""
    now = current_membership(request)
    memberships: tuple[Membership, ...] = (*((now,) if now else ()), *access_of(user_of(request)).memberships)
    if partnership is not None:
        found = (m for m in memberships if Access((m,)).covers(Permission.SIGNAL_RAISE, partnership))
    else:
        found = (m for m in memberships[:1] if m.role in roles_with(Permission.SIGNAL_RAISE))
    membership = next(found, None)
    if membership is None:
        raise PermissionDenied
    return membership


def _sent_words(made: Signal) -> str:
    if made.receiver is None:
        return _(
            "Spørsmålet er sendt. Ingen svarer for dette ennå; vi sender det videre så snart noen gjør det."
        )
    return _("Spørsmålet er sendt til %(name)s.") % {"name": made.receiver.name}
