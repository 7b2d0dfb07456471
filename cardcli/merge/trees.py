"""Three-way merge of the files of a store: which file is which, and what becomes of each.

A card is known by the id at the end of its file name, so that a renamed or moved file stays the
same card however much of it changed.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cardcli import ids

_CARD = re.compile(rf"(?:.*/)?cards/(?:.*/)?(?:[^/]*-)?({ids.PATTERN})\.md")
_ANY_CARD = re.compile(r"(?:.*/)?cards/.*\.md", re.IGNORECASE)
_LEDGER = re.compile(r"(?:.*/)?archive/\d{4}-\d\d\.md")
REGULAR = "100644"


@dataclass(frozen=True, slots=True)
class File:
    """A file as a tree of git holds it: *blob* is the id of its content."""

    path: str
    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a file between two trees; None is no file."""

    old: File | None
    new: File | None


@dataclass(frozen=True, slots=True)
class Both:
    """A file that both sides changed, in three versions, and the path it has after the merge."""

    path: str
    base: File | None
    one: File
    two: File


def is_card(path: str) -> bool:
    """Tell whether a path is that of a card."""
    return _ANY_CARD.fullmatch(path) is not None


def is_ledger(path: str) -> bool:
    """Tell whether a path is that of a file of the print ledger."""
    return _LEDGER.fullmatch(path) is not None


def card_id(path: str) -> str:
    """Return the id that the name of a card's file says, or ""."""
    match = _CARD.fullmatch(path)
    return match[1] if match else ""


def joined(removed: Iterable[File], added: Iterable[File], kept: Iterable[Change]) -> list[Change]:
    """Return the changes between two trees with a removed and an added file of one card as one."""
    old, new = list(removed), list(added)
    counts = (
        Counter(card_id(each.path) for each in old),
        Counter(card_id(each.path) for each in new),
    )
    moved = {name for name in counts[0] if name and counts[0][name] == counts[1][name] == 1}
    target = {card_id(each.path): each for each in new}
    changes = list(kept)
    changes += [
        Change(each, target[card_id(each.path)] if card_id(each.path) in moved else None)
        for each in old
    ]
    changes += [Change(None, each) for each in new if card_id(each.path) not in moved]
    return changes


def merge(ours: Sequence[Change], theirs: Sequence[Change]) -> Iterator[Change | Both]:
    """Yield what has to be done to our tree: a change of theirs as it is, or a file to merge."""
    names = _names([*ours, *theirs])
    mine = {names(change): change for change in ours}
    for change in theirs:
        own = mine.get(names(change))
        if own is None:
            yield change
        elif own.new != change.new:
            yield from _both(own, change)


def _names(changes: Sequence[Change]) -> _Names:
    """Return what identifies a change: the id of a card that only one path has, else its path."""
    paths: dict[str, set[str]] = {}
    for change in changes:
        if change.old:
            paths.setdefault(card_id(change.old.path), set()).add(change.old.path)
    return _Names(frozenset(name for name, found in paths.items() if len(found) > 1 or not name))


@dataclass(frozen=True, slots=True)
class _Names:
    doubled: frozenset[str]

    def __call__(self, change: Change) -> str:
        file = change.old or change.new
        path = file.path if file else ""
        name = card_id(path)
        return name if name and name not in self.doubled else path


def _both(own: Change, other: Change) -> Iterator[Change | Both]:
    """Yield what to do with a file that both sides changed differently; a change beats a removal."""
    if own.new is None:
        yield Change(None, other.new)
    elif other.new is not None:
        was = own.old.path if own.old else None
        paths = sorted((own.new.path, other.new.path))
        path = next((path for path in reversed(paths) if path != was), paths[0])
        yield Both(path, own.old, own.new, other.new)


def copy_path(path: str, data: bytes) -> str:
    """Return where the other version of a file stands that cannot be merged: beside it."""
    place = PurePosixPath(path)
    mark = hashlib.sha256(data).hexdigest()[:8]
    return str(place.with_name(f"{place.stem}.{mark}{place.suffix}"))
