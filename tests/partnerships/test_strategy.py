"""A strategy from draft to replaced, what each side says to it, and what partnerships rest on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Frame, Membership, Notice, Partnership, Strategy
from partnerships.models.partnership import StartedBy, Track
from partnerships.models.strategy import Stance, StrategyState
from partnerships.parts.frame import facts, shown, steps
from partnerships.selectors.strategy import compare, documents_visible_to, strategy_page
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.frame import frame_change
from partnerships.services.notice import AHEAD, notices_derive
from partnerships.services.strategy import (
    strategy_answer,
    strategy_change,
    strategy_create,
    strategy_document,
    strategy_end,
    strategy_new_version,
    strategy_put_in_force,
    strategy_send,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import StoredFile
from samskaping.core.registries import Viewer
from tests.factories.partnerships import member
from tests.factories.work import FrameFactory, PartnershipFactory, PartyFactory
from tests.work_list import waiting

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def viewer(membership: Membership) -> Viewer:
    return Viewer(user=membership.user, membership=membership, today=TODAY())


@pytest.fixture
def rep(town: Any) -> Membership:
    return member(town.municipality, Role.ORGANISATION_REP, name="Kåre Rep", organisation=town.organisation)


@pytest.fixture
def draft(town: Any) -> Strategy:
    return strategy_create(
        municipality=town.municipality,
        changes={"title": "Frivilligstrategi", "summary": "Sammen."},
        points=["Møteplasser", "Opplæring", "Skyss"],
        by=town.coordinator.user,
    )


def in_force(strategy: Strategy, by: Any, **fields: Any) -> Strategy:
    current = Strategy.objects.get(pk=strategy.pk)
    changes = {"decided_on": TODAY(), **fields}
    return strategy_put_in_force(strategy=current, version=current.version, changes=changes, by=by)


def test_club_confirms_and_other_words_ask_again(town: Any, draft: Strategy, rep: Membership) -> None:
    sent = strategy_send(strategy=draft, by=town.coordinator.user)
    assert any("Si hva dere mener" in item.title for item in waiting(viewer(rep), "Strategi"))
    answer: dict[str, Any] = {"strategy": draft, "membership": rep, "by": rep.user}
    strategy_answer(version=sent.version, stance=Stance.CONFIRMED, **answer)
    assert not waiting(viewer(rep), "Strategi")
    changed = strategy_change(
        strategy=draft,
        version=sent.version,
        changes={"summary": "Enda mer sammen."},
        by=town.coordinator.user,
    )
    assert strategy_page(changed, rep.user, rep).stances == []
    assert any("Si hva dere mener" in item.title for item in waiting(viewer(rep), "Strategi"))
    with pytest.raises(StateChanged):
        strategy_answer(version=sent.version, stance=Stance.CONFIRMED, **answer)


def test_nobody_answers_for_another_side(town: Any, draft: Strategy, rep: Membership) -> None:
    sent = strategy_send(strategy=draft, by=town.coordinator.user)
    ask: dict[str, Any] = {"strategy": draft, "version": sent.version, "stance": Stance.CONFIRMED}
    with pytest.raises(DomainError):
        strategy_answer(membership=rep, by=town.coordinator.user, **ask)
    with pytest.raises(DomainError):
        strategy_answer(membership=town.coordinator, by=town.coordinator.user, **ask)
    sector = member(town.municipality, Role.CHIEF, unit=town.unit)
    with pytest.raises(DomainError):
        strategy_answer(membership=sector, by=sector.user, **ask)


def test_wish_is_seen_by_those_who_work_on_it(town: Any, draft: Strategy, rep: Membership) -> None:
    sent = strategy_send(strategy=draft, by=town.coordinator.user)
    wish: dict[str, Any] = {"stance": Stance.WISHES_CHANGE, "words": "Skyss først"}
    strategy_answer(strategy=draft, version=sent.version, membership=rep, by=rep.user, **wish)
    assert any("ønsker en endring" in item.title for item in waiting(viewer(town.coordinator), "Strategi"))
    ((name, stance),) = strategy_page(draft, rep.user, rep).stances
    assert (name, stance.words) == (town.organisation.name, "Skyss først")


def test_day_is_needed_to_put_it_in_force(town: Any, draft: Strategy) -> None:
    with pytest.raises(DomainError):
        in_force(draft, town.coordinator.user, decided_on=None)
    assert in_force(draft, town.coordinator.user).state == StrategyState.IN_FORCE


def test_new_version_replaces_and_is_compared(town: Any, draft: Strategy) -> None:
    by = town.coordinator.user
    old = in_force(draft, by)
    with pytest.raises(DomainError):
        strategy_change(strategy=old, version=old.version, changes={}, points=["Annet"], by=by)
    made = strategy_new_version(strategy=old, by=by)
    with pytest.raises(StateChanged):
        strategy_new_version(strategy=old, by=by)
    changed = strategy_change(
        strategy=made, version=made.version, changes={}, points=["Møteplassar", "Opplæring", "Skyss"], by=by
    )
    new = in_force(changed, by)
    old.refresh_from_db()
    assert (old.state, new.number) == (StrategyState.REPLACED, 2)
    ((_label, pieces),) = compare(old, new)
    assert ("added", "Møteplassar") in pieces


def test_dropped_draft_leaves_room_for_the_next(town: Any, draft: Strategy) -> None:
    by = town.coordinator.user
    old = in_force(draft, by)
    strategy_end(strategy=strategy_new_version(strategy=old, by=by), by=by)
    assert strategy_new_version(strategy=old, by=by).state == StrategyState.DRAFT


def test_dropped_draft_is_read_by_those_who_could_read_it_and_no_others(
    client: Client, town: Any, draft: Strategy, rep: Membership
) -> None:
    observer = member(town.municipality, Role.OBSERVER)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    client.force_login(town.coordinator.user)
    assert "Ingen andre ser det" in client.get(f"/strategi/{draft.pk}/avslutt/").content.decode()
    assert client.post(f"/strategi/{draft.pk}/avslutt/").status_code == 302
    for who, status in ((town.coordinator, 200), (rep, 200), (staff, 404), (observer, 404)):
        client.force_login(who.user)
        assert client.get(f"/strategi/{draft.pk}/").status_code == status, who.role
        # Nobody chooses among what she never sees.
        assert ('value="dropped"' in client.get("/strategi/").content.decode()) == (status == 200), who.role
    with pytest.raises(StateChanged):
        strategy_end(strategy=draft, by=town.coordinator.user)


def test_what_was_proposed_or_in_force_is_read_after_its_end(town: Any, draft: Strategy) -> None:
    by = town.coordinator.user
    observer = member(town.municipality, Role.OBSERVER).user
    second = strategy_new_version(strategy=in_force(draft, by), by=by)
    proposal = strategy_end(strategy=strategy_send(strategy=second, by=by), by=by)
    ended = strategy_end(strategy=draft, by=by)
    assert set(Strategy.objects.visible_to(observer)) == {proposal, ended}


def test_what_it_replaced_is_known_after_its_end(town: Any, draft: Strategy) -> None:
    by = town.coordinator.user
    old = in_force(draft, by)
    ended = strategy_end(strategy=in_force(strategy_new_version(strategy=old, by=by), by), by=by)
    ended.refresh_from_db()
    assert (ended.state, ended.replaces) == (StrategyState.ENDED, old)


def test_point_stays_the_same_row_when_it_moves_or_is_put_right(town: Any, draft: Strategy) -> None:
    before = {point.text: point.pk for point in draft.points.all()}
    strategy_change(
        strategy=draft, version=draft.version, changes={}, points=["Skyss", "Opplæring av frivillige"],
        by=town.coordinator.user,
    )  # fmt: skip
    after = {point.text: point.pk for point in draft.points.all()}
    assert after == {"Skyss": before["Skyss"], "Opplæring av frivillige": before["Opplæring"]}


def test_revision_is_told_sixty_days_before(town: Any, draft: Strategy) -> None:
    strategy = in_force(draft, town.coordinator.user, revise_by=TODAY() + timedelta(days=60))
    source = source_of("strategy_revision")
    assert source is not None
    assert not list(source.derive(TODAY() - timedelta(days=1)))
    (due,) = source.derive(TODAY() + AHEAD)
    assert (due.person, due.tell_on) == (town.coordinator.person, TODAY())
    assert [item.due_on for item in waiting(viewer(town.coordinator), "Strategi")] == [strategy.revise_by]
    notice: Any = type("N", (), {"object_id": str(strategy.pk), "due_on": due.due_on})
    assert "Frivilligstrategi" in source.words(notice, source.about(notice)).lines[0]
    Strategy.objects.update(revise_by=TODAY() + timedelta(days=900))
    assert source.about(notice) is None


def test_every_side_is_told_of_a_proposal_until_it_has_answered(
    town: Any, draft: Strategy, rep: Membership
) -> None:
    sent = strategy_send(strategy=draft, by=town.coordinator.user)
    source = source_of("strategy_awaited")
    assert source is not None
    notices_derive(TODAY())
    notice = Notice.objects.get(kind="strategy_awaited")
    assert notice.person == rep.person
    assert source.words(notice, source.about(notice)).url == f"/strategi/{draft.pk}/"
    strategy_answer(
        strategy=draft, version=sent.version, membership=rep, stance=Stance.CONFIRMED, by=rep.user
    )
    assert source.about(notice) is None


@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.parametrize("stance", Stance)
def test_side_that_has_answered_is_told_of_new_words_the_same_day_too(
    town: Any, draft: Strategy, rep: Membership, stance: Stance, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = town.coordinator.user
    other = member(town.municipality, Role.CENTRE_LEADER, centre=town.centre)

    def told(who: Membership) -> int:
        notices_derive(TODAY())
        source = source_of("strategy_awaited")
        assert source is not None
        found = Notice.objects.filter(kind="strategy_awaited", person=who.person)
        return sum(source.about(notice) == draft for notice in found)

    sent = strategy_send(strategy=draft, by=by)
    assert (told(rep), told(other)) == (1, 1)
    words: dict[str, Any] = {"stance": stance, "words": "Skyss først"}
    strategy_answer(strategy=draft, version=sent.version, membership=rep, by=rep.user, **words)
    assert told(rep) == 0
    assert not waiting(viewer(rep), "Strategi")
    now = timezone.now() + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    changed = strategy_change(
        strategy=draft, version=sent.version, changes={"summary": "Skyss og møteplasser."}, by=by
    )
    assert (told(rep), told(other)) == (1, 1)
    assert any("Si hva dere mener" in item.title for item in waiting(viewer(rep), "Strategi"))
    read = [one.words for _name, one in strategy_page(draft, rep.user, rep).stances]
    assert read == (["Skyss først"] if stance == Stance.WISHES_CHANGE else []), "a wish is still to be read"
    assert not waiting(viewer(town.coordinator), "Strategi"), "the wish is met, or not, in the new words"
    strategy_answer(
        strategy=draft, version=changed.version, membership=rep, stance=Stance.CONFIRMED, by=rep.user
    )
    assert told(rep) == 0


def test_one_notice_for_each_person_and_none_for_the_writer(
    town: Any, draft: Strategy, rep: Membership
) -> None:
    chief = member(town.municipality, Role.CHIEF)
    member(town.municipality, Role.CENTRE_LEADER, centre=town.centre, user=rep.user)
    sent = strategy_send(strategy=draft, by=chief.user)
    wish: dict[str, Any] = {"stance": Stance.WISHES_CHANGE, "words": "Skyss", "version": sent.version}
    strategy_answer(strategy=draft, membership=rep, by=rep.user, **wish)
    strategy_answer(strategy=draft, membership=chief, by=chief.user, **wish)
    strategy_change(strategy=draft, version=sent.version, changes={"summary": "Skyss."}, by=chief.user)
    notices_derive(TODAY())
    told = Notice.objects.filter(kind="strategy_awaited").values_list("person", flat=True)
    assert list(told) == [rep.person_id]


def test_only_other_words_ask_again(town: Any, draft: Strategy, rep: Membership) -> None:
    by = town.coordinator.user
    sent = strategy_send(strategy=draft, by=by)
    yes: dict[str, Any] = {"strategy": draft, "membership": rep, "stance": Stance.CONFIRMED, "by": rep.user}
    strategy_answer(version=sent.version, **yes)
    moved = strategy_change(strategy=draft, version=sent.version, changes={"case_number": "26/7"}, by=by)
    assert not waiting(viewer(rep), "Strategi")
    linked = {"document_url": "https://fjordvik.example/annen.pdf"}
    strategy_change(strategy=draft, version=moved.version, changes=linked, by=by)
    assert any("Si hva dere mener" in item.title for item in waiting(viewer(rep), "Strategi"))


def test_another_document_asks_again(
    town: Any, draft: Strategy, rep: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = strategy_send(strategy=draft, by=town.coordinator.user)
    answer: dict[str, Any] = {"strategy": draft, "membership": rep, "by": rep.user}
    strategy_answer(version=sent.version, stance=Stance.CONFIRMED, **answer)
    made = StoredFile.objects.create(
        municipality=town.municipality, name="s.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
        content=b"x",
    )  # fmt: skip
    monkeypatch.setattr("partnerships.services.strategy.stored_file_add_pdf", lambda *_a, **_k: made)
    strategy_document(strategy=draft, content=b"x", name="s.pdf", by=town.coordinator.user)
    assert any("Si hva dere mener" in item.title for item in waiting(viewer(rep), "Strategi"))


def test_document_goes_where_the_strategy_goes(
    town: Any, neighbour: Any, draft: Strategy, rep: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = StoredFile.objects.create(
        municipality=town.municipality, name="s.pdf", content_type="application/pdf", size=1, sha256="0" * 64,
        content=b"x",
    )  # fmt: skip
    monkeypatch.setattr("partnerships.services.strategy.stored_file_add_pdf", lambda *_a, **_k: made)
    strategy_document(strategy=draft, content=b"x", name="s.pdf", by=town.coordinator.user)
    observer = member(town.municipality, Role.OBSERVER)
    assert list(documents_visible_to(rep.user)) == [made]
    assert not documents_visible_to(observer.user).exists(), "a draft is for those who may propose"
    in_force(draft, town.coordinator.user)
    assert list(documents_visible_to(observer.user)) == [made]
    assert not documents_visible_to(neighbour.coordinator.user).exists()
    strategy_document(strategy=draft, content=None, by=town.coordinator.user)
    assert not StoredFile.objects.filter(pk=made.pk).exists()


def test_exe_named_pdf_is_refused_and_leaves_nothing(client: Client, town: Any, draft: Strategy) -> None:
    client.force_login(town.coordinator.user)
    upload = SimpleUploadedFile("plan.pdf", b"MZ\x90\x00" + b"x" * 100, content_type="application/pdf")
    answer = client.post(f"/strategi/{draft.pk}/dokument/", {"document": upload})
    assert answer.status_code == 200
    assert "PDF" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_club_proposes_a_whole_draft_and_works_on_its_own(client: Client, town: Any, rep: Membership) -> None:
    client.force_login(rep.user)
    answer = client.post(
        "/strategi/ny/", {"title": "Vår strategi", "points": "- Skyss\r\n\r\n- Møteplasser", "version": 0}
    )
    made = Strategy.objects.get()
    assert answer.headers["Location"] == f"/strategi/{made.pk}/"
    assert [point.text for point in made.points.all()] == ["Skyss", "Møteplasser"]
    assert client.get(f"/strategi/{made.pk}/endre/").status_code == 200
    assert client.post(f"/strategi/{made.pk}/send/").status_code == 302
    assert client.get(f"/strategi/{made.pk}/endre/").status_code == 403, "now it is everybody's"
    assert client.get(f"/strategi/{made.pk}/gjelder/").status_code == 403
    assert client.get(f"/strategi/{made.pk}/svar/").status_code == 200


def test_two_who_edit_a_strategy_see_both(client: Client, town: Any, draft: Strategy) -> None:
    strategy_change(
        strategy=draft, version=draft.version, changes={}, points=["Skyss"], by=town.coordinator.user
    )
    client.force_login(town.coordinator.user)
    answer = client.post(
        f"/strategi/{draft.pk}/endre/", {"title": "Mitt navn", "points": "Korps", "version": draft.version}
    )
    shown = answer.content.decode()
    assert "mens du skrev" in shown
    assert "Mitt navn" in shown
    assert "Skyss" in shown
    draft.refresh_from_db()
    assert draft.title == "Frivilligstrategi"


def test_pages_of_strategies(client: Client, town: Any, draft: Strategy) -> None:
    old = in_force(draft, town.coordinator.user)
    made = strategy_new_version(strategy=old, by=town.coordinator.user)
    client.force_login(town.coordinator.user)
    for path in ("", f"{old.pk}/", f"{made.pk}/sammenlign/", f"{made.pk}/gjelder/", f"{old.pk}/avslutt/"):
        assert client.get(f"/strategi/{path}").status_code == 200, path
    assert client.get(f"/strategi/{old.pk}/sammenlign/").status_code == 404
    listed = client.get("/strategi/?status=draft").content.decode()
    assert listed.count("Versjon 2") == 1
    assert f'href="/strategi/{old.pk}/"' not in listed


# --- What a partnership rests on -------------------------------------------------------------------------
@pytest.fixture
def kafe(town: Any) -> Partnership:
    made = PartnershipFactory.create(municipality=town.municipality, track=Track.FULL)
    PartyFactory.create(partnership=made, unit=town.unit)
    return made


def test_frame_stands_on_a_point_and_on_the_line(
    client: Client, town: Any, draft: Strategy, kafe: Any
) -> None:
    strategy = in_force(draft, town.coordinator.user)
    point = strategy.points.get(order=3)
    client.force_login(town.coordinator.user)
    here = f"/samarbeid/{kafe.pk}/rammer/"
    assert "Samproduksjon" in client.get(here).content.decode()
    answer = client.post(here, {"rests_on": f"{strategy.pk}.{point.pk}", "hours_a_week": "2,5", "version": 0})
    assert answer.status_code == 302
    frame = Frame.objects.get()
    assert (frame.point, str(frame.hours_a_week)) == (point, "2.5")
    shown = client.get(f"/samarbeid/{kafe.pk}/").content.decode()
    assert "Punkt 3 i Frivilligstrategi" in shown
    assert kafe.title in client.get(f"/strategi/{strategy.pk}/").content.decode()


def test_replaced_strategy_is_said_and_chosen_still(town: Any, draft: Strategy, kafe: Any) -> None:
    by = town.coordinator.user
    old = in_force(draft, by)
    FrameFactory.create(partnership=kafe, strategy=old)
    in_force(strategy_new_version(strategy=old, by=by), by)
    found = Partnership.objects.get(pk=kafe.pk)
    assert any("byttet ut" in step.title for step in steps(found, viewer(town.coordinator)))
    assert [fact.done for fact in facts(found, viewer(town.coordinator))] == [False]


@pytest.mark.parametrize(("started_by", "told"), [(StartedBy.MUNICIPALITY, 1), (StartedBy.ORGANISATION, 0)])
def test_what_begins_from_below_lacks_nothing(town: Any, kafe: Any, started_by: str, told: int) -> None:
    Partnership.objects.update(started_by=started_by)
    found = Partnership.objects.get(pk=kafe.pk)
    assert len(list(steps(found, viewer(town.coordinator)))) == told
    Partnership.objects.update(track=Track.LIGHT)
    assert shown(Partnership.objects.get(pk=kafe.pk), viewer(town.coordinator)) is None


def test_frame_rests_on_no_other_municipalitys_strategy(
    town: Any, neighbour: Any, draft: Strategy, kafe: Any
) -> None:
    theirs = Strategy.objects.create(municipality=neighbour.municipality, title="Deres")
    change = {"partnership": kafe, "version": 0, "by": town.coordinator.user}
    with pytest.raises(DomainError):
        frame_change(changes={"strategy": theirs}, **change)
    with pytest.raises(DomainError):
        frame_change(changes={"point": draft.points.first(), "strategy": None}, **change)
    frame_change(changes={"mandate": "Dere velger sted"}, **change)
    with pytest.raises(ChangedMeanwhile):
        frame_change(changes={"mandate": "Vi velger"}, **change)


def test_all_sides_are_told_when_the_frame_is_to_be_looked_at(
    town: Any, rep: Membership, kafe: Partnership
) -> None:
    PartyFactory.create(partnership=kafe, organisation=town.organisation)
    FrameFactory.create(partnership=kafe, revise_by=TODAY() + timedelta(days=10))
    source = source_of("frame_revision")
    assert source is not None
    told = {due.person for due in source.derive(TODAY())}
    assert told == {rep.person, town.coordinator.person}
