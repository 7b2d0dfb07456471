"""The times of a recurring appointment (RFC 5545, 3.3.10): by the clock on the wall, and never endless.

Of a series with an end all times are told, of one without all up to today and the next one. Times
that the series leaves out, or that an event of its own moves, are no times of the series.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

_MOST = 500
"""Times of a series that can still be visits of one client."""
_AHEAD = dt.timedelta(days=5 * 366)
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_FOLD = re.compile(r"\n[ \t]")
_UID = re.compile(r"^UID[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_MOVED = re.compile(r"^RECURRENCE-ID[^:\n]*:(\d{8})(?:T(\d{6})(Z?))?", re.MULTILINE | re.IGNORECASE)

Wall = Callable[[dt.date], dt.date]
"""What turns a moment into what a clock on the wall shows, with or without a time of day."""
Moved = Mapping[str, list[dt.date]]
"""The times, by the UID of their series, that events of their own tell of."""


def moved(events: Iterable[str]) -> Moved:
    """Return the times of series that are told of by an event of their own: moved, or cancelled."""
    found: defaultdict[str, list[dt.date]] = defaultdict(list)
    for each in events:
        text = _FOLD.sub("", each)
        uid, match = _UID.search(text), _MOVED.search(text)
        if uid and match:
            try:
                found[uid[1].strip()].append(_moment(*match.groups()))
            except ValueError:
                continue
    return found


def _moment(day: str, clock: str | None, utc: str) -> dt.date:
    if not clock:
        return dt.datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    found = dt.datetime.strptime(day + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 - a clock on the wall
    return dt.datetime.combine(found, found.time(), dt.UTC) if utc else found


def times(event: Any, start: dt.date, wall: Wall, gone: Moved, today: dt.date) -> list[dt.date]:
    """Return the times of an event from *start* on, the first one alone where the rule cannot be read."""
    first = _naive(wall(start))
    rule, more = event.get("RRULE"), _listed(event, "RDATE")
    read = isinstance(rule, Mapping) and {*rule.get("FREQ", [])} <= _FREQUENCIES
    if not (read or more):
        return [wall(start)]
    excluded = _listed(event, "EXDATE")
    without = {_naive(wall(each)) for each in (*excluded, *gone.get(str(event.get("UID", "")), []))}
    days = {each for each in excluded if not isinstance(each, dt.datetime)}
    series = {first, *(_naive(wall(each)) for each in more[:_MOST])}
    if read:
        series |= {*_series(rule, first, wall, today)}
    return [
        each if isinstance(start, dt.datetime) else each.date()
        for each in sorted(series)
        if each not in without and each.date() not in days
    ]


def _series(
    rule: Mapping[str, list[Any]], first: dt.datetime, wall: Wall, today: dt.date
) -> Iterator[dt.datetime]:
    """Yield the times of a rule, as naive ones: the clock on the wall stays when the zone's changes."""
    from dateutil.rrule import rrulestr
    from icalendar import vRecur

    written: Any = vRecur({key: value for key, value in rule.items() if key != "UNTIL"})
    ends = [_last(wall(each)) for each in rule.get("UNTIL", [])]
    last = min([*ends, max(first, dt.datetime.combine(today, dt.time.max)) + _AHEAD])
    endless = not ends and "COUNT" not in rule
    try:
        series = rrulestr(written.to_ical().decode(), dtstart=first)
        for number, each in enumerate(series):
            if each > last or number >= _MOST:
                return
            yield each
            if endless and each.date() > today:
                return
    except (ValueError, TypeError, KeyError, AttributeError):
        return


def _listed(event: Any, name: str) -> list[dt.date]:
    """Return the moments of EXDATE or RDATE; of a period its beginning."""
    from icalendar import vDDDLists

    listed = event.get(name, [])
    lists = listed if isinstance(listed, list) else [listed]
    found = (each.dt for one in lists if isinstance(one, vDDDLists) for each in one.dts)
    moments = (each[0] if isinstance(each, tuple) else each for each in found)
    return [each for each in moments if isinstance(each, dt.date)]


def _naive(moment: dt.date) -> dt.datetime:
    clock = moment.time() if isinstance(moment, dt.datetime) else dt.time()
    return dt.datetime.combine(moment, clock)


def _last(moment: dt.date) -> dt.datetime:
    """Return the last moment that an end of a series means: of a day its end."""
    return (
        _naive(moment)
        if isinstance(moment, dt.datetime)
        else dt.datetime.combine(moment, dt.time.max)
    )
