from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli.errors import BadValueError
from cardcli.fields import (
    Field,
    Rules,
    Type,
    check,
    parse_money,
    plain,
    show,
    show_money,
    show_period,
)
from cardcli.language import activate

RULES = Rules(dt.date(2026, 6, 15), "RUB")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2500", "2500"),
        ("2 500,50", "2500.50"),
        ("2500.5 ₽", "2500.50"),
        ("14 800 руб.", "14800"),
        ("0", "0"),
    ],
)
def test_money_is_read_as_people_write_it(typed: str, stored: str) -> None:
    assert check(Field("price", Type.MONEY), typed, RULES) == stored


@pytest.mark.parametrize(
    "typed", ["дорого", "1,500", "1.500.000", "2500,555", "1e3", "NaN", "--5", "12 50"]
)
def test_what_is_no_money_is_refused(typed: str) -> None:
    with pytest.raises(BadValueError, match="not an amount"):
        parse_money(typed, "RUB")


def test_negative_amounts_and_other_currencies_are_refused_by_name() -> None:
    with pytest.raises(BadValueError, match="below zero"):
        parse_money("-5", "RUB")
    with pytest.raises(BadValueError, match="EUR"):
        parse_money("30 €", "RUB")


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_stored_money_keeps_its_value(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount
    assert parse_money(plain(amount), "RUB") == amount


def test_money_is_shown_as_the_language_writes_it() -> None:
    assert show_money(Decimal(14800), "ru", "RUB") == "14\u202f800\u00a0₽"
    assert show_money(Decimal("2500.50"), "ru", "RUB") == "2500,50\u00a0₽"
    assert show_money(Decimal("1234.5"), "en", "USD") == "$1,234.50"
    assert show_money(Decimal(-12), "en", "USD") == "-$12"


def test_a_wrong_choice_lists_the_allowed_ones_and_names_the_nearest() -> None:
    field = Field("kind", Type.CHOICE, "Kind", (("service", "service"), ("product", "product")))
    assert check(field, "Product", RULES) == "product"
    with pytest.raises(
        BadValueError,
        match=r"Kind: “prodct” is not one of: service, product\. Did you mean “product”\?",
    ):
        check(field, "prodct", RULES)


def test_a_wrong_choice_lists_the_words_of_the_language_beside_the_keys() -> None:
    field = Field("channel", Type.CHOICE, "Channel", (("call", "call"), ("chat", "chat")))
    activate("ru")
    with pytest.raises(BadValueError, match=r"можно: call \(звонок\), chat \(переписка\)"):
        check(field, "факс", RULES)


def test_numbers_stay_within_their_bounds() -> None:
    field = Field("rating", Type.NUMBER, "Rating", low=1, high=5)
    assert check(field, "4,5", RULES) == "4.5"
    with pytest.raises(BadValueError, match="outside 1 to 5"):
        check(field, "6", RULES)
    with pytest.raises(BadValueError, match="not a number"):
        check(field, "five", RULES)
    with pytest.raises(BadValueError, match="less than 0"):
        check(Field("qty", Type.NUMBER, low=0), "-1", RULES)


def test_an_empty_value_is_refused() -> None:
    with pytest.raises(BadValueError, match="empty"):
        check(Field("products", label="Products"), " \t ", RULES)


def test_lists_of_dates_are_stored_and_shown() -> None:
    field = Field("done", Type.DATES)
    assert check(field, "01.06; вчера", RULES) == "2026-06-01, 2026-06-14"
    assert show(field, "2026-06-01, 2026-06-14", "ru", "RUB") == "01.06.2026, 14.06.2026"


def test_periods_are_shown_in_words() -> None:
    assert show_period("1w", "en") == "every week"
    assert show_period("3m", "en") == "every 3 months"
    assert show_period("whenever", "en") == "whenever"
