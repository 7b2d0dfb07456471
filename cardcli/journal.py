"""The journal of a write of many files: it exists whole or not at all, and before the first file.

A command that is killed in the middle is brought to its end by the next one, from here. The files
themselves need not be flushed one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cardcli import disk
from cardcli.tuples import NamedTuple

_FILE = "journal"


class Draft(NamedTuple):
    """A file to be written, or deleted where ``data`` is None.

    ``was`` is the digest (hex) of what it is made from, "" for a new one.
    """

    path: str
    data: bytes | None
    was: str = ""


class Begun(NamedTuple):
    """A write of many files and the message of its commit."""

    message: str
    drafts: tuple[Draft, ...]


def is_begun(own: Path) -> bool:
    """Tell whether there is a journal in the folder *own*."""
    return (own / _FILE).exists()


def write(own: Path, begun: Begun) -> None:
    """Write the journal. Raises :class:`disk.CannotWriteError`."""
    from json import dumps

    lines = [dumps({"message": begun.message, "files": len(begun.drafts)})]
    for path, data, was in begun.drafts:
        lines.append(dumps({"path": path, "was": was, **_said(data)}, ensure_ascii=False))
    disk.write(own / _FILE, "\n".join(lines).encode())


def read(own: Path) -> Begun | None:
    """Return what the journal says, or None for one that is not ours; that is put away."""
    from json import loads

    try:
        first, *rest = (loads(line) for line in disk.read_text(own / _FILE).split("\n"))
        drafts = tuple(Draft(each["path"], _content(each), each["was"]) for each in rest)
        if first["files"] == len(drafts):
            return Begun(first["message"], drafts)
    except (KeyError, TypeError, ValueError):
        pass
    forget(own)
    return None


def _said(data: bytes | None) -> dict[str, str]:
    if data is None:
        return {"deleted": "yes"}
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        import base64

        return {"base64": base64.b64encode(data).decode("ascii")}


def _content(said: Mapping[str, str]) -> bytes | None:
    if "deleted" in said:
        return None
    if "text" in said:
        return said["text"].encode()
    import base64

    return base64.b64decode(said["base64"])


def now(path: Path) -> bytes | None:
    """Return what a file holds, None where there is none."""
    return disk.read_bytes(path) if path.is_file() else None


def digest(data: bytes | None) -> str:
    """Return what a draft remembers of the content it is made from."""
    return "" if data is None else disk.digest_of(data).hex()


def due(root: Path, begun: Begun) -> tuple[disk.Files, disk.Files]:
    """Return the files that are still to be written, and what they are now (None: not there).

    A file that is neither what it was nor what it is to become was changed by somebody since and is
    left out.
    """
    files: dict[str, bytes | None] = {}
    old: dict[str, bytes | None] = {}
    for path, data, was in begun.drafts:
        there = now(root / path)
        if digest(there) == was:
            files[path], old[path] = data, there
    return files, old


def take_back(root: Path, files: disk.Files, old: disk.Files) -> None:
    """Make those of *files* that were written already what they were. Raises CannotWriteError."""
    for path, data in files.items():
        place, before = root / path, old[path]
        if now(place) != data or before == data:
            continue
        if before is None:
            disk.remove(place)
        else:
            disk.write(place, before)


def forget(own: Path) -> None:
    """Delete the journal: all that it says is done."""
    disk.remove(own / _FILE)
