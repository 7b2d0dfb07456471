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
from cardcli.cli import (
    batching,
    bulk,
    logsheets,
    options,
    papertrail,
    printer,
    querying,
    sheets,
    ui,
)
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import one_of
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.record import Record
from cardcli.text import fold, slug

app = typer.Typer()
CARD = "card"
SUFFIXES = {"pdf": ".pdf", "html": ".html", "text": ".txt", "md": ".md"}


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
    template: sheets.Template = None,
    paper: sheets.Paper = None,
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
    color: sheets.Color = None,
    copies: sheets.Copies = 1,
    start: sheets.Start = None,
    consent: sheets.Consent = None,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help=_(
                "Only what has become stale on paper since it was printed; of all clients, if none is named."
            ),
        ),
    ] = False,
    everybody: Annotated[bool, typer.Option("--all", help=_("All clients of the store."))] = False,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar=_("KEY,KEY…"),
            help=_("In which order; -last begins with the latest. By name unless given."),
            autocompletion=querying.complete_keys,
        ),
    ] = None,
    duplex: Annotated[
        bool,
        typer.Option("--duplex", help=_("For both sides of the paper: each card on a new sheet.")),
    ] = False,
    separators: Annotated[
        bool, typer.Option("--separators", help=_("A sheet with the letter before each letter."))
    ] = False,
    one_per_client: Annotated[
        Path | None,
        typer.Option(
            "--one-per-client",
            metavar=_("DIR"),
            help=_("A file for each client into this folder; what is up to date there stays."),
        ),
    ] = None,
    to_printer: Annotated[
        str | None,
        typer.Option("--printer", metavar=_("NAME"), help=_("Send it to this printer of CUPS.")),
    ] = None,
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
    chosen = one_of("--format", output_format.lower(), printing.FORMATS)
    job = sheets.job(
        session, chosen, template, paper, color=color, copies=copies, start=start, consent=consent
    )
    settings = replace(job.settings, draft=record is False)
    papertrail.refuse(session, job.template, chosen, record=record)
    logs = job.template == LOG and chosen == "pdf"
    if (go_on or from_row or nudge) and not logs:
        raise BadValueError(_("--continue, --from-row and --nudge go with --template log"))
    each = job.form.clients == "each"
    bulk.check(
        chosen, separators=separators, sort=sort, one_per_client=one_per_client, output=output,
        to_printer=to_printer, duplex=duplex, open_it=open_it,
    )  # fmt: skip
    bulk.checked_form(
        job.template, each=each and not logs, separators=separators, one_per_client=one_per_client
    )
    moved = logsheets.nudge(nudge)
    archive = archiving.Archive(session.store, dates.today(), ui.warn) if logs or changed else None
    if archive and changed:
        anybody = clients or where is not None or everybody
        named = _wanted(session, clients or [], where, everybody, sort) if anybody else None
        wanted = [bulk.client(each) for each in _stale(session, archive, named, job.template)]
    else:
        wanted = _clients(session, job, clients or [], where, everybody, sort)
    delivery = Delivery(output, open_it, record, as_json)
    if changed and not wanted:
        _tell_nothing(_("nothing to print: all paper is up to date"), as_json=as_json)
        return
    batch = batching.Job(session, chosen, settings, job.template, each)
    if archive and logs:
        size = settings.paper if paper else ""
        log = logsheets.Wanted(go_on, changed, from_row, moved, size)
        _print_logs(session, archive, batch.records(wanted), log, settings, delivery)
        return
    if one_per_client:
        bulk.each_into(batch, wanted, one_per_client, SUFFIXES[chosen], as_json=as_json)
    else:
        pages = _deliver(batch, wanted, delivery, batching.Binding(duplex, separators), to_printer)
        if str(output) == "-":
            return
        if record or (record is None and papertrail.asks(session, job.template, chosen)):
            count = pages if len(wanted) == 1 else 0
            papertrail.settle(
                session,
                lambda: papertrail.documents(
                    batch.records(wanted), job.template, settings.paper, count
                ),
                record=record,
            )


def _deliver(
    job: batching.Job,
    wanted: Sequence[batching.Client],
    delivery: Delivery,
    binding: batching.Binding,
    to_printer: str | None,
) -> int:
    """Print into the file, to standard output or to a printer, and return the number of pages."""
    session, output = job.session, delivery.output
    if str(output) == "-":
        return bulk.write(job, wanted, bulk.to_stdout, binding)
    target = (output or Path(file_name(wanted, job.template) + SUFFIXES[job.output])).absolute()
    if to_printer is not None:
        kept = None if output is None else target
        with printer.spooled(kept, batching.shelf(session)) as file:
            pages = bulk.write(job, wanted, bulk.into_file(session, file), binding)
            printer.send(file, to_printer, duplex=binding.duplex)
        bulk.tell(wanted, kept, pages, as_json=delivery.as_json)
        return pages
    pages = bulk.write(job, wanted, bulk.into_file(session, target), binding)
    bulk.tell(wanted, target, pages, as_json=delivery.as_json)
    if delivery.open_it:
        show(target)
    return pages


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
        known = [bulk.client(client.record) for client in clients]
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


def _clients(
    session: Session,
    job: sheets.Job,
    named: Sequence[str],
    where: str | None,
    everybody: bool,
    sort: str | None,
) -> list[batching.Client]:
    """Return the clients a template is printed for; a list without any named is of all clients."""
    if job.form.clients == "none":
        if named or where is not None or everybody:
            sentence = _("The template “{name}” is for nobody in particular: name no clients.")
            raise BadValueError(sentence.format(name=job.template))
        return []
    if job.form.clients == "list" and not named and where is None:
        return [bulk.client(record) for record in session.records()]
    return bulk.wanted(session, named, where, everybody=everybody, sort=sort)


def _wanted(
    session: Session, named: Sequence[str], where: str | None, everybody: bool, sort: str | None
) -> list[Record]:
    """Return the cards of the clients that are meant."""
    found = bulk.wanted(session, named, where, everybody=everybody, sort=sort)
    return [session.seen(session.store.read(each.path)) for each in found]


def file_name(clients: Sequence[batching.Client], template: str = CARD) -> str:
    """Return the name of a printed file: that of the client, or of the day for several.

    What is no card is named after its template.
    """
    day = dates.today().isoformat()
    if len(clients) == 1:
        (one,) = clients
        return f"{slug(one.name)}-{one.id}" + ("" if template == CARD else f"-{template}")
    return template if not clients else f"{'cards' if template == CARD else template}-{day}"


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
