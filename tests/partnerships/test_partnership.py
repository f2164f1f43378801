"""What can be done to a partnership, and by whom."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from partnerships.access import forget_access
from partnerships.models import Contact, LogEntry, NeighbourAsk, Organisation, Partnership, Person
from partnerships.models.partnership import LogKind, Phase, StartedBy, Track
from partnerships.services.contact import contact_add, contact_remove
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.grant import grant_add, grant_change, grant_reported
from partnerships.services.log_entry import log_add, log_change, log_done
from partnerships.services.partnership import partnership_change, partnership_start, partnership_track
from partnerships.services.party import neighbour_answer, neighbour_ask, party_answer, party_ask, party_leave
from partnerships.services.phase import (
    partnership_end,
    partnership_pause,
    partnership_reopen,
    partnership_resume,
    phase_move,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, ContentTemplate
from tests.factories.partnerships import OrganisationFactory, UnitFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db


def user(membership: object) -> User:
    found = membership.user  # type: ignore[attr-defined]
    assert isinstance(found, User)
    return found


def started(town: Town, **fields: object) -> Partnership:
    given = {"title": "Prøve turgruppe", "by": user(town.coordinator), **fields}
    return partnership_start(municipality=town.municipality, **given)  # type: ignore[arg-type]


# --- Starting -------------------------------------------------------------------------------------------
def test_who_starts_it_is_a_party_at_once_and_the_club_is_asked(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    made = started(town, by=user(rep), own=town.organisation, others=[town.centre, town.organisation])
    assert made.started_by == StartedBy.ORGANISATION
    assert {p.actor: p.accepted_at is not None for p in made.parties.all()} == {
        town.organisation: True,
        town.centre: False,
    }


def test_what_has_gone_for_years_begins_in_operation_with_everybody_in(town: Town) -> None:
    made = started(town, others=[town.organisation], running_since=date(2019, 1, 1))
    assert made.phase == Phase.OPERATION
    assert made.parties.taking_part().count() == 1


def test_whom_somebody_puts_in_stands_in_the_log(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    choir = OrganisationFactory.create(municipality=town.municipality, name="Prøvekoret")
    made = started(
        town, by=user(rep), own=town.organisation, others=[choir, town.unit], running_since=date(2019, 1, 1)
    )
    entry = made.log.get()
    names = f"{town.organisation.name}, Prøvekoret, {town.unit.name}"
    assert (entry.kind, entry.line) == (LogKind.PARTY, f"Med fra starten: {names}.")
    assert started(town, others=[town.unit]).log.get().line == f"Med fra starten: {town.unit.name}."
    asked = started(town, by=user(rep), own=town.organisation, others=[choir])
    assert not asked.log.exists(), "nobody is put in"


def test_the_municipalitys_unit_is_asked_by_those_who_do_not_answer_for_it(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    made = started(town, by=user(rep), own=town.organisation, others=[town.unit])
    assert made.parties.get(unit=town.unit).accepted_at is None
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    below = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    beside = UnitFactory.create(municipality=town.municipality)
    made = started(town, by=user(leader), own=town.unit, others=[below, beside])
    assert {party.actor for party in made.parties.taking_part()} == {town.unit, below}


def test_nobody_starts_for_another_side(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    for own in (None, town.centre, OrganisationFactory.create(municipality=town.municipality)):
        with pytest.raises(DomainError):
            started(town, by=user(rep), own=own)
    with pytest.raises(DomainError):
        started(town, others=[make_town().organisation])
    assert not Partnership.objects.exists()


def test_set_up_gives_words_in_the_language_of_the_place_and_is_fixed_from_then(reference: None) -> None:
    nynorsk = make_town()
    nynorsk.settings.language = "nn"
    nynorsk.settings.save()
    template = ContentTemplate.objects.get(key="samarbeid-vaketjeneste")
    made = started(nynorsk, template=template)
    assert "åleine" in made.purpose
    assert (made.track, made.areas) == (Track.FULL, ["elderly", "health"])
    template.refresh_from_db()
    assert template.first_used_at is not None


def test_every_set_up_has_its_words_in_three_languages(reference: None) -> None:
    found = ContentTemplate.objects.filter(kind="partnership")
    assert found.count() == 9
    for template in found:
        for told in (template.texts, template.data["duties"], template.data["hints"]):
            assert set(told) == {"nb", "nn", "en"}


# --- Parties --------------------------------------------------------------------------------------------
def test_side_says_yes_and_then_no_more(town: Town) -> None:
    made = started(town)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    asked = party_ask(partnership=made, actor=town.organisation, by=user(town.coordinator))
    assert asked.accepted_at is None
    assert not Partnership.objects.visible_to(user(rep)).exists()
    party_answer(party=asked, yes=True, by=user(rep))
    assert Partnership.objects.visible_to(user(rep)).get() == made
    with pytest.raises(StateChanged):
        party_answer(party=asked, yes=False, by=user(rep))
    event = AuditEvent.objects.get(verb="party_accepted")
    assert event.on_behalf_of == ""


def test_coordinator_answers_for_a_club_and_it_is_noted(town: Town) -> None:
    asked = party_ask(partnership=started(town), actor=town.organisation, by=user(town.coordinator))
    party_answer(party=asked, yes=True, by=user(town.coordinator))
    assert AuditEvent.objects.get(verb="party_accepted").on_behalf_of == (
        f"partnerships.organisation:{town.organisation.pk}"
    )


def test_another_side_neither_answers_nor_takes_out(town: Town) -> None:
    other = OrganisationFactory.create(municipality=town.municipality)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=other)
    made = started(town, by=user(rep), own=other)
    asked = PartyFactory.create(partnership=made, organisation=town.organisation, accepted_at=None)
    with pytest.raises(DomainError):
        party_answer(party=asked, yes=True, by=user(rep))
    party_answer(party=asked, yes=True, by=user(town.coordinator))
    with pytest.raises(DomainError):
        party_leave(party=asked, by=user(rep))
    party_leave(party=asked, words="Vi har ikke folk nok.", by=user(town.coordinator))
    assert "Vi har ikke folk nok." in LogEntry.objects.latest("pk").line


def test_one_who_left_is_asked_anew_in_the_same_row(town: Town) -> None:
    made = started(town, others=[town.organisation], running_since=date(2019, 1, 1))
    party = made.parties.get()
    party_leave(party=party, by=user(town.coordinator))
    assert not made.parties.taking_part().exists()
    again = party_ask(partnership=made, actor=town.organisation, by=user(town.coordinator))
    assert again.pk == party.pk
    assert again.accepted_at is None
    with pytest.raises(StateChanged):
        party_ask(partnership=made, actor=town.organisation, by=user(town.coordinator))


def test_nobody_asks_whom_she_cannot_see(town: Town) -> None:
    with pytest.raises(DomainError):
        party_ask(partnership=started(town), actor=make_town().organisation, by=user(town.coordinator))


def test_neighbour_finds_the_one_that_is_meant_and_sees_this_and_nothing_else(town: Town) -> None:
    next_door = make_town()
    made, other = started(town), started(town, title="Prøve noe annet")
    by = user(next_door.coordinator)
    ask = neighbour_ask(
        partnership=made, municipality=next_door.municipality, name="Kanarilaget", by=user(town.coordinator)
    )
    with pytest.raises(StateChanged):
        neighbour_ask(
            partnership=made,
            municipality=next_door.municipality,
            name="Kanarilaget",
            by=user(town.coordinator),
        )
    assert not Partnership.objects.visible_to(by).exists()
    for wrong in (town.organisation, make_town().organisation):
        with pytest.raises(DomainError):
            neighbour_answer(ask=ask, actor=wrong, by=by)
    with pytest.raises(DomainError):
        neighbour_answer(ask=ask, actor=next_door.organisation, by=user(town.coordinator))
    neighbour_answer(ask=ask, actor=next_door.organisation, by=by)
    forget_access([by])
    assert list(Partnership.objects.visible_to(by)) == [made]
    assert other not in Partnership.objects.visible_to(by)
    assert not Organisation.objects.visible_to(by).filter(municipality=town.municipality).exists()
    party = made.parties.get()
    assert (party.municipality, party.party_municipality) == (town.municipality, next_door.municipality)


def test_neighbours_side_that_left_is_asked_anew_in_the_same_row(town: Town) -> None:
    next_door = make_town()
    made, here, there = started(town), user(town.coordinator), user(next_door.coordinator)

    def asked() -> NeighbourAsk:
        return neighbour_ask(
            partnership=made, municipality=next_door.municipality, name="Kanarilaget", by=here
        )

    first = neighbour_answer(ask=asked(), actor=next_door.organisation, by=there)
    party = made.parties.get()
    with pytest.raises(StateChanged):
        neighbour_answer(ask=asked(), actor=next_door.organisation, by=there)
    party_leave(party=party, by=there)
    again = neighbour_answer(
        ask=NeighbourAsk.objects.get(answered_at=None), actor=next_door.organisation, by=there
    )
    assert again.party == party
    assert again.pk != first.pk
    assert made.parties.taking_part().get() == party
    party.refresh_from_db()
    assert (party.left_on, party.answered_by) == (None, there)


def test_neighbour_says_no(town: Town) -> None:
    next_door = make_town()
    ask = neighbour_ask(
        partnership=started(town),
        municipality=next_door.municipality,
        name="Kanarilaget",
        by=user(town.coordinator),
    )
    neighbour_answer(ask=ask, actor=None, by=user(next_door.coordinator))
    assert NeighbourAsk.objects.get().party is None
    assert "takket nei" in LogEntry.objects.get().line
    with pytest.raises(StateChanged):
        neighbour_answer(ask=ask, actor=next_door.organisation, by=user(next_door.coordinator))


def test_after_the_end_one_may_say_no_and_not_yes(town: Town) -> None:
    made, by, next_door = started(town), user(town.coordinator), make_town()
    asked = party_ask(partnership=made, actor=town.organisation, by=by)
    there = user(next_door.coordinator)
    ask = neighbour_ask(partnership=made, municipality=next_door.municipality, name="Kanarilaget", by=by)
    partnership_end(partnership=made, ended_on=timezone.localdate(), because="", by=by)
    with pytest.raises(StateChanged, match="avsluttet"):
        party_answer(party=asked, yes=True, by=by)
    with pytest.raises(StateChanged, match="avsluttet"):
        neighbour_answer(ask=ask, actor=next_door.organisation, by=there)
    assert party_answer(party=asked, yes=False, by=by).declined_at
    assert neighbour_answer(ask=ask, actor=None, by=there).answered_at
    assert not made.parties.taking_part().exists()


# --- Contacts -------------------------------------------------------------------------------------------
def test_contact_is_kept_by_the_partys_own_controller_and_two_is_all(town: Town) -> None:
    made = started(town, others=[town.organisation, town.unit], running_since=date(2019, 1, 1))
    club, unit = made.parties.get(organisation=town.organisation), made.parties.get(unit=town.unit)
    by = user(town.coordinator)
    of_club = contact_add(party=club, name="Prøve Leder", phone="+4790000001", by=by)
    of_unit = contact_add(party=unit, name="Prøve Leder", phone="+4790000001", by=by)
    assert of_club.person.controller_organisation == town.organisation
    assert of_unit.person.controller_organisation is None
    assert of_club.person != of_unit.person
    with pytest.raises(StateChanged):
        contact_add(party=club, name="Prøve Leder", phone="+4790000001", by=by)
    contact_add(party=club, name="Prøve To", email="to@prove.example", by=by)
    with pytest.raises(StateChanged):
        contact_add(party=club, name="Prøve Tre", email="tre@prove.example", by=by)
    contact_remove(contact=of_club, by=by)
    assert Contact.objects.filter(party=club).count() == 1
    assert Person.objects.filter(controller_organisation=town.organisation).count() == 2


def test_another_side_does_not_choose_the_contact(town: Town) -> None:
    made = started(town, others=[town.organisation], running_since=date(2019, 1, 1))
    leader = member(
        town.municipality, Role.UNIT_LEADER, unit=UnitFactory.create(municipality=town.municipality)
    )
    with pytest.raises(DomainError):
        contact_add(party=made.parties.get(), name="Prøve", phone="+4790000001", by=user(leader))


# --- Phases ---------------------------------------------------------------------------------------------
def test_forward_freely_and_back_with_a_reason(town: Town) -> None:
    made, by = started(town), user(town.coordinator)
    made = phase_move(partnership=made, phase=Phase.OPERATION, by=by)
    assert made.running_since == timezone.localdate()
    with pytest.raises(DomainError):
        phase_move(partnership=made, phase=Phase.DEVELOPMENT, by=by)
    made = phase_move(partnership=made, phase=Phase.DEVELOPMENT, because="Ny tid på dagen.", by=by)
    assert made.phase == Phase.DEVELOPMENT
    latest = LogEntry.objects.latest("pk")
    assert (latest.kind, latest.line) == (LogKind.PHASE, "Fase: Utvikling. Ny tid på dagen.")


def test_pause_and_end_and_again(town: Town) -> None:
    by, today = user(town.coordinator), timezone.localdate()
    made = started(town, running_since=date(2019, 1, 1))
    with pytest.raises(DomainError):
        partnership_pause(partnership=made, until=today, by=by)
    partnership_pause(partnership=made, until=today + timedelta(days=30), by=by)
    with pytest.raises(StateChanged):
        partnership_pause(partnership=made, until=None, by=by)
    partnership_resume(partnership=made, by=by)
    with pytest.raises(StateChanged):
        partnership_resume(partnership=made, by=by)
    with pytest.raises(DomainError):
        partnership_end(partnership=made, ended_on=today + timedelta(days=1), because="", by=by)
    partnership_pause(partnership=made, until=None, by=by)
    ended = partnership_end(partnership=made, ended_on=today, because="For få sjåfører.", by=by)
    assert (ended.phase, ended.paused_since) == (Phase.ENDED, None)
    for step in (
        lambda: partnership_end(partnership=made, ended_on=today, because="", by=by),
        lambda: party_ask(partnership=made, actor=town.organisation, by=by),
        lambda: phase_move(partnership=made, phase=Phase.OPERATION, by=by),
    ):
        with pytest.raises(StateChanged):
            step()
    again = partnership_reopen(partnership=made, by=by)
    assert (again.phase, again.ended_on) == (Phase.OPERATION, None)
    assert "For få sjåfører." in LogEntry.objects.latest("pk").line


def test_light_becomes_full_and_back_with_nothing_lost(town: Town) -> None:
    made = started(town)
    assert (
        partnership_track(partnership=made, track=Track.FULL, by=user(town.coordinator)).track == Track.FULL
    )
    back = partnership_track(partnership=made, track=Track.LIGHT, by=user(town.coordinator))
    assert (back.track, back.version) == (Track.LIGHT, 2)


def test_two_who_edit_do_not_overwrite_each_other(town: Town) -> None:
    made, by = started(town), user(town.coordinator)
    partnership_change(partnership=made, version=0, changes={"title": "Prøve én"}, by=by)
    with pytest.raises(ChangedMeanwhile):
        partnership_change(partnership=made, version=0, changes={"title": "Prøve to"}, by=by)
    assert Partnership.objects.get().title == "Prøve én"
    assert "pr|ve en" in Partnership.objects.get().search_key


# --- Notes and money ------------------------------------------------------------------------------------
def test_note_is_put_right_by_its_writer_within_a_day(town: Town) -> None:
    by = user(town.coordinator)
    entry = log_add(partnership=started(town), kind=LogKind.PHONE, line="Ringte", by=by)
    next_on = timezone.localdate() + timedelta(days=3)
    log_change(entry=entry, line="Ringte Per", who="Per", next_on=next_on, by=by)
    other = member(town.municipality, Role.COORDINATOR)
    with pytest.raises(StateChanged):
        log_change(entry=entry, line="Nei", who="", next_on=None, by=user(other))
    LogEntry.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    with pytest.raises(StateChanged):
        log_change(entry=entry, line="Nei", who="", next_on=None, by=by)
    log_done(entry=entry, by=by)
    first = LogEntry.objects.get().next_done_at
    log_done(entry=entry, by=by)
    assert first is not None
    assert LogEntry.objects.get().next_done_at == first
    assert LogEntry.objects.get().line == "Ringte Per"


def test_grant_is_reported_once(town: Town) -> None:
    by = user(town.coordinator)
    made = grant_add(partnership=PartnershipFactory.create(municipality=town.municipality),
                     values={"source": "Prøvefondet", "report_on": timezone.localdate()}, by=by)  # fmt: skip
    assert grant_reported(grant=made, by=by).reported_on == timezone.localdate()
    with pytest.raises(ValueError, match="municipality"):
        grant_add(partnership=made.partnership, values={"municipality": town.municipality}, by=by)
    other = grant_change(grant=made, version=1, changes={"source": "Et annet fond"}, by=by)
    assert (other.reported_on, other.version, other.updated_by) == (timezone.localdate(), 2, by)
    next_year = timezone.localdate() + timedelta(days=365)
    changed = grant_change(grant=made, version=2, changes={"report_on": next_year}, by=by)
    changed.refresh_from_db()
    assert (changed.report_on, changed.reported_on) == (next_year, None)
    with pytest.raises(ChangedMeanwhile):
        grant_change(grant=made, version=2, changes={"amount": 1}, by=by)
