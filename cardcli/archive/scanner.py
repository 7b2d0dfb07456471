"""Reading the codes of sheets from a photo or a scan. Needs the libraries of the extra ``scan``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cardcli.archive import codes
from cardcli.archive.codes import Code
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _

if TYPE_CHECKING:
    from PIL.Image import Image

_PDF = b"%PDF-"
_DPI = (200, 300)
_POINTS = 72
_MOST_PAGES = 500
_MOST_PIXELS = 200_000_000


class NoScannerError(CardcliError):
    """The libraries that read codes are not installed."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self) -> None:
        super().__init__(
            _("To read codes from pictures more is needed: pip install 'cardcli[scan]'")
        )


class BadScanError(BadValueError):
    """A file that is no picture and no PDF, or a damaged one."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("{path} cannot be read as a picture or a PDF; scan it as PDF, JPEG or PNG").format(
                path=name
            )
        )


def read(data: bytes, name: str) -> list[Code]:
    """Return the codes on all pages of a file, each once, in order of the pages.

    Raises :class:`NoScannerError` and :class:`BadScanError`.
    """
    try:
        import pypdfium2  # noqa: F401 - only whether it is there
        import zxingcpp  # noqa: F401
    except ImportError:
        raise NoScannerError from None
    pages = _of_pdf(data, name) if data[:1024].lstrip().startswith(_PDF) else _picture(data, name)
    found: dict[Code, None] = {}
    for page in pages:
        found.update(dict.fromkeys(page))
    return list(found)


def _picture(data: bytes, name: str) -> Iterator[list[Code]]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > _MOST_PIXELS:
            raise BadScanError(name)
        upright = ImageOps.exif_transpose(picture).convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise BadScanError(name) from None
    yield _on(upright)


def _of_pdf(data: bytes, name: str) -> Iterator[list[Code]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        for number in range(min(len(document), _MOST_PAGES)):
            page = document[number]
            codes_there: list[Code] = []
            for dpi in _DPI:
                width, height = page.get_size()
                if width * height * (dpi / _POINTS) ** 2 > _MOST_PIXELS:
                    break
                codes_there = _on(page.render(scale=dpi / _POINTS, grayscale=True).to_pil())
                if codes_there:
                    break
            yield codes_there
    except pypdfium2.PdfiumError:
        raise BadScanError(name) from None


def _on(picture: Image) -> list[Code]:
    """Return the codes of sheets in a picture; other codes are nobody's business."""
    import zxingcpp

    found = []
    for each in zxingcpp.read_barcodes(picture):
        try:
            found.append(codes.read(each.text))
        except codes.BadCodeError:
            continue
    return found
