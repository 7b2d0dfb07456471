"""The formats that can come in, and which of them a file is of: its content says so, not its name."""

from __future__ import annotations

from importlib import import_module

from cardcli.errors import BadValueError, ExitCode
from cardcli.exchange.incoming import Codec
from cardcli.language import N_, _

_MODULES: dict[str, str] = {
    "archive": "packed",
    "html": "markup",
    "vcard": "vcard",
    "json": "json_reading",
    "ics": "calendar",
    "xlsx": "workbook",
    "xls": "old_workbook",
    "markdown": "notes",
    "csv": "tables",
}
"""Name of a format to its module here, in the order in which they are tried; CSV takes any text, so
it is the last. Each module has its codec as ``CODEC``."""

NAMES = tuple(_MODULES)
_WRAPPED = ("archive", "html")
"""Formats that begin as some do that cannot be read."""


_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", N_("a PDF; export a table (CSV or xlsx) instead")),
    (b"{\\rtf", N_("a text document (RTF); export a table (CSV or xlsx) instead")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"Rar!", N_("an archive; unpack it first")),
    (b"7z\xbc\xaf", N_("an archive; unpack it first")),
    (b"\x1f\x8b", N_("an archive; unpack it first")),
    (b"SQLite format 3", N_("a database; export a table (CSV or xlsx) instead")),
    (b"<", N_("a web page or XML; open it in a spreadsheet and save it as .xlsx or CSV")),
)
"""How files begin that people take for a list of clients, and what to do with each."""
_ZIP = b"PK\x03\x04"


class RefusedError(BadValueError):
    """The file is of a format that cannot be read; the sentence says what it is and what to do."""

    code = ExitCode.BAD_DATA

    def __init__(self, place: str, what: str) -> None:
        super().__init__(_("{place}: this is {what}").format(place=place, what=what))


class UnknownFormatError(BadValueError):
    """No codec understands the file, or none has that name."""

    code = ExitCode.BAD_DATA

    def __init__(self, place: str) -> None:
        sentence = _("{place}: this is no format that can be imported; there are: {names}")
        super().__init__(sentence.format(place=place, names=", ".join(NAMES)))


def codec(name: str) -> Codec:
    """Return the codec called *name*. Raises :class:`UnknownFormatError`."""
    if name not in _MODULES:
        raise UnknownFormatError(name)
    found: Codec = import_module(f"cardcli.exchange.{_MODULES[name]}").CODEC
    return found


def recognise(data: bytes, name: str) -> Codec:
    """Return the codec for the content of the file called *name*.

    Raises :class:`RefusedError` and :class:`UnknownFormatError`.
    """
    beginning = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    refused = next((what for magic, what in _REFUSED if beginning.startswith(magic)), "")
    for each in _WRAPPED if refused else NAMES:
        found = codec(each)
        if found.recognises(data, name):
            return found
    if refused:
        raise RefusedError(name, _(refused))
    if beginning.startswith(_ZIP) and b"opendocument.spreadsheet" in data[:512]:
        raise RefusedError(name, _("a LibreOffice table (.ods); save it as .xlsx or CSV"))
    if beginning.startswith(_ZIP):
        raise RefusedError(name, _("an archive; unpack it first"))
    raise UnknownFormatError(name)
