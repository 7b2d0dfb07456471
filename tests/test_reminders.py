from __future__ import annotations

import datetime as dt

import pytest

from cardcli import reminders
from cardcli.card import Card, parse
from cardcli.dates import Period
from cardcli.fields import Field, Type
from cardcli.kinds import Kind, Kinds
from cardcli.reminders import Reminder, due, title, why
from cardcli.requests import waiting
from cardcli.terms import ALWAYS, Terms
from tests.cardtexts import RULES, TODAY, card

CATALOGUE = Terms(rhythms={"стрижка": Period(6, "w")})


def found(*cards: Card, within: int = 7, terms: Terms = CATALOGUE) -> list[Reminder]:
    return due(cards, RULES, terms, TODAY + dt.timedelta(days=within))


def told(*cards: Card, within: int = 7, terms: Terms = CATALOGUE) -> list[tuple[str, str, str]]:
    return [
        (each.date.isoformat(), title(each, "en", "RUB"), why(each, "en").replace("\xa0", " "))
        for each in found(*cards, within=within, terms=terms)
    ]


def test_nothing_is_due_on_an_empty_card() -> None:
    assert told(card()) == []


def test_a_recommendation_is_due_by_its_period() -> None:
    rows = """
    2026-06-01 Маска [every:: 1w] [until:: 2026-09-01] [done:: 2026-06-08] ^r00001
    2026-06-14 Скраб [every:: 1w] ^r00002
    2026-06-14 Массаж [every:: 9d] ^r00003
    """
    assert told(card(advice=rows)) == [
        ("2026-06-15", "Recommendation: Маска", "every week, last followed 8 Jun 2026, term until 1 Sep 2026"),
        ("2026-06-21", "Recommendation: Скраб", "every week, not followed yet"),
    ]  # fmt: skip


def test_a_recommendation_is_due_by_its_term() -> None:
    assert told(card(advice="2026-06-01 Анализ [until:: 2026-06-20] ^r00001")) == [
        ("2026-06-20", "Recommendation: Анализ", "term until 20 Jun 2026")
    ]


def test_a_recommendation_nobody_looks_after_is_let_go() -> None:
    assert len(told(card(advice="2026-03-08 Скраб [every:: 1w] ^r00001"))) == 1
    assert told(card(advice="2026-03-07 Скраб [every:: 1w] ^r00001")) == []  # due 14 March
    assert len(told(card(advice="2025-08-01 Осмотр [every:: 6m] ^r00001"))) == 1


def test_a_client_is_invited_again_by_the_own_rhythm() -> None:
    rows = "2026-03-01 Визаж ^a00001\n2026-04-01 Визаж ^a00002\n2026-05-12 Визаж ^a00003"
    assert told(card(visit=rows)) == [
        ("2026-06-17", "Invite again: Визаж", "usually every 36 days, last time 12 May 2026")
    ]


def test_a_client_is_invited_again_by_the_catalogue() -> None:
    assert told(card(visit="2026-05-10 Стрижка ^a00001")) == [
        ("2026-06-21", "Invite again: Стрижка", "by the catalogue every 6 weeks, last time 10 May 2026")
    ]  # fmt: skip


def test_a_client_of_ever_other_services_is_invited_by_the_rhythm_of_visits() -> None:
    rows = "2026-03-01 Визаж ^a00001\n2026-04-01 Укладка ^a00002\n2026-05-12 Макияж ^a00003"
    assert told(card(visit=rows)) == [
        ("2026-06-17", "Invite again: Макияж", "usually comes every 36 days, last time 12 May 2026")
    ]


def test_who_has_booked_or_is_gone_is_not_invited() -> None:
    booked = card(visit="2026-05-01 Стрижка ^a00001\n2026-06-16 14:30 Визаж ^a00002")
    assert told(booked) == [("2026-06-16", "Visit: Визаж", "booked for 14:30")]
    assert told(card("status: gone\n", visit="2026-05-01 Стрижка ^a00001")) == []
    assert told(card(visit="2024-05-01 Стрижка ^a00001")) == []


def test_birthdays_within_the_days_asked_for() -> None:
    maria = card("birthday: 1990-06-22\n")
    assert told(maria) == [("2026-06-22", "Birthday", "turns 36 years")]
    assert told(maria, within=6) == []
    assert told(card("birthday: --06-15\n"), within=0) == [("2026-06-15", "Birthday", "")]
    leap = [each.date for each in found(card("birthday: 1992-02-29\n"), within=300)]
    assert leap == [dt.date(2027, 2, 28)]


