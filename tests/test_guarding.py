"""What goes against a client's health or consents is stopped, or done with a reason that is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

Snapshot = Callable[[Path], dict[str, bytes]]
RULES = """
safety:
  - services: [Окрашивание]
    patch_test: краска для волос
    valid: 6m
    consent: health
    say: Предложите бальзам.
"""


@pytest.fixture
def careful(salon: Path, maria: str, cli: Cli) -> str:
    """Give the salon a rule and the client an allergy."""
    path = salon / "cardcli.yaml"
    path.write_text(path.read_text("utf-8").replace("safety: []", RULES), "utf-8")
    assert cli("set", maria, "allergies+=лидокаин — отёк Квинке").code == 0
    return maria


@pytest.mark.parametrize(
    "arguments",
    [
        ("visit", "M", "Анестезия лидокаином"),
        ("visit", "M", "Чистка", "--products", "спрей с лидокаином"),
        ("sell", "M", "Лидокаиновая мазь"),
        ("advise", "M", "Мазать лидокаином"),
        ("add", "visit", "M", "Лидокаин"),
    ],
)
def test_an_allergy_stops_a_service_a_sale_and_an_advice(
    salon: Path, careful: str, cli: Cli, snapshot: Snapshot, arguments: tuple[str, ...]
) -> None:
    before = snapshot(salon)
    words = [careful if each == "M" else each for each in arguments]
    result = cli(*words)
    assert (result.code, result.out) == (10, "")
    assert result.err == (
        "cardcli: Not safe for Иванова Мария Петровна:\n"
        " ! Allergies: лидокаин — отёк Квинке\n"
        "Nothing was changed. To do it all the same: --force --reason “why”.\n"
    )
    assert snapshot(salon) == before
    forced = cli(*words, "--force", "--reason", "врач разрешил")
    assert forced.code == 0
    assert "warning: Allergies: лидокаин" in forced.err
    assert "[reason:: врач разрешил]" in only_card(salon).read_text("utf-8")


def test_a_rule_is_satisfied_by_a_test_and_a_consent(careful: str, cli: Cli) -> None:
    stopped = cli("visit", careful, "Окрашивание корней")
    assert stopped.code == 10
    assert "There is no patch test for “краска для волос”." in stopped.err
    assert "There is no consent: health data." in stopped.err
    assert "Предложите бальзам." in stopped.err
    assert cli("patch-test", careful, "Краска для волос", "--result", "negative").code == 0
    assert cli("consent", careful, "health").code == 0
    assert cli("visit", careful, "Окрашивание корней").code == 0
    assert cli("consent", careful, "health", "--withdraw").code == 0
    assert "The consent was withdrawn" in cli("visit", careful, "Окрашивание корней").err


def test_a_correction_that_makes_a_visit_unsafe_is_warned_of(careful: str, cli: Cli) -> None:
    visit = cli("visit", careful, "Чистка").ids()[0]
    result = cli("amend", careful, visit, "products=лидокаин")
    assert (result.code, "warning: Allergies: лидокаин" in result.err) == (0, True)
    assert "warning" not in cli("amend", careful, visit, "price=100").err


def test_a_needless_force_leaves_no_reason(careful: str, salon: Path, cli: Cli) -> None:
    assert cli("visit", careful, "Стрижка", "--force", "--reason", "так надо").code == 0
    assert "так надо" not in only_card(salon).read_text("utf-8")


def test_a_rule_for_an_unknown_service_is_a_problem_with_its_line(
    careful: str, salon: Path, cli: Cli
) -> None:
    assert careful
    path = salon / "cardcli.yaml"
    path.write_text(path.read_text("utf-8").replace("services: {}", "services: [Стрижка]"), "utf-8")
    line = path.read_text("utf-8").splitlines().index("  - services: [Окрашивание]") + 1
    result = cli("check")
    assert result.code == 1
    assert result.out.startswith(f"cardcli.yaml:{line}: error C053: the safety rule names")


def test_a_damaged_rule_stops_every_command_with_its_line(
    salon: Path, maria: str, cli: Cli
) -> None:
    path = salon / "cardcli.yaml"
    path.write_text("safety:\n  - services: [x]\n    alergens: [y]\n", "utf-8")
    result = cli("show", maria)
    assert (result.code, result.err.startswith("cardcli: cardcli.yaml:3: ")) == (7, True)
