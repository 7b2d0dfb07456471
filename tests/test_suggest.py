from __future__ import annotations

import datetime as dt

import pytest

from cardcli import habits
from cardcli.card import Card
from cardcli.cautions import Caution
from cardcli.dates import Period
from cardcli.suggest import Suggestions, suggest, why, why_not
from cardcli.terms import Terms
from tests.cardtexts import RULES, card

TERMS = Terms(rhythms={"стрижка": Period(6, "w")})


def of(client: Card, *others: Card, cautions: tuple[Caution, ...] = ()) -> Suggestions:
    usual = habits.of([client, *others], RULES)
    return suggest(client, RULES, TERMS, usual, cautions)


def takers(count: int, *services: str) -> list[Card]:
    rows = "\n".join(f"2026-06-01 {name} ^a0000{at}" for at, name in enumerate(services))
    return [card(id_=f"b{at:05}", visit=rows) for at in range(count)]


def test_what_was_recommended_and_what_is_due_again_stand_by_their_days() -> None:
    found = of(
        card(
            visit="""
            2026-05-01 Стрижка ^a00001
            2026-03-01 Маникюр ^a00002
            2026-03-21 Маникюр ^a00003
            2026-04-10 Маникюр ^a00004
            """,
            advice="2026-05-01 Пилинг [kind:: service] [staff:: Ольга] ^r00001",
        )
    )
    assert [(each.what, each.reason, each.date) for each in found.steps] == [
        ("Маникюр", "own", dt.date(2026, 4, 30)),
        ("Стрижка", "catalogue", dt.date(2026, 6, 12)),
        ("Пилинг", "recommended", None),
    ]
    assert [why(each, "en") for each in found.steps] == [
        "usually every 20 days, last time 10\xa0Apr\xa02026",
        "by the catalogue every 6 weeks, last time 1\xa0May\xa02026",
        "recommended 1\xa0May\xa02026 by Ольга",
    ]


def test_what_goes_together_needs_three_clients_and_a_third_of_them() -> None:
    mine = card(visit="2026-06-01 Стрижка ^a00001")
    together = takers(3, "Стрижка", "Укладка")
    step = of(mine, *together).steps[-1]
    assert (step.what, step.reason) == ("Укладка", "together")
    assert why(step, "en") == "3 of 3 clients who take “Стрижка” take it too"
    assert [each.what for each in of(mine, *together[:2]).steps] == ["Стрижка"]
    many = [card(id_=f"c{at:05}", visit="2026-06-01 Стрижка ^a00001") for at in range(7)]
    assert [each.what for each in of(mine, *together, *many).steps] == ["Стрижка"]  # 3 of 10


def test_goods_go_together_with_services() -> None:
    shops = [
        card(id_=f"b{at:05}", visit="2026-06-01 Стрижка ^a00001", sale="2026-06-01 Воск ^b00001")
        for at in range(3)
    ]
    assert of(card(visit="2026-06-01 Стрижка ^a00001"), *shops).steps[-1].what == "Воск"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("contraindications: [завивка и всё горячее]\n", "health"),
        ("contraindications: ['завивка — после родов']\n", "health"),
        ("allergies: [аммиак — сыпь]\n", "health"),
        ("preferences: [не предлагать завивку]\n", "dislike"),
        ("preferences: ['любит тишину, завивки больше не надо']\n", "dislike"),
    ],
)
def test_what_is_against_the_card_is_withheld_and_said_to_be(head: str, reason: str) -> None:
    others = [
        card(
            id_=f"b{at:05}",
            visit="2026-06-01 Стрижка ^a00001\n2026-06-01 Завивка [products:: состав с аммиаком] ^a00002",
        )
        for at in range(3)
    ]
    found = of(card(head, visit="2026-06-01 Стрижка ^a00001"), *others)
    assert [each.what for each in found.steps] == ["Стрижка"]
    ((what, why_withheld),) = [(each.what, each.reason) for each in found.withheld]
    assert (what, why_withheld) == ("Завивка", reason)


@pytest.mark.parametrize(
    "head",
    [
        "preferences: [любит завивку]\n",
        "preferences: ['не любит музыку, любит завивку']\n",
        "allergies: ['пыльца — сыпь после завивки']\n",
        "contraindications: [загар]\n",
        "contraindications: ['на солнце сразу после завивки нельзя']\n",
        "contraindications: [химическая завивка]\n",
    ],
)
def test_what_is_not_against_it_is_offered(head: str) -> None:
    found = of(card(head, visit="2026-06-01 Стрижка ^a00001"), *takers(3, "Стрижка", "Завивка"))
    assert [each.what for each in found.steps] == ["Стрижка", "Завивка"]


def test_a_wish_said_at_a_visit_counts_too() -> None:
    found = of(
        card(visit="2026-06-01 Стрижка [wish:: без укладки] ^a00001"),
        *takers(3, "Стрижка", "Укладка"),
    )
    assert [why_not(each, "en") for each in found.withheld] == ["the client's wish: без укладки"]


def test_short_words_are_told_apart() -> None:
    disliked = card("preferences: [не любит лак]\n", visit="2026-06-01 Стрижка ^a00001")
    assert [each.what for each in of(disliked, *takers(3, "Стрижка", "Ламинирование")).steps] == [
        "Стрижка",
        "Ламинирование",
    ]
    assert [
        each.what for each in of(disliked, *takers(3, "Стрижка", "Покрытие лаком")).withheld
    ] == ["Покрытие лаком"]


def test_a_rule_of_the_business_withholds_too() -> None:
    rule = Caution(services=("стрижка",), conditions=("экзема",))
    client = card("chronic: [экзема]\n", visit="2026-06-01 Стрижка ^a00001")
    found = of(client, cautions=(rule,))
    assert found.steps == ()
    assert found.withheld[0].reason == "health"
    assert "экзема" in why_not(found.withheld[0], "en")


def test_what_lacks_only_a_patch_test_is_offered_with_what_to_do_first() -> None:
    rule = Caution(services=("стрижка",), patch_test="пудра")
    (step,) = of(card(visit="2026-06-01 Стрижка ^a00001"), cautions=(rule,)).steps
    assert step.first == ("There is no patch test for “пудра”.",)


def test_what_is_booked_already_is_not_offered_again() -> None:
    booked = card(visit="2026-06-01 Стрижка ^a00001\n2026-07-01 Стрижка ^a00002")
    assert of(booked).steps == ()


def test_a_settled_recommendation_is_not_offered() -> None:
    for more in ("[status:: done]", "[done:: 2026-06-02]", "[until:: 2026-06-10]"):
        line = f"2026-06-01 Пилинг [kind:: service] {more} ^r00001"
        assert of(card(advice=line)).steps == ()
