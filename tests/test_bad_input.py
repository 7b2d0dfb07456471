"""Every bad input: one clear sentence, a documented exit code, nothing changed."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

Snapshot = Callable[[Path], dict[str, bytes]]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("visit", "MARIA", ""), 2, "Service: the value is empty"),
        (("visit", "MARIA", " \t"), 2, "Service: the value is empty"),
        (("visit", "MARIA", "x", "--date", "31.02"), 2, "There is no such day: “31.02”"),
        (("visit", "MARIA", "x", "--date", "05/14/2026"), 2, "is not a date"),
        (("visit", "MARIA", "x", "--date", "2026-06-16"), 2, "lies in the future"),
        (("visit", "MARIA", "x", "--time", "25:00"), 2, "is not a time"),
        (
            ("visit", "MARIA", "x", "--price", "дорого"),
            2,
            "Price: “дорого” is not an amount of money",
        ),
        (("visit", "MARIA", "x", "--price", "-5"), 2, "below zero"),
        (("visit", "MARIA", "x", "--price", "5 €"), 2, "EUR"),
        (("visit", "MARIA", "x", "--rating", "6"), 2, "outside 1 to 5"),
        (("visit", "MARIA", "x", "--field", "novalue"), 2, "not of the form key=value"),
        (("visit", "MARIA", "x", "--field", "date=1"), 2, "cannot be the name of a field"),
        (("visit", "MARIA", "x", "--before", "/nowhere.jpg"), 2, "There is no file"),
        (("visit", "MARIA", "x", "--before", "CARD"), 2, "is not a JPEG, PNG or WebP picture"),
        (("visit", "Никитина", "x"), 1, "No client matches “Никитина”"),
        (("visit", "", "x"), 1, "No client matches"),
        (
            ("advise", "MARIA", "x", "--every", "sometimes"),
            2,
            "How often: “sometimes” is not a period",
        ),
        (("advise", "MARIA", "x", "--until", "2026-01-01"), 2, "would end"),
        (("advise", "MARIA", "x", "--kind", "prodct"), 2, "Did you mean “product”?"),
        (("note", "MARIA", "  "), 2, "the value is empty"),
        (("amend", "MARIA", "zzzzzz", "price=1"), 1, "has no entry “zzzzzz”"),
        (("amend", "MARIA", "VISIT", "price=abc"), 2, "not an amount"),
        (("amend", "MARIA", "VISIT", "wish="), 2, "no field “wish”"),
        (("amend", "MARIA", "VISIT", "title="), 2, "the value is empty"),
        (("amend", "MARIA", "VISIT", "date="), 2, "is not a date"),
        (("amend", "MARIA", "VISIT", "id=ccccc9"), 2, "cannot be the name of a field"),
        (("set", "MARIA", "birthday+=1990-01-01"), 2, "it holds one value"),
        (("visit", "MARIA", "x", "--price", "9" * 30), 2, "too large to count"),
        (("amend", "MARIA", "VISIT", "price"), 2, "not of the form key=value"),
        (("remove", "MARIA", "zzzzzz"), 1, "has no entry"),
        (("set", "MARIA", "id=aaaaaa"), 2, "cannot be set"),
        (("set", "MARIA", "name="), 2, "needs a name"),
        (("set", "MARIA", "name= "), 2, "needs a name"),
        (("set", "MARIA", "phones+=abc"), 2, "“abc” is not a phone number"),
        (("set", "MARIA", "phones-=+79000000000"), 2, "there is no"),
        (("set", "MARIA", "birthday=31.02"), 2, "no such day"),
        (("set", "MARIA", "broken"), 2, "not of the form"),
        (("set", "MARIA", "a:b=c"), 2, "cannot be the name of a key"),
        (("new", ""), 2, "Name: the name is empty"),
        (("new", "   "), 2, "Name: "),
        (("new", "😀"), 2, "has no letter"),
        (("new", "Ы" * 300), 2, "longer than 200"),
        (("new", "Котова Анна", "--phone", "восемь"), 2, "Phone: “восемь” is not a phone number"),
        (("new", "Котова Анна", "--email", "nobody"), 2, "not an e-mail address"),
        (("new", "Котова Анна", "--birthday", "2030-01-01"), 2, "lies in the future"),
        (("show", "MARIA", "--section", "Долги"), 1, "has no section “Долги”"),
        (("find", "qqqqq"), 1, "No client matches"),
        (("print", "MARIA", "--paper", "a6x"), 2, "is not one of: a4"),
        (("print", "MARIA", "--format", "docx"), 2, "is not one of: pdf"),
        (("print", "MARIA", "--template", "nope"), 1, "no template “nope”"),
        (("print", "MARIA", "--output", "/nowhere/x.pdf"), 2, "There is no folder"),
        (("print", "MARIA", "--output", "CARD"), 2, "is a client's card"),
        (("print", "MARIA", "--output", "cardcli.yaml"), 2, "belongs to the store itself"),
        (("print", "MARIA", "--output", "archive/x.pdf"), 2, "belongs to the store itself"),
        (("print", "MARIA", "--output", "."), 2, "is a folder; name a file"),
        (("init", "."), 2, "already there"),
        (("init", "x", "--language", "de"), 2, "is not one of: en, ru"),
        (("init", "x", "--layout", "flatt"), 2, "Did you mean “flat”?"),
        (("init", "x", "--prefix", "К1"), 2, "write up to"),
        (("help", "visti"), 2, "Did you mean “visit”?"),
        (("vsit", "x"), 2, "No such command"),
        (("list", "--store", "/nowhere"), 2, "There is no client store"),
        (("visit", "MARIA", "bad \udcff byte"), 2, "is not valid text"),
    ],
)
def test_bad_input_gets_a_sentence_a_code_and_changes_nothing(
    salon: Path,
    maria: str,
    cli: Cli,
    snapshot: Snapshot,
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    before = snapshot(salon)
    words = {"MARIA": maria, "VISIT": visit, "CARD": str(only_card(salon))}
    result = cli(*(words.get(word, word) for word in arguments))
    assert sentence in result.err
    assert result.code == code
    assert result.out == ""
    assert "Traceback" not in result.err
    assert snapshot(salon) == before


def test_outside_a_store_init_is_named(cli: Cli) -> None:
    result = cli("list")
    assert result.code == 2
    assert "cardcli init" in result.err


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "CON",
        "aux.md",
        "Д'Артаньян",
        'ООО "Лом: металл" #1',
        "{{ x }}",
        "- дефис",
        "@home",
        "No",
    ],
)
def test_names_that_are_awkward_for_files_are_kept_as_typed(
    salon: Path, cli: Cli, name: str
) -> None:
    result = cli("new", "--", name)
    assert result.code == 0, result.err
    assert only_card(salon).parent == salon / "cards"
    assert cli("show", result.ids()[0]).out.startswith(name)
    assert cli("check").code == 0


def test_a_doubtful_phone_and_email_are_kept_with_a_warning(salon: Path, cli: Cli) -> None:
    result = cli("new", "Котова Анна", "--phone", "12-34", "--email", "anna@localhost")
    assert result.code == 0
    assert "looks wrong" in result.err
    text = only_card(salon).read_text("utf-8")
    assert '"12-34"' in text
    assert "anna@localhost" in text


BROKEN: dict[str, bytes] = {
    "yaml": "---\nid: bbbbbb\nname: [Котова\n---\n".encode(),
    "encoding": "---\nid: bbbbbb\nname: Котова\n---\n".encode("cp1251"),
    "conflict": "---\nid: bbbbbb\nname: Котова\n---\n\n<<<<<<< HEAD\nа\n=======\nб\n>>>>>>> x\n".encode(),
    "doubled key": "---\nid: bbbbbb\nname: Котова\nname: Котова\n---\n".encode(),
    "no front matter": "# Котова\n".encode(),
    "no id": "---\nname: Котова\n---\n".encode(),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_card_is_named_and_left_alone_while_the_others_work(
    salon: Path, maria: str, cli: Cli, kind: str
) -> None:
    broken = salon / "cards" / "kotova-bbbbbb.md"
    broken.write_bytes(BROKEN[kind])
    listed = cli("list")
    assert listed.ids() == [maria]
    assert "kotova-bbbbbb.md" in listed.err
    assert cli("visit", "иванова", "Стрижка").code == 0
    refused = cli("visit", "bbbbbb", "Стрижка")
    assert refused.code in {1, 7}
    assert broken.read_bytes() == BROKEN[kind]
    checked = cli("check")
    assert checked.code == 1
    assert "cards/kotova-bbbbbb.md:" in checked.out


def test_two_files_with_one_id_are_both_named_and_neither_is_written(
    salon: Path, maria: str, cli: Cli
) -> None:
    original = only_card(salon)
    copy = original.with_name("copy.md")
    copy.write_bytes(original.read_bytes())
    result = cli("visit", "иванова", "Стрижка")
    assert result.code == 1
    assert "copy.md" in result.err
    assert cli("visit", maria, "Стрижка").code == 7
    assert copy.read_bytes() == original.read_bytes()
    assert "is also used by" in cli("check").out


def test_a_read_only_folder_is_named(
    powerless: tuple[Path, str], cli: Cli, snapshot: Snapshot
) -> None:
    folder, client = powerless
    before = snapshot(folder)
    (folder / "cards").chmod(0o500)
    result = cli("visit", client, "Стрижка", "--store", str(folder))
    assert result.code == 6
    assert "read-only" in result.err
    assert snapshot(folder) == before


def test_a_full_disk_changes_nothing(salon: Path, maria: str, snapshot: Snapshot) -> None:
    """The limit on file size stands for the full disk: the write fails in the middle."""
    before = snapshot(salon)
    code = "from cardcli.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, "visit", maria, "Стрижка", "--note", "я" * 20_000, "--store", str(salon)],
        capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert done.returncode == 6
    assert "no space left" in done.stderr
    assert snapshot(salon) == before
    assert not list((salon / "cards").glob(".~*"))


def test_git_that_fails_leaves_the_card_written_and_says_so(
    salon: Path, maria: str, cli: Cli
) -> None:
    hook = salon / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho refused by hook >&2\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    result = cli("visit", maria, "Стрижка")
    assert result.code == 8
    assert "refused by hook" in result.err
    assert "Стрижка" in only_card(salon).read_text("utf-8")
    hook.unlink()
    assert cli("note", maria, "Ещё").code == 0
    log = subprocess.run(
        ["git", "status", "--porcelain"], cwd=salon, capture_output=True, text=True, check=True
    )
    assert log.stdout == "", "the next command commits what was left"


def test_what_a_killed_command_left_is_committed_and_swept(
    salon: Path, maria: str, cli: Cli
) -> None:
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + "\nДописано перед смертью.\n", "utf-8")
    (salon / ".cardcli" / "pending").write_text(f"cards/{card.name}\n")
    left = card.with_name(".~1-abc.tmp")
    left.write_text("половина карты")
    os.utime(left, (0, 0))
    assert cli("note", maria, "Ещё").code == 0
    assert not left.exists()
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=salon, capture_output=True, text=True, check=True
    )
    assert status.stdout == ""


def test_what_the_user_has_staged_stays_staged(salon: Path, maria: str, cli: Cli) -> None:
    (salon / "own.txt").write_text("mine")
    subprocess.run(["git", "add", "own.txt"], cwd=salon, check=True)
    assert cli("visit", maria, "Стрижка").code == 0
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=salon, capture_output=True, text=True, check=True
    )
    assert status.stdout == "A  own.txt\n"


def test_a_missing_identity_does_not_stop_the_work(
    salon: Path, maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "GIT_AUTHOR_NAME",
        "GIT_AUTHOR_EMAIL",
        "GIT_COMMITTER_NAME",
        "GIT_COMMITTER_EMAIL",
    ):
        monkeypatch.delenv(name)
    assert cli("visit", maria, "Стрижка").code == 0
    author = subprocess.run(
        ["git", "log", "-1", "--format=%an"], cwd=salon, capture_output=True, text=True, check=True
    )
    assert author.stdout.strip() == "Лавр и мята"


def test_a_signing_that_fails_is_explained(salon: Path, maria: str, cli: Cli) -> None:
    subprocess.run(["git", "config", "commit.gpgsign", "true"], cwd=salon, check=True)
    subprocess.run(["git", "config", "gpg.program", "/bin/false"], cwd=salon, check=True)
    result = cli("visit", maria, "Стрижка")
    assert result.code == 8
    assert "commit.gpgsign" in result.err


def test_a_lock_that_is_held_is_waited_for_and_then_named(
    salon: Path, maria: str, cli: Cli
) -> None:
    from filelock import FileLock

    with FileLock(salon / ".cardcli" / "lock"):
        result = cli("visit", maria, "Стрижка", "--wait", "0.1")
    assert result.code == 6
    assert "gave up after 0.1 s" in result.err
    assert "waiting" in result.err


def test_an_error_inside_cardcli_is_one_line_and_a_report(
    salon: Path, maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = " ".join(["Иванова", "Мар" + "ия"])

    def broken(*_arguments: object) -> None:
        raise RuntimeError(person)

    monkeypatch.setattr("cardcli.cli.reading.card_lines", broken)
    result = cli("show", maria)
    assert result.code == 3
    assert "Traceback" not in result.err
    report = (salon / ".cardcli" / "log").read_text("utf-8")
    assert "RuntimeError" in report
    assert "Мария" not in report


def test_a_file_that_belongs_to_another_entry_is_not_taken_back(
    salon: Path, maria: str, tmp_path: Path
) -> None:
    from cardcli import config
    from cardcli.disk import AlreadyThereError
    from cardcli.store import Edit, open_store

    store = open_store(salon, config.environment().variables)
    path = f"files/{maria}/2026-06-15-do.jpg"
    (salon / path).parent.mkdir(parents=True)
    (salon / path).write_bytes(b"theirs")
    with pytest.raises(AlreadyThereError):
        store.change(maria, lambda card: Edit(card.text + "x", files={path: b"mine"}), "attach")
    assert (salon / path).read_bytes() == b"theirs"
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    "written",
    [
        "  - лидокаин: отёк Квинке",
        "  - лидокаин:\n      реакция: отёк",
        "  лидокаин:\n    - отёк",
        "  - [лидокаин, мёд]",
        "  - лидокаин",
    ],
)
def test_an_allergy_is_seen_however_it_is_written(
    salon: Path, maria: str, cli: Cli, written: str
) -> None:
    card = only_card(salon)
    text = card.read_text("utf-8").replace("created:", f"allergies:\n{written}\ncreated:")
    card.write_text(text, "utf-8")
    assert "лидокаин" in cli("show", maria).out
    assert cli("visit", maria, "Пилинг", "--products", "крем с лидокаином").code == 10


def test_a_store_without_git_is_not_begun(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli("init", str(tmp_path / "n")).code == 9
    assert not (tmp_path / "n").exists()
    assert cli("init", str(tmp_path / "n"), "--no-git").code == 0


def test_what_a_folder_ignores_already_stays_and_ours_is_added(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "n").mkdir()
    (tmp_path / "n" / ".gitignore").write_text("secret")
    assert cli("init", str(tmp_path / "n")).code == 0
    ignored = (tmp_path / "n" / ".gitignore").read_text().splitlines()
    assert ignored[0] == "secret"
    assert ".cardcli/" in ignored


def test_an_entry_is_added_before_a_code_block_that_follows_the_last(
    salon: Path, maria: str, cli: Cli
) -> None:
    card = only_card(salon)
    block = "```\nкод\n\nещё\n```\n"
    text = card.read_text("utf-8") + f"\n## Услуги\n\n- 2026-03-01 Стрижка ^aaaaa2\n{block}"
    card.write_text(text, "utf-8")
    assert cli("visit", maria, "Укладка").code == 0
    assert card.read_text("utf-8").endswith(block)


def test_a_refund_is_not_above_what_was_paid_for_the_entry(
    salon: Path, maria: str, cli: Cli
) -> None:
    assert salon.is_dir()
    cli("visit", maria, "Уход", "--price", "5000")
    owed = cli("visit", maria, "Стрижка", "--price", "1000").ids()[0]
    assert cli("pay", maria, "0", "--of", owed).code == 0
    assert cli("refund", maria, "1000", "--of", owed).code == 2


def test_an_entry_without_a_title_keeps_its_id_and_no_time_is_99_99() -> None:
    from cardcli import entry

    bare = entry.match_line("- 2026-01-02 ^aaaaa4")
    assert bare
    assert entry.read(bare, [])[0].id == "aaaaa4"
    odd = entry.match_line("- 2026-01-02 99:99 X ^aaaaa4")
    assert odd
    assert entry.read(odd, [])[0].time == ""
