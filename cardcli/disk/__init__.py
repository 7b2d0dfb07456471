"""Files: the only door to the disk. Reading, and writing whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import N_, _

_TEMP_PREFIX, _TEMP_SUFFIX = ".~", ".tmp"
_STALE_SECONDS = 600
_PIECE = 1 << 20
_REPLACE_TRIES = 10
_POLL_SECONDS = 0.02
_OUTLAST_TRIES = 50
_FEW = 20
NEW_FILE_MODE, NEW_FOLDER_MODE = 0o600, 0o700


_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EACCES: N_("you may not read it"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ELOOP: N_("the links lead in a circle"),
    errno.EMFILE: N_("too many files are open"),
    errno.EBUSY: N_("another program is using it"),
    errno.EIO: N_("the disk does not answer as it should"),
}


def reason_of(error: OSError) -> str:
    """Return why the system refused, in the user's language where it is a usual reason."""
    said = _REASONS.get(error.errno or 0)
    return _(said) if said else error.strerror or str(error)


class CannotWriteError(CardcliError):
    """The system refused to write a file; nothing was changed."""

    code = ExitCode.LOCKED

    def __init__(self, path: Path, error: OSError) -> None:
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            reason = _("the folder or file is read-only for you")
        elif error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            reason = _("there is no space left on the disk")
        else:
            reason = reason_of(error)
        super().__init__(
            _("{path} cannot be written: {reason}. Nothing was changed.").format(
                path=path, reason=reason
            )
        )


class CannotReadError(CardcliError):
    """The system refused to read a file; the sentence calls it *shown*, or by its whole path."""

    code = ExitCode.BAD_DATA

    def __init__(self, path: Path, error: OSError, shown: str = "") -> None:
        self.path = path
        self.reason = reason_of(error)
        self.error = error
        super().__init__(
            _("{path} cannot be read: {reason}").format(path=shown or path, reason=self.reason),
        )

    def at(self, shown: str) -> CannotReadError:
        """Return the same error calling its file *shown*."""
        return CannotReadError(self.path, self.error, shown)


class WrongEncodingError(CardcliError):
    """A file is not UTF-8; the sentence calls it *shown*, or by its whole path."""

    code = ExitCode.BAD_DATA

    def __init__(self, path: Path, line: int, shown: str = "") -> None:
        super().__init__(
            _("{path}:{line}: this is not UTF-8 text; save the file as UTF-8").format(
                path=shown or path, line=line
            ),
        )
        self.path = path
        self.line = line

    def at(self, shown: str) -> WrongEncodingError:
        """Return the same error calling its file *shown*."""
        return WrongEncodingError(self.path, self.line, shown)


class AlreadyThereError(CardcliError):
    """A file that was to be created exists."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("{path} is already there; it was not touched").format(path=path))


def is_there(path: Path) -> bool:
    """Tell whether there is such a file that can be seen; in a folder closed to us there is none."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder that can be seen."""
    try:
        return path.is_dir()
    except PermissionError:
        return False


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of a file. Raises :class:`CannotReadError`."""
    try:
        with io.FileIO(path) as stream:
            return stream.readall()
    except OSError as error:
        raise CannotReadError(Path(path), error) from None


def read_text(path: Path) -> str:
    """Return a file as text, line breaks untouched. Raises CannotReadError and WrongEncodingError."""
    data = read_bytes(path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongEncodingError(path, data.count(b"\n", 0, error.start) + 1) from None


def write(
    path: Path, data: bytes | Iterable[bytes], *, new: bool = False, private: bool = False
) -> None:
    """Write a file whole or not at all: temporary file beside it, fsync, replace, fsync of the folder.

    The mode of the file is kept, unless it is to be *private*; with *new* an existing file is an
    error. *data* may come in parts. Raises :class:`CannotWriteError` and :class:`AlreadyThereError`.
    """
    folder = path.parent
    temporary = folder / f"{_TEMP_PREFIX}{os.getpid()}-{os.urandom(4).hex()}{_TEMP_SUFFIX}"
    try:
        make_folder(folder)
        kept = path.exists() and not private
        mode = path.stat().st_mode & 0o777 if kept else NEW_FILE_MODE
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


@contextlib.contextmanager
def spool(folder: Path) -> Iterator[BinaryIO]:
    """Give an empty file without a name, to write and read again; it is gone afterwards.

    It lies in *folder*, which is made, or where the computer keeps such files if that is read-only.
    """
    import tempfile

    try:
        make_folder(folder)
        stream = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
    except OSError:
        stream = tempfile.TemporaryFile()  # noqa: SIM115
    with stream:
        yield stream


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield all that a spool holds, a piece at a time."""
    stream.seek(0)
    return iter(lambda: stream.read(_PIECE), b"")


