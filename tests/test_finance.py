"""Balance and debtors on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Cli, only_card

BODY = """
## Услуги

- 2026-05-01 Стрижка [price:: 2500] ^a00001
- 2026-06-01 Окрашивание [price:: 5200.50] ^a00002

## Платежи

- 2026-06-01 Часть [amount:: 3000] ^c00001
"""


def fill(salon: Path, text: str = BODY) -> None:
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + text, "utf-8")


def test_the_balance_is_told_line_by_line(cli: Cli, salon: Path, maria: str) -> None:
    fill(salon)
    result = cli("balance", maria)
    assert result.code == 0, result.err
    assert result.out.split("\n") == [
        "Balance                      debt of ₽2,200.50 since 1\xa0Jun\xa02026",
        "Spent in all                 ₽7,700.50",
        "Payments                     ₽3,000",
        "Counted as paid on the spot  ₽2,500",
        "",
        "1 May 2026\tСтрижка (paid on the spot)\t−₽2,500\t₽0\ta00001",
        "1 Jun 2026\tОкрашивание\t−₽5,200.50\t−₽5,200.50\ta00002",
        "1 Jun 2026\tЧасть\t+₽3,000\t−₽2,200.50\tc00001",
        "",
    ]


def test_the_balance_is_told_to_programs(cli: Cli, salon: Path, maria: str) -> None:
    fill(salon)
    found = json.loads(cli("balance", maria, "--json").out)
    lines, problems = found.pop("lines"), found.pop("problems")
    assert found == {
        "id": maria, "name": "Иванова Мария Петровна", "balance": "-2200.50", "debt": "2200.50",
        "debt_since": "2026-06-01", "prepayment": "0", "spent": "7700.50", "paid": "3000",
        "assumed_paid": "2500", "refunded": "0", "refundable": "5500", "credit_limit": None,
        "over_limit": "0",
    }  # fmt: skip
    assert lines[2] == {
        "entry": "c00001", "kind": "payment", "date": "2026-06-01", "title": "Часть",
        "amount": "3000", "effect": "3000", "assumed_paid": "0", "balance": "-2200.50",
    }  # fmt: skip
    assert problems == []


def test_a_card_without_money_has_no_debt(cli: Cli, maria: str) -> None:
    assert cli("balance", maria).out.startswith("Balance       no debt\n")


def test_an_amount_that_cannot_be_counted_is_named_and_left_out(
    cli: Cli, salon: Path, maria: str
) -> None:
    fill(salon, BODY.replace("5200.50", "50 €"))
    result = cli("balance", maria)
    assert result.code == 0
    assert "not counted: “50 €” is in EUR, and this store counts in RUB" in result.err
    assert "Spent in all                 ₽2,500\n" in result.out


def test_debtors_are_listed_the_largest_debt_first(cli: Cli, salon: Path, maria: str) -> None:
    fill(salon)
    other = cli("new", "Петрова Анна").ids()[0]
    assert cli("set", other, "credit_limit=1000").code == 0
    visit = cli("visit", other, "Визаж", "--price", "4000")
    assert visit.code == 0
    assert (
        "Петрова Анна: debt of ₽4,000 since 15\xa0Jun\xa02026, ₽3,000 above the credit limit"
        in (visit.err)
    )
    assert cli("debtors").out.split("\n") == [
        f"{other}\tПетрова Анна\t₽4,000\t15 Jun 2026\t₽3,000\t",
        f"{maria}\tИванова Мария Петровна\t₽2,200.50\t1 Jun 2026\t\t8 (900) 000-01-27",
        "",
    ]
    found = json.loads(cli("debtors", "--json", "--limit", "1").out)
    assert [(each["id"], each["debt"], each["over_limit"]) for each in found] == [
        (other, "4000", "3000")
    ]


def test_without_debts_the_list_is_empty(cli: Cli, maria: str) -> None:
    assert maria
    assert cli("debtors").out == ""
    assert json.loads(cli("debtors", "--json").out) == []


def test_the_settings_decide_what_counts_as_paid(cli: Cli, salon: Path, maria: str) -> None:
    fill(salon)
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("payments: assumed", "payments: recorded"), "utf-8")
    assert json.loads(cli("balance", maria, "--json").out)["debt"] == "4700.50"
