"""Thousands of cards in one run: whole or not at all, in order, taken up again where it stopped."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pikepdf
import pytest

from benchmarks import cards
from cardcli.cli import batching, clientfiles
from tests.conftest import Cli

ROOT = Path(__file__).parents[1]
COUNT = 12
needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed"
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make parts so small that a few cards are many parts."""
    monkeypatch.setattr(batching, "AT_ONCE", 5)
    monkeypatch.setattr(clientfiles, "FILES_AT_ONCE", 5)


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("batch") / "salon"
    cards.write_store(root, COUNT)
    return root


def text_pages(path: Path) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    return done.stdout.decode().removesuffix("\f").split("\f")


def names(root: Path) -> list[str]:
    found = [re.search(r"^name: (.+)$", path.read_text("utf-8"), re.MULTILINE)[1]  # type: ignore[index]
             for path in (root / "cards").glob("*.md")]  # fmt: skip
    return sorted(found, key=lambda name: name.lower().replace("ё", "е"))


def bookmarks(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        return [item.title for item in outline.root]


def page_numbers(pages: list[str]) -> list[tuple[int, int]]:
    """Return x and y of every “page x of y”; (0, 0) for an empty page."""
    found = (re.search(r"Стр\. (\d+) из (\d+)", page) for page in pages)
    return [(int(each[1]), int(each[2])) if each else (0, 0) for each in found]


class TestOnePdf:
    @needs_pdftotext
    def test_all_cards_are_in_it_by_name_each_with_its_own_page_numbers(
        self, store: Path, cli: Cli
    ) -> None:
        result = cli("print", "--all", "-o", "all.pdf")
        assert result.code == 0, result.err
        assert result.out == f"{store / 'all.pdf'}\n"
        assert bookmarks(store / "all.pdf") == names(store)
        pages = text_pages(store / "all.pdf")
        assert f"{COUNT} cards, {len(pages)} pages" in result.err
        firsts = [y for x, y in page_numbers(pages) if x == 1]
        assert len(firsts) == COUNT
        assert page_numbers(pages) == [(x, y) for y in firsts for x in range(1, y + 1)]

    def test_the_same_cards_give_the_same_bytes(self, store: Path, cli: Cli) -> None:
        for name in ("one.pdf", "two.pdf"):
            assert cli("print", "--all", "-o", name).code == 0
        assert (store / "one.pdf").read_bytes() == (store / "two.pdf").read_bytes()

    def test_it_is_still_a_pdf_for_archives(self, store: Path, cli: Cli) -> None:
        assert cli("print", "--all", "-o", "all.pdf").code == 0
        with pikepdf.open(store / "all.pdf") as pdf:
            metadata = pdf.Root.Metadata
            said = metadata.read_bytes()
            assert b"<pdfaid:part>2</pdfaid:part>" in said
            assert b"<pdfaid:conformance>B</pdfaid:conformance>" in said
            assert b"<xmpTPg:NPages>%d</xmpTPg:NPages>" % len(pdf.pages) in said
            assert "/Filter" not in metadata
            assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
            assert "/ID" in pdf.trailer
            assert not pdf.is_encrypted
            assert pdf.check_pdf_syntax() == []
            for page in pdf.pages:
                for font in page.obj.Resources.Font.values():
                    descriptor = font.DescendantFonts[0].FontDescriptor
                    assert "/FontFile2" in descriptor or "/FontFile3" in descriptor

    def test_nothing_is_left_behind(self, store: Path, cli: Cli) -> None:
        assert cli("print", "--all", "-o", "all.pdf").code == 0
        assert list((store / ".cardcli" / "print").iterdir()) == []
        assert [path.name for path in store.glob(".~*")] == []

    def test_photos_and_logos_that_are_alike_are_kept_once(self, store: Path, cli: Cli) -> None:
        from PIL import Image

        (store / "files").mkdir()
        Image.effect_noise((300, 300), 50).save(store / "files" / "same.png")
        for path in (store / "cards").glob("*.md"):
            text = path.read_text("utf-8")
            path.write_text(f"{text}\n![фото](files/same.png)\n", "utf-8")
        assert cli("print", "--all", "-o", "all.pdf").code == 0
        assert cli("print", "ageev", "--all").code == 2
        with pikepdf.open(store / "all.pdf") as pdf:
            photos = {
                item.objgen
                for page in pdf.pages
                for item in page.obj.Resources.get("/XObject", {}).values()
                if item.get("/Subtype") == "/Image"
            }
        assert len(photos) == 1

    def test_standard_output_gets_the_whole_pdf(
        self, store: Path, capfdbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        done = subprocess.run(
            program("print", "--all", "-o", "-"),
            check=False,
            cwd=store,
            env=variables(),
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        with pikepdf.open(io.BytesIO(done.stdout)) as pdf:
            assert len(pdf.pages) >= COUNT
        assert capfdbinary.readouterr().out == b""

    @needs_pdftotext
    def test_duplex_begins_every_card_on_a_new_sheet(self, store: Path, cli: Cli) -> None:
        assert cli("print", "--all", "--duplex", "-o", "all.pdf").code == 0
        found = page_numbers(text_pages(store / "all.pdf"))
        assert len(found) % 2 == 0
        assert [place % 2 for place, (x, _y) in enumerate(found) if x == 1] == [0] * COUNT
        with pikepdf.open(store / "all.pdf") as pdf:
            assert {tuple(map(int, page.mediabox)) for page in pdf.pages} == {(0, 0, 595, 841)}

    @needs_pdftotext
    @pytest.mark.parametrize("paper", ["a4", "a5"])
    def test_separators_stand_before_each_letter(self, store: Path, cli: Cli, paper: str) -> None:
        arguments = ("--separators", "--duplex", "--paper", paper, "-o", "all.pdf")
        assert cli("print", "--all", *arguments).code == 0
        letters = list(dict.fromkeys(name[0] for name in names(store)))
        expected = [
            title
            for letter in letters
            for title in (letter, *(name for name in names(store) if name[0] == letter))
        ]
        assert bookmarks(store / "all.pdf") == expected
        pages = text_pages(store / "all.pdf")
        for letter in letters:
            some = [name for name in names(store) if name[0] == letter]
            said = some[0] if len(some) == 1 else f"{some[0]} — {some[-1]}"
            (sheet,) = (page for page in pages if page.split()[:1] == [letter])
            assert said in " ".join(sheet.split())
            assert pages.index(sheet) % 2 == 0
        with pikepdf.open(store / "all.pdf") as pdf:
            assert len({tuple(map(int, page.mediabox)) for page in pdf.pages}) == 1

    def test_the_order_is_the_one_that_is_asked_for(self, store: Path, cli: Cli) -> None:
        listed = cli("list", "--sort", "-number", "--columns", "name").out.splitlines()
        assert cli("print", "--all", "--sort", "-number", "-o", "all.pdf").code == 0
        assert bookmarks(store / "all.pdf") == listed
        chosen = cli("list", "spent>25000", "--sort", "last", "--columns", "name").out.splitlines()
        assert 5 < len(chosen) < COUNT
        assert cli("print", "--where", "spent>25000", "--sort", "last", "-o", "all.pdf").code == 0
        assert bookmarks(store / "all.pdf") == chosen

    def test_json_says_who_and_how_many_pages(self, store: Path, cli: Cli) -> None:
        said = json.loads(cli("print", "--all", "-o", "all.pdf", "--json").out)
        with pikepdf.open(store / "all.pdf") as pdf:
            assert said["pages"] == len(pdf.pages)
        assert said["path"] == str(store / "all.pdf")
        assert len(said["clients"]) == COUNT

    def test_logs_of_many_clients_are_one_file(self, store: Path, cli: Cli) -> None:
        result = cli("print", "--all", "--template", "log", "--record", "-o", "logs.pdf")
        assert result.code == 0, result.err
        found = bookmarks(Path("logs.pdf"))
        assert list(dict.fromkeys(found)) == names(store)
        assert f"recorded: {len(found)} lines" in result.err
        assert not parts(store)

    def test_an_empty_store_has_nobody_to_print(self, salon: Path, cli: Cli) -> None:
        assert salon.is_dir()
        result = cli("print", "--all")
        assert (result.code, result.err) == (
            1,
            "cardcli: There are no clients in this store yet.\n",
        )

    def test_a_card_is_never_printed_over(self, store: Path, cli: Cli) -> None:
        card = next((store / "cards").glob("*.md"))
        before = card.read_bytes()
        for target in (str(card), str(store / "cards" / ".." / "cards" / card.name)):
            result = cli("print", "--all", "-o", target)
            assert (result.code, "choose another file" in result.err) == (2, True)
        assert card.read_bytes() == before


def variables() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "COLUMNS"} | {
        "PYTHONPATH": str(ROOT)
    }


def program(*arguments: str, part: int = 5) -> list[str]:
    """Return a command line of the program with small parts, in a process of its own."""
    start = (
        "from cardcli.cli import batching, clientfiles\n"
        f"batching.AT_ONCE = clientfiles.FILES_AT_ONCE = {part}\n"
        "from cardcli.cli.start import main\nmain()\n"
    )
    return [sys.executable, "-c", start, *arguments]


def parts(store: Path) -> list[Path]:
    return sorted((store / ".cardcli" / "print").glob("*.json"))


class TestCopies:
    @needs_pdftotext
    @pytest.mark.parametrize(("start", "sheets"), [(1, 2), (5, 2), (20, 3)])
    def test_labels_in_parts_stand_where_they_stand_in_one_go(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, start: int, sheets: int
    ) -> None:
        found = []
        for most in (1, 1000):
            monkeypatch.setattr(batching, "LABELS_AT_ONCE", most)
            cli("print", "--all", "--template", "labels", "--paper", "L7160", "-o", "out.pdf",
                "--start", str(start), "--copies", "3", "--duplex")  # fmt: skip
            found.append(text_pages(store / "out.pdf"))
        assert found[0] == found[1]
        assert len(found[0]) == sheets

    @needs_pdftotext
    def test_separators_and_copies_go_together(self, store: Path, cli: Cli) -> None:
        cli("print", "--all", "--template", "leaflet", "--separators", "-o", "one.pdf")
        cli("print", "--all", "--template", "leaflet", "--separators", "--copies", "2", "-o", "two.pdf")  # fmt: skip
        one, two = text_pages(store / "one.pdf"), text_pages(store / "two.pdf")
        letters = {name[0] for name in names(store)}
        twice = [page for page in one for _copy in range(2 - (page.split()[0] in letters))]
        assert two == twice
        assert len(two) == 2 * len(one) - len(letters)

    def test_a_copy_is_no_work_and_takes_no_room(self, store: Path, cli: Cli) -> None:
        first, all_of_them = store / "one.pdf", store / "many.pdf"
        cli("print", "--template", "form", "-o", str(first))
        cli("print", "--template", "form", "--copies", "30", "-o", str(all_of_them))
        with pikepdf.open(first) as one, pikepdf.open(all_of_them) as many:
            assert len(many.pages) == 30 * len(one.pages)
        assert all_of_them.stat().st_size < 3 * first.stat().st_size


class TestPagesWithoutPdf:
    """HTML, text and Markdown of more than a few are written card by card, in a process apart."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--all", "--format", "html", "--no-record"),
            ("--all", "--format", "text", "--no-record"),
            ("--all", "--format", "md"),
            ("--template", "register", "--format", "html"),
            ("--template", "folder", "--format", "html"),
            ("--all", "--template", "labels", "--format", "html", "--start", "5", "--copies", "2"),
        ],
    )
    def test_card_by_card_gives_the_same_bytes_as_all_at_once(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
    ) -> None:
        assert cli("print", *arguments, "-o", "many").code == 0
        assert cli("print", *arguments, "-o", "-").out.encode() == Path("many").read_bytes()
        monkeypatch.setattr(batching, "AT_ONCE", 1000)
        assert cli("print", *arguments, "-o", "few").code == 0
        assert Path("many").read_bytes() == Path("few").read_bytes()
        assert len(Path("many").read_bytes()) > 100 * COUNT
        assert parts(store) == []

    def test_a_photo_that_is_not_there_is_told_once(self, store: Path, cli: Cli) -> None:
        card = next((store / "cards").glob("*.md"))
        card.write_text(card.read_text("utf-8") + "\n![](files/gone.jpg)\n", "utf-8")
        result = cli("print", "--all", "--format", "html", "--copies", "2", "-o", "all.html")
        assert (result.code, result.err.count("files/gone.jpg")) == (0, 1)

    @pytest.mark.parametrize(
        ("source", "said"),
        [
            ("<body>\n{{ views[11].name }}\n{{ views[12].name }}", "card.html.j2:3: "),
            ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "do not come to an end"),
        ],
    )  # fmt: skip
    def test_a_template_that_fails_leaves_nothing(
        self, store: Path, cli: Cli, source: str, said: str
    ) -> None:
        (store / "templates").mkdir()
        (store / "templates" / "card.html.j2").write_text(source, "utf-8")
        (store / "all.html").write_text("before", "utf-8")
        result = cli("print", "--all", "--format", "html", "-o", "all.html")
        assert (result.code, said in result.err) == (7, True), result.err
        assert (store / "all.html").read_text("utf-8") == "before"
        assert parts(store) == []

    @pytest.mark.parametrize("source", ["<html><body>\nx</body>", "x{{ views|length }}"])
    def test_a_draft_is_marked_with_or_without_a_body(
        self, store: Path, cli: Cli, source: str
    ) -> None:
        (store / "templates").mkdir()
        (store / "templates" / "card.html.j2").write_text(source, "utf-8")
        page = cli("print", "--all", "--format", "html", "--no-record", "-o", "-").out
        begin = "<html><body>\n<div" if "<body>" in source else "<div"
        assert page.startswith(begin)
        assert page.count("ЧЕРНОВИК") == 1


class TestInterrupted:
    def test_killed_it_leaves_no_half_of_a_file_and_goes_on_where_it_stopped(
        self, store: Path
    ) -> None:
        target = store / "all.pdf"
        process = subprocess.Popen(
            program("print", "--all", "-o", str(target), part=2), cwd=store, env=variables(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until(lambda: len(parts(store)) >= 2, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not target.exists()
        kept = parts(store)
        assert 2 <= len(kept) < COUNT // 2
        watched = subprocess.run(
            program("print", "--all", "-o", str(target), part=2), cwd=store, env=variables(),
            capture_output=True, check=True,
        )  # fmt: skip
        assert watched.stdout.decode().strip() == str(target)
        assert parts(store) == []
        again = store / "again.pdf"
        subprocess.run(
            program("print", "--all", "-o", str(again), part=2), cwd=store, env=variables(),
            capture_output=True, check=True,
        )  # fmt: skip
        assert target.read_bytes() == again.read_bytes()

    def test_parts_that_are_there_are_not_printed_again(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batching.Shelf, "clear", lambda _shelf, _parts: None)
        assert cli("print", "--all", "-o", "all.pdf").code == 0
        before = {path: path.stat().st_mtime_ns for path in parts(store)}
        assert len(before) == 3
        changed = next((store / "cards").glob("m*.md"))
        changed.write_text(changed.read_text("utf-8") + "\nновая заметка\n", "utf-8")
        assert cli("print", "--all", "-o", "all.pdf").code == 0
        after = {path: path.stat().st_mtime_ns for path in parts(store)}
        assert before.items() <= after.items()
        assert len(after) == len(before) + 1
        assert cli("print", "--all", "--color", "-o", "all.pdf").code == 0
        assert len(parts(store)) == len(after) + 3

    def test_ctrl_c_ends_the_processes_that_are_at_work(self, store: Path) -> None:
        process = subprocess.Popen(
            program("print", "--all", "-o", "all.pdf", part=2), cwd=store, env=variables(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        until(lambda: len(parts(store)) >= 1, process)
        os.killpg(process.pid, signal.SIGINT)
        _out, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert b"goes on from there" in err
        assert b"Traceback" not in err
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
        assert not (store / "all.pdf").exists()


def until(true: object, process: subprocess.Popen[bytes]) -> None:
    """Wait until something is true, as long as the process runs."""
    assert callable(true)
    for _attempt in range(3000):
        if true():
            return
        assert process.poll() is None, "it ended too early"
        time.sleep(0.01)
    pytest.fail("it never came to be")


class TestOneEach:
    def files(self, folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}

    @pytest.mark.parametrize(
        ("output", "suffix"), [("pdf", ".pdf"), ("html", ".html"), ("text", ".txt")]
    )
    def test_only_what_changed_is_printed_again(
        self, store: Path, cli: Cli, output: str, suffix: str
    ) -> None:
        some = ("--where", "spent>25000") if output == "pdf" else ("--all",)
        arguments = ("print", *some, "--one-per-client", "out", "--format", output)
        first = cli(*arguments)
        assert first.code == 0, first.err
        made = self.files(store / "out")
        assert "up to date already: 0" in first.err
        assert all(name.endswith(suffix) for name in made)
        assert f"printed now: {len(made)}," in first.err
        assert f"printed now: 0, up to date already: {len(made)}" in cli(*arguments).err
        one, two, three, *_rest = sorted((store / "out").iterdir())
        one.unlink()
        two.write_bytes(b"spoiled")
        (card,) = (store / "cards").glob(f"*-{three.stem[-6:]}.md")
        card.write_text(card.read_text("utf-8") + "\nновая заметка\n", "utf-8")
        assert f"printed now: 3, up to date already: {len(made) - 3}" in cli(*arguments).err
        after = self.files(store / "out")
        assert {name for name in made if after[name] != made[name]} == {three.name}

    def test_a_template_that_changes_makes_all_stale(self, store: Path, cli: Cli) -> None:
        arguments = ("print", "--all", "--one-per-client", "out", "--format", "text", "--json")
        assert len(json.loads(cli(*arguments).out)["printed"]) == COUNT
        assert len(json.loads(cli(*arguments).out)["kept"]) == COUNT
        (store / "templates").mkdir()
        (store / "templates" / "card.txt.j2").write_text("{{ view.name }}", "utf-8")
        said = json.loads(cli(*arguments).out)
        assert (len(said["printed"]), said["kept"]) == (COUNT, [])
        assert said["folder"] == str(store / "out")


class TestOptions:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--all", "--where", "spent>1"), "Name the clients"),
            ((), "Name the clients"),
            (("--all", "--duplex", "--format", "html"), "go with PDF only"),
            (("--all", "--separators", "--format", "text"), "go with PDF only"),
            (("--all", "--separators", "--sort", "number"), "leave --sort out"),
            (("--all", "--one-per-client", "x", "-o", "y.pdf"), "goes without --output"),
            (("--all", "--one-per-client", "x", "--duplex"), "goes without --output"),
            (("--all", "--sort", "nubmer"), "nubmer"),
            (("--all", "-o", "no/such/folder/x.pdf"), "There is no folder"),
        ],
    )
    def test_what_does_not_go_together_is_refused(
        self, store: Path, cli: Cli, arguments: tuple[str, ...], said: str
    ) -> None:
        before = sorted(store.rglob("*.pdf"))
        result = cli("print", *arguments)
        assert (result.code, said in result.err) == (2, True), result.err
        assert sorted(store.rglob("*.pdf")) == before


@pytest.fixture
def lp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a program ``lp`` on PATH that keeps what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "lp"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/arguments\n'
        f'for last; do :; done; cp "$last" {tmp_path}/printed.pdf\n'
        'case "$2" in none) echo "lp: The printer or class does not exist." >&2; exit 1;; esac\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return tmp_path


class TestPrinter:
    def test_the_pdf_is_handed_to_lp_and_names_nobody(
        self, store: Path, cli: Cli, lp: Path
    ) -> None:
        result = cli("print", "--all", "--printer", "office", "--duplex")
        assert result.code == 0, result.err
        assert (lp / "arguments").read_text().splitlines()[:-1] == [
            "-d", "office", "-t", "cardcli", "-o", "sides=two-sided-long-edge", "--",
        ]  # fmt: skip
        with pikepdf.open(lp / "printed.pdf") as pdf:
            assert len(pdf.pages) >= 2 * COUNT
        assert "sent to the printer office" in result.err
        assert result.out == ""
        assert list((store / ".cardcli" / "print").iterdir()) == []

    def test_with_a_file_it_is_kept_as_well(self, store: Path, cli: Cli, lp: Path) -> None:
        (client, *_rest) = cli("list").ids()
        result = cli("print", client, "--printer", "office", "-o", "one.pdf")
        assert result.code == 0, result.err
        assert (lp / "printed.pdf").read_bytes() == (store / "one.pdf").read_bytes()
        assert "sides=one-sided" in (lp / "arguments").read_text()

    def test_a_log_goes_to_the_printer_too(self, store: Path, cli: Cli, lp: Path) -> None:
        (client, *_rest) = cli("list").ids()
        result = cli("print", client, "--template", "log", "--printer", "office", "--record")
        assert (result.code, result.out) == (0, ""), result.err
        assert (lp / "printed.pdf").read_bytes().startswith(b"%PDF-")
        assert list((store / ".cardcli" / "print").iterdir()) == []
        assert "sent to the printer office" in result.err

    def test_what_lp_says_is_passed_on(self, store: Path, cli: Cli, lp: Path) -> None:
        assert lp.is_dir()
        assert store.is_dir()
        result = cli("print", "--all", "--printer", "none")
        assert (result.code, "The printer or class does not exist" in result.err) == (2, True)

    def test_without_lp_nothing_is_printed(
        self, store: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        result = cli("print", "--all", "--printer", "office")
        assert (result.code, "needs the program lp of CUPS" in result.err) == (9, True)
        assert not (store / ".cardcli" / "print").exists()
