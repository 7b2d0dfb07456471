"""The visit log on paper: rows stay where they are, a continuation is a part of one full print."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import subprocess

import pytest
from PIL.Image import Image as Picture

from cardcli import card as cards
from cardcli.archive import codes, content, continuing, scanner
from cardcli.archive.continuing import Job, Laid
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.printing import Printed, PrintSettings, visitlog
from tests.test_printing import (
    ENGLISH,
    GOLDEN,
    NAUGHTY,
    RUSSIAN,
    card_of,
    golden_card,
    pages,
    squeezed,
    visit,
)

TODAY = dt.date(2025, 11, 21)
REVISION = "9f3c2ab1"
A5, A4 = "a5", "a4"
pytestmark = pytest.mark.skipif(
    not shutil.which("pdftoppm"), reason="pdftoppm (poppler) is not installed"
)


def on(paper: str, settings: PrintSettings = RUSSIAN) -> PrintSettings:
    return PrintSettings(
        settings.language, settings.business, currency=settings.currency, region=settings.region, paper=paper
    )  # fmt: skip


def printed(
    card: Card, job: Job, settings: PrintSettings, nudge: tuple[float, float] = (0, 0)
) -> Printed:
    measured = visitlog.measured([(card, each) for each in job.groups], settings, TODAY)
    sheets = continuing.lay(job, [each.heights for each in measured], measured[0].per_sheet)
    drawn = [
        visitlog.Page(card, each.visits, each.places, each.number, each.fresh, REVISION, nudge)
        for each in sheets
    ]
    job.sheet, job.start = end(sheets)
    return visitlog.drawn(drawn, settings, TODAY)


def end(sheets: list[Laid]) -> tuple[int, int]:
    return sheets[-1].number, sheets[-1].rows[1] + 1


def whole(card: Card) -> Job:
    return continuing.whole(content.visits(card, TODAY))


def pictures(pdf: bytes, dpi: int) -> list[bytes]:
    """Return the pages as PGM, in grey."""
    done = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-"], input=pdf, capture_output=True, check=True
    )
    found, rest = [], done.stdout
    while rest:
        head, size, _most = rest.split(b"\n", 3)[:3]
        width, height = map(int, size.split())
        length = len(head) + len(size) + len(_most) + 3 + width * height
        found.append(rest[:length])
        rest = rest[length:]
    return found


@pytest.mark.parametrize("paper", [A5, A4])
@pytest.mark.parametrize("settings", [RUSSIAN, ENGLISH], ids=lambda each: each.language)
def test_the_continuation_over_the_first_print_is_one_full_print_pixel_for_pixel(
    paper: str, settings: PrintSettings
) -> None:
    from PIL import Image, ImageChops

    card = golden_card("fedorova")
    visits = content.visits(card, TODAY)
    full = pictures(printed(card, continuing.whole(visits), on(paper, settings)).content, 300)
    begun = Job(visits[:9])
    first = pictures(printed(card, begun, on(paper, settings)).content, 300)
    rest = Job(visits[9:], begun.sheet, begun.start, None, {}, started=True)
    later = pictures(printed(card, rest, on(paper, settings)).content, 300)
    assert len(first) == 1
    assert len(later) == len(full)
    over = ImageChops.darker(_image(first[0]), _image(later[0]))
    assert ImageChops.difference(over, _image(full[0])).getbbox() is None
    assert ImageChops.difference(over, _image(first[0])).getbbox() is not None
    assert later[1:] == full[1:]
    assert Image.open(io.BytesIO(full[0])).size[0] == (1749 if paper == A5 else 2481)


def _image(data: bytes) -> Picture:
    from PIL import Image

    return Image.open(io.BytesIO(data))


def test_the_nudge_moves_only_what_is_added() -> None:
    card = golden_card("fedorova")
    visits = content.visits(card, TODAY)
    job = Job(visits[9:12], 1, 15, None, {}, started=True)
    straight = _image(pictures(printed(card, job, on(A5)).content, 254)[0])
    job = Job(visits[9:12], 1, 15, None, {}, started=True)
    moved = _image(pictures(printed(card, job, on(A5), (1.5, -2.0)).content, 254)[0])
    left, top, right, bottom = _ink(straight)
    shifted = _ink(moved)
    wanted = (left + 15, top - 20, right + 15, bottom - 20)  # 254 dpi: ten dots a millimetre
    assert all(abs(is_ - should) <= 1 for is_, should in zip(shifted, wanted, strict=True))


def _ink(picture: Picture) -> tuple[int, int, int, int]:
    from PIL import ImageOps

    return ImageOps.invert(picture).getbbox() or (0, 0, 0, 0)


@pytest.mark.parametrize("paper", [A5, A4])
def test_the_code_is_read_from_the_page_at_150_dpi(paper: str) -> None:
    from PIL import Image

    card = golden_card("fedorova")
    for number, page in enumerate(pictures(printed(card, whole(card), on(paper)).content, 150), 1):
        stream = io.BytesIO()
        Image.open(io.BytesIO(page)).save(stream, "PNG")
        assert scanner.read(stream.getvalue(), "page.png") == [
            codes.Code(card.id, REVISION, number)
        ]


def test_the_same_log_gives_the_same_bytes() -> None:
    card = golden_card("fedorova")
    assert printed(card, whole(card), on(A5)).content == printed(card, whole(card), on(A5)).content


@pytest.mark.parametrize("settings", [RUSSIAN, ENGLISH], ids=lambda each: each.language)
@pytest.mark.parametrize("paper", [A5, A4])
def test_the_log_looks_like_its_golden_page(paper: str, settings: PrintSettings) -> None:
    from PIL import Image, ImageChops, ImageStat

    card = golden_card("fedorova")
    content_ = printed(card, whole(card), on(paper, settings)).content
    name = GOLDEN / f"fedorova.log.{paper}.{settings.language}"
    text = squeezed("".join(pages(content_, mode="-raw")))
    picture = _image(pictures(content_, 300)[0])
    if os.environ.get("UPDATE_GOLDEN"):
        name.with_suffix(f".{settings.language}.txt").write_text(text + "\n", "utf-8")
        picture.quantize(16).save(name.with_suffix(f".{settings.language}.png"), optimize=True)
    assert text + "\n" == name.with_suffix(f".{settings.language}.txt").read_text("utf-8")
    known = Image.open(name.with_suffix(f".{settings.language}.png")).convert("L")
    assert known.size == picture.size
    far = ImageChops.difference(known, picture).point(lambda value: 255 * (value > 96))
    assert ImageStat.Stat(far).mean[0] / 255 < 0.0005


def test_every_visit_is_on_paper_with_its_price_its_person_and_its_note() -> None:
    card = golden_card("fedorova")
    found = squeezed("".join(pages(printed(card, whole(card), on(A5)).content, mode="-raw")))
    for each in content.visits(card, TODAY):
        day = dt.date.fromisoformat(each.date)
        for value in (each.title, each.fields.get("staff", ""), f"{day:%d.%m.%Y}"):
            assert squeezed(value) in found.replace("-", "") or squeezed(value) in found
    assert squeezed("Без лидокаина!") in found


def test_text_that_looks_like_a_command_is_printed_as_typed() -> None:
    for start in range(0, len(NAUGHTY), 12):
        part = NAUGHTY[start : start + 12]
        card = card_of(*(visit(each, text=f"x {each}", staff=each) for each in part))
        result = printed(card, whole(card), on(A4))
        found = squeezed("".join(pages(result.content, mode="-raw")))
        missing = [each for each in card.of_kind("visit") if squeezed(each.title) not in found]
        assert not missing


def test_a_character_no_font_has_is_named_with_its_field() -> None:
    card = card_of(visit("Стрижка 鬼"))
    (warning,) = printed(card, whole(card), on(A5)).warnings
    assert warning.endswith("14.05.2025: no font has 鬼 (U+9B3C); a box is printed instead")


def test_a_note_higher_than_a_sheet_runs_over_to_the_next_and_loses_nothing() -> None:
    note = "\n".join(f"строка-{number:03}" for number in range(60))
    card = card_of(visit("Консультация", text=note), visit("Стрижка", date="2025-06-01"))
    result = printed(card, whole(card), on(A5))
    assert len(pages(result.content)) == 3
    found = squeezed("".join(pages(result.content, mode="-raw")))
    assert all(f"строка-{number:03}" in found for number in range(60))


def test_a_long_name_and_a_long_word_stay_on_the_sheet() -> None:
    card = card_of(visit("Ж" * 90, staff="Щ" * 60, price="123456789.50"))
    long = cards.parse(card.text.replace("Иванова Мария", "Константинопольская-" * 6 + "Анна"))
    picture = _image(pictures(printed(long, whole(long), on(A5)).content, 100)[0])
    left, _top, right, _bottom = _ink(picture)
    assert left >= 15
    assert right <= picture.width - 30


def test_an_empty_log_has_a_sheet_to_be_filled_by_hand() -> None:
    card = card_of()
    empty = Laid(1, fresh=True)
    page = visitlog.Page(card, [], empty.places, 1, True, REVISION)
    assert len(pages(visitlog.drawn([page], on(A5), TODAY).content)) == 1


def entry(number: int) -> Entry:
    return Entry(f"e0000{number}", f"2025-05-0{number}", "Стрижка", kind="visit")


def test_what_does_not_fit_on_a_sheet_any_more_goes_below_with_what_is_new() -> None:
    one, two, three, four = map(entry, range(1, 5))
    job = Job([four], 2, 4, None, {1: [one, two, three]}, started=True)
    first, second = continuing.lay(job, [[4, 3, 4], [1]], 10)
    assert (first.number, first.fresh, first.visits, first.rows) == (1, True, [one, two], (1, 7))
    assert (second.number, second.fresh, second.visits, second.rows) == (
        2,
        False,
        [three, four],
        (4, 8),
    )
