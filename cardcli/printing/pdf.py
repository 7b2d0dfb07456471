"""PDF through Typst: no system packages, no network, the same bytes for the same card.

PDF/A-2b, for an archive; its date is the day the cards were last brought up to date. Tags for
screen readers are left out: these pages are made for a printer, and tags doubled time and size.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardcli import dates
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.printing import formats, looks, pictures, staging, templates, typography, typst_source
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import View
from cardcli.printing.context import Portion
from cardcli.printing.glyphs import Boxes, covered, located
from cardcli.printing.printed import Printed
from cardcli.printing.settings import PrintSettings

if TYPE_CHECKING:
    import typst

MOST_CARDS = 50
"""Cards in one compilation: 50 take 440 MB, 1,000 took 8.8 GB."""
_PDF: dict[str, Any] = {"format": "pdf", "pdf_standards": ["a-2b"], "pdf_tags": False}
_PPI = 150
"""Of a picture of the first page: enough to read the smallest print on a screen."""
_MAIN = "~document.typ"
_PLACE = re.compile(r"┌─ (?:.*[/\\])?([^/\\]+?):(\d+):\d+")
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class UnprintableError(CardcliError):
    """No font can draw a text, though each of its characters is in one."""

    code = ExitCode.BAD_DATA

    def __init__(self, text: str) -> None:
        super().__init__(_("no font can print “{text}”").format(text=text))
        self.text = text


class TooManyCardsError(BadValueError):
    """More cards than one PDF can hold in reasonable memory."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _("{count} cards are too many for one PDF; print at most {most} at a time").format(
                count=count, most=MOST_CARDS
            ),
        )


def render(
    views: Sequence[View],
    name: str,
    settings: PrintSettings,
    search: Sequence[Path],
    read: pictures.Reader,
    blank: Blank | None = None,
    portion: Portion | None = None,
    *,
    picture: bool = False,
) -> Printed:
    """Return one PDF with all cards, warnings, and the number of pages of each document in it.

    A *portion* is part of a long list, a *picture* is a PNG of the first page.

    Raises :class:`TooManyCardsError`, and TemplateError with the file and line of a wrong template.
    """
    if len(views) > MOST_CARDS and formats.of(name, "pdf", search).clients == "each":
        raise TooManyCardsError(len(views))
    album = pictures.Pictures(read)
    ready = [album.fill(view) for view in views]
    fonts = staging.fonts(search)
    if settings.theme.text_font or settings.theme.heading_font:
        looks.check_fonts(settings.theme, _fonts(_folders(fonts)).families())
    boxes = Boxes(covered(fonts))
    with staging.folder(search, album.files) as stage:
        for layout in sorted(stage.glob("*.typ")):
            if line := typst_source.line_reaching_out(layout.read_text("utf-8")):
                raise typst_source.packages_refused(layout.name, line)
        while True:
            document = typst_source.write(
                ready, name, settings, search, _printed(boxes), blank, portion
            )
            try:
                made = _compiled(document, stage, fonts, _moment(views, portion), picture=picture)
                break
            except UnprintableError as error:
                if not (fewer := boxes.without(error.text)):
                    raise
                boxes = fewer
    return made._replace(warnings=(*album.warnings, *_boxed(boxes, ready), *made.warnings))


def _printed(boxes: Boxes) -> Callable[[str], str]:
    return lambda text: boxes.fill(typography.polish(text))


def ask(
    views: Sequence[View],
    name: str,
    settings: PrintSettings,
    search: Sequence[Path],
    selector: str,
) -> list[Any]:
    """Return what a document says about itself in ``metadata``, in order; nothing is printed.

    Raises what :func:`render` raises.
    """
    fonts = staging.fonts(search)
    boxes = Boxes(covered(fonts))
    document = typst_source.write(
        views, name, settings, search, lambda text: boxes.fill(typography.polish(text))
    )
    with staging.folder(search, {}) as stage:
        compiler = _compiler(document, stage, fonts)
        try:
            return list(json.loads(compiler.query(selector, field="value")))
        except RuntimeError:  # a query does not say where it failed; a compilation does
            _compiled(document, stage, fonts, _moment(views))
            raise


def _boxed(boxes: Boxes, views: Sequence[View]) -> list[str]:
    """One sentence for each field that has characters no font can print."""
    return [
        _("{card}, {field}: no font has {characters}; a box is printed instead").format(
            card=view.number or view.id,
            field=field,
            characters=" ".join(f"{char} (U+{ord(char):04X})" for char in missing),
        )
        for view in views
        for field, missing in located(boxes.missing, view).items()
    ]


def _moment(views: Sequence[View], portion: Portion | None = None) -> dt.datetime:
    """Return the newest day of the cards: a date that changes only when a card does."""
    days = [portion.newest] if portion else [view.updated_on for view in views]
    newest = dates.from_iso(max(days, default="")) or dt.date(2000, 1, 1)
    return dt.datetime(newest.year, newest.month, newest.day, tzinfo=dt.UTC)


def _folders(fonts: Sequence[Path]) -> tuple[Path, ...]:
    return tuple(sorted({file.parent for file in fonts}))


@functools.cache
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Fonts are loaded once per run; those of the computer are left out, so pages look alike everywhere."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(each) for each in folders],
    )


def _compiled(
    document: typst_source.Document,
    stage: Path,
    fonts: tuple[Path, ...],
    moment: dt.datetime,
    *,
    picture: bool = False,
) -> Printed:
    import typst

    compiler = _compiler(document, stage, fonts)
    try:
        content, warnings = compiler.compile_with_warnings(
            **({"format": "png", "ppi": _PPI} if picture else _PDF | {"timestamp": moment})
        )
    except typst.TypstError as error:
        raise _explained(error, document) from None
    assert content  # noqa: S101 - a document has at least one page
    first = content if isinstance(content, bytes) else content[0]  # one picture a page
    last_pages = json.loads(compiler.query(f"<{typst_source.LAST_PAGES}>", field="value"))
    pages = [last - before for before, last in itertools.pairwise([0, *last_pages])]
    said = json.loads(compiler.query(f"<{typst_source.PORTION}>", field="value"))
    return Printed(
        first,
        tuple(str(_explained(warning, document)) for warning in warnings),
        tuple(pages),
        tuple(said[0]["marks"]) if said else (),
        said[0]["last"] if said else 0,
    )


def _compiler(
    document: typst_source.Document, stage: Path, fonts: tuple[Path, ...]
) -> typst.Compiler:
    import typst

    return typst.Compiler(
        input=str(staging.add(stage, _MAIN, document.text)),
        root=str(stage),
        font_paths=_fonts(_folders(fonts)),
        sys_inputs={"V": document.values, **document.numbers},
        package_path=str(stage),
        package_cache_path=str(stage),
    )


def _explained(
    problem: typst.TypstError | typst.TypstWarning, document: typst_source.Document
) -> CardcliError:
    if match := _NO_GLYPH.search(problem.message):
        return UnprintableError(match[1])
    hints = (
        hint for hint in problem.hints if "--" not in hint
    )  # not about options of another program
    reason = ". ".join([problem.message, *hints])
    places = [(match[1], int(match[2])) for match in _PLACE.finditer(problem.diagnostic)]
    if not places:
        return templates.TemplateError("typst", 0, reason)
    file, line = places[0]
    return templates.TemplateError(
        *(document.locate(line) if file == _MAIN else (file, line)), reason
    )
