"""Offers as people meet them: the form that starts one, the page, two who write at once, and what is told."""

import io
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from partnerships.due import DueSource, source_of
from partnerships.models import Notice, Offer, Partnership
from partnerships.models.offer import NewsKind, OfferState
from partnerships.models.partnership import Phase, Track
from partnerships.parts.offer_page import facts, shown, steps
from partnerships.selectors.offer import contact_of, developed_together
from partnerships.services.notice import notices_derive
from partnerships.services.occurrence import occurrence_cancel, occurrence_restore, occurrences_make
from partnerships.services.offer import offer_pause, offer_resume
from samskaping.accounts.permissions import Role
from samskaping.core.registries import Viewer
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import PersonFactory, UnitFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory, RequirementKindFactory, TaskCheckFactory
from tests.pages import text_of
from tests.work_list import waiting

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 9, 2, 10, tzinfo=UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def september():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def rep(town):
    return member(
        town.municipality, Role.ORGANISATION_REP, organisation=town.organisation, name="Synnøve Lag"
    )


@pytest.fixture
def tur(town, rep):
    made = OfferFactory.create(
        partnership__municipality=town.municipality,
        organisation=town.organisation,
        title="Turgruppe på Nes",
        place="Brygga",
        contact=rep.person,
        first_on=date(2026, 9, 1),
    )
    PartyFactory.create(partnership=made.partnership, organisation=town.organisation)
    occurrences_make(timezone.localdate())
    return made


@pytest.fixture
def signed_in(client, rep):
    client.force_login(rep.user)
    return client


def viewer(membership):
    return Viewer(user=membership.user, membership=membership, today=timezone.localdate())


def due(kind: str) -> DueSource:
    source = source_of(kind)
    assert source is not None
    return source


def to_count(membership):
    return [item.title for item in waiting(viewer(membership), "Oppmøte")]


# --- Starting ------------------------------------------------------------------------------------------
def test_one_form_gives_an_offer_its_partnership_and_its_times(reference, signed_in, town, rep):
    assert "Turgruppe" in text_of(signed_in.get(reverse("offer_start")))
    answer = signed_in.post(
        reverse("offer_start"),
        {
            "title": "Turgruppe  på Nes", "template": "tilbud-turgruppe", "place": "Brygga",
            "first_on": "2026-09-08", "from_time": "10:00", "to_time": "12:00", "every": "week",
        },
    )  # fmt: skip
    made = Offer.objects.get()
    assert answer.url == reverse("offer", args=[made.pk])
    assert (made.title, made.organisation, made.contact) == (
        "Turgruppe på Nes",
        town.organisation,
        rep.person,
    )
    assert made.partnership.track == Track.LIGHT
    page = text_of(signed_in.get(answer.url))
    for words in ("Hver tirsdag kl. 10.00–12.00", "Brygga", "Synnøve Lag", "Ikke utviklet sammen ennå"):
        assert words in page
    # The partnership's own page asks for nothing that should have come before.
    assert "Forankring" not in text_of(signed_in.get(reverse("partnership", args=[made.partnership_id])))


def test_without_a_day_it_is_by_appointment(signed_in):
    signed_in.post(reverse("offer_start"), {"title": "Besøksvenn"})
    made = Offer.objects.get()
    assert (made.first_on, made.state) == (None, OfferState.RUNNING)
    assert "Etter avtale" in text_of(signed_in.get(reverse("offer", args=[made.pk])))


def test_half_a_time_is_asked_for_and_what_was_typed_is_kept(signed_in):
    page = signed_in.post(reverse("offer_start"), {"title": "Tur 🥾", "first_on": "2026-09-08"})
    assert "Skriv dag, fra og til, eller la alt stå tomt." in text_of(page)
    assert "Tur 🥾" in page.content.decode()
    assert not Offer.objects.exists()


