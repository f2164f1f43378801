"""Two records of one human, kept by the same controller, become one: looked at first, done as one step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import F, ForeignKey, ManyToOneRel, OneToOneRel
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from partnerships.models import Person
from partnerships.services.editing import count
from partnerships.services.privacy import erasure_obstacle, person_erase
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import (
    Assignment,
    CourseSeat,
    HourEntry,
    HoursMonth,
    PoliceFact,
    Shift,
    Volunteer,
    VolunteerRequirement,
)
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.requirement import PoliceOutcome
from volunteers.models.shift import ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.services.course import seats_given
from volunteers.services.shift import places_given

# What one may lack and the other have.
ABOUT = ("interests_words", "motive", "how_much", "area_words", "followed_by", "adult_from", "reply_by")
LISTS = ("languages", "interests", "free")
REACHED = ("email", "phone", "street", "postal_code", "post_town", "user")
# The one further along is where she is.
ALONG = (
    VolunteerState.ENDED,
    VolunteerState.INTERESTED,
    VolunteerState.STARTING,
    VolunteerState.PAUSED,
    VolunteerState.ACTIVE,
)
# The last is worth most, of two at the same offer, the same time, and of two police certificates.
IN = (AssignmentState.ASKED, AssignmentState.INTERESTED, AssignmentState.PAUSED, AssignmentState.ACTIVE)
THERE = (
    *(ShiftState.ASKED, ShiftState.CANNOT, ShiftState.WAITING, ShiftState.COMING),
    *(ShiftState.ABSENT, ShiftState.CAME),
)
KNOWN = (
    *(PoliceOutcome.NOT_REQUIRED, PoliceOutcome.NOT_SHOWN, PoliceOutcome.ASKED, PoliceOutcome.OUTSIDE),
    PoliceOutcome.SHOWN,
)


class OtherWayRound(DomainError):
    """It can be done, when the other one stays."""


@dataclass
class Plan:
    """What goes where. Labels are those of the tables and fields."""

    moves: list[tuple[str, int]] = field(default_factory=list)
    # Taken over where the one that stays has nothing.
    fills: list[str] = field(default_factory=list)
    # Stands on both, differently: the one that stays decides.
    differs: list[str] = field(default_factory=list)


def merge_plan(*, stays: Volunteer, goes: Volunteer) -> Plan:
    """Raises DomainError when the two are not one controller's, or are two accounts."""
    _may_be_one(stays, goes)
    plan = Plan()
    for relation in _relations():
        model: Any = relation.related_model
        number = _rows(relation, goes).count()
        # That there is a police certificate is not for everybody who may merge.
        if number and model is not PoliceFact:
            plan.moves.append((str(model._meta.verbose_name_plural), number))
    for one, other, names in ((stays, goes, ABOUT), (stays.person, goes.person, REACHED)):
        for name in names:
            mine, theirs = getattr(one, name), getattr(other, name)
            if theirs and not mine:
                plan.fills.append(_label(one, name))
            elif theirs and mine != theirs:
                plan.differs.append(_label(one, name))
    for name in LISTS:
        if set(getattr(goes, name)) - set(getattr(stays, name)):
            plan.fills.append(_label(stays, name))
    return plan


@transaction.atomic
def volunteers_merge(*, stays: Volunteer, goes: Volunteer, by: User) -> Volunteer:
    """All that hangs on `goes` hangs on `stays` afterwards, and what is known of her is filled in there.

    Raises DomainError when the two are not one controller's, are two accounts, or when the one that goes is
    held back from erasure.
    """
    rows = Volunteer.objects.select_for_update(of=("self",)).order_by("pk").filter(pk__in=(stays.pk, goes.pk))
    locked = {row.pk: row for row in rows.select_related("person__user", "person__municipality")}
    if len(locked) < 2:
        raise DomainError(_("Velg to forskjellige."))
    kept, gone = locked[stays.pk], locked[goes.pk]
    _may_be_one(kept, gone)
    if gone.person.held_since is not None:
        raise DomainError(_("Opplysningene holdes tilbake fra sletting. Opphev det først."))
    free = _better_of_two(kept, gone)
    for relation in _relations():
        _move(relation, kept, gone)
    _fill(kept, gone, by)
    for offer in free:
        places_given(offer)
    person = gone.person
    Volunteer.objects.filter(pk=gone.pk).delete()
    _fill_person(kept.person, person, by)
    audit_record("volunteers_merged", kept, by=by, data={"gone": gone.pk})
    return kept


