"""Printing: cards in, bytes out. PDF, HTML, plain text and Markdown from the same view of a card.

Nothing here reads or writes the store: photos come from a function, the result goes to the caller.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cardcli.card import Card
from cardcli.printing import drafts, formats, gathering, templates
from cardcli.printing.gathering import Sources
from cardcli.printing.pictures import Reader
from cardcli.printing.settings import FORMATS, PAPERS, PrintSettings

__all__ = [
    "FORMATS", "PAPERS", "PrintSettings", "Printed", "Reader", "Sources", "formats", "pages", "render", "templates",
]  # fmt: skip


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
    sources: Sources | None = None,
    picture: bool = False,
) -> Printed:
    """Return *cards* printed in a format (``pdf``, ``html``, ``text`` or ``md``).

    ``photos`` gives the bytes of a picture by the path in the card, or None. ``own_templates`` are
    folders searched before the built-in one; ``sources`` give what some templates need besides the
    cards; ``picture`` makes a PNG of the first page of a PDF. Raises UnknownTemplateError,
    TemplateError, WrongPaperError, BadThemeError, NoConsentTextError, and for PDF TooManyCardsError.
    """
    from cardcli.printing.view import build

    views = [build(card, settings, today) for card in cards]
    search = templates.folders(own_templates)
    if output not in {"pdf", "html"}:
        from cardcli.printing import plain

        text = plain.render(views, template, output, search).decode()
        return Printed(drafts.in_text(text, settings).encode())
    templates.check_name(template, output, search)
    form = formats.checked(template, output, settings.paper, search)
    views, blank = gathering.fill(cards, views, form, settings, search, sources or Sources())
    if output == "pdf":
        from cardcli.printing import pdf

        content, warnings = pdf.render(
            views, template, settings, search, photos, blank, picture=picture
        )
    else:
        from cardcli.printing import html

        content, warnings = html.render(views, template, settings, search, photos, blank)
    return Printed(content, tuple(warnings))
