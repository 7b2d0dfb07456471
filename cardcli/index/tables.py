"""The tables of the index and the questions that are asked of them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cardcli.clients import person
from cardcli.search.people import Key, Kind, Person
from cardcli.tuples import NamedTuple

SCHEMA = 7
"""Raised with every change of a table, or of what is written into one."""

CREATE = f"""
CREATE TABLE state (
    settings TEXT NOT NULL, listing TEXT NOT NULL, live INTEGER NOT NULL, pages INTEGER NOT NULL
);
CREATE TABLE cards (
    key INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, mtime INTEGER NOT NULL, ctime INTEGER NOT NULL,
    settled INTEGER NOT NULL, content BLOB NOT NULL,
    live INTEGER NOT NULL DEFAULT 0, page INTEGER,
    id TEXT, number TEXT, name TEXT, sorted TEXT, phone TEXT, visited TEXT, client TEXT, hinted TEXT
);
CREATE TABLE words (
    kind INTEGER NOT NULL, text TEXT NOT NULL, card INTEGER NOT NULL,
    PRIMARY KEY (kind, text, card)
) WITHOUT ROWID;
CREATE TABLE hints (
    kind INTEGER NOT NULL, text TEXT NOT NULL, cards INTEGER NOT NULL, PRIMARY KEY (kind, text)
) WITHOUT ROWID;
CREATE TABLE sounds (sound TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (sound, text)) WITHOUT ROWID;
CREATE VIRTUAL TABLE pages USING fts5(
    text, content='', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0"
);
PRAGMA user_version = {SCHEMA};
"""

INDEXES = {
    "unsettled": "cards(key) WHERE NOT settled",
    "left_out": "cards(path) WHERE NOT live",
    "paged": "cards(page)",
    "identified": "cards(id)",
    "listed": "cards(sorted, id, number, name, phone) WHERE live",
}
"""What finds rows of cards without reading them all, by name."""

CODES: dict[Kind, int] = {kind: code for code, kind in enumerate(Kind)}
OLD_NUMBER = 23
"""Numbers that are not given again; no client is looked up by them."""
TAG, SERVICE, STAFF = 20, 21, 22
"""Hints: they complete what is typed. It is counted how many cards have each."""

_LAST = "\U0010ffff"
_AT_ONCE = 500


class Line(NamedTuple):
    """A client as a line of a list: all of it is ready to be shown. ``client`` is JSON."""

    id: str
    number: str
    name: str
    phone: str
    path: str
    client: str


class Snapshot:
    """The clients as they lie on the disk at one moment: the vocabulary of a search, and lists.

    Valid while the question is being answered that it was handed to.
    """

    def __init__(self, base: sqlite3.Connection, show_phone: Callable[[str], str]) -> None:
        self._base = base
        self._show_phone = show_phone
        self._names: dict[str, None] = {}
        self._sounds: dict[str, list[str]] = {}

    def _column(self, question: str, values: Sequence[object] = ()) -> list[str]:
        return [row[0] for row in self._base.execute(question, values)]

    def __len__(self) -> int:
        """Return the number of clients."""
        return int(self._base.execute("SELECT live FROM state").fetchone()[0])

    # --- the vocabulary of a search (cardcli.search.people.Vocabulary) ---

    def equal(self, kind: Kind, texts: Iterable[str]) -> list[str]:
        """Return those of *texts* that are words."""
        found: list[str] = []
        for part in _parts(texts):
            question = (
                f"SELECT DISTINCT text FROM words WHERE kind = ? AND text IN ({_marks(part)})"  # noqa: S608
            )
            found += self._column(question, (CODES[kind], *part))
        return found

    def starting(self, kind: Kind, prefix: str) -> list[str]:
        """Return the words that begin with *prefix*."""
        question = "SELECT DISTINCT text FROM words WHERE kind = ? AND text >= ? AND text < ?"
        return self._column(question, (CODES[kind], prefix, prefix + _LAST))

    def hints(self, code: int, prefix: str) -> list[str]:
        """Return the hints of one sort that begin with *prefix*."""
        question = "SELECT text FROM hints WHERE kind = ? AND text >= ? AND text < ?"
        return self._column(question, (code, prefix, prefix + _LAST))

    def sounding(self, sound: str, *, whole: bool) -> list[str]:
        """Return the words of names that sound, or begin to sound, like *sound*."""
        if whole:
            return self._column("SELECT text FROM sounds WHERE sound = ?", (sound,))
        question = "SELECT text FROM sounds WHERE sound >= ? AND sound < ?"
        return self._column(question, (sound, sound + _LAST))

    def names(self) -> Collection[str]:
        """Return every word of names."""
        self._names = self._names or dict.fromkeys(self._column("SELECT text FROM sounds"))
        return self._names.keys()

    def sounds(self) -> Mapping[str, Collection[str]]:
        """Return every sound of a word of names, with those words."""
        if not self._sounds:
            for sound, text in self._base.execute("SELECT sound, text FROM sounds"):
                self._sounds.setdefault(sound, []).append(text)
        return self._sounds

    def bearers(self, keys: Iterable[Key]) -> set[int]:
        """Return the keys of the people who have any of these words."""
        wanted: dict[int, list[str]] = {}
        for kind, text in keys:
            wanted.setdefault(CODES[kind], []).append(text)
        found: set[int] = set()
        for code, texts in wanted.items():
            for part in _parts(texts):
                question = f"SELECT card FROM words WHERE kind = ? AND text IN ({_marks(part)})"  # noqa: S608
                found.update(row[0] for row in self._base.execute(question, (code, *part)))
        return found

    def people(self, keys: Iterable[int]) -> Iterator[Person]:
        """Yield people by key; those whose id is not theirs alone are left out."""
        from json import loads

        for part in _parts(keys):
            question = f"SELECT client, visited FROM cards WHERE live AND key IN ({_marks(part)})"  # noqa: S608
            for client, visited in self._base.execute(question, part):
                yield person(loads(client), visited)

    def everybody(self) -> Iterator[Person]:
        """Yield all people, by id; those whose id is not theirs alone are left out."""
        from json import loads

        question = "SELECT client, visited FROM cards WHERE live ORDER BY id"
        for client, visited in self._base.execute(question):
            yield person(loads(client), visited)

    # --- lists ---

    def rows(self, limit: int | None = None) -> list[tuple[str, str, str, str]]:
        """Return id, number, name and phone of the first *limit* clients by name."""
        question = (
            "SELECT id, number, name, phone FROM cards WHERE live ORDER BY sorted, id LIMIT ?"
        )
        return self._shown(question, (-1 if limit is None else limit,))

    def beginning(self, sorted_as: str, limit: int) -> list[tuple[str, str, str, str]]:
        """Return :meth:`rows` of the clients whose names, folded, begin so."""
        question = (
            "SELECT id, number, name, phone FROM cards"
            " WHERE live AND sorted >= ? AND sorted < ? ORDER BY sorted, id LIMIT ?"
        )
        return self._shown(question, (sorted_as, sorted_as + _LAST, limit))

    def clients(self, limit: int | None = None) -> list[str]:
        """Return the summaries of the first *limit* clients by name, as JSON."""
        question = "SELECT client FROM cards WHERE live ORDER BY sorted, id LIMIT ?"
        return self._column(question, (-1 if limit is None else limit,))

    def lines_of(self, ids: Iterable[str]) -> dict[str, Line]:
        """Return the clients with these ids, by id."""
        found: dict[str, Line] = {}
        for part in _parts(ids):
            question = (
                "SELECT id, number, name, phone, path, client FROM cards"  # noqa: S608
                f" WHERE id IN ({_marks(part)}) AND live"
            )
            found.update((row[0], Line._make(row)) for row in self._shown(question, part))
        return found

    def _shown(self, question: str, values: Sequence[object]) -> list[Any]:
        """Return rows with the id first and the phone fourth; it is written down when first asked for."""
        rows = self._base.execute(question, values).fetchall()
        lacking = [row[0] for row in rows if row[3] is None]
        if not lacking:
            return rows
        phones = self._phones(lacking)
        with contextlib.suppress(sqlite3.OperationalError):
            self._base.executemany(
                "UPDATE cards SET phone = ? WHERE id = ?",
                [(phone, card_id) for card_id, phone in phones.items()],
            )
        return [(*row[:3], phones.get(row[0], row[3]), *row[4:]) for row in rows]

    def _phones(self, ids: Iterable[str]) -> dict[str, str]:
        """Return how the first phones of these clients are shown, by id."""
        from json import loads

        found = {}
        for part in _parts(ids):
            question = f"SELECT id, client FROM cards WHERE id IN ({_marks(part)}) AND live"  # noqa: S608
            for card_id, client in self._base.execute(question, part):
                numbers = loads(client)["phones"]
                found[card_id] = self._show_phone(numbers[0]) if numbers else ""
        return found

    def paths(self, card_id: str) -> list[str]:
        """Return the files of the cards with this id: one, unless something is wrong."""
        return self._column("SELECT path FROM cards WHERE id = ? ORDER BY path", (card_id,))

    def heirs(self, card_id: str) -> list[str]:
        """Return the files of the clients with whom the card that had this id was joined."""
        question = (
            "SELECT path FROM words JOIN cards ON key = card"
            " WHERE kind = ? AND text = ? AND id <> text AND live ORDER BY path"
        )
        return self._column(question, (CODES[Kind.ID], card_id))

    def left_out(self) -> list[tuple[str, str]]:
        """Return the files that no client is read from, with their id: "" for one that is no card."""
        rows = self._base.execute("SELECT path, id FROM cards WHERE NOT live ORDER BY path")
        return [(path, card_id or "") for path, card_id in rows]

    def numbers(self) -> list[str]:
        """Return all card numbers, also those of cards that were joined with others."""
        question = "SELECT number FROM cards WHERE live UNION SELECT text FROM words WHERE kind = ?"
        return self._column(question, (OLD_NUMBER,))

    def ids(self) -> list[str]:
        """Return all ids, also those of cards that were joined with others."""
        return self._column("SELECT text FROM words WHERE kind = ?", (CODES[Kind.ID],))

    def files(self) -> list[str]:
        """Return the paths of all files, also of those that are no cards."""
        return self._column("SELECT path FROM cards")

    def live_files(self) -> list[str]:
        """Return the paths of the cards of all clients."""
        return self._column("SELECT path FROM cards WHERE live")

    def mentioning(self, beginnings: Iterable[str]) -> list[Line]:
        """Return the clients whose cards have words with all these beginnings, by name.

        Among them are those whose texts are not in the full-text table yet.
        """
        query = " AND ".join(f'"{beginning}" *' for beginning in beginnings)
        question = (
            "SELECT id, number, name, phone, path, client FROM cards WHERE live AND"
            " (page IS NULL OR page IN (SELECT rowid FROM pages WHERE pages MATCH ?))"
            " ORDER BY sorted, id"
        )
        return [Line._make(row) for row in self._shown(question, (query,))] if query else []


def _parts(items: Iterable[object]) -> Iterator[list[object]]:
    """Yield *items* in portions that fit into one question."""
    rest = iter(items)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _marks(part: Sequence[object]) -> str:
    return ",".join("?" * len(part))
