"""Tables of other programs, whole and damaged: what is understood, what is told, nothing is lost."""

from __future__ import annotations

import codecs
import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import person
from cardcli.errors import CardcliError
from cardcli.exchange import cells, days, registry
from cardcli.exchange.incoming import Noted, Options, Skipped
from cardcli.exchange.reading import Client, read
from cardcli.kinds import Kinds
from tests.conftest import Cli

DATA = Path(__file__).parent / "data" / "exchange"
OPTIONS = Options(Kinds(), dt.date(2026, 6, 15), "en", "RU", "RUB")
HEADER = "ФИО;Телефон;Дата рождения\n"
ANNA, PETR = "Котова Анна;+79000000201;01.02.1990\n", "Котов Пётр;+79000000202;03.04.1985\n"


@dataclass
class Understood:
    """What came out of a file."""

    clients: list[Client]
    said: list[str]

    @property
    def names(self) -> list[str]:
        return [client.name for client in self.clients]

    def says(self, text: str) -> bool:
        return any(text in line for line in self.said)


def understood(data: bytes | str, name: str = "f.csv", **options: Any) -> Understood:
    raw = data.encode() if isinstance(data, str) else data
    wanted = replace(OPTIONS, **options)
    found = Understood([], [])
    try:
        codec = registry.recognise(raw, name)
    except CardcliError as error:
        found.said.append(str(error))
        return found
    for told in codec.read(raw, name, wanted):
        if isinstance(told, Skipped):
            found.said.append(f"{told.place}: {told.reason}")
        elif isinstance(told, Noted):
            found.said.append(f"{told.place}: {told.sentence}")
        else:
            client = read(told, wanted)
            if isinstance(client, Skipped):
                found.said.append(f"{client.place}: {client.reason}")
            else:
                found.clients.append(client)
                found.said += [f"{told.place}: {remark}" for remark in client.remarks]
                found.said += [f"{told.place}: {name}" for name in told.unknown]
    return found


# --- bad input: what it is, the bytes, the names that still come in, what is said ---

