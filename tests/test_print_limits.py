"""What a template may cost, as the command line sees it: processes apart end in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SMALL = """
from cardcli.cli import apart, batching
batching._PATIENCE = 2
apart._GRACE = 1
batching.Limits = lambda seconds, megabytes=300, what="": apart.Limits(seconds, megabytes, what)
from cardcli.cli.start import main
main()
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    root = tmp_path / "salon"
    (root / "cards").mkdir(parents=True)
    (root / "templates").mkdir()
    (root / "cardcli.yaml").write_text("business: Лавр и мята\nlanguage: ru\ngit: no\n", "utf-8")
    (root / "cards" / "ivanova-k7f3qd.md").write_text(
        "---\nid: k7f3qd\nname: Иванова\n---\n", "utf-8"
    )
    return root


def printed(
    root: Path, output: str, script: str = SMALL, template: str = "card"
) -> subprocess.CompletedProcess[str]:
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", script, "print", "k7f3qd", "--format", output, "-o", "out",
         "--template", template],
        check=False, cwd=root, env=variables, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("output", ["pdf", "html"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\n{{ 'x'|center(2 * 10**9) }}", "2: this needs more memory than a template may use"),
        ("\n{% set s = namespace(x='x' * 9999999) %}\n{% for i in range(99) %}{% set s.x = s.x ~ s.x %}{% endfor %}", "3: this needs more memory"),
        ("\n\n{{ [1]|slice(10**9)|list }}", "3: "),
    ],
)  # fmt: skip
def test_a_filter_that_eats_the_machine_is_stopped_at_its_line(
    store: Path, output: str, source: str, said: str
) -> None:
    name = {"pdf": "card.typ.j2", "html": "card.html.j2"}[output]
    (store / "templates" / name).write_text(source, "utf-8")
    result = printed(store, output)
    assert (result.returncode, f"cardcli: {name}:{said}" in result.stderr) == (7, True), result
    assert not (store / "out").exists()


@pytest.mark.parametrize("template", ["card", "log"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("#for i in range(99999) { for j in range(99999) { } }", "not done after"),
        ("#let x = range(60000).map(i => range(60000))\n#x.len()", "of memory"),
    ],
)
def test_a_layout_that_eats_the_machine_is_given_up(
    store: Path, source: str, said: str, template: str
) -> None:
    (store / "templates" / f"{template}.typ.j2").write_text(source, "utf-8")
    card = store / "cards" / "ivanova-k7f3qd.md"
    visit = "\n## Услуги\n\n- 2025-05-14 Стрижка ^e7f3qd\n"
    card.write_text(card.read_text("utf-8") + visit, "utf-8")
    result = printed(store, "pdf", template=template)
    assert result.returncode == 7, result
    assert result.stderr.split("\n")[-2].startswith(
        f"cardcli: the template “{template}” was given up:"
    )
    assert said in result.stderr
    assert not (store / "out").exists()


def test_a_mistake_of_ours_in_a_process_apart_is_reported_like_any_other(store: Path) -> None:
    script = (
        "from cardcli.cli import batching\n"
        "batching.Job.printed = lambda *_all: 1 / 0\n"
        "from cardcli.cli.start import main\nmain()\n"
    )
    result = printed(store, "pdf", script)
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    log = next((store / ".cardcli").glob("log*"))
    report = log.read_text("utf-8") if log.is_file() else next(log.iterdir()).read_text("utf-8")
    assert "ZeroDivisionError" in report


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed")
def test_the_card_of_a_client_who_came_2000_times_is_printed_whole(store: Path) -> None:
    visits = "\n".join(
        f"- {2000 + n // 300}-{n % 12 + 1:02}-{n % 28 + 1:02} Услуга {n} [price:: 100] ^a{n:05}"
        for n in range(2000)
    )
    card = store / "cards" / "ivanova-k7f3qd.md"
    card.write_text(card.read_text("utf-8") + f"\n## Услуги\n\n{visits}\n", "utf-8")
    for output in ("pdf", "html", "text"):
        result = printed(store, output, "from cardcli.cli.start import main\nmain()")
        assert result.returncode == 0, result
        text = (store / "out").read_text("utf-8") if output != "pdf" else subprocess.run(
            ["pdftotext", "-layout", "out", "-"], cwd=store, capture_output=True, text=True, check=True
        ).stdout  # fmt: skip
        missing = [n for n in range(2000) if f"Услуга {n}" not in text.replace("\u00a0", " ")]
        assert missing == []
