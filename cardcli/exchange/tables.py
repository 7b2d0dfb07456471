"""Tables of clients, visits and payments: rows of cells, whatever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import ClassVar

from cardcli import profile
from cardcli.exchange import cells, csvfile, days, decoding, delimited, layouts
from cardcli.exchange.columns import (
    IGNORED,
    Column,
    Layout,
    doubled,
    header_at,
    heads_clients,
    layout,
)
from cardcli.exchange.delimited import Row
from cardcli.exchange.incoming import Incoming, IncomingEntry, Noted, Options, Skipped, Told
from cardcli.exchange.matching import words
from cardcli.exchange.reading import NOTHING
from cardcli.language import _
from cardcli.profile import HEALTH, LABELLED
from cardcli.text import fold

_SAMPLE = 300
"""Records that are looked at to tell what an unnamed column holds."""
_IDENTIFYING = (
    "name",
    "given",
    "family",
    "whole",
    "nickname",
    "company",
    "workplace",
    "phones",
    "emails",
    "id",
    "number",
)
_CLOCK = re.compile(r"^(\d{1,2})[.\-](\d\d)(?!\d)")
"""A time of day with another mark than a colon."""
_SPAN = re.compile(r"\s*[-–—]\s*")
_NAMES = frozenset({"name", "given", "family", "patronymic", "whole"})
_RULE = re.compile(r"\s*[:|=_-]{2,}\s*")
"""A line that somebody draws below the names of columns."""
_SUM = re.compile(r"[\d\s.,%-]+(?:₽|\$|€|р\.?|руб\.?)?", re.IGNORECASE)
_GROUPS = re.compile(r"\s*(?::::|[,;\n])\s*")
_SYSTEM_GROUPS = frozenset(
    {"mycontacts", "my contacts", "starred", "starred in android", "friends", "family", "coworkers"}
)
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ADDRESS = re.compile(r"\s*\(?[^\s()]+@[^\s()]+\)?")
"""An e-mail address in a name: Outlook puts it behind, in brackets."""


class _Table:
    """The codec of CSV, TSV and their like."""

    name = "csv"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether this is text; whether it is a table of clients is told by its rows."""
        del name
        sample = decoding.decode(data[:65536]).text.rstrip(
            "\0\x1a"
        )  # so ends what was never written
        return len(_BINARY.findall(sample)) * 20 <= len(sample)

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the clients of a table."""
        decoded = decoding.decode(data, options.encoding)
        del data
        if decoded.encoding not in {"utf-8", options.encoding}:
            sentence = _("the text was read as {encoding}")
            yield Noted(name, sentence.format(encoding=decoded.encoding))
        for line in decoded.odd_lines:
            yield Noted(f"{name}:{line}", _("the line is in another encoding than the file"))
        text = decoding.without_controls(decoded.text)
        yield from read_rows(delimited.rows(text, options.delimiter), name, options)


CODEC = _Table()


def read_rows(rows: Iterator[Row], name: str, options: Options) -> Iterator[Told]:
    """Yield what the rows of a table tell; *name* is what the table is called in reports."""
    good: list[Row] = []
    for row in rows:
        if row.lost:
            yield Skipped(f"{name}:{row.line}", row.problem)
            continue
        if row.problem:
            yield Noted(f"{name}:{row.line}", row.problem)
        if any(cell.strip() and not _RULE.fullmatch(cell) for cell in row.cells):
            good.append(row)
    if not good:
        yield Skipped(name, _("the file is empty"))
        return
    while good:
        good = yield from _read_table(good, name, options)


def of_several(tables: Iterable[tuple[str, Iterable[Told]]]) -> Iterator[Told]:
    """Yield what several tables of one file tell, each with its place; one of other things is only named."""
    told = [(place, list(each)) for place, each in tables]
    useful = any(not isinstance(one, Noted | Skipped) for _place, each in told for one in each)
    for place, each in told:
        if useful and len(each) == 1 and isinstance(each[0], Skipped):
            reason = each[0].reason
            yield Noted(place, _("the sheet holds no clients: {reason}").format(reason=reason))
        else:
            yield from each


def _read_table(good: list[Row], name: str, options: Options) -> Generator[Told, None, list[Row]]:
    """Yield what the first of several tables tells that stand one below another; return the rest."""
    at = header_at([row.cells for row in good[:_SAMPLE]], options.columns)
    header = good[at].cells if at >= 0 else []
    records = good[at + 1 :]
    following = (n for n, row in enumerate(records) if n and heads_clients(row.cells, header))
    end = next(following, len(records)) if header else len(records)
    records, rest = records[:end], records[end:]
    found = layout(header, [row.cells for row in records[:_SAMPLE]], options.kinds, options.columns)
    found.first = at + 1
    yield from _about(name, found, header or good[0].cells, records)
    if found.has(*_IDENTIFYING) and records:
        reading = _Reading(name, found, header, options)
        reading.learn(records)
        for place, example in reading.capitals.items():
            sentence = _("the column “{name}” is in capitals; its names are written so: {example}")
            column = found.columns[place]
            yield Noted(name, sentence.format(name=_called(column), example=example))
        for row in records if found.visits else _joined(records, found):
            yield from reading.row(row)
    return rest


def _joined(records: Sequence[Row], found: Layout) -> Iterator[Row]:
    """Yield the rows; those over which one name goes are one client, whose cells have several lines."""
    named = {column.place for column in found.columns if column.target in _NAMES}
    last: Row | None = None
    for row in records:
        if last is None or not row.continued & named:
            if last is not None:
                yield last
            last = row
            continue
        cells = [
            text if place in row.continued else "\n".join(filter(None, (old, text)))
            for place, (old, text) in enumerate(zip_longest(last.cells, row.cells, fillvalue=""))
        ]
        last = last._replace(cells=cells)
    if last is not None:
        yield last


def _about(
    name: str, found: Layout, header: Sequence[str], records: Sequence[Row]
) -> Iterator[Told]:
    """Yield what a person should know of how a table was understood."""
    if found.program:
        yield Noted(name, _("this looks like a table of {program}").format(program=found.program))
    if not found.first and found.has(*_IDENTIFYING):
        yield Noted(
            name, _("no row has the names of columns; they were told by what stands in them")
        )
    for guessed in found.guessed:
        sentence = _("the column “{name}” was taken for: {field}")
        label = _(profile.field(guessed.target).label)
        yield Noted(name, sentence.format(name=guessed.name, field=label))
    for column in doubled(found):
        yield Noted(
            name, _("several columns are called “{name}”; all were read").format(name=column)
        )
    if not found.has(*_IDENTIFYING):
        names = ", ".join(cell.strip() for cell in header if cell.strip()) or "—"
        sentence = _(
            "no column holds names, phones or e-mails; the columns are: {names}. Say what they hold with --map"
        )
        yield Skipped(name, sentence.format(names=names[:300]))
    elif not records:
        yield Skipped(name, _("there are names of columns and no rows below them"))


@dataclass(slots=True)
class _Gathered:
    """What one row says, before it is handed on."""

    values: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    called: list[tuple[Column, str]] = field(default_factory=list)
    birth: dict[str, str] = field(default_factory=dict)
    company: bool = False

    @property
    def said(self) -> str:
        """Return all that the row says of the client."""
        values = [text for pairs in self.values.values() for _label, text in pairs]
        return " ".join([*values, *(text for texts in self.unknown.values() for text in texts)])

    def add(self, key: str, label: str, text: str) -> None:
        pair = (label, text)
        if pair not in self.values.setdefault(key, []):
            self.values[key].append(pair)


_Taking = Callable[["_Reading", _Gathered, Column, str, Sequence[str]], None]


class _Reading:
    """Reads rows by a layout."""

    def __init__(self, name: str, found: Layout, header: Sequence[str], options: Options) -> None:
        self._name = name
        self._layout = found
        self._header = [cell.strip() for cell in header]
        self._options = options
        self._orders: dict[int, str] = {}
        self._below_totals = False
        self.capitals: dict[int, str] = {}
        """Columns of names in capitals, by place, with one of the names as it will be written."""

    def learn(self, records: Sequence[Row]) -> None:
        """See in what order the dates of each column have day and month, and which names are in capitals."""
        for column in self._layout.columns:
            if column.target in _NAMES and not self._layout.own:
                self._learn_capitals(column, records)
            if column.target in {"birthday", "created", "confirmed"} or column.part == "date":
                texts = [
                    row.cells[column.place] for row in records if column.place < len(row.cells)
                ]
                self._orders[column.place] = self._options.day_order or days.order_of(texts)

    def _learn_capitals(self, column: Column, records: Sequence[Row]) -> None:
        texts = [row.cells[column.place] for row in records if column.place < len(row.cells)]
        people = [text for text in texts if text.strip() and not cells.names_company(text)]
        if len(people) > 1 and all(map(cells.is_in_capitals, people)):
            self.capitals[column.place] = cells.without_capitals(people[0].strip())

    def row(self, row: Row) -> Iterator[Told]:
        """Yield what a row says."""
        place = f"{self._name}:{row.line}"
        texts = [cell.strip() for cell in row.cells]
        if texts[: len(self._header)] == self._header and self._header:
            return
        filled = [text for text in texts if text]
        few = len(filled) < max(3, len(self._header) // 2)
        if layouts.TOTAL.match(filled[0]) and (few or all(map(_SUM.fullmatch, filled[1:]))):
            self._below_totals = True
            yield Skipped(place, _("a row of totals is no client"))
            return
        if self._below_totals and len(filled) == 1 and not cells.phone_within(filled[0]):
            yield Skipped(place, _("a single cell below the totals is no client"))
            return
        self._below_totals = False
        remarks = []
        gathered = _Gathered()
        for column in self._layout.columns:
            if column.place < len(row.cells):
                self._take(gathered, column, row.cells)
        extra = [text for text in texts[len(self._layout.columns) :] if text]
        if self._header and len(texts) > len(self._header) and any(texts[len(self._header) :]):
            remarks.append(_("the row has more cells than there are names of columns"))
        if extra:
            gathered.unknown[_("beyond the last column")] = extra
        self._settle_names(gathered)
        self._settle_addresses(gathered)
        self._settle_birth(gathered)
        if gathered.company and "company" not in gathered.values and "name" in gathered.values:
            gathered.values["company"] = gathered.values.pop("name")
        yield self._made(gathered, place, remarks)

    # --- cells ---

    def _take(self, into: _Gathered, column: Column, row: Sequence[str]) -> None:
        cell = row[column.place]
        text = csvfile.as_was(cell) if self._layout.own else cells.bare(cell)
        if not text.strip() or column.target == IGNORED:
            return
        if column.place in self.capitals:
            text = cells.without_capitals(text)
        if self._layout.own:
            self._take_own(into, column, text)
        elif not column.target:
            self._take_unknown(into, column, text, row)
        elif aside := self._ASIDE.get(column.target):
            aside(self, into, column, text, row)
        else:
            self._take_value(into, column, text, row)

    def _take_of_entry(
        self, into: _Gathered, column: Column, text: str, _row: Sequence[str]
    ) -> None:
        known = into.entry.get(column.part)
        if known and known != text:
            into.unknown.setdefault(column.name, []).append(text)
        else:
            into.entry[column.part] = self._day(column, text)

    def _take_of_address(
        self, into: _Gathered, column: Column, text: str, row: Sequence[str]
    ) -> None:
        parts = into.addresses.setdefault(column.group, {})
        parts[column.part] = ", ".join(part for part in (parts.get(column.part), text) if part)
        into.labels[column.group] = self._label(column, row)

    def _take_of_birth(
        self, into: _Gathered, column: Column, text: str, _row: Sequence[str]
    ) -> None:
        into.birth[column.part] = text

    def _take_called(self, into: _Gathered, column: Column, text: str, _row: Sequence[str]) -> None:
        into.called.append((column, text))

    def _take_sort(self, into: _Gathered, column: Column, text: str, row: Sequence[str]) -> None:
        """See whether the row is of a company."""
        into.company |= text.lower() in layouts.COMPANIES
        if not into.company:
            self._take_unknown(into, column, text, row)

    _ASIDE: ClassVar[Mapping[str, _Taking]] = {
        "entry": _take_of_entry,
        "address": _take_of_address,
        "birth": _take_of_birth,
        "sort": _take_sort,
        "whole": _take_called,
        "nickname": _take_called,
    }
    """What is done with a cell that is no value by itself, by the target of its column."""

    def _take_value(self, into: _Gathered, column: Column, text: str, row: Sequence[str]) -> None:
        key, label = column.target, self._label(column, row)
        if key in {"phones", "emails"}:
            find: Callable[[str], list[cells.Found]] = (
                cells.phones if key == "phones" else cells.emails
            )
            for found in find(text):
                words = found.label.split()
                said = [
                    each for each in words if each.lower().strip(".") not in layouts.PLAIN_LABELS
                ]
                into.add(key, " ".join(said) or label, found.value)
        elif key == "tags":
            for group in _GROUPS.split(text):
                if group.lstrip("* ").casefold() not in _SYSTEM_GROUPS:
                    into.add(key, "", group.lstrip("* "))
        elif key == "comment":
            into.add(key, label, cells.without_markup(text))
        elif key in LABELLED:
            for part in text.split(":::"):
                into.add(key, label, ", ".join(part.split("\n")).strip())
        else:
            into.add(key, label, self._day(column, text))

    def _take_unknown(self, into: _Gathered, column: Column, text: str, row: Sequence[str]) -> None:
        """Take what has no place; of a field of the user's own only health is looked for."""
        if days.is_nothing(text) or text.casefold() in NOTHING:
            return
        label = row[column.label_at].strip() if 0 <= column.label_at < len(row) else ""
        key = layouts.client_columns().get(layouts.plain(label), "")
        if key in HEALTH:
            into.add(key, "", text.strip())
            return
        name = f"{_called(column)} ({label})" if label else _called(column)
        into.unknown.setdefault(name, []).append(text.strip())

    def _take_own(self, into: _Gathered, column: Column, text: str) -> None:
        """Take a cell that we wrote ourselves: items and labels are marked in it."""
        table = self._options.kinds.profile
        if table.known(column.target) and not table.field(column.target).many:
            into.add(column.target, "", text)
        elif column.target:
            for label, value in csvfile.items(text):
                into.add(column.target, label, value)

    def _label(self, column: Column, row: Sequence[str]) -> str:
        """Return the label of a value: in another column, or in the name of its own."""
        said = row[column.label_at] if 0 <= column.label_at < len(row) else column.label
        label = said.strip().lstrip("* ").strip().lower()
        return "" if label in layouts.PLAIN_LABELS else label

    def _day(self, column: Column, text: str) -> str:
        """Return a day in ISO form where the other rows tell in which order it is written."""
        order = self._orders.get(column.place, "")
        if not order:
            return text
        try:
            time = days.time_of(text)
            return f"{days.read(text, self._options.today, order)} {time}".strip()
        except days.NoDayError:
            return text

    # --- rows ---

    def _settle_names(self, row: _Gathered) -> None:
        """Name a row without a name by what it is called; what else that says is not lost."""
        known = {
            fold(text) for key in ("company", "workplace") for _l, text in row.values.get(key, [])
        }
        named = any(key in row.values for key in ("given", "family", "name"))
        for column, typed in sorted(row.called, key=lambda each: each[0].target, reverse=True):
            text = _ADDRESS.sub("", typed).strip()
            if not (named or fold(text) in known or (known and column.target == "nickname")):
                row.add("name", "", text)
                named = True
            elif not words(text) <= words(row.said):
                row.unknown.setdefault(column.name, []).append(text)

    def _settle_addresses(self, row: _Gathered) -> None:
        """Make one address of its parts; they are added to one that has its street in another column."""
        for group, parts in row.addresses.items():
            label = row.labels.get(group, "")
            there = row.values.get("addresses", [])
            whole = [text for _label, text in there]
            alone = not group or group in layouts.ADDRESS_OF.values()
            place = next((n for n, each in enumerate(there) if each[0] == label or not group), -1)
            if alone and place >= 0:
                rest = [parts[key] for key in layouts.ADDRESS_PARTS if key in parts]
                added = [part for part in rest if part not in whole[place]]
                there[place] = (there[place][0], ", ".join([whole[place], *added]))
                continue
            text = ", ".join(parts[key] for key in layouts.ADDRESS_PARTS if key in parts)
            text = ", ".join(part.strip() for part in text.split("\n") if part.strip())
            if not any(all(part in each for part in parts.values()) for each in whole):
                row.add("addresses", label, text)

    def _settle_birth(self, row: _Gathered) -> None:
        """Make one birthday of day, month and year; without day or month it is told as it stands."""
        day, month, year = (row.birth.get(part, "") for part in ("day", "month", "year"))
        if day and month:
            mark = "." if month.isdecimal() else " "
            row.add("birthday", "", mark.join(filter(None, (day, month, year))))
            return
        for column in self._layout.columns:
            if column.target == "birth" and column.part in row.birth:
                row.unknown.setdefault(column.name, []).append(row.birth[column.part])

    def _made(self, row: _Gathered, place: str, remarks: list[str]) -> Told:
        own = {key: row.values.pop(key)[0][1] for key in ("id", "number") if key in row.values}
        if self._layout.visits:
            if layouts.CANCELLED.search(row.entry.get("status", "")):
                sentence = _("it did not take place: {status}")
                return Skipped(place, sentence.format(status=row.entry["status"]))
            if not row.entry.get("date"):
                return Skipped(place, _("there is no date in it"))
        return Incoming(
            row.values,
            place,
            (self._entry(row),) if self._layout.visits else (),
            own.get("id", "").lower(),
            own.get("number", ""),
            row.unknown,
            tuple(remarks),
            belongs=self._layout.visits,
            exact=self._layout.own,
        )

    def _entry(self, row: _Gathered) -> IncomingEntry:
        said = row.entry
        if total := said.pop("total", ""):
            if said.get("price", total) != total:
                row.unknown.setdefault(self._named("price"), []).append(said["price"])
            said["price"] = total
        back = cells.refunded(said.get("price", ""))
        kind, title = self._kind(said)
        kind = "refund" if back else kind
        given = {key: text for key, text in said.items() if key not in {"price", "of"}}
        if price := back or said.get("price", ""):
            given["amount" if kind in {"payment", "refund"} else "price"] = cells.amount(price)
        if "duration" in said:
            given["duration"] = cells.minutes(said["duration"])
        table = self._options.kinds.named(kind)
        fields = {each.key: given[each.key] for each in table.fields if each.key in given}
        left = {"date", "time", "title", "product", "price", "text", "status", "of", *fields}
        for key in said.keys() - left:
            row.unknown.setdefault(self._named(key), []).append(said[key])
        time = _time(said.get("time", ""))
        if "time" in said and not time:
            row.unknown.setdefault(self._named("time"), []).append(said["time"])
        return IncomingEntry(kind, said["date"], title, time, fields, said.get("text", ""))

    def _named(self, part: str) -> str:
        """Return what the file calls the column of a part of a visit."""
        return next(
            (
                each.name
                for each in self._layout.columns
                if each.part == part and each.target == "entry"
            ),
            part,
        )

    def _kind(self, said: Mapping[str, str]) -> tuple[str, str]:
        """Return what a row tells of, and its title: a service, goods, or money alone."""
        title, product = said.get("title", ""), said.get("product", "")
        if not self._has("title", "product"):
            return "payment", said.get("of", "")
        if product and not title:
            return "sale", product
        return ("visit", title) if self._has("title") else ("sale", product)

    def _has(self, *parts: str) -> bool:
        return any(column.part in parts for column in self._layout.columns)


def _time(text: str) -> str:
    """Return the time of day that a column of its own has, the beginning of a span, or ""."""
    begins, *_end = _SPAN.split(_CLOCK.sub(r"\1:\2", text.strip()))
    return days.time_of(f"x {begins}")


def _called(column: Column) -> str:
    return column.name or _("column {number}").format(number=column.place + 1)
