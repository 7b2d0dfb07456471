"""Three-way merge of one entry: by field, its text by lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cardcli import entry as writing
from cardcli.entry import Entry
from cardcli.fields import Type
from cardcli.kinds import Kinds
from cardcli.merge import sequences
from cardcli.merge.notes import KIND, Notes

_SETS = frozenset({Type.DATES, Type.FILES})


@dataclass(slots=True)
class Item:
    """An entry with its lines, the place (section) it stands in, and the user's text below it."""

    entry: Entry
    lines: list[str]
    place: str
    after: list[str] = field(default_factory=list)

    @property
    def said(self) -> tuple[object, ...]:
        """Return all that must be equal for two items to be the same."""
        return self.lines, self.place


def merge(base: Item | None, one: Item, two: Item, kinds: Kinds, notes: Notes) -> Item:
    """Return the merged entry; without *base* both sides made it."""
    if one.said == two.said:
        return one
    if base is not None and one.said == base.said:
        return two
    if base is not None and two.said == base.said:
        return one
    settle = Notes() if one.entry.kind == KIND else notes
    result = _merged(base.entry if base else None, one.entry, two.entry, kinds, settle)
    place = _pick(
        base.place if base else None, one.place, two.place, "section", one.entry.id, settle
    )
    return Item(result, _lines(base, one, two, result), place)


def _pick(base: str | None, one: str, two: str, key: str, entry_id: str, notes: Notes) -> str:
    if one in (two, base):
        return two
    return one if two == base else notes.differ(entry_id, key, one, two)


def _merged(base: Entry | None, one: Entry, two: Entry, kinds: Kinds, notes: Notes) -> Entry:
    head = {
        key: _pick(
            getattr(base, key) if base else None,
            getattr(one, key),
            getattr(two, key),
            key,
            one.id,
            notes,
        )
        for key in ("date", "time", "title")
    }
    fields = _fields(base.fields if base else {}, one, two, kinds, notes)
    text = _text(base.text if base else "", one, two, notes)
    source = max(one, two, key=_written)
    return replace(
        source,
        date=head["date"],
        time=head["time"],
        title=head["title"],
        fields=fields,
        text=text,
    )


def _written(each: Entry) -> tuple[str, ...]:
    return each.date, each.time, each.title, str(each.fields), each.text, each.section


def _fields(
    base: Mapping[str, str], one: Entry, two: Entry, kinds: Kinds, notes: Notes
) -> dict[str, str]:
    kind = kinds.named(one.kind) if one.kind else None
    result: dict[str, str] = {}
    for key in sorted({*one.fields, *two.fields}):
        was, mine, yours = base.get(key), one.fields.get(key), two.fields.get(key)
        known = kind.field(key) if kind else None
        if mine in (yours, was):
            value = yours
        elif yours == was:
            value = mine
        elif mine is None or yours is None:
            notes.keep(f"^{one.id} {key}")
            value = yours if mine is None else mine
        elif known is not None and known.type in _SETS:
            value = _joined(was or "", mine, yours)
        else:
            value = notes.differ(one.id, key, mine, yours)
        if value is not None:
            result[key] = value
    return result


def _joined(base: str, one: str, two: str) -> str:
    """Merge two lists of dates or files as sets."""
    was, mine, yours = ([item.strip() for item in value.split(",")] for value in (base, one, two))
    stay = [item for item in was if item in mine and item in yours]
    return ", ".join(sorted({*stay, *({*mine, *yours} - {*was})} - {""}))


def _text(base: str, one: Entry, two: Entry, notes: Notes) -> str:
    def choose(_base: list[str], low: list[str], high: list[str]) -> list[str]:
        return notes.differ(one.id, "text", "\n".join(low), "\n".join(high)).split("\n")

    versions = [value.split("\n") if value else [] for value in (base, one.text, two.text)]
    kept = f"^{one.id} text"
    lines = sequences.merge(versions, choose=choose, kept=lambda _lines: notes.keep(kept))
    return "\n".join(lines)


def _lines(base: Item | None, one: Item, two: Item, result: Entry) -> list[str]:
    """Return the lines that say *result*: a side's own where one does, else one rewritten."""
    saying = [item.lines for item in (one, two) if _says(item.entry, result)]
    changed = [lines for lines in saying if base is None or lines != base.lines]
    if saying:
        return max(changed or saying)
    source = max(one, two, key=lambda item: item.lines)
    return writing.rewrite(source.lines, source.entry, result)


def _says(each: Entry, result: Entry) -> bool:
    return each.content[:-1] == result.content[:-1]
