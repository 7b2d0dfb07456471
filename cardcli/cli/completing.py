"""What completes an entry of a kind from the card it goes into, before it is written."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cardcli.card import Card
from cardcli.cli.session import Session
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import BadFieldError, Field, decimal, parse_scale, show_money
from cardcli.language import _, active, translator
from cardcli.text import fold

if TYPE_CHECKING:
    from decimal import Decimal

Finish = Callable[[Session, Card, Entry], Entry]
_USUAL_SCALE = "1-5"


def paid(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a payment: what it is for. Nothing paid of an entry says that it is owed.

    Raises :class:`BadValueError`.
    """
    entry = entry if "of" in entry.fields else _above_zero(entry)
    return _about(session, card, entry, ("visit", "sale"))


def refunded(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a refund; what was not paid cannot be given back. Raises :class:`BadValueError`."""
    from cardcli import money  # only where money is counted: start-up time

    entry = _about(session, card, _above_zero(entry), ("visit", "sale", "payment"))
    amount = decimal(entry.fields["amount"]) or money.ZERO
    possible = money.account(card, session.rules, session.config.terms).refundable
    if target := entry.fields.get("of"):
        possible = min(possible, _left_of(session, card, card.entry(target)))
    if amount > possible:
        currency = session.config.currency
        raise BadValueError(
            _("{amount} cannot be given back: there is {possible} that was paid").format(
                amount=show_money(amount, active(), currency),
                possible=show_money(possible, active(), currency),
            )
        )
    return entry


def _left_of(session: Session, card: Card, target: Entry) -> Decimal:
    """Return what was paid for an entry and not given back.

    Where payments name it, they are what was paid; else it counts as paid whole.
    """
    from cardcli import money

    def amounts(kind: str, of: set[str]) -> list[Decimal]:
        currency = session.config.currency
        named = (each for each in card.of_kind(kind) if each.fields.get("of") in of)
        return [money.worth(each, currency) or money.ZERO for each in named]

    payments = [each.id for each in card.of_kind("payment") if each.fields.get("of") == target.id]
    back = amounts("refund", {target.id, *payments})
    if payments:
        return sum(amounts("payment", {target.id}), money.ZERO) - sum(back, money.ZERO)
    worth = money.worth(target, session.config.currency) or money.ZERO
    return worth - sum(back, money.ZERO)


def _above_zero(entry: Entry) -> Entry:
    if not decimal(entry.fields.get("amount", "0")):
        raise BadValueError(_("the amount must be above zero"))
    return entry


def _about(session: Session, card: Card, entry: Entry, kinds: Sequence[str]) -> Entry:
    """Return an entry that names what it is about: the title of the entry it points at, or its kind."""
    table = session.config.kinds
    target = card.entry(entry.fields["of"]) if "of" in entry.fields else None
    if target and target.kind not in kinds:
        field = table.named(entry.kind).field("of") or Field("of")
        sentence = _("^{id} is no {kinds}").format(
            id=target.id, kinds=", ".join(_(table.named(name).label) for name in kinds)
        )
        raise BadFieldError(field, sentence)
    words = translator(session.config.language)
    title = target.title if target else words.gettext(table.named(entry.kind).label)
    return entry._replace(title=entry.title or title)


def scored(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a survey with the scale of its score.

    It is the scale given, that of ``surveys:`` in cardcli.yaml, that of the last survey of this name
    in the card, or 1 to 5. Raises :class:`BadValueError` when a given one is not that of the settings.
    """
    if "score" not in entry.fields:
        return entry
    given, known = entry.fields.get("scale"), session.config.scales.get(fold(entry.title))
    if given and known and parse_scale(given) != known:
        raise BadValueError(
            _("the scale of “{survey}” is {scale} in cardcli.yaml, not {given}").format(
                survey=entry.title, scale=known, given=given
            )
        )
    earlier = [
        each.fields["scale"]
        for each in card.of_kind("survey")
        if fold(each.title) == fold(entry.title) and each.fields.get("scale")
    ]
    scale = given or str(known or next(reversed(earlier), _USUAL_SCALE))
    return entry._replace(fields={**entry.fields, "scale": scale})


def begun(session: Session, card: Card, entry: Entry) -> Entry:  # noqa: ARG001
    """Give a deal its first stage, and a request that waits for an answer the status open."""
    tracked = session.config.kinds.named(entry.kind).tracked
    waits = entry.kind == "deal" or entry.fields.get("channel") == "request"
    if tracked is None or tracked.key in entry.fields or not waits:
        return entry
    return entry._replace(fields={**entry.fields, tracked.key: tracked.choices[0][0]})


def lasting(session: Session, card: Card, entry: Entry) -> Entry:  # noqa: ARG001
    """Return a recommendation as it is. Raises :class:`BadValueError` for one that ends too early."""
    until = entry.fields.get("until", entry.date)
    if until < entry.date:
        raise BadValueError(
            _("the recommendation would end ({until}) before it begins ({date})").format(
                until=until, date=entry.date
            )
        )
    return entry


def finishing(session: Session, finish: Finish | None) -> Callable[[Card, Entry], Entry] | None:
    """Return what completes an entry under the lock, or None."""
    return functools.partial(finish, session) if finish else None
