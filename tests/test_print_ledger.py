"""The print ledger, the codes on sheets, the rows of a log: laws that hold for any values."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardcli import ids, mergedriver
from cardcli.archive import codes, content, ledger, passbook
from cardcli.archive.content import Content, Printed
from cardcli.archive.ledger import Line
from cardcli.cli import papertrail
from cardcli.merge import lines as ledger_lines
from cardcli.merge import trees
from cardcli.search.letters import russian_keys

card_ids = st.integers(0, 10**6).map(lambda number: ids.derived_id(str(number)))
hashes = st.integers(0, 16**8 - 1).map(lambda number: f"{number:08x}")
moments = st.integers(10, 28).map(lambda day: f"2026-06-{day} 09:30:{day}")
printed = st.lists(
    st.builds(Printed, card_ids, hashes, st.integers(1, 40)), max_size=5, unique_by=lambda p: p.id
)


@st.composite
def prints(draw: st.DrawFn) -> Line:
    said = Content(draw(hashes), "", tuple(draw(printed)))
    return ledger.line(
        draw(moments), ledger.PRINT, said, card=draw(card_ids), form="log", paper="a5",
        sheet=draw(st.integers(1, 9)), rows="1-4", revision=draw(hashes),
    )  # fmt: skip


@given(prints())
def test_a_line_is_read_as_it_was_written(line: Line) -> None:
    (read,), strange = ledger.read(f"{line}\n")
    assert read == line
    assert strange == []
    assert read.content.entries == line.entries


def test_a_line_is_for_people_too() -> None:
    said = Content("0c1d2e3f", "", (Printed("e7f3qd", "3fa2b1c0", 1), Printed("-", "91bc22d0", 3)))
    line = ledger.line(
        "2026-06-15 09:30:05", "print", said, card="k7f3qd", form="log", paper="a5", sheet=1,
        rows="1-3", revision="9f3c2ab1",
    )  # fmt: skip
    assert str(line).startswith(
        "- 2026-06-15 09:30:05 print [card:: k7f3qd] [form:: log] [paper:: a5] [sheet:: 1] [rows:: 1-3]"
        " [revision:: 9f3c2ab1] [profile:: 0c1d2e3f] [entries:: 1 e7f3qd 3fa2b1c0, 3 - 91bc22d0] ^"
    )
    assert ledger.path_of(line) == "archive/2026-06.md"


def test_what_is_no_line_is_named_and_the_others_are_read() -> None:
    line = ledger.line("2026-06-15 09:30:05", "lost", card="k7f3qd", of="p4x7kd")
    read, strange = ledger.read(f"# моё\n\n{line}\n- вчера напечатала Иванову\n")
    assert read == [line]
    assert strange == [1, 4]


files = st.lists(prints(), max_size=6).map(lambda each: ledger.added("", each))


@settings(max_examples=40)
@given(files, st.lists(prints(), max_size=4), st.lists(prints(), max_size=4))
def test_a_merge_has_the_lines_of_both_sides_whichever_is_ours(
    base: str, mine: list[Line], yours: list[Line]
) -> None:
    one, two = ledger.added(base, mine), ledger.added(base, yours)
    merged = ledger_lines.merge(base, one, two)
    assert merged == ledger_lines.merge(base, two, one)
    assert merged == ledger.added(base, [*mine, *yours])
    assert ledger_lines.merge(merged, merged, merged) == merged


@settings(max_examples=40)
@given(files, st.lists(prints(), min_size=1, max_size=3), st.lists(prints(), max_size=3))
def test_an_undo_takes_out_its_own_lines_only(
    before: str, recorded: list[Line], later: list[Line]
) -> None:
    after = ledger.added(before, recorded)
    now = ledger.added(after, later)
    undone = ledger_lines.merge(after, now, before)
    added = {str(each) for each in recorded} - {*before.split("\n")}
    assert {*undone.split("\n")} == {*now.split("\n")} - added


@given(st.permutations(range(6)))
def test_what_happens_within_one_second_keeps_its_order(order: list[int]) -> None:
    whats = ["lost", "found"] * 3
    lines = [
        ledger.line(f"2026-06-15 09:30:05.{n:03}", what, card="k7f3qd", of="p4x7kd")
        for n, what in enumerate(whats)
    ]
    text = "".join(f"{lines[n]}\n" for n in order)
    read, strange = ledger.read(text)
    assert (strange, list(ledger.ledger(read).lines)) == ([], lines)
    assert ledger.ledger(read).marks == {}
    assert {each.time for each in lines} == {"2026-06-15 09:30:05"}


def test_the_clock_gives_lines_their_thousandths() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", papertrail.moment())


def test_git_merges_the_ledger_by_our_driver(tmp_path: Path) -> None:
    lines = [
        ledger.line(f"2026-06-1{n} 09:30:05", "lost", card="k7f3qd", of="p4x7kd") for n in range(3)
    ]
    texts = [
        ledger.added("", [lines[0]]),
        ledger.added("", lines[:2]),
        ledger.added("", lines[::2]),
    ]
    for name, text in zip("OAB", texts, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    assert mergedriver.main([*(str(tmp_path / name) for name in "OAB"), "archive/2026-06.md"]) == 0
    assert (tmp_path / "A").read_text("utf-8") == ledger.added("", lines)


@pytest.mark.parametrize("path", ["archive/2026-06.md", "salon/archive/2026-06.md"])
def test_a_file_of_the_ledger_is_known_by_its_name(path: str) -> None:
    assert trees.is_ledger(path)
    assert not trees.is_card(path)


# --- codes -----------------------------------------------------------------------------------------


@given(card_ids, hashes, st.integers(0, 300), st.booleans(), st.booleans())
def test_a_code_is_read_in_both_layouts_and_cases(
    card: str, revision: str, sheet: int, russian: bool, shouted: bool
) -> None:
    printed = codes.code(card, revision, sheet)
    typed = russian_keys(printed) if russian else printed
    typed = typed.upper() if shouted else typed
    assert codes.read(f" {typed}\n") == (card, revision, sheet)


@pytest.mark.parametrize(
    "typed", ["ССЖл7а3йв.9а3с2фи1", "СС:k7f3qd/9f3c2ab1", "сс k7f3qd 9f3c2ab1", "cck7f3qd/9f3c2ab1"]
)
def test_what_a_keyboard_makes_of_a_code_is_understood(typed: str) -> None:
    assert codes.read(typed) == ("k7f3qd", "9f3c2ab1", 0)


@pytest.mark.parametrize(
    "typed", ["", "k7f3qd", "CC:", "CC:k7f3qd/xyz", "https://example.com", "CC:k7f3qd/9f3c2ab1/0x"]
)
def test_other_codes_are_refused(typed: str) -> None:
    with pytest.raises(codes.BadCodeError, match="no code of a sheet"):
        codes.read(typed)


# --- rows ------------------------------------------------------------------------------------------

heights = st.lists(st.integers(1, 30), max_size=20)


@given(heights, st.integers(1, 26), st.integers(1, 3), st.data())
def test_no_row_is_used_twice_and_nothing_is_left_out(
    sizes: list[int], per_sheet: int, sheet: int, data: st.DataObject
) -> None:
    row = data.draw(st.integers(1, per_sheet + 1))
    places = passbook.plan(sizes, per_sheet, sheet, row)
    used = [(each.sheet, each.row + n) for each in places for n in range(each.rows)]
    assert used == sorted(set(used))
    assert all(1 <= number <= per_sheet for _sheet, number in used)
    assert not used or used[0] >= (sheet, row)
    for visit, height in enumerate(sizes):
        parts = [each for each in places if each.visit == visit]
        assert sum(each.rows for each in parts) == height
        assert [each.skip for each in parts] == [
            0, *itertools.accumulate(each.rows for each in parts[:-1])
        ]  # fmt: skip
        assert len(parts) == 1 or height > per_sheet


@given(heights, heights, st.integers(1, 26))
def test_going_on_later_puts_everything_where_one_print_would(
    first: list[int], later: list[int], per_sheet: int
) -> None:
    begun = passbook.plan(first, per_sheet)
    last = begun[-1] if begun else passbook.Place(0, 1, 1, 0)
    rest = passbook.plan(later, per_sheet, last.sheet, last.row + last.rows)
    moved = [
        passbook.Place(each.visit + len(first), each.sheet, each.row, each.rows, each.skip)
        for each in rest
    ]
    assert [*begun, *moved] == passbook.plan([*first, *later], per_sheet)


# --- what differs ----------------------------------------------------------------------------------


def test_new_changed_and_removed_entries_are_told_apart() -> None:
    paper = [
        Printed("a00001", "1"),
        Printed("a00002", "2"),
        Printed("a00003", "3"),
        Printed("-", "x"),
    ]
    now = [
        Printed("a00001", "1"),
        Printed("a00002", "9"),
        Printed("a00004", "4"),
        Printed("-", "y"),
    ]
    assert content.between(paper, now) == (("a00004", "-"), ("a00002",), ("a00003", "-"))


@given(printed)
def test_paper_that_says_the_same_differs_in_nothing(entries: list[Printed]) -> None:
    said = Content("a", "b", tuple(entries))
    assert not content.compare(said, said)
