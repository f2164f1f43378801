"""Registering what is signed already: by any party, seen by the parties, and said in time."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.due_sources import _ended, _ending, _registered
from agreements.models import Agreement
from agreements.models.agreement import AgreementOrigin
from agreements.retention import _forget, _over
from agreements.selectors.side import for_the_town
from agreements.services.agreement import (
    Upload,
    agreement_change,
    agreement_change_file,
    agreement_end,
    agreement_register,
    agreement_resume,
)
from partnerships.models import Notice, Organisation
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.notice import AHEAD, notices_derive
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, StoredFile
from samskaping.core.pdf import render
from samskaping.core.registries import Viewer, overview_cards
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town, make_town
from tests.work_list import waiting

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FACTS: dict[str, Any] = {"kind": "cooperation", "title": "", "notice_days": 90}


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def rep(town: Town, organisation: Any = None) -> Any:
    return member(town.municipality, Role.ORGANISATION_REP, organisation=organisation or town.organisation)


def registered(town: Town, by: Any = None, **changes: Any) -> Agreement:
    facts = {**FACTS, **changes}
    parties = facts.pop("parties", [town.unit, town.organisation])
    return agreement_register(
        municipality=town.municipality, facts=facts, parties=parties, by=by or town.coordinator.user
    )


def viewer(membership: Any) -> Viewer:
    return Viewer(user=membership.user, membership=membership, today=TODAY)


# --- Registering ----------------------------------------------------------------------------------------
def test_whom_it_is_with_and_a_date_is_enough(town: Town, boss: Client) -> None:
    data = {
        **FACTS,
        "party_1": town.organisation.name.upper(),
        "party_2": "Helt nytt lag",
        "ends_on": "2027-05-01",
    }
    response = boss.post(reverse("agreement_register"), data)
    agreement = Agreement.objects.get()
    assert response.headers["Location"] == reverse("agreement", args=[agreement.pk])
    assert agreement.title == f"Avtale med {town.organisation.name}"
    assert (agreement.origin, agreement.ends_on) == (AgreementOrigin.REGISTERED, date(2027, 5, 1))
    assert {p.actor.name for p in agreement.parties.all()} == {town.organisation.name, "Helt nytt lag"}
    # The new one is one of ours from now on; the known one was found, not made again.
    assert Organisation.objects.filter(municipality=town.municipality).count() == 2
    assert AuditEvent.objects.filter(verb="agreement_registered").count() == 1


def test_nobody_named_is_refused_and_what_was_typed_stays(town: Town, boss: Client) -> None:
    page = boss.post(reverse("agreement_register"), {**FACTS, "title": "Noe vi avtalte"}).content.decode()
    assert "Skriv hvem avtalen er med." in page
    assert "Noe vi avtalte" in page
    assert not Agreement.objects.exists()


def test_an_end_before_the_beginning_is_refused(town: Town, boss: Client) -> None:
    days = {"starts_on": "2027-05-01", "ends_on": "2026-05-01"}
    page = boss.post(reverse("agreement_register"), {**FACTS, "party_1": "Et lag", **days}).content.decode()
    assert "Sluttdatoen må komme etter startdatoen." in page


def test_an_organisation_registers_its_own_but_nobody_elses(town: Town) -> None:
    user = rep(town).user
    assert registered(town, by=user).created_by == user
    with pytest.raises(DomainError, match="selv være part"):
        registered(town, by=user, parties=[town.unit, town.centre])


def test_a_party_of_another_municipality_is_refused(town: Town) -> None:
    with pytest.raises(DomainError, match="høre til i kommunen"):
        registered(town, parties=[make_town().organisation])


def test_who_may_only_read_may_not_register(town: Town, client: Client) -> None:
    client.force_login(member(town.municipality, Role.STAFF, unit=town.unit).user)
    assert client.get(reverse("agreement_register")).status_code == 403


# --- The PDF --------------------------------------------------------------------------------------------
def pdf() -> SimpleUploadedFile:
    from django.utils.translation import gettext as _

    made = render("person_export", {"sections": [], "title": _("Avtale")}, language="nb", title="Avtale")
    return SimpleUploadedFile("Avtale.pdf", made, content_type="application/pdf")


def test_the_pdf_is_for_the_parties(town: Town, boss: Client, client: Client) -> None:
    boss.post(reverse("agreement_register"), {**FACTS, "party_1": town.organisation.name, "file": pdf()})
    file = Agreement.objects.get().file
    assert file is not None
    address = reverse("stored_file", args=[file.pk])
    assert boss.get(address).status_code == 200
    other, stranger, theirs = Client(), Client(), Client()
    other.force_login(rep(town).user)
    theirs.force_login(rep(town, make_town().organisation).user)
    stranger.force_login(make_town().coordinator.user)
    assert [c.get(address).status_code for c in (other, stranger, theirs)] == [200, 404, 404]


def test_another_pdf_replaces_the_first(town: Town, boss: Client) -> None:
    boss.post(reverse("agreement_register"), {**FACTS, "party_1": town.organisation.name, "file": pdf()})
    agreement = Agreement.objects.get()
    boss.post(reverse("agreement_file", args=[agreement.pk]), {"file": pdf()})
    first = agreement.file_id
    agreement.refresh_from_db()
    assert agreement.file_id not in (None, first)
    assert StoredFile.objects.count() == 1
    page = boss.get(reverse("agreement", args=[agreement.pk])).content.decode()
    assert "la inn avtalen som PDF" in page


def test_the_page_does_not_read_the_whole_pdf(
    town: Town, boss: Client, django_assert_max_num_queries: Any
) -> None:
    boss.post(reverse("agreement_register"), {**FACTS, "party_1": town.organisation.name, "file": pdf()})
    agreement = Agreement.objects.get()
    with django_assert_max_num_queries(60) as asked:
        assert boss.get(reverse("agreement", args=[agreement.pk])).status_code == 200
        agreement_end(agreement=agreement, on=TODAY, by=town.coordinator.user)
    assert not [
        query["sql"] for query in asked.captured_queries if '"core_storedfile"."content"' in query["sql"]
    ]
    assert [1 for query in asked.captured_queries if '"core_storedfile"."name"' in query["sql"]]


def test_an_exe_named_pdf_leaves_nothing(town: Town, boss: Client) -> None:
    exe = SimpleUploadedFile("avtale.pdf", b"MZ" + b"\0" * 500, content_type="application/pdf")
    data = {**FACTS, "party_1": "Et nytt lag", "title": "Turgruppa", "file": exe}
    page = boss.post(reverse("agreement_register"), data).content.decode()
    assert "klarer ikke å lese filen som PDF" in page
    assert "Turgruppa" in page
    assert not Agreement.objects.exists()
    assert not StoredFile.objects.exists()
    assert not Organisation.objects.filter(name="Et nytt lag").exists()


# --- Changing -------------------------------------------------------------------------------------------
def test_two_who_change_it_both_see_what_the_other_wrote(town: Town, boss: Client) -> None:
    agreement = registered(town, title="Før")
    changes = {**FACTS, "title": "Lagets ord", "partnership": None}
    agreement_change(
        agreement=agreement, version=0, changes=changes, parties=[town.organisation], by=rep(town).user
    )
    data = {**FACTS, "title": "Kommunens ord", "party_1": town.organisation.name, "version": "0"}
    page = boss.post(reverse("agreement_edit", args=[agreement.pk]), data).content.decode()
    assert "mens du skrev" in page
    assert "Lagets ord" in page
    assert "Kommunens ord" in page
    agreement.refresh_from_db()
    assert (agreement.title, agreement.version) == ("Lagets ord", 1)
    with pytest.raises(ChangedMeanwhile):
        agreement_change(
            agreement=agreement, version=0, changes=changes, parties=[], by=town.coordinator.user
        )


def test_the_case_and_the_access_code_are_the_municipalitys(town: Town, client: Client) -> None:
    agreement = registered(town, title="Turen")
    address, hers = reverse("agreement_edit", args=[agreement.pk]), rep(town).user
    typed = {**FACTS, "title": "Turen videre", "party_1": town.organisation.name, "version": "0",
             "case_number": "26/1", "access_code": "UO", "legal_basis": "Offl. § 13"}  # fmt: skip
    client.force_login(hers)
    assert "Saksnummer" not in client.get(address).content.decode()
    assert client.post(address, typed).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.title, agreement.case_number, agreement.access_code) == ("Turen videre", "", "")
    for wrong in ({"case_number": "26/1"}, {"access_code": "UO"}, {"legal_basis": "Offl. § 13"}):
        with pytest.raises(DomainError, match="kommunens egne"):
            agreement_change(
                agreement=agreement, version=agreement.version, changes={"title": "Turen videre", **wrong},
                parties=[town.organisation], by=hers,
            )  # fmt: skip
    client.force_login(town.coordinator.user)
    assert client.post(address, {**typed, "version": str(agreement.version)}).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.case_number, agreement.access_code) == ("26/1", "UO")


def test_a_neighbours_unit_sends_nothing_to_our_archive(town: Town) -> None:
    from tests.factories.partnerships import UnitFactory

    agreement, theirs = registered(town), UnitFactory.create()
    AgreementPartyFactory.create(agreement=agreement, unit=theirs, organisation=None)
    neighbour = member(theirs.municipality, Role.UNIT_LEADER, unit=theirs).user
    assert not for_the_town(agreement, neighbour)
    assert for_the_town(agreement, member(town.municipality, Role.UNIT_LEADER, unit=town.unit).user)


def test_changing_only_who_it_is_between_counts_as_a_change(town: Town) -> None:
    agreement = registered(town, title="Turen")
    changes = {**FACTS, "title": "Turen", "partnership": None}
    changed = agreement_change(
        agreement=agreement, version=0, changes=changes, parties=[town.centre], by=town.coordinator.user
    )
    assert changed.version == 1
    assert [party.actor for party in changed.parties.all()] == [town.centre]


def test_a_party_that_is_no_more_stays_the_same_party(town: Town, boss: Client) -> None:
    agreement = registered(town, title="Turen")
    Organisation.objects.filter(pk=town.organisation.pk).update(ended_at=timezone.now())
    address = reverse("agreement_edit", args=[agreement.pk])
    fields = boss.get(address).context["form"].fields
    typed = {name: fields[name].initial for name in fields if name.startswith("party_")}
    for sent in (typed, {"party_3": town.organisation.name, "party_4": town.unit.name}):
        agreement.refresh_from_db()
        data = {**FACTS, "title": "Turen videre", "version": str(agreement.version), **sent}
        assert boss.post(address, data).status_code == 302
        assert {party.actor for party in agreement.parties.all()} == {town.unit, town.organisation}
    # A living one of the same name is another: what was left as it stood is not she.
    namesake = Organisation.objects.create(municipality=town.municipality, name=town.organisation.name)
    agreement.refresh_from_db()
    data = {**FACTS, "title": "Turen igjen", "version": str(agreement.version), **typed}
    assert boss.post(address, data).status_code == 302
    assert namesake not in {party.actor for party in agreement.parties.all()}
    assert Organisation.objects.filter(municipality=town.municipality).count() == 2


def test_a_party_may_not_write_itself_out_for_others(town: Town) -> None:
    agreement = registered(town)
    with pytest.raises(DomainError, match="selv være part"):
        agreement_change(
            agreement=agreement, version=0, changes=FACTS, parties=[town.unit], by=rep(town).user
        )
    assert agreement.parties.count() == 2


def test_a_partnership_one_does_not_see_is_neither_told_nor_lost(town: Town, client: Client) -> None:
    from tests.factories.work import PartnershipFactory

    partnership = PartnershipFactory.create(municipality=town.municipality, title="Lagets hemmelighet")
    agreement = registered(town, partnership=partnership, title="Avtalen")
    client.force_login(rep(town).user)
    address = reverse("agreement_edit", args=[agreement.pk])
    data = {**FACTS, "title": "Ny", "version": "0", "party_1": town.organisation.name}
    assert b"hemmelighet" not in client.get(address).content
    assert b"hemmelighet" not in client.get(reverse("agreement", args=[agreement.pk])).content
    assert client.post(address, data).status_code == 302
    agreement.refresh_from_db()
    assert (agreement.title, agreement.partnership) == ("Ny", partnership)


def test_ended_early_and_taken_back(town: Town, boss: Client) -> None:
    agreement = registered(town, starts_on=TODAY - timedelta(days=9))
    with pytest.raises(DomainError, match="før avtalen begynner"):
        agreement_end(agreement=agreement, on=TODAY - timedelta(days=20), by=town.coordinator.user)
    address = reverse("agreement_end", args=[agreement.pk])
    tomorrow = boss.post(address, {"on": (TODAY + timedelta(days=1)).isoformat()})
    assert tomorrow.status_code == 200
    assert boss.post(address, {"on": TODAY.isoformat()}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.ended_on == TODAY
    with pytest.raises(StateChanged):
        agreement_end(agreement=agreement, on=TODAY, by=town.coordinator.user)
    assert agreement_resume(agreement=agreement, by=town.coordinator.user).ended_on is None


# --- The register -----------------------------------------------------------------------------------------
def shown(client: Client, query: str = "") -> list[str]:
    rows = client.get(reverse("agreements") + query).context["rows"]
    return [row["title"] for row in rows]


def test_what_runs_out_first_stands_first(town: Town, boss: Client) -> None:
    for title, days in (("Sist", 400), ("Snart", 20), ("Gikk nettopp ut", -5), ("For lenge siden", -400)):
        registered(town, title=title, ends_on=TODAY + timedelta(days=days))
    registered(town, title="Uten slutt")
    assert shown(boss) == ["Gikk nettopp ut", "Snart", "Sist", "Uten slutt"]
    assert shown(boss, "?vis=snart") == ["Snart"]
    assert shown(boss, "?vis=over") == ["Gikk nettopp ut", "For lenge siden"]
    assert shown(boss, "?q=NOE+annet") == []
    assert set(shown(boss, f"?q={town.unit.name[-4:]}&vis=alle")) >= {"Sist", "For lenge siden"}


def test_each_sees_what_is_hers(town: Town, client: Client) -> None:
    registered(town, title="Lagets", parties=[town.organisation])
    registered(town, title="Sentralens", parties=[town.centre])
    client.force_login(rep(town).user)
    assert shown(client) == ["Lagets"]
    client.force_login(make_town().coordinator.user)
    assert shown(client) == []


def test_as_many_queries_for_many_as_for_few(
    town: Town, boss: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        registered(town, title=f"Avtale {n}")
    boss.get(reverse("agreements"))
    with django_assert_max_num_queries(12):
        boss.get(reverse("agreements"))
    with django_assert_max_num_queries(25):
        boss.get(reverse("agreement", args=[Agreement.objects.first().pk]))  # type: ignore[union-attr]


# --- Said in time -----------------------------------------------------------------------------------------
def test_all_parties_hear_before_it_runs_out(town: Town) -> None:
    leader = rep(town)
    stranger = rep(make_town())
    agreement = registered(town, ends_on=TODAY + timedelta(days=60), notice_days=60)
    registered(town, ends_on=TODAY + timedelta(days=61), notice_days=60)
    due = list(_ending(TODAY))
    assert {one.about for one in due} == {agreement}
    assert {one.person for one in due} == {town.coordinator.person, leader.person}
    assert stranger.person not in {one.person for one in due}
    assert {(one.due_on, one.tell_on) for one in due} == {(agreement.ends_on, TODAY)}
    agreement_end(agreement=agreement, on=TODAY, by=leader.user)
    assert not list(_ending(TODAY))


def test_the_others_hear_that_it_was_registered_and_ended(town: Town) -> None:
    leader = rep(town)
    agreement = registered(town)
    assert [one.person for one in _registered(TODAY + AHEAD)] == [leader.person]
    agreement_end(agreement=agreement, on=TODAY, by=leader.user)
    assert [one.person for one in _ended(TODAY + AHEAD)] == [town.coordinator.person]


def test_whoever_ended_it_is_not_told_after_somebody_elses_edit_and_the_others_are_once(town: Town) -> None:
    leader = rep(town)
    agreement = registered(town, title="Turen")
    agreement_end(agreement=agreement, on=TODAY, by=leader.user)

    def told() -> list[Any]:
        notices_derive(TODAY)
        return [one.person for one in Notice.objects.filter(kind="agreement_ended")]

    assert told() == [town.coordinator.person]
    agreement.refresh_from_db()
    changes = {**FACTS, "title": "Turen i vår", "partnership": None}
    agreement_change(
        agreement=agreement,
        version=agreement.version,
        changes=changes,
        parties=[town.unit, town.organisation],
        by=town.coordinator.user,
    )
    assert told() == [town.coordinator.person]
    # Taken back and ended by the other side: now it is she who hears of it.
    agreement_resume(agreement=agreement, by=leader.user)
    Notice.objects.all().delete()
    assert told() == []
    agreement_end(agreement=agreement, on=TODAY, by=town.coordinator.user)
    assert told() == [leader.person]


def test_an_old_end_is_not_told_anew_after_an_edit(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = registered(town, title="Turen")
    agreement_end(agreement=agreement, on=TODAY, by=rep(town).user)
    later = timezone.now() + timedelta(days=40)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    agreement_change_file(agreement=agreement, upload=Upload("a.pdf", pdf().read()), by=town.coordinator.user)
    notices_derive(later.date())
    assert not Notice.objects.filter(kind="agreement_ended").exists()


def to_renew(viewer: Viewer) -> list[str]:
    return [card.number for card in overview_cards(viewer) if card.label.startswith("Avtaler å fornye")]


def test_it_waits_on_the_list_until_it_is_renewed(town: Town) -> None:
    agreement = registered(town, ends_on=TODAY + timedelta(days=30))
    registered(town, title="Gikk ut", ends_on=TODAY - timedelta(days=2))
    items = waiting(viewer(town.coordinator), "Avtale")
    assert [item.due_on for item in items] == [TODAY - timedelta(days=2), agreement.ends_on]
    assert "gikk ut" in items[0].title
    assert to_renew(viewer(town.coordinator)) == ["1"]
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    assert not waiting(viewer(staff), "Avtale")
    assert not to_renew(viewer(staff))


# --- How long it is kept ------------------------------------------------------------------------------------
def test_what_is_long_over_goes_with_its_file(town: Town, boss: Client) -> None:
    old, kept = TODAY - timedelta(days=2000), TODAY - timedelta(days=100)
    for ends_on in (old, kept):
        data = {**FACTS, "party_1": town.organisation.name, "file": pdf(), "ends_on": ends_on.isoformat()}
        boss.post(reverse("agreement_register"), data)
    registered(town, title="Uten slutt")
    before = timezone.now() - timedelta(days=1825)
    assert _forget(_over(town.municipality, before)) == 1
    assert Agreement.objects.count() == 2
    assert StoredFile.objects.count() == 1


def test_a_partnership_of_the_neighbour_is_theirs_to_register_for(town: Town) -> None:
    """Whoever sees the partnership sees its agreements, so they stand where it stands."""
    from tests.factories.work import PartnershipFactory, PartyFactory

    partnership = PartnershipFactory.create(municipality=make_town().municipality)
    PartyFactory.create(partnership=partnership, organisation=town.organisation)
    with pytest.raises(DomainError, match="samarbeid du selv er med i"):
        registered(town, partnership=partnership)


def test_a_neighbour_with_a_share_in_the_partnership_reads_it(town: Town, client: Client) -> None:
    from tests.factories.work import PartnershipFactory, PartyFactory

    there = make_town()
    partnership = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(partnership=partnership, organisation=there.organisation)
    agreement = AgreementFactory.create(municipality=town.municipality, partnership=partnership)
    AgreementPartyFactory.create(agreement=agreement, organisation=town.organisation)
    client.force_login(there.coordinator.user)
    assert shown(client) == [agreement.title]
    assert client.get(reverse("agreement", args=[agreement.pk])).status_code == 200
    assert client.get(reverse("agreement_edit", args=[agreement.pk])).status_code == 403
