"""A card together with the file it lies in, and the one way to read it from there."""

from __future__ import annotations

from pathlib import Path

from cardcli import card as cards
from cardcli import codes, disk, ids
from cardcli.card import Card
from cardcli.errors import BadCardError
from cardcli.kinds import Kinds
from cardcli.language import _
from cardcli.tuples import NamedTuple


class Record(NamedTuple):
    """A card and the path of its file, relative to the store, with ``/``."""

    path: str
    card: Card


def read(root: Path, path: str, kinds: Kinds) -> Record:
    """Read the card at *path* of the store in *root*.

    Raises :class:`BadCardError` and the errors of :func:`disk.read_text`; all name it by *path*.
    """
    try:
        text = disk.read_text(root / path)
    except (disk.CannotReadError, disk.WrongEncodingError) as error:
        raise error.at(path) from None
    return parsed(path, text, kinds)


def parsed(path: str, text: str, kinds: Kinds) -> Record:
    """Return the card that *text* is. Raises :class:`BadCardError`, which names the file."""
    try:
        card = cards.parse(text, kinds)
    except BadCardError as error:
        raise error.at(path) from None
    if not ids.is_id(card.id):
        reason = _("the card has no usable “id:”; write, for example, id: {id}").format(
            id=ids.new_id()
        )
        raise BadCardError(card.line_of("id"), reason, path, codes.NO_ID)
    return Record(path, card)
