from __future__ import annotations

import datetime as dt

import pytest

from cardcli import card as cards
from cardcli import cautions, config, safety

TODAY = dt.date(2026, 6, 15)
SETTINGS = """\
services: [Окрашивание корней, Стрижка, Чистка лица]
safety:
  - services: [Окрашивание]
    products: [краска]
    allergens: [ППД, аммиак]
    conditions: [беременность]
    patch_test: краска для волос
    valid: 6m
    say: Предложите безаммиачную краску.
  - services: [Чистка лица]
    consent: [health]
"""
PROFILE = """\
---
id: k7f3qd
name: Иванова Мария
{profile}---

# Иванова Мария

"""


def alerts(text: str, profile: str = "", body: str = "") -> list[str]:
    settings = config.parse(SETTINGS)
    card = cards.parse(PROFILE.format(profile=profile) + body, settings.kinds)
    return [each.message for each in safety.alerts(card, text, settings.cautions, TODAY)]


def test_what_the_client_cannot_bear_is_an_alert_without_any_rule() -> None:
    profile = "allergies:\n  - лидокаин и новокаин — отёк Квинке\ncontraindications: [шугаринг]\n"
    words = "Allergies: лидокаин и новокаин — отёк Квинке"
    assert alerts("Чистка зубов, спрей с лидокаином", profile) == [words]
    assert alerts("Новокаиновая блокада", profile) == [words]
    assert alerts("Шугаринг ног", profile) == ["Contraindications: шугаринг"]
    assert alerts("Стрижка", profile) == []


def test_the_reaction_is_not_the_substance() -> None:
    assert alerts("Лифтинг от отёков", "allergies: [лидокаин — отёк]\n") == []
    assert alerts("Ламинирование бровей", "allergies: [краска для ресниц и бровей]\n") == []
    assert alerts("Стрижка", "allergies: [нет]\nchronic: []\n") == []


TEST = "## Пробы\n\n- {day} краска для волос [result:: {result}]{more} ^p7f3qd\n"


def test_a_rule_ties_a_service_to_allergens_conditions_and_a_patch_test() -> None:
    found = alerts("Окрашивание корней", "allergies: [ппд — сыпь]\nchronic: [беременна]\n")
    assert found == [
        "Allergies: ппд — сыпь (rule for “Окрашивание”)",
        "Chronic conditions: беременна (rule for “Окрашивание”)",
        "There is no patch test for “краска для волос”.",
        "Предложите безаммиачную краску.",
    ]
    fresh = TEST.format(day="2026-06-01", result="negative", more="")
    assert alerts("Окрашивание корней", "", fresh) == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (TEST.format(day="2025-12-14", result="negative", more=""), "was valid until"),
        (
            TEST.format(day="2026-06-01", result="negative", more=" [until:: 2026-06-14]"),
            "was valid until",
        ),
        (TEST.format(day="2026-06-01", result="doubtful", more=""), "was doubtful"),
        (
            TEST.format(day="2026-06-01", result="", more="").replace("[result:: ] ", ""),
            "no result",
        ),
        (TEST.format(day="2026-06-16", result="negative", more=""), "There is no patch test"),
    ],
)
def test_a_patch_test_counts_when_it_is_negative_read_and_in_date(body: str, sentence: str) -> None:
    found = alerts("Краска для волос 60 мл", "", body)
    assert any(sentence in each for each in found), found


def test_a_test_made_half_a_year_ago_to_the_day_still_counts() -> None:
    body = TEST.format(day="2025-12-15", result="negative", more="")
    assert alerts("Окрашивание", "", body) == []


def test_a_positive_test_speaks_against_the_substance_everywhere() -> None:
    body = TEST.format(day="2026-06-01", result="positive", more="").replace(
        "краска для волос", "хна"
    )
    assert alerts("Брови хной", "", body) == ["Patch test: positive: хна"]


CONSENT = "## Согласия\n\n- {day} Здоровье [subject:: health]{more} ^c7f3qd\n"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", ["There is no consent: health data."]),
        (CONSENT.format(day="2026-01-10", more=""), []),
        (CONSENT.format(day="2026-01-10", more=" [until:: 2026-06-15]"), []),
        (
            CONSENT.format(day="2026-01-10", more=" [until:: 2026-06-14]"),
            ["The consent was valid until 14\u00a0Jun\u00a02026: health data."],
        ),
        (
            CONSENT.format(day="2026-01-10", more=" [withdrawn:: 2026-06-15]"),
            ["The consent was withdrawn on 15\u00a0Jun\u00a02026: health data."],
        ),
        (CONSENT.format(day="2026-01-10", more=" [withdrawn:: 2026-06-16]"), []),
        (
            CONSENT.format(day="2026-01-10", more=" [withdrawn:: 2026-06-01]")
            + "- 2026-06-02 Здоровье [subject:: health] ^c7f3qe\n",
            [],
        ),
    ],
)
def test_a_consent_counts_until_it_ends_or_is_withdrawn(body: str, found: list[str]) -> None:
    assert alerts("Чистка лица", "", body) == found


def test_a_rule_that_names_an_unknown_service_is_found_with_its_place() -> None:
    settings = config.parse(SETTINGS.replace("services: [Чистка лица]", "services: [Читска лица]"))
    (stray,) = cautions.strays(settings.cautions, [each.name for each in settings.services])
    assert stray.path == ("safety", "1")
    assert "“Читска лица”. Did you mean “Чистка лица”?" in stray.message
    assert cautions.strays(settings.cautions, []) == []
