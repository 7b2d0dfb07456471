"""What printing makes."""

from __future__ import annotations

from cardcli.tuples import NamedTuple


class Printed(NamedTuple):
    """What was printed, and sentences about what could not be printed as it stands in the card.

    ``pages`` are those of each document in a PDF, in order. Of a part of a long list ``marks`` are
    the pages on which its clients end, as far as the template marks them, and ``last`` is the
    number on the last one.
    """

    content: bytes
    warnings: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    last: int = 0
