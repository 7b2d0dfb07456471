"""One client becomes two again: a join is taken back, also after the joined card was changed.

What belonged to the other client goes back to them with what became of it since: changed entries,
values that came from their card alone. Everything else that was added later stays with the client
whose card was kept. Where nothing was changed, both texts are those from before the join.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cardcli import card as cards
from cardcli import ids, merge, profile, readdressing, yamlpatch
from cardcli.card import Card
from cardcli.card.reading import front_matter
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.kinds import DIFFERENCE
from cardcli.language import _
from cardcli.yamlpatch import Value


@dataclass(frozen=True, slots=True)
class Parted:
    """The texts of the two cards; ``travelled`` are the entries and keys that went back changed.

    ``stayed`` are the entries made after the join, which stay with the kept card. ``files`` are
    those (old path, new path) that were attached to the other client's entries since.
    """

    kept: str
    other: str
    travelled: tuple[str, ...] = ()
    stayed: tuple[Entry, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


class CannotPartError(BadCardError):
    """A joined card cannot be taken apart without losing some of it."""

    def __init__(self, card: Card, reason: str) -> None:
        sentence = _("the card {id} cannot be taken apart safely: {reason}")
        super().__init__(1, sentence.format(id=card.id, reason=reason))


def part(kept: Card, other: Card, joined: Card, now: Card, language: str = "en") -> Parted:
    """Return the two cards that *now* is made of.

    *kept* and *other* are the cards as they were, *joined* what the join made of them. Raises
    :class:`CannotPartError`.
    """
    text, renamed = readdressing.translated(kept, other)
    theirs = _Theirs(kept, cards.parse(text, kept.kinds), joined, now)
    try:
        mine = _kept_text(kept, theirs, language)
        back, travelled = _other_text(other, theirs, renamed)
        changed_back, files = _with_files(back, mine, kept.id, other.id)
        parted = Parted(mine, changed_back, tuple(travelled), tuple(theirs.later()), files)
        _verify(parted, now, renamed)
    except (BadCardError, yamlpatch.BadYamlError) as error:
        raise CannotPartError(now, error.reason) from None
    return parted


class _Theirs:
    """What of the joined card was the other client's: entries by id, keys of the profile."""

    def __init__(self, kept: Card, other: Card, joined: Card, now: Card) -> None:
        self.kept, self.other, self.joined, self.now = kept, other, joined, now
        own = {each.id for each in kept.entries}
        self.entries = [each.id for each in other.entries if each.id and each.id not in own]

    def changed_keys(self) -> dict[str, Value | None]:
        """Return the single values that came from the other card and were changed since."""
        found: dict[str, Value | None] = {}
        for key in self.other.metadata:
            then, current = self.joined.metadata.get(key), self.now.metadata.get(key)
            came = then is not None and then != self.kept.metadata.get(key)
            if came and current != then and key not in _ALWAYS_KEPT and not isinstance(then, list):
                found[key] = current
        return found

    def settled_keys(self) -> list[str]:
        """Return the keys whose value was made that of the other card since."""
        return [
            key
            for key, value in self.other.metadata.items()
            if self.now.metadata.get(key) == value
            and self.joined.metadata.get(key) == self.kept.metadata.get(key) != value
            and not isinstance(value, list)
            and key not in _ALWAYS_KEPT
        ]

    def gone_items(self) -> dict[str, Value]:
        """Return the lists of the other card without what was taken out of the joined one since."""
        found: dict[str, Value] = {}
        for key, value in self.other.metadata.items():
            then, current = self.joined.metadata.get(key), self.now.metadata.get(key, [])
            own = self.kept.metadata.get(key, [])
            if isinstance(value, list) and isinstance(then, list) and key not in _ALWAYS_KEPT:
                left = [
                    item for item in value if item in current or item not in then or item in own
                ]
                if left != value:
                    found[key] = left
        return found

    def later(self) -> list[Entry]:
        """Return the entries that were made after the join."""
        known = {each.id for each in self.joined.entries}
        return [
            each for each in self.now.entries if each.id not in known and each.kind != DIFFERENCE
        ]


_ALWAYS_KEPT = frozenset({"id", "number", "created", "confirmed", profile.MERGED, profile.APART})


