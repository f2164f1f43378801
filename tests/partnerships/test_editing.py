"""Two people editing the same: who was first is told, and nothing is lost. The pages are in test_settings."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone

from partnerships.forms.editing import Both, EditingForm
from partnerships.models import Partnership
from partnerships.models.partnership import Phase, Track
from partnerships.selectors.editing import changed_by
from partnerships.services.editing import ChangedMeanwhile, count, edited, unchanged_since
from samskaping.accounts.permissions import Role
from tests.factories.partnerships import member
from tests.factories.work import PartnershipFactory

MAY = {"title", "purpose", "phase", "areas", "paused_since"}


class PartnershipForm(EditingForm):
    title = forms.CharField(label="Navn")
    phase = forms.ChoiceField(label="Fase", choices=[("I gang", Phase.choices)], required=False)
    areas = forms.MultipleChoiceField(
        label="Områder", choices=[("culture", "Kultur"), ("elderly", "Eldre")], required=False
    )
    paused_since = forms.DateField(label="På pause siden", required=False)
    sure = forms.BooleanField(label="Sikker", required=False)


@pytest.fixture
def kafe(town: Any) -> Partnership:
    return PartnershipFactory.create(municipality=town.municipality, title="Språkkafé")


def form_for(row: Partnership, **typed: str) -> PartnershipForm:
    data = QueryDict(mutable=True)
    data.update({"version": str(row.version), "title": row.title, **typed})
    form = PartnershipForm(data, version=row.version)
    assert form.is_valid()
    return form


def saver(row: Partnership, form: PartnershipForm, by: Any) -> Any:
    def save(version: int) -> None:
        current = Partnership.objects.get(pk=row.pk)
        unchanged_since(current, version)
        changes = {k: v for k, v in form.cleaned_data.items() if k in MAY}
        edited(current, changes, may_change=MAY, by=by)

    return save


def test_what_differs_is_saved_and_counted_with_its_key(kafe: Partnership, town: Any) -> None:
    by = town.coordinator.user
    changed = edited(kafe, {"title": "Ålesund-kafé", "purpose": ""}, may_change=MAY, by=by)
    assert changed == ["title"]
    kafe.refresh_from_db()
    assert (kafe.version, kafe.updated_by, kafe.title) == (1, by, "Ålesund-kafé")
    assert kafe.title_key == "}lesund kafe", "the key follows, though only some fields are saved"
    assert edited(kafe, {"title": "Ålesund-kafé"}, may_change=MAY, by=by) == []
    kafe.refresh_from_db()
    assert kafe.version == 1, "nobody is told of a save that changed nothing"


def test_only_what_a_service_may_change(kafe: Partnership, town: Any) -> None:
    with pytest.raises(ValueError, match="track"):
        edited(kafe, {"track": Track.FULL}, may_change=MAY, by=town.coordinator.user)


def test_rows_under_it_count_too(kafe: Partnership, town: Any) -> None:
    count(kafe, by=town.coordinator.user)
    kafe.refresh_from_db()
    with pytest.raises(ChangedMeanwhile):
        unchanged_since(kafe, 0)
    unchanged_since(kafe, 1)


def test_both_versions_are_shown_and_the_next_press_knows(kafe: Partnership, town: Any) -> None:
    chief = member(town.municipality, Role.CHIEF, name="Torbjørn Sjef").user
    mine = form_for(kafe, title="Mitt navn", phase="development", areas="culture", sure="on")
    theirs = {"title": "Sjefens navn", "areas": ["elderly", "culture"], "paused_since": date(2026, 11, 21)}
    edited(kafe, theirs, may_change=MAY, by=chief)
    by = town.coordinator.user
    assert not mine.saved_by(saver(kafe, mine, by), by)
    kafe.refresh_from_db()
    assert kafe.title == "Sjefens navn", "not overwritten"
    assert mine.meanwhile == [
        Both("Navn", "Mitt navn", "Sjefens navn"),
        Both("Fase", "Utvikling", "Forankring"),
        Both("Områder", "Kultur", "Eldre\nKultur"),
        Both("På pause siden", "tomt", "21.11.2026"),
    ]
    assert "Torbjørn Sjef endret dette kl. " in mine.non_field_errors()[0]
    page = str(mine["title"]) + str(mine["version"])
    assert "Mitt navn" in page
    assert 'value="1"' in page
    again = PartnershipForm(mine.data, version=kafe.version)
    assert again.is_valid()
    assert again.saved_by(saver(kafe, again, by), by)
    kafe.refresh_from_db()
    assert (kafe.title, kafe.version) == ("Mitt navn", 2)


def test_a_form_that_was_first_is_simply_saved(kafe: Partnership, town: Any) -> None:
    form = form_for(kafe, title="Nytt")
    assert form.saved_by(saver(kafe, form, town.coordinator.user), town.coordinator.user)
    assert not form.is_overtaken


def test_who_is_told_as_the_reader_may_know_her(kafe: Partnership, town: Any) -> None:
    viewer = town.coordinator.user
    rep = member(
        town.municipality, Role.ORGANISATION_REP, organisation=town.organisation, name="Kåre Lag"
    ).user
    count(kafe, by=rep)
    told = changed_by(kafe, viewer)
    assert told.startswith("Laget endret dette kl. ")
    assert "Kåre" not in told
    assert changed_by(kafe, rep).startswith("Kåre Lag endret dette kl. ")
    kafe.updated_by = None
    assert changed_by(kafe, viewer).startswith("Noen endret dette kl. ")


def test_a_save_of_another_day_says_which(kafe: Partnership, town: Any) -> None:
    count(kafe, by=town.coordinator.user)
    kafe.updated_at = timezone.now() - timedelta(days=2)
    day = timezone.localdate(kafe.updated_at)
    assert f"endret dette {day:%d.%m.%Y} kl. " in changed_by(kafe, town.coordinator.user)
