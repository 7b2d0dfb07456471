"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cardcli import archiving, dates, disk, printing
from cardcli.archive.content import LOG
from cardcli.cli import logsheets, options, papertrail, querying, ui
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import one_of
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.record import Record
from cardcli.store import TEMPLATES
from cardcli.text import fold, slug

app = typer.Typer()
_SUFFIXES = {"pdf": ".pdf", "html": ".html", "text": ".txt", "md": ".md"}


class NoViewerError(CardcliError):
    """There is no program that opens files."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("{path} is ready, but no program to open it was found").format(path=path)
        )


@app.command(
    "print",
    help=_("Print cards to a PDF file. HTML, plain text and Markdown can be made too."),
    epilog=_("Example: cardcli print ivanova --paper a5 --open"),
)
def print_cards(
    clients: Annotated[
        list[str] | None,
        typer.Argument(metavar=_("[CLIENT]…"), help=_("One or several clients.")),
    ] = None,
    where: options.Where = None,
    template: Annotated[
        str,
        typer.Option(
            "--template",
            help=_("Name of the template; your own in templates/ hides the built-in one."),
        ),
    ] = "card",
    paper: Annotated[
        str | None,
        typer.Option(
            "--paper",
            metavar="a4|a5",
            help=_("Size of the paper; a4, of a visit log a5, if left out."),
        ),
    ] = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="pdf|html|text|md", help=_("What to make."))
    ] = "pdf",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar=_("FILE"),
            help=_("The file to write; - is standard output. Unless given: named by the client."),
        ),
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help=_("Open the file when it is ready."))
    ] = False,
    color: Annotated[
        bool, typer.Option("--color", help=_("Print alerts in red; black unless given."))
    ] = False,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help=_(
                "Only what has become stale on paper since it was printed; of all clients, if none is named."
            ),
        ),
    ] = False,
    go_on: Annotated[
        bool,
        typer.Option(
            "--continue",
            help=_(
                "The visit log: print what is new onto the started sheet, then onto fresh ones."
            ),
        ),
    ] = False,
    from_row: Annotated[
        int | None,
        typer.Option(
            "--from-row", min=1, help=_("With --continue: begin in this row of the started sheet.")
        ),
    ] = None,
    nudge: Annotated[
        str | None,
        typer.Option(
            "--nudge",
            metavar="X,Y",
            help=_("Move what goes onto started sheets: millimetres to the right and down."),
        ),
    ] = None,
    record: Annotated[
        bool | None,
        typer.Option(
            "--record/--no-record",
            help=_(
                "Record in the print ledger that this is on paper now, or print a draft; at a terminal you are asked."
            ),
        ),
    ] = None,
    role: options.Role = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store, role=role)
    settings = printing.PrintSettings(
        language=session.config.language,
        business=session.config.business,
        tagline=session.config.tagline,
        currency=session.config.currency,
        region=session.config.region,
        color=color,
        draft=record is False,
    )
    chosen = one_of("--format", output_format.lower(), printing.FORMATS)
    size = one_of("--paper", paper.lower(), printing.PAPERS) if paper else ""
    papertrail.refuse(session, template, chosen, record=record)
    logs = template == LOG and chosen == "pdf"
    if (go_on or from_row or nudge) and not logs:
        raise BadValueError(_("--continue, --from-row and --nudge go with --template log"))
    moved = logsheets.nudge(nudge)
    archive = archiving.Archive(session.store, dates.today(), ui.warn) if logs or changed else None
    if archive and changed:
        named = _wanted(session, clients or [], where) if clients or where else None
        records = _stale(session, archive, named, template)
    else:
        records = _wanted(session, clients or [], where)
    delivery = Delivery(output, open_it, record, as_json)
    if changed and not records:
        _tell_nothing(_("nothing to print: all paper is up to date"), as_json=as_json)
        return
    if archive and logs:
        wanted = logsheets.Wanted(go_on, changed, from_row, moved, size)
        _print_logs(session, archive, records, wanted, settings, delivery)
        return
    settings = replace(settings, paper=size or "a4")
    printed = printing.render(
        [record.card for record in records],
        chosen,
        settings,
        dates.today(),
        photos=session.store.file,
        template=template,
        own_templates=[session.store.root / TEMPLATES],
    )
    for warning in printed.warnings:
        ui.warn(warning)
    if str(output) == "-":
        ui.out_bytes(printed.content)
        return
    target = (output or Path(file_name(records) + _SUFFIXES[chosen])).absolute()
    deliver(session, records, printed.content, target, as_json=as_json)
    if open_it:
        show(target)
    if record or (record is None and papertrail.asks(session, template, chosen)):
        pages = printing.pages(printed.content) if len(records) == 1 else 0
        papertrail.settle(
            session,
            lambda: papertrail.documents(records, template, settings.paper, pages),
            record=record,
        )


class Delivery(NamedTuple):
    """Where a print goes and what becomes of it."""

    output: Path | None
    open_it: bool
    record: bool | None
    as_json: bool


def _tell_nothing(sentence: str, *, as_json: bool) -> None:
    ui.say(sentence)
    if as_json:
        ui.json({"path": None, "clients": []})


def _stale(
    session: Session, archive: archiving.Archive, named: Sequence[Record] | None, form: str
) -> list[Record]:
    """Return those of the clients, of all for None, whose paper of a form does not hold any more."""
    ids = archive.ledger.cards if named is None else [record.card.id for record in named]
    states = {card_id: archive.verdict(card_id, form).state for card_id in ids}
    found = [
        session.seen(archive.record(card_id))
        for card_id, state in states.items()
        if state in {"stale", "reprint"}
    ]
    return sorted(found, key=lambda record: (fold(record.card.name), record.card.id))


def _print_logs(
    session: Session,
    archive: archiving.Archive,
    records: Sequence[Record],
    wanted: logsheets.Wanted,
    settings: printing.PrintSettings,
    delivery: Delivery,
) -> None:
    clients = logsheets.plan(session, archive, records, wanted)
    if not clients:
        _tell_nothing(
            _("nothing to print: everything is on paper already"), as_json=delivery.as_json
        )
        return
    settings = replace(settings, paper=logsheets.paper_of(clients, wanted.paper))
    sheets = logsheets.lay(session, clients, settings)
    printed = logsheets.draw(session, sheets, settings, wanted.nudge)
    for warning in printed.warnings:
        ui.warn(warning)
    logsheets.tell(session, sheets)
    if str(delivery.output) == "-":
        ui.out_bytes(printed.content)
    else:
        known = [client.record for client in clients]
        target = (delivery.output or Path(f"{file_name(known)}-{LOG}.pdf")).absolute()
        save(session, printed.content, target)
        if not delivery.as_json:
            ui.out(str(target))
        if delivery.open_it:
            show(target)
    recorded = False
    if delivery.record or (delivery.record is None and papertrail.asks(session, LOG, "pdf")):
        recorded = papertrail.settle(
            session, lambda: logsheets.lines(sheets, settings.paper), record=delivery.record
        )
    if delivery.as_json and str(delivery.output) != "-":
        ui.json(
            {
                "path": str(target),
                "clients": [client.record.card.id for client in clients],
                "sheets": [logsheets.sheet_json(each) for each in sheets],
                "recorded": recorded,
            }
        )


def _wanted(session: Session, clients: Sequence[str], where: str | None) -> list[Record]:
    """Return the clients that were named, each once, or those a query means."""
    if bool(clients) == (where is not None):
        raise BadValueError(_("Name the clients, or say which with --where QUERY."))
    if where is not None:
        return querying.clients(session, where)
    return list({record.path: record for record in map(session.resolve, clients)}.values())


def file_name(records: Sequence[Record]) -> str:
    """Return the name of a printed file: that of the client, or of the day for several."""
    if len(records) == 1:
        card = records[0].card
        return f"{slug(card.name)}-{card.id}"
    return f"cards-{dates.today().isoformat()}"


def deliver(
    session: Session, records: Sequence[Record], content: bytes, target: Path, *, as_json: bool
) -> None:
    """Write the file and say where it is."""
    save(session, content, target)
    if as_json:
        ui.json({"path": str(target), "clients": [record.card.id for record in records]})
    else:
        ui.out(str(target))


def save(session: Session, content: bytes, target: Path) -> None:
    """Write a file. A card of the store is never written over."""
    inside = target.resolve()
    if any(
        inside == (session.store.root / record.path).resolve() for record in session.store.records()
    ):
        raise BadValueError(_("{path} is a client's card; choose another file").format(path=target))
    if not target.parent.is_dir():
        raise BadValueError(_("There is no folder {path}.").format(path=target.parent))
    disk.write(target, content)


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
