"""What a client owes or has paid ahead, from the entries of the card.

The sign: the balance is what we hold of the client's money. Above zero it is a prepayment, below
zero a debt.

What is owed: with ``payments: recorded`` in ``cardcli.yaml`` every visit and every sale, until
payments cover it; with a day there, ``payments: 2026-01-01``, those from that day on. Otherwise
(``payments: assumed``, so it is unless said) a business is taken to be paid on the spot without
writing it down: nobody is a debtor only because no payment is recorded. A visit or sale is then
owed when a payment names it (``of``), or was recorded on the same day and names nothing else. Any
other payment is a prepayment; the visits and sales after it use it up, and what is above it counts
as paid on the spot. A client with a credit limit owes every visit and sale until it is paid.

A refund *of* a visit or a sale takes it back: the money goes out and so does what it was for, the
balance stays, the total spent goes down. A refund *of* a payment only gives the money back. One
that names no entry is taken from the prepayment first; the rest was for services or goods.

Entries dated after today (booked visits) are not owed yet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Literal

from cardcli import dates
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError, Problem
from cardcli.fields import Rules, decimal, parse_money
from cardcli.language import _
from cardcli.terms import ALWAYS, Terms
from cardcli.tuples import NamedTuple

ZERO = Decimal(0)
CENT = Decimal("0.01")
Part = Literal["charge", "payment", "refund"]
_PARTS: dict[str, Part] = {
    "visit": "charge", "sale": "charge", "payment": "payment", "refund": "refund",
}  # fmt: skip
Move = tuple[Entry, Part, Decimal]
KINDS = frozenset(_PARTS)
"""The kinds of entries an account is made of."""
_ORDER: tuple[Part, ...] = ("charge", "payment", "refund")


class Line(NamedTuple):
    """One entry of the account.

    ``amount`` is never below zero, ``effect`` is what it does to the balance, ``balance`` stands
    after it; ``assumed`` is how much of it counts as paid though no payment says so.
    """

    entry: Entry
    part: Part
    amount: Decimal
    effect: Decimal
    balance: Decimal
    assumed: Decimal = ZERO


class Account(NamedTuple):
    """The account of one client; amounts in the currency of the store.

    ``spent`` is the worth of all services and goods, net of what was taken back. ``limit`` is the
    agreed credit or None. ``problems`` are the amounts that could not be counted.
    """

    lines: tuple[Line, ...] = ()
    spent: Decimal = ZERO
    limit: Decimal | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def balance(self) -> Decimal:
        """Return the prepayment, or the debt as a number below zero."""
        return self.lines[-1].balance if self.lines else ZERO

    @property
    def debt(self) -> Decimal:
        """Return what the client owes, at least zero."""
        return max(-self.balance, ZERO)

    @property
    def prepayment(self) -> Decimal:
        """Return what the client has paid ahead, at least zero."""
        return max(self.balance, ZERO)

    @property
    def paid(self) -> Decimal:
        """Return the sum of the recorded payments."""
        return self._sum("payment")

    @property
    def refunded(self) -> Decimal:
        """Return the sum of the refunds."""
        return self._sum("refund")

    @property
    def assumed(self) -> Decimal:
        """Return what counts as paid though no payment says so."""
        return sum((line.assumed for line in self.lines), ZERO)

    @property
    def refundable(self) -> Decimal:
        """Return what was paid and not given back: no refund can be above it."""
        return self.paid + self.assumed - self.refunded

    @property
    def over_limit(self) -> Decimal:
        """Return by how much the debt is above the agreed credit, zero when it is not or none is agreed."""
        return ZERO if self.limit is None else max(self.debt - self.limit, ZERO)

    @property
    def debt_since(self) -> dt.date | None:
        """Return the day on which the debt began, or None without one."""
        since = None
        for line in self.lines:
            if line.balance >= 0:
                since = None
            elif since is None:
                since = dates.from_iso(line.entry.date)
        return since

    def _sum(self, part: Part) -> Decimal:
        return sum((line.amount for line in self.lines if line.part == part), ZERO)


def account(card: Card, rules: Rules, terms: Terms) -> Account:
    """Return the account of a client as of ``rules.today``."""
    problems: list[Problem] = []
    moves = sorted(_moves(card, rules, problems), key=_chronological)
    owed = _owed(moves, ALWAYS if card.value("credit_limit") else terms.paid_since)
    parts = {each.id: part for each, part, _amount in moves if each.id}
    lines: list[Line] = []
    balance = spent = ZERO
    for each, part, amount in moves:
        effect, assumed = amount, ZERO
        if part == "charge":
            covered = amount if id(each) in owed else min(max(balance, ZERO), amount)
            effect, assumed = -covered, amount - covered
            spent += amount
        elif part == "refund":
            effect = -_out_of_account(each, amount, balance, parts)
            spent -= amount + effect
        balance += effect
        lines.append(Line(each, part, amount, effect, balance, assumed))
    return Account(tuple(lines), spent, _limit(card, rules, problems), tuple(problems))


def _owed(moves: list[Move], paid_since: dt.date | None) -> set[int]:
    """Return the visits and sales (their identities) that payments are to cover."""
    charges = {each.id for each, part, _amount in moves if part == "charge" and each.id}
    paid = [each for each, part, _amount in moves if part == "payment"]
    named = {of for each in paid if (of := each.fields.get("of", "")) in charges}
    days = {each.date for each in paid if each.fields.get("of", "") not in charges}
    since = paid_since.isoformat() if paid_since else ""
    return {
        id(each)
        for each, part, _amount in moves
        if part == "charge"
        and (each.id in named or each.date in days or (since and each.date >= since))
    }


def _out_of_account(
    refund: Entry, amount: Decimal, balance: Decimal, parts: dict[str, Part]
) -> Decimal:
    """Return how much of a refund is money given back and not a service or goods taken back."""
    of = parts.get(refund.fields.get("of", ""))
    if of == "payment":
        return amount
    return ZERO if of == "charge" else min(max(balance, ZERO), amount)


def _chronological(move: Move) -> tuple[str, int, str, int]:
    """Within a day what was done comes first, then what was paid, then what was given back."""
    each, part, _amount = move
    return each.date, _ORDER.index(part), each.time, each.line


def _moves(card: Card, rules: Rules, problems: list[Problem]) -> Iterator[Move]:
    today = rules.today.isoformat()
    for each in card.entries:
        part = _PARTS.get(each.kind)
        if part is None or each.date > today:
            continue
        try:
            amount = worth(each, rules.currency)
        except BadValueError as error:
            problems.append(Problem(each.line, _not_counted(str(error)), "warning"))
            continue
        if amount is not None:
            yield each, part, amount


def _not_counted(reason: str) -> str:
    return _("not counted: {reason}").format(reason=reason)


def worth(entry: Entry, currency: str) -> Decimal | None:
    """Return what an entry is worth, or None when it says nothing: price by quantity, or its amount.

    Raises :class:`BadValueError` for what is no amount, for one in another currency, and for a
    quantity that is no number.
    """
    typed = entry.fields.get("price" if entry.kind in {"visit", "sale"} else "amount", "")
    if not typed:
        return None
    amount = parse_money(typed, currency)
    count = entry.fields.get("qty", "") if entry.kind == "sale" else ""
    if not count:
        return amount
    quantity = decimal(count)
    if quantity is None or quantity < 0:
        raise BadValueError(_("“{value}” is not a quantity").format(value=count))
    try:
        return (amount * quantity).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        raise BadValueError(_("{value} is too large to count").format(value=amount)) from None


def known_worth(entry: Entry, currency: str) -> Decimal | None:
    """Return what :func:`worth` does, and None too for an amount that cannot be read."""
    try:
        return worth(entry, currency)
    except BadValueError:
        return None


def _limit(card: Card, rules: Rules, problems: list[Problem]) -> Decimal | None:
    typed = card.value("credit_limit")
    if not typed:
        return None
    try:
        return parse_money(typed, rules.currency)
    except BadValueError as error:
        line = card.line_of("credit_limit")
        problems.append(Problem(line, _not_counted(str(error)), "warning"))
        return None
