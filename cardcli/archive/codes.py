"""The code on a sheet: ``CC:k7f3qd/9f3c2ab1``, and of a sheet of a log ``CC:k7f3qd/9f3c2ab1/2``.

A scanner types it like a keyboard. When the computer has the Russian layout, other characters come
out for the same keys (``СС:`` is «ССЖ», ``/`` is «.»); the keys are what counts.
"""

from __future__ import annotations

import re

from cardcli import ids
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.search.letters import english_keys
from cardcli.tuples import NamedTuple

_CODE = re.compile(
    rf"cc[^0-9a-z]{{0,2}}({ids.PATTERN})(?:[^0-9a-z]{{1,2}}([0-9a-f]{{8}})(?:[^0-9a-z]{{1,2}}(\d{{1,4}}))?)?"
)
_LOOKS = str.maketrans("сС", "cC")


class Code(NamedTuple):
    """What a code says: the card, its revision ("" when it is not said), the number of the sheet."""

    card: str
    revision: str = ""
    sheet: int = 0

    def __str__(self) -> str:
        """Return the code as it is printed."""
        return code(self.card, self.revision, self.sheet)


class BadCodeError(BadValueError):
    """What was typed is no code of a sheet."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            _("“{code}” is no code of a sheet; one looks like CC:k7f3qd/9f3c2ab1").format(
                code=typed
            )
        )


def code(card: str, revision: str, sheet: int = 0) -> str:
    """Return what the QR code of a sheet says."""
    return f"CC:{card}/{revision}" + (f"/{sheet}" if sheet else "")


def read(typed: str) -> Code:
    """Return what a typed or scanned code says, in whatever layout. Raises :class:`BadCodeError`."""
    bare = " ".join(typed.split())
    for text in (bare, english_keys(bare), bare.translate(_LOOKS)):
        if match := _CODE.fullmatch(text.lower()):
            return Code(match[1], match[2] or "", int(match[3] or 0))
    raise BadCodeError(typed.strip())
