from __future__ import annotations

from pathlib import Path

from cardcli import access
from cardcli import card as cards
from tests.conftest import Cli, only_card
from tests.test_card import CARD


def test_a_role_sees_all_but_what_is_hidden() -> None:
    card = cards.parse(CARD)
    seen = access.seen(card, {"visit", "phones"})
    assert [each.id for each in seen.entries] == ["n0c4tt"]
    assert "phones" not in seen.metadata
    assert "Окрашивание" not in seen.text
    assert "Слова между записями" not in seen.text
    assert (seen.id, seen.name) == (card.id, card.name)
    assert "что-то своё" in seen.text


def test_own_prose_can_be_hidden_too() -> None:
    seen = access.seen(cards.parse(CARD), {"prose"})
    assert "Живёт рядом" not in seen.text
    assert "что-то своё" not in seen.text
    assert len(seen.entries) == 4


def test_nothing_hidden_changes_nothing() -> None:
    card = cards.parse(CARD)
    assert access.seen(card, ()) is card


def test_a_role_hides_on_screen_and_on_paper_and_leaves_the_file_whole(
    salon: Path, maria: str, cli: Cli
) -> None:
    with (salon / "cardcli.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\n")
    text = (salon / "cardcli.yaml").read_text("utf-8")
    text = text.replace("roles: {}", "roles:\n  reception:\n    hide: [Заметки, phones]")
    (salon / "cardcli.yaml").write_text(text, "utf-8")
    cli("note", maria, "Тайна", "--date", "2026-06-01")
    assert "Тайна" in cli("show", maria).out
    for command in (
        ("show", maria),
        ("show", "иванова"),
        ("print", maria, "--format", "text", "--output", "-"),
    ):
        seen = cli(*command, "--role", "reception")
        assert seen.code == 0, seen.err
        assert "Тайна" not in seen.out
        assert "000-01-27" not in seen.out
    assert cli("visit", "иванова", "Стрижка").code == 0
    assert "Тайна" in only_card(salon).read_text("utf-8")
    refused = cli("show", maria, "--role", "nobody")
    assert refused.code == 2
    assert "reception" in refused.err


def test_a_role_that_hides_something_unknown_is_named_with_its_line(salon: Path, cli: Cli) -> None:
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8").replace("roles: {}", "roles:\n  a:\n    hide: [сны]")
    settings.write_text(text, "utf-8")
    result = cli("list")
    assert result.code == 7
    assert "“сны” is neither" in result.err
