"""Workbooks that Excel wrote before 2007 (xls): many programs still do."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from cardcli.exchange.delimited import Row
from cardcli.exchange.incoming import Options, Skipped, Told
from cardcli.exchange.spans import Merged, spread
from cardcli.exchange.tables import of_several, read_rows
from cardcli.exchange.workbook import NoWorkbooksError, no_such_sheet, text_of
from cardcli.language import _

_BEGINNING = b"\xd0\xcf\x11\xe0"


class OldWorkbook:
    """The codec of xls."""

    name = "xls"

    def recognises(self, data: bytes, name: str) -> bool:  # noqa: ARG002 - the content says all
        """Tell whether this is a compound file, as old documents of office programs are."""
        return data.startswith(_BEGINNING)

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the clients of all sheets. Raises :class:`NoWorkbooksError`."""
        try:
            import xlrd
        except ImportError:
            raise NoWorkbooksError from None
        try:
            # formatting_info: only so merged cells are told; the log would go to the terminal
            book = xlrd.open_workbook(
                file_contents=data, formatting_info=True, logfile=io.StringIO()
            )
            sheets = [each for each in book.sheets() if options.sheet in {"", each.name}]
        except Exception:  # noqa: BLE001 - xlrd raises whatever its parser stumbles over
            sentence = _(
                "the workbook is damaged, has a password, or is none; open it and save it as .xlsx or CSV"
            )
            yield Skipped(name, sentence)
            return
        if not sheets:
            yield no_such_sheet(name, options.sheet, book.sheet_names())
        alone = len(sheets) == 1
        places = [name if alone else f"{name}:{sheet.name}" for sheet in sheets]
        yield from of_several(
            (place, read_rows(_rows(sheet), place, options))
            for place, sheet in zip(places, sheets, strict=True)
        )


CODEC = OldWorkbook()


def _rows(sheet: Any) -> Iterator[Row]:
    cells = ([_text(cell, sheet.book.datemode) for cell in row] for row in sheet.get_rows())
    return spread(cells, _merged(sheet))


def _text(cell: Any, datemode: int) -> str:
    """Return what stands in a cell; a day that is none in Excel's calendar stays a number."""
    import xlrd

    if cell.ctype in {xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return ""
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return text_of(xlrd.xldate_as_datetime(cell.value, datemode))
        except (xlrd.XLDateError, OverflowError, ValueError):
            return text_of(cell.value)
    return text_of(bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value)


def _merged(sheet: Any) -> Merged:
    found: Merged = {}
    for first, end, place, _last in sheet.merged_cells:
        if end - first > 1:
            found.setdefault(first + 1, []).append((place, end))
    return found
