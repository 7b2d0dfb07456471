"""What a file of another program tells of clients, before it is compared with any card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cardcli.kinds import Kinds


@dataclass(frozen=True, slots=True)
class IncomingEntry:
    """One visit, payment, note … of a client; values as typed, ``id`` only when the file has ours."""

    kind: str
    date: str
    title: str = ""
    time: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One client as some file tells it.

    ``values`` maps a key of the profile to (label, value as typed) pairs; ``family``, ``given`` and
    ``patronymic`` may stand there in place of ``name``. ``place`` says where it stands
    (``clients.csv:12``). ``unknown`` holds the columns and properties that have no place in a card,
    ``remarks`` sentences about what could not be read as it stood. ``text`` is a whole card, from a
    lossless format, ``files`` the files of that client by path. ``belongs`` marks a row that only tells something of a client who is there
    already (a visit in a list of visits): it never makes a new card unless the user wants that.
    ``exact`` says that cardcli itself wrote the values: «нет» is then a value, not the lack of one.
    """

    values: Mapping[str, list[tuple[str, str]]]
    place: str
    entries: tuple[IncomingEntry, ...] = ()
    id: str = ""
    number: str = ""
    unknown: Mapping[str, list[str]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    photo: bytes = b""
    text: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    belongs: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that cannot be taken, and why, as a sentence."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a person should know of a whole file: how it was understood, what it lacks."""

    place: str
    sentence: str


Told = Incoming | Skipped | Noted


@dataclass(frozen=True, slots=True)
class Options:
    """What reading depends on besides the file.

    ``columns`` maps the name of a column to a field, as the user wants it; ``encoding``,
    ``delimiter``, ``sheet`` and ``day_order`` (``dmy`` or ``mdy``) are "" where the file itself tells.
    ``services`` are the names in the catalogue of the store.
    """

    kinds: Kinds
    today: dt.date
    language: str = "en"
    region: str = "RU"
    currency: str = "RUB"
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    day_order: str = ""
    services: tuple[str, ...] = ()


class Codec(Protocol):
    """A format that clients come in. ``name`` is what the user calls it (``--format``).

    ``recognises`` looks at the content first and at the name of the file second. ``read`` never
    raises for bad content: what cannot be taken is :class:`Skipped` with its place.
    """

    name: str

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether *data*, the content of the file called *name*, is of this format."""
        ...

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield what the file tells; *name* is how places are called in reports."""
        ...
