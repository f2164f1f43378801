"""The calendar's sources: asked together, in order, and none takes another's name."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from samskaping.core import calendar_items as registry
from samskaping.core.calendar_items import CalendarItem, Span, calendar_items, calendar_source
from samskaping.core.models import County
from samskaping.core.one_query import Question
from samskaping.core.registries import Viewer

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SPAN = Span(Viewer(user=None, membership=None, today=date(2026, 11, 21)), NOON, NOON + timedelta(days=1))


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    monkeypatch.setattr(registry, "_sources", {})


def item(title, hours):
    at = NOON + timedelta(hours=hours)
    return CalendarItem(at, at + timedelta(hours=1), title, "Prøve", UUID(int=hours), NOON, url="/prove/")


@pytest.mark.django_db
def test_all_sources_are_asked_at_once(django_assert_num_queries):
    counties = Question(County.objects.order_by(), name="name")
    calendar_source("late", lambda _span: counties, lambda _span, _rows: [item("sent", 5)])
    calendar_source("early", lambda _span: counties, lambda _span, _rows: [item("tidlig", 1)])
    calendar_source("none", lambda _span: None, lambda _span, _rows: [item("aldri", 2)])
    with django_assert_num_queries(1):
        assert [found.title for found in calendar_items(SPAN)] == ["tidlig", "sent"]


def test_a_name_is_taken_once():
    calendar_source("offers", lambda _span: None, lambda _span, _rows: [])
    with pytest.raises(ValueError, match="offers"):
        calendar_source("offers", lambda _span: None, lambda _span, _rows: [])


def test_an_item_is_an_event_with_a_whole_address():
    event = item("Tur", 1).event("https://portal.example")
    assert (event.title, event.url) == ("Tur", "https://portal.example/prove/")
    assert event.starts_at == NOON + timedelta(hours=1)
