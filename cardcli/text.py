"""One-line and multi-line text as it stands in a card: cleaning, escaping, slugs.

The escaping keeps a value out of reach of the three grammars that read a card besides ours:
CommonMark, Obsidian's block ids and Dataview's inline fields (``[key:: value]``).
"""

from __future__ import annotations

import re
import unicodedata

# the patterns are compiled when they are first needed: start-up time
_NEWLINES = "\r\n|[\r\v\f\x85\u2028\u2029]"
_CONTROLS = "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
_SPECIAL = (
    r"[\\\[\]*`<]"  # Markdown and field brackets
    r"|(?<=:):|(?<=%)%|(?<=~)~|(?<==)=|(?<=_)_"  # the second of a pair
    r"|(?:(?<=\s)|(?<![\s\S]))\^"  # what would begin a block id
)
_ESCAPED = r"""\\([!-/:-@\[-`{-~])|<br>"""
_TEXT_LINE = r"\\|#|(?:-+|=+)\s*$"


def clean_line(value: str) -> str:
    r"""Return *value* as a card can hold it on one line; line breaks stay, as ``\\n``.

    Control characters are dropped, a tab becomes a blank, and outer blanks go.
    """
    if value.isprintable():
        return value.strip()
    value = re.sub(_NEWLINES, "\n", value)
    return re.sub(_CONTROLS, "", value.replace("\t", " ")).strip()


def clean_text(value: str) -> str:
    """Return *value* as a card can hold it in continuation lines; tabs and indents stay."""
    lines = re.sub(_CONTROLS, "", re.sub(_NEWLINES, "\n", value)).split("\n")
    lines = [line if line.strip() else "" for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines)


def escape(value: str) -> str:
    """Write a cleaned one-line value so that :func:`unescape` gives it back."""
    return re.sub(_SPECIAL, r"\\\g<0>", value).replace("\n", "<br>")


def unescape(value: str) -> str:
    """Read what :func:`escape` wrote; a backslash before anything but punctuation stays."""
    if "\\" not in value and "<br>" not in value:
        return value
    return re.sub(_ESCAPED, lambda match: match[1] or "\n", value)


def escape_text_line(line: str) -> str:
    """Write one continuation line, so that Markdown sees no heading or rule in it."""
    return "\\" + line if re.match(_TEXT_LINE, line) else line


def unescape_text_line(line: str) -> str:
    """Read what :func:`escape_text_line` wrote."""
    return line[1:] if line.startswith("\\") and re.match(_TEXT_LINE, line[1:]) else line


_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    ),
) | {"і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u"}
_SLUG_LIMIT = 60


def slug(name: str) -> str:
    """Return the ASCII part of a file name for *name*: ``[a-z0-9-]``, at most 60 bytes.

    Cyrillic goes by everyday transliteration; a name with no letter we know gives ``client``.
    """
    latin = "".join(_LATIN.get(char, char) for char in name.lower())
    ascii_only = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return words[:_SLUG_LIMIT].strip("-") or "client"


def fold(value: str) -> str:
    """Return *value* for comparing: lower case, ё as е, accents joined, blanks single."""
    value = unicodedata.normalize("NFKC", value).casefold().replace("ё", "е")
    return " ".join(value.split())
