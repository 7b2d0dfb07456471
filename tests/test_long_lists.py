"""Lists of thousands in parts: the same pages as in one piece, nobody lost or twice, however many."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from cardcli import resources
from cardcli.cli import batching, longlists
from tests.conftest import Cli
from tests.pagework import needs_poppler, pictures, texts

COUNT = 110
PART = 50
"""Clients in one part: more than a page of A5 has, and less than three."""
ALL = 1000


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store where one letter has most of the clients, and numbers and names are short and long."""
    root = tmp_path_factory.mktemp("lists") / "salon"
    (root / "cards").mkdir(parents=True)
    (root / "cardcli.yaml").write_text("business: Лавр и мята\nlanguage: ru\ngit: no\n", "utf-8")
    for number in range(1, COUNT + 1):
        name = f"{'АНННБ'[number % 5]}ова {'Константина ' * (number % 7 == 0)}Мария {number}"
        (root / "cards" / f"client-a{number:05}.md").write_text(
            f"---\nid: a{number:05}\nnumber: {number}\nname: {name}\n"
            f"phones: ['+7900000{number:04}']\nbirthday: 1990-01-{number % 28 + 1:02}\n"
            f"created: 2025-01-{number % 28 + 1:02}\n---\n",
            "utf-8",
        )
    return root


