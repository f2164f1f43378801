"""What somebody may start an offer with: whose side she is on, and our templates."""

from dataclasses import dataclass
from functools import cached_property

from partnerships.access import access_of
from partnerships.models import Membership, Partnership
from partnerships.selectors.partnership_start import Actor, Actors, key_of
from partnerships.selectors.sides import sides_of
from partnerships.selectors.words import municipality_name
from partnerships.services.offer import may_offer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.text import sort_key


@dataclass
class Start:
    """For the role she is in now; in a partnership there is, or on its own."""

    user: User
    membership: Membership | None
    partnership: Partnership | None = None

    @property
    def municipality(self) -> Municipality | None:
        if self.partnership is not None:
            return self.partnership.municipality
        return self.membership.municipality if self.membership else None

    @cached_property
    def may(self) -> bool:
        """Whether she may at all: for buttons, without asking what there is to choose."""
        membership = self.membership
        if membership is None or membership.municipality_id is None:
            return False
        access = access_of(self.user)
        if self.partnership is None:
            here = access.may(Permission.OFFER_EDIT, municipality_id=membership.municipality_id)
            return here and (self.is_whole or self._place is not None)
        return access.covers(Permission.OFFER_EDIT, self.partnership) or bool(self.sides)

    @cached_property
    def is_whole(self) -> bool:
        town = self.municipality
        access = access_of(self.user)
        return town is not None and town.pk in access.municipalities_all(Permission.OFFER_EDIT)

    @cached_property
    def sides(self) -> list[Actor]:
        """Those it may be held by; what her role is tied to comes first."""
        town, membership = self.municipality, self.membership
        if town is None or membership is None:
            return []
        if self.partnership is not None:
            found: list[Actor] = [party.actor for party in sides_of(self.partnership)]
        else:
            actors = Actors(self.user, town)
            found = list(actors.own)
            # Whoever runs offers at a unit speaks for it in nothing else.
            if membership.unit is not None and membership.unit not in found:
                found.append(membership.unit)
        allowed = [
            side
            for side in found
            if may_offer(self.user, town, own=side, partnership=self.partnership, contact=membership.person)
        ]
        return sorted(allowed, key=lambda side: side != self._place)

    @property
    def _place(self) -> Actor | None:
        """What her role is tied to."""
        membership = self.membership
        return (membership.unit or membership.centre or membership.organisation) if membership else None

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        whole = [("", municipality_name(self.municipality))] if self.is_whole and self.municipality else []
        return [*whole, *((key_of(side), side.name) for side in self.sides)]

    def side(self, chosen: str) -> Actor | None:
        """What was chosen, or the first there is; None is the whole municipality."""
        first = None if self.is_whole or not self.sides else self.sides[0]
        return next((side for side in self.sides if key_of(side) == chosen), first)

    @cached_property
    def templates(self) -> list[ContentTemplate]:
        """The newest version of each: the municipality's own before ours."""
        town = self.municipality
        rows = ContentTemplate.objects.filter(kind=ContentKind.OFFER)
        versions = rows.filter(municipality=None).union(rows.filter(municipality=town))
        newest: dict[str, ContentTemplate] = {}
        for found in sorted(versions, key=lambda one: (one.municipality_id is None, -one.version)):
            newest.setdefault(found.key, found)
        return sorted(newest.values(), key=lambda one: sort_key(one.text()["title"]))
