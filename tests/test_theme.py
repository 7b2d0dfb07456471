"""Looks by settings: ``print:`` in cardcli.yaml is read strictly and seen on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cardcli import config, theme
from cardcli.printing import looks
from cardcli.printing.looks import BadThemeError
from cardcli.theme import Theme
from tests.conftest import Cli
from tests.pagework import needs_poppler, page, pictures, texts

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
)


def read(text: str) -> Theme:
    return config.parse(f"print:\n{text}").theme


def test_a_store_that_says_nothing_has_the_standard_looks() -> None:
    assert config.parse("business: x\n").theme == Theme()


def test_all_settings_are_read() -> None:
    found = read(
        '  paper: a5\n  labels: L7163\n  color: "#1F5F4A"\n  logo: templates/logo.svg\n'
        "  fonts: {text: PT Sans, headings: PT Serif}\n  margins: {left: 2.5 cm, top: 12}\n"
        "  order: [Услуги, advice, photos, Мой раздел]\n  hide: Опросы\n"
    )
    assert found == Theme(
        "a5", "l7163", color=True, accent="#1f5f4a", logo="logo.svg", text_font="PT Sans",
        heading_font="PT Serif", margins={"left": 25.0, "top": 12.0},
        order=("visit", "advice", "photos", "Мой раздел"), hide=("survey",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("  colour: red", 2, "“colour” is not one of: .*Did you mean “color”"),
        ("  paper: a5\n  color: red", 3, "“color” is yes, no or a colour in quotes"),
        ('  color: "#12345"', 2, "“#12345” is not a colour"),
        ('  color: "#ffee88"', 2, "too light to be read on white paper"),
        ("  logo: ../secret.svg", 2, "“logo” names a file in templates/"),
        ("  logo: logo.gif", 2, r"ends in \.svg, \.png or \.jpg"),
        ("  margins: wide", 2, "“wide” is not a length; write millimetres: 20mm"),
        ("  margins: {left: 2mm}", 2, "a margin is between 5 and 60 mm"),
        ("  margins: {lef: 20mm}", 2, "Did you mean “left”"),
        ("  fonts: {body: PT Sans}", 2, "“body” is not one of: text, headings"),
        ("  fonts: PT Sans", 2, "“fonts” must be a mapping"),
        ("  order: [alert]", 2, "there is no block “alert” on paper. Did you mean “alerts”"),
        ("  hide: [vizit]", 2, "Did you mean “visit”"),
        ("  paper: b5", 2, "“paper” must be one of: a4, a5, a6, 3x5"),
        ("  labels: X1", 2, "“labels” must be one of: L7160"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(config.BadConfigError, match=rf"cardcli\.yaml:{line}: .*{said}"):
        read(text)


@pytest.mark.parametrize(
    ("color", "contrast"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54)]
)
def test_contrast_is_reckoned_as_wcag_does(color: str, contrast: float) -> None:
    assert theme._contrast_with_white(color) == pytest.approx(contrast, abs=0.01)


def test_a_logo_that_is_not_there_or_no_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadThemeError, match=r"there is no file templates/logo\.svg"):
        page("card", "a4", tmp_path, theme=Theme(logo="logo.svg"))
    (tmp_path / "logo.png").write_bytes(b"no picture")
    with pytest.raises(BadThemeError, match=r"templates/logo\.png is no picture"):
        page("card", "a4", tmp_path, theme=Theme(logo="logo.png"))


def test_a_font_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(
        BadThemeError,
        match=r"There is no font “Source Sans 4” \(“fonts” under “print” in cardcli\.yaml\)\. .* there are: Source Sans 3, Source Serif 4\. Did you mean “Source Sans 3”",
    ):
        page("card", "a4", tmp_path, theme=Theme(text_font="Source Sans 4"))
    assert page("card", "a4", tmp_path, theme=Theme(text_font="source serif 4")).content


@needs_poppler
def test_fonts_of_the_settings_are_used_in_every_format(tmp_path: Path) -> None:
    from tests.pagework import FORMATS

    swapped = Theme(text_font="Source Serif 4", heading_font="Source Serif 4")
    for template, papers in FORMATS.items():
        pdf = page(template, papers[0], tmp_path, theme=swapped).content
        assert b"SourceSerif" in pdf
        assert b"SourceSans" not in pdf, template


@needs_poppler
def test_margins_move_what_stands_on_an_a4_page_and_not_on_an_index_card(tmp_path: Path) -> None:
    from PIL import Image, ImageOps

    def left(template: str, paper: str, margins: dict[str, float]) -> float:
        pdf = page(template, paper, tmp_path, theme=Theme(margins=margins)).content
        with Image.open(pictures(pdf, 72, tmp_path)[0]) as image:
            box = ImageOps.invert(image.convert("L")).getbbox()
            assert box
            return box[0] / 72 * 25.4

    assert left("card", "a4", {}) == pytest.approx(22, abs=0.6)
    assert left("card", "a4", {"left": 40.0}) == pytest.approx(40, abs=0.6)
    assert left("index-card", "a6", {"left": 40.0}) == left("index-card", "a6", {})


@needs_poppler
def test_the_accent_is_printed_only_in_colour(tmp_path: Path) -> None:
    green = Theme(accent="#1f5f4a", color=True)
    assert colours(page("card", "a4", tmp_path, theme=green, color=True).content, tmp_path)
    assert not colours(page("card", "a4", tmp_path, theme=green, color=False).content, tmp_path)


def colours(pdf: bytes, folder: Path) -> bool:
    """Tell whether a page has the accent on it."""
    import subprocess

    from PIL import Image

    (folder / "c.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "72", "-l", "1", "-png", folder / "c.pdf", folder / "c"], check=True
    )
    (file,) = folder.glob("c-*.png")
    with Image.open(file) as image:
        found = {color for _count, color in image.getcolors(1 << 24) or []}
    file.unlink()
    return (0x1F, 0x5F, 0x4A) in found


@needs_poppler
def test_blocks_that_are_hidden_are_not_on_paper_and_the_order_is_as_asked(tmp_path: Path) -> None:
    pdf = page("card", "a4", tmp_path, order=("advice",), hide=("visit", "alerts")).content
    text = " ".join(texts(pdf))
    assert "Пилинг миндальный" not in text
    assert "Внимание" not in text
    assert text.index("Рекомендации") < text.index("Личные данные")


def test_html_has_the_looks_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(LOGO, "utf-8")
    looks_of = Theme(
        accent="#1f5f4a", text_font='PT "Sans', logo="logo.svg", margins={"left": 33.0}
    )
    content = page(
        "card", "a5", tmp_path, output="html", theme=looks_of, color=True
    ).content.decode()
    assert "--accent: #1f5f4a" in content
    assert r'--sans: "PT \000022 Sans"' in content
    assert re.search(r"@page page1 \{ size: 148mm 210mm; margin: 9mm 9mm 12\.5mm 33\.0mm", content)
    assert 'src="data:image/svg+xml;base64,' in content


@needs_poppler
def test_the_looks_of_a_store_reach_its_papers(salon: Path, cli: Cli) -> None:
    assert cli("new", "Иванова Мария", "--phone", "89000000127").code == 0
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8").replace("print: {}", "print:\n  paper: a5\n  logo: logo.svg")
    settings.write_text(text, "utf-8")
    missing = cli("print", "иванова")
    assert missing.code == 7
    assert "there is no file templates/logo.svg" in missing.err
    (salon / "templates").mkdir(exist_ok=True)
    (salon / "templates" / "logo.svg").write_text(LOGO, "utf-8")
    printed = cli("print", "иванова", "--output", "card.pdf")
    assert printed.code == 0, printed.err
    assert re.search(rb"/MediaBox ?\[0 0 419\.5", (salon / "card.pdf").read_bytes())
    assert cli("print", "иванова", "--paper", "a4", "--no-color", "-o", "a4.pdf").code == 0


def test_looks_leave_small_papers_their_margins() -> None:
    from cardcli.printing.settings import PrintSettings

    wide = Theme(margins={"left": 40.0})
    assert looks.of(PrintSettings(paper="a4", theme=wide), []).left == 40.0
    assert looks.of(PrintSettings(paper="a6", theme=wide), []).left is None


def test_check_knows_the_looks(salon: Path, cli: Cli) -> None:
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8").replace("print: {}", "print:\n  paper: a5")
    settings.write_text(text, "utf-8")
    assert "print" not in cli("check").out
