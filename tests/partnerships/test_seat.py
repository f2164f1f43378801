"""Who sits at a process: by role, by account, by link and code; and for how long."""

import re
import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from partnerships.access import forget_access
from partnerships.models import Participant, Person, Proposal
from partnerships.models.participant import Side
from partnerships.seat import IN_SESSION, Invited, Seat, seat_of
from partnerships.selectors.participant_letter import LETTER
from partnerships.services.participant import participant_from_token, participant_leave, participant_token
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent, OneTimeCode
from samskaping.core.models.content_template import ContentKind
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.accounts import UserFactory
from tests.factories.codesign import ParticipantFactory, ProcessFactory
from tests.factories.core import ContentTemplateFactory
from tests.factories.partnerships import OrganisationFactory, UnitFactory, member
from tests.pages import without_tokens
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db


def link(participant: Participant) -> str:
    return reverse("participant_open", args=[participant_token(participant)])


def digits(client: Client) -> str:
    state = client.session["one_time_code"]["participant"]
    return one_time_code_digits(OneTimeCode.objects.get(pk=state["id"]))


def walk_in(client: Client, participant: Participant) -> Any:
    """The whole way: button, code, her place."""
    assert client.post(link(participant)).headers["Location"] == reverse("participant_code")
    return client.post(reverse("participant_code"), {"code": digits(client)})


@pytest.fixture(autouse=True)
def _letter(db: None) -> None:
    """Ours, as `manage.py reference` loads it."""
    ContentTemplateFactory.create(key=LETTER, kind=ContentKind.LETTER)


def home(participant: Participant) -> str:
    return reverse("participant_home", args=[participant.process_id])


def seat(user: Any, pk: int) -> Seat:
    request = RequestFactory().get("/")
    request.user = user
    return seat_of(request, pk)


# --- By account ---------------------------------------------------------------------------------------
def test_who_leads_convenes_and_her_colleagues_edit(town: Town) -> None:
    process = ProcessFactory.create(municipality=town.municipality, unit=town.unit)
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    sits = seat(leader.user, process.pk)
    assert (sits.edits, sits.convenes, sits.takes_part, sits.base) == (True, True, False, "base.html")
    assert sits.person == leader.person
    beside = seat(staff.user, process.pk)
    assert (beside.edits, beside.convenes, beside.sees_names, beside.is_told) == (True, False, False, False)


def test_the_contact_alone_is_told_while_she_has_her_role(town: Town) -> None:
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    process = ProcessFactory.create(municipality=town.municipality, unit=town.unit, convener=staff.person)
    # She takes part, too: what she sees as that, she sees after her role.
    ParticipantFactory.create(process=process, person=staff.person, side=Side.STAFF)
    contact, leads = seat(staff.user, process.pk), seat(leader.user, process.pk)
    assert (contact.convenes, contact.is_told) == (True, True)
    assert (leads.convenes, leads.is_told) == (True, False)
    staff.ended_at = timezone.now()
    staff.save()
    forget_access([staff.user, leader.user])
    contact, leads = seat(staff.user, process.pk), seat(leader.user, process.pk)
    assert (contact.convenes, contact.is_told) == (False, False)
    assert leads.is_told, "somebody has to be told"


def test_coordinator_edits_a_units_process_without_convening_it(town: Town) -> None:
    process = ProcessFactory.create(municipality=town.municipality, unit=town.unit)
    sits = seat(town.coordinator.user, process.pk)
    assert (sits.edits, sits.convenes, sits.sees_names) == (True, False, False)


def test_coordinator_convenes_the_municipalitys_own(town: Town) -> None:
    assert seat(town.coordinator.user, ProcessFactory.create(municipality=town.municipality).pk).convenes


def test_chief_reads_only(town: Town) -> None:
    chief = member(town.municipality, Role.CHIEF)
    sits = seat(chief.user, ProcessFactory.create(municipality=town.municipality).pk)
    assert (sits.edits, sits.convenes, sits.contributes) == (False, False, False)


def test_others_do_not_know_of_it(town: Town, neighbour: Town) -> None:
    process = ProcessFactory.create(municipality=town.municipality, unit=town.unit)
    beside = member(town.municipality, Role.STAFF, unit=UnitFactory.create(municipality=town.municipality))
    strangers: list[User] = [neighbour.coordinator.user, beside.user, UserFactory.create(is_superuser=True)]
    for user in strangers:
        with pytest.raises(Http404):
            seat(user, process.pk)


def test_participant_with_an_account_sits_in_her_process_only(town: Town) -> None:
    user = UserFactory.create()
    hers = ParticipantFactory.create(process__municipality=town.municipality, person__user=user)
    other = ProcessFactory.create(municipality=town.municipality)
    sits = seat(user, hers.process_id)
    assert sits.participant == hers
    assert (sits.contributes, sits.edits, sits.convenes, sits.among_citizens) == (True, False, False, True)
    with pytest.raises(Http404):
        seat(user, other.pk)


