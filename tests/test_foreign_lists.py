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


# --- what a client is called ---


@pytest.mark.parametrize(
    "head",
    ["Имя;Телефон", "Контакт;Телефон", "First Name;Last Name;Mobile Phone"],
)
def test_a_family_name_typed_last_stands_first(head: str) -> None:
    cells = ["Мария Петровна Иванова"] + [""] * (head.count(";") - 1) + ["+79000000201"]
    assert only(understood(f"{head}\n{';'.join(cells)}\n"))["name"] == "Иванова Мария Петровна"


def test_a_contact_without_a_name_is_called_as_its_file_or_nickname_says() -> None:
    head = "First Name,Last Name,File As,Nickname,Phone 1 - Value\n"
    found = understood(head + ",,Ким Анна,Аня,+79000000201\n,,,Котик,+79000000202\n")
    assert found.names == ["Ким Анна", "Котик"]
    assert found.says("Nickname")  # Аня is not lost


def test_a_nickname_is_no_name_of_a_company() -> None:
    head = "First Name,Last Name,Nickname,Organization Name,Phone 1 - Value\n"
    found = understood(head + ",,Лучик,Луч,+79000000201\n")
    assert only(found)["company"] == "Луч"
    assert found.says("Nickname")


def test_outlook_knows_a_name_beside_an_email_address() -> None:
    head = "Имя;Фамилия;Адрес эл. почты;Краткое имя эл. почты\n"
    found = understood(
        head + ";;anna@example.com;Ким Анна (anna@example.com)\n;;o@example.com;o@example.com\n"
    )
    assert found.names == ["Ким Анна", "o@example.com"]
    assert not found.said


def test_amocrm_names_a_contact_in_one_column_or_in_two() -> None:
    head = "Наименование,Имя,Фамилия,Компания,Рабочий телефон\n"
    found = understood(
        head + "Анна Петровна Ким,,,Луч,+79000000201\nАнна Ким,Анна,Ким,,+79000000202\n"
    )
    assert found.names == ["Ким Анна Петровна", "Ким Анна"]
    assert found.clients[0].values["workplace"] == "Луч"
    assert not found.said


def test_a_whole_name_that_says_more_than_its_parts_is_told() -> None:
    head = "Name,Given Name,Family Name,Phone 1 - Value\n"
    found = understood(head + "Ким Анна брови,Анна,Ким,+79000000201\n")
    assert only(found)["name"] == "Ким Анна"
    assert found.clients[0].told.unknown == {"Name": ["Ким Анна брови"]}


def test_no_name_is_no_name() -> None:
    assert only(understood("Имя;Телефон\nБез имени;+79000000201\n"))["name"] == "+79000000201"


def test_google_in_russian_comes_in_whole() -> None:
    head = (
        "Имя,Отчество,Фамилия,Псевдоним,Название организации,День рождения,Ярлыки,"
        "Эл. почта 1 – Ярлык,Эл. почта 1 – Значение,Телефон 1 – Ярлык,Телефон 1 – Значение,"
        "Телефон 2 – Ярлык,Телефон 2 – Значение,Адрес 1 – Ярлык,Адрес 1 – Отформатированный,"
        "Адрес 1 – Улица,Адрес 1 – Город,Сайт 1 – Ярлык,Сайт 1 – Значение\n"
    )
    row = (
        "Анна,Сергеевна,Ким,,ООО Лён,1990-04-12,* myContacts ::: VIP,Домашний,anna@example.com,"
        'Мобильный,+79000000201,Рабочий,+79000000202,Домашний,"ул. Мира, 5\nКазань","ул. Мира, 5",'
        "Казань,,example.com\n"
    )
    found = understood(head + row)
    assert only(found) == {
        "name": "Ким Анна Сергеевна", "workplace": "ООО Лён", "birthday": "1990-04-12",
        "tags": ["VIP"], "emails": [{"домашний": "anna@example.com"}],
        "phones": ["+79000000201", {"рабочий": "+79000000202"}],
        "addresses": [{"домашний": "ул. Мира, 5, Казань"}], "social": ["example.com"],
    }  # fmt: skip
    assert not found.said
