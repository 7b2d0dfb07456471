"""A day at the desk: what was typed from opening to closing, and every figure that follows from it.

The figures are worked out by hand beside the assertions; the clock stands at 15 June 2026.
"""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Cli, Json

SETTINGS = """\
business: Лавр и мята
language: ru
currency: RUB
prefix: К
payments: 2026-06-01
staff: [Ольга, Инна]
services:
  Стрижка: {price: 2500, every: 6w}
  Окрашивание: {price: 5000, every: 8w}
  Маникюр: {price: 4000, every: 4w}
  Пилинг: 3200
surveys:
  Порекомендуете ли вы нас: 0-10
  Оценка визита: 1-5
stages: [заявка, смета отправлена, заключён, отказ]
purposes:
  interests: подарки
safety:
  - services: [Окрашивание]
    patch_test: краска для волос
    valid: 6m
    say: Предложите оттеночный бальзам.
"""
"""Payments are recorded from June on; what was done before counts as paid on the spot."""

SCRIPT = """
# Зимина: three haircuts from the paper notebook, one price copied wrongly
anna        = new "Зимина Анна Олеговна" --phone "8 900 000-07-01" --email anna@example.com --birthday 20.06.1990 --allergy "лидокаин — отёк"
              set $anna interests+=театр "preferences=кофе без сахара"
march       = visit $anna Стрижка --date 01.03.2026 --price 2500 --staff Ольга --rating 5
april       = visit $anna Стрижка --date 12.04.2026 --price 2500 --staff Ольга --rating 4 --feedback "Держит форму"
may         = visit $anna Стрижка --date 24.05.2026 --price 2700 --staff Ольга
              amend $anna $may price=2500

# today she wants colour: no patch test is on the card yet, then there is one
10            visit $anna Окрашивание --price 5000 --staff Ольга
patch       = patch-test $anna "Краска для волос" --result negative --date 13.06.2026 --until 13.12.2026
colour      = visit $anna Окрашивание --time 10:00 --price 5000 --staff Ольга --duration 120 --products "7/1 60 г, 35 мин" --rating 5 --wish "Темнее у корней"

# a peeling with lidocaine is stopped, and done for a reason
10            visit $anna Пилинг --time 12:00 --price 3200 --staff Инна --products "крем с лидокаином"
2             visit $anna Пилинг --time 12:00 --price 3200 --staff Инна --products "крем с лидокаином" --force
peeling     = visit $anna Пилинг --time 12:00 --price 3200 --staff Инна --products "крем с лидокаином" --force --reason "письмо аллерголога от 10 июня"
mask        = sell $anna Маска --price 750 --qty 2 --staff Ольга
card        = pay $anna 4000 --method card
cash        = pay $anna 1000 --method cash --of $colour
back        = refund $anna 500 --of $mask --method cash --reason "помятая коробка"
2             refund $anna 100000 --reason "больше, чем заплачено"
booked      = visit $anna Стрижка --date 05.07.2026 --time 11:00 --price 2500 --future
2             visit $anna Стрижка --date 05.07.2026

# what was seen, said, advised and asked
asked       = survey $anna "Порекомендуете ли вы нас" --score 9 --staff Ольга --result "любит Ольгу"
hair        = observe $anna "Кончики сухие" --area hair --staff Ольга
skin        = observe $anna "Кожа ровная" --area skin --staff Инна
weekly      = advise $anna "Маска на длину" --kind product --every 1w --date 24.05.2026 --staff Ольга
              done $anna $weekly --date 30.05.2026
              done $anna $weekly --date 07.06.2026
dry         = advise $anna "Не мыть голову двое суток" --kind regime --until +2d --staff Ольга
friday      = contact $anna "Просит перенести пятницу" --channel chat --direction in --status open
wedding     = deal $anna "Свадебный образ" --amount 12000 --close +2m
half        = offer $anna "Второй пилинг за полцены" --until +5d --response thinking
consented   = consent $anna processing --version 1
promotions  = consent $anna advertising --until 18.06.2026
pictures    = consent $anna photo --date 01.03.2026
              consent $anna photo --withdraw
refusal     = attach $anna {folder}/refusal.txt --kind other --title "Отказ от анестезии"
daughter    = note $anna "Дочке пять лет" --staff Ольга
              confirm $anna

# Жуков: an advance, a haircut, a second one today, a line too many
boris       = new "Жуков Борис Ильич" --phone "8 900 000-07-02" --birthday 03.08
advance     = pay $boris 3000 --for Аванс --method card --date 13.06.2026
first       = visit $boris Стрижка --date вчера --price 1800 --staff Инна --rating 3
rebate      = refund $boris 200 --date вчера --reason "забытая скидка"
wrong       = visit $boris Маникюр --date вчера --price 4000
              remove $boris $wrong
again       = repeat $boris --service стрижка
evening     = contact $boris "Есть ли вечерние часы" --channel request --date 13.06.2026
              amend $boris $evening status=resolved outcome="по средам до девяти"
scored      = survey $boris "Порекомендуете ли вы нас" --score 6 --date вчера --conclusion "ждал у двери" --wish "звонок на входе"
hands       = advise $boris "Крем для рук" --kind product --times 1 --until 30.06.2026
              done $boris $hands
              set $boris tags+=постоянный

# the company: a credit limit, a deal that moves, a contract that ends
quay        = new "ООО «Причал»" --company --phone "8 900 000-07-03" --set credit_limit=5000
nails       = visit $quay Маникюр --price 4000 --staff Инна --note "Две сотрудницы"
cream       = sell $quay "Крем для рук" --price 500 --qty 3
invoice     = pay $quay 2000 --for "По счёту 1" --method transfer
returned    = refund $quay 500 --of $cream --method transfer --reason "один крем лишний"
rated       = survey $quay "Оценка визита" --score 5
called      = contact $quay "Спросили о договоре" --channel call --direction out --status in-progress --duration 5
yearly      = deal $quay "Маникюр сотрудницам" --amount 60000 --close +1m
              amend $quay $yearly "stage=смета отправлена"
contract    = attach $quay {folder}/contract.txt --kind contract --title "Договор 1" --expires 19.06.2026
"""
"""A line: ``name = command`` keeps the id that the command prints, a number is the exit code."""

