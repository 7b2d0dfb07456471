"""Commands that take a query: list with its columns, order and groups; print and due --where; help."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli

ROOT = Path(__file__).parents[1]


@pytest.fixture
def clients(salon: Path, cli: Cli) -> Path:
    """Add three clients: Anna spent 7700 on two days, Boris 1800 and owes 800, Vera came never."""
    for name, *options in (
        (
            "Алексеева Анна",
            "--tag",
            "vip",
            "--birthday",
            "12.04.1990",
            "--phone",
            "8 900 000-00-01",
        ),
        ("Борисов Борис", "--tag", "staff"),
        ("Васильева Вера", "--tag", "vip", "--tag", "staff"),
    ):
        assert cli("new", name, *options).code == 0
    for client, service, day, price, staff in (
        ("алексеева", "Стрижка женская", "2026-04-01", "2500", "Ольга"),
        ("алексеева", "Окрашивание", "2026-05-01", "5200", "Инна"),
        ("борисов", "Стрижка мужская", "2026-01-10", "1800", "Ольга"),
    ):
        made = cli("visit", client, service, "--date", day, "--price", price, "--staff", staff)
        assert made.code == 0, made.err
    paid = cli("pay", "борисов", "1000", "--date", "2026-01-10")
    assert paid.code == 0, paid.err
    return salon


def names(cli: Cli, *arguments: str) -> list[str]:
    result = cli("list", *arguments, "--columns", "name")
    assert result.code == 0, result.err
    return [line.split()[0] for line in result.out.splitlines()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ((), ["Алексеева", "Борисов", "Васильева"]),
        (("tag:vip",), ["Алексеева", "Васильева"]),
        (("tag:vip", "-tag:staff"), ["Алексеева"]),
        (("-has:visits",), ["Васильева"]),
        (("-other:x | has:debt",), ["Алексеева", "Борисов", "Васильева"]),
        (("-has:debt", "-tag:vip"), []),
        (("has:debt",), ["Борисов"]),
        (("service:стрижка женская",), ["Алексеева"]),
        (("spent>5000",), ["Алексеева"]),
        (("last<2026-02",), ["Борисов"]),
        (("вер", "|", "бор"), ["Борисов", "Васильева"]),
        (("visit(мастер:Ольга цена<2000)",), ["Борисов"]),
        (("birthday:04",), ["Алексеева"]),
    ],
)
def test_list_shows_whom_a_query_means(
    clients: Path, cli: Cli, query: tuple[str, ...], expected: list[str]
) -> None:
    assert clients.is_dir()
    assert names(cli, *query) == expected


def test_without_options_list_is_what_it_was(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    plain = cli("list")
    assert [line.split("\t")[2] for line in plain.out.splitlines()] == [
        "Алексеева Анна", "Борисов Борис", "Васильева Вера",
    ]  # fmt: skip
    assert cli("list", "tag:vip | -tag:vip").out == plain.out
    assert cli("list", "--sort", "name", "--json").out == cli("list", "--json").out


def test_columns_and_order(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    result = cli("list", "--columns", "имя,last,spent,visits,tag,phone", "--sort", "-spent")
    assert [line.split("\t") for line in result.out.splitlines()] == [
        ["Алексеева Анна", "2026-05-01", "7700", "2", "vip", "+79000000001"],
        ["Борисов Борис", "2026-01-10", "1800", "1", "staff", ""],
        ["Васильева Вера", "", "0", "0", "vip, staff", ""],
    ]
    assert names(cli, "--sort", "last") == ["Борисов", "Алексеева", "Васильева"]
    assert names(cli, "--sort", "-name", "--limit", "2") == ["Васильева", "Борисов"]


def test_columns_as_json_are_by_the_names_of_keys(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    found = json.loads(
        cli("list", "анна", "--columns", "name,last,spent,visits,tag,debt,booked", "--json").out
    )
    assert [{key: value for key, value in each.items() if key != "id"} for each in found] == [
        {
            "name": "Алексеева Анна",
            "last": "2026-05-01",
            "spent": "7700",
            "visits": 2,
            "tags": ["vip"],
            "debt": "0",
            "booked": None,
        }
    ]
    assert found[0]["id"]


def test_count_and_groups(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    assert cli("list", "--count").out == "3\n"
    assert cli("list", "tag:vip", "--count", "--json").out == '{\n  "count": 2\n}\n'
    assert cli("list", "--group-by", "tag", "--count").out == "staff\t2\nvip\t2\n"
    assert cli("list", "--group-by", "last", "--count").out == "2026-01\t1\n2026-05\t1\n—\t1\n"
    assert cli("list", "--group-by", "staff", "--columns", "name").out == (
        "Инна\tАлексеева Анна\nОльга\tАлексеева Анна\nОльга\tБорисов Борис\n—\tВасильева Вера\n"
    )
    counts = json.loads(cli("list", "--group-by", "staff", "--count", "--json").out)
    assert counts[-1] == {"group": None, "count": 1}
    groups = json.loads(cli("list", "--group-by", "status", "--columns", "name", "--json").out)
    assert {group["group"]: len(group["clients"]) for group in groups} == {
        "active": 1, "new": 1, "sleeping": 1,
    }  # fmt: skip


def test_nobody_found_is_said_on_stderr_and_is_no_failure(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    result = cli("list", "tag:nobody")
    assert (result.code, result.out) == (0, "")
    assert result.err == "No client matches: tag:nobody\n"
    assert cli("list", "tag:nobody", "--json").out == "[]\n"
    assert cli("list", "tag:nobody", "--count").out == "0\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("list", "tgs:vip"),
        ("list", "--columns", "name,tgs"),
        ("list", "--sort", "-tgs"),
        ("list", "--group-by", "tgs"),
        ("print", "--where", "tgs:vip"),
        ("due", "--where", "tgs:vip"),
    ],
)
def test_an_unknown_key_ends_with_2_and_is_marked(
    clients: Path, cli: Cli, arguments: tuple[str, ...]
) -> None:
    assert clients.is_dir()
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    lines = result.err.splitlines()
    assert "Did you mean “tag”?" in lines[0]
    assert lines[1][lines[2].index("^") :].startswith("tgs")
    assert lines[2].strip() == "^^^"


def test_a_mistyped_option_is_no_query(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    assert cli("list", "-count").code == 2
    assert cli("list", "-limit", "5").code == 2
    assert cli("list", "--where", "tag:vip").code == 2
    assert cli("list", "-h").code == 0


@pytest.mark.parametrize(
    "arguments", [("",), ("--columns", ""), ("--sort", ""), ("--group-by", ""), ("--columns", ",")]
)
def test_an_empty_value_is_refused(clients: Path, cli: Cli, arguments: tuple[str, ...]) -> None:
    assert clients.is_dir()
    result = cli("list", *arguments)
    assert (result.code, result.out) == (2, "")


def test_an_amount_that_cannot_be_counted_is_told(clients: Path, cli: Cli) -> None:
    path = next((clients / "cards").glob("*vera*.md"))
    path.write_text(
        path.read_text("utf-8") + "\n## Услуги\n\n- 2026-05-01 Стрижка [price:: много] ^e7f3qd\n",
        "utf-8",
    )
    assert "not counted" in cli("list", "spent>100000").err
    assert "not counted" in cli("list", "--columns", "spent").err
    assert "not counted" not in cli("list", "tag:vip").err


def test_print_takes_a_query(clients: Path, cli: Cli, tmp_path: Path) -> None:
    assert clients.is_dir()
    target = tmp_path / "cards.txt"
    arguments = ("--format", "text", "--output", str(target))
    assert cli("print", "--where", "tag:vip", *arguments).code == 0
    printed = target.read_text("utf-8")
    assert "Алексеева" in printed
    assert "Васильева" in printed
    assert "Борисов" not in printed
    assert printed.index("Алексеева") < printed.index("Васильева")
    assert cli("print", "--where", "-tag:vip", *arguments).code == 0
    assert "Борисов" in target.read_text("utf-8")
    nobody = cli("print", "--where", "tag:nobody", *arguments)
    assert (nobody.code, nobody.err) == (1, "cardcli: No client matches: tag:nobody\n")
    for wrong in ((), ("анна", "--where", "tag:vip"), ("--where", "")):
        assert cli("print", *wrong, *arguments).code == 2


def test_due_takes_a_query(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    everybody = cli("due", "--within", "1y").out
    assert "Борисов" in everybody
    assert "Алексеева" in everybody
    some = cli("due", "--within", "1y", "--where", "tag:vip").out
    assert "Борисов" not in some
    assert "Алексеева" in some
    assert cli("due", "--where", "tag:nobody").out == ""


def test_help_explains_the_language_with_every_key(cli: Cli) -> None:
    from cardcli import query
    from cardcli.kinds import Kinds

    shown = cli("help", "query").out
    for key in query.table(Kinds()).listed:
        assert f"  {key.word('en')} " in shown, key.name
        assert f" {key.word('ru')} " in shown, key.name
    assert max(map(len, shown.splitlines())) <= 80


def test_the_examples_of_the_help_are_queries(clients: Path, cli: Cli) -> None:
    assert clients.is_dir()
    lines = cli("help", "query").out.split("\n\n")[0].splitlines()[1:]
    examples = [line.strip().split("   ")[0] for line in lines]
    assert len(examples) >= 8
    for example in examples:
        for each in example.split(", "):
            assert cli("list", each).code == 0, each


def test_completion_goes_through_the_shell(clients: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "_CARDCLI_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": "cardcli list spe",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from cardcli.cli.app import main; main()"],
        env=environment, cwd=clients, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "spent" in done.stdout, done.stderr


def test_at_a_terminal_values_are_shown_as_they_are_written(clients: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "dumb"}
    reader, writer = pty.openpty()
    subprocess.run(
        [
            sys.executable, "-c", "from cardcli.cli.app import main; main()",
            "list", "анна", "--columns", "name,last,spent,phone,status",
        ],
        env=environment, cwd=clients, stdout=writer, stderr=writer, check=True,
    )  # fmt: skip
    os.close(writer)
    shown = os.read(reader, 10_000).decode().splitlines()
    os.close(reader)
    assert shown[0].split("  ")[0] == "Name"
    assert "1 May 2026" in shown[1]
    assert "₽7,700" in shown[1]
    assert "8 (900) 000-00-01" in shown[1]
    assert "active client" in shown[1]
