"""vCards of every age and state, as properties: the repair in front of the library.

vobject reads the grammar of one clean line (RFC 2426, RFC 6350) and the values in it. What it cannot
cope with is put right here first: folded lines of three kinds, also within a letter; quoted-printable
and Base64 of vCard 2.1; encodings; lines of a text that nobody folded; cards that do not end.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import functools
import quopri
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardcli.exchange import decoding
from cardcli.exchange.incoming import LONGEST
from cardcli.language import _
from cardcli.tuples import NamedTuple

_BREAK = re.compile(rb"\r\n|\n|\r")
_INDENT = re.compile(rb"\s*?([ \t]+)BEGIN:VCARD", re.IGNORECASE)
_HEAD = re.compile(rb"\s*(?:[\w-]+\.)?([\w-]+)\s*(;[^:]*)?:", re.IGNORECASE)
_QUOTED = re.compile(rb";\s*(?:ENCODING\s*=\s*)?\"?QUOTED-PRINTABLE\b", re.IGNORECASE)
_BASE64 = re.compile(rb";\s*(?:ENCODING\s*=\s*)?\"?(?:BASE64|B)\"?\s*(?:;|$)", re.IGNORECASE)
_NEXT = re.compile(rb"(?:END:VCARD|(?:N|FN|TEL|EMAIL|ADR|ORG|TITLE|NOTE|URL|BDAY|REV|PHOTO)[;:])")
_BASE64_PART = re.compile(rb"[ \t]*[A-Za-z0-9+/=]*[ \t]*")
_CODED = re.compile(r"(?:=[0-9A-F]{2}){3}")
"""Quoted-printable, said or not: some phones leave it out."""
_PARAMETER = re.compile(r'("[^"]*")|\s*([;:=,])\s*')
_CUSTOM = re.compile(r"X-CUSTOM\((?:[^()]*,)?([^(),]*)\)", re.IGNORECASE)
_BARE = re.compile(r"(?:[\w-]+\.)?[\w-]+")
_ESCAPES = re.compile(r"\\(?![;:,\\nN])")
_TYPES_OF_ENCODING = {"quoted-printable", "base64", "b", "8bit", "7bit"}
_BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_STRUCTURED = frozenset({"N", "ADR", "ORG", "CATEGORIES"})


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a card; ``value`` is still escaped as in vCard 3.0, or Base64 text.

    ``types`` are in small letters; ``line`` counts from 1.
    """

    name: str
    value: str
    line: int
    group: str = ""
    types: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def _closed(self) -> str:
        """Return the value without a backslash that escapes nothing at its end."""
        stripped = self.value.rstrip("\\")
        odd = (len(self.value) - len(stripped)) % 2
        return self.value + "\\" * odd

    @property
    def text(self) -> str:
        """Return the value as one text."""
        return "".join(self._texts("\0")).strip()

    @property
    def items(self) -> list[str]:
        """Return the values of a list."""
        return [text.strip() for text in self._texts(",") if text.strip()]

    def _texts(self, separator: str) -> list[str]:
        if "\\" not in self.value:  # nothing is escaped
            return self.value.split(separator)
        from vobject.icalendar import stringToTextValues

        found: list[str] = stringToTextValues(self._closed, listSeparator=separator)
        return found

    def fields(self, joint: str = " ") -> list[str]:
        """Return the parts of a structured value; several texts in one part are joined."""
        from vobject.vcard import splitFields

        plain = "\\" not in self.value and "," not in self.value
        found = self.value.split(";") if plain else splitFields(self._closed)
        return [
            joint.join(text.strip() for text in ([part] if isinstance(part, str) else part)).strip()
            for part in found
        ]

    @property
    def bytes(self) -> bytes:
        """Return what a Base64 value holds, b"" when it is none."""
        text = re.sub(r"\s+", "", self.value.rpartition("base64,")[2])
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError):
            return b""


@dataclass(slots=True)
class Found:
    """One card as it stands in a file; ``line`` is where it begins, ``remarks`` what was mended."""

    line: int
    properties: list[Property] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    version: str = ""


class _Line(NamedTuple):
    """A whole line of a property with the number of its first part."""

    number: int
    data: bytes


