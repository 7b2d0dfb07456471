"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from cardcli import dates, disk, printing
from cardcli.cli import logprint, logsheets, options, papertrail, querying, sheets, ui
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
    asked = _Asked(clients or [], where)
    delivery = logprint.Delivery(output, open_it, as_json)
    names: list[str | None] = [template]
    if changed and template is None:
        names = [*_stale_forms(session, asked, output)]
    for name in names:
        job = sheets.job(
            session, chosen, name, paper, color=color, copies=copies, start=start, consent=consent
        )
        settings = replace(job.settings, draft=record is False)
        named = replace(wish, paper=settings.paper if paper else "")
        _print(session, replace(job, settings=settings), chosen, asked, named, delivery)
    if not names:
        papertrail.tell_nothing(as_json=as_json)


class _Asked(NamedTuple):
    """Who was asked for: clients by name, or a query."""

    clients: Sequence[str]
    where: str | None

    @property
    def anybody(self) -> bool:
        """Tell whether anybody was named at all."""
        return bool(self.clients) or self.where is not None


def _stale_forms(session: Session, asked: _Asked, output: Path | None) -> list[str]:
    named = _wanted(session, *asked) if asked.anybody else None
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
    delivery: logprint.Delivery,
) -> None:
    """Print with one template."""
    papertrail.refuse(session, job.template, chosen, record=wish.record)
    logs = wish.about_logs(job.template, chosen)
    if wish.changed:
        named = _wanted(session, *asked) if asked.anybody else None
        records = papertrail.stale(session, named, job.template)
        if not records:
            papertrail.tell_nothing(as_json=delivery.as_json)
            return
    else:
        records = _records(session, job, *asked)
    if logs:
        logprint.run(session, records, wish, job.settings, delivery, save, show)
        return
    printed = printing.render(
        [record.card for record in records],
        chosen,
        job.settings,
        dates.today(),
        photos=session.store.file,
        template=job.template,
        own_templates=job.own,
        sources=sheets.sources(session),
    )
    for warning in printed.warnings:
        ui.warn(warning)
    if str(delivery.output) == "-":
        ui.out_bytes(printed.content)
    else:
        name = delivery.output or Path(file_name(records, job.template) + SUFFIXES[chosen])
        deliver(session, records, printed.content, name.absolute(), as_json=delivery.as_json)
        if delivery.open_it:
            show(name.absolute())
    pages = printing.pages(printed.content) if len(records) == 1 else 0
    papertrail.settle(
        session,
        job.template,
        chosen,
        lambda: papertrail.documents(records, job.template, job.settings.paper, pages),
        record=wish.record,
    )


def _records(
    session: Session, job: sheets.Job, clients: Sequence[str], where: str | None
) -> list[Record]:
    """Return the clients a template is printed for; a list without any named is of all clients."""
    if job.form.clients == "none":
        if clients or where is not None:
            sentence = _("The template “{name}” is for nobody in particular: name no clients.")
            raise BadValueError(sentence.format(name=job.template))
        return []
    if job.form.clients == "list" and not clients and where is None:
        return session.records()
    return _wanted(session, clients, where)


def _wanted(session: Session, clients: Sequence[str], where: str | None) -> list[Record]:
    """Return the clients that were named, each once, or those a query means."""
    if bool(clients) == (where is not None):
        raise BadValueError(_("Name the clients, or say which with --where QUERY."))
    if where is not None:
        return querying.clients(session, where)
    return list({record.path: record for record in map(session.resolve, clients)}.values())


def file_name(records: Sequence[Record], template: str = CARD) -> str:
    """Return the name of a printed file: that of the client, or of the day for several.

    What is no card is named after its template.
    """
    day = dates.today().isoformat()
    if len(records) == 1:
        card = records[0].card
        return f"{slug(card.name)}-{card.id}" + ("" if template == CARD else f"-{template}")
    return template if not records else f"{'cards' if template == CARD else template}-{day}"


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
