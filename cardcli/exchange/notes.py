"""Markdown notes in: a folder of people, one note each, with YAML front matter (Obsidian and its like).

A card of ours is taken whole. Of any other note the front matter is read by its keys, dated lines
under headings of ours are entries, and the rest of the text is kept as one note. What tells nothing of
a person (a diary, a list) is told and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from cardcli import card as cards
from cardcli import ids
from cardcli.card import Card
from cardcli.errors import BadCardError
from cardcli.exchange import decoding, naming
from cardcli.exchange.incoming import LONGEST, Incoming, IncomingEntry, Options, Skipped, Told
from cardcli.exchange.naming import PARTS
from cardcli.language import _
from cardcli.text import fold
from cardcli.yamlpatch import Value

_LINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PERSON = frozenset({
    "person", "people", "contact", "contacts", "client", "clients", "customer", "человек", "люди", "контакт",
    "контакты", "клиент", "клиентка", "клиенты",
})  # fmt: skip
_TITLES = ("title", "название", "заголовок")
_DATES = ("created", "date", "дата", "создано", "date created", "created_at", "modified", "updated")
_STEERING = frozenset(
    {"cssclass", "cssclasses", "publish", "position", "kanban-plugin", "template"}
)
"""Keys that steer Obsidian: they say nothing of a person."""
_TELLING = frozenset({"name", "company", "phones", "emails", "birthday", *PARTS})


class Notes:
    """The codec of a Markdown note; a folder is read note by note."""

    name = "markdown"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether *data* has front matter, or at least the name of a note."""
        start = decoding.decode(data[:4096]).text.lstrip("\ufeff")
        return bool(re.match(r"---[ \t]*\r?\n", start)) or name.lower().endswith(
            (".md", ".markdown")
        )

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the person a note tells of."""
        if len(data) > LONGEST:
            yield Skipped(f"{name}:1", _("it is too long for a note of a person"))
            return
        decoded = decoding.decode(data, options.encoding)
        try:
            card = cards.parse(decoded.text, options.kinds)
        except BadCardError as error:
            yield Skipped(f"{name}:{error.line}", error.reason)
            return
        if ids.is_id(card.id) and card.name:
            yield Incoming(
                values={}, place=f"{name}:1", id=card.id, number=card.number, text=decoded.text
            )
            return
        yield _Note(card, name, options).told()


CODEC = Notes()


class _Note:
    """A note of another program on its way to what a card holds."""

    def __init__(self, card: Card, name: str, options: Options) -> None:
        self._card = card
        self._name = name
        self._options = options
        self._values: dict[str, list[tuple[str, str]]] = {}
        self._unknown: dict[str, list[str]] = {}
        self._is_person = False

    def told(self) -> Incoming | Skipped:
        """Return the person, or why the note tells of none."""
        place = f"{self._name}:1"
        for key, value in self._card.metadata.items():
            if fold(key) not in _STEERING:
                self._take(key, value)
        if not (self._is_person or _TELLING & set(self._values)):
            return Skipped(place, _("nothing in its front matter tells of a person"))
        self._take_name()
        entries = [
            IncomingEntry(
                each.kind, each.date, each.title, each.time, each.fields, each.text, each.id
            )
            for each in self._card.entries
            if each.kind
        ]
        return Incoming(
            values=self._values,
            place=place,
            entries=(*entries, *self._note()),
            unknown=self._unknown,
        )

    def _take(self, key: str, value: Value) -> None:
        stored, column = naming.meant(key, self._options.kinds.profile)
        if fold(key) in {"type", "тип", "kind"} and fold(str(value)) in _PERSON:
            self._is_person = True
        elif stored == "tags":
            self._take_tags()
        elif stored:
            if stored == "name" and isinstance(value, dict):
                self._values |= {
                    part: [("", str(value[part]))] for part in PARTS if value.get(part)
                }
                return
            for label, text in self._card.labelled(key):
                if said := _without_links(text):
                    self._values.setdefault(stored, []).append((label or column, said))
        elif fold(key) not in _TITLES or self._heading():
            self._leave(key, value)
        else:
            self._values["name"] = [("", str(value))]

    def _take_name(self) -> None:
        """Name the person after the heading or the file; a company beside a name is where they work."""
        values = self._values
        if not {"name", *PARTS} & set(values):
            values["name"] = [("", self._heading() or PurePosixPath(self._name).stem)]
        if company := values.pop("company", None):
            same = fold(company[0][1]) == fold(values.get("name", [("", "")])[0][1])
            values["company" if same else "workplace"] = company
            if same:
                del values["name"]

    def _take_tags(self) -> None:
        """Take the tags, also in one line; that the note is of a person is no tag of the person."""
        for text in self._card.values("tags") or self._card.values("tag"):
            for tag in re.split(r"[,\s]+" if "#" in text else r",", text):
                said = tag.strip().lstrip("#")
                if fold(said) in _PERSON:
                    self._is_person = True
                elif said:
                    self._values.setdefault("tags", []).append(("", said))

    def _leave(self, key: str, value: Value) -> None:
        texts = [text for _label, text in self._card.labelled(key)] or [str(value)]
        if any(text.strip() for text in texts) and value:
            self._unknown.setdefault(key, []).extend(texts)

    def _heading(self) -> str:
        for line in self._card.prose.get("", "").split("\n"):
            if line.startswith("# "):
                return line[2:].strip()
        return ""

    def _note(self) -> Iterator[IncomingEntry]:
        """Yield the text of the note as an entry, on the day that the note says of itself."""
        parts = []
        for heading, text in self._texts():
            lines = [line for line in text.split("\n") if line != f"# {self._heading()}"]
            said = "\n".join(lines).strip("\n")
            if said.strip():
                parts.append(f"{heading}:\n{said}" if heading else said)
        if parts:
            title = _("From the note “{name}”").format(name=PurePosixPath(self._name).stem)
            yield IncomingEntry("note", self._day(), title, text="\n\n".join(parts))

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Yield heading and text of each section: all but entries of ours, also other dated lines."""
        for section in self._card.sections:
            ours = {
                line
                for first, end, each in section.spans
                if each.kind
                for line in range(first, end)
            }
            lines = [
                self._card.lines[line].rstrip("\r")
                for line in range(section.body, section.end)
                if line not in ours
            ]
            yield section.heading, "\n".join(lines).strip("\n")

    def _day(self) -> str:
        for key in _DATES:
            if match := _DAY.match(self._card.value(key)):
                return match[0]
        return self._options.today.isoformat()


def _without_links(text: str) -> str:
    """Return a text with the words of its links alone: ``[[Вереск]]``, ``[[a|Вереск]]``."""
    return _LINK.sub(r"\1", text).strip()
