"""A volunteer's papers: one press, both written and sent; and what was signed before she came in counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Envelope, Signatory
from agreements.selectors.papers import declaration_for, papers_of
from agreements.services.papers import papers_send
from partnerships.models.areas import Area
from partnerships.models.person import Channel
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from tests.factories import partnerships as made
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementFactory, found_text
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import PersonFactory
from tests.factories.volunteers import AssignmentFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.partnerships.conftest import town
from tests.queries import assert_constant_queries
from volunteers.models import Volunteer, VolunteerRequirement
from volunteers.selectors.requirement import NeedState, one_of
from volunteers.services.volunteer import volunteer_add, volunteer_end

__all__ = ["town"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def kari(town: Any) -> Volunteer:
    """At an offer that says all there is to say."""
    partnership = PartnershipFactory.create(municipality=town.municipality, areas=[Area.HEALTH])
    offer = OfferFactory.create(
        partnership=partnership, unit=town.unit, title="Prøve spisevenn", about="Spise sammen.",
        place="Kafeen", expenses="Bussen", insurance="Kommunens", ring="99000000",
    )  # fmt: skip
    volunteer: Volunteer = VolunteerFactory.create(
        person=PersonFactory.create(
            municipality=town.municipality, name="Kari Prøve", email="kari@prove.example"
        )
    )
    AssignmentFactory.create(volunteer=volunteer, offer=offer)
    return volunteer


@pytest.fixture
def boss(town: Any, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def at(volunteer: Volunteer) -> str:
    return reverse("volunteer_papers", args=[volunteer.pk])


def sent_with_all(client: Client, volunteer: Volunteer, **changes: str) -> Any:
    """As it stands on the page, with what is empty taken out."""
    form = client.get(at(volunteer)).context["form"]
    proposed = {name: value for name, value in form.initial.items() if value}
    return client.post(at(volunteer), {**proposed, "leave_out": "on", "send": "1", **changes})


def text_of(agreement: Agreement) -> str:
    return agreement.template.key if agreement.template is not None else ""


def test_what_stands_empty_is_told_and_nothing_is_left_behind(boss: Client, kari: Volunteer) -> None:
    page = boss.post(at(kari), {"at_once": "1"})
    assert page.status_code == 200
    assert "Dette står tomt" in page.content.decode()
    assert not Agreement.objects.exists()
    assert not VolunteerRequirement.objects.exists()


def test_both_are_sent_with_one_press_and_signed_by_the_same_code(
    boss: Client, kari: Volunteer, town: Any
) -> None:
    assert sent_with_all(boss, kari).status_code == 302
    found = {one.kind: one for one in Agreement.objects.all()}
    assert set(found) == {"confidentiality", "volunteer"}
    assert {one.state for one in found.values()} == {"sent"}
    assert text_of(found["confidentiality"]) == "taushet-helse"
    asked = Signatory.objects.order_by("envelope", "pk")
    assert {(one.envelope.agreement.kind, one.person.name) for one in asked} == {
        ("confidentiality", "Kari Prøve"),
        ("volunteer", "Kari Prøve"),
        ("volunteer", "Ingrid Koordinator"),
    }
    words = Envelope.objects.get(agreement=found["volunteer"]).document.html
    for said in ("Prøve spisevenn", "Kafeen", "Bussen", "Kommunens"):
        assert said in words, said
    assert {need.state for need in one_of(kari)} == {NeedState.ASKED}
    # What waits stands on her page, and is not offered again.
    page = boss.get(reverse("volunteer", args=[kari.pk])).content.decode()
    assert page.count("Har signert på papir") == 2
    assert "Send papirene" not in page
    assert boss.post(at(kari), {"at_once": "1"}).status_code == 200
    assert Agreement.objects.count() == 2


def test_what_waits_for_her_stands_first_on_her_own_page(boss: Client, kari: Volunteer) -> None:
    kari.person.user = UserFactory.create(email="kari@prove.example", password=None)
    kari.person.save()
    sent_with_all(boss, kari)
    hers = Client()
    hers.force_login(kari.person.user)
    page = hers.get(reverse("my_page")).content.decode()
    assert page.index("Flere avtaler venter på signaturen din") < page.index("Frivillig hos")
    Signatory.objects.filter(person=kari.person, envelope__agreement__kind="volunteer").delete()
    assert "En avtale venter på signaturen din" in hers.get(reverse("my_page")).content.decode()


def test_nothing_is_sent_twice_and_only_what_is_missing(boss: Client, kari: Volunteer, town: Any) -> None:
    sent_with_all(boss, kari, agreement="")
    assert list(Agreement.objects.values_list("kind", flat=True)) == ["confidentiality"]
    with pytest.raises(StateChanged):
        papers_send(
            volunteer=kari, texts=[found_text("taushet-kommune")], side=town.unit, signs=None,
            by=town.coordinator.user,
        )  # fmt: skip
    form = boss.get(at(kari)).context["form"]
    assert "declaration" not in form.fields
    sent_with_all(boss, kari)
    assert Agreement.objects.count() == 2
    with pytest.raises(DomainError):
        papers_send(volunteer=kari, texts=[], side=town.unit, signs=None, by=town.coordinator.user)


def test_without_email_and_mobile_they_are_printed(boss: Client, kari: Volunteer) -> None:
    person = kari.person
    person.email, person.phone, person.channel = "", "+4755501311", Channel.PHONE
    person.save()
    page = boss.get(reverse("volunteer", args=[kari.pk])).content.decode()
    assert "Lag papirene" in page
    answer = boss.get(sent_with_all(boss, kari).url).content.decode()
    assert "Skriv dem ut" in answer
    for agreement in Agreement.objects.all():
        paper = boss.get(reverse("envelope_pdf", args=[agreement.pk]))
        assert paper.getvalue().startswith(b"%PDF-")


def test_a_club_sends_its_own_and_nobody_elses(town: Any, client: Client, kari: Volunteer) -> None:
    leader = made.member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    client.force_login(leader.user)
    assert client.get(at(kari)).status_code == 404
    own = VolunteerFactory.create(
        person__municipality=town.municipality, person__controller_organisation=town.organisation,
        person__email="ola@prove.example",
    )  # fmt: skip
    town.organisation.phone = "99000000"
    town.organisation.save()
    sent_with_all(client, own)
    declaration = Agreement.objects.get(kind="confidentiality")
    assert text_of(declaration) == "taushet-organisasjon"
    assert [party.organisation for party in declaration.parties.all()] == [town.organisation]
    # The coordinator does not see them.
    assert papers_of(own, town.coordinator.user) == []


def test_the_declaration_is_for_the_sector(town: Any) -> None:
    texts = [found_text(f"taushet-{sector}") for sector in ("kommune", "helse", "organisasjon")]
    assert declaration_for(texts, town.unit, []) == texts[0]
    assert declaration_for(texts, town.organisation, []) == texts[2]
    assert declaration_for([], town.unit, []) is None


def test_what_was_signed_before_counts_when_somebody_comes_in(town: Any) -> None:
    person, today = PersonFactory.create(municipality=town.municipality), timezone.localdate()
    signed = today - timedelta(days=40)
    for kind in ("confidentiality", "volunteer"):
        AgreementFactory.create(
            municipality=town.municipality, kind=kind, person=person, signed_on=signed, state="active"
        )
    AgreementFactory.create(
        municipality=town.municipality, kind="volunteer", person=person, signed_on=today, state="ended",
        ended_on=today,
    )  # fmt: skip
    by = town.coordinator.user
    volunteer = volunteer_add(person=person, by=by)
    met = dict(VolunteerRequirement.objects.values_list("kind__key", "met_on"))
    assert met == {"taushetserklaring": signed, "frivilligavtale": signed}
    # So does what is signed while she is away.
    volunteer_end(volunteer=volunteer, on=today, reason=None, by=by)
    AgreementFactory.create(
        municipality=town.municipality, kind="volunteer", person=person, signed_on=today, state="active"
    )
    volunteer_add(person=person, by=by)
    assert VolunteerRequirement.objects.get(kind__key="frivilligavtale").met_on == today


def test_the_page_asks_no_more_for_many_papers(boss: Client, town: Any) -> None:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)

    def more() -> None:
        AgreementFactory.create(
            municipality=town.municipality, kind="volunteer", person=volunteer.person, state="active"
        )

    url = reverse("volunteer", args=[volunteer.pk])
    assert_constant_queries(boss, url, more)
    with CaptureQueriesContext(connection) as asked:
        boss.get(url)
    assert len(asked) <= 25, "\n".join(query["sql"][:300] for query in asked.captured_queries)
