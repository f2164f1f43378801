"""Organisations, centres and units as lists and pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices, Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from partnerships.icnpo import category_name, main_group
from partnerships.models import (
    Contact,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.actors import CentreOwnership, CentreProfile, OrganisationKind, RegisterState
from partnerships.models.areas import Area
from partnerships.organisation_number import normal_organisation_number
from partnerships.services.actor_contact import actor_field
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.once import address_of, labels_of
from samskaping.core.sms import shown_number
from samskaping.core.text import sort_key

Actor = Unit | VolunteerCentre | Organisation
# What a list is asked for to show those that have not said what they work with.
NO_AREA = "none"


def actors_here(kind: type[Any], user: User, municipality: Municipality) -> QuerySet[Any]:
    return kind._default_manager.visible_to(user).filter(municipality=municipality)  # type: ignore[no-any-return]


def matching(
    found: QuerySet[Any],
    *,
    q: str = "",
    area: str = "",
    kind: str = "",
    category: str = "",
    together: str = "",
    ended: bool = False,
) -> QuerySet[Any]:
    """By what she wrote (name or number) and chose. A main group takes in those under it."""
    found = found.filter(ended_at__isnull=not ended)
    if q:
        by_number = normal_organisation_number(q) if found.model is Organisation else ""
        named = Q(name_key__contains=sort_key(q)) if sort_key(q) else Q(pk=None)
        found = found.filter(named | Q(number=by_number) if by_number else named)
    if area:
        found = found.filter(areas=[]) if area == NO_AREA else found.filter(areas__contains=[area])
    if kind:
        found = found.filter(kind=kind)
    if category:
        found = found.filter(Q(icnpo=category) | Q(icnpo__regex=rf"^{int(category)}[0-9]{{3}}$"))
    if together:
        in_something = Exists(_taking_part().filter(organisation=OuterRef("pk")))
        found = found.filter(in_something if together == "yes" else ~in_something)
    return found


def _taking_part() -> QuerySet[PartnershipParty]:
    return PartnershipParty.objects.taking_part().filter(partnership__ended_on=None)


def with_partnerships(found: QuerySet[Any]) -> QuerySet[Any]:
    """How many partnerships each takes part in now: a number, whoever asks."""
    kind = actor_field(found.model())
    counted = (
        _taking_part().filter(**{kind: OuterRef("pk")}).order_by().values(kind).values(count=Count("pk"))
    )
    return found.annotate(partnership_count=Coalesce(Subquery(counted), 0))  # type: ignore[no-any-return]


_IN_ROWS: dict[type[Any], tuple[str, dict[str, type[Choices]]]] = {
    Organisation: ("lag", {"kind": OrganisationKind, "register_state": RegisterState}),
    VolunteerCentre: ("sentraler", {"ownership": CentreOwnership, "profile": CentreProfile}),
}
_WARNED = {RegisterState.DELETED, RegisterState.BANKRUPT, RegisterState.DISSOLVING, RegisterState.NOT_FOUND}


def actor_rows(found: Any) -> list[dict[str, Any]]:
    """Of organisations or centres `with_partnerships`: plain words, with what is chosen as its label."""
    slug, chosen = _IN_ROWS[found.model]
    category = ("icnpo",) if found.model is Organisation else ()
    url, labels = address_of("actor", slug), {field: labels_of(choices) for field, choices in chosen.items()}
    areas = labels_of(Area)
    return [
        {
            "url": url(row["pk"]),
            "name": row["name"],
            "partnership_count": row["partnership_count"],
            # What left the list of areas is left out, not shown as a code.
            "areas": ", ".join(areas[area] for area in row["areas"] if area in areas),
            "category": category_words(row.get("icnpo", "")),
            "warned": row.get("register_state") in _WARNED,
            **{field: labels[field].get(row[field], row[field]) for field in chosen},
        }
        for row in found.values("pk", "name", "areas", "partnership_count", *chosen, *category)
    ]


def same_name(
    organisation_name: str, municipality: Municipality, *, but: int | None = None
) -> list[Organisation]:
    """Those that are called the same, whatever their capitals: perhaps the one she is about to add."""
    found = Organisation.objects.filter(municipality=municipality, name_key=sort_key(organisation_name))
    return list(found.exclude(pk=but)[:3])


@dataclass(frozen=True)
class ContactLine:
    contact: Contact
    name: str
    phone: str
    email: str
    is_hidden: bool
    # Her own page, for those who may open it.
    has_page: bool


def contacts_of(actor: Actor, user: User) -> list[ContactLine]:
    """Whom to ring. Who has hidden her addresses is shown by name alone."""
    contacts = list(
        Contact.objects.visible_to(user)
        .filter(party=None, **{actor_field(actor): actor})
        .select_related("person")
    )
    people = [contact.person_id for contact in contacts]
    seen = set(Person.objects.visible_to(user).filter(pk__in=people).values_list("pk", flat=True))
    return [
        ContactLine(
            contact=contact,
            name=contact.person.name,
            phone="" if contact.person.hide_contact else shown_number(contact.person.phone),
            email="" if contact.person.hide_contact else contact.person.email,
            is_hidden=contact.person.hide_contact,
            has_page=contact.person_id in seen,
        )
        for contact in contacts
    ]


def partnerships_of(actor: Actor, user: User) -> list[Partnership]:
    """Those she sees; that it is in others is no secret, but what they are is theirs."""
    parties = PartnershipParty.objects.filter(**{actor_field(actor): actor}, accepted_at__isnull=False)
    seen = Partnership.objects.visible_to(user).filter(pk__in=parties.values("partnership"))
    return list(seen.order_by("title_key", "pk"))


def area_names(areas: Iterable[str]) -> list[str]:
    labels = dict(Area.choices)
    return [str(labels[area]) for area in areas if area in labels]


def category_words(code: str) -> str:
    """«Kultur og rekreasjon: Idrett»."""
    if not code:
        return ""
    group, name = category_name(main_group(code)), category_name(code)
    return name if group == name or not group else _("%(group)s: %(name)s") % {"group": group, "name": name}


@dataclass(frozen=True)
class Branch:
    """A unit in the tree, with those under it. `found`: one she searched for, not just on the way to it."""

    unit: Unit
    branches: list["Branch"]
    found: bool = False

    @property
    def below(self) -> int:
        """How many there are under it, at every level."""
        return sum(1 + branch.below for branch in self.branches)


def unit_tree(user: User, municipality: Municipality, *, q: str = "", area: str = "") -> list[Branch]:
    """Those in use, in Norwegian order at each level; of a search, those found and what they lie under.

    One query, and one more for a search.
    """
    units = list(actors_here(Unit, user, municipality).filter(ended_at=None))
    searched = bool(q or area)
    wanted = matching(actors_here(Unit, user, municipality), q=q, area=area)
    found = set(wanted.values_list("pk", flat=True)) if searched else set()
    here = {unit.pk for unit in units}
    under: dict[int | None, list[Unit]] = {}
    for unit in units:
        # Under one that has ended is nowhere: it stands at the top until somebody moves it.
        under.setdefault(unit.parent_id if unit.parent_id in here else None, []).append(unit)

    def branches(parent: int | None) -> list[Branch]:
        made = [Branch(unit, branches(unit.pk), unit.pk in found) for unit in under.get(parent, ())]
        return [branch for branch in made if branch.found or branch.branches] if searched else made

    return branches(None)
