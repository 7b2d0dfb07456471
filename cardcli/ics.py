"""Days to remember as a calendar file: iCalendar (RFC 5545), the same bytes for the same days.

All-day events, or to-dos, each with an alarm at nine in the morning of the reader's own time zone;
appointments have their time of day and an alarm an hour before.
DTSTAMP is the day itself at midnight UTC, not the moment of writing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PRODUCT = "-//cardcli//cardcli//EN"
_OCTETS = 75
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_SPECIAL = re.compile(r"[\\;,]")
_ALARM, _HOUR_BEFORE = "PT9H", "-PT1H"


@dataclass(frozen=True, slots=True)
class Day:
    """One thing to remember on a day; ``uid`` stays the same when the day moves.

    With a ``time`` of day it is an appointment, ``minutes`` long if that is known.
    """

    uid: str
    date: dt.date
    summary: str
    description: str = ""
    category: str = ""
    time: dt.time | None = None
    minutes: int = 0


def calendar(days: Iterable[Day], *, todo: bool = False) -> bytes:
    """Return a calendar of all-day events, or of to-dos that are due on these days."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    for day in days:
        lines += _todo(day) if todo else _event(day)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _event(day: Day) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield from _common(day)
    if day.time is None:
        yield f"DTSTART;VALUE=DATE:{_date(day.date)}"
        yield "TRANSP:TRANSPARENT"
        yield from _alarm(day, f"TRIGGER:{_ALARM}")
    else:  # by the clock on the wall, wherever it is read
        yield f"DTSTART:{_date(day.date)}T{day.time:%H%M%S}"
        if day.minutes:
            yield f"DURATION:PT{day.minutes}M"
        yield from _alarm(day, f"TRIGGER:{_HOUR_BEFORE}")
    yield "END:VEVENT"


def _todo(day: Day) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield from _common(day)
    yield f"DUE;VALUE=DATE:{_date(day.date)}"
    yield "STATUS:NEEDS-ACTION"
    yield from _alarm(day, f"TRIGGER;RELATED=END:{_ALARM}")
    yield "END:VTODO"


def _common(day: Day) -> Iterator[str]:
    yield f"UID:{escaped(day.uid)}"
    yield f"DTSTAMP:{_date(day.date)}T000000Z"
    yield f"SUMMARY:{escaped(day.summary)}"
    if day.description:
        yield f"DESCRIPTION:{escaped(day.description)}"
    if day.category:
        yield f"CATEGORIES:{escaped(day.category)}"


def _alarm(day: Day, trigger: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escaped(day.summary)}"
    yield trigger
    yield "END:VALARM"


def _date(day: dt.date) -> str:
    return day.isoformat().replace("-", "")


def escaped(value: str) -> str:
    """Escape a text value (RFC 5545, 3.3.11); control characters are dropped."""
    clean = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\t", " "))
    return _SPECIAL.sub(r"\\\g<0>", clean).replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """Yield the parts of a line, at most 75 octets each with the blank that continues one (3.1)."""
    part, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _OCTETS:
            yield part
            part, size = " ", 1
        part += char
        size += octets
    yield part
