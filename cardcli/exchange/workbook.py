"""Workbooks of Excel (xlsx): each sheet is a table."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from cardcli.errors import CardcliError, ExitCode
from cardcli.exchange.decoding import without_controls
from cardcli.exchange.delimited import Row
from cardcli.exchange.incoming import Noted, Options, Skipped, Told
from cardcli.exchange.packed import BROKEN
from cardcli.exchange.spans import Merged, spread
from cardcli.exchange.tables import of_several, read_rows
from cardcli.language import _, ngettext

_BEGINNING = b"PK\x03\x04"
_SHEETS = "xl/worksheets/"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]+)(\d+):[A-Z]+(\d+)\"")
_FORMULA = re.compile(rb"<f[ >/]")
_NAMED = 5
_MOST_COLUMNS = 500
_MOST_BYTES = 1_000_000_000
"""Unpacked size from which on a workbook is taken for a bomb."""


class NoWorkbooksError(CardcliError):
    """The library for workbooks is not installed."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self) -> None:
        super().__init__(
            _("Reading xlsx needs a part that is not installed: pip install 'cardcli[xlsx]'")
        )


class _Workbook:
    """The codec of xlsx."""

    name = "xlsx"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether this is a zip archive with a workbook in it."""
        if not data.startswith(_BEGINNING):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return "xl/workbook.xml" in archive.namelist()
        except BROKEN:
            # cut in the middle: it can at least be named
            return b"xl/" in data or name.lower().endswith(".xlsx")

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the clients of all sheets. Raises :class:`NoWorkbooksError`."""
        try:
            import openpyxl
        except ImportError:
            raise NoWorkbooksError from None
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                size = sum(each.file_size for each in archive.infolist())
            if size > _MOST_BYTES:
                yield Skipped(name, _("the workbook is too large to be a list of clients"))
                return
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers raise
            yield Skipped(
                name, _("the workbook is damaged; open it in a spreadsheet and save it again")
            )
            return
        sheets = [sheet for sheet in book.worksheets if options.sheet in {"", sheet.title}]
        if not sheets:
            yield no_such_sheet(name, options.sheet, book.sheetnames)
        yield from _uncounted(data, name, sheets)
        alone = len(sheets) == 1
        yield from of_several(
            (
                f"{name}:{sheet.title}",
                _sheet(sheet, name, options, _merged(data, sheet), alone=alone),
            )
            for sheet in sheets
        )


CODEC = _Workbook()


def no_such_sheet(name: str, wanted: str, titles: Sequence[str]) -> Skipped:
    """Return that a workbook has no sheet of the name that is wanted."""
    sentence = _("there is no sheet “{name}”; there are: {names}")
    return Skipped(name, sentence.format(name=wanted, names=", ".join(titles)))


def _uncounted(data: bytes, name: str, sheets: Sequence[Any]) -> Iterator[Noted]:
    """Tell of formulas that have no result in the file: a program wrote it, not a spreadsheet."""
    import openpyxl
    from openpyxl.utils import get_column_letter

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [each for each in archive.namelist() if each.startswith(_SHEETS)]
            if not any(_FORMULA.search(archive.read(each)) for each in inside):
                return
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        for sheet in sheets:
            written = formulas[sheet.title]
            written.reset_dimensions()
            sheet.reset_dimensions()
            found = [
                f"{get_column_letter(column)}{row}"
                for row, (said, shown) in enumerate(
                    zip(_cells(written), _cells(sheet), strict=False), 1
                )
                for column, (one, two) in enumerate(zip(said, shown, strict=False), 1)
                if two is None and isinstance(one, str) and one.startswith("=")
            ]
            if found:
                sentence = ngettext(
                    "{count} formula has no result in the file and is left out ({cells}); open the workbook in a spreadsheet and save it",
                    "{count} formulas have no result in the file and are left out ({cells}); open the workbook in a spreadsheet and save it",
                    len(found),
                )
                cells = ", ".join(found[:_NAMED]) + (" …" if len(found) > _NAMED else "")
                place = name if len(sheets) == 1 else f"{name}:{sheet.title}"
                yield Noted(place, sentence.format(count=len(found), cells=cells))
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers raise; the sheet itself tells
        return


def _cells(sheet: Any) -> Iterator[Sequence[Any]]:
    rows: Iterator[Sequence[Any]] = sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS)
    return rows


def _merged(data: bytes, sheet: Any) -> Merged:
    """Return the cells that go over several rows; openpyxl does not tell them of a book it only reads."""
    from openpyxl.utils import column_index_from_string

    found: Merged = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = archive.read(sheet._worksheet_path)  # noqa: SLF001 - no other name for it
    except (*BROKEN, AttributeError, KeyError):
        return found
    for column, first, last in _MERGED.findall(text):
        if int(last) > int(first):
            place = column_index_from_string(column.decode()) - 1
            found.setdefault(int(first), []).append((place, int(last)))
    return found


def _sheet(
    sheet: Any, name: str, options: Options, merged: Merged, *, alone: bool
) -> Iterator[Told]:
    place = name if alone else f"{name}:{sheet.title}"
    try:
        yield from read_rows(_rows(sheet, merged), place, options)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its parsers raise
        yield Skipped(
            place, _("the workbook is damaged; open it in a spreadsheet and save it again")
        )


def _rows(sheet: Any, merged: Merged) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a program writes there is often wrong
    return spread(([text_of(value) for value in values] for values in _cells(sheet)), merged)


def text_of(value: Any) -> str:
    """Return what stands in a cell as a person would have typed it: dates in ISO form, no exponents."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        clock = "" if value.time() == dt.time() else f" {value:%H:%M}"
        return f"{value:%Y-%m-%d}{clock}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, dt.timedelta):
        return str(int(value.total_seconds() // 60))
    if isinstance(value, float):
        return format(Decimal(str(value)), "f").removesuffix(".0") if value == value else ""  # noqa: PLR0124
    return without_controls(str(value))
