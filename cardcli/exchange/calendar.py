"""Calendars in: appointments of other programs as visits (iCalendar, RFC 5545).

Whose an appointment is, is told by our own id in it, a guest, a phone number, or what the title says
beside a service. Nobody is made of a title: a client who is not there is named in the report. Each
event is read by itself, so that a damaged one harms no other.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import Any

from cardcli import ids
from cardcli.exchange import cells, decoding, recurring, spelling
from cardcli.exchange.incoming import (
    LONGEST,
    Incoming,
    IncomingEntry,
    Noted,
    Options,
    Skipped,
    Told,
)
from cardcli.language import _
from cardcli.text import fold
from cardcli.tuples import NamedTuple

_OURS = re.compile(rf"({ids.PATTERN})-({ids.PATTERN})@cardcli")
_REMINDER = "@cardcli"
_BOUND = re.compile(r"^(BEGIN|END):(VEVENT|VTODO)\s*$", re.IGNORECASE | re.MULTILINE)
_ZONE = re.compile(r"^X-WR-TIMEZONE:(\S+)", re.MULTILINE)
_APART = re.compile(r"\s+[-–—|/]\s+|\s*[:;,(]\s*|\)")
_NAME = re.compile(r"[A-ZА-ЯЁ][\w'’-]+(?:\s+[A-ZА-ЯЁ][\w'’.-]*){0,2}")
_PHONE = re.compile(r"(?:\+|\b[78])[\d ()-]{9,17}\d|\(\d{3,4}\)[\d -]{6,9}\d")
_DAY_MINUTES = 1440
_CANCELLED = "CANCELLED"


class Calendar:
    """The codec of iCalendar."""

    name = "ics"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether a calendar begins near the beginning of *data*."""
        start = data[:4096].replace(b"\0", b"").upper()
        return b"BEGIN:VCALENDAR" in start or (
            name.lower().endswith(".ics") and b"BEGIN:V" in start
        )

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the appointments of a file."""
        text = decoding.decode(data, options.encoding).text.replace("\r\n", "\n")
        zone = _named_zone(found[1]) if (found := _ZONE.search(text)) else None
        events = list(_events(text))
        moved = recurring.moved(event for _line, event, _whole in events)
        for line, event, whole in events:
            place = f"{name}:{line}"
            if not whole:
                yield Skipped(place, _("END:VEVENT is missing; the file may be cut off"))
                continue
            if len(event) > LONGEST:
                yield Skipped(place, _("it is too long for an appointment"))
                continue
            yield _appointment(event, place, _Reading(zone, moved, options))
        if not events:
            yield Noted(name, _("there is no appointment in this file"))


CODEC = Calendar()


def _events(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line, text and wholeness of each event, from one BEGIN to its END or the next BEGIN."""
    begun = None
    for match in _BOUND.finditer(text):
        if match[1].upper() == "BEGIN":
            if begun is not None:
                yield _line(text, begun), text[begun : match.start()], False
            begun = match.start()
        elif begun is not None:
            yield _line(text, begun), text[begun : match.end()], True
            begun = None
    if begun is not None:
        yield _line(text, begun), text[begun:], False


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


class _Reading(NamedTuple):
    """What reading an event depends on besides the event."""

    zone: dt.tzinfo | None
    moved: recurring.Moved
    options: Options

    def wall(self, moment: dt.date) -> dt.date:
        """Return a moment as a clock on the wall shows it."""
        return _local(moment, self.zone)


def _appointment(text: str, place: str, reading: _Reading) -> Told:
    from icalendar import Component

    try:
        event = Component.from_ical(text)
        start = event.decoded("DTSTART") if "DTSTART" in event else None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        return Skipped(place, _("the event cannot be read: {reason}").format(reason=error))
    uid = str(event.get("UID", ""))
    ours = _OURS.fullmatch(uid)
    if event.name != "VEVENT":
        return Skipped(place, _("it is a task, not an appointment"))
    if uid.endswith(_REMINDER) and not ours:
        return Skipped(place, _("it is a reminder that cardcli wrote itself"))
    if str(event.get("STATUS", "")).upper() == _CANCELLED:
        return Skipped(place, _("the appointment is cancelled"))
    if not isinstance(start, dt.date):
        return Skipped(place, _("there is no date in it"))
    if not isinstance(start, dt.datetime) and "YEARLY" in _frequency(event):
        return Skipped(
            place, _("it is a whole day of every year, as birthdays are, no appointment")
        )
    return _told(event, start, ours, place, reading)


def _frequency(event: Any) -> list[str]:
    rule = event.get("RRULE")
    return list(rule.get("FREQ", [])) if isinstance(rule, dict) else []


