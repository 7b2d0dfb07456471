"""Layout, file names, deleted clients."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from cardcli import card as cards
from tests.conftest import Cli, only_card


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_cards_move_to_folders_and_back_in_one_commit_each(
    salon: Path, maria: str, cli: Cli
) -> None:
    before = git(salon, "rev-list", "--count", "HEAD")
    assert cli("reshard", "sharded").code == 0
    assert [path.parent.name for path in (salon / "cards").rglob("*.md")] == [maria[-1]]
    assert "layout: sharded" in (salon / "cardcli.yaml").read_text("utf-8")
    assert git(salon, "status", "--porcelain") == ""
    assert int(git(salon, "rev-list", "--count", "HEAD")) == int(before) + 1
    made = json.loads(cli("new", "Петрова Анна", "--json").out)
    assert made["path"].startswith(f"cards/{made['id'][-1]}/")
    assert cli("reshard", "flat").code == 0
    assert len(list((salon / "cards").glob("*.md"))) == 2
    assert len(json.loads(cli("history", maria, "--json").out)) >= 1
    assert git(salon, "status", "--porcelain") == ""


def test_a_file_gets_the_new_name_of_its_client(salon: Path, maria: str, cli: Cli) -> None:
    cli("set", maria, "name=Петрова Мария")
    result = cli("rename-file", maria)
    assert result.code == 0, result.err
    assert only_card(salon).name == f"petrova-mariya-{maria}.md"
    assert git(salon, "status", "--porcelain") == ""


def test_a_client_taken_out_comes_back_with_all_files(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "red").save(tmp_path / "do.png")
    cli("visit", maria, "Пилинг", "--before", str(tmp_path / "do.png"))
    text, name = only_card(salon).read_bytes(), only_card(salon).name
    assert cli("trash", maria, "--yes").code == 0
    assert not list((salon / "cards").iterdir())
    assert not list((salon / "files").rglob("*.png"))
    assert cli("restore").out.split("\t")[0] == maria
    assert cli("restore", "иванова").code == 0
    assert (only_card(salon).read_bytes(), only_card(salon).name) == (text, name)
    assert list((salon / "files").rglob("*.png"))
    assert cli("restore").out == ""
    assert cli("restore", "иванова").code == 1
    assert git(salon, "status", "--porcelain") == ""
    assert json.loads(cli("new", "Петрова Анна", "--json").out)["number"] == "К-00002"


def test_maintenance_tidies_and_says_nothing(salon: Path, maria: str, cli: Cli) -> None:
    cli("visit", maria, "Стрижка")
    result = cli("maintenance")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert (salon / ".git" / "objects" / "info" / "commit-graph").exists()
    assert cards.parse(only_card(salon).read_text("utf-8")).entries
