"""The formats that can come in, and which of them a file is of: its content says so, not its name."""

from __future__ import annotations

from importlib import import_module

from cardcli.errors import BadValueError
from cardcli.exchange.incoming import Codec
from cardcli.language import _

_MODULES: dict[str, str] = {
    "vcard": "vcard",
    "json": "json_reading",
    "ics": "calendar",
    "markdown": "notes",
    "csv": "tables",
}
"""Name of a format to its module here, in the order in which they are tried; CSV takes any text, so
it is the last. Each module has its codec as ``CODEC``."""

NAMES = tuple(_MODULES)


class UnknownFormatError(BadValueError):
    """No codec understands the file, or none has that name."""

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
    """Return the codec for the content of the file called *name*. Raises :class:`UnknownFormatError`."""
    for each in NAMES:
        found = codec(each)
        if found.recognises(data, name):
            return found
    raise UnknownFormatError(name)
