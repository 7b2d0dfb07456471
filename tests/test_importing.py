"""`import` from the command line: the preview, the agreement, one commit, and taking it back."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, Json, only_card
from tests.test_faults import PROGRAM, git, start

DATA = Path(__file__).parent / "data" / "exchange"
Snapshot = Callable[[Path], dict[str, bytes]]


def table(root: Path, text: str, name: str = "clients.csv") -> str:
    """Write a file beside the store and return its path."""
    path = root.parent / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def report(cli: Cli, *arguments: str) -> Json:
    result = cli("import", *arguments, "--json")
    return json.loads(result.out)


def card(root: Path, name: str) -> str:
    (found,) = [
        text
        for path in (root / "cards").glob("*.md")
        if f"name: {name}\n" in (text := path.read_text("utf-8"))
    ]
    return found


def test_a_list_becomes_cards_in_one_commit_and_undo_takes_them_back(
    salon: Path, cli: Cli, snapshot: Snapshot
) -> None:
    before = snapshot(salon)
    result = cli("import", str(DATA / "yclients.csv"), "--yes")
    assert result.code == 0, result.err
    assert result.out.startswith("3 records: 3 new, 0 changed, 0 the same, 0 doubtful, 0 skipped\n")
    assert "cardcli undo" in result.err
    text = card(salon, "Иванова Мария")
    assert '  - "+79000000127"\n' in text
    assert "birthday: 1990-04-12\n" in text
    assert "tags:\n  - VIP\n" in text
    assert git(salon, "log", "--format=%s").split("\n")[0] == "import"
    assert git(salon, "status", "--short") == ""
    assert cli("undo").code == 0
    assert snapshot(salon) == before


def test_without_a_terminal_nothing_is_taken_until_yes(
    salon: Path, cli: Cli, snapshot: Snapshot
) -> None:
    before = snapshot(salon)
    result = cli("import", str(DATA / "fresha.csv"))
    assert result.code == 2
    assert "Novikova Polina" in result.out
    assert "Nothing was taken yet" in result.err
    assert snapshot(salon) == before


def test_a_dry_run_only_shows(salon: Path, cli: Cli, snapshot: Snapshot) -> None:
    before = snapshot(salon)
    result = cli("import", str(DATA / "fresha.csv"), "--dry-run", "--yes")
    assert result.code == 0
    assert "only a preview" in result.err
    assert snapshot(salon) == before


@pytest.mark.parametrize(
    "name",
    ["google-2024", "google-2022", "outlook-ru", "outlook-en", "bitrix24", "fresha", "yclients"],
)
def test_the_same_file_again_changes_nothing(
    salon: Path, cli: Cli, snapshot: Snapshot, name: str
) -> None:
    file = str(DATA / f"{name}.csv")
    assert cli("import", file, "--yes", "--keep-unknown").code == 0
    before, head = snapshot(salon), git(salon, "rev-parse", "HEAD")
    result = cli("import", file, "--yes", "--keep-unknown")
    assert result.code == 0
    assert "There is nothing to change." in result.err
    assert snapshot(salon) == before
    assert git(salon, "rev-parse", "HEAD") == head
    assert git(salon, "status", "--short") == ""


def test_an_update_fills_gaps_and_lists_and_overwrites_nothing(
    salon: Path, cli: Cli, maria: str
) -> None:
    cli("set", maria, "birthday=1990-04-12")
    file = table(
        salon,
        "ФИО;Телефон;Email;Дата рождения;Источник\n"
        "Иванова Мария;8 900 000-01-27, +7 900 000-01-28;maria@example.com;13.04.1990;подруга\n",
    )
    told = report(cli, file, "--yes")
    assert (
        told["counts"]["doubtful"] == 1
    )  # the phone fits, the birthday does not: nobody is guessed
    file = table(
        salon,
        "ФИО;Телефон;Email;Пол;Источник\n"
        "Иванова Мария;8 900 000-01-27, +7 900 000-01-28;maria@example.com;ж;подруга\n",
    )
    cli("set", maria, "source=вывеска")
    told = report(cli, file, "--yes")
    text = only_card(salon).read_text("utf-8")
    assert '  - "+79000000128"\n' in text
    assert "  - maria@example.com\n" in text
    assert "source: вывеска\n" in text
    assert "name: Иванова Мария Петровна\n" in text
    assert told["differences"] == [
        {
            "place": f"{file}:2",
            "id": maria,
            "what": "source",
            "ours": "вывеска",
            "theirs": "подруга",
        }
    ]
    assert cli("import", file, "--yes", "--prefer", "theirs").code == 0
    assert "source: подруга\n" in only_card(salon).read_text("utf-8")


def test_a_preferred_other_name_leaves_the_former_one(salon: Path, cli: Cli, maria: str) -> None:
    file = table(
        salon, "id,number,name,phones\n" + f"{maria},К-00001,Петрова Мария Петровна,+79000000127\n"
    )
    assert cli("import", file, "--yes", "--prefer", "theirs").code == 0
    text = only_card(salon).read_text("utf-8")
    assert "name: Петрова Мария Петровна\n" in text
    assert "former_names:\n  - Иванова Мария Петровна\n" in text
    assert "# Петрова Мария Петровна\n" in text


def test_a_shared_phone_with_another_name_is_doubtful(salon: Path, cli: Cli, maria: str) -> None:
    file = table(salon, "Имя;Телефон\nКотова Анна;+79000000127\n")
    told = report(cli, file, "--yes")
    assert told["counts"] | {"doubtful": 1, "new": 0} == told["counts"]
    assert told["doubtful"][0]["candidates"] == [maria]
    assert len(list((salon / "cards").glob("*.md"))) == 1
    assert report(cli, file, "--yes", "--doubtful", "new")["counts"]["new"] == 1
    assert len(list((salon / "cards").glob("*.md"))) == 2
    assert report(cli, file, "--yes", "--doubtful", "new")["counts"]["new"] == 0


@pytest.mark.usefixtures("maria")
def test_a_doubtful_record_may_be_merged(salon: Path, cli: Cli) -> None:
    file = table(salon, "Имя;Телефон;Email\nМаша ногти;+79000000127;masha@example.com\n")
    told = report(cli, file, "--yes", "--doubtful", "merge")
    assert told["counts"]["changed"] == 1
    text = only_card(salon).read_text("utf-8")
    assert "  - masha@example.com\n" in text
    assert "name: Иванова Мария Петровна\n" in text


def test_two_people_of_one_file_with_one_phone_stay_two(salon: Path, cli: Cli) -> None:
    file = table(
        salon,
        "ФИО;Телефон\nКотова Анна;+79000000201\nКотова Лиза;+79000000201\nкотова анна;8 900 000-02-01\n",
    )
    told = report(cli, file, "--yes")
    assert told["counts"]["new"] == 2
    assert told["joined"] == [{"place": f"{file}:4", "name": "Котова Анна", "first": f"{file}:2"}]
    assert report(cli, file, "--yes")["counts"]["same"] == 2


def test_namesakes_of_one_file_stay_two_and_the_second_time_nothing_changes(
    salon: Path, cli: Cli
) -> None:
    file = table(
        salon,
        "ФИО;Телефон;Дата рождения\n"
        "Котова Анна;+79000000201;01.02.1990\nКотова Анна;+79000000202;01.02.1990\nКотова Анна;;\n",
    )
    told = report(cli, file, "--yes")
    assert told["counts"]["new"] == 2
    assert report(cli, file, "--yes")["counts"]["new"] == 0


def test_many_are_called_by_one_given_name(salon: Path, cli: Cli) -> None:
    cli("import", table(salon, "Имя;Телефон\nАнна;+79000000201\n"), "--yes")
    told = report(cli, table(salon, "Имя;Телефон\nАнна;+79000000202\n"), "--yes")
    assert told["counts"]["new"] == 1
    rows = "Имя;Телефон;Email\nАнна;;\nАнна;;anna@example.com\n"
    told = report(cli, table(salon, rows), "--yes")
    assert (told["counts"]["same"], told["counts"]["new"]) == (1, 1)


def test_a_name_comes_to_a_card_that_had_only_a_phone(salon: Path, cli: Cli) -> None:
    cli("import", table(salon, "Телефон\n+79000000201\n"), "--yes")
    assert 'name: "+79000000201"' in only_card(salon).read_text("utf-8")
    cli("import", table(salon, "Имя;Телефон\nКотова Анна;+79000000201\n"), "--yes")
    text = only_card(salon).read_text("utf-8")
    assert 'name: "Котова Анна"\n' in text
    assert "# Котова Анна\n" in text


def test_columns_without_a_place_are_told_and_kept_on_request(salon: Path, cli: Cli) -> None:
    file = table(salon, "ФИО;Телефон;Любимый мастер\nКотова Анна;+79000000201;Ольга\n")
    assert report(cli, file, "--dry-run")["unknown_columns"] == {"Любимый мастер": 1}
    assert cli("import", file, "--yes", "--keep-unknown").code == 0
    assert "imported:\n  Любимый мастер: Ольга\n" in only_card(salon).read_text("utf-8")


def test_what_cannot_be_read_stays_in_the_card_and_in_the_report(salon: Path, cli: Cli) -> None:
    file = table(salon, "ФИО;Телефон;Дата рождения\nКотова Анна;7,9E+10;circa 1800\n")
    result = cli("import", file, "--yes")
    assert f"{file}:2: the phone “7,9E+10” was damaged by a spreadsheet" in result.out
    assert f"{file}:2: “circa 1800” is not a date" in result.out
    text = only_card(salon).read_text("utf-8")
    assert 'imported:\n  phones: "7,9E+10"\n  birthday: circa 1800\n' in text


def test_a_map_of_columns_is_kept_under_a_name(salon: Path, cli: Cli) -> None:
    file = table(salon, "Кто;Куда звонить;Спасибо кому\nКотова Анна;+79000000201;Ольге\n")
    mapping = ["--map", "Кто=name", "--map", "Куда звонить=phones:work", "--map", "Спасибо кому=-"]
    before = (salon / "cardcli.yaml").read_text("utf-8")
    assert cli("import", file, *mapping, "--profile", "старая база", "--yes").code == 0
    text = only_card(salon).read_text("utf-8")
    assert "name: Котова Анна\n" in text
    assert '  - рабочий: "+79000000201"\n' in text
    settings = (salon / "cardcli.yaml").read_text("utf-8")
    assert settings.startswith(before)
    assert git(salon, "status", "--short") == ""
    other = table(salon, "Кто;Куда звонить\nКотов Пётр;+79000000203\n", "other.csv")
    assert report(cli, other, "--profile", "старая база", "--yes")["counts"]["new"] == 1
    cli("import", other, "--map", "Кто=name", "--profile", "вторая", "--yes")
    settings = (salon / "cardcli.yaml").read_text("utf-8")
    assert "imports:\n  старая база:\n    Кто: name\n" in settings
    assert "  вторая:\n    Кто: name\n" in settings


def test_an_unknown_profile_and_an_unknown_field_are_told(salon: Path, cli: Cli) -> None:
    file = table(salon, "Кто\nКотова Анна\n")
    result = cli("import", file, "--profile", "нет такого")
    assert (result.code, "no import profile" in result.err) == (2, True)
    result = cli("import", file, "--map", "Кто=nmae")
    assert (result.code, "“nmae” is no field" in result.err) == (2, True)
    assert "Did you mean “name”?" in result.err
    assert cli("import", str(salon / "absent.csv")).code == 2
    assert cli("import", file, "--doubtful", "guess").code == 2
    assert cli("import", file, "--encoding", "klingon").code == 2
    assert cli("import", file, "--format", "klingon").code == 2
    assert cli("import", file, "--format", "csv", "--dry-run").code == 0
    assert salon.is_dir()


# --- visits and payments ---


def test_visits_find_their_clients_and_come_once(salon: Path, cli: Cli, maria: str) -> None:
    file = str(DATA / "visits.csv")
    told = report(cli, file, "--yes")
    assert told["counts"]["entries"] == 2
    reasons = [each["reason"] for each in told["skipped"]]
    assert reasons[0] == "it did not take place: Клиент не пришел"
    assert reasons[1] == "no client is called Никто Никто; --create makes a card"
    assert "there is no such day" in reasons[2]
    text = only_card(salon).read_text("utf-8")
    assert "- 2026-05-14 14:30 Стрижка женская [price:: 2500] [staff:: Ольга] ^" in text
    assert "- 2026-05-14 15:30 Укладка [price:: 1600] [staff:: Ольга] ^" in text
    assert "\n  без лака\n" in text
    again = report(cli, file, "--yes")
    assert again["counts"]["entries"] == 0
    assert again["applied"] is False
    assert only_card(salon).read_text("utf-8") == text
    assert report(cli, file, "--yes", "--create")["counts"]["new"] == 1
    nobody = table(salon, "Дата;Телефон;Услуга\n14.05.2026;+79000000777;Стрижка\n", "nobody.csv")
    result = cli("import", nobody, "--yes")
    assert (result.code, "None of the records could be taken" in result.err) == (1, True)
    assert maria in told["changed"][0]["id"]


def test_two_visits_alike_in_a_file_are_two(salon: Path, cli: Cli, maria: str) -> None:
    row = "14.05.2026;+79000000127;Стрижка;2500\n"
    file = table(salon, "Дата;Телефон;Услуга;Цена\n" + row * 2)
    assert report(cli, file, "--yes")["counts"]["entries"] == 2
    assert report(cli, file, "--yes")["counts"]["entries"] == 0
    assert maria


def test_another_price_of_a_visit_is_a_difference_and_no_second_visit(
    salon: Path, cli: Cli, maria: str
) -> None:
    cli("visit", maria, "Стрижка", "--date", "2026-05-14", "--price", "2400")
    file = table(
        salon, "Дата;Телефон;Услуга;Цена;Мастер\n14.05.2026;+79000000127;Стрижка;2500;Ольга\n"
    )
    told = report(cli, file, "--yes")
    assert told["counts"]["entries"] == 0
    assert [(each["ours"], each["theirs"]) for each in told["differences"]] == [("2400", "2500")]
    assert "[price:: 2400] [staff:: Ольга]" in only_card(salon).read_text("utf-8")
    cli("import", file, "--yes", "--prefer", "theirs")
    assert "[price:: 2500] [staff:: Ольга]" in only_card(salon).read_text("utf-8")


def test_payments_come_with_amount_and_method(salon: Path, cli: Cli, maria: str) -> None:
    assert cli("import", str(DATA / "payments.csv"), "--yes").code == 0
    assert "- 2026-05-14 — [amount:: 4100] [method:: card] ^" in only_card(salon).read_text("utf-8")
    assert maria


def test_a_visit_of_namesakes_is_not_guessed(salon: Path, cli: Cli, maria: str) -> None:
    cli("new", "Иванова Мария Петровна", "--phone", "+79000000555")
    file = table(salon, "Дата;Клиент;Услуга\n14.05.2026;Иванова Мария Петровна;Стрижка\n")
    told = report(cli, file, "--yes")
    assert told["counts"]["entries"] == 0
    assert maria in told["doubtful"][0]["candidates"]
    assert len(told["doubtful"][0]["candidates"]) == 2


def test_clients_and_their_visits_come_in_one_go(salon: Path, cli: Cli) -> None:
    clients = table(salon, "ФИО;Телефон\nНикто Никто;+79000009999\nИванова Мария;+79000000127\n")
    told = report(cli, clients, str(DATA / "visits.csv"), "--yes")
    assert told["counts"] | {"new": 2, "entries": 3} == told["counts"]
    assert "## Услуги" in card(salon, "Никто Никто")


# --- many files at once ---


def many(root: Path, count: int) -> str:
    rows = [
        f"Котова Анна{number};+7900{number:07};a{number}@example.com" for number in range(count)
    ]
    return table(root, "\n".join(["ФИО;Телефон;Email", *rows, ""]), f"many{count}.csv")


def test_undo_of_a_large_import_gives_back_the_old_tree(
    salon: Path, cli: Cli, snapshot: Snapshot
) -> None:
    assert cli("import", many(salon, 50), "--yes").code == 0
    before, tree = snapshot(salon), git(salon, "rev-parse", "HEAD^{tree}")
    rows = [f"Котова Анна{n};+7900{n:07};b{n}@example.com" for n in range(300)]
    file = table(salon, "\n".join(["ФИО;Телефон;Email", *rows, ""]))
    told = report(cli, file, "--yes")
    assert (told["counts"]["new"], told["counts"]["changed"]) == (250, 50)
    assert git(salon, "log", "--format=%s").split("\n")[:2] == ["import", "import"]
    assert git(salon, "status", "--short") == ""
    assert cli("undo").code == 0
    assert snapshot(salon) == before
    assert git(salon, "rev-parse", "HEAD^{tree}") == tree


def test_what_the_user_staged_stays_staged_at_a_large_import(salon: Path, cli: Cli) -> None:
    (salon / "notes.txt").write_text("mine")
    git(salon, "add", "notes.txt")
    assert cli("import", many(salon, 250), "--yes").code == 0
    assert git(salon, "status", "--short") == "A  notes.txt"
    assert "notes.txt" not in git(salon, "show", "--name-only", "--format=", "HEAD")


def test_an_import_or_its_undo_killed_in_the_middle_is_brought_to_its_end_by_the_next_command(
    salon: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    process = start("import", many(salon, 400), "--yes")
    journal, cards = salon / ".cardcli" / "journal", salon / "cards"
    until = time.monotonic() + 60
    while not (journal.exists() and any(cards.glob("*.md"))) and time.monotonic() < until:
        time.sleep(0.001)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    result = cli("list", "--no-header")
    assert result.code == 0, result.err
    assert len(result.out.splitlines()) == 400
    assert not journal.exists()
    assert git(salon, "status", "--short") == ""
    assert git(salon, "log", "--format=%s").split("\n") == ["import", "init"]
    process = start("undo")
    while not (journal.exists() and len(list(cards.glob("*.md"))) < 400):
        assert process.poll() is None
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert cli("list", "--no-header").out == ""
    assert not list(cards.glob("*.md"))
    assert not journal.exists()
    assert git(salon, "status", "--short") == ""
    assert git(salon, "log", "--format=%s").split("\n") == ["undo", "import", "init"]


WITHOUT_RIGHTS = """
import os, sys
from pathlib import Path
from cardcli import config
from cardcli.cli import app

