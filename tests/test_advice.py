from __future__ import annotations

import datetime as dt

import pytest

from cardcli.advice import Advice, adherence, all_of
from tests.cardtexts import RULES, card


def read(line: str) -> Advice:
    (found,) = all_of(card(advice=f"{line} ^r00001"), RULES)
    return found


def day(month: int, number: int) -> dt.date:
    return dt.date(2026, month, number)


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("2026-06-01 Маска [every:: 1w]", day(6, 8)),
        ("2026-06-01 Маска [every:: 1w] [done:: 2026-06-08, 2026-06-15]", day(6, 22)),
        ("2026-06-01 Маска [every:: 1w] [until:: 2026-06-20] [done:: 2026-06-15]", None),
        ("2026-06-01 Маска [every:: 1w] [until:: 2026-06-14]", None),
        ("2026-06-01 Маска [every:: 1w] [times:: 2] [done:: 2026-06-03]", day(6, 10)),
        ("2026-06-01 Маска [every:: 1w] [times:: 2] [done:: 2026-06-03, 2026-06-04]", None),
        ("2026-01-31 Массаж [every:: 1m]", day(2, 28)),
        ("2026-06-01 Сдать анализ [until:: 2026-06-10]", day(6, 10)),
        ("2026-06-01 Сдать анализ [until:: 2026-06-10] [done:: 2026-06-05]", None),
        ("2026-06-01 Сеансы [until:: 2026-06-10] [times:: 3] [done:: 2026-06-05]", day(6, 10)),
        ("2026-06-01 Пить воду", None),
        ("2026-06-01 Маска [every:: 1w] [status:: done]", None),
        ("2026-06-01 Маска [every:: 1w] [status:: cancelled]", None),
        ("2026-06-01 Маска [every:: 1w] [status:: partial]", day(6, 8)),
        ("2026-06-01 Маска [every:: когда-нибудь]", None),
        ("2026-06-01 Маска [every:: 9999y]", None),
    ],
)
def test_when_a_recommendation_is_next_due(line: str, due: dt.date | None) -> None:
    assert read(line).due == due


@pytest.mark.parametrize(
    ("line", "expected", "followed"),
    [
        # the weeks end on 8 and 15 June: today counts
        ("2026-06-01 Маска [every:: 1w]", 2, 0),
        ("2026-06-01 Маска [every:: 1w] [done:: 2026-06-08, 2026-06-15]", 2, 2),
        ("2026-06-01 Маска [every:: 1w] [done:: 2026-06-02, 2026-06-03]", 2, 1),
        ("2026-06-01 Маска [every:: 1w] [done:: 2026-06-01]", 2, 1),
        ("2026-06-01 Маска [every:: 1w] [until:: 2026-06-10]", 1, 0),
        ("2026-05-01 Маска [every:: 1w] [times:: 3] [done:: 2026-05-07]", 3, 1),
        ("2026-05-01 Маска [every:: 1w] [times:: 2] [done:: 2026-05-02, 2026-05-03]", 2, 2),
        ("2026-06-10 Маска [every:: 1w]", 0, 0),
        ("2026-06-01 Анализ [until:: 2026-06-15]", 0, 0),
        ("2026-06-01 Анализ [until:: 2026-06-14]", 1, 0),
        ("2026-06-01 Анализ [until:: 2026-06-30] [done:: 2026-06-02]", 1, 1),
        ("2026-06-01 Анализ [status:: done]", 1, 1),
        ("2026-06-01 Анализ [status:: not-done]", 1, 0),
        ("2026-06-01 Пить воду", 0, 0),
        ("2026-06-01 Маска [every:: 1w] [status:: done]", 2, 2),
    ],
)
def test_how_often_it_should_have_been_followed_and_was(
    line: str, expected: int, followed: int
) -> None:
    found = read(line).adherence
    assert (found.expected, found.followed) == (expected, followed)


def test_adherence_is_over_all_that_was_not_cancelled() -> None:
    found = all_of(
        card(
            advice="""
            2026-06-01 Маска [every:: 1w] [done:: 2026-06-08] ^r00001
            2026-06-01 Анализ [until:: 2026-06-10] [done:: 2026-06-05] ^r00002
            2026-05-01 Диета [every:: 1d] [status:: cancelled] ^r00003
            2026-06-20 Завтра [every:: 1d] ^r00004
            """
        ),
        RULES,
    )
    total = adherence(found)
    assert (total.expected, total.followed, total.percent) == (3, 2, 67)
    assert adherence([]).percent is None
