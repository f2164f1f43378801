"""The synthetic nation: everywhere, the same every time, and never among real data."""

from datetime import datetime
from io import StringIO
from typing import cast

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement
from partnerships.models import (
    DutyHolder,
    MunicipalitySettings,
    Occurrence,
    Offer,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Signal,
    Strategy,
)
from partnerships.models.partnership import search_key_of
from partnerships.national.nation import PARTNERSHIPS, Nation
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key
from tests.factories.partnerships import SettingsFactory

pytestmark = pytest.mark.django_db
MODELS = (
    *(Organisation, Partnership, PartnershipParty, Person, Signal, Strategy, DutyHolder, Agreement),
    Occurrence,
)


def load(scale: str = "0.01") -> str:
    said = StringIO()
    call_command("national", "--anyway", "--scale", scale, stdout=said)
    return said.getvalue()


def counts() -> list[int]:
    return [model._default_manager.count() for model in MODELS]


def counted_at(table: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = %s", [table])
        (at,) = cursor.fetchone()
    return cast(datetime, at)


# The owner alone may count anew.
@pytest.mark.django_db(databases=["default", "owner"])
def test_every_municipality_is_filled_once(reference: None, client: Client) -> None:
    begun = timezone.now()
    load()
    # Else the first minutes would be planned as for empty tables.
    assert counted_at("partnerships_partnership") > begun
    before = counts()
    assert min(before) >= 300
    assert set(Municipality.objects.values_list("pk", flat=True)) == set(
        Partnership.objects.values_list("municipality", flat=True)
    )
    for made in (Partnership.objects.first(), Partnership.objects.last()):
        assert made is not None
        assert made.title_key == sort_key(made.title)
        names = [party.actor.name for party in made.parties.all()]
        looked_in = set(search_key_of(made.title, made.purpose, *names).split())
        assert set(made.search_key.split()) == looked_in
    # Half of what is done together is in operation: an offer each, the same every time.
    assert Offer.objects.count() == Partnership.objects.filter(phase="operation").count()
    assert client.login(username="coordinator-0301@nasjon.example", password="demo-samskaping")
    assert client.get("/samarbeid/").status_code == 200
    assert "The nation is there already." in load()
    assert counts() == before
    # As where a part has come later: it fills its own, and no more.
    Agreement.objects.all().delete()
    assert "Agreement" in load()
    assert counts() == before


def test_whole_nation_has_its_size(reference: None) -> None:
    many = sorted(Nation(1.0).partnerships.values())
    assert sum(many) == pytest.approx(PARTNERSHIPS, rel=0.03)
    assert many[-1] == PARTNERSHIPS * 0.07
    assert any(350 < one < 450 for one in many)


def test_refuses_among_real_data(reference: None) -> None:
    SettingsFactory.create(municipality=Municipality.objects.get(number="0301"))
    with pytest.raises(CommandError, match="uses this installation"):
        load()
    assert MunicipalitySettings.objects.count() == 1


@pytest.mark.parametrize("scale", ["0", "-1", "11"])
def test_refuses_odd_sizes(scale: str) -> None:
    with pytest.raises(CommandError, match="scale"):
        load(scale)


def test_refuses_where_people_work() -> None:
    with pytest.raises(CommandError, match="DEMO"):
        call_command("national", "--scale", "0.01")
