"""Letters on paper: one PDF of all that wait, posted, undone; and whose letters one may print."""

import io
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Notice, Person, PrintRun, Reply
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.services.letter import letters_not_posted, letters_posted, letters_print
from samskaping.accounts.permissions import Role
from samskaping.core.errors import StateChanged
from samskaping.core.models import AuditEvent, StoredFile
from samskaping.core.models.outbox import OutboxState
from tests.factories import notices
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db

HOME = {"street": "Prøveveien 1", "postal_code": "9901", "post_town": "Fjordvik"}


def reader(town: Town, **fields: Any) -> Person:
    return PersonFactory.create(municipality=town.municipality, channel=Channel.LETTER, **{**HOME, **fields})


def letter(person: Person, **fields: Any) -> Notice:
    return notices.notice(person, **{"channel": Channel.LETTER, "state": NoticeState.LISTED, **fields})


def printed(town: Town, *letters: Notice) -> PrintRun:
    (run,) = letters_print(notices=letters, by=town.coordinator.user)
    assert deliver() == [OutboxState.SENT]
    run.refresh_from_db()
    return run


def pages(run: PrintRun) -> int:
    assert run.file is not None
    with pikepdf.open(io.BytesIO(bytes(run.file.content))) as found:
        return len(found.pages)


def state(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).state


# --- From list to letter box ------------------------------------------------------------------------
def test_all_letters_in_one_file_then_posted_then_undone(client: Client, town: Town) -> None:
    one, other = letter(reader(town, name="Åse Nordmann")), letter(reader(town, language="en"))
    client.force_login(town.coordinator.user)
    answer = client.post(reverse("letters_print"))
    run = PrintRun.objects.get()
    page = reverse("print_run", args=[run.pk])
    assert answer.headers["Location"] == page
    assert 'data-hx-trigger="every' in client.get(page).content.decode()
    deliver()
    run.refresh_from_db()
    shown = client.get(page).content.decode()
    assert "data-hx-trigger" not in shown
    assert "Åse Nordmann" in shown
    assert pages(run) == 2
    assert run.file is not None
    assert run.file.expires_at is not None
    download = client.get(reverse("stored_file", args=[run.file_id]))
    assert (download.status_code, download["Content-Type"]) == (200, "application/pdf")
    assert download["Content-Disposition"].startswith("attachment")
    assert timedelta(days=29) < run.file.expires_at - timezone.now() < timedelta(days=31)
    assert state(one) == NoticeState.LISTED
    assert "2 brev" in client.get(reverse("print_run_posted", args=[run.pk])).content.decode()
    client.post(reverse("print_run_posted", args=[run.pk]))
    one.refresh_from_db()
    assert (one.state, one.done_by, one.print_run) == (NoticeState.SENT, town.coordinator.user, run)
    client.post(reverse("print_run_not_posted", args=[run.pk]))
    assert {state(one), state(other)} == {NoticeState.LISTED}
    verbs = AuditEvent.objects.filter(object_type="partnerships.printrun").values_list("verb", flat=True)
    assert set(verbs) == {"letters_printed", "letters_posted", "letters_not_posted"}


