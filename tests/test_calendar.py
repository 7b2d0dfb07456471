"""Calendars of other programs: whose an appointment is, when, what for; and what is left out, and why."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli.exchange.calendar import CODEC
from cardcli.exchange.incoming import Incoming, Noted, Options, Skipped, Told
from cardcli.kinds import Kinds

OPTIONS = Options(Kinds(), dt.date(2026, 6, 15), services=("Стрижка", "Стрижка мужская"))
DATA = (Path(__file__).parent / "data" / "calendar.ics").read_bytes()


def told(data: bytes) -> list[Told]:
    return list(CODEC.read(data, "a.ics", OPTIONS))


def test_appointments_come_in_with_client_day_time_and_service() -> None:
    one, two, three, four = [each for each in told(DATA) if isinstance(each, Incoming)]
    assert one.values == {"name": [("", "Иванова Мария")]}
    (entry,) = one.entries
    assert (entry.kind, entry.date, entry.time) == ("visit", "2026-07-01", "14:00")
    assert (entry.title, entry.fields) == ("Окрашивание", {"duration": "90"})
    assert entry.text == "Тон 7.1\nбез аммиака"
    assert one.unknown == {"LOCATION": ["Салон"]}
    assert two.values == {"emails": [("", "o@example.com")], "name": [("", "Петров Олег")]}
    assert (two.entries[0].time, two.entries[0].title) == ("18:30", "Стрижка мужская")
    assert two.entries[0].fields == {"duration": "45"}
    assert three.values == {"phones": [("", "8 (900) 000-01-27")]}
    assert (three.entries[0].title, three.entries[0].time) == ("маникюр", "09:00")
    assert (four.id, four.entries[0].id) == ("k7f3qd", "e7f3qd")
    assert (four.entries[0].date, four.entries[0].time) == ("2026-07-04", "")
    assert four.remarks == ("it repeats; only the first time is taken",)
    assert all(each.belongs for each in (one, two, three, four))


def test_what_is_no_appointment_of_a_client_is_told_with_its_line() -> None:
    skipped = [(each.place, each.reason) for each in told(DATA) if isinstance(each, Skipped)]
    assert [place for place, _reason in skipped] == [
        "a.ics:33", "a.ics:38", "a.ics:42", "a.ics:46", "a.ics:51", "a.ics:55", "a.ics:60"
    ]  # fmt: skip
    for (_place, reason), said in zip(
        skipped,
        (
            "“отпуск” names no client",
            "there is no date in it",
            "",
            "cancelled",
            "a task",
            "a reminder that cardcli wrote",
            "END:VEVENT is missing",
        ),
        strict=True,
    ):
        assert said in reason


@pytest.mark.parametrize(
    ("summary", "name", "service"),
    [
        ("Иванова Мария", "Иванова Мария", ""),
        ("Иванова Мария: чистка лица", "Иванова Мария", "чистка лица"),
        ("Педикюр (Ким Вера)", "Ким Вера", "Педикюр"),
        ("чистка лица, Ким Вера", "Ким Вера", "чистка лица"),
        ("Стрижка Иванова Мария", "Иванова Мария", "Стрижка"),
        ("Ким Вера стрижка мужская", "Ким Вера", "Стрижка мужская"),
        ("Лазер Котова Анна", "Котова Анна", "Лазер"),
        ("окрашивание Анна Котова", "Анна Котова", "окрашивание"),
        ("Anna Bell / nails", "Anna Bell", "nails"),
    ],
)
def test_a_title_says_who_and_what_for(summary: str, name: str, service: str) -> None:
    event = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701T100000\nSUMMARY:{summary.replace(',', chr(92) + ',')}\nEND:VEVENT\n"
    (found,) = told(event.encode())
    assert isinstance(found, Incoming)
    assert found.values == {"name": [("", name)]}
    assert found.entries[0].title == service


def test_a_file_without_appointments_says_so() -> None:
    (noted,) = told(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert isinstance(noted, Noted)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    told(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260701T100000\n" + data + b"\nEND:VEVENT\n")


def series(*lines: str, zone: str = "Europe/Moscow") -> list[Told]:
    """Return what comes of a calendar with a recurring appointment and what follows it."""
    event = ["BEGIN:VEVENT", "UID:s@example.com", "SUMMARY:Иванова Мария: чистка лица"]
    head = ["BEGIN:VCALENDAR", f"X-WR-TIMEZONE:{zone}", *event]
    return told("\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode())


def moments(found: Told) -> list[str]:
    assert isinstance(found, Incoming)
    return [f"{each.date} {each.time}".strip() for each in found.entries]


def test_a_series_with_an_end_has_all_its_times() -> None:
    (one,) = series("DTSTART:20260701T110000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert moments(one) == ["2026-07-01 14:00", "2026-07-08 14:00", "2026-07-15 14:00"]
    assert isinstance(one, Incoming)
    assert one.remarks == ("it repeats; 3 times are taken, the last on 2026-07-15",)
    assert [each.title for each in one.entries] == ["чистка лица"] * 3


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("DTSTART:20260701T110000Z", "20260708T110000Z"),
        ("DTSTART;TZID=Europe/Moscow:20260701T140000", "20260708T110000Z"),
        ("DTSTART:20260701T140000", "20260708T140000"),
        ("DTSTART;TZID=Europe/Moscow:20260701T140000", "20260708"),
    ],
)
def test_the_end_of_a_series_is_told_in_many_ways(start: str, until: str) -> None:
    (one,) = series(start, f"RRULE:FREQ=WEEKLY;UNTIL={until}")
    assert moments(one) == ["2026-07-01 14:00", "2026-07-08 14:00"]


def test_of_a_series_without_an_end_come_the_past_and_the_next_time() -> None:
    (one,) = series("DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=WEEKLY")
    assert moments(one) == ["2026-06-01", "2026-06-08", "2026-06-15", "2026-06-22"]


def test_the_clock_on_the_wall_stays_when_the_zone_changes_to_summer_time() -> None:
    (one,) = series(
        "DTSTART;TZID=Europe/Berlin:20260323T100000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        zone="Europe/Berlin",
    )
    assert moments(one) == ["2026-03-23 10:00", "2026-03-30 10:00"]


def test_times_left_out_and_moved_are_no_times_of_a_series() -> None:
    series_, moved = series(
        "DTSTART;TZID=Europe/Moscow:20260701T140000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=Europe/Moscow:20260708T140000",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:s@example.com",
        "RECURRENCE-ID:20260715T110000Z",
        "SUMMARY:Иванова Мария: чистка лица",
        "DTSTART;TZID=Europe/Moscow:20260716T150000",
    )
    assert moments(series_) == ["2026-07-01 14:00", "2026-07-22 14:00"]
    assert moments(moved) == ["2026-07-16 15:00"]


def test_a_series_of_which_nothing_is_left_is_told() -> None:
    (one,) = series("DTSTART:20260701T140000", "RRULE:FREQ=DAILY;COUNT=1", "EXDATE:20260701T140000")
    assert isinstance(one, Skipped)
    assert one.reason == "it repeats, and none of its times is left"


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;INTERVAL=0", "COUNT=3"],
)
def test_of_a_strange_rule_the_first_time_is_taken(rule: str) -> None:
    (one,) = series("DTSTART:20260701T140000", f"RRULE:{rule}")
    assert moments(one) == ["2026-07-01 14:00"]


def test_a_series_without_an_identity_is_read_too() -> None:
    text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Иванова Мария\nDTSTART:20260701T140000\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT\n"
    (one,) = told(text.encode())
    assert moments(one) == ["2026-07-01 14:00", "2026-07-02 14:00"]


def test_single_further_times_belong_to_a_series() -> None:
    (found,) = series(
        "DTSTART;TZID=Europe/Moscow:20260324T150000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "RDATE;TZID=Europe/Moscow:20260325T150000,20260326T150000",
        "EXDATE;TZID=Europe/Moscow:20260326T150000",
    )
    assert "2026-03-25 15:00" in moments(found)
    assert "2026-03-26 15:00" not in moments(found)
    assert len(moments(found)) == 3


@pytest.mark.parametrize("name", ["EXDATE", "RDATE"])
def test_a_time_that_is_none_does_not_take_the_series_with_it(name: str) -> None:
    (found,) = series(
        "DTSTART;TZID=Europe/Moscow:20260324T150000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        f"{name};TZID=Europe/Moscow:20260326T158000",
    )
    assert moments(found) == ["2026-03-24 15:00", "2026-03-31 15:00"]


def test_a_birthday_in_a_calendar_is_no_appointment() -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@example.com\nDTSTART;VALUE=DATE:19900512\n"
        "RRULE:FREQ=YEARLY\nSUMMARY:День рождения — Котова Анна\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    (found,) = told(text.encode())
    assert isinstance(found, Skipped)
    assert "whole day of every year" in found.reason
