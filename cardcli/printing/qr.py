"""The QR code on paper: an SVG drawing, the same for the same text."""

from __future__ import annotations

import io


def svg(text: str) -> str:
    """Return the QR code of *text* as SVG; error correction M: it survives a crease or a stain."""
    import segno

    stream = io.BytesIO()
    code = segno.make(text, micro=False, error="m", boost_error=False)
    code.save(stream, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return stream.getvalue().decode()
