from dataclasses import dataclass
from typing import Any

import pytest

# No Django import up here: this file is read before the settings are (tests/conftest.py).


@dataclass
class Town:
    """A municipality in use, with one of each and a coordinator."""

    municipality: Any
    settings: Any
    unit: Any
    centre: Any
    organisation: Any
    coordinator: Any  # her membership


def make_town(**fields: Any) -> Town:
    from samskaping.accounts.permissions import Role
    from tests.factories import partnerships as made
    from tests.factories.core import MunicipalityFactory

    municipality = MunicipalityFactory.create(**fields)
    return Town(
        municipality=municipality,
        settings=made.SettingsFactory.create(municipality=municipality),
        unit=made.UnitFactory.create(municipality=municipality),
        centre=made.CentreFactory.create(municipality=municipality),
        organisation=made.OrganisationFactory.create(municipality=municipality),
        coordinator=made.member(municipality, Role.COORDINATOR, name="Ingrid Koordinator"),
    )


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def neighbour(db: None) -> Town:
    return make_town()


def deliver() -> list[Any]:
    """Sends everything that is promised, as the worker would."""
    from samskaping.core.models import Outbox
    from samskaping.core.services.outbox import outbox_deliver_row

    waiting = list(Outbox.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))
    return [outbox_deliver_row(pk) for pk in waiting]


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Every SMS that was sent: number and words."""
    kept: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "partnerships.messages.send_sms", lambda _row, *, number, text: kept.append((number, text))
    )
    return kept
