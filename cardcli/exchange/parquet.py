"""Parquet out: a folder with one file for each table of :mod:`cardcli.exchange.relational`.

Money is exact (decimal), days are dates; the comments of the columns travel as metadata of the fields.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from cardcli.errors import CardcliError, ExitCode
from cardcli.exchange.outgoing import Files, Going, Settings
from cardcli.exchange.relational import Cell, Layout, Storage, Table
from cardcli.language import _


class NoPyarrowError(CardcliError):
    """The library for Parquet is not installed."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self) -> None:
        super().__init__(_("Parquet needs a library: pip install 'cardcli[parquet]'"))


def folder(going: Going, settings: Settings) -> Files:
    """Yield a file for each table, also for an empty one. Raises :class:`NoPyarrowError`."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise NoPyarrowError from None
    layout = Layout(settings.kinds)
    rows: defaultdict[str, list[tuple[Cell, ...]]] = defaultdict(list)
    for each in going:
        for name, row in layout.rows(each.card, settings):
            rows[name].append(row)
    for table in layout.tables:
        schema = _schema(pa, table)
        columns = list(zip(*rows.pop(table.name, []), strict=True)) or [()] * len(table.columns)
        arrays = [
            pa.array([_stored(cell, column.storage) for cell in cells], field.type)
            for cells, column, field in zip(columns, table.columns, schema, strict=True)
        ]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd")
        yield f"{table.name}.parquet", sink.getvalue().to_pybytes()


def _schema(pa: Any, table: Table) -> Any:
    types = {
        Storage.TEXT: pa.string(),
        Storage.INTEGER: pa.int64(),
        Storage.MONEY: pa.decimal128(15, 2),
        Storage.NUMBER: pa.float64(),
        Storage.DATE: pa.date32(),
    }
    return pa.schema(
        [
            pa.field(
                column.name,
                types[column.storage],
                nullable=not column.required,
                metadata={"comment": column.comment},
            )
            for column in table.columns
        ],
        metadata={"comment": table.comment},
    )


def _stored(cell: Cell, storage: Storage) -> Any:
    if storage is Storage.NUMBER and isinstance(cell, Decimal | int):
        return float(cell)
    return cell
