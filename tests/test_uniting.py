"""Laws of joining two cards and of taking it back, and what people meet in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli import parting, uniting
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.uniting import CannotUniteError
from cardcli.yamlpatch import Value

KEPT = """---
id: k7f3qd
number: К-00127
name: Иванова Мария Петровна
phones:
  - "+79000000127"   # мобильный
birthday: 1990-04-12
# свой комментарий
tags: [vip]
created: 2026-01-10
---

# Иванова Мария Петровна

Любит чай.

## Услуги

- 2026-05-14 Стрижка [price:: 2500] ^e7f3qd
- 2026-06-01 14:30 Окрашивание [price:: 5200] ^e2x9qt
  Тон 7.1

Свой текст под записью.

## Своё

привет
"""
OTHER = """---
id: w8d2fq
number: К-00128
name: Маша Иванова
phones:
  - "+79000000127"
  - "+79000000128"
emails:   # рабочая
  - m@example.com
birthday: 1991-04-12
# аллергия со слов
allergies:
  - латекс
tags:
  - утро
created: 2025-01-10
---

# Маша Иванова

Не любит кофе.

## Услуги

- 2026-05-20 Маникюр [price:: 500] [after:: files/w8d2fq/a.jpg] ^e7f3qd

## Платежи

- 2026-05-20 Маникюр [amount:: 500] [of:: e7f3qd] ^a2x9qt

## Другое

