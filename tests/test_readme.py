"""The README cannot rot: its blocks are what the program prints, its commands are there."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.conftest import Cli

README = Path(__file__).parent.parent / "README.md"
BLOCKS = {"help": ("--help",), "exit-codes": ("help", "exit-codes")}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_generated_block_is_what_the_program_prints(name: str, cli: Cli) -> None:
    printed = cli(*BLOCKS[name]).out.rstrip()
    text = README.read_text("utf-8")
    pattern = re.compile(
        rf"(<!-- {name}: [^\n]*-->\n```text\n)(.*?)(```\n<!-- /{name} -->)", re.DOTALL
    )
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(
            pattern.sub(lambda found: f"{found[1]}{printed}\n{found[3]}", text), "utf-8"
        )
    found = pattern.search(README.read_text("utf-8"))
    assert found
    assert found[2].rstrip() == printed


def test_the_readme_begins_with_two_commands() -> None:
    commands = re.findall(r"```sh\n#[^\n]*\n([^\n]+)\n```", README.read_text("utf-8"))
    assert len(commands) == 2
    assert commands[0].endswith("cardcli demo")
    assert commands[1].endswith("pytest")
