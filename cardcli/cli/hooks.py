"""Hooks: programs of the user that are told before and after a command writes.

They stand in a folder outside the store, so that nobody gets a program by synchronising cards:
``~/.config/cardcli/hooks/<store>/pre-visit`` (``%APPDATA%`` on Windows). A hook reads what is about
to happen as JSON from its input. ``pre-…`` runs before the store is locked and stops the command by
ending with anything but 0; what it prints is the reason. ``post-…`` runs when all is written and
the lock is free. A hook may call cardcli; an event never sets off itself again. What the JSON says
is in docs/hooks.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardcli.cli import ui
from cardcli.disk import reason_of
from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _

WRITING = frozenset(
    """
    new set fill edit visit sell pay refund survey observe advise done contact note attach consent
    patch-test deal offer add repeat amend remove confirm settle undo sync trash restore rename-file
    reshard check import scan merge unmerge dupes
    """.split()  # noqa: SIM905 - a list of words
)
"""The commands that call hooks."""
Payload = Callable[[], Mapping[str, Any]]
_WINDOWS_PROGRAMS = frozenset({".exe", ".bat", ".cmd", ".com", ".py"})
_LAST_WORDS_SECONDS = 1.0


class VetoError(CardcliError):
    """A hook forbids the command."""

    code = ExitCode.UNSAFE

    def __init__(self, hook: str, message: str) -> None:
        sentence = _("The hook {hook} stopped the command: {message}").format(
            hook=hook, message=message or _("it gave no reason")
        )
        super().__init__(sentence + "\n" + _("Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a hook ended: its exit code and what it said; ``problem`` when it did not come to its end."""

    code: int = 0
    said: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of one store.

    ``running`` are the events that brought this process about; ``variables`` the environment of
    the hooks; each hook has ``seconds`` to do its work.
    """

    folder: Path
    store: Path
    variables: Mapping[str, str]
    running: tuple[str, ...] = ()
    seconds: float = 10.0

    def all(self) -> list[Path]:
        """Return the files in the folder, by name; none where there is no folder we may read."""
        try:
            return sorted(path for path in self.folder.iterdir() if path.is_file())
        except OSError:
            return []

    def of(self, event: str) -> list[Path]:
        """Return the programs for an event, by name: ``pre-visit`` and ``pre-visit.anything``."""
        if event in self.running:
            return []
        return [path for path in self.all() if event_of(path) == event and runnable(path)]

    def before(self, event: str, payload: Payload) -> None:
        """Run the hooks that may forbid. Raises :class:`VetoError`."""
        for path, outcome in self._run(event, payload):
            if outcome.problem:
                ui.warn(_failed(path, outcome.problem))
            elif outcome.code:
                raise VetoError(path.name, outcome.said)
            elif outcome.said:
                ui.say(outcome.said)

    def after(self, event: str, payload: Payload) -> None:
        """Run the hooks that are told; one that fails is reported and changes nothing."""
        for path, outcome in self._run(event, payload):
            problem = outcome.problem or (
                _("exit code {code}").format(code=outcome.code) if outcome.code else ""
            )
            if problem:
                ui.warn(_failed(path, problem))
            if outcome.said:
                ui.say(outcome.said)

    def _run(self, event: str, payload: Payload) -> Iterator[tuple[Path, Outcome]]:
        paths = self.of(event)
        if not paths:
            return
        data = json.dumps({"event": event, **payload()}, ensure_ascii=False).encode()
        variables = {
            **self.variables,
            "CARDCLI_STORE": str(self.store),
            "CARDCLI_HOOKS_RUNNING": ",".join((*self.running, event)),
        }
        for path in paths:
            yield path, self._one(path, data, variables)

    def _one(self, path: Path, data: bytes, variables: Mapping[str, str]) -> Outcome:
        """Run one hook; at the end of its time it and all it started are stopped."""
        interpreter = [sys.executable] if os.name == "nt" and path.suffix == ".py" else []
        try:
            process = subprocess.Popen(
                [*interpreter, str(path)],
                cwd=self.store,
                env=dict(variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return Outcome(problem=_("it cannot be run: {reason}").format(reason=reason_of(error)))
        try:
            said, _nothing = process.communicate(data, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            _stop(process)
            sentence = _("it took longer than {seconds:g} s")
            return Outcome(problem=sentence.format(seconds=self.seconds))
        except BaseException:
            _stop(process)
            raise
        if process.returncode < 0:
            sentence = _("ended by signal {number}")
            return Outcome(problem=sentence.format(number=-process.returncode))
        return Outcome(process.returncode, said.decode("utf-8", "replace").strip())


def event_of(path: Path) -> str:
    """Return the event a file is named after."""
    return path.name.split(".")[0]


def runnable(path: Path) -> bool:
    """Tell whether the system would run a file as a program."""
    if os.name == "nt":
        return path.suffix.lower() in _WINDOWS_PROGRAMS
    return path.is_file() and os.access(path, os.X_OK)


def _failed(path: Path, problem: str) -> str:
    sentence = _("the hook {hook} failed ({problem}); the command went on")
    return sentence.format(hook=path.name, problem=problem)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a hook and, where the system can, everything it started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_LAST_WORDS_SECONDS)
