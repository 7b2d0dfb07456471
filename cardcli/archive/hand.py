"""A sheet in somebody's hand: what it is, and whether it still says what the card says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cardcli.archive import content, passbook, status
from cardcli.archive.codes import Code
from cardcli.archive.content import LOG, Content
from cardcli.archive.ledger import Ledger, Line
from cardcli.archive.status import Reason

Held = Literal["current", "stale", "replaced", "unknown"]


@dataclass(frozen=True, slots=True)
class Hand:
    """What is to be said of a sheet in hand.

    *replaced*: the same sheet was printed anew since. *unknown*: neither the ledger nor the history
    knows its revision. ``line`` is the print that began it, None when it was never recorded.
    """

    state: Held
    reasons: tuple[Reason, ...] = ()
    line: Line | None = None
    mark: str = ""


def judge(
    ledger: Ledger,
    code: Code,
    revision: str,
    now: Callable[[str], Content],
    past: Callable[[str], Content | None],
) -> Hand:
    """Judge a sheet by its code. *now* tells what a form says today, *past* what it said then."""
    begun = [
        line
        for form in ledger.forms_of(code.card)
        for line in ledger.of(code.card, form)
        if line.onto == line.id and (line.revision, line.sheet) == (code.revision, code.sheet)
    ]
    if begun:
        held = [_recorded(ledger, line, now) for line in reversed(begun)]
        return next((each for each in held if each.state != "current"), held[0])
    if code.revision == revision:
        return Hand("current")
    form = LOG if code.sheet else ""
    then = past(form) if code.revision else None
    if then is None:
        return Hand("unknown")
    return _stated(tuple(_document(then, now(form))), None, "")


def _recorded(ledger: Ledger, line: Line, now: Callable[[str], Content]) -> Hand:
    """Judge a print of the ledger.

    Two templates of one revision have one code; of them the one that does not hold is told.
    """
    mark = ledger.marks.get(line.id, "")
    if line.form == LOG:
        return _log_sheet(ledger, line, now(LOG), mark)
    return _stated(tuple(_document(line.content, now(line.form))), line, mark)


def _stated(reasons: tuple[Reason, ...], line: Line | None, mark: str) -> Hand:
    return Hand("stale" if reasons else "current", reasons, line, mark)


def _document(paper: Content, now: Content) -> Iterator[Reason]:
    yield from status.reasons_of(content.compare(paper, now))


def _log_sheet(ledger: Ledger, line: Line, now: Content, mark: str) -> Hand:
    """Judge a sheet of a log; what is new belongs on the last sheet, so only that one lacks it."""
    logs = {log.id: log for log in passbook.logs(ledger.of(line.card, LOG))}
    log = logs[line.log]
    sheet = log.sheets[line.sheet]
    if sheet.id != line.id or line.log != next(iter(logs)):
        return Hand("replaced", (), line, mark)
    reasons = list(status.sheet_reasons(sheet, now, line.sheet))
    new = content.lacking(log.entries, now.entries) if sheet is log.last else []
    if new:
        reasons.append(Reason("new", tuple(now.entries[place].id for place in new), line.sheet))
    return _stated(tuple(reasons), line, mark)


def missing(reasons: Sequence[Reason], why: str) -> list[str]:
    """Return the ids of the entries that reasons of a kind name."""
    return [each for reason in reasons if reason.why == why for each in reason.entries]