def test_invited_by_account_is_led_to_her_answer(town: Town, client: Client) -> None:
    user = UserFactory.create()
    hers = ParticipantFactory.create(
        process__municipality=town.municipality, person__user=user, joined_at=None, consent_at=None
    )
    with pytest.raises(Invited):
        seat(user, hers.process_id)
    client.force_login(user)
    answer = reverse("participant_answer", args=[hers.process_id])
    assert client.get(home(hers)).headers["Location"] == answer
    assert client.get(answer).status_code == 200


def test_who_has_left_is_a_stranger(town: Town) -> None:
    user = UserFactory.create()
    hers = ParticipantFactory.create(process__municipality=town.municipality, person__user=user)
    participant_leave(participant=hers, by=user)
    with pytest.raises(Http404):
        seat(user, hers.process_id)


def test_no_employee_is_among_the_citizens(town: Town) -> None:
    """Whatever side somebody put her on."""
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    hers = ParticipantFactory.create(
        process__municipality=town.municipality, person=staff.person, side=Side.CITIZEN
    )
    assert not seat(staff.user, hers.process_id).among_citizens


def test_a_representative_is_among_the_citizens(town: Town) -> None:
    rep = member(
        town.municipality,
        Role.ORGANISATION_REP,
        organisation=OrganisationFactory.create(municipality=town.municipality),
    )
    hers = ParticipantFactory.create(
        process__municipality=town.municipality, person=rep.person, side=Side.VOLUNTEER
    )
    assert seat(rep.user, hers.process_id).among_citizens


# --- The link -----------------------------------------------------------------------------------------
def test_scanner_opens_five_times_and_she_still_comes_in(client: Client) -> None:
    hers = ParticipantFactory.create()
    scanner = Client()
    for _time in range(5):
        assert scanner.head(link(hers)).status_code == 200
        assert scanner.get(link(hers)).status_code == 200
    assert OneTimeCode.objects.count() == 0
    assert walk_in(client, hers).headers["Location"] == home(hers)
    assert client.get(home(hers)).status_code == 200


def test_link_alone_lets_nobody_in(client: Client) -> None:
    hers = ParticipantFactory.create()
    client.post(link(hers))
    assert reverse("account_login") in client.get(home(hers)).headers["Location"]


def test_token_stands_in_the_address_once(client: Client) -> None:
    hers = ParticipantFactory.create()
    token = participant_token(hers)
    after = client.post(link(hers))
    assert token not in after.headers["Location"]
    page = client.get(after.headers["Location"])
    assert token not in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    kept = "".join(Session.objects.values_list("session_data", flat=True)) + str(dict(client.session))
    assert token not in kept


def test_every_dead_link_gets_the_same_page(client: Client) -> None:
    left, renewed = ParticipantFactory.create(), ParticipantFactory.create()
    paths = [link(left), link(renewed), "/prosess/hei/", "/prosess/1-/", "/prosess/9-æ/", "/prosess/١-a/"]
    participant_leave(participant=left, by=None)
    Participant.objects.filter(pk=renewed.pk).update(nonce="0" * 32)
    pages = [client.get(path) for path in paths] + [client.post(path) for path in paths]
    assert {page.status_code for page in pages} == {410}
    bodies = {
        re.sub(r'name="next" value="[^"]*"', "", without_tokens(page.content.decode())) for page in pages
    }
    assert len(bodies) == 1


def test_one_kind_of_link_is_no_other(client: Client) -> None:
    hers = ParticipantFactory.create()
    assert participant_from_token(participant_token(hers)) == hers
    assert client.get(f"/invitasjon/{participant_token(hers)}/").status_code == 410


