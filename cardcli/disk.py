"""Files: the only door to the disk. Reading, atomic writing, the lock of a store."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _

_TEMP_PREFIX, _TEMP_SUFFIX = ".~", ".tmp"
_STALE_SECONDS = 600
_REPLACE_TRIES = 10
_POLL_SECONDS = 0.02
_OUTLAST_TRIES = 50
NEW_FILE_MODE, NEW_FOLDER_MODE = 0o600, 0o700


class CannotWriteError(CardcliError):
    """The system refused to write a file; nothing was changed."""

    code = ExitCode.LOCKED

    def __init__(self, path: Path, error: OSError) -> None:
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            reason = _("the folder or file is read-only for you")
        elif error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            reason = _("there is no space left on the disk")
        else:
            reason = error.strerror or str(error)
        super().__init__(
            _("{path} cannot be written: {reason}. Nothing was changed.").format(
                path=path, reason=reason
            )
        )


class CannotReadError(CardcliError):
    """The system refused to read a file."""

    code = ExitCode.BAD_DATA

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            _("{path} cannot be read: {reason}").format(
                path=path, reason=error.strerror or str(error)
            ),
        )


class WrongEncodingError(CardcliError):
    """A file is not UTF-8."""

    code = ExitCode.BAD_DATA

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            _("{path}:{line}: this is not UTF-8 text; save the file as UTF-8").format(
                path=path, line=line
            ),
        )
        self.path = path
        self.line = line


class LockedError(CardcliError):
    """Another process holds the lock of the store for longer than we wait."""

    code = ExitCode.LOCKED

    def __init__(self, holder: str, seconds: float) -> None:
        super().__init__(
            _(
                "the store is being written to by another cardcli ({holder}); gave up after {seconds:g} s"
            ).format(
                holder=holder or "?",
                seconds=seconds,
            ),
        )


class AlreadyThereError(CardcliError):
    """A file that was to be created exists."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("{path} is already there; it was not touched").format(path=path))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file. Raises :class:`CannotReadError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotReadError(path, error) from None


