from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli.ics import Day, calendar

DAYS = [
    Day(
        "a1@cardcli",
        dt.date(2026, 7, 1),
        "Иванова Мария: день рождения",
        "исполняется 36 лет",
        "birthday",
    ),
    Day("b2@cardcli", dt.date(2026, 6, 1), "Долг; 1\u202f500\u00a0₽, \\ и \n строка"),
]


def unfolded(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")


def test_an_event_lasts_a_day_and_rings_at_nine() -> None:
    assert unfolded(calendar(DAYS[:1])) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//cardcli//cardcli//EN", "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT", "UID:a1@cardcli", "DTSTAMP:20260701T000000Z",
        "SUMMARY:Иванова Мария: день рождения", "DESCRIPTION:исполняется 36 лет",
        "CATEGORIES:birthday", "DTSTART;VALUE=DATE:20260701", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Иванова Мария: день рождения",
        "TRIGGER:PT9H", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


def test_a_todo_is_due_on_its_day() -> None:
    lines = unfolded(calendar(DAYS[:1], todo=True))
    assert "DUE;VALUE=DATE:20260701" in lines
    assert "TRIGGER;RELATED=END:PT9H" in lines
    assert not any(line.startswith("DTSTART") for line in lines)


def test_the_same_days_give_the_same_bytes() -> None:
    assert calendar(DAYS) == calendar(list(DAYS))


def test_special_characters_are_escaped() -> None:
    assert "SUMMARY:Долг\\; 1\u202f500\u00a0₽\\, \\\\ и \\n строка" in unfolded(calendar(DAYS[1:]))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_lines_are_folded_at_75_octets_within_characters(summary: str) -> None:
    data = calendar([Day("a", dt.date(2026, 7, 1), summary)])
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.decode()
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_the_icalendar_package_reads_what_was_written(summary: str) -> None:
    icalendar = pytest.importorskip("icalendar", reason="the icalendar package is not installed")
    (event,) = icalendar.Calendar.from_ical(
        calendar([Day("a", dt.date(2026, 7, 1), summary)])
    ).events
    assert str(event["SUMMARY"]) == summary
    assert event.start == dt.date(2026, 7, 1)


def test_todos_are_read_by_the_icalendar_package() -> None:
    icalendar = pytest.importorskip("icalendar", reason="the icalendar package is not installed")
    todos = icalendar.Calendar.from_ical(calendar(DAYS, todo=True)).todos
    assert [todo["DUE"].dt for todo in todos] == [dt.date(2026, 7, 1), dt.date(2026, 6, 1)]
    assert all(todo.subcomponents[0].name == "VALARM" for todo in todos)


def test_khal_imports_the_events(tmp_path: Path) -> None:
    khal = shutil.which("khal")
    if khal is None:
        pytest.skip("khal is not installed")
    (tmp_path / "calendar").mkdir()
    settings = tmp_path / "khal.conf"
    settings.write_text(
        f"[calendars]\n[[salon]]\npath = {tmp_path}/calendar\n"
        "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n",
        encoding="utf-8",
    )
    (tmp_path / "due.ics").write_bytes(calendar(DAYS))
    speaking = os.environ | {"LANG": "C.UTF-8"}  # khal stops at a locale that is not installed
    done = subprocess.run(
        [khal, "-c", str(settings), "import", "--batch", str(tmp_path / "due.ics")],
        capture_output=True, text=True, check=False, env=speaking,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    listed = subprocess.run(
        [khal, "-c", str(settings), "list", "2026-07-01", "1d"],
        capture_output=True, text=True, check=True, env=speaking,
    )  # fmt: skip
    assert "Иванова Мария: день рождения" in listed.stdout
