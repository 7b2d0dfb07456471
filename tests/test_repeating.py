"""The same services as last time, once more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

BODY = """
## Услуги

- 2026-05-01 Стрижка [price:: 2500] [staff:: Ольга] ^a00001
- 2026-06-01 10:00 Окрашивание [price:: 5200] [staff:: Инна] [duration:: 120] [products:: 7/1] [rating:: 5] [feedback:: чудо] [wish:: тише] ^a00002
  Подробно.
- 2026-06-01 12:00 Уход [price:: 2700] [zone:: концы] ^a00003
- 2026-06-20 Маникюр ^a00004
"""


@pytest.fixture
def client(salon: Path, maria: str) -> str:
    """Give the client visits, one of them booked."""
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + BODY, "utf-8")
    return maria


def test_all_services_of_the_last_visit_are_recorded_today(
    cli: Cli, salon: Path, client: str
) -> None:
    result = cli("repeat", client)
    assert result.code == 0, result.err
    one, two = result.ids()
    added = [line for line in only_card(salon).read_text("utf-8").split("\n") if "06-15" in line]
    assert added[1:] == [
        f"- 2026-06-15 Окрашивание [price:: 5200] [staff:: Инна] [duration:: 120] [products:: 7/1] ^{one}",
        f"- 2026-06-15 Уход [price:: 2700] [zone:: концы] ^{two}",
    ]  # fmt: skip


def test_it_is_one_change_in_git(cli: Cli, client: str) -> None:
    one, two = cli("repeat", client).ids()
    history = json.loads(cli("history", client, "--json").out)
    assert history[0]["subject"] == f"repeat {client} {one} {two}"


def test_one_service_can_be_named_and_corrected(cli: Cli, client: str) -> None:
    result = cli(
        "repeat", client, "--service", "стриж", "--date", "2026-06-10", "--time", "14:00",
        "--price", "2700", "--staff", "Тимур", "--note", "как в мае", "--json",
    )  # fmt: skip
    (entry,) = json.loads(result.out)
    assert (entry["date"], entry["time"], entry["title"]) == ("2026-06-10", "14:00", "Стрижка")
    assert entry["fields"] == {"price": "2700", "staff": "Тимур"}
    assert entry["text"] == "как в мае"


def test_another_price_in_the_catalogue_is_told(cli: Cli, salon: Path, client: str) -> None:
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8").replace("services: {}", "services: {Стрижка: 2900}")
    settings.write_text(text, "utf-8")
    result = cli("repeat", client, "--service", "Стрижка")
    assert "“Стрижка” is recorded at 2500; the catalogue says 2900 now" in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--price", "3000"], 2, "several services (Окрашивание, Уход); name one with --service"),
        (["--service", "Визаж"], 1, "Иванова Мария Петровна has no earlier visit to repeat."),
        (["--date", "2026-05-01"], 1, "has no earlier visit to repeat."),
        (["--date", "2026-07-01"], 2, "lies in the future"),
        (["--price", "дорого", "--service", "Уход"], 2, "is not an amount of money"),
    ],
)
def test_what_cannot_be_repeated_is_one_sentence(
    cli: Cli, salon: Path, client: str, arguments: list[str], code: int, sentence: str
) -> None:
    before = only_card(salon).read_bytes()
    result = cli("repeat", client, *arguments)
    assert result.code == code
    assert sentence in result.err
    assert only_card(salon).read_bytes() == before


def test_what_is_not_safe_is_not_repeated(cli: Cli, salon: Path, client: str) -> None:
    assert cli("set", client, "contraindications=окрашивание").code == 0
    before = only_card(salon).read_bytes()
    result = cli("repeat", client)
    assert result.code != 0
    assert "окрашивание" in result.err
    assert only_card(salon).read_bytes() == before
    forced = cli("repeat", client, "--force", "--reason", "письмо от врача")
    assert forced.code == 0, forced.err
    assert "[reason:: письмо от врача]" in only_card(salon).read_text("utf-8")
