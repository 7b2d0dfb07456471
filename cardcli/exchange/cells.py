"""What one cell of a table holds: several phones, a number that a spreadsheet damaged, a formula."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

from cardcli.search.people import LEGAL
from cardcli.tuples import NamedTuple

_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?[eEеЕ]\+?(\d{1,2})")
_FLOAT = re.compile(r"(\+?\d{7,15})[.,]0+")
_QUOTED_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_ESCAPED = re.compile(r"'+(?=[=+\-@\t\r0-9])")
_APART = re.compile(
    r"\s*(?:[;\n|]|:::|,(?!\s*(?:доб|ext|вн)))\s*|\s+(?:/|и|and|или|or)\s+|/(?=\s*[+\d(]{1}[\d\s()+-]{6})"
)
_NUMBER = re.compile(
    r"\+?\(?\d[\d\s().\-\u2010-\u2015\u00a0]{3,}\d(?:[,\s]*(?:доб|ext|вн|x|#)\.?\s*\d+)?",
    re.IGNORECASE,
)
_ADDRESS_OF_NUMBER = re.compile(
    r"(?:https?://\S*?[/=]|tel:)(?=\+?\d{10})|\(tel:\S*\)", re.IGNORECASE
)
"""What makes a link of a number: ``https://wa.me/7900…``, ``tel:+7900…``."""
_EMAIL = re.compile(r"[^\s,;<>()\"]+@[^\s,;<>()\"]+")
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|br|hr|div|span|font|strong|em|ul|ol|li|table|tr|td|h[1-6])(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|lt|gt|#\d{2,5});")
_LINK = re.compile(
    r"<a\s[^<>]*?href=[\"']?([^\s\"'<>]+)[^<>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL
)
_LINE_END = re.compile(r"\s*(?:<br\s*/?>|</(?:p|div|li|tr|h[1-6])>)\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_CHILD_OF = re.compile(r"\b(?:Оглы|Кызы|Кизи|Угли|Уулу|Улы)\b")
_OF_A_PERSON = frozenset({"ип", "чп"})
"""Legal forms of a business whose owner is the client."""
_LETTER = re.compile(r"[^\W\d_]")
_LABEL_MARKS = " \t\n:;,.()[]-–—*/"
_TWO_NUMBERS = re.compile(r"(?<=\d)\s+(?=(?:\+7|\+\d|8\s?\(?9)\d?)")
_LONGEST_LABEL = 30
_SEVERAL = 2
_FEWEST_DIGITS = 5
"""Digits of a phone number; words with fewer only say something of one."""
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_BELOW_ZERO = re.compile(r"[-−–]\s*(\d.*)|\(\s*(\d[^)]*)\)|(\d.*\d)\s*[-−–]")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::\d\d)?")
_HOURS = re.compile(
    r"(?:(\d{1,2})\s*(?:ч|час|часа|h|hr|hrs|hour|hours)\.?)?\s*(?:(\d{1,3})\s*(?:м|мин|минут|m|min|mins)\.?)?"
)


class Found(NamedTuple):
    """A value of a cell with its label."""

    label: str
    value: str


def bare(cell: str) -> str:
    """Return a cell without what spreadsheets put around a text: ``'…`` and ``="…"``."""
    text = cell.strip()
    if text[:1] not in {"=", "'"}:
        return text
    if match := _QUOTED_FORMULA.fullmatch(text):
        return match[1].replace('""', '"').strip()
    return text[1:] if _ESCAPED.match(text) else text


def phones(cell: str) -> list[Found]:
    """Return the phones of a cell; words beside a number are its label."""
    text = without_markup(bare(cell))
    text = _ADDRESS_OF_NUMBER.sub("", text) if ":" in text else text
    if _SCIENTIFIC.fullmatch(text):
        return [_phone(text)]
    parts = (
        one
        for part in _APART.split(text)
        for two in _TWO_NUMBERS.split(part)
        for one in _by_number(two)
    )
    return _with_words_joined([_phone(one.strip()) for one in parts if one.strip(_LABEL_MARKS)])


def _by_number(text: str) -> list[str]:
    """Return the parts of a text with several numbers among words: each has its own words.

    They stand behind the numbers where the text begins with one, before them where it does not.
    """
    if not _LETTER.search(text):
        return [text]
    numbers = [found for found in _NUMBER.finditer(text) if looks_like_phone(found[0])]
    if len(numbers) < _SEVERAL:
        return [text]
    if not _LETTER.search(text[: numbers[0].start()]):
        cuts = [found.start() for found in numbers[1:]]
    else:
        cuts = [found.end() for found in numbers[:-1]]
    return [text[first:last] for first, last in pairwise([0, *cuts, len(text)])]


def _phone(text: str) -> Found:
    if match := _SCIENTIFIC.fullmatch(text):
        whole = match[1] + (match[2] or "")
        if len(whole) == int(match[3]) + 1:
            return Found("", whole)
        return Found("", text)
    if match := _FLOAT.fullmatch(text):
        return Found("", match[1])
    if not _LETTER.search(text):
        return Found("", text)
    match = _NUMBER.search(text)
    if not match:
        return Found("", text)
    label = (text[: match.start()] + " " + text[match.end() :]).strip(_LABEL_MARKS)
    return Found(" ".join(label.split())[:_LONGEST_LABEL], match[0].strip())


def is_damaged_number(text: str) -> bool:
    """Tell whether a spreadsheet has written a long number as ``7,9E+10``: most digits are gone."""
    return _SCIENTIFIC.fullmatch(text.strip()) is not None


def _with_words_joined(found: list[Found]) -> list[Found]:
    """Make words that stand between two numbers the label of the one before them."""
    joined: list[Found] = []
    for each in found:
        words = sum(char.isdigit() for char in each.value) < _FEWEST_DIGITS and any(
            char.isalpha() for char in each.value
        )
        if words and joined and not joined[-1].label:
            joined[-1] = joined[-1]._replace(label=each.value.strip(_LABEL_MARKS)[:_LONGEST_LABEL])
        else:
            joined.append(each)
    return joined


def emails(cell: str) -> list[Found]:
    """Return the e-mail addresses of a cell; one that holds none is given back as it is."""
    text = bare(cell)
    found = [Found("", match.removeprefix("mailto:").strip(".:")) for match in _EMAIL.findall(text)]
    return found or ([Found("", text)] if text else [])


def looks_like_phone(text: str) -> bool:
    """Tell whether a text can hardly be anything but a phone number."""
    text = bare(text)
    digits = sum(char.isdigit() for char in text)
    if not 10 <= digits <= 15 or _LETTER.search(text) or "@" in text:
        return False
    return text.lstrip("(")[:1] in "+789" and not re.search(r"\d[.,]\d{1,2}$|:", text)


def phone_within(text: str) -> str:
    """Return a phone number that stands among words, or ""."""
    found = (match[0].strip() for match in _NUMBER.finditer(text))
    return (
        next((each for each in found if looks_like_phone(each)), "") if _LETTER.search(text) else ""
    )


def looks_like_email(text: str) -> bool:
    """Tell whether a text is an e-mail address."""
    return _EMAIL.fullmatch(text.strip()) is not None and "." in text.rpartition("@")[2]


def is_in_capitals(text: str) -> bool:
    """Tell whether a name is written in capitals throughout, and not only its initials."""
    return text == text.upper() and _TWO_LETTERS.search(text) is not None


def without_capitals(name: str) -> str:
    """Return a name in capitals as names are written; one of a company stays: nobody knows its case."""
    if names_company(name):
        return name
    usual = _LETTERS.sub(lambda match: match[0].capitalize(), name)
    return _CHILD_OF.sub(lambda match: match[0].lower(), usual)


def without_markup(text: str) -> str:
    """Return a text without the marks of HTML that programs for the browser keep in their notes."""
    if not (("<" in text and _TAG.search(text)) or ("&" in text and _ENTITY.search(text))):
        return text
    linked = _LINK.sub(r"\2 (\1)", text)
    lines = _TAG.sub("", _LINE_END.sub("\n", linked))
    return unescape(lines).replace("\u00a0", " ").strip()


def names_company(name: str) -> bool:
    """Tell whether a name has the legal form of a company in it: «ООО "Лён"»."""
    words = _LETTERS.findall(name.lower())
    return len(words) > 1 and bool({words[0], words[-1]} & LEGAL - _OF_A_PERSON)


def amount(text: str) -> str:
    """Return an amount of money without the commas that English programs put between thousands."""
    return text.replace(",", "") if _THOUSANDS.fullmatch(text.strip(" $€£₽")) else text


def refunded(text: str) -> str:
    """Return the amount that was given back, "" for one that was taken: ``-500``, ``(500)``, ``500-``."""
    value = text.strip()
    if match := _BELOW_ZERO.fullmatch(value):
        return "".join(filter(None, match.groups())).strip()
    return ""


def minutes(text: str) -> str:
    """Return a length of time as a number of minutes: ``1:30``, ``1 ч 30 мин``, ``90 min``."""
    value = text.strip().lower()
    if match := _CLOCK.fullmatch(value):
        return str(int(match[1]) * 60 + int(match[2]))
    match = _HOURS.fullmatch(value)
    if match and (match[1] or match[2]):
        return str(int(match[1] or 0) * 60 + int(match[2] or 0))
    return text
