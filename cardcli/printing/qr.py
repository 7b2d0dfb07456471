"""The QR code on paper: an SVG drawing, the same for the same text."""

from __future__ import annotations

_MASK = 2
"""One of the eight patterns of ISO/IEC 18004, 7.8, always the same: any reader takes off whichever
it finds, and to weigh all eight takes four times as long as all the rest of the code."""


def svg(text: str) -> str:
    """Return the QR code of *text* as SVG; error correction M: it survives a crease or a stain."""
    import qrcodegen

    code = qrcodegen.QrCode.encode_segments(
        qrcodegen.QrSegment.make_segments(text),
        qrcodegen.QrCode.Ecc.MEDIUM,
        mask=_MASK,
        boostecl=False,
    )
    size = code.get_size()
    runs = "".join(
        f"M{start} {row}.5h{length}"
        for row in range(size)
        for start, length in _dark([code.get_module(column, row) for column in range(size)])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path stroke="#000" d="{runs}"/></svg>'
    )


def _dark(row: list[bool]) -> list[tuple[int, int]]:
    """Return where the dark runs of a row begin, and how long they are."""
    edges = [
        place
        for place, (before, here) in enumerate(zip([False, *row], [*row, False], strict=True))
        if before != here
    ]
    return [(begin, end - begin) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
