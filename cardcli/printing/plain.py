"""Plain text in 80 columns, and Markdown: formats without pictures."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cardcli.printing import columns, markdown, templates
from cardcli.printing.blocks import View
from cardcli.printing.templates import Ready

_BETWEEN = {"text": "\f", "md": "\n---\n\n"}
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " "})


def pieces(views: Iterable[View], name: str, output: str, search: Sequence[Path]) -> Iterator[str]:
    """Yield the cards one after another; a form feed parts them in text, a rule in Markdown."""
    environment = templates.environment(search, finalize=_finalize(_ESCAPES[output]))
    environment.filters |= {key: _ready(function) for key, function in _FILTERS[output].items()}
    template = templates.load(environment, name, output, search)
    for number, view in enumerate(views):
        printed = templates.written(template, {"view": view}).strip("\n") + "\n"
        yield ((_BETWEEN[output] if number else "") + printed).translate(_BLANKS)


def visible(text: str) -> str:
    """Return *text* without control characters: a hand-edited card could steer a terminal with them."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")


def _finalize(escape: Callable[[str], str]) -> Callable[[Any], Any]:
    return lambda value: (
        value if isinstance(value, Ready) else escape("" if value is None else str(value))
    )


def _ready(function: Callable[..., str]) -> Callable[..., Ready]:
    return lambda *arguments, **named: Ready(visible(function(*arguments, **named)))


_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "text": visible,
    "md": lambda text: markdown.line(visible(text)),
}
_FILTERS: Mapping[str, Mapping[str, Callable[..., str]]] = {
    "text": {
        "ends": columns.ends, "side_by_side": columns.side_by_side, "rule": columns.rule,
        "box": columns.box, "facts": columns.facts, "table": columns.table, "notes": columns.notes,
        "md": columns.prose, "wrap": columns.wrapped, "signatures": columns.signatures,
    },
    "md": {
        "md": markdown.blocks, "cell": markdown.cell, "note": markdown.note,
        "remarks": markdown.remarks, "align": markdown.align,
    },
}  # fmt: skip


def names() -> frozenset[str]:
    """Return the names of the filters for text and Markdown."""
    return frozenset(name for filters in _FILTERS.values() for name in filters)
