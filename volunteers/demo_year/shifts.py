"""Who came through the season and who comes next: crews, hours, somebody who takes over, errands, driving."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from partnerships.models import MunicipalitySettings, Offer, Unit
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.working_days import OSLO, next_working_day
from volunteers.models import Assignment, Errand, Expense, OfferCrew, Shift, Volunteer, Wall
from volunteers.models.assignment import AssignmentState
from volunteers.models.errand import ErrandKind
from volunteers.models.shift import ExpenseKind, ShiftState
from volunteers.selectors.module import SHIFTS
from volunteers.services.errand import errand_post, errand_take
from volunteers.services.expense import expense_note
from volunteers.services.hours import attendance_mark
from volunteers.services.shift import every_time_set, shift_answer, shift_ask, shift_offer, shifts_make
from volunteers.services.wall import wall_make

# After the volunteers and their courses.
ORDER = 130
TOWNS = (("9901", "coordinator"), ("9902", "neighbour"))
# Town, offer, how many are needed each time, and how many there is room for.
CREWS = (
    ("9901", "Sangstund på Fjordheimen", 2, 3),
    ("9901", "Språkkafé på biblioteket", 3, 6),
    ("9901", "Leksehjelp", 2, 4),
    ("9901", "Turgruppa på Nes", 2, None),
    ("9901", "Middag i lag", 4, 6),
    ("9902", "Tysdagstur langs elva", 1, None),
    ("9902", "Laurdagsope bibliotek", 2, 2),
    ("9902", "Språkpraksis", 1, 3),
)
# Who comes every time.
ALWAYS = ("Harald Tangen", "Oksana Melnyk", "Eirik Nordby", "Ingebjørg Moe", "Marta Øvrebø")


def load() -> None:
    """Each once; what somebody has changed since stays changed."""
    for number, login in TOWNS:
        town = Municipality.objects.get(number=number)
        settings = MunicipalitySettings.objects.filter(municipality=town).first()
        if settings is not None and SHIFTS not in settings.modules:
            MunicipalitySettings.objects.filter(pk=settings.pk).update(
                modules={**settings.modules, SHIFTS: True}
            )
        by = User.objects.get(email=f"{login}@demo.example")
        if OfferCrew.objects.filter(municipality=town).exists():
            continue
        _crews(number, town, by)
        _coming(town, by)
        _laid_out(town, by)
    shifts_make(timezone.localdate())
    _errands()
    _wall()


def _crews(number: str, town: Municipality, by: User) -> None:
    for of_town, title, needed, places in CREWS:
        offer = Offer.objects.filter(municipality=town, title=title).first()
        if of_town != number or offer is None:
            continue
        OfferCrew.objects.create(municipality=town, offer=offer, needed=needed, places=places, updated_by=by)
        crew = [
            one.volunteer
            for one in Assignment.objects.filter(offer=offer, state=AssignmentState.ACTIVE)
            .select_related("volunteer__person")
            .order_by("pk")
        ]
        been = offer.occurrences.taking_place().filter(ends_at__lt=timezone.now()).order_by("starts_at")
        for nth, time in enumerate(been):
            # One is away now and then; so the numbers look like life.
            came = [one for at, one in enumerate(crew) if (nth + at) % 5 != 4]
            absent = [one for one in crew if one not in came and nth % 2]
            if came:
                attendance_mark(occurrence=time, came=came, absent=absent, by=by)


def _coming(town: Municipality, by: User) -> None:
    """Some come every time; one asks who can take over; the rest have said yes, no, or nothing yet."""
    active = Assignment.objects.filter(
        municipality=town, state=AssignmentState.ACTIVE, volunteer__state="active"
    )
    for assignment in active.filter(volunteer__person__name__in=ALWAYS).select_related("volunteer__person"):
        every_time_set(assignment=assignment, on=True, by=None)
    for number, assignment in enumerate(
        active.exclude(volunteer__person__name__in=ALWAYS).select_related("volunteer__person", "offer")
    ):
        offer, volunteer = assignment.offer, assignment.volunteer
        soon = offer.occurrences.taking_place().after(timezone.now()).order_by("starts_at")[:3]
        for nth, time in enumerate(soon):
            if (number + nth) % 4 == 3:
                shift_ask(occurrence=time, volunteers=[volunteer], by=by)
            else:
                shift_answer(
                    occurrence=time,
                    volunteer=volunteer,
                    comes=(number + nth) % 4 != 2,
                    by=None,
                    clash_accepted=True,
                )
    hers = Shift.objects.filter(
        municipality=town, volunteer__person__name="Solveig Aune", state=ShiftState.COMING
    ).select_related("occurrence", "volunteer")
    if (first := hers.order_by("occurrence__starts_at").first()) is not None:
        shift_offer(shift=first, by=None)


def _laid_out(town: Municipality, by: User) -> None:
    today = timezone.localdate()
    for name, kind, km, amount, days, words in (
        ("Liv Berntsen", ExpenseKind.DRIVING, Decimal(14), None, 6, "Til og fra Fjordheimen"),
        ("Liv Berntsen", ExpenseKind.THINGS, None, Decimal("89.00"), 20, "Kaffe til sangstunden"),
        ("Eirik Nordby", ExpenseKind.TICKET, None, Decimal("42.00"), 3, "Buss"),
        ("Nils Kvamme", ExpenseKind.DRIVING, Decimal("31.5"), None, 4, "Henta fire til turen"),
    ):
        volunteer = Volunteer.objects.filter(municipality=town, person__name=name).select_related("person")
        if (found := volunteer.first()) is not None:
            day = today - timedelta(days=days)
            made = expense_note(volunteer=found, kind=kind, day=day, km=km, amount=amount, words=words, by=by)
            if days == 20:
                Expense.objects.filter(pk=made.pk).update(paid_on=day + timedelta(days=7), paid_by=by)


def _errands() -> None:
    """At the nursing home: one nobody has taken yet, one that is taken."""
    unit = Unit.objects.filter(municipality__number="9901", name="Fjordheimen sykehjem").first()
    if unit is None or Errand.objects.filter(unit=unit).exists():
        return
    by = User.objects.get(email="place_contact@demo.example")
    soon = next_working_day(timezone.localdate() + timedelta(days=2))
    at = datetime.combine(soon, datetime.min.time(), tzinfo=OSLO)
    errand_post(
        unit=unit,
        kind=ErrandKind.WALK,
        starts_at=at.replace(hour=13),
        ends_at=at.replace(hour=14),
        first_name="Borghild",
        meet_at="Resepsjonen på Fjordheimen",
        ring="+4755501900",
        words="En rolig tur til kaia og tilbake.",
        area_words="Sentrum",
        by=by,
    )
    taken = errand_post(
        unit=unit,
        kind=ErrandKind.COMPANY,
        starts_at=at.replace(hour=10),
        ends_at=at.replace(hour=11, minute=30),
        first_name="Odd",
        meet_at="Resepsjonen på Fjordheimen",
        words="Følge til frisøren.",
        area_words="Sentrum",
        by=by,
    )
    harald = Volunteer.objects.filter(municipality=unit.municipality, person__name="Harald Tangen").first()
    if harald is not None:
        errand_take(errand=taken, volunteer=harald, by=by, clash_accepted=True)


def _wall() -> None:
    unit = Unit.objects.filter(municipality__number="9901", name="Fjordheimen sykehjem").first()
    if unit is not None and not Wall.objects.filter(unit=unit).exists():
        by = User.objects.get(email="place_contact@demo.example")
        wall_make(unit=unit, name="Vaktrommet i 1. etasje", by=by)
