"""Partnerships as lists, and one as its page shows it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.asked import HERE, Asked
from partnerships.models import Membership, Partnership, PartnershipParty
from partnerships.models.partnership import (
    PartnershipQuerySet,
    Phase,
    StartedBy,
    Track,
)
from partnerships.models.reach import keys_seen, ways_to_see
from partnerships.page import Between, Fact, Stage, line_of, next_steps
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer
from samskaping.core.written import Given, Written, ask, at_hand

STEPS_SHOWN = 3
PHASE_COLORS = {
    Phase.ANCHORING: "accent",
    Phase.DEVELOPMENT: "info",
    Phase.OPERATION: "success",
    Phase.ENDED: "neutral",
}


def partnerships_here(user: User, membership: Membership | None) -> PartnershipQuerySet:
    """What she may see, of the place she works now: its own, and those it is a party of."""
    seen = Partnership.objects.visible_to(user)
    if membership is None or membership.municipality_id is None:
        return seen.none()
    return in_town(seen, membership.municipality_id)


def in_town(seen: PartnershipQuerySet, town: int | Given) -> PartnershipQuerySet:
    parties = PartnershipParty.objects.filter(partnership=OuterRef("pk")).taking_part()
    return seen.filter(Q(municipality=town) | Exists(parties.filter(party_municipality=town)))


# Those who are in, or are asked.
PARTIES = Asked(
    lambda: (
        PartnershipParty.objects.filter(partnership=HERE, left_on=None, declined_at=None)
        .select_related("unit", "centre", "organisation", "party_municipality")
        .order_by("asked_at", "pk")
    )
)


@cache
def _door(having: frozenset[str]) -> Written:
    """`visible_to`, of one, for all who come to see partnerships in these ways."""
    return Written(
        lambda: Partnership.objects.filter(pk=HERE, pk__in=keys_seen(having)).select_related(
            "municipality__settings"
        )
    )


def partnership_seen(user: User | AnonymousUser, pk: int) -> Partnership:
    """As get_visible, in one query with those who are in it, at hand as `.parties.all()`. Raises Http404."""
    by = ways_to_see(user)
    found, parties = ask([_door(frozenset(by)), PARTIES], {HERE.name: pk, **by})
    if not found:
        raise Http404
    at_hand(found[0], "parties", parties)
    partnership: Partnership = found[0]
    return partnership


@dataclass(frozen=True)
class PartnershipPage:
    partnership: Partnership
    tags: list[dict[str, Any]]
    meta: str
    line: list[dict[str, Any]]
    steps: list[Any]
    may_edit: bool


def partnership_page(partnership: Partnership, viewer: Viewer) -> PartnershipPage:
    """`partnership` comes from `partnership_seen`."""
    return PartnershipPage(
        partnership=partnership,
        tags=tags_of(partnership),
        meta=" · ".join(party_names(partnership)),
        line=line_steps(partnership, viewer) if partnership.track == Track.FULL else [],
        steps=next_steps(partnership, viewer)[:STEPS_SHOWN],
        may_edit=may_edit(partnership, viewer.user),
    )


def works_in(partnership: Partnership, viewer: Viewer) -> bool:
    """Whether she sees it as more than a guest: `worked_in_by`, of one from `partnership_seen`."""
    return access_of(viewer.user).covers(Permission.PARTNERSHIP_READ, partnership)


def may_edit(partnership: Partnership, user: User) -> bool:
    """Asked by many parts of one page, and answered once."""
    known: dict[int, bool] = partnership.__dict__.setdefault("_may_edit", {})
    if user.pk not in known:
        known[user.pk] = access_of(user).covers(Permission.PARTNERSHIP_EDIT, partnership)
    return known[user.pk]


def may_work(partnership: Partnership, user: User) -> bool:
    """What is over can be taken up again; until then nobody is offered to write in it."""
    return partnership.phase != Phase.ENDED and may_edit(partnership, user)


def tags_of(partnership: Partnership) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = [
        {"text": partnership.get_phase_display(), "color": PHASE_COLORS[Phase(partnership.phase)]}
    ]
    if partnership.paused_since:
        tags.append({"text": _("På pause"), "color": "warning"})
    return tags


def party_names(partnership: Partnership) -> list[str]:
    """Those who have said yes; a neighbour's with where it is from."""
    names = []
    for party in partnership.parties.all():
        if party.accepted_at:
            elsewhere = party.party_municipality_id != partnership.municipality_id
            names.append(
                f"{party.actor.name} ({party.party_municipality.name})" if elsewhere else party.actor.name
            )
    return names


def line_steps(partnership: Partnership, viewer: Viewer) -> list[dict[str, Any]]:
    """The four boxes of components/line.html, filled by whoever has something to say."""
    said = line_of(partnership, viewer)
    titles = {
        Stage.ANCHORING: _("1 Forankring"),
        Stage.DEVELOPMENT: _("2 Samskaping"),
        Stage.OPERATION: _("3 Drift"),
        Stage.RECIPIENTS: _("Slik opplever de det"),
    }
    steps = []
    for stage in Stage:
        facts = sorted((f for f in said if isinstance(f, Fact) and f.stage == stage), key=lambda f: f.order)
        notes = [fact.text for fact in facts if fact.muted] or (
            [] if facts else [_nothing_yet(partnership, stage)]
        )
        steps.append(
            {
                "title": titles[stage],
                "url": next((fact.url for fact in facts if fact.url), ""),
                "done": any(fact.done for fact in facts),
                "facts": [fact.text for fact in facts if not fact.muted],
                "notes": notes,
                "between": _between(
                    next((b for b in said if isinstance(b, Between) and b.after == stage), None)
                ),
            }
        )
    return steps


def _between(found: Between | None) -> dict[str, Any]:
    if found is None:
        return {"text": "", "both": False}
    if found.open:
        return {
            "text": _("%(count)s åpen") % {"count": found.open}
            if found.open == 1
            else _("%(count)s åpne") % {"count": found.open},
            "open": found.open,
            "both": True,
        }
    return {"text": _("svart") if found.answered else "", "both": True}


def _nothing_yet(partnership: Partnership, stage: Stage) -> str:
    """Never a scolding; what began from below is not shown as missing its first level."""
    if stage == Stage.ANCHORING:
        if partnership.started_by != StartedBy.MUNICIPALITY:
            return _("Startet nedenfra. Forankring kan komme siden.")
        return _("Ikke skrevet ned ennå")
    if stage == Stage.DEVELOPMENT:
        return _("Ikke utviklet sammen ennå")
    if stage == Stage.OPERATION:
        return _("Har ikke begynt ennå")
    return _("Ingen har svart ennå")


def owner_name(partnership: Partnership) -> str:
    return municipality_name(partnership.municipality)
