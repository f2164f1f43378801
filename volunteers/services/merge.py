"""Two records of one human, kept by the same controller, become one: looked at first, done as one step."""

from collections.abc import Iterator
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
from volunteers.models import CourseSeat, HourEntry, HoursMonth, PoliceFact, Volunteer, VolunteerRequirement
from volunteers.models.volunteer import VolunteerState

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
    _better_requirements(kept, gone)
    for relation in _relations():
        _move(relation, kept, gone)
    _fill(kept, gone, by)
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


def _better_requirements(kept: Volunteer, gone: Volunteer) -> None:
    """Of two of a kind the one that holds longest stays."""
    mine = {row.kind_id: row for row in VolunteerRequirement.objects.filter(volunteer=kept)}
    for row in VolunteerRequirement.objects.filter(volunteer=gone, kind__in=mine):
        if _worth(row) > _worth(mine[row.kind_id]):
            mine[row.kind_id].delete()


def _worth(row: VolunteerRequirement) -> tuple[bool, date]:
    return (row.met_on is not None, row.holds_to or (date.max if row.met_on else date.min))


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
    it: a contact or somebody with a role keeps hers."""
    values = {name: getattr(gone, name) for name in REACHED}
    seats = CourseSeat.objects.filter(person=kept).values("course")
    CourseSeat.objects.filter(person=gone).exclude(course__in=seats).update(person=kept)
    if _is_needed(gone):
        values.pop("user")
    else:
        # First hers is let go of: an account stands on one row for each controller.
        gone.user = None
        gone.save(update_fields=["user", "name_key"])
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


def _is_needed(person: Person) -> bool:
    """Whether anything but messages still points to her."""
    if erasure_obstacle(person):
        return True
    for relation in Person._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not isinstance(relation, ManyToOneRel) or issubclass(model, Event):
            continue
        if model._meta.label in _GOES_WITH_HER:
            continue
        if model._base_manager.filter(**{relation.field.name: person}).exists():
            return True
    return False


# A message to her, and a place on a course that the other row has too.
_GOES_WITH_HER = frozenset(
    {"partnerships.Notice", "partnerships.CalendarFeed", "partnerships.PersonExport", "volunteers.CourseSeat"}
)


def _label(row: models.Model, name: str) -> str:
    found: Any = row._meta.get_field(name)
    if isinstance(found, ForeignKey) and name == "user":
        return str(_("innlogging"))
    return str(found.verbose_name)
