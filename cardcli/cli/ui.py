"""The only printer: results on stdout, everything else on stderr, questions at a terminal."""

from __future__ import annotations

import contextlib
import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _

_GAP = "  "
_ODD_BLANKS = ("\u00a0", "\u202f", "  ", "\u2009")
_LONG = 1000
_BAR = 30
"""Columns of the bar that shows how far a long piece of reading is."""
_bars: list[int] = []
"""The width of the line with a bar that is on the screen, if there is one."""


class CannotPrintError(CardcliError):
    """The results cannot be written where they are sent to: a full disk behind ``>``, say."""

    code = ExitCode.LOCKED

    def __init__(self, error: OSError) -> None:
        super().__init__(
            _(
                "The output cannot be written: {reason}. What was to be done in the store is done."
            ).format(reason=error.strerror or str(error))
        )


@contextlib.contextmanager
def _printing() -> Iterator[None]:
    """End quietly when nobody reads any more (``| head``). Raises :class:`CannotPrintError`."""
    try:
        yield
    except BrokenPipeError:
        _nobody_reads()
    except OSError as error:
        sys.stdout = io.StringIO()
        raise CannotPrintError(error) from None


def out(text: str) -> None:
    """Print a result."""
    with _printing():
        sys.stdout.write(text + "\n")


def out_bytes(data: bytes) -> None:
    """Write a result that is not text."""
    with _printing():
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def finish() -> None:
    """Hand out all that was printed, while a closed pipe can still be told from a mistake."""
    with _printing():
        sys.stdout.flush()


def flush() -> None:
    """Hand out what is left at the very end; who does not listen any more misses nothing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _nobody_reads() -> NoReturn:
    """End with success; Python's own flush at exit has nothing to complain about."""
    sys.stdout = io.StringIO()
    raise SystemExit(0)


def say(text: str) -> None:
    """Tell the user something that is no result; results before it come out first."""
    finish()
    _unbar()
    sys.stderr.write(text + "\n")


def progress(done: int, everything: int, sentence: str = "") -> None:
    """Show at a terminal how far a long piece of work is; the line is gone at the end.

    *sentence* says what is done, with ``{done}`` and ``{all}`` in it; cards are read unless given.
    """
    if everything < _LONG or not sys.stderr.isatty():
        return
    bar(sentence or _("reading cards: {done} of {all}"), done, everything)


def bar(sentence: str, done: int, everything: int) -> None:
    """Show a bar at a terminal; *sentence* has ``{done}`` and ``{all}`` in it."""
    if not sys.stderr.isatty():
        return
    _unbar()
    if done < everything:
        line = f"[{'#' * (done * _BAR // everything):<{_BAR}}] {sentence.format(done=done, all=everything)}"
        sys.stderr.write(line)
        _bars.append(columns(line))
    sys.stderr.flush()


def _unbar() -> None:
    """Take away the bar there is, so that something else can be said."""
    while _bars:
        sys.stderr.write(f"\r{' ' * _bars.pop()}\r")


def warn(text: str) -> None:
    """Tell the user of something doubtful."""
    say(_("warning: {text}").format(text=text))


def error(text: str) -> None:
    """Tell the user what went wrong."""
    say(_("cardcli: {text}").format(text=text))


def json(value: Any) -> None:
    """Print a result for programs."""
    from json import dumps

    out(dumps(value, ensure_ascii=False, indent=2))


def interactive() -> bool:
    """Tell whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def terminal_output() -> bool:
    """Tell whether a person reads the results."""
    return sys.stdout.isatty()


def width() -> int:
    """Return the columns of the terminal, or 80."""
    return shutil.get_terminal_size((80, 24)).columns


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, no_header: bool = False) -> None:
    """Print rows: aligned with a header at a terminal, separated by tabs elsewhere."""
    if not sys.stdout.isatty():
        if rows:
            out(_separated(rows))
        return
    for line in aligned(([] if no_header else [header]) + list(rows)):
        out(line)


def _separated(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines of cells with tabs between them; cells have plain single blanks only."""
    text = "\n".join(map("\t".join, rows))
    tabs, breaks = sum(map(len, rows)) - len(rows), len(rows) - 1
    plain = (text.count("\t"), text.count("\n"), text.count("\r")) == (tabs, breaks, 0)
    if plain and not any(blank in text for blank in _ODD_BLANKS):
        return text
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in rows)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines of columns; the last column is not padded."""
    flat = [[" ".join(cell.split()) for cell in row] for row in rows]
    if not flat:
        return []
    widths = [max(columns(cell) for cell in column) for column in zip(*flat, strict=True)]
    return [
        _GAP.join(pad(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in flat
    ]


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide characters two, combining ones none."""
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def pad(text: str, size: int) -> str:
    """Return *text* filled with blanks to a number of columns."""
    return text + " " * max(0, size - columns(text))


def wrap(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Return *text* broken at blanks to the width of the terminal."""
    import textwrap

    lines = textwrap.wrap(
        text,
        max(40, min(width(), 100)),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [(first or indent).rstrip()]


def choose(question: str, options: Sequence[str]) -> int | None:
    """Ask for one of *options* by number; a blank answer or the end of input cancels."""
    say(question)
    for number, option in enumerate(options, 1):
        say(f"{number:>3}  {option}")
    while True:
        answer = ask(_("Number (blank to cancel): "))
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(options):
            return int(answer) - 1


def ask(question: str) -> str:
    """Ask a question at the terminal; the end of input is a blank answer."""
    return _answer(question) or ""


def _answer(question: str) -> str | None:
    """Return what is typed after a question, None when the input has come to its end."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        say("")
        return None
    return line.strip()


def agree(question: str) -> bool:
    """Ask a question whose answer is no unless it begins like yes."""
    answer = ask(_("{question} [y/N] ").format(question=question)).lower()
    return answer.startswith(("y", "д"))


def confirm(question: str) -> bool:
    """Ask a question until it is answered: a blank answer is yes, the end of input is no."""
    while (answer := _answer(_("{question} [Y/n] ").format(question=question))) is not None:
        if not answer or answer.lower().startswith(("y", "д")):
            return True
        if answer.lower().startswith(("n", "н")):
            return False
    return False
