"""Printed pages for tests: rendering each format, its text layer and its picture."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.card import Card
from cardcli.printing import Printed, PrintSettings, Sources, render
from cardcli.printing.blocks import Brief, Fact, Visit

GOLDEN = Path(__file__).parent / "golden"
TODAY = dt.date(2025, 11, 21)
FORMATS = {
    "card": ("a4", "a5"), "index-card": ("a6", "3x5"), "labels": ("l7160", "3666"),
    "leaflet": ("a5", "a4", "a6"), "consent": ("a4", "a5"), "brief": ("a5", "a4", "a6"), "form": ("a4", "a5"),
    "folder": ("a4", "a5"), "register": ("a4", "a5"),
}  # fmt: skip
"""Every built-in template but the visit log, which is printed by its own ways, with its papers."""
SETTINGS = {
    "ru": PrintSettings("ru", "Лавр и мята", "кабинет косметологии"),
    "en": PrintSettings("en", "Laurel & Mint", "beauty studio", currency="USD", region="GB"),
}
CONSENT = {
    "ru": "# Согласие на обработку\nперсональных данных\n\nЯ, {{ view.name }}, даю согласие\nна обработку.\n\n1. Данные: имя,\n   телефон.\n2. Срок: до отзыва.\n",
    "en": "# Consent to the processing\n\nI, {{ view.name }}, agree.\n\n1. Data: name.\n2. Until withdrawn.\n",
}
needs_poppler = pytest.mark.skipif(
    not (shutil.which("pdftotext") and shutil.which("pdftoppm")),
    reason="poppler (pdftotext, pdftoppm) is not installed",
)


def golden_card(name: str) -> Card:
    return cards.parse((GOLDEN / f"{name}.card.md").read_text("utf-8"))


def clients() -> list[Card]:
    """A few clients whose names begin with several letters of both alphabets."""
    names = ("Ёлкина Мария", "Егоров Пётр", "Яшин Ю.", "Smith Ann", "Абрамова Ольга", "4 сезона")
    return [
        cards.parse(
            f"---\nid: c{n}aaaa\nnumber: К-{n + 9:05}\nname: {name}\nphones: ['+7900000010{n}']\n"
            f"birthday: 1990-01-0{n + 1}\ncreated: 2025-01-0{n + 1}\n"
            + ("allergies: [мёд — сыпь]\n" if n % 2 else "")
            + "---\n"
        )
        for n, name in enumerate(names)
    ]


def of_format(template: str, language: str = "ru") -> list[Card]:
    """Return the clients a format is tried with."""
    if template == "form":
        return []
    if template in {"labels", "folder", "register"}:
        return clients()
    return [golden_card("fedorova" if language == "ru" else "jane")]


def brief(_card: Card) -> Brief:
    return Brief(
        (Fact("Статус", ("активный",)), Fact("Пожелания", ("утро", "кофе без сахара"))),
        (Visit("18.11.2025", "Консультация", "Щербакова Е. Ю.", "оценка 5"),),
    )


def page(
    template: str,
    paper: str,
    folder: Path,
    *,
    language: str = "ru",
    output: str = "pdf",
    people: Sequence[Card] | None = None,
    **settings: object,
) -> Printed:
    """Print a format; *folder* is for the store's own templates."""
    from dataclasses import replace

    (folder / "consent-processing.md").write_text(CONSENT[language], "utf-8")
    return render(
        of_format(template, language) if people is None else list(people),
        output,
        replace(SETTINGS[language], paper=paper, **settings),  # type: ignore[arg-type]
        TODAY,
        photos=photo,
        template=template,
        own_templates=[folder],
        sources=Sources(brief=brief),
    )


def photo(_path: str) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "salmon").save(stream, "JPEG")
    return stream.getvalue()


def texts(pdf: bytes) -> list[str]:
    """Return the text layer of each page, as it is laid out."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().removesuffix("\f").split("\f")


def pictures(pdf: bytes, dpi: int, folder: Path) -> list[Path]:
    """Return a grey picture of each page."""
    (folder / "page.pdf").write_bytes(pdf)
    for old in folder.glob("page-*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-png", folder / "page.pdf", folder / "page"],
        check=True,
    )
    return sorted(folder.glob("page-*.png"))
