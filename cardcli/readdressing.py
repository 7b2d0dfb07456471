"""A card in the terms of another one: ids of entries, places of files, the ids of the clients.

Two clients who become one, and one who becomes two again, take their entries and files with them;
what refers to these refers to them afterwards too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cardcli import card as cards
from cardcli import clients, ids, profile
from cardcli.card import BOM, Card
from cardcli.entry import Entry
from cardcli.fields import Type
from cardcli.kinds import DIFFERENCE, Kinds
from cardcli.yamlpatch import Plain, Value


def folder(kept_id: str, other_id: str) -> str:
    """Return where the files of the other client lie afterwards, below the folder of all files.

    A folder of their own: no name is ever taken, and it is known for good whose they were.
    """
    return f"{kept_id}/{other_id}"


def translated(kept: Card, other: Card, place: str = "") -> tuple[str, dict[str, str]]:
    """Return the text of *other* as it can stand in *kept*, and its entry ids that are new.

    Line breaks are those of the kept card, paths of files are where the files will be, and an id
    that the kept card has for another entry is another one, also where it is referred to.
    """
    text = other.text.removeprefix(BOM).replace("\r\n", "\n").replace("\n", kept.newline)
    own = {each.id: each for each in kept.entries if each.id}
    renamed = {
        each.id: ids.derived_id(each.id, other.id)
        for each in other.entries
        if each.id in own and _unrelated(each, own[each.id])
    }
    for old, new in renamed.items():
        text = _with_entry_id(text, old, new, kept.kinds)
    return with_folder(text, other.id, place or folder(kept.id, other.id)), renamed


def _unrelated(one: Entry, two: Entry) -> bool:
    return one.kind != DIFFERENCE and (one.date, one.title) != (two.date, two.title)


def _with_entry_id(text: str, old: str, new: str, kinds: Kinds) -> str:
    """Return a text with another id for an entry: at its own line, in fields, in links."""
    keys = {each.key for kind in kinds.all for each in kind.fields if each.type is Type.ENTRY}
    return re.sub(
        rf"(\[(?:{'|'.join(sorted(keys))})::\s*){old}(?=\s*\])",
        rf"\g<1>{new}",
        with_mark(text, old, new),
    )


def with_mark(text: str, old: str, new: str) -> str:
    """Return a text with another id where an entry's id stands behind a ``^``."""
    return re.sub(rf"\^{old}(?![0-9a-z])", f"^{new}", text)


def exchanged(card: Card, other_id: str) -> str:
    """Return a united card as it would be had the other one been kept: its id, number and folders.

    What the two cards say is the same either way, so a client joined one way at one workplace and the
    other way at another is one client. Raises :class:`BadCardError`.
    """
    joined = dict(clients.merged(card))
    number = joined.pop(other_id)
    values: dict[str, Value | None] = {
        "id": Plain(other_id),
        "number": number or None,
        profile.MERGED: merged_value({card.id: card.number, **joined}),
    }
    changed = card
    for key, value in values.items():
        changed = cards.parse(cards.set_key(changed, key, value), card.kinds)
    text = with_folder(changed.text, folder(card.id, other_id), "\0")
    text = with_folder(text, card.id, folder(other_id, card.id))
    return text.replace("files/\0/", f"files/{other_id}/")


def with_folder(text: str, old: str, new: str) -> str:
    """Return a text that finds the files of one folder below ``files/`` in another one."""
    return re.sub(rf"(?<![\w-])files/{old}/", f"files/{new}/", text)


def merged_value(old: Mapping[str, str]) -> list[Value]:
    """Return ids and numbers of joined cards as they stand in a card."""
    return [{each: number} if number else each for each, number in old.items()]
