"""What can go wrong, and with which exit code. Each error writes its own sentence."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from cardcli.language import N_, _
from cardcli.tuples import NamedTuple


class ExitCode(IntEnum):
    """Exit codes of the program. They are permanent: scripts rely on them."""

    DONE = 0
    NOT_FOUND = 1
    USAGE = 2
    INTERNAL = 3
    AMBIGUOUS = 4
    CHANGED = 5
    LOCKED = 6
    BAD_DATA = 7
    NOT_COMMITTED = 8
    MISSING_PROGRAM = 9
    UNSAFE = 10
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """Return the sentence that ``cardcli help exit-codes`` prints."""
        return _(_MEANINGS[self])


_MEANINGS = {
    ExitCode.DONE: N_("done"),
    ExitCode.NOT_FOUND: N_(
        "nothing found; for check: problems found; for due --exit-code: something is due"
    ),
    ExitCode.USAGE: N_("the command or a value in it is wrong; nothing was changed"),
    ExitCode.INTERNAL: N_("an error inside cardcli; the report is in .cardcli/log"),
    ExitCode.AMBIGUOUS: N_("several clients match; nothing was changed"),
    ExitCode.CHANGED: N_("the card was changed by somebody else meanwhile, or a merge conflict"),
    ExitCode.LOCKED: N_(
        "another cardcli is writing to this store, or the folder or the output cannot be written"
    ),
    ExitCode.BAD_DATA: N_("a file is damaged or cannot be understood; it was not touched"),
    ExitCode.NOT_COMMITTED: N_(
        "the file is written, but git could not commit it; for sync: all is committed here, but could not be exchanged"
    ),
    ExitCode.MISSING_PROGRAM: N_("a program that is needed is not installed"),
    ExitCode.UNSAFE: N_("stopped by a safety rule or a hook; nothing was changed"),
    ExitCode.INTERRUPTED: N_("interrupted from the keyboard"),
}


class CardcliError(Exception):
    """An expected failure: one clear sentence and an exit code."""

    code: ClassVar[ExitCode] = ExitCode.USAGE


class BadValueError(CardcliError):
    """A value given by the user cannot be taken; the sentence says which and why."""


class NotFoundError(CardcliError):
    """What was asked for does not exist."""

    code = ExitCode.NOT_FOUND


class BadCardError(CardcliError):
    """A file that is no card we can understand; it is never written to.

    ``line`` counts from 1; ``path`` is set by whoever knows the file; ``problem`` is the code under
    which ``check`` lists it.
    """

    code = ExitCode.BAD_DATA

    def __init__(self, line: int, reason: str, path: str = "", problem: str = "C004") -> None:
        super().__init__(f"{path}:{line}: {reason}" if path else f"{reason} ({line})")
        self.line = line
        self.reason = reason
        self.path = path
        self.problem = problem

    def at(self, path: str) -> BadCardError:
        """Return the same error naming its file."""
        return BadCardError(self.line, self.reason, path, self.problem)


class Problem(NamedTuple):
    """A line of a card that is kept but not understood, or a value that looks wrong.

    ``line`` counts from 1; ``severity`` is ``error`` or ``warning``; ``code`` is one of the table
    in :mod:`cardcli.codes`, "" for what only one command tells of.
    """

    line: int
    message: str
    severity: str = "error"
    code: str = ""
