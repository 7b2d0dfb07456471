"""What a hook is told of a command: the cards it touches, as they are or will be, and what changes.

The keys of this JSON are never removed: hooks rely on them. They are documented in docs/hooks.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from cardcli import changes, clients
from cardcli.card import Card, parse
from cardcli.cli.values import change_json, entry_json
from cardcli.errors import BadCardError
from cardcli.kinds import Kinds
from cardcli.merge import trees
from cardcli.store import Store
from cardcli.tuples import NamedTuple


class Step(NamedTuple):
    """What a command makes of one card; None is no card. ``path`` is the one it has afterwards."""

    path: str
    old: Card | None
    new: Card | None


def told(
    store: Store, command: str, staff: str, steps: Iterable[Step], entry: str = ""
) -> dict[str, Any]:
    """Return what a hook is told; ``client`` and ``changes`` are filled in when it is one card."""
    cards = [_card(store, each) for each in steps]
    only = cards[0] if len(cards) == 1 else {"client": None, "changes": [], "entries": ()}
    found = [each for each in only.pop("entries") if each.id == entry and entry]
    for each in cards:
        each.pop("entries", None)
    return {
        "command": command,
        "store": str(store.root),
        "staff": staff or None,
        "client": only["client"],
        "entry": entry_json(found[0]) if found else None,
        "changes": only["changes"],
        "cards": cards,
    }


def _card(store: Store, step: Step) -> dict[str, Any]:
    card = step.new or step.old
    currency = store.config.currency
    return {
        "client": clients.summary(card, step.path) if card else None,
        "changes": [change_json(each) for each in changes.between(step.old, step.new, currency)],
        "entries": card.entries if card else (),
    }


def steps_between(
    kinds: Kinds,
    old: Callable[[str], bytes | None],
    new: Callable[[str], bytes | None],
    paths: Iterable[str],
) -> list[Step]:
    """Return the steps of the cards among *paths* from one state of the files to another."""
    return [
        Step(path, _read(kinds, old(path)), _read(kinds, new(path)))
        for path in sorted(set(paths))
        if trees.is_card(path)
    ]


def _read(kinds: Kinds, data: bytes | None) -> Card | None:
    """Return a card, an empty one for a file that cannot be read as one."""
    if data is None:
        return None
    text = data.decode("utf-8", "replace")
    try:
        return parse(text, kinds)
    except BadCardError:
        return Card(text, {}, kinds)