пока
"""


def united(kept: str, other: str, **choices: str) -> uniting.United:
    return uniting.unite(cards.parse(kept), cards.parse(other), choices, "ru")


def put(text: str, key: str, value: Value | None) -> str:
    return cards.set_key(cards.parse(text), key, value)


# --- what people meet -------------------------------------------------------------------------------


def test_lists_and_entries_are_united_and_a_second_value_waits_to_be_settled() -> None:
    card = cards.parse(united(KEPT, OTHER).text)
    assert (card.id, card.number, card.name) == ("k7f3qd", "К-00127", "Иванова Мария Петровна")
    assert card.values("phones") == ["+79000000127", "+79000000128"]
    assert card.values("emails") == ["m@example.com"]
    assert card.values("tags") == ["vip", "утро"]
    assert card.values("allergies") == ["латекс"]
    assert card.value("created") == "2025-01-10"
    assert card.metadata["merged"] == [{"w8d2fq": "К-00128"}]
    assert [each.title for each in card.of_kind("visit")] == ["Стрижка", "Маникюр", "Окрашивание"]
    waiting = {each.fields["field"]: each.fields["other"] for each in card.of_kind("difference")}
    assert waiting == {"name": "Маша Иванова", "birthday": "1991-04-12"}


def test_what_the_user_wrote_stays_line_for_line() -> None:
    text = united(KEPT, OTHER).text
    lines = text.split("\n")
    for own in ("Любит чай.", "Не любит кофе.", "Свой текст под записью.", "привет", "пока"):
        assert lines.count(own) == 1
    for comment in ("# свой комментарий", "# аллергия со слов", "emails:   # рабочая"):
        assert lines.count(comment) == 1
    assert '  - "+79000000127"   # мобильный' in lines
    rest = iter(lines)
    changed = ("tags:", "created:")
    assert all(line in rest for line in KEPT.split("\n") if not line.startswith(changed))


def test_an_id_that_both_cards_used_is_renamed_with_its_references() -> None:
    result = united(KEPT, OTHER)
    card = cards.parse(result.text)
    new = result.renamed["e7f3qd"]
    assert card.entry(new).title == "Маникюр"
    assert card.entry("a2x9qt").fields["of"] == new
    assert card.entry("e7f3qd").title == "Стрижка"


def test_links_follow_the_files() -> None:
    other = OTHER.replace("пока", "![](../files/w8d2fq/b.jpg) и [[#^e7f3qd]]")
    result = united(KEPT, other)
    assert "[after:: files/k7f3qd/w8d2fq/a.jpg]" in result.text
    assert f"![](../files/k7f3qd/w8d2fq/b.jpg) и [[#^{result.renamed['e7f3qd']}]]" in result.text


@pytest.mark.parametrize(
    ("key", "kept", "other", "stands"),
    [
        ("name", "Иванова Мария", "Иванова Мария Петровна", "Иванова Мария Петровна"),
        ("name", "Иванова Мария Петровна", "Мария Иванова", "Иванова Мария Петровна"),
        ("birthday", "--04-12", "1990-04-12", "1990-04-12"),
        ("birthday", "1990-04-12", "--04-12", "1990-04-12"),
        ("created", "2026-03-01", "2026-01-01", "2026-01-01"),
        ("confirmed", "2026-03-01", "2026-04-01", "2026-04-01"),
        ("source", "сайт", "Сайт", "сайт"),
    ],
)
def test_a_rule_decides_where_one_value_says_all(
    key: str, kept: str, other: str, stands: str
) -> None:
    result = united(put(KEPT, key, kept), put(OTHER, key, other))
    card = cards.parse(result.text)
    assert card.value(key) == stands
    assert key not in {each.field for each in result.differences}


def test_a_choice_leaves_no_difference_and_a_lost_name_is_a_former_one() -> None:
    result = united(KEPT, OTHER, name="b", birthday="a")
    card = cards.parse(result.text)
    assert not result.differences
    assert (card.name, card.value("birthday")) == ("Маша Иванова", "1990-04-12")
    assert card.values("former_names") == ["Иванова Мария Петровна"]
    assert "# Маша Иванова\n" in result.text
    everything = cards.parse(united(KEPT, OTHER, **{"*": "b"}).text)
    assert everything.value("birthday") == "1991-04-12"


def test_values_within_a_map_are_settled_one_by_one() -> None:
    kept = put(KEPT, "social", {"vk": "mary", "tg": "mary1"})
    other = put(OTHER, "social", {"vk": "masha", "ok": "m"})
    result = united(kept, other)
    assert cards.parse(result.text).metadata["social"] == {"vk": "mary", "tg": "mary1", "ok": "m"}
    assert ("social.vk", "masha") in {(each.field, each.other) for each in result.differences}


def test_a_label_says_all_that_the_bare_phone_says() -> None:
    other = put(OTHER, "phones", [{"work": "+79000000127"}])
    card = cards.parse(united(KEPT, other).text)
    assert card.labelled("phones") == [("work", "+79000000127")]


def test_a_name_in_parts_is_the_same_name() -> None:
    name: Value = {"family": "Иванова", "given": "Мария", "patronymic": "Петровна"}
    result = united(KEPT, put(OTHER, "name", name))
    assert [each.field for each in result.differences] == ["birthday"]


def test_who_is_not_the_same_as_either_is_not_the_same_as_both() -> None:
    kept, other = (
        put(KEPT, "not_same_as", ["w8d2fq", "c3d4e5"]),
        put(OTHER, "not_same_as", ["f6g7h8"]),
    )
    card = cards.parse(united(kept, other).text)
    assert card.values("not_same_as") == ["c3d4e5", "f6g7h8"]


def test_older_joins_of_both_cards_are_kept() -> None:
    kept, other = put(KEPT, "merged", [{"c3d4e5": "К-1"}]), put(OTHER, "merged", ["f6g7h8"])
    card = cards.parse(united(kept, other).text)
    assert card.metadata["merged"] == [{"c3d4e5": "К-1"}, {"w8d2fq": "К-00128"}, "f6g7h8"]


def test_one_entry_in_both_cards_is_one_and_its_second_price_waits() -> None:
    line = "- 2026-05-14 Стрижка [price:: 2500] ^e7f3qd"
    other = OTHER.replace(
        "- 2026-05-20 Маникюр [price:: 500] [after:: files/w8d2fq/a.jpg] ^e7f3qd", line
    )
    assert united(KEPT, other).text.count("Стрижка") == 1
    dearer = united(KEPT, other.replace("2500", "2700"))
    (waiting,) = (each for each in dearer.differences if each.entry)
    assert (waiting.entry, {waiting.kept, waiting.other}) == ("e7f3qd", {"2500", "2700"})


def test_entries_of_one_day_and_title_are_named_as_perhaps_one() -> None:
    other = OTHER.replace("2026-05-20 Маникюр [price:: 500]", "2026-06-01 окрашивание")
    ((mine, yours),) = united(KEPT, other).doubles
    assert (mine.id, yours.title) == ("e2x9qt", "окрашивание")


def test_headings_in_the_other_language_are_the_same_section() -> None:
    result = united(KEPT, OTHER.replace("## Услуги", "## Services"))
    assert "## Services" not in result.text
    assert len(cards.parse(result.text).of_kind("visit")) == 3


def test_an_open_code_block_is_refused_with_a_sentence() -> None:
    broken = KEPT + "\n```\nкод\n"
    with pytest.raises(CannotUniteError, match="cannot be joined safely"):
        united(broken, OTHER)


def test_a_front_matter_in_braces_is_refused_with_a_sentence() -> None:
    with pytest.raises(CannotUniteError, match="braces"):
        united("---\n{id: k7f3qd, name: Иванова}\n---\n", OTHER)


# --- and back ------------------------------------------------------------------------------------------


def parted(now: str) -> parting.Parted:
    kept, other = cards.parse(KEPT), cards.parse(OTHER)
    return parting.part(kept, other, cards.parse(united(KEPT, OTHER).text), cards.parse(now), "ru")


def test_what_was_added_later_stays_and_what_was_changed_goes_home() -> None:
    card = cards.parse(united(KEPT, OTHER).text)
    new = Entry("n2n2n2", "2026-07-01", "Пилинг", "", {"price": "900"}, "", "visit")
    card = cards.parse(cards.append(card, new, "Услуги"))
    (nails,) = (each.id for each in card.of_kind("visit") if each.title == "Маникюр")
    text = cards.amend(
        card,
        nails,
        lambda each: each._replace(date="2026-05-13", fields={**each.fields, "price": "700"}),
    )
    text = put(text, "phones", ["+79000000127", "+79000000129"])
    text = put(text, "comment", "новый")
    result = parted(text)
    mine, yours = cards.parse(result.kept), cards.parse(result.other)
    assert [each.title for each in mine.of_kind("visit")] == ["Стрижка", "Окрашивание", "Пилинг"]
    assert [each.id for each in result.stayed] == ["n2n2n2"]
    assert "- 2026-05-13 Маникюр [price:: 700] [after:: files/w8d2fq/a.jpg] ^e7f3qd" in result.other
    assert yours.entry("a2x9qt").fields["of"] == "e7f3qd"
    assert mine.values("phones") == ["+79000000127", "+79000000129"]
    assert yours.values("phones") == ["+79000000127"]
    assert mine.value("comment") == "новый"
    assert "merged" not in mine.metadata
    assert set(result.travelled) == {"^e7f3qd", "phones"}


def test_an_entry_removed_since_is_removed_from_the_card_it_came_from() -> None:
    text = cards.remove(cards.parse(united(KEPT, OTHER).text), "a2x9qt")
    assert not cards.parse(parted(text).other).of_kind("payment")


def test_a_difference_that_was_settled_for_the_other_gives_each_their_own_again() -> None:
    text = put(united(KEPT, OTHER).text, "birthday", "1991-04-12")
    result = parted(text)
    assert (result.kept, result.other) == (KEPT, OTHER)


def test_a_value_that_came_from_the_other_card_goes_back_as_it_is_now() -> None:
    other = put(OTHER, "source", "сайт")
    joined = united(KEPT, other).text
    now = put(joined, "source", "подруга")
    kept = cards.parse(KEPT)
    result = parting.part(kept, cards.parse(other), cards.parse(joined), cards.parse(now))
    assert cards.parse(result.other).value("source") == "подруга"
    assert result.kept == KEPT


def test_a_photo_added_to_an_entry_later_goes_back_with_it() -> None:
    card = cards.parse(united(KEPT, OTHER).text)
    (nails,) = (each.id for each in card.of_kind("visit") if each.title == "Маникюр")
    fields = {"before": "files/k7f3qd/2026-07-01-do.jpg"}
    now = cards.amend(card, nails, lambda each: each._replace(fields={**each.fields, **fields}))
    result = parted(now)
    assert result.files == {"files/k7f3qd/2026-07-01-do.jpg": "files/w8d2fq/2026-07-01-do.jpg"}
    assert "[before:: files/w8d2fq/2026-07-01-do.jpg]" in result.other


# --- laws -----------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    ["чай", "кофе", "утро: 9", "#нет", "да", "«ёж»", "a-b", "12", "[x]", "see ^e00001"]
)
_IDS = st.sampled_from([f"e0000{n}" for n in range(6)])
_KEYS: dict[str, st.SearchStrategy[Any]] = {
    "phones": st.lists(st.sampled_from(["+79000000127", "+79000000128", "112"]), unique=True),
    "tags": st.lists(_WORDS, unique=True),
    "allergies": st.lists(_WORDS, unique=True),
    "social": st.dictionaries(st.sampled_from(["vk", "tg"]), _WORDS, min_size=1),
    "birthday": st.sampled_from(["1990-04-12", "--04-12", "1991-12-01"]),
    "source": _WORDS, "comment": _WORDS, "own key": _WORDS,
    "confirmed": st.sampled_from(["2026-01-01", "2026-02-02"]),
    "created": st.sampled_from(["2025-01-01", "2026-02-02"]),
    "name": st.sampled_from(["Иванова Мария", "Иванова Мария Петровна", "Маша И."]),
}  # fmt: skip
_SECTIONS = ["Услуги", "Services", "Платежи", "Заметки", "Своё", "Другое"]
_PROSE = st.lists(
    st.sampled_from(["любит тишину", "звонить утром", "> цитата", "- пункт", "", "### Ниже"]),
    max_size=3,
)


@st.composite
def _entries(draw: st.DrawFn, taken: set[str]) -> Iterator[str]:
    lines: list[str] = []
    for _n in range(draw(st.integers(0, 3))):
        entry_id = draw(_IDS)
        if entry_id in taken:
            continue
        taken.add(entry_id)
        day = draw(st.integers(1, 4))
        price = draw(st.sampled_from(["", " [price:: 100]", " [price:: 200]", " [of:: e00002]"]))
        title = draw(st.sampled_from(["Стрижка", "Маникюр", "Уход *x*"]))
        lines.append(f"- 2026-05-0{day} {title}{price} ^{entry_id}")
        lines += draw(st.sampled_from([[], ["  текст"], ["", "ниже записи", ""]]))
    return lines  # type: ignore[return-value]


@st.composite
def texts(draw: st.DrawFn, card_id: str = "k7f3qd") -> str:
    """Return a card as people write them: keys in any order, comments, own text, both line breaks."""
    text = f"---\nid: {card_id}\nnumber: К-{card_id}\n---\n"
    keys = draw(st.lists(st.sampled_from(sorted(_KEYS)), unique=True))
    for key in dict.fromkeys(["name", *keys]):
        text = put(text, key, draw(_KEYS[key]))
        if draw(st.booleans()):
            text = text.replace(f"\n{key}:", f"\n# о ключе {key} {card_id}\n{key}:", 1)
    lines = [*text.split("\n")[:-1], "", f"# {cards.parse(text).name}", "", *draw(_PROSE)]
    taken: set[str] = set()
    for heading in draw(st.lists(st.sampled_from(_SECTIONS), unique=True, max_size=4)):
        lines += ["", f"## {heading}", "", *draw(_PROSE), *draw(_entries(taken))]
    text = "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return draw(st.sampled_from(["", "\ufeff"])) + text


def values(value: Value) -> Iterator[str]:
    """Yield each innermost value."""
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from values(inner)


def lost(card: Card, result: uniting.United, *, translated: bool) -> list[str]:
    """Return what a card says and the united one says nowhere; written apart from the program's proof."""
    now = cards.parse(result.text)
    waiting = [each.other for each in result.differences]
    names = result.renamed if translated else {}
    told = [*values(list(now.metadata.values())), *waiting]
    missing = [
        value
        for key, held in card.metadata.items()
        for value in values(held)
        if key not in {"id", "created", "confirmed"}
        and not any(_says(_renamed(value, names), other) for other in told)
    ]
    there = {each.id: each for each in now.entries}
    for each in card.entries:
        found = there.get(names.get(each.id, each.id))
        if found is None or (found.date, found.title) != (each.date, each.title):
            missing.append(f"^{each.id}")
            continue
        for key, value in each.fields.items():
            if value not in {found.fields.get(key), names.get(found.fields.get(key, ""))} | {*waiting} \
                    and names.get(value) != found.fields.get(key):  # fmt: skip
                missing.append(f"^{each.id} {key}")
        if each.text not in found.text and each.text not in waiting:
            missing.append(f"^{each.id} text")
    prose = "\n".join(now.prose.values()).split("\n")
    missing += [
        line
        for own in card.prose.values()
        for line in own.split("\n")
        if line.strip() and line not in prose and line != f"# {card.name}"
    ]
    comments = [line.strip() for line in card.lines if line.strip().startswith("# о ключе")]
    return missing + [line for line in comments if line not in map(str.strip, now.lines)]


