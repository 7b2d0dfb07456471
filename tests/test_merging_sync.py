"""Clients joined at one workplace while another one goes on with the old card: nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.card import Card
from tests.conftest import Cli
from tests.test_sync import At, Two, at, tree, two

__all__ = ["at", "two"]


@pytest.fixture
def masha(two: Two, maria: str, at: At) -> str:
    """Add a second card of the client at the first workplace, and exchange."""
    one, other = two
    second = at(one, "new", "Маша Иванова", "--phone", "8 900 000-01-27", "--anyway").split("\t")[0]
    at(one, "visit", second, "Маникюр", "--date", "2026-03-01")
    at(one, "visit", maria, "Стрижка", "--date", "2026-04-01")
    at(one, "sync")
    at(other, "sync")
    return second


def titles(card: Card) -> list[str]:
    return [each.title for each in card.of_kind("visit")]


def all_cards(root: Path) -> dict[str, Card]:
    found = [cards.parse(path.read_text("utf-8")) for path in (root / "cards").glob("*.md")]
    return {card.id: card for card in found}


def exchanged(two: Two, at: At) -> dict[str, Card]:
    """Let both workplaces exchange until both have all; they must have the same."""
    one, other = two
    for root in (one, other, one):
        at(root, "sync")
    assert tree(one) == tree(other)
    assert all_cards(one) == all_cards(other)
    return all_cards(one)


def test_a_visit_added_to_the_old_card_elsewhere_goes_to_the_joined_one(
    two: Two, maria: str, masha: str, at: At
) -> None:
    one, other = two
    at(one, "merge", maria, masha)
    at(other, "visit", masha, "Укладка", "--date", "2026-05-01")
    at(other, "set", masha, "allergies+=латекс", "phones+=8 900 000-01-28")
    at(one, "sync")
    said = at(other, "sync")
    assert f"{masha} was joined with {maria}" in said
    found = exchanged(two, at)
    assert list(found) == [maria]
    assert titles(found[maria]) == ["Маникюр", "Стрижка", "Укладка"]
    assert found[maria].values("allergies") == ["латекс"]
    assert found[maria].values("phones") == ["+79000000127", "+79000000128"]


def test_the_one_who_joins_second_carries_the_changes_over_too(
    two: Two, maria: str, masha: str, at: At
) -> None:
    one, other = two
    at(other, "visit", masha, "Укладка", "--date", "2026-05-01")
    at(other, "sync")
    at(one, "merge", maria, masha)
    assert f"{masha} was joined with {maria}" in at(one, "sync")
    found = exchanged(two, at)
    assert titles(found[maria]) == ["Маникюр", "Стрижка", "Укладка"]


def test_a_file_attached_to_the_old_card_elsewhere_comes_along(
    two: Two, maria: str, masha: str, at: At, tmp_path: Path
) -> None:
    one, other = two
    photo = tmp_path / "договор.txt"
    photo.write_text("подписан", "utf-8")
    at(one, "merge", maria, masha)
    at(other, "attach", masha, str(photo))
    at(one, "sync")
    at(other, "sync")
    found = exchanged(two, at)
    (document,) = found[maria].of_kind("document")
    assert document.fields["file"].startswith(f"files/{maria}/{masha}/")
    for root in two:
        assert (root / document.fields["file"]).read_text("utf-8") == "подписан"
        assert not (root / "files" / masha).exists() or not list((root / "files" / masha).iterdir())
    assert "error" not in at(one, "check")


def test_the_same_join_on_both_sides_is_one(two: Two, maria: str, masha: str, at: At) -> None:
    for root in two:
        at(root, "merge", maria, masha)
    at(two[0], "visit", maria, "Пилинг", "--date", "2026-05-02")
    found = exchanged(two, at)
    assert list(found) == [maria]
    assert titles(found[maria]) == ["Маникюр", "Стрижка", "Пилинг"]


def test_joined_one_way_here_and_the_other_way_there_is_one_client(
    two: Two, maria: str, masha: str, at: At, cli: Cli
) -> None:
    one, other = two
    at(one, "merge", maria, masha)
    at(one, "visit", maria, "Пилинг", "--date", "2026-05-02")
    at(other, "merge", masha, maria)
    at(other, "visit", masha, "Укладка", "--date", "2026-05-03")
    found = exchanged(two, at)
    kept = min(maria, masha)
    assert list(found) == [kept]
    assert sorted(titles(found[kept])) == sorted(["Маникюр", "Стрижка", "Пилинг", "Укладка"])
    told = {
        found[kept].name,
        *(each.fields.get("other") for each in found[kept].of_kind("difference")),
    }
    assert told >= {"Иванова Мария Петровна", "Маша Иванова"}
    for old in (maria, masha):
        assert cli("path", old, "--store", str(one)).out.strip().endswith(f"-{kept}.md")
    apart = cli("unmerge", kept, "--store", str(one))
    assert apart.code == 0, apart.err
    assert set(all_cards(one)) == {maria, masha}
    assert sorted(title for card in all_cards(one).values() for title in titles(card)) == sorted(
        ["Маникюр", "Стрижка", "Пилинг", "Укладка"]
    )


def test_a_chain_of_joins_over_two_workplaces_ends_in_one_client(
    two: Two, maria: str, masha: str, at: At
) -> None:
    one, other = two
    third = at(one, "new", "М. Иванова", "--phone", "8 900 000-01-27", "--anyway").split("\t")[0]
    at(one, "visit", third, "Уход", "--date", "2026-02-01")
    exchanged(two, at)
    at(one, "merge", maria, masha)
    at(other, "merge", masha, third)
    at(other, "visit", masha, "Укладка", "--date", "2026-05-03")
    found = exchanged(two, at)
    assert list(found) == [maria]
    assert titles(found[maria]) == ["Уход", "Маникюр", "Стрижка", "Укладка"]
    for old in (masha, third):
        assert at(two[0], "path", old).strip().endswith(f"-{maria}.md")


def test_a_join_of_cards_that_nobody_else_touched_just_arrives(
    two: Two, maria: str, masha: str, at: At
) -> None:
    one, other = two
    at(one, "merge", maria, masha)
    at(other, "new", "Петров Пётр")
    found = exchanged(two, at)
    assert masha not in found
    assert len(found) == 2


def test_what_one_side_notes_as_two_people_the_other_side_has_too(
    two: Two, maria: str, masha: str, at: At
) -> None:
    one, other = two
    third = at(one, "new", "М. Иванова", "--phone", "8 900 000-01-27", "--anyway").split("\t")[0]
    exchanged(two, at)
    at(one, "dupes", maria, masha, "--not-same")
    at(other, "dupes", maria, third, "--not-same")
    found = exchanged(two, at)
    assert sorted(found[maria].values("not_same_as")) == sorted([masha, third])
    assert maria not in at(one, "dupes")
