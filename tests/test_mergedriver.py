"""A plain git merge, rebase or cherry-pick gives what sync gives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli import mergedriver, mergesetup
from tests.conftest import Cli, only_card

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def two_branches(salon: Path, maria: str, cli: Cli) -> None:
    """Change one card differently on two branches; stay on the first."""
    git(salon, "checkout", "-q", "-b", "other")
    cli("visit", maria, "Маникюр", "--date", "2026-05-02")
    cli("set", maria, "source=сайт")
    git(salon, "checkout", "-q", "main")
    cli("visit", maria, "Стрижка", "--date", "2026-05-01")
    cli("set", maria, "source=вывеска")


@pytest.mark.parametrize(
    "how", [["merge", "--no-edit", "other"], ["rebase", "other"], ["cherry-pick", "main..other"]]
)
def test_git_itself_merges_cards_by_meaning(
    salon: Path, maria: str, cli: Cli, how: list[str]
) -> None:
    two_branches(salon, maria, cli)
    git(salon, *how)
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert [each.title for each in card.of_kind("visit")] == ["Стрижка", "Маникюр"]
    assert card.value("source") == "сайт"
    assert [each.fields["other"] for each in card.of_kind("difference")] == ["вывеска"]


def test_without_our_program_git_merges_by_lines_and_says_so(
    salon: Path, maria: str, cli: Cli
) -> None:
    two_branches(salon, maria, cli)
    broken = mergesetup.driver().replace("cardcli.mergedriver", "cardcli.gone")
    git(salon, "config", "merge.cardcli.driver", broken)
    done = subprocess.run(["git", "merge", "other"], cwd=salon, capture_output=True, check=False)
    assert done.returncode == 1
    text = only_card(salon).read_text("utf-8")
    assert "<<<<<<<" in text
    assert "Маникюр" in text
    assert "Стрижка" in text


def test_every_command_puts_the_driver_back(salon: Path, maria: str, cli: Cli) -> None:
    git(salon, "config", "--unset", "merge.cardcli.driver")
    (salon / ".gitattributes").write_text("*.jpg binary\n", "utf-8")
    assert cli("show", maria).code == 0
    assert git(salon, "config", "merge.cardcli.driver").strip() == mergesetup.driver()
    assert (salon / ".gitattributes").read_text("utf-8").startswith("*.jpg binary\ncards/**/*.md ")
    assert cli("visit", maria, "Стрижка").code == 0
    assert git(salon, "status", "--porcelain") == ""


def test_a_store_that_is_in_place_starts_no_process(
    salon: Path, maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert salon.is_dir()
    cli("show", maria)
    monkeypatch.setenv("PATH", os.devnull)
    assert cli("show", maria).code == 0


def test_the_driver_writes_nothing_when_it_cannot_read(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("base", "one", "two")]
    for path in files:
        path.write_bytes(b"\xff\xfe")
    assert mergedriver.main([*map(str, files), "cards/x.md"]) == 1
    assert files[1].read_bytes() == b"\xff\xfe"
    assert mergedriver.main([]) == 1


def test_the_driver_starts_light() -> None:
    code = "import sys, cardcli.mergedriver; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"typer", "rich", "jinja2", "rapidfuzz"} & set(done.stdout.split())
