"""Before somebody asks: as what she asks, whom she can ask, and who it will go to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partnerships.models import (
    Membership,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Level
from partnerships.selectors.signal_people import Side, looked_up_once, receiver_at
from partnerships.selectors.words import level_word
from partnerships.services.signal import To
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.models import Municipality

# Where each role stands when it asks. Those who lead a side stand in the middle, on the same footing.
_STANDS_AT = {Role.CHIEF: Level.ANCHORING, Role.PLACE_CONTACT: Level.OPERATION, Role.STAFF: Level.OPERATION}
_SIDES: dict[str, Any] = {"enhet": Unit, "sentral": VolunteerCentre, "lag": Organisation}


@dataclass(frozen=True)
class Start:
    """What the form needs to know of who asks and what about."""

    municipality: Municipality
    partnership: Partnership | None
    membership: Membership
    person: Person
    from_level: Level
    asker_for: PartnershipParty | None
    # By the values of the form's choices.
    to: dict[str, To]
    choices: list[tuple[str, Any]]


def start(membership: Membership, person: Person, partnership: Partnership | None) -> Start:
    municipality = partnership.municipality if partnership else membership.municipality
    assert municipality is not None  # noqa: S101 - whoever may ask works somewhere
    level = _STANDS_AT.get(Role(membership.role), Level.DEVELOPMENT)
    found = Start(municipality, partnership, membership, person, level, None, {}, [])
    with looked_up_once():
        levels = _levels(found)
    own, sides = _parties(partnership, membership) if partnership else (None, _actors(membership))
    groups: list[tuple[str, Any]] = [(_("Et nivå"), levels)]
    groups += [(label, choices) for label, choices in sides if choices]
    return Start(
        municipality, partnership, membership, person, level, own, _targets(groups, level), _plain(groups)
    )


def others_to_ask_for(user: User, partnership: Partnership | None) -> QuerySet[Person]:
    """Contacts who cannot sign in, and whom she reaches as the portal's messages do."""
    reached = Person.objects.reached_by(user, Permission.NOTICES_MANAGE).filter(user=None)
    if partnership is None:
        return reached.none()
    return reached.filter(
        contact_for__party__partnership=partnership,
        contact_for__party__accepted_at__isnull=False,
        contact_for__party__left_on=None,
    ).distinct()


def party_of(person: Person, partnership: Partnership) -> PartnershipParty | None:
    """The side a contact speaks for."""
    return partnership.parties.taking_part().filter(contacts__person=person).order_by("pk").first()


def _levels(found: Start) -> list[tuple[str, str, Side]]:
    """The neighbouring ones; each with who it goes to."""
    choices: list[tuple[str, str, Side]] = []
    for level in Level:
        if abs(level - found.from_level) != 1:
            continue
        receiver = receiver_at(
            municipality=found.municipality,
            partnership=found.partnership,
            level=level,
            side=None,
            asker=found.person,
        )
        words = _("%(level)s (nivå %(number)s)") % {
            "level": level_word(level, found.municipality),
            "number": level.value,
        }
        if receiver is not None:
            words = _("%(level)s: går til %(name)s") % {"level": words, "name": receiver.name}
        choices.append((f"niva-{level.value}", words, None))
    return choices


def _parties(
    partnership: Partnership, membership: Membership
) -> tuple[PartnershipParty | None, list[tuple[str, list[tuple[str, str, Side]]]]]:
    """Her own, and the others."""
    own, others = None, []
    parties = partnership.parties.taking_part().select_related("unit", "centre", "organisation")
    for party in parties.order_by("pk"):
        actor = party.actor
        if actor in (membership.unit, membership.centre, membership.organisation):
            own = party
        else:
            others.append((_key(actor), actor.name, actor))
    return own, [(_("En part i samarbeidet"), others)]


def _actors(membership: Membership) -> list[tuple[str, list[tuple[str, str, Side]]]]:
    labels = {"enhet": _("En enhet"), "sentral": _("En frivilligsentral"), "lag": _("Et lag")}
    own = (membership.unit, membership.centre, membership.organisation)
    return [
        (
            labels[name],
            [
                (_key(actor), actor.name, actor)
                # Some hundreds, of which the names are shown.
                for actor in model.objects.filter(
                    Q(ended_at=None), municipality=membership.municipality_id
                ).only("name")
                if actor not in own
            ],
        )
        for name, model in _SIDES.items()
    ]


def _key(actor: Unit | VolunteerCentre | Organisation) -> str:
    name = next(name for name, model in _SIDES.items() if isinstance(actor, model))
    return f"{name}-{actor.pk}"


def _targets(groups: list[tuple[str, Any]], from_level: Level) -> dict[str, To]:
    """A side is asked as an equal, at the level of whoever asks."""
    return {
        key: To(Level(int(key[-1]))) if side is None else To(from_level, side)
        for _label, choices in groups
        for key, _words, side in choices
    }


def _plain(groups: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(label, [(key, words) for key, words, _side in choices]) for label, choices in groups]
