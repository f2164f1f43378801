"""Fifteen hours' entries a volunteer and year, their sums, and who comes to the next times.

Three million rows in a whole nation: the database writes them itself, from the assignments there are.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import connection

from partnerships.models import Offer, Unit
from partnerships.national.nation import Nation
from samskaping.core.working_days import OSLO
from volunteers.models import Assignment, Errand, HourEntry, HoursMonth, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.errand import ErrandKind
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.module import SHIFTS

# After the volunteers.
ORDER = 95
ENTRIES = 15
_MODULE = """
    UPDATE partnerships_municipalitysettings s SET modules = s.modules || '{"%(key)s": true}'::jsonb
    FROM core_municipality m WHERE m.id = s.municipality_id AND NOT m.is_demo
"""
_HOURS = """
    INSERT INTO volunteers_hourentry
        (municipality_id, volunteer_id, offer_id, occurrence_id, day, minutes, source, by_id, at)
    SELECT a.municipality_id, a.volunteer_id, a.offer_id, NULL,
        %s::date - mod(n * 23 + a.id * 7, 360)::int, 60 + 30 * mod(a.id + n, 4), 'attendance',
        NULL, now()
    FROM volunteers_assignment a
    JOIN core_municipality m ON m.id = a.municipality_id AND NOT m.is_demo
    CROSS JOIN generate_series(1, %s) n
    WHERE a.state = 'active'
"""
_MONTHS = """
    INSERT INTO volunteers_hoursmonth (municipality_id, offer_id, month, minutes, entries)
    SELECT e.municipality_id, e.offer_id, date_trunc('month', e.day)::date, sum(e.minutes), count(*)
    FROM volunteers_hourentry e
    JOIN core_municipality m ON m.id = e.municipality_id AND NOT m.is_demo
    GROUP BY e.municipality_id, e.offer_id, date_trunc('month', e.day)
"""
_SHIFTS = """
    INSERT INTO volunteers_shift
        (municipality_id, occurrence_id, volunteer_id, state, since, clash_accepted)
    SELECT a.municipality_id, o.id, a.volunteer_id,
        CASE WHEN mod(a.id + o.id, 7) = 0 THEN 'cannot' ELSE 'coming' END, now() - interval '20 days', false
    FROM volunteers_assignment a
    JOIN core_municipality m ON m.id = a.municipality_id AND NOT m.is_demo
    JOIN partnerships_occurrence o ON o.offer_id = a.offer_id
        AND o.starts_at > now() AND o.starts_at < now() + interval '20 days'
    WHERE a.state = 'active'
"""


def load(nation: Nation) -> None:
    if nation.has(HourEntry.objects.all()):
        return
    if not nation.has(Assignment.objects.all()):
        nation.write(Assignment, _assignments(nation))
    if not nation.has(OfferCrew.objects.all()):
        offers = Offer.objects.filter(municipality__is_demo=False).order_by("pk").only("municipality_id")
        nation.write(
            OfferCrew,
            (
                # Nobody is to send half a million messages of a nation like this.
                OfferCrew(municipality_id=one.municipality_id, offer=one, needed=3, asks_day_before=False)
                for one in offers
            ),
        )
    nation.write(Errand, _errands(nation))
    with connection.cursor() as cursor:
        cursor.execute(_MODULE % {"key": SHIFTS})
        # Values in order, not by name: where triggers are ignored, one more comes first.
        values = (str(nation.today), ENTRIES)
        for model, sql in ((HourEntry, _HOURS), (HoursMonth, _MONTHS), (Shift, _SHIFTS)):
            cursor.execute(sql, values if model is HourEntry else None)
            nation.written[model.__name__] = cursor.rowcount


def _errands(nation: Nation) -> Iterator[Errand]:
    """One some day soon at every unit; who it is for is nobody's business here."""
    for unit in Unit.objects.filter(municipality__is_demo=False, ended_at=None).order_by("pk"):
        at = datetime.combine(nation.days_on(14), time(12), tzinfo=OSLO)
        yield Errand(
            municipality_id=unit.municipality_id,
            unit=unit,
            kind=nation.random.choice(ErrandKind.values),
            starts_at=at,
            ends_at=at + timedelta(hours=1),
        )


def _assignments(nation: Nation) -> Iterator[Assignment]:
    """Each at one offer of her municipality."""
    offers: dict[int, list[int]] = {}
    for town, pk in Offer.objects.filter(municipality__is_demo=False).values_list("municipality", "pk"):
        offers.setdefault(town, []).append(pk)
    active = Volunteer.objects.filter(municipality__is_demo=False, state=VolunteerState.ACTIVE)
    for one in active.order_by("pk").only("municipality_id").iterator(chunk_size=5000):
        here = offers.get(one.municipality_id)
        if here:
            yield Assignment(
                municipality_id=one.municipality_id,
                volunteer=one,
                offer_id=nation.random.choice(here),
                state=AssignmentState.ACTIVE,
                starts_on=nation.days_ago(300),
            )