@contextlib.contextmanager
def marked(mark: Path) -> Iterator[None]:
    """Keep a mark while something is done; one that was there before is that of a killed process."""
    append_line(mark, str(os.getpid()))
    try:
        yield
    finally:
        remove(mark)


def expire(folder: Path, seconds: float) -> None:
    """Delete the files of a folder of our own that were not touched for so long."""
    if folder.is_dir():
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > seconds:
                    path.unlink()


Files = Mapping[str, bytes | None]
"""Paths below a root with ``/``, and what the files are to hold; None is no file."""


def write_all(root: Path, files: Files, progress: Callable[[int, int], None] | None = None) -> None:
    """Write many files below *root*, each whole or not at all, and flush them to the disk at the end.

    Those without content are deleted, after the others were written. Somebody must be able to write
    them again if the machine stops meanwhile (a journal). A few are flushed one by one: that of all
    files at once waits for whatever other programs are writing. Raises :class:`CannotWriteError`.
    """
    singly = len(files) <= _FEW or os.name != "posix"
    written_first = sorted(files.items(), key=lambda each: each[1] is None)
    for number, (name, data) in enumerate(written_first):
        path = root / name
        if data is None:
            remove(path)
            continue
        temporary = path.with_name(f"{_TEMP_PREFIX}{os.getpid()}-{number}{_TEMP_SUFFIX}")
        try:
            make_folder(path.parent)
            mode = path.stat().st_mode & 0o777 if path.exists() else NEW_FILE_MODE
            _write_through(temporary, data, mode, sync=singly)
            _replace(temporary, path)
        except OSError as error:
            raise CannotWriteError(path, error) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        if progress and number % 100 == 0:
            progress(number, len(files))
    if singly:
        _sync_folders({(root / name).parent for name in files})
    else:
        os.sync()
    if progress:
        progress(len(files), len(files))


def write_folder(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Make a folder with these files, whole or not at all, for its owner alone.

    A folder that is there must be empty. Raises :class:`CannotWriteError` and AlreadyThereError.
    """
    temporary = path.parent / f"{_TEMP_PREFIX}{os.getpid()}-{os.urandom(4).hex()}{_TEMP_SUFFIX}"
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise AlreadyThereError(path)
        temporary.mkdir(mode=NEW_FOLDER_MODE)
        for name, data in files:
            make_folder((temporary / name).parent)
            _write_through(temporary / name, data, NEW_FILE_MODE)
        if path.exists():
            path.rmdir()
        _replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise CannotWriteError(path, error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Create a folder and those above it, for the owner only."""
    if not folder.is_dir():
        folder.mkdir(mode=NEW_FOLDER_MODE, parents=True, exist_ok=True)


def _write_through(
    path: Path, data: bytes | Iterable[bytes], mode: int, *, sync: bool = True
) -> None:
    with _created(path, mode) as stream:
        stream.writelines([data] if isinstance(data, bytes) else data)
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


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        try:
            if folder.is_dir():
                _sync_folder(folder)
        except OSError as error:
            raise CannotWriteError(folder, error) from None


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


def files(root: Path, folder: str) -> Iterator[tuple[str, bool]]:
    """Yield the files below a folder of *root* as paths with ``/``, and whether each is a link.

    Hidden names are left out; what cannot be looked into is passed over.
    """
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(root / inside) as items:
                for item in items:
                    path = f"{inside}/{item.name}"
                    if item.name.startswith("."):
                        continue
                    if item.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    else:
                        yield path, item.is_symlink()
        except OSError:
            continue


def names(folder: Path) -> list[str]:
    """Return the names in a folder. Raises :class:`CannotReadError`."""
    try:
        return os.listdir(folder)  # noqa: PTH208 - a Path for each of 100,000 files is dear
    except OSError as error:
        raise CannotReadError(folder, error) from None


def digest_of(data: bytes) -> bytes:
    """Return what tells one content of a file from another."""
    try:  # hashlib.blake2b is this very function, but hashlib loads OpenSSL first: 6 ms of 160
        from _blake2 import blake2b
    except ImportError:
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


def remembered(path: Path) -> tuple[str, int]:
    """Return what :func:`remember` wrote, "" and 0 when there is nothing or it is from the future."""
    try:
        with path.open(encoding="utf-8") as stream:
            moment = os.fstat(stream.fileno()).st_mtime_ns
            return (stream.read(), moment) if moment < time.time_ns() else ("", 0)
    except (OSError, UnicodeDecodeError):
        return "", 0


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
