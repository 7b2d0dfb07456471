"""Workplaces that change the same cards at random lose nothing and end up equal."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.simulation import Simulation, Size

NEVER = (
    "entries lost",
    "entries doubled",
    "out of order",
    "edits lost",
    "damaged cards",
    "different trees",
)


@pytest.mark.parametrize(
    "size",
    [Size(2), Size(5, rounds=1, changes=3), Size(3, peers=True, rounds=2)],
    ids=["two through a hub", "five through a hub", "three peers"],
)
def test_workplaces_lose_nothing_and_agree(tmp_path: Path, size: Size) -> None:
    figures = Simulation(size, tmp_path, os.environ, random.Random(7)).run()  # noqa: S311
    assert {name: figures[name] for name in NEVER} == dict.fromkeys(NEVER, 0), figures
    assert figures["merges"]
    assert figures["plain merges stopped"], "git's own merge would have stopped"
