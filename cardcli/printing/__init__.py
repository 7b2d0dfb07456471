"""Printing: cards in, bytes out. PDF, HTML, plain text and Markdown from the same view of a card.

Nothing here reads or writes the store: photos come from a function, the result goes to the caller.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cardcli.card import Card
from cardcli.printing import drafts, formats, gathering, templates
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import Photos, View
from cardcli.printing.context import Portion
from cardcli.printing.gathering import Sources
from cardcli.printing.pictures import Reader
from cardcli.printing.printed import Printed
from cardcli.printing.settings import FORMATS, PAPERS, PrintSettings

__all__ = [
    "FORMATS", "PAPERS", "Gathered", "Portion", "PrintSettings", "Printed", "Reader", "Sources", "View", "formats",
    "gathered", "load", "photo_paths", "render", "render_gathered", "templates", "write",
]  # fmt: skip


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
    found = gathered(
        cards,
        output,
        settings,
        today,
        template=template,
        own_templates=own_templates,
        sources=sources,
    )
    return render_gathered(
        found,
        output,
        settings,
        photos=photos,
        template=template,
        own_templates=own_templates,
        picture=picture,
    )


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that stands on paper: the cards as templates see them, and an empty one to fill in.

    With a *portion* it is a part of a long list.
    """

    views: Sequence[View]
    blank: Blank | None = None
    portion: Portion | None = None


def gathered(
    cards: Sequence[Card],
    output: str,
    settings: PrintSettings,
    today: dt.date,
    *,
    template: str = "card",
    own_templates: Sequence[Path] = (),
    sources: Sources | None = None,
) -> Gathered:
    """Return what is printed of *cards*. Raises what :func:`render` says of wrong templates."""
    from cardcli.printing.view import build

    if output not in {"pdf", "html"}:
        return Gathered([build(card, settings, today) for card in cards])
    search = templates.folders(own_templates)
    templates.check_name(template, output, search)
    form = formats.checked(template, output, settings.paper, search)
    views = [build(card, settings, today, blocks=not form.order) for card in cards]
    return Gathered(*gathering.fill(cards, views, form, settings, search, sources or Sources()))


def load(output: str) -> None:
    """Load what printing needs, so that processes that begin as copies of this one have it."""
    for name in ("jinja2.sandbox", *(("typst", "qrcodegen") if output == "pdf" else ())):
        importlib.import_module(name)


def photo_paths(view: View) -> list[str]:
    """Return the paths of the photos of a view."""
    blocks = (block for block in view.blocks if isinstance(block, Photos))
    return [photo.path for block in blocks for photo in block.photos]


def render_gathered(
    found: Gathered,
    output: str,
    settings: PrintSettings,
    *,
    photos: Reader,
    template: str = "card",
    own_templates: Sequence[Path] = (),
    picture: bool = False,
) -> Printed:
    """Return what was gathered, printed as :func:`render` does."""
    search = templates.folders(own_templates)
    if output == "pdf":
        from cardcli.printing import pdf

        return pdf.render(
            found.views,
            template,
            settings,
            search,
            photos,
            found.blank,
            found.portion,
            picture=picture,
        )
    stream = io.BytesIO()
    warnings = write(
        found.views,
        output,
        settings,
        stream,
        io.BytesIO(),
        photos=photos,
        template=template,
        own_templates=own_templates,
        blank=found.blank,
    )
    return Printed(stream.getvalue(), warnings)


def write(
    views: Iterable[View],
    output: str,
    settings: PrintSettings,
    stream: BinaryIO,
    spool: BinaryIO,
    *,
    photos: Reader,
    template: str = "card",
    own_templates: Sequence[Path] = (),
    blank: Blank | None = None,
) -> tuple[str, ...]:
    """Write HTML, text or Markdown into *stream*, card by card, and return warnings as :func:`render` does.

    What has to wait goes into *spool*, a file that is empty: any number of cards takes no more memory.
    """
    search = templates.folders(own_templates)
    if output == "html":
        from cardcli.printing import html, pictures, spooling

        album = pictures.Pictures(photos, spooling.Files(spool))
        page = html.pieces(views, template, settings, search, album, spool, blank)
    else:
        from cardcli.printing import plain

        album = None
        page = drafts.in_text(plain.pieces(views, template, output, search), settings)
    stream.writelines(piece.encode() for piece in page)
    return tuple(album.warnings) if album else ()
