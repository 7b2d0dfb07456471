"""Commands about money: what a client owes or has paid ahead, and who owes."""

from __future__ import annotations

from typing import Any

import typer

from cardcli import money
from cardcli.card import Card
from cardcli.cli import options, overview, ui
from cardcli.cli.overview import Overview, Row, amount_json, iso
from cardcli.cli.session import Session, open_session
from cardcli.entry import Entry
from cardcli.errors import CardcliError
from cardcli.fields import plain
from cardcli.language import _
from cardcli.money import Account, Line
from cardcli.record import Record

app = typer.Typer()


@app.command(
    "balance",
    help=_(
        "Show what a client owes or has paid ahead, line by line. A visit or sale is owed when a payment of the same day or for that entry is recorded; the rest counts as paid on the spot. With “payments: recorded” in cardcli.yaml all of them are owed until they are paid."
    ),
    epilog=_("Example: cardcli balance ivanova"),
)
def balance(
    client: options.Client,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    must_see_money(session)
    record = session.resolve(client)
    view = Overview(session, record.card)
    if as_json:
        ui.json(account_json(record, view.account))
        return
    warn(record, view.account)
    for line in overview.lines(_summary(view)):
        ui.out(line)
    if view.account.lines:
        ui.out("")
        ui.table(
            [_("Date"), _("What"), _("Amount"), _("Balance"), _("Entry")],
            [_row(view, line) for line in view.account.lines],
            no_header=no_header,
        )


class HiddenMoneyError(CardcliError):
    """The role of this run does not see all that an account is made of."""

    def __init__(self) -> None:
        super().__init__(_("This role does not see all visits, purchases and payments."))


def must_see_money(session: Session) -> None:
    """Raise :class:`HiddenMoneyError` when a part of the accounts is hidden: the rest would mislead."""
    if money.KINDS & session.hidden:
        raise HiddenMoneyError


def warn(record: Record, account: Account) -> None:
    """Name the amounts that were left out."""
    for problem in account.problems:
        ui.warn(f"{record.path}:{problem.line}: {problem.message}")


def tell_balance(session: Session, card: Card, entry: Entry) -> None:
    """Say what a new entry of money comes to: a debt above the agreed credit; after a payment, the balance."""
    if entry.kind not in money.KINDS:
        return
    view = Overview(session, card)
    said = _("{name}: {debt}").format(name=card.name, debt=view.balance_words())
    if view.account.over_limit:
        ui.warn(said)
    elif entry.kind in {"payment", "refund"} and ui.terminal_output():
        ui.say(said)


def _summary(view: Overview) -> list[Row]:
    account = view.account
    rows = [
        (_("Balance"), view.balance_words()),
        (_("Spent in all"), view.money(account.spent)),
        (_("Payments"), view.money(account.paid)),
    ]
    if account.assumed:
        rows.append((_("Counted as paid on the spot"), view.money(account.assumed)))
    if account.refunded:
        rows.append((_("Refunds"), view.money(account.refunded)))
    if account.limit is not None:
        rows.append((_("Credit limit"), view.money(account.limit)))
    return rows


def _row(view: Overview, line: Line) -> list[str]:
    sign = "+" if line.part == "payment" else "−"
    what = line.entry.title
    if line.assumed:
        what += " " + _("(paid on the spot)")
    if line.part == "refund":
        what = _("Refund: {what}").format(what=what)
    return [
        view.date(line.entry.date),
        what,
        f"{sign}{view.money(line.amount)}",
        ("−" if line.balance < 0 else "") + view.money(abs(line.balance)),
        line.entry.id,
    ]


def account_json(record: Record, account: Account) -> dict[str, Any]:
    """Return an account for programs; the balance is below zero for a debt."""
    return {
        "id": record.card.id,
        "name": record.card.name,
        "balance": plain(account.balance),
        "debt": plain(account.debt),
        "debt_since": iso(account.debt_since),
        "prepayment": plain(account.prepayment),
        "spent": plain(account.spent),
        "paid": plain(account.paid),
        "assumed_paid": plain(account.assumed),
        "refunded": plain(account.refunded),
        "refundable": plain(account.refundable),
        "credit_limit": amount_json(account.limit),
        "over_limit": plain(account.over_limit),
        "lines": [
            {
                "entry": line.entry.id or None,
                "kind": line.entry.kind,
                "date": line.entry.date,
                "title": line.entry.title,
                "amount": plain(line.amount),
                "effect": plain(line.effect),
                "assumed_paid": plain(line.assumed),
                "balance": plain(line.balance),
            }
            for line in account.lines
        ],
        "problems": [
            {"line": each.line, "severity": each.severity, "message": each.message}
            for each in account.problems
        ],
    }


@app.command(
    "debtors",
    help=_("List the clients who owe money, the largest debt first."),
    epilog=_("Example: cardcli debtors"),
)
def debtors(
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    must_see_money(session)
    found = _debtors(session)[:limit]
    if as_json:
        ui.json([_debtor_json(record, account) for record, account in found])
        return
    ui.table(
        [_("Id"), _("Name"), _("Debt"), _("Since"), _("Above the limit"), _("Phone")],
        [_debtor_row(session, record) for record, _account in found],
        no_header=no_header,
    )


def _debtors(session: Session) -> list[tuple[Record, Account]]:
    found = []
    for record in session.records():
        account = money.account(record.card, session.rules, session.config.terms)
        warn(record, account)
        if account.debt:
            found.append((record, account))
    return sorted(found, key=lambda pair: (-pair[1].debt, pair[0].card.name, pair[0].card.id))


def _debtor_row(session: Session, record: Record) -> list[str]:
    view = Overview(session, record.card)
    account = view.account
    return [
        record.card.id,
        record.card.name,
        view.money(account.debt),
        view.date(account.debt_since.isoformat()) if account.debt_since else "",
        view.money(account.over_limit) if account.over_limit else "",
        session.phone(record.card),
    ]


def _debtor_json(record: Record, account: Account) -> dict[str, Any]:
    return {
        "id": record.card.id,
        "number": record.card.number or None,
        "name": record.card.name,
        "debt": plain(account.debt),
        "since": iso(account.debt_since),
        "credit_limit": amount_json(account.limit),
        "over_limit": plain(account.over_limit),
        "phones": record.card.values("phones"),
    }
