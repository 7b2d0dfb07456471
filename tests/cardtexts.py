"""Cards written out for the tests of the modules that answer questions over cards."""

from __future__ import annotations

import datetime as dt

from cardcli.card import Card, parse
from cardcli.fields import Rules

TODAY = dt.date(2026, 6, 15)
RULES = Rules(TODAY, "RUB")
_SECTIONS = {
    "visit": "Услуги", "sale": "Покупки", "payment": "Платежи", "refund": "Возвраты",
    "contact": "Взаимодействия", "survey": "Опросы", "advice": "Рекомендации",
    "document": "Документы", "deal": "Сделки",
}  # fmt: skip


def card(head: str = "", id_: str = "k7f3qd", name: str = "Иванова Мария", **sections: str) -> Card:
    """Return a card with more front matter and with sections; an entry stands on each line."""
    body = "".join(
        f"\n## {_SECTIONS[kind]}\n\n"
        + "".join(f"- {line.strip()}\n" for line in text.strip().splitlines())
        for kind, text in sections.items()
    )
    return parse(f"---\nid: {id_}\nname: {name}\n{head}---\n\n# {name}\n{body}")