def _may_be_one(stays: Volunteer, goes: Volunteer) -> None:
    one, other = stays.person, goes.person
    if stays.pk == goes.pk:
        raise DomainError(_("Velg to forskjellige."))
    if _controller(one) != _controller(other):
        raise DomainError(_("Opplysningene er ikke hos de samme."))
    if one.user_id and other.user_id and one.user_id != other.user_id:
        raise DomainError(
            _("Begge har egen innlogging. Da er det to personer, eller en konto må bort først.")
        )
    if _ties(other, PAPERS) and not _ties(one, PAPERS):
        raise OtherWayRound(
            _("Den som skulle bli borte, har avtaler, og de blir liggende der. Velg «Heller omvendt».")
        )


def _controller(person: Person) -> tuple[int | None, ...]:
    return (person.municipality_id, person.controller_organisation_id, person.controller_centre_id)


def _relations() -> Iterator[ManyToOneRel | OneToOneRel]:
    """Every table that points to a volunteer, also those that come later; what was before stays as it was."""
    for relation in Volunteer._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if isinstance(relation, ManyToOneRel) and not issubclass(model, Event):
            yield relation


def _rows(relation: ManyToOneRel | OneToOneRel, volunteer: Volunteer) -> "models.QuerySet[Any]":
    model: Any = relation.related_model
    found: models.QuerySet[Any] = model._base_manager.filter(**{relation.field.name: volunteer})
    return found


def _move(relation: ManyToOneRel | OneToOneRel, kept: Volunteer, gone: Volunteer) -> None:
    """All at once; where both have the same, one by one, and what is there twice goes."""
    name = relation.field.name
    try:
        with transaction.atomic():
            _rows(relation, gone).update(**{name: kept})
    except IntegrityError:
        for row in _rows(relation, gone):
            try:
                with transaction.atomic():
                    _rows(relation, gone).filter(pk=row.pk).update(**{name: kept})
            except IntegrityError:
                _counted_once(row)
                row.delete()


def _counted_once(row: Any) -> None:
    """Hours for the same time on both are one person's: the sum of the month has them once."""
    if isinstance(row, HourEntry):
        month = date(row.day.year, row.day.month, 1)
        HoursMonth.objects.filter(offer=row.offer_id, unit=row.unit_id, month=month).update(
            minutes=F("minutes") - row.minutes, entries=F("entries") - 1
        )


def _better_of_two(kept: Volunteer, gone: Volunteer) -> list[int]:
    """Where both have the same, what is worth most stays. Gives the offers where a place may be free now."""
    open_ones = Assignment.objects.filter(state__in=OPEN)
    _worse_goes(open_ones.filter(volunteer=kept), open_ones.filter(volunteer=gone), "offer_id", _along)
    for model, same, worth in (
        (VolunteerRequirement, "kind_id", _holds),
        # One each.
        (PoliceFact, "municipality_id", _shown),
    ):
        rows: Any = model._default_manager
        _worse_goes(rows.filter(volunteer=kept), rows.filter(volunteer=gone), same, worth)
    shifts = Shift.objects.select_related("occurrence")
    went = _worse_goes(shifts.filter(volunteer=kept), shifts.filter(volunteer=gone), "occurrence_id", _comes)
    return sorted({shift.occurrence.offer_id for shift in went})


def _worse_goes(
    mine: "models.QuerySet[Any]",
    theirs: "models.QuerySet[Any]",
    same: str,
    worth: Callable[[Any], tuple[Any, ...]],
) -> list[Any]:
    """Gives those that went. Of two that are worth the same, the one that is there stays."""
    here = {getattr(row, same): row for row in mine}
    twice = [row for row in theirs if getattr(row, same) in here]
    worse = [min(row, here[getattr(row, same)], key=worth) for row in twice]
    for row in worse:
        row.delete()
    return worse


def _holds(row: VolunteerRequirement) -> tuple[bool, date]:
    return (row.met_on is not None, row.holds_to or (date.max if row.met_on else date.min))


