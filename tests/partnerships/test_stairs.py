"""Involveringstrappa, a municipality's own requirements, and the page with whom to ring."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.models import RequirementKind, StairCheck
from partnerships.selectors.stairs import next_step, stairs_now
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.requirement import (
    requirement_kind_add,
    requirement_kind_change,
    requirement_kind_end,
)
from partnerships.services.stairs import stair_check_note
from samskaping.core.errors import DomainError
from samskaping.core.models import ContentTemplate
from tests.factories.work import StairCheckFactory

pytestmark = pytest.mark.django_db

LOW = {"everyone": "yes", "staff_tell": "partly", "needs": "no", "coordinated": "no", "vulnerable": "no"}


@pytest.fixture
def questions(reference: None, town: Any) -> ContentTemplate:
    return stairs_now(town.municipality)


@pytest.fixture
def signed_in(town: Any, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def note(town: Any, questions: ContentTemplate, **more: Any) -> StairCheck:
    given: dict[str, Any] = {
        "unit": town.unit,
        "year": timezone.localdate().year,
        "version": 0,
        "questions": questions,
        "answers": LOW,
        "next_step": "",
        "by": town.coordinator.user,
    }
    return stair_check_note(**{**given, **more})


def test_the_next_step_is_the_nearest(questions: ContentTemplate) -> None:
    steps = questions.data["steps"]
    assert next_step(questions, LOW) == steps[1]["next"]["nb"]
    assert next_step(questions, dict.fromkeys(LOW, "yes")) == questions.data["done"]["nb"]


def test_a_unit_answers_and_sees_last_year_beside(
    signed_in: Client, town: Any, questions: ContentTemplate
) -> None:
    year = timezone.localdate().year
    StairCheckFactory.create(unit=town.unit, year=year - 1, questions=questions, answers=LOW)
    url = f"/trappa/{town.unit.pk}/"
    assert signed_in.get(f"{url}svar/").context["form"]["step_staff_tell"].value() == "partly"
    typed = {f"step_{key}": answer for key, answer in {**LOW, "staff_tell": "yes"}.items()}
    assert signed_in.post(f"{url}svar/", {**typed, "version": "0"})["Location"] == url
    page = signed_in.get(url)
    steps = questions.data["steps"]
    assert page.context["next"] == steps[2]["next"]["nb"]
    assert [(step.answer, step.before) for step, _now, _last in page.context["steps"]][1] == ("yes", "partly")
    assert "Har snakket om trappa i år" in signed_in.get("/trappa/").content.decode()


def test_two_colleagues_do_not_overwrite_each_other(town: Any, questions: ContentTemplate) -> None:
    note(town, questions)
    with pytest.raises(ChangedMeanwhile):
        note(town, questions, answers=dict.fromkeys(LOW, "yes"))


def test_only_this_year_is_answered(town: Any, questions: ContentTemplate) -> None:
    with pytest.raises(DomainError):
        note(town, questions, year=timezone.localdate().year - 1)


def added(town: Any, name: str) -> RequirementKind:
    return requirement_kind_add(
        municipality=town.municipality,
        names={"nb": name},
        about={},
        renew_months=None,
        by=town.coordinator.user,
    )


def test_a_municipality_has_requirements_of_its_own(reference: None, town: Any) -> None:
    kind = added(town, "Kurs på øya")
    assert kind.key == "kurs-pa-oya"
    with pytest.raises(DomainError):
        added(town, "politiattest")
    by = town.coordinator.user
    requirement_kind_change(kind=kind, version=0, changes={"names": {"nb": "Øykurs"}}, by=by)
    with pytest.raises(ChangedMeanwhile):
        requirement_kind_change(kind=kind, version=0, changes={"names": {"nb": "Båtkurs"}}, by=by)
    requirement_kind_end(kind=kind, by=by)
    assert not RequirementKind.objects.for_municipality(town.municipality).filter(pk=kind.pk).exists()
    assert added(town, "Kurs på øya").key == "kurs-pa-oya-2"


def test_requirements_on_the_page(signed_in: Client, reference: None, town: Any) -> None:
    page = signed_in.post("/innstillinger/krav/nytt/", {"name_nb": "Båtkurs", "version": "0"})
    assert page["Location"] == "/innstillinger/krav/"
    kind = RequirementKind.objects.get(municipality=town.municipality)
    listed = signed_in.get("/innstillinger/krav/").content.decode()
    assert "Båtkurs" in listed
    assert "Politiattest" in listed
    ours = RequirementKind.objects.get(municipality=None, key="politiattest")
    assert signed_in.get(f"/innstillinger/krav/{ours.pk}/").status_code == 403
    assert signed_in.post(f"/innstillinger/krav/{ours.pk}/avslutt/").status_code == 403
    assert signed_in.get(f"/innstillinger/krav/{kind.pk}/").status_code == 200


def test_whom_to_ring_is_for_everybody(client: Client, signed_in: Client, town: Any) -> None:
    assert "tel:116117" in Client().get("/varsling/").content.decode()
    town.settings.concern_url = "https://kommune.example/bekymring"
    town.settings.save()
    page = signed_in.get("/varsling/").content.decode()
    assert "https://kommune.example/bekymring" in page
    assert "har ikke lagt inn" in page
    assert "<textarea" not in page
