"""HTML for the screen and for printing from a browser: one file, nothing asked from outside.

Photos are embedded. Fonts are not (they would add 1.8 MB to every card): the page names ours first
and then those that look alike on each system.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cardcli.printing import (
    context,
    drafts,
    formats,
    looks,
    pictures,
    qr,
    spooling,
    templates,
    typography,
)
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import View
from cardcli.printing.prose import Node
from cardcli.printing.settings import PrintSettings

if TYPE_CHECKING:
    from markupsafe import Markup

_TAGS = {
    "paragraph": "p",
    "heading": "h3",
    "list": "ul",
    "item": "li",
    "strong": "strong",
    "emphasis": "em",
}
_PLAIN_IN_CSS = frozenset(" .,·-№")


def pieces(
    views: Iterable[View],
    name: str,
    settings: PrintSettings,
    search: Sequence[Path],
    album: pictures.Pictures,
    spool: BinaryIO,
    blank: Blank | None = None,
) -> Iterator[str]:
    """Yield one page with all cards, each beginning a new sheet; the *album* has the warnings then.

    The cards wait in *spool*: a page names all of them in its head and shows them below.
    """
    form = formats.checked(name, "html", settings.paper, search)
    shown = looks.of(settings, search)
    filled = spooling.Views(spool)
    for view in views:
        filled.put(album.fill(view))
    ready = context.repeated(filled, form, settings.copies)
    if shown.logo:
        album.files[shown.logo] = looks.logo(shown.logo, search)
    template = templates.load(_environment(search, album.files), name, "html", search)
    names = context.names(ready, settings, shown, "", blank)
    yield from drafts.in_html(templates.pieces(template, names, len(ready)), settings)


def _environment(search: Sequence[Path], files: Mapping[str, bytes]) -> Any:
    from markupsafe import Markup

    environment = templates.environment(search, autoescape=True, finalize=_polished)
    environment.filters |= context.FILTERS | {
        "md": markdown,
        "css": css_string,
        "qr": lambda text: Markup(qr.svg(str(text))),  # noqa: S704 - our own drawing
        "src": lambda file: _data(file, files[file]),
    }
    return environment


def _data(name: str, content: bytes) -> str:
    """Return a picture as the address that holds it."""
    kind = {"svg": "svg+xml", "png": "png"}.get(name.lower().rpartition(".")[2], "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _polished(value: Any) -> Any:
    """Plain strings get their typography; what is HTML already, and addresses of pictures, do not."""
    if isinstance(value, str) and not hasattr(value, "__html__") and not value.startswith("data:"):
        return typography.polish(value)
    return "" if value is None else value


def markdown(nodes: Iterable[Node]) -> Markup:
    """Return a text as HTML; every character of it is escaped."""
    from markupsafe import Markup, escape

    parts = []
    for node in nodes:
        if node.kind == "text":
            parts.append(escape(typography.polish(node.text)))
        elif node.kind == "break":
            parts.append(Markup("<br>"))
        else:
            tag = _TAGS[node.kind]
            parts.append(Markup(f"<{tag}>{{}}</{tag}>").format(markdown(node.children)))  # noqa: S704 - tags are ours
    return Markup("").join(parts)


def css_string(text: str) -> Markup:
    """Return a CSS string: escaping for HTML does not protect text inside ``<style>``."""
    from markupsafe import Markup

    quoted = "".join(
        char if char.isalnum() or char in _PLAIN_IN_CSS else f"\\{ord(char):06x} "
        for char in str(text)
    )
    return Markup(f'"{quoted}"')  # noqa: S704 - every character that could end the string is escaped
