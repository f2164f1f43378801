"""A map as an annex: one page of A4 for an ordinary one, whoever has it."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from partnerships.models import Duty
from partnerships.models.responsibility import DutyGroup, DutyLevel, HolderPart
from partnerships.selectors.responsibility_board import map_snapshot
from partnerships.services.responsibility import duty_add, map_make, map_of_partnership
from samskaping.core.pdf import render
from samskaping.core.services.reference import reference_load
from tests.factories.partnerships import PersonFactory
from tests.factories.work import PartnershipFactory, hold
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings: Any) -> None:
    ours = Path(__file__).parent / "templates"
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [ours, *settings.TEMPLATES[0]["DIRS"]]}]


def pages(snapshot: dict[str, Any]) -> int:
    pdf = render("annex", {"map": snapshot}, language="nb", title="Samarbeidsavtale")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def test_an_inherited_map_with_five_own_duties_is_one_page(town: Town) -> None:
    reference_load()
    by = town.coordinator.user
    map_make(municipality=town.municipality, by=by)
    plan = map_of_partnership(partnership=PartnershipFactory.create(municipality=town.municipality), by=by)
    for number in range(5):
        duty_add(
            plan=plan,
            text=f"En oppgave som er vår egen, nummer {number}",
            group=DutyGroup.STAFF,
            level=DutyLevel.OPERATIVE,
            by=by,
        )
    for duty in Duty.objects.filter(holders=None):
        hold(duty, PersonFactory.create(municipality=town.municipality, name="Anne-Margrethe Fjordheim"))
        deputy = PersonFactory.create(municipality=town.municipality, name="Bjørn Kristian Øvrebø")
        hold(duty, deputy, part=HolderPart.DEPUTY)
    snapshot = map_snapshot(plan)
    assert sum(len(group["duties"]) for group in snapshot["groups"]) == 23
    assert pages(snapshot) == 1
    many = {**snapshot, "groups": snapshot["groups"] * 3}
    assert pages(many) > 1
