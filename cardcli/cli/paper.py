"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cardcli import dates, disk, printing
from cardcli.cli import logprint, logsheets, options, papertrail, querying, ui
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import one_of
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.record import Record
from cardcli.store import TEMPLATES
from cardcli.text import slug

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
        str | None,
        typer.Option(
            "--template",
            help=_(
                "Name of the template, card if left out; your own in templates/ hides the built-in one."
            ),
        ),
    ] = None,
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
    wish = logprint.Wish(changed, go_on, from_row, logsheets.nudge(nudge), size, record)
    named = (
        _wanted(session, clients or [], where)
        if clients or where is not None or not changed
        else None
    )
    delivery = logprint.Delivery(output, open_it, as_json)
    if not changed or template:
        _print(session, template or "card", named, chosen, settings, wish, delivery)
        return
    forms = papertrail.stale_forms(session, named)
    if output is not None and len(forms) > 1:
        raise BadValueError(
            _(
                "there is stale paper of several templates ({names}); with --output choose one with --template"
            ).format(names=", ".join(forms))
        )
    for form in forms:
        _print(session, form, named, chosen, settings, wish, delivery)
    if not forms:
        papertrail.tell_nothing(as_json=as_json)


def _print(
    session: Session,
    template: str,
    named: Sequence[Record] | None,
    chosen: str,
    settings: printing.PrintSettings,
    wish: logprint.Wish,
    delivery: logprint.Delivery,
) -> None:
    """Print with one template; None stands for all clients whose paper of it does not hold any more."""
    papertrail.refuse(session, template, chosen, record=wish.record)
    if wish.about_logs(template, chosen):
        logprint.run(session, named, wish, settings, delivery, save, show)
        return
    records = papertrail.stale(session, named, template) if wish.changed or named is None else named
    if not records:
        papertrail.tell_nothing(as_json=delivery.as_json)
        return
    settings = replace(settings, paper=wish.paper or "a4")
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
    if str(delivery.output) == "-":
        ui.out_bytes(printed.content)
    else:
        name = delivery.output or Path(file_name(records) + _SUFFIXES[chosen])
        deliver(session, records, printed.content, name.absolute(), as_json=delivery.as_json)
        if delivery.open_it:
            show(name.absolute())
    pages = printing.pages(printed.content) if len(records) == 1 else 0
    papertrail.settle(
        session,
        template,
        chosen,
        lambda: papertrail.documents(records, template, settings.paper, pages),
        record=wish.record,
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
