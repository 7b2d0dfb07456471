"""The wizard: asked at a terminal in the order of the founding document, saved part by part."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, "-c", "from cardcli.cli.app import main; main()"]


def answered(salon: Path, client: str, answers: list[str]) -> str:
    """Run the wizard at a terminal of its own and return what it showed."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*RUN, "fill", client],
        cwd=salon,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        close_fds=True,
    )
    os.close(theirs)
    shown = b""
    try:
        for answer in answers:
            shown += _until_asked(ours)
            os.write(ours, f"{answer}\n".encode())
        while chunk := _read(ours):
            shown += chunk
    finally:
        process.wait(timeout=30)
        os.close(ours)
    assert process.returncode == 0, shown.decode()
    return shown.decode()


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 4096)
    except OSError:  # the other end is closed
        return b""


def _until_asked(handle: int) -> bytes:
    shown = b""
    while not shown.endswith((b": ", b"? ")):
        chunk = _read(handle)
        if not chunk:
            break
        shown += chunk
    return shown


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_card_is_filled_in_by_questions(salon: Path, maria: str, cli: Cli) -> None:
    personal = ["none", "41.13", "12.04.1990", "", "", "сайт", ""]
    visit = ["Стрижка", "вчера", "дорого", "2500", "Ольга", "", "", "", ""]
    survey = ["Анкета", "", "9", "0-10", "довольна", "", ""]
    features = ["лидокаин", "", "", "тишина", "", ""]
    advice = ["Мазь с лидокаином", "", "", "", "", "врач разрешил"]
    answers = [*personal, *visit, "", *survey, "", *features, "", *advice, ""]
    shown = answered(salon, maria, answers)
    card = only_card(salon).read_text("utf-8")
    assert "emails: []\nbirthday: 1990-04-12\nsource: сайт\nallergies:\n  - лидокаин" in card
    assert "- 2026-06-14 Стрижка [price:: 2500] [staff:: Ольга] ^" in card
    assert "[score:: 9] [scale:: 0-10] [result:: довольна]" in card
    assert "Мазь с лидокаином [reason:: врач разрешил] ^" in card
    assert "“дорого” is not an amount of money" in shown
    assert "Not safe for" in shown
    places = [shown.index(word) for word in ("Personal data", "Services", "Surveys", "Individual")]
    assert places == sorted(places)
    assert cli("check").out == ""


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_no_is_none_of_what_every_card_should_hold_and_an_answer_elsewhere(
    salon: Path, maria: str
) -> None:
    settings = salon / "cardcli.yaml"
    text = settings.read_text("utf-8").replace("purposes: {}", "purposes: {sex: обращение}")
    settings.write_text(text, "utf-8")
    personal = ["-", "no", "", "нет", "женский", "", "", ""]
    shown = answered(salon, maria, [*personal, *[""] * 8])
    card = only_card(salon).read_text("utf-8")
    assert 'emails: []\nbirthday: ""\nsex: female\n' in card
    assert "Sex: “нет” is not one of: female, male" in shown


def test_the_wizard_never_asks_where_nobody_can_answer(salon: Path, maria: str, cli: Cli) -> None:
    before = only_card(salon).read_bytes()
    result = cli("fill", maria)
    assert (result.code, result.out) == (2, "")
    assert "needs a terminal" in result.err
    assert only_card(salon).read_bytes() == before
