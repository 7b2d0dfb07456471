"""Looking at the files of the cards: which there are, and which of them may have changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path, PurePosixPath

from cardcli import disk
from cardcli.disk import watching
from cardcli.tuples import NamedTuple

_FEW = 100
"""Files and folders that are looked at one by one; when more were touched, all are."""
_AFTER_SLASH = "0"
_INSIDE = "SELECT group_concat(path, char(0)) FROM cards WHERE path > ? AND path < ?"
"""The files in a folder as one text: a row each would take three times as long."""


class Look(NamedTuple):
    """What was seen: the stamps of the files among *paths*, of all files when that is None.

    No paths mean that nothing was touched.
    """

    fingerprint: str
    stamps: list[watching.Stamp]
    paths: frozenset[str] | None = None


def at_all(root: Path, folder: str) -> Look:
    """Look at every file. Raises :class:`disk.CannotReadError`."""
    stamps = watching.listing(root, folder)
    return Look(watching.fingerprint(stamps), stamps)


def at_touched(
    base: sqlite3.Connection, root: Path, folder: str, since: Path, listing: str
) -> Look | None:
    """Look at what was touched after the time of the file *since*, when the files were *listing*.

    None when that cannot be told, or is not worth while.
    """
    touched = watching.touched(root, folder, since)
    if touched is None or len(touched) > _FEW:
        return None
    files: set[str] = set()
    for path in touched:
        if any(part.startswith(".") for part in PurePosixPath(path).parts):
            continue
        if (root / path).is_dir():
            inside = _different(base, root, path)
            if inside is None:
                return None
            files |= inside
        else:
            files.add(path)
    stamps = [stamp for path in files if (stamp := watching.stamp_of_card(root, path))]
    before = [stamp for path in files if (stamp := _known(base, path))]
    fingerprint = watching.refingered(listing, before, stamps)
    return Look(fingerprint, stamps, frozenset(files.union(touched)))


def _known(base: sqlite3.Connection, path: str) -> watching.Stamp | None:
    """Return the stamp of the row of one file."""
    question = "SELECT path, size, mtime, ctime FROM cards WHERE path = ?"
    found: watching.Stamp | None = base.execute(question, (path,)).fetchone()
    return found


def _different(base: sqlite3.Connection, root: Path, folder: str) -> set[str] | None:
    """Return the paths in a folder that have no row or no file; None for a folder nobody looked into."""
    start = f"{folder}/"
    names = set(disk.names(root / folder))
    (joined,) = base.execute(_INSIDE, (start, folder + _AFTER_SLASH)).fetchone()
    inside = set(joined[len(start) :].split(f"\0{start}")) if joined else set()
    if inside == names:  # as it is after every write: a file was replaced, no name came or went
        return set()
    names = {name for name in names if name[0] != "."}
    deeper = {name for name in inside if "/" in name}
    folders = {name.partition("/")[0] for name in deeper}
    gone = (inside - deeper - names) | {
        name for name in deeper if name.partition("/")[0] not in names
    }
    new = names - inside - folders
    if any((root / folder / name).is_dir() for name in new):
        return None
    return {start + name for name in gone | new}
