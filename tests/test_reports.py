"""Reports: every figure computed by hand from three small cards."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

from cardcli import card as cards
from cardcli import reports
from cardcli.fields import Rules
from cardcli.reports import Base, Report
from cardcli.terms import Terms
from tests.conftest import Cli

RULES = Rules(dt.date(2026, 6, 15), "RUB")


def card(card_id: str, name: str, *visits: str) -> cards.Card:
    lines = "".join(
        f"- {visit} ^{card_id[:-1]}{number}\n" for number, visit in enumerate(visits, 2)
    )
    return cards.parse(
        f"---\nid: {card_id}\nname: {name}\ncreated: 2025-01-01\n---\n\n## Услуги\n\n{lines}"
    )


BASE = Base(
    (
        card(
            "aaaaaa", "Анна",
            "2026-01-10 Стрижка [price:: 2000] [staff:: Ольга] [rating:: 5]",
            "2026-02-09 стрижка [price:: 2000] [staff:: Ольга] [rating:: 4]",
            "2026-03-21 Стрижка [price:: 2500] [staff:: Инна]",
            "2026-03-21 Укладка [price:: 1000] [staff:: Инна]",
            "2026-07-01 Стрижка [price:: 2500]",
        ),
        card("bbbbbb", "Борис", "2025-12-20 Стрижка [price:: 1500] [staff:: Ольга]"),
        card("cccccc", "Вера", "2026-03-01 Маникюр [price:: 1800] [staff:: Инна] [rating:: 5]"),
        card("dddddd", "Глеб"),
    ),
    RULES, Terms(),
)  # fmt: skip


def table(report: Report) -> list[dict[str, object]]:
    keys = [column.key for column in report.columns]
    return [dict(zip(keys, row, strict=True)) for row in report.rows]


def test_services_are_counted_rated_and_followed() -> None:
    haircut, manicure, styling = table(reports.services(BASE))
    assert haircut == {
        "service": "Стрижка", "times": 4, "clients": 2, "revenue": Decimal(8000), "rating": Decimal("4.50"),
        "repeat": 50, "returned": 67, "interval": 35,
    }, "Anna came again within 90 days twice of three old renderings, Boris never"  # fmt: skip
    assert (manicure["service"], manicure["times"], manicure["returned"]) == ("Маникюр", 1, 0)
    assert (styling["service"], styling["repeat"], styling["interval"]) == ("Укладка", 0, None)


def test_staff_are_counted_with_their_revenue() -> None:
    rows = {row["staff"]: row for row in table(reports.staff(BASE))}
    assert (rows["Инна"]["times"], rows["Инна"]["clients"], rows["Инна"]["revenue"]) == (
        3,
        2,
        Decimal(5300),
    )
    assert (rows["Ольга"]["times"], rows["Ольга"]["rating"]) == (3, Decimal("4.50"))


def test_months_have_no_gaps_and_a_trend() -> None:
    rows = table(reports.months(BASE))
    assert [row["month"] for row in rows] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert [row["visits"] for row in rows] == [1, 1, 1, 2]
    assert [row["new"] for row in rows] == [1, 1, 0, 1]
    assert [row["revenue"] for row in rows] == [
        Decimal(1500),
        Decimal(2000),
        Decimal(2000),
        Decimal(5300),
    ]
    assert [row["trend"] for row in rows] == [None, 33, 14, 189]


def test_retention_is_told_by_the_year_of_the_first_visit() -> None:
    rows = table(reports.retention(BASE))
    assert [(row["year"], row["clients"], row["again"]) for row in rows] == [
        ("2025", 1, 0),
        ("2026", 2, 50),
    ]
    assert (
        sum(int(str(row[key])) for row in rows for key in ("new", "active", "sleeping", "gone"))
        == 3
    )


def test_the_value_of_clients_is_marked_by_fifths() -> None:
    rows = table(reports.rfm(BASE))
    assert [(row["name"], row["rfm"], row["spent"]) for row in rows] == [
        ("Анна", "555", Decimal(7500)), ("Вера", "444", Decimal(1800)), ("Борис", "242", Decimal(1500)),
    ]  # fmt: skip


def test_the_command_prints_rows_and_json(salon: Path, maria: str, cli: Cli) -> None:
    assert salon.is_dir()
    cli("visit", maria, "Стрижка", "--price", "2500", "--rating", "5")
    assert cli("report", "services").out == "Стрижка\t1\t1\t₽2,500\t5\t0\t\t\n"
    (row,) = json.loads(cli("report", "rfm", "--json").out)
    assert (row["id"], row["rfm"], row["last"], row["spent"]) == (
        maria,
        "555",
        "2026-06-15",
        "2500",
    )
    refused = cli("report", "servces")
    assert refused.code == 2
    assert "Did you mean “services”?" in refused.err


def test_an_empty_store_gives_empty_reports() -> None:
    empty = Base((), RULES, Terms())
    assert all(make(empty).rows == () for _tells, make in reports.REPORTS.values())


def test_an_amount_that_cannot_be_read_counts_as_none() -> None:
    odd = card(
        "eeeeee", "Дина", "2026-05-01 Стрижка [price:: дорого]", "2026-05-02 Стрижка [price:: 10]"
    )
    (row,) = table(reports.services(Base((odd,), RULES, Terms())))
    assert row["revenue"] == Decimal(10)