BOTH = ["Котова Анна", "Котов Пётр"]
GOOD = HEADER + ANNA + PETR
BAD: dict[str, tuple[bytes | str, list[str], str]] = {
    "an empty file": (b"", [], "f.csv: the file is empty"),
    "nothing but blank lines": ("\n \n;;\n", [], "f.csv: the file is empty"),
    "a byte order mark alone": (codecs.BOM_UTF8, [], "f.csv: the file is empty"),
    "a header only": (HEADER, [], "f.csv: there are names of columns and no rows below them"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", [], "f.csv: this is a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, [], "save it as .xlsx or CSV"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", [], "f.csv: this is a picture"),
    "an archive": (b"PK\x03\x04\x14\0\0\0abc", [], "the archive is damaged"),
    "a web page": ("<html><p>a</p></html>", [], "a web page or XML"),
    "a LibreOffice table": (b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", [], "save it as .xlsx or CSV"),
    "random bytes": (bytes(range(256)) * 20, [], "no format that can be imported"),
    "a letter": ("Дорогая Анна!\nПишу тебе из Твери.\n", [], "no column holds names, phones or e-mails"),
    "columns of other things": ("Артикул;Остаток\n12;7\n", [], "the columns are: Артикул, Остаток"),
    "cut within a row": (GOOD + "Сидор", [*BOTH, "Сидор"], ""),
    "cut within a letter": ((GOOD + "Сидоров").encode()[:-1], [*BOTH, "Сидоро"], ""),
    "cut within a quoted cell": (GOOD + '"Сидорова\nОль', [*BOTH, "Сидорова", "Оль"], "f.csv:4: a quotation mark is opened and never closed"),
    "a quotation mark never closed": (HEADER + '"Котова Анна;+79000000201;\n' + PETR, BOTH, "f.csv:2: a quotation mark"),
    "a quotation mark within a name": (HEADER + 'ООО "Лён;+79000000201;\n' + PETR, ['ООО "Лён', "Котов Пётр"], ""),
    "a very long line": (GOOD + "x" * 2_000_000 + "\n", BOTH, "f.csv:4: the line has 2000000 characters"),
    "cells of several lines": (HEADER + '"Котова\nАнна";"+79000000201";\n' + PETR, BOTH, ""),
    "zero bytes": (GOOD.replace("Анна", "Ан\0на"), BOTH, ""),
    "cp1251": (GOOD.encode("cp1251"), BOTH, "f.csv: the text was read as cp1251"),
    "cp866": (GOOD.encode("cp866"), BOTH, "f.csv: the text was read as cp866"),
    "koi8-r": (GOOD.encode("koi8-r"), BOTH, "f.csv: the text was read as koi8-r"),
    "UTF-16 with a mark": (GOOD.encode("utf-16"), BOTH, "utf-16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), BOTH, "utf-16-le"),
    "mixed encodings": ((HEADER + ANNA).encode() + PETR.encode("cp1251"), BOTH, "f.csv:3: the line is in another encoding"),
    "two columns of one name": ("ФИО;Телефон;Телефон\nКотова Анна;+79000000201;+79000000203\n", ["Котова Анна"], "several columns are called “Телефон”"),
    "rows longer than the header": (HEADER + ANNA.strip() + ";лишнее\n" + PETR, BOTH, "f.csv:2: the row has more cells than there are names of columns"),
    "rows shorter than the header": (HEADER + "Котова Анна\n" + PETR, BOTH, ""),
    "a birthday in words": (HEADER + "Котова Анна;+79000000201;circa 1800\n", ["Котова Анна"], "f.csv:2: “circa 1800” is not a date"),
    "a birthday in the future": (HEADER + "Котова Анна;+79000000201;01.02.2090\n", ["Котова Анна"], "lies in the future"),
    "a birthday that never was": (HEADER + "Котова Анна;+79000000201;31.02.1990\n", ["Котова Анна"], "there is no such day"),
    "a birthday that may be two": (HEADER + "Котова Анна;+79000000201;4/12/1990\n", ["Котова Анна"], "day/month or month/day"),
    "a phone in scientific form": (HEADER + "Котова Анна;7,9E+10;\n", ["Котова Анна"], "damaged by a spreadsheet"),
    "words in the place of a phone": (HEADER + "Котова Анна;перезвонит сама;\n", ["Котова Анна"], "is not a phone number"),
    "a phone too short": (HEADER + "Котова Анна;12-34;\n", ["Котова Анна"], "looks wrong; it is kept as typed"),
    "a formula as a name": (HEADER + "=HYPERLINK(1);+79000000201;\n", ["=HYPERLINK(1)"], "looks like a formula"),
    "a name without a letter": (HEADER + "***;+79000000201;\n", ["+79000000201"], "has no letter in it"),
    "a very long name": (HEADER + "Я" * 300 + ";+79000000201;\n", ["+79000000201"], "longer than 200 characters"),
    "a row with nothing to tell by": (HEADER + ";;01.02.1990\n" + PETR, ["Котов Пётр"], "f.csv:2: there is no name, no phone and no e-mail in it"),
    "a row of totals": (GOOD + "Итого:;2;\n", BOTH, "f.csv:4: a row of totals is no client"),
    "the header again in the middle": (HEADER + ANNA + HEADER + PETR, BOTH, ""),
    "a title above the header": ("Список клиентов\n\n" + GOOD, BOTH, ""),
    "no header at all": (ANNA + PETR, BOTH, "no row has the names of columns"),
    "a sep= line": ("sep=;\n" + GOOD, BOTH, ""),
    "old Mac line ends": (GOOD.replace("\n", "\r"), BOTH, ""),
    "an e-mail without @": ("Имя,Email\nКотова Анна,anna.example.com\n", ["Котова Анна"], "is not an e-mail address"),
    "place holders": (HEADER + "Котова Анна;-;0000-00-00\n", ["Котова Анна"], ""),
    "emoji and a zero width blank": (HEADER + "\u200bКотова Анна 🌸;+79000000201;\n", ["Котова Анна 🌸"], ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_of_bad_input_the_good_rows_come_in_and_the_rest_is_told(kind: str) -> None:
    data, names, said = BAD[kind]
    found = understood(data)
    assert found.names == names
    assert found.says(said) if said else not [line for line in found.said if "is not" in line]


def test_a_folder_of_bad_files_is_imported_without_a_traceback(salon: Path, cli: Cli) -> None:
    folder = salon.parent / "bad"
    folder.mkdir()
    for number, (data, _names, _said) in enumerate(BAD.values()):
        raw = data.encode() if isinstance(data, str) else data
        (folder / f"{number:02}.csv").write_bytes(raw)
    result = cli("import", str(folder), "--yes")
    assert result.code == 0, result.err
    assert not (salon / ".cardcli" / "log").exists()
    assert any("Котова Анна" in path.read_text("utf-8") for path in (salon / "cards").glob("*.md"))


@pytest.mark.parametrize("kind", ["an empty file", "a PDF", "a header only", "a letter"])
def test_a_file_of_which_nothing_can_be_taken_has_its_exit_code(
    salon: Path, cli: Cli, kind: str
) -> None:
    data = BAD[kind][0]
    file = salon.parent / "bad.csv"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    result = cli("import", str(file), "--yes")
    assert result.code == 7
    assert "Nothing in it could be understood" in result.err
    assert f"{file}: " in result.out


def test_a_line_of_a_hundred_megabytes_costs_no_more_than_its_reading() -> None:
    found = understood(GOOD + "x" * 100_000_000 + "\n" + "Сидорова Ольга;+79000000203;\n")
    assert found.names == [*BOTH, "Сидорова Ольга"]
    assert found.says("f.csv:4: the line has 100000000 characters")


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    understood(data)
    understood(GOOD.encode() + data)


@given(
    st.sampled_from(sorted(DATA.glob("*.csv"))),
    st.integers(0),
    st.integers(0, 60),
    st.binary(max_size=8),
)
def test_a_file_damaged_anywhere_gives_what_is_left_of_it(
    path: Path, start: int, length: int, instead: bytes
) -> None:
    data = path.read_bytes()
    start %= len(data)
    found = understood(data[:start] + instead + data[start + length :], path.name)
    assert found.clients or found.said


# --- layouts ---


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("google-2024", {"name": "Иванова Мария Петровна", "birthday": "1990-04-12",
                         "phones": ["+79000000127", {"work": "+79000000128"}],
                         "emails": [{"home": "maria@example.com"}], "tags": ["Постоянные"],
                         "addresses": [{"home": "ул. Садовая, д. 5, Тверь, 170000"}],
                         "comment": "Любит чай\nбез сахара"}),
        ("google-2022", {"name": "Кузнецова Анна Сергеевна", "birthday": "--02-29",
                         "phones": ["+79000000444", {"home": "+74950000001"}],
                         "workplace": "ИП Кузнецова", "job": "мастер", "tags": ["Клиенты"]}),
        ("outlook-ru", {"name": "Сидорова Ольга Игоревна", "birthday": "1985-03-17", "sex": "female",
                        "phones": [{"work": "+74822000001"}, "+79000000666"],
                        "emails": ["olga@example.com"], "workplace": 'ООО "Лаванда"',
                        "addresses": [{"work": "пр. Мира, 3, Тверь, 170001, Россия"},
                                      {"home": "ул. Новая, 12, Тверь, 170002"}],
                        "comment": "Просит звонить после 18:00;\nаллергия на персульфат"}),
        ("outlook-en", {"name": "Morozova Elena", "birthday": "1985-03-17", "sex": "female",
                        "phones": ["+442079460958"], "emails": ["elena@example.com"],
                        "workplace": "Example Ltd", "tags": ["VIP"]}),
        ("bitrix24", {"name": "Лебедева Вера Павловна", "birthday": "1979-02-01",
                      "created": "2024-05-14", "source": "Звонок",
                      "emails": [{"home": "vera@example.com"}], "phones": ["+79000000888"]}),
        ("fresha", {"name": "Novikova Polina", "birthday": "1992-11-05", "sex": "female",
                    "phones": ["+79000001111"], "addresses": ["5 Garden St, 12, Tver, 170000"],
                    "created": "2024-03-01", "source": "Walk-In"}),
        ("yclients", {"name": "Иванова Мария", "birthday": "1990-04-12", "phones": ["+79000000127"],
                      "tags": ["VIP"], "comment": "Аллергия на лидокаин"}),
    ],
)  # fmt: skip
def test_a_known_layout_comes_in_whole(file: str, expected: dict[str, Any]) -> None:
    found = understood((DATA / f"{file}.csv").read_bytes())
    values = found.clients[0].values
    assert {key: values.get(key) for key in expected} == expected


def test_records_with_only_a_phone_or_an_email_are_kept() -> None:
    found = understood((DATA / "google-2024.csv").read_bytes())
    assert found.names[2:] == ["+79000000333", "only@example.com"]


def test_a_phone_in_the_place_of_a_name_is_a_phone() -> None:
    rows = "Имя;Телефон;Email\n8 900 000-02-01;;\n79000000202;79000000202;\na@example.com;;\n"
    found = understood(rows).clients
    assert [client.values.get("phones") for client in found] == [
        ["+79000000201"],
        ["+79000000202"],
        None,
    ]
    assert found[2].values["emails"] == ["a@example.com"]
    assert [client.named for client in found] == [False] * 3


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Имя,Фамилия,Отчество,Тел.", "Анна,Котова,Ивановна,89000000201", "Котова Анна Ивановна"),
        ("Клиент,Моб. телефон", "Анна Ивановна Котова,89000000201", "Котова Анна Ивановна"),
        ("Name,Cell", "Anna Cat,89000000201", "Anna Cat"),
        ("last_name,first_name,phone_number", "Cat,Anna,89000000201", "Cat Anna"),
        ("Ф.И.О.,Номер телефона", "Котова А. И.,89000000201", "Котова А. И."),
        ("Компания,Телефон", "ООО «Лён»,89000000201", "ООО «Лён»"),
    ],
)
def test_columns_are_known_by_their_names(header: str, row: str, expected: str) -> None:
    found = understood(f"{header}\n{row}\n")
    assert found.names == [expected]
    assert found.clients[0].plain("phones") == ["+79000000201"]


def test_unnamed_columns_are_known_by_what_stands_in_them() -> None:
    rows = "".join(
        f"Котова Анна;a{n}@example.com;8900000020{n};0{n}.02.1990\n" for n in range(1, 6)
    )
    first = understood(rows).clients[0].values
    assert first["phones"] == ["+79000000201"]
    assert first["emails"] == ["a1@example.com"]
    assert first["birthday"] == "1990-02-01"


def test_columns_of_unknown_names_are_known_by_what_stands_in_them() -> None:
    rows = "".join(f"Котова Анна;8900000020{n};0{n}.02.1990\n" for n in range(1, 6))
    found = understood("Кто такая;Куда звонить;Родилась\n" + rows)
    assert found.names == ["Котова Анна"] * 5
    assert found.clients[0].values["phones"] == [{"куда звонить": "+79000000201"}]
    assert found.clients[0].values["birthday"] == "1990-02-01"
    assert found.says("the column “Кто такая” was taken for: Name")


def test_the_order_of_day_and_month_is_learned_from_the_column() -> None:
    rows = "Name,Birthday\nAnna,4/12/1990\nPetr,3/17/1985\n"
    assert [c.values["birthday"] for c in understood(rows).clients] == ["1990-04-12", "1985-03-17"]
    rows = "Name,Birthday\nAnna,4/12/1990\nPetr,17/3/1985\n"
    assert [c.values["birthday"] for c in understood(rows).clients] == ["1990-12-04", "1985-03-17"]
    rows = "Name,Birthday\nAnna,4/12/1990\n"
    assert understood(rows, day_order="mdy").clients[0].values["birthday"] == "1990-04-12"


def test_a_last_visit_is_no_birthday() -> None:
    found = understood("Имя;Телефон;Последний визит\nКотова Анна;+79000000201;01.02.2026\n")
    assert "birthday" not in found.clients[0].values
    assert found.says("Последний визит")


# --- cells ---


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "8 (900) 000-01-27, 8-900-000-01-28",
            [("", "8 (900) 000-01-27"), ("", "8-900-000-01-28")],
        ),
        ("8 900 000-01-27 (мама)", [("мама", "8 900 000-01-27")]),
        ("раб. 8 (495) 000-00-00 доб. 12", [("раб", "8 (495) 000-00-00 доб. 12")]),
        ("89000000127, доб. 5", [("", "89000000127, доб. 5")]),
        ("89000000127 89000000128", [("", "89000000127"), ("", "89000000128")]),
        ("7.9000000127E+10", [("", "79000000127")]),
        ("7,9E+10", [("", "7,9E+10")]),
        ("79000000127.0", [("", "79000000127")]),
        ("'+79000000127", [("", "+79000000127")]),
        ('="+79000000127"', [("", "+79000000127")]),
        ("+79000000127 ::: +79000000128", [("", "+79000000127"), ("", "+79000000128")]),
        ("+7 900 000 01 27, Анна муж", [("Анна муж", "+7 900 000 01 27")]),
        ("+7(900)000-01-27/+7(900)000-01-28", [("", "+7(900)000-01-27"), ("", "+7(900)000-01-28")]),
    ],
)
def test_the_phones_of_a_cell(cell: str, expected: list[tuple[str, str]]) -> None:
    assert [tuple(found) for found in cells.phones(cell)] == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12.04.1990", "1990-04-12"), ("12.4.90", "1990-04-12"), ("1990-04-12", "1990-04-12"),
        ("1990-04-12T00:00:00", "1990-04-12"), ("12.04.1990 0:00:00", "1990-04-12"),
        ("12 апреля 1990 г.", "1990-04-12"), ("12 Apr 1990", "1990-04-12"),
        ("April 12, 1990", "1990-04-12"), ("12.04", "--04-12"), ("12 апреля", "--04-12"),
        ("--04-12", "--04-12"), ("1604-04-12", "--04-12"), ("32975", "1990-04-12"),
        ("19900412", "1990-04-12"), ("0000-00-00", ""), ("25/12/1990", "1990-12-25"),
        ("12/25/1990", "1990-12-25"), ("05.03.05", "2005-03-05"),
    ],
)  # fmt: skip
def test_birthdays_as_programs_write_them(typed: str, expected: str) -> None:
    assert days.read_birthday(typed, OPTIONS.today) == expected