def run(*arguments):
    app.prepare(config.environment())
    return int(app.run([*arguments]))

def cards():
    return {path: path.read_bytes() for path in root.glob("cards/*")}

root, first, second = map(Path, sys.argv[1:])
assert run("init", str(root), "--no-git") == 0
assert run("import", str(first), "--yes", "--store", str(root)) == 0  # loads all that the second needs
before = cards()
(root / "cards").chmod(0o500)
if os.geteuid() == 0:
    for path in (root, *root.rglob("*")):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
code = run("import", str(second), "--yes", "--store", str(root))
assert len(before) == 3
assert cards() == before
assert not (root / ".cardcli" / "journal").exists()
sys.exit(code)
"""


def test_an_import_that_cannot_write_leaves_everything_as_it_was() -> None:
    """In a process of its own: nobody cannot read a program that root installed for itself."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        root.chmod(0o755)
        store, first, second = root / "store", many(root, 3), many(root, 6)
        done = subprocess.run(
            [sys.executable, "-B", "-c", WITHOUT_RIGHTS, str(store), first, second],
            capture_output=True, text=True, check=False, timeout=120,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        )  # fmt: skip
        if store.is_dir():
            (store / "cards").chmod(0o700)
    assert done.returncode == 6, done.stderr
    assert "read-only" in done.stderr


