"""Commands over all clients: the list of them, and finding those that somebody means.

Nothing here reads a card: the index has what is shown.
"""

from __future__ import annotations

from json import loads
from typing import Annotated, Any

import typer

from cardcli import search
from cardcli.cli import options, ui
from cardcli.cli.session import open_session
from cardcli.index import Line
from cardcli.language import _

app = typer.Typer()


@app.command(
    "list",
    help=_("List the clients."),
    epilog=_("Example: cardcli list --limit 20"),
)
def list_cards(
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    if as_json:
        clients = session.store.ask(lambda snapshot: snapshot.clients(limit))
        ui.json([loads(client) for client in clients])
    else:
        rows = session.store.ask(lambda snapshot: snapshot.rows(limit))
        ui.table(client_header(), rows, no_header=no_header)
    session.name_broken()


def client_header() -> list[str]:
    """Return the heads of the columns of a list of clients: the first four of a line of the index."""
    return [_("Id"), _("Card number"), _("Name"), _("Phone")]


@app.command(
    "find",
    help=_(
        "Find clients, also by a mistyped name. Any part of a name, a phone, an e-mail or a number will do."
    ),
    epilog=_("Example: cardcli find ivanva"),
)
def find(
    query: Annotated[
        list[str], typer.Argument(metavar=_("QUERY"), help=_("What you remember of the client."))
    ],
    limit: options.Limit = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=_("Say why each client was found."))
    ] = False,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    matches, lines = session.found(" ".join(query), limit)
    if as_json:
        ui.json([found_json(lines[match.person.id], match) for match in matches])
        return
    header, rows = client_header(), [list(lines[match.person.id][:4]) for match in matches]
    if explain:
        header.append(_("Why"))
        rows = [[*row, match.reason] for row, match in zip(rows, matches, strict=True)]
    ui.table(header, rows, no_header=no_header)


def found_json(line: Line, match: search.Match) -> dict[str, Any]:
    """Return a found client with how well it matched."""
    return {
        **loads(line.client),
        "sure": match.sure,
        "score": round(match.score, 4),
        "reason": match.reason,
    }
