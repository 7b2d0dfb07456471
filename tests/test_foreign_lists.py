"""Lists that other programs and people write, as a person sees them who opens the cards."""

from __future__ import annotations

from typing import Any

import pytest

from cardcli.entry import Entry
from tests.test_exchange_tables import Understood, understood, workbook


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


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ИВАНОВА МАРИЯ ПЕТРОВНА", "Иванова Мария Петровна"),
        ("ПЕТРОВ-ВОДКИН КУЗЬМА", "Петров-Водкин Кузьма"),
        ("О'КОННОР ШИНЕЙД", "О'Коннор Шинейд"),
        ("МАМЕДОВ АЛИ ГУСЕЙН ОГЛЫ", "Мамедов Али Гусейн оглы"),
        ("SMITH ANNA", "Smith Anna"),
        ("КИМ А. Б.", "Ким А. Б."),
    ],
)
def test_names_in_capitals_are_written_as_names_are(typed: str, written: str) -> None:
    found = understood(f"ФИО;Телефон\n{typed};+79000000201\nКОТОВА АННА;+79000000202\n")
    assert found.names == [written, "Котова Анна"]
    assert found.says("the column “ФИО” is in capitals")


def test_family_names_alone_may_be_in_capitals() -> None:
    found = understood("Фамилия;Имя;Телефон\nКИМ;Анна;+79000000201\nКОТОВ;Пётр;+79000000202\n")
    assert found.names == ["Ким Анна", "Котов Пётр"]


def test_one_name_in_capitals_among_others_stays_as_typed() -> None:
    found = understood("ФИО;Телефон\nМТС;+79000000201\nКотова Анна;+79000000202\n")
    assert found.names == ["МТС", "Котова Анна"]
    assert not found.said


def test_companies_among_names_in_capitals_stay_as_typed() -> None:
    head = "ФИО;Телефон\n"
    found = understood(
        head + 'ООО "ЛЁН";+79000000201\nКИМ АННА;+79000000202\nКОТОВ ПЁТР;+79000000203\n'
    )
    assert found.names == ['ООО "ЛЁН"', "Ким Анна", "Котов Пётр"]


def test_a_counterparty_with_a_legal_form_is_a_company() -> None:
    head = "Код;Наименование;ИНН;КПП;Телефон\n"
    rows = (
        'К-1;"ООО ""Лён""";7700000001;770001001;84950000001\n'
        "К-2;ИП Котова Анна;770000000002;;+79000000202\n"
        "К-3;Ким Анна;770000000003;;+79000000203\n"
    )
    found = understood(head + rows)
    assert found.clients[0].values == {"company": 'ООО "Лён"', "phones": ["+74950000001"]}
    assert found.clients[1].values == {"name": "ИП Котова Анна", "phones": ["+79000000202"]}
    assert found.clients[2].values == {"name": "Ким Анна", "phones": ["+79000000203"]}
    assert found.says("ИНН")  # a taxpayer's number is no phone, and is told


# --- columns ---


def test_notes_in_several_columns_are_one_comment() -> None:
    found = understood("Имя,Примечание 1,Примечание 2,Телефон\nАнна,первая,вторая,+79000000201\n")
    assert only(found)["comment"] == "первая\nвторая"


def test_a_column_that_counts_the_rows_says_nothing() -> None:
    found = understood("№;ФИО;Телефон\n1;Ким Анна;+79000000201\n2;Котов Пётр;+79000000202\n")
    assert found.names == ["Ким Анна", "Котов Пётр"]
    assert not found.said


def test_a_column_of_other_numbers_is_told() -> None:
    found = understood("№;ФИО;Телефон\n17;Ким Анна;+79000000201\n4;Котов Пётр;+79000000202\n")
    assert found.says("№")


def test_an_allergy_in_a_field_of_ones_own_is_an_allergy() -> None:
    head = "First Name,Last Name,Phone 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value\n"
    found = understood(
        head + "Анна,Ким,+79000000201,Аллергия,лидокаин\nПётр,Котов,+79000000202,Чай,зелёный\n"
    )
    assert found.clients[0].values["allergies"] == ["лидокаин"]
    assert found.clients[1].told.unknown == {"Custom Field 1 - Value (Чай)": ["зелёный"]}


# --- cells that go over several rows of a workbook ---


def test_a_client_named_over_several_rows_has_all_their_visits() -> None:
    rows = [
        ["Клиент", "Дата", "Услуга", "Цена"],
        ["Ким Анна", "01.05.2026 12:30", "Стрижка", 2500],
        [None, None, "Укладка", 1000],
        [None, None, None, None],
        ["Котов Пётр", "02.05.2026", "Стрижка", 1500],
    ]
    found = understood(workbook(("Визиты", rows), merged=["A2:A4", "B2:B4"]), "v.xlsx")
    assert found.names == ["Ким Анна", "Ким Анна", "Котов Пётр"]
    assert [each.title for each in entries(found)] == ["Стрижка", "Укладка", "Стрижка"]
    assert [each.time for each in entries(found)] == ["12:30", "12:30", ""]


