"""The demo's volunteers: there, twice is once, and as varied as they are in a town."""

from io import StringIO

import pytest
from django.core.management import call_command

from samskaping.accounts.models import User
from volunteers.models import Assignment, PoliceFact, Volunteer, VolunteerRequirement
from volunteers.models.volunteer import VolunteerState

MODELS = (Volunteer, Assignment, VolunteerRequirement, PoliceFact)


@pytest.fixture
def loaded(reference: None) -> None:
    call_command("demo", stdout=StringIO())


def test_twice_is_once(loaded: None) -> None:
    def counts() -> list[int]:
        return [model._default_manager.count() for model in MODELS]

    before = counts()
    assert all(before)
    call_command("demo", stdout=StringIO())
    assert counts() == before


def test_somebody_of_every_kind(loaded: None) -> None:
    fjordvik = Volunteer.objects.filter(municipality__number="9901")
    assert set(fjordvik.values_list("state", flat=True)) >= {
        VolunteerState.ACTIVE,
        VolunteerState.PAUSED,
        VolunteerState.ENDED,
    }
    assert fjordvik.filter(person__email="").exists()
    assert fjordvik.filter(adult_from__isnull=False, guardian__isnull=False).exists()
    assert fjordvik.filter(person__controller_organisation__isnull=False).exists()
    assert fjordvik.filter(person__controller_centre__isnull=False).exists()
    login = User.objects.get(email="volunteer@demo.example")
    assert fjordvik.get(person__user=login).assignments.exists()
    assert Volunteer.objects.filter(municipality__number="9902").count() >= 6
