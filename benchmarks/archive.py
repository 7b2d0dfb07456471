"""A year of a salon with a paper archive, at full length: ``python -m benchmarks archive [CLIENTS]``."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from tests.archive_year import Size, Year

WEEKS = 52


def year(clients: int) -> None:
    """Live through a year and print its figures; a wrong verdict ends it with an error."""
    os.environ |= {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Benchmark"), ("EMAIL", "benchmark@example.com"))
    }
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        figures = Year(Size(clients, WEEKS), Path(folder), seed=2026).run()
        seconds = time.perf_counter() - begun
    for name, count in figures.items():
        print(f"{name:32}{count:8}")
    share = figures["sheets"] / figures["sheets when all is reprinted"]
    print(f"{'share of sheets':32}{share:8.0%}")
    print(f"every verdict was right; {seconds:.0f} s")
