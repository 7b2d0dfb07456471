"""Several PDFs of one run as one: pages in order, what they share kept once, still PDF/A-2b.

The first file gives the metadata and the colour profile that PDF/A asks for (ISO 19005-2); the
others are made with the same settings and say the same. The same files give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf

_PAGE_COUNT = re.compile(rb"<xmpTPg:NPages>\d+</xmpTPg:NPages>")
_SHARED = {"/Font", "/XObject", "/ColorSpace"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Pages of a file that belong together: from which (counted from 0), how many, for whom.

    One that *follows* goes on where the one before ends.
    """

    file: Path
    first: int
    count: int
    title: str
    follows: bool = False


def join(pieces: Sequence[Piece], stream: BinaryIO, *, duplex: bool = False) -> int:
    """Write the pages of all pieces to *stream*, with a bookmark each, and return how many there are.

    With *duplex* every piece that follows none begins on the front of a sheet: an empty page is added
    where needed.
    """
    import pikepdf

    with ExitStack() as opened:
        files = {
            path: opened.enter_context(pikepdf.open(path))
            for path in dict.fromkeys(piece.file for piece in pieces)
        }
        whole = opened.enter_context(pikepdf.open(pieces[0].file))
        del whole.pages[:]
        starts = []
        for piece in pieces:
            if duplex and not piece.follows:
                _fill_sheet(whole)
            starts.append(len(whole.pages))
            pages = files[piece.file].pages[piece.first : piece.first + piece.count]
            whole.pages.extend(pages)
        if duplex:
            _fill_sheet(whole)
        _bookmark(whole, [piece.title for piece in pieces], starts)
        _count_pages(whole)
        _share(whole)
        whole.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return len(whole.pages)


def _fill_sheet(whole: Pdf) -> None:
    """Add an empty page if the last one is the front of a sheet."""
    if len(whole.pages) % 2:
        whole.add_blank_page(page_size=_size(whole.pages[-1]))


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _bookmark(whole: Pdf, titles: Sequence[str], starts: Sequence[int]) -> None:
    """Give every client a bookmark instead of those of the first file."""
    import pikepdf

    if "/Outlines" in whole.Root:
        del whole.Root.Outlines
    with whole.open_outline() as outline:
        outline.root.extend(
            pikepdf.OutlineItem(title, start)
            for title, start in zip(titles, starts, strict=True)
            if title
        )


def _count_pages(whole: Pdf) -> None:
    """Correct the number of pages in the metadata; all else in it is true of the whole."""
    metadata = whole.Root.Metadata
    count = b"<xmpTPg:NPages>%d</xmpTPg:NPages>" % len(whole.pages)
    metadata.write(_PAGE_COUNT.sub(count, metadata.read_bytes()))


def _share(whole: Pdf) -> None:
    """Keep fonts, photos and drawings that are alike once: each file brought its own."""
    digests: dict[tuple[int, int], bytes] = {}
    first: dict[bytes, Object] = {}
    done: set[tuple[int, int]] = set()
    for page in whole.pages:
        resources = page.obj.get("/Resources")
        if resources is None or (resources.is_indirect and resources.objgen in done):
            continue
        done.add(resources.objgen)
        for kind in _SHARED & set(resources.keys()):
            for name, item in list(resources[kind].items()):
                if item.is_indirect:
                    same = first.setdefault(_digest(item, digests), item)
                    if same.objgen != item.objgen:
                        resources[kind][name] = same


def _digest(item: Any, known: dict[tuple[int, int], bytes]) -> bytes:
    """Return what is the same for two objects that say the same, whatever their numbers are."""
    import pikepdf

    if isinstance(item, pikepdf.Object) and item.is_indirect:
        if item.objgen not in known:
            known[item.objgen] = b"itself"  # a ring ends here
            known[item.objgen] = _said(item, known)
        return known[item.objgen]
    return _said(item, known)


def _said(item: Any, known: dict[tuple[int, int], bytes]) -> bytes:
    import pikepdf

    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        parts = [key.encode() + b" " + _digest(item[key], known) for key in sorted(item.keys())]
        if isinstance(item, pikepdf.Stream):
            parts.append(item.read_raw_bytes())
    elif isinstance(item, pikepdf.Array):
        parts = [_digest(each, known) for each in item]
    else:
        parts = [repr(item).encode()]
    text = hashlib.sha256(type(item).__name__.encode())
    for part in parts:
        text.update(b"%d:" % len(part) + part)
    return text.digest()
