"""Stamps of files: which came, went or were touched since somebody looked, without reading them."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable
from pathlib import Path

from cardcli.disk import CannotReadError

COARSEST = 2_000_000_000
"""Nanoseconds: the steps in which FAT counts time; other file systems count in finer ones."""
Stamp = tuple[str, int, int, int]
"""A file: its path below the store with ``/``, its size, and ``st_mtime_ns`` and ``st_ctime_ns``."""


def listing(root: Path, folder: str) -> list[Stamp]:
    """Return the files of :func:`markdown_files` with their stamps, in the order of the system.

    Raises :class:`CannotReadError`.
    """
    found: list[Stamp] = []
    waiting = [folder]
    lstat = os.lstat
    while waiting:
        inside = waiting.pop()
        place = f"{root}/{inside}/"
        try:
            names = os.listdir(place)  # noqa: PTH208 - a Path for each of 100,000 files is dear
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CannotReadError(root / inside, error) from None
        for name in names:
            if name[0] == ".":
                continue
            try:
                status = lstat(place + name)
            except FileNotFoundError:
                continue
            kind = stat.S_IFMT(status.st_mode)
            if kind == stat.S_IFDIR:
                waiting.append(f"{inside}/{name}")
            elif kind == stat.S_IFREG and name[-3:].lower() == ".md":
                found.append(
                    (f"{inside}/{name}", status.st_size, status.st_mtime_ns, status.st_ctime_ns)
                )
    return found


def stamp(root: Path, path: str) -> Stamp:
    """Return the stamp of one file. Raises :class:`CannotReadError`."""
    try:
        status = os.lstat(root / path)
    except OSError as error:
        raise CannotReadError(root / path, error) from None
    return path, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def stamp_of_card(root: Path, path: str) -> Stamp | None:
    """Return the stamp of one file as :func:`listing` would, or None when that would leave it out."""
    try:
        status = os.lstat(f"{root}/{path}")
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or path[-3:].lower() != ".md":
        return None
    return path, status.st_size, status.st_mtime_ns, status.st_ctime_ns


_BITS = (1 << 64) - 1


def fingerprint(stamps: Iterable[Stamp]) -> str:
    """Return a short text that is another one whenever a file came, went or was touched.

    It is a sum, so the order does not matter and :func:`refingered` can tell what a change makes of it.
    """
    return refingered("0-0", (), stamps)


def refingered(known: str, before: Iterable[Stamp], after: Iterable[Stamp]) -> str:
    """Return the fingerprint *known* with the files *before* taken out and those *after* put in."""
    count, _dash, total = known.partition("-")
    old, new = list(map(_mixed, before)), list(map(_mixed, after))
    mixed = (int(total, 16) - sum(old) + sum(new)) & _BITS
    return f"{int(count) - len(old) + len(new)}-{mixed:x}"


def _mixed(stamp: Stamp) -> int:
    path, size, modified, changed = stamp
    # the hash of a tuple of numbers mixes all their bits, and is the same in every process
    return hash((zlib.crc32(path.encode(errors="surrogateescape")), size, modified, changed))


def touched(root: Path, folder: str, since: Path) -> list[str] | None:
    """Return the files and folders inside that may have been touched after the time of the file *since*.

    The paths are relative to *root*. find(1) asks the system about 10,000 files in a third of the time
    that Python needs for it. None where it is not to be had, or fails.
    """
    import subprocess

    if os.name != "posix":
        return None
    mark = str(since.absolute())
    newer = ["(", "-newer", mark, "-o", "-cnewer", mark, ")"]
    try:
        done = subprocess.run(
            ["find", folder, *newer, "-print0"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd=root,
        )
    except OSError:
        return None
    if done.returncode or done.stderr:
        return None
    return os.fsdecode(done.stdout).split("\0")[:-1]
