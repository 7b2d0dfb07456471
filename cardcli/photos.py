"""Pictures on their way into a store: recognised, limited in size, without the place they show.

A phone writes the coordinates of the place into every photo; they are personal data nobody needs.
"""

from __future__ import annotations

import io

from cardcli.errors import BadValueError
from cardcli.language import _

_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_GPS = 0x8825
_MOST_BYTES = 25 * 1024 * 1024


def checked(data: bytes, name: str) -> tuple[bytes, str]:
    """Return the picture as it is to be stored and its file suffix.

    Bytes stay as they are unless they hold coordinates. Raises :class:`BadValueError` for what is
    not a JPEG, PNG or WebP picture, is damaged, or is larger than 25 MB.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > _MOST_BYTES:
        raise BadValueError(_("{name} is larger than 25 MB").format(name=name))
    try:
        with Image.open(io.BytesIO(data)) as picture:
            suffix = _SUFFIXES.get(picture.format or "")
            picture.load()
            if suffix and _GPS in picture.getexif():
                data = _without_place(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        suffix = None
    if suffix is None:
        raise BadValueError(
            _("{name} is not a JPEG, PNG or WebP picture, or is damaged").format(name=name)
        )
    return data, suffix


def _without_place(picture: object) -> bytes:
    from PIL import Image, ImageOps

    assert isinstance(picture, Image.Image)  # noqa: S101 - for the type checker
    upright = ImageOps.exif_transpose(picture)
    stream = io.BytesIO()
    upright.save(stream, picture.format, quality=95, exif=b"")
    return stream.getvalue()