def cards(data: bytes, encoding: str = "") -> Iterator[Found]:
    """Yield the cards in a file, damaged ones too; nothing is raised for what a file holds."""
    lines = list(_unfolded(_eight_bit(data, encoding)))
    text = decoding.decode(b"\n".join(line.data for line in lines), encoding).text
    found: Found | None = None
    inside = 0
    for line, content in _contents(lines, text):
        head = content.strip().upper().replace(" ", "")
        if head == "BEGIN:VCARD":
            if found is not None and _agent(found):
                inside += 1
                continue
            if found is not None:
                found.remarks.append(_("END:VCARD is missing; it is taken to end there"))
                yield found
            found, inside = Found(line.number), 0
        elif head == "END:VCARD" and inside:
            inside -= 1
        elif head == "END:VCARD":
            if found is not None:
                yield found
            found = None
        elif not inside and content.strip():
            found = _with_line(found, line.number, content)
    if found is not None:
        found.remarks.append(_("END:VCARD is missing; the file may be cut off"))
        yield found


def _with_line(found: Found | None, number: int, content: str) -> Found | None:
    """Return a card with one more line; what stands outside of any is told as one without its beginning."""
    if found is None and not any(map(str.isalnum, content)):
        return None
    whole = found or Found(number, remarks=[_("BEGIN:VCARD is missing; it is taken to begin here")])
    _take(whole, number, content)
    return whole


def _contents(lines: Sequence[_Line], text: str) -> Iterator[tuple[_Line, str]]:
    """Yield the lines as text; where two files were put together without a line break, there is one."""
    for line, read in zip(lines, text.split("\n"), strict=True):
        content = read.removeprefix("\ufeff")
        end, begin = content[:9], content[9:].strip()
        if end.upper() == "END:VCARD" and begin.upper() == "BEGIN:VCARD":
            yield line, end
            yield line, begin
        else:
            yield line, content


def _agent(found: Found) -> bool:
    """Tell whether a card that begins now is one inside another (AGENT of vCard 2.1)."""
    return bool(found.properties) and found.properties[-1].name == "AGENT"


def _eight_bit(data: bytes, encoding: str) -> bytes:
    """Return a file of 16- or 32-bit letters in UTF-8, any other as it is."""
    if encoding:
        return decoding.decode(data, encoding).text.encode()
    if b"\0" in data[:1000]:
        return decoding.decode(data).text.encode()
    return data


def _unfolded(data: bytes) -> Iterator[_Line]:
    """Yield the lines of properties, put together from their parts byte by byte."""
    parts = _BREAK.split(data.removeprefix(codecs.BOM_UTF8))
    if indent := _INDENT.match(data):
        parts = [part.removeprefix(indent[1]) for part in parts]
    number = 0
    while number < len(parts):
        first, number = number, number + 1
        line = [parts[first]]
        head = _HEAD.match(parts[first])
        parameters = (head[2] or b"") if head else b""
        if _QUOTED.search(parameters):
            number = _soft_breaks(parts, number, line)
        elif _BASE64.search(parameters):
            number = _base64_parts(parts, number, line)
        while head and number < len(parts) and _goes_on(parts[number]):
            line.append(parts[number][1:] if parts[number][:1] in b" \t" else parts[number])
            number += 1
        yield _Line(first + 1, b"".join(line))


def _soft_breaks(parts: Sequence[bytes], number: int, line: list[bytes]) -> int:
    """Take the parts of a quoted-printable value: all but the last end with an equals sign."""
    while line[-1].rstrip(b" \t").endswith(b"=") and number < len(parts):
        if _NEXT.match(parts[number]):
            break
        line[-1] = line[-1].rstrip(b" \t")[:-1]
        line.append(parts[number])
        number += 1
    return number


def _base64_parts(parts: Sequence[bytes], number: int, line: list[bytes]) -> int:
    """Take the lines of a Base64 value, folded or not; it ends at an empty line or a property."""
    while number < len(parts) and parts[number].strip() and _BASE64_PART.fullmatch(parts[number]):
        line.append(parts[number].strip())
        number += 1
    return number


def _goes_on(part: bytes) -> bool:
    """Tell whether a line continues the one before: it is folded, or begins as no property can."""
    return part[:1] in {b" ", b"\t"} or (part[:1] == b"=" and len(part) > 2)


