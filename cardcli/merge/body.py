"""Three-way merge of a card's body: sections by heading, entries by id, the user's text by lines."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from cardcli import ids
from cardcli.card import Card, Section
from cardcli.kinds import Kinds
from cardcli.merge import entries, sequences
from cardcli.merge.entries import Item
from cardcli.merge.notes import KIND, PROSE, Notes
from cardcli.text import fold

_TOP = ""
Key = tuple[str, int]
"""The id of an entry and which of several with that id in one card it is."""


@dataclass(slots=True)
class Part:
    """A section: its heading line, the text before its first entry, and its last blank lines."""

    place: str
    heading: list[str] = field(default_factory=list)
    name: str = ""
    lead: list[str] = field(default_factory=list)
    items: list[Key] = field(default_factory=list)
    end: list[str] = field(default_factory=list)


@dataclass
class Body:
    """The body of one card: its sections in order, and its entries."""

    parts: dict[str, Part]
    items: dict[Key, Item]
    ids: Counter[str] = field(default_factory=Counter)

    def part(self, place: str) -> Part:
        """Return a section, an empty one when the card has none such."""
        return self.parts.get(place) or Part(place)

    def after(self, key: Key) -> list[str]:
        """Return the user's lines below an entry."""
        return self.items[key].after if key in self.items else []


def read(card: Card) -> Body:
    """Read the body of a card."""
    body = Body({}, {})
    for section in card.sections:
        _read_section(body, card, section)
    return body


def _read_section(body: Body, card: Card, section: Section) -> None:
    place = _free(_place(card.kinds, section.heading), body.parts)
    part = Part(place, card.lines[section.start : section.body], section.heading)
    loose, position = part.lead, section.body
    for first, end, entry in section.spans:
        if not entry.id:
            continue  # a line without an id is the user's text until it has one
        loose += card.lines[position:first]
        key = entry.id, body.ids[entry.id]
        body.ids[entry.id] += 1
        body.items[key] = Item(entry, card.lines[first:end], place)
        part.items.append(key)
        loose, position = body.items[key].after, end
    loose += card.lines[position : section.end]
    shortest = 1 if loose is part.lead and section.heading else 0  # the blank line below a heading
    while len(loose) > shortest and not loose[-1].strip():
        part.end.insert(0, loose.pop())
    body.parts[place] = part


def _place(kinds: Kinds, heading: str) -> str:
    kind = kinds.of_heading(heading) if heading else None
    return f"kind {kind.name}" if kind else f"own {fold(heading)}" if heading else _TOP


def _free(place: str, taken: Iterable[str]) -> str:
    number = 2
    free = place
    while free in taken:
        free, number = f"{place} {number}", number + 1
    return free


# --- merging -------------------------------------------------------------------------------------


def merge(versions: Sequence[Card], kinds: Kinds, notes: Notes) -> list[str]:
    """Return the lines of the merged body of *versions*: the base and the two sides."""
    return _Merge([read(card) for card in versions], kinds, notes).lines()


