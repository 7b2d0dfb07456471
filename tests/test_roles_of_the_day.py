"""What the commands of the day tell a role that does not see all of a card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

BODY = """
## Услуги

- 2026-05-01 Стрижка [price:: 2500] ^a00001

## Платежи

- 2026-05-01 Часть [amount:: 1000] ^c00001

## Рекомендации

- 2026-06-01 Окрашивание [kind:: service] ^r00001
"""


@pytest.fixture
def client(salon: Path, cli: Cli, maria: str) -> str:
    """Fill a card, and make a role that sees no payments and no allergies."""
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + BODY, "utf-8")
    assert cli("set", maria, "allergies=окрашивание").code == 0
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8")
    roles = "roles:\n  reception:\n    hide: [payment, allergies]"
    settings.write_text(text.replace("roles: {}", roles), "utf-8")
    return maria


def test_a_debt_is_not_told_to_who_sees_only_a_part_of_the_money(
    cli: Cli, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Debt" in cli("due").out
    monkeypatch.setenv("CARDCLI_ROLE", "reception")
    assert "Debt" not in cli("due").out
    assert "Balance" not in cli("brief", client).out
    facts = json.loads(cli("show", client, "--json").out)["facts"]
    assert (facts["balance"], facts["spent"], facts["visits"]) == (None, None, 1)
    for arguments in (["balance", client], ["debtors"]):
        result = cli(*arguments)
        assert (result.code, result.out) == (2, "")
        assert "This role does not see all visits, purchases and payments." in result.err


def test_what_a_role_does_not_see_is_not_offered_against_all_the_same(
    cli: Cli, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = " ! Do not offer: Окрашивание — "
    assert said + "Allergies: окрашивание\n" in cli("next", client).out
    monkeypatch.setenv("CARDCLI_ROLE", "reception")
    assert said + "this role does not see why\n" in cli("next", client).out
    found = json.loads(cli("next", client, "--json").out)
    assert found["withhold"] == [{"what": "Окрашивание", "reason": "health", "text": None}]
    assert "Allergies" not in cli("brief", client, "--role", "reception").out


def test_an_unpaid_visit_is_a_payment_of_nothing(cli: Cli, maria: str) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    assert cli("debtors").out == ""
    assert cli("pay", maria, "0", "--of", visit).code == 0
    assert cli("debtors").out.startswith(f"{maria}\t")
    assert cli("pay", maria, "2500", "--of", visit).code == 0
    assert cli("debtors").out == ""
