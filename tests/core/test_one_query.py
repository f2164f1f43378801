"""Many questions, one query: each gets its own rows, and what cannot have any costs nothing."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import Count, DateField, DateTimeField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast
from pytest_django import DjangoAssertNumQueries

from samskaping.core.models import County, Municipality
from samskaping.core.one_query import Question, as_day, as_moment, ask, number_in
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_each_gets_its_own_in_its_own_order(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for name in ("Fjordvik", "Alvdal", "Berg"):
        MunicipalityFactory.create(name=name, population=1000)
    towns = Municipality.objects.filter(population=1000)
    with django_assert_num_queries(1):
        found = ask({
            "towns": Question(towns.order_by("name_key")[:2], name="name", county="county__name"),
            "again": Question(towns.order_by("-name_key")[:1], people=F("population") + 1),
            "counted": Question(towns.order_by(), number=Count("pk")),
            "flagged": Question(
                County.objects.order_by("number")[:1],
                has=Exists(towns.filter(county=OuterRef("pk"))),
            ),
        })  # fmt: skip
    assert [row["name"] for row in found["towns"]] == ["Alvdal", "Berg"]
    assert found["towns"][0].keys() == {"name", "county"}
    assert found["again"] == [{"people": 1001}]
    assert number_in(found["counted"]) == 3
    assert found["flagged"] == [{"has": True}]


def test_what_cannot_have_rows_is_not_asked(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert ask({}) == {}
        none = Municipality.objects.filter(pk__in=[])
        found = ask(
            {"none": Question(none, pk="pk"), "counted": Question(none.order_by(), number=Count("pk"))}
        )
    assert found == {"none": [], "counted": []}
    assert number_in(found["counted"]) == 0
    with django_assert_num_queries(1):
        every = Municipality.objects.order_by()
        both = ask({"none": Question(none, pk="pk"), "counted": Question(every, number=Count("pk"))})
    assert both["none"] == []
    assert number_in(both["counted"]) == Municipality.objects.count()


def test_days_come_back_as_they_were() -> None:
    moment = datetime(2026, 11, 21, 23, 30, 0, 120000, tzinfo=UTC)
    MunicipalityFactory.create(number="9999")
    (row,) = ask({"it": Question(
        Municipality.objects.filter(number="9999").annotate(
            day=Cast(Value("2026-11-21"), DateField()), moment=Cast(Value(moment), DateTimeField())
        ),
        day="day", moment="moment",
    )})["it"]  # fmt: skip
    assert as_day(row["day"]) == date(2026, 11, 21)
    assert as_moment(row["moment"]) == moment
    assert as_day(None) is None
