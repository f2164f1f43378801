"""The pages of drafts and of the texts they begin with, as the sides use them."""

import re
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Suggestion
from agreements.services.draft import draft_share
from partnerships.models import Partnership
from samskaping.accounts.permissions import Role
from samskaping.core.models import ContentTemplate
from tests.factories.agreements import draft, our_text
from tests.factories.partnerships import OrganisationFactory, PersonFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def boss(town: Town) -> Client:
    return signed_in(town.coordinator)


@pytest.fixture
def rep(town: Town) -> Client:
    return signed_in(member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation))


@pytest.fixture
def turen(town: Town) -> Partnership:
    partnership: Partnership = PartnershipFactory.create(municipality=town.municipality, title="Onsdagsturen")
    PartyFactory.create(partnership=partnership, unit=town.unit)
    PartyFactory.create(partnership=partnership, organisation=town.organisation)
    return partnership


def signed_in(membership: Any) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def page(client: Client, name: str, *args: Any, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    response = client.post(reverse(name, args=args), data)
    assert response.status_code in {200, 302}, (name, response.status_code)
    return response


def section(agreement: Agreement, key: str) -> Any:
    return agreement.sections.get(key=key)


# --- Begun, worded, shared ------------------------------------------------------------------------------
def test_one_press_from_the_partnership_makes_a_draft(town: Town, boss: Client, turen: Partnership) -> None:
    for key in ("avtale-samarbeid", "avtale-samarbeid-lett", "avtale-frivillig"):
        our_text(key)
    form = page(boss, "agreement_start", query=f"?samarbeid={turen.pk}")
    assert re.search(r'value="avtale-samarbeid-lett"[^>]* checked', form)
    response = post(
        boss, "agreement_start", text="avtale-samarbeid-lett", partnership=turen.pk, language="nb"
    )
    agreement = Agreement.objects.get()
    assert response.headers["Location"] == reverse("agreement_draft", args=[agreement.pk])
    shown = page(boss, "agreement_draft", agreement.pk)
    assert "Samarbeidsavtale på én side: Onsdagsturen" in shown
    assert "Hopp over fordi" in shown
    assert "Del med de andre" in shown
    assert "utkast" in page(boss, "agreements", query="?vis=alle").lower()
    # The page of an agreement leads to where it is written.
    assert boss.get(reverse("agreement", args=[agreement.pk])).status_code == 302


def test_with_nobody_to_be_party_the_form_says_so(boss: Client) -> None:
    our_text("avtale-samarbeid-lett")
    response = post(boss, "agreement_start", text="avtale-samarbeid-lett", language="nb")
    assert "Velg et samarbeid, eller skriv hvem avtalen er med." in response.content.decode()
    assert not Agreement.objects.exists()


def test_a_personal_one_asks_with_whom(town: Town, boss: Client) -> None:
    our_text("taushet-helse")
    person = PersonFactory.create(municipality=town.municipality, name="Mona Berg")
    data = {"text": "taushet-helse", "language": "nn", "party_1": town.unit.name}
    assert "Velg hvem avtalen er med." in post(boss, "agreement_start", **data).content.decode()
    post(boss, "agreement_start", **data, person=person.pk)
    agreement = Agreement.objects.get()
    assert (agreement.person, agreement.language, agreement.kind) == (person, "nn", "confidentiality")
    assert agreement.title == "Erklæring om teieplikt for helse og omsorg: Mona Berg"


def test_a_section_is_worded_and_two_do_not_overwrite_each_other(town: Town, boss: Client) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    assert "{tid_og_sted}" in page(boss, "draft_section", agreement.pk, hva.pk)
    words = {"heading": "Hva", "text": "Tur <b>hver</b> uke."}
    post(boss, "draft_section", agreement.pk, hva.pk, **words, version=0)
    assert "Tur &lt;b&gt;hver&lt;/b&gt; uke." in page(boss, "agreement_draft", agreement.pk)
    late = post(boss, "draft_section", agreement.pk, hva.pk, heading="Hva", text="Sist.", version=0)
    said = late.content.decode()
    assert "Ingenting er overskrevet" in said
    assert "Sist." in said
    assert section(agreement, "hva").text == "Tur <b>hver</b> uke."
    assert "Versjon 2" in page(boss, "draft_versions", agreement.pk)


def test_sections_come_and_go(town: Town, boss: Client) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    post(boss, "draft_section_out", agreement.pk, hva.pk, because="Står et annet sted.")
    assert "Står et annet sted." in page(boss, "agreement_draft", agreement.pk)
    post(boss, "draft_section_back", agreement.pk, hva.pk)
    assert section(agreement, "hva").left_out_because == ""
    post(boss, "draft_section_new", agreement.pk, heading="Nøkler", text="Laget har to.", version=0)
    assert "Laget har to." in page(boss, "agreement_draft", agreement.pk)


def test_a_gap_is_skipped_with_a_reason_and_opened_again(town: Town, boss: Client) -> None:
    agreement = draft(town)
    assert "Hopp over" in page(boss, "draft_gap", agreement.pk, "tilbud")
    assert boss.get(reverse("draft_gap", args=[agreement.pk, "noe-annet"])).status_code == 404
    post(boss, "draft_gap", agreement.pk, "tilbud", because="Vi finner ut av det.")
    assert "Vi finner ut av det." in page(boss, "agreement_draft", agreement.pk)
    post(boss, "draft_gap_back", agreement.pk, "tilbud")
    assert "Vi finner ut av det." not in page(boss, "agreement_draft", agreement.pk)


def test_the_other_side_comes_in_when_it_is_shared(town: Town, boss: Client, rep: Client) -> None:
    agreement = draft(town)
    assert rep.get(reverse("agreement_draft", args=[agreement.pk])).status_code == 404
    assert town.organisation.name in page(boss, "draft_share", agreement.pk)
    post(boss, "draft_share", agreement.pk)
    shown = page(rep, "agreement_draft", agreement.pk)
    assert "Foreslå noe annet" in shown
    assert "Del med de andre" not in shown


# --- Suggested and answered -----------------------------------------------------------------------------
def test_a_club_suggests_and_the_municipality_takes_it_in(town: Town, boss: Client, rep: Client) -> None:
    agreement = draft(town)
    draft_share(agreement=agreement, by=town.coordinator.user)
    penger = section(agreement, "penger")
    post(
        rep, "draft_section", agreement.pk, penger.pk,
        heading="Penger", text="Kommunen betaler bussen.", comment="Vi har ikke råd.", version=0,
    )  # fmt: skip
    row = Suggestion.objects.get()
    assert section(agreement, "penger").text == penger.text
    assert "1 forslag venter på svar fra dere." in page(boss, "agreement_draft", agreement.pk)
    shown = page(boss, "suggestion", row.pk)
    assert "Vi har ikke råd." in shown
    assert "Ta det inn i avtalen" in shown
    assert "Ta det inn i avtalen" not in page(rep, "suggestion", row.pk)
    refused = post(boss, "suggestion", row.pk, decline="1", answer="", version=0)
    assert "Skriv hvorfor dere ikke tar det inn." in refused.content.decode()
    post(boss, "suggestion", row.pk, accept="1", answer="Selvsagt.", version=0)
    assert section(agreement, "penger").text == "Kommunen betaler bussen."
    assert "Selvsagt." in page(rep, "draft_versions", agreement.pk)


def test_one_that_was_overtaken_is_shown_again(town: Town, boss: Client, rep: Client) -> None:
    agreement = draft(town)
    draft_share(agreement=agreement, by=town.coordinator.user)
    penger = section(agreement, "penger")
    for text in ("Én.", "To."):
        post(
            rep, "draft_section", agreement.pk, penger.pk, heading="Penger", text=text, comment="", version=0
        )
    first, second = Suggestion.objects.order_by("pk")
    post(boss, "suggestion", first.pk, accept="1", answer="", version=0)
    late = post(boss, "suggestion", second.pk, accept="1", answer="Ja.", version=0)
    assert "Punktet er endret siden du leste det." in late.content.decode()
    assert 'name="version" value="1"' in late.content.decode()
    post(rep, "suggestion_back", second.pk)
    assert section(agreement, "penger").text == "Én."


# --- Preview --------------------------------------------------------------------------------------------
def test_a_draft_is_seen_as_a_pdf_whatever_is_written(town: Town, boss: Client) -> None:
    agreement = draft(town)
    hva = section(agreement, "hva")
    hva.text = (
        "<script>x</script> {% include 'x' %} {{ y }} ![b](file:///etc/passwd) "
        "![c](http://127.0.0.1:9/x.png) <img src='http://127.0.0.1:9/'> "
        "<link rel=attachment href='file:///etc/passwd'> Čáhppes šuvvá e\u0301 👋"
    )
    hva.save(update_fields=["text"])
    response = boss.get(reverse("agreement_preview", args=[agreement.pk]))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(response.content)) as pdf:
        assert len(pdf.pages) >= 1
        assert not pdf.attachments


