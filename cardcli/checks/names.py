"""Names of files: what some system cannot hold, and where in a store they have no business."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from cardcli import codes, ids
from cardcli.language import _
from cardcli.tuples import NamedTuple

_REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST_NAME, _LONGEST_PATH = 255, 200
"""Windows refuses paths of 260 characters; the rest is for the folder the store lies in.

https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""
_FOLDER = re.compile(ids.PATTERN)


class Named(NamedTuple):
    """A problem of a file as a whole."""

    path: str
    code: str
    message: str


def unportable(paths: Iterable[str]) -> Iterator[Named]:
    """Yield the names that Windows or macOS cannot hold, or cannot tell from another."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        if reason := _refused(path):
            yield Named(path, codes.WINDOWS, reason)
        same = unicodedata.normalize("NFC", path).casefold()
        if same in seen:
            message = _(
                "the name differs from {other} only in capitals or in how accents are written"
            )
            yield Named(path, codes.WINDOWS, message.format(other=seen[same]))
        seen.setdefault(same, path)


def _refused(path: str) -> str:
    for name in PurePosixPath(path).parts:
        if mark := _REFUSED.search(name):
            return _("Windows refuses “{mark}” in a file name").format(mark=mark[0])
        if name.endswith((".", " ")):
            return _("Windows refuses a file name that ends with a dot or a blank")
        if _RESERVED.fullmatch(name):
            return _("“{name}” is the name of a device on Windows").format(name=name)
        if len(name.encode("utf-8", "surrogateescape")) > _LONGEST_NAME:
            return _("the file name is longer than {count} bytes").format(count=_LONGEST_NAME)
    if len(path) > _LONGEST_PATH:
        return _("the path is longer than {count} characters").format(count=_LONGEST_PATH)
    return ""


def strays(paths: Iterable[str]) -> Iterator[Named]:
    """Yield the files among the cards that are none."""
    for path in paths:
        if not path.lower().endswith(".md"):
            yield Named(path, codes.STRAY, _("this is no card"))


def orphans(folder: str, paths: Iterable[str], known: frozenset[str]) -> Iterator[Named]:
    """Yield the folders of files that are named after an id no card has."""
    names = {PurePosixPath(path).parts[1] for path in paths if len(PurePosixPath(path).parts) > 2}
    for name in sorted(names - known):
        if _FOLDER.fullmatch(name):
            message = _("there is no card with the id {id}").format(id=name)
            yield Named(f"{folder}/{name}", codes.ORPHANS, message)


def misnamed(path: str, card_id: str, *, sharded: bool) -> Iterator[Named]:
    """Yield what is wrong with the name and the place of a card's file."""
    place = PurePosixPath(path)
    if place.stem != card_id and not place.stem.endswith(f"-{card_id}"):
        message = _("the id of the card is {id}").format(id=card_id)
        yield Named(path, codes.FILE_NAME, message)
    elif sharded and place.parent.name != card_id[-1]:
        message = _("it belongs into the folder “{name}”").format(name=card_id[-1])
        yield Named(path, codes.PLACE, message)
