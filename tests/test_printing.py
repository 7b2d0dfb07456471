"""Cards on paper: everything is there, nothing is executed, the same card gives the same bytes."""

from __future__ import annotations

import datetime as dt
import html
import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.card import Card
from cardcli.entry import Entry, write
from cardcli.printing import FORMATS, Printed, PrintSettings, render
from cardcli.printing.blocks import Facts, Photos, Table
from cardcli.printing.view import build

GOLDEN = Path(__file__).parent / "golden"
TODAY = dt.date(2025, 11, 21)
RUSSIAN = PrintSettings("ru", "Лавр и мята", "кабинет косметологии")
ENGLISH = PrintSettings("en", "Laurel & Mint", "beauty studio", currency="USD", region="GB")
NAUGHTY = (
    "{{ 7*7 }}", "{% raw %}", "{# x #}", "<script>alert(1)</script>", '#read("/etc/passwd")', "#let x = 1;", "---",
    "^abc", "[x:: y]", "*", "_", "\\", "\\*", "a*b*c", "__init__", "`code`", "\"quoted\" 'single'", "$x^2$", "@ref <label>",
    "// comment /* c */", "[link](http://example.com)", "&amp; &lt;", "~~s~~ %%c%% ==m==", "= h", "/ term: x",
    "+ item", "1. one", "> quote", "| a | b |", "V.at(0)", "#V.at(0);", "\u202eoverride", "]]>", "';--", "${HOME}",
)  # fmt: skip
needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed"
)


def golden_card(name: str) -> Card:
    return cards.parse((GOLDEN / f"{name}.card.md").read_text("utf-8"))


def card_of(*entries: tuple[str, Entry], front: str = "", body: str = "") -> Card:
    sections: dict[str, list[str]] = {}
    for heading, entry in entries:
        sections.setdefault(heading, []).extend(write(entry))
    lines = [
        line
        for heading, written in sections.items()
        for line in (f"## {heading}", "", *written, "")
    ]
    return cards.parse(
        f"---\nid: k7f3qd\nname: Иванова Мария\n{front}---\n\n" + "\n".join(lines) + body
    )


def visit(title: str, date: str = "2025-05-14", text: str = "", **fields: str) -> tuple[str, Entry]:
    return "Услуги", Entry("", date, title, fields=fields, text=text)


def no_photos(_path: str) -> bytes | None:
    return None


def photo(_path: str) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "salmon").save(stream, "JPEG")
    return stream.getvalue()


def printed(card: Card | list[Card], output: str, settings: PrintSettings = RUSSIAN) -> Printed:
    return render(card if isinstance(card, list) else [card], output, settings, TODAY, photos=photo)


