"""The long simulation: many workplaces, and git's own merge by lines beside it."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.simulation import Simulation, Size

SIZES = {
    "2 workplaces, hub": Size(2, cards=6, rounds=6, changes=8),
    "5 workplaces, hub": Size(5, cards=8, rounds=4, changes=6),
    "20 workplaces, hub": Size(20, cards=12, rounds=2, changes=4),
    "2 peers": Size(2, peers=True, cards=6, rounds=6, changes=8),
    "5 peers": Size(5, peers=True, cards=8, rounds=3, changes=5),
}
COLUMNS = (
    "merges", "entries", "edits", "differences", "entries lost", "edits lost", "entries doubled",
    "out of order", "damaged cards", "different trees", "by lines",
)  # fmt: skip


def main(seeds: int) -> None:
    """Print one line for each size."""
    print("|", " | ".join(("workplaces", "plain git stops at", *COLUMNS, "s")), "|")
    print("|", " | ".join(["---"] * (len(COLUMNS) + 3)), "|")
    for name, size in SIZES.items():
        figures: Counter[str] = Counter()
        begun = time.perf_counter()
        for seed in range(seeds):
            with tempfile.TemporaryDirectory() as folder:
                figures += Simulation(size, Path(folder), environment(), random.Random(seed)).run()
        plain = figures["plain merges"] or 1
        share = f"{figures['plain merges stopped']} of {plain}"
        share += f" ({100 * figures['plain merges stopped'] / plain:.0f} %)"
        cells = [str(figures[column]) for column in COLUMNS]
        seconds = f"{time.perf_counter() - begun:.0f}"
        print("|", " | ".join((name, share, *cells, seconds)), "|", flush=True)


def environment() -> dict[str, str]:
    """Return an environment in which git knows no configuration but the clone's."""
    who = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "Simulation", f"GIT_{role}_EMAIL": "simulation@example.com"}
    return {**os.environ, **who}
