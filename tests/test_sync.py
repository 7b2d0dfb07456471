"""Several workplaces and one store: real repositories, real files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cardcli import card as cards
from tests.conftest import Cli, only_card

Two = tuple[Path, Path]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def tree(root: Path) -> str:
    assert git(root, "status", "--porcelain") == ""
    return git(root, "rev-parse", "HEAD^{tree}")


@pytest.fixture
def two(salon: Path, maria: str, cli: Cli, tmp_path: Path) -> Two:
    """Return two workplaces of one store with one client, exchanging through a folder."""
    assert maria
    first = cli("sync", "--setup", str(tmp_path / "hub.git"))
    assert first.code == 0, first.err
    second = cli("clone", str(tmp_path / "hub.git"), str(tmp_path / "second"), "--prefix", "Б")
    assert second.code == 0, second.err
    return salon, tmp_path / "second"


@pytest.fixture
def at(cli: Cli) -> Callable[..., str]:
    """Run a command at a workplace; it must succeed; return its output."""

    def run(root: Path, *arguments: str) -> str:
        result = cli(*arguments, "--store", str(root))
        assert result.code == 0, result.err
        return result.out

    return run


At = Callable[..., str]


def test_what_two_workplaces_wrote_meets_in_both(two: Two, maria: str, at: At) -> None:
    one, other = two
    at(one, "visit", maria, "Стрижка", "--date", "2026-05-02")
    at(one, "set", maria, "source=сайт")
    at(other, "visit", maria, "Маникюр", "--date", "2026-05-01")
    at(other, "set", maria, "source=вывеска")
    assert "0 cards came in, 1 card went out" in at(one, "sync")
    said = at(other, "sync")
    assert "1 card came in, 1 card went out, 1 difference to settle" in said
    assert "Иванова Мария Петровна" in said
    at(one, "sync")
    assert tree(one) == tree(other)
    card = cards.parse(only_card(one).read_text("utf-8"))
    assert [each.title for each in card.of_kind("visit")] == ["Маникюр", "Стрижка"]
    assert git(one, "log", "-1", "--format=%s") == "sync"
    assert "Everything is committed and sent" not in at(one, "status")


def test_a_difference_is_settled_each_way(two: Two, maria: str, at: At, cli: Cli) -> None:
    one, other = two
    for n, choice in enumerate(("ours", "theirs", "афиша")):
        at(one, "set", maria, f"source=сайт {n}")
        at(other, "set", maria, f"source=вывеска {n}")
        at(one, "sync")
        at(other, "sync")
        (waiting,) = json.loads(at(other, "status", "--json"))["to_settle"]
        assert (waiting["kept"], waiting["other"]) == (f"сайт {n}", f"вывеска {n}")
        refused = cli("settle", maria, "--store", str(other))
        assert refused.code == 4
        assert "Say which difference to settle" in refused.err
        assert f"^{waiting['id']}" in refused.err
        at(other, "settle", maria, waiting["id"], "--keep", choice)
        at(other, "sync")
        at(one, "sync")
        card = cards.parse(only_card(one).read_text("utf-8"))
        assert card.value("source") == ("сайт 0", "вывеска 1", "афиша")[n]
        assert not card.of_kind("difference")
        assert tree(one) == tree(other)


def test_a_difference_in_a_field_of_the_business_is_settled_by_its_rules(
    salon: Path, maria: str, cli: Cli
) -> None:
    settings = salon / "cardcli.yaml"
    hair = "hair: {type: choice, choices: [сухие, жирные], label: Тип волос}"
    own = f"fields: {{profile: {{{hair}, children: {{many: yes}}}}}}"
    settings.write_text(settings.read_text("utf-8").replace("fields: {}", own), "utf-8")
    cli("set", maria, "hair=сухие", "children+=Анна")
    refused = cli("set", maria, "hair+=жирные")
    assert (refused.code, "it holds one value; write hair=…" in refused.err) == (2, True)
    path = only_card(salon)
    waiting = "- 2026-06-01 расхождение [field:: {}] [other:: {}] ^{}\n".format
    differences = waiting("hair", "жирные", "ka1avn") + waiting("children", "Пётр", "kb1avn")
    path.write_text(path.read_text("utf-8") + f"\n## Сверить\n\n{differences}", "utf-8")
    refused = cli("settle", maria, "ka1avn", "--keep", "кудри")
    assert (refused.code, "Тип волос: “кудри” is not one of" in refused.err) == (2, True)
    assert "settled: Тип волос: жирные" in cli("settle", maria, "ka1avn", "--keep", "theirs").err
    assert cli("settle", maria, "kb1avn", "--keep", "both").code == 0
    assert cards.parse(path.read_text("utf-8")).values("children") == ["Анна", "Пётр"]


def test_a_difference_is_told_by_the_name_of_its_field(two: Two, maria: str, at: At) -> None:
    one, other = two
    at(one, "set", maria, "birthday=1990-04-12")
    at(other, "set", maria, "birthday=1991-05-13")
    at(one, "sync")
    at(other, "sync")
    assert ", Date of birth, 1990-04-12" in at(other, "history", maria)


def test_a_client_taken_out_here_and_changed_there_stays_and_that_is_said(
    two: Two, maria: str, at: At
) -> None:
    one, other = two
    at(one, "trash", maria, "--yes")
    at(other, "visit", maria, "Маникюр")
    at(one, "sync")
    said = at(other, "sync")
    assert "taken out at one workplace and changed at the other" in said
    assert f"cardcli trash {maria}" in said
    at(one, "sync")
    assert cards.parse(only_card(one).read_text("utf-8")).of_kind("visit")
    assert tree(one) == tree(other)
    assert "taken out" not in at(one, "sync")


def test_what_is_no_store_cannot_be_copied(tmp_path: Path, cli: Cli) -> None:
    result = cli("clone", str(tmp_path / "nothing"), str(tmp_path / "new"))
    assert result.code == 8
    assert "cannot be copied; no workplace was made" in result.err
    assert not (tmp_path / "new").exists()


def test_hand_edits_are_committed_and_exchanged(two: Two, at: At) -> None:
    one, other = two
    path = only_card(one)
    path.write_text(path.read_text("utf-8") + "\nЛюбит чай.\n", "utf-8")
    (one / "templates" / "own.txt").write_text("x\n", "utf-8")
    assert "not committed: cards/" in at(one, "status")
    at(one, "sync")
    at(other, "sync")
    assert "Любит чай." in only_card(other).read_text("utf-8")
    assert tree(one) == tree(other)


def test_one_number_given_twice_stays_with_the_older_card(two: Two, at: At, cli: Cli) -> None:
    one, other = two
    (other / ".cardcli" / "prefix").unlink()
    first = cli("new", "Петрова Анна", "--store", str(one)).ids()[0]
    second = cli("new", "Сидорова Ольга", "--store", str(other)).ids()[0]
    at(one, "sync")
    assert "was given twice" in at(other, "sync")
    at(one, "sync")
    numbers = {each["id"]: each["number"] for each in json.loads(at(one, "list", "--json"))}
    assert {numbers[first], numbers[second]} == {"К-00002", "К-00003"}
    assert numbers[min(first, second)] == "К-00002"
    assert tree(one) == tree(other)


def test_a_new_workplace_numbers_by_itself(two: Two, at: At) -> None:
    made = json.loads(at(two[1], "new", "Петрова Анна", "--json"))
    assert made["number"] == "Б-00001"


def test_a_renamed_file_and_a_changed_card_are_one_card(two: Two, maria: str, at: At) -> None:
    one, other = two
    (one / "cards" / "k").mkdir()
    git(one, "mv", f"cards/{only_card(one).name}", f"cards/k/petrova-{maria}.md")
    git(one, "commit", "-qm", "rename")
    for n in range(8):
        at(other, "visit", maria, f"Услуга {n}")
    at(one, "sync")
    at(other, "sync")
    at(one, "sync")
    assert tree(one) == tree(other)
    (path,) = (other / "cards").rglob("*.md")
    assert path.name == f"petrova-{maria}.md"
    assert len(cards.parse(path.read_text("utf-8")).entries) == 8


def test_a_file_that_cannot_be_merged_is_kept_twice(two: Two, at: At) -> None:
    one, other = two
    for root, data in ((one, b"\x00one"), (other, b"\x00two")):
        (root / "files").mkdir(exist_ok=True)
        (root / "files" / "a.jpg").write_bytes(data)
    at(one, "sync")
    assert "the other version" in at(other, "sync")
    at(one, "sync")
    assert tree(one) == tree(other)
    assert {path.read_bytes() for path in (one / "files").glob("a*.jpg")} == {
        b"\x00one",
        b"\x00two",
    }


def test_what_the_user_has_staged_stays_staged(two: Two, maria: str, at: At) -> None:
    one, other = two
    at(other, "visit", maria, "Стрижка")
    at(other, "sync")
    (one / "mine.txt").write_text("x", "utf-8")
    git(one, "add", "mine.txt")
    at(one, "sync")
    assert git(one, "status", "--porcelain") == "A  mine.txt"
    assert "Стрижка" in only_card(one).read_text("utf-8")


def test_a_dry_run_changes_nothing(two: Two, maria: str, at: At) -> None:
    one, other = two
    at(other, "visit", maria, "Стрижка")
    at(other, "sync")
    before = only_card(one).read_bytes()
    assert "1 card came in, 0 cards went out" in at(one, "sync", "--dry-run")
    assert only_card(one).read_bytes() == before


def test_peers_exchange_without_a_hub(two: Two, maria: str, at: At) -> None:
    one, other = two
    at(one, "visit", maria, "Стрижка")
    at(other, "visit", maria, "Маникюр")
    assert "work folder" in at(one, "sync", "--remote", str(other))
    at(other, "sync", "--remote", str(one))
    at(one, "sync", "--remote", str(other))
    assert tree(one) == tree(other)


def test_offline_says_so_and_keeps_everything_committed(
    two: Two, maria: str, at: At, cli: Cli, tmp_path: Path
) -> None:
    one, _other = two
    (tmp_path / "hub.git").rename(tmp_path / "away.git")
    at(one, "visit", maria, "Стрижка")
    result = cli("sync", "--store", str(one))
    assert result.code == 8
    assert "Everything is committed here" in result.err
    assert git(one, "status", "--porcelain") == ""
    assert "1 change not sent" in at(one, "status")


def test_a_place_that_takes_nothing_still_gives(
    two: Two, maria: str, at: At, cli: Cli, tmp_path: Path
) -> None:
    one, other = two
    at(other, "visit", maria, "Маникюр")
    at(other, "sync")
    hook = tmp_path / "hub.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho read-only\nexit 1\n")
    hook.chmod(0o755)
    at(one, "visit", maria, "Стрижка")
    result = cli("sync", "--store", str(one))
    assert result.code == 8
    assert "does not take changes" in result.err
    assert "Маникюр" in only_card(one).read_text("utf-8")


def test_another_store_is_not_mixed_in(two: Two, cli: Cli, tmp_path: Path) -> None:
    assert two
    stranger = tmp_path / "stranger"
    cli("init", str(stranger))
    result = cli("sync", "--setup", str(tmp_path / "hub.git"), "--store", str(stranger))
    assert result.code == 2
    assert "another store" in result.err


def test_a_rebase_or_a_merge_in_progress_and_a_detached_head_are_refused(
    two: Two, maria: str, at: At, cli: Cli
) -> None:
    one, _other = two
    assert cli("status", "--store", str(one)).code == 0
    at(one, "visit", maria, "Стрижка")
    git(one, "checkout", "-q", "--detach")
    result = cli("sync", "--store", str(one))
    assert (result.code, "detached HEAD" in result.err) == (5, True)
    git(one, "checkout", "-q", "main")
    (one / ".git" / "rebase-merge").mkdir()
    result = cli("sync", "--store", str(one))
    assert (result.code, "git rebase --abort" in result.err) == (5, True)


def test_a_store_without_a_place_says_how_to_name_one(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    result = cli("sync")
    assert result.code == 2
    assert "--setup" in result.err


def test_settings_changed_on_both_sides_are_merged(two: Two, at: At) -> None:
    one, other = two
    for root, old, new in ((one, "currency: RUB", "currency: EUR"), (other, "Лавр", "Роза")):
        path = root / "cardcli.yaml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    at(one, "sync")
    at(other, "sync")
    text = (other / "cardcli.yaml").read_text("utf-8")
    assert "currency: EUR" in text
    assert "Роза" in text


def test_an_unsent_commit_that_must_be_signed_is_explained(
    two: Two, maria: str, at: At, cli: Cli
) -> None:
    one, other = two
    at(one, "visit", maria, "Стрижка")
    at(other, "visit", maria, "Маникюр")
    at(one, "sync")
    git(other, "config", "commit.gpgsign", "true")
    git(other, "config", "gpg.program", "false")
    result = cli("sync", "--store", str(other))
    assert result.code == 8
    assert "gpg" in result.err
    assert "Маникюр" in only_card(other).read_text("utf-8")
    git(other, "config", "commit.gpgsign", "false")
    at(other, "sync")
