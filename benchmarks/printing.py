"""``python -m benchmarks print 1000``: cards to PDF by cardcli, by bare Typst, by WeasyPrint, in one run.

Bare Typst compiles, in one piece, the very document that cardcli makes; making it is not counted.
WeasyPrint gets our HTML card by card, for the first cards only (it is slow), and is reckoned up.
CPU is user and system time of the process and its children. Memory is the sum of what all processes
of the run hold at one moment, shared pages counted once (PSS), the most of it in the run.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import cards
from cardcli import card as client_cards
from cardcli import printing

ROOT = Path(__file__).parents[1]
TODAY = dt.date(2026, 6, 15)
SETTINGS = printing.PrintSettings("ru", "Лавр и мята")
_SLOW = 20
_OTHERS = (
    ("--template", "folder"),
    ("--template", "register"),
    ("--all", "--format", "html"),
    ("--all", "--format", "text"),
)
"""What is printed of the one-page cards besides: its memory must not depend on their number."""
_START = "from cardcli.cli.start import main; main()"
_TYPST = """
import datetime, pickle, sys, typst
text, values, stage, fonts = pickle.load(open(sys.argv[1], "rb"))
found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=fonts)
compiler = typst.Compiler(root=stage, font_paths=found, sys_inputs={"V": values})
day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
compiler.compile(input=text.encode(), output=sys.argv[2], format="pdf", pdf_standards=["a-2b"], timestamp=day, pdf_tags=False)
"""
_WEASYPRINT = """
import sys, weasyprint
for name in sys.argv[1:]:
    weasyprint.HTML(filename=name).write_pdf(name + ".pdf")
"""


class Cost(NamedTuple):
    """Seconds of CPU and of the clock, and megabytes."""

    cpu: float
    wall: float
    memory: int


def compare(count: int) -> None:
    """Print both tables, and what one card costs in a process of its own."""
    for title, make, others in (
        ("one-page cards", _plain_store, _OTHERS),
        ("two-page dossiers with photos", _dossiers, ()),
    ):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            make(place / "store", count)
            print(
                f"\n{count} {title}\n{'':28}{'CPU s':>9}{'wall s':>9}{'MB':>7}{'× cardcli':>11}",
                flush=True,
            )
            _table(place, count)
            for options in others:
                ours = ["print", *options, "--store", str(place / "store")]
                cost = _cardcli(place, *ours, "-o", str(place / "other"))
                print(f"{' '.join(options):28}{cost.cpu:9.2f}{cost.wall:9.2f}{cost.memory:7}")


def _table(place: Path, count: int) -> None:
    store, pdf = place / "store", place / "all.pdf"
    ours = ["print", "--all", "--store", str(store), "-o", str(pdf)]
    _cardcli(place, "list", "--limit", "1", "--store", str(store))  # the index is made once
    first = _cardcli(place, *ours)
    _row("cardcli print --all", first, first)
    print(f"{'':4}{pdf.stat().st_size / 1e6:.1f} MB", flush=True)
    document = _document(place, count)
    bare = _run([sys.executable, "-c", _TYPST, str(document), str(place / "bare.pdf")], place)
    _row("bare Typst, one compile", bare, first)
    print(f"{'':4}{(place / 'bare.pdf').stat().st_size / 1e6:.1f} MB", flush=True)
    if importlib.util.find_spec("weasyprint"):
        some = min(count, _SLOW)
        slow = _run([sys.executable, "-c", _WEASYPRINT, *_pages(place, some)], place)
        scaled = Cost(slow.cpu * count / some, slow.wall * count / some, slow.memory)
        _row(f"WeasyPrint, {some} cards, × {count / some:g}", scaled, first)
    else:
        print("WeasyPrint is not installed")
    one = next((store / "cards").glob("*.md")).stem[-6:]
    runs = [
        _cardcli(place, "print", one, "--store", str(store), "-o", str(place / "one.pdf"))
        for _ in range(5)
    ]
    _row("cardcli, one card, cold", sorted(runs)[2], first)


def _row(name: str, cost: Cost, first: Cost) -> None:
    print(
        f"{name:28}{cost.cpu:9.2f}{cost.wall:9.2f}{cost.memory:7}{cost.cpu / first.cpu:11.2f}",
        flush=True,
    )


def _cardcli(place: Path, *arguments: str) -> Cost:
    return _run([sys.executable, "-c", _START, *arguments], place)


def _run(command: Sequence[str], place: Path) -> Cost:
    """Run a command to its end and look all the time at the memory of its processes."""
    variables = os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1781500000"}
    begun, most = time.perf_counter(), 0
    with (place / "output").open("wb") as output:
        process = subprocess.Popen(command, env=variables, stdout=output, stderr=output)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            most = max(most, _memory(process.pid))
            time.sleep(0.2)
    if status:
        raise SystemExit((place / "output").read_text("utf-8", "replace"))
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, most // 1024)


def _memory(pid: int) -> int:
    """Return the KB that a process and its children hold."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own + sum(_memory(int(child)) for child in children)


