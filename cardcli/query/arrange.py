"""Columns, order and groups of the clients that were found, by the keys of the query language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cardcli.fields import Type, plain, show
from cardcli.query.keys import Key, Keys
from cardcli.query.operands import Value
from cardcli.query.syntax import unknown_key
from cardcli.query.view import View
from cardcli.text import fold

_PIECE = re.compile(r"[^,]+")


def column_keys(text: str, keys: Keys) -> list[Key]:
    """Read ``id,name,last``. Raises :class:`QueryError` that marks an unknown key."""
    return [key for key, _descending in _listed(text, keys, signs=False)]


def sort_keys(text: str, keys: Keys) -> list[tuple[Key, bool]]:
    """Read ``-spent,name`` as keys and whether the highest comes first. Raises :class:`QueryError`."""
    return _listed(text, keys, signs=True)


def one_key(text: str, keys: Keys) -> Key:
    """Read a single key. Raises :class:`QueryError`."""
    key = keys.find(text)
    if key is None:
        raise unknown_key(text, (0, len(text)), text, keys)
    return key


def _listed(text: str, keys: Keys, *, signs: bool) -> list[tuple[Key, bool]]:
    found = []
    for piece in _PIECE.finditer(text):
        typed = piece[0].lstrip()
        sign = typed[:1] if typed[:1] in {"-", "−", "+"} else ""
        word = typed.removeprefix(sign).strip()
        key = keys.find(word) if word and (signs or not sign) else None
        if key is None:
            start = piece.end() - len(typed) + len(sign)
            raise unknown_key(text, (start, start + len(word)), word, keys)
        found.append((key, sign in {"-", "−"}))
    if not found:
        raise unknown_key(text, (0, 1), "", keys)
    return found


def sorted_views(views: Iterable[View], order: Sequence[tuple[Key, bool]]) -> list[View]:
    """Return clients in order; those without a value come last, equal ones by name and id."""
    found = sorted(views, key=lambda view: (fold(view.card.name), view.card.id))
    for key, descending in reversed(order):
        ranked = [(_ranks(key, view), view) for view in found]
        first = [
            (max(ranks) if descending else min(ranks), view) for ranks, view in ranked if ranks
        ]
        first.sort(key=lambda pair: pair[0], reverse=descending)
        found = [view for _rank, view in first] + [view for ranks, view in ranked if not ranks]
    return found


def _ranks(key: Key, view: View) -> list[Value]:
    """Return what a client is sorted by; a birthday by the day of the year."""
    values = key.values(view)
    if key.type is Type.BIRTHDAY:
        return [str(value)[-5:] for value in values]
    return [fold(value) if isinstance(value, str) else value for value in values]


def grouped(views: Iterable[View], key: Key) -> list[tuple[Value | None, list[View]]]:
    """Return clients by the values of a key, dates by month; who has several is in several groups.

    Groups are in order of their values, the group without one (None) is last.
    """
    groups: dict[Value | None, list[View]] = {}
    names: dict[Value | None, Value] = {}
    for view in views:
        for value in dict.fromkeys(_group_values(key, view)) or (None,):
            same = fold(value) if isinstance(value, str) else value
            if value is not None:
                names.setdefault(same, value)
            groups.setdefault(same, []).append(view)
    ordered = sorted(each for each in groups if each is not None)
    return [
        (names.get(each), list(dict.fromkeys(groups[each])))
        for each in (*ordered, *([None] if None in groups else []))
    ]


def _group_values(key: Key, view: View) -> list[Value]:
    """Return the groups a client is in: days count by their month, birthdays by that of the year."""
    values = key.values(view)
    if key.type is Type.BIRTHDAY:
        return [str(value)[-5:-3] for value in values]
    return [value.isoformat()[:7] if isinstance(value, dt.date) else value for value in values]


def stored(key: Key, value: Value) -> str:
    """Return a value as programs read it: ISO dates, plain numbers, keys of choices."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value) if key.type is Type.MONEY else format(value.normalize(), "f")
    return str(value)


def as_json(key: Key, value: Value | None) -> str | int | None:
    """Return a value for programs: counts as numbers, money and what stands in a card as text."""
    return value if value is None or isinstance(value, int) else stored(key, value)


def shown(key: Key, value: Value, language: str, currency: str) -> str:
    """Return a value as *language* writes it."""
    return show(key.field, stored(key, value), language, currency)
