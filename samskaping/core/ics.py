"""Calendar files as calendar programmes read them (RFC 5545): events with fixed times, and nothing else.

What people wrote stays text: a line break or `BEGIN:VALARM` in a title is escaped, and never becomes a line
of its own. Times are written in UTC: who moves a meeting across summer time works the moment out anew from
the clock on the wall, and the programme shows that clock again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse

CONTENT_TYPE = "text/calendar; charset=utf-8"
_OCTETS = 75
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Event:
    """`uid` stays as long as it is the same event; `sequence` goes up when time or place changes or it is
    cancelled. `url` is a whole address."""

    uid: UUID
    starts_at: datetime
    ends_at: datetime
    title: str
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    about: str = ""
    url: str = ""
    is_cancelled: bool = False


def calendar_file(events: Iterable[Event], *, name: str = "") -> str:
    """One file. With a name it is a feed, which programmes read again twice a day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Samskaping//Kalender//NB", "CALSCALE:GREGORIAN"]
    # Told, not asked about: nobody's programme should answer us by e-mail.
    lines.append("METHOD:PUBLISH")
    if name:
        lines += [f"{key}:{_text(name)}" for key in ("NAME", "X-WR-CALNAME")]
        lines += ["REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def calendar_response(events: Iterable[Event], *, name: str = "", file: str = "kalender") -> HttpResponse:
    """The file as an answer to whoever asked; `file` is its name without the ending."""
    response = HttpResponse(calendar_file(events, name=name), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file}.ics"'
    return response


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.ends_at)}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.place:
        yield f"LOCATION:{_text(event.place)}"
    if event.about:
        yield f"DESCRIPTION:{_text(event.about)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return _CONTROLS.sub("", _BREAKS.sub("\\\\n", escaped))


def _folded(line: str) -> Iterator[str]:
    """At most 75 octets a line; what goes on begins with a space. No letter is cut in two."""
    part, octets = "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > _OCTETS:
            yield part
            part, octets = " ", 1
        part += letter
        octets += size
    yield part
