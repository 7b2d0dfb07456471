"""The commands merge and unmerge on a real store: what a person sees, and what lies on the disk."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.card import Card
from tests.conftest import Cli
from tests.test_terminal import at_terminal

Snap = Callable[[Path], dict[str, bytes]]


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def masha(salon: Path, maria: str, cli: Cli, tmp_path: Path) -> str:
    """Add a second card of Maria, with a visit and a file."""
    made = cli(
        "new", "Маша Иванова", "--phone", "8 900 000-01-27", "--anyway", "--birthday", "1991-04-12"
    )
    assert made.code == 0, made.err
    second = made.ids()[0]
    assert cli("set", maria, "birthday=1990-04-12").code == 0
    assert cli("visit", second, "Маникюр", "--date", "2026-03-01").code == 0
    paper = tmp_path / "договор.txt"
    paper.write_text("подписан", "utf-8")
    assert cli("attach", second, str(paper)).code == 0
    assert git(salon, "status", "--porcelain") == ""
    return second


def card_of(root: Path, card_id: str) -> Card:
    (path,) = (root / "cards").glob(f"*-{card_id}.md")
    return cards.parse(path.read_text("utf-8"))


def test_two_cards_become_one_in_one_commit(salon: Path, maria: str, masha: str, cli: Cli) -> None:
    number = card_of(salon, masha).number
    before = int(git(salon, "rev-list", "--count", "HEAD"))
    done = cli("merge", maria, masha)
    assert done.code == 0, done.err
    assert done.out.startswith(f"{maria}\t")
    assert f"{masha} now leads to {maria}" in done.err
    assert "2 differences to settle" in done.err
    assert int(git(salon, "rev-list", "--count", "HEAD")) == before + 1
    assert git(salon, "status", "--porcelain") == ""
    assert git(salon, "log", "-1", "--format=%s") == f"merge {maria} {masha}"
    card = card_of(salon, maria)
    assert card.metadata["merged"] == [{masha: number}]
    (document,) = card.of_kind("document")
    assert (salon / document.fields["file"]).read_text("utf-8") == "подписан"
    assert cli("check").code == 0


@pytest.mark.parametrize("command", ["show", "path", "history", "brief", "edit"])
def test_every_command_understands_the_old_id(
    maria: str, masha: str, cli: Cli, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    assert cli("merge", maria, masha).code == 0
    result = cli(command, masha)
    assert result.code == 0, result.err
    assert f"{masha} was joined with: {maria}" in result.err


def test_old_id_and_old_number_are_found_and_written_to(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    number = card_of(salon, masha).number
    assert cli("merge", maria, masha).code == 0
    for old in (masha, number):
        assert cli("find", old).ids() == [maria]
        assert cli("visit", old, "Укладка", "--date", "2026-05-01").code == 0
    assert len(card_of(salon, maria).of_kind("visit")) == 3
    assert cli("new", "Петров Пётр").code == 0
    assert number not in {
        cards.parse(path.read_text("utf-8")).number for path in (salon / "cards").glob("*.md")
    }


def test_undo_right_away_gives_the_tree_back_byte_for_byte(
    salon: Path, maria: str, masha: str, cli: Cli, snapshot: Snap
) -> None:
    before, tree = snapshot(salon), git(salon, "rev-parse", "HEAD^{tree}")
    assert cli("merge", maria, masha).code == 0
    assert cli("undo").code == 0
    assert snapshot(salon) == before
    assert git(salon, "rev-parse", "HEAD^{tree}") == tree
    assert cli("path", masha).code == 0


def test_unmerge_right_away_gives_the_tree_back_byte_for_byte(
    salon: Path, maria: str, masha: str, cli: Cli, snapshot: Snap
) -> None:
    before = snapshot(salon)
    assert cli("merge", maria, masha, "--keep", "b").code == 0
    done = cli("unmerge", masha)
    assert done.code == 0, done.err
    assert done.ids() == [maria, masha]
    assert snapshot(salon) == before
    assert git(salon, "status", "--porcelain") == ""


def test_unmerge_later_says_what_goes_where(salon: Path, maria: str, masha: str, cli: Cli) -> None:
    assert cli("merge", maria, masha).code == 0
    (nails,) = card_of(salon, maria).of_kind("visit")
    assert cli("amend", maria, nails.id, "price=700").code == 0
    assert cli("visit", maria, "Пилинг", "--date", "2026-06-01").code == 0
    done = cli("unmerge", maria, masha)
    assert done.code == 0, done.err
    assert f"^{nails.id}: changed since; goes to {masha}" in done.err
    assert f"stays with {maria}, made after the join" in done.err
    assert card_of(salon, masha).entry(nails.id).fields["price"] == "700"
    assert [each.title for each in card_of(salon, maria).of_kind("visit")] == ["Пилинг"]
    assert cli("check").code == 0


def test_joined_twice_each_card_comes_back_by_its_old_id_or_number(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    third = cli("new", "М. Иванова").ids()[0]
    number = card_of(salon, third).number
    assert cli("merge", masha, third).code == 0
    assert cli("merge", maria, masha).code == 0
    assert cli("path", third).out.strip().endswith(f"-{maria}.md")
    unclear = cli("unmerge", maria)
    assert unclear.code == 1
    assert f"several cards were joined with {maria}" in unclear.err
    assert cli("unmerge", maria, masha).code == 0
    assert cli("path", third).out.strip().endswith(f"-{masha}.md")
    assert cli("unmerge", masha, number).code == 0
    assert card_of(salon, third).name == "М. Иванова"


def test_keep_decides_without_leaving_a_difference(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    done = cli("merge", maria, masha, "--keep", "a", "--keep", "дата рождения=b")
    assert done.code == 0, done.err
    card = card_of(salon, maria)
    assert (card.name, card.value("birthday")) == ("Иванова Мария Петровна", "1991-04-12")
    assert card.values("former_names") == ["Маша Иванова"]
    assert not card.of_kind("difference")


def test_dry_run_shows_and_changes_nothing(
    salon: Path, maria: str, masha: str, cli: Cli, snapshot: Snap
) -> None:
    before = snapshot(salon)
    shown = cli("merge", maria, masha, "--dry-run")
    assert shown.code == 0, shown.err
    assert "Маникюр" in shown.err
    assert "2 differences would wait to be settled" in shown.err
    assert snapshot(salon) == before
    assert cli("merge", maria, masha).code == 0
    joined = snapshot(salon)
    assert cli("unmerge", maria, "--dry-run").ids() == [maria, masha]
    assert snapshot(salon) == joined


def test_json_tells_programs_what_was_done(maria: str, masha: str, cli: Cli) -> None:
    told = json.loads(cli("merge", maria, masha, "--json").out)
    assert told["client"]["id"] == maria
    assert told["client"]["merged"] == [
        {"id": masha, "number": told["client"]["merged"][0]["number"]}
    ]
    assert {each["field"] for each in told["differences"]} == {"name", "birthday"}
    apart = json.loads(cli("unmerge", maria, "--json").out)
    assert (apart["kept"]["id"], apart["other"]["id"], apart["stayed"]) == (maria, masha, [])


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("merge", "MARIA", "MARIA"), 2, "both are the same client"),
        (("merge", "MARIA", "MASHA", "--keep", "birthday"), 2, "write a or b for all"),
        (("merge", "MARIA", "MASHA", "--keep", "nothing=a"), 2, "neither card has “nothing”"),
        (("merge", "MARIA", "nobody-at-all"), 1, "No client matches"),
        (("unmerge", "MARIA"), 1, "no card was joined with"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    salon: Path, maria: str, masha: str, cli: Cli, snapshot: Snap,
    arguments: tuple[str, ...], code: int, sentence: str,
) -> None:  # fmt: skip
    before = snapshot(salon)
    named = [{"MARIA": maria, "MASHA": masha}.get(word, word) for word in arguments]
    result = cli(*named)
    assert (result.code, sentence in result.err) == (code, True), result.err
    assert snapshot(salon) == before


def test_a_joined_card_is_not_joined_again_with_its_own_old_id(
    maria: str, masha: str, cli: Cli
) -> None:
    assert cli("merge", maria, masha).code == 0
    again = cli("merge", maria, masha)
    assert again.code == 2
    assert "both are the same client" in again.err
    other = cli("unmerge", maria, "c3d4e5")
    assert f"c3d4e5 was not joined with {maria}" in other.err


def test_a_broken_card_is_left_alone(salon: Path, maria: str, masha: str, cli: Cli) -> None:
    (path,) = (salon / "cards").glob(f"*-{masha}.md")
    path.write_text("---\nid: " + masha + "\nphones: [\n---\n", "utf-8")
    result = cli("merge", maria, masha)
    assert result.code == 7
    assert path.is_file()


def test_two_people_are_not_joined_until_the_note_is_taken_back(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    assert cli("dupes", maria, masha, "--not-same").code == 0
    refused = cli("merge", maria, masha)
    assert refused.code == 10
    assert f"cardcli dupes {maria} {masha} --same" in refused.err
    assert cli("dupes", maria, masha, "--same").code == 0
    assert "not_same_as" not in card_of(salon, masha).metadata
    assert cli("merge", maria, masha).code == 0


def test_what_speaks_against_one_person_is_named(maria: str, cli: Cli) -> None:
    other = cli("new", "Петров Пётр Ильич", "--birthday", "1950-01-02").ids()[0]
    result = cli("merge", maria, other)
    assert result.code == 0
    assert "they may be two people: " in result.err
    assert "other given name" in result.err


def test_without_history_nothing_is_joined(cli: Cli, tmp_path: Path) -> None:
    root = str(tmp_path / "plain")
    assert cli("init", root, "--no-git").code == 0
    one, two = (cli("new", name, "--store", root).ids()[0] for name in ("Иванова", "Петрова"))
    result = cli("merge", one, two, "--store", root)
    assert result.code == 2, result.err


def test_a_joined_card_is_no_deleted_client(maria: str, masha: str, cli: Cli) -> None:
    assert cli("merge", maria, masha).code == 0
    assert cli("restore").out == ""


def test_hooks_may_forbid_a_join_and_are_told_of_it(
    salon: Path, maria: str, masha: str, cli: Cli, snapshot: Snap
) -> None:
    folder = Path(cli("hooks", "--folder").out.strip())
    folder.mkdir(parents=True)
    veto = folder / "pre-merge"
    veto.write_text("#!/bin/sh\ncat > told.json\necho нельзя\nexit 1\n", "utf-8")
    veto.chmod(0o755)
    before = snapshot(salon)
    result = cli("merge", maria, masha)
    assert (result.code, "нельзя" in result.err) == (10, True)
    told = json.loads((salon / "told.json").read_text("utf-8"))
    (salon / "told.json").unlink()
    assert (told["command"], len(told["cards"])) == ("merge", 2)
    assert snapshot(salon) == before


def test_at_a_terminal_each_difference_is_asked_for(salon: Path, maria: str, masha: str) -> None:
    code, screen = at_terminal(salon, "merge", maria, masha, typed="1\n2\ny\n")
    assert code == 0, screen
    assert "which one?" in screen
    card = card_of(salon, maria)
    assert (card.name, card.value("birthday")) == ("Иванова Мария Петровна", "1991-04-12")
    assert not card.of_kind("difference")


def test_at_a_terminal_no_changes_nothing(
    salon: Path, maria: str, masha: str, snapshot: Snap
) -> None:
    before = snapshot(salon)
    code, screen = at_terminal(salon, "merge", maria, masha, typed="\n\nn\n")
    assert code == 130, screen
    assert snapshot(salon) == before


def test_check_tells_of_a_joined_card_that_is_there_again_and_merge_mends_it(
    salon: Path, maria: str, masha: str, cli: Cli
) -> None:
    (old,) = (salon / "cards").glob(f"*-{masha}.md")
    text = old.read_bytes()
    assert cli("merge", maria, masha).code == 0
    joined = card_of(salon, maria)
    old.write_bytes(text)
    assert "C038" in cli("check").out
    assert cli("path", masha).out.strip() == str(old)
    assert cli("merge", maria, masha).code == 0
    assert card_of(salon, maria).text == joined.text
    assert not old.exists()
    assert "C038" not in cli("check").out


def test_who_is_noted_as_another_person_may_share_the_phone(
    maria: str, masha: str, cli: Cli
) -> None:
    assert "C037" in cli("check").out
    assert cli("dupes", maria, masha, "--not-same").code == 0
    assert "C037" not in cli("check").out
