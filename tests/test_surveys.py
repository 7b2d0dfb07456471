from __future__ import annotations

from decimal import Decimal

import pytest

from cardcli.errors import BadValueError
from cardcli.fields import parse_scale
from cardcli.surveys import Opinion, check_score, nps, opinions, summaries
from tests.cardtexts import RULES, card

FIVE, TEN = parse_scale("1-5"), parse_scale("0-10")


def test_a_score_outside_its_scale_is_refused() -> None:
    assert check_score("10", TEN) == 10
    with pytest.raises(BadValueError, match="the score 11 is outside the scale 0 to 10"):
        check_score("11", TEN)
    with pytest.raises(BadValueError, match="not a number"):
        check_score("отлично", TEN)


CARD = card(
    visit="""
    2026-05-01 Стрижка [staff:: Ольга] [rating:: 5] [feedback:: всё понравилось] ^a00001
    2026-05-01 Окрашивание [staff:: Инна] [rating:: 2] ^a00002
    2026-06-01 Маникюр [staff:: Инна] ^a00003
    """,
    survey="""
    2026-05-02 Качество [score:: 9] [scale:: 0-10] [staff:: ольга] [result:: хорошо] ^s00001
    2026-06-02 Качество [score:: 6] [scale:: 0-10] [conclusion:: долго ждала] ^s00002
    2026-06-03 качество [score:: 11] [scale:: 0-10] ^s00003
    2026-06-04 Пожелания [wish:: открыться в воскресенье] ^s00004
    2026-06-20 Завтра [score:: 1] ^s00005
    """,
)


def found() -> list[Opinion]:
    return opinions(CARD, RULES)[0]


def test_surveys_and_rated_visits_are_opinions() -> None:
    assert [each.entry.id for each in found()] == ["a00001", "a00002", "s00001", "s00002", "s00004"]
    assert found()[3].texts == {"conclusion": "долго ждала"}


def test_a_score_outside_its_scale_is_reported_and_not_counted() -> None:
    (problem,) = opinions(CARD, RULES)[1]
    assert (problem.line, problem.severity) == (18, "warning")
    assert "11" in problem.message


def test_a_survey_concerns_the_services_of_the_last_visit() -> None:
    assert [each.services for each in found()] == [
        ("Стрижка",), ("Окрашивание",), ("Стрижка", "Окрашивание"), ("Маникюр",), ("Маникюр",),
    ]  # fmt: skip
    named = card(
        visit="2026-05-01 Стрижка ^a00001\n2026-05-02 Маникюр ^a00002",
        survey="2026-05-03 Качество [of:: a00001] ^s00001\n2026-05-03 К [service:: Визаж] ^s00002",
    )
    assert [each.services for each in opinions(named, RULES)[0]] == [("Стрижка",), ("Визаж",)]


def test_scales_are_never_mixed() -> None:
    whole = summaries(found(), lambda _each: [""])
    assert [(each.scale, each.count, each.mean, each.nps) for each in whole] == [
        (TEN, 2, Decimal("7.50"), 0),  # one promoter, one detractor
        (FIVE, 2, Decimal("3.50"), None),
    ]
    assert whole[0].distribution == {str(at): int(at in {6, 9}) for at in range(11)}
    assert whole[1].distribution == {"1": 0, "2": 1, "3": 0, "4": 0, "5": 1}


def test_scores_are_counted_by_staff_however_the_name_is_written() -> None:
    by_staff = summaries(found(), lambda each: [each.staff] if each.staff else [])
    rows = [(each.label, str(each.scale), each.count, each.mean) for each in by_staff]
    assert rows == [
        ("Инна", "1-5", 1, Decimal("2.00")),
        ("Ольга", "0-10", 1, Decimal("9.00")),
        ("Ольга", "1-5", 1, Decimal("5.00")),
    ]


def test_a_long_scale_lists_only_the_scores_given() -> None:
    long = card(survey="2026-05-03 К [score:: 70.5] [scale:: 0-100] ^s00001")
    (summary,) = summaries(opinions(long, RULES)[0], lambda _each: [""])
    assert summary.distribution == {"70.5": 1}
    assert summary.mean == Decimal("70.50")


def test_the_net_promoter_score_leaves_sevens_and_eights_aside() -> None:
    given = [Decimal(each) for each in (10, 9, 8, 7, 6, 0, 10)]
    assert nps(TEN, given) == 14  # (3 - 2) of 7
    assert nps(parse_scale("10"), given) is None
    assert nps(TEN, []) is None


@pytest.mark.parametrize(
    ("score", "scale", "low"),
    [
        ("6", "0-10", True),
        ("7", "0-10", False),
        ("3", "5", True),
        ("4", "5", False),
        ("2", "", True),
    ],
)
def test_a_low_score_is_in_the_lower_six_tenths(score: str, scale: str, low: bool) -> None:
    (opinion,) = opinions(
        card(survey=f"2026-05-03 К [score:: {score}] [scale:: {scale}] ^s00001"), RULES
    )[0]
    assert opinion.low is low
