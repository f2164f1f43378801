"""From the link in a message to a signature: three screens, and every way not to sign."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from agreements import chain
from agreements.models import (
    Agreement,
    Envelope,
    Signatory,
    Signature,
    SignatureEvidence,
    SigningQuestion,
    Suggestion,
)
from agreements.models.envelope import Assurance, EnvelopeState, Floor
from agreements.models.signature import SignEventKind
from agreements.personal_rows import ROWS
from agreements.services.envelope import Asked, envelope_void, signatory_forward
from agreements.services.sign_event import links_of
from agreements.services.signatory import CODES, signatory_token, signing_code_send, signing_message_told
from agreements.services.signature import Confirmed, Witness
from agreements.signature_page import signature_page
from agreements.signing_due import _closed_words, _done_words, _sealed
from agreements.sitting import sit_down
from partnerships.models import Notice, Person
from partnerships.services.notice import notices_derive, notices_queue
from partnerships.services.privacy import person_erase
from samskaping.accounts import second_factor
from samskaping.accounts.models import SignIn
from samskaping.accounts.permissions import Role
from samskaping.accounts.services.session import SINCE, session_begin
from samskaping.core.models import OneTimeCode, RateLimit, StoredFile
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import AddressRefused, address_refused, delivered
from samskaping.core.services.rate_limit import _bucket
from samskaping.core.services.stored_file import PDF, stored_file_keep
from tests.agreements.signing import Signing, by_code, draft_between, frozen, sent, sign, signing
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementPartyFactory, our_text
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town, deliver, make_town
from tests.partnerships.test_no_token_at_rest import rows_with

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def it(town: Town) -> Signing:
    return signing(town)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def post(client: Client, page: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(page, args=args), data)


def fill(client: Client, signatory: Signatory, **changes: Any) -> dict[str, Any]:
    """What the third screen sends, when she has read."""
    post(client, "signing_read", signatory.pk)
    form = client.get(reverse("signing_sign", args=[signatory.pk])).context["form"]
    return {
        "consent": "on", "name": "Kari Prøvesen", "document": form["document"].value(),
        "agreed": form["agreed"].value(), "key": str(form["key"].value()), **changes,
    }  # fmt: skip


def test_from_link_to_signature_in_three_screens(it: Signing, client: Client) -> None:
    link = reverse("signing_open", args=[signatory_token(it.kari)])
    first = client.get(link).content.decode()
    # Who asks and a masked address; nothing of the agreement, and no name.
    assert it.agreement.title not in first
    assert "Prøvesen" not in first
    assert "k•••@prove.example" in first
    response = client.post(link)
    assert response["Location"].startswith(reverse("signing_code"))
    deliver()
    code = OneTimeCode.objects.get(purpose="signing")
    digits = one_time_code_digits(code)
    assert digits in mail.outbox[-1].body
    assert (
        client.post(response["Location"], {"code": "000000" if digits != "000000" else "1"}).status_code
        == 200
    )
    response = client.post(response["Location"], {"code": digits})
    assert response["Location"] == reverse("signing_read", args=[it.kari.pk])
    read = client.get(response["Location"]).content.decode()
    assert "Vi går tur sammen." in read
    for name in ("signing_ask", "signing_decline", "signing_forward", "signing_pdf"):
        assert reverse(name, args=[it.kari.pk]) in read
    assert post(client, "signing_read", it.kari.pk).status_code == 302
    data = fill(client, it.kari)
    response = post(client, "signing_sign", it.kari.pk, **data)
    assert response["Location"] == reverse("signing_done", args=[it.kari.pk])
    done = client.get(response["Location"]).content.decode()
    assert "bekreftet med kode på e-post" in done
    signature = Signature.objects.get()
    assert (signature.assurance, signature.typed_name) == (Assurance.CODE_EMAIL, "Kari Prøvesen")
    evidence = SignatureEvidence.objects.get()
    assert (evidence.address, evidence.ip, evidence.pages_shown) == ("kari@prove.example", "127.0.0.1", 2)
    kinds = list(it.envelope.events.order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "frozen", "sent", "code_sent", "code_failed", "code_ok", "opened", "shown", "consented", "signed",
    ]  # fmt: skip
    # The same press again leads to the same receipt.
    assert post(client, "signing_sign", it.kari.pk, **data)["Location"] == response["Location"]
    assert Signature.objects.count() == 1


def test_expired_foreign_and_made_up_links_give_the_same_page(it: Signing, client: Client) -> None:
    old = signatory_token(it.kari)
    signatory_forward(signatory=it.kari, to=PersonFactory.create(municipality=it.town.municipality), by=None)
    number, _dash, mark = signatory_token(it.ola).partition("-")
    tokens = (old, "tull", f"{it.kari.pk}-{mark}", f"{number}-{'0' * 40}", "9" * 30)
    pages = [client.get(reverse("signing_open", args=[token])) for token in tokens]
    assert {response.status_code for response in pages} == {410}
    # The switch of language leads back to the address that was asked for.
    assert (
        len({response.content.decode().partition("<main")[2].partition("</main>")[0] for response in pages})
        == 1
    )


def test_nobody_reads_anothers(it: Signing, client: Client) -> None:
    url = reverse("signing_read", args=[it.ola.pk])
    assert client.get(url).status_code == 302
    assert by_code(it.kari).get(url).status_code == 302
    client.force_login(it.town.coordinator.user)
    assert client.get(url).status_code == 404
    # An employee who holds a citizen's link gets no further in her own browser.
    held = client.post(reverse("signing_open", args=[signatory_token(it.ola)]))
    assert held.status_code == 200
    assert not OneTimeCode.objects.exists()


def test_a_code_ends_with_another_address(it: Signing) -> None:
    client = by_code(it.kari)
    assert client.get(reverse("signing_read", args=[it.kari.pk])).status_code == 200
    it.kari.person.email = "annen@prove.example"
    it.kari.person.save()
    response = client.get(reverse("signing_read", args=[it.kari.pk]))
    assert response["Location"].startswith(reverse("signing_code"))


def test_a_quarter_after_the_code_a_new_one_is_asked_for(it: Signing) -> None:
    client = by_code(it.kari, ago=16 * 60)
    assert client.get(reverse("signing_read", args=[it.kari.pk])).status_code == 200
    sign_url = reverse("signing_sign", args=[it.kari.pk])
    # First she reads it.
    assert client.get(sign_url)["Location"] == reverse("signing_read", args=[it.kari.pk])
    post(client, "signing_read", it.kari.pk)
    assert client.get(sign_url)["Location"].startswith(reverse("signing_code"))


def test_several_documents_are_signed_one_by_one_with_one_code(it: Signing) -> None:
    other = draft_between(it.town.municipality, kind="confidentiality", person=it.kari.person)
    envelope = sent(other, [Asked(it.kari.person, "frivillig")], by=it.town.coordinator.user)
    hers = envelope.signatories.get()
    client = by_code(it.kari)
    assert page(client, "signing_documents").count("Venter på signatur") == 2
    response = post(client, "signing_sign", it.kari.pk, **fill(client, it.kari))
    assert response["Location"] == reverse("signing_read", args=[hers.pk])
    response = post(client, "signing_sign", hers.pk, **fill(client, hers))
    assert response["Location"] == reverse("signing_done", args=[hers.pk])
    assert Envelope.objects.get(pk=envelope.pk).state == EnvelopeState.COMPLETED


def test_many_documents_come_by_pages_and_what_waits_comes_first(it: Signing, monkeypatch: Any) -> None:
    monkeypatch.setattr("agreements.views.signing.PER_PAGE", 2)
    hers = [it.kari]
    for number in range(3):
        other = draft_between(it.town.municipality, kind="confidentiality", person=it.kari.person,
                              title=f"Taushet {number}")  # fmt: skip
        envelope = sent(other, [Asked(it.kari.person, "frivillig")], by=it.town.coordinator.user)
        hers.append(envelope.signatories.get())
    # The newest is signed, and would stand first by the day it was sent.
    sign(hers[3])
    client, at = by_code(it.kari), reverse("signing_documents")
    first, second = (client.get(at, {"page": number}).context for number in (1, 2))
    assert [row["signatory"] for row in first["rows"]] == [hers[2], hers[1]]
    assert [row["signatory"] for row in second["rows"]] == [hers[0], hers[3]]
    assert first["waiting"] == second["waiting"] == 3
    assert 'rel="next"' in client.get(at).content.decode()
    # One that waits is opened at once, whatever page was asked for.
    for one in hers[1:3]:
        sign(one)
    for number in (1, 2):
        assert client.get(at, {"page": number})["Location"] == reverse("signing_read", args=[it.kari.pk])


def test_nobody_is_sent_codes_all_day_by_whoever_has_her_link(it: Signing, client: Client) -> None:
    link = reverse("signing_open", args=[signatory_token(it.kari)])
    RateLimit.objects.all().delete()
    for _number in range(CODES):
        assert client.post(link).status_code == 302
        # The quarter of an hour with three of them is over.
        _forget_limits_but("signing_code", str(it.kari.person_id))
    response = client.post(link)
    assert response.status_code == 429
    assert "Prøv igjen i morgen" in response.content.decode()
    assert OneTimeCode.objects.filter(purpose="signing").count() == CODES
    # Hers alone: the other is sent one.
    assert client.post(reverse("signing_open", args=[signatory_token(it.ola)])).status_code == 302


def _forget_limits_but(what: str, who: str) -> None:
    RateLimit.objects.exclude(bucket=_bucket(what, who)).delete()


def test_what_does_not_hold_is_said_in_words_with_409(it: Signing) -> None:
    client = by_code(it.kari)
    response = post(client, "signing_sign", it.kari.pk, **fill(client, it.kari, document="0" * 64))
    assert response.status_code == 409
    assert "Les den på nytt" in response.content.decode()
    assert not Signature.objects.exists()
    missing = fill(client, it.kari)
    del missing["consent"]
    assert post(client, "signing_sign", it.kari.pk, **missing).status_code == 200
    assert not Signature.objects.exists()


def test_she_agrees_to_the_words_she_was_shown(it: Signing) -> None:
    client = by_code(it.kari)
    data = fill(client, it.kari)
    # In another tab she has chosen another language.
    client.cookies["sprak"] = "en"
    response = post(client, "signing_sign", it.kari.pk, **data)
    assert response.status_code == 200
    assert not Signature.objects.exists()
    form = response.context["form"]
    assert (form["consent"].value(), form["agreed"].value() != data["agreed"]) == (False, True)
    post(client, "signing_sign", it.kari.pk, **{**data, "agreed": form["agreed"].value()})
    assert Signature.objects.get().consent_language == "en"


def test_a_name_we_cannot_print_is_not_taken(it: Signing) -> None:
    client = by_code(it.kari)
    response = post(client, "signing_sign", it.kari.pk, **fill(client, it.kari, name="李 小龙"))
    assert "李" in str(response.context["form"].errors["name"])
    assert not Signature.objects.exists()
    from agreements.forms.signing import full_name

    for name in ("Nguyễn Thị Ánh", "Đặng Hữu Phước", "Ọlúwáṣeun Adéyẹmí", "Lǚ Xuǎn"):
        assert full_name(name) == name
    post(client, "signing_sign", it.kari.pk, **fill(client, it.kari, name="Čáhppe O'Šárra & Łukasz"))
    assert Signature.objects.exists()


def test_where_a_code_is_not_enough_she_is_told_the_other_ways(it: Signing, client: Client) -> None:
    Signatory.objects.filter(pk=it.kari.pk).update(floor=Floor.LOGGED_IN)
    other = by_code(it.kari)
    assert "En kode er ikke nok" in page(other, "signing_read", it.kari.pk)
    post(other, "signing_read", it.kari.pk)
    told = page(other, "signing_sign", it.kari.pk)
    assert "En kode er ikke nok" in told
    assert reverse("signing_code") not in told
    # A factor is taken where the code, though newer, is too weak.
    user = UserFactory.create()
    Person.objects.filter(pk=it.kari.person_id).update(user=user)
    client.force_login(user)
    kept = dict(other.session.items())
    session = client.session
    session.update({key: kept[key] for key in kept if not key.startswith("_")})
    session[second_factor.SHOWN] = "sign_in"
    session[SINCE] = timezone.now().timestamp() - 60
    session.save()
    post(client, "signing_sign", it.kari.pk, **fill(client, it.kari))
    assert Signature.objects.get().assurance == Assurance.LOGGED_IN


def test_a_made_up_number_in_the_address_is_nobodys(it: Signing, client: Client) -> None:
    client.force_login(UserFactory.create())
    for number in ("²", "9" * 5000):
        url = reverse("signing_code", query={"next": f"/signer/dokument/{number}/"})
        assert client.get(url).status_code == 410


def test_the_signature_page_says_who_was_asked_and_no_tick_on_paper(it: Signing) -> None:
    our_text("signaturside")
    boss = it.town.coordinator.user
    scan = stored_file_keep(
        b"%PDF-1.7 papir", name="x", content_type=PDF, municipality=it.town.municipality, by=boss
    )
    it.envelope.document.snapshot = '{"parties": []}'
    witness = Witness(boss, "Ingrid Koordinator", scan=scan, signed_on=TODAY)
    sign(it.kari, typed_name="Mikke Mus")
    how = Confirmed(how=Assurance.PAPER, at=timezone.now())
    sign(it.ola, typed_name="ola  Prøvesen", witness=witness, confirmed=how)
    shown, _qr = signature_page(it.envelope, chain_head="", issuer="")
    assert "Mikke Mus (invitert som Kari Prøvesen)" in shown
    # The same name in other letters is not another name.
    assert "<caption>ola Prøvesen, leder<" in shown
    assert shown.count("Krysset av for") == 1
    # Who was asked goes with her profile, also between the last signature and the lock.
    person_erase(person=it.kari.person, by=None)
    shown, _qr = signature_page(it.envelope, chain_head="", issuer="")
    assert "<caption>Mikke Mus, leder<" in shown


def test_what_is_sent_is_what_she_read(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "agreements.views.envelope.freeze", lambda found: replace(frozen(), version=found.version)
    )
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    agreement = draft_between(town.municipality, town.organisation)
    party = agreement.parties.get()
    client.force_login(town.coordinator.user)

    def send(version: int) -> Any:
        rows = {"s0-side": party.pk, "s0-person": rep.person_id, "s1-side": "copy", "s2-side": "copy"}
        every = {
            f"s{n}-{name}": value for n in range(3) for name, value in (("number", 1), ("floor", "code"))
        }
        return post(client, "envelope_set_up", agreement.pk, **every, **rows, version=version, send="1")

    read = client.get(reverse("envelope_set_up", args=[agreement.pk])).context["form"]["version"].value()
    Agreement.objects.filter(pk=agreement.pk).update(version=read + 1)
    assert "Noen andre endret dette" in send(read).content.decode()
    suggestion = Suggestion.objects.create(
        municipality=town.municipality, agreement=agreement, party=party, heading="Nytt", text="Nytt punkt."
    )
    assert "Svar på forslagene først." in send(read + 1).content.decode()
    assert Agreement.objects.get(pk=agreement.pk).state == "draft"
    Suggestion.objects.filter(pk=suggestion.pk).delete()
    assert send(read + 1).status_code == 302
    assert Agreement.objects.get(pk=agreement.pk).state == "sent"


def test_no_forward_and_question(it: Signing) -> None:
    client = by_code(it.kari)
    post(client, "signing_ask", it.kari.pk, text="Hva betyr punkt 2?")
    assert SigningQuestion.objects.get().text == "Hva betyr punkt 2?"
    post(client, "signing_forward", it.kari.pk, name="Ny Leder", email="ny@prove.example", phone="")
    moved = Signatory.objects.select_related("person", "forwarded_by").get(pk=it.kari.pk)
    assert moved.person.email == "ny@prove.example"
    # Kept by the side she signs for, and out of reach of the one who sent it on.
    assert it.kari.party is not None
    assert moved.person.controller_organisation == it.kari.party.organisation
    assert client.get(reverse("signing_read", args=[it.kari.pk])).status_code == 302
    client = by_code(it.ola)
    assert post(client, "signing_decline", it.ola.pk, because="").status_code == 200
    post(client, "signing_decline", it.ola.pk, because="Vi er ikke enige.")
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.DECLINED
    assert "Vi er ikke enige." in page(client, "signing_read", it.ola.pk)


def test_she_takes_her_signature_back_and_all_are_told(it: Signing, client: Client) -> None:
    client, at = by_code(it.kari), reverse("signing_retract", args=[it.kari.pk])
    # Not signed yet: there is nothing to take back, and no way there.
    assert at not in page(client, "signing_read", it.kari.pk)
    assert client.get(at)["Location"] == reverse("signing_read", args=[it.kari.pk])
    assert client.post(at, {"because": "Angrer"}).status_code == 409
    post(client, "signing_sign", it.kari.pk, **fill(client, it.kari))
    for name in ("signing_read", "signing_done"):
        assert at in page(client, name, it.kari.pk)
    # The other, by code of his own, cannot take back hers.
    assert by_code(it.ola).post(at, {"because": "Ikke min"}).status_code == 302
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.PARTLY_SIGNED
    assert "stopper signeringen for alle" in client.get(at).content.decode()
    assert client.post(at, {"because": ""}).status_code == 200
    response = client.post(at, {"because": "Feil beløp."}, follow=True)
    assert "Signaturen din er angret." in response.content.decode()
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.VOIDED
    assert "gjelder ikke lenger" in page(client, "signing_done", it.kari.pk)
    # Nothing says that it is signed as if it held: not to her, and not to those who sent it.
    read = page(client, "signing_read", it.kari.pk)
    assert "Du har signert denne." not in read
    assert "«Feil beløp.»" in read
    assert "Signert, men gjelder ikke" in page(client, "signing_documents")
    shown = page(login(it.town.coordinator.user), "envelope", it.agreement.pk)
    assert "Signert, men gjelder ikke" in shown
    assert "Kari Prøvesen</span> ·" in shown
    assert at not in page(client, "signing_done", it.kari.pk)
    notices_derive(TODAY)
    closed = Notice.objects.filter(kind="signing_closed").select_related("person")
    assert {notice.person_id for notice in closed} == {
        it.kari.person_id, it.ola.person_id, it.town.coordinator.person_id,
    }  # fmt: skip
    said = _closed_words(closed[0], Envelope.objects.get(pk=it.envelope.pk))
    assert "har angret" in said.lines[0]
    assert "Begrunnelse: Feil beløp." in said.lines


def test_when_all_have_signed_the_page_says_that_it_is_too_late(it: Signing) -> None:
    client, at = by_code(it.kari), reverse("signing_retract", args=[it.kari.pk])
    sign(it.kari)
    assert client.get(at).status_code == 200
    sign(it.ola)
    response = client.post(at, {"because": "For sent"})
    assert response.status_code == 409
    assert "avtalen gjelder" in response.content.decode()
    assert client.get(at).status_code == 302


# --- How her messages fared ---------------------------------------------------------------------------------
def send_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever the hour is.
    monkeypatch.setattr("partnerships.notice_messages.next_sending_time", lambda now, **_: now)
    notices_derive(TODAY)
    notices_queue(timezone.localtime().replace(hour=10))
    deliver()


def fared(it: Signing) -> list[tuple[str, str, int, str]]:
    events = it.envelope.events.filter(kind__in=("delivered", "bounced")).order_by("seq")
    return [
        (event.kind, event.actor, event.payload["signatory"], event.payload["message"]) for event in events
    ]


def test_the_chain_tells_which_messages_were_taken_and_which_came_back(
    it: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from samskaping.core.mail_line import line

    def refuse_ola(message: Any) -> None:
        if "ola@prove.example" in message.to:
            raise AddressRefused("email")

    monkeypatch.setattr(line, "send", refuse_ola)
    send_notices(monkeypatch)
    assert sorted(fared(it)) == [
        ("bounced", "portal", it.ola.pk, "asked_email"),
        ("delivered", "portal", it.kari.pk, "asked_email"),
    ]
    # Once, however often the clock goes round; and no address in it.
    deliver()
    assert len(fared(it)) == 2
    events = it.envelope.events.all()
    assert not any("prove.example" in str(event.payload) for event in events)
    assert chain.broken_at(links_of(it.envelope), envelope=it.envelope.pk) is None
    assert "Kom ikke fram" in page(login(it.town.coordinator.user), "envelope", it.agreement.pk)


def test_an_sms_is_delivered_when_its_supplier_says_so(
    it: Signing, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SMS_ADAPTER = "samskaping.core.sms.DemoSms"
    Person.objects.filter(pk=it.kari.person_id).update(email="", phone="+4790000001", channel="sms")
    send_notices(monkeypatch)
    assert ("delivered", it.kari.pk) not in [(each[0], each[2]) for each in fared(it)]
    row = Notice.objects.get(kind="signing_asked", person=it.kari.person_id).outbox
    assert row is not None
    delivered(row)
    assert fared(it)[-1] == ("delivered", "portal", it.kari.pk, "asked_sms")
    # And when it says afterwards that it never came.
    address_refused(row, "phone")
    assert fared(it)[-1] == ("bounced", "portal", it.kari.pk, "asked_sms")


def test_a_code_that_came_back_stands_in_the_chain(it: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    from samskaping.core.mail_line import line

    def refuse(_message: Any) -> None:
        raise AddressRefused("email")

    monkeypatch.setattr(line, "send", refuse)
    signing_code_send(person=it.kari.person)
    deliver()
    assert fared(it) == [("bounced", "portal", it.kari.pk, "code")]


def test_what_comes_in_after_it_is_over_or_sent_on_changes_no_chain(it: Signing) -> None:
    told: dict[str, Any] = {"kind": SignEventKind.DELIVERED, "message": "asked_email"}
    other = PersonFactory.create(municipality=it.town.municipality)
    before = it.kari.person_id
    signatory_forward(signatory=it.kari, to=other, by=None)
    signing_message_told(signatory_id=it.kari.pk, person_id=before, **told)
    signing_message_told(signatory_id=10**9, person_id=before, **told)
    envelope_void(envelope=it.envelope, because="Feil dato", by=it.town.coordinator.user)
    signing_message_told(signatory_id=it.ola.pk, person_id=it.ola.person_id, **told)
    assert fared(it) == []


def login(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_code_while_signed_in_leaves_a_session_she_can_end(it: Signing, client: Client) -> None:
    user = UserFactory.create()
    Person.objects.filter(pk=it.kari.person_id).update(user=user)
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session, request.user = client.session, user
    session_begin(request, user)
    before = request.session.session_key
    sit_down(request, it.kari.person)
    assert request.session.session_key != before
    assert SignIn.objects.get(user=user).session_key == request.session.session_key


def test_nobody_makes_up_who_signs_for_the_other_side(town: Town, client: Client) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    agreement = draft_between(town.municipality, town.organisation)
    unit = AgreementPartyFactory.create(agreement=agreement, unit=town.unit, organisation=None)
    club = agreement.parties.get(organisation=town.organisation)
    client.force_login(rep.user)

    def save(**changes: Any) -> Any:
        rows = {
            "s0-side": club.pk, "s0-person": rep.person_id, "s1-side": unit.pk, "s1-person": leader.person_id,
            "s2-side": "copy", "s3-side": "copy",
        }  # fmt: skip
        every = {
            f"s{n}-{name}": value for n in range(4) for name, value in (("number", 1), ("floor", "code"))
        }
        return post(client, "envelope_set_up", agreement.pk, **{**every, **rows, **changes, "save": "1"})

    made_up = {"s1-person": "", "s1-name": "Kari Rådmann", "s1-email": "egen@prove.example"}
    assert save(**made_up).status_code == 200
    # Nor with one of her own people in the other's place.
    assert save(**{"s1-person": rep.person_id}).status_code == 200
    assert not Person.objects.filter(email="egen@prove.example").exists()
    assert not Signatory.objects.filter(envelope__agreement=agreement).exists()
    # Those the other side has here, somebody new for her own, and a copy to one of hers.
    mine = {"s0-person": "", "s0-name": "Ny Leder", "s0-email": "ny@prove.example"}
    copy = {"s2-name": "Les Med", "s2-email": "les@prove.example"}
    assert save(**mine, **copy).status_code == 302
    made = Person.objects.filter(name__in=("Ny Leder", "Les Med"))
    assert {one.controller_organisation for one in made} == {town.organisation}
    assert made.count() == 2


@pytest.mark.parametrize("name", ["envelope_paper", "envelope_together"])
def test_the_other_party_is_no_witness_and_nobody_her_own(it: Signing, client: Client, name: str) -> None:
    assert it.ola.party is not None
    rep = member(it.town.municipality, Role.ORGANISATION_REP, organisation=it.ola.party.organisation)
    client.force_login(rep.user)
    hers, others = (reverse(name, args=[it.agreement.pk, one.pk]) for one in (it.ola, it.kari))
    assert client.get(hers).status_code == 200
    assert client.get(others).status_code == client.post(others).status_code == 403
    shown = page(client, "envelope", it.agreement.pk)
    assert (hers in shown, others in shown) == (True, False)
    Person.objects.filter(pk=it.ola.person_id).update(user=rep.user)
    assert client.get(hers)["Location"] == reverse("signing_read", args=[it.ola.pk])


def test_signed_in_with_two_factors_needs_no_code(it: Signing, client: Client) -> None:
    user = UserFactory.create()
    it.kari.person.user = user
    it.kari.person.save()
    client.force_login(user)
    post(client, "signing_read", it.kari.pk)
    response = client.get(reverse("signing_sign", args=[it.kari.pk]))
    # Without a second factor: a code, like everybody else.
    assert response["Location"].startswith(reverse("signing_code"))
    assert client.get(response["Location"]).status_code == 200
    session = client.session
    session[second_factor.SHOWN] = "sign_in"
    session[SINCE] = timezone.now().timestamp()
    session.save()
    post(client, "signing_sign", it.kari.pk, **fill(client, it.kari))
    assert Signature.objects.get().assurance == Assurance.LOGGED_IN
    assert it.agreement.title in page(client, "my_agreements")


def test_paper_needs_the_scan_the_code_and_a_promise(
    it: Signing, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samskaping.core.services.stored_file.press.clean", lambda content: ("ok", content))
    client.force_login(it.town.coordinator.user)
    at = (it.agreement.pk, it.kari.pk)
    document = it.envelope.document

    def send(**changes: Any) -> Any:
        scan = SimpleUploadedFile("avtale.pdf", b"%PDF-1.7 papir", content_type="application/pdf")
        data = {
            "scan": scan, "code": document.shown_code.lower(), "name": "Kari Prøvesen",
            "signed_on": TODAY.isoformat(), "attest": "on", **changes,
        }  # fmt: skip
        return post(client, "envelope_paper", *at, **data)

    assert send(code="AAAA-BBBB-CCCC-DDDD-EEEE").status_code == 200
    assert send(signed_on=(TODAY + timedelta(days=1)).isoformat()).status_code == 200
    assert send(attest="").status_code == 200
    # The code was not there to be printed before it was sent.
    early = send(signed_on=(TODAY - timedelta(days=1)).isoformat()).content.decode()
    assert "fantes ikke før avtalen ble sendt" in early
    # A paper that comes too late leaves no scan behind.
    Envelope.objects.update(deadline=TODAY - timedelta(days=1))
    kept = StoredFile.objects.count()
    assert send().status_code == 200
    assert StoredFile.objects.count() == kept
    Envelope.objects.update(deadline=None)
    assert not Signature.objects.exists()
    assert send().status_code == 302
    signature = Signature.objects.get()
    assert (signature.assurance, signature.witness_name) == (Assurance.PAPER, "Ingrid Koordinator")
    assert signature.scan is not None
    scan = reverse("stored_file", args=[signature.scan.pk])
    assert scan in page(client, "envelope", at[0])
    assert client.get(scan).status_code == 200
    client.force_login(it.kari.person.user or UserFactory.create())
    assert client.get(scan).status_code == 404


def test_what_she_asked_is_hers_also_when_she_has_sent_it_on(it: Signing, client: Client) -> None:
    kari, mine = it.kari.person, by_code(it.kari)
    post(mine, "signing_ask", it.kari.pk, text="Hva betyr punkt 2?")
    post(mine, "signing_forward", it.kari.pk, name="Ny Leder", email="ny@prove.example", phone="")
    other = Signatory.objects.get(pk=it.kari.pk).person
    hers, others = (rows_about(person) for person in (kari, other))
    assert [row.text for row in hers["signing_questions"]] == ["Hva betyr punkt 2?"]
    assert list(others["signing_questions"]) == []
    assert [row.pk for row in hers["signs_sent_on"]] == [it.kari.pk]
    client.force_login(it.town.coordinator.user)
    shown = page(client, "envelope", it.agreement.pk)
    assert shown.index("Hva betyr punkt 2?") < shown.index(f'<footer class="muted small">{kari.name}')
    person_erase(person=kari, by=None)
    assert not SigningQuestion.objects.exists()


def rows_about(person: Person) -> dict[str, Any]:
    return {each.key: each.find(person) for each in ROWS}


def test_a_refused_forward_or_list_notes_nobody_down(town: Town, it: Signing, client: Client) -> None:
    """Ola's address is on the list in the same role already: nothing is sent on, and nobody comes to be."""
    assert it.kari.party is not None
    there = PersonFactory.create(
        municipality=town.municipality,
        controller_organisation=it.kari.party.organisation,
        email="x@prove.example",
    )
    Signatory.objects.filter(pk=it.ola.pk).update(person=there)
    before = Person.objects.count()
    response = post(
        by_code(it.kari), "signing_forward", it.kari.pk, name="X", email="x@prove.example", phone=""
    )
    assert response.status_code == 409
    sign(it.kari)
    late = post(
        by_code(it.kari), "signing_forward", it.kari.pk, name="Ny", email="ny2@prove.example", phone=""
    )
    assert late.status_code == 409
    assert Person.objects.count() == before
    # And a list with the same one twice.
    agreement = draft_between(town.municipality, town.organisation)
    club = agreement.parties.get()
    client.force_login(town.coordinator.user)
    rows = {f"s{n}-{name}": value for n in range(3) for name, value in (("number", 1), ("floor", "code"))}
    for n in range(2):
        rows |= {f"s{n}-side": club.pk, f"s{n}-name": "Ny Leder", f"s{n}-email": "ny3@prove.example"}
    rows |= {"s2-side": "copy", "save": "1"}
    assert "to ganger" in post(client, "envelope_set_up", agreement.pk, **rows).content.decode()
    assert Person.objects.count() == before


