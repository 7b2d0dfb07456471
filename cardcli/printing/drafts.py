"""The mark on a draft: a sheet that is not in the print ledger says so itself, whatever its template."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cardcli.language import N_, translator
from cardcli.printing.settings import PrintSettings

_TYPST = """#set page(background: context rotate(-52deg, text(
  font: "Source Sans 3", size: calc.min(64pt, .153 * page.width, .168 * page.height), weight: 600,
  fill: luma(222), tracking: .12em, hyphenate: false, {word},
)))"""
_HTML = (
    '<div style="position:fixed;inset:0;z-index:-1;display:flex;align-items:center;'
    "justify-content:center;transform:rotate(-52deg);font:600 min(64pt,15vmin) sans-serif;"
    'letter-spacing:.12em;color:#dedede">{word}</div>'
)


def word(settings: PrintSettings) -> str:
    """Return what a draft is marked with, in the language of the paper."""
    return translator(settings.language).gettext(N_("draft")).upper()


def in_typst(settings: PrintSettings, refer: Callable[[str], str]) -> list[str]:
    """Return the lines of Typst that put the mark behind every page; none for what is no draft."""
    return [_TYPST.format(word=refer(word(settings)))] if settings.draft else []


def in_html(page: Iterator[str], settings: PrintSettings) -> Iterator[str]:
    """Yield a page of HTML with the mark, if it is a draft; the word has no character to escape."""
    if settings.draft:
        yield _begun(page, _HTML.format(word=word(settings)))
    yield from page


def _begun(page: Iterator[str], mark: str) -> str:
    """Return the page up to the beginning of what is shown, with the mark; all of it if that is not told."""
    head: list[str] = []
    for part in page:
        before, tag, after = part.partition("<body>")
        if tag:
            return "".join([*head, before, tag, "\n", mark, after])
        head.append(part)
    return "".join([mark, "\n", *head])


def in_text(text: Iterator[str], settings: PrintSettings) -> Iterator[str]:
    """Yield a text that begins with the mark, if it is a draft."""
    if settings.draft:
        yield f"{word(settings)}\n\n"
    yield from text
