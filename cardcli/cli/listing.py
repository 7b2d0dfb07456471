"""The command that lists clients: all of them or those a query means, in columns, order and groups."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardcli import clients, contacts
from cardcli.cli import options, querying, ui
from cardcli.cli.finding import client_header
from cardcli.cli.session import Session, open_session
from cardcli.fields import Type
from cardcli.language import _, active
from cardcli.text import fold
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:  # a plain list needs no query: start-up time
    from cardcli.cli.querying import Asked
    from cardcli.query import Key, View
    from cardcli.query.operands import Value
    from cardcli.record import Record

    Group = tuple[Value | None, list[View]]

app = typer.Typer()


@app.command(
    "list",
    help=_(
        "List the clients, all or those a query means. A query asks for tags, services, the last "
        "visit, money spent and more; “cardcli help query” explains it."
    ),
    epilog=_("Example: cardcli list status:sleeping 'spent>10000' --columns name,last,phone"),
)
def list_cards(
    terms: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("[QUERY]…"),
            help=_("Which clients; all unless given."),
            autocompletion=querying.complete,
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar=_("KEY,KEY…"),
            help=_("What to show of each client: id,name,last,spent."),
            autocompletion=querying.complete_keys,
        ),
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort",
            metavar=_("KEY,KEY…"),
            help=_("In which order; -spent begins with the highest. By name unless given."),
            autocompletion=querying.complete_keys,
        ),
    ] = None,
    group_by: Annotated[
        str | None,
        typer.Option(
            "--group-by",
            metavar=_("KEY"),
            help=_("Group the clients by a key; dates by month."),
            autocompletion=querying.complete_keys,
        ),
    ] = None,
    count: Annotated[
        bool, typer.Option("--count", help=_("Print how many clients, of each group if grouped."))
    ] = False,
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
    role: options.Role = None,
) -> None:
    session = open_session(store, role=role)
    if not (terms or count) and (columns, sort, group_by) == (None, None, None):
        _list_all(session, limit, as_json=as_json, no_header=no_header)
        return
    from cardcli import query

    text = query.one_query(terms) if terms else None
    asked = querying.ask(session, text)
    chosen = query.column_keys(columns, asked.keys) if columns is not None else []
    order = query.sort_keys(sort, asked.keys) if sort is not None else []
    key = query.one_key(group_by, asked.keys) if group_by is not None else None
    views = query.sorted_views(asked.found, order)
    shown = _Columns(session, asked, chosen)
    if key and count:
        _print_counts(shown, key, query.grouped(views, key)[:limit], as_json, no_header)
    elif key:
        _print_groups(shown, key, query.grouped(views[:limit], key), as_json, no_header)
    elif count:
        ui.json({"count": len(views)}) if as_json else ui.out(str(len(views)))
    elif as_json:
        ui.json([shown.json(view) for view in views[:limit]])
    else:
        ui.table(shown.header, [shown.row(view) for view in views[:limit]], no_header=no_header)
    if text and not views:
        ui.say(querying.nobody(text))
    asked.warn()


def _list_all(session: Session, limit: int | None, *, as_json: bool, no_header: bool) -> None:
    """List all clients; the index has what is shown of them."""
    if session.hidden:
        lines = [session.line(record) for record in _by_name(session.records())[:limit]]
        rows, said = [line[:4] for line in lines], [line.client for line in lines]
    elif as_json:
        rows, said = [], session.store.ask(lambda snapshot: snapshot.clients(limit))
    else:
        rows, said = session.store.ask(lambda snapshot: snapshot.rows(limit)), []
    if as_json:
        ui.json([json.loads(client) for client in said])
    else:
        ui.table(client_header(), rows, no_header=no_header)
    session.name_broken()


def _by_name(records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: (fold(record.card.name), record.card.id))


def _print_counts(
    shown: _Columns, key: Key, groups: Sequence[Group], as_json: bool, no_header: bool
) -> None:
    if as_json:
        ui.json(
            [
                {"group": shown.json_value(key, value), "count": len(views)}
                for value, views in groups
            ]
        )
        return
    rows = [[shown.group(key, value), str(len(views))] for value, views in groups]
    ui.table([_(key.label), _("Clients")], rows, no_header=no_header)


def _print_groups(
    shown: _Columns, key: Key, groups: Sequence[Group], as_json: bool, no_header: bool
) -> None:
    if as_json:
        ui.json(
            [
                {
                    "group": shown.json_value(key, value),
                    "clients": [shown.json(view) for view in views],
                }
                for value, views in groups
            ]
        )
        return
    rows = [
        [shown.group(key, value), *shown.row(view)] for value, views in groups for view in views
    ]
    ui.table([_(key.label), *shown.header], rows, no_header=no_header)


class _Columns(NamedTuple):
    """What is shown of each client: the chosen keys, or what every list shows.

    A person reads values as they are written, a program as they are stored.
    """

    session: Session
    asked: Asked
    chosen: Sequence[Key]

    @property
    def header(self) -> list[str]:
        return [_(key.label) for key in self.chosen] or client_header()

    def row(self, view: View) -> list[str]:
        if not self.chosen:
            return list(self.session.line(self.asked.records[view])[:4])
        return [
            ", ".join(self.text(key, value) for value in key.values(view)) for key in self.chosen
        ]

    def group(self, key: Key, value: Value | None) -> str:
        return "—" if value is None else self.text(key, value)

    def text(self, key: Key, value: Value) -> str:
        from cardcli import query

        if not ui.terminal_output():
            return query.stored(key, value)
        if key.type is Type.PHONE:
            return contacts.show_phone(str(value), self.session.config.region)
        return query.shown(key, value, active(), self.session.config.currency)

    def json(self, view: View) -> dict[str, Any]:
        if not self.chosen:
            return clients.summary(view.card, self.asked.records[view].path)
        return {
            "id": view.card.id,
            **{key.name: self.json_values(key, view) for key in self.chosen},
        }

    def json_values(self, key: Key, view: View) -> Any:
        values = [self.json_value(key, value) for value in key.values(view)]
        return values if key.many else next(iter(values), None)

    def json_value(self, key: Key, value: Value | None) -> Any:
        from cardcli import query

        return query.as_json(key, value)