def test_a_client_over_several_rows_of_a_list_is_one_with_all_phones() -> None:
    rows = [
        ["ФИО", "Телефон", "Категория", "Комментарий"],
        ["Ким Анна", "+79000000201", "VIP", "первая"],
        [None, "+79000000202", None, "вторая"],
        ["Котов Пётр", "+79000000203", None, None],
    ]
    found = understood(workbook(("Лист1", rows), merged=["A2:A3", "C2:C4"]), "l.xlsx")
    assert [client.values for client in found.clients] == [
        {"name": "Ким Анна", "phones": ["+79000000201", "+79000000202"], "tags": ["VIP"],
         "comment": "первая\nвторая"},
        {"name": "Котов Пётр", "phones": ["+79000000203"], "tags": ["VIP"]},
    ]  # fmt: skip


def test_a_header_of_two_rows_is_read_in_its_second() -> None:
    rows = [
        ["№", "ФИО", None, None, "Контакты", None],
        [None, "Фамилия", "Имя", "Отчество", "Телефон", "Email"],
        [1, "Ким", "Анна", "Петровна", "+79000000201", "anna@example.com"],
        [2, "Котов", "Пётр", "Ильич", "+79000000202", "petr@example.com"],
    ]
    found = understood(workbook(("Лист1", rows), merged=["A1:A2", "B1:D1", "E1:F1"]), "l.xlsx")
    assert found.names == ["Ким Анна Петровна", "Котов Пётр Ильич"]
    assert not found.said


# --- cells that hold more than one thing ---


@pytest.mark.parametrize(
    "typed",
    ["Котова Анна 8 900 000-02-01", "Котова Анна - +79000000201", "Котова Анна, 8(900)0000201"],
)
def test_a_phone_beside_a_name_is_a_phone(typed: str) -> None:
    for text in (
        f"Клиент;Заметка\n{typed};чай\n",
        f"Имя и телефон;Заметка\n{typed};чай\n",
        f"{typed}\n",
    ):
        values = only(understood(text))
        assert (values["name"], values["phones"]) == ("Котова Анна", ["+79000000201"])


def test_a_comma_parts_the_family_name() -> None:
    found = understood(
        'ФИО;Телефон\n"Иванова, Мария Петровна";+79000000201\nКим, ногти;+79000000202\n'
    )
    assert found.names == ["Иванова Мария Петровна", "Ким ногти"]


def test_the_word_for_a_phone_is_left_out_of_its_label() -> None:
    found = understood("ФИО;Телефон\nКотова Анна;тел. 8900 000 02 01 мама Ольга\n")
    assert only(found)["phones"] == [{"мама Ольга": "+79000000201"}]


def test_a_day_may_have_blanks_in_it() -> None:
    found = understood("ФИО;Телефон;Дата рождения\nКотова Анна;+79000000201;12. 04. 1990\n")
    assert only(found)["birthday"] == "1990-04-12"


def test_notes_of_a_browser_are_read_without_its_marks() -> None:
    note = '<b>Важно</b>:<br>звонить&nbsp;утром &amp; днём, <a href=""https://example.com"">сайт</a>; 2 < 3'
    found = understood(f'ФИО,Телефон,Комментарий\nКотова Анна,+79000000201,"{note}"\n')
    assert (
        only(found)["comment"] == "Важно:\nзвонить утром & днём, сайт (https://example.com); 2 < 3"
    )


def test_an_object_that_holds_a_list_of_clients_is_that_list() -> None:
    text = '{"clients": [{"name": "Котова Анна"}, 7, {"name": "Котов Пётр"}], "version": 2}'
    found = understood(text, "c.json")
    assert found.names == ["Котова Анна", "Котов Пётр"]
    assert found.clients[1].told.place == "c.json:1#3"
    assert found.says("c.json:1#2: it is no object")


def test_a_client_with_a_list_of_contacts_is_one_client() -> None:
    text = '{"name": "Котова Анна", "contacts": [{"type": "phone", "value": "+79000000201"}]}'
    assert understood(text, "c.json").names == ["Котова Анна"]


# --- what other programs did to the letters ---


@pytest.mark.parametrize(("read", "meant"), [("cp1252", "cp1251"), ("cp1251", "utf-8")])
def test_a_text_that_was_read_in_a_wrong_encoding_is_put_right(read: str, meant: str) -> None:
    text = "ФИО;Телефон\nКотова Анна;+79000000201\nСеров Олег;+79000000202\n"
    letters = (bytes([byte]) for byte in text.encode(meant))
    windows = ("\x98" if byte == b"\x98" else byte.decode(read) for byte in letters)
    found = understood("".join(windows))
    assert found.names == ["Котова Анна", "Серов Олег"]
    assert found.says(f"the text was read as {meant} ({read})")


@pytest.mark.parametrize("name", ["Häußler Jörg", "Åse Øyå", "Dvořák Jiří", "Нуñо", "Ëlo"])
def test_other_letters_stay_as_they_are(name: str) -> None:
    assert understood(f"Name,Phone\n{name},+79000000201\n").names == [name]


@pytest.mark.parametrize(
    ("typed", "time"),
    [("14.30", "14:30"), ("14-30", "14:30"), ("9:05-10:00", "09:05"), ("утро", "")],
)
def test_a_time_of_day_in_a_column_of_its_own(typed: str, time: str) -> None:
    found = understood(f"Клиент;Дата;Время;Услуга\nКотова Анна;01.05.2026;{typed};Стрижка\n")
    (visit,) = entries(found)
    assert visit.time == time
    assert found.says("Время") == (not time)


def test_a_header_of_one_cell_for_name_and_phone_is_no_client() -> None:
    assert understood("Имя Телефон\nКотова Анна 89000000201\n").names == ["Котова Анна"]
