"""What leaves the store: each format as the program that takes it sees it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import icalendar
import pytest

from tests.conftest import Cli

MARIA = """---
id: k7f3qd
number: К-00001
name: Иванова Мария
phones: ["+79000000127"]
allergies:
  - лидокаин
created: 2026-01-10
---

# Иванова Мария

## Услуги

- 2026-05-14 Стрижка [price:: 2500.50] ^e7f3qd
- 2026-07-01 Окрашивание [price:: 5000] ^e9f3qd
"""
OLEG = """---
id: b5g4tz
number: К-00002
name: Петров Олег
phones: ["+79000000128"]
emails: [o@example.com]
---

# Петров Олег

## Покупки

- 2026-05-02 Маска [price:: 900] [qty:: 2] ^a2x9qt

## Возвраты

- 2026-05-09 Не подошла [amount:: 900] [of:: a2x9qt] ^a3x9qt

## Взаимодействия

- 2026-05-10 Спросил о времени [channel:: call] ^c1x9qt
- 2026-05-11 Спросил о цене [channel:: call] ^c2x9qt
- 2026-05-12 Спросил о маске [channel:: chat] ^c3x9qt
"""


ROLE = "roles:\n  desk:\n    hide: [allergies, visit]"


@pytest.fixture
def shop(salon: Path) -> Path:
    """Return a store of two clients with visits, a sale, a return, contacts and an allergy."""
    for name, text in (("ivanova-mariya-k7f3qd", MARIA), ("petrov-oleg-b5g4tz", OLEG)):
        (salon / "cards" / f"{name}.md").write_text(text, encoding="utf-8")
    return salon


def test_json_lines_hold_the_card_as_it_lies_on_the_disk(shop: Path, cli: Cli) -> None:
    result = cli("export", "--format", "jsonl")
    assert result.code == 0, result.err
    clients = [json.loads(line) for line in result.out.splitlines()]
    assert [client["name"] for client in clients] == ["Иванова Мария", "Петров Олег"]
    for client in clients:
        assert (shop / client["path"]).read_text(encoding="utf-8") == client["text"]
        assert client["entries"]


@pytest.mark.usefixtures("shop")
def test_json_holds_the_same_clients_as_json_lines(cli: Cli) -> None:
    lines = cli("export", "--format", "jsonl").out.splitlines()
    assert json.loads(cli("export", "--format", "json").out) == [json.loads(each) for each in lines]
    assert json.loads(cli("export", "--format", "json", "--where", "tag:none").out) == []


def test_the_warning_names_what_goes_out_and_health_data_first(shop: Path, cli: Cli) -> None:
    result = cli("export", "--format", "jsonl")
    assert "personal data goes out: health data of 1, names, phones, e-mails" in result.err
    assert "health" not in cli("export", "--format", "jsonl", "--where", "name:Петров").err
    (shop / "files" / "k7f3qd").mkdir(parents=True)
    (shop / "files" / "k7f3qd" / "2026-01-01-portrait.jpg").write_bytes(b"x")
    assert "photos" not in cli("export", "--format", "jsonl").err
    assert "photos" in cli("export", "--format", "jsonl", "--with-files").err
    vcard = cli("export", "--format", "vcard").err
    assert "health" not in vcard
    assert "photos" in vcard
    columns = cli("export", "--format", "jsonl", "--columns", "visits,spent")
    assert "personal data" not in columns.err


def test_the_file_is_for_its_owner_alone_and_replaces_an_older_one(shop: Path, cli: Cli) -> None:
    target = shop.parent / "out.jsonl"
    target.write_text("old")
    target.chmod(0o644)
    result = cli("export", "-o", str(target))
    assert result.code == 0, result.err
    assert result.out == ""
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert len(target.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.usefixtures("shop")
def test_chosen_columns_are_written_as_programs_read_them(cli: Cli) -> None:
    result = cli("export", "Петров", "--format", "jsonl", "--columns", "name,spent,visits,phones")
    assert json.loads(result.out) == {
        "id": json.loads(result.out)["id"],
        "name": "Петров Олег",
        "spent": "900",
        "visits": 0,
        "phones": ["+79000000128"],
    }


@pytest.fixture
def base(shop: Path, cli: Cli) -> Callable[[str], list[tuple[object, ...]]]:
    """Export to SQLite and return what a query of it answers."""
    target = shop.parent / "export.db"
    result = cli("export", "--format", "sqlite", "-o", str(target))
    assert result.code == 0, result.err

    def asked(question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(target)) as opened:
            return opened.execute(question).fetchall()

    return asked


def test_sqlite_answers_the_total_of_each_client(
    base: Callable[[str], list[tuple[object, ...]]],
) -> None:
    question = """
        SELECT name, round(sum(amount), 2) FROM clients JOIN transactions USING (client_id)
        GROUP BY client_id ORDER BY name"""
    assert base(question) == [("Иванова Мария", 2500.5), ("Петров Олег", 900)]
    assert base("SELECT name, total FROM client_totals ORDER BY name") == base(question)
    assert base("SELECT name, spent FROM clients ORDER BY name") == base(question)


def test_sqlite_answers_interactions_by_channel(
    base: Callable[[str], list[tuple[object, ...]]],
) -> None:
    question = "SELECT channel, count(*) FROM interactions GROUP BY channel ORDER BY channel"
    assert base(question) == [("call", 2), ("chat", 1)]


def test_sqlite_answers_what_was_returned(base: Callable[[str], list[tuple[object, ...]]]) -> None:
    question = "SELECT date, amount, product FROM transactions WHERE kind = 'refund'"
    assert base(question) == [("2026-05-09", -900, "Не подошла")]
    assert base("SELECT returned, of_product, bought_on FROM returns") == [
        (900.0, "Маска", "2026-05-02")
    ]


def test_sqlite_keeps_booked_visits_out_of_the_money_but_not_out_of_the_visits(
    base: Callable[[str], list[tuple[object, ...]]],
) -> None:
    assert base("SELECT service, price FROM visits ORDER BY date") == [
        ("Стрижка", 2500.5),
        ("Окрашивание", 5000),
    ]
    assert base("SELECT count(*) FROM transactions WHERE kind = 'visit'") == [(1,)]


def test_the_schema_has_keys_types_and_comments(
    base: Callable[[str], list[tuple[object, ...]]],
) -> None:
    tables = {name for (name,) in base("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {
        "clients",
        "transactions",
        "interactions",
        "visits",
        "surveys",
        "recommendations",
    } <= tables
    (schema,) = base("SELECT sql FROM sqlite_master WHERE name = 'transactions'")[0]
    assert '"transaction_id" TEXT PRIMARY KEY NOT NULL, -- Unique id' in str(schema)
    assert '"amount" DECIMAL(15,2), -- What it adds to the money spent' in str(schema)
    (reference,) = base("PRAGMA foreign_key_list(transactions)")
    assert reference[2:4] == ("clients", "client_id")
    assert base("PRAGMA foreign_key_check") == []
    said = "SELECT count(*) FROM columns_explained WHERE comment = ''"
    assert base(said) == [(0,)]


def test_what_fits_no_column_is_in_the_tables_of_details(shop: Path, cli: Cli) -> None:
    card = next((shop / "cards").glob("ivanova*"))
    text = card.read_text(encoding="utf-8")
    text = text.replace("created:", "собака: Рекс\ncreated:").replace(
        "Стрижка [price:: 2500.50]", "Стрижка [price:: дорого] [shampoo:: мята]"
    )
    card.write_text(
        text + "\n## Питомцы\n\n- 2026-01-02 Кошка ^a00001\nЛюбит тишину.\n", encoding="utf-8"
    )
    target = shop.parent / "export.db"
    assert cli("export", "-o", str(target)).code == 0
    with closing(sqlite3.connect(target)) as opened:
        own = opened.execute("SELECT value FROM client_details WHERE key = 'собака'").fetchall()
        fields = opened.execute("SELECT key, value FROM entry_details ORDER BY key").fetchall()
        entries = opened.execute("SELECT section, title FROM own_entries").fetchall()
        texts = opened.execute("SELECT section, text FROM own_text").fetchall()
    assert own == [("Рекс",)]
    assert fields == [("price", "дорого"), ("shampoo", "мята")]
    assert entries == [("Питомцы", "Кошка")]
    assert texts == [("Питомцы", "Любит тишину.")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["export"], "Say what to write with --format: vcard"),
        (["export", "--format", "jsom"], "Did you mean “json”?"),
        (["export", "--format", "sqlite", "--columns", "id"], "--columns goes with: "),
        (["export", "Петров", "--where", "visits>1", "--format", "json"], "Name the clients, or"),
        (["export", "--format", "vcard", "--pseudonymise"], "--pseudonymise goes with: csv"),
        (["export", "--format", "csv", "--with-files"], "--with-files goes with: json"),
        (["export", "--format", "json", "--with-files", "--pseudonymise"], "photos show faces"),
        (["export", "--format", "parquet"], "This format is a folder of files"),
        (["export", "--format", "vcard", "--vcard", "5.0"], "--vcard: “5.0” is not one of"),
        (["export", "--format", "json", "--columns", "nonsense"], "nonsense"),
        (["export", "-o", "cards/x.json"], "cards/x.json is a place of the store itself"),
        (["export", "-o", "nowhere/x.json"], "There is no folder nowhere."),
        (["lookup", "anonymous"], "“anonymous” is not a phone number"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_sentence(
    shop: Path, cli: Cli, arguments: list[str], sentence: str
) -> None:
    result = cli(*arguments)
    assert result.code == 2
    assert sentence in result.err
    assert not list(shop.rglob("x.json"))


def test_a_role_takes_out_only_what_it_sees(shop: Path, cli: Cli) -> None:
    settings = shop / "cardcli.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("roles: {}", ROLE), encoding="utf-8")
    result = cli("export", "--format", "jsonl", "--role", "desk")
    assert result.code == 0, result.err
    assert "лидокаин" not in result.out
    assert "Стрижка" not in result.out
    assert "Петров Олег" in result.out


# --- the other formats -------------------------------------------------------------------------


def test_csv_holds_the_profile_and_phones_come_back_unchanged(shop: Path, cli: Cli) -> None:
    result = cli("export", "--format", "csv")
    assert result.code == 0, result.err
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [row["name"] for row in rows] == ["Иванова Мария", "Петров Олег"]
    assert rows[0]["phones"] == "+79000000127"
    assert rows[0]["allergies"] == "лидокаин"
    assert "2 clients" in result.err
    assert "services" not in result.err
    chosen = cli("export", "--format", "csv", "--columns", "name,spent")
    assert chosen.out == "name,spent\nИванова Мария,2500.50\nПетров Олег,900\n"
    assert shop.is_dir()


def test_a_calendar_holds_the_booked_visits(shop: Path, cli: Cli) -> None:
    card = shop / "cards" / "ivanova-mariya-k7f3qd.md"
    text = card.read_text(encoding="utf-8")
    booked = "- 2026-07-01 14:30 Окрашивание [duration:: 90] [staff:: Инна]"
    card.write_text(text.replace("- 2026-07-01 Окрашивание", booked), encoding="utf-8")
    result = cli("export", "--format", "ics")
    assert result.code == 0, result.err
    calendar = icalendar.Calendar.from_ical(result.out)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Иванова Мария: Окрашивание"
    assert event.decoded("DTSTART").isoformat() == "2026-07-01T14:30:00"
    assert event.decoded("DURATION").total_seconds() == 90 * 60
    assert str(event["UID"]) == "k7f3qd-e9f3qd@cardcli"
    assert "8 (900) 000-01-27" in str(event["DESCRIPTION"])


def test_html_shows_the_cards(shop: Path, cli: Cli) -> None:
    target = shop.parent / "cards.html"
    result = cli("export", "-o", str(target))
    assert result.code == 0, result.err
    page = target.read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "Петров" in page
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_markdown_folder_holds_the_cards_and_their_files(shop: Path, cli: Cli) -> None:
    photo = shop / "files" / "k7f3qd" / "a.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"picture")
    target = shop.parent / "vault"
    result = cli("export", "--format", "markdown", "-o", str(target), "--with-files")
    assert result.code == 0, result.err
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert found == {"Иванова Мария.md", "Петров Олег.md", "files/k7f3qd/a.jpg"}
    assert (target / "Иванова Мария.md").read_text(encoding="utf-8") == MARIA
    assert stat.S_IMODE(target.stat().st_mode) == 0o700
    again = cli("export", "--format", "markdown", "-o", str(target))
    assert again.code == 2
    assert "is already there" in again.err
    assert not list(shop.parent.glob(".~*"))


def test_parquet_holds_the_same_tables_with_exact_money(shop: Path, cli: Cli) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    target = shop.parent / "tables"
    result = cli("export", "--format", "parquet", "-o", str(target))
    assert result.code == 0, result.err
    names = {path.stem for path in target.glob("*.parquet")}
    assert {"clients", "transactions", "interactions", "surveys", "recommendations"} <= names
    table = parquet.read_table(target / "transactions.parquet")
    assert table.schema.field("amount").type.scale == 2
    assert table.schema.field("amount").metadata[b"comment"].startswith(b"What it adds")
    amounts = {row["transaction_id"]: row["amount"] for row in table.to_pylist()}
    assert amounts["k7f3qd-e7f3qd"] == Decimal("2500.50")
    assert amounts["b5g4tz-a3x9qt"] == Decimal(-900)
    assert parquet.read_table(target / "surveys.parquet").num_rows == 0


def test_without_pyarrow_the_extra_is_named(
    shop: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    target = shop.parent / "tables"
    result = cli("export", "--format", "parquet", "-o", str(target))
    assert result.code == 9
    assert "pip install 'cardcli[parquet]'" in result.err
    assert not target.exists()


# --- pseudonyms --------------------------------------------------------------------------------

TELLING = (
    "Иванова", "Мария", "Петров", "Олег", "79000000127", "o@example.com", "лидокаин", "k7f3qd", "b5g4tz",
    "К-00001", "Не подошла", "Спросил", "e7f3qd", "Тайная", "Рекс", "1990-04-12", "Улица", "Инна", "a.jpg",
)  # fmt: skip


@pytest.fixture
def secretive(shop: Path) -> Path:
    """Give the clients of the shop all that must never leave it."""
    card = shop / "cards" / "ivanova-mariya-k7f3qd.md"
    text = card.read_text(encoding="utf-8")
    text = text.replace(
        "created:",
        "birthday: 1990-04-12\naddresses: [Улица 5]\nсобака: Рекс\nsex: female\ntags: [Тайная]\n"
        "source: Мария сказала\ncomment: Тайная\ncategory: Тайная\ncreated:",
    ).replace(
        "[price:: 2500.50]",
        "[price:: 2500.50] [staff:: Инна] [feedback:: Тайная] [rating:: Тайная]",
    )
    card.write_text(
        text.replace("^e7f3qd", "^e7f3qd\n  Тайная строка")
        + "\n## Заметки\n\n- 2026-05-01 Тайная ^a9x9qt\n\nТайная проза\n",
        encoding="utf-8",
    )
    return shop


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "sqlite", "markdown"])
def test_pseudonyms_tell_nothing_of_a_person(secretive: Path, cli: Cli, form: str) -> None:
    target = secretive.parent / "out"
    result = cli("export", "--format", form, "--pseudonymise", "-o", str(target))
    assert result.code == 0, result.err
    files = [target, *target.rglob("*")] if target.is_dir() else [target]
    said = "".join(str(path) for path in files) + "".join(
        path.read_bytes().decode("utf-8", "replace") for path in files if path.is_file()
    )
    said = said.replace(str(secretive.parent), "")
    assert [word for word in TELLING if word in said] == []
    assert "2500.5" in said or form in {"csv", "sqlite"}
    assert "under pseudonyms" in result.err


def test_pseudonyms_are_stable_and_keep_the_figures(secretive: Path, cli: Cli) -> None:
    first = cli("export", "--format", "jsonl", "--pseudonymise").out
    assert cli("export", "--format", "jsonl", "--pseudonymise").out == first
    clients = [json.loads(line) for line in first.splitlines()]
    maria = clients[0]["profile"]
    assert maria["age_band"] == "30-39"
    assert maria["sex"] == "female"
    assert {"text", "files"} & set(clients[0]) == set()
    sale, back = clients[1]["entries"][:2]
    assert back["fields"]["of"] == sale["id"]
    assert sale["fields"] == {"price": "900", "qty": "2"}
    key = secretive / ".cardcli" / "pseudonyms.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    assert cli("export", "--format", "jsonl", "--pseudonymise").out != first


def test_a_text_passes_when_the_catalogue_or_three_clients_share_it(shop: Path, cli: Cli) -> None:
    for number in range(3):
        text = OLEG.replace("b5g4tz", f"b5g4t{number}").replace("Спросил о времени", "Один")
        text = text.replace("emails:", f"tags: [общая, своя{number}]\nemails:")
        (shop / "cards" / f"x-b5g4t{number}.md").write_text(text, encoding="utf-8")
    result = cli("export", "--format", "jsonl", "--pseudonymise")
    assert result.code == 0, result.err
    assert "Маска" in result.out
    assert "общая" in result.out
    assert "своя" not in result.out
    assert "Стрижка" not in result.out


def test_columns_of_pseudonyms_hold_no_name(secretive: Path, cli: Cli) -> None:
    arguments = ("--format", "csv", "--pseudonymise", "--columns", "name,age_band,spent,phone")
    result = cli("export", *arguments)
    assert result.code == 0, result.err
    rows = [line.split(",") for line in result.out.splitlines()[1:]]
    assert [row[1:] for row in rows] == [["30-39", "2500.50", ""], ["", "900", ""]]
    assert secretive.is_dir()


# --- lookup ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "+79000000127",
        "89000000127",
        "9000000127",
        "79000000127",
        "8 (900) 000-01-27",
        "0079000000127",
    ],
)
@pytest.mark.usefixtures("shop")
def test_a_caller_is_known_by_every_form_of_the_number(cli: Cli, typed: str) -> None:
    result = cli("lookup", typed)
    assert result.code == 0, result.err
    assert result.out.split("\t")[2:] == ["Иванова Мария", "8 (900) 000-01-27\n"]


@pytest.mark.usefixtures("shop")
def test_an_unknown_caller_is_told_by_the_exit_code(cli: Cli) -> None:
    for typed in ("+79000000999", "0127", "+19000000127"):
        result = cli("lookup", typed)
        assert (result.code, result.out) == (1, "")
        assert typed in result.err
    assert json.loads(cli("lookup", "0127", "--json").out) == {"phone": "0127", "clients": []}


@pytest.mark.usefixtures("shop")
def test_a_number_of_several_clients_names_them_all(cli: Cli) -> None:
    assert cli("new", "Иванов Пётр", "--phone", "8 900 000-01-27").code == 0
    result = cli("lookup", "89000000127")
    assert result.code == 4
    assert [line.split("\t")[2] for line in result.out.splitlines()] == [
        "Иванов Пётр",
        "Иванова Мария",
    ]


def test_a_number_abroad_is_read_by_the_rules_of_the_country_of_the_store(
    shop: Path, cli: Cli
) -> None:
    settings = shop / "cardcli.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("region: RU", "region: DE"), encoding="utf-8")
    added = cli("new", "Müller Anna", "--phone", "030 23125000")
    assert added.code == 0, added.err
    for typed in ("030 23125000", "+49 30 23125000", "00493023125000"):
        assert cli("lookup", typed).code == 0, typed
    assert cli("lookup", "9000000127").code == 1  # a Russian number needs its code abroad
