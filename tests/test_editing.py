"""`edit`: the editor's result is checked before it is kept and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Cli, only_card


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a script the user's editor; the test writes what it does."""
    script = tmp_path / "editor.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    return script


def test_an_edit_is_kept_and_committed(salon: Path, maria: str, cli: Cli, editor: Path) -> None:
    editor.write_text('#!/bin/sh\nprintf "\\nЖивёт рядом.\\n" >> "$1"\n')
    assert cli("edit", maria).code == 0
    assert only_card(salon).read_text("utf-8").endswith("\nЖивёт рядом.\n")
    assert cli("history", maria).out.splitlines()[0].split("\t")[2] == "text changed: beginning"
    assert not list((salon / ".cardcli").glob("edit-*"))


def test_a_broken_edit_is_refused_kept_and_opened_again(
    salon: Path, maria: str, cli: Cli, editor: Path
) -> None:
    before = only_card(salon).read_bytes()
    editor.write_text(
        '#!/bin/sh\nsed -i "s/^name:.*/name: [oops/" "$1"; echo "много слов" >> "$1"\n'
    )
    broken = cli("edit", maria)
    assert broken.code == 7
    assert "Your text is kept in" in broken.err
    assert only_card(salon).read_bytes() == before
    editor.write_text('#!/bin/sh\nsed -i "s/^name:.*/name: Иванова Мария/" "$1"\n')
    mended = cli("edit", maria)
    assert mended.code == 0, mended.err
    assert "opened again" in mended.err
    text = only_card(salon).read_text("utf-8")
    assert "name: Иванова Мария\n" in text
    assert "много слов" in text


def test_a_card_changed_meanwhile_is_not_overwritten(
    salon: Path, maria: str, cli: Cli, editor: Path
) -> None:
    card = only_card(salon)
    editor.write_text(f'#!/bin/sh\necho "моё" >> "$1"\necho "чужое" >> "{card}"\n')
    result = cli("edit", maria)
    assert result.code == 5
    assert "changed by somebody else" in result.err
    assert "чужое" in card.read_text("utf-8")
    assert "моё" not in card.read_text("utf-8")
    (draft,) = (salon / ".cardcli").glob("edit-*.md")
    assert "моё" in draft.read_text("utf-8")
    editor.write_text("#!/bin/sh\n")
    assert cli("edit", maria).code == 5, "the draft still stands on the old text"


def test_an_edit_that_changes_nothing_writes_nothing(maria: str, cli: Cli, editor: Path) -> None:
    assert editor.exists()
    result = cli("edit", maria)
    assert (result.code, result.out) == (0, "")
    assert "Nothing was changed" in result.err


def test_the_id_of_a_card_must_stay(salon: Path, maria: str, cli: Cli, editor: Path) -> None:
    before = only_card(salon).read_bytes()
    editor.write_text('#!/bin/sh\nsed -i "s/^id:.*/id: zzzzzz/" "$1"\n')
    result = cli("edit", maria)
    assert result.code == 7
    assert "must not change" in result.err
    assert only_card(salon).read_bytes() == before


def test_a_missing_editor_is_named(maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No editor is set" in cli("edit", maria).err
    monkeypatch.setenv("VISUAL", "/nowhere/ed")
    result = cli("edit", maria)
    assert result.code == 9
    assert "/nowhere/ed" in result.err
    monkeypatch.setenv("VISUAL", "false")
    result = cli("edit", maria)
    assert result.code == 7
    assert "ended with 1" in result.err


def test_the_draft_is_for_the_owner_only(salon: Path, maria: str, cli: Cli, editor: Path) -> None:
    editor.write_text('#!/bin/sh\nstat -c %a "$1" > mode\n')
    assert cli("edit", maria).code == 0
    assert (salon / "mode").read_text().strip() == "600"
    assert only_card(salon).stat().st_mode & 0o777 == 0o600
