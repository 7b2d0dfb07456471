"""HTML forms in a real browser: nothing complains, nothing is asked from outside, pages as expected."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from cardcli import resources
from cardcli.printing import templates
from tests.conftest import Cli
from tests.test_naughty_strings import printed

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed")
SAMPLE = resources.sample()
FORMS = templates.names([resources.templates()], "html")
NOBODY = {"form"}
PAGES_MORE = {"card": 1, "log": 1}
"""By how many pages a browser, which has other fonts, may need more or fewer than the PDF."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "salon"
    root.mkdir()
    for name in ("cards", "files"):
        shutil.copytree(SAMPLE / name, root / name)
    settings = (SAMPLE / "cardcli.yaml").read_text("utf-8")
    (root / "cardcli.yaml").write_text(settings.replace("git: yes", "git: no"), "utf-8")
    (root / "templates").mkdir()
    (root / "templates" / "consent-processing.md").write_text(
        "Я, {{ view.name }}, согласна.", "utf-8"
    )
    monkeypatch.chdir(root)
    return root


def browsed(page: Path) -> tuple[int, list[str], list[str]]:
    """Print a page from the browser; return pages, messages of the console, addresses asked for."""
    pdf, log = page.with_suffix(".browser.pdf"), page.with_suffix(".net.json")
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
            "--disable-default-apps", "--disable-extensions", "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={page.parent / 'profile'}", "--enable-logging=stderr", f"--log-net-log={log}",
            "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    asked = [
        match[1]
        for line in log.read_text("utf-8").splitlines()
        if (match := re.search(r'"url":"((?:https?|wss?|ftp):[^"]*)"', line))
        and '"initiator":' in line
        and '"initiator":"not an origin"' not in line  # the browser's own questions to its maker
    ]
    with pikepdf.open(pdf) as printed:
        return len(printed.pages), console, sorted(set(asked))


def test_the_check_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><img src="http://example.com/x.png"><script>console.error("no")</script>'
        '<p style="break-after: page">1<p>2',
        "utf-8",
    )
    pages, console, asked = browsed(page)
    assert pages == 2
    assert any('"no"' in line for line in console)
    assert "http://example.com/x.png" in asked


@pytest.mark.parametrize("form", FORMS)
def test_a_form_prints_from_the_browser(store: Path, cli: Cli, form: str) -> None:
    clients = [] if form in NOBODY else ["k7f3qd"]
    for output in ("html", "pdf"):
        result = cli(
            "print", *clients, "--template", form, "--format", output, "-o", f"page.{output}"
        )
        assert result.code == 0, result.err
    pages, console, asked = browsed(store / "page.html")
    assert console == []
    assert asked == []
    with pikepdf.open(store / "page.pdf") as pdf:
        assert abs(pages - len(pdf.pages)) <= PAGES_MORE.get(form, 0)


def test_naughty_strings_do_nothing_in_the_browser(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(printed("html").content)
    pages, console, asked = browsed(page)
    assert pages > 10
    assert console == []
    assert asked == []
