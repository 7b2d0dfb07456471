"""Handing a finished file on: to a printer through CUPS' own program ``lp``, or to the desktop's viewer."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from cardcli import disk
from cardcli.cli import ui
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _


class NoPrintingProgramError(CardcliError):
    """The program that prints is not installed."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self) -> None:
        super().__init__(
            _(
                "--printer needs the program lp of CUPS, and it is not installed; print the PDF with your own program"
            )
        )


class NoViewerError(CardcliError):
    """There is no program that opens files."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("{path} is ready, but no program to open it was found").format(path=path)
        )


def program() -> str:
    """Return the path of ``lp``. Raises :class:`NoPrintingProgramError`, before anything is made."""
    found = shutil.which("lp")
    if not found:
        raise NoPrintingProgramError
    return found


@contextlib.contextmanager
def spooled(target: Path | None, folder: Path) -> Iterator[Path]:
    """Give the file to print into: *target*, or one of our own that is gone afterwards."""
    if target:
        yield target
        return
    disk.make_folder(folder)
    file = folder / f"to-printer-{os.getpid()}.pdf"
    try:
        yield file
    finally:
        disk.remove(file)


def send(file: Path, printer: str, *, duplex: bool) -> None:
    """Hand a file to a printer; CUPS makes a copy of it. Raises :class:`BadValueError`.

    The title of the job, which others may see in the queue, names nobody.
    """
    import subprocess

    sides = ["-o", "sides=two-sided-long-edge" if duplex else "sides=one-sided"]
    done = subprocess.run(
        [program(), "-d", printer, "-t", "cardcli", *sides, "--", str(file)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip() or done.stdout.strip()
        raise BadValueError(
            _("lp did not take the file for the printer “{printer}”: {reason}").format(
                printer=printer, reason=reason
            )
        )
    ui.say(_("sent to the printer {printer}").format(printer=printer))


def show(path: Path) -> None:
    """Open a file with the program of the desktop."""
    import subprocess

    opener = {"darwin": "open", "win32": "explorer"}.get(sys.platform, "xdg-open")
    try:
        subprocess.Popen(
            [opener, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        raise NoViewerError(path) from None