def test_in_a_partnership_it_is_held_by_one_of_the_parties(signed_in, town, client):
    client.force_login(town.coordinator.user)
    kafe = PartnershipFactory.create(municipality=town.municipality, title="Språkkafé")
    PartyFactory.create(partnership=kafe, organisation=town.organisation)
    page = client.get(reverse("offer_start_in", args=[kafe.pk])).content.decode()
    assert town.organisation.name in page
    assert town.centre.name not in page
    client.post(
        reverse("offer_start_in", args=[kafe.pk]),
        {"title": "Språkkafé", "own": f"organisation-{town.organisation.pk}"},
    )
    assert (Offer.objects.get().partnership, Offer.objects.get().organisation) == (kafe, town.organisation)


def test_a_place_contact_finds_the_button_and_others_there_do_not(client, town):
    unit = UnitFactory.create(municipality=town.municipality)
    for role, finds in ((Role.PLACE_CONTACT, True), (Role.STAFF, False)):
        client.force_login(member(town.municipality, role, unit=unit).user)
        assert (reverse("offer_start") in client.get(reverse("offers")).content.decode()) is finds


# --- The page ------------------------------------------------------------------------------------------
def test_text_is_shown_as_text(signed_in, tur):
    wicked = '<script>alert("x")</script> مرحبا 🥾'
    Offer.objects.filter(pk=tur.pk).update(title=wicked[:150], about=wicked, expect=[wicked])
    for name in ("offer", "offer_sheet", "offer_edit"):
        page = signed_in.get(reverse(name, args=[tur.pk])).content.decode()
        assert "<script>alert" not in page
        assert "مرحبا 🥾" in page


def test_two_who_edit_see_both(signed_in, tur, town, client):
    form = {"title": tur.title, "place": "Kirka", "version": 0}
    signed_in.post(reverse("offer_edit", args=[tur.pk]), form)
    client.force_login(town.coordinator.user)
    page = text_of(client.post(reverse("offer_edit", args=[tur.pk]), {**form, "place": "Skolen"}))
    assert "Skolen" in page
    assert "Kirka" in page
    tur.refresh_from_db()
    assert tur.place == "Kirka"


def test_new_times_stand_on_the_page_and_in_words(signed_in, tur):
    signed_in.post(
        reverse("offer_times", args=[tur.pk]),
        {
            "first_on": "2026-09-01", "from_time": "17:00", "to_time": "18:30", "every": "two_weeks",
            "weekdays": ["1", "3"], "until": "2026-12-17", "skips_holidays": "on", "version": "0",
        },
    )  # fmt: skip
    page = text_of(signed_in.get(reverse("offer", args=[tur.pk])))
    assert "Annenhver tirsdag og torsdag til og med 17.12.2026 kl. 17.00–18.30" in page


def test_who_hides_her_number_is_named_and_the_offers_own_is_rung(tur, rep, town):
    rep.person.phone, rep.person.hide_contact = "+4790000007", True
    rep.person.save()
    tur.refresh_from_db()
    shown_now = contact_of(tur, town.coordinator.user)
    assert shown_now.name == "Synnøve Lag"
    assert "90 00 00 07" not in shown_now.phone
    tur.ring = "+4755501000"
    assert contact_of(tur, town.coordinator.user).phone == "555 01 000"


def test_a_guest_is_told_no_names(tur, town, client):
    guest = member(town.municipality, Role.GUEST, partnership=tur.partnership, valid_to=timezone.localdate())
    client.force_login(guest.user)
    page = text_of(client.get(reverse("offer", args=[tur.pk])))
    assert tur.title in page
    assert "Synnøve Lag" not in page


def test_only_what_is_true_is_said_of_how_it_came_to_be(tur):
    assert developed_together(tur) == ""


# --- One time ------------------------------------------------------------------------------------------
def test_cancelling_from_the_page_tells_the_others_at_once(signed_in, tur, town, rep):
    leader = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation, name="Ola")
    one = tur.occurrences.first()
    page = signed_in.post(
        reverse("occurrence", args=[one.pk]), {"cancel": "1", "cancel-because": "Det er glatt"}, follow=True
    )
    assert "Avlyst. Alle det gjelder, får vite det." in text_of(page)
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="occurrence_news")
    assert notice.person == leader.person
    source = due("occurrence_news")
    assert source.urgent
    words = source.words(notice, source.about(notice))
    assert words.sms == "Turgruppe på Nes tirsdag 8. september kl. 10.00 er avlyst. Det er glatt"
    occurrence_restore(occurrence=one, by=rep.user)
    assert source.about(notice) is None


