"""Printing: cards in, bytes out. PDF, HTML, plain text and Markdown from the same view of a card.

Nothing here reads or writes the store: photos come from a function, the result goes to the caller.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cardcli.archive.content import LOG
from cardcli.card import Card
from cardcli.printing import drafts, templates
from cardcli.printing.pictures import Reader
from cardcli.printing.settings import FORMATS, PAPERS, PrintSettings

__all__ = [
    "FORMATS",
    "PAPERS",
    "PrintSettings",
    "Printed",
    "Reader",
    "pages",
    "render",
    "templates",
]


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed, and sentences about what could not be printed as it stands in the card."""

    content: bytes
    warnings: tuple[str, ...] = ()


_PAGES = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count (\d+)")


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF of ours has, 0 when it does not say."""
    match = _PAGES.search(pdf)
    return int(match[1]) if match else 0


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
    if template == LOG and output == "pdf":
        from cardcli.printing import visitlog

        content, warnings = visitlog.whole(cards, settings, today, own_templates)
        return Printed(content, tuple(warnings))
    from cardcli.printing.view import build

    views = [build(card, settings, today) for card in cards]
    search = templates.folders(own_templates)
    if output == "pdf":
        from cardcli.printing import pdf

        content, warnings = pdf.render(views, template, settings, search, photos)
    elif output == "html":
        from cardcli.printing import html

        content, warnings = html.render(views, template, settings, search, photos)
    else:
        from cardcli.printing import plain

        content, warnings = plain.render(views, template, output, search), []
        content = drafts.in_text(content.decode(), settings).encode()
    return Printed(content, tuple(warnings))
