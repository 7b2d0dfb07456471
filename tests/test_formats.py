"""The formats of paper: which goes on which, what stands on each, and what must never stand there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli import papers
from cardcli.card import Card
from cardcli.papers import PAPERS, PLAIN
from cardcli.printing import formats, ordering, templates
from cardcli.printing.consent import NoConsentTextError, unwrapped
from cardcli.printing.formats import ABOUT, WrongPaperError
from cardcli.printing.view import build
from tests.pagework import (
    FORMATS,
    SETTINGS,
    TODAY,
    clients,
    golden_card,
    needs_poppler,
    page,
    pictures,
    texts,
)

BUILT_IN = templates.folders([])
everywhere = pytest.mark.parametrize(
    ("template", "paper"), [(name, paper) for name, papers in FORMATS.items() for paper in papers]
)


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def printed_text(template: str, paper: str, folder: Path, **more: object) -> str:
    return flat(" ".join(texts(page(template, paper, folder, **more).content)))  # type: ignore[arg-type]


# --- the table of formats ------------------------------------------------------------------------


def test_every_built_in_template_is_described_and_tried_here() -> None:
    assert templates.names(BUILT_IN, "pdf") == sorted(ABOUT)
    assert set(FORMATS) == set(ABOUT) - {"log", "separator"}


def test_the_html_of_a_format_is_for_the_same_papers_and_clients() -> None:
    for name in FORMATS:
        drawn = replace(formats.of(name, "pdf", BUILT_IN), order="")
        assert formats.of(name, "html", BUILT_IN) == drawn


@everywhere
def test_a_format_says_it_prints_on_its_papers(template: str, paper: str) -> None:
    assert formats.checked(template, "pdf", paper, BUILT_IN).prints_on(paper)


def test_a_wrong_pairing_is_a_sentence_that_names_the_right_papers(tmp_path: Path) -> None:
    with pytest.raises(
        WrongPaperError,
        match=r"The template “leaflet” does not print on 3x5; its papers: a5, a4, a6\.",
    ):
        page("leaflet", "3x5", tmp_path, language="en")
    with pytest.raises(WrongPaperError, match="“labels” does not print on a4; its papers: labels"):
        page("labels", "a4", tmp_path)
    with pytest.raises(WrongPaperError):
        page("card", "l7160", tmp_path, output="html")


def test_a_template_that_names_an_unknown_paper_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "card.typ.j2").write_text("{# clients: each #}\n{# paper: a4, b5 #}\n", "utf-8")
    with pytest.raises(
        templates.TemplateError, match=r"card\.typ\.j2:2: “paper: b5” is not one of"
    ):
        formats.of("card", "pdf", templates.folders([tmp_path]))


def test_an_own_template_that_says_nothing_is_as_the_built_in_one_of_its_name(
    tmp_path: Path,
) -> None:
    (tmp_path / "leaflet.typ.j2").write_text("nothing", "utf-8")
    (tmp_path / "letter.typ.j2").write_text("nothing", "utf-8")
    search = templates.folders([tmp_path])
    assert formats.of("leaflet", "pdf", search).papers == ("a5", "a4", "a6")
    assert formats.of("letter", "pdf", search).papers == ("a4", "a5")


@pytest.mark.parametrize(
    ("typed", "paper"), [("A4", "a4"), ("а5", "a5"), ("3х5", "3x5"), ("3×5", "3x5"), (" A6 ", "a6")]
)
def test_papers_may_be_typed_in_either_alphabet(typed: str, paper: str) -> None:
    assert papers.typed(typed) == paper


# --- labels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", papers.LABELS.values(), ids=lambda sheet: sheet.name)
def test_a_sheet_of_labels_fits_its_paper_and_lies_in_its_middle(sheet: papers.LabelSheet) -> None:
    across = (sheet.columns - 1) * sheet.across + sheet.width
    down = (sheet.rows - 1) * sheet.down + sheet.height
    right, bottom = sheet.page[0] - sheet.left - across, sheet.page[1] - sheet.top - down
    assert right == pytest.approx(sheet.left, abs=1.0)
    assert bottom == pytest.approx(sheet.top, abs=1.0)
    assert sheet.across >= sheet.width
    assert sheet.down >= sheet.height


def test_no_name_of_a_sheet_stands_for_two() -> None:
    names = [name for sheet in papers.LABELS.values() for name in (sheet.name, *sheet.also)]
    assert len(names) == len(set(names))
    assert papers.labels("j8160") is papers.labels("L7160") is papers.LABELS["L7160"]
    assert not set(map(str.lower, names)) & set(PLAIN)
    assert {name.lower() for name in papers.LABELS} <= set(PAPERS)


@needs_poppler
def test_labels_begin_at_the_first_free_one_and_go_on_to_the_next_sheet(tmp_path: Path) -> None:
    found = texts(page("labels", "l7165", tmp_path, start=7).content)
    assert len(found) == 2
    assert len(re.findall(r"К-000\d\d", found[0])) == 2
    assert len(re.findall(r"К-000\d\d", found[1])) == 4


@needs_poppler
def test_each_label_stands_within_its_own_bounds(tmp_path: Path) -> None:
    from PIL import Image

    sheet = papers.LABELS["L7163"]
    pdf = page("labels", "l7163", tmp_path, start=4).content
    with Image.open(pictures(pdf, 72, tmp_path)[0]) as image:
        scale = image.width / sheet.page[0]
        inked, grey = [], image.convert("L")
        for place in range(sheet.count):
            left = sheet.left + place % sheet.columns * sheet.across
            top = sheet.top + place // sheet.columns * sheet.down
            box = (left, top, left + sheet.width, top + sheet.height)
            part = grey.crop(tuple(round(each * scale) for each in box))  # type: ignore[arg-type]
            inked.append(part.getextrema()[0] < 128)  # type: ignore[operator]
    assert inked == [False] * 3 + [True] * 6 + [False] * 5


def test_copies_of_labels_are_labels_and_copies_of_cards_are_pages(tmp_path: Path) -> None:
    one = page("labels", "l7160", tmp_path, output="html").content.decode()
    three = page("labels", "l7160", tmp_path, output="html", copies=3).content.decode()
    assert three.count('class="lab"') == 3 * one.count('class="lab"') == 18
    assert three.count('class="sheet') == 1
    leaflets = page("leaflet", "a5", tmp_path, output="html", copies=2).content.decode()
    assert leaflets.count("<article") == 2


@needs_poppler
def test_a_list_printed_twice_is_two_lists_in_the_pdf(tmp_path: Path) -> None:
    found = texts(page("register", "a4", tmp_path, copies=2).content)
    assert len(found) == 2
    assert found[0] == found[1]


# --- what stands on each -------------------------------------------------------------------------


@needs_poppler
@pytest.mark.parametrize("output", ["pdf", "html"])
def test_a_leaflet_tells_the_recommendations_and_of_the_client_only_the_name(
    output: str, tmp_path: Path
) -> None:
    content = page("leaflet", "a5", tmp_path, output=output).content
    text = flat(" ".join(texts(content)) if output == "pdf" else content.decode())
    assert "Фёдорова Алёна Сергеевна" in text
    assert "Азелаиновая кислота 15 %, тонким слоем на ночь" in text
    card = golden_card("fedorova")
    private = [
        "19.04.1988",
        "000-01-27",
        "К-00127",
        "k7f3qd",
        "CC:",
        "example.com",
        "Щёголева",
        "Карбокси",
    ]
    private += [*card.values("allergies"), *card.values("contraindications")]
    assert [each for each in private if each in text] == []
    assert "<svg" not in text


def test_a_leaflet_leaves_out_what_is_done_cancelled_or_over() -> None:
    lines = [
        "- 2025-01-01 идёт [every:: 1w]", "- 2025-01-01 кончилось [every:: 1w] [until:: 2025-02-01]",
        "- 2025-01-01 сделано [status:: done]", "- 2025-01-01 отменено [every:: 1w] [status:: cancelled]",
        "- 2025-01-01 дважды [every:: 1w] [times:: 2] [done:: 2025-01-08, 2025-01-15]",
        "- 2025-01-01 просрочено [until:: 2025-02-01]", "- 2026-01-01 ещё не дано [every:: 1w]",
    ]  # fmt: skip
    card = cards.parse("---\nid: k7f3qd\nname: И\n---\n\n## Рекомендации\n\n" + "\n".join(lines))
    view = build(card, SETTINGS["en"], TODAY)
    assert [(each.title, each.how) for each in view.advice] == [
        ("идёт", "every week"),
        ("просрочено", "until 1\u00a0Feb\u00a02025"),
    ]


@needs_poppler
@pytest.mark.parametrize("paper", ["a6", "3x5"])
def test_an_index_card_is_one_side_and_counts_the_visits_it_leaves_out(
    paper: str, tmp_path: Path
) -> None:
    found = texts(
        page("index-card", paper, tmp_path, language="en", people=[golden_card("fedorova")]).content
    )
    assert len(found) == 1
    shown = len(re.findall(r"^\s*\d+\sMay|^\s*\d+\s[A-Z][a-z]{2}\s20\d\d", found[0], re.MULTILINE))
    (left,) = re.findall(r"Earlier: (\d+) more", found[0])
    assert shown + int(left) == 17
    assert shown >= 3


@needs_poppler
@pytest.mark.parametrize("paper", ["a6", "3x5"])
def test_no_allergy_is_lost_on_an_index_card_however_many_there_are(
    paper: str, tmp_path: Path
) -> None:
    many = "".join(f"  - аллерген{n:02} — сыпь и зуд\n" for n in range(60))
    card = cards.parse(f"---\nid: k7f3qd\nname: Иванова Мария\nallergies:\n{many}---\n")
    text = printed_text("index-card", paper, tmp_path, people=[card])
    assert [n for n in range(60) if f"аллерген{n:02}" not in text] == []


@needs_poppler
@pytest.mark.parametrize("template", sorted(set(FORMATS) - {"form"}))
@pytest.mark.parametrize(
    "name",
    ["Константинопольская-Воскресенская " + "Александра-Виктория " * 3, "ё" * 70, "Ли"],
    ids=["long", "one long word", "short"],
)
def test_any_name_can_be_printed_on_every_format(template: str, name: str, tmp_path: Path) -> None:
    people = [cards.parse(f"---\nid: k7f3qd\nname: {name}\n---\n")]
    printed = page(template, FORMATS[template][-1], tmp_path, people=people)
    assert printed.warnings == ()
    found = re.sub(r"[\s\u200b\u00ad-]", "", "".join(texts(printed.content)))
    assert re.sub(r"[\s-]", "", name)[:30] in found


def test_the_log_of_the_browser_says_what_is_remarked_below_the_service(tmp_path: Path) -> None:
    front = "---\nid: k7f3qd\nname: Ли\ncreated: 2025-01-10\n---\n\n"
    person = cards.parse(
        front + "## Услуги\n\n- 2025-05-14 Стрижка [price:: 2500] [rating:: 5] ^e7f3qd\n"
    )
    text = page("log", "a5", tmp_path, output="html", people=[person]).content.decode()
    head, table = text.split("<table>")
    assert "10.01.2025" not in head, "the day the card was made is no day of birth"
    assert re.search(r'class="title">Стрижка<em>Оценка: 5</em></td>', table)


def test_the_register_follows_the_alphabet_of_the_paper() -> None:
    def letters(language: str) -> list[tuple[str, list[str]]]:
        views = [build(card, SETTINGS[language], TODAY) for card in clients()]
        return [(g.letter, [view.name for view in g.views]) for g in ordering.alphabet(views)]

    assert letters("ru") == [
        ("А", ["Абрамова Ольга"]), ("Е", ["Егоров Пётр", "Ёлкина Мария"]), ("Я", ["Яшин Ю."]),
        ("S", ["Smith Ann"]), ("#", ["4 сезона"]),
    ]  # fmt: skip
    assert [letter for letter, _names in letters("en")] == ["S", "А", "Е", "Я", "#"]


def test_a_company_is_filed_under_the_first_letter_of_its_name_and_not_a_quote() -> None:
    card = cards.parse("---\nid: k7f3qd\ncompany: «Тихий берег»\n---\n")
    (group,) = ordering.alphabet([build(card, SETTINGS["ru"], TODAY)])
    assert group.letter == "Т"


def test_a_folder_is_in_the_order_of_numbers_as_people_count() -> None:
    numbers = ["К-2", "К-10", "К-1", "", "А-5"]
    views = [
        build(cards.parse(f"---\nid: k{n}aaaa\nname: И\n" + (f"number: {number}\n" if number else "") + "---\n"), SETTINGS["ru"], TODAY)
        for n, number in enumerate(numbers)
    ]  # fmt: skip
    assert [view.number.replace("№", "").strip() for view in ordering.by_number(views)] == [
        "А-5", "К-1", "К-2", "К-10", "",
    ]  # fmt: skip


@needs_poppler
def test_a_long_register_has_pages_with_numbers_and_loses_nobody(tmp_path: Path) -> None:
    people = [
        cards.parse(f"---\nid: k7f3qd\nnumber: К-{n:05}\nname: {chr(0x410 + n % 28)}{n} Имя\n---\n")
        for n in range(400)
    ]
    found = texts(page("register", "a4", tmp_path, language="en", people=people).content)
    assert len(found) >= 4
    for number, text in enumerate(found, 1):
        assert f"Page {number} of {len(found)}" in flat(text)
    everything = " ".join(found)
    assert [n for n in range(400) if f"К-{n:05}" not in everything] == []


@needs_poppler
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_an_empty_card_has_a_front_and_a_back_and_asks_only_what_has_a_purpose(
    paper: str, tmp_path: Path
) -> None:
    found = texts(page("form", paper, tmp_path, language="en").content)
    assert len(found) == 2
    assert "Family name, given name, patronymic" in flat(found[0])
    assert "Contraindications" in found[0]
    assert "Chronic" not in found[0]
    assert "Marital" not in found[0]


# --- consent -------------------------------------------------------------------------------------


@needs_poppler
def test_a_consent_is_the_text_of_the_business_and_who_signs_it(tmp_path: Path) -> None:
    (text,) = texts(page("consent", "a4", tmp_path).content)
    found = flat(text)
    for part in (
        "Согласие на обработку",
        "Я, Фёдорова Алёна Сергеевна, даю согласие на обработку.",
        "1. Данные: имя, телефон.",
        "2. Срок: до отзыва.",
        "№ К-00127",
    ):
        assert part in found
    for private in ("Лидокаин", "Карбокси", "000-01-27"):
        assert private not in found


def test_without_a_text_the_error_says_where_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(NoConsentTextError, match=r"Write it into templates/consent-photo\.md"):
        page("consent", "a4", tmp_path, consent="photo")


def test_a_mistake_in_the_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "consent-health.md").write_text("# Т\n\n{{ view.nmae }}\n", "utf-8")
    with pytest.raises(templates.TemplateError, match=r"consent-health\.md:3: .*nmae"):
        page("consent", "a4", tmp_path, consent="health")


@needs_poppler
def test_what_a_client_is_called_is_no_markup_of_the_text(tmp_path: Path) -> None:
    card = cards.parse('---\nid: k7f3qd\nname: "**Жирная** # {{ 7*7 }}"\n---\n')
    text = printed_text("consent", "a4", tmp_path, people=[card])
    assert "Я, **Жирная** # {{ 7*7 }}, даю согласие" in text


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("a\nb", "a b"), ("a\n\nb", "a\n\nb"), ("# T\na", "# T\na"), ("a\n- b\n- c", "a\n- b\n- c"),
        ("1. a\n   b\n2. c", "1. a b\n\n2. c"), ("a  \nb", "a  \nb"), ("a\n2.1. b", "a\n\n2.1. b"),
    ],
)  # fmt: skip
def test_lines_an_editor_broke_are_joined_and_points_stay_apart(text: str, joined: str) -> None:
    assert unwrapped(text) == joined


# --- bytes and codes -----------------------------------------------------------------------------


@pytest.mark.parametrize("template", FORMATS)
def test_the_same_client_twice_gives_the_same_bytes(template: str, tmp_path: Path) -> None:
    for output in ("pdf", "html"):
        paper = FORMATS[template][-1]
        one, other = (page(template, paper, tmp_path, output=output).content for _ in range(2))
        assert one == other


CODED = [
    (name, paper) for name in ("card", "index-card", "brief", "consent") for paper in FORMATS[name]
]


@needs_poppler
@pytest.mark.parametrize(
    ("template", "paper"),
    [*CODED, *(("labels", name) for name in ("l7651", "3666", "4737", "l7165", "5160"))],
)
def test_the_code_of_every_format_can_be_read_at_150_dpi(
    template: str, paper: str, tmp_path: Path
) -> None:
    zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    from PIL import Image

    people: list[Card] = clients() if template == "labels" else [golden_card("fedorova")]
    pdf = page(template, paper, tmp_path, people=people).content
    with Image.open(pictures(pdf, 150, tmp_path)[0]) as image:
        found = {code.text for code in zxingcpp.read_barcodes(image)}
    assert found == {f"CC:{card.id}/{cards.revision(card.text)}" for card in people}


def test_html_of_every_format_asks_nothing_from_outside(tmp_path: Path) -> None:
    for template, sizes in FORMATS.items():
        for paper in sizes:
            content = page(template, paper, tmp_path, output="html").content.decode()
            assert not re.search(r"(?:src|href)=(?![\"']?data:)|url\(|@import|<script", content)
            assert "@page" in content