def _along(row: Assignment) -> tuple[int, bool]:
    return (IN.index(AssignmentState(row.state)), row.every_time)


def _comes(row: Shift) -> tuple[int, float]:
    """And whoever has waited longest is first in the line."""
    return (THERE.index(ShiftState(row.state)), -row.since.timestamp())


def _shown(row: PoliceFact) -> tuple[int, date]:
    return (KNOWN.index(PoliceOutcome(row.outcome)), row.shown_on or row.asked_on or date.min)


def _sits(row: CourseSeat) -> tuple[bool, bool, float]:
    return (row.attended is True, not row.waiting, -row.signed_up_at.timestamp())


def _fill(kept: Volunteer, gone: Volunteer, by: User) -> None:
    for name in ABOUT:
        if not getattr(kept, name) and getattr(gone, name):
            setattr(kept, name, getattr(gone, name))
    for name in LISTS:
        both = [*getattr(kept, name), *getattr(gone, name)]
        setattr(kept, name, list(dict.fromkeys(both)))
    kept.one_to_one = kept.one_to_one or gone.one_to_one
    fields = [*ABOUT, *LISTS, "one_to_one"]
    if not (kept.unit_id or kept.centre_id or kept.organisation_id):
        kept.unit, kept.centre, kept.organisation = gone.unit, gone.centre, gone.organisation
        fields += ["unit", "centre", "organisation"]
    if ALONG.index(VolunteerState(gone.state)) > ALONG.index(VolunteerState(kept.state)):
        for name in ("state", "state_since", "paused_until", "ended_on", "leaving_reason"):
            setattr(kept, name, getattr(gone, name))
            fields.append(name)
    count(kept, by=by, fields=fields)


def _fill_person(kept: Person, gone: Person, by: User) -> None:
    """What reached her, where the one that stays lacks it. The other row is erased, when nothing else needs
    it: a contact or somebody with a role keeps hers. Papers keep theirs too, and her sign-in comes along."""
    values = {name: getattr(gone, name) for name in REACHED}
    seats = CourseSeat.objects.select_related("course")
    worse = _worse_goes(seats.filter(person=kept), seats.filter(person=gone), "course_id", _sits)
    seats.filter(person=gone).update(person=kept)
    for seat in sorted(worse, key=lambda row: row.course_id):
        seats_given(seat.course)
    ties = _ties(gone)
    if ties - PAPERS - {"partnerships.Membership"} or erasure_obstacle(gone):
        values.pop("user")
    else:
        # First hers is let go of: an account stands on one row for each controller.
        gone.user = None
        gone.save(update_fields=["user", "name_key"])
        if not ties:
            person_erase(person=gone, by=by)
    filled = [name for name, value in values.items() if value and not getattr(kept, name)]
    for name in filled:
        setattr(kept, name, values[name])
    # One who wants to be hidden is.
    if gone.hide_contact and not kept.hide_contact:
        kept.hide_contact = True
        filled.append("hide_contact")
    if filled:
        kept.save(update_fields=[*filled, "name_key"])


def _ties(person: Person, only: frozenset[str] | None = None) -> set[str]:
    """The tables that still point to her, but for those that go with her; or those of them in `only`."""
    found = set()
    for relation in Person._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not isinstance(relation, ManyToOneRel) or issubclass(model, Event):
            continue
        label = model._meta.label
        if label in _GOES_WITH_HER or (only is not None and label not in only):
            continue
        if model._base_manager.filter(**{relation.field.name: person}).exists():
            found.add(label)
    return found


# A message to her, and a place on a course that the other row has too.
_GOES_WITH_HER = frozenset(
    {"partnerships.Notice", "partnerships.CalendarFeed", "partnerships.PersonExport", "volunteers.CourseSeat"}
)
# What is signed is signed by the row it was signed by.
PAPERS = frozenset(
    {"agreements.Agreement", "agreements.Signatory", "agreements.SigningQuestion", "agreements.BatchRow"}
)


def _label(row: models.Model, name: str) -> str:
    found: Any = row._meta.get_field(name)
    if isinstance(found, ForeignKey) and name == "user":
        return str(_("innlogging"))
    return str(found.verbose_name)