def _told(
    event: Any,
    start: dt.date,
    ours: re.Match[str] | None,
    place: str,
    reading: _Reading,
) -> Told:
    about = _about(event, reading.options)
    fields = {}
    if minutes := _minutes(event, start):
        fields["duration"] = str(minutes)
    if ours:
        times = [reading.wall(start)]
    else:
        times = recurring.times(event, start, reading.wall, reading.moved, reading.options.today)
    entries = tuple(
        IncomingEntry(
            kind="visit",
            date=f"{each:%Y-%m-%d}",
            time=f"{each:%H:%M}" if isinstance(each, dt.datetime) else "",
            title=about.service,
            fields=fields,
            text=_text(event, "DESCRIPTION"),
            id=ours[2] if ours else "",
        )
        for each in times
    )
    if not (ours or about.values):
        return Skipped(place, _("“{title}” names no client").format(title=_text(event, "SUMMARY")))
    if not times:
        return Skipped(place, _("it repeats, and none of its times is left"))
    unknown = {"LOCATION": [_text(event, "LOCATION")]} if _text(event, "LOCATION") else {}
    return Incoming(
        values=about.values,
        place=place,
        entries=entries,
        id=ours[1] if ours else "",
        unknown=unknown,
        remarks=(_repetition(times),) if "RRULE" in event or "RDATE" in event else (),
        belongs=True,
    )


def _repetition(times: Sequence[dt.date]) -> str:
    if len(times) == 1:
        return _("it repeats; only the first time is taken")
    sentence = _("it repeats; {count} times are taken, the last on {date}")
    return sentence.format(count=len(times), date=f"{times[-1]:%Y-%m-%d}")


class _About(NamedTuple):
    """Whose an appointment is, and what is done."""

    values: dict[str, list[tuple[str, str]]]
    service: str


def _about(event: Any, options: Options) -> _About:
    summary = " ".join(_text(event, "SUMMARY").split())
    values: dict[str, list[tuple[str, str]]] = {}
    name, email = _guest(event)
    if phone := _PHONE.search(f"{summary}\n{_text(event, 'DESCRIPTION')}"):
        found = [each.value for each in cells.phones(phone[0])] or [phone[0]]
        values["phones"] = [("", found[0])]
        summary = " ".join(summary.replace(phone[0], " ").split())
    if email:
        values["emails"] = [("", email)]
    title_name, service = _split(summary, options)
    name = name or title_name
    if name and not ("phones" in values and fold(name) == fold(service)):
        values["name"] = [("", name)]
    if not title_name:
        service = summary if service == "" else service
    return _About(values, service)


def _guest(event: Any) -> tuple[str, str]:
    """Return name and e-mail of the guest; who invites is the salon itself."""
    listed = event.get("ATTENDEE", [])
    organizer = _address(event.get("ORGANIZER", ""))
    for each in listed if isinstance(listed, list) else [listed]:
        email = _address(each)
        if email != organizer:
            name = str(getattr(each, "params", {}).get("CN", ""))
            return ("" if "@" in name else name), email
    return "", ""


def _address(value: Any) -> str:
    text = str(value)
    return text[7:].strip() if text.lower().startswith("mailto:") else ""


def _split(summary: str, options: Options) -> tuple[str, str]:
    """Return the name and the service that a title says; "" for what it does not say.

    A service of the catalogue is known; otherwise a part of capitalised words is the name.
    """
    known = sorted(options.services, key=len, reverse=True)
    for service in known:
        place = fold(summary).find(fold(service))
        if place >= 0 and len(fold(summary)) == len(summary):
            rest = (summary[:place] + " " + summary[place + len(service) :]).strip(" -–—|/:;,()")
            return " ".join(rest.split()), service
    parts = [part.strip() for part in _APART.split(summary) if part.strip()]
    named = [part for part in parts if _NAME.fullmatch(part)]
    if len(parts) == 1 and (among := spelling.apart(summary))[0]:
        return among
    if len(parts) == 1 and not named:
        return "", summary
    whole = max(named, key=lambda part: (len(part.split()) > 1, -parts.index(part)), default="")
    return whole, ", ".join(part for part in parts if part != whole)


def _local(start: dt.date, zone: dt.tzinfo | None) -> dt.date:
    """Return the moment as a clock on the wall shows it: that of its own zone, else of the calendar's."""
    if isinstance(start, dt.datetime) and start.tzinfo is not None:
        return start.astimezone(zone) if start.utcoffset() == dt.timedelta() else start
    return start


def _named_zone(name: str) -> dt.tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _minutes(event: Any, start: dt.date) -> int:
    """Return how long it takes, 0 when that is not said or a whole day."""
    try:
        if "DURATION" in event:
            long = event.decoded("DURATION")
        elif "DTEND" in event and isinstance(start, dt.datetime):
            long = event.decoded("DTEND") - start
        else:
            return 0
        minutes = int(long.total_seconds() // 60)
    except (ValueError, TypeError, AttributeError):
        return 0
    return minutes if 0 < minutes < _DAY_MINUTES else 0


def _text(event: Any, key: str) -> str:
    value = event.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value).strip()
