from __future__ import annotations

import datetime as dt

import pytest

from cardcli.config import BadConfigError, parse
from cardcli.dates import Period
from cardcli.terms import ALWAYS, Terms


def test_without_a_word_the_usual_terms_hold() -> None:
    assert parse("").terms == Terms()
    assert parse("payments:\nstatus:\nservices: {}\n").terms == Terms()


@pytest.mark.parametrize(
    ("payments", "since"),
    [("assumed", None), ("recorded", ALWAYS), ("2026-01-01", dt.date(2026, 1, 1))],
)
def test_payments_are_assumed_or_recorded_from_a_day_on(
    payments: str, since: dt.date | None
) -> None:
    assert parse(f"payments: {payments}\n").terms.paid_since == since


def test_the_bounds_of_the_status_are_periods() -> None:
    terms = parse("status:\n  sleeping: 6w\n  gone: 9м\n").terms
    assert (terms.new, terms.sleeping, terms.gone) == (
        Period(1, "m"),
        Period(6, "w"),
        Period(9, "m"),
    )


def test_services_may_say_how_often_they_are_taken() -> None:
    settings = parse("services:\n  Стрижка: {price: 2500, every: 6w}\n  Визаж: 3000\n  Укладка:\n")
    assert [(each.name, each.price) for each in settings.services] == [
        ("Стрижка", "2500"),
        ("Визаж", "3000"),
        ("Укладка", ""),
    ]
    assert settings.terms.rhythms == {"стрижка": Period(6, "w")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("payments: always\n", "2: “payments” must be assumed, recorded or a day"),
        ("payments: 2026-02-30\n", "2: “payments” must be"),
        ("payments: [recorded]\n", "2: “payments” must be one value"),
        ("status: new\n", "2: “status” must be a mapping"),
        ("status: {asleep: 3m}\n", "2: “asleep” is not one of: new, sleeping, gone"),
        ("status:\n  new: 1m\n  gone: долго\n", "4: gone: “долго” is not a period"),
        ("status: {gone: 9999y}\n", "2: gone: “9999y” is not a period"),
        ("status: {gone: 2m}\n", "2: “gone” must be a longer time than “sleeping”"),
        ("services: {Стрижка: {every: often}}\n", "2: every: “often” is not a period"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(BadConfigError, match=r"cardcli\.yaml:") as error:
        parse(f"language: ru\n{text}")
    assert reason in str(error.value)
