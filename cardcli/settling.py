"""Settling a difference that a merge left: which of two values stands in the card."""

from __future__ import annotations

from cardcli import card as cards
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError, NotFoundError
from cardcli.kinds import DIFFERENCE, HEAD, PROSE, Kinds
from cardcli.language import _
from cardcli.yamlpatch import Value

OURS, THEIRS, BOTH = "ours", "theirs", "both"
_HEAD = ("date", "time", "title", "text")


class CannotSettleError(BadValueError):
    """The choice makes no sense for this difference."""

    def __init__(self, difference: Entry) -> None:
        super().__init__(
            _(
                "^{id}: this cannot be settled so. Use --keep ours, or change the card (cardcli edit) and then --keep ours."
            ).format(id=difference.id)
        )


def of(card: Card) -> tuple[Entry, ...]:
    """Return the differences of a card that wait to be settled."""
    return card.of_kind(DIFFERENCE)


def other(difference: Entry) -> str:
    """Return the value that does not stand in its place."""
    return difference.fields.get("other", "") or difference.text


def key(difference: Entry) -> str:
    """Return the stored key of what differs."""
    return difference.fields.get("field", "")


def label(kinds: Kinds, entry_id: str, name: str) -> str:
    """Return what a field is called, of an entry or of the profile, in the user's language."""
    if name == PROSE:
        return _("Text")
    if not entry_id:
        return _(kinds.profile.field(name).label)
    fields = (*HEAD, *(field for kind in kinds.all for field in kind.fields))
    return next((_(field.label) for field in fields if field.key == name and field.label), name)


def label_of(card: Card, difference: Entry) -> str:
    """Return what the field is called that differs."""
    return label(card.kinds, difference.fields.get("of", ""), key(difference))


def kept(card: Card, difference: Entry) -> str:
    """Return the value that stands in the card now, "" when there is none to be found."""
    entry_id, name = difference.fields.get("of", ""), key(difference)
    if entry_id:
        found = next((each for each in card.entries if each.id == entry_id), None)
        if found is None:
            return ""
        return str(getattr(found, name)) if name in _HEAD else found.fields.get(name, "")
    value: Value = card.metadata
    for part in name.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value if isinstance(value, str) else ", ".join(card.values(name))


def settle(card: Card, difference: Entry, value: str) -> str:
    """Return the text with *value* in its place and without the line of the difference.

    Raises :class:`CannotSettleError` and what changing a card raises.
    """
    text = _changed(card, difference, value)
    return cards.remove(cards.parse(text, card.kinds), difference.id)


def keep(card: Card, difference: Entry, choice: str) -> str:
    """Return the text after the choice ``ours``, ``theirs`` or ``both``."""
    if choice == OURS:
        return cards.remove(card, difference.id)
    if choice == THEIRS:
        return settle(card, difference, other(difference))
    return cards.remove(cards.parse(_with_both(card, difference), card.kinds), difference.id)


def _changed(card: Card, difference: Entry, value: str) -> str:
    name, entry_id = key(difference), difference.fields.get("of", "")
    if entry_id:
        return cards.amend(card, entry_id, lambda entry: _amended(difference, entry, value))
    if name == PROSE or not name:
        raise CannotSettleError(difference)
    top, _dot, rest = name.partition(".")
    if not rest:
        return cards.set_key(card, top, value)
    mapping = card.metadata.get(top)
    if not isinstance(mapping, dict) or "." in rest:
        raise CannotSettleError(difference)
    return cards.set_key(card, top, {**mapping, rest: value})


def _amended(difference: Entry, entry: Entry, value: str) -> Entry:
    name = key(difference)
    if name == "date":
        return entry._replace(date=value)
    if name == "time":
        return entry._replace(time=value)
    if name == "title":
        return entry._replace(title=value)
    if name == "text":
        return entry._replace(text=value)
    if name == "section":
        raise CannotSettleError(difference)
    return entry._replace(fields={**entry.fields, name: value})


def _with_both(card: Card, difference: Entry) -> str:
    name, entry_id = key(difference), difference.fields.get("of", "")
    if name == PROSE:
        return _with_prose(card, difference)
    if entry_id and name == "text":
        return _changed(card, difference, f"{kept(card, difference)}\n{other(difference)}")
    if not entry_id and card.kinds.profile.field(name).many:
        return cards.set_key(card, name, [*card.values(name), other(difference)])
    raise CannotSettleError(difference)


def _with_prose(card: Card, difference: Entry) -> str:
    """Put the other text below what stands at the beginning of its section."""
    heading = difference.fields.get("in", "")
    section = next((each for each in card.sections if each.heading == heading), None)
    if section is None:
        raise CannotSettleError(difference)
    place = min((first for first, _end, _entry in section.spans), default=section.end)
    while place > section.body and not card.lines[place - 1].strip():
        place -= 1
    ending = "\r" if card.newline == "\r\n" else ""
    written = [line + ending for line in other(difference).split("\n")]
    return "\n".join([*card.lines[:place], *written, *card.lines[place:]])


def find(card: Card, wanted: str) -> Entry:
    """Return one difference by its id. Raises :class:`NotFoundError`."""
    for each in of(card):
        if each.id == wanted.strip().removeprefix("^").lower():
            return each
    raise NotFoundError(_("There is no difference ^{id} in this card.").format(id=wanted))
