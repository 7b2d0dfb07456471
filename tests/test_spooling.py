"""Clients in a file act as a list of them, and any number takes no more memory than a few."""

from __future__ import annotations

import gc
import hashlib
import io
import itertools
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from cardcli import card as cards
from cardcli import disk, printing
from cardcli.printing import ordering, templates
from cardcli.printing.blocks import View
from cardcli.printing.spooling import Files, Views
from cardcli.printing.view import build
from tests.pagework import SETTINGS, TODAY, clients, golden_card

PEOPLE = [build(card, SETTINGS["ru"], TODAY) for card in clients()]


@pytest.fixture
def views() -> Views:
    found = Views(io.BytesIO())
    for view in PEOPLE:
        found.put(view)
    return found


def test_they_are_what_was_put_there(views: Views) -> None:
    assert list(views) == PEOPLE
    assert (len(views), views[0], views[-1]) == (len(PEOPLE), PEOPLE[0], PEOPLE[-1])
    assert list(views[1:3]) == PEOPLE[1:3]
    assert list(reversed(views)) == PEOPLE[::-1]
    assert list(views.times(2)) == [view for view in PEOPLE for _copy in range(2)]
    assert [*itertools.islice(views, 2)] == PEOPLE[:2]


def test_they_are_ordered_as_a_list_is(views: Views) -> None:
    assert list(ordering.by_number(views)) == ordering.by_number(PEOPLE)
    there = [(group.letter, list(group.views)) for group in ordering.alphabet(views)]
    assert there == [(group.letter, group.views) for group in ordering.alphabet(PEOPLE)]


@pytest.mark.parametrize(
    "source",
    [
        "{% for page in ([none] * 2 + views)|batch(3) %}{% for v in page %}{{ v.name if v }},{% endfor %};{% endfor %}",
        "{% for v in views + views %}{{ loop.index }}{{ loop.last }}{{ v.name }}{% endfor %}",
        "{{ views|length }} {{ views[0].name }} {{ (views|last).name }} {{ views|map(attribute='name')|list }}",
        "{% for v in views|sort(attribute='name') %}{{ v.name }}{% endfor %}{% if not views[9:] %}no more{% endif %}",
    ],
)
def test_a_template_cannot_tell_them_from_a_list(views: Views, source: str) -> None:
    environment = templates.environment([])
    template = environment.from_string(source)
    assert template.render(views=views) == template.render(views=PEOPLE)


def test_pictures_are_kept_by_name() -> None:
    files = Files(io.BytesIO())
    files["a"], files["b"] = b"one", b"three"
    assert (files["a"], files["b"], sorted(files), len(files)) == (b"one", b"three", ["a", "b"], 2)
    del files["a"]
    assert "a" not in files


def test_a_file_for_this_run_lies_elsewhere_where_the_folder_cannot_be_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "print").write_text("in the way", "utf-8")
    for folder in (tmp_path / "print", tmp_path / "there"):
        with disk.spool(folder) as stream:
            stream.write(b"something")
            stream.seek(0)
            assert stream.read() == b"something"
    assert list((tmp_path / "there").iterdir()) == []


@pytest.mark.parametrize("output", ["html", "text"])
def test_many_cards_take_no_more_memory_than_a_few(output: str, tmp_path: Path) -> None:
    """The memory law of HTML, text and Markdown: of all that is written, next to nothing is held."""
    text = golden_card("fedorova").text

    def many(count: int) -> Iterator[View]:
        for number in range(count):
            person = cards.parse(text.replace("files/", f"files/{number}-"))
            yield build(person, SETTINGS["ru"], TODAY)
            gc.collect()  # what nobody holds does not count

    def cost(count: int) -> tuple[int, int]:
        """Return the most memory that was held, and the bytes that were written."""
        with (tmp_path / "spool").open("w+b") as spool, (tmp_path / "page").open("w+b") as page:
            tracemalloc.start()
            printing.write(many(count), output, SETTINGS["ru"], page, spool, photos=noise)
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return most, page.tell() + spool.seek(0, io.SEEK_END)

    cost(1)  # what is loaded once
    few, many_more = cost(3), cost(13)
    assert many_more[0] - few[0] < (many_more[1] - few[1]) / 4, (few, many_more)


def noise(path: str) -> bytes:
    """Return a photo that no other one looks like, and that cannot be made small."""
    stream = io.BytesIO()
    dots = hashlib.shake_256(path.encode()).digest(300 * 300)
    Image.frombytes("L", (300, 300), dots).save(stream, "JPEG")
    return stream.getvalue()