def test_who_is_erased_holds_nobody_up(it: Signing) -> None:
    person_erase(person=it.kari.person, by=None)
    it.envelope.refresh_from_db()
    assert it.envelope.state == EnvelopeState.VOIDED
    assert it.envelope.signatories.filter(pk=it.kari.pk).exists()


def test_whoever_sent_it_hears_what_another_side_did(it: Signing) -> None:
    sender = it.town.coordinator
    other = member(it.town.municipality, Role.COORDINATOR)

    def told(kind: str) -> set[int]:
        notices_derive(TODAY)
        return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))

    Envelope.objects.update(state=EnvelopeState.SEALED, completed_at=timezone.now())
    both = {it.kari.person_id, it.ola.person_id}
    assert told("signing_done") == {*both, sender.person_id}
    hers = Notice.objects.get(kind="signing_done", person=sender.person)
    about = _sealed(hers)
    assert about is not None
    words = _done_words(hers, about)
    assert words.url == reverse("envelope", args=[it.agreement.pk])
    Envelope.objects.update(state=EnvelopeState.SENT, completed_at=None)
    envelope_void(envelope=it.envelope, because="Prøve", by=other.user)
    assert told("signing_closed") == {*both, sender.person_id}


def test_together_on_a_screen_names_the_witness(it: Signing, client: Client) -> None:
    client.force_login(it.town.coordinator.user)
    at = (it.agreement.pk, it.kari.pk)
    form = client.get(reverse("envelope_together", args=at)).context["form"]
    data = {
        "consent": "on", "name": "Kari Prøvesen", "witnessed": "on", "document": form["document"].value(),
        "agreed": form["agreed"].value(), "key": str(form["key"].value()),
    }  # fmt: skip
    assert post(client, "envelope_together", *at, **{**data, "witnessed": ""}).status_code == 200
    assert post(client, "envelope_together", *at, **data).status_code == 302
    signature = Signature.objects.get()
    assert (signature.assurance, signature.witness) == (Assurance.IN_PERSON, it.town.coordinator.user)


