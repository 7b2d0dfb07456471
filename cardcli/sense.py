"""What an entry says that cannot be true together, and what follows from a change of it."""

from __future__ import annotations

from collections.abc import Iterator

from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import parse_scale, steps, with_step
from cardcli.kinds import HISTORY, Kind
from cardcli.language import _

_NOT_BEFORE = ("until", "withdrawn", "close")


def contradictions(kind: Kind, entry: Entry) -> Iterator[str]:
    """Yield a sentence for each pair of values that contradict each other; all are stored values."""
    for key in _NOT_BEFORE:
        field, day = kind.field(key), entry.fields.get(key, "")
        if field and day and day < entry.date:
            yield _("{field}: {day} is before the day of the entry, {date}").format(
                field=_(field.label), day=day, date=entry.date
            )
    if sentence := _score(entry):
        yield sentence


def outdated_history(kind: Kind, entry: Entry) -> str:
    """Return that the tracked field says something else than the end of its history, or ""."""
    if kind.tracked is None:
        return ""
    value = entry.fields.get(kind.tracked.key, "")
    found = steps(entry.fields.get(HISTORY, ""))
    if not found or found[-1][1] == value:
        return ""
    return _("{field}: it is “{value}”, but its history ends with “{last}”").format(
        field=_(kind.tracked.label), value=value or "—", last=found[-1][1]
    )


def _score(entry: Entry) -> str:
    score, scale = entry.fields.get("score", ""), entry.fields.get("scale", "")
    if not score or not scale or entry.kind != "survey":
        return ""
    try:
        bounds = parse_scale(scale)
    except BadValueError:
        return ""
    if bounds.holds(score):
        return ""
    return _("the score {score} is outside the scale {scale}").format(score=score, scale=scale)


def dated(kind: Kind, old: Entry | None, new: Entry, day: str) -> Entry:
    """Return an entry whose history knows that its tracked field changed on *day* (ISO).

    *old* is the entry before the change, or None for a new one.
    """
    if kind.tracked is None:
        return new
    key = kind.tracked.key
    value = new.fields.get(key, "")
    if not value or (old and (value == old.fields.get(key) or HISTORY in _changed(old, new))):
        return new
    history = new.fields.get(HISTORY, "")
    if not history and old and (before := old.fields.get(key, "")):
        history = with_step("", old.date, before)  # written by hand, or before it was tracked
    history = with_step(history, day, value)
    return new._replace(fields={**new.fields, HISTORY: history})


def _changed(old: Entry, new: Entry) -> set[str]:
    keys = {*old.fields, *new.fields}
    return {key for key in keys if old.fields.get(key) != new.fields.get(key)}