def _renamed(value: str, names: Mapping[str, str]) -> str:
    """Return a value whose references to entries follow them."""
    for old, new in names.items():
        value = value.replace(f"^{old}", f"^{new}")
    return value


def _says(value: str, other: str) -> bool:
    """Tell whether one value says all of another: the same, a fuller name, a birthday with its year."""
    return (
        value.casefold() == other.casefold()
        or {*value.split()} <= {*other.split()}
        or (value.startswith("--") and other.endswith(value[2:]))
    )


@settings(max_examples=60)
@given(texts(), texts("w8d2fq"))
def test_nothing_of_either_card_is_lost(one: str, two: str) -> None:
    kept, other = cards.parse(one), cards.parse(two)
    result = uniting.unite(kept, other, language="ru")
    assert lost(kept, result, translated=False) == []
    assert lost(other, result, translated=True) == []
    now = cards.parse(result.text)
    assert len(now.entries) == len({each.id for each in now.entries})
    assert now.newline == kept.newline
    assert now.id == kept.id


@settings(max_examples=60)
@given(texts(), texts("w8d2fq"))
def test_joining_again_changes_nothing(one: str, two: str) -> None:
    result = uniting.unite(cards.parse(one), cards.parse(two), language="ru")
    again = uniting.unite(cards.parse(result.text), cards.parse(two), language="ru")
    assert again.text == result.text


