"""Which cards nobody has looked through, and saying that one was."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Cli, only_card


def created(salon: Path, day: str) -> None:
    card = only_card(salon)
    card.write_text(card.read_text("utf-8").replace("2026-06-15", day), "utf-8")


def test_cards_are_stale_after_a_year_or_as_many_days_as_one_says(
    cli: Cli, salon: Path, maria: str
) -> None:
    created(salon, "2026-01-01")
    assert cli("stale").out == ""
    assert cli("stale", "--days", "164").out == (
        f"{maria}\tК-00001\tИванова Мария Петровна\t8 (900) 000-01-27\t1 Jan 2026\n"
    )
    assert cli("stale", "--days", "165").out == ""
    (found,) = json.loads(cli("stale", "--days", "0", "--json").out)
    assert (found["id"], found["sure_since"]) == (maria, "2026-01-01")


def test_a_confirmed_card_is_stale_no_more(cli: Cli, salon: Path, maria: str) -> None:
    created(salon, "2026-01-01")
    result = cli("confirm", maria)
    assert result.code == 0, result.err
    assert "confirmed: 2026-06-15\n" in only_card(salon).read_text("utf-8")
    assert cli("stale", "--days", "1").out == ""
    assert cli("confirm", maria, "--date", "2026-06-01", "--json").code == 0
    assert "confirmed: 2026-06-01\n" in only_card(salon).read_text("utf-8")


def test_a_card_cannot_be_confirmed_for_the_future(cli: Cli, salon: Path, maria: str) -> None:
    before = only_card(salon).read_bytes()
    result = cli("confirm", maria, "--date", "2026-07-01")
    assert result.code == 2
    assert "2026-07-01 lies in the future" in result.err
    assert cli("confirm", "Никто").code == 1
    assert cli("stale", "--days", "-1").code == 2
    assert only_card(salon).read_bytes() == before
