"""Lists that other programs and people write, as a person sees them who opens the cards."""

from __future__ import annotations

from typing import Any

import pytest

from cardcli.entry import Entry
from tests.test_exchange_tables import Understood, understood


def only(found: Understood) -> dict[str, Any]:
    """Return the values of the only client of a file."""
    assert [client.name for client in found.clients] == [found.clients[0].name]
    return found.clients[0].values


def entries(found: Understood) -> list[Entry]:
    return [each for client in found.clients for each in client.entries]


# --- money and days ---


@pytest.mark.parametrize("typed", ["-500", "−500", "(500)", "500-", "-500,00 ₽", "- 500 руб."])
def test_a_negative_payment_is_a_refund(typed: str) -> None:
    found = understood(
        f"Клиент;Дата;За что;Сумма;Способ оплаты\nКотова Анна;01.05.2026;;{typed};Наличные\n"
    )
    (refund,) = entries(found)
    assert (refund.kind, refund.fields) == ("refund", {"amount": "500", "method": "cash"})


def test_a_negative_price_of_a_visit_is_a_refund_for_the_service() -> None:
    found = understood("Клиент;Дата;Услуга;Цена\nКотова Анна;01.05.2026;Стрижка;-1500\n")
    (refund,) = entries(found)
    assert (refund.kind, refund.title, refund.fields) == ("refund", "Стрижка", {"amount": "1500"})


def test_what_a_payment_was_for_is_its_title_and_no_link() -> None:
    found = understood("Клиент;Дата;За что;Сумма\nКотова Анна;01.05.2026;Стрижка;2500\n")
    (payment,) = entries(found)
    assert (payment.kind, payment.title, payment.fields) == (
        "payment",
        "Стрижка",
        {"amount": "2500"},
    )


@pytest.mark.parametrize("typed", ["46144.5", "46144,5", "46144.50001"])
def test_a_day_of_excel_with_a_part_of_it_has_its_time(typed: str) -> None:
    found = understood(f"Клиент;Дата;Услуга\nКотова Анна;{typed};Стрижка\n")
    (visit,) = entries(found)
    assert (visit.date, visit.time) == ("2026-05-02", "12:00")
