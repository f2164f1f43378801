"""Volunteers as a list, and one as her page shows her."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.models import Person
from partnerships.models.areas import Area
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.export import Cell
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number
from samskaping.core.text import sort_key
from volunteers.models import Assignment, Volunteer
from volunteers.models.assignment import offers_reached
from volunteers.models.volunteer import (
    HowMuch,
    Language,
    VolunteerQuerySet,
    VolunteerState,
    WhenFree,
)
from volunteers.selectors.requirement import lacking, number_lacking

PER_PAGE = 30
SHOWN_OFFERS = 2
STATE_COLORS = {
    VolunteerState.INTERESTED: "info",
    VolunteerState.STARTING: "info",
    VolunteerState.ACTIVE: "success",
    VolunteerState.PAUSED: "warning",
    VolunteerState.ENDED: "neutral",
}
_PLACED = ("unit", "centre", "organisation")


def volunteers_seen(user: User, municipality: Municipality) -> VolunteerQuerySet:
    """Whom she may know by name there; herself she finds on Min side.

    A volunteer's municipality is her person's: said of both, a list by name is read off the people's index.
    """
    seen = Volunteer.objects.visible_to(user, Permission.VOLUNTEER_NAMES)
    return seen.filter(municipality=municipality, person__municipality=municipality)


def matching(
    found: VolunteerQuerySet,
    *,
    q: str = "",
    state: str = "",
    place: str = "",
    interest: str = "",
    language: str = "",
    how_much: str = "",
    free: str = "",
    missing: bool = False,
) -> VolunteerQuerySet:
    """Every word of `q` begins a word of her name. Those who have left only when asked for."""
    for word in sort_key(q).split():
        found = found.filter(Q(person__name_key__startswith=word) | Q(person__name_key__contains=f" {word}"))
    found = found.filter(state=state) if state else found.here()
    kind, _dash, pk = place.partition("-")
    if kind and pk.isdecimal():
        named = {"unit": "unit", "volunteercentre": "centre", "organisation": "organisation"}[kind]
        found = found.filter(**{named: int(pk)})
    if interest:
        found = found.filter(interests__contains=[interest])
    if language:
        found = found.filter(languages__contains=[language])
    if how_much:
        found = found.filter(how_much=how_much)
    if free:
        found = found.filter(free__contains=[free])
    return lacking(found) if missing else found


@dataclass(frozen=True)
class Row:
    pk: int
    name: str
    state: str
    color: str
    belongs_to: str
    offers: list[str]
    more_offers: int
    lacks: int


def volunteers_page(
    user: User, municipality: Municipality, found: VolunteerQuerySet, number: str | None
) -> "Page[Any]":
    # All of them once, as numbers: counting them first costs as much, and a row only what is on the page.
    in_order = ArrayAgg("pk", order_by=("person__name_key", "pk"), default=[])
    page: Page[Any] = Paginator(found.aggregate(every=in_order)["every"], PER_PAGE).get_page(number)
    names = Volunteer.objects.filter(pk__in=page.object_list).order_by("person__name_key", "pk")
    there = _there_shown(user, municipality).filter(volunteer__in=page.object_list)
    offers: dict[int, list[str]] = {}
    for volunteer, title in there.order_by("offer__title_key").values_list("volunteer", "offer__title"):
        offers.setdefault(volunteer, []).append(title)
    lacks = number_lacking(there)
    page.object_list = [
        _row(one, offers.get(one[0], []), lacks.get(one[0], 0))
        for one in names.values_list(
            "pk", "person__name", "state", "unit__name", "centre__name", "organisation__name"
        )
    ]
    return page


def _there_shown(user: User, municipality: Municipality) -> "QuerySet[Assignment]":
    """To who keeps her all she takes part in; to the others what is at offers they run."""
    there = Assignment.objects.there().filter(municipality=municipality)
    if municipality.pk in access_of(user).municipalities_all(Permission.VOLUNTEER_NAMES):
        return there
    reached = offers_reached(user, Permission.VOLUNTEER_NAMES).order_by().values("pk")
    kept = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_NAMES).filter(pk=OuterRef("volunteer"))
    return there.filter(Q(offer__in=reached) | Exists(kept))


def _row(one: tuple[Any, ...], titles: list[str], lacks: int) -> Row:
    pk, name, state, *places = one
    return Row(
        pk=pk,
        name=name,
        state=str(VolunteerState(state).label),
        color=STATE_COLORS[VolunteerState(state)],
        belongs_to=next(filter(None, places), ""),
        offers=titles[:SHOWN_OFFERS],
        more_offers=max(len(titles) - SHOWN_OFFERS, 0),
        lacks=lacks,
    )


def belongs_to(volunteer: Volunteer) -> str:
    place = volunteer.unit or volunteer.centre or volunteer.organisation
    return place.name if place is not None else ""


def export_rows(user: User, found: VolunteerQuerySet) -> tuple[list[str], list[list[Cell]]]:
    """Those she keeps and may take a copy of. Hidden contact details stay hidden, and nothing here says
    anything of a police certificate."""
    columns = [
        *(_("Navn"), _("Status"), _("Siden"), _("Hører til"), _("E-post"), _("Telefon"), _("Postadresse")),
        *(
            _("Språk"),
            _("Vil gjerne være med på"),
            _("Annet"),
            _("Hvor mye"),
            _("Når det passer"),
            _("Med på"),
        ),
    ]
    kept = Volunteer.objects.kept_by(user, Permission.EXPORT_ROWS)
    there = Assignment.objects.there().select_related("offer").order_by("offer__title_key")
    rows = (
        found.filter(pk__in=kept.values("pk"))
        .select_related("person", *_PLACED)
        .prefetch_related(Prefetch("assignments", there, "there"))
        .order_by("person__name_key", "pk")
    )
    return columns, [_cells(volunteer) for volunteer in rows]


def _cells(volunteer: Volunteer) -> list[Cell]:
    person = volunteer.person
    shown = not person.hide_contact
    return [
        person.name,
        volunteer.get_state_display(),
        volunteer.state_since,
        belongs_to(volunteer),
        person.email if shown else "",
        shown_number(person.phone) if shown else "",
        _address(person) if shown else "",
        ", ".join(in_words(volunteer.languages, Language)),
        ", ".join(in_words(volunteer.interests, Area)),
        volunteer.interests_words,
        str(HowMuch(volunteer.how_much).label) if volunteer.how_much else "",
        ", ".join(in_words(volunteer.free, WhenFree)),
        ", ".join(one.offer.title for one in volunteer.there),  # type: ignore[attr-defined]
    ]


def _address(person: Person) -> str:
    return ", ".join(filter(None, (person.street, f"{person.postal_code} {person.post_town}".strip())))


def in_words(values: Iterable[str], choices: Any) -> list[str]:
    return [str(choices(value).label) for value in values if value in choices.values]


def count_in_words(number: int) -> str:
    return ngettext("%(count)s frivillig", "%(count)s frivillige", number) % {"count": number}


def may_reach(user: User, volunteer: Volunteer) -> bool:
    """Whether how she is reached is the user's to know: who keeps her, or is contact where she helps."""
    seen = Volunteer.objects.visible_to(user, Permission.VOLUNTEER_CONTACT)
    return seen.filter(pk=volunteer.pk).exists()


def assignments_of(volunteer: Volunteer, user: User, *, kept: bool) -> "QuerySet[Assignment]":
    """All of hers to whoever keeps her, else those at offers one runs."""
    found = volunteer.assignments.select_related("offer__partnership").order_by(
        "ended_on", "offer__title_key", "pk"
    )
    if kept:
        return found
    access = access_of(user)
    return found.there().at_offers_of(access, Permission.VOLUNTEER_NAMES)
