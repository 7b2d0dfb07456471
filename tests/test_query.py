"""The query language: every operator and key, precedence, errors that point at the place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import query
from cardcli.card import Card
from cardcli.kinds import Kinds
from cardcli.query import Keys, QueryError, View
from cardcli.terms import Terms
from tests.cardtexts import RULES, card

KEYS = query.table(Kinds())
TERMS = Terms()


def meant(text: str, *cards: Card, keys: Keys = KEYS) -> list[str]:
    """Return the ids of the cards a query means."""
    node = query.parse(text, keys, RULES)
    return [each.id for each in cards if query.matches(node, View(each, RULES, TERMS))]


def holds(text: str, one: Card, keys: Keys = KEYS) -> bool:
    return bool(meant(text, one, keys=keys))


def refused(text: str, keys: Keys = KEYS) -> QueryError:
    with pytest.raises(QueryError) as caught:
        query.parse(text, keys, RULES)
    return caught.value


MARIA = card(
    """number: К-00127
phones: ["+79000000127"]
emails: [maria@example.com]
birthday: 1990-04-12
allergies: [лидокаин — отёк Квинке (2019)]
tags: [vip, мужской зал]
source: Инстаграм
created: 2026-01-10
confirmed: 2026-05-14
size: "38"
""",
    visit="""
        2026-02-01 Стрижка женская [price:: 2500] [staff:: Ольга] [rating:: 5] ^e00001
        2026-03-01 Окрашивание [price:: 5200] [staff:: Инна] [rating:: 3] ^e00002
        2026-04-15 Стрижка женская [price:: 2500] [staff:: Ольга] ^e00003
        2026-07-01 Укладка [price:: 1600] [staff:: Инна] ^e00004
    """,
    sale="2026-04-15 Шампунь [price:: 450] [qty:: 2] ^e00005",
    contact="2026-05-01 Жалоба на цвет [channel:: call] [status:: open] ^e00006",
    advice="""
        2026-03-01 Маска для волос [every:: 1w] [done:: 2026-03-05] [until:: 2026-03-22] ^e00007
    """,
)
"""Three visits up to 15 June 2026, one booked; 2500 + 5200 + 2500 + 2 · 450 = 11100 spent."""

ANNA = card("birthday: --12-25\ntags: [vip-old]\n", id_="b00001", name="Петрова-Водкина Анна")


# --- texts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("service:стриж", True),
        ("service:женск", True),
        ('service:"женская стрижка"', True),
        ("service:тижка", False),
        ("service:СТРИЖКА", True),
        ("service=стрижка", False),
        ('service="стрижка женская"', True),
        ('service=="Стрижка женская"', True),
        ("service!=укладка", False),
        ("service!=стрижка", True),
        ("service:*жен*", True),
        ("service:жен*", False),
        ("service:*", True),
        ('service:"*"', False),
        ("allergy:лидокаин", True),
        ("allergy:квинке", True),
        ("allergy:отек", True),
        ("allergy:новокаин", False),
        ("email:example.com", True),
        ("phone:0127", True),
        ('phone:"8 900 000-01-27"', True),
        ("phone:+79000000127", True),
        ("phone:999", False),
        ("number:127", True),
        ("id:k7f3qd", True),
        ("id:k7f", False),
        ("source:инст", True),
        ("product:шамп", True),
        ("text:цвет", True),
        ("title:жалоба", True),
    ],
)
def test_a_text_fits_by_the_beginnings_of_its_words(text: str, *, expected: bool) -> None:
    assert holds(text, MARIA) is expected


def test_a_tag_is_meant_as_a_whole() -> None:
    assert meant("tag:vip", MARIA, ANNA) == ["k7f3qd"]
    assert meant("tag:vip*", MARIA, ANNA) == ["k7f3qd", "b00001"]
    assert meant("tag:муж*", MARIA, ANNA) == ["k7f3qd"]
    assert meant("tag:муж", MARIA, ANNA) == []


def test_a_plain_word_begins_a_word_of_the_name() -> None:
    assert meant("ива", MARIA, ANNA) == ["k7f3qd"]
    assert meant("анна петрова", MARIA, ANNA) == ["b00001"]
    assert meant("водкина", MARIA, ANNA) == ["b00001"]
    assert meant("Петрова-Водкина", MARIA, ANNA) == ["b00001"]
    assert meant("ванова", MARIA, ANNA) == []
    assert meant('"мария иванова"', MARIA, ANNA) == ["k7f3qd"]


def test_a_plain_word_finds_former_names_and_companies() -> None:
    renamed = card("former_names: [Сидорова Мария]\ncompany: ООО «Тихий берег»\n")
    assert holds("сидорова", renamed)
    assert holds("тихий", renamed)
    assert not holds("name:сидорова", renamed)


# --- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last:2026-04-15", True),
        ("last:15.04.2026", True),
        ("last:15.04", True),
        ("last:2026-04", True),
        ("last:04.2026", True),
        ("last:2026", True),
        ("last:2025", False),
        ("last<2026-04-15", False),
        ("last<=2026-04-15", True),
        ("last>2026-04-15", False),
        ("last>=2026-04-15", True),
        ("last>2026-04", False),
        ("last>=2026-04", True),
        ("last<2026-05", True),
        ("last<=2026-04", True),
        ("last<2026", False),
        ("last<=2026", True),
        ("last!=2026-04-15", False),
        ("last!=2026-04-14", True),
        ("last<-60d", True),
        ("last<-61d", False),
        ("last:-61d", True),
        ("last:2026-04-01..2026-04-30", True),
        ("last:2026-04..2026-05", True),
        ("last:2026-05..", False),
        ("last:..2026-04-14", False),
        ("last:..2026-04-15", True),
        ("last < 2026-05-01", True),
        ("last:<2026-05-01", True),
        ("first:2026-02-01", True),
        ("booked:2026-07-01", True),
        ("created:2026-01", True),
        ("confirmed<today", True),
        ("visit.date>today", True),
        ("done:2026-03-05", True),
        ("expected:2026-05", True),
    ],
)
def test_a_date_is_compared_with_a_day_a_month_or_a_year(text: str, *, expected: bool) -> None:
    assert holds(text, MARIA) is expected


def test_who_has_no_date_is_neither_before_nor_after_it() -> None:
    assert not holds("last<2030", ANNA)
    assert not holds("last>2000", ANNA)
    assert holds("last!=2026", ANNA)
    assert holds("-last:*", ANNA)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("birthday:04", ["k7f3qd"]),
        ("birthday:4", ["k7f3qd"]),
        ("birthday:04-12", ["k7f3qd"]),
        ("birthday:12.04", ["k7f3qd"]),
        ("birthday:04-13", []),
        ("birthday:04..06", ["k7f3qd"]),
        ("birthday:04-12..05-01", ["k7f3qd"]),
        ("birthday:12-20..01-10", ["b00001"]),
        ("birthday:11..04", ["k7f3qd", "b00001"]),
        ("birthday:12-24..", ["b00001"]),
        ("birthday:..04-12", ["k7f3qd"]),
        ("birthday:1990", ["k7f3qd"]),
        ("birthday:1990-04-12", ["k7f3qd"]),
        ("birthday:12.04.1990", ["k7f3qd"]),
        ("birthday:1989..1991", ["k7f3qd"]),
        ("birthday<1990", []),
        ("birthday<=1990", ["k7f3qd"]),
        ("birthday>1989-12-31", ["k7f3qd"]),
        ("birthday:today..+7d", []),
        ("birthday:-64d", ["k7f3qd"]),
        ("birthday:*", ["k7f3qd", "b00001"]),
        ("age:36", ["k7f3qd"]),
        ("age>=36", ["k7f3qd"]),
        ("age<36", []),
        ("age:30..40", ["k7f3qd"]),
    ],
)
def test_a_birthday_is_a_day_of_the_year_unless_a_year_is_given(
    text: str, expected: list[str]
) -> None:
    assert meant(text, MARIA, ANNA) == expected


def test_who_was_born_on_the_29th_of_february_is_not_forgotten_in_a_common_year() -> None:
    born = card("birthday: 2000-02-29\n")
    rules = type(RULES)(dt.date(2026, 2, 28), "RUB")
    node = query.parse("birthday:today", KEYS, rules)
    assert query.matches(node, View(born, rules, TERMS))
    assert holds("birthday:02-29", born)
    assert not holds("birthday:02-28", born)


# --- numbers, money, choices -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("visits:3", True),
        ("visits>2", True),
        ("visits>3", False),
        ("visits:2..3", True),
        ("spent:11100", True),
        ("spent>10000", True),
        ('spent>"11 099,99"', True),
        ("spent>11100", False),
        ("spent>=11100₽", True),
        ("spent:10000..", True),
        ("spent:..10000", False),
        ("average:3700", True),
        ("balance:0", True),
        ("balance<0", False),
        ("debt>0", False),
        ("prepayment:0", True),
        ("interval:37", True),
        ("price>5000", True),
        ("price>5200", False),
        ("qty:2", True),
        ("rating<4", True),
        ("rating:5", True),
        ("requests:1", True),
        ("adherence:33", True),
        ("status:sleeping", False),
        ("status:active", True),
        ("status!=active", False),
        ("channel:call", True),
        ("channel:звонок", True),
        ("contact.status:open", True),
        ("contact.status:откр", True),
        ("contact.status!=open", False),
        ("every:1w", True),
        ("every:1н", True),
        ("every:2w", False),
    ],
)
def test_figures_are_those_counted_by_hand(text: str, *, expected: bool) -> None:
    assert holds(text, MARIA) is expected


def test_a_debt_is_a_balance_below_zero() -> None:
    owes = card(
        visit="2026-05-01 Стрижка [price:: 2500] ^e00001",
        payment="2026-05-01 Стрижка [amount:: 1000] ^e00002",
    )
    assert holds("debt:1500", owes)
    assert holds("balance:-1500", owes)
    assert holds("balance<-1000", owes)
    assert holds("balance:-2000..-1000", owes)
    assert holds("has:debt -has:prepayment", owes)
    assert not holds("balance<-1500", owes)


def test_the_status_is_computed_unless_it_was_set_by_hand() -> None:
    long_ago = card(visit="2024-01-01 Стрижка ^e00001")
    assert holds("status:gone", long_ago)
    assert holds("status:new", card("status: new\n", visit="2024-01-01 Стрижка ^e00001"))


# --- has, and, or, not, brackets -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("has:allergy", ["k7f3qd"]),
        ("-has:allergy", ["b00001"]),
        ("has!=allergy", ["b00001"]),
        ("has:visits", ["k7f3qd"]),
        ("has:spent", ["k7f3qd"]),
        ("has:debt", []),
        ("has:birthday", ["k7f3qd", "b00001"]),
        ("has:payment", []),
        ("есть:аллергия", ["k7f3qd"]),
        ("allergy!=*", ["b00001"]),
        ("tag:vip birthday:04", ["k7f3qd"]),
        ("tag:vip and birthday:04", ["k7f3qd"]),
        ("tag:vip и birthday:04", ["k7f3qd"]),
        ("tag:vip birthday:12", []),
        ("tag:vip | birthday:12", ["k7f3qd", "b00001"]),
        ("tag:vip or birthday:12", ["k7f3qd", "b00001"]),
        ("tag:vip или birthday:12", ["k7f3qd", "b00001"]),
        ("-tag:vip", ["b00001"]),
        ("not tag:vip", ["b00001"]),
        ("не tag:vip", ["b00001"]),
        ("−tag:vip", ["b00001"]),
        ("-ива", ["b00001"]),
        ("--tag:vip", ["k7f3qd"]),
        ("-(tag:vip | birthday:12)", []),
        ("-(tag:vip birthday:12)", ["k7f3qd", "b00001"]),
    ],
)
def test_terms_are_joined(text: str, expected: list[str]) -> None:
    assert meant(text, MARIA, ANNA) == expected


def test_and_binds_closer_than_or_and_not_closest() -> None:
    assert meant("tag:vip birthday:12 | анна", MARIA, ANNA) == ["b00001"]
    assert meant("tag:vip (birthday:12 | анна)", MARIA, ANNA) == []
    assert meant("анна | birthday:12 tag:vip", MARIA, ANNA) == ["b00001"]
    assert meant("-tag:vip анна", MARIA, ANNA) == ["b00001"]
    assert meant("-(tag:vip анна)", MARIA, ANNA) == ["k7f3qd", "b00001"]


def test_brackets_behind_a_kind_speak_of_one_and_the_same_entry() -> None:
    assert holds("staff:Инна rating:5", MARIA)
    assert not holds("visit(staff:Инна rating:5)", MARIA)
    assert holds("visit(staff:Ольга rating:5)", MARIA)
    assert holds("visit(стрижка staff:Ольга date<2026-03)", MARIA)
    assert holds("услуга(цена>5000 мастер:Инна)", MARIA)
    assert holds("contact(status:open) -contact(status:resolved)", MARIA)
    assert holds("visit(-has:rating)", MARIA)
    assert not holds("visit(has:rating date>2026-04)", MARIA)


def test_quotes_of_a_telephone_do_too() -> None:
    assert holds("услуга:«стрижка женская»", MARIA)
    assert holds("услуга:“стрижка женская”", MARIA)
    assert holds("услуга:„стрижка женская“", MARIA)


# --- keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("tag:vip", "тег:vip"),
        ("tag:vip", "метка:vip"),
        ("service:стрижка", "услуга:стрижка"),
        ("staff:Ольга", "мастер:Ольга"),
        ("last<2026-05", "последний<2026-05"),
        ("spent>10000", "потрачено>10000"),
        ("birthday:04", "рождение:04"),
        ("birthday:04", "дата-рождения:04"),
        ("status:active", "статус:active"),
        ("has:allergy", "есть:аллергия"),
        ("product:шампунь", "товар:шампунь"),
        ("contact.status:open", "контакт.состояние:открыто"),
        ("TAG:vip", "Тег:vip"),
        ("tags:vip", "тег:vip"),
    ],
)
def test_a_key_is_understood_in_both_languages(english: str, russian: str) -> None:
    assert meant(english, MARIA, ANNA) == meant(russian, MARIA, ANNA) == ["k7f3qd"]


def test_every_key_can_be_asked_for_and_asked_of_an_empty_card() -> None:
    for key in (*KEYS.listed, *KEYS.qualified):
        for word in key.words:
            assert KEYS.find(word) is not None, word
            assert holds(f"{word}:*", card()) is (
                key.name in {"id", "name", "family", "given", "status"}
            )


def test_every_key_is_reached_by_the_words_that_the_help_shows() -> None:
    for key in KEYS.listed:
        assert KEYS.find(key.word("en")) is key
        assert KEYS.find(key.word("ru")) is key


def test_a_key_of_the_users_own_is_asked_for_by_its_name() -> None:
    keys = query.table(Kinds(), [MARIA, ANNA])
    assert meant("size:38", MARIA, ANNA, keys=keys) == ["k7f3qd"]
    assert meant("size>36", MARIA, ANNA, keys=keys) == ["k7f3qd"]
    assert meant("size:36..40 size<=38", MARIA, ANNA, keys=keys) == ["k7f3qd"]
    assert meant("size>38", MARIA, ANNA, keys=keys) == []
    assert meant("has:size", MARIA, ANNA, keys=keys) == ["k7f3qd"]
    assert "size" in str(refused("sise:38", keys))


def test_a_field_of_the_users_own_is_too() -> None:
    mine = card("last call: 2026-05-01\n", visit="2026-05-01 Стрижка [тон:: 7.1] ^e00001")
    keys = query.table(Kinds(), [mine])
    assert holds("тон:7.1", mine, keys)
    assert holds("тон>=7", mine, keys)
    assert holds("last-call<2026-06", mine, keys)
    assert not holds("last-call>2026-06", mine, keys)


def test_a_query_on_tags_never_counts_money_nor_reads_the_body() -> None:
    view = View(MARIA, RULES, TERMS)
    fresh = View(card("tags: [vip]\n", visit="2026-05-01 Стрижка ^e00001"), RULES, TERMS)
    assert query.matches(query.parse("tag:vip -birthday:12", KEYS, RULES), fresh)
    assert set(vars(fresh)) & {"account", "visits", "status"} == set()
    assert "_body" not in vars(fresh.card)
    assert query.matches(query.parse("has:visits", KEYS, RULES), view)
    assert "account" not in vars(view)
    assert query.matches(query.parse("spent>1", KEYS, RULES), view)
    assert "account" in vars(view)


# --- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked", "says"),
    [
        ("tgs:vip", "tgs", "Did you mean “tag”?"),
        ("tag:vip spnt>100", "spnt", "Did you mean “spent”?"),
        ("услгуа:стрижка", "услгуа", "Did you mean “услуга”?"),
        ("has:alergy", "alergy", "Did you mean “allergy”?"),
        ("visti(staff:Ольга)", "visti", "Did you mean “visit”?"),
        ("visit(spent>5)", "spent", "There is no key “spent”"),
        ("spent>abc", "abc", "is not an amount of money"),
        ("spent>5€", "5€", "EUR"),
        ("visits>many", "many", "is not a number"),
        ("last<soon", "soon", "is not a date"),
        ("last:2026-13", "2026-13", "no such day"),
        ("last:2026-02-30", "2026-02-30", "no such day"),
        ("last:..", "..", "a range is written"),
        ("last:2026..2025", "2026..2025", "ends before it begins"),
        ("last<2025..2026", "2025..2026", "a range is written"),
        ("birthday:13", "13", "no such day"),
        ("birthday:02-30", "02-30", "no such day"),
        ("birthday<04", "04", "with a year"),
        ("birthday:1990..04-12", "1990..04-12", "both"),
        ("birthday:..", "..", "a range is written"),
        ("status:vip", "vip", "new, active, sleeping, gone"),
        ("status>new", "new", "is a choice"),
        ("tag>vip", "vip", "this is text"),
        ("every>1w", "1w", "a period"),
        ("every:often", "often", "is not a period"),
        ("tag:", "tag:", "a value is missing"),
        ("tag: vip", "tag:", "a value is missing"),
        ('tag:""', 'tag:""', "for clients without one write -has:tag"),
        ('""', '""', "missing here"),
        ('service:"стрижка', '"стрижка', "not closed"),
        ("(tag:vip", "(", "not closed"),
        ("tag:vip)", ")", "never opened"),
        ("tag:vip |", "", "missing here"),
        ("| tag:vip", "|", "missing here"),
        ("not", "", "missing here"),
        ("()", ")", "missing here"),
        ("", "", "missing here"),
        ("has>debt", "has>debt", "has:debt"),
    ],
)
def test_an_error_points_at_the_place(text: str, marked: str, says: str) -> None:
    error = refused(text)
    start, end = error.span
    assert text[start:end] == marked
    assert says in str(error)
    lines = str(error).split("\n")
    assert lines[1] == f"  {text}"
    assert lines[2] == "  " + " " * start + "^" * max(1, len(marked))


def test_an_unknown_key_lists_the_allowed_ones() -> None:
    said = str(refused("xyzzy:1"))
    for word in ("tag", "service", "last", "spent", "birthday", "staff"):
        assert f" {word}," in said
    assert "xyzzy" in said
    assert "Did you mean" not in said


def test_brackets_nested_too_deep_are_refused() -> None:
    assert "too deep" in str(refused("(" * 5000 + "tag:vip" + ")" * 5000))
    assert "too deep" in str(refused("-" * 5000 + "tag:vip"))


def test_a_mark_stands_below_a_query_with_tabs_and_loose_accents() -> None:
    text = "tag:vip\tна\u0438\u0306м:1"
    error = str(refused(text)).split("\n")
    assert error[1] == "  tag:vip найм:1"
    assert error[2] == "          ^^^^"


WORDS = st.sampled_from(
    [
        "tag", "last", "spent", "birthday", "has", "visits", "status", "service", "visit", "phone",
        "every", "name", "or", "и", "not", ":", "=", "!=", "<", ">=", "(", ")", "|", "-", '"', "«",
        "..", "*", "2026", "04", "12.04", "-90d", "vip", "1000", " ", " ", "\t", "тег", ".", ",",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12).map("".join))
def test_whatever_is_typed_is_understood_or_refused_with_a_place(text: str) -> None:
    try:
        node = query.parse(text, KEYS, RULES)
    except QueryError as error:
        start, end = error.span
        assert 0 <= start <= end <= len(text)
        return
    for each in (MARIA, ANNA):
        assert query.matches(node, View(each, RULES, TERMS)) in {True, False}


VALUES = ["vip", "2026", "2026-05-14", "04", "1000", "-90d", "1w", "active", "*", "а..б", "1..2"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "-", "not "]),
            st.sampled_from(sorted({word for key in KEYS.listed for word in key.words})),
            st.sampled_from([":", "=", "!=", "<", "<=", ">", ">="]),
            st.sampled_from(VALUES),
            st.sampled_from([" ", " | ", " or "]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_terms_of_every_key_never_crash_and_the_opposite_is_the_opposite(
    terms: list[tuple[str, str, str, str, str]],
) -> None:
    text = "".join(
        f"{sign}{key}{operator}{value}{glue}" for sign, key, operator, value, glue in terms
    )
    text = text.rstrip(" |").removesuffix(" or")
    try:
        node = query.parse(text, KEYS, RULES)
    except QueryError:
        return
    opposite = query.parse(f"-({text})", KEYS, RULES)
    for each in (MARIA, ANNA):
        view = View(each, RULES, TERMS)
        assert query.matches(node, view) is not query.matches(opposite, view)


# --- what the shell did ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tag:vip", "иванова"], "tag:vip иванова"),
        (["service:стрижка женская"], 'service:"стрижка женская"'),
        (["-service:стрижка женская"], '-service:"стрижка женская"'),
        (["−tag:staff"], "-tag:staff"),
        (["tag:vip | tag:new"], "tag:vip | tag:new"),
        (["tag:vip or иванова"], "tag:vip or иванова"),
        (["tag:vip -иванова"], "tag:vip -иванова"),
        (["tag:vip last<2026"], "tag:vip last<2026"),
        (["last < 2026-05-01"], "last < 2026-05-01"),
        (["(tag:vip", "|", "tag:new)"], "(tag:vip | tag:new)"),
    ],
)
def test_the_quotes_that_a_shell_took_off_are_put_back(
    arguments: Sequence[str], expected: str
) -> None:
    assert query.one_query(arguments) == expected


# --- order and groups ------------------------------------------------------------------------------


def views(*cards: Card) -> list[View]:
    return [View(each, RULES, TERMS) for each in cards]


def order(text: str, *cards: Card) -> list[str]:
    sorted_ = query.sorted_views(views(*cards), query.sort_keys(text, KEYS))
    return [view.card.id for view in sorted_]


def test_clients_are_sorted_and_who_has_no_value_comes_last() -> None:
    other = card(id_="c00001", name="Белова Вера", visit="2026-05-01 Стрижка [price:: 100] ^e1")
    assert order("last", MARIA, ANNA, other) == ["k7f3qd", "c00001", "b00001"]
    assert order("-last", MARIA, ANNA, other) == ["c00001", "k7f3qd", "b00001"]
    assert order("−spent", MARIA, ANNA, other) == ["k7f3qd", "c00001", "b00001"]
    assert order("name", MARIA, ANNA, other) == ["c00001", "k7f3qd", "b00001"]
    assert order("-name", MARIA, ANNA, other) == ["b00001", "k7f3qd", "c00001"]
    assert order("birthday", MARIA, ANNA, other) == ["k7f3qd", "b00001", "c00001"]
    assert order("debt, -visits", MARIA, ANNA, other) == ["k7f3qd", "c00001", "b00001"]
    assert order("-rating", MARIA, other) == ["k7f3qd", "c00001"]


def test_clients_are_grouped_and_one_with_two_values_is_in_both() -> None:
    def grouped(word: str) -> list[tuple[object, list[str]]]:
        groups = query.grouped(views(MARIA, ANNA), query.one_key(word, KEYS))
        return [(value, [view.card.id for view in found]) for value, found in groups]

    both, first, second = ["k7f3qd", "b00001"], ["k7f3qd"], ["b00001"]
    assert grouped("staff") == [("Инна", first), ("Ольга", first), (None, second)]
    assert grouped("last") == [("2026-04", first), (None, second)]
    assert grouped("birthday") == [("04", first), ("12", second)]
    assert grouped("debt") == [(0, both)]
    assert grouped("status") == [("active", first), ("new", second)]


def test_columns_are_named_by_keys_and_an_unknown_one_is_marked() -> None:
    names = [key.name for key in query.column_keys("id, имя,last", KEYS)]
    assert names == ["id", "name", "last"]
    with pytest.raises(QueryError) as caught:
        query.column_keys("name,spnt", KEYS)
    assert "\n  name,spnt\n       ^^^^" in str(caught.value)
    for text in ("", ",", "-name"):
        with pytest.raises(QueryError):
            query.column_keys(text, KEYS)


# --- completion ------------------------------------------------------------------------------------


def test_completion_proposes_keys_in_the_language_they_were_begun_in() -> None:
    assert query.complete("ta", KEYS) == ["tag:"]
    assert query.complete("те", KEYS) == ["тег:", "текст:", "телефон:"]
    assert "spent:" in query.complete("", KEYS)
    assert query.complete("tag:vip -spen", KEYS) == ["tag:vip -spent:"]
    assert query.complete("(ta", KEYS) == ["(tag:"]
    assert query.complete("ha", KEYS) == ["has:"]
    assert query.complete("zzz", KEYS) == []


def test_completion_proposes_choices_and_what_there_may_be() -> None:
    assert query.complete("status:", KEYS) == [
        "status:new", "status:active", "status:sleeping", "status:gone",
    ]  # fmt: skip
    assert query.complete("status:s", KEYS) == ["status:sleeping"]
    assert query.complete("has:de", KEYS) == ["has:deal", "has:debt"]
    assert query.complete("есть:долг", KEYS) == ["есть:долг"]
    assert query.complete("tag:", KEYS) == []


def test_completion_of_a_list_of_keys_goes_on_behind_the_comma() -> None:
    assert query.complete_keys("name,-spen", KEYS) == ["name,-spent"]
    assert query.complete_keys("las", KEYS) == ["last"]
