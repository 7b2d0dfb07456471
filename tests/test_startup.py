"""What the everyday commands must not load, because it costs time at every start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = frozenset(
    {
        "rich",
        "jinja2",
        "typst",
        "PIL",
        "pydantic",
        "click",
        "phonenumbers",
        "markdown_it",
        "qrcodegen",
    }
)
RUN = """
import json, sys
from cardcli.cli.app import main
try:
    main()
except SystemExit as stop:
    names = sorted({name.partition(".")[0] for name in sys.modules})
    with open(REPORT, "w") as report:
        json.dump([stop.code, names], report)
"""


def loaded(report: Path, *arguments: str) -> set[str]:
    """Run a command in a process of its own and return the modules it loaded."""
    script = f"REPORT = {str(report)!r}\n{RUN}"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, names = json.loads(report.read_text(encoding="utf-8"))
    assert code == 0, done.stderr
    return set(names)


def test_the_version_loads_nothing_heavy(tmp_path: Path) -> None:
    names = loaded(tmp_path / "report", "--version")
    assert "typer" in names
    assert not names & (HEAVY | {"yaml", "frontmatter", "rapidfuzz", "filelock", "babel"})


def test_a_plain_visit_loads_nothing_heavy(tmp_path: Path, maria: str) -> None:
    names = loaded(
        tmp_path / "report", "visit", maria, "Стрижка", "--price", "2500", "--staff", "Ольга"
    )
    assert "typer" in names
    assert not names & (HEAVY | {"yaml", "frontmatter", "rapidfuzz", "babel"})


def test_a_lookup_loads_neither_libphonenumber_nor_the_settings(tmp_path: Path, maria: str) -> None:
    assert loaded(tmp_path / "first", "lookup", "89000000127")  # makes the index
    names = loaded(tmp_path / "report", "lookup", "8 900 000-01-27")
    assert maria
    assert not names & (HEAVY | {"yaml", "frontmatter", "rapidfuzz", "babel"})


@pytest.mark.parametrize(
    "command", ["visit", "show", "find", "print", "export", "lookup", "import"]
)
def test_help_loads_nothing_heavy(tmp_path: Path, command: str) -> None:
    assert not loaded(tmp_path / "report", command, "--help") & HEAVY
