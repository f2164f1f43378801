"""Every way staff are told of meetings: asked while the citizens keep theirs, and when they have shown it.

The second asking is why the first can be believed: the same page, file or sheet, with the word in it.
"""

import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Meeting, Notice, Person
from partnerships.models.meeting import MeetingKind
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.notice import says
from partnerships.services.letter import letter_of
from partnerships.services.meeting import meeting_change
from partnerships.services.notice import notices_derive
from samskaping.core import pdf
from samskaping.core.privacy import export_of
from tests.database import rolled_back
from tests.permissions.frame import Place
from tests.permissions.world import ALONE_CANARY, OWN_WORD, PARTICIPANTS_CANARY, Town, World

# Who convenes is told most of all; what is sent is the coordinator's to see.
STAFF, SENDER = "unit_leader", "coordinator"


@pytest.fixture(autouse=True)
def town(world: World) -> Iterator[Town]:
    """A move of the citizens' own that waits for staff's hands. What a test changes is undone."""
    with rolled_back():
        here = world.town(Place.OWN)
        hers = here.things["by_link"].person
        Person.objects.filter(pk=hers.pk).update(
            street="Bakken 1", postal_code="9901", post_town="Prøvevik", phone="+4755500111"
        )
        process = here.things["process"]
        process.convener = here.members[STAFF].person
        process.save()
        coming = Meeting.objects.get(pk=here.things["own_coming"].pk)
        meeting_change(
            meeting=coming, version=coming.version, changes={"place": f"{ALONE_CANARY} kjeller"}, by=None
        )
        # Long enough ago that a day should be chosen.
        asked = Meeting.objects.filter(pk=here.things["own_poll"].pk)
        asked.update(asked_at=timezone.now() - timedelta(days=10))
        notices_derive(timezone.localdate())
        yield here


def page(name: str, *keys: str, actor: str = STAFF, query: str = "") -> Callable[[World, Path], str]:
    """What it answers; `keys` are of things in her own municipality, beside the process's."""

    def told(world: World, _folder: Path) -> str:
        things = world.town(Place.OWN).things
        url = reverse(name, args=[things[key].pk for key in keys]) + query
        return str(world.client(actor).get(url, follow=True).content.decode())

    return told


def month(world: World, folder: Path) -> str:
    own = world.town(Place.OWN).things["own_coming"]
    at = timezone.localdate(own.starts_at)
    return "".join(
        page("calendar", query=f"?maned={at:%Y-%m}{more}")(world, folder) for more in ("", "&som=liste")
    )


def feed(world: World, _folder: Path) -> str:
    secret = world.town(Place.OWN).things["calendar_secret"].text
    return str(world.client("anonymous").get(reverse("calendar_feed", args=[secret])).content.decode())


def trace_of_it(world: World, _folder: Path) -> str:
    url = reverse("object_history", args=["mote", world.town(Place.OWN).things["own_coming"].pk])
    return str(world.client(SENDER).get(url).content.decode())


def moved(world: World, channel: Channel) -> Notice:
    """What tells her of the move, as it waits in this channel."""
    call = world.town(Place.OWN).things["own_coming"].calls.latest("number")
    hers = world.town(Place.OWN).things["by_link"].person
    notice = Notice.objects.get(kind="meeting_changed", person=hers, object_id=str(call.pk))
    notice.channel, notice.state, notice.tell_on = channel, NoticeState.LISTED, timezone.localdate()
    notice.save()
    return notice


def notice_page(world: World, _folder: Path) -> str:
    notice = moved(world, Channel.LETTER)
    answer = world.client(SENDER).get(reverse("notice_page", args=[notice.pk]))
    assert answer.status_code == 200
    return f"{answer.content.decode()}{says(notice)}"


def call_sheet(world: World, _folder: Path) -> str:
    notice = moved(world, Channel.PHONE)
    listed, answer = (
        world.client(SENDER).get(url) for url in (reverse("calls"), reverse("call", args=[notice.pk]))
    )
    assert answer.status_code == 200
    return str(listed.content.decode() + answer.content.decode())


def letter(world: World, folder: Path) -> str:
    """On paper, as it is put in an envelope."""
    made = letter_of(moved(world, Channel.LETTER))
    assert made is not None
    (folder / "letters.pdf").write_bytes(
        pdf.render("letters", {"letters": [made]}, language="nb", title="Brev")
    )
    read = subprocess.run(
        ["pdftotext", "letters.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert PARTICIPANTS_CANARY in read.stdout
    return read.stdout


def copy_of_her_data(world: World, _folder: Path) -> str:
    hers = world.town(Place.OWN).things["by_link"].person
    return "".join(f"{row}" for section in export_of(hers, herself=False) for row in section.rows)


WAYS: dict[str, Callable[[World, Path], str]] = {
    "its page": page("meeting", "process", "own_meeting"),
    "the minutes": page("minutes", "process", "own_meeting"),
    "the minutes in large print": page("minutes", "process", "own_meeting", query="?stor=1"),
    "its file for a calendar": page("meeting_calendar", "process", "own_coming"),
    "the list of meetings": page("meetings", "process"),
    "the page of the process": page("process", "process"),
    "what waits for her": page("home"),
    "the calendar": month,
    "the feed": feed,
    "its trace": trace_of_it,
    "the trace of all": page("history", actor=SENDER),
    "the page of a notice": notice_page,
    "the list of calls, and a call": call_sheet,
    "a letter": letter,
    "a copy of her data others make": copy_of_her_data,
}


@pytest.mark.parametrize("name", WAYS)
def test_is_told_only_when_they_have_shown_it(world: World, tmp_path: Path, name: str) -> None:
    assert ALONE_CANARY not in WAYS[name](world, tmp_path)
    Meeting.objects.filter(kind=MeetingKind.CITIZENS).update(shared_at=timezone.now())
    assert ALONE_CANARY in WAYS[name](world, tmp_path)


@pytest.mark.parametrize("name", ["processes", "proposals", "partnerships", "organisations"])
def test_no_search_finds_its_words(world: World, name: str) -> None:
    """They give what words that stand nowhere give; words that stand there give something else."""
    client = world.client(SENDER)
    path = (world.town(Place.OWN).things["process"].pk,) if name == "proposals" else ()

    def found(word: str) -> int:
        answer = client.get(reverse(name, args=path), {"q": word})
        assert answer.status_code == 200
        return len(answer.content.decode().replace(word, ""))

    nothing = found("finnesikke")
    assert found(ALONE_CANARY) == nothing
    assert found(OWN_WORD) != nothing


def test_what_tells_her_is_whole(world: World) -> None:
    """To her own e-mail goes every word of what the letter hides."""
    notice = moved(world, Channel.LETTER)
    source: Any = source_of(notice.kind)
    assert ALONE_CANARY in f"{source.words(notice, source.about(notice))}"
