"""A draft: begun from what the partnership knows, written by its side, shared, and suggested on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.document import content_of
from agreements.facts import fills
from agreements.models import Agreement, AgreementParty, AgreementSection, SectionWording, Suggestion
from agreements.models.agreement import AgreementState
from agreements.selectors.draft import Draft, draft_of, steps_of, with_content
from agreements.services.draft import (
    draft_share,
    gap_reopen,
    gap_skip,
    section_add,
    section_leave_out,
    section_write,
)
from agreements.services.suggestion import (
    suggestion_accept,
    suggestion_decline,
    suggestion_make,
    suggestion_take_back,
)
from partnerships.models import Partnership
from partnerships.services.editing import ChangedMeanwhile
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, ContentTemplate
from tests.factories.agreements import draft, our_text
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, member
from tests.factories.work import (
    ContactFactory,
    DutyFactory,
    FrameFactory,
    MapFactory,
    PartnershipFactory,
    PartyFactory,
    TaskCheckFactory,
    UnderstandingFactory,
    UnderstandingSideFactory,
    hold,
)
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return make_town()


@dataclass
class Known:
    """A partnership that has said all it can."""

    partnership: Partnership
    rep: Any


@pytest.fixture
def known(town: Town) -> Known:
    partnership = PartnershipFactory.create(
        municipality=town.municipality, title="Onsdagsturen", purpose="Ut på tur, sammen.\n\nHele året."
    )
    unit = PartyFactory.create(partnership=partnership, unit=town.unit)
    club = PartyFactory.create(partnership=partnership, organisation=town.organisation)
    kari = PersonFactory.create(municipality=town.municipality, name="Kari Nes", phone="+4790212345")
    shy = PersonFactory.create(
        municipality=town.municipality, name="Åse Li", phone="+4790000000", hide_contact=True
    )
    ContactFactory.create(person=kari, party=unit)
    ContactFactory.create(person=shy, party=club, title="")
    agreed = UnderstandingFactory.create(
        partnership=partnership, shall=["Gå tur", "Ta med *kaffe*"], shall_not=["Gi medisiner"]
    )
    UnderstandingSideFactory.create(understanding=agreed, party=club, gains="Nye medlemmer")
    FrameFactory.create(
        partnership=partnership, decided_by="Kommunestyret", decided_on=date(2026, 5, 4), hours_a_week=4
    )
    OfferFactory.create(
        partnership=partnership, title="Tur", place="Ved brua", insurance="Ja, av kommunen", expenses="Buss"
    )
    TaskCheckFactory.create(partnership=partnership, conditions=["To går alltid sammen"])
    duty = DutyFactory.create(map=MapFactory.create(municipality=town.municipality, partnership=partnership))
    hold(duty, kari, unit=town.unit)
    return Known(
        partnership, member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    )


def read(agreement: Agreement) -> Agreement:
    return with_content(Agreement.objects.all()).get(pk=agreement.pk)


def told(agreement: Agreement, user: Any) -> Draft:
    return draft_of(read(agreement), user)


def text_of(agreement: Agreement) -> str:
    return "\n".join(f"{heading}\n{html}" for heading, html in content_of(read(agreement)).sections)


def section(agreement: Agreement, key: str) -> AgreementSection:
    found: AgreementSection = agreement.sections.get(key=key)
    return found


def side(agreement: Agreement, actor: Any) -> AgreementParty:
    return next(party for party in agreement.parties.all() if party.actor == actor)


def begun_by(agreement: Agreement) -> Any:
    assert agreement.side is not None
    return agreement.side.actor


# --- Begun from what is known ---------------------------------------------------------------------------
def test_a_draft_is_filled_from_the_partnership(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership)
    content, words = content_of(read(agreement)), text_of(agreement)
    assert agreement.title == "Samarbeidsavtale på én side: Onsdagsturen"
    assert (agreement.state, agreement.origin, begun_by(agreement)) == ("draft", "portal", town.unit)
    assert (agreement.starts_on, agreement.ends_on) == (
        TODAY,
        TODAY.replace(year=TODAY.year + 1) - timedelta(1),
    )
    assert content.gaps == ()
    assert content.parties == (town.unit.name, town.organisation.name)
    for said in (
        "«Onsdagsturen»", "Ut på tur, sammen.", "Hele året.", "<li>Gå tur</li>", "<li>Ta med *kaffe*</li>",
        "Gi medisiner", "Leder", "902 12 345", "Åse Li", "hver tirsdag kl. 10.00–12.00, Ved brua",
        "Ja, av kommunen", "Buss",
    ):  # fmt: skip
        assert said in words, said
    assert "900 00 000" not in words
    assert "{" not in words


def test_the_full_one_asks_for_the_rest(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership, key="avtale-samarbeid")
    content, words = content_of(read(agreement)), text_of(agreement)
    assert len(content.sections) == 17  # with the introduction
    for said in (
        "Kommunestyret, 4. mai 2026", "4 timer i uka", "To går alltid sammen", "Nye medlemmer", "Kari Nes, ",
        '<th scope="col">Ansvarlig</th>',
    ):  # fmt: skip
        assert said in words, said
    empty = {gap.name for gap in content.gaps}
    assert {"malgruppe", "mottakere_kan_vente_seg", "rammer", "krav"} <= empty
    assert "mangler: hvem tilbudet er for" in words


def test_what_is_read_does_not_grow_with_the_agreement(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership, key="avtale-samarbeid")
    draft_share(agreement=agreement, by=town.coordinator.user)
    suggest(agreement, town, "varsling", "Ring 113.")
    with CaptureQueriesContext(connection) as few:
        told(agreement, town.coordinator.user)
    OfferFactory.create_batch(3, partnership=known.partnership)
    TaskCheckFactory.create_batch(3, partnership=known.partnership)
    for key in ("oppfolging", "evaluering"):
        suggest(agreement, town, key, "Noe annet.")
    with CaptureQueriesContext(connection) as many:
        told(agreement, town.coordinator.user)
    assert len(many) == len(few) <= 26


def test_it_is_in_its_own_language_whoever_reads_it(town: Town, known: Known) -> None:
    from django.utils import translation

    agreement = draft(town, partnership=known.partnership)
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=date(2027, 5, 1))
    with translation.override("en"):
        assert "1. mai 2027" in text_of(agreement)


def test_the_snapshot_is_the_same_for_the_same(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership)
    first = content_of(read(agreement)).snapshot
    assert first == content_of(read(agreement)).snapshot
    known.partnership.purpose = "Noe annet"
    known.partnership.save(update_fields=["purpose"])
    assert first != content_of(read(agreement)).snapshot


def test_a_text_that_is_used_stays_as_it_was(town: Town) -> None:
    template = our_text("avtale-samarbeid-lett")
    draft(town)
    template.refresh_from_db()
    assert template.first_used_at is not None


def test_without_a_partnership_it_is_about_whom_it_is_with(town: Town) -> None:
    agreement = draft(town)
    assert agreement.title == f"Samarbeidsavtale på én side: {town.organisation.name}"
    assert {"kontakter", "formal", "tilbud"} <= {gap.name for gap in content_of(read(agreement)).gaps}


def test_a_club_begins_for_itself_and_for_nobody_else(town: Town, known: Known) -> None:
    agreement = draft(town, by=known.rep.user, partnership=known.partnership)
    assert begun_by(agreement) == town.organisation
    with pytest.raises(DomainError, match="selv være part"):
        draft(town, by=known.rep.user, parties=[town.unit])
    other = PartnershipFactory.create(municipality=town.municipality)
    with pytest.raises(DomainError, match="samarbeid du selv er med i"):
        draft(town, by=known.rep.user, partnership=other)


def test_a_neighbour_who_takes_part_is_a_party(town: Town, known: Known) -> None:
    neighbour = OrganisationFactory.create(municipality=make_town().municipality)
    PartyFactory.create(partnership=known.partnership, organisation=neighbour)
    agreement = draft(town, partnership=known.partnership)
    assert neighbour in [party.actor for party in agreement.parties.all()]


def test_a_name_has_one_giver() -> None:
    with pytest.raises(ValueError, match="filled by another"):
        fills("start", lambda _facts: None)
    with pytest.raises(ValueError, match="not in the list"):
        fills("noe_annet", lambda _facts: None)


# --- Before it is shared --------------------------------------------------------------------------------
def test_until_it_is_shared_only_its_side_sees_it(town: Town, known: Known) -> None:
    mine = draft(town, partnership=known.partnership)
    theirs = draft(town, by=known.rep.user, partnership=known.partnership)
    writers = ((town.coordinator.user, mine), (known.rep.user, theirs))
    for user, seen in writers:
        assert list(Agreement.objects.visible_to(user)) == [seen]
        assert list(Agreement.objects.all().drafted_by(user)) == [seen]
    for user, seen in writers:
        draft_share(agreement=seen, by=user)
    for user in (town.coordinator.user, known.rep.user):
        assert set(Agreement.objects.visible_to(user)) == {mine, theirs}


def test_the_municipality_where_it_is_no_party_still_sees_its_own(town: Town) -> None:
    agreement = draft(town, parties=[town.organisation, town.centre])
    assert agreement.side is None
    assert agreement in Agreement.objects.visible_to(town.coordinator.user)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    assert agreement not in Agreement.objects.visible_to(rep.user)


def test_its_own_side_words_it_and_each_wording_is_kept(town: Town) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    by = town.coordinator.user
    section_write(section=hva, version=0, heading="Hva", text="Vi går tur.\r\nHver uke.", by=by)
    hva.refresh_from_db()
    assert (hva.heading, hva.text, hva.version) == ("Hva", "Vi går tur.\nHver uke.", 1)
    wordings = SectionWording.objects.filter(section=hva).order_by("number")
    assert [(each.number, each.party_id) for each in wordings] == [(1, None), (2, agreement.side_id)]
    [(about, [step])] = steps_of(read(agreement))
    assert about == hva
    assert {"added", "removed"} <= {piece.kind for piece in step.pieces}
    # As people read it: by what it stands for, not by its name in braces.
    assert "[tilbudet]" in "".join(piece.text for piece in step.pieces if piece.kind == "removed")
    agreement.refresh_from_db()
    assert agreement.version == 1


def test_the_same_words_are_no_change(town: Town) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    section_write(section=hva, version=0, heading=hva.heading, text=hva.text, by=town.coordinator.user)
    assert SectionWording.objects.filter(section=hva).count() == 1


def test_two_who_write_do_not_overwrite_each_other(town: Town) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    section_write(section=hva, version=0, heading="Hva", text="Først.", by=town.coordinator.user)
    with pytest.raises(ChangedMeanwhile):
        section_write(section=hva, version=0, heading="Hva", text="Sist.", by=town.coordinator.user)


def test_a_section_is_left_out_with_a_reason_and_put_back(town: Town) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    by = town.coordinator.user
    section_leave_out(section=hva, version=0, because="Står i en annen avtale.", by=by)
    assert hva.heading not in text_of(agreement)
    assert "tilbud" not in {gap.name for gap in content_of(read(agreement)).gaps}
    section_leave_out(section=hva, version=1, because="", by=by)
    assert hva.heading in text_of(agreement)


def test_a_new_section_stands_before_the_signing(town: Town) -> None:
    agreement = draft(town)
    section_add(agreement=agreement, heading="Nøkler", text="Laget har to.", by=town.coordinator.user)
    assert [each.heading for each in agreement.sections.order_by("number")][-2:] == ["Nøkler", "Signatur"]
    assert [step.party for _about, [step] in steps_of(read(agreement))] == [town.unit.name]
    with pytest.raises(DomainError, match="både overskrift og tekst"):
        section_add(agreement=agreement, heading="Nøkler", text=" ", by=town.coordinator.user)


# --- What stands empty ----------------------------------------------------------------------------------
def test_what_is_skipped_has_a_reason_and_takes_its_paragraph(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership)
    by = town.coordinator.user
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=None)
    assert [gap.name for gap in content_of(read(agreement)).gaps] == ["slutt"]
    with pytest.raises(DomainError, match="hvorfor"):
        gap_skip(agreement=agreement, name="slutt", because="  ", by=by)
    with pytest.raises(DomainError, match="står ikke i avtalen"):
        gap_skip(agreement=agreement, name="noe", because="x", by=by)
    gap_skip(agreement=agreement, name="slutt", because="Den gjelder til noen sier den opp.", by=by)
    shown = told(agreement, by)
    assert shown.empty == []
    assert [(each.label, each.row.because) for each in shown.skipped] == [
        ("dagen avtalen går ut", "Den gjelder til noen sier den opp.")
    ]
    assert "Avtalen gjelder til" not in text_of(agreement)
    gap_reopen(agreement=agreement, name="slutt", by=by)
    assert [each.gap.name for each in told(agreement, by).empty] == ["slutt"]


def test_a_section_that_must_be_there_is_a_gap_when_it_says_nothing(town: Town, known: Known) -> None:
    agreement = draft(town, partnership=known.partnership)
    for key in ("penger", "trygghet"):
        each = section(agreement, key)
        section_write(section=each, version=0, heading=each.heading, text="", by=town.coordinator.user)
    assert [gap.name for gap in content_of(read(agreement)).gaps] == ["penger"]


def test_each_gap_leads_to_where_it_is_written(town: Town, known: Known) -> None:
    known.partnership.offers.all().delete()
    known.partnership.purpose = ""
    known.partnership.save(update_fields=["purpose"])
    agreement = draft(town, partnership=known.partnership)
    pk = known.partnership.pk
    urls = {each.gap.name: each.url for each in told(agreement, town.coordinator.user).empty}
    assert urls["formal"] == f"/samarbeid/{pk}/endre/"
    assert urls["tilbud"] == f"/samarbeid/{pk}/tilbud/start/"
    # Somebody who may draft and has no part in the partnership is sent to no page she may not open.
    centre = member(town.municipality, Role.CENTRE_LEADER, centre=town.centre)
    assert {each.url for each in told(agreement, centre.user).empty} == {""}


# --- Shared: nothing changes in silence -------------------------------------------------------------------
@pytest.fixture
def shared(town: Town, known: Known) -> Agreement:
    agreement = draft(town, partnership=known.partnership)
    return draft_share(agreement=agreement, by=town.coordinator.user)


def suggest(
    agreement: Agreement, town: Town, key: str, text: str, *, by: Any = None, who: Any = None
) -> Suggestion:
    about = section(agreement, key)
    return suggestion_make(
        agreement=agreement,
        section=about,
        party=side(agreement, who or town.unit),
        heading=about.heading,
        text=text,
        comment="Slik ble vi enige om på telefon.",
        by=by or town.coordinator.user,
    )


def test_then_even_its_own_side_suggests(town: Town, shared: Agreement) -> None:
    with pytest.raises(StateChanged, match="forslag"):
        section_write(
            section=section(shared, "hva"), version=0, heading="Hva", text="Nytt", by=town.coordinator.user
        )
    with pytest.raises(StateChanged):
        draft_share(agreement=shared, by=town.coordinator.user)


def test_another_side_takes_it_in(town: Town, known: Known, shared: Agreement) -> None:
    row = suggest(shared, town, "penger", "Kommunen betaler bussen.")
    [point] = [point for point in told(shared, known.rep.user).points if point.suggested]
    [seen] = point.suggested
    assert (seen.may_answer, seen.may_take_back, seen.party) == (True, False, town.unit.name)
    own = told(shared, town.coordinator.user)
    assert own.waits_for_her == 0
    suggestion_accept(
        suggestion=row, party=side(shared, town.organisation), version=0, answer="Fint.", by=known.rep.user
    )
    penger = section(shared, "penger")
    assert penger.text == "Kommunen betaler bussen."
    wording = penger.wordings.first()
    assert wording is not None
    assert wording.party is not None
    assert (wording.party.actor, wording.by) == (town.unit, known.rep.user)
    row.refresh_from_db()
    assert row.answered_party is not None
    assert (row.state, row.answer, row.answered_party.actor) == ("accepted", "Fint.", town.organisation)
    with pytest.raises(StateChanged, match="alt besvart"):
        suggestion_decline(
            suggestion=row, party=side(shared, town.organisation), answer="Nei", by=known.rep.user
        )


def test_nobody_answers_herself_and_nobody_speaks_for_another(
    town: Town, known: Known, shared: Agreement
) -> None:
    row = suggest(shared, town, "penger", "Kommunen betaler bussen.")
    with pytest.raises(DomainError, match="annen part"):
        suggestion_accept(
            suggestion=row, party=side(shared, town.unit), version=0, answer="", by=town.coordinator.user
        )
    # The club has somebody here, so the municipality does not answer for it.
    with pytest.raises(DomainError, match="egen side"):
        suggestion_accept(
            suggestion=row,
            party=side(shared, town.organisation),
            version=0,
            answer="",
            by=town.coordinator.user,
        )
    with pytest.raises(DomainError, match="egen side"):
        suggestion_take_back(suggestion=row, by=known.rep.user)
    with pytest.raises(DomainError, match="egen side"):
        suggest(shared, town, "hva", "Noe", by=known.rep.user, who=town.unit)


def test_a_club_with_nobody_here_is_answered_for_and_it_is_noted(town: Town) -> None:
    agreement = draft_share(agreement=draft(town), by=town.coordinator.user)
    row = suggest(agreement, town, "penger", "Gratis for alle.")
    suggestion_accept(
        suggestion=row, party=side(agreement, town.organisation), version=0, answer="Ringte.",
        by=town.coordinator.user,
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="agreement_suggestion_taken_in")
    assert event.on_behalf_of == f"partnerships.organisation:{town.organisation.pk}"


def test_a_no_has_a_reason_and_changes_nothing(town: Town, known: Known, shared: Agreement) -> None:
    row = suggest(shared, town, "penger", "Laget betaler alt.")
    club = side(shared, town.organisation)
    before = section(shared, "penger").text
    with pytest.raises(DomainError, match="hvorfor"):
        suggestion_decline(suggestion=row, party=club, answer=" ", by=known.rep.user)
    suggestion_decline(suggestion=row, party=club, answer="Vi har ikke råd.", by=known.rep.user)
    assert section(shared, "penger").text == before


def test_one_that_was_overtaken_is_read_again(town: Town, known: Known, shared: Agreement) -> None:
    first, second = suggest(shared, town, "penger", "Én."), suggest(shared, town, "penger", "To.")
    club = side(shared, town.organisation)
    suggestion_accept(suggestion=first, party=club, version=0, answer="", by=known.rep.user)
    with pytest.raises(ChangedMeanwhile):
        suggestion_accept(suggestion=second, party=club, version=0, answer="", by=known.rep.user)
    suggestion_accept(suggestion=second, party=club, version=1, answer="", by=known.rep.user)
    assert section(shared, "penger").text == "To."


def test_a_section_is_suggested_in_and_out(town: Town, known: Known, shared: Agreement) -> None:
    club, by = side(shared, town.organisation), town.coordinator.user
    new = suggestion_make(
        agreement=shared, section=None, party=side(shared, town.unit), heading="Nøkler", text="To.",
        comment="", by=by,
    )  # fmt: skip
    suggestion_accept(suggestion=new, party=club, version=0, answer="", by=known.rep.user)
    out = suggest(shared, town, "trygghet", "")
    suggestion_accept(suggestion=out, party=club, version=0, answer="", by=known.rep.user)
    words = text_of(shared)
    assert "Nøkler" in words
    assert "Trygt for alle" not in words
    assert section(shared, "trygghet").left_out_because == "Slik ble vi enige om på telefon."


def test_a_suggestion_says_something_else(town: Town, shared: Agreement) -> None:
    with pytest.raises(DomainError, match="den samme"):
        suggest(shared, town, "penger", section(shared, "penger").text)


def test_nothing_is_written_in_what_is_sent(town: Town, shared: Agreement) -> None:
    row = suggest(shared, town, "penger", "Én.")
    Agreement.objects.filter(pk=shared.pk).update(state=AgreementState.SENT)
    for attempt in (
        lambda: suggestion_take_back(suggestion=row, by=town.coordinator.user),
        lambda: gap_skip(agreement=shared, name="slutt", because="x", by=town.coordinator.user),
        lambda: suggest(shared, town, "hva", "To."),
    ):
        with pytest.raises(StateChanged, match="ikke lenger et utkast"):
            attempt()


def test_a_personal_one_is_written_freely(town: Town) -> None:
    person = PersonFactory.create(municipality=town.municipality, name="Mona Berg")
    agreement = draft(town, key="taushet-helse", parties=[town.unit], person=person)
    assert agreement.title == "Taushetserklæring for helse og omsorg: Mona Berg"
    assert told(agreement, town.coordinator.user).writes
    assert {gap.name for gap in content_of(read(agreement)).gaps} == {"ring"}
    assert "Mona Berg som frivillig ved" in text_of(agreement)
    chief = member(town.municipality, Role.CHIEF)
    assert agreement not in Agreement.objects.visible_to(chief.user)


def test_our_texts_can_all_be_begun(town: Town) -> None:
    from samskaping.core.services.reference import _read_texts

    for text in _read_texts():
        if text["kind"] == "agreement":
            agreement = draft(town, key=text["key"])
            assert content_of(read(agreement)).sections
    assert ContentTemplate.objects.filter(kind="agreement", first_used_at=None).count() == 0
