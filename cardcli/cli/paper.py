"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cardcli import dates, disk, printing
from cardcli.cli import (
    batching,
    bulk,
    logprint,
    logsheets,
    options,
    papertrail,
    printer,
    querying,
    sheets,
)
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import one_of
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.record import Record
from cardcli.text import slug

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
    changed: logprint.Changed = False,
    go_on: logprint.GoOn = False,
    from_row: logprint.FromRow = None,
    nudge: logprint.Nudge = None,
    record: logprint.Recorded = None,
    role: options.Role = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store, role=role)
    chosen = one_of("--format", output_format.lower(), printing.FORMATS)
    wish = logprint.Wish(changed, go_on, from_row, logsheets.nudge(nudge), "", record)
    asked = _Asked(clients or [], where, everybody, sort)
    delivery = logprint.Delivery(output, open_it, as_json, to_printer)
    manner = bulk.Manner(duplex, separators, one_per_client, to_printer)
    bulk.check(manner, chosen, sort=sort, output=output, open_it=open_it)
    names: list[str | None] = [template]
    if changed and template is None:
        names = [*_stale_forms(session, asked, output)]
    for name in names:
        job = sheets.job(
            session, chosen, name, paper, color=color, copies=copies, start=start, consent=consent
        )
        settings = replace(job.settings, draft=record is False)
        named = replace(wish, paper=settings.paper if paper else "")
        _print(session, replace(job, settings=settings), chosen, asked, named, manner, delivery)
    if not names:
        papertrail.tell_nothing(as_json=as_json)


class _Asked(NamedTuple):
    """Who was asked for: clients by name, a query, or everybody; and in which order."""

    clients: Sequence[str]
    where: str | None
    everybody: bool
    sort: str | None

    @property
    def anybody(self) -> bool:
        """Tell whether anybody was named at all."""
        return bool(self.clients) or self.where is not None or self.everybody


def _stale_forms(session: Session, asked: _Asked, output: Path | None) -> list[str]:
    named = _records(session, asked) if asked.anybody else None
    forms = papertrail.stale_forms(session, named)
    if output is not None and len(forms) > 1:
        raise BadValueError(
            _(
                "there is stale paper of several templates ({names}); with --output choose one with --template"
            ).format(names=", ".join(forms))
        )
    return forms


def _print(
    session: Session,
    job: sheets.Job,
    chosen: str,
    asked: _Asked,
    wish: logprint.Wish,
    manner: bulk.Manner,
    delivery: logprint.Delivery,
) -> None:
    """Print with one template."""
    papertrail.refuse(session, job.template, chosen, record=wish.record)
    logs = wish.about_logs(job.template, chosen)
    each = job.form.clients == "each"
    bulk.check_form(manner, job.template, each=each and not logs)
    if wish.changed:
        named = _records(session, asked) if asked.anybody else None
        wanted = [bulk.client(stale) for stale in papertrail.stale(session, named, job.template)]
        if not wanted:
            papertrail.tell_nothing(as_json=delivery.as_json)
            return
    else:
        wanted = _clients(session, job, asked)
    filed = papertrail.Filed(session, job.template, job.settings.paper)
    filing = papertrail.may_record(session, job.template, chosen, record=wish.record) and not logs
    noted = {"noted": filed.note} if filing else {}
    batch = batching.Job(session, chosen, job.settings, job.template, job.form.clients, **noted)
    if logs:
        logprint.run(session, batch.records(wanted), wish, job.settings, delivery, save, show)
        return
    if manner.one_per_client:
        suffix = SUFFIXES[chosen]
        bulk.each_into(batch, wanted, manner.one_per_client, suffix, as_json=delivery.as_json)
        if wish.record:
            papertrail.settle(
                session, job.template, chosen, functools.partial(filed.lines, 0), record=True
            )
        return
    pages = _deliver(batch, wanted, delivery, manner)
    papertrail.settle(
        session,
        job.template,
        chosen,
        functools.partial(filed.lines, pages),
        record=wish.record,
    )


def _deliver(
    job: batching.Job,
    wanted: Sequence[batching.Client],
    delivery: logprint.Delivery,
    manner: bulk.Manner,
) -> int:
    """Print into the file, to standard output or to a printer, and return the number of pages."""
    session, output = job.session, delivery.output
    if str(output) == "-":
        return bulk.write(job, wanted, bulk.to_stdout, manner.binding)
    target = (output or Path(file_name(wanted, job.template) + SUFFIXES[job.output])).absolute()
    if manner.printer is not None:
        kept = None if output is None else target
        with printer.spooled(kept, batching.shelf(session)) as file:
            pages = bulk.write(job, wanted, bulk.into_file(session, file), manner.binding)
            printer.send(file, manner.printer, duplex=manner.duplex)
        bulk.tell(wanted, kept, pages, as_json=delivery.as_json)
        return pages
    pages = bulk.write(job, wanted, bulk.into_file(session, target), manner.binding)
    bulk.tell(wanted, target, pages, as_json=delivery.as_json)
    if delivery.open_it:
        show(target)
    return pages


def _clients(session: Session, job: sheets.Job, asked: _Asked) -> list[batching.Client]:
    """Return the clients a template is printed for; a list without any named is of all clients."""
    if job.form.clients == "none":
        if asked.anybody:
            sentence = _("The template “{name}” is for nobody in particular: name no clients.")
            raise BadValueError(sentence.format(name=job.template))
        return []
    everybody = asked.everybody or (job.form.clients == "list" and not asked.anybody)
    return bulk.wanted(session, asked.clients, asked.where, everybody=everybody, sort=asked.sort)


def _records(session: Session, asked: _Asked) -> list[Record]:
    """Return the cards of the clients that are meant."""
    found = bulk.wanted(session, *asked[:2], everybody=asked.everybody, sort=asked.sort)
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
    """Write a file. What belongs to the store is never written over."""
    bulk.check_target(session, target)
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
