from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from cardcli.fields import Rules, plain
from cardcli.money import Account, account
from cardcli.terms import ALWAYS, Terms
from tests.cardtexts import RULES, card

ASSUMED, RECORDED = Terms(), Terms(paid_since=ALWAYS)
VISITS = """
2026-05-01 Стрижка [price:: 2500] ^a00001
2026-06-01 Окрашивание [price:: 5200.50] ^a00002
"""


def of(terms: Terms = ASSUMED, head: str = "", **sections: str) -> Account:
    return account(card(head, **sections), RULES, terms)


def plainly(*amounts: Decimal) -> tuple[str, ...]:
    return tuple(plain(amount) for amount in amounts)


def test_nobody_is_a_debtor_only_because_no_payment_is_recorded() -> None:
    found = of(visit=VISITS, sale="2026-06-01 Шампунь [price:: 890] [qty:: 2] ^b00001")
    assert plainly(found.balance, found.debt) == ("0", "0")
    assert found.spent == Decimal("9480.50")  # 2500 + 5200.50 + 2 × 890
    assert plainly(found.assumed, found.refundable) == ("9480.50", "9480.50")
    assert all(line.assumed == line.amount for line in found.lines)


def test_a_payment_of_the_day_tells_how_the_day_was_paid() -> None:
    found = of(visit=VISITS, payment="2026-06-01 За окрашивание [amount:: 5000] ^c00001")
    assert found.debt == Decimal("200.50")  # 5200.50 - 5000; the visit of May is assumed paid
    assert found.debt_since == dt.date(2026, 6, 1)
    assert found.assumed == 2500
    later = of(
        visit=VISITS,
        payment="""
        2026-06-01 За окрашивание [amount:: 5000] ^c00001
        2026-06-10 Остаток [amount:: 200.50] ^c00002
        """,
    )
    assert later.balance == 0


def test_a_payment_that_names_a_visit_tells_that_it_was_owed() -> None:
    found = of(visit=VISITS, payment="2026-06-03 Часть [amount:: 500] [of:: a00001] ^c00001")
    assert found.debt == 2000  # 2500 - 500; the other visit is assumed paid
    unpaid = of(visit=VISITS, payment="2026-06-01 В долг [amount:: 0] [of:: a00002] ^c00001")
    assert unpaid.debt == Decimal("5200.50")


def test_any_other_payment_is_paid_ahead_and_used_up_by_what_follows() -> None:
    paid = "2026-05-10 Абонемент [amount:: 6000] ^c00001"
    assert of(payment=paid).prepayment == 6000
    used = of(payment=paid, visit=VISITS)
    assert used.balance == Decimal("799.50")  # the visit of May was before it
    more = of(
        payment="2026-04-01 Абонемент [amount:: 6000] ^c00001",
        visit=VISITS,
    )
    assert plainly(more.balance, more.assumed) == ("0", "1700.50")  # 2500 + 5200.50 - 6000


def test_a_course_paid_at_its_first_visit_is_used_up_by_the_others() -> None:
    rows = "\n".join(
        f"2026-0{month}-10 Пилинг [price:: 3200] ^a0000{month}" for month in range(1, 6)
    )
    course = "2026-02-10 Курс из трёх пилингов [amount:: 9600] ^c00001"
    assert of(visit=rows, payment=course).balance == 0  # February to April; May is assumed paid


def test_a_business_that_records_all_payments_says_so() -> None:
    found = of(RECORDED, visit=VISITS)
    assert found.debt == Decimal("7700.50")
    assert found.debt_since == dt.date(2026, 5, 1)
    assert found.assumed == 0
    paid = of(RECORDED, visit=VISITS, payment="2026-05-02 Стрижка [amount:: 2500] ^c00001")
    assert paid.debt == Decimal("5200.50")
    assert paid.debt_since == dt.date(2026, 6, 1)


def test_payments_may_be_recorded_from_a_day_on() -> None:
    terms = Terms(paid_since=dt.date(2026, 6, 1))
    assert of(terms, visit=VISITS).debt == Decimal("5200.50")
    ahead = of(terms, visit=VISITS, payment="2026-05-02 Аванс [amount:: 100] ^c00001")
    assert ahead.debt == Decimal("5100.50")
    named = of(terms, visit=VISITS, payment="2026-06-02 Долг [amount:: 500] [of:: a00001] ^c00001")
    assert named.debt == Decimal("7200.50")  # 2500 - 500 + 5200.50: the payment names the visit


