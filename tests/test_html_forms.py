"""The HTML of every format in a browser: it prints on its paper, on so many pages, without a complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pagework import FORMATS, needs_poppler, page, texts

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
SIZES = {
    "a4": (595, 842),
    "a5": (420, 595),
    "a6": (298, 420),
    "3x5": (360, 216),
    "l7160": (595, 842),
}
PAGES = {"card": 2, "form": 2}
"""Formats of more than one page; the card is that of Fedorova, the form has a back."""


@needs_poppler
@pytest.mark.skipif(not BROWSER, reason="chromium is not installed")
@pytest.mark.parametrize(
    ("template", "paper"), [*((name, papers[0]) for name, papers in FORMATS.items()), ("index-card", "3x5")]
)  # fmt: skip
def test_a_form_prints_from_the_browser_on_its_pages(
    template: str, paper: str, tmp_path: Path
) -> None:
    file, pdf = tmp_path / "form.html", tmp_path / "form.pdf"
    file.write_bytes(page(template, paper, tmp_path, output="html").content)
    assert BROWSER
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri(),
        ],
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )  # fmt: skip
    assert "CONSOLE" not in done.stderr
    assert len(texts(pdf.read_bytes())) == PAGES.get(template, 1)
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, check=True, text=True).stdout
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", info)
    assert size
    assert (float(size[1]), float(size[2])) == pytest.approx(SIZES[paper], abs=1)
