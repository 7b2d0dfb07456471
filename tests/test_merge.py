"""Laws of the semantic merge, and what people meet: two workplaces changed one card."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli import merge
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.kinds import Kinds
from cardcli.merge import audit, sequences

KINDS = Kinds()
BASE = """---
id: k7f3qd
number: К-00127
name: Иванова Мария
phones: ["+79000000127"]   # мобильный
# спросить при случае
source: сайт
confirmed: 2026-05-14
---

# Иванова Мария

Любит чай.

## Услуги

- 2026-05-14 Стрижка [price:: 2500] ^e7f3qd
- 2026-06-01 Окрашивание [price:: 5200] ^e2x9qt
  Тон 7.1.

## Рекомендации

- 2026-06-01 Маска [every:: 1w] [done:: 2026-06-08] ^r0c4tt
"""


def visit(text: str, entry_id: str, date: str, title: str = "Укладка") -> str:
    entry = Entry(entry_id, date, title, "", {"price": "1000"}, "", "visit")
    return cards.append(cards.parse(text), entry, "Услуги")


def put(text: str, key: str, value: str | list[str]) -> str:
    return cards.set_key(cards.parse(text), key, value)  # type: ignore[arg-type]


def amend(text: str, entry_id: str, **fields: str) -> str:
    return cards.amend(
        cards.parse(text), entry_id, lambda each: each._replace(fields={**each.fields, **fields})
    )


def merged(base: str, one: str, two: str) -> merge.Merged:
    """Merge both ways round: the result must not depend on the side."""
    result = merge.card(base, one, two, KINDS, "ru")
    again = merge.card(base, two, one, KINDS, "ru")
    assert again.text == result.text
    assert Counter(again.differences) == Counter(result.differences)
    return result


# --- what people meet ----------------------------------------------------------------------------


def test_both_add_a_visit_and_both_stand_in_order() -> None:
    one, two = visit(BASE, "a11111", "2026-05-20"), visit(BASE, "b22222", "2026-05-16")
    result = merged(BASE, one, two)
    ids = [each.id for each in cards.parse(result.text).of_kind("visit")]
    assert ids == ["e7f3qd", "b22222", "a11111", "e2x9qt"]
    assert not result.differences


def test_two_values_of_one_key_leave_a_line_to_check() -> None:
    one, two = put(BASE, "source", "подруга"), put(BASE, "source", "вывеска")
    result = merged(BASE, one, two)
    card = cards.parse(result.text)
    assert card.value("source") == "подруга"
    (difference,) = card.of_kind("difference")
    assert difference.fields == {"field": "source", "other": "вывеска"}
    assert difference.section == "Сверить"
    assert (difference.id, difference.date) == (result.differences[0].id, "2026-06-01")
    assert "# спросить при случае\nsource:" in result.text


def test_two_fields_of_one_entry_are_both_kept() -> None:
    result = merged(BASE, amend(BASE, "e7f3qd", price="2700"), amend(BASE, "e7f3qd", staff="Инна"))
    assert "- 2026-05-14 Стрижка [price:: 2700] [staff:: Инна] ^e7f3qd" in result.text
    assert not result.differences


def test_two_prices_of_one_entry_leave_a_line_to_check() -> None:
    result = merged(BASE, amend(BASE, "e7f3qd", price="2700"), amend(BASE, "e7f3qd", price="2600"))
    (line,) = cards.parse(result.text).of_kind("difference")
    assert line.fields == {"field": "price", "other": "2600", "of": "e7f3qd"}
    assert line.date == "2026-05-14"


def test_lists_and_lists_of_dates_are_sets() -> None:
    one = put(BASE, "phones", ["+79000000127", "+79000000128"])
    two = put(BASE, "phones", ["+79000000129"])
    one, two = (
        amend(one, "r0c4tt", done="2026-06-08, 2026-06-15"),
        amend(two, "r0c4tt", done="2026-06-08, 2026-06-22"),
    )
    result = merged(BASE, one, two)
    card = cards.parse(result.text)
    assert card.values("phones") == ["+79000000128", "+79000000129"]
    assert card.entry("r0c4tt").fields["done"] == "2026-06-08, 2026-06-15, 2026-06-22"
    assert "# мобильный" in result.text
    assert not result.differences


def test_the_later_confirmation_stands_without_a_difference() -> None:
    one, two = put(BASE, "confirmed", "2026-06-02"), put(BASE, "confirmed", "2026-06-05")
    result = merged(BASE, one, two)
    assert cards.parse(result.text).value("confirmed") == "2026-06-05"
    assert not result.differences


def test_deleted_here_and_changed_there_stays() -> None:
    one, two = cards.remove(cards.parse(BASE), "e7f3qd"), amend(BASE, "e7f3qd", price="2700")
    result = merged(BASE, one, two)
    assert cards.parse(result.text).entry("e7f3qd").fields["price"] == "2700"
    assert result.kept == ("^e7f3qd",)
    assert "e7f3qd" not in merged(BASE, one, put(BASE, "source", "вывеска")).text


def test_a_new_name_and_a_visit_meet_and_the_heading_follows() -> None:
    one, two = put(BASE, "name", "Петрова Мария"), put(BASE, "name", "Сидорова Мария")
    result = merged(BASE, one, visit(two, "a11111", "2026-06-03"))
    assert "# Сидорова Мария" in result.text
    assert [each.field for each in result.differences] == ["name"]


def test_the_same_id_made_twice_offline_keeps_both_entries() -> None:
    one = visit(BASE, "a11111", "2026-06-03")
    two = visit(BASE, "a11111", "2026-06-04", "Маникюр")
    found = cards.parse(merged(BASE, one, two).text).of_kind("visit")
    assert [each.title for each in found][-2:] == ["Укладка", "Маникюр"]
    assert len({each.id for each in found}) == 4


def test_own_text_is_merged_by_lines_and_a_clash_is_kept() -> None:
    one, two = BASE.replace("чай", "зелёный чай"), BASE.replace("чай.", "чай.\nЖивёт рядом.")
    assert "зелёный чай.\nЖивёт рядом." in merged(BASE, one, two).text
    result = merged(BASE, one, BASE.replace("чай", "чёрный чай"))
    assert [each.field for each in result.differences] == ["prose"]
    assert "зелёный" in result.text
    assert "чёрный" in result.text


def test_windows_line_ends_and_a_byte_order_mark_are_no_difference() -> None:
    one = "\ufeff" + visit(BASE, "a11111", "2026-06-03").replace("\n", "\r\n")
    result = merged(BASE, one, amend(BASE, "e7f3qd", price="2700"))
    assert result.text.startswith("\ufeff---\r\n")
    assert "\n" not in result.text.replace("\r\n", "")
    assert "2700" in result.text
    assert "a11111" in result.text
    assert not result.differences


def test_a_settled_difference_does_not_come_back() -> None:
    one, two = put(BASE, "source", "подруга"), put(BASE, "source", "вывеска")
    result = merged(BASE, one, two)
    settled = cards.remove(cards.parse(result.text), result.differences[0].id)
    assert (
        "difference"
        not in merged(result.text, settled, visit(result.text, "a11111", "2026-06-09")).text
    )


def test_a_broken_card_keeps_every_line_of_both() -> None:
    one = BASE.replace("source: сайт", "source: [сайт")
    two = visit(BASE, "a11111", "2026-06-03").replace("Любит чай.", "Любит кофе.")
    result = merged(BASE, one, two)
    assert result.by_lines
    for line in ("source: [сайт", "Любит кофе.", "^a11111"):
        assert line in result.text


def test_settings_merge_by_key_and_keep_comments() -> None:
    base = "# салон\nbusiness: Лавр\nservices:\n  # волосы\n  Стрижка: 2500\n  Укладка: 1600\nstaff: [Ольга]\n"
    one = base.replace("2500", "2700").replace("[Ольга]", "[Ольга, Инна]")
    two = base.replace("Лавр", "Мята").replace("  Укладка", "  Пилинг: 3200\n  Укладка")
    text = merge.settings(base, one, two, "ru").text
    assert text == merge.settings(base, two, one, "ru").text
    assert "business: Мята" in text
    assert "  # волосы\n  Стрижка: 2700\n  Пилинг: 3200\n  Укладка: 1600\n" in text
    clash = merge.settings(base, base.replace("Лавр", "Роза"), two, "ru")
    assert "business: Роза" in clash.text
    assert ": Мята\n" in clash.text


# --- laws ----------------------------------------------------------------------------------------

WORD = st.sampled_from(
    ["2500", "да", "a: b", "[x:: y]", "^e7f3qd", "\\", "`", "é", "# x", "---", "a\tb", "  "]
) | st.text(st.characters(codec="utf-8"), max_size=8)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), st.integers(0, 20), st.integers(1, 28)),
        st.tuples(st.just("set"), st.sampled_from(["source", "company", "tags"]), WORD),
        st.tuples(st.just("field"), st.sampled_from(["e7f3qd", "e2x9qt", "r0c4tt"]), WORD),
        st.tuples(st.just("remove"), st.sampled_from(["e7f3qd", "e2x9qt", "r0c4tt"]), WORD),
        st.tuples(st.just("line"), st.integers(0, 40), WORD),
    ),
    max_size=5,
)


def edited(text: str, edits: list[tuple[str, object, object]]) -> str:
    """Apply edits as people and commands make them; those that the card refuses are left out."""
    for what, where, how in edits:
        try:
            if what == "visit":
                text = visit(text, f"v{where!s:0>5}", f"2026-06-{how:02}", f"Укладка {how}")
            elif what == "set":
                value = [str(how)] if where == "tags" else str(how)
                text = cards.set_key(cards.parse(text), str(where), value)  # type: ignore[arg-type]
            elif what == "field":
                text = amend(text, str(where), price=str(how))
            elif what == "remove":
                text = cards.remove(cards.parse(text), str(where))
            else:
                lines = text.split("\n")
                lines.insert(min(int(str(where)), len(lines)), str(how))
                text = "\n".join(lines)
        except (BadCardError, cards.NoEntryError):
            continue
    return text


def check_laws(base: str, one: str, two: str) -> None:
    result = merged(base, one, two)
    assert merged(base, one, one).text == one
    assert merged(base, one, base).text == one
    if result.by_lines:
        there = Counter(line.strip() for line in result.text.replace("\ufeff", "").split("\n"))
        was = Counter(line.strip() for line in base.replace("\ufeff", "").split("\n"))
        for side, other in ((one, two), (two, one)):
            others = Counter(line.strip() for line in other.replace("\ufeff", "").split("\n"))
            for line in {line.strip() for line in side.replace("\ufeff", "").split("\n")} - {""}:
                assert there[line] or (was[line] and not others[line]), line
    else:
        assert not audit.lost([base, one, two], result.text, KINDS, dict(result.renamed))


@settings(max_examples=40)
@given(EDITS, EDITS)
def test_cards_edited_on_two_sides_obey_the_laws(
    mine: list[tuple[str, object, object]], yours: list[tuple[str, object, object]]
) -> None:
    check_laws(BASE, edited(BASE, mine), edited(BASE, yours))


LINES = st.lists(
    st.sampled_from(BASE.split("\n"))
    | WORD
    | st.sampled_from(["```", "## Услуги", "- 2026-05-14 x ^e7f3qd"]),
    max_size=14,
).map("\n".join)


@settings(max_examples=80)
@given(LINES, LINES, LINES)
def test_arbitrary_text_never_crashes_and_loses_no_line(base: str, one: str, two: str) -> None:
    check_laws(base, one, two)


@settings(max_examples=60)
@given(LINES, LINES, LINES)
def test_broken_bodies_under_sound_front_matter_lose_nothing(base: str, one: str, two: str) -> None:
    head = "---\nid: k7f3qd\nname: Иванова\n---\n"
    check_laws(head + base, head + one, head + two)


ITEMS = st.lists(st.sampled_from("abcdefg"), max_size=8)


@settings(max_examples=80)
@given(ITEMS, ITEMS, ITEMS)
def test_sequences_merge_the_same_from_either_side(
    base: list[str], one: list[str], two: list[str]
) -> None:
    def mixed(*versions: list[str]) -> list[str]:
        return sequences.merge(versions, choose=sequences.keep_both)

    assert mixed(base, one, two) == mixed(base, two, one)
    assert mixed(base, one, one) == one
    assert mixed(base, one, base) == one
    found = Counter(mixed(base, one, two))
    was, mine, yours = Counter(base), Counter(one), Counter(two)
    for item in {*one, *two}:
        taken = max(0, was[item] - mine[item]) + max(0, was[item] - yours[item])
        added = max(0, mine[item] - was[item], yours[item] - was[item])
        assert found[item] or was[item] - taken + added <= 0, item


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_one_sided_changes_come_through_byte_for_byte(ending: str) -> None:
    base = BASE.replace("\n", ending)
    changed = base.replace("Любит чай.", "Любит   чай,\t очень.  ")
    assert merged(base, changed, base).text == changed
    both = merged(BASE, BASE.replace("Тон 7.1.", "Тон   7.1. "), put(BASE, "source", "вывеска"))
    assert "  Тон   7.1. \n" in both.text
