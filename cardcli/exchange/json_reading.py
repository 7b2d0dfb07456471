"""JSON and JSON lines in: our own, lossless, and any list of objects that tell of clients.

An object with ``text`` is a card as it lay on the disk, and that is what counts of it; where its other
keys say something else, that is told. An object without one is read by its keys: those of the profile,
in English or Russian, and ``entries``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cardcli import card as cards
from cardcli import clients, ids
from cardcli.errors import BadCardError
from cardcli.exchange import decoding, naming, tables
from cardcli.exchange.delimited import Row
from cardcli.exchange.incoming import (
    LONGEST,
    Incoming,
    IncomingEntry,
    Noted,
    Options,
    Skipped,
    Told,
)
from cardcli.exchange.json_values import WHOLE, one, pairs
from cardcli.exchange.layouts import PLAIN_LABELS
from cardcli.exchange.matching import words
from cardcli.exchange.naming import PARTS
from cardcli.language import _
from cardcli.text import fold
from cardcli.tuples import NamedTuple

_SPACE = re.compile(r"[\s,\x1e]*")
_ROWS = re.compile(r"\s*\[\s*[\[\"]")
_FIRST_KEY = re.compile(r"\{\s*(\"(?:[^\"\\]|\\.)*\")")
_OURS = frozenset({
    "cardcli", "path", "profile", "entries", "prose", "problems", "files", "text", "id", "number", "facts",
    "sure", "score", "reason",
})  # fmt: skip
_LISTS = frozenset({
    "clients", "contacts", "customers", "people", "persons", "users", "data", "items", "results", "records",
    "rows", "list", "connections", "value", "result", "response", "_embedded", "клиенты", "контакты",
})  # fmt: skip
_LIST_BEGINS = re.compile(rf"\"(?:{'|'.join(sorted(_LISTS))})\"\s*:\s*\[\s*(?=\{{)", re.IGNORECASE)
_DEEPEST = 50
_OWN_FIELDS = frozenset({"custom_fields_values", "custom_fields", "_embedded"})
_FIELD_NAMES = ("field_code", "field_name", "name", "label")
_FILE = re.compile(r"files/([^/]+)/(?!\.)[^/\\]+(?:/(?!\.)[^/\\]+)*")


class Json:
    """The codec of JSON: an array of objects, objects one after another, or a single one."""

    name = "json"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002 - the content says all
        """Tell whether *data* begins as an object or an array of them."""
        start = decoding.decode(data[:4096]).text.lstrip("\ufeff\x1e \t\r\n")
        array = re.match(r"\[\s*(?:\{|\]|$)", start) or _ROWS.match(start)
        return bool(re.match(r"\{\s*(?:\"|\}|$)", start) or array)

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the clients of a file."""
        text = decoding.decode(data, options.encoding).text
        if rows := _rows(text):
            yield from tables.read_rows(rows, name, options)
            return
        empty = True
        for value in _values(text):
            empty = False
            place = f"{name}:{value.line}"
            if value.problem:
                yield Skipped(place, value.problem)
            elif isinstance(value.value, dict) and (inside := _wrapped(value.value, options)):
                for number, each in enumerate(inside, 1):
                    yield _client(each, f"{place}#{number}", options, [])
            else:
                yield _client(value.value, place, options, list(value.twice))
        if empty:
            yield Noted(name, _("there is no client in this file"))


CODEC = Json()


class _Value(NamedTuple):
    """A value of a file with its line, keys it gives twice, or why it cannot be read."""

    line: int
    value: Any
    twice: tuple[str, ...] = ()
    problem: str = ""


def _rows(text: str) -> Iterator[Row] | None:
    """Return the rows of a table that is an array of arrays, or of texts; None where it is none."""
    try:
        found = json.loads(text, parse_int=str, parse_float=str) if _ROWS.match(text) else []
    except (ValueError, RecursionError):
        return None
    cells = (each if isinstance(each, list) else [each] for each in found)
    rows = (Row(number, [one(cell) for cell in row]) for number, row in enumerate(cells, 1))
    return rows if found else None


