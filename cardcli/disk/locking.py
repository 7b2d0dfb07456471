"""The lock of a store: one process writes at a time, the others wait or are told who does."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cardcli.disk import NEW_FILE_MODE, CannotWriteError, make_folder
from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _

_POLL_SECONDS = 0.02
_HOLDER_TRIES = 5


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


@contextlib.contextmanager
def lock(
    folder: Path, wait: float, who: str, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the writer's lock of a store; *who* tells others who holds it.

    *waiting* is called once with the holder when somebody else has it. Raises
    :class:`LockedError` after *wait* seconds and :class:`CannotWriteError`.
    """
    holder = folder / "lock.holder"
    try:
        make_folder(folder)
        release = _taken_at_once(folder / "lock")
        if release is None:
            release = _taken_in_time(folder / "lock", wait, holder, waiting)
        try:
            holder.write_text(who, encoding="utf-8")
        except OSError:
            release()
            raise
    except OSError as error:
        raise CannotWriteError(folder, error) from None
    try:
        yield
    finally:
        release()


def _taken_at_once(path: Path) -> Callable[[], None] | None:
    """Take a lock that nobody holds and return what releases it, or None where filelock has to see to it.

    This is the system's lock that filelock takes too, so each keeps the other out; to import filelock
    costs a tenth of a short command.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, NEW_FILE_MODE)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_nlink:  # else the file was deleted before it was locked
            return functools.partial(os.close, handle)
    except OSError:
        pass
    os.close(handle)
    return None


def _taken_in_time(
    path: Path, wait: float, holder: Path, waiting: Callable[[str], None] | None
) -> Callable[[], None]:
    """Wait for a lock and return what releases it. Raises LockedError and OSError."""
    from filelock import FileLock, Timeout

    guard = FileLock(path, mode=NEW_FILE_MODE)
    try:
        try:
            guard.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting(_holder(holder) or "?")
            guard.acquire(timeout=wait, poll_interval=_POLL_SECONDS)
    except Timeout:
        raise LockedError(_holder(holder), wait) from None
    return guard.release


def _holder(path: Path) -> str:
    """Return who holds the lock; for a moment after taking it, it does not say yet."""
    for _attempt in range(_HOLDER_TRIES):
        with contextlib.suppress(OSError):
            if who := path.read_text(encoding="utf-8", errors="replace").strip():
                return who
        time.sleep(_POLL_SECONDS)
    return ""
