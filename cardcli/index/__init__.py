"""The index: what is asked of all cards at every command, kept in SQLite; derived and disposable.

Every question is answered about the cards as they lie on the disk. Each file's size and times of
modification and of change of its inode (``st_ctime``, which no program can set) are compared with
those at the last reading; a file that was touched less than two seconds before it was read is read
again, because file systems count in steps of up to two seconds. So an edit within the same second is
noticed, and a clock that was set back makes other times, not newer ones.

In a large store find(1) is asked which files and folders were touched, by either time, since all files
were last compared so; only those are compared, and the names in those folders. That trusts the times of
the system: a clock that was set back, an edit, and a clock that was set forward again between two
commands would go unnoticed until the next edit.

A file that cannot be used (absent, damaged, of another schema, locked too long, in a folder that is
read-only) costs time and nothing else: the index is then made anew, if need be in memory.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cardcli import disk
from cardcli.disk import watching
from cardcli.errors import CardcliError
from cardcli.index.looking import Look, at_all, at_touched
from cardcli.index.tables import CREATE, SCHEMA, SERVICE, STAFF, TAG, Line, Snapshot

if TYPE_CHECKING:
    from cardcli.index.refreshing import Progress, Refresh
    from cardcli.index.rows import Settings

__all__ = ["SERVICE", "STAFF", "TAG", "Index", "Line", "Snapshot"]

FILE = "index.db"
_STAMP, _SEEN = "index.stamp", "index.seen"
_MANY = 1000
"""Cards from which on find(1) is asked first."""
_FEW = 100
"""Cards that are looked into without a refresh."""
_ANSWER = TypeVar("_ANSWER")
_MEMORY = ":memory:"
_WAIT_SECONDS = 30.0
_DAMAGED = frozenset(
    {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}
)


class Index:
    """The index of the cards in *root*; its file lies in the folder *own*.

    *settings* is the text of the store's settings: other settings make another index. What they
    mean is asked for with *understood* when a card has to be read. *progress* is told how many of
    how many cards have been read.
    """

    def __init__(
        self,
        root: Path,
        cards: str,
        own: Path,
        settings: str,
        understood: Callable[[], Settings],
        progress: Progress | None = None,
    ) -> None:
        self._root = root
        self._cards = cards
        self._own = own
        self._settings = settings
        self._understood = understood
        self._progress = progress
        self._base: sqlite3.Connection | None = None
        self._place = str(own / FILE)
        self._copied = ""
        self._removed = False
        self._verified = ""  # the files that we found the rows to stand for, in this process
        self._look: Look | None = None  # at the files, for the question that is being answered
        self._looked_from = ""  # what the rows stood for when we looked
        self._looked_at = 0  # when we began to look, by the clock of the files

    def ask(self, question: Callable[[Snapshot], _ANSWER], *, texts: bool = False) -> _ANSWER:
        """Return the answer to *question* about the cards as they are now, or about their *texts*."""
        while True:
            try:
                with self._fresh(texts=texts) as base:
                    return question(Snapshot(base, self._show_phone))
            except sqlite3.DatabaseError as error:
                if self._place == _MEMORY and not self._copied:
                    raise
                self._discard(error)

    @contextlib.contextmanager
    def _fresh(self, *, texts: bool) -> Iterator[sqlite3.Connection]:
        """Hold a transaction over rows, and the full-text table, that say what the files say."""
        base = self._base = self._base or self._open()
        self._look = None
        base.execute("BEGIN")
        try:
            if not self._is_fresh(base) or (texts and self._is_behind(base)):
                base.execute("ROLLBACK")
                base.execute("BEGIN IMMEDIATE")
                self._refresh(base)
                if texts:
                    self._catch_up(base)
            yield base
            with contextlib.suppress(sqlite3.OperationalError):
                base.execute("COMMIT")  # an answer is right even if it cannot be kept
        finally:
            if base.in_transaction:
                base.execute("ROLLBACK")

    def _is_fresh(self, base: sqlite3.Connection) -> bool:
        question = "SELECT settings, listing, live FROM state"
        settings, listing, cards = base.execute(question).fetchone()
        if self._verified:
            return bool(listing == self._verified)
        moment = self._looked_at = self._moment()
        look = None
        if settings == self._settings and self._is_remembered(listing, cards):
            look = at_touched(base, self._root, self._cards, self._own / _SEEN, listing)
        look = look or at_all(self._root, self._cards)
        self._look, self._looked_from, self._verified = look, listing, look.fingerprint
        if look.paths is not None and not look.paths:
            return True
        if settings != self._settings or listing != self._verified:
            return False
        young = base.execute(
            "SELECT path, content, mtime, ctime FROM cards WHERE NOT settled"
        ).fetchall()
        if not self._still_say(young):
            return False
        times = {path: max(both) for path, _content, *both in young}
        old = [path for path, time in times.items() if time + watching.COARSEST < moment]
        self._settle(base, old)
        if moment and cards >= _MANY:
            # whatever is touched from now on, and what is still young, is newer than that
            since = min([moment, *(times[path] for path in times.keys() - old)]) - watching.COARSEST
            self._remember(listing, since)
        return True

    def _still_say(self, young: Sequence[tuple[str, bytes, int, int]]) -> bool:
        """Tell whether the cards that were read when they were new say what they said then."""
        return len(young) < _FEW and all(
            disk.digest(self._root / path) == content for path, content, *_times in young
        )

    def _settle(self, base: sqlite3.Connection, paths: Sequence[str]) -> None:
        """Rely on the times of these files from now on; when that cannot be noted, next time."""
        if paths:
            with contextlib.suppress(sqlite3.OperationalError):
                base.executemany(
                    "UPDATE cards SET settled = 1 WHERE path = ?", [(each,) for each in paths]
                )

    def _is_remembered(self, listing: str, cards: int) -> bool:
        """Tell whether it is known when the rows were last found to stand for all files."""
        if cards < _MANY or not listing:
            return False
        return disk.remembered(self._own / _SEEN)[0] == listing

    def _remember(self, listing: str, since: int) -> None:
        """Note that the rows stand for all files as they were when nothing was newer than *since*."""
        disk.remember(self._own / _SEEN, listing, since)

    def _remember_change(self, before: str, after: str) -> None:
        """Note that the rows stand for other files now; what changed is newer than what was noted."""
        known, since = disk.remembered(self._own / _SEEN)
        if before and after and known == before:
            self._remember(after, since)

    def look_again(self) -> None:
        """Do not rely on having looked at the files before."""
        self._verified = ""

    def _refresh(self, base: sqlite3.Connection) -> None:
        refresh = self._refreshing(base)
        (listing,) = base.execute("SELECT listing FROM state").fetchone()
        look = self._look
        if look is None or (
            look.paths is not None and (listing != self._looked_from or refresh.outdated())
        ):  # somebody else was at it since we looked, or answered the last question
            self._looked_at = self._moment()
            look = at_all(self._root, self._cards)
            self._verified = look.fingerprint
        moment = self._moment()
        refresh.run(look, moment)
        if moment and look.paths is None and len(look.stamps) >= _MANY:
            self._remember(look.fingerprint, self._looked_at - 2 * watching.COARSEST)
        elif look.paths is not None:
            self._remember_change(self._looked_from, look.fingerprint)

    def _refreshing(self, base: sqlite3.Connection) -> Refresh:
        from cardcli.index.refreshing import Refresh

        return Refresh(base, self._root, self._settings, self._understood, self._progress)

    def _show_phone(self, number: str) -> str:
        from cardcli import contacts

        return contacts.show_phone(number, self._region)

    @functools.cached_property
    def _region(self) -> str:
        return self._understood().region

    def _is_behind(self, base: sqlite3.Connection) -> bool:
        """Tell whether the full-text table lacks the texts of many cards."""
        from cardcli.index import paging

        return paging.is_behind(base)

    def _catch_up(self, base: sqlite3.Connection) -> None:
        from cardcli.index import paging

        if paging.is_behind(base):
            paging.catch_up(base, self._root, self._progress)

    def _moment(self) -> int:
        """Return now by the clock of the files; 0, at which no file is old, when it cannot be told."""
        try:
            return 0 if self._place == _MEMORY else disk.moment(self._own / _STAMP)
        except CardcliError:
            return 0

    def note(self, path: str) -> None:
        """Take in the card at *path*, which was just written. Never fails: the next question sees it too."""
        known, self._verified = self._verified, ""
        base = self._base
        if base is None or not known:
            return
        try:
            stamp = watching.stamp(self._root, path)
            base.execute("BEGIN IMMEDIATE")
            verified = self._refreshing(base).one(stamp, known, self._moment())
            base.execute("COMMIT")
            self._verified = verified
            self._remember_change(known, verified)
        except (sqlite3.DatabaseError, CardcliError):
            if base.in_transaction:
                base.execute("ROLLBACK")

    # --- the file ---

    def _open(self) -> sqlite3.Connection:
        """Open the file, or make it; of another schema it is made anew."""
        base = self._connected(self._place)
        (schema,) = base.execute("PRAGMA user_version").fetchone()
        if schema not in {0, SCHEMA}:
            base.close()
            self._remove()
            base = self._connected(self._place)
            schema = 0
        if schema == 0:
            self._create(base)
        return base

    def _connected(self, place: str) -> sqlite3.Connection:
        if place != _MEMORY and not self._own.is_dir():
            with contextlib.suppress(OSError):
                disk.make_folder(self._own)
        if place != _MEMORY:
            with contextlib.suppress(CardcliError):
                disk.private(self._own / FILE)
        base = sqlite3.connect(place, _WAIT_SECONDS, isolation_level=None)
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("PRAGMA cache_spill = OFF")  # others read on until the very end of a refresh
        if place == _MEMORY and self._copied:
            with contextlib.closing(sqlite3.connect(self._copied, uri=True)) as source:
                source.backup(base)
        return base

    def _create(self, base: sqlite3.Connection) -> None:
        base.execute("BEGIN IMMEDIATE")
        if base.execute("PRAGMA user_version").fetchone() == (0,):
            for statement in CREATE.split(";\n"):
                base.execute(statement)
            base.execute("INSERT INTO state VALUES ('', '', 0, 0)")
        base.execute("COMMIT")

    def _discard(self, error: sqlite3.DatabaseError) -> None:
        """Leave a file that cannot be used: a damaged one is made anew, once; else memory serves."""
        if self._base:
            self._base.close()
        self._base, self._verified = None, ""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_READONLY and self._place != _MEMORY:
            self._copied = f"{(self._own / FILE).as_uri()}?mode=ro"
            self._place = _MEMORY
        elif code not in _DAMAGED or self._removed or not self._remove():
            self._copied, self._place = "", _MEMORY

    def _remove(self) -> bool:
        """Delete the file; tell whether that could be done."""
        self._removed = True
        try:
            for suffix in ("", "-journal"):
                disk.remove(self._own / (FILE + suffix))
        except CardcliError:
            return False
        return True