# --- Texts ------------------------------------------------------------------------------------------------
def changed_text(client: Client, key: str, language: str = "nb", **fields: str) -> Any:
    form = client.get(reverse("agreement_text_edit", args=[key, language])).context["form"]
    data = {name: field.value() or "" for name, field in ((name, form[name]) for name in form.fields)}
    return post(client, "agreement_text_edit", key, language, **{**data, **fields})


def test_a_municipality_words_a_text_its_own_way(town: Town, boss: Client, rep: Client) -> None:
    ours = our_text("avtale-samarbeid-lett")
    assert "Tilpass for kommunen" in page(boss, "agreement_text", ours.key)
    post(boss, "agreement_text_adapt", ours.key, owner="")
    changed_text(
        boss, ours.key, text_2="Vi går tur i {kommune}.", text_5="", new_heading="Nøkler", new_text="To."
    )
    own = ContentTemplate.objects.get(municipality=town.municipality)
    assert "Vi går tur i {kommune}." in own.texts["nb"]["body"]
    assert "Nøkler" in own.texts["nn"]["body"]
    agreement = draft(town, template=own)
    headings = [each.heading for each in agreement.sections.all()]
    assert headings[-2:] == ["Nøkler", "Signatur"]
    assert "Trygt for alle" not in headings
    # What is begun with it stays; the next change is a version.
    changed_text(boss, ours.key, text_2="Vi padler.")
    versions = ContentTemplate.objects.filter(municipality=town.municipality)
    assert sorted(each.version for each in versions) == [1, 2]
    assert "Vi padler." in page(rep, "agreement_text", ours.key)
    assert rep.get(reverse("agreement_text_edit", args=[ours.key, "nb"])).status_code == 403
    assert "Felles" not in page(boss, "agreement_texts").split("<tbody>")[1]


