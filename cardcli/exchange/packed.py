"""Packed files in: a zip or gzip archive is what it holds, as if the files had been given one by one."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from cardcli.errors import CardcliError
from cardcli.exchange import registry
from cardcli.exchange.incoming import Noted, Options, Skipped, Told
from cardcli.language import _

_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype"})
"""Members by which the documents of office programs are told, which are archives as well."""
BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError)
"""What the library raises for an archive that is damaged, or of a kind it does not know."""
_MARKS = (b"xl/", b"[Content_Types]", b"opendocument")
_MOST_BYTES = 200_000_000
"""Unpacked size from which on an archive is taken for a bomb."""
_ENCRYPTED, _UTF8 = 0x1, 0x800
"""Bits of a member's flags (PKWARE APPNOTE, 4.4.4)."""


class Packed:
    """The codec of zip and gzip."""

    name = "archive"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether this is an archive, and no document of an office program."""
        if data.startswith(_GZIP):
            return True
        if not data.startswith(_ZIP):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _DOCUMENTS.isdisjoint(archive.namelist())
        except BROKEN:
            return not (name.lower().endswith(".xlsx") or any(mark in data for mark in _MARKS))

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield what the files in the archive tell; an archive within it is not opened."""
        yield from (
            _gzip(data, name, options) if data.startswith(_GZIP) else _zip(data, name, options)
        )


CODEC = Packed()


def _gzip(data: bytes, name: str, options: Options) -> Iterator[Told]:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        inside = unpacking.decompress(data, _MOST_BYTES)
    except zlib.error:
        yield Skipped(name, _("the archive is damaged"))
        return
    if unpacking.unconsumed_tail:
        yield Skipped(name, _("it is too large when it is unpacked"))
        return
    if not unpacking.eof:
        yield Noted(name, _("the archive is cut off; what could be unpacked was read"))
    yield from _file(inside, name.removesuffix(".gz"), options)


def _zip(data: bytes, name: str, options: Options) -> Iterator[Told]:
    left = _MOST_BYTES
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        yield Skipped(name, _("the archive is damaged"))
        return
    with archive:
        for member in archive.infolist():
            path = _path(member)
            if member.is_dir() or any(
                part.startswith((".", "__MACOSX")) for part in path.split("/")
            ):
                continue
            place = f"{name}/{path}"
            left -= member.file_size
            if left < 0:
                yield Skipped(place, _("it is too large when it is unpacked"))
                return
            if member.flag_bits & _ENCRYPTED:
                yield Skipped(place, _("it has a password; unpack it first"))
                continue
            try:
                inside = archive.read(member)
            except BROKEN:
                yield Skipped(place, _("the archive is damaged"))
                continue
            yield from _file(inside, place, options)


def _path(member: zipfile.ZipInfo) -> str:
    """Return the path of a member; Russian Windows writes it in the encoding of DOS."""
    if member.flag_bits & _UTF8 or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp866")
    except UnicodeError:
        return member.filename


def _file(data: bytes, name: str, options: Options) -> Iterator[Told]:
    try:
        codec = registry.recognise(data, name)
    except CardcliError as error:
        yield Skipped(name, str(error).removeprefix(f"{name}: "))
        return
    if codec is CODEC:
        yield Skipped(name, _("an archive within an archive; unpack it first"))
        return
    yield from codec.read(data, name, options)
