from __future__ import annotations

import datetime as dt

from cardcli.freshness import stale, sure_since
from tests.cardtexts import TODAY, card


def test_a_card_is_sure_since_it_was_confirmed_or_filled_in() -> None:
    assert sure_since(card("created: 2026-01-10\n")) == dt.date(2026, 1, 10)
    both = card("created: 2026-01-10\nconfirmed: 2026-05-14\n", visit="2026-06-01 Стрижка ^a00001")
    assert sure_since(both) == dt.date(2026, 5, 14)
    assert sure_since(card()) is None


def test_a_card_is_stale_after_more_than_so_many_days() -> None:
    thirty = card("confirmed: 2026-05-16\n")
    assert not stale(thirty, TODAY, 30)
    assert stale(thirty, TODAY, 29)
    assert stale(card(), TODAY, 3650)
