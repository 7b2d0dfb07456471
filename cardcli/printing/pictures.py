"""Photos made ready for paper: upright, small enough, without what the camera wrote about them."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _, translator
from cardcli.printing.blocks import Block, Photo, Photos, View

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

Reader = Callable[[str], bytes | None]
MOST_PIXELS = 1200
"""Longest side of a printed photo: 300 dots per inch at the 10 cm it has on paper at most."""
_QUALITY = 85
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


class BadPictureError(CardcliError):
    """A file that cannot be printed as a picture; the sentence names it and says why."""

    code = ExitCode.BAD_DATA


def prepare(data: bytes, path: str) -> bytes:
    """Return a picture as JPEG: upright, at most 1,200 pixels, no EXIF (it carries the place).

    The same bytes always give the same bytes. Raises :class:`BadPictureError`.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise BadPictureError(
            _(
                "{path} is a HEIC picture; save it as JPEG (in the phone: format “Most compatible”)"
            ).format(path=path),
        )
    try:
        with _bombs_refused(), Image.open(io.BytesIO(data)) as picture:
            picture.draft("RGB", (MOST_PIXELS, MOST_PIXELS))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
            stream = io.BytesIO()
            _on_white(upright).save(stream, "JPEG", quality=_QUALITY)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise BadPictureError(
            _("{path} is not a picture, or is damaged").format(path=path)
        ) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPictureError(
            _("{path} is too large a picture to print").format(path=path)
        ) from None
    return stream.getvalue()


@contextmanager
def _bombs_refused() -> Iterator[None]:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _on_white(picture: Picture) -> Picture:
    """Transparent parts are white on paper, whatever colour lies below them."""
    from PIL import Image

    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return picture.convert("RGB")


@dataclass(slots=True)
class Pictures:
    """The pictures of a run: ``files`` by name, ``warnings`` about those that cannot be printed."""

    read: Reader
    files: MutableMapping[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def fill(self, view: View) -> View:
        """Return *view* with its photos made ready.

        A picture that is missing or cannot be printed leaves a frame that says so: one bad file
        must not keep a card from paper.
        """
        return replace(view, blocks=tuple(self._block(block, view) for block in view.blocks))

    def _block(self, block: Block, view: View) -> Block:
        if not isinstance(block, Photos):
            return block
        return replace(block, photos=tuple(self._photo(photo, view) for photo in block.photos))

    def _photo(self, photo: Photo, view: View) -> Photo:
        try:
            picture = prepare(_found(self.read, photo.path), photo.path)
        except BadPictureError as error:
            sentence = _("{card}: the photo is not printed: {reason}")
            self.warnings.append(sentence.format(card=view.number or view.id, reason=error))
            frame = translator(view.language).gettext("no picture: {path}")
            return replace(photo, missing=frame.format(path=photo.path))
        name = hashlib.sha256(picture).hexdigest()[:12] + ".jpg"
        self.files[name] = picture
        return replace(photo, file=name)


def _found(read: Reader, path: str) -> bytes:
    data = read(path)
    if data is None:
        raise BadPictureError(_("there is no file {path}").format(path=path))
    return data
