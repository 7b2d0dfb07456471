"""Printing visit logs: whole, or what is new onto the sheets there are."""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from cardcli import card as cards
from cardcli import dates, printing
from cardcli.archive import content, continuing, ledger
from cardcli.archive.content import LOG, Content
from cardcli.archive.continuing import Job, Laid
from cardcli.archive.ledger import Line
from cardcli.archiving import Archive
from cardcli.card import Card
from cardcli.cli import apart, batching, papertrail, ui
from cardcli.cli.apart import Task
from cardcli.cli.session import Session
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.language import _, ngettext
from cardcli.printing import PrintSettings
from cardcli.printing.visitlog import Page
from cardcli.record import Record
from cardcli.store import TEMPLATES

_NUDGE = re.compile(r"\s*([+-]?\d{1,2}(?:\.\d{1,2})?)\s*,\s*([+-]?\d{1,2}(?:\.\d{1,2})?)\s*")
_FARTHEST = 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the logs is to be printed.

    *goes_on*: what is new, onto the started sheets. *changed*: that, and sheets that have to be
    printed anew. *from_row*: from this row of the started sheet on. *paper* is "" when none was named.
    """

    goes_on: bool = False
    changed: bool = False
    from_row: int | None = None
    paper: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A client whose log is printed: the card, its visits in order, what there is to do."""

    record: Record
    visits: list[Entry]
    now: Content
    job: Job


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in the order of printing."""

    client: Client
    laid: Laid


def nudge(typed: str | None) -> tuple[float, float]:
    """Return millimetres to the right and down. Raises :class:`BadValueError`."""
    if typed is None:
        return 0.0, 0.0
    match = _NUDGE.fullmatch(typed)
    moved = (float(match[1]), float(match[2])) if match else (99.0, 99.0)
    if max(map(abs, moved)) > _FARTHEST:
        raise BadValueError(
            _(
                "--nudge: write millimetres to the right and down, at most {most}: 0.5,-1 (“{value}” is not)"
            ).format(most=_FARTHEST, value=typed)
        )
    return moved


def plan(
    session: Session, archive: Archive, records: Sequence[Record], wanted: Wanted
) -> list[Client]:
    """Return what there is to print for each client who needs something printed.

    Raises :class:`BadValueError` for a row that is taken or does not exist.
    """
    if wanted.from_row is not None and len(records) != 1:
        raise BadValueError(_("--from-row is about one sheet: name one client"))
    found = []
    for record in records:
        client = _client(archive, record, wanted)
        if client.job.wrong:
            _tell_wrong(session, client)
        if not client.job.empty:
            found.append(client)
    return found


def _client(archive: Archive, record: Record, wanted: Wanted) -> Client:
    entries = content.visits(record.card, archive.today)
    now = content.log(record.card, archive.today)
    job = None
    if wanted.goes_on or wanted.changed or wanted.from_row is not None:
        job = continuing.job(
            archive.ledger, record.card.id, entries, now, archive.day, anew=wanted.changed
        )
    if job is None:
        job = continuing.whole(entries)
        job.started = wanted.from_row is not None
    if wanted.from_row is not None:
        job.start = _free_row(wanted.from_row, job)
    return Client(record, entries, now, job)


def _free_row(row: int, job: Job) -> int:
    if job.log is not None and row < job.start:
        raise BadValueError(
            _("--from-row: the rows of sheet {sheet} up to {row} are printed already").format(
                sheet=job.sheet, row=job.start - 1
            )
        )
    return row


def _tell_wrong(session: Session, client: Client) -> None:
    sentence = ngettext(
        "{client}: sheet {sheets} has to be printed anew (print --changed --template log)",
        "{client}: sheets {sheets} have to be printed anew (print --changed --template log)",
        len(client.job.wrong),
    )
    ui.warn(
        sentence.format(
            client=session.label(client.record.card), sheets=", ".join(map(str, client.job.wrong))
        )
    )


def paper_of(clients: Sequence[Client], given: str, usual: str) -> str:
    """Return the paper of the started sheets, else the one that was named, else the usual one.

    Raises :class:`BadValueError` when they are not of one size.
    """
    started = {
        client.job.log.last.begun.paper for client in clients if client.job.log is not None
    } - {""}
    if len(started) > 1 and not given:
        raise BadValueError(
            _("the started sheets are of different sizes ({papers}); print them apart").format(
                papers=", ".join(sorted(started))
            )
        )
    if given and started - {given}:
        other = min(started - {given})
        names = ", ".join(
            client.record.card.number or client.record.card.id
            for client in clients
            if client.job.log is not None and client.job.log.last.begun.paper == other
        )
        raise BadValueError(
            _("--paper {paper}: the started sheets of {clients} are {other}").format(
                paper=given, clients=names, other=other
            )
        )
    return given or (started.pop() if started else usual)


def lay(session: Session, clients: Sequence[Client], settings: PrintSettings) -> list[Sheet]:
    """Return the sheets in the order of printing: first all started ones, then the fresh ones.

    Raises :class:`BadValueError` for a row the sheet does not have.
    """
    from cardcli.printing import visitlog

    today = dates.today()
    groups = [(client.record.card, group) for client in clients for group in client.job.groups]
    own = [session.store.root / TEMPLATES]
    tasks = (
        _task(
            session,
            settings,
            functools.partial(visitlog.measured, some, settings, today, own),
            [card for card, _entries in some],
        )
        for some in batching.parts_of(groups)
    )
    measured = (size for sizes in apart.in_order(tasks, apart.workers()) for size in sizes)
    sheets = []
    for client in clients:
        sizes = [next(measured) for _group in client.job.groups]
        per_sheet = sizes[0].per_sheet
        if client.job.started and client.job.start > per_sheet + (client.job.log is not None):
            raise BadValueError(
                _("--from-row: a sheet on {paper} has {rows} rows").format(
                    paper=settings.paper.upper(), rows=per_sheet
                )
            )
        laid = continuing.lay(client.job, [each.heights for each in sizes], per_sheet)
        sheets += [Sheet(client, each) for each in laid]
    return sorted(sheets, key=lambda each: each.laid.fresh)


def of_sample(
    session: Session, record: Record, settings: PrintSettings, *, picture: bool = False
) -> printing.Printed:
    """Return the log of a client as it begins, whatever the ledger says: to see how it looks."""
    today = dates.today()
    entries = content.visits(record.card, today)
    client = Client(record, entries, content.log(record.card, today), continuing.whole(entries))
    sheets = lay(session, [client], settings)
    return draw(session, sheets, settings, (0.0, 0.0), picture=picture)


def draw(
    session: Session,
    sheets: Sequence[Sheet],
    settings: PrintSettings,
    moved: tuple[float, float],
    *,
    picture: bool = False,
) -> printing.Printed:
    """Return the PDF: a page for each sheet; only what goes onto started sheets is moved.

    A *picture* is a PNG of the first sheet.
    """
    from cardcli.printing import visitlog

    pages = [
        Page(
            each.client.record.card,
            each.laid.visits,
            each.laid.places,
            each.laid.number,
            each.laid.fresh,
            cards.revision(each.client.record.card.text),
            (0.0, 0.0) if each.laid.fresh else moved,
        )
        for each in sheets
    ]
    own = [session.store.root / TEMPLATES]
    tasks = (
        _task(
            session,
            settings,
            functools.partial(visitlog.drawn, some, settings, dates.today(), own, picture=picture),
            [page.card for page in some],
        )
        for some in batching.parts_of(pages)
    )
    parts = list(apart.in_order(tasks, apart.workers()))
    return parts[0] if len(parts) == 1 else _joined(session, parts, pages)


def _task(
    session: Session, settings: PrintSettings, work: Callable[[], T], shown: Sequence[Card]
) -> Task[T]:
    """Return work with the template of the log, to be done apart: it may be one of the owner."""
    job = batching.Job(session, "pdf", settings, LOG)
    job.load()
    return Task(work, job.limits(shown))


def _joined(
    session: Session, parts: Sequence[printing.Printed], pages: Sequence[Page]
) -> printing.Printed:
    """Return several PDFs, a page for each of *pages*, as one."""
    from cardcli.printing import joining

    shelf = batching.Shelf(batching.shelf(session))
    kept = [shelf.keep(hashlib.sha256(part.content).hexdigest()[:32], part) for part in parts]
    pieces = [
        joining.Piece(part.file, place, 1, page.card.name)
        for part, some in zip(kept, batching.parts_of(pages), strict=True)
        for place, page in enumerate(some)
    ]
    stream = io.BytesIO()
    joining.join(pieces, stream)
    shelf.clear(kept)
    warnings = dict.fromkeys(each for part in parts for each in part.warnings)
    return printing.Printed(stream.getvalue(), tuple(warnings))


def tell(session: Session, sheets: Sequence[Sheet]) -> None:
    """Say which sheets have to lie in the printer, in which order."""
    started = [each for each in sheets if not each.laid.fresh]
    if not started:
        return
    ui.say(
        ngettext(
            "Put the started sheet into the printer, the arrow first:",
            "Put the started sheets into the printer in this order, the arrows first:",
            len(started),
        )
    )
    for each in started:
        ui.say(
            "  "
            + _("{client}, sheet {sheet}, from row {row} on").format(
                client=session.label(each.client.record.card),
                sheet=each.laid.number,
                row=each.laid.rows[0],
            )
        )
    if fresh := len(sheets) - len(started):
        ui.say(
            ngettext(
                "and after it {count} fresh sheet",
                "and after it {count} fresh sheets",
                fresh,
            ).format(count=fresh)
        )


def lines(sheets: Sequence[Sheet], paper: str) -> list[Line]:
    """Return the lines of the ledger for printed sheets."""
    when = papertrail.moment()
    begun: dict[str, str] = {}
    made = []
    for each in sorted(sheets, key=lambda each: each.laid.number):
        line = _line(each, paper, when, begun.get(each.client.record.card.id, ""))
        begun.setdefault(line.card, line.log)
        made.append(line)
    return made


def _line(sheet: Sheet, paper: str, when: str, begun: str) -> Line:
    client, laid = sheet.client, sheet.laid
    log = client.job.log
    printed = continuing.on_paper(laid, client.now, client.visits)
    first, last = laid.rows
    return ledger.line(
        when,
        ledger.PRINT,
        replace(client.now, entries=printed),
        card=client.record.card.id,
        form=LOG,
        paper=paper,
        sheet=laid.number,
        rows=f"{first}-{last}" if last else "",
        revision=cards.revision(client.record.card.text),
        log=log.id if log else begun,
        onto="" if laid.fresh or log is None else log.last.id,
        booked=content.booked(client.record.card, dates.today()),
    )


def sheet_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet for programs."""
    first, last = sheet.laid.rows
    return {
        "client": sheet.client.record.card.id,
        "sheet": sheet.laid.number,
        "fresh": sheet.laid.fresh,
        "first_row": first or None,
        "last_row": last or None,
        "entries": [each.id or None for each in sheet.laid.visits],
    }