def test_documents_run_out_unless_a_newer_one_holds() -> None:
    rows = """
    2025-01-10 Договор обслуживания [kind:: contract] [expires:: 2026-06-10] ^d00001
    2026-01-10 Лазер [kind:: consent] [expires:: 2026-06-12] ^d00002
    2026-05-10 лазер [kind:: consent] [expires:: 2027-05-10] ^d00003
    2026-05-10 Счёт [kind:: invoice] ^d00004
    2020-05-10 Старый договор [kind:: contract] [expires:: 2021-05-10] ^d00005
    """
    assert told(card(document=rows)) == [
        ("2026-06-10", "Runs out: Договор обслуживания", "contract: valid until 10 Jun 2026")
    ]


@pytest.mark.parametrize("key", ["expires", "valid_until", "until"])
def test_any_kind_with_a_last_day_is_told_before_it_runs_out(key: str) -> None:
    fields = (Field(key, Type.DATE), Field("withdrawn", Type.DATE))
    test = Kind("patch-test", {"en": "Patch tests"}, "Patch test", "Substance", fields)
    text = (
        "---\nid: k7f3qd\nname: Иванова Мария\n---\n\n## Patch tests\n\n"
        f"- 2026-05-01 Хна [{key}:: 2026-06-16] ^t00001\n"
        f"- 2026-05-01 Басма [{key}:: 2026-06-16] [withdrawn:: 2026-05-02] ^t00002\n"
    )
    own = parse(text, Kinds().with_kind(test))
    assert told(own) == [("2026-06-16", "Runs out: Хна", "Patch test: valid until 16 Jun 2026")]


def test_requests_wait_until_they_are_settled() -> None:
    rows = """
    2024-01-01 Найти красный лак [status:: in-progress] ^q00002
    2026-06-01 Перезвонить [status:: open] [channel:: call] ^q00001
    2026-06-01 Жалоба [status:: resolved] ^q00003
    2026-06-01 Просто звонок ^q00004
    """
    maria = card(contact=rows)
    assert told(maria) == [
        ("2024-01-01", "Request: Найти красный лак", "in progress since 1 Jan 2024"),
        ("2026-06-01", "Request: Перезвонить", "open since 1 Jun 2026"),
    ]
    assert [each.id for each in waiting(maria, RULES)] == ["q00002", "q00001"]


def test_a_low_score_is_told_until_somebody_gets_in_touch() -> None:
    survey = "2026-06-01 Качество [score:: 4] [scale:: 0-10] ^s00001"
    assert told(card(survey=survey)) == [
        ("2026-06-01", "Low score: Качество", "4 of 10 on 1 Jun 2026, no contact since")
    ]
    assert told(card(survey=survey, contact="2026-06-01 Извинились ^q00001")) == []
    assert len(told(card(survey=survey, contact="2026-05-31 Звонок ^q00001"))) == 1
    assert len(told(card(visit="2026-06-01 Визаж [rating:: 2] ^a00001"))) == 1
    assert told(card(survey="2025-06-14 Качество [score:: 1] ^s00001")) == []


def test_debts_are_told_however_old() -> None:
    visit = "2024-06-01 Визаж [price:: 1500] ^a00001"
    recorded = Terms(paid_since=ALWAYS)
    assert told(card(visit=visit), terms=recorded) == [
        ("2024-06-01", "Debt: ₽1,500", "since 1 Jun 2024")
    ]
    assert told(card(visit=visit)) == []


def test_overdue_things_come_first_then_by_name() -> None:
    zoya = card("birthday: 1990-06-16\n", "bbbbb2", "Яшина Зоя")
    anna = card("birthday: 1991-06-16\n", "aaaaa2", "Абрамова Анна")
    late = card(name="Иванова Мария", contact="2026-06-01 Вопрос [status:: open] ^q00001")
    names = [each.name for each in found(zoya, anna, late)]
    assert names == ["Иванова Мария", "Абрамова Анна", "Яшина Зоя"]


def test_the_key_of_a_reminder_stays_when_its_day_moves() -> None:
    before = found(card(advice="2026-06-01 Маска [every:: 1w] ^r00001"))[0]
    after = found(card(advice="2026-06-01 Маска [every:: 1w] [done:: 2026-06-09] ^r00001"))[0]
    assert before.date != after.date
    assert before.key == after.key
    other = found(card(advice="2026-06-01 Скраб [every:: 1w] ^r00002"))[0]
    assert before.key != other.key


def test_every_kind_has_its_words() -> None:
    details = {
        "every": "1w", "source": "store", "interval": "5", "last": "2026-06-01", "score": "1",
        "scale": "1-5", "status": "open", "amount": "5", "since": "2026-06-01",
    }  # fmt: skip
    for kind in reminders.KINDS:
        each = Reminder(kind, TODAY, "k7f3qd", "Иванова", "Дело", "", details, "contract")
        for language in ("en", "ru"):
            assert title(each, language, "RUB")
            assert isinstance(why(each, language), str)