@settings(max_examples=60)
@given(texts(), texts("w8d2fq"), st.sampled_from(["", "a", "b"]))
def test_unmerge_right_away_gives_both_texts_back_byte_for_byte(
    one: str, two: str, all_: str
) -> None:
    kept, other = cards.parse(one), cards.parse(two)
    choices = {"*": all_} if all_ else {}
    joined = cards.parse(uniting.unite(kept, other, choices, "ru").text)
    result = parting.part(kept, other, joined, joined, "ru")
    assert (result.kept, result.other) == (one, two)


@settings(max_examples=60)
@given(texts(), texts("w8d2fq"), st.data())
def test_unmerge_after_other_changes_loses_no_entry(
    one: str, two: str, data: st.DataObject
) -> None:
    kept, other = cards.parse(one), cards.parse(two)
    result = uniting.unite(kept, other, language="ru")
    now = joined = cards.parse(result.text)
    expected = {each.id for each in joined.entries if each.kind != "difference"}
    for number in range(data.draw(st.integers(1, 4))):
        there = [each for each in now.entries if each.kind != "difference"]
        action = data.draw(st.sampled_from(["add", "change", "remove", "phone"]))
        if action == "add":
            entry = Entry(f"n0000{number}", "2026-05-03", "Новое", "", {}, "", "visit")
            now = cards.parse(cards.append(now, entry, "Услуги"))
            expected.add(entry.id)
        elif action == "phone":
            now = cards.parse(
                put(now.text, "phones", [*now.values("phones"), f"+7900000013{number}"])
            )
        elif there:
            chosen = data.draw(st.sampled_from(there)).id
            if action == "remove":
                now = cards.parse(cards.remove(now, chosen))
                expected.discard(chosen)
            else:
                now = cards.parse(
                    cards.amend(now, chosen, lambda each: each._replace(title="Иное"))
                )
    apart = parting.part(kept, other, joined, now, "ru")
    back = {new: old for old, new in result.renamed.items()}
    mine, yours = cards.parse(apart.kept), cards.parse(apart.other)
    own = {each.id for each in kept.entries}
    theirs = {each.id for each in other.entries}
    for entry_id in expected:
        holder = yours if back.get(entry_id, entry_id) in theirs and entry_id not in own else mine
        assert back.get(entry_id, entry_id) in {each.id for each in holder.entries}
    assert set(now.values("phones")) <= {*mine.values("phones"), *yours.values("phones")}