def test_letter_is_in_its_readers_language(
    client: Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def keep(_template: str, context: dict[str, Any], **_rest: Any) -> bytes:
        seen.extend(context["letters"])
        return b"%PDF-"

    monkeypatch.setattr("samskaping.core.pdf.render", keep)
    printed(
        town, letter(reader(town, language="nn")), letter(reader(town, language="en", postal_code="0001"))
    )
    assert [each["language"] for each in seen] == ["en", "nn"]
    assert {each["place"] for each in seen} == {"0001 Fjordvik", "9901 Fjordvik"}


def test_letter_nobody_needs_any_more_is_left_out(town: Town) -> None:
    kept, gone = letter(reader(town)), letter(reader(town))
    (run,) = letters_print(notices=[kept, gone], by=town.coordinator.user)
    Person.objects.filter(pk=gone.person_id).update(name=notices.GONE)
    deliver()
    run.refresh_from_db()
    assert pages(run) == 1
    assert (state(kept), state(gone)) == (NoticeState.LISTED, NoticeState.DROPPED)


def test_no_letter_needed_makes_no_file(client: Client, town: Town) -> None:
    gone = letter(reader(town))
    (run,) = letters_print(notices=[gone], by=town.coordinator.user)
    Person.objects.filter(pk=gone.person_id).update(name=notices.GONE)
    assert deliver() == [OutboxState.DROPPED]
    run.refresh_from_db()
    assert (run.file, run.problem, StoredFile.objects.count()) == (None, "nothing_left", 0)


def test_worker_twice_makes_one_file(town: Town) -> None:
    from partnerships.services.letter import render
    from samskaping.core.models import Outbox

    run = printed(town, letter(reader(town)))
    assert render(Outbox.objects.get(kind="letters")) is False
    assert StoredFile.objects.count() == 1
    assert run.notices.count() == 1


def test_posted_once_and_undone_within_a_day(town: Town) -> None:
    run = printed(town, letter(reader(town)))
    letters_posted(run=run, by=town.coordinator.user)
    with pytest.raises(StateChanged):
        letters_posted(run=run, by=town.coordinator.user)
    PrintRun.objects.filter(pk=run.pk).update(posted_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(StateChanged):
        letters_not_posted(run=run, by=town.coordinator.user)


def test_not_posted_before_it_is_made(town: Town) -> None:
    (run,) = letters_print(notices=[letter(reader(town))], by=town.coordinator.user)
    with pytest.raises(StateChanged):
        letters_posted(run=run, by=town.coordinator.user)


# --- Whose letters ------------------------------------------------------------------------------------
def test_each_controllers_letters_are_a_file_of_their_own(town: Town) -> None:
    own = letter(reader(town))
    theirs = letter(reader(town, controller_organisation=town.organisation))
    runs = letters_print(notices=[own, theirs], by=town.coordinator.user)
    assert len(runs) == 2
    for user, mine in (
        (town.coordinator.user, own),
        (member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation).user, theirs),
    ):
        seen = PrintRun.objects.visible_to(user)
        assert [list(run.notices.all()) for run in seen] == [[mine]]


def test_list_shows_ones_own_and_never_the_neighbours(client: Client, town: Town, neighbour: Town) -> None:
    letter(reader(town, name="Min Egen"))
    letter(reader(neighbour, name="Naboens Egen"))
    letter(reader(town, name="Lagets Egen", controller_organisation=town.organisation))
    client.force_login(town.coordinator.user)
    page = client.get(reverse("letters")).content.decode()
    assert "Min Egen" in page
    assert "Naboens" not in page
    assert "Lagets" not in page


def test_file_is_for_those_who_send_for_the_same_people(client: Client, town: Town, neighbour: Town) -> None:
    run = printed(town, letter(reader(town)))
    representative = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    for user, status in (
        (town.coordinator.user, 200),
        (representative.user, 404),
        (neighbour.coordinator.user, 404),
    ):
        client.force_login(user)
        assert client.get(reverse("stored_file", args=[run.file_id])).status_code == status


def test_run_whose_file_is_gone_says_so(client: Client, town: Town) -> None:
    run = printed(town, letter(reader(town)))
    assert run.file is not None
    run.file.delete()
    client.force_login(town.coordinator.user)
    page = client.get(reverse("print_run", args=[run.pk])).content.decode()
    assert "Lag en ny fra lista" in page
    assert "data-hx-trigger" not in page


# --- Address and answers ---------------------------------------------------------------------------------
def test_who_lacks_an_address_is_not_printed_and_can_be_given_one(client: Client, town: Town) -> None:
    lacking = letter(reader(town, name="Uten Adresse", street=""))
    client.force_login(town.coordinator.user)
    assert "Legg inn adressen til Uten Adresse" in client.get(reverse("letters")).content.decode()
    with pytest.raises(StateChanged):
        letters_print(notices=[lacking], by=town.coordinator.user)
    form = {"street": "Nyveien 2", "postal_code": "9901", "post_town": "Fjordvik"}
    page = reverse("post_address", args=[lacking.person_id])
    assert client.post(page, {**form, "postal_code": "99"}).status_code == 200
    assert client.post(page, form).status_code == 302
    event = AuditEvent.objects.get(verb="profile_changed")
    assert event.on_behalf_of == f"partnerships.person:{lacking.person_id}"
    assert "Nyveien" not in str(event.data)
    assert pages(printed(town, lacking)) == 1


def test_letter_that_lacked_an_address_comes_on_the_list(client: Client, town: Town) -> None:
    failed = letter(reader(town, street=""), state=NoticeState.FAILED, problem="no_address")
    client.force_login(town.coordinator.user)
    page = reverse("post_address", args=[failed.person_id])
    assert page in client.get(reverse("letters")).content.decode()
    client.post(page, {"street": "Nyveien 2", "postal_code": "9901", "post_town": "Fjordvik"})
    assert state(failed) == NoticeState.LISTED


def test_answer_on_paper_is_noted_for_her(client: Client, town: Town) -> None:
    run = printed(town, letter(reader(town, name="Åse Nordmann")))
    letters_posted(run=run, by=town.coordinator.user)
    client.force_login(town.coordinator.user)
    assert "Noter svar fra Åse Nordmann" in client.get(reverse("letters")).content.decode()
    notice = run.notices.get()
    page = reverse("letter_answer", args=[notice.pk])
    assert "Kommer du på torsdag?" in client.get(page).content.decode()
    client.post(page, {"answer": "yes"})
    assert Reply.objects.get().noted_by == town.coordinator.user
    assert "Noter svar fra" not in client.get(reverse("letters")).content.decode()