def test_a_pause_is_told_to_all_but_the_one_who_made_it_and_not_when_it_is_over(tur, town, rep):
    contact = PersonFactory.create(municipality=town.municipality, email="kontakt@prove.example")
    Offer.objects.filter(pk=tur.pk).update(contact=contact)
    offer_pause(offer=tur, until=date(2026, 10, 1), because="Stien er stengt", by=rep.user)
    notices_derive(timezone.localdate())
    told = {notice.person for notice in Notice.objects.filter(kind="offer_news")}
    assert told == {contact, town.coordinator.person}
    notice = Notice.objects.filter(kind="offer_news", person=contact).get()
    source = due("offer_news")
    words = source.words(notice, source.about(notice))
    assert words.lines == (
        "Turgruppe på Nes er satt på pause, og er i gang igjen 1. oktober.", "Stien er stengt",
    )  # fmt: skip
    offer_resume(offer=tur, by=rep.user)
    assert source.about(notice) is None


def test_moving_it_back_and_forth_tells_what_holds(tur, rep, town):
    one = tur.occurrences.first()
    occurrence_cancel(occurrence=one, because="Syk leder", by=rep.user)
    occurrence_restore(occurrence=one, by=rep.user)
    source = due("occurrence_news")
    kinds = {
        news.kind: source.about(Notice(kind="occurrence_news", object_id=str(news.pk)))
        for news in tur.news.all()
    }
    assert kinds[NewsKind.CANCELLED] is None
    assert kinds[NewsKind.RESTORED] is not None


def test_a_number_is_asked_for_and_kept(signed_in, tur, rep):
    been = OccurrenceFactory.create(offer=tur, starts_at=NOON - timedelta(days=1))
    assert to_count(rep) == ["Hvor mange kom på Turgruppe på Nes?"]
    assert "Hvor mange kom?" in text_of(signed_in.get(reverse("occurrence", args=[been.pk])))
    signed_in.post(
        reverse("occurrence", args=[been.pk]),
        {"note": "1", "note-attendance": "12", "note-feedback": "Fin tur", "note-version": "0"},
    )
    been.refresh_from_db()
    assert (been.attendance, been.feedback) == (12, "Fin tur")
    assert to_count(rep) == []
    page = text_of(signed_in.get(reverse("offer", args=[tur.pk])))
    assert "12 kom" in page


def test_what_cannot_be_done_any_more_is_said(signed_in, tur, rep):
    one = tur.occurrences.first()
    occurrence_cancel(occurrence=one, because="Glatt", by=rep.user)
    page = signed_in.post(
        reverse("occurrence", args=[one.pk]), {"cancel": "1", "cancel-because": "Igjen"}, follow=True
    )
    assert "Dette kan ikke gjøres nå." in text_of(page)


# --- Around it -----------------------------------------------------------------------------------------
def test_the_line_and_the_section_of_the_partnership(tur, town):
    found = Partnership.objects.get(pk=tur.partnership_id)
    (fact,) = facts(found, viewer(town.coordinator))
    assert fact.text == "Turgruppe på Nes, hver tirsdag kl. 10.00–12.00"
    assert fact.done
    section = shown(found, viewer(town.coordinator))
    assert section is not None
    assert section["offers"][0]["next_at"].date() == date(2026, 9, 8)


def test_only_a_large_one_in_operation_is_asked_for_its_offer(town):
    full = PartnershipFactory.create(municipality=town.municipality, track=Track.FULL, phase=Phase.OPERATION)
    light = PartnershipFactory.create(municipality=town.municipality, phase=Phase.OPERATION)
    assert [step.title for step in steps(full, viewer(town.coordinator))] == ["Legg inn tilbudet"]
    assert list(steps(light, viewer(town.coordinator))) == []


