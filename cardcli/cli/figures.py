"""The command that tells the whole base in figures: report."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import typer

from cardcli import reports
from cardcli.cli import options, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import Session, open_session
from cardcli.dates import show_date
from cardcli.fields import Type, plain, show_money, show_number
from cardcli.language import _, active
from cardcli.reports import Base, Column, Value

app = typer.Typer()


@app.command(
    "report",
    help=_("Tell the whole base in figures.")
    + "\n\n\b\n"
    + "\n".join(f"{name:<10} {_(tells)}" for name, (tells, _make) in reports.REPORTS.items()),
    epilog=_("Example: cardcli report months"),
)
def report(
    name: Annotated[str, typer.Argument(metavar=_("REPORT"), help=" · ".join(reports.REPORTS))],
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    _tells, make = reports.REPORTS[one_of(_("REPORT"), name, tuple(reports.REPORTS))]
    session = open_session(store)
    cards = [record.card for record in session.records()]
    found = make(Base(cards, session.rules, session.config.terms))
    if as_json:
        ui.json(
            [
                {column.key: _json(value) for column, value in zip(found.columns, row, strict=True)}
                for row in found.rows[:limit]
            ]
        )
        return
    ui.table(
        [_(column.label) for column in found.columns],
        [
            [
                _shown(session, column, value)
                for column, value in zip(found.columns, row, strict=True)
            ]
            for row in found.rows[:limit]
        ],
        no_header=no_header,
    )


def _json(value: Value) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _shown(session: Session, column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return show_date(value.isoformat(), active())
    if isinstance(value, Decimal) and column.type is Type.MONEY:
        return show_money(value, active(), session.config.currency)
    if isinstance(value, Decimal):
        return show_number(value, active())
    return str(value)
