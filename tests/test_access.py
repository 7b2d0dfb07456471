from __future__ import annotations

from cardcli import access
from cardcli import card as cards
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
