"""Links in the text of a card: Markdown links and images, and Obsidian's ``[[card#^entry]]``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from cardcli import codes, ids
from cardcli.card import Card
from cardcli.card.reading import fence_below
from cardcli.errors import Problem
from cardcli.language import _
from cardcli.tuples import NamedTuple

_MARKDOWN = re.compile(r"(?<!\\)\]\(\s*(?:<([^>\n]+)>|([^)\s]+))")
_WIKI = re.compile(r"(?<!\\)\[\[([^\[\]|#\n]*)(?:#([^\[\]|\n]*))?(?:\|[^\[\]\n]*)?\]\]")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"`[^`]*`|<!--.*?-->")
"""Code and comments within a line: what stands in them is no link."""
_CARD = re.compile(rf"(?:.*-)?({ids.PATTERN})")
_MARK = re.compile(rf"\^({ids.PATTERN})")


class Link(NamedTuple):
    """A link of a card: ``path`` is a file, ``card`` the id of a client, ``entry`` that of an entry.

    ``line`` counts from 1; what is not meant is "".
    """

    line: int
    written: str
    path: str = ""
    card: str = ""
    entry: str = ""


def links(card: Card) -> Iterator[Link]:
    """Yield what the text points to within the store; addresses of the world are left out."""
    if "](" not in card.text and "[[" not in card.text:
        return
    fence = ""
    for number, line in enumerate(card.lines, 1):
        inside, fence = fence, fence_below(line, fence)
        if not (inside or fence) and "[" in line:
            yield from _of_line(number, _NOT_SHOWN.sub("", line))


def _of_line(number: int, line: str) -> Iterator[Link]:
    for match in _MARKDOWN.finditer(line):
        written = match[1] or match[2]
        path = unquote(written).partition("#")[0]
        if path and not _ELSEWHERE.match(written):
            yield Link(number, written, path=path)
    for match in _WIKI.finditer(line):
        name, mark = match[1].strip(), _MARK.fullmatch((match[2] or "").strip())
        stem = posixpath.basename(name).removesuffix(".md")
        client = _CARD.fullmatch(stem)
        entry = mark[1] if mark else ""
        if client and (not name or posixpath.splitext(stem)[1] == ""):
            yield Link(number, match[0], card=client[1], entry=entry)
        elif not name and entry:
            yield Link(number, match[0], entry=entry)
        elif posixpath.splitext(stem)[1]:
            yield Link(number, match[0], path=name)


def broken(
    path: str, card: Card, exists: Callable[[str], bool], ids_of: Callable[[str], set[str] | None]
) -> Iterator[Problem]:
    """Yield the links of the card at *path* that lead nowhere.

    *exists* tells of a path in the store whether a file is there; *ids_of* returns the ids of the
    entries of a client, None for an id that is no client's.
    """
    for link in links(card):
        if not _leads(link, path, card, exists, ids_of):
            message = _("the link {link} leads nowhere").format(link=link.written)
            yield codes.problem(codes.LINK, link.line, message)


def _leads(
    link: Link,
    path: str,
    card: Card,
    exists: Callable[[str], bool],
    ids_of: Callable[[str], set[str] | None],
) -> bool:
    if link.path:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), link.path))
        return exists(beside) or exists(posixpath.normpath(link.path.lstrip("/")))
    known = {each.id for each in card.entries} if link.card in {"", card.id} else ids_of(link.card)
    return known is not None and (not link.entry or link.entry in known)