def test_goods_taken_back_lower_what_was_spent_and_not_the_balance() -> None:
    sale = "2026-06-01 Шампунь [price:: 890] [qty:: 2] ^b00001"
    paid = "2026-06-01 Шампунь [amount:: 1780] [of:: b00001] ^c00001"
    found = of(
        sale=sale, payment=paid, refund="2026-06-02 Шампунь [amount:: 890] [of:: b00001] ^d00001"
    )
    assert plainly(found.balance, found.spent, found.refunded) == ("0", "890", "890")
    assert found.refundable == 890
    unpaid = of(sale=sale, refund="2026-06-02 Шампунь [amount:: 890] ^d00001")
    assert plainly(unpaid.balance, unpaid.spent) == ("0", "890")


def test_a_prepayment_given_back_lowers_the_balance_and_not_what_was_spent() -> None:
    paid = "2026-06-01 Аванс [amount:: 5000] ^c00001"
    for refund in (
        "2026-06-02 Аванс [amount:: 2000] [of:: c00001] ^d00001",
        "2026-06-02 Аванс [amount:: 2000] ^d00001",
    ):
        found = of(payment=paid, refund=refund)
        assert plainly(found.balance, found.spent) == ("3000", "0")


def test_a_refund_without_an_entry_takes_from_the_prepayment_first() -> None:
    found = of(
        RECORDED,
        visit=VISITS,
        payment="2026-06-01 Всё [amount:: 8000.50] ^c00001",
        refund="2026-06-02 Возврат [amount:: 1000] ^d00001",
    )
    assert found.balance == 0  # 300 were paid ahead
    assert found.spent == Decimal("7000.50")  # the other 700 were for services


def test_within_a_day_services_come_before_payments_and_refunds() -> None:
    found = of(
        payment="2026-06-01 08:00 Стрижка [amount:: 2500] ^c00001",
        refund="2026-06-01 07:00 Стрижка [amount:: 100] ^d00001",
        visit="2026-06-01 20:00 Стрижка [price:: 2500] ^a00001",
    )
    assert [line.part for line in found.lines] == ["charge", "payment", "refund"]
    assert plainly(found.balance, found.spent) == ("0", "2400")


def test_a_booked_visit_is_not_owed_yet() -> None:
    assert of(RECORDED, visit="2026-06-16 Стрижка [price:: 2500] ^a00001").lines == ()
    assert of(RECORDED, visit="2026-06-15 Стрижка [price:: 2500] ^a00001").debt == 2500


def test_visits_without_a_price_are_no_line() -> None:
    assert of(RECORDED, visit="2026-06-01 Консультация ^a00001").lines == ()


def test_amounts_that_cannot_be_counted_are_reported_with_their_line() -> None:
    found = of(
        visit="""
        2026-05-01 Стрижка [price:: 30 €] ^a00001
        2026-05-02 Стрижка [price:: дорого] ^a00002
        2026-05-03 Стрижка [price:: 2 500 ₽] ^a00003
        """,
        sale="2026-05-04 Шампунь [price:: 890] [qty:: пара] ^b00001",
    )
    assert found.spent == 2500
    assert [each.line for each in found.problems] == [10, 11, 16]
    assert "EUR" in found.problems[0].message
    assert "is not an amount" in found.problems[1].message
    assert "is not a quantity" in found.problems[2].message


def test_parts_of_a_quantity_are_rounded_to_the_cent() -> None:
    found = of(sale="2026-06-01 Краска [price:: 10.01] [qty:: 0.5] ^b00001")
    assert found.spent == Decimal("5.01")  # 5.005, half up


@pytest.mark.parametrize(("limit", "over"), [("3000", "4700.50"), ("10000", "0"), ("0", "7700.50")])
def test_a_debt_above_the_agreed_credit_is_told(limit: str, over: str) -> None:
    assert of(ASSUMED, f"credit_limit: {limit}\n", visit=VISITS).over_limit == Decimal(over)


def test_who_buys_on_credit_owes_until_it_is_paid() -> None:
    paid = "2026-06-02 По счёту 1 [amount:: 2500] ^c00001"
    assert of(ASSUMED, "credit_limit: 9000\n", visit=VISITS, payment=paid).debt == Decimal(
        "5200.50"
    )


def test_without_an_agreed_credit_there_is_no_limit() -> None:
    assert of(RECORDED, visit=VISITS).limit is None
    broken = of(RECORDED, "credit_limit: много\n", visit=VISITS)
    assert broken.limit is None
    assert broken.over_limit == 0
    assert broken.problems[0].line == 4


def test_cents_add_up_exactly() -> None:
    rows = "\n".join(f"2026-01-01 Услуга [price:: 0.10] ^a{at:05}" for at in range(30))
    assert account(card(visit=rows), Rules(RULES.today), RECORDED).debt == Decimal("3.00")