def pages(pdf: bytes, *, mode: str = "-layout") -> list[str]:
    done = subprocess.run(
        ["pdftotext", mode, "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode().removesuffix("\f").split("\f")


def squeezed(text: str) -> str:
    """Characters only: line ends, blanks and what is invisible differ between formats."""
    visible = (char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", "".join(visible))


def text_of(content: bytes, output: str) -> str:
    if output == "pdf":
        return squeezed("".join(pages(content, mode="-raw")))
    text = content.decode()
    if output == "md":
        from markdown_it import MarkdownIt

        text = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    if output in {"md", "html"}:
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return squeezed(text)


every_format = pytest.mark.parametrize(
    "output", [pytest.param("pdf", marks=needs_pdftotext), *FORMATS[1:]]
)


@every_format
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_every_value_of_the_card_is_on_paper(output: str, paper: str) -> None:
    card = golden_card("fedorova")
    settings = PrintSettings("ru", "Лавр и мята", "кабинет косметологии", paper=paper)
    found = text_of(printed(card, output, settings).content, output)
    values = [
        settings.business,
        settings.tagline,
        card.number,
        card.id,
        cards.revision(card.text),
        "19.04.1988",
    ]
    values += [
        value
        for key in ("allergies", "contraindications", "preferences", "tags")
        for value in card.values(key)
    ]
    for entry in card.entries:
        values += [
            entry.title,
            *(entry.fields[key] for key in ("result", "conclusion") if key in entry.fields),
        ]
        values += [entry.fields.get("staff", ""), entry.text if "**" not in entry.text else ""]
    values += ["8 (900) 000-01-27", "14 800 ₽", "98 700 ₽", "18.02.2026", "01.12.2025"]
    parts = [
        part for value in values for part in (value.split() if output == "text" else [value])
    ]  # cells wrap
    missing = [part for part in parts if squeezed(part) not in found]
    assert not missing
    assert "шестьмесяцев" in found.replace("*", "")
    assert "**" not in found or output == "text"
    assert squeezed("Скидка постоянного клиента 7 % с 10-го визита") in found


@every_format
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_text_that_looks_like_a_command_is_printed_as_typed(output: str, paper: str) -> None:
    entries = [
        each
        for n, text in enumerate(NAUGHTY)
        for each in (
            visit(
                f"a{n} {text}", staff=f"b{n} {text}", feedback=f"c{n} {text}", text=f"d{n} {text}"
            ),
            ("Заметки", Entry("", "2025-05-14", f"e{n} {text}", text=text)),
            ("Наблюдения", Entry("", "2025-05-14", text)),
            ("Мой раздел", Entry("", "2025-05-14", text, fields={"мой-ключ": f"f{n} {text}"})),
        )
    ]
    card = card_of(*entries, front="tags:\n" + "".join(f"  - {quoted(text)}\n" for text in NAUGHTY))
    found = text_of(printed(card, output, PrintSettings("ru", paper=paper)).content, output)
    for n, text in enumerate(NAUGHTY):
        for letter in "abcdef":
            assert squeezed(f"{letter}{n} {text}") in found
        assert found.count(squeezed(text)) >= 9


@every_format
@pytest.mark.parametrize(
    "name", ["x" * 300, "{{ name }} #name", "ё" * 120, "Мария-" * 40, "<b>Ольга</b> & Ко"]
)
def test_any_name_stands_whole_in_the_title(output: str, name: str) -> None:
    card = cards.parse(f"---\nid: k7f3qd\nname: {quoted(name)}\n---\n")
    assert squeezed(name) in text_of(printed(card, output).content, output)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize("output", FORMATS)
def test_the_same_card_gives_the_same_bytes(output: str) -> None:
    first, second = (printed(golden_card("fedorova"), output).content for _time in range(2))
    assert first == second


def test_another_day_changes_nothing_on_the_paper_of_a_card_that_did_not_change() -> None:
    first, second = (
        render([golden_card("fedorova")], "pdf", RUSSIAN, day, photos=photo).content
        for day in (TODAY, TODAY + dt.timedelta(days=400))
    )
    assert first == second


@pytest.mark.parametrize(
    ("name", "settings"), [("fedorova", RUSSIAN), ("fedorova", ENGLISH), ("jane", ENGLISH)]
)
@pytest.mark.parametrize("output", ["text", "md"])
def test_text_and_markdown_look_like_the_golden_files(
    name: str, settings: PrintSettings, output: str
) -> None:
    content = printed(golden_card(name), output, settings).content
    file = GOLDEN / f"{name}.{settings.language}.{'txt' if output == 'text' else 'md'}"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(content)
    assert content == file.read_bytes()


def test_plain_text_is_never_wider_than_the_page() -> None:
    from cardcli.printing.columns import width

    wide = [
        visit(text, staff="ё" * 60, price="12345678", text="漢字 " * 90)
        for text in ("слово " * 60, "x" * 400)
    ]
    lines = printed(card_of(*wide), "text").content.decode().split("\n")
    assert max(width(line) for line in lines) <= 80


@needs_pdftotext
class TestPages:
    def visits(self, count: int) -> Card:
        day = dt.date(2020, 1, 1)
        return card_of(
            *(
                visit(f"Услуга {n}", str(day + dt.timedelta(days=n * 9)), price="100")
                for n in range(count)
            )
        )

    @pytest.mark.parametrize(
        ("name", "paper", "count"),
        [("fedorova", "a4", 2), ("fedorova", "a5", 3), ("jane", "a4", 1), ("jane", "a5", 1)],
    )
    def test_known_cards_fill_a_known_number_of_pages(
        self, name: str, paper: str, count: int
    ) -> None:
        settings = PrintSettings("en", "Laurel & Mint", currency="USD", paper=paper)
        assert len(pages(printed(golden_card(name), "pdf", settings).content)) == count

    def test_the_head_of_a_long_table_is_repeated_on_the_next_page(self) -> None:
        found = pages(printed(self.visits(60), "pdf", ENGLISH).content)
        assert len(found) == 2
        for page in found:
            assert re.search(r"Date +Service +Price", page)
        assert "Total: 60 services" in found[1]

    @pytest.mark.parametrize("count", range(38, 46))
    def test_the_sum_of_a_table_never_stands_alone_on_a_page(self, count: int) -> None:
        found = pages(printed(self.visits(count), "pdf", ENGLISH).content)
        (last,) = [page for page in found if "Total:" in page]
        assert "Услуга" in last

    def test_every_visit_is_printed_once_when_the_table_breaks(self) -> None:
        found = "".join(pages(printed(self.visits(200), "pdf").content))
        assert [int(n) for n in re.findall(r"Услуга (\d+)", found)] == list(range(200))

    def test_a_note_longer_than_a_page_goes_on_on_the_next_one(self) -> None:
        text = "\n".join(f"строка {n}" for n in range(400))
        card = card_of(
            visit("Стрижка", text=text),
            ("Наблюдения", Entry("", "2025-05-14", "Волосы", text=text)),
        )
        found = "".join(pages(printed(card, "pdf").content))
        assert [int(n) for n in re.findall(r"строка (\d+)", found)] == [*range(400), *range(400)]

    @pytest.mark.parametrize("paper", ["a4", "a5"])
    def test_a_long_word_breaks_without_a_character_that_nobody_typed(self, paper: str) -> None:
        mail = "konstantinopolskaya.aleksandra.dmitrievna@subdomain.example.com"
        card = card_of(visit("щ" * 300), front=f"emails: [{mail}]\n")
        settings = replace(RUSSIAN, paper=paper)
        text = "".join(pages(printed(card, "pdf", settings).content, mode="-raw"))
        assert "\u200b" not in text
        assert mail in text.replace("\n", "")
        assert "щ" * 300 in text.replace("\n", "")

    def test_the_word_on_a_draft_is_never_broken(self) -> None:
        for paper in ("a6", "3x5"):
            settings = replace(RUSSIAN, paper=paper, draft=True)
            found = render(
                [card_of()], "pdf", settings, TODAY, photos=no_photos, template="index-card"
            )
            boxes = "".join(pages(found.content, mode="-bbox"))
            parts = re.findall(r'xMin="([\d.]+)"[^>]*>([ЧЕРНОВИК]+)</word>', boxes)
            by_place = sorted(parts, key=lambda each: float(each[0]))
            assert "".join(part for _place, part in by_place) == "ЧЕРНОВИК"

    def test_several_cards_share_a_document_and_count_their_own_pages(self) -> None:
        found = pages(printed([self.visits(60), golden_card("jane")], "pdf", ENGLISH).content)
        assert [re.search(r"Page \d+ of \d+", page)[0] for page in found] == [  # type: ignore[index]
            "Page 1 of 2", "Page 2 of 2", "Page 1 of 1",
        ]  # fmt: skip


def test_more_cards_than_a_compilation_can_hold_are_refused() -> None:
    from cardcli.printing.pdf import MOST_CARDS, TooManyCardsError

    with pytest.raises(TooManyCardsError, match=str(MOST_CARDS)):
        printed([golden_card("jane")] * (MOST_CARDS + 1), "pdf")


def test_html_asks_nothing_from_outside() -> None:
    page = printed(golden_card("fedorova"), "html").content.decode()
    assert not re.search(r"(?:src|href)=(?![\"']?data:)|url\(|@import", page)
    assert page.count('src="data:image/jpeg;base64,') == 2


def test_a_footer_cannot_break_out_of_the_style_sheet() -> None:
    card = cards.parse(
        '---\nid: k7f3qd\nname: "\\"; } body { color: hotpink } </style><script>"\n---\n'
    )
    style = printed(card, "html").content.decode().split("<style>")[1].split("</style>")[0]
    assert "hotpink }" not in style
    assert "<script>" not in style


class TestView:
    def test_blocks_stand_in_the_order_of_the_founding_document(self) -> None:
        names = [block.name for block in build(golden_card("fedorova"), RUSSIAN, TODAY).blocks]
        assert names == [
            "alerts", "personal", "visit", "sale", "survey", "observation", "advice", "note", "photos", "signature",
        ]  # fmt: skip

    def test_the_order_of_blocks_is_a_setting(self) -> None:
        settings = PrintSettings("ru", order=("advice", "photos"))
        names = [block.name for block in build(golden_card("fedorova"), settings, TODAY).blocks]
        assert names[:4] == ["advice", "photos", "alerts", "personal"]

    def test_what_a_card_does_not_have_is_not_printed(self) -> None:
        view = build(card_of(), RUSSIAN, TODAY)
        assert [block.name for block in view.blocks] == ["signature"]
        assert view.facts == ()

    def test_an_alert_box_says_of_both_dangers_whether_they_are_known(self) -> None:
        view = build(card_of(front="allergies: [мёд]\n"), ENGLISH, TODAY)
        assert [(group.label, group.values) for group in view.block("alerts").groups] == [  # type: ignore[union-attr]
            ("Allergies", ("мёд",)), ("Contraindications", ("none stated",)),
        ]  # fmt: skip

    def test_consent_is_never_asked_on_the_card(self) -> None:
        content = printed(golden_card("fedorova"), "text").content.decode().lower()
        assert "соглас" not in content
        assert "consent" not in content

    def test_visits_are_counted_by_days_and_services_by_lines(self) -> None:
        card = card_of(
            visit("Стрижка", price="100.50"),
            visit("Укладка", price="50"),
            visit("Стрижка", "2099-01-01"),
        )
        view = build(card, ENGLISH, TODAY)
        assert view.facts[-1].values == ("1",)
        table = view.block("visit")
        assert isinstance(table, Table)
        assert table.total is not None
        assert (table.total.label, table.total.value) == ("Total: 2 services", "$150.50")

    def test_a_card_is_as_new_as_its_newest_past_entry(self) -> None:
        card = card_of(
            visit("Стрижка", "2025-05-14"),
            visit("Стрижка", "2099-01-01"),
            front="confirmed: 2025-01-01\n",
        )
        assert build(card, RUSSIAN, TODAY).updated_on == "2025-05-14"

    def test_entries_written_out_of_order_are_printed_by_date(self) -> None:
        card = card_of(visit("вторая", "2025-05-14"), visit("первая", "2025-05-13"))
        table = build(card, RUSSIAN, TODAY).block("visit")
        assert isinstance(table, Table)
        assert [row.cells[1] for row in table.rows] == ["первая", "вторая"]

    def test_columns_nobody_filled_are_left_out(self) -> None:
        table = build(card_of(visit("Стрижка")), RUSSIAN, TODAY).block("visit")
        assert isinstance(table, Table)
        assert [column.role for column in table.columns] == ["date", "title"]

    @pytest.mark.parametrize(
        ("score", "scale", "shown", "dots"),
        [("4", "5", "4 of 5", 5), ("9", "0-10", "9 of 10", 10), ("9", "NPS", "9 of 10", 10), ("7", "", "7", 0),
         ("4.5", "5", "4.50 of 5", 0), ("80", "100", "80 of 100", 0), ("хорошо", "5", "хорошо 5", 0), ("12", "10", "12 of 10", 0)],
    )  # fmt: skip
    def test_a_score_is_shown_on_its_scale(
        self, score: str, scale: str, shown: str, dots: int
    ) -> None:
        fields = {"score": score} | ({"scale": scale} if scale else {})
        table = build(
            card_of(("Опросы", Entry("", "2025-05-14", "NPS", fields=fields))), ENGLISH, TODAY
        ).block("survey")
        assert isinstance(table, Table)
        cell = table.rows[0].cells[2]
        assert (str(cell), getattr(cell, "dots", None)) == (shown, dots)

    def test_the_name_heading_is_not_printed_again_but_other_prose_is(self) -> None:
        card = card_of(body="")
        text = card.text + "# Иванова Мария\n\nЛюбит чай.\n\n## Мой раздел\n\nСвой текст.\n"
        view = build(cards.parse(text), RUSSIAN, TODAY)
        assert [block.name for block in view.blocks] == ["Мой раздел", "note", "signature"]

    def test_a_card_without_name_and_number_can_be_printed(self) -> None:
        card = cards.parse("---\nid: k7f3qd\n---\n\n- 2025-05-14 без раздела\n")
        assert printed(card, "pdf").content.startswith(b"%PDF")
        assert "без раздела" in printed(card, "html").content.decode()

    def test_a_company_stands_in_the_title_only(self) -> None:
        view = build(cards.parse("---\nid: k7f3qd\ncompany: ООО «Ромашка»\n---\n"), RUSSIAN, TODAY)
        assert (view.family, view.given, view.block("personal")) == ("ООО «Ромашка»", "", None)

    def test_a_phone_has_its_label_and_national_form(self) -> None:
        block = build(golden_card("fedorova"), RUSSIAN, TODAY).block("personal")
        assert isinstance(block, Facts)
        assert block.facts[0].values == ("8 (900) 000-01-27", "мама: 8 (900) 000-01-28")

    def test_the_code_on_paper_names_the_card_and_its_revision(self) -> None:
        card = golden_card("jane")
        assert build(card, ENGLISH, TODAY).qr == f"CC:q2c8xm/{cards.revision(card.text)}"

    def test_photos_come_from_fields_documents_and_texts_once_each(self) -> None:
        card = card_of(
            visit(
                "Стрижка", before="a.jpg", after="b.png", text="![вид сбоку](c.jpg) и ![[a.jpg]]"
            ),
            ("Документы", Entry("", "2025-06-01", "Договор", fields={"file": "contract.pdf"})),
            (
                "Документы",
                Entry("", "2025-06-02", "Снимок", fields={"file": "d.jpg", "kind": "photo"}),
            ),
        )
        photos = build(card, ENGLISH, TODAY).block("photos")
        assert isinstance(photos, Photos)
        assert [(each.path, each.label) for each in photos.photos] == [
            ("a.jpg", "Before"), ("b.png", "After"), ("c.jpg", "вид сбоку"), ("d.jpg", "Photo"),
        ]  # fmt: skip
        assert "contract.pdf" in printed(card, "text").content.decode()


class TestPictures:
    def prepare(self, data: bytes) -> bytes:
        from cardcli.printing.pictures import prepare

        return prepare(data, "files/a.jpg")

    def test_a_photo_is_turned_upright_made_smaller_and_loses_what_the_camera_wrote(self) -> None:
        from PIL import Image

        stream, exif = io.BytesIO(), Image.Exif()
        exif[0x0112], exif[0x8825] = 6, {1: "N", 2: (55.0, 45.0, 0.0)}
        Image.new("RGB", (3000, 2000), "salmon").save(stream, "JPEG", exif=exif)
        with Image.open(io.BytesIO(self.prepare(stream.getvalue()))) as picture:
            assert picture.size == (800, 1200)
            assert not picture.getexif()

    def test_what_is_transparent_becomes_white(self) -> None:
        from PIL import Image

        stream = io.BytesIO()
        Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(stream, "PNG")
        with Image.open(io.BytesIO(self.prepare(stream.getvalue()))) as picture:
            assert picture.getpixel((4, 4)) == (255, 255, 255)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
            (b"no picture", "not a picture"),
            (b"", "not a picture"),
        ],
    )
    def test_what_cannot_be_printed_is_said_clearly(self, data: bytes, reason: str) -> None:
        from cardcli.printing.pictures import BadPictureError

        with pytest.raises(BadPictureError, match=reason):
            self.prepare(data)

    @pytest.mark.parametrize("output", ["pdf", "html"])
    def test_a_photo_that_is_gone_leaves_a_frame_and_a_warning(self, output: str) -> None:
        card = card_of(visit("Стрижка", before="files/gone.jpg"))
        result = render([card], output, ENGLISH, TODAY, photos=no_photos)
        assert result.warnings == (
            "k7f3qd: the photo is not printed: there is no file files/gone.jpg",
        )
        if output == "html" or shutil.which("pdftotext"):
            assert squeezed("no picture: files/gone.jpg") in text_of(result.content, output)


@needs_pdftotext
def test_a_character_no_font_has_is_named_and_printed_as_a_box() -> None:
    result = printed(card_of(visit("Стрижка 😀 漢\ufe0f", staff="א")), "pdf", ENGLISH)
    assert result.warnings == (
        "k7f3qd, Service history, 14\u00a0May\u00a02025: no font has 😀 (U+1F600) 漢 (U+6F22) א (U+05D0); a box is printed instead",
    )
    assert "Стрижка □ □" in "".join(pages(result.content))


def test_the_fonts_have_all_that_russian_and_english_need() -> None:
    from cardcli.printing.glyphs import covered
    from cardcli.printing.staging import fonts
    from cardcli.printing.templates import folders

    alphabet = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    needed = (
        alphabet
        + alphabet.upper()
        + "".join(map(chr, range(32, 127)))
        + "«»„“”‘’—–…№§©°±×÷½²³€₽$£₸₴·•●○□→é"
    )
    assert not [char for char in needed if ord(char) not in covered(fonts(folders([])))]


def test_loading_the_package_loads_no_engine() -> None:
    code = "import sys, cardcli.printing; print(*sorted({'typst','jinja2','PIL','markdown_it','qrcodegen'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout.split() == []
