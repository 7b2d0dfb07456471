"""Problems of the front matter: what a card says of the client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cardcli import codes, dates, profile
from cardcli.card import Card
from cardcli.checks.values import Limits, judge
from cardcli.errors import Problem
from cardcli.fields import Type
from cardcli.language import _, active
from cardcli.meant import nearest

EARLIEST = dt.date(1900, 1, 1)
_SHORTEST = 4
"""Keys of fewer letters are too like each other to say that one is meant."""


def problems(card: Card, limits: Limits) -> Iterator[Problem]:
    """Yield the problems of the profile."""
    if not card.name:
        yield codes.problem(codes.NAMELESS, 1, _("the card has neither a name nor a company"))
    for field in card.kinds.profile.fields:
        if field.key not in card.metadata:
            continue
        for value in card.values(field.key):
            if verdict := judge(field, value, limits):
                yield codes.problem(verdict.code, card.line_of(field.key), verdict.message)
            elif field.type in {Type.DATE, Type.BIRTHDAY}:
                yield from _range(card, field.key, value, limits)
    yield from _keys(card)
    yield from _wanted(card, limits)


def _range(card: Card, key: str, value: str, limits: Limits) -> Iterator[Problem]:
    day = dates.from_iso(value)
    label, shown = _(card.kinds.profile.field(key).label), dates.show_date(value, active())
    if day and day < EARLIEST:
        message = _("{field}: {day} is too long ago").format(field=label, day=shown)
        yield codes.problem(codes.TOO_EARLY, card.line_of(key), message)
    if day and key in {"created", "confirmed"} and day > limits.rules.today:
        message = _("{field}: {day} lies in the future").format(field=label, day=shown)
        yield codes.problem(codes.FUTURE, card.line_of(key), message)


def _keys(card: Card) -> Iterator[Problem]:
    """Yield the keys that are nearly ours: ``phone`` for ``phones``, ``Телефон``, ``allergys``."""
    table = card.kinds.profile
    for key in card.metadata:
        if table.known(key):
            continue
        meant = table.canonical(key)
        if not table.known(meant):
            meant = (
                (nearest(key, table.order, closeness=0.8) or "") if len(key) >= _SHORTEST else ""
            )
        if meant and meant not in card.metadata:
            message = _("“{key}” is taken for a key of your own; did you mean “{word}”?")
            yield codes.problem(
                codes.ALMOST_KEY, card.line_of(key), message.format(key=key, word=meant)
            )


def _wanted(card: Card, limits: Limits) -> Iterator[Problem]:
    """Yield what the card should hold and what it should not, by the settings of the store."""
    table = card.kinds.profile
    for key in profile.without_purpose(card.metadata, limits.purposes):
        sentence = _("{field}: it is kept, but cardcli.yaml states no purpose for it (purposes:)")
        yield codes.problem(
            codes.PURPOSE, card.line_of(key), sentence.format(field=_(table.field(key).label))
        )
    missing = profile.unasked(card.metadata, limits.obligatory)
    if missing:
        labels = ", ".join(_(table.field(key).label) for key in missing)
        yield codes.problem(codes.EMPTY, 1, _("not filled in yet: {fields}").format(fields=labels))
    if card.value("status") and not card.value("status_reason"):
        sentence = _("the status was set by hand, but status_reason does not say why")
        yield codes.problem(codes.STATUS, card.line_of("status"), sentence)
