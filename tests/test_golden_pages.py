"""Every format in both languages looks as it did: its text layer, and its picture at 300 dpi.

A page that was changed on purpose is written anew with ``UPDATE_GOLDEN=1``; look at it before.
Pictures are kept at a sixth of their size: what a reader sees is in them, a hair's shade is not.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from tests.pagework import FORMATS, GOLDEN, needs_poppler, page, pictures, texts

PAGES = GOLDEN / "pages"
DPI, SHRUNK = 300, 6
SHADES = 48
"""How much darker or lighter a point may be: programs smooth letters in their own way."""
POINTS = 2000
"""One point in so many may differ by more."""


@needs_poppler
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("template", FORMATS)
def test_a_format_looks_as_it_did(template: str, language: str, tmp_path: Path) -> None:
    pdf = page(template, FORMATS[template][0], tmp_path, language=language).content
    text = "\f".join(texts(pdf))
    files = pictures(pdf, DPI, tmp_path)
    base = PAGES / f"{template}.{language}"
    if os.environ.get("UPDATE_GOLDEN"):
        update(base, text, files)
    assert text == (PAGES / f"{base.name}.txt").read_text("utf-8")
    kept = sorted(PAGES.glob(f"{template}.{language}-*.png"))
    assert len(files) == len(kept)
    for new, old in zip(files, kept, strict=True):
        assert alike(new, old), f"{new.name} is not {old.name}"


def update(base: Path, text: str, files: list[Path]) -> None:
    PAGES.mkdir(exist_ok=True)
    (PAGES / f"{base.name}.txt").write_text(text, "utf-8")
    for old in PAGES.glob(f"{base.name}-*.png"):
        old.unlink()
    for number, file in enumerate(files, 1):
        shrunk(file).save(PAGES / f"{base.name}-{number}.png", optimize=True)


def shrunk(file: Path) -> Image.Image:
    with Image.open(file) as image:
        small = image.convert("L").reduce(SHRUNK)
        return small.quantize(16).convert("L")


def alike(new: Path, old: Path) -> bool:
    """Tell whether two pictures show the same page."""
    one = shrunk(new)
    with Image.open(old) as image:
        other = image.convert("L")
        if one.size != other.size:
            return False
        shades: list[int] = ImageChops.difference(one, other).histogram()
    return sum(shades[SHADES:]) <= int(one.width * one.height) // POINTS


def test_a_page_with_a_word_more_is_not_alike(tmp_path: Path) -> None:
    image = Image.new("L", (1240, 1748), 255)
    image.save(tmp_path / "a.png")
    ImageDraw.Draw(image).rectangle((100, 100, 400, 160), fill=0)
    image.save(tmp_path / "b.png")
    shrunk(tmp_path / "a.png").save(tmp_path / "old.png")
    assert alike(tmp_path / "a.png", tmp_path / "old.png")
    assert not alike(tmp_path / "b.png", tmp_path / "old.png")