def test_when_the_last_time_has_been_somebody_is_asked_what_then(tur, town):
    Partnership.objects.filter(pk=tur.partnership_id).update(phase=Phase.OPERATION)
    tur.occurrences.all().delete()
    Offer.objects.filter(pk=tur.pk).update(state=OfferState.RUNNING)
    found = Partnership.objects.get(pk=tur.partnership_id)
    assert "Siste gang av Turgruppe på Nes har vært" in [
        step.title for step in steps(found, viewer(town.coordinator))
    ]


def test_when_the_contact_has_left_a_new_one_is_asked_for(tur, town, rep):
    Partnership.objects.filter(pk=tur.partnership_id).update(phase=Phase.OPERATION)

    def titles():
        found = Partnership.objects.get(pk=tur.partnership_id)
        return [step.title for step in steps(found, viewer(town.coordinator))]

    asks = "Velg en ny kontaktperson for Turgruppe på Nes"
    assert asks not in titles()
    rep.ended_at = timezone.now()
    rep.save()
    assert asks in titles()


def test_the_first_time_is_on_a_weekday_that_was_chosen(signed_in, tur):
    page = signed_in.post(
        reverse("offer_times", args=[tur.pk]),
        {
            "first_on": "2026-09-09", "from_time": "17:00", "to_time": "18:30", "every": "week",
            "weekdays": ["1"], "version": "0",
        },
    )  # fmt: skip
    assert "Velg en dag som er en av ukedagene du har krysset av." in text_of(page)


def test_today_and_tomorrow_stand_in_the_week(tur, rep):
    OccurrenceFactory.create(offer=tur, starts_at=NOON + timedelta(days=1), ends_at=NOON + timedelta(days=2))
    assert ("Turgruppe på Nes", "i morgen") in [
        (item.title, item.due) for item in waiting(viewer(rep), "Tilbud")
    ]


def test_requirements_from_the_check_and_away_with_a_reason(signed_in, tur, town, reference):
    kind = RequirementKindFactory.create(municipality=town.municipality, names={"nb": "Førstehjelp"})
    check = TaskCheckFactory.create(partnership=tur.partnership)
    check.requirements.add(kind, through_defaults={"municipality": town.municipality})
    assert "Hent kravene" in text_of(signed_in.get(reverse("offer_requirements", args=[tur.pk])))
    signed_in.post(reverse("offer_requirements_take", args=[tur.pk, check.pk]))
    assert "Førstehjelp" in text_of(signed_in.get(reverse("offer", args=[tur.pk])))
    requirement = tur.requirements.get()
    out = reverse("offer_requirement_out", args=[requirement.pk])
    assert signed_in.post(out, {"because": ""}).status_code == 200
    signed_in.post(out, {"because": "Vi går i sentrum"})
    page = text_of(signed_in.get(reverse("offer_requirements", args=[tur.pk])))
    assert "Vi går i sentrum" in page
    assert "Ingen. Alle kan bli med." in page


def test_the_sheet_is_half_a_page(signed_in, tur):
    answer = signed_in.get(reverse("offer_sheet_pdf", args=[tur.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert len(paper.pages) == 1
        width, height = (float(side) for side in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (420, 595)


def test_the_list_finds_by_name_in_either_norwegian_and_hides_what_is_over(signed_in, tur, town):
    OfferFactory.create(
        partnership=tur.partnership, title="Våketjeneste", state=OfferState.ENDED, ended_on=date(2026, 1, 1)
    )
    offers = reverse("offers")
    assert "Våketjeneste" not in text_of(signed_in.get(offers))
    assert "Våketjeneste" in text_of(signed_in.get(f"{offers}?state=ended&q=vaketeneste"))
    assert "Turgruppe på Nes" in text_of(signed_in.get(f"{offers}?mine=on"))


def test_an_occurrence_past_midnight_is_the_evenings(tur, signed_in):
    starts_at = datetime(2026, 9, 5, 20, tzinfo=UTC)
    OccurrenceFactory.create(offer=tur, starts_at=starts_at, ends_at=starts_at + timedelta(hours=4))
    page = signed_in.get(reverse("calendar") + "?maned=2026-09&som=liste").content.decode()
    assert 'id="d5"' in page
    assert 'id="d6"' not in page
