"""Bringing the index up to date with the files: what changed is read, the rest is left alone."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cardcli import disk
from cardcli.disk import watching
from cardcli.errors import CardcliError
from cardcli.index.looking import Look
from cardcli.index.tables import CODES, SERVICE, STAFF
from cardcli.search.letters import sounds
from cardcli.search.people import Kind

if TYPE_CHECKING:
    from cardcli.index.rows import Row, Settings, Word

Progress = Callable[[int, int], None]
_BATCH = 250_000
"""Words that are gathered before they are put in, in their order: the fewer times the faster."""
_WORN = 1000
_KEEP = "REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
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
    phone: str = ""
    client: str = ""
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
        self._new_words: list[tuple[int, str, int]] = []
        self._new_pages: list[tuple[int, str]] = []
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
        from cardcli.index.rows import hints, words

        question = "SELECT live, phone, client, hinted FROM cards WHERE key = ?"
        live, phone, client, hinted = self._base.execute(question, (key,)).fetchone()
        if not client:
            return _Kept(live)
        return _Kept(live, phone, client, words(client), hints(client, hinted))

    def outdated(self) -> bool:
        """Tell whether the settings changed, or the full-text table holds mostly pages of the past."""
        (settings,) = self._base.execute("SELECT settings FROM state").fetchone()
        last, cards = self._base.execute("SELECT max(page), count(*) FROM cards").fetchone()
        return bool(settings != self._text or (last or 0) > 2 * cards + _WORN)

    def _begin_anew(self) -> None:
        for table in ("cards", "words", "sounds", "hints"):
            self._base.execute(f"DELETE FROM {table}")  # noqa: S608
        self._base.execute("INSERT INTO pages(pages) VALUES ('delete-all')")
        self._hinted.update((SERVICE, name) for name in self._settings.services)
        self._hinted.update((STAFF, name) for name in self._settings.staff)
        self._base.execute("UPDATE state SET settings = ?, listing = ''", (self._text,))
        self._members_changed = True

    # --- one card ---

    @cached_property
    def _numbers(self) -> Iterator[int]:
        """Count the numbers that neither a card nor a page ever had."""
        key, page_ = self._base.execute("SELECT max(key), max(page) FROM cards").fetchone()
        return count(max(key or 0, page_ or 0) + 1)

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
        from cardcli.index.rows import page, row  # reading cards is dear to import

        before = self._kept(old.key) if old else _Kept()
        found = row(path, data, self._settings, before.client, before.phone)
        number = next(self._numbers)
        key = old.key if old else number
        after: AbstractSet[Word] = found.words if found else frozenset()
        live = before.live  # put right at the end when there are other ids now
        self._new_cards.append((key, *stamp, settled, content, live, *_columns(found, number)))
        self._hinted.subtract(before.hints)
        if found:
            self._new_pages.append((number, page(data)))
            self._hinted.update(found.hints)
        if before.words:
            self._remove_words(key, before.words - after)
            after -= before.words
        self._new_words += [(code, text, key) for code, text in after]
        if len(self._new_words) > _BATCH:
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
        self._add_words(self._new_words)
        self._new_words.clear()
        self._count_hints()
        # all at once: FTS5 writes out what it has gathered whenever another table is written to
        self._base.executemany("INSERT INTO pages(rowid, text) VALUES (?, ?)", self._new_pages)
        self._new_pages.clear()

    def _add_words(self, words: Iterable[tuple[int, str, int]]) -> None:
        ordered = sorted(words)
        self._base.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", ordered)
        names = {text for code, text, _key in ordered if code == _NAME}
        self._base.executemany(
            "INSERT OR IGNORE INTO sounds VALUES (?, ?)",
            sorted((sound, name) for name in names for sound in sounds(name)),
        )
        self._members_changed |= any(code == _ID for code, _text, _key in ordered)

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


def _columns(found: Row | None, number: int) -> tuple[object, ...]:
    """Return the columns from the page on."""
    if found is None:
        return (None,) * 9
    return (number, *found[:-2])
