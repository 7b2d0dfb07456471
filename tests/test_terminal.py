"""What a person at a terminal sees: menus, tables, the tour. Run in a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card


def at_terminal(
    root: Path, *arguments: str, typed: str = "", answers: Sequence[tuple[str, str]] = ()
) -> tuple[int, str]:
    """Run cardcli in a pseudo-terminal of 80 columns and return its exit code and the screen's text.

    *answers* are typed one after the other, each when the text before it has appeared.
    """
    code = "from cardcli.cli.app import main; main()"
    terminal, inside = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=root, stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - before exec nothing else runs
    )  # fmt: skip
    os.close(inside)
    if typed:
        os.write(terminal, typed.encode())
    seen, waiting, since = b"", list(answers), 0
    end = time.monotonic() + 30
    while time.monotonic() < end:
        ready, _write, _error = select.select([terminal], [], [], 0.1)
        try:
            chunk = os.read(terminal, 65536) if ready else b""
        except OSError:
            break
        if ready and not chunk:
            break
        seen += chunk
        if waiting and waiting[0][0].encode() in seen[since:]:
            since = len(seen)
            os.write(terminal, waiting.pop(0)[1].encode())
    os.close(terminal)
    return child.wait(timeout=30), seen.decode().replace("\r\n", "\n")


@pytest.fixture
def two(salon: Path, maria: str, cli: Cli) -> tuple[Path, str, str]:
    """Add a second client of the same family name."""
    return salon, maria, cli("new", "Иванова Анна").ids()[0]


def test_a_menu_offers_the_clients_that_match(two: tuple[Path, str, str]) -> None:
    salon, maria, anna = two
    code, screen = at_terminal(salon, "visit", "иванова", "Стрижка", typed="9\n1\n")
    assert code == 0, screen
    assert "Which client?" in screen
    assert maria in screen
    assert anna in screen
    assert sum("Стрижка" in path.read_text("utf-8") for path in (salon / "cards").iterdir()) == 1


def test_a_blank_answer_cancels(two: tuple[Path, str, str]) -> None:
    salon, _maria, _anna = two
    code, screen = at_terminal(salon, "visit", "иванова", "Стрижка", typed="\n")
    assert code == 4, screen
    assert not any("Стрижка" in path.read_text("utf-8") for path in (salon / "cards").iterdir())


def test_the_end_of_input_cancels(two: tuple[Path, str, str]) -> None:
    salon, _maria, _anna = two
    assert at_terminal(salon, "visit", "иванова", "Стрижка", typed="\x04")[0] == 4


def test_a_list_has_a_header_and_columns(two: tuple[Path, str, str]) -> None:
    salon, maria, _anna = two
    _code, screen = at_terminal(salon, "list")
    lines = screen.splitlines()
    assert lines[0].split() == ["Id", "Card", "number", "Name", "Phone"]
    assert any(line.startswith(f"{maria}  К-00001") for line in lines)
    assert all(len(line) <= 80 for line in lines)
    assert "Phone" not in at_terminal(salon, "list", "--no-header")[1]


@pytest.mark.parametrize(
    ("typed", "recorded"),
    [("\n", 1), ("yes\n", 1), ("что?\nд\n", 1), ("n\n", 0), ("x\nнет\n", 0), ("\x04", 0), ("x\n\x04", 0)],
)  # fmt: skip
def test_a_print_is_recorded_only_when_somebody_says_so(
    salon: Path, maria: str, typed: str, recorded: int
) -> None:
    code, screen = at_terminal(salon, "print", maria, typed=typed)
    assert code == 0, screen
    assert screen.count("recorded: 1 line in the print ledger") == recorded
    assert len(list((salon / "archive").glob("*.md"))) == recorded


def test_interrupting_a_question_ends_with_130(two: tuple[Path, str, str]) -> None:
    salon, _maria, _anna = two
    assert at_terminal(salon, "visit", "иванова", "Стрижка", typed="\x03")[0] in {130, -2}


def test_a_shown_card_fits_eighty_columns(salon: Path, maria: str, cli: Cli) -> None:
    cli(
        "visit",
        maria,
        "Окрашивание " * 8,
        "--price",
        "5200",
        "--staff",
        "Ольга",
        "--note",
        "слово " * 40,
    )
    _code, screen = at_terminal(salon, "show", maria)
    assert all(len(line) <= 80 for line in screen.splitlines()), screen
    assert "₽5,200 · Ольга" in " ".join(screen.split())


def test_an_edit_that_breaks_the_card_can_be_opened_again_at_once(
    salon: Path,
    maria: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = tmp_path / "editor.sh"
    script.write_text(
        '#!/bin/sh\nif grep -q oops "$1"; then sed -i "s/^name:.*/name: Иванова Мария/" "$1"\n'
        'else sed -i "s/^name:.*/name: [oops/" "$1"; fi\n',
    )
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))
    code, screen = at_terminal(salon, "edit", maria, typed="\n")
    assert code == 0, screen
    assert "Edit again?" in screen
    assert "name: Иванова Мария\n" in only_card(salon).read_text("utf-8")


def test_the_tour_runs_and_leaves_a_pdf(tmp_path: Path, cli: Cli) -> None:
    place = tmp_path / "tour"
    result = cli("demo", "--folder", str(place))
    assert result.code == 0, result.err
    assert (place / "ivanova.pdf").read_bytes().startswith(b"%PDF")
    assert "$ cardcli find" in result.err
    assert cli("check", "--store", str(place)).code == 0


def test_help_names_every_exit_code(cli: Cli) -> None:
    printed = cli("help", "exit-codes").out
    assert [int(line.split()[0]) for line in printed.splitlines()][:10] == list(range(10))
    assert "Example: cardcli visit" in cli("help", "visit").out
    assert cli("help").out.startswith("Usage: cardcli")


def without_fzf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave git on the path alone."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").symlink_to(shutil.which("git") or "git")
    monkeypatch.setenv("PATH", str(programs))


def test_without_a_query_a_client_is_asked_for_until_one_is_chosen(
    two: tuple[Path, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    salon, _maria, anna = two
    without_fzf(tmp_path, monkeypatch)
    answers = [("cancel): ", "zzz\n"), ("cancel): ", "bdfyjdf fyyf\n"), ("cancel): ", "1\n")]
    code, screen = at_terminal(salon, "find", "--id", answers=answers)
    assert code == 0, screen
    assert "No client matches" in screen
    assert screen.splitlines()[-1] == anna


@pytest.mark.parametrize("typed", ["\n", "\x04"])
def test_choosing_nobody_finds_nobody(
    two: tuple[Path, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    without_fzf(tmp_path, monkeypatch)
    code, screen = at_terminal(two[0], "find", answers=[("cancel): ", typed)])
    assert code == 1, screen
    assert "No client was chosen." in screen


@pytest.mark.skipif(not shutil.which("fzf"), reason="fzf is not installed")
def test_fzf_shows_whom_our_own_search_finds(
    two: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    salon, _maria, anna = two
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    where_is_the_cursor, at_the_top = "\x1b[6n", "\x1b[1;1R"
    answers = [(where_is_the_cursor, at_the_top)] * 2 + [("2/2", "bdfyjdf fyyf"), ("1/1", "\r")]
    code, screen = at_terminal(salon, "find", "--id", answers=answers)
    assert code == 0, screen
    assert screen.rstrip().endswith(anna)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("command", [["list"], ["help", "exit-codes"], ["show", "maria"]])
def test_an_output_that_cannot_be_written_is_one_sentence(
    salon: Path, maria: str, command: list[str]
) -> None:
    words = [maria if word == "maria" else word for word in command]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from cardcli.cli.start import main; main()", *words],
            cwd=salon, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )  # fmt: skip
    said = done.stderr.splitlines()[-1]
    assert (done.returncode, said[:47]) == (6, "cardcli: The output cannot be written: No space")
    assert "Traceback" not in done.stderr


def test_an_import_shows_asks_about_doubtful_records_and_asks_before_it_writes(
    salon: Path, maria: str
) -> None:
    file = salon.parent / "clients.csv"
    rows = ["Котова Анна;+79000000127", *(f"Котов Пётр{n};+790000003{n:02}" for n in range(12))]
    file.write_text("\n".join(["Имя;Телефон", *rows, ""]), encoding="utf-8")
    code, screen = at_terminal(salon, "import", str(file), typed="1\nn\n")
    assert code == 0, screen
    assert "12 new, 0 changed, 0 the same, 1 doubtful" in screen
    assert "… and 4 more (--full)" in screen
    assert "1 record may be of a client who is there" in screen
    assert "Nothing was changed." in screen
    assert maria in only_card(salon).read_text("utf-8")
    code, screen = at_terminal(salon, "import", str(file), typed="2\ny\n")
    assert code == 0, screen
    assert "13 new cards, 0 changed" in screen
    assert len(list((salon / "cards").glob("*.md"))) == 14
