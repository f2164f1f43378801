"""Calendar files: what people wrote stays text, lines are as short as they must be, and times are right."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from samskaping.core.ics import Event, calendar_file, calendar_response

OSLO = ZoneInfo("Europe/Oslo")
EVENT = Event(
    uid=UUID("7d1f6a52-3f4e-4f6b-9d58-0c4f7a8d1e20"),
    starts_at=datetime(2026, 10, 26, 10, 0, tzinfo=OSLO),
    ends_at=datetime(2026, 10, 26, 12, 0, tzinfo=OSLO),
    title="Turgruppa på Nes",
    changed_at=datetime(2026, 9, 1, 8, 0, tzinfo=OSLO),
)


def lines(file):
    """As a reader sees them: unfolded."""
    assert file.endswith("\r\n")
    return file.removesuffix("\r\n").replace("\r\n ", "").split("\r\n")


def value(file, name):
    (found,) = (line.split(":", 1)[1] for line in lines(file) if line.startswith(f"{name}:"))
    return found


def read_text(escaped):
    """RFC 5545, 3.3.11, backwards."""
    out, letters = "", iter(escaped)
    for letter in letters:
        if letter == "\\":
            letter = next(letters)
            out += "\n" if letter in "nN" else letter
        else:
            assert letter not in ";,\n\r"
            out += letter
    return out


def test_an_event_says_when_where_and_which_version():
    file = calendar_file([replace(EVENT, sequence=3, place="Brygga", url="https://portal.example/tilbud/7/")])
    assert lines(file) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Samskaping//Kalender//NB",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:7d1f6a52-3f4e-4f6b-9d58-0c4f7a8d1e20",
        "DTSTAMP:20260901T060000Z",
        "LAST-MODIFIED:20260901T060000Z",
        "SEQUENCE:3",
        "DTSTART:20261026T090000Z",
        "DTEND:20261026T110000Z",
        "SUMMARY:Turgruppa på Nes",
        "LOCATION:Brygga",
        "URL:https://portal.example/tilbud/7/",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_the_clock_on_the_wall_is_kept_on_both_sides_of_summer_time():
    summer = replace(EVENT, starts_at=datetime(2026, 10, 19, 10, 0, tzinfo=OSLO))
    assert value(calendar_file([summer]), "DTSTART") == "20261019T080000Z"
    assert value(calendar_file([EVENT]), "DTSTART") == "20261026T090000Z"


def test_a_cancelled_event_says_so():
    assert value(calendar_file([replace(EVENT, is_cancelled=True)]), "STATUS") == "CANCELLED"


def test_what_people_wrote_never_becomes_a_line():
    wicked = "Tur\r\nBEGIN:VALARM\nACTION:AUDIO\u2028END:VEVENT\x00;,\\n"
    file = calendar_file([replace(EVENT, title=wicked, place=wicked, about=wicked)], name=wicked)
    assert not any(line.startswith(("BEGIN:VALARM", "ACTION", " ")) for line in lines(file))
    assert [line for line in lines(file) if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert read_text(value(file, "SUMMARY")) == "Tur\nBEGIN:VALARM\nACTION:AUDIO\nEND:VEVENT;,\\n"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300))
def test_any_text_comes_back_as_it_was_on_lines_of_75_octets(text):
    file = calendar_file([replace(EVENT, title=text)])
    assert read_text(value(file, "SUMMARY")) == text
    assert all(len(line) <= 75 for line in file.encode().split(b"\r\n"))
    # Each line by itself is whole letters.
    assert b"".join(file.encode().split(b"\r\n ")).decode()
    for line in file.encode().split(b"\r\n"):
        line.decode()


def test_a_feed_has_a_name_and_a_file_none():
    assert (
        value(calendar_file([], name="Fjordvik, min kalender"), "X-WR-CALNAME") == "Fjordvik\\, min kalender"
    )
    assert "X-WR-CALNAME" not in calendar_file([])


def test_the_answer_is_a_file():
    response = calendar_response([EVENT], file="mote")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="mote.ics"'