def _wrapped(value: Any, options: Options, depth: int = 0) -> list[Any]:
    """Return the clients of an object that is none itself: ``{"contacts": {"list": [{…}]}}``."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or depth > _DEEPEST or _tells(value, options):
        return []
    for key, each in value.items():
        if fold(key) in _LISTS and (inside := _wrapped(each, options, depth + 1)):
            return inside
    inside = list(value.values())  # clients by their ids
    return inside if inside and all(_tells(each, options) for each in inside) else []


def _tells(value: Any, options: Options) -> bool:
    """Tell whether an object has a key that tells something of a client."""
    table = options.kinds.profile
    return isinstance(value, dict) and any(
        naming.meant(key, table)[0] for key in value if fold(key) not in _LISTS
    )


def _values(text: str) -> Iterator[_Value]:
    """Yield the objects of an array, or those that stand one after another; a bad one is told."""
    twice: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        """Take the first of two values of a key, as a card does."""
        keys = [key for key, _value in found]
        twice.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(reversed(found)) if len(set(keys)) < len(keys) else dict(found)

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_int=str, parse_float=str)
    place = _SPACE.match(text, 0).end() if text else 0  # type: ignore[union-attr]
    if text[place : place + 1] == "[":
        place += 1
    line, counted, within = 1, 0, False
    while True:
        place = _SPACE.match(text, place).end()  # type: ignore[union-attr]
        if place >= len(text) or text[place:].strip() == "]":
            return
        line, counted = line + text.count("\n", counted, place), place
        twice.clear()
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            within = not within and (inside := _LIST_BEGINS.search(text, place)) is not None
            if within and inside:  # what is around the list is broken or cut off
                place = inside.end()
                continue
            yield _Value(line, None, (), _broken(error))
            wrong = error.pos if isinstance(error, json.JSONDecodeError) else place
            place = _next_object(text, place, wrong)
            within = True
        else:
            within = True
            yield _Value(line, value, tuple(twice))


def _next_object(text: str, broken: int, wrong: int) -> int:
    """Return where the next object begins after a broken one that is *wrong* somewhere.

    It stands on a line of its own, or behind a comma with the same first key: any other might be a part
    of the broken one.
    """
    key = found[1] if (found := _FIRST_KEY.match(text, broken)) else '"'
    following = re.compile(
        rf"^[ \t\x1e]*(?=\{{)|\}}\s*,\s*(?=\{{\s*{re.escape(key)})", re.MULTILINE
    )
    begins = max(broken + 1, text.rfind("\n", 0, wrong) + 1)
    match = following.search(text, begins)
    return match.end() if match else len(text)


def _broken(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("it is no JSON: see line {line}, column {column}").format(
            line=error.lineno, column=error.colno
        )
    return _("it is no JSON: nested too deeply")


def _client(value: Any, place: str, options: Options, twice: list[str]) -> Told:
    if not isinstance(value, dict):
        return Skipped(place, _("it is no object, so it tells of no client"))
    return _told(value, place, options, twice)


def _told(value: dict[str, Any], place: str, options: Options, twice: list[str]) -> Told:
    remarks = [
        _("the key “{key}” is given twice; the first counts").format(key=key) for key in twice
    ]
    text = value.get("text")
    if isinstance(text, str) and len(text) > LONGEST:
        return Skipped(
            place, _("“{key}” is too long for a text; it is left out").format(key="text")
        )
    if isinstance(text, str) and text.lstrip("\ufeff").startswith("---"):
        return _whole(value, text, place, options, remarks)
    return _Reader(options, remarks).incoming(value, place)


# --- our own ---------------------------------------------------------------------------------------


def _whole(
    value: dict[str, Any], text: str, place: str, options: Options, remarks: list[str]
) -> Told:
    """Return a client of our own export: the card itself, and the files that travel with it."""
    try:
        card = cards.parse(text, options.kinds)
    except BadCardError as error:
        return Skipped(place, str(error))
    said = clients.whole(card, str(value.get("path") or ""))
    for key in ("name", "phones", "emails", "profile", "entries", "prose"):
        if key in value and _plain(value[key]) != _plain(said[key]):
            sentence = _("“{key}” and “text” say different things; “text” counts")
            remarks.append(sentence.format(key=key))
    files = _files(value.get("files"), card.id, remarks)
    return Incoming(
        values={},
        place=place,
        id=card.id if ids.is_id(card.id) else "",
        number=card.number,
        remarks=tuple(remarks),
        text=text,
        files=files,
    )


def _plain(value: Any) -> Any:
    """Return a value with its numbers as text, as the file is read."""
    return json.loads(json.dumps(value, default=str), parse_int=str, parse_float=str)


def _files(listed: Any, card_id: str, remarks: list[str]) -> dict[str, bytes]:
    """Return the files of a client that are in the export and are what their hashes say."""
    found: dict[str, bytes] = {}
    for each in listed if isinstance(listed, list) else []:
        path = one(each.get("path")) if isinstance(each, dict) else ""
        match = _FILE.fullmatch(path)
        if match is None or match[1] != card_id or "data" not in each:
            continue
        try:
            data = base64.b64decode(str(each["data"]), validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if hashlib.sha256(data).hexdigest() == each.get("sha256"):
            found[path] = data
        else:
            remarks.append(_("the file {path} is damaged; it is left out").format(path=path))
    return found


# --- others ----------------------------------------------------------------------------------------


class _Reader:
    """Reads an object by its keys."""

    def __init__(self, options: Options, remarks: list[str]) -> None:
        self._profile = options.kinds.profile
        self._kinds = options.kinds
        self._remarks = remarks
        self._values: dict[str, list[tuple[str, str]]] = {}
        self._unknown: dict[str, list[str]] = {}

    def incoming(self, value: Mapping[str, Any], place: str) -> Incoming:
        """Return the client that an object tells of."""
        profile = value.get("profile")
        if isinstance(profile, dict):
            told = {key: said for key, said in profile.items() if key not in {"id", "number"}}
        else:
            told = {key: said for key, said in value.items() if key not in _OURS}
        for key, said in told.items():
            if fold(key) in _OWN_FIELDS:
                self._take_own_fields(key, said)
            else:
                self._take(key, said)
        entries = tuple(self._entries(value.get("entries")))
        prose = value.get("prose")
        if isinstance(prose, dict):
            for heading, text in prose.items():
                self._leave(f"prose ({heading})" if heading else "prose", text)
        self._settle_name()
        identity = str(value.get("id") or "")
        return Incoming(
            values=self._values,
            place=place,
            entries=entries,
            id=identity if ids.is_id(identity) else "",
            number=str(value.get("number") or ""),
            unknown=self._unknown,
            remarks=tuple(self._remarks),
        )

    def _take(self, key: str, said: Any) -> None:
        if said is None or said in ("", [], {}):
            return
        stored, column = naming.meant(key, self._profile)
        if not stored:
            self._leave(key, said)
        elif stored == "name" and isinstance(first := _first(said), dict):
            self._take_name(key, first)
        else:
            whole = WHOLE.get(stored)
            for label, text in pairs(said, whole) if whole else pairs(said):
                if len(text) > LONGEST:
                    sentence = _("“{key}” is too long for a text; it is left out")
                    self._remarks.append(sentence.format(key=key[:60]))
                    continue
                plain = label.casefold() in PLAIN_LABELS
                self._values.setdefault(stored, []).append(
                    (column if plain else label or column, text)
                )

    def _take_name(self, key: str, said: Mapping[str, Any]) -> None:
        """Take a name that is an object: ``{"givenName": …, "familyName": …}``."""
        told = {
            naming.meant(each, self._profile)[0]: text
            for each, text in said.items()
            if text and isinstance(text, str)
        }
        wanted = [part for part in PARTS if part in told] or [
            each for each in told if each == "name"
        ]
        for part in wanted:
            self._values.setdefault(part, []).append(("", told[part]))
        if not wanted:
            self._leave(key, said)

    def _take_own_fields(self, key: str, said: Any) -> None:
        """Take fields that a program keeps in a list with their names: amoCRM has its phones there."""
        if isinstance(said, dict):
            for name, value in said.items():
                self._take(name, value)
            return
        for each in said if isinstance(said, list) else [said]:
            found = (
                {str(one_key): value for one_key, value in each.items()}
                if isinstance(each, dict)
                else {}
            )
            name = next((one(found[name]) for name in _FIELD_NAMES if found.get(name)), "")
            value = next((found[name] for name in ("values", "value") if name in found), each)
            self._take(name or key, value)

    def _settle_name(self) -> None:
        """Let the parts of a name count where both are told; what the whole says besides is not lost."""
        values = self._values
        parts = [text for part in PARTS for _label, text in values.get(part, [])]
        if "name" not in values or not parts:
            return
        whole = " ".join(text for _label, text in values["name"])
        told = words(" ".join(parts))
        if told <= words(whole):  # the whole says all of it
            if len(parts) > 1 and words(whole) == told:
                del values["name"]
                return
            for part in PARTS:
                values.pop(part, None)
        elif "given" not in values:  # «name» is the given name beside «surname»
            values["given"] = values.pop("name")
        elif not words(values.pop("name")[0][1]) <= told:
            self._leave("name", whole)

    def _leave(self, key: str, said: Any) -> None:
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        if text.strip():
            self._unknown.setdefault(key, []).append(text[:2000])

    def _entries(self, listed: Any) -> Iterator[IncomingEntry]:
        known = {kind.name for kind in self._kinds.all}
        for each in listed if isinstance(listed, list) else []:
            kind = each.get("kind") if isinstance(each, dict) else None
            if kind not in known or not isinstance(each.get("date"), str):
                self._leave("entries", each)
                continue
            fields = each.get("fields")
            yield IncomingEntry(
                kind=kind,
                date=each["date"],
                title=one(each.get("title")),
                time=one(each.get("time")),
                fields={
                    str(key): one(text)
                    for key, text in (fields.items() if isinstance(fields, dict) else ())
                    if one(text)
                },
                text=one(each.get("text")),
                id=one(each.get("id")),
            )


def _first(said: Any) -> Any:
    return said[0] if isinstance(said, list) and said else said
