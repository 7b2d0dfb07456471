"""Whether the paper of a client still says what the card says, and if not, why.

*stale*: it lacks something, more has to be printed. *reprint*: it says something that is not so any
more, or it is lost. *gone*: the client was taken out of the store; the paper is to be destroyed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cardcli.archive import content, passbook
from cardcli.archive.content import LOG, Content, Difference
from cardcli.archive.ledger import Ledger, Line
from cardcli.archive.passbook import Log, Sheet

State = Literal["current", "stale", "reprint", "never", "gone"]
Why = Literal["new", "changed", "removed", "profile", "text", "lost", "destroyed", "overprinted"]
STATES: tuple[State, ...] = ("current", "stale", "reprint", "never", "gone")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why paper does not hold: on which sheet of a log, for which entries."""

    why: Why
    entries: tuple[str, ...] = ()
    sheet: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of the paper of one client and one form."""

    card: str
    form: str
    state: State
    reasons: tuple[Reason, ...] = ()
    lines: tuple[Line, ...] = ()
    """The lines of the paper that was judged: of a log all its sheets."""


def verdict(
    ledger: Ledger, card: str, form: str, revision: str, today: str, now: Callable[[], Content]
) -> Verdict:
    """Judge the paper of a form; *now* is asked only if the card is another one than was printed."""
    lines = ledger.of(card, form)
    if not lines:
        return Verdict(card, form, "never")
    judge = _judge_log if form == LOG else _judge_document
    return judge(ledger, lines, _Today(revision, today, now))


@dataclass
class _Today:
    revision: str
    day: str
    now: Callable[[], Content]
    _content: Content | None = None

    @property
    def content(self) -> Content:
        if self._content is None:
            self._content = self.now()
        return self._content

    def same(self, line: Line) -> bool:
        """Tell without reading the card that nothing can have changed since a line was printed."""
        return line.revision == self.revision and not (line.booked and line.booked <= self.day)


def _judge_document(ledger: Ledger, lines: Sequence[Line], today: _Today) -> Verdict:
    """Any document that says it all will do: two workplaces may have printed one each."""
    last = lines[-1]
    card, form = last.card, last.form
    marked = [each for each in lines if each.id in ledger.marks]
    live = [each for each in lines if each.id not in ledger.marks]
    if not live:
        why: Why = "lost" if ledger.marks[marked[-1].id] == "lost" else "destroyed"
        return Verdict(card, form, "reprint", (Reason(why),), (last,))
    found = []
    for line in reversed(live):
        reasons = () if today.same(line) else tuple(_reasons(line.content, today.content))
        if not reasons:
            return Verdict(card, form, "current", (), (line,))
        found.append((line, reasons))
    line, reasons = found[0]
    return Verdict(card, form, _state(reasons), reasons, (line,))


def _reasons(paper: Content, now: Content) -> Iterator[Reason]:
    difference = content.compare(paper, now)
    yield from reasons_of(difference)


def reasons_of(difference: Difference) -> Iterator[Reason]:
    """Yield the reasons that a difference gives."""
    if difference.new:
        yield Reason("new", difference.new)
    if difference.changed:
        yield Reason("changed", difference.changed)
    if difference.removed:
        yield Reason("removed", difference.removed)
    if difference.profile:
        yield Reason("profile")
    if difference.text:
        yield Reason("text")


def _state(reasons: Sequence[Reason]) -> State:
    wrong = any(each.why not in {"new", "profile", "text"} for each in reasons)
    return "reprint" if wrong else "stale"


def _judge_log(ledger: Ledger, lines: Sequence[Line], today: _Today) -> Verdict:
    """Any log that is whole will do; else the one that was begun last is spoken of."""
    found: list[tuple[Log, tuple[Reason, ...]]] = []
    card = lines[0].card
    for log in passbook.logs(lines):
        reasons = tuple(_log_reasons(ledger, log, today))
        if not reasons:
            return Verdict(card, LOG, "current", (), _lines(log))
        found.append((log, reasons))
    log, reasons = found[0]
    state: State = "stale" if all(each.why == "new" for each in reasons) else "reprint"
    return Verdict(card, LOG, state, reasons, _lines(log))


def _lines(log: Log) -> tuple[Line, ...]:
    return tuple(line for _number, sheet in sorted(log.sheets.items()) for line in sheet.lines)


def _log_reasons(ledger: Ledger, log: Log, today: _Today) -> Iterator[Reason]:
    for number, sheet in sorted(log.sheets.items()):
        if mark := ledger.marks.get(sheet.id):
            yield Reason("lost" if mark == "lost" else "destroyed", sheet=number)
        elif sheet.overprinted:
            yield Reason("overprinted", sheet=number)
    newest = _newest(log)
    if today.same(newest):
        return
    for number, sheet in sorted(log.sheets.items()):
        yield from sheet_reasons(sheet, today.content, number)
    new, _changed, _removed = content.between(log.entries, today.content.entries)
    if new:
        yield Reason("new", new)


def _newest(log: Log) -> Line:
    return max(_lines(log), key=lambda each: (each.when, each.sheet, each.id))


def sheet_reasons(sheet: Sheet, now: Content, number: int) -> Iterator[Reason]:
    """Yield what on a sheet of a log is not so any more."""
    _new, changed, removed = content.between(sheet.entries, now.entries)
    if changed:
        yield Reason("changed", changed, number)
    if removed:
        yield Reason("removed", removed, number)
    if sheet.begun.content.profile != now.profile:
        yield Reason("profile", sheet=number)


def current_log(ledger: Ledger, card: str, now: Content, today: str) -> tuple[Log, Verdict] | None:
    """Return the log of a client that is to be continued, with its verdict; None for no log yet."""
    lines = ledger.of(card, LOG)
    if not lines:
        return None
    judged = _judge_log(ledger, lines, _Today("", today, lambda: now))
    begun = judged.lines[0].log
    return next(log for log in passbook.logs(lines) if log.id == begun), judged


def wrong_sheets(judged: Verdict) -> set[int]:
    """Return the numbers of the sheets of a log that have to be printed anew."""
    return {each.sheet for each in judged.reasons if each.why != "new"}