def test_page_hides_her_address_and_speaks_her_language(client: Client) -> None:
    hers = ParticipantFactory.create(person__email="aase@prove.example", person__language="nn")
    page = client.get(link(hers), headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="nn"' in page
    assert "a•••@prove.example" in page
    assert "aase@prove.example" not in page


# --- The code -----------------------------------------------------------------------------------------
def test_code_goes_to_the_address_on_file(client: Client) -> None:
    hers = ParticipantFactory.create(person__email="aase@prove.example")
    client.post(link(hers), {"email": "tyv@evil.example"})
    deliver()
    (message,) = mail.outbox
    assert message.to == ["aase@prove.example"]
    assert digits(client) in message.body
    assert hers.process.title not in str(message.subject)


def test_sms_to_who_reads_no_email(client: Client, texts: list[tuple[str, str]]) -> None:
    hers = ParticipantFactory.create(person__email="", person__phone="+4790000001", person__channel="letter")
    client.post(link(hers))
    deliver()
    ((number, words),) = texts
    assert number == "+4790000001"
    assert digits(client) in words


def test_without_any_address_she_is_told_kindly(client: Client) -> None:
    hers = ParticipantFactory.create(person__email="", person__channel="letter")
    assert "papir og telefon" in client.get(link(hers)).content.decode()
    assert client.post(link(hers)).status_code == 429
    assert OneTimeCode.objects.count() == 0


def test_a_code_lets_her_sit_where_it_was_asked_for_only(client: Client) -> None:
    mine, other = ParticipantFactory.create(), ParticipantFactory.create()
    walk_in(client, mine)
    assert client.get(home(mine)).status_code == 200
    assert reverse("account_login") in client.get(home(other)).headers["Location"]


def test_guesses_run_out(client: Client) -> None:
    hers = ParticipantFactory.create()
    client.post(link(hers))
    right = digits(client)
    for guess in [f"{n:06d}" for n in range(7) if f"{n:06d}" != right][:5]:
        client.post(reverse("participant_code"), {"code": guess})
    page = client.post(reverse("participant_code"), {"code": right})
    assert page.status_code == 200
    assert IN_SESSION not in client.session


def test_new_address_or_new_link_ends_it(client: Client) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    Person.objects.filter(pk=hers.person_id).update(email="ny@prove.example")
    assert reverse("participant_code") in client.get(home(hers)).headers["Location"]
    Person.objects.filter(pk=hers.person_id).update(email=hers.person.email)
    assert client.get(home(hers)).status_code == 200
    Participant.objects.filter(pk=hers.pk).update(nonce="1" * 32)
    assert reverse("participant_code") in client.get(home(hers)).headers["Location"]


def test_leaving_ends_it_at_once(client: Client) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    participant_leave(participant=hers, by=None)
    assert client.get(home(hers)).status_code == 302
    assert reverse("account_login") in client.get(home(hers)).headers["Location"]


def test_an_hour_without_a_click_asks_for_a_new_code_and_leads_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 59 * 60)
    assert client.get(home(hers)).status_code == 200
    monkeypatch.setattr("time.time", lambda: now + 59 * 60 + 61 * 60)
    again = client.get(home(hers)).headers["Location"]
    assert again == reverse("participant_code", query={"next": home(hers)})
    assert "Er det fortsatt deg?" in client.get(again).content.decode()
    assert client.post(again, {"again": "1"}).headers["Location"] == again
    assert client.post(again, {"code": digits(client)}).headers["Location"] == home(hers)


def test_what_she_wrote_when_her_hour_ran_out_is_sent_after_the_code(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61 * 60)
    new, words = reverse("proposal_new", args=[hers.process_id]), "En benk & <b>lys</b> 💡\r\nשלום"
    stopped = client.post(new, {"text": words})
    # The browser posts the same once more, there; nothing of it stands in an address or a session.
    assert stopped.status_code == 307
    code_page = stopped.headers["Location"]
    assert "benk" not in code_page
    asked = client.post(code_page, {"text": words})
    assert "Det du skrev, er tatt vare på." in asked.content.decode()
    typing = client.post(code_page, {"again": "1", "wrote": asked.context["wrote"]})
    wrong = client.post(code_page, {"code": "000000", "wrote": typing.context["form"]["wrote"].value()})
    back = client.post(code_page, {"code": digits(client), "wrote": wrong.context["form"]["wrote"].value()})
    assert back.context["fields"] == [("text", words)]
    assert "<b>lys" not in back.content.decode()
    assert not Proposal.objects.exists()
    assert not any("benk" in str(session.get_decoded()) for session in Session.objects.all())
    client.post(back.context["action"], dict(back.context["fields"]))
    assert Proposal.objects.get().text == words


def test_what_somebody_wrote_goes_to_her_own_process_only(client: Client) -> None:
    hers = ParticipantFactory.create()
    client.post(link(hers))
    for elsewhere in ("https://evil.example/", reverse("process", args=[hers.process_id + 1])):
        astray = reverse("participant_code", query={"next": elsewhere, "skrev": "1"})
        sent = client.post(astray, {"code": digits(client), "wrote": "text=benk"})
        assert sent.headers["Location"] == home(hers)
        client.post(link(hers))


def test_a_code_of_another_group_is_not_asked_for_here(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = ParticipantFactory.create(), ParticipantFactory.create()
    walk_in(client, here)
    client.post(link(elsewhere))
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 61 * 60)
    asked = client.get(home(here)).headers["Location"]
    assert "Er det fortsatt deg?" in client.get(asked).content.decode()
    client.post(asked, {"again": "1"})
    assert client.session["one_time_code"]["participant"]["participant"] == here.pk
    assert client.post(asked, {"code": digits(client)}).headers["Location"] == home(here)


