from __future__ import annotations

import datetime as dt

from cardcli import card as cards
from cardcli import checks, profile, yamlpatch
from cardcli.fields import Rules
from cardcli.yamlpatch import Value

RULES = Rules(dt.date(2026, 6, 15), "RUB")
CARD = """\
---
id: k7f3qd
name: Иванова Мария
phones:
  - "+79000000127"   # личный
  - работа: "+79000000128"
emails: []
interests: [йога]
marital: married
status: gone
---
"""


def messages(**settings: object) -> list[str]:
    limits = checks.Limits(RULES, **settings)  # type: ignore[arg-type]
    return [
        f"{each.line} {each.severity} {each.message}"
        for each in checks.problems(cards.parse(CARD), limits)
    ]


def test_optional_facts_need_a_stated_purpose() -> None:
    assert messages(purposes={"marital": "подарки на годовщину"}) == [
        "8 warning Interests: it is kept, but cardcli.yaml states no purpose for it (purposes:)",
        "10 warning the status was set by hand, but status_reason does not say why",
    ]


def test_what_is_empty_on_purpose_is_not_missing() -> None:
    card = cards.parse(CARD)
    assert profile.unasked(card.metadata) == ["birthday"]
    assert profile.unasked({"company": "ООО Ромашка"}) == ["phones", "emails"]
    found = messages(purposes=dict.fromkeys(profile.OPTIONAL, "x"), obligatory=("birthday",))
    assert found[0] == "1 warning not filled in yet: Date of birth"


def test_a_labelled_phone_is_added_below_without_touching_the_others() -> None:
    card = cards.parse(CARD)
    phones = card.metadata["phones"]
    assert isinstance(phones, list)
    added: list[Value] = [*phones, {"мама": "+79000000129"}]
    text = cards.set_key(card, "phones", added)
    assert text == CARD.replace("emails", '  - мама: "+79000000129"\nemails')
    again = cards.parse(text)
    assert again.labelled("phones")[-1] == ("мама", "+79000000129")
    assert cards.set_key(again, "phones", phones) == CARD


def test_the_line_of_a_setting_is_found_by_its_path() -> None:
    text = "# first\na:\n  b:\n    - one\n    - c: two\n"
    assert yamlpatch.line_of(text, ("a", "b", "1", "c")) == 5
    assert yamlpatch.line_of(text, ("a", "nothing")) == 2
    assert yamlpatch.line_of(text, ()) == 1