def _document(place: Path, count: int) -> Path:
    """Write down the Typst document of all cards, with its folder, for bare Typst."""
    from cardcli.printing import pictures, staging, templates, typst_source

    views = _gathered(place, count, "pdf").views
    search = templates.folders([])
    album = pictures.Pictures(lambda path: (place / "store" / path).read_bytes())
    ready = [album.fill(view) for view in views]
    document = typst_source.write(ready, "card", SETTINGS, search, lambda text: text)
    stage = place / "stage"
    with staging.folder(search, album.files) as made:
        made.rename(stage)
        made.mkdir()
    fonts = sorted({str(file.parent) for file in staging.fonts(search)})
    file = place / "document"
    file.write_bytes(pickle.dumps((document.text, document.values, str(stage), fonts)))
    return file


def _gathered(place: Path, count: int, output: str) -> printing.Gathered:
    """Return all that stands on the paper of the first cards."""
    files = sorted((place / "store" / "cards").glob("*.md"))[:count]
    found = [client_cards.parse(file.read_text("utf-8")) for file in files]
    return printing.gathered(found, output, SETTINGS, TODAY)


def _pages(place: Path, count: int) -> list[str]:
    """Write our HTML of single cards and return the files."""
    made = []
    for number, view in enumerate(_gathered(place, count, "html").views):
        page = printing.render_gathered(
            printing.Gathered([view]), "html", SETTINGS,
            photos=lambda path: (place / "store" / path).read_bytes(),
        )  # fmt: skip
        file = place / f"{number}.html"
        file.write_bytes(page.content)
        made.append(str(file))
    return made


def _plain_store(root: Path, count: int) -> None:
    cards.write_store(root, count)


def _dossiers(root: Path, count: int) -> None:
    """Write the golden two-page card so many times, each time with two photos of its own."""
    from PIL import Image, ImageChops

    text = (ROOT / "tests" / "golden" / "fedorova.card.md").read_text("utf-8")
    known = text.split("\nid: ", 1)[1][:6]
    paths = sorted(set(_pictures(text)))
    samples = [Image.open(file) for file in sorted((ROOT / "files").rglob("*.jpg"))]
    (root / "cards").mkdir(parents=True)
    (root / "cardcli.yaml").write_text(cards.SETTINGS.format(git="no", layout="flat"), "utf-8")
    for number in range(count):
        card_id = "a" + f"{number:05}"
        (root / "cards" / f"client-{card_id}.md").write_text(text.replace(known, card_id), "utf-8")
        for place, path in enumerate(paths):
            file = root / path.replace(known, card_id)
            file.parent.mkdir(parents=True, exist_ok=True)
            ImageChops.offset(samples[place % len(samples)], number % 640, number // 640).save(
                file, quality=80
            )


def _pictures(text: str) -> list[str]:
    import re

    return re.findall(r"files/[^\s\])]+\.jpg", text)