def _kept_text(kept: Card, theirs: _Theirs, language: str) -> str:
    """Return the kept card: what it was, and all that was changed in it since."""
    then, now = (_without(each, theirs.entries) for each in (theirs.joined, theirs.now))
    for key in (*theirs.changed_keys(), *theirs.settled_keys()):
        now = cards.parse(_as_then(now, then, key), kept.kinds)
    merged = merge.card(then.text, now.text, kept.text, kept.kinds, language)
    if merged.by_lines:
        raise BadCardError(1, _("its lines cannot be told apart any more"))
    return merged.text


def _as_then(now: Card, then: Card, key: str) -> str:
    """Return the text with one key as it was written then."""
    if key not in now.metadata or key not in then.metadata:
        return cards.set_key(now, key, then.metadata.get(key))
    start, end = front_matter(now.text)
    old = dict(yamlpatch.blocks(then.text[slice(*front_matter(then.text))])[1])
    blocks = yamlpatch.blocks(now.text[start:end])[1]
    lines = "".join(old[key] if name == key else block for name, block in blocks)
    text = now.text[:start] + lines + now.text[end:]
    changed = cards.parse(text, now.kinds)
    return cards.with_heading(now, changed) if key in {"name", "company"} else text


def _without(card: Card, entry_ids: list[str]) -> Card:
    there = {each.id for each in card.entries}
    for entry_id in entry_ids:
        if entry_id in there:
            card = cards.parse(cards.remove(card, entry_id), card.kinds)
    return card


def _other_text(other: Card, theirs: _Theirs, renamed: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the other card with what became of its entries and values, and which these are."""
    travelled: list[str] = []
    old_ids = {new: old for old, new in renamed.items()}
    then = {each.id: each for each in theirs.joined.entries}
    now = {each.id: each for each in theirs.now.entries}
    for entry_id in theirs.entries:
        own, current = old_ids.get(entry_id, entry_id), now.get(entry_id)
        if current is None:
            text = cards.remove(other, own)
        elif entry_id in then and current.content != then[entry_id].content:
            back = _translated_back(current, theirs.kept.id, other.id, old_ids)
            text = cards.amend(other, own, lambda _old, back=back: back)  # type: ignore[misc]
        else:
            continue
        other = cards.parse(text, other.kinds)
        travelled.append(f"^{own}")
    for key, value in {**theirs.changed_keys(), **theirs.gone_items()}.items():
        other = cards.parse(cards.set_key(other, key, value), other.kinds)
        travelled.append(key)
    return other.text, travelled


def _translated_back(
    entry: Entry, kept_id: str, other_id: str, old_ids: Mapping[str, str]
) -> Entry:
    """Return an entry of the joined card in the terms of the other card."""

    def back(text: str) -> str:
        text = readdressing.with_folder(text, readdressing.folder(kept_id, other_id), other_id)
        for new, old in old_ids.items():
            text = readdressing.with_mark(text, new, old)
        return old_ids.get(text, text)

    fields = {key: back(value) for key, value in entry.fields.items()}
    return entry._replace(id=old_ids.get(entry.id, entry.id), fields=fields, text=back(entry.text))


def _with_files(
    text: str, kept_text: str, kept_id: str, other_id: str
) -> tuple[str, dict[str, str]]:
    """Return the other card with the files that were attached to it since, in its own folder."""
    own = rf"files/{kept_id}/(?!{ids.PATTERN}/)[^\s\])\"']+"
    moved = {
        path: path.replace(f"files/{kept_id}/", f"files/{other_id}/", 1)
        for path in dict.fromkeys(re.findall(own, text))
        if path.rstrip(",") == path and path not in kept_text
    }
    for old, new in moved.items():
        text = text.replace(old, new)
    return text, moved


def _verify(parted: Parted, now: Card, renamed: Mapping[str, str]) -> None:
    """Raise BadCardError when an entry of the joined card is in neither of the two."""
    old_ids = {new: old for old, new in renamed.items()}
    both = {
        each.id
        for text in (parted.kept, parted.other)
        for each in cards.parse(text, now.kinds).entries
    }
    for each in now.entries:
        if each.id and each.kind != DIFFERENCE and old_ids.get(each.id, each.id) not in both:
            raise BadCardError(each.line, _("the entry ^{id} would be lost").format(id=each.id))
