"""Questions that are written once: each asking has its own values, and what is written knows nobody."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import DateField, F, Prefetch, QuerySet, Value
from django.db.models.functions import Cast, Concat
from pytest_django import DjangoAssertNumQueries

from samskaping.core.models import County, Municipality, Outbox
from samskaping.core.prepared import Given, Prepared
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


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

    asked = Prepared(make)
    for town in (*towns, *towns):
        # Preparing is not one of the questions, at the first of them either.
        with django_assert_num_queries(1):
            (found,) = asked.rows(name=town.name)
            assert (found, found.county, found.name_key) == (town, town.county, town.name_key)
    assert asked.rows(name="Nowhere") == []
    assert made == [1]


def test_gives_what_the_queryset_gives(towns: list[Municipality]) -> None:
    one = Prepared(lambda: here().filter(pk=Given("pk")).annotate(more=F("population") + 1))
    assert [town.more for town in one.rows(pk=towns[1].pk)] == [1001]
    words = Prepared(lambda: here().filter(pk=Given("pk")).values("name", people=F("population")))
    assert words.rows(pk=towns[1].pk) == [{"name": "Berg", "people": 1000}]
    names = Prepared(lambda: here().filter(pk=Given("pk")).values_list("name", flat=True))
    assert names.rows(pk=towns[2].pk) == ["Fjordvik"]
    fewer = Prepared(lambda: here().filter(pk=Given("pk")).only("name"))
    assert fewer.rows(pk=towns[0].pk)[0].get_deferred_fields() >= {"name_key"}
    theirs = Prefetch("municipalities", queryset=here())
    around = Prepared(lambda: County.objects.filter(pk=Given("county")).prefetch_related(theirs))
    (county,) = around.rows(county=towns[0].county_id)
    assert towns[0] in county.municipalities.all()
    nobody = Prepared(lambda: here().none())
    assert nobody.rows() == []
    assert list(here().filter(pk__in=nobody.sql())) == []


def test_one_of_a_list_however_long(towns: list[Municipality]) -> None:
    some = Prepared(lambda: here().filter(pk__any_of=Given("keys")).values_list("name", flat=True))
    assert some.rows(keys=[]) == []
    assert some.rows(keys=[towns[0].pk]) == ["Alvdal"]
    assert some.rows(keys=[town.pk for town in towns]) == ["Alvdal", "Berg", "Fjordvik"]
    counties = Prepared(lambda: here().filter(county__any_of=Given("keys")).values_list("name", flat=True))
    assert counties.rows(keys=[towns[1].county_id])[0] in {town.name for town in towns}


def test_is_a_part_of_another_question(towns: list[Municipality]) -> None:
    keys = Prepared(lambda: here().filter(pk__any_of=Given("keys")).values("pk"))
    found = Municipality.objects.filter(pk__in=keys.sql(keys=[towns[0].pk, towns[2].pk]))
    assert set(found) == {towns[0], towns[2]}


def test_a_value_is_a_value_and_a_percent_sign_one(towns: list[Municipality]) -> None:
    def make() -> QuerySet[Any, Any]:
        named = here().filter(name=Given("name"), name__contains="lvd")
        day = Cast(Given("day", DateField()) + 1, DateField())
        return named.values_list(Concat("name", Value(" 100 %")), day)

    asked = Prepared(make)
    assert asked.rows(name="Alvdal", day=date(2026, 1, 31)) == [("Alvdal 100 %", date(2026, 2, 1))]
    assert asked.rows(name="Alvdal' OR 'a'='a", day=date(2026, 1, 31)) == []
    with pytest.raises(KeyError, match="day"):
        asked.rows(name="Alvdal")


def test_a_day_must_be_given() -> None:
    frozen = Prepared(lambda: Outbox.objects.filter(due_at__lte=datetime(2026, 1, 1, tzinfo=UTC)))
    with pytest.raises(ValueError, match="Given"):
        frozen.rows()


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_has_it_too() -> None:
    MunicipalityFactory.create(name="Alvdal", population=1000)
    asked = Prepared(lambda: here().filter(name=Given("name")))
    assert asked.rows(name="Alvdal")
    connection.close()
    assert asked.rows(name="Alvdal")
