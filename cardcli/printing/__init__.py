"""Printing: cards in, bytes out. PDF, HTML, plain text and Markdown from the same view of a card.

Nothing here reads or writes the store: photos come from a function, the result goes to the caller.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardcli.card import Card
from cardcli.printing import templates
from cardcli.printing.blocks import Photos, View
from cardcli.printing.pictures import Reader
from cardcli.printing.settings import FORMATS, PAPERS, PrintSettings

__all__ = [
    "FORMATS", "PAPERS", "PrintSettings", "Printed", "Reader", "View", "load", "photo_paths", "render", "render_views",
    "templates", "views_of",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed, and sentences about what could not be printed as it stands in the card.

    ``pages`` are those of each document in a PDF, in order.
    """

    content: bytes
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()


def render(
    cards: Sequence[Card],
    output: str,
    settings: PrintSettings,
    today: dt.date,
    *,
    photos: Reader,
    template: str = "card",
    own_templates: Sequence[Path] = (),
) -> Printed:
    """Return *cards* printed in a format (``pdf``, ``html``, ``text`` or ``md``).

    ``photos`` gives the bytes of a picture by the path in the card, or None. ``own_templates`` are
    folders searched before the built-in one. Raises UnknownTemplateError, TemplateError, and for
    PDF TooManyCardsError.
    """
    return render_views(
        views_of(cards, settings, today),
        output,
        settings,
        photos=photos,
        template=template,
        own_templates=own_templates,
    )


def views_of(cards: Iterable[Card], settings: PrintSettings, today: dt.date) -> list[View]:
    """Return *cards* as templates see them."""
    from cardcli.printing.view import build

    return [build(card, settings, today) for card in cards]


def load(output: str) -> None:
    """Load what printing needs, so that processes that begin as copies of this one have it."""
    for name in ("jinja2.sandbox", *(("typst", "qrcodegen") if output == "pdf" else ())):
        importlib.import_module(name)


def photo_paths(view: View) -> list[str]:
    """Return the paths of the photos of a view."""
    blocks = (block for block in view.blocks if isinstance(block, Photos))
    return [photo.path for block in blocks for photo in block.photos]


def render_views(
    views: Sequence[View],
    output: str,
    settings: PrintSettings,
    *,
    photos: Reader,
    template: str = "card",
    own_templates: Sequence[Path] = (),
) -> Printed:
    """Return *views* printed as :func:`render` does."""
    search = templates.folders(own_templates)
    pages: Sequence[int] = ()
    if output == "pdf":
        from cardcli.printing import pdf

        content, warnings, pages = pdf.render(views, template, settings, search, photos)
    elif output == "html":
        from cardcli.printing import html

        content, warnings = html.render(views, template, settings, search, photos)
    else:
        from cardcli.printing import plain

        content, warnings = plain.render(views, template, output, search), []
    return Printed(content, tuple(warnings), tuple(pages))