def test_how_it_goes_and_what_can_be_done(it: Signing, client: Client) -> None:
    client.force_login(it.town.coordinator.user)
    at = it.agreement.pk
    assert "Kari Prøvesen" in page(client, "envelope", at)
    post(client, "envelope_remind", at, it.kari.pk)
    assert Signatory.objects.get(pk=it.kari.pk).reminded_on is None  # asked today
    Envelope.objects.filter(pk=it.envelope.pk).update(sent_at=timezone.now() - timedelta(days=2))
    post(client, "envelope_remind", at, it.kari.pk)
    assert Signatory.objects.get(pk=it.kari.pk).reminded_on == TODAY
    post(client, "envelope_call_back", at, because="Feil dato")
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.VOIDED
    response = client.get(reverse("envelope_set_up", args=[at]))
    assert response.status_code == 200


def test_notices_ask_in_turn_and_tell_what_became_of_it(town: Town) -> None:
    it = signing(town, in_order=True, deadline=TODAY + timedelta(days=10))

    def told(kind: str) -> set[int]:
        notices_derive(TODAY)
        return set(Notice.objects.filter(kind=kind).values_list("person", flat=True))

    assert told("signing_asked") == {it.kari.person_id}
    assert told("signing_reminder") == {it.kari.person_id}
    sign(it.kari)
    assert told("signing_asked") == {it.kari.person_id, it.ola.person_id}
    Envelope.objects.filter(pk=it.envelope.pk).update(state=EnvelopeState.EXPIRED, closed_at=timezone.now())
    assert told("signing_closed") == {
        it.kari.person_id, it.ola.person_id, town.coordinator.person_id,
    }  # fmt: skip


def test_link_and_code_are_in_the_messages_only(
    it: Signing, client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    # Whatever the hour is.
    monkeypatch.setattr("partnerships.notice_messages.next_sending_time", lambda now, **_: now)
    notices_derive(TODAY)
    notices_queue(timezone.localtime().replace(hour=10))
    code = signing_code_send(person=it.kari.person)
    deliver()
    secret, digits = signatory_token(it.kari).partition("-")[2], one_time_code_digits(code)
    bodies = [message.body for message in mail.outbox if "kari@prove.example" in message.to]
    assert sum(secret in body for body in bodies) == 1
    assert sum(digits in body for body in bodies) == 1
    client.force_login(it.town.coordinator.user)
    pages = [reverse("notices"), reverse("this_week"), reverse("envelope", args=[it.agreement.pk])]
    for at in (*pages, reverse("agreement", args=[it.agreement.pk])):
        shown = client.get(at, follow=True).content.decode()
        assert secret not in shown, at
        assert digits not in shown, at
    assert rows_with(secret) == []
    assert rows_with(f'"{digits}"') == rows_with(f",{digits},") == []
    assert secret not in caplog.text
    assert digits not in caplog.text
