"""A card as a clean Markdown document: what was typed stays what is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cardcli.printing.blocks import Column, Note, Row, Score
from cardcli.printing.prose import Node

_SPECIAL = re.compile(
    r"[\\`*\[\]|]"
    r"|<(?=[A-Za-z/!?])|&(?=#?\w+;)"  # would begin HTML
    r"|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|(?<==)=|=(?==)|(?<=:):"
    r"|^>|^#(?=#{0,5}(?:\s|$))|^[+-](?=\s|$)|^[=-](?=[=-]*\s*$)|^\d{1,9}[.)](?=\s|$)",  # would begin a block
    re.MULTILINE,
)
_MARKS = {"strong": "**", "emphasis": "*"}


def line(text: str) -> str:
    """Return a plain text as Markdown that shows it as typed; line breaks are kept."""
    return _SPECIAL.sub(lambda match: f"{match[0][:-1]}\\{match[0][-1]}", text).replace(
        "\n", "<br>"
    )


def blocks(nodes: Iterable[Node], indent: str = "") -> str:
    """Return a text as Markdown blocks."""
    parts = []
    for node in nodes:
        if node.kind == "list":
            items = (
                blocks(item.children, indent + "  ").removeprefix(indent + "  ")
                for item in node.children
            )
            parts.append("\n".join(f"{indent}- {item}" for item in items))
        else:
            parts.append(
                indent + ("#### " if node.kind == "heading" else "") + _inline(node.children)
            )
    return ("\n" if indent else "\n\n").join(parts)


def _inline(nodes: Iterable[Node]) -> str:
    return "".join(
        line(node.text) if node.kind == "text"
        else "<br>" if node.kind == "break"
        else f"{_MARKS[node.kind]}{_inline(node.children)}{_MARKS[node.kind]}"
        for node in nodes
    )  # fmt: skip


def cell(value: str | Score) -> str:
    """Return the cell of a table."""
    return line(str(value))


def remarks(row: Row | Note) -> str:
    """Return the fields of an entry that have no column of their own, in one line."""
    return " · ".join(
        f"{line(fact.label)}: *{line(fact.value)}*" if fact.label else line(fact.value)
        for fact in row.remarks
    )


def note(row: Row) -> str:
    """Return all that is remarked on an entry, as one cell."""
    return "<br>".join(part for part in (remarks(row), *_flat(row.text)) if part)


def _flat(nodes: Iterable[Node], bullet: str = "") -> Iterable[str]:
    for node in nodes:
        if node.kind == "list":
            for item in node.children:
                yield from _flat(item.children, bullet + "– ")
        else:
            yield bullet + _inline(node.children)


def align(columns: Sequence[Column]) -> str:
    """Return the line below the head of a table."""
    return "|" + "|".join("---:" if column.role == "money" else "---" for column in columns) + "|"
