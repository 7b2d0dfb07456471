"""The archive says the right thing at every step of a simulated salon, and saves paper."""

from __future__ import annotations

from pathlib import Path

from tests.archive_year import Size, Year


def test_two_workplaces_always_know_what_is_on_paper_and_use_half_the_sheets(
    tmp_path: Path,
) -> None:
    figures = Year(Size(clients=8, weeks=14), tmp_path, seed=5).run()
    print(dict(figures))  # noqa: T201 - the figures are what this is about
    assert figures["of them reprint"]
    assert figures["of them stale"]
    assert figures["of them current"]
    assert figures["sheets"] * 2 <= figures["sheets when all is reprinted"]
