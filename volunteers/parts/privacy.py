"""What is kept of a volunteer: what a copy shows, what goes with her, and for how long the rest stays."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Initiative, Person
from partnerships.retention import person_tie
from samskaping.core.models import Municipality
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.retention import Rule, retention_rule
from volunteers.models import (
    Assignment,
    CareNote,
    CareStep,
    CourseSeat,
    ErrandFor,
    Exemption,
    Expense,
    Guardian,
    HourEntry,
    PoliceFact,
    Shift,
    SignUp,
    Thanks,
    Volunteer,
    VolunteerRequirement,
)
from volunteers.services.errand import errands_let_go


def register() -> None:
    for kind in ROWS:
        personal_rows(kind)
    for rule in RULES:
        retention_rule(rule)
    person_tie("volunteer", _is_volunteer)
    person_tie("courses", _is_on_a_course)


def _is_volunteer(before: datetime) -> Q:
    """Until she has been out for as long as the rule says; whoever only asked, from when she asked."""
    here = Volunteer.objects.filter(person=OuterRef("pk"))
    return Q(Exists(here.filter(Q(ended_on=None) | Q(ended_on__gte=timezone.localdate(before)))))


def _is_on_a_course(before: datetime) -> Q:
    return Q(Exists(CourseSeat.objects.filter(person=OuterRef("pk"), course__ends_at__gte=before)))


def _hers(model: Any, path: str = "volunteer__person") -> Any:
    return lambda person: model._default_manager.filter(**{path: person})


def _forget_volunteer(person: Person) -> int:
    """With it go her places, steps and requirements; her hours stay in the year's counts, as nobody's, and
    what she had promised to do for somebody is open to others."""
    for volunteer in Volunteer.objects.filter(person=person):
        errands_let_go(volunteer, until=None, by=None)
    return Volunteer.objects.filter(person=person).delete()[0]


ROWS = (
    PersonalRows(
        "volunteer_sign_ups",
        _("Henvendelser om å bli frivillig"),
        _hers(SignUp),
        (*("name", "email", "phone", "words"), *("kind", "at", "answer", "interests", "how_much", "free")),
        erase=lambda person: SignUp.objects.filter(volunteer__person=person).delete(),
    ),
    PersonalRows(
        "volunteer_assignments",
        _("Oppdrag"),
        lambda person: Assignment.objects.filter(volunteer__person=person).select_related("offer"),
        ("offer__title", "task", "state", "starts_on", "ended_on"),
    ),
    PersonalRows(
        "volunteer_shifts",
        _("Vakter"),
        lambda person: Shift.objects.filter(volunteer__person=person).select_related("occurrence__offer"),
        ("occurrence__offer__title", "occurrence__starts_at", "state"),
    ),
    PersonalRows(
        "volunteer_hours",
        _("Timer"),
        lambda person: HourEntry.objects.filter(volunteer__person=person).select_related("offer", "unit"),
        ("offer__title", "unit__name", "day", "minutes", "source"),
        erase=lambda person: HourEntry.objects.filter(volunteer__person=person).update(volunteer=None),
    ),
    PersonalRows(
        "volunteer_expenses",
        _("Utlegg og kjøring"),
        _hers(Expense),
        ("kind", "day", "km", "amount", "words", "paid_on"),
    ),
    PersonalRows(
        "volunteer_requirements",
        _("Det du har i orden"),
        lambda person: VolunteerRequirement.objects.filter(volunteer__person=person).select_related("kind"),
        ("kind__names", "asked_on", "met_on", "met_by", "holds_to"),
    ),
    PersonalRows(
        "volunteer_exemptions",
        _("Unntak fra krav"),
        lambda person: Exemption.objects.filter(volunteer__person=person).select_related("kind"),
        ("kind__names", "because", "until", "ended_at"),
    ),
    PersonalRows(
        "volunteer_police",
        _("Politiattest: bare at den er vist"),
        _hers(PoliceFact),
        ("outcome", "basis", "asked_on", "issued_on", "shown_on", "renew_by"),
        # Not whoever keeps her data, but two roles see it (PoliceFact.objects.visible_to).
        only_to_herself=True,
    ),
    PersonalRows(
        "volunteer_care",
        _("Steg i oppfølgingen"),
        _hers(CareStep),
        ("kind", "words", "due_on", "at", "place", "suits", "done_at"),
    ),
    PersonalRows("volunteer_notes", _("Notater"), _hers(CareNote), ("line", "at", "gone_on")),
    PersonalRows("volunteer_thanks", _("Takk"), _hers(Thanks), ("words", "at")),
    PersonalRows("volunteer_guardian", _("Foresatt"), _hers(Guardian), ("name", "email", "phone")),
    PersonalRows(
        "courses",
        _("Kurs"),
        lambda person: CourseSeat.objects.filter(person=person).select_related("course"),
        ("course__title", "course__starts_at", "attended"),
        erase=lambda person: CourseSeat.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "volunteer",
        _("Som frivillig"),
        _hers(Volunteer, "person"),
        (
            *("state", "state_since", "languages", "interests", "interests_words", "motive", "how_much"),
            *("free", "area_words", "adult_from", "paused_until", "ended_on", "leaving_reason", "came_by"),
            "created_at",
        ),
        erase=_forget_volunteer,
    ),
)


def _answered_or_late(town: Municipality, before: datetime) -> QuerySet[SignUp]:
    """Those that became a volunteer go with her; the others when their days are over."""
    return SignUp.objects.filter(municipality=town, at__lt=before, volunteer=None)


def _old_notes(town: Municipality, before: datetime) -> QuerySet[CareNote]:
    return CareNote.objects.filter(municipality=town, gone_on__lt=timezone.localdate(before))


def _come_of_age(town: Municipality, before: datetime) -> QuerySet[Volunteer]:
    """Also those nobody noted a guardian for: the day itself goes too."""
    return Volunteer.objects.filter(municipality=town, adult_from__lt=timezone.localdate(before))


def _forget_guardians(rows: QuerySet[Volunteer]) -> int:
    Guardian.objects.filter(volunteer__in=rows).delete()
    return rows.update(adult_from=None)


def _names_in_hours(town: Municipality, before: datetime) -> QuerySet[HourEntry]:
    return HourEntry.objects.filter(
        municipality=town, day__lt=timezone.localdate(before), volunteer__isnull=False
    )


def _by_key(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """A handful that was cut to size can be changed only by its keys."""
    found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    return found


def _forget_idea_givers(town: Municipality, before: datetime) -> QuerySet[Initiative]:
    """What nobody answered in all that time is not going to be."""
    old = Q(answered_at__lt=before) | Q(answered_at=None, given_at__lt=before)
    return Initiative.objects.filter(old, municipality=town).exclude(name="", email="", phone="")


RULES = (
    Rule(
        "sign_ups",
        _("Henvendelser fra folk som ikke ble frivillige"),
        _("Et halvt år gir tid til å ombestemme seg. Etter det har vi ingen grunn til å ha dem."),
        least_days=30,
        most_days=365,
        find=_answered_or_late,
        erase=lambda rows: rows.delete()[1].get("volunteers.SignUp", 0),
    ),
    Rule(
        "sign_ups_unconfirmed",
        _("Påmeldinger uten bekreftet kode"),
        _("Vi vet ikke hvem adressen tilhører."),
        least_days=1,
        most_days=7,
        find=lambda town, before: SignUp.objects.filter(
            municipality=town, kind="at_once", confirmed_at=None, at__lt=before
        ),
        erase=lambda rows: rows.delete()[1].get("volunteers.SignUp", 0),
    ),
    Rule(
        "volunteer_notes",
        _("Korte notater om frivillige, etter dagen de skulle slettes"),
        _("Et notat er til neste samtale, ikke til en mappe om noen."),
        least_days=1,
        most_days=30,
        find=lambda town, before: _old_notes(town, before).filter(volunteer__person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("volunteers.CareNote", 0),
        held=lambda town, before: (
            _old_notes(town, before).exclude(volunteer__person__held_since=None).count()
        ),
    ),
    Rule(
        "errand_names",
        _("Fornavn og møtested i én-til-én-oppdrag"),
        _("Bare den som tok oppdraget, trengte dem, og bare den dagen."),
        least_days=1,
        most_days=7,
        find=lambda town, before: ErrandFor.objects.filter(municipality=town, errand__ends_at__lt=before),
        erase=lambda rows: rows.delete()[1].get("volunteers.ErrandFor", 0),
    ),
    Rule(
        "guardians",
        _("Foresatte til frivillige som har fylt 18"),
        _("En voksen sier ja selv."),
        least_days=1,
        most_days=90,
        find=lambda town, before: _come_of_age(town, before).filter(person__held_since=None),
        erase=_forget_guardians,
        held=lambda town, before: _come_of_age(town, before).exclude(person__held_since=None).count(),
    ),
    Rule(
        "hour_names",
        _("Hvem som ga hvilke timer"),
        _("Timene blir stående i årets tall. Hvem det var, trengs ikke etter at året er oppsummert."),
        least_days=366,
        most_days=1825,
        find=lambda town, before: _names_in_hours(town, before).filter(volunteer__person__held_since=None),
        erase=lambda rows: _by_key(rows).update(volunteer=None),
        held=lambda town, before: (
            _names_in_hours(town, before).exclude(volunteer__person__held_since=None).count()
        ),
    ),
    Rule(
        "idea_givers",
        _("Hvem som sendte en idé"),
        _("Ideen og svaret blir stående. Hvem den kom fra, trengs til svaret er gitt."),
        least_days=30,
        most_days=1095,
        find=_forget_idea_givers,
        erase=lambda rows: _by_key(rows).update(name="", email="", phone=""),
    ),
)
