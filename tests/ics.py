"""A calendar file read as strictly as RFC 5545 lets a programme be: whatever breaks a rule fails the test."""

import re
from datetime import UTC, datetime

_LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:\",]+)*):(.*)", re.DOTALL)
_ONCE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS")
_TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME")


def read(file: bytes) -> list[dict[str, str]]:
    """Its events, each with its values; texts as people wrote them."""
    assert file.endswith(b"\r\n")
    raw = file.removesuffix(b"\r\n").split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in raw)
    assert not any(octet in line for line in raw for octet in (b"\r", b"\n", b"\x00"))
    lines: list[str] = []
    for line in (one.decode() for one in raw):
        if line.startswith(" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    events, head = _events(lines[1:-1])
    assert head["VERSION"] == "2.0"
    assert head["PRODID"]
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert all(name in event for name in _ONCE)
        assert _moment(event["DTSTART"]) < _moment(event["DTEND"])
        _moment(event["DTSTAMP"])
        assert event["STATUS"] in ("CONFIRMED", "CANCELLED", "TENTATIVE")
        assert int(event["SEQUENCE"]) >= 0
    return events


def _events(lines: list[str]) -> tuple[list[dict[str, str]], dict[str, str]]:
    events: list[dict[str, str]] = []
    head: dict[str, str] = {}
    inside = False
    for line in lines:
        if line in ("BEGIN:VEVENT", "END:VEVENT"):
            assert inside == (line == "END:VEVENT")
            inside = not inside
            if inside:
                events.append({})
            continue
        found = _LINE.fullmatch(line)
        assert found, line
        name, _parameters, value = found.groups()
        assert name not in ("BEGIN", "END"), line
        place = events[-1] if inside else head
        assert name not in place, f"{name} twice"
        place[name] = text(value) if name in _TEXTS else value
    assert not inside
    return events, head


def text(escaped: str) -> str:
    """RFC 5545, 3.3.11, backwards."""
    out, letters = "", iter(escaped)
    for letter in letters:
        if letter == "\\":
            letter = next(letters)
            assert letter in "\\;,nN"
            out += "\n" if letter in "nN" else letter
        else:
            assert letter not in ";,\n\r"
            out += letter
    return out


def _moment(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
