"""An SQLite database out: the tables of :mod:`cardcli.exchange.relational` with keys and comments.

SQLite keeps the text of CREATE TABLE, so ``.schema`` shows the comments; programs find them in the
table ``columns_explained``. SQLite has no exact type for money: amounts with hundredths are sums of
doubles; ``round(sum(amount), 2)`` is exact up to 10 billion.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from cardcli.exchange.outgoing import Going, Parts, Settings
from cardcli.exchange.relational import Cell, Column, Layout, Table

_AT_ONCE = 5000
_INDEXED = frozenset({"client_id", "date", "channel", "refund_of"})
_VIEWS = """
CREATE VIEW client_totals AS -- what each client spent, less returns
  SELECT client_id, name, count(transaction_id) AS transactions,
         round(coalesce(sum(amount), 0), 2) AS total, max(date) AS last_date
  FROM clients LEFT JOIN transactions USING (client_id) GROUP BY client_id;
CREATE VIEW returns AS -- refunds with what was returned
  SELECT back.transaction_id, back.client_id, back.date, back.product AS reason_or_title, -back.amount AS returned,
         bought.product AS of_product, bought.date AS bought_on
  FROM transactions AS back LEFT JOIN transactions AS bought ON back.refund_of = bought.transaction_id
  WHERE back.kind = 'refund';
"""


def database(going: Going, settings: Settings) -> Parts:
    """Yield one SQLite file, all at once."""
    layout = Layout(settings.kinds)
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        base.executescript("".join(_created(each) for each in layout.tables))
        _explain(base, layout)
        inserts = {
            each.name: f"INSERT INTO {_quoted(each.name)} VALUES ({','.join('?' * len(each.columns))})"  # noqa: S608
            for each in layout.tables
        }
        waiting: defaultdict[str, list[tuple[str | int | float | None, ...]]] = defaultdict(list)
        for each in going:
            for table, row in layout.rows(each.card, settings):
                waiting[table].append(tuple(map(_stored, row)))
                if len(waiting[table]) >= _AT_ONCE:
                    base.executemany(inserts[table], waiting.pop(table))
        for table, rows in waiting.items():
            base.executemany(inserts[table], rows)
        base.commit()
        base.executescript("".join(_indexes(layout)) + _VIEWS)
        yield base.serialize()


def _created(table: Table) -> str:
    """Return the CREATE TABLE of a table, a comment on each line."""
    lines = []
    for number, column in enumerate(table.columns):
        last = table.keys == 1 and number == len(table.columns) - 1
        lines.append(f"  {_declared(column, key=table.keys == 1 and not number)}{'' if last else ','}{_comment(column.comment)}")  # fmt: skip
    if table.keys > 1:
        keys = ", ".join(_quoted(column.name) for column in table.columns[: table.keys])
        lines.append(f"  PRIMARY KEY ({keys})")
    return f"CREATE TABLE {_quoted(table.name)} ({_comment(table.comment)}\n" + "\n".join(lines) + "\n);\n"  # fmt: skip


def _declared(column: Column, *, key: bool) -> str:
    parts = [_quoted(column.name), column.storage.value]
    if key:
        parts.append("PRIMARY KEY")
    if column.required:
        parts.append("NOT NULL")
    if column.references:
        parts.append(f"REFERENCES {_quoted(column.references)}")
    return " ".join(parts)


def _comment(text: str) -> str:
    return " -- " + " ".join(text.split())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _indexes(layout: Layout) -> Iterator[str]:
    for table in layout.tables:
        for column in table.columns[1:]:
            if column.name in _INDEXED:
                name = _quoted(f"{table.name}_{column.name}")
                yield f"CREATE INDEX {name} ON {_quoted(table.name)}({_quoted(column.name)});\n"


def _explain(base: sqlite3.Connection, layout: Layout) -> None:
    base.execute(
        'CREATE TABLE columns_explained ("table" TEXT, "column" TEXT, "type" TEXT, "comment" TEXT, PRIMARY KEY ("table", "column"))'
    )
    base.executemany(
        "INSERT INTO columns_explained VALUES (?, ?, ?, ?)",
        [
            (table.name, column.name, column.storage.value, column.comment)
            for table in layout.tables
            for column in (Column("", table.comment), *table.columns)
        ],
    )


def _stored(cell: Cell) -> str | int | float | None:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell
