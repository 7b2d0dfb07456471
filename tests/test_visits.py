from __future__ import annotations

import datetime as dt
from decimal import Decimal

from cardcli.money import account
from cardcli.terms import Terms
from cardcli.visits import average_bill, history, median, rhythm
from tests.cardtexts import RULES, card

CARD = card(
    visit="""
    2026-01-10 Стрижка [price:: 2500] [staff:: Ольга] ^a00001
    2026-01-10 Укладка [price:: 1500] [staff:: Инна] ^a00002
    2026-02-09 Стрижка [price:: 2500] [staff:: Ольга] ^a00003
    2026-03-21 стрижка [price:: 2700] [staff:: ольга] ^a00004
    2026-05-10 Окрашивание ^a00005
    2026-06-20 14:30 Стрижка [price:: 2700] ^a00006
    """,
    sale="2026-05-12 Шампунь [price:: 800] ^b00001",
)


def test_services_of_one_day_are_one_visit_and_booked_ones_are_none() -> None:
    found = history(CARD, RULES)
    assert len(found.days) == 4
    assert (found.first, found.last) == (dt.date(2026, 1, 10), dt.date(2026, 5, 10))
    assert [each.title for each in found.booked] == ["Стрижка"]


def test_the_usual_interval_is_the_median_of_days() -> None:
    found = history(CARD, RULES)
    assert found.interval == 40  # 30, 40 and 50 days
    assert found.expected == dt.date(2026, 6, 19)


def test_it_takes_three_visits_to_speak_of_a_rhythm() -> None:
    days = [dt.date(2026, 1, 1), dt.date(2026, 1, 31)]
    assert rhythm(days) is None
    assert rhythm([*days, dt.date(2026, 2, 5)]) == 18  # 30 and 5: 17.5, half up
    assert median([1, 2]) == 2


def test_favourites_are_counted_by_days_however_they_are_written() -> None:
    found = history(CARD, RULES)
    services = [(each.name, each.count) for each in found.services]
    assert services == [("стрижка", 3), ("Окрашивание", 1), ("Укладка", 1)]
    assert [(each.name, each.count) for each in found.staff] == [("ольга", 3), ("Инна", 1)]


def test_the_average_bill_is_per_day_with_a_price() -> None:
    found = average_bill(account(CARD, RULES, Terms()))
    assert found == Decimal("2500.00")  # 4000, 2500, 2700 and 800 over four days


def test_a_client_who_never_came_has_no_figures() -> None:
    found = history(card(), RULES)
    assert (found.first, found.last, found.interval, found.expected) == (None, None, None, None)
    assert average_bill(account(card(), RULES, Terms())) is None
