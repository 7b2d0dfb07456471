from __future__ import annotations

import datetime as dt

import pytest

from cardcli.birthdays import age, coming

TODAY = dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("born", "next_one", "turns"),
    [
        ("1990-06-15", dt.date(2026, 6, 15), 36),
        ("1990-06-14", dt.date(2027, 6, 14), 37),
        ("2025-12-31", dt.date(2026, 12, 31), 1),
    ],
)
def test_the_next_birthday_may_be_today(born: str, next_one: dt.date, turns: int) -> None:
    assert coming(born, TODAY) == next_one
    assert age(born, next_one) == turns


def test_the_29th_of_february_is_the_28th_in_common_years() -> None:
    born = "1992-02-29"
    assert coming(born, dt.date(2026, 1, 1)) == dt.date(2026, 2, 28)
    assert coming(born, dt.date(2028, 2, 28)) == dt.date(2028, 2, 29)
    assert coming("--02-29", dt.date(2026, 3, 1)) == dt.date(2027, 2, 28)
    assert age(born, dt.date(2026, 2, 27)) == 33
    assert age(born, dt.date(2026, 2, 28)) == 34
    assert age(born, dt.date(2028, 2, 28)) == 35


def test_without_a_year_there_is_a_birthday_and_no_age() -> None:
    assert coming("--07-01", TODAY) == dt.date(2026, 7, 1)
    assert age("--07-01", TODAY) is None


@pytest.mark.parametrize("value", ["", "--02-30", "летом", "1990-13-01"])
def test_what_is_no_birthday_gives_nothing(value: str) -> None:
    assert coming(value, TODAY) is None
    assert age(value, TODAY) is None


def test_before_birth_there_is_no_age() -> None:
    assert age("2026-07-01", TODAY) is None
