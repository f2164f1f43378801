"""Every page that can be reached by links, as every actor and in every language."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from tests.crawl.walk import Page, Reader, walk
from tests.database import rolled_back
from tests.permissions import frame
from tests.permissions import world as worlds
from tests.permissions.frame import url_names
from tests.permissions.table import ACTORS, TABLE


class Missing(str):
    """Shown where a template prints what its context has not; false, so that |default still works."""

    def __bool__(self) -> bool:
        return False


INVALID = Missing("!!missing-variable!!")
# Tables a look at a page may write to: the session itself.
BOOKKEEPING = ("django_session",)
# And, once a minute, that the session is in use: a walk on a busy machine takes longer.
IN_USE = 'UPDATE "accounts_signin" SET "seen_at" = STATEMENT_TIMESTAMP() WHERE '
# And that somebody looked at a sensitive page (services/audit.py, audit_opened): looking is what is noted.
LOOKED = {"contact_shown", "errand_for_opened", "police_fact_seen"}
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?([a-z_]+)', re.IGNORECASE)
# What the permission table says an address answers whoever comes without a link.
DECLARED = {
    (cell.name, cell.actor): cell.expected
    for cell in frame.cells(TABLE, ACTORS)
    if cell.method == "GET" and cell.place in (frame.Place.OWN, frame.Place.NOWHERE)
}
# Addresses with no link to follow here, and why; each has its row in the permission table and its own tests.
NOT_LINKED = {
    "healthz": "for the load balancer",
    "invitation_open": "stands in a message",
    "reply_open": "stands in a message",
    "check_code": "stands on paper, and on the page of an agreement that is locked",
    "participant_open": "stands in a message",
    "signing_open": "stands in a message",
    "agreement_withdraw": "only when the agreement is locked",
    "agreement_archive": "only when there is a PDF to archive",
    "signing_sign": "behind the button under the agreement",
    "participant_answer": "only until she has answered",
    "calendar_feed": "pasted into a calendar programme, and shown once",
    "signal_follow_up": "only when a question is answered",
    "print_run_posted": "only when a worker has made the PDF",
    "party_names": "suggestions that a field fetches",
    "contact_confirm": "only while a code is under way",
    "care_talk_file": "stands in a message",
    "course_file": "stands in a message",
    "guardian_open": "stands in a message",
    "idea_thanks": "stands in a message",
    "sign_up_thanks": "stands in a message",
    "own_confirmation_pdf": "behind the form where she says what it shows",
    "volunteer_confirmation_pdf": "behind the form where she says what it shows",
    "own_goodbye": "only when she has left",
    "volunteer_guardian": "only for who is under 18",
    "volunteer_merge_with": "only where somebody may be the same",
    "volunteer_import_columns": "only until the sheet is saved",
    "mfa_edit_webauthn": "only with a passkey",
    "mfa_remove_webauthn": "only with a passkey",
}
# What municipalities have put out for everybody, or for all who have the link.
IN_THE_OPEN = {name for name, row in TABLE.items() if row.is_public or row.shows_its_own}
# A screen on a wall is read by all who pass: it speaks the municipality's language, whoever put it up.
ITS_TOWNS_LANGUAGE = {"wall"}
# Letters and words that English does not have. A language keeps its own name.
_NORWEGIAN = re.compile(r"(?!bokmål|Bokmål)\b\w*[æøåÆØÅ]|\b(og|ikke|eller|som|til|fra|uten|siden)\b")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    with django_db_blocker.unblock(), rolled_back():
        yield worlds.build()


@dataclass
class Walked:
    pages: list[Page]
    written: list[str]


@pytest.fixture(scope="module")
def walked(world: worlds.World) -> Callable[[str, str], Walked]:
    """What an actor meets in a language, and what was written to the database meanwhile. Walked once."""

    @cache
    def once(actor: str, language: str) -> Walked:
        written: list[str] = []

        def listen(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
            if writes(sql) and not notes_a_look(sql, params):
                written.append(sql)
            return execute(sql, params, *rest)

        with rolled_back():
            client = world.client(actor)
            led_to = []
            if actor == "by_link":
                # The portal speaks her own language, until she chooses another.
                client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
                process = world.town(frame.Place.OWN).things["process"]
                led_to.append(reverse("participant_home", args=[process.pk]))
            with connection.execute_wrapper(listen):
                pages = list(walk(client, language, *led_to))
                for page in pages if language == settings.LANGUAGE_CODE else ():
                    client.head(page.path)
        return Walked(pages, written)

    return once


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("actor", ACTORS)
def test_every_page(walked: Callable[[str, str], Walked], actor: str, language: str) -> None:
    pages = walked(actor, language).pages
    wrong = []
    for page in pages:
        allowed = {200, 301, 302, 303}
        if page.came_from == "the URL list":
            allowed |= {405, DECLARED[page.view_name, actor]}
        if page.status not in allowed:
            wrong.append(f"{page.path} gives {page.status}; linked from {page.came_from}")
        if worlds.CANARY in page.html and page.view_name not in IN_THE_OPEN:
            wrong.append(f"{page.path} shows another municipality's words")
        expected = settings.LANGUAGE_CODE if page.view_name in ITS_TOWNS_LANGUAGE else language
        if page.html and page.seen.language != expected:
            wrong.append(f"{page.path} says lang={page.seen.language}")
        if len(page.seen.ids) != len(set(page.seen.ids)):
            wrong.append(f"{page.path} has an id twice")
        dead = [k for k in page.seen.links if k.startswith("#") and len(k) > 1 and k[1:] not in page.seen.ids]
        if dead and not page.path.startswith("/komponenter/"):
            wrong.append(f"{page.path} has links to nowhere: {dead}")
    assert wrong == []
    assert len(pages) > len(ACTORS)


@pytest.mark.parametrize("actor", ACTORS)
def test_looking_changes_nothing(walked: Callable[[str, str], Walked], actor: str) -> None:
    """A GET or HEAD that writes would let a mail scanner or a prefetching browser act for a person."""
    assert walked(actor, settings.LANGUAGE_CODE).written == []


def writes(statement: str) -> bool:
    found = _WRITES.match(statement)
    own = statement.startswith(IN_USE) or (found is not None and found[1].lower() in BOOKKEEPING)
    return found is not None and not own


def notes_a_look(statement: str, params: Any) -> bool:
    return statement.startswith('INSERT INTO "core_auditevent"') and not LOOKED.isdisjoint(map(str, params))


def test_no_template_asks_for_what_is_not_there(world: worlds.World) -> None:
    """`{{ nmae }}` is silence in production and a mark here. Only what a template prints is marked."""
    engine: dict[str, Any] = settings.TEMPLATES[0]
    templates = [{**engine, "OPTIONS": {**engine["OPTIONS"], "string_if_invalid": INVALID}}]
    with rolled_back(), override_settings(TEMPLATES=templates):
        marked = [page.path for page in walk(world.client("user")) if INVALID in page.html]
    assert marked == []


def test_english_pages_hold_no_norwegian(walked: Callable[[str, str], Walked]) -> None:
    found = []
    for page in walked("anonymous", "en").pages:
        if page.path.startswith("/komponenter/"):
            continue  # examples of contents, which are Norwegian
        # In the open one meets what people wrote, in the language they wrote it.
        ours = [
            words for words in page.seen.words if not any(word in words for word in worlds.TOWNS.values())
        ]
        found += [f"{page.path}: {words}" for words in ours if _NORWEGIAN.search(words)]
    assert found == []


def test_every_page_can_be_reached(walked: Callable[[str, str], Walked]) -> None:
    """A URL with arguments that no link leads to is never looked at by this suite."""
    reached = {page.view_name for actor in ACTORS for page in walked(actor, settings.LANGUAGE_CODE).pages}
    post_only = {name for name, row in TABLE.items() if not row.get}
    assert set(url_names()) - reached - post_only == set(NOT_LINKED)


def test_reader_sees_links_ids_language_and_words() -> None:
    foreign = '<p lang="nb">Hei <i>på</i> deg<br>igjen</p>'
    seen = Reader(f'<html lang="en"><p id="a">Hi <a href="/x/">there <b>you</b></a></p>{foreign}')
    assert (seen.language, seen.links, seen.ids) == ("en", ["/x/"], ["a"])
    assert seen.words == ["Hi", "there", "you"]


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ('UPDATE "core_county" SET x', True),
        ('INSERT INTO "django_session" x', False),
        (f'{IN_USE}"accounts_signin"."session_key" = %s', False),
        ('UPDATE "accounts_signin" SET "user_id" = %s', True),
        ("SELECT 1", False),
    ],
)
def test_write_detector(statement: str, seen: bool) -> None:
    assert writes(statement) == seen
