from __future__ import annotations

import datetime as dt

from cardcli import habits, visits
from cardcli.card import Card
from cardcli.dates import Period
from cardcli.habits import Return
from cardcli.terms import Terms
from tests.cardtexts import RULES, card


def client(id_: str, *days: str, service: str = "Стрижка") -> Card:
    rows = "\n".join(f"{day} {service} ^a0000{at}" for at, day in enumerate(days))
    return card(id_=id_, visit=rows)


def again(cards: list[Card], terms: Terms) -> Return | None:
    """Return when the first client is expected for the favourite service."""
    favourite = visits.history(cards[0], RULES).services[0]
    return habits.expected_again(favourite, habits.of(cards, RULES), terms)


CATALOGUE = Terms(rhythms={"стрижка": Period(6, "w")})


def test_three_times_are_the_clients_own_rhythm() -> None:
    found = again([client("aaaaa2", "2026-01-01", "2026-01-31", "2026-03-12")], CATALOGUE)
    assert found
    assert (found.source, found.interval, found.count) == ("own", 35, 3)  # 30 and 40
    assert found.date == dt.date(2026, 4, 16)


def test_then_the_median_of_the_service_in_the_store_counts() -> None:
    others = [
        client("bbbbb2", "2026-01-01", "2026-01-11"),
        client("ccccc2", "2026-01-01", "2026-01-21"),
        client("ddddd2", "2026-01-01", "2026-02-10"),
    ]
    found = again([client("aaaaa2", "2026-06-01"), *others], CATALOGUE)
    assert found
    assert (found.source, found.interval) == ("store", 20)  # 10, 20 and 40
    assert found.date == dt.date(2026, 6, 21)


def test_then_the_value_of_the_catalogue() -> None:
    cards = [client("aaaaa2", "2026-06-01"), client("bbbbb2", "2026-01-01", "2026-01-11")]
    found = again(cards, CATALOGUE)
    assert found
    assert (found.source, str(found.interval)) == ("catalogue", "6w")
    assert found.date == dt.date(2026, 7, 13)


def test_without_any_of_them_nothing_is_expected() -> None:
    assert again([client("aaaaa2", "2026-06-01")], Terms()) is None


def test_what_somebody_takes_are_services_and_goods_up_to_today() -> None:
    mixed = card(
        visit="2026-06-01 Стрижка ^a00001\n2026-06-02 СТРИЖКА ^a00002\n2026-07-01 Визаж ^a00003",
        sale="2026-06-01 Шампунь ^b00001",
    )
    assert habits.taken(mixed, RULES) == ["Стрижка", "Шампунь"]
    found = habits.of([mixed], RULES)
    assert dict(found.clients) == {"стрижка": {"k7f3qd"}, "шампунь": {"k7f3qd"}}
    assert found.gaps["стрижка"] == [1]