class _Merge:
    def __init__(self, bodies: Sequence[Body], kinds: Kinds, notes: Notes) -> None:
        self._bodies = bodies
        self._kinds = kinds
        self._notes = notes
        self._items = self._merged_items()
        self._places = self._merged_places()

    def _merged_items(self) -> dict[Key, Item]:
        _base, one, two = self._bodies
        merged: dict[Key, Item] = {}
        for key in [*one.items, *(key for key in two.items if key not in one.items)]:
            was, mine, yours = (body.items.get(key) for body in self._bodies)
            if mine is not None and yours is not None:
                if was is None and _unrelated(mine, yours):
                    mine, second = sorted((mine, yours), key=lambda item: item.said)
                    yours = mine
                    renamed = self._renamed(second)
                    merged[renamed.entry.id, 0] = renamed
                merged[key] = entries.merge(was, mine, yours, self._kinds, self._notes)
            else:
                left = mine or yours
                if left is not None and (was is None or self._changed(was, left)):
                    merged[key] = left
        return merged

    def _changed(self, was: Item, left: Item) -> bool:
        """Tell whether the side that still has an entry changed it; then it stays."""
        if left.said == was.said:
            return False
        self._notes.keep(f"^{left.entry.id}")
        return True

    def _renamed(self, item: Item) -> Item:
        """Give an entry a new id: both sides made different entries with the same one."""
        old = item.entry.id
        fresh = ids.derived_id(old, *item.lines)
        first = re.sub(rf"\^{old}(?=[ \t\r]*$)", f"^{fresh}", item.lines[0])
        self._notes.renamed[fresh] = old
        return Item(replace(item.entry, id=fresh), [first, *item.lines[1:]], item.place, item.after)

    def _merged_places(self) -> list[str]:
        def joined(low: list[str], high: list[str]) -> list[str]:
            both = sequences.union(low, high)
            known = [self._position(place) for place in both]
            return sorted(both, key=self._position) if None not in known else both

        orders = [list(body.parts) for body in self._bodies]
        order = sequences.merge(
            orders, choose=lambda _base, low, high: joined(low, high), both=joined
        )
        order = list(dict.fromkeys(order))
        needed = {item.place for item in self._items.values()}
        for body in sorted(self._bodies[1:], key=lambda body: list(body.parts)):
            previous = _TOP
            for place in body.parts:
                if place not in order and (place in needed or self._has_text(place)):
                    order.insert(order.index(previous) + 1 if previous in order else 0, place)
                previous = place if place in order else previous
        differences = f"kind {KIND}"
        if differences in order:
            order.remove(differences)
            order.append(differences)
        return order

    def _position(self, place: str) -> int:
        kind = place.removeprefix("kind ").split(" ")[0]
        names = [each.name for each in self._kinds.all]
        return names.index(kind) if place.startswith("kind ") and kind in names else len(names)

    def _has_text(self, place: str) -> bool:
        """Tell whether lines of the user's own stay in a section that one side took out."""
        silent = Notes()
        keys = {
            key for body in self._bodies for key, item in body.items.items() if item.place == place
        }
        lines = self._merged_prose(place, lambda body: body.part(place).lead, silent)
        for key in sorted(keys):
            lines += self._merged_prose(place, functools.partial(Body.after, key=key), silent)
        return any(line.strip() for line in lines)

    def _merged_prose(
        self, place: str, lines_of: Callable[[Body], list[str]], notes: Notes | None = None
    ) -> list[str]:
        noted = self._notes if notes is None else notes
        heading = max(body.part(place).name for body in self._bodies)

        def choose(_base: list[str], low: list[str], high: list[str]) -> list[str]:
            first, second = ("\n".join(lines).strip("\n") for lines in (low, high))
            winner = noted.differ("", PROSE, first, second, section=heading)
            return low if winner == first else high

        versions = [lines_of(body) for body in self._bodies]
        return sequences.merge(
            versions, choose=choose, kept=lambda lines: noted.keep(lines[0].strip())
        )

    def lines(self) -> list[str]:
        """Return the lines of the whole body."""
        result: list[str] = []
        for place in self._places:
            if (place not in self._bodies[0].parts and result and result[-1].strip()) or (
                place and result and result[-1].strip() and not self._tight(place)
            ):
                result.append("")
            result += self._part_lines(place)
        return result

    def _tight(self, place: str) -> bool:
        """Tell whether a side writes this heading without a blank line above it."""
        for body in self._bodies[1:]:
            order = list(body.parts)
            if place in order and order.index(place):
                above = body.parts[order[order.index(place) - 1]]
                if not above.end:
                    return True
        return False

    def _part_lines(self, place: str) -> list[str]:
        full = self._full_parts(place)
        leads = {id(body): part.lead for body, part in zip(self._bodies, full, strict=True)}
        result = [
            *_pick([part.heading for part in full]),
            *self._merged_prose(place, lambda body: leads[id(body)]),
        ]
        for key in self._order(place):
            result += self._items[key].lines
            if key[0] not in self._notes.renamed:
                result += self._merged_prose(place, functools.partial(Body.after, key=key))
        for key in self._orphans(place):
            result += self._merged_prose(place, functools.partial(Body.after, key=key))
        return [*result, *_pick([part.end for part in full])]

    def _full_parts(self, place: str) -> list[Part]:
        """Return a section of base and sides; to a side that lacks it nothing but its text is gone."""
        base, one, two = (body.parts.get(place) for body in self._bodies)
        if base is None:
            there = one or two or Part(place)
            return [Part(place), one or there, two or there]
        empty = replace(base, lead=_blank(base.lead))
        return [base, one or empty, two or empty]

    def _orphans(self, place: str) -> list[Key]:
        """Return the entries that are gone from a section; text below them may have stayed."""
        gone = {
            key
            for body in self._bodies
            for key, item in body.items.items()
            if item.place == place and key not in self._items
        }
        return sorted(gone)

    def _order(self, place: str) -> list[Key]:
        """Return the entries of a section: by date where both sides keep that, else as they stand."""
        here = {key for key, item in self._items.items() if item.place == place}
        names = {f"{entry_id} {number}": (entry_id, number) for entry_id, number in here}
        orders = [
            [f"{entry_id} {number}" for entry_id, number in body.part(place).items]
            for body in self._bodies
        ]
        merged = sequences.merge(orders, choose=sequences.keep_both)
        order = [names[name] for name in dict.fromkeys(merged) if name in names]
        order += sorted(here - {*order})
        for length in (
            3,
            2,
        ):  # date, time, id; or date and time, and a hand-made order within a day
            if all(self._sorted(body, place, length) for body in self._bodies[1:]):
                return sorted(order, key=lambda key: self._items[key].entry.key[:length])
        return order

    def _sorted(self, body: Body, place: str, length: int) -> bool:
        keys = [body.items[key].entry.key[:length] for key in body.part(place).items]
        return keys == sorted(keys)


def _blank(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not line.strip()]


def _unrelated(one: Item, two: Item) -> bool:
    """Tell whether two entries with one id and no common ancestor are two, not one."""
    return (one.entry.date, one.entry.title) != (two.entry.date, two.entry.title) and (
        one.entry.kind != KIND
    )


def _pick(versions: Sequence[list[str]]) -> list[str]:
    """Return the lines of the side that changed them; of two changes the greater."""
    base, one, two = versions
    if one in (two, base):
        return two
    return one if two == base else max(one, two, key=lambda lines: (len(lines), lines))
