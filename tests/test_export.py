"""What leaves the store: each format as the program that takes it sees it."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

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


@pytest.mark.usefixtures("shop")
def test_the_warning_names_what_goes_out_and_health_data_first(cli: Cli) -> None:
    result = cli("export", "--format", "jsonl")
    assert "personal data goes out: health data of 1, names, phones, e-mails" in result.err
    assert "health" not in cli("export", "--format", "jsonl", "--where", "name:Петров").err
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
        (["export"], "Say what to write with --format: jsonl"),
        (["export", "--format", "jsom"], "Did you mean “json”?"),
        (["export", "--format", "sqlite", "--columns", "id"], "--columns goes with: "),
        (["export", "Петров", "--where", "visits>1", "--format", "json"], "Name the clients, or"),
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