def _take(found: Found, number: int, content: str) -> None:
    """Add the property of a line to a card; a line that is none continues the text before it."""
    made = _property(number, content, old=found.version == "2.1")
    if made is None:
        last = found.properties[-1] if found.properties else None
        if last is not None and last.name in {"NOTE", "ADR", "LABEL", "ORG", "TITLE"}:
            joined = last.value + "\\n" + _escaped(content.strip(), structured=False)
            found.properties[-1] = Property(
                last.name, joined, last.line, last.group, last.types, last.parameters
            )
        else:
            told = content.strip()[:60]
            found.remarks.append(
                _("line {line} is no property of a vCard: “{text}”").format(line=number, text=told)
            )
    elif len(made.value) > LONGEST and made.name not in _BINARY:
        sentence = _("{name} in line {line} is too long for a text; it is left out")
        found.remarks.append(sentence.format(name=made.name, line=number))
    elif made.name == "VERSION":
        found.version = made.value.strip()
    else:
        found.properties.append(made)


def _property(number: int, content: str, *, old: bool = False) -> Property | None:
    """Read one line, *old* for vCard 2.1, or return None for what is none."""
    head, value = _split(content)
    if not head:
        return None
    name, group, parameters = _head(head)
    types: list[str] = []
    named: dict[str, str] = {}
    for key, *values in parameters:
        if key.upper() == "TYPE":
            types += [part for text in values for part in text.split(",")]
        elif values:
            named[key.upper()] = ",".join(values)
        elif custom := _CUSTOM.fullmatch(key):  # Android's word for a label of one's own
            named["X-LABEL"] = _unquoted(custom[1], "")
        else:
            types.append(key)
    types = [kind for each in types if (kind := each.strip(' "'))]
    if own := next((kind[2:] for kind in types if kind[:2].upper() == "X-"), ""):
        named.setdefault("X-LABEL", own)
    types = [kind.lower() for kind in types]
    encoding = named.pop("ENCODING", "") or next(iter(_TYPES_OF_ENCODING & set(types)), "")
    if encoding.upper() == "QUOTED-PRINTABLE" or (old and _CODED.search(value)):
        plain = _unquoted(value, named.get("CHARSET", ""))
        value = _escaped(plain, structured=name.upper() in _STRUCTURED)
    return Property(
        name.upper(),
        value,
        number,
        group.lower(),
        tuple(each for each in types if each not in _TYPES_OF_ENCODING),
        named,
    )


@functools.lru_cache(maxsize=512)
def _head(head: str) -> tuple[str, str, list[list[str]]]:
    """Return name, group and parameters of a property; the library does not know letters but Latin."""
    from vobject.base import ParseError, parseLine

    try:
        name, parameters, _none, group = parseLine(f"{head}:")
    except ParseError:
        named, *pieces = head.split(";")
        group, _dot, name = named.rpartition(".")
        parameters = [
            [piece] if _CUSTOM.fullmatch(piece) else piece.split("=", 1) for piece in pieces
        ]
    return name, group or "", parameters


def _split(content: str) -> tuple[str, str]:
    """Return what stands before the colon of a line, put right, and what stands behind it."""
    head, colon, value = content.partition(":")
    while head.count('"') % 2 and ":" in value:
        more, _colon, value = value.partition(":")
        head += f":{more}"
    if head.count('"') % 2:  # a quote that never ends
        head, colon, value = content.replace('"', "").partition(":")
    head = _PARAMETER.sub(lambda found: found[1] or found[2], head).strip(" ;")
    good = colon and _BARE.fullmatch(head.partition(";")[0])
    return (head, value) if good else ("", "")


def _unquoted(value: str, charset: str) -> str:
    """Decode quoted-printable; the letters tell the encoding where what is said of it is wrong."""
    data = quopri.decodestring(value.encode())
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoding.decode(data).text


def _escaped(text: str, *, structured: bool) -> str:
    """Write a decoded value as vCard 3.0 does; a structured one keeps its semicolons."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ESCAPES.sub(r"\\\\", text)
    text = re.sub(r"(?<!\\),", r"\\,", text)
    if not structured:
        text = re.sub(r"(?<!\\);", r"\\;", text)
    return text.replace("\n", "\\n")
