from __future__ import annotations

import datetime as dt

import pytest

from cardcli.dates import Period
from cardcli.status import of
from cardcli.terms import Terms
from tests.cardtexts import RULES, card

TERMS = Terms()


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ("2026-06-01", "new"),
        ("2026-05-15", "new"),  # a month ago to the day
        ("2026-05-14", "active"),
        ("2026-01-01 2026-06-01", "active"),
        ("2026-01-01 2026-03-15", "active"),
        ("2026-01-01 2026-03-14", "sleeping"),
        ("2025-06-15", "sleeping"),
        ("2025-06-14", "gone"),
    ],
)
def test_the_status_follows_from_the_days_of_visits(visits: str, expected: str) -> None:
    rows = "\n".join(f"{day} Стрижка ^a0000{at}" for at, day in enumerate(visits.split()))
    assert of(card(visit=rows), RULES, TERMS).computed == expected


def test_a_purchase_counts_and_a_booked_visit_does_not() -> None:
    found = of(
        card(
            visit="2025-01-01 Стрижка ^a00001\n2026-06-20 Стрижка ^a00002",
            sale="2026-06-01 Шампунь ^b00001",
        ),
        RULES,
        TERMS,
    )
    assert (found.computed, found.seen) == ("active", dt.date(2026, 6, 1))


def test_a_client_who_never_came_is_new_until_the_card_is_old() -> None:
    assert of(card(), RULES, TERMS).computed == "new"
    assert of(card("created: 2026-04-01\n"), RULES, TERMS).computed == "new"
    assert of(card("created: 2026-03-01\n"), RULES, TERMS).computed == "sleeping"
    assert of(card("created: 2025-03-01\n"), RULES, TERMS).computed == "gone"


def test_a_status_set_by_hand_counts_and_the_computed_one_stays_beside() -> None:
    found = of(card("status: gone\nstatus_reason: переехала в Казань\n"), RULES, TERMS)
    assert (found.key, found.computed, found.reason) == ("gone", "new", "переехала в Казань")
    assert of(card("status: любимый\n"), RULES, TERMS).key == "new"


def test_the_bounds_are_those_of_the_business() -> None:
    terms = Terms(new=Period(3, "d"), sleeping=Period(1, "w"), gone=Period(2, "w"))
    visited = card(visit="2026-06-05 Стрижка ^a00001")
    assert of(visited, RULES, terms).computed == "sleeping"
    endless = Terms(sleeping=Period(9999, "y"), gone=Period(9999, "y"))
    assert of(card(visit="1990-06-05 Стрижка ^a00001"), RULES, endless).computed == "active"
