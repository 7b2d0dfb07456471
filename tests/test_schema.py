from __future__ import annotations

import datetime as dt

import pytest

from cardcli import card as cards
from cardcli import checks, config
from cardcli.config import BadConfigError
from cardcli.fields import Rules, Type, check, show

SETTINGS = """\
language: ru
areas: [кожа, Волосы, hair color]
stages: [Заявка, КП отправлено, Договор]
categories: [VIP, постоянный]
purposes:
  interests: подарки
  chronic: безопасность
obligatory: [phones, emails]
surveys:
  Анкета гостя: 0-10
  Отзыв:
attachment_limit: 5
fields:
  visit:
    tone: {label: Тон}
    zone: {type: choice, choices: [лицо, шея], label: Зона, required: yes}
    pulses: number
  profile:
    hair: {type: choice, choices: [сухие, жирные], label: Тип волос}
    children: {many: yes}
kinds:
  course:
    heading: Курсы
    label: Курс
    title: Название курса
    fields:
      sessions: {type: number, low: 1}
      state: {type: choice, choices: [идёт, окончен], history: yes}
"""
RULES = Rules(dt.date(2026, 6, 15), "RUB")


def test_the_business_adds_fields_and_kinds_that_stand_in_the_table() -> None:
    settings = config.parse(SETTINGS)
    visit = settings.kinds.named("visit")
    zone = visit.field("zone")
    assert zone
    assert zone.type is Type.CHOICE
    assert zone.required
    assert zone.title("ru") == "Зона"
    course = settings.kinds.of_heading("курсы")
    assert course
    assert course.name == "course"
    assert course.tracked
    assert course.tracked.key == "state"
    names = [kind.name for kind in settings.kinds.all]
    assert names.index("course") == names.index("note") - 1


def test_entries_of_an_own_kind_are_checked_like_the_built_in_ones() -> None:
    settings = config.parse(SETTINGS)
    text = (
        "---\nid: k7f3qd\nname: Иванова\nphones: []\nemails: []\nhair: сухие\n---\n\n## Услуги\n\n"
        "- 2026-05-01 Чистка [zone:: нос] ^e7f3qd\n- 2026-05-02 Пилинг ^e7f3qe\n\n## Курсы\n\n"
        "- 2026-05-03 Массаж [sessions:: 0] [state:: окончен] [history:: 2026-05-03 идёт] ^e7f3qf\n"
    )
    card = cards.parse(text, settings.kinds)
    limits = checks.Limits(RULES, obligatory=settings.obligatory)
    found = [
        f"{each.line} {each.severity} {each.message}" for each in checks.problems(card, limits)
    ]
    assert found == [
        "11 error Зона: “нос” is not one of: лицо, шея",
        "12 error Зона is missing",
        "16 error sessions: 0 is less than 1",
        "16 warning state: it is “окончен”, but its history ends with “идёт”",
    ]


def test_choices_of_the_business_replace_ours_and_keep_our_keys_where_we_know_the_word() -> None:
    settings = config.parse("areas: [skin, брови]\nstages: [Бриф, won]\ncategories: [VIP, друг]\n")
    area = settings.kinds.named("observation").field("area")
    assert area
    assert area.choices == (("skin", "skin"), ("брови", "брови"))
    deal = settings.kinds.named("deal")
    assert deal.tracked
    history = deal.field("history")
    assert history
    assert check(history, "2026-05-14 бриф, 2026-05-15 won", RULES) == (
        "2026-05-14 Бриф, 2026-05-15 won"
    )
    assert dict(settings.profile.field("category").choices) == {"vip": "VIP", "друг": "друг"}


def test_purposes_surveys_and_limits_are_read() -> None:
    settings = config.parse(SETTINGS)
    assert settings.purposes == {"interests": "подарки", "chronic": "безопасность"}
    assert settings.obligatory == ("phones", "emails")
    assert settings.attachment_limit == 5
    scale = settings.scales["анкета гостя"]
    assert scale.holds("10")
    assert not scale.holds("11")
    assert "отзыв" not in settings.scales


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("fields:\n  vist:\n    a: text\n", 2, "there is no kind “vist”"),
        ("fields:\n  visit:\n    price: money\n", 3, "it is taken"),
        ("fields:\n  visit:\n    date: date\n", 3, "it is taken"),
        ("fields:\n  visit:\n    tone: colour\n", 3, "must be one of: text, money"),
        ("fields:\n  visit:\n    tone:\n      type: txet\n", 4, "Did you mean “text”"),
        ("fields:\n  visit:\n    tone:\n      typ: text\n", 4, "“typ” is not one of"),
        ("fields:\n  visit:\n    tone: {choices: [a], type: text}\n", 3, "belong together"),
        ("fields:\n  visit:\n    tone: {history: yes}\n", 3, "only a choice can have a history"),
        (
            "fields:\n  contact:\n    tone: {choices: [a, b], history: yes}\n",
            2,
            "only one field of a kind",
        ),
        ("fields:\n  visit:\n    tone: {low: one}\n", 3, "must be a whole number"),
        ("fields: [visit]\n", 1, "must be a mapping"),
        ("fields:\n  profile:\n    phones: text\n", 3, "it is taken"),
        ("kinds:\n  visit: {heading: Визиты}\n", 2, "it is taken"),
        ("kinds:\n  course: {label: Курс}\n", 2, "needs a heading"),
        ("kinds:\n  course:\n    heading: Услуги\n", 3, "belongs to the kind “visit”"),
        ("areas: [a, a]\n", 1, "listed twice"),
        ("stages:\n  - a\n  - \n", 1, "has an empty item"),
        ("purposes:\n  intrests: why\n", 2, "Did you mean “interests”"),
        ("obligatory:\n  - phones\n  - pone\n", 3, "the profile has no key “pone”"),
        ("surveys:\n  Анкета: много\n", 2, "is not a scale"),
        ("attachment_limit: 0\n", 1, "in megabytes"),
        ("attachment_limit: big\n", 1, "whole number"),
        ("safety:\n  - services: [a]\n", 2, "asks for nothing"),
        ("safety:\n  - allergens: [a]\n", 2, "names no services"),
        ("safety: [all]\n", 1, "begins with"),
        ("safety:\n  - services: [a]\n    alergens: [b]\n", 3, "Did you mean “allergens”"),
        ("safety:\n  - services: [a]\n    patch_test: b\n    valid: long\n", 4, "not a period"),
        ("safety:\n  - services: [a]\n    consent: helth\n", 3, "Did you mean “health”"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(BadConfigError, match=words) as caught:
        config.parse(text)
    assert str(caught.value).startswith(f"cardcli.yaml:{line}: ")


def test_a_history_is_shown_in_words() -> None:
    field = config.parse("").kinds.named("contact").field("history")
    assert field
    assert show(field, "2026-05-14 open, 2026-05-16 in-progress", "en", "RUB") == (
        "14\u00a0May\u00a02026 open, 16\u00a0May\u00a02026 in progress"
    )
