"""What “print” does with the visit log, and the options that belong to paper that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from cardcli import archiving, dates
from cardcli.archive.content import LOG
from cardcli.cli import bulk, logsheets, papertrail, printer, ui
from cardcli.cli.bulk import Delivery
from cardcli.cli.session import Session
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.printing import PrintSettings
from cardcli.record import Record
from cardcli.text import slug

Changed = Annotated[
    bool,
    typer.Option(
        "--changed",
        help=_(
            "Only what has become stale on paper since it was printed; of all clients, if none is named."
        ),
    ),
]
GoOn = Annotated[
    bool,
    typer.Option(
        "--continue",
        help=_("The visit log: print what is new onto the started sheet, then onto fresh ones."),
    ),
]
FromRow = Annotated[
    int | None,
    typer.Option(
        "--from-row", min=1, help=_("With --continue: begin in this row of the started sheet.")
    ),
]
Nudge = Annotated[
    str | None,
    typer.Option(
        "--nudge",
        metavar="X,Y",
        help=_("Move what goes onto started sheets: millimetres to the right and down."),
    ),
]
Recorded = Annotated[
    bool | None,
    typer.Option(
        "--record/--no-record",
        help=_(
            "Record in the print ledger that this is on paper now, or print a draft; at a terminal you are asked."
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """The options of “print” that are about paper that is kept; *paper* is "" when none was named."""

    changed: bool
    goes_on: bool
    from_row: int | None
    nudge: tuple[float, float]
    paper: str
    record: bool | None

    def about_logs(self, template: str, output: str) -> bool:
        """Tell whether sheets of a log are to be printed. Raises BadValueError for other options."""
        if template == LOG and output == "pdf":
            return True
        if self.goes_on or self.from_row or any(self.nudge):
            raise BadValueError(_("--continue, --from-row and --nudge go with --template log"))
        return False


def run(
    session: Session,
    records: Sequence[Record],
    wish: Wish,
    settings: PrintSettings,
    delivery: Delivery,
) -> None:
    """Print the logs of clients."""
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    wanted = logsheets.Wanted(wish.goes_on, wish.changed, wish.from_row, wish.paper)
    clients = logsheets.plan(session, archive, records, wanted)
    if not clients:
        papertrail.tell_nothing(as_json=delivery.as_json)
        return
    settings = replace(settings, paper=logsheets.paper_of(clients, wish.paper, settings.paper))
    sheets = logsheets.lay(session, clients, settings)
    printed = logsheets.draw(session, sheets, settings, wish.nudge)
    for warning in printed.warnings:
        ui.warn(warning)
    logsheets.tell(session, sheets)
    with bulk.delivered(session, delivery, _name(clients)) as (opened, target), opened() as stream:
        stream.write(printed.content)
    if target and not delivery.as_json:
        ui.out(str(target))
    if target and delivery.open_it:
        printer.show(target)
    recorded = papertrail.settle(
        session, LOG, "pdf", lambda: logsheets.lines(sheets, settings.paper), record=wish.record
    )
    if delivery.as_json and not delivery.to_stdout:
        ui.json(
            {
                "path": str(target) if target else None,
                "clients": [client.record.card.id for client in clients],
                "sheets": [logsheets.sheet_json(each) for each in sheets],
                "recorded": recorded,
            }
        )


def _name(clients: Sequence[logsheets.Client]) -> str:
    if len(clients) == 1:
        card = clients[0].record.card
        return f"{slug(card.name)}-{card.id}-{LOG}.pdf"
    return f"{LOG}-{dates.today().isoformat()}.pdf"