@pytest.mark.parametrize(
    "typed", ["4/12/1990", "31.02.1990", "вчера", "1990", "12.13.1990", "1799-01-01"]
)
def test_what_is_no_birthday_is_not_guessed(typed: str) -> None:
    with pytest.raises(days.NoDayError):
        days.read_birthday(typed, OPTIONS.today)


def test_lengths_and_amounts() -> None:
    assert [cells.minutes(text) for text in ("1:30", "1 ч 30 мин", "90 min", "01:00:00", "90")] == [
        "90", "90", "90", "60", "90",
    ]  # fmt: skip
    assert [cells.amount(text) for text in ("2,500.00", "2 500,00", "2500")] == [
        "2500.00",
        "2 500,00",
        "2500",
    ]


# --- workbooks ---


def workbook(*sheets: tuple[str, Any], merged: Sequence[str] = ()) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells_ in merged:
            sheet.merge_cells(cells_)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_has_dates_and_numbers_as_cells() -> None:
    rows = [
        ["ФИО", "Телефон", "Дата рождения"],
        ["Котова Анна", 79000000201, dt.datetime(1990, 2, 1)],  # noqa: DTZ001 - as openpyxl gives it
        ["Котов Пётр", 89000000202.0, "03.04.1985"],
    ]
    data = workbook(("Лист1", rows), ("Склад", [["Артикул", "Остаток"], [1, 2]]))
    found = understood(data, "клиенты.xlsx")
    assert found.names == BOTH
    assert [client.plain("phones") for client in found.clients] == [
        ["+79000000201"],
        ["+79000000202"],
    ]
    assert [client.values["birthday"] for client in found.clients] == ["1990-02-01", "1985-04-03"]
    assert found.clients[0].told.place == "клиенты.xlsx:Лист1:2"
    assert found.says("клиенты.xlsx:Склад: the sheet holds no clients")
    assert understood(data, "f.xlsx", sheet="Склад").names == []
    assert understood(data, "f.xlsx", sheet="Нет").says(
        "there is no sheet “Нет”; there are: Лист1, Склад"
    )


