"""Bytes to text, whatever program of whatever year wrote them."""

from __future__ import annotations

import codecs
import contextlib
import functools
import re

from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.tuples import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_RUSSIAN = ("cp1251", "cp866", "koi8-r", "mac_cyrillic")
_WESTERN = "cp1252"
_SAMPLE = 65536
_LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъ"
"""Russian letters, the commonest first."""
_WORTH = {letter: 1.2 - place / 13 for place, letter in enumerate(_LETTERS)}
_SMALL = re.compile("[а-яё]")
_HIGH, _RUN = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff]{2,}")
_CASE = re.compile(r"[а-яё][А-ЯЁ]")
_PAIRS = tuple(
    (wrong, re.compile(f"[{lead}][{bytes(range(0x80, 0xC0)).decode(wrong, 'ignore')}\x80-\x9f]"))
    for wrong, lead in ((_WESTERN, "ÐÑ"), ("cp1251", "РС"))
)
"""How Russian letters of UTF-8 look that were read in an 8-bit encoding."""
_SURELY = 2
_CUT = re.compile(rb"(?<=\xd0)(?![\x80-\xbf])")
"""«И» of UTF-8 when cp1251 has had it: that encoding has no letter for its second byte, 0x98."""
_STRANGE, _LETTER = re.compile("[À-ÿ]"), re.compile(r"[^\W\d_]")
_MOSTLY = 0.6
"""The share of letters with accents that no language has: Russian that was read as Western."""
_CYRILLIC = re.compile(r"[А-яЁё]")
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f─-╿▀-▟⌠⌡©®°±№²·÷√≈≤≥\u0400\u0402-\u040f\u0450\u0452-\u045f]"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


class Decoded(NamedTuple):
    """The text of a file, the encoding it was in, and lines (from 1) that were in another one."""

    text: str
    encoding: str
    odd_lines: tuple[int, ...] = ()


class UnknownEncodingError(BadValueError):
    """There is no encoding of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("there is no encoding “{name}”").format(name=name))


def decode(data: bytes, encoding: str = "") -> Decoded:
    """Return the text of *data*; what the file does not say of its *encoding* is told by its letters.

    Raises :class:`UnknownEncodingError`.
    """
    if encoding:
        try:
            return Decoded(data.decode(encoding, "replace").removeprefix("\ufeff"), encoding)
        except (LookupError, UnicodeError):
            raise UnknownEncodingError(encoding) from None
    for mark, name in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            return (
                _with_odd_lines(rest)
                if name == "utf-8"
                else Decoded(rest.decode(name, "replace"), name)
            )
    if name := _wide(data):
        return Decoded(data.decode(name, "replace"), name)
    return _with_odd_lines(data)


def _wide(data: bytes) -> str:
    """Return the name of a 16-bit encoding without a mark, or "": every other byte is then alike."""
    sample = data[:_SAMPLE].rstrip(b"\0")  # a file may end in noughts that nothing was written over
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        latin = sum(high.count(bytes([byte])) for byte in (0, 4))
        if high and latin > 0.9 * len(high) and b"\0" in high:
            return name
    return ""


def _with_odd_lines(data: bytes) -> Decoded:
    """Decode UTF-8, line by line where some are not; or what is no UTF-8 at all."""
    try:
        return _mended(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        cut = data[: error.start] if error.reason == "unexpected end of data" else None
    if cut is not None and not cut.isascii():  # the file ends within a letter
        return _mended(cut.decode("utf-8"))
    lines = data.split(b"\n")
    wrong = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    right = sum(1 for line in lines if not line.isascii()) - len(wrong)
    single = _single(b"\n".join(lines[number] for number in wrong)[: _SAMPLE // 4])
    if not right:
        return Decoded(data.decode(single, "replace"), single)
    other = set(wrong)
    text = "\n".join(
        line.decode(single if number in other else "utf-8", "replace")
        for number, line in enumerate(lines)
    )
    return Decoded(text, "utf-8", tuple(number + 1 for number in wrong))


def _mended(text: str) -> Decoded:
    """Undo that a program read a Russian text in a wrong encoding before it wrote it down as UTF-8."""
    if text.isascii():
        return Decoded(text, "utf-8")
    if found := _read_once(text):
        return found
    strange = len(_STRANGE.findall(text))
    if strange and strange > _MOSTLY * len(_LETTER.findall(text)):
        with contextlib.suppress(UnicodeError):
            return Decoded(text.encode(_WESTERN).decode("cp1251"), f"cp1251 ({_WESTERN})")
    return Decoded(text, "utf-8")


def _read_once(text: str) -> Decoded | None:
    """Return a text without lines of UTF-8 that were read as 8-bit letters, None if it has none."""
    for wrong, pair in _PAIRS:
        if pair.search(text):
            lines = text.split("\n")
            read = [_line_read_once(line, wrong, pair) for line in lines]
            if read != lines:
                return Decoded("\n".join(read), f"utf-8 ({wrong})")
    return None


def _line_read_once(line: str, wrong: str, pair: re.Pattern[str]) -> str:
    """Undo the reading of one line where all its letters make UTF-8: no words do so by accident."""
    if len(pair.findall(line)) < _SURELY:
        return line
    try:
        data = b"".join(_bytes_of(char, wrong) for char in line)
        return _CUT.sub(b"\x98", data).decode("utf-8")
    except UnicodeError:
        return line


def _bytes_of(char: str, encoding: str) -> bytes:
    """Return what a letter was before; the bytes that an encoding has no letter for stay as they are."""
    try:
        return char.encode(encoding)
    except UnicodeEncodeError:
        return char.encode("latin-1")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@functools.lru_cache(maxsize=4)  # a file is looked at before it is read
def _single(sample: bytes) -> str:
    """Return the 8-bit encoding in which these bytes look most like words."""
    runs = sum(map(len, _RUN.findall(sample)))
    if 2 * runs < len(_HIGH.findall(sample)):  # Russian words are runs of such bytes
        return _WESTERN
    worth = {name: _likeness(sample.decode(name, "replace")) for name in _RUSSIAN}
    worth["mac_cyrillic"] *= 0.8  # seldom, and like cp1251 but for great letters
    return max(worth, key=lambda name: worth[name])


def _likeness(text: str) -> float:
    """Return how much a text looks like Russian: common letters, small ones after great ones."""
    cyrillic = _CYRILLIC.findall(text)
    common = sum(_WORTH.get(char, 0.0) for char in text.lower())
    swapped = len(_CASE.findall(text))
    odd = len(_ODD.findall(text)) + text.count("\ufffd")
    small = len(_SMALL.findall(text))
    return len(cyrillic) + common + 0.05 * small - 3 * swapped - 4 * odd


def without_controls(text: str) -> str:
    """Return *text* without characters that no file of text should hold, or that nobody sees.

    Telephones put marks for the direction of writing around the numbers they copy.
    """
    return _CONTROLS.sub("", text)
