"""Questions written once for each process: the querysets' answers, of what is given each time."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import NotSupportedError, connection
from django.db.models import BinaryField, Count, DateField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from partnerships.models import Contact, Frame, Partnership, PartnershipParty
from partnerships.models.partnership import Phase
from samskaping.core import written
from samskaping.core.models import Municipality
from samskaping.core.written import Given, Written, ask
from tests.factories.core import MunicipalityFactory
from tests.factories.work import (
    ContactFactory,
    FrameFactory,
    PartnershipFactory,
    PartyFactory,
    StrategyFactory,
)

pytestmark = pytest.mark.django_db


def all_of(row: Any, back: Any = None) -> dict[str, Any]:
    """A row and what is joined in, as plain values."""
    found = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
    for name, joined in row._state.fields_cache.items():
        if joined is not back:
            found[name] = all_of(joined, row) if joined is not None else None
    return found


def alike(question: Written, plain: QuerySet[Any, Any], **given: Any) -> list[Any]:
    (found,) = ask([question], given)
    assert [all_of(row) for row in found] == [all_of(row) for row in plain]
    assert all(not row._state.adding and row._state.db == "default" for row in found)
    return found


def test_rows_are_the_models_own_with_what_is_joined_in() -> None:
    town = MunicipalityFactory.create(name="Fjordvik «kommune» ' % æøå")
    here = PartnershipFactory.create(
        municipality=town, areas=["elderly", "youth"], running_since=date(2019, 1, 1)
    )
    FrameFactory.create(
        partnership=here,
        strategy=StrategyFactory.create(municipality=town),
        hours_a_week=Decimal("7.5"),
        revise_by=date(2027, 1, 31),
    )
    for _nth in range(2):
        ContactFactory.create(party=PartyFactory.create(partnership=here))
    there = FrameFactory.create().partnership
    frames = Written(
        lambda: Frame.objects.filter(partnership=Given("here")).select_related(
            "strategy", "point", "partnership__municipality"
        )
    )
    for one in (here, there):
        found = alike(
            frames,
            Frame.objects.filter(partnership=one).select_related(
                "strategy", "point", "partnership__municipality"
            ),
            here=one.pk,
        )
        assert len(found) == 1
    contacts = Written(
        lambda: (
            Contact.objects.filter(party__partnership=Given("here"))
            .select_related("person")
            .only("title", "party_id", "person__name")
            .annotate(others=Exists(Contact.objects.filter(party=OuterRef("party"))))
        )
    )
    found = alike(
        contacts,
        Contact.objects.filter(party__partnership=here)
        .select_related("person")
        .only("title", "party_id", "person__name")
        .annotate(others=Exists(Contact.objects.filter(party=OuterRef("party")))),
        here=here.pk,
    )
    assert found[0].get_deferred_fields() >= {"order"}


def test_many_are_asked_in_one_go_each_in_its_order(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("Fjordvik", "Alvdal", "Berg"):
        MunicipalityFactory.create(name=name, population=1000)
    towns = Written(lambda: Municipality.objects.filter(population=Given("people")).order_by("name_key")[:2])
    counted = Written(
        lambda: (
            Municipality.objects.order_by()
            .filter(population=Given("people"))
            .values("population")
            .annotate(number=Count("pk"))
        )
    )
    with django_assert_num_queries(1):
        found = ask([towns, counted], {"people": 1000})
    assert [town.name for town in found[0]] == ["Alvdal", "Berg"]
    assert found[1] == [{"population": 1000, "number": 3}]
    assert ask([towns, counted], {"people": 999}) == [[], []]
    with django_assert_num_queries(0):
        assert ask([], {}) == []


def test_a_list_may_be_given_and_may_be_empty() -> None:
    made = [
        PartnershipFactory.create(phase=phase, ended_on=None) for phase in (Phase.ANCHORING, Phase.OPERATION)
    ]
    among = Written(
        lambda: Partnership.objects.filter(pk__in=Given("keys"), municipality__in=Given("towns")).order_by(
            "pk"
        )
    )
    towns = frozenset(one.municipality_id for one in made)
    assert ask([among], {"keys": [one.pk for one in made], "towns": towns}) == [made]
    assert ask([among], {"keys": [made[0].pk], "towns": towns}) == [[made[0]]]
    assert ask([among], {"keys": [], "towns": towns}) == [[]]
    assert ask([among], {"keys": [made[0].pk], "towns": frozenset()}) == [[]]


def test_days_are_given_and_never_written_in() -> None:
    party = PartyFactory.create(left_on=date(2026, 11, 21))
    of_day = Written(lambda: PartnershipParty.objects.filter(left_on=Given("day", DateField())))
    assert ask([of_day], {"day": date(2026, 11, 21)}) == [[party]]
    assert ask([of_day], {"day": date(2026, 11, 22)}) == [[]]
    fixed: list[dict[str, Any]] = [{"left_on": timezone.localdate()}, {"accepted_at": timezone.now()}]
    for is_day in fixed:
        with pytest.raises(ValueError, match="must be Given"):
            ask([Written(lambda fixed=is_day: PartnershipParty.objects.filter(**fixed))], {})  # type: ignore[misc]


def test_what_is_not_given_and_what_json_does_not_have_are_refused() -> None:
    with pytest.raises(KeyError, match="here"):
        ask([Written(lambda: Partnership.objects.filter(pk=Given("here")))], {})
    odd = Municipality.objects.annotate(odd=Cast(Value(b""), BinaryField()))
    with pytest.raises(TypeError, match="BinaryField"):
        ask([Written(lambda: odd)], {})


def test_what_somebody_writes_does_not_become_sql() -> None:
    named = Written(lambda: Municipality.objects.filter(name=Given("name")))
    town = MunicipalityFactory.create(name="'; DROP TABLE x; -- %s")
    assert ask([named], {"name": town.name}) == [[town]]
    assert ask([named], {"name": "' OR '1'='1"}) == [[]]


# --- One question alone, and as a part of another -----------------------------------------------------
@pytest.fixture
def towns() -> list[Municipality]:
    return [MunicipalityFactory.create(name=name, population=1000) for name in ("Alvdal", "Berg", "Fjordvik")]


def here() -> QuerySet[Municipality]:
    return Municipality.objects.filter(population=1000).order_by("name_key")


def test_is_made_once_and_asked_with_other_values(
    towns: list[Municipality], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = []

    def make() -> QuerySet[Municipality]:
        made.append(1)
        return here().filter(name=Given("name")).select_related("county")

    asked = Written(make)
    for town in (*towns, *towns):
        # Preparing is not one of the questions, at the first of them either.
        with django_assert_num_queries(1):
            (found,) = asked.rows(name=town.name)
            assert (found, found.county, found.name_key) == (town, town.county, town.name_key)
    assert asked.rows(name="Nowhere") == []
    assert made == [1]


def test_gives_what_the_queryset_gives(towns: list[Municipality]) -> None:
    one = Written(lambda: here().filter(pk=Given("pk")).annotate(more=F("population") + 1))
    assert [town.more for town in one.rows(pk=towns[1].pk)] == [1001]
    words = Written(lambda: here().filter(pk=Given("pk")).values("name", people=F("population")))
    assert words.rows(pk=towns[1].pk) == [{"name": "Berg", "people": 1000}]
    names = Written(lambda: here().filter(pk=Given("pk")).values_list("name", flat=True))
    assert names.rows(pk=towns[2].pk) == ["Fjordvik"]
    fewer = Written(lambda: here().filter(pk=Given("pk")).only("name"))
    assert fewer.rows(pk=towns[0].pk)[0].get_deferred_fields() >= {"name_key"}
    along = Written(lambda: here().prefetch_related("county"))
    with pytest.raises(TypeError, match="prefetch_related"):
        along.rows()
    nobody = Written(lambda: here().none())
    assert nobody.rows() == []
    assert list(here().filter(pk__in=nobody.part())) == []


def test_one_of_a_list_however_long(towns: list[Municipality]) -> None:
    some = Written(lambda: here().filter(pk__in=Given("keys")).values_list("name", flat=True))
    assert some.rows(keys=[]) == []
    assert some.rows(keys=[towns[0].pk]) == ["Alvdal"]
    assert some.rows(keys=[town.pk for town in towns]) == ["Alvdal", "Berg", "Fjordvik"]
    counties = Written(lambda: here().filter(county__in=Given("keys")).values_list("name", flat=True))
    assert counties.rows(keys=[towns[1].county_id])[0] in {town.name for town in towns}


def test_is_a_part_of_another_question(towns: list[Municipality]) -> None:
    keys = Written(lambda: here().filter(pk__in=Given("keys")).values("pk"))
    found = Municipality.objects.filter(pk__in=keys.part(keys=[towns[0].pk, towns[2].pk]))
    assert set(found) == {towns[0], towns[2]}


def test_a_value_is_a_value_and_a_percent_sign_one(towns: list[Municipality]) -> None:
    def make() -> QuerySet[Any, Any]:
        named = here().filter(name=Given("name"), name__contains="lvd")
        day = Cast(Given("day", DateField()) + 1, DateField())
        return named.values_list(Concat("name", Value(" 100 %")), day)

    asked = Written(make)
    assert asked.rows(name="Alvdal", day=date(2026, 1, 31)) == [("Alvdal 100 %", date(2026, 2, 1))]
    assert asked.rows(name="Alvdal' OR 'a'='a", day=date(2026, 1, 31)) == []
    with pytest.raises(KeyError, match="day"):
        asked.rows(name="Alvdal")


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_has_it_too() -> None:
    MunicipalityFactory.create(name="Alvdal", population=1000)
    asked = Written(lambda: here().filter(name=Given("name")))
    assert asked.rows(name="Alvdal")
    connection.close()
    assert asked.rows(name="Alvdal")


def test_a_connection_keeps_those_that_are_asked(
    towns: list[Municipality], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "_PREPARED_AT_MOST", 2)
    written._prepared.pop(connection.connection, None)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    questions = [
        Written(partial(here().filter(pk=Given("pk")).order_by(by).values_list, "pk", flat=True))
        for by in ("pk", "name", "number")
    ]
    for at in (0, 1, 0, 2, 0, 1, 2):
        assert questions[at].rows(pk=towns[at].pk) == [towns[at].pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        kept = {name for (name,) in cursor.fetchall()}
    assert kept == {question._statement.name for question in questions[1:]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_prepared", [False, True])
def test_a_connection_that_was_lost_is_not_the_one_that_is_asked(is_prepared: bool) -> None:
    """As in a task whose first question is a written one."""
    MunicipalityFactory.create(name="Alvdal", population=1000)
    asked = Written(lambda: here().filter(name=Given("name")))
    if is_prepared:
        asked.rows(name="Alvdal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", number)
    beside.close()
    connection.close_if_unusable_or_obsolete()  # as between two tasks
    assert asked.rows(name="Alvdal")


@pytest.mark.django_db(transaction=True)
def test_a_column_that_was_changed_under_a_plan_costs_one_request() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE place (name varchar(5))")
    statement = written.Statement("SELECT name FROM place", [])
    assert statement.answer({}) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE place ALTER COLUMN name TYPE varchar(10)")
    with pytest.raises(NotSupportedError):
        statement.answer({})
    connection.close_if_unusable_or_obsolete()  # as at the end of a request
    assert connection.connection is None


def test_a_name_means_one_question() -> None:
    one, same, other = (
        Written(partial(here().filter(pk=Given("pk")).order_by, by)) for by in ("name", "name", "pk")
    )
    assert one._statement.name == same._statement.name != other._statement.name
