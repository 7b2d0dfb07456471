"""What has to be printed so that a client's visit log on paper is whole again, and onto which sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cardcli.archive import content, passbook, status
from cardcli.archive.content import NO_ID, Content, Printed
from cardcli.archive.ledger import Ledger
from cardcli.archive.passbook import Log, Place, Sheet
from cardcli.entry import Entry


@dataclass
class Job:
    """The visits that have to be printed for one client.

    ``anew`` are sheets that are printed once more, by number, with the visits that stand on them;
    ``new`` are visits that go below, from the row ``start`` of the sheet ``sheet`` on. ``log`` is
    None for a log that begins. ``started`` tells that the first sheet has something on it already.
    ``wrong`` are sheets that ought to be printed anew, but nobody asked for it.
    """

    new: list[Entry]
    sheet: int = 1
    start: int = 1
    log: Log | None = None
    anew: dict[int, list[Entry]] = field(default_factory=dict)
    started: bool = False
    wrong: tuple[int, ...] = ()

    @property
    def groups(self) -> list[list[Entry]]:
        """Return the visits whose heights have to be measured."""
        return [*self.anew.values(), self.new]

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to print."""
        return not self.new and not self.anew


@dataclass
class Laid:
    """A sheet as it is to be printed: visits and their places on it."""

    number: int
    fresh: bool
    visits: list[Entry] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def rows(self) -> tuple[int, int]:
        """Return the first and the last row that are printed, (0, 0) for none."""
        if not self.places:
            return 0, 0
        last = self.places[-1]
        return self.places[0].row, last.row + last.rows - 1


def whole(entries: Sequence[Entry]) -> Job:
    """Return the job of a log from its first sheet on."""
    return Job(list(entries))


def job(
    ledger: Ledger, card: str, entries: Sequence[Entry], now: Content, today: str, *, anew: bool
) -> Job | None:
    """Return what is missing on the paper of a client; None when there is no log on paper yet.

    With *anew* sheets that say something wrong, or are lost, are printed once more.
    """
    known = status.current_log(ledger, card, now, today)
    if known is None:
        return None
    log, judged = known
    new = [entries[place] for place in content.lacking(log.entries, now.entries)]
    wrong = sorted(status.wrong_sheets(judged))
    if not anew:
        return Job(new, log.last.number, log.last.used + 1, log, {}, True, tuple(wrong))
    if any(_spans(log, number) for number in wrong):
        return whole(entries)
    sheets = {number: _still(log.sheets[number], entries, now) for number in wrong}
    started = log.last.number not in sheets
    start = log.last.used + 1 if started else 1
    return Job(new, log.last.number, start, log, sheets, started)


def _spans(log: Log, number: int) -> bool:
    """Tell whether a visit on a sheet runs over from or to another sheet."""
    others = {
        each.id for other, sheet in log.sheets.items() if other != number for each in sheet.entries
    }
    return any(each.id in others for each in log.sheets[number].entries if each.id != NO_ID)


def _still(sheet: Sheet, entries: Sequence[Entry], now: Content) -> list[Entry]:
    """Return the visits of a sheet that the card still has, in the order of the sheet."""
    by_id = {each.id: entry for each, entry in zip(now.entries, entries, strict=True)}
    by_hash = {each.hash: entry for each, entry in zip(now.entries, entries, strict=True)}
    found: dict[int, Entry] = {}
    for each in sheet.entries:
        entry = by_hash.get(each.hash) if each.id == NO_ID else by_id.get(each.id)
        if entry is not None:
            found[id(entry)] = entry
    return list(found.values())


def lay(job: Job, heights: Sequence[Sequence[int]], per_sheet: int) -> list[Laid]:
    """Return the sheets to be printed, by number; *heights* are those of ``job.groups``.

    What does not fit any more on a sheet that is printed anew goes with what is new.
    """
    sheets: dict[int, Laid] = {}
    new: list[tuple[Entry, int]] = []
    start = job.start
    for (number, entries), sizes in zip(job.anew.items(), heights[:-1], strict=True):
        kept = _fitting(sizes, per_sheet)
        places = passbook.plan(sizes[:kept], per_sheet, number)
        sheets[number] = Laid(number, True, list(entries[:kept]), places)
        new += zip(entries[kept:], sizes[kept:], strict=True)
        if number == job.sheet:
            start = sheets[number].rows[1] + 1
    new += zip(job.new, heights[-1], strict=True)
    for place in passbook.plan([height for _entry, height in new], per_sheet, job.sheet, start):
        fresh = not (job.started and place.sheet == job.sheet)
        laid = sheets.setdefault(place.sheet, Laid(place.sheet, fresh))
        laid.visits.append(new[place.visit][0])
        laid.places.append(
            Place(len(laid.visits) - 1, place.sheet, place.row, place.rows, place.skip)
        )
    return [sheets[number] for number in sorted(sheets)]


def _fitting(heights: Sequence[int], per_sheet: int) -> int:
    """Return how many visits fit onto one sheet."""
    used = 0
    for count, height in enumerate(heights):
        used += height
        if used > per_sheet:
            return count
    return len(heights)


def on_paper(laid: Laid, now: Content, entries: Sequence[Entry]) -> tuple[Printed, ...]:
    """Return what the ledger says of the visits on a sheet."""
    known = {id(entry): each for each, entry in zip(now.entries, entries, strict=True)}
    return tuple(
        Printed(
            known[id(laid.visits[place.visit])].id,
            known[id(laid.visits[place.visit])].hash,
            place.row,
        )
        for place in laid.places
    )
