"""Hooks: told before and after, may forbid, lose nothing, end in time, never go round in circles."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cardcli.cli import hooks
from cardcli.cli.app import COMMANDS
from cardcli.cli.hooks import Hooks
from tests.conftest import Cli, only_card

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the hooks of these tests are shell scripts"
)


@pytest.fixture
def folder(salon: Path, cli: Cli) -> Path:
    """Make the folder of the hooks, outside the store."""
    path = Path(cli("hooks", "--folder").out.strip())
    assert not path.is_relative_to(salon)
    path.mkdir(parents=True)
    return path


def hook(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o700)


def test_a_hook_before_sees_what_is_planned_and_may_forbid_it(
    salon: Path, maria: str, cli: Cli, folder: Path
) -> None:
    before = only_card(salon).read_bytes()
    hook(folder, "pre-visit", "cat > seen.json; echo нет фото; exit 3")
    result = cli("visit", maria, "Стрижка", "--price", "2500", "--staff", "Ольга")
    assert (result.code, result.out) == (10, "")
    assert "The hook pre-visit stopped the command: нет фото" in result.err
    assert only_card(salon).read_bytes() == before
    seen = json.loads((salon / "seen.json").read_text("utf-8"))
    assert (seen["event"], seen["command"], seen["staff"]) == ("pre-visit", "visit", "Ольга")
    assert seen["client"]["name"] == "Иванова Мария Петровна"
    assert seen["entry"]["title"] == "Стрижка"
    assert seen["entry"]["fields"]["price"] == "2500"
    assert seen["changes"][0]["new"] == "Стрижка"


def test_a_hook_after_runs_when_all_is_written_and_the_lock_is_free(
    salon: Path, maria: str, cli: Cli, folder: Path
) -> None:
    command = (
        f'PYTHONPATH="{ROOT}" "{sys.executable}" -c "from cardcli.cli.app import main; main()"'
    )
    hook(folder, "post-visit", f'cat > seen.json; {command} note {maria} "после визита" >&2')
    hook(folder, "post-note", f'echo x >> notes; {command} note {maria} "после заметки"')
    hook(folder, "post-note.again", "echo y >> notes")
    result = cli("visit", maria, "Стрижка")
    assert result.code == 0, result.err
    assert len(result.ids()) == 1
    text = only_card(salon).read_text("utf-8")
    assert text.count("после визита") == 1
    assert text.count("после заметки") == 1
    assert (salon / "notes").read_text() == "x\ny\n"
    seen = json.loads((salon / "seen.json").read_text("utf-8"))
    assert seen["entry"]["id"] == result.ids()[0]


def test_two_files_attached_at_one_moment_get_two_names(
    salon: Path, maria: str, cli: Cli, folder: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "договор.txt"
    paper.write_text("первый", "utf-8")
    command = (
        f'PYTHONPATH="{ROOT}" "{sys.executable}" -c "from cardcli.cli.app import main; main()"'
    )
    hook(
        folder, "pre-attach", f"{command} attach {maria} '{paper}' >&2 && echo второй >> '{paper}'"
    )
    result = cli("attach", maria, str(paper))
    assert result.code == 0, result.err
    there = {path.name: path.read_text("utf-8") for path in (salon / "files" / maria).iterdir()}
    assert there == {"2026-06-15-dogovor.txt": "первый", "2026-06-15-dogovor-2.txt": "первый"}
    text = only_card(salon).read_text("utf-8")
    assert all(f"[file:: files/{maria}/{name}]" in text for name in there)


def test_a_failing_hook_is_reported_and_loses_nothing(
    salon: Path, maria: str, cli: Cli, folder: Path
) -> None:
    hook(folder, "post-visit", "echo сломалось; exit 4")
    (folder / "pre-visit").write_text("#!/no/such/program\n")
    (folder / "pre-visit").chmod(0o700)
    result = cli("visit", maria, "Стрижка")
    assert result.code == 0
    assert "the hook pre-visit failed (it cannot be run" in result.err
    assert (
        "the hook post-visit failed (exit code 4); the command went on\nсломалось\n" in result.err
    )
    assert "Стрижка" in only_card(salon).read_text("utf-8")
    hook(folder, "pre-visit", "kill -9 $$")
    assert "ended by signal 9" in cli("visit", maria, "Укладка").err


def test_a_hook_that_takes_too_long_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    hook(tmp_path, "pre-visit", "sleep 60 & sleep 60")
    hooks = Hooks(tmp_path, tmp_path, os.environ, seconds=0.3)
    begun = time.monotonic()
    hooks.before("pre-visit", dict)
    assert time.monotonic() - begun < 5


def test_every_command_that_writes_has_its_events(
    salon: Path, maria: str, cli: Cli, folder: Path
) -> None:
    commands = [
        ("new", "Петрова Анна"), ("set", maria, "tags=vip"), ("sell", maria, "Маска"),
        ("pay", maria, "5"), ("attach", maria, "note.txt"), ("consent", maria, "health"),
    ]  # fmt: skip
    (salon / "note.txt").write_text("x")
    for name, *_rest in commands:
        for when in ("pre", "post"):
            hook(folder, f"{when}-{name}", f'cat > /dev/null; echo "{when}-{name}" >> events')
    for arguments in commands:
        assert cli(*arguments).code == 0
    expected = [f"{when}-{name}" for name, *_rest in commands for when in ("pre", "post")]
    assert (salon / "events").read_text().split() == expected


def seen(salon: Path, event: str) -> dict[str, Any]:
    said = json.loads((salon / f"{event}.json").read_text("utf-8"))
    assert said["event"] == event
    return dict(said)


@pytest.fixture
def listening(salon: Path, folder: Path) -> Path:
    """Write down what each event of the commands about several cards is told."""
    for name in ("undo", "sync", "trash", "restore", "rename-file", "reshard", "check"):
        for when in ("pre", "post"):
            hook(folder, f"{when}-{name}", f"cat > '{salon}/{when}-{name}.json'")
    return salon


def test_commands_about_several_cards_tell_of_each(
    listening: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    assert cli("visit", maria, "Стрижка").code == 0
    assert cli("undo").code == 0
    for when in ("pre", "post"):
        said = seen(listening, f"{when}-undo")
        assert said["client"]["id"] == maria
        assert [change["old"] for change in said["changes"]] == ["Стрижка"]
        assert said["cards"] == [{"client": said["client"], "changes": said["changes"]}]
    assert cli("reshard", "sharded").code == 0
    assert seen(listening, "post-reshard")["client"]["path"].startswith(f"cards/{maria[-1]}/")
    assert cli("trash", maria).code == 0
    assert seen(listening, "pre-trash")["changes"][0]["words"] == "card deleted"
    assert cli("restore", maria).code == 0
    assert seen(listening, "post-restore")["client"]["id"] == maria
    (card,) = (listening / "cards").rglob("*.md")
    card.rename(card.with_name(f"x-{maria}.md"))
    assert cli("rename-file", maria).code == 0
    assert seen(listening, "pre-rename-file")["client"]["path"].endswith(card.name)
    card.write_text(card.read_text("utf-8") + "\n## Заметки\n\n- 2026-05-01 Слово\n", "utf-8")
    assert cli("check", "--fix").code == 0
    assert seen(listening, "pre-check")["cards"] == seen(listening, "post-check")["cards"]
    other = tmp_path / "other"
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    assert cli("visit", maria, "Там", "--store", str(other)).code == 0
    assert cli("sync", "--store", str(other)).code == 0
    assert cli("sync").code == 0
    assert seen(listening, "pre-sync")["cards"] == []
    assert [change["new"] for change in seen(listening, "post-sync")["changes"]] == ["Там"]


@pytest.mark.parametrize(
    "command",
    [
        ("undo",), ("trash", "MARIA"), ("reshard", "sharded"), ("check", "--fix"),
        ("sync", "--remote", "nowhere"),
    ],
)  # fmt: skip
def test_commands_about_several_cards_can_be_forbidden(
    salon: Path, maria: str, cli: Cli, folder: Path, command: tuple[str, ...]
) -> None:
    hook(folder, f"pre-{command[0]}", "echo нельзя; exit 1")
    before = only_card(salon).read_bytes()
    result = cli(*(word.replace("MARIA", maria) for word in command))
    assert (result.code, "нельзя" in result.err) == (10, True)
    assert only_card(salon).read_bytes() == before


def test_the_hooks_are_listed_with_what_is_wrong_with_them(cli: Cli, folder: Path) -> None:
    hook(folder, "pre-visit", "true")
    hook(folder, "pre-vist", "true")
    hook(folder, "pre-show", "true")
    (folder / "post-note.py").write_text("x")
    result = cli("hooks", "--json")
    listed = json.loads(result.out)
    assert listed["folder"] == str(folder)
    assert [(each["event"], each["problem"]) for each in listed["hooks"]] == [
        ("post-note", "not executable"),
        ("pre-show", "no such event: write pre-COMMAND or post-COMMAND"),
        ("pre-visit", None),
        ("pre-vist", "no such event: write pre-COMMAND or post-COMMAND"),
    ]


def test_the_commands_that_call_hooks_are_those_that_the_page_about_hooks_names() -> None:
    page = (Path(__file__).parents[1] / "docs" / "hooks.md").read_text("utf-8")
    told = page[page.index("Every command that changes cards") :].split("##")[0]
    named = " ".join(re.findall(r"`([^`]+)`", told)).split()
    assert {*named} - {"--fix"} == hooks.WRITING
    assert {*COMMANDS} >= hooks.WRITING