def read_text(path: Path) -> str:
    """Return a file as text, line breaks untouched. Raises CannotReadError and WrongEncodingError."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongEncodingError(path, data.count(b"\n", 0, error.start) + 1) from None


def write(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file whole or not at all: temporary file beside it, fsync, replace, fsync of the folder.

    The mode of the file is kept; with *new* an existing file is an error. Raises
    :class:`CannotWriteError` and :class:`AlreadyThereError`.
    """
    folder = path.parent
    temporary = folder / f"{_TEMP_PREFIX}{os.getpid()}-{os.urandom(4).hex()}{_TEMP_SUFFIX}"
    try:
        make_folder(folder)
        mode = path.stat().st_mode & 0o777 if path.exists() else NEW_FILE_MODE
        _write_through(temporary, data, mode)
        if new:
            _link(temporary, path)
        else:
            _replace(temporary, path)
        _sync_folder(folder)
    except FileExistsError:
        raise AlreadyThereError(path) from None
    except OSError as error:
        raise CannotWriteError(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a stream whose bytes become the file when all of them are written, or nothing does.

    For files too large to hold in memory; otherwise as :func:`write`. Raises CannotWriteError.
    """
    temporary = path.parent / f"{_TEMP_PREFIX}{os.getpid()}-{os.urandom(4).hex()}{_TEMP_SUFFIX}"
    try:
        make_folder(path.parent)
        mode = path.stat().st_mode & 0o777 if path.exists() else NEW_FILE_MODE
        with _created(temporary, mode) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        _replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise CannotWriteError(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def expire(folder: Path, seconds: float) -> None:
    """Delete the files of a folder of our own that were not touched for so long."""
    if folder.is_dir():
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > seconds:
                    path.unlink()


def make_folder(folder: Path) -> None:
    """Create a folder and those above it, for the owner only."""
    if not folder.is_dir():
        folder.mkdir(mode=NEW_FOLDER_MODE, parents=True, exist_ok=True)


def _write_through(path: Path, data: bytes, mode: int, *, sync: bool = True) -> None:
    with _created(path, mode) as stream:
        stream.write(data)
        stream.flush()
        if sync:
            os.fsync(stream.fileno())
    path.chmod(mode)


def _created(path: Path, mode: int) -> BinaryIO:
    """Create a file that must not be there yet."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    return os.fdopen(handle, "wb")


def _link(temporary: Path, path: Path) -> None:
    """Give a file its name unless that is taken; a file system without links gets a check instead."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        _replace(temporary, path)


def _replace(temporary: Path, path: Path) -> None:
    """On Windows an editor or a virus scanner may hold the file for a moment."""
    for attempt in range(_REPLACE_TRIES):
        try:
            temporary.replace(path)
        except PermissionError:
            if os.name == "posix" or attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.05 * (attempt + 1))
        else:
            return


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Delete a file if it is there. Raises :class:`CannotWriteError`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(path, error) from None


def move(path: Path, target: Path) -> None:
    """Give a file another name. Raises CannotWriteError and AlreadyThereError."""
    if target.exists():
        raise AlreadyThereError(target)
    try:
        make_folder(target.parent)
        _replace(path, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise CannotWriteError(target, error) from None


def append_line(path: Path, line: str) -> None:
    """Add one line to a small file of our own, such as a log. Raises :class:`CannotWriteError`."""
    try:
        make_folder(path.parent)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")
    except OSError as error:
        raise CannotWriteError(path, error) from None


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder that must not exist yet. Raises CannotWriteError and AlreadyThereError."""
    try:
        shutil.copytree(source, target)
    except FileExistsError:
        raise AlreadyThereError(target) from None
    except OSError as error:
        raise CannotWriteError(target, error) from None


def markdown_files(folder: Path) -> list[Path]:
    """Return the Markdown files at any depth, sorted; hidden names and symbolic links are left out."""
    found: list[Path] = []
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as items:
                for item in items:
                    if item.name.startswith(".") or item.is_symlink():
                        continue
                    if item.is_dir():
                        waiting.append(Path(item.path))
                    elif item.name.lower().endswith(".md"):
                        found.append(Path(item.path))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CannotReadError(folder, error) from None
    return sorted(found)


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


def fingerprint(stamps: list[Stamp]) -> str:
    """Return a short text that is another one whenever a file came, went or was touched."""
    import marshal

    data = marshal.dumps(stamps, 2)  # version 2 writes equal values alike
    return f"{len(stamps)}-{zlib.crc32(data):08x}{zlib.adler32(data):08x}"


def digest_of(data: bytes) -> bytes:
    """Return what tells one content of a file from another."""
    from hashlib import blake2b

    return blake2b(data, digest_size=16).digest()


def digest(path: Path) -> bytes:
    """Return the digest of what is in a file, of nothing when it cannot be read."""
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return digest_of(b"")


def private(path: Path) -> None:
    """Create an empty file that others cannot read, unless it is there. Raises CannotWriteError."""
    try:
        path.touch(NEW_FILE_MODE)
    except OSError as error:
        raise CannotWriteError(path, error) from None


def moment(path: Path) -> int:
    """Return the time by the clock that stamps the files beside *path*, a file of our own.

    Raises :class:`CannotWriteError`.
    """
    try:
        path.touch(NEW_FILE_MODE)
        return path.stat().st_mtime_ns
    except OSError as error:
        raise CannotWriteError(path, error) from None


def remember(path: Path, text: str, moment: int) -> None:
    """Write a small file of our own that bears the time *moment*; what fails is forgotten."""
    temporary = path.with_name(f"{_TEMP_PREFIX}{os.getpid()}-{path.name}{_TEMP_SUFFIX}")
    with contextlib.suppress(OSError):
        _write_through(temporary, text.encode(), NEW_FILE_MODE, sync=False)
        os.utime(temporary, ns=(moment, moment))
        temporary.replace(path)


def remembered(path: Path) -> str:
    """Return the text of a small file of our own, "" when there is none or it is from the future."""
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_mtime < time.time() else ""
    except (OSError, UnicodeDecodeError):
        return ""


def untouched(root: Path, folder: str, since: Path) -> bool:
    """Tell whether surely no file or folder inside was touched after the time of the file *since*.

    find(1) asks the system about 10,000 files in a third of the time that Python needs for it. False
    where it is not to be had.
    """
    import subprocess

    if os.name != "posix":
        return False
    newer = ["(", "-newer", str(since), "-o", "-cnewer", str(since), ")"]
    try:
        done = subprocess.run(
            ["find", str(root / folder), *newer, "-print", "-quit"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0 and not done.stdout and not done.stderr


def outlast(path: Path) -> None:
    """Wait a moment for a file to go by itself, then delete it. Raises CannotWriteError."""
    for _attempt in range(_OUTLAST_TRIES):
        if not path.exists():
            return
        time.sleep(_POLL_SECONDS)
    remove(path)


def sweep(folder: Path) -> None:
    """Delete temporary files that a killed process left more than ten minutes ago."""
    for path in folder.glob(f"{_TEMP_PREFIX}*{_TEMP_SUFFIX}"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


@contextlib.contextmanager
def lock(
    folder: Path, wait: float, who: str, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the writer's lock of a store; *who* tells others who holds it.

    *waiting* is called once with the holder when somebody else has it. Raises
    :class:`LockedError` after *wait* seconds and :class:`CannotWriteError`.
    """
    from filelock import FileLock, Timeout

    holder = folder / "lock.holder"
    guard = FileLock(folder / "lock", mode=NEW_FILE_MODE)
    try:
        make_folder(folder)
        try:
            guard.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting(_holder(holder))
            guard.acquire(timeout=wait, poll_interval=_POLL_SECONDS)
        holder.write_text(who, encoding="utf-8")
    except Timeout:
        raise LockedError(_holder(holder), wait) from None
    except OSError as error:
        raise CannotWriteError(folder, error) from None
    try:
        yield
    finally:
        guard.release()


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