def test_a_club_has_its_own_beside_and_nobody_else_sees_it(town: Town, boss: Client, rep: Client) -> None:
    ours = our_text("avtale-samarbeid-lett")
    owner = f"organisation:{town.organisation.pk}"
    post(rep, "agreement_text_adapt", ours.key, owner=owner)
    key = f"{ours.key}-organisation-{town.organisation.pk}"
    changed_text(rep, key, title="Vår egen")
    assert "Vår egen" in page(rep, "agreement_texts")
    assert "Vår egen" not in page(boss, "agreement_texts")
    assert boss.get(reverse("agreement_text", args=[key])).status_code == 404
    other = OrganisationFactory.create(municipality=town.municipality)
    stranger = signed_in(member(town.municipality, Role.ORGANISATION_REP, organisation=other))
    assert stranger.get(reverse("agreement_text", args=[key])).status_code == 404
    assert (
        stranger.post(reverse("agreement_text_adapt", args=[ours.key]), {"owner": owner}).status_code == 403
    )


def test_a_name_nobody_can_fill_is_told_and_nothing_is_overwritten(town: Town, boss: Client) -> None:
    ours = our_text("avtale-samarbeid-lett")
    post(boss, "agreement_text_adapt", ours.key, owner="")
    said = changed_text(boss, ours.key, text_2="Vi går tur med {hunden}.").content.decode()
    assert "Vi kan ikke fylle ut {hunden}." in said
    assert "Vi går tur med {hunden}." in said
    late = changed_text(boss, ours.key, text_2="Sist.", seen="0" * 64).content.decode()
    assert "Noen andre endret teksten" in late
    assert "overskrift i teksten" in changed_text(boss, ours.key, text_2="## Hei").content.decode()