_LINE = re.compile(r"(?:(?P<name>\w+) +=|(?P<code>\d+))? +(?P<command>\S.*)")

Ids = dict[str, str]


@pytest.fixture(scope="module")
def once() -> Ids:
    """Hold what the day left behind, so that it is lived once."""
    return {}


@pytest.fixture
def day(
    once: Ids, cli: Cli, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Ids:
    """Live through the day and go to its store; returns the ids by the names of the script."""
    if not once:
        once |= lived(cli, tmp_path_factory.mktemp("day"))
    monkeypatch.chdir(once["folder"])
    return once


def lived(cli: Cli, folder: Path) -> Ids:
    for paper in ("refusal", "contract"):
        (folder / f"{paper}.txt").write_text(f"{paper}, signed\n", "utf-8")
    store = folder / "salon"
    assert cli("init", str(store)).code == 0
    (store / "cardcli.yaml").write_text(SETTINGS, "utf-8")
    ids = {"folder": str(store)}
    for line in SCRIPT.split("\n"):
        if line.strip() and not line.startswith("#"):
            live(cli, line.replace("{folder}", folder.as_posix()), ids)
    return ids


def live(cli: Cli, line: str, ids: Ids) -> None:
    """Run one line of the script and keep its id."""
    match = _LINE.fullmatch(line)
    assert match, line
    words = [
        re.sub(r"\$(\w+)", lambda name: ids[name[1]], w) for w in shlex.split(match["command"])
    ]
    result = cli(*words, "--store", ids["folder"])
    assert result.code == int(match["code"] or 0), f"{line}\n{result.out}{result.err}"
    if match["name"]:
        ids[match["name"]] = result.ids()[0]


def answer(cli: Cli, *arguments: str) -> Json:
    """Return what a command tells programs."""
    result = cli(*arguments, "--json")
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_the_day_has_forty_commands_and_more(day: Ids) -> None:
    assert len([line for line in SCRIPT.split("\n") if _LINE.fullmatch(line)]) >= 40
    assert day


def test_nothing_is_wrong_at_the_end_of_the_day(cli: Cli, day: Ids) -> None:
    assert day
    result = cli("check")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_a_client_who_comes_often(cli: Cli, day: Ids) -> None:
    assert answer(cli, "show", day["anna"])["facts"] == {
        "status": "active",  # first seen on 1 March, more than a month ago; last seen today
        "status_computed": "active",
        "status_reason": None,
        "visits": 4,  # 1 Mar, 12 Apr, 24 May, 15 Jun (two services, one visit)
        "first_visit": "2026-03-01",
        "last_visit": "2026-06-15",
        "usual_interval_days": 42,  # 42, 42 and 22 days between: the middle one
        "expected_visit": "2026-07-27",  # 15 Jun + 42 days
        "booked": [day["booked"]],
        "services": [
            {"name": "Стрижка", "count": 3},
            {"name": "Окрашивание", "count": 1},
            {"name": "Пилинг", "count": 1},
        ],
        "staff": [{"name": "Ольга", "count": 4}, {"name": "Инна", "count": 1}],
        "average_bill": "4300",  # (3 × 2500 + 5000 + 3200 + 2 × 750) / 4 days = 17,200 / 4
        "spent": "16700",  # 17,200 − 500 given back for the mask
        "balance": "-4700",  # today: 4000 + 1000 paid of 5000 + 3200 + 1500
        "age": 35,  # 36 on 20 June
        "days_to_birthday": 5,
        "recommendations_expected": 3,  # the mask: weeks to 31 May, 7 and 14 June; the other runs
        "recommendations_followed": 2,  # 30 May and 7 June
        "adherence_percent": 67,  # 2 / 3
        "recommendations_due": [day["weekly"]],  # 7 June + 1 week = 14 June
        "open_requests": [day["friday"]],
    }


def test_a_new_client(cli: Cli, day: Ids) -> None:
    assert answer(cli, "show", day["boris"])["facts"] == {
        "status": "new",  # first seen yesterday
        "status_computed": "new",
        "status_reason": None,
        "visits": 2,  # yesterday and today; the manicure was a mistake
        "first_visit": "2026-06-14",
        "last_visit": "2026-06-15",
        "usual_interval_days": None,  # it takes three visits
        "expected_visit": None,
        "booked": [],
        "services": [{"name": "Стрижка", "count": 2}],
        "staff": [{"name": "Инна", "count": 2}],
        "average_bill": "1800",  # 2 × 1800 / 2 days
        "spent": "3600",  # the 200 came out of the advance, not out of the haircut
        "balance": "-800",  # 3000 − 1800 − 200 − 1800
        "age": None,  # no year of birth
        "days_to_birthday": 49,  # 15 days of June + 31 of July + 3
        "recommendations_expected": 1,  # once, and done
        "recommendations_followed": 1,
        "adherence_percent": 100,
        "recommendations_due": [],
        "open_requests": [],  # resolved
    }


def test_a_company(cli: Cli, day: Ids) -> None:
    assert answer(cli, "show", day["quay"])["facts"] == {
        "status": "new",
        "status_computed": "new",
        "status_reason": None,
        "visits": 1,
        "first_visit": "2026-06-15",
        "last_visit": "2026-06-15",
        "usual_interval_days": None,
        "expected_visit": None,
        "booked": [],
        "services": [{"name": "Маникюр", "count": 1}],
        "staff": [{"name": "Инна", "count": 1}],
        "average_bill": "5500",  # 4000 + 3 × 500, one day
        "spent": "5000",  # 5500 − 500 for the cream that came back
        "balance": "-3500",  # 2000 paid of 5500; what came back was given out in money
        "age": None,
        "days_to_birthday": None,
        "recommendations_expected": 0,
        "recommendations_followed": 0,
        "adherence_percent": None,
        "recommendations_due": [],
        "open_requests": [day["called"]],
    }


def account(cli: Cli, client: str) -> tuple[Json, list[tuple[str, ...]]]:
    """Return the figures of an account, and its lines: entry, amount, effect, assumed, balance."""
    found = answer(cli, "balance", client)
    keys = ("entry", "amount", "effect", "assumed_paid", "balance")
    lines = [tuple(line[key] for key in keys) for line in found.pop("lines")]
    return found, lines


def test_the_account_of_a_client_who_paid_a_part(cli: Cli, day: Ids) -> None:
    figures, lines = account(cli, day["anna"])
    assert lines == [
        # before June: paid on the spot, whether anybody wrote it down or not
        (day["march"], "2500", "0", "2500", "0"),
        (day["april"], "2500", "0", "2500", "0"),
        (day["may"], "2500", "0", "2500", "0"),  # 2700 was a slip of the pen
        # today: first what was done, by the clock, then what was paid, then what was given back
        (day["mask"], "1500", "-1500", "0", "-1500"),  # 2 × 750
        (day["colour"], "5000", "-5000", "0", "-6500"),
        (day["peeling"], "3200", "-3200", "0", "-9700"),
        (day["card"], "4000", "4000", "0", "-5700"),
        (day["cash"], "1000", "1000", "0", "-4700"),
        (day["back"], "500", "0", "0", "-4700"),  # the money and half a mask: nothing changes
    ]  # the haircut that is booked for July is not owed yet
    assert figures == {
        "id": day["anna"],
        "name": "Зимина Анна Олеговна",
        "balance": "-4700",
        "debt": "4700",
        "debt_since": "2026-06-15",
        "prepayment": "0",
        "spent": "16700",
        "paid": "5000",  # 4000 + 1000
        "assumed_paid": "7500",  # 3 × 2500
        "refunded": "500",
        "refundable": "12000",  # 5000 + 7500 − 500
        "credit_limit": None,
        "over_limit": "0",
        "problems": [],
    }


def test_the_account_of_a_client_with_an_advance(cli: Cli, day: Ids) -> None:
    figures, lines = account(cli, day["boris"])
    assert lines == [
        (day["advance"], "3000", "3000", "0", "3000"),
        (day["first"], "1800", "-1800", "0", "1200"),
        (day["rebate"], "200", "-200", "0", "1000"),
        (day["again"], "1800", "-1800", "0", "-800"),
    ]
    assert (figures["debt"], figures["debt_since"]) == ("800", "2026-06-15")
    assert (figures["paid"], figures["refunded"]) == ("3000", "200")
    assert (figures["refundable"], figures["assumed_paid"]) == ("2800", "0")  # 3000 − 200


def test_the_account_of_a_company_within_its_limit(cli: Cli, day: Ids) -> None:
    figures, lines = account(cli, day["quay"])
    assert lines == [
        (day["nails"], "4000", "-4000", "0", "-4000"),
        (day["cream"], "1500", "-1500", "0", "-5500"),  # 3 × 500; 500 above the limit until
        (day["invoice"], "2000", "2000", "0", "-3500"),  # this was paid
        (day["returned"], "500", "0", "0", "-3500"),
    ]
    assert (figures["credit_limit"], figures["over_limit"]) == ("5000", "0")
    assert (figures["paid"], figures["refundable"]) == ("2000", "1500")  # 2000 − 500


def test_who_owes_the_most_comes_first(cli: Cli, day: Ids) -> None:
    found = [
        (each["id"], each["debt"], each["since"], each["credit_limit"])
        for each in answer(cli, "debtors")
    ]
    assert found == [
        (day["anna"], "4700", "2026-06-15", None),
        (day["quay"], "3500", "2026-06-15", "5000"),
        (day["boris"], "800", "2026-06-15", None),
    ]  # 9000 in all


def test_what_is_due_within_a_week(cli: Cli, day: Ids) -> None:
    found = answer(cli, "due")
    assert [each["date"] for each in found] == sorted(each["date"] for each in found)
    anna, boris, quay = day["anna"], day["boris"], day["quay"]
    expected = [
        # 6 of 10 and 3 of 5 are low; the last contact was the day before
        ("2026-06-14", boris, "low-score", day["scored"], {"score": "6", "scale": "0-10"}),
        ("2026-06-14", boris, "low-score", day["first"], {"score": "3", "scale": "1-5"}),
        # last followed on 7 June + 1 week
        (
            "2026-06-14",
            anna,
            "recommendation",
            day["weekly"],
            {"every": "1w", "last": "2026-06-07"},
        ),
        ("2026-06-15", boris, "debt", None, {"amount": "800", "since": "2026-06-15"}),
        ("2026-06-15", anna, "request", day["friday"], {"status": "open"}),
        ("2026-06-15", anna, "debt", None, {"amount": "4700", "since": "2026-06-15"}),
        ("2026-06-15", quay, "request", day["called"], {"status": "in-progress"}),
        ("2026-06-15", quay, "debt", None, {"amount": "3500", "since": "2026-06-15"}),
        ("2026-06-17", anna, "recommendation", day["dry"], {"until": "2026-06-17"}),
        ("2026-06-18", anna, "expiry", day["promotions"], {"kind": "consent"}),
        ("2026-06-19", quay, "expiry", day["contract"], {"kind": "document"}),
        ("2026-06-20", anna, "birthday", None, {"age": "36"}),
        ("2026-06-20", anna, "expiry", day["half"], {"kind": "offer"}),  # 15 + 5 days
    ]
    told = [
        (each["date"], each["client"], each["kind"], each["entry"], each["details"])
        for each in found
    ]
    assert sorted(told, key=str) == sorted(expected, key=str)


def test_what_is_due_later(cli: Cli, day: Ids) -> None:
    later = {
        (each["date"], each["kind"], each["client"], each["what"], each["details"].get("source"))
        for each in answer(cli, "due", "--within", "6w")
        if each["date"] > "2026-06-22"
    }
    assert later == {
        # she has a booking, so nothing else is proposed
        ("2026-07-05", "booking", day["anna"], "Стрижка", None),
        # 15 June + 4 weeks of the catalogue: nobody else had a manicure
        ("2026-07-13", "rebook", day["quay"], "Маникюр", "catalogue"),
        # 15 June + 42 days, the median of 42, 42 (hers) and 1 (his)
        ("2026-07-27", "rebook", day["boris"], "Стрижка", "store"),
    }


def summaries(found: Json) -> list[tuple[str | None, str, int, str, int | None]]:
    return [
        (each["label"], each["scale"], each["count"], each["mean"], each["nps"]) for each in found
    ]


def test_what_clients_think(cli: Cli, day: Ids) -> None:
    assert day
    found = answer(cli, "surveys")
    assert summaries(found["overall"]) == [
        (None, "0-10", 2, "7.50", 0),  # (9 + 6) / 2; one of nine and more, one of six and less
        (None, "1-5", 5, "4.40", None),  # (5 + 4 + 5 + 3 + 5) / 5 = 22 / 5
    ]
    assert found["overall"][1]["distribution"] == {"1": 0, "2": 0, "3": 1, "4": 1, "5": 3}
    assert summaries(found["by_survey"]) == [
        (None, "1-5", 4, "4.25", None),  # the ratings of visits: (5 + 4 + 5 + 3) / 4 = 17 / 4
        ("Оценка визита", "1-5", 1, "5.00", None),
        ("Порекомендуете ли вы нас", "0-10", 2, "7.50", 0),
    ]
    assert summaries(found["by_staff"]) == [
        ("Инна", "1-5", 1, "3.00", None),
        ("Ольга", "0-10", 1, "9.00", 100),
        ("Ольга", "1-5", 3, "4.67", None),  # (5 + 4 + 5) / 3 = 14 / 3
    ]
    assert summaries(found["by_service"]) == [
        ("Маникюр", "1-5", 1, "5.00", None),
        ("Окрашивание", "0-10", 1, "9.00", 100),  # her survey is about both services of today
        ("Окрашивание", "1-5", 1, "5.00", None),
        ("Пилинг", "0-10", 1, "9.00", 100),
        ("Стрижка", "0-10", 1, "6.00", -100),
        ("Стрижка", "1-5", 3, "4.00", None),  # (5 + 4 + 3) / 3
    ]
    low = {each["entry"] for each in found["opinions"] if each["low"]}
    assert low == {day["first"], day["scored"]}


def test_the_reports(cli: Cli, day: Ids) -> None:
    assert [tuple(row.values()) for row in answer(cli, "report", "services")] == [
        # times, clients, revenue, rating, repeated %, came again %, days between
        # 3 × 2500 + 2 × 1800; (5 + 4 + 3) / 3; both took it again; of those 90 days back only
        # the one of 1 March, and she came again; the middle of 42, 42 and 1
        ("Стрижка", 5, 2, "11100", "4", 100, 100, 42),
        ("Маникюр", 1, 1, "4000", None, 0, None, None),
        ("Окрашивание", 1, 1, "5000", "5", 0, None, None),
        ("Пилинг", 1, 1, "3200", None, 0, None, None),
    ]
    assert [tuple(row.values()) for row in answer(cli, "report", "staff")] == [
        ("Инна", 4, 3, "10800", "3"),  # 2 × 1800 + 3200 + 4000
        ("Ольга", 4, 1, "12500", "4.67"),  # 3 × 2500 + 5000; (5 + 4 + 5) / 3
    ]
    assert [tuple(row.values()) for row in answer(cli, "report", "months")] == [
        # visits, clients, new ones, revenue, trend against up to three months before
        ("2026-03", 1, 1, 1, "2500", None),
        ("2026-04", 1, 1, 0, "2500", 0),
        ("2026-05", 1, 1, 0, "2500", 0),
        # 1 + 2 + 1 visits; 5000 + 3200 + 3600 + 4000 = 15,800; (15,800 − 2500) / 2500
        ("2026-06", 4, 3, 2, "15800", 532),
    ]
    assert [tuple(row.values()) for row in answer(cli, "report", "retention")] == [
        # two of three came again; two are new, one is active
        ("2026", 3, 67, 2, 1, 0, 0),
    ]
    assert [tuple(row.values()) for row in answer(cli, "report", "rfm")] == [
        # all were here today: 5; days 4, 2, 1 and sums 16,700, 3600, 5000 are the fifths 5, 4, 2
        (day["anna"], "Зимина Анна Олеговна", "555", "2026-06-15", 4, "16700"),
        (day["boris"], "Жуков Борис Ильич", "542", "2026-06-15", 2, "3600"),
        (day["quay"], "ООО «Причал»", "524", "2026-06-15", 1, "5000"),
    ]


def words(cli: Cli, *arguments: str) -> str:
    """Return what a command prints, every gap one blank."""
    result = cli(*arguments)
    assert result.code == 0, result.err
    return " ".join(result.out.split())


def test_the_same_figures_in_words(cli: Cli, day: Ids) -> None:
    shown = words(cli, "show", day["anna"])
    assert "! Allergies: лидокаин — отёк" in shown
    assert "4 since 1 Mar 2026, usually every 42 days" in shown
    assert "Booked 5 Jul 2026 11:00 Стрижка" in shown
    assert "debt of ₽4,700 since 15 Jun 2026; ₽16,700 spent in all" in shown
    assert "Маска на длину, every week, due 14 Jun 2026" in shown
    assert "Reason: письмо аллерголога от 10 июня" in shown
    assert "Withdrawn: 15 Jun 2026" in shown
    balance = words(cli, "balance", day["quay"])
    assert "debt of ₽3,500 since 15 Jun 2026" in balance
    assert "Credit limit ₽5,000" in balance
    assert "−₽1,500 −₽5,500" in balance
    assert "Debt: ₽800 since 15 Jun 2026" in words(cli, "due")
    assert "Scale 0–10 · 2 scores · mean 7.50 · NPS 0" in words(cli, "surveys")
    brief = words(cli, "brief", day["anna"])
    assert "Wishes Темнее у корней (15 Jun 2026)" in brief
    assert "Birthday 20 Jun, turns 36 years" in brief


def test_what_changed_is_dated(cli: Cli, day: Ids) -> None:
    histories = {
        entry["id"]: entry["fields"]["history"]
        for client in ("boris", "quay")
        for entry in answer(cli, "show", day[client])["entries"]
        if "history" in entry["fields"]
    }
    assert histories[day["evening"]] == "2026-06-13 open, 2026-06-15 resolved"
    assert histories[day["yearly"]] == "2026-06-15 lead, 2026-06-15 смета отправлена"


def sections(cli: Cli, client: str) -> dict[str, list[str]]:
    """Return the sections of a printed card, in order, with the lines that say something."""
    result = cli("print", client, "--format", "text", "-o", "-")
    assert result.code == 0, result.err
    lines = result.out.split("\n")
    found: dict[str, list[str]] = {}
    for heading, line in zip(["", *lines], [*lines, ""], strict=True):
        if set(line) == {"═"}:
            found[heading] = []
        elif found and line.strip() and set(line) != {"─"}:
            found[list(found)[-1]].append(line)
    return found


def test_the_printed_card_has_every_section_in_the_order_of_the_founding_document(
    cli: Cli, day: Ids
) -> None:
    printed = sections(cli, day["anna"])
    assert list(printed) == [
        "Личные данные", "История обслуживания", "Покупки", "Платежи", "Возвраты",
        "Взаимодействия", "Опросы", "Записи специалиста", "Пробы", "Рекомендации", "Документы",
        "Согласия", "Сделки", "Предложения", "Заметки",
    ]  # fmt: skip
    assert "8 (900) 000-07-01" in printed["Личные данные"][0]
    dates = [
        line.split()[0] for line in printed["История обслуживания"] if re.match(r"\d\d\.\d\d", line)
    ]
    assert dates == [
        "01.03.2026",
        "12.04.2026",
        "24.05.2026",
        "15.06.2026",
        "15.06.2026",
        "05.07.2026",
    ]


@pytest.mark.parametrize("client", ["anna", "boris", "quay"])
def test_no_section_of_a_printed_card_is_empty(cli: Cli, day: Ids, client: str) -> None:
    printed = sections(cli, day[client])
    kinds = {entry["kind"] for entry in answer(cli, "show", day[client])["entries"]}
    assert len(printed) == len(kinds) + 1  # and the personal data
    # a table says something below its head, notes and facts have at least one line
    tables = {heading for heading, lines in printed.items() if lines[0].startswith("Дата ")}
    assert all(len(printed[heading]) > 1 for heading in tables)
    assert all(printed.values())
