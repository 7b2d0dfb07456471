from __future__ import annotations

import datetime as dt

import pytest

from cardcli.dates import (
    BadDateError,
    Period,
    parse_birthday,
    parse_date,
    parse_period,
    parse_time,
    show_date,
)
from cardcli.errors import BadValueError

BASE = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-05-14", "2026-05-14"), ("14.05.2026", "2026-05-14"), ("14.5", "2026-05-14"),
        ("сегодня", "2026-03-31"), ("вчера", "2026-03-30"), ("позавчера", "2026-03-29"),
        ("today", "2026-03-31"), ("Yesterday", "2026-03-30"), ("-3d", "2026-03-28"),
        ("-1m", "2026-02-28"), ("+2н", "2026-04-14"), ("-1г", "2025-03-31"),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_type_them(typed: str, expected: str) -> None:
    assert parse_date(typed, BASE).isoformat() == expected


@pytest.mark.parametrize("typed", ["31.02", "2026-02-30", "00.01.2026"])
def test_a_day_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(BadDateError, match="no such day"):
        parse_date(typed, BASE)


@pytest.mark.parametrize("typed", ["05/14/2026", "May 14", "14-05-2026", "", "3d", "-3x", "١٤.05"])
def test_anything_else_is_refused_not_guessed(typed: str) -> None:
    with pytest.raises(BadDateError):
        parse_date(typed, BASE)


def test_birthdays_may_lack_the_year_and_never_lie_ahead() -> None:
    assert parse_birthday("12.04", BASE) == "--04-12"
    assert parse_birthday("29.02", BASE) == "--02-29"
    assert parse_birthday("12.04.1990", BASE) == "1990-04-12"
    with pytest.raises(BadValueError, match="future"):
        parse_birthday("2027-01-01", BASE)
    with pytest.raises(BadDateError):
        parse_birthday("yesterday", BASE)


def test_a_period_keeps_to_the_end_of_the_month() -> None:
    assert Period(1, "m").after(dt.date(2024, 1, 31)) == dt.date(2024, 2, 29)
    assert Period(1, "y").after(dt.date(2024, 2, 29)) == dt.date(2025, 2, 28)
    assert Period(2, "w").after(dt.date(2026, 1, 1), 3) == dt.date(2026, 2, 12)


@pytest.mark.parametrize(
    ("typed", "stored"), [("3д", "3d"), ("2 недели", "2w"), ("1мес.", "1m"), ("1 год", "1y")]
)
def test_periods_are_read_in_both_languages(typed: str, stored: str) -> None:
    assert str(parse_period(typed)) == stored


@pytest.mark.parametrize("typed", ["0d", "w", "99999d", "1.5m"])
def test_what_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(BadValueError, match="not a period"):
        parse_period(typed)


def test_times_are_checked() -> None:
    assert parse_time("9.05") == "09:05"
    with pytest.raises(BadValueError, match="not a time"):
        parse_time("24:00")


def test_dates_are_shown_as_the_language_writes_them() -> None:
    assert show_date("2026-05-04", "ru") == "04.05.2026"
    assert show_date("2026-05-04", "en") == "4\u00a0May\u00a02026"
    assert show_date("--05-04", "ru") == "04.05"
    assert show_date("circa 1800", "ru") == "circa 1800"
