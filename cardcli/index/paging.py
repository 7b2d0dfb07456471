"""The texts of the cards for full-text search: put in when somebody searches, not at every change."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from cardcli import disk
from cardcli.errors import CardcliError
from cardcli.ids import PATTERN

_FEW = 100
"""Cards that are read at a search rather than written down before it."""
_WORN = 1000
_MARK = re.compile(rf" \^{PATTERN}\n")


def is_behind(base: sqlite3.Connection) -> bool:
    """Tell whether so many texts are missing that a search should not read those cards itself."""
    question = "SELECT 1 FROM cards WHERE page IS NULL AND live LIMIT 1 OFFSET ?"
    return base.execute(question, (_FEW,)).fetchone() is not None


def catch_up(
    base: sqlite3.Connection, root: Path, progress: Callable[[int, int], None] | None
) -> None:
    """Put in the texts that are missing, within a transaction for writing.

    A page is never taken out and its number never given again; when most pages are of the past, all
    are made anew. A card that was changed since its row was made is left for the next time.
    """
    given, cards = base.execute("SELECT pages, live FROM state").fetchone()
    if given > 2 * cards + _WORN:
        base.execute("INSERT INTO pages(pages) VALUES ('delete-all')")
        base.execute("UPDATE cards SET page = NULL")
        given = 0
    missing = base.execute("SELECT key, path, content FROM cards WHERE page IS NULL AND live")
    waiting = missing.fetchall()
    numbers: list[tuple[int, int]] = []

    def texts() -> Iterator[tuple[int, str]]:
        for place, (key, path, content) in enumerate(waiting):
            if progress and place % 100 == 0:
                progress(place, len(waiting))
            data = _read(root / path)
            if disk.digest_of(data) == content:
                number = given + len(numbers) + 1
                numbers.append((number, key))
                yield number, _page(data)

    # all at once: FTS5 writes out what it has gathered whenever another table is written to
    base.executemany("INSERT INTO pages(rowid, text) VALUES (?, ?)", texts())
    base.executemany("UPDATE cards SET page = ? WHERE key = ?", numbers)
    base.execute("UPDATE state SET pages = ?", (given + len(numbers),))
    if progress and waiting:
        progress(len(waiting), len(waiting))


def _read(path: Path) -> bytes:
    try:
        return disk.read_bytes(path)
    except CardcliError:
        return b""


def _page(data: bytes) -> str:
    """Return the text of a card, the ids of entries left out: each is a word of its own."""
    text = unicodedata.normalize("NFC", data.decode(errors="replace"))
    if "```" not in text and "~~~" not in text:
        text = _MARK.sub("\n", text)
    return text.replace("ё", "е").replace("Ё", "Е")
