"""Bringing the index up to date with the files: what changed is read, the rest is left alone."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import count
from json import JSONEncoder
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardcli import disk
from cardcli.disk import watching
from cardcli.errors import CardcliError
from cardcli.index.looking import Look
from cardcli.index.tables import CODES, INDEXES, OLD_NUMBER, SERVICE, STAFF
from cardcli.search.letters import sounds
from cardcli.search.people import Kind
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:
    from cardcli.index.rows import Row, Settings, Word

Progress = Callable[[int, int], None]
_BATCH = 20_000
"""Cards that are gathered before they are put in, their words in order: the fewer times the faster."""
_KEEP = "REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
_ADD = (
    "INSERT OR IGNORE INTO words SELECT ?, word.key, card.value"
    " FROM json_each(?) AS word, json_each(word.value) AS card"
)
"""All words of one sort at once: half the time of a row each."""
_written = JSONEncoder(ensure_ascii=False).encode
_WORDS = (*CODES.values(), OLD_NUMBER)
_NAME, _ID = CODES[Kind.NAME], CODES[Kind.ID]


class _Known(NamedTuple):
    """What the index knows of a file."""

    stamp: watching.Stamp
    key: int
    settled: int
    content: bytes


class _Kept(NamedTuple):
    """What the row of a card said until now."""

    live: int = 0
    phone: str | None = None
    phones: Sequence[str] = ()
    words: AbstractSet[Word] = frozenset()
    hints: AbstractSet[Word] = frozenset()


class Refresh:
    """One refresh, within a transaction for writing that somebody else begins and ends."""

    def __init__(
        self,
        base: sqlite3.Connection,
        root: Path,
        settings: str,
        understood: Callable[[], Settings],
        progress: Progress | None = None,
    ) -> None:
        self._base = base
        self._root = root
        self._text = settings
        self._understood = understood
        self._progress = progress
        self._members_changed = False
        self._new_cards: list[tuple[object, ...]] = []
        self._new_words: dict[int, dict[str, list[int]]] = {code: {} for code in _WORDS}
        self._hinted: Counter[Word] = Counter()

    @cached_property
    def _settings(self) -> Settings:
        return self._understood()

    def run(self, look: Look, moment: int) -> None:
        """Make the rows say what the files say; *moment* is now by the files' own clock.

        When the rows are :meth:`outdated`, the look must have been at all files.
        """
        if look.paths is None and self.outdated():
            self._begin_anew()
        known = {each.stamp[0]: each for each in self._known(look.paths)}
        changed = []
        for stamp in look.stamps:
            old = known.pop(stamp[0], None)
            if old is None or old.stamp != stamp or not old.settled:
                changed.append((stamp, old))
        for gone in known.values():
            self._delete(gone)
        for number, (stamp, old) in enumerate(changed):
            self._take(stamp, old, moment)
            if self._progress and number % 100 == 0:
                self._progress(number, len(changed))
        self._flush()
        for name, what in INDEXES.items():
            self._base.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {what}")
        if self._progress and changed:
            self._progress(len(changed), len(changed))
        self._finish(look.fingerprint)

    def one(self, stamp: watching.Stamp, known: str, moment: int) -> str:
        """Take in one card that was written; *known* is what the rows stood for until now.

        Return what they stand for now, "" when somebody else changed them meanwhile.
        """
        old = next(self._known((stamp[0],)), None)
        self._take(stamp, old, moment)
        self._flush()
        (before,) = self._base.execute("SELECT listing FROM state").fetchone()
        after = watching.refingered(known, [old.stamp] if old else [], [stamp])
        self._finish(after if before == known else "")
        return after if before == known else ""

    def _known(self, paths: Iterable[str] | None = None) -> Iterator[_Known]:
        question = "SELECT path, size, mtime, ctime, key, settled, content FROM cards"
        if paths is None:
            rows: Iterable[Any] = self._base.execute(question)
        else:
            one = f"{question} WHERE path = ?"
            rows = (row for path in paths for row in self._base.execute(one, (path,)))
        for found in rows:
            yield _Known(found[:4], *found[4:])

    def _kept(self, key: int) -> _Kept:
        from cardcli.index.rows import known

        question = "SELECT live, phone, client, hinted FROM cards WHERE key = ?"
        live, phone, client, hinted = self._base.execute(question, (key,)).fetchone()
        if not client:
            return _Kept(live)
        return _Kept(live, phone, *known(client, hinted))

    def outdated(self) -> bool:
        """Tell whether the settings changed."""
        (settings,) = self._base.execute("SELECT settings FROM state").fetchone()
        return bool(settings != self._text)

    def _begin_anew(self) -> None:
        for name in INDEXES:  # to be made when all rows are there: faster
            self._base.execute(f"DROP INDEX IF EXISTS {name}")
        for table in ("cards", "words", "sounds", "hints"):
            self._base.execute(f"DELETE FROM {table}")  # noqa: S608
        self._base.execute("INSERT INTO pages(pages) VALUES ('delete-all')")
        self._hinted.update((SERVICE, name) for name in self._settings.services)
        self._hinted.update((STAFF, name) for name in self._settings.staff)
        self._base.execute("UPDATE state SET settings = ?, listing = '', pages = 0", (self._text,))
        self._members_changed = True

    # --- one card ---

    @cached_property
    def _keys(self) -> Iterator[int]:
        """Count the keys that no card has."""
        (last,) = self._base.execute("SELECT max(key) FROM cards").fetchone()
        return count((last or 0) + 1)

    def _take(self, stamp: watching.Stamp, old: _Known | None, moment: int) -> None:
        path = stamp[0]
        settled = max(stamp[2:]) + watching.COARSEST < moment
        try:
            data = disk.read_bytes(f"{self._root}/{path}")
        except CardcliError:
            data, settled = b"", False
        content = disk.digest_of(data)
        if old and old.content == content:
            self._base.execute(
                "UPDATE cards SET size = ?, mtime = ?, ctime = ?, settled = ? WHERE key = ?",
                (*stamp[1:], settled, old.key),
            )
            return
        from cardcli.index.rows import row  # reading cards is dear to import

        before = self._kept(old.key) if old else _Kept()
        found = row(path, data, self._settings)
        key = old.key if old else next(self._keys)
        live = before.live if old else found is not None  # put right at the end
        self._new_cards.append((key, *stamp, settled, content, live, *_columns(found, before)))
        after: AbstractSet[Word] = found.words if found else frozenset()
        for code, text in after - before.words:
            self._new_words[code].setdefault(text, []).append(key)
        self._remove_words(key, before.words - after)
        for hint in before.hints:
            self._hinted[hint] -= 1
        for hint in found.hints if found else ():
            self._hinted[hint] += 1
        if len(self._new_cards) > _BATCH:
            self._flush()

    def _delete(self, gone: _Known) -> None:
        kept = self._kept(gone.key)
        self._remove_words(gone.key, kept.words)
        self._hinted.subtract(kept.hints)
        self._base.execute("DELETE FROM cards WHERE key = ?", (gone.key,))
        self._members_changed = True

    # --- words ---

    def _flush(self) -> None:
        self._base.executemany(_KEEP, self._new_cards)
        self._new_cards.clear()
        for code, cards in self._new_words.items():
            if cards:
                self._add_words(code, cards)
                cards.clear()
        self._count_hints()

    def _add_words(self, code: int, cards: Mapping[str, list[int]]) -> None:
        """Add words of one sort, each with the keys of the cards that have it."""
        self._base.execute(_ADD, (code, _written({text: cards[text] for text in sorted(cards)})))
        if code == _NAME:
            self._base.executemany(
                "INSERT OR IGNORE INTO sounds VALUES (?, ?)",
                sorted((sound, text) for text in cards for sound in sounds(text)),
            )
        if code == _ID:
            self._members_changed = True

    def _count_hints(self) -> None:
        self._base.executemany(
            "INSERT INTO hints VALUES (?, ?, ?)"
            " ON CONFLICT (kind, text) DO UPDATE SET cards = cards + excluded.cards",
            [(*hint, cards) for hint, cards in self._hinted.items() if cards],
        )
        if min(self._hinted.values(), default=0) < 0:
            self._base.execute("DELETE FROM hints WHERE cards <= 0")
        self._hinted.clear()

    def _remove_words(self, key: int, words: Iterable[Word]) -> None:
        for code, text in words:
            self._base.execute(
                "DELETE FROM words WHERE kind = ? AND text = ? AND card = ?", (code, text, key)
            )
            self._members_changed |= code == _ID
            if code == _NAME:
                self._forget_sounds(text)

    def _forget_sounds(self, name: str) -> None:
        question = "SELECT 1 FROM words WHERE kind = ? AND text = ? LIMIT 1"
        if not self._base.execute(question, (_NAME, name)).fetchone():
            self._base.executemany(
                "DELETE FROM sounds WHERE sound = ? AND text = ?",
                [(sound, name) for sound in sounds(name)],
            )

    def _finish(self, fingerprint: str) -> None:
        """Leave out cards that share an id, and note which files the rows stand for."""
        if self._members_changed:
            shared = "SELECT id FROM cards WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1"
            self._base.execute(
                f"UPDATE cards SET live = (id IS NOT NULL AND id NOT IN ({shared}))"  # noqa: S608
                f" WHERE live <> (id IS NOT NULL AND id NOT IN ({shared}))"
            )
            self._base.execute("UPDATE state SET live = (SELECT coalesce(sum(live), 0) FROM cards)")
        self._base.execute("UPDATE state SET listing = ?", (fingerprint,))


def _columns(found: Row | None, before: _Kept) -> tuple[object, ...]:
    """Return the columns from the id on; how a phone is shown stays while the phones stay."""
    if found is None:
        return (None,) * 8
    phone = before.phone if found.phones == before.phones else None
    return (*found[:4], phone, *found[4:-3])