def test_nobody_sits_longer_than_a_working_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    now = time.time()
    for hours in range(1, 12):
        monkeypatch.setattr("time.time", lambda hours=hours: now + hours * 3500)
        assert client.get(home(hers)).status_code == 200
    monkeypatch.setattr("time.time", lambda: now + 12.1 * 3600)
    assert client.get(home(hers)).status_code == 302


def test_the_way_back_stays_in_her_own_process(client: Client) -> None:
    hers = ParticipantFactory.create()
    client.post(link(hers))
    astray = reverse("participant_code", query={"next": "https://evil.example/"})
    assert client.post(astray, {"code": digits(client)}).headers["Location"] == home(hers)


def test_closing_it_on_a_borrowed_phone(client: Client) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    assert "no-store" in client.get(home(hers)).headers["Cache-Control"]
    client.post(reverse("participant_out"))
    assert reverse("account_login") in client.get(home(hers)).headers["Location"]


def test_signed_in_as_another_gets_no_code(town: Town, client: Client) -> None:
    """An employee who holds a citizen's link must not end up among the citizens in her own browser."""
    client.force_login(town.coordinator.user)
    hers = ParticipantFactory.create(process__municipality=town.municipality)
    page = client.post(link(hers))
    assert OneTimeCode.objects.count() == 0
    assert "logg ut først" in page.content.decode()


def test_signing_in_puts_the_link_aside(town: Town, client: Client) -> None:
    hers = ParticipantFactory.create()
    walk_in(client, hers)
    client.force_login(town.coordinator.user)
    assert client.get(home(hers)).status_code == 404


def test_session_key_changes_when_the_code_is_right(client: Client) -> None:
    hers = ParticipantFactory.create()
    client.post(link(hers))
    before = client.session.session_key
    client.post(reverse("participant_code"), {"code": digits(client)})
    assert client.session.session_key != before


# --- Finding back -------------------------------------------------------------------------------------
def test_the_way_back_stands_where_she_looks_for_it(client: Client) -> None:
    process = ProcessFactory.create(public_at=timezone.now())
    places = (
        reverse("front"),
        reverse("account_login"),
        reverse("process_public", args=[process.public_key]),
    )
    for url in places:
        assert f'href="{reverse("participant_find")}"' in client.get(url).content.decode(), url


def test_she_finds_back_with_her_address(client: Client) -> None:
    hers = ParticipantFactory.create(person__email="aase@prove.example")
    find = reverse("participant_find")
    known = client.post(find, {"who": "AASE@prove.example"})
    unknown = client.post(find, {"who": "ingen@prove.example"})
    assert known.headers["Location"] == unknown.headers["Location"]
    deliver()
    (message,) = mail.outbox
    assert message.to == ["aase@prove.example"]
    assert link(hers) in message.body


def test_she_finds_back_with_her_number(client: Client, texts: list[tuple[str, str]]) -> None:
    hers = ParticipantFactory.create(person__email="", person__phone="+4790000001", person__channel="sms")
    client.post(reverse("participant_find"), {"who": "900 00 001"})
    deliver()
    ((number, words),) = texts
    assert number == "+4790000001"
    assert link(hers) in words


def test_who_has_left_is_sent_nothing(client: Client) -> None:
    hers = ParticipantFactory.create(person__email="aase@prove.example")
    Participant.objects.filter(pk=hers.pk).update(left_at=timezone.now(), consent_at=None)
    client.post(reverse("participant_find"), {"who": "aase@prove.example"})
    deliver()
    assert mail.outbox == []


# --- Yes and no ---------------------------------------------------------------------------------------
def test_she_says_yes_by_link(client: Client) -> None:
    hers = ParticipantFactory.create(joined_at=None, consent_at=None)
    answer = reverse("participant_answer", args=[hers.process_id])
    walk_in(client, hers)
    assert client.get(home(hers)).headers["Location"] == answer
    assert client.post(answer, {"answer": "yes", "consent": "on"}).headers["Location"] == home(hers)
    hers.refresh_from_db()
    assert hers.takes_part
    assert hers.consent_at is not None
    event = AuditEvent.objects.get(verb="participant_joined")
    assert (event.actor_id, event.on_behalf_of) == (None, "")


def test_she_says_no_and_changes_her_mind(client: Client) -> None:
    hers = ParticipantFactory.create(joined_at=None, consent_at=None)
    answer = reverse("participant_answer", args=[hers.process_id])
    walk_in(client, hers)
    client.post(answer, {"answer": "no"})
    hers.refresh_from_db()
    assert hers.declined_at is not None
    client.post(answer, {"answer": "yes"})
    hers.refresh_from_db()
    assert hers.takes_part
    assert not hers.declined_at
    assert not hers.consent_at