@pytest.fixture
def store(store: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(longlists, "AT_ONCE", PART)
    return store


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the parts lie where they are put together."""
    monkeypatch.setattr(batching.Shelf, "clear", lambda _shelf, _parts: None)


def printed(cli: Cli, *arguments: str) -> bytes:
    result = cli("print", *arguments, "-o", "list.pdf")
    assert result.code == 0, result.err
    return Path("list.pdf").read_bytes()


def in_one_piece(cli: Cli, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(longlists, "AT_ONCE", ALL)
        return printed(cli, *arguments)


def sizes(store: Path) -> list[int]:
    """Return how many clients each compilation had: the first laying out, and the print."""
    notes = (store / ".cardcli" / "print").glob("*.json")
    return [len(json.loads(note.read_text())[2]) for note in notes]


def numbers(pages: list[str]) -> list[tuple[int, int]]:
    found = (re.search(r"Стр\. (\d+) из (\d+)", page) for page in pages)
    return [(int(each[1]), int(each[2])) if each else (0, 0) for each in found]


@needs_poppler
@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("template", "paper", "part"), [("folder", "a5", PART), ("register", "a4", 80)]
)
def test_a_list_in_parts_is_page_for_page_the_list_in_one_piece(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    template: str,
    paper: str,
    part: int,
) -> None:
    arguments = ("--template", template, "--paper", paper, "--color")
    monkeypatch.setattr(longlists, "AT_ONCE", part)
    parts = printed(cli, *arguments)
    whole = in_one_piece(cli, monkeypatch, *arguments)
    found = texts(parts)
    assert found == texts(whole)
    assert numbers(found) == [(page, len(found)) for page in range(1, len(found) + 1)]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for one, other in zip(
        pictures(parts, 80, tmp_path / "one"), pictures(whole, 80, tmp_path / "two"), strict=True
    ):
        assert one.read_bytes() == other.read_bytes(), one.name


@needs_poppler
@pytest.mark.usefixtures("store")
def test_nobody_is_lost_or_twice_and_rows_count_on(cli: Cli) -> None:
    pages = texts(printed(cli, "--template", "folder", "--paper", "a5"))
    rows = re.findall(r"^\s*(\d+)\s+№\s*(\d+)\s", "\n".join(pages), re.MULTILINE)
    assert [int(row) for row, _number in rows] == list(range(1, COUNT + 1))
    assert [int(number) for _row, number in rows] == list(range(1, COUNT + 1))
    pages = texts(printed(cli, "--template", "register", "--paper", "a5"))
    listed = Counter(re.findall(r"№\s*(\d+)\b", "\n".join(pages)))
    assert listed == Counter(map(str, range(1, COUNT + 1)))


@needs_poppler
def test_a_name_longer_than_a_page_is_whole_wherever_a_part_ends(
    store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = store / "cards" / "client-a00040.md"
    words = " ".join(f"слово{n}" for n in range(400))
    card.write_text(
        re.sub("^name: .*$", f"name: {words}", card.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    for part in (41, 45, PART):
        monkeypatch.setattr(longlists, "AT_ONCE", part)
        pages = texts(printed(cli, "--template", "folder", "--paper", "a5"))
        found = set(re.findall(r"слово\d+|№\s*\d+", "\n".join(pages)))
        assert {f"слово{n}" for n in range(400)} <= found
        assert len(found) == 400 + COUNT
        assert numbers(pages) == [(page, len(pages)) for page in range(1, len(pages) + 1)]


@needs_poppler
@pytest.mark.usefixtures("store")
def test_a_letter_that_goes_on_over_a_joint_has_one_heading(cli: Cli) -> None:
    pages = texts(printed(cli, "--template", "register", "--paper", "a5"))
    headings = [
        line.strip() for page in pages for line in page.split("\n") if len(line.strip()) == 1
    ]
    assert headings == sorted(set(headings))
    assert headings.count("Н") == 1
    assert sum("Нова" in page for page in pages) > 2


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("template", ["folder", "register"])
def test_no_compilation_has_more_clients_than_a_part(store: Path, cli: Cli, template: str) -> None:
    """The memory of a list is that of two parts: the law that holds at any number of clients."""
    printed(cli, "--template", template, "--paper", "a5")
    found = sizes(store)
    assert max(found) == PART
    assert len(found) >= 2 * COUNT / PART


@pytest.mark.usefixtures("kept")
def test_a_part_grows_until_it_fills_a_page(
    store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(longlists, "AT_ONCE", 20)
    parts = printed(cli, "--template", "register", "--paper", "a4")
    assert 20 < max(sizes(store)) <= 80
    assert parts.count(b"%PDF") == 1
    assert texts(parts) == texts(
        in_one_piece(cli, monkeypatch, "--template", "register", "--paper", "a4")
    )


def test_the_same_list_gives_the_same_bytes_and_leaves_nothing_behind(
    store: Path, cli: Cli
) -> None:
    first = printed(cli, "--template", "folder", "--paper", "a5")
    assert list((store / ".cardcli" / "print").iterdir()) == []
    assert printed(cli, "--template", "folder", "--paper", "a5") == first


@pytest.mark.usefixtures("kept")
def test_parts_that_are_there_are_not_printed_again(store: Path, cli: Cli) -> None:
    printed(cli, "--template", "folder", "--paper", "a5")
    folder = store / ".cardcli" / "print"
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.pdf")}
    printed(cli, "--template", "folder", "--paper", "a5")
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.pdf")} == before


@needs_poppler
@pytest.mark.usefixtures("store")
def test_copies_begin_on_a_new_sheet_and_parts_do_not(cli: Cli) -> None:
    once = texts(printed(cli, "--template", "folder", "--paper", "a5", "--duplex"))
    assert "" not in [page.strip() for page in once]
    twice = texts(
        printed(cli, "--template", "folder", "--paper", "a5", "--duplex", "--copies", "2")
    )
    filled = once + [""] * (len(once) % 2)
    assert [page.strip() for page in twice] == [page.strip() for page in filled * 2]


@needs_poppler
@pytest.mark.usefixtures("store")
def test_a_draft_and_chosen_clients_go_in_parts_too(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--where", "name:Нова", "--template", "folder", "--paper", "a5", "--no-record")
    pages = texts(printed(cli, *arguments))
    assert texts(in_one_piece(cli, monkeypatch, *arguments)) == pages
    for page in pages:
        assert not set("ЧЕРНОВИК") - set(page)
    assert sum(page.count("Нова") for page in pages) == COUNT * 3 // 5


def test_it_is_still_one_pdf_for_archives(store: Path, cli: Cli) -> None:
    printed(cli, "--template", "register", "--paper", "a5")
    with pikepdf.open(store / "list.pdf") as pdf:
        said = pdf.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>2</pdfaid:part>" in said
        assert b"<xmpTPg:NPages>%d</xmpTPg:NPages>" % len(pdf.pages) in said
        with pdf.open_outline() as outline:
            assert not outline.root
        assert pdf.check_pdf_syntax() == []


class TestTemplatesOfTheOwner:
    """Copies from before lists went in parts are printed in one piece, right in every number."""

    def own(self, store: Path, name: str, *changes: tuple[str, str]) -> None:
        text = (resources.templates() / name).read_text("utf-8")
        for new, old in changes:
            assert new in text
            text = text.replace(new, old)
        (store / "templates").mkdir(exist_ok=True)
        (store / "templates" / name).write_text(text, "utf-8")

    def same(self, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
        arguments = ("--template", "folder", "--paper", "a5")
        pages = texts(printed(cli, *arguments))
        assert pages == texts(in_one_piece(cli, monkeypatch, *arguments))
        assert numbers(pages) == [(page, len(pages)) for page in range(1, len(pages) + 1)]

    @needs_poppler
    @pytest.mark.usefixtures("kept")
    def test_a_template_that_names_no_order(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.own(
            store, "folder.typ.j2",
            ("{# order: number #}\n", ""), ("before + loop.index", "loop.index"),
            ("count=count", "count=views|length"), ("{% if not before %}\n", "{% if 1 %}\n"),
            ("  before: {{ before|lit }}, count: {{ count|lit }},\n", ""),
        )  # fmt: skip
        self.same(cli, monkeypatch)
        assert sizes(store) == []

    @needs_poppler
    @pytest.mark.parametrize(
        ("name", "new", "old"),
        [
            ("lists.typ", "[#metadata(none) <client>]", "[]"),
            ("layout.typ", 'int(sys.inputs.at("page", default: "1"))', "1"),
        ],
    )
    def test_a_layout_that_marks_nobody_or_counts_pages_from_one(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, new: str, old: str
    ) -> None:
        self.own(store, name, (new, old))
        self.same(cli, monkeypatch)
        assert list((store / ".cardcli" / "print").iterdir()) == []

    @needs_poppler
    def test_a_list_of_ones_own_goes_in_parts_when_it_says_so(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (store / "templates").mkdir()
        (store / "templates" / "phones.typ.j2").write_text(
            "{# paper: a6 #}\n{# clients: list #}\n{# order: alphabet #}\n"
            '#import "layout.typ": card\n'
            "#show: card.with(paper: {{ paper|lit }}, lang: {{ language|lit }}, looks: {{ looks|lit }}, last: {{ last|lit }}, foot: {{ as_of|lit }}, page-words: {{ page_words|lit }})\n"
            "{% if not before %}\n== {{ count }}\n{% endif %}\n"
            "{% for view in views|alphabet|map(attribute='views')|sum(start=[]) %}\n"
            "#block(breakable: false)[{{ before + loop.index }} {{ view.name }} {{ view.phone.value }} #metadata(none) <client>]\n"
            "{% endfor %}\n",
            "utf-8",
        )
        pages = texts(printed(cli, "--template", "phones"))
        assert pages == texts(in_one_piece(cli, monkeypatch, "--template", "phones"))
        assert len(pages) > 2
        assert cli("templates", "check", "phones").out == ""

    def test_an_order_there_is_none_of_is_named_with_its_line(self, store: Path, cli: Cli) -> None:
        self.own(store, "folder.typ.j2", ("order: number", "order: birthday"))
        result = cli("print", "--template", "folder")
        assert (result.code, "folder.typ.j2:3: “order: birthday”" in result.err) == (7, True)
        assert "alphabet, number" in result.err
