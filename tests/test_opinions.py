"""What clients think, reported on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

BODY = """
## Услуги

- 2026-05-01 Стрижка [staff:: Ольга] [rating:: 5] [feedback:: всё понравилось] ^a00001
- 2026-06-01 Маникюр [staff:: Инна] [rating:: 2] ^a00002

## Опросы

- 2026-05-02 Качество [score:: 9] [scale:: 0-10] [staff:: Ольга] ^s00001
- 2026-06-02 Качество [score:: 6] [scale:: 0-10] [conclusion:: долго ждала] ^s00002
- 2026-06-03 Качество [score:: 11] [scale:: 0-10] ^s00003
"""


@pytest.fixture(autouse=True)
def _filled(salon: Path, maria: str) -> None:
    assert maria
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + BODY, "utf-8")


def test_the_report_tells_scores_and_words(cli: Cli) -> None:
    result = cli("surveys")
    assert result.code == 0
    assert "the score 11 is outside the scale 0 to 10" in result.err
    lines = result.out.split("\n")
    assert lines[0] == "Scale 0–10 · 2 scores · mean 7.50 · NPS 0"
    assert lines[2] == "     9    1 " + "▇" * 30
    assert lines[12] == "Scale 1–5 · 2 scores · mean 3.50"
    assert lines[19:] == [
        "By survey          Scale  Scores  Mean  NPS",
        "Ratings of visits  1–5    2       3.50",
        "Качество           0–10   2       7.50  0",
        "",
        "By staff  Scale  Scores  Mean  NPS",
        "Инна      1–5    1       2",
        "Ольга     0–10   1       9     100",
        "Ольга     1–5    1       5",
        "",
        "By service  Scale  Scores  Mean  NPS",
        "Маникюр     0–10   1       6     -100",
        "Маникюр     1–5    1       2",
        "Стрижка     0–10   1       9     100",
        "Стрижка     1–5    1       5",
        "",
        "What was said",
        "  2\xa0Jun\xa02026  Иванова Мария Петровна · Качество · 6 of 10",
        "              Conclusion: долго ждала",
        "  1\xa0May\xa02026  Иванова Мария Петровна · Стрижка · 5 of 5 · Ольга",
        "              Feedback: всё понравилось",
        "",
    ]


def test_the_report_is_told_to_programs(cli: Cli) -> None:
    found = json.loads(cli("surveys", "--json").out)
    assert set(found) == {"overall", "by_survey", "by_staff", "by_service", "opinions"}
    assert found["overall"][1] == {
        "label": None, "scale": "1-5", "count": 2, "mean": "3.50",
        "distribution": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}, "nps": None,
    }  # fmt: skip
    assert [each["low"] for each in found["opinions"]] == [True, True, False, False]


@pytest.mark.parametrize(
    ("arguments", "entries"),
    [
        (["--name", "кач"], ["s00002", "s00001"]),
        (["--staff", "ольга"], ["s00001", "a00001"]),
        (["--from", "01.06.2026"], ["s00002", "a00002"]),
        (["--from", "2026-05-02", "--to", "2026-06-01"], ["a00002", "s00001"]),
    ],
)
def test_the_report_can_be_narrowed(cli: Cli, arguments: list[str], entries: list[str]) -> None:
    found = json.loads(cli("surveys", *arguments, "--json").out)
    assert [each["entry"] for each in found["opinions"]] == entries


def test_days_in_the_wrong_order_are_refused(cli: Cli) -> None:
    result = cli("surveys", "--from", "2026-06-01", "--to", "2026-05-01")
    assert (result.code, result.out) == (2, "")
    assert "the first day (2026-06-01) is after the last (2026-05-01)" in result.err
    assert "is not a date" in cli("surveys", "--from", "весной").err
