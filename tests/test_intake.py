"""Files as people send them: odd shapes, damaged letters, lists within lists; each was once read wrong."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from cardcli.exchange.workbook import NoWorkbooksError
from tests.test_exchange_tables import DATA, Understood, understood


def only(found: Understood) -> dict[str, Any]:
    """Return the values of the only client of a file."""
    assert len(found.clients) == 1, found.said
    return found.clients[0].values


def mangled(text: str, wrong: str) -> str:
    """Return a text as a program shows it that takes its UTF-8 for 8-bit letters."""
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in text.encode())


# --- letters ---


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp1251"])
def test_one_line_that_was_read_in_a_wrong_encoding_is_put_right(wrong: str) -> None:
    odd = mangled("Иванова Яна", wrong)
    found = understood(f"ФИО;Телефон\nКотова Анна;+79000000201\n{odd};+79000000202\n")
    assert found.names == ["Котова Анна", "Иванова Яна"]
    assert found.says("the text was read as utf-8 (")


def test_a_letter_that_the_wrong_encoding_has_no_sign_for_is_not_lost() -> None:
    odd = "Иванова Ира".encode().decode("cp1251", "ignore")  # И is half gone
    found = understood(f"ФИО;Телефон\n{odd};+79000000202\n")
    assert found.names == ["Иванова Ира"]


@pytest.mark.parametrize("name", ["Котова Р. Р.", "Ким Р.С.", "Петрова «С»", "Ñuño Ð", "С№5 Анна"])
def test_capitals_that_only_look_like_that_stay(name: str) -> None:
    found = understood(f"Клиент;Телефон\n{name};+79000000201\n")
    assert only(found)["name"] == name


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.vcf", "BEGIN:VCARD\nVERSION:3.0\nN:Котова;Анна;;;\nTEL:+79000000201\nEND:VCARD\n"),
        ("c.json", '[{"name": "Котова Анна"}]'),
    ],
)
def test_other_formats_are_put_right_as_well(name: str, text: str) -> None:
    assert understood(mangled(text, "cp1252"), name).names == ["Котова Анна"]


# --- days ---


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("0000-05-12", "--05-12"),
        ("12.05.0000", "--05-12"),
        ("0001-05-12", "--05-12"),
        ("12.05.____", "--05-12"),
        ("12.05.????", "--05-12"),
        ("12 мая —", "--05-12"),
        ("12 05 1990", "1990-05-12"),
        ("12,05,1990", "1990-05-12"),
        ("12051990", "1990-05-12"),
        ("19900512", "1990-05-12"),
        ("«12» мая 1990 г.", "1990-05-12"),
        ("12.05.1990 (суббота)", "1990-05-12"),
        ("12.05.1990, 36 лет", "1990-05-12"),
        ("12.V.1990", "1990-05-12"),
        ("12.05.'90", "1990-05-12"),
        ("Sat May 12 1990 00:00:00 GMT+0400 (Moscow Standard Time)", "1990-05-12"),
        ("сб, 12 мая 1990", "1990-05-12"),
    ],
)
def test_a_birthday_is_read_in_whatever_shape_it_is_typed(typed: str, day: str) -> None:
    found = understood(f'ФИО;Телефон;Дата рождения\nКотова Анна;+79000000201;"{typed}"\n')
    assert (only(found)["birthday"], found.said) == (day, [])


@pytest.mark.parametrize("typed", ["00.00.0000", "01.01.0001", "1899-12-30", "00:00", "0"])
def test_a_day_that_stands_for_none_says_nothing(typed: str) -> None:
    found = understood(f"ФИО;Телефон;Дата рождения\nКотова Анна;+79000000201;{typed}\n")
    assert ("birthday" in only(found), found.said) == (False, [])


def test_what_check_would_reject_as_too_early_is_told_at_once() -> None:
    found = understood("Клиент;Телефон;Дата рождения\nКотова Анна;+79000000201;12.05.1890\n")
    assert "birthday" not in only(found)
    assert found.says("f.csv:2: “12.05.1890” is too long ago")
    found = understood("Клиент;Дата;Услуга\nКотова Анна;02.01.1024;Стрижка\n")
    assert found.says("“02.01.1024” is too long ago")


# --- phones ---


@pytest.mark.parametrize(
    ("typed", "phones"),
    [
        ("8 900 000 02 01 мама 8 900 000 02 02 папа", [{"мама": "+79000000201"}, {"папа": "+79000000202"}]),
        ("мама 8 900 000 02 01 папа 8 900 000 02 02", [{"мама": "+79000000201"}, {"папа": "+79000000202"}]),
        ("00380 44 123 45 67", ["+380441234567"]),
        ("380441234567", ["+380441234567"]),
        ("375 29 123-45-67", ["+375291234567"]),
        ("0079000000201", ["+79000000201"]),
    ],
)  # fmt: skip
def test_no_phone_is_lost_among_words_or_for_want_of_a_plus(typed: str, phones: list[Any]) -> None:
    found = understood(f"ФИО;Телефон\nКотова Анна;{typed}\n")
    assert (only(found)["phones"], found.said) == (phones, [])


@pytest.mark.parametrize("typed", ["770123456789", "49512345678", "0012345", "123456789012"])
def test_a_number_of_no_country_stays_as_typed(typed: str) -> None:
    found = understood(f"ФИО;Телефон\nКотова Анна;{typed}\n")
    assert only(found)["phones"] == [typed]
    assert found.says("looks wrong; it is kept as typed")


def test_what_cardcli_itself_wrote_is_taken_as_it_stands() -> None:
    rows = "id,number,name,phones\nk7f3qd,К-00001,АННА КОТОВА,380441234567\n"
    values = only(understood(rows))
    assert (values["name"], values["phones"]) == ("АННА КОТОВА", ["380441234567"])


# --- JSON of other programs ---


def test_telegram_keeps_its_contacts_in_a_list_within_a_list() -> None:
    text = """{"about": "…", "personal_information": {"first_name": "Ольга", "phone_number": "1"},
      "contacts": {"about": "…", "list": [
        {"user_id": 1, "first_name": "Анна", "last_name": "Котова", "phone_number": "0079000000201"},
        {"first_name": "", "last_name": "", "phone_number": "+79000000202"}]},
      "frequent_contacts": {"list": [{"name": "Котова Анна"}]}}"""
    found = understood(text, "result.json")
    assert found.names == ["Котова Анна", "+79000000202"]
    assert found.clients[0].values["phones"] == ["+79000000201"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a1": {"name": "Котова Анна"}, "a2": {"name": "Котов Пётр"}}',
        '{"@odata.context": "x", "value": [{"displayName": "Котова Анна"}, {"name": "Котов Пётр"}]}',
        '{"result": [{"NAME": "Анна", "LAST_NAME": "Котова"}, {"NAME": "Котов Пётр"}], "total": 2}',
        '[["ФИО", "Телефон"], ["Котова Анна", ""], ["Котов Пётр", null]]',
    ],
)
def test_clients_are_found_in_whatever_lies_around_them(text: str) -> None:
    assert understood(text, "c.json").names == ["Котова Анна", "Котов Пётр"]


def test_a_cut_file_gives_the_clients_before_the_cut() -> None:
    whole = '{"contacts": [{"name": "Котова Анна"}, {"name": "Котов Пётр"}, {"name": "Сид'
    found = understood(whole, "c.json")
    assert found.names == ["Котова Анна", "Котов Пётр"]
    assert found.says("c.json:1: it is no JSON")


def test_a_broken_object_takes_none_of_its_neighbours_with_it() -> None:
    broken = '{"name": "Серов" "tags": [{"id": 1, "name": "VIP"}, {"id": 2, "name": "x"}]}'
    found = understood(f'[{{"name": "Котова Анна"}},{broken},{{"name": "Котов Пётр"}}]', "c.json")
    assert found.names == ["Котова Анна", "Котов Пётр"]
    assert found.says("it is no JSON")


def test_values_in_objects_of_every_kind_are_read() -> None:
    text = """{"name": "Анна", "surname": "Котова", "patronymic": "Ильинична",
      "phones": [{"type": "mobile", "number": "8 900 000-02-01"}, {"VALUE_TYPE": "WORK", "VALUE": "+79000000202"}],
      "emailAddresses": [{"value": "a@example.com", "type": "home"}],
      "birthday": {"year": 1990, "month": 5, "day": 12},
      "address": {"street": "ул. Мира, 1", "city": "Тверь", "postalCode": "170000"},
      "categories": [{"id": 5, "title": "VIP", "color": "#fff"}]}"""
    assert only(understood(text, "c.json")) == {
        "name": "Котова Анна Ильинична", "phones": ["+79000000201", {"work": "+79000000202"}],
        "emails": [{"home": "a@example.com"}], "birthday": "1990-05-12",
        "addresses": ["ул. Мира, 1, Тверь, 170000"], "tags": ["VIP"],
    }  # fmt: skip


def test_amocrm_keeps_phones_among_fields_with_names() -> None:
    text = """{"_embedded": {"contacts": [{"name": "Котова Анна", "custom_fields_values": [
      {"field_code": "PHONE", "values": [{"value": "+79000000201", "enum_code": "WORK"}]},
      {"field_name": "Размер", "values": [{"value": "42"}]}], "_embedded": {"tags": [{"name": "VIP"}]}}]}}"""
    found = understood(text, "c.json")
    assert only(found) == {
        "name": "Котова Анна",
        "phones": [{"work": "+79000000201"}],
        "tags": ["VIP"],
    }
    assert found.says("Размер")


def test_a_name_beside_its_parts_loses_nothing() -> None:
    text = '{"name": "Маша ногти", "first_name": "Мария", "last_name": "Иванова"}'
    found = understood(text, "c.json")
    assert only(found)["name"] == "Иванова Мария"
    assert found.clients[0].told.unknown == {"name": ["Маша ногти"]}


# --- how names are written ---


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ИВАНОВА МАРИЯ ПЕТРОВНА", "Иванова Мария Петровна"),
        ("иванова мария петровна", "Иванова Мария Петровна"),
        ("МАРИЯ ИВАНОВА", "Иванова Мария"),
        ("Мария ИВАНОВА", "Иванова Мария"),
        ("КИМ АННА", "Ким Анна"),
        ("АННА VIP", "Анна VIP"),
        ("ИВАНОВА М.П.", "Иванова М.П."),
        ("М. П. Иванова", "Иванова М. П."),
        ("Мария Иванова", "Иванова Мария"),
        ("Маша Иванова (сестра)", "Иванова Маша (сестра)"),
        ("Никита Белов", "Белов Никита"),
        ("Айгуль Ахметова", "Ахметова Айгуль"),
        ("Ольга Петренко", "Петренко Ольга"),
    ],
)
def test_a_name_is_written_as_names_are_written_here(typed: str, written: str) -> None:
    for text, file in (
        (f"ФИО;Телефон\n{typed};+79000000201\nКотова Анна;+79000000202\n", "f.csv"),
        (f"BEGIN:VCARD\nVERSION:3.0\nFN:{typed}\nTEL:+79000000201\nEND:VCARD\n", "f.vcf"),
    ):
        assert understood(text, file).names[0] == written


@pytest.mark.parametrize(
    "name",
    [
        "Герман Юрий", "Юрий Герман", "Аня Маникюр", "Лена Киев", "Саша Магазин", "Маша Ким", "аня ногти", "МТС",
        "САЛОН КРАСОТЫ ВЕРА", "Катя Рыжая", "Роман Кирстен", "Мария Ивановна", "Mary Smith", "Лена Петров",
    ],
)  # fmt: skip
def test_a_name_that_may_be_meant_as_it_stands_stays(name: str) -> None:
    assert understood(f"ФИО;Телефон\n{name};+79000000201\n").names == [name]


def test_parts_of_a_name_in_capitals_are_written_as_names_are() -> None:
    found = understood(
        "Фамилия;Имя;Отчество;Телефон\nИВАНОВА;МАРИЯ;ПЕТРОВНА;+79000000201\nКотова;Анна;;+79000000202\n"
    )
    assert found.names == ["Иванова Мария Петровна", "Котова Анна"]


def test_what_errors_and_nobodies_are_called_names_nobody() -> None:
    rows = "#ССЫЛКА!;+79000000201\nРозничный покупатель;+79000000202\nWalk-In;+79000000203\n"
    assert understood(f"Клиент;Телефон\n{rows}").names == [f"+7900000020{n}" for n in (1, 2, 3)]


# --- tables of other programs ---


def test_thunderbird_writes_birthday_and_addresses_in_parts() -> None:
    head = (
        "First Name,Last Name,Primary Email,Secondary Email,Fax Number,Home Address,Home City,"
        "Home ZipCode,Birth Year,Birth Month,Birth Day\n"
    )
    row = "Анна,Котова,a@example.com,b@example.com,+74950000201,ул. Мира 1,Тверь,170000,1990,5,12\n"
    found = understood(head + row)
    assert only(found) == {
        "name": "Котова Анна", "emails": ["a@example.com", "b@example.com"],
        "phones": [{"fax": "+74950000201"}], "addresses": [{"home": "ул. Мира 1, Тверь, 170000"}],
        "birthday": "1990-05-12",
    }  # fmt: skip
    assert not found.said


@pytest.mark.parametrize(
    ("parts", "day"), [(";5;12", "--05-12"), ("1990;май;12", "1990-05-12"), ("1990;;", None)]
)
def test_a_birthday_in_three_columns(parts: str, day: str | None) -> None:
    head = "Имя;Фамилия;Телефон;Год рождения;Месяц рождения;День рождения\n"
    found = understood(f"{head}Анна;Котова;+79000000201;{parts}\n")
    assert only(found).get("birthday") == day
    assert found.says("Год рождения") == (day is None)  # a part alone is told


def test_columns_of_mindbody_square_and_outlook_have_their_places() -> None:
    head = (
        "First Name,Last Name,Memo,Referred By,Creation Date,Street Address 1,Street Address 2,City,Profession,"
        "Personal Web Page,Assistant's Phone,Pager\n"
    )
    row = "Анна,Котова,чай,Ольга,2023-01-15,Мира 1,кв. 2,Тверь,юрист,example.com,+79000000201,+79000000202\n"
    found = understood(head + row)
    assert only(found) == {
        "name": "Котова Анна", "comment": "чай", "source": "Ольга", "created": "2023-01-15",
        "addresses": ["Мира 1, кв. 2, Тверь"], "job": "юрист", "social": [{"site": "example.com"}],
        "phones": [{"assistant": "+79000000201"}, {"pager": "+79000000202"}],
    }  # fmt: skip
    assert not found.said


def test_a_messenger_of_google_is_called_by_its_service() -> None:
    head = "Given Name,Family Name,IM 1 - Type,IM 1 - Service,IM 1 - Value\n"
    found = understood(f"{head}Анна,Котова,* Home,Skype,anna.k\n")
    assert only(found)["social"] == [{"skype": "anna.k"}]


def test_a_row_that_says_it_is_a_company_is_one() -> None:
    found = understood(
        "Тип;Наименование;Рабочий телефон\nконтакт;Котова Анна;+79000000201\nкомпания;Лён;+79000000202\n"
    )
    assert [client.values.get("company", "") for client in found.clients] == ["", "Лён"]


def test_two_files_put_together_have_each_their_columns() -> None:
    found = understood(
        "\ufeffФИО;Телефон\nКотова Анна;+79000000201\n\ufeffEmail;Телефон;Клиент\na@example.com;+79000000202;Котов Пётр\n"
    )
    assert found.names == ["Котова Анна", "Котов Пётр"]
    assert found.clients[1].values["emails"] == ["a@example.com"]


def test_the_sum_of_a_row_is_its_price_and_not_that_of_one_piece() -> None:
    head = "Дата;Контрагент;Номенклатура;Количество;Цена;Сумма\n"
    rows = "02.02.2024 0:00:00;Котова Анна;Крем;2,000;500,00;1\u00a0000,00\nИтого;;;2,000;;1\u00a0000,00\n"
    found = understood(head + rows)
    (entry,) = found.clients[0].entries
    assert (entry.title, entry.fields["price"], entry.time) == ("Крем", "1000", "")
    assert found.says("f.csv:2: Цена")
    assert found.says("f.csv:3: a row of totals is no client")


def test_the_day_a_visit_was_written_down_is_not_that_of_the_card() -> None:
    head = "Дата создания;Дата визита;Клиент;Услуга;Продано, ₽\n"
    found = understood(f"{head}01.01.2024;02.01.2024 10:00;Котова Анна;Маникюр;3500\n")
    (entry,) = found.clients[0].entries
    assert (entry.date, entry.time, entry.fields) == ("2024-01-02", "10:00", {"price": "3500"})
    assert "created" not in found.clients[0].values


def test_a_column_that_counts_the_rows_does_so_above_a_row_of_totals() -> None:
    found = understood("№;ФИО;Сумма\n1;Котова Анна;5\n2;Котов Пётр;6\nИтого;;11\n")
    assert not found.says("№")


# --- what is packed, or called by a wrong name ---

PAGE = """<html><head><meta charset="windows-1251"><style>td{mso-number-format:"\\@"}</style></head><body>
<table><tr><td colspan=3>Клиенты</td></tr><tr><th>ФИО</th><th>Телефон</th><th>Комментарий</th></tr>
<tr><td rowspan="2">Котова Анна</td><td>+7&nbsp;900&nbsp;000-02-01</td><td>чай<br>и &amp; кофе</td></tr>
<tr><td>+79000000202<td></tr><tr><td>Котов Пётр<td>+79000000203</table></body></html>"""
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Лист1"><Table>
<Row><Cell><Data ss:Type="String">ФИО</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">Телефон</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Котова Анна</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">79000000201</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8", "utf-16"])
def test_an_excel_file_that_is_a_web_page_is_read(encoding: str) -> None:
    found = understood(PAGE.encode(encoding), "clients.xls")
    assert [client.values for client in found.clients] == [
        {"name": "Котова Анна", "phones": ["+79000000201", "+79000000202"], "comment": "чай\nи & кофе"},
        {"name": "Котов Пётр", "phones": ["+79000000203"]},
    ]  # fmt: skip
    assert found.clients[0].told.place == "clients.xls:3"


def test_an_excel_file_that_is_xml_is_read() -> None:
    found = understood(XML, "clients.xls")
    assert only(found) == {"name": "Котова Анна", "phones": ["+79000000201"]}


def test_a_web_page_cut_in_the_middle_gives_what_is_there() -> None:
    assert understood(PAGE[: PAGE.index("<td>+79000000203")], "c.xls").names == [
        "Котова Анна",
        "Котов Пётр",
    ]


def zipped(files: dict[str, bytes | str]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Котов Пётр\nTEL:+79000000202\nEND:VCARD\n"


def test_an_archive_is_the_files_in_it() -> None:
    archive = zipped(
        {
            "Контакты/list.csv": "ФИО;Телефон\nКотова Анна;+79000000201\n",
            "Контакты/all.vcf": CARD,
            "__MACOSX/._all.vcf": b"\0\1",
            "photo.jpg": b"\xff\xd8\xff\xe0",
            "inner.zip": zipped({"a": CARD}),
        }
    )
    found = understood(archive, "takeout.zip")
    assert found.names == ["Котова Анна", "Котов Пётр"]
    assert found.clients[0].told.place == "takeout.zip/Контакты/list.csv:2"
    assert found.said == [
        "takeout.zip/photo.jpg: this is a picture",
        "takeout.zip/inner.zip: an archive within an archive; unpack it first",
    ]


def test_a_packed_file_that_is_cut_off_gives_what_is_there() -> None:
    rows = "".join(f"Котова Анна {n};+7900{n:07}\n" for n in range(500))
    packed = gzip.compress(f"ФИО;Телефон\n{rows}".encode())
    assert len(understood(packed, "c.csv.gz").clients) == 500
    found = understood(packed[: len(packed) // 2], "c.csv.gz")
    assert 0 < len(found.clients) < 500
    assert found.says("c.csv.gz: the archive is cut off")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda: b"\x1f\x8b\x00\x00damaged", "c.zip: the archive is damaged", id="gzip"),
        pytest.param(lambda: gzip.compress(bytes(200_000_100), 1), "c.zip: it is too large when it is unpacked", id="bomb"),
        pytest.param(
            lambda: zipped({"a": CARD}).replace("Котов".encode(), "Белов".encode()), "c.zip/a: the archive is damaged",
            id="file inside",
        ),
        pytest.param(lambda: zipped({"a": CARD})[:60], "c.zip: the archive is damaged", id="cut off"),
    ],
)  # fmt: skip
def test_a_damaged_archive_is_told(make: Callable[[], bytes], said: str) -> None:
    assert understood(make(), "c.zip").said == [said]


@pytest.mark.parametrize(
    ("inside", "name", "said"),
    [("a", "c.zip", "the archive is damaged"), ("xl/workbook.xml", "c.xlsx", "the workbook is damaged")],
)  # fmt: skip
def test_an_archive_of_an_unknown_version_is_told(inside: str, name: str, said: str) -> None:
    data = bytearray(zipped({inside: "<x/>"}))
    data[data.index(b"PK\x01\x02") + 6] = 232  # the version that is needed to unpack it
    assert understood(bytes(data), name).says(said)


def test_a_workbook_of_excel_before_2007_is_read() -> None:
    found = understood((DATA / "clients.xls").read_bytes(), "clients.xls")
    assert [client.values for client in found.clients] == [
        {"name": "Котова Анна", "phones": ["+79000000201"], "birthday": "1990-05-12"},
        {"name": "Котов Пётр", "phones": ["+79000000202", "+79000000203"], "birthday": "1985-05-12"},
    ]  # fmt: skip
    assert found.clients[0].told.place == "clients.xls:Клиенты:3"
    assert found.says("clients.xls:Склад: the sheet holds no clients")


def test_one_sheet_of_an_old_workbook_can_be_named() -> None:
    data = (DATA / "clients.xls").read_bytes()
    assert understood(data, "c.xls", sheet="Клиенты").names == ["Котова Анна", "Котов Пётр"]
    assert understood(data, "c.xls", sheet="Март").said == [
        "c.xls: there is no sheet “Март”; there are: Клиенты, Склад"
    ]


@pytest.mark.parametrize("kept", [100, 2000, 5000])
def test_a_damaged_old_workbook_is_told(kept: int) -> None:
    data = (DATA / "clients.xls").read_bytes()[:kept]
    assert understood(data, "c.xls").says(
        "c.xls: the workbook is damaged, has a password, or is none"
    )


@pytest.mark.parametrize(
    "typed", ["Котова Анна <a@example.com>", "a@example.com (Котова Анна)", "Котова Анна a@example.com"]
)  # fmt: skip
def test_an_address_beside_a_name_is_an_address(typed: str) -> None:
    values = only(understood(f"Контакт;Телефон\n{typed};+79000000201\n"))
    assert (values["name"], values["emails"]) == ("Котова Анна", ["a@example.com"])


def test_a_card_without_its_beginning_and_what_stands_behind_the_cards_is_told() -> None:
    text = (
        f"N:Ким;Вера;;;\nTEL:+79000000201\nEND:VCARD\n{CARD}ФИО;Телефон\nСеров Олег;+79000000203\n"
    )
    found = understood(f"BEGIN:VCAR\n{text}", "c.vcf")
    assert found.names == ["Ким Вера", "Котов Пётр"]
    assert found.says("c.vcf:1: BEGIN:VCARD is missing")
    assert found.says("Серов Олег")


# --- quotation marks, ends, doubles ---


def test_a_mark_that_is_never_closed_swallows_nobody() -> None:
    rows = (
        'Котова Анна;89000000201;"не закрыта\nКотов Пётр;89000000202;норм\n'
        'Ким Вера;89000000203;"тоже" норм\nЖук Яна;89000000204;"ул. Мира\nдом 5"\n'
    )
    found = understood(f"ФИО;Телефон;Комментарий\n{rows}")
    assert found.names == ["Котова Анна", "Котов Пётр", "Ким Вера", "Жук Яна"]
    assert found.clients[3].values["comment"] == "ул. Мира\nдом 5"
    assert found.says("f.csv:2: a quotation mark is opened and never closed")


def test_a_file_that_ends_in_noughts_is_read() -> None:
    found = understood("ФИО;Телефон\nКотова Анна;89000000201\n".encode() + b"\x1a" + b"\0" * 4000)
    assert found.names == ["Котова Анна"]


def test_words_behind_a_phone_are_its_label_even_with_a_number_in_them() -> None:
    found = understood('ФИО;Телефон\nКотова Анна;"89000000201, после 18"\n')
    assert (only(found)["phones"], found.said) == ([{"после 18": "+79000000201"}], [])


def test_one_number_under_several_labels_is_one_phone() -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Котова Анна\nTEL;TYPE=CELL:89000000201\nTEL;TYPE=WORK:+7 900 000-02-01\nEND:VCARD\n"
    assert only(understood(text, "c.vcf"))["phones"] == ["+79000000201"]


@pytest.mark.parametrize(
    "head", ["Прізвище;Ім'я;По батькові;Номер телефону;День народження", "familiya;imya;otchestvo;telefon;data_rozhdeniya"]
)  # fmt: skip
def test_columns_are_known_in_ukrainian_and_in_latin_letters(head: str) -> None:
    found = understood(f"{head}\nКотова;Анна;Ильинична;+79000000201;12.05.1990\n")
    assert only(found) == {
        "name": "Котова Анна Ильинична", "phones": ["+79000000201"], "birthday": "1990-05-12",
    }  # fmt: skip
    assert not found.said


# --- lists that people write by hand ---


def test_a_numbered_list_in_one_column_is_read() -> None:
    text = (
        "1. Котова Анна - 89000000201\n2) Ким Вера – 8 900 000 02 02 брови\nЖук Яна\n89000000204\n"
    )
    found = understood(text)
    assert found.names == ["Котова Анна", "Ким Вера – брови", "Жук Яна", "+79000000204"]
    assert found.clients[1].values["phones"] == ["+79000000202"]


def test_a_link_to_a_messenger_is_the_number_in_it() -> None:
    rows = "Котова Анна;https://wa.me/79000000201;https://t.me/anna\nКим Вера;tel:+79000000202;\n"
    found = understood(f"ФИО;WhatsApp;Telegram\n{rows}")
    assert [client.values["phones"] for client in found.clients] == [
        [{"whatsapp": "+79000000201"}],
        [{"whatsapp": "+79000000202"}],
    ]
    assert not found.said


def test_a_phone_in_the_marks_of_a_web_page_is_one_phone() -> None:
    cell = '"<a href=""tel:+79000000201"">+7 900 000-02-01</a>"'
    found = understood(f"ФИО;Телефон\nКотова Анна;{cell}\n")
    assert (only(found)["phones"], found.said) == (["+79000000201"], [])


def test_a_line_drawn_below_the_header_is_no_client() -> None:
    found = understood("| ФИО | Телефон |\n|---|---|\n| Котова Анна | 89000000201 |\n")
    assert (found.names, found.said) == (["Котова Анна"], [])


def test_who_signs_a_report_below_its_totals_is_no_client() -> None:
    rows = "Котова Анна;89000000201\nИтого: 1;\nОтчёт подготовил: Ольга;\n"
    found = understood(f"ФИО;Телефон\n{rows}")
    assert found.names == ["Котова Анна"]
    assert found.says("f.csv:4: a single cell below the totals is no client")


@pytest.mark.parametrize("name", ["“Котова Анна”", "«Котова Анна»", "„Котова Анна“"])
def test_a_name_in_quotes_of_a_text_program_is_the_name(name: str) -> None:
    assert understood(f"ФИО;Телефон\n{name};89000000201\n").names == ["Котова Анна"]


def test_a_company_in_quotes_keeps_them() -> None:
    assert understood("ФИО;Телефон\n«Лён»;89000000201\n").names == ["«Лён»"]


def test_parts_of_an_address_are_known_by_their_first_word() -> None:
    found = understood("ФИО;Адрес, город;Адрес, улица\nКотова Анна;Тверь;Мира 1\n")
    assert only(found)["addresses"] == ["Мира 1, Тверь"]


def test_without_the_part_for_old_workbooks_it_is_said_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(NoWorkbooksError, match=r"pip install 'cardcli\[xlsx\]'"):
        understood((DATA / "clients.xls").read_bytes(), "c.xls")