def test_a_workbook_cut_in_the_middle_is_told() -> None:
    data = workbook(("Лист1", [["ФИО", "Телефон"], ["Котова Анна", "+79000000201"]]))
    found = understood(data[: len(data) // 2], "f.xlsx")
    assert found.names == []
    assert found.says("f.xlsx")


@pytest.mark.parametrize("column", ["Наименование", "Контрагент", "Название"])
def test_a_column_that_heads_anything_holds_the_names_where_no_other_does(column: str) -> None:
    table = (
        f"Список на 01.01.2024;;\n\n№;{column};Телефон\n1;КОТОВА АННА;89000000201\n"
        "2;Олег Ильич Жуков;89000000202\n3;Зина;89000000203\n;Итого: 3;\n"
    )
    assert understood(table).names == ["Котова Анна", "Жуков Олег Ильич", "Зина"]


def test_what_stands_in_brackets_behind_a_name_is_no_family_name() -> None:
    table = "Имя клиента;Телефон\nАнна Ивановна (маникюр);89000000204\nОлег Ильич Жуков (друг);89000000205\n"
    assert understood(table).names == ["Анна Ивановна (маникюр)", "Жуков Олег Ильич (друг)"]
    parts = "Given Name,Additional Name,Family Name,Phone\nАнна,Ивановна,(маникюр),89000000204\n"
    assert understood(parts).names == ["Анна Ивановна (маникюр)"]


def test_the_word_for_a_phone_is_no_label_of_it() -> None:
    (client,) = understood("ФИО;Телефон\nКотова Анна;тел. +7 900 000-02-01\n").clients
    assert client.values["phones"] == ["+79000000201"]


def test_formulas_that_nobody_has_computed_are_told_with_their_cells() -> None:
    rows = [["Котова Анна", 79000000201 + n, "=1+1"] for n in range(7)]
    found = understood(workbook(("А", [["ФИО", "Телефон", "Комментарий"], *rows])), "a.xlsx")
    assert len(found.clients) == 7
    (line,) = [each for each in found.said if "have no result" in each]
    assert "7 formulas have no result in the file and are left out (C2, C3, C4, C5, C6 …)" in line
    one = understood(workbook(("А", [["ФИО", "Телефон"], ["Котова Анна", "=1+1"]])), "a.xlsx")
    assert one.says("1 formula has no result in the file and is left out (B2)")


def test_a_workbook_without_formulas_says_nothing_of_them() -> None:
    found = understood(
        workbook(("А", [["ФИО", "Телефон"], ["Котова Анна", 79000000201]])), "a.xlsx"
    )
    assert found.names == ["Котова Анна"]
    assert not found.says("formula")


def test_a_workbook_that_is_no_archive_any_more_is_called_damaged() -> None:
    assert understood(b"PK\x03\x04garbage", "a.xlsx").says("the workbook is damaged")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Анна Ивановна", ("", "Анна", "Ивановна")),
        ("Анна Ивановна (маникюр)", ("", "Анна", "Ивановна (маникюр)")),
        ("Котова Анна (подруга Оли)", ("Котова", "Анна (подруга Оли)", "")),
        ("Котова Анна Ивановна (маникюр)", ("Котова", "Анна", "Ивановна (маникюр)")),
        ("Анна (маникюр)", ("", "Анна (маникюр)", "")),
    ],
)
def test_a_patronymic_and_a_word_in_brackets_are_no_family_name(
    name: str, parts: tuple[str, str, str]
) -> None:
    found = person.split(name)
    assert (found.family, found.given, found.patronymic) == parts
    assert found.full == name