def test_a_store_without_git_is_imported_into(tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "plain"
    assert cli("init", str(root), "--no-git").code == 0
    assert cli("import", str(DATA / "fresha.csv"), "--yes", "--store", str(root)).code == 0
    assert len(list((root / "cards").glob("*.md"))) == 2


def test_the_hooks_are_asked_once_and_told_once(salon: Path, cli: Cli) -> None:
    from cardcli import config
    from cardcli.cli.session import open_session

    folder = open_session(salon).hooks.folder
    folder.mkdir(parents=True)
    hook = folder / "pre-import"
    hook.write_text("#!/bin/sh\ncat >> $CARDCLI_STORE/../told\necho not today\nexit 1\n")
    hook.chmod(0o755)
    result = cli("import", str(DATA / "fresha.csv"), "--yes")
    assert result.code == 10
    assert "not today" in result.err
    told = json.loads((salon.parent / "told").read_text())
    assert told["import"]["counts"]["new"] == 2
    assert not list((salon / "cards").glob("*.md"))
    assert config.environment().hooks.is_dir()


def test_cards_that_change_between_preview_and_writing_stop_the_import(
    salon: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cardcli.cli.session import open_session

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    folder = open_session(salon).hooks.folder
    folder.mkdir(parents=True)
    hook = folder / "pre-import"
    program = f"{PROGRAM[0]} -c '{PROGRAM[2]}'"
    hook.write_text(f"#!/bin/sh\n{program} new 'Котова Анна' >/dev/null\n")
    hook.chmod(0o755)
    result = cli("import", str(DATA / "fresha.csv"), "--yes")
    assert result.code == 5
    assert "nothing was imported" in result.err
    assert "Котова Анна" in only_card(salon).read_text("utf-8")


def test_nothing_of_a_person_stands_in_the_commit(salon: Path, cli: Cli) -> None:
    cli("import", str(DATA / "yclients.csv"), "--yes", "--staff", "Ольга")
    message = git(salon, "log", "-1", "--format=%B")
    assert message == "import\n\nStaff: Ольга"


def test_who_reads_only_the_first_line_of_the_report_gets_the_import_all_the_same(
    salon: Path,
) -> None:
    name = "Котова " + "Анна-" * 30  # more than a pipe holds
    rows = [f"{name}{number};+7900{number:07}" for number in range(300)]
    file = table(salon, "\n".join(["ФИО;Телефон", *rows, ""]))
    done = subprocess.run(
        ["/bin/sh", "-c", '"$@" | head -1', "sh", *PROGRAM, "import", file, "--yes"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        cwd=salon,
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode().startswith("300 records: 300 new")
    assert len(list((salon / "cards").glob("*.md"))) == 300
    assert git(salon, "status", "--short") == ""


def test_standard_input_is_a_file_too(salon: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "import", "-", "--yes"],
        input="ФИО;Телефон\nКотова Анна;+79000000201\n".encode(),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        cwd=salon,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "Котова Анна" in only_card(salon).read_text("utf-8")


def test_a_new_client_who_is_likely_there_under_a_mistyped_name_is_told(
    salon: Path, cli: Cli
) -> None:
    head = "ФИО;Телефон;Дата рождения\n"
    there = "Ковалевская Светлана;+79000000301;12.04.1987\nПетров Иван;+79000000302;01.02.1980\n"
    assert cli("import", table(salon, head + there), "--yes").code == 0
    fresh = "Ковалевска Светлана;+79000000303;12.04.1987\nSidorov Oleg;+79000000304;01.02.1980\n"
    result = cli("import", table(salon, head + fresh), "--yes")
    assert result.code == 0
    assert "2 new" in result.out
    (line,) = [each for each in result.out.split("\n") if "perhaps the same as" in each]
    assert "clients.csv:2: " in line
    assert "Ковалевская Светлана (" in line
    assert "same date of birth" in line
    again = cli("import", table(salon, head + fresh), "--yes")
    assert "perhaps the same as" not in again.out
    assert git(salon, "status", "--short") == ""


def test_a_new_client_whom_the_user_wished_apart_is_not_told_as_likely_there(
    salon: Path, cli: Cli
) -> None:
    head = "ФИО;Телефон;Дата рождения\n"
    row = "Ковалевская Светлана;+79000000301;{}\n"
    assert cli("import", table(salon, head + row.format("12.04.1987")), "--yes").code == 0
    other = table(salon, head + row.format("") + "Ковалевская Света;+79000000301;\n")
    result = cli("import", other, "--yes", "--doubtful", "new")
    assert "taken as another client" in result.out
    assert "perhaps the same as" not in result.out


def test_a_client_named_among_other_words_of_a_calendar_is_known_by_phone_and_name(
    salon: Path, cli: Cli
) -> None:
    clients = "ФИО;Телефон\nРоманова Юлия Андреевна;+79000000301\nРоманова Яна;+79000000302\n"
    assert cli("import", table(salon, clients), "--yes").code == 0
    event = (
        "BEGIN:VEVENT\nDTSTART:2024050{day}T110000\nUID:{day}@example.com\nSUMMARY:{who}\n"
        "DESCRIPTION:тел. 8 900 000-03-01\nEND:VEVENT\n"
    )
    named = event.format(day=6, who="Маникюр Романова Юлия")
    sister = event.format(day=7, who="Маникюр Романова Алла")
    path = table(salon, f"BEGIN:VCALENDAR\n{named}{sister}END:VCALENDAR\n", "a.ics")
    found = report(cli, path, "--yes")
    assert [each["name"] for each in found["changed"]] == ["Романова Юлия Андреевна"]
    assert len(found["doubtful"]) == 1
    assert report(cli, path, "--yes")["changed"] == []


def test_a_given_name_and_a_day_of_birth_are_not_enough_to_be_one_person(
    salon: Path, cli: Cli
) -> None:
    head = "Имя;Телефон;Дата рождения\n"
    cli("import", table(salon, head + "Мария;+79000000201;12.04.1990\n"), "--yes")
    other = table(salon, head + "Котова Мария;+79000000202;12.04.1990\n", "other.csv")
    told = report(cli, other, "--yes")
    assert [each["reason"].partition(":")[0] for each in told["doubtful"]] == [
        "the day of birth and a part of the name are the same"
    ]
    assert report(cli, other, "--yes", "--doubtful", "new")["counts"]["new"] == 1
    assert report(cli, other, "--yes")["counts"]["same"] == 1


def test_a_name_gains_its_patronymic_and_nothing_else(salon: Path, cli: Cli) -> None:
    file = table(salon, "ФИО;Телефон\nКотова Анна;+79000000201\nКотова Анна;+79000000201\n")
    assert cli("import", file, "--yes").code == 0
    fuller = table(salon, "ФИО;Телефон\nКотова Анна Ильинична;+79000000201\n")
    assert cli("import", fuller, "--yes").code == 0
    assert "name: Котова Анна Ильинична\n" in only_card(salon).read_text("utf-8")
    other = table(salon, "ФИО;Телефон\nКотова Анна ногти;+79000000201\n")
    cli("import", other, "--yes")
    assert "name: Котова Анна Ильинична\n" in only_card(salon).read_text("utf-8")
