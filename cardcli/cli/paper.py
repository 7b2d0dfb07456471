"""The command that prints cards: PDF, HTML, text, Markdown."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cardcli import dates, printing
from cardcli.cli import (
    batching,
    bulk,
    logprint,
    logsheets,
    options,
    papertrail,
    printer,
    sheets,
)
from cardcli.cli.options import one_of
from cardcli.cli.session import Session, open_session
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.text import slug
from cardcli.tuples import NamedTuple

app = typer.Typer()
CARD = "card"
SUFFIXES = {"pdf": ".pdf", "html": ".html", "text": ".txt", "md": ".md"}


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
    everybody: bulk.Everybody = False,
    sort: bulk.Sort = None,
    duplex: bulk.Duplex = False,
    separators: bulk.Separators = False,
    one_per_client: bulk.OnePerClient = None,
    to_printer: bulk.ToPrinter = None,
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
    delivery = bulk.Delivery(output, open_it, as_json, to_printer)
    manner = bulk.Manner(duplex, separators, one_per_client)
    bulk.check(manner, delivery, chosen, sort=sort)
    stale = _stale(session, asked, template) if changed else None
    if stale:
        _refuse_several(stale, delivery)
    names: Sequence[str | None] = [template] if stale is None or template else list(stale)
    for name in names:
        job = sheets.job(
            session, chosen, name, paper, color=color, copies=copies, start=start, consent=consent
        )
        settings = replace(job.settings, draft=record is False)
        named = replace(wish, paper=settings.paper if paper else "")
        job = replace(job, settings=settings)
        wanted = None if stale is None else stale.get(job.template, [])
        _print(session, job, chosen, asked, wanted, named, manner, delivery)
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


def _stale(
    session: Session, asked: _Asked, template: str | None
) -> dict[str, list[batching.Client]]:
    """Return by template whose paper is stale."""
    named = None
    if asked.anybody:
        named = bulk.wanted(session, *asked[:2], everybody=asked.everybody, sort=asked.sort)
    return papertrail.stale(session, named, template)


def _refuse_several(templates: Collection[str], delivery: bulk.Delivery) -> None:
    """Raise BadValueError for several templates where there is one file, or one answer in JSON."""
    option = "--json" if delivery.as_json else "--output" if delivery.output else ""
    if option and len(templates) > 1:
        raise BadValueError(
            _(
                "there is stale paper of several templates ({names}); with {option} choose one with --template"
            ).format(names=", ".join(templates), option=option)
        )


def _print(
    session: Session,
    job: sheets.Job,
    chosen: str,
    asked: _Asked,
    stale: Sequence[batching.Client] | None,
    wish: logprint.Wish,
    manner: bulk.Manner,
    delivery: bulk.Delivery,
) -> None:
    """Print with one template: whose paper is *stale*, or who is asked for."""
    papertrail.refuse(session, job.template, chosen, record=wish.record)
    logs = wish.about_logs(job.template, chosen)
    each = job.form.clients == "each"
    bulk.check_form(manner, job.template, each=each and not logs)
    wanted = _clients(session, job, asked) if stale is None else stale
    if stale is not None and not stale:
        papertrail.tell_nothing(as_json=delivery.as_json)
        return
    filed = papertrail.Filed(session, job.template, job.settings.paper)
    filing = papertrail.may_record(session, job.template, chosen, record=wish.record) and not logs
    noted = {"noted": filed.note} if filing else {}
    form = job.form
    batch = batching.Job(
        session, chosen, job.settings, job.template, form.clients, form.order, **noted
    )
    if logs:
        logprint.run(session, batch.records(wanted), wish, job.settings, delivery)
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
    delivery: bulk.Delivery,
    manner: bulk.Manner,
) -> int:
    """Print into the file, to standard output or to a printer, and return the number of pages."""
    usual = file_name(wanted, job.template) + SUFFIXES[job.output]
    with bulk.delivered(job.session, delivery, usual, duplex=manner.duplex) as (opened, target):
        pages = bulk.write(job, wanted, opened, manner.binding)
    if not delivery.to_stdout:
        bulk.tell(wanted, target, pages, as_json=delivery.as_json)
    if target and delivery.open_it:
        printer.show(target)
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


def file_name(clients: Sequence[batching.Client], template: str = CARD) -> str:
    """Return the name of a printed file: that of the client, or of the day for several.

    What is no card is named after its template.
    """
    day = dates.today().isoformat()
    if len(clients) == 1:
        (one,) = clients
        return f"{slug(one.name)}-{one.id}" + ("" if template == CARD else f"-{template}")
    return template if not clients else f"{'cards' if template == CARD else template}-{day}"
