"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cardcli import dates, printing
from cardcli.cli import batching, bulk, options, printer, querying
from cardcli.cli.session import open_session
from cardcli.cli.starting import one_of
from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _
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
        str,
        typer.Option(
            "--template",
            help=_("Name of the template; your own in templates/ hides the built-in one."),
        ),
    ] = "card",
    paper: Annotated[
        str, typer.Option("--paper", metavar="a4|a5", help=_("Size of the paper."))
    ] = "a4",
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
        paper=one_of("--paper", paper.lower(), printing.PAPERS),
        color=color,
    )
    chosen = one_of("--format", output_format.lower(), printing.FORMATS)
    bulk.check(
        chosen, separators=separators, sort=sort, one_per_client=one_per_client, output=output,
        to_printer=to_printer, duplex=duplex, open_it=open_it,
    )  # fmt: skip
    wanted = bulk.wanted(session, clients or [], where, everybody=everybody, sort=sort)
    job = batching.Job(session, chosen, settings, template)
    if one_per_client:
        bulk.each_into(job, wanted, one_per_client, _SUFFIXES[chosen], as_json=as_json)
        return
    binding = batching.Binding(duplex, separators)
    if str(output) == "-":
        bulk.write(job, wanted, bulk.to_stdout, binding)
        return
    target = (output or Path(file_name(wanted) + _SUFFIXES[chosen])).absolute()
    if to_printer is not None:
        with printer.spooled(None if output is None else target, batching.shelf(session)) as file:
            pages = bulk.write(job, wanted, bulk.into_file(session, file), binding)
            printer.send(file, to_printer, duplex=duplex)
        bulk.tell(wanted, None if output is None else target, pages, as_json=as_json)
        return
    pages = bulk.write(job, wanted, bulk.into_file(session, target), binding)
    bulk.tell(wanted, target, pages, as_json=as_json)
    if open_it:
        show(target)


def file_name(clients: Sequence[batching.Client]) -> str:
    """Return the name of a printed file: that of the client, or of the day for several."""
    if len(clients) == 1:
        return f"{slug(clients[0].name)}-{clients[0].id}"
    return f"cards-{dates.today().isoformat()}"


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
