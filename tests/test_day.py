"""Before a visit, what is due, what to offer: the commands of a working day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

BODY = """
## Услуги

- 2026-03-01 10:00 Стрижка [price:: 2500] [staff:: Ольга] ^a00001
- 2026-04-10 10:00 Стрижка [price:: 2500] [staff:: Ольга] [wish:: без укладки] ^a00002
- 2026-05-20 10:00 Стрижка [price:: 2500] [staff:: Ольга] [rating:: 4] ^a00003
- 2026-05-20 11:00 Окрашивание [price:: 5000] [products:: 7/1 + 8/16] ^a00004
  Выдержка 35 минут.

## Платежи

- 2026-05-20 Визит [amount:: 6000] ^c00001

## Взаимодействия

- 2026-06-10 Перезвонить о записи [channel:: call] [status:: open] ^q00001

## Рекомендации

- 2026-06-01 Маска [every:: 1w] ^r00001
"""


@pytest.fixture
def whole(salon: Path, cli: Cli, maria: str) -> str:
    """Fill the card of the one client and return her id."""
    card = only_card(salon)
    card.write_text(card.read_text("utf-8") + BODY, "utf-8")
    done = cli("set", maria, "birthday=1990-06-20", "allergies=хна", "preferences=кофе без сахара")
    assert done.code == 0, done.err
    return maria


def test_brief_says_on_one_screen_what_matters_before_a_visit(cli: Cli, whole: str) -> None:
    result = cli("brief", whole)
    assert result.code == 0, result.err
    assert result.out.split("\n") == [
        "Иванова Мария Петровна" + " " * 42 + f"К-00001 · {whole}",
        "─" * 80,
        " ! Allergies: хна",
        "Client status  active client",
        "Preferences    кофе без сахара",
        "Wishes         без укладки (10\xa0Apr\xa02026)",
        "Recommended    Маска, every week, due 8\xa0Jun\xa02026",
        "Open requests  10\xa0Jun\xa02026 Перезвонить о записи",
        "Balance        debt of ₽1,500 since 20\xa0May\xa02026; ₽12,500 spent in all",
        "Birthday       20\xa0Jun, turns 36 years",
        "",
        "Last visits",
        "  20\xa0May\xa02026 Окрашивание",
        "              7/1 + 8/16",
        "              Выдержка 35 минут.",
        "  20\xa0May\xa02026 Стрижка · Ольга · rating 4",
        "  10\xa0Apr\xa02026 Стрижка · Ольга",
        "  1\xa0Mar\xa02026  Стрижка · Ольга",
        "",
    ]


def test_show_begins_with_what_matters(cli: Cli, whole: str) -> None:
    lines = cli("show", whole).out.split("\n")
    assert lines[2:11] == [
        " ! Allergies: хна",
        "Client status  active client",
        "Visits         3 since 1\xa0Mar\xa02026, usually every 40 days",
        "Last visits    20\xa0May\xa02026 Стрижка, Окрашивание",
        "               10\xa0Apr\xa02026 Стрижка",
        "               1\xa0Mar\xa02026 Стрижка",
        "Balance        debt of ₽1,500 since 20\xa0May\xa02026; ₽12,500 spent in all",
        "Open requests  10\xa0Jun\xa02026 Перезвонить о записи",
        "Recommended    Маска, every week, due 8\xa0Jun\xa02026",
    ]


def test_show_tells_programs_the_computed_facts(cli: Cli, whole: str) -> None:
    facts = json.loads(cli("show", whole, "--json").out)["facts"]
    assert facts == {
        "status": "active", "status_computed": "active", "status_reason": None,
        "visits": 3, "first_visit": "2026-03-01", "last_visit": "2026-05-20",
        "usual_interval_days": 40, "expected_visit": "2026-06-29", "booked": [],
        "services": [{"name": "Стрижка", "count": 3}, {"name": "Окрашивание", "count": 1}],
        "staff": [{"name": "Ольга", "count": 3}],
        "average_bill": "4166.67", "spent": "12500", "balance": "-1500",
        "age": 35, "days_to_birthday": 5,
        "recommendations_expected": 2, "recommendations_followed": 0, "adherence_percent": 0,
        "recommendations_due": ["r00001"], "open_requests": ["q00001"],
    }  # fmt: skip


def test_a_status_set_by_hand_is_shown_with_its_reason(cli: Cli, whole: str) -> None:
    assert cli("set", whole, "status=gone", "status_reason=переехала").code == 0
    out = " ".join(cli("show", whole).out.split())
    assert "client who left (set by hand: переехала; by the visits: active client)" in out


def test_a_booked_visit_is_shown(cli: Cli, whole: str) -> None:
    done = cli("visit", whole, "Стрижка", "--date", "2026-06-16", "--time", "14:30", "--future")
    assert done.code == 0, done.err
    assert "Booked         16\xa0Jun\xa02026 14:30 Стрижка" in cli("brief", whole).out
    assert "\tVisit: Стрижка\tbooked for 14:30" in cli("due", "--within", "1d").out


def test_due_lists_what_to_do_with_the_reason(cli: Cli, whole: str) -> None:
    result = cli("due", "--within", "2w")
    assert result.code == 0, result.err
    name = "Иванова Мария Петровна"
    assert result.out.split("\n") == [
        f"2026-05-20\t{whole}\t{name}\tDebt: ₽1,500\tsince 20 May 2026",
        f"2026-06-08\t{whole}\t{name}\tRecommendation: Маска\tevery week, not followed yet",
        f"2026-06-10\t{whole}\t{name}\tRequest: Перезвонить о записи\topen since 10 Jun 2026",
        f"2026-06-20\t{whole}\t{name}\tBirthday\tturns 36 years",
        f"2026-06-29\t{whole}\t{name}\tInvite again: Стрижка\tusually every 40 days, last time 20 May 2026",
        "",
    ]  # fmt: skip


def test_due_looks_as_far_ahead_as_it_is_asked_to(cli: Cli, whole: str) -> None:
    kinds = [
        [each["kind"] for each in json.loads(cli("due", "--within", days, "--json").out)]
        for days in ("0d", "7d", "14д")
    ]
    assert kinds == [
        ["debt", "recommendation", "request"],
        ["debt", "recommendation", "request", "birthday"],
        ["debt", "recommendation", "request", "birthday", "rebook"],
    ]
    assert whole in cli("due").out


def test_due_is_told_to_programs_without_words(cli: Cli, whole: str) -> None:
    found = json.loads(cli("due", "--within", "0d", "--json").out)
    assert found[1] == {
        "kind": "recommendation", "date": "2026-06-08", "client": whole,
        "name": "Иванова Мария Петровна", "what": "Маска", "entry": "r00001",
        "details": {"every": "1w"},
    }  # fmt: skip


def test_due_is_silent_when_nothing_is_due(cli: Cli, maria: str) -> None:
    assert maria
    result = cli("due", "--exit-code")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_due_can_say_by_its_exit_code_that_something_is_due(cli: Cli, whole: str) -> None:
    assert cli("due", "--exit-code", "--json").code == 1
    assert cli("due", "--json").code == 0
    assert whole


def test_due_writes_the_same_calendar_twice_in_the_language_of_the_store(
    cli: Cli, whole: str, tmp_path: Path
) -> None:
    one, two, tasks = (tmp_path / name for name in ("one.ics", "two.ics", "tasks.ics"))
    assert cli("due", "--ics", str(one)).out == ""
    assert cli("due", "--ics", str(two)).code == 0
    assert cli("due", "--ics", str(tasks), "--todo").code == 0
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().count(b"BEGIN:VEVENT\r\n") == 4
    assert tasks.read_bytes().count(b"BEGIN:VTODO\r\n") == 4
    text = one.read_text("utf-8").replace("\r\n ", "").replace("\n ", "")
    assert "1500\xa0₽" in text
    assert f"UID:{whole}-" in text


def test_an_empty_calendar_is_a_calendar(cli: Cli, maria: str) -> None:
    assert maria
    assert cli("due", "--ics", "-").out.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["due", "--within", "soon"], "“soon” is not a period. Write 3d, 2w, 1m or 1y"),
        (["due", "--todo"], "--todo is for the calendar file: add --ics FILE"),
        (["due", "--json", "--ics", "x.ics"], "--json and --ics exclude each other"),
        (["next"], "Name a client, or use --all."),
        (["next", "ivanova", "--all"], "Name a client, or use --all."),
    ],
)
def test_a_wrong_command_is_one_sentence(
    cli: Cli, whole: str, salon: Path, arguments: list[str], sentence: str
) -> None:
    before = only_card(salon).read_bytes()
    result = cli(*arguments)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err
    assert whole
    assert only_card(salon).read_bytes() == before


def test_next_says_what_to_offer_and_what_not(cli: Cli, whole: str) -> None:
    done = cli("advise", whole, "Укладка", "--kind", "service")
    assert done.code == 0, done.err
    result = cli("next", whole)
    assert result.out.split("\n") == [
        "29\xa0Jun\xa02026 Стрижка — usually every 40 days, last time 20\xa0May\xa02026",
        " ! Do not offer: Укладка — the client's wish: без укладки",
        "",
    ]
    found = json.loads(cli("next", whole, "--json").out)
    assert [each["what"] for each in found["offer"]] == ["Стрижка"]
    assert found["withhold"] == [{"what": "Укладка", "reason": "dislike", "text": "без укладки"}]


def test_next_for_everybody_is_a_line_each(cli: Cli, whole: str) -> None:
    assert cli("new", "Петрова Анна").code == 0
    assert cli("next", "--all").out == (
        f"2026-06-29\t{whole}\tИванова Мария Петровна\tСтрижка\t"
        "usually every 40 days, last time 20 May 2026\n"
    )
    assert len(json.loads(cli("next", "--all", "--json").out)) == 1


def test_there_may_be_nothing_to_offer(cli: Cli, maria: str) -> None:
    result = cli("next", maria)
    assert (result.code, result.out) == (0, "")
    assert result.err.endswith("There is nothing to offer.\n")
