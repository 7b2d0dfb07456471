"""Work done in processes apart: limited in time and memory, gone with all they held when it is done.

A process is a fork of this one, so it begins at once with all that is loaded. Where there is no
fork (Windows), or threads run that would be missing in it, the work is done here, unlimited.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NoReturn, TypeVar

from cardcli.cli import ui
from cardcli.errors import CardcliError
from cardcli.language import _
from cardcli.printing.limits import TooMuchError

T = TypeVar("T")
_GRACE = 5
"""Seconds between the word that the time is over, which names a line, and the end."""
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take: seconds of processor time, megabytes; ``what`` names the work."""

    seconds: int
    megabytes: int = 2048
    what: str = ""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """A piece of work and its limits."""

    work: Callable[[], T]
    limits: Limits


class MistakeError(Exception):
    """A mistake of ours in a process apart; ``apart`` says where, for the report."""


def run(task: Task[T]) -> T:
    """Do one piece of work. Raises what it raises, and :class:`TooMuchError`."""
    return next(in_order([task]))


def in_order(tasks: Iterable[Task[T]], at_once: int = 1) -> Iterator[T]:
    """Yield what each task returns, in order, while the next ones are at work already.

    Raises what a task raises, and :class:`TooMuchError`; then the others are ended.
    """
    if not _can_fork():
        yield from (task.work() for task in tasks)
        return
    running: deque[_Process[T]] = deque()
    try:
        for task in tasks:
            with _uninterrupted():
                running.append(_Process(task))
            if len(running) == at_once:
                yield running[0].result()
                running.popleft()
        while running:
            yield running[0].result()
            running.popleft()
    finally:
        for process in running:
            process.end()


def workers() -> int:
    """Return how many processes are worth having: two, for memory, where there are two processors."""
    return min(2, os.cpu_count() or 1)


def _can_fork() -> bool:
    if not hasattr(os, "fork"):
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - threads of libraries too
    except OSError:  # no Linux; Typst begins threads that Python does not know of
        return threading.active_count() == 1 and "typst" not in sys.modules


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait, so that no process begins or ends without our knowing.

    In a process that begins here it waits for good: who asked for the work ends it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Process(Generic[T]):
    """One process at work; it sends what it made through a pipe."""

    def __init__(self, task: Task[T]) -> None:
        self.limits = task.limits
        reading, writing = os.pipe()
        ui.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(reading)
            _work(task, writing)
        os.close(writing)
        self.pipe = os.fdopen(reading, "rb")

    def result(self) -> T:
        """Wait for the work and return what it made."""
        with self.pipe:
            data = self.pipe.read()
        code = self._wait()
        if code or not data:
            raise self._reason(code)
        value, error = pickle.loads(data)  # noqa: S301 - our own process wrote it
        if error:
            raise _restored(*error)
        result: T = value
        return result

    def end(self) -> None:
        """End the work wherever it is."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            self._wait()
        self.pipe.close()

    def _wait(self) -> int:
        with _uninterrupted():
            status = os.waitpid(self.pid, 0)[1]
            self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _reason(self, code: int) -> TooMuchError:
        """Say why it ended: killed by the clock, or by itself when it got no memory."""
        if code in {-signal.SIGXCPU, -signal.SIGKILL}:
            return TooMuchError(_too_long(self.limits))
        return TooMuchError(
            _("{what} was given up: it needs more than {most} MB of memory").format(
                what=self.limits.what, most=self.limits.megabytes
            )
        )


def _too_long(limits: Limits) -> str:
    return _("{what} was given up: it was not done after {most} seconds of work").format(
        what=limits.what, most=limits.seconds
    )


def _work(task: Task[Any], writing: int) -> NoReturn:
    """Do the work in the new process, send what it made, and leave without looking back."""
    code = 1
    try:
        _limit(task.limits)
        try:
            answer: tuple[Any, Any] = (task.work(), None)
        except CardcliError as error:
            answer = (None, (type(error), error.args, error.__dict__))
        except MemoryError:
            os._exit(code)
        except Exception:  # noqa: BLE001 - told by the process that asked, as any mistake of ours is
            answer = (None, (MistakeError, (), {"apart": _report()}))
        with os.fdopen(writing, "wb") as stream:
            stream.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
        code = 0
    finally:
        os._exit(code)


def _report() -> str:
    """Return the error being handled without its words, which may hold personal data."""
    kind, _error, frames = sys.exc_info()
    return "".join([f"{kind.__name__ if kind else ''}, apart:\n", *traceback.format_tb(frames)])


def _restored(kind: type[Exception], args: tuple[Any, ...], values: dict[str, Any]) -> Exception:
    """Return an error as it was raised; its class may want other arguments than it was left with."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(values)
    return error


def _limit(limits: Limits) -> None:
    import resource

    def over(_signal: int, _frame: Any) -> NoReturn:
        raise TooMuchError(_too_long(limits))

    signal.signal(signal.SIGXCPU, over)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(spent.ru_utime + spent.ru_stime) + limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, soft + _GRACE))
    size = limits.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))
