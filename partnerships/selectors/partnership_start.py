"""What somebody may start a partnership with: whose side she is on, whom she may name, and our set-ups."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from partnerships.access import access_of
from partnerships.models import Membership, Organisation, Unit, VolunteerCentre
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.text import sort_key

Actor = Unit | VolunteerCentre | Organisation
KINDS: tuple[tuple[str, type[Any]], ...] = (
    ("unit", Unit),
    ("centre", VolunteerCentre),
    ("organisation", Organisation),
)
# The empty set-up is one of ours as well, so that its hints have three languages; it stands last.
LAST = "samarbeid-tomt"


@dataclass(frozen=True)
class Actors:
    """The municipality's, as this user may name and use them."""

    user: User
    municipality: Municipality
    # What she is about to start: a process is started by more people than a partnership.
    permission: Permission = Permission.PARTNERSHIP_EDIT

    @cached_property
    def all(self) -> list[Actor]:
        """Organisations first: where two have the same name, it is most often the club that is meant."""
        found: list[Actor] = []
        for _kind, model in reversed(KINDS):
            seen = model.objects.visible_to(self.user).filter(municipality=self.municipality, ended_at=None)
            found += seen.order_by("name_key", "pk")
        return found

    @property
    def names(self) -> list[str]:
        return [name for _key, name in sorted({(actor.name_key, actor.name) for actor in self.all})]

    def named(self, typed: str) -> Actor | None:
        key = sort_key(typed)
        return next((actor for actor in self.all if actor.name_key == key), None)

    @cached_property
    def whole(self) -> bool:
        access = access_of(self.user)
        return self.municipality.pk in access.municipalities_all(self.permission)

    @property
    def may_add(self) -> bool:
        """What is not in the list yet becomes an organisation of the municipality's."""
        return self.municipality.pk in access_of(self.user).municipalities_all(Permission.MEMBER_MANAGE)

    @cached_property
    def own(self) -> list[Actor]:
        """Those she may speak for, beside the whole municipality; what her roles are tied to comes first."""
        access = access_of(self.user)
        reached = access.own(self.permission)
        tied = {
            (kind, getattr(membership, f"{kind}_id"))
            for membership in access.memberships
            for kind, _model in KINDS
        }
        found = [actor for actor in self.all if reached.meets(actor.owned_by())]
        return sorted(found, key=lambda actor: (kind_of(actor), actor.pk) not in tied)

    def own_choices(self) -> list[tuple[str, str]]:
        whole = [("", municipality_name(self.municipality))] if self.whole else []
        return [*whole, *((key_of(actor), actor.name) for actor in self.own)]

    def side(self, chosen: str) -> Actor | None:
        """What was chosen, or the first there is; None is the municipality itself."""
        first = None if self.whole or not self.own else self.own[0]
        return next((actor for actor in self.own if key_of(actor) == chosen), first)


def kind_of(actor: Actor) -> str:
    return next(kind for kind, model in KINDS if isinstance(actor, model))


def key_of(actor: Actor) -> str:
    return f"{kind_of(actor)}-{actor.pk}"


def may_start(
    user: User, membership: Membership | None, permission: Permission = Permission.PARTNERSHIP_EDIT
) -> bool:
    """Whether the role she is in now lets her start one; a whole municipality, or a side of her own."""
    if membership is None or membership.municipality_id is None:
        return False
    access = access_of(user)
    own = access.own(permission)
    here = membership.municipality_id in access.municipalities_all(permission)
    return here or bool(
        membership.unit_id in own.unit_ids
        or membership.centre_id in own.centre_ids
        or membership.organisation_id in own.organisation_ids
    )


def set_ups(municipality: Municipality) -> list[ContentTemplate]:
    """The newest version of each: the municipality's own before ours, the empty one last."""
    versions = (
        ContentTemplate.objects.filter(kind=ContentKind.PARTNERSHIP)
        .filter(municipality=municipality)
        .union(ContentTemplate.objects.filter(kind=ContentKind.PARTNERSHIP, municipality=None))
    )
    newest: dict[str, ContentTemplate] = {}
    for found in sorted(versions, key=lambda t: (t.municipality_id is None, -t.version)):
        newest.setdefault(found.key, found)
    return sorted(newest.values(), key=lambda t: (t.key == LAST, sort_key(t.text()["title"])))
