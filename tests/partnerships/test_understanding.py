"""«Dette er vi enige om»: each side its own words, everybody's yes, and nothing lost."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Membership, Notice, Partnership, PartnershipParty, Understanding
from partnerships.models.partnership import Phase, Track
from partnerships.models.understanding import UnderstandingState
from partnerships.page import Stage
from partnerships.parts.understanding import facts, steps
from partnerships.selectors.understanding import compare, side_views, understanding_now, versions_of
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.notice import AHEAD, notices_derive
from partnerships.services.party import party_leave
from partnerships.services.understanding import (
    understanding_confirm,
    understanding_object,
    understanding_propose,
    understanding_side_write,
    understanding_write,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from samskaping.core.registries import Viewer
from tests.factories.partnerships import OrganisationFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory
from tests.work_list import waiting

pytestmark = pytest.mark.django_db


@dataclass
class Kafe:
    partnership: Partnership
    municipal: PartnershipParty
    club: PartnershipParty
    coordinator: Membership
    rep: Membership


@pytest.fixture
def kafe(town: Any) -> Kafe:
    partnership = PartnershipFactory.create(
        municipality=town.municipality, title="Språkkafé", track=Track.FULL
    )
    return Kafe(
        partnership,
        PartyFactory.create(partnership=partnership, unit=town.unit),
        PartyFactory.create(partnership=partnership, organisation=town.organisation),
        town.coordinator,
        member(town.municipality, Role.ORGANISATION_REP, name="Kåre Rep", organisation=town.organisation),
    )


def write(kafe: Kafe, version: int = 0, **lines: list[str]) -> Understanding:
    changes = lines or {"shall": ["Møtes hver torsdag"]}
    return understanding_write(
        partnership=kafe.partnership, version=version, changes=changes, by=kafe.coordinator.user
    )


def proposed(kafe: Kafe) -> Understanding:
    return understanding_propose(
        partnership=kafe.partnership, version=write(kafe).version, by=kafe.coordinator.user
    )


def agreed(kafe: Kafe) -> Understanding:
    return understanding_confirm(party=kafe.club, version=proposed(kafe).version, by=kafe.rep.user)


def viewer(membership: Membership) -> Viewer:
    return Viewer(user=membership.user, membership=membership, today=timezone.localdate())


def fresh(kafe: Kafe) -> Partnership:
    return Partnership.objects.get(pk=kafe.partnership.pk)


def test_last_yes_makes_it_agreed(kafe: Kafe) -> None:
    work = proposed(kafe)
    assert work.state == UnderstandingState.PROPOSED
    assert understanding_now(fresh(kafe)) is None
    done = understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    assert done.state == UnderstandingState.AGREED
    now = understanding_now(fresh(kafe))
    assert now is not None
    assert now.shall == ["Møtes hver torsdag"]
    assert {side.confirmed_by for side in now.sides.all()} == {kafe.coordinator.user, kafe.rep.user}


def test_edit_after_a_yes_asks_again(kafe: Kafe) -> None:
    work = proposed(kafe)
    changed = write(kafe, work.version, shall=["Møtes hver onsdag"])
    with pytest.raises(StateChanged):
        understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    still = understanding_confirm(party=kafe.club, version=changed.version, by=kafe.rep.user)
    assert still.state == UnderstandingState.PROPOSED, "the municipality said yes to other words"
    done = understanding_confirm(party=kafe.municipal, version=changed.version, by=kafe.coordinator.user)
    assert done.state == UnderstandingState.AGREED


def test_two_sides_who_write_at_once_are_not_in_each_others_way(kafe: Kafe) -> None:
    for party, by, words in (
        (kafe.municipal, kafe.coordinator.user, "Flere møteplasser"),
        (kafe.club, kafe.rep.user, "Fleire medlemer"),
    ):
        understanding_side_write(party=party, number=1, version=0, changes={"wishes": words}, by=by)
    (one,) = versions_of(kafe.partnership)
    assert sorted(side.wishes for side in one.sides.all()) == ["Fleire medlemer", "Flere møteplasser"]


def test_two_of_the_same_side_are_told_of_each_other(kafe: Kafe) -> None:
    write_as: dict[str, Any] = {"party": kafe.club, "number": 1, "version": 0, "by": kafe.rep.user}
    understanding_side_write(changes={"wishes": "Først"}, **write_as)
    with pytest.raises(ChangedMeanwhile):
        understanding_side_write(changes={"wishes": "Sist"}, **write_as)


def test_two_who_begin_at_once_are_told_of_each_other(kafe: Kafe) -> None:
    write(kafe)
    with pytest.raises(ChangedMeanwhile):
        write(kafe, 0, shall=["Noe annet"])


def test_own_words_are_ones_own(kafe: Kafe, town: Any) -> None:
    """A coordinator writes for the municipality, not for a club that has somebody of its own."""
    change: dict[str, Any] = {"number": 1, "version": 0, "changes": {"gains": "x"}}
    with pytest.raises(DomainError):
        understanding_side_write(party=kafe.club, by=kafe.coordinator.user, **change)
    with pytest.raises(DomainError):
        understanding_side_write(party=kafe.municipal, by=kafe.rep.user, **change)
    assert not Understanding.objects.exists()


def test_side_with_nobody_here_is_written_for_and_traced_so(kafe: Kafe, town: Any) -> None:
    choir = PartyFactory.create(
        partnership=kafe.partnership, organisation=OrganisationFactory.create(municipality=town.municipality)
    )
    work = proposed(kafe)
    understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    done = understanding_confirm(party=choir, version=work.version, by=kafe.coordinator.user)
    assert done.state == UnderstandingState.AGREED
    event = AuditEvent.objects.filter(verb="understanding_confirmed").exclude(on_behalf_of="").get()
    assert event.on_behalf_of.endswith(f":{choir.organisation_id}")


def test_wish_is_shown_and_goes_with_a_yes(kafe: Kafe) -> None:
    work = proposed(kafe)
    understanding_object(party=kafe.club, version=work.version, words="Onsdager passer", by=kafe.rep.user)
    items = [item.title for item in waiting(viewer(kafe.coordinator), "Enige")]
    assert any("ønsker noe annerledes" in title for title in items)
    Partnership.objects.update(phase=Phase.ENDED, ended_on=timezone.localdate())
    assert not waiting(viewer(kafe.coordinator), "Enige"), "nothing waits where it is over"
    Partnership.objects.update(phase=Phase.ANCHORING, ended_on=None)
    done = understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    assert [side.objection for side in done.sides.all()] == ["", ""]


def test_new_version_begins_with_the_words_and_nobodys_yes(kafe: Kafe) -> None:
    first = agreed(kafe)
    second = write(kafe, first.version, shall=["Møtes hver onsdag"])
    assert (second.number, second.state) == (2, UnderstandingState.DRAFT)
    assert understanding_now(fresh(kafe)) == first, "the old one stands until all have said yes"
    assert not any(view.confirmed for view in side_views(kafe.partnership, second, kafe.rep.user))
    understanding_propose(partnership=kafe.partnership, version=second.version, by=kafe.rep.user)
    understanding_confirm(party=kafe.municipal, version=second.version, by=kafe.coordinator.user)
    newer, older = versions_of(kafe.partnership)
    assert (newer.state, older.state) == (UnderstandingState.AGREED, UnderstandingState.REPLACED)
    (difference,) = compare(older, newer)
    assert ("removed", "torsdag") in difference.pieces
    assert ("added", "onsdag") in difference.pieces


@pytest.mark.parametrize("reason", ["nothing", "alone", "over"])
def test_nothing_to_agree_on_is_said(kafe: Kafe, reason: str) -> None:
    work = write(kafe, shall=[], shall_not=["Ingenting"]) if reason == "nothing" else write(kafe)
    if reason == "alone":
        kafe.club.delete()
    if reason == "over":
        Partnership.objects.update(phase=Phase.ENDED, ended_on=timezone.localdate())
    with pytest.raises(DomainError):
        understanding_propose(partnership=kafe.partnership, version=work.version, by=kafe.coordinator.user)


def test_line_and_next_steps_say_where_it_stands(kafe: Kafe) -> None:
    assert [step.title for step in steps(fresh(kafe), viewer(kafe.rep))] == ["Skriv det dere er enige om"]
    proposed(kafe)
    (step,) = steps(fresh(kafe), viewer(kafe.rep))
    assert step.title == "Les og bekreft det dere er enige om"
    (fact,) = facts(fresh(kafe), viewer(kafe.rep))
    assert fact.muted
    work = versions_of(kafe.partnership)[0]
    understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    (fact,) = facts(fresh(kafe), viewer(kafe.rep))
    assert (fact.stage, fact.done) == (Stage.ANCHORING, True)
    assert fact.text.startswith("Enige siden ")
    assert not list(steps(fresh(kafe), viewer(kafe.rep)))


def test_side_whose_word_is_awaited_is_told_until_it_answers(kafe: Kafe) -> None:
    source = source_of("understanding_awaited")
    assert source is not None
    work = proposed(kafe)
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="understanding_awaited")
    assert notice.person == kafe.rep.person
    assert "Språkkafé" in source.words(notice, source.about(notice)).lines[0]
    understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    assert source.about(notice) is None
    told = source_of("understanding_agreed")
    assert told is not None
    assert kafe.rep.person in {due.person for due in told.derive(timezone.localdate() + AHEAD)}


@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.parametrize("objects", [True, False])
def test_side_that_has_answered_is_told_of_new_words_the_same_day_too(
    kafe: Kafe, town: Any, days: int, objects: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    choir = OrganisationFactory.create(municipality=town.municipality)
    third = member(town.municipality, Role.ORGANISATION_REP, organisation=choir)
    PartyFactory.create(partnership=kafe.partnership, organisation=choir)

    def told(who: Membership) -> int:
        notices_derive(timezone.localdate())
        source = source_of("understanding_awaited")
        assert source is not None
        found = Notice.objects.filter(kind="understanding_awaited", person=who.person)
        return sum(source.about(notice) is not None for notice in found)

    work = proposed(kafe)
    assert [told(one) for one in (kafe.rep, third, kafe.coordinator)] == [1, 1, 0]
    answer: dict[str, Any] = {"party": kafe.club, "version": work.version, "by": kafe.rep.user}
    if objects:
        understanding_object(words="Onsdager passer", **answer)
    else:
        understanding_confirm(**answer)
    assert told(kafe.rep) == 0
    assert not waiting(viewer(kafe.rep), "Enige")
    assert not list(steps(fresh(kafe), viewer(kafe.rep))), "it is the others' turn"
    now = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    changed = write(kafe, work.version, shall=["Møtes hver onsdag"])
    assert [told(one) for one in (kafe.rep, third)] == [1, 1]
    assert told(kafe.coordinator) == 0, "they are her own words"
    understanding_confirm(party=kafe.club, version=changed.version, by=kafe.rep.user)
    assert told(kafe.rep) == 0


def test_a_side_that_leaves_does_not_leave_a_text_to_wait_for_ever(kafe: Kafe, town: Any) -> None:
    choir = PartyFactory.create(
        partnership=kafe.partnership, organisation=OrganisationFactory.create(municipality=town.municipality)
    )
    work = proposed(kafe)
    understanding_confirm(party=kafe.club, version=work.version, by=kafe.rep.user)
    party_leave(party=choir, by=kafe.coordinator.user)
    work.refresh_from_db()
    assert work.state == UnderstandingState.DRAFT
    understanding_propose(partnership=kafe.partnership, version=work.version, by=kafe.coordinator.user)
    work.refresh_from_db()
    assert work.state == UnderstandingState.AGREED, "those who remain had confirmed these words"


def test_club_does_its_part_on_the_page_in_nynorsk(client: Client, kafe: Kafe) -> None:
    client.force_login(kafe.rep.user)
    here = f"/samarbeid/{kafe.partnership.pk}/enige/"
    answer = client.post(
        f"{here}side/{kafe.club.pk}/",
        {"wishes": "Vi vil møte <b>fleire</b>\nog lære norsk", "gains": "", "version": 0, "number": 1},
    )
    assert answer.status_code == 302
    shown = client.get(here, headers={"Accept-Language": "nn"}).content.decode()
    assert "Vi vil møte &lt;b&gt;fleire&lt;/b&gt;<br>og lære norsk" in shown
    (work,) = versions_of(kafe.partnership)
    assert client.post(f"{here}forslag/", {"version": work.version}).status_code == 302
    client.force_login(kafe.coordinator.user)
    client.post(f"{here}side/{kafe.municipal.pk}/bekreft/", {"version": work.version})
    assert "Enige siden" in client.get(f"/samarbeid/{kafe.partnership.pk}/").content.decode()
    assert client.get(f"{here}versjoner/1/").status_code == 200
    assert client.get(f"{here}versjoner/").status_code == 200
    assert client.get(f"{here}versjoner/9/").status_code == 404


def test_conflict_shows_both_and_keeps_what_was_typed(client: Client, kafe: Kafe) -> None:
    write(kafe)
    client.force_login(kafe.rep.user)
    answer = client.post(
        f"/samarbeid/{kafe.partnership.pk}/enige/sammen/", {"version": 0, "shall": "Mine linjer"}
    )
    shown = answer.content.decode()
    assert "Mine linjer" in shown
    assert "Møtes hver torsdag" in shown
    assert "mens du skrev" in shown


def test_page_of_a_partnership_asks_little(
    client: Client, kafe: Kafe, django_assert_max_num_queries: Any
) -> None:
    proposed(kafe)
    client.force_login(kafe.coordinator.user)
    with django_assert_max_num_queries(25):
        assert client.get(f"/samarbeid/{kafe.partnership.pk}/enige/").status_code == 200
    with django_assert_max_num_queries(25):
        assert client.get(f"/samarbeid/{kafe.partnership.pk}/").status_code == 200
