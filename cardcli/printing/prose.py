"""Free text of a card as a small tree that every format draws in its own way.

Of Markdown paper knows paragraphs, lists with dashes, **bold** and *italic* with stars at word boundaries,
headings in the user's own prose, and pictures, which are printed apart. All else stands as it was
typed: a note may say ``5*2``, ``---``, ``<b>``, ``1.`` or ``[x:: y]`` and mean just that. A line
break that was typed is kept.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

Kind = Literal["paragraph", "heading", "list", "item", "text", "break", "strong", "emphasis"]
_MARKUP = re.compile(r"\*|^[ \t]*-[ \t]|^#", re.MULTILINE)
_LITERAL = re.compile(
    r"\\\*?|_"
    r"|(?<=\w)\*+(?=\w)"  # a times sign
    r"|^(?:[ \t]|-[ \t])*(?:[*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)|-(?=[ \t]*$))",  # no list with dashes
    re.MULTILINE,
)
_MARK = re.compile(r"[\\*_+.)]|-(?=[ \t]*$)")
_KINDS: dict[str, Kind] = {
    "paragraph": "paragraph", "heading": "heading", "bullet_list": "list", "list_item": "item",
    "strong": "strong", "em": "emphasis",
}  # fmt: skip
_PICTURE = re.compile(
    r"!\[([^\]\n]*)\]\(\s*<?([^)>\s]+)>?[^)\n]*\)|!\[\[([^\]|\n]+)(?:\|([^\]\n]*))?\]\]"
)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a text: ``text`` for kind ``text``, children for the others."""

    kind: Kind
    text: str = ""
    children: tuple[Node, ...] = ()

    @property
    def length(self) -> int:
        """Return the number of characters below this node."""
        return len(self.text) + sum(child.length for child in self.children)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a text shows."""

    path: str
    caption: str


def parse(text: str, *, headings: bool = False) -> tuple[Node, ...]:
    """Return *text* as blocks: paragraphs, lists and, if asked for, headings."""
    text = _PICTURE.sub("", text).expandtabs(4).strip("\n")
    if not _MARKUP.search(text):
        return tuple(_plain(text))
    from markdown_it.tree import SyntaxTreeNode

    literal = _LITERAL.sub(lambda match: _MARK.sub(r"\\\g<0>", match[0]), text)
    tree = SyntaxTreeNode(_parser(headings=headings).parse(literal))
    return tuple(_nodes(tree.children))


def pictures(text: str) -> list[Picture]:
    """Return the pictures of a text, written as Markdown or as Obsidian embeds them."""
    return [
        Picture(match[2] or match[3], match[1] or match[4] or "")
        for match in _PICTURE.finditer(text)
    ]


def plain(nodes: Iterable[Node]) -> str:
    """Return the bare characters of *nodes*."""
    return "".join(
        node.text if node.kind == "text" else "\n" if node.kind == "break" else plain(node.children)
        for node in nodes
    )


def _plain(text: str) -> Iterator[Node]:
    """Read a text without any markup; saves loading the parser for most cards."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Node("paragraph", children=tuple(_lines(paragraph.strip())))


def _lines(text: str) -> Iterator[Node]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Node("break")
        yield Node("text", line.strip())


@functools.cache
def _parser(*, headings: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    rules = ["list", "emphasis", "escape", "newline"]
    return MarkdownIt("zero").enable(["heading", *rules] if headings else rules)


def _nodes(found: Iterable[SyntaxTreeNode]) -> Iterator[Node]:
    for node in found:
        if node.type == "inline":
            yield from _nodes(node.children)
        elif node.type in {"text", "text_special"}:
            if node.content:
                yield Node("text", node.content)
        elif node.type in {"softbreak", "hardbreak"}:
            yield Node("break")
        else:
            yield Node(_KINDS[node.type], children=tuple(_nodes(node.children)))
