"""Who may do what: product.md § 1 as a table. Pure: no database, no request, no Django models.

A role grants a permission with a reach. What is not in the table is denied, and a name that is
not here does not exist: asking for it crashes instead of quietly saying no.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """What a membership says somebody is. A volunteer has none: her rights come from being herself."""

    COORDINATOR = "coordinator"
    CHIEF = "chief"
    UNIT_LEADER = "unit_leader"
    PLACE_CONTACT = "place_contact"
    STAFF = "staff"
    CENTRE_LEADER = "centre_leader"
    ORGANISATION_REP = "organisation_rep"
    OBSERVER = "observer"
    NATIONAL = "national"
    GUEST = "guest"


ROLE_LABELS = MappingProxyType(
    {
        Role.COORDINATOR: _("frivillighetskoordinator"),
        Role.CHIEF: _("kommunalsjef"),
        Role.UNIT_LEADER: _("enhetsleder"),
        Role.PLACE_CONTACT: _("kontaktperson på tjenestestedet"),
        Role.STAFF: _("ansatt"),
        Role.CENTRE_LEADER: _("daglig leder, frivilligsentral"),
        Role.ORGANISATION_REP: _("organisasjonsrepresentant"),
        Role.OBSERVER: _("folkevalgt eller observatør"),
        Role.NATIONAL: _("nasjonal analytiker"),
        Role.GUEST: _("gjest"),
    }
)


class Reach(IntEnum):
    """How far a permission goes, from near to far."""

    SELF = 1  # what is about herself
    OFFERS = 2  # the offers she is contact for
    OWN = 3  # own unit and those below, own centre, own organisation
    ALL = 4  # the whole municipality; for a chief with a unit, her sector


class Permission(StrEnum):
    ACTOR_EDIT = "actor_edit"
    CONTACT_READ = "contact_read"
    STRATEGY_READ = "strategy_read"
    STRATEGY_PROPOSE = "strategy_propose"
    STRATEGY_CONFIRM = "strategy_confirm"
    STRATEGY_EDIT = "strategy_edit"
    PARTNERSHIP_READ = "partnership_read"
    PARTNERSHIP_EDIT = "partnership_edit"
    PROCESS_READ = "process_read"
    PROCESS_EDIT = "process_edit"
    OFFER_READ = "offer_read"
    OFFER_EDIT = "offer_edit"
    MAP_READ = "map_read"
    MAP_NAMES = "map_names"
    MAP_HOLD = "map_hold"
    MAP_EDIT = "map_edit"
    AGREEMENT_DRAFT = "agreement_draft"
    VOLUNTEER_CONTACT = "volunteer_contact"
    VOLUNTEER_NAMES = "volunteer_names"
    VOLUNTEER_TODAY = "volunteer_today"
    POLICE_FACT = "police_fact"
    ERRAND_POST = "errand_post"
    WALL_MANAGE = "wall_manage"
    EVALUATION_SET_UP = "evaluation_set_up"
    EVALUATION_ANSWER = "evaluation_answer"
    EVALUATION_READ = "evaluation_read"
    SIGNAL_RAISE = "signal_raise"
    SIGNAL_ANSWER = "signal_answer"
    OVERVIEW_READ = "overview_read"
    MEMBER_MANAGE = "member_manage"
    SETTINGS_EDIT = "settings_edit"
    PERSON_READ = "person_read"
    NOTICES_MANAGE = "notices_manage"
    HISTORY_READ = "history_read"
    PRIVACY_MANAGE = "privacy_manage"
    EXPORT_ROWS = "export_rows"
    EXPORT_AGGREGATES = "export_aggregates"


def _everyone(reach: Reach) -> dict[Role, Reach]:
    """The roles that belong to a municipality and are there for daily work."""
    return {
        Role.COORDINATOR: Reach.ALL,
        Role.CHIEF: Reach.ALL,
        Role.UNIT_LEADER: reach,
        Role.PLACE_CONTACT: reach,
        Role.STAFF: reach,
        Role.CENTRE_LEADER: reach,
        Role.ORGANISATION_REP: reach,
    }


C, H, U, P, S = (Role.COORDINATOR, Role.CHIEF, Role.UNIT_LEADER, Role.PLACE_CONTACT, Role.STAFF)
L, O, V = (Role.CENTRE_LEADER, Role.ORGANISATION_REP, Role.OBSERVER)  # noqa: E741 - columns of a table
ALL, OWN, OFFERS = (Reach.ALL, Reach.OWN, Reach.OFFERS)

GRANTS: Mapping[Permission, Mapping[Role, Reach]] = MappingProxyType(
    {
        # What stands about a unit, a centre or an organisation: each writes its own.
        Permission.ACTOR_EDIT: {C: ALL, H: ALL, U: OWN, L: OWN, O: OWN},
        # Whom to ring at an actor or a party: daily work, so not for those who only come to look.
        Permission.CONTACT_READ: _everyone(ALL),
        Permission.STRATEGY_READ: {**_everyone(ALL), V: ALL},
        Permission.STRATEGY_PROPOSE: {C: ALL, H: ALL, L: ALL, O: ALL},
        Permission.STRATEGY_CONFIRM: {H: ALL, L: ALL, O: ALL},
        Permission.STRATEGY_EDIT: {C: ALL, H: ALL},
        Permission.PARTNERSHIP_READ: _everyone(OWN),
        Permission.PARTNERSHIP_EDIT: {C: ALL, H: ALL, U: OWN, P: OFFERS, L: OWN, O: OWN},
        Permission.PROCESS_READ: _everyone(OWN),
        Permission.PROCESS_EDIT: {C: ALL, U: OWN, P: OWN, S: OWN, L: OWN, O: OWN},
        Permission.OFFER_READ: _everyone(OWN),
        Permission.OFFER_EDIT: {C: ALL, U: OWN, P: OFFERS, L: OWN, O: OWN},
        Permission.MAP_READ: {**_everyone(OWN), V: ALL},
        Permission.MAP_NAMES: _everyone(OWN),
        Permission.MAP_HOLD: _everyone(OWN),
        Permission.MAP_EDIT: {C: ALL, U: OWN, L: OWN, O: OWN},
        Permission.AGREEMENT_DRAFT: {C: ALL, H: ALL, U: OWN, L: OWN, O: OWN},
        # A chief sees how it goes, not who the volunteers are.
        Permission.VOLUNTEER_CONTACT: {C: ALL, P: OFFERS, L: OWN, O: OWN},
        Permission.VOLUNTEER_NAMES: {C: ALL, U: OWN, P: OFFERS, L: OWN, O: OWN},
        Permission.VOLUNTEER_TODAY: {C: ALL, U: OWN, P: OFFERS, S: OWN, L: OWN, O: OWN},
        # For a centre or an organisation only the one named as responsible; the service checks the name.
        Permission.POLICE_FACT: {C: ALL, L: OWN, O: OWN},
        # Asking for one volunteer for one thing: those who work where the one it is for is.
        Permission.ERRAND_POST: {C: ALL, U: OWN, P: OWN, S: OWN},
        # The screen on the wall of a place, with first names on it.
        Permission.WALL_MANAGE: {C: ALL, U: OWN, P: OWN},
        Permission.EVALUATION_SET_UP: {C: ALL, U: OWN, L: OWN, O: OWN},
        Permission.EVALUATION_ANSWER: _everyone(OWN),
        Permission.EVALUATION_READ: {C: ALL, H: ALL, U: OWN, P: OWN, L: OWN, O: OWN, V: ALL},
        Permission.SIGNAL_RAISE: _everyone(OWN),
        Permission.SIGNAL_ANSWER: {C: ALL, H: ALL, U: OWN, L: OWN, O: OWN},
        Permission.OVERVIEW_READ: {C: ALL, H: ALL, U: OWN, P: OFFERS, L: OWN, O: OWN, V: ALL},
        Permission.MEMBER_MANAGE: {C: ALL, H: ALL, L: OWN, O: OWN},
        Permission.SETTINGS_EDIT: {C: ALL, H: ALL},
        # People who are contacts, holders and members; volunteers' data have rows of their own above.
        Permission.PERSON_READ: {C: ALL, H: ALL, U: OWN, P: OWN, L: OWN, O: OWN},
        # What is sent and coming, the letters to post and the people to ring: of the people one keeps.
        Permission.NOTICES_MANAGE: {C: ALL, L: OWN, O: OWN},
        Permission.HISTORY_READ: {C: ALL, H: ALL, U: OWN, L: OWN, O: OWN},
        # Export and erasure of a person: only by who answers for her data.
        Permission.PRIVACY_MANAGE: {C: ALL, L: OWN, O: OWN},
        Permission.EXPORT_ROWS: {C: ALL, L: OWN, O: OWN},
        Permission.EXPORT_AGGREGATES: {C: ALL, H: ALL, U: OWN, L: OWN, O: OWN, V: ALL},
    }
)

# Roles that see or decide so much that a password alone is not enough.
NEEDS_SECOND_FACTOR = frozenset({C, H, L, U, O, Role.NATIONAL})

# Those who come to look have no «Denne uka», neither as a page nor on Monday.
HAS_WEEK = frozenset(Role) - {Role.GUEST, Role.NATIONAL, Role.OBSERVER}

# What a role is tied to. A chief's unit is her sector, and may be missing: then it is the whole municipality.
UNIT_ROLES = frozenset({U, P, S})
CENTRE_ROLES = frozenset({L})
ORGANISATION_ROLES = frozenset({O})


def reach(role: Role, permission: Permission) -> Reach | None:
    """How far the permission goes for the role; None is no."""
    return GRANTS[permission].get(role)


def roles_with(permission: Permission) -> frozenset[Role]:
    return frozenset(GRANTS[permission])


def may_grant(role: Role) -> frozenset[Role]:
    """Which roles somebody in `role` may hand out: nobody makes more of what she is not."""
    if role in (C, H):
        return frozenset(Role) - {Role.NATIONAL}
    if role == L:
        return frozenset({L})
    if role == O:
        return frozenset({O})
    return frozenset()
