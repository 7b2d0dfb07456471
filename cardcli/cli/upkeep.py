"""Commands that keep cards up to date: which are stale, and that one was looked through."""

from __future__ import annotations

from typing import Annotated

import typer

from cardcli import card as cards
from cardcli import dates, freshness
from cardcli.cli import options, reading, ui
from cardcli.cli.clients import report
from cardcli.cli.overview import iso
from cardcli.cli.recording import entry_date
from cardcli.cli.session import open_session
from cardcli.cli.values import client_json
from cardcli.language import _, active
from cardcli.store import Edit, Record
from cardcli.yamlpatch import Plain

app = typer.Typer()
_YEAR = 365


@app.command(
    "stale",
    help=_(
        "List the clients whose card nobody has looked through for a long time, the longest first."
    ),
    epilog=_("Example: cardcli stale --days 180"),
)
def stale(
    days: Annotated[
        int, typer.Option("--days", min=0, help=_("For more than so many days."))
    ] = _YEAR,
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    today = session.rules.today
    found = sorted(
        (record for record in session.records() if freshness.stale(record.card, today, days)),
        key=lambda record: (_since(record), record.card.name, record.card.id),
    )[:limit]
    if as_json:
        ui.json([client_json(each) | {"sure_since": _since(each) or None} for each in found])
        return
    ui.table(
        [*reading.client_header(), _("Looked through")],
        [
            [*reading.client_row(session, each), dates.show_date(_since(each), active()) or "—"]
            for each in found
        ],
        no_header=no_header,
    )


def _since(record: Record) -> str:
    return iso(freshness.sure_since(record.card)) or ""


@app.command(
    "confirm",
    help=_("Say that a card was looked through with the client and is up to date."),
    epilog=_("Example: cardcli confirm ivanova"),
)
def confirm(
    client: options.Client,
    date: options.Date = None,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    day = Plain(entry_date(date, future=False))
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    result = session.change(
        record,
        lambda card: Edit(cards.set_key(card, "confirmed", day)),
        "confirm",
        session.staff(None),
    )
    report(session, result, as_json=as_json)
