"""``python -m benchmarks WHAT [COUNT]``: figures of cardcli, each with something to hold them against.

search    cardcli beside other programs on the same people, and the tables of recall
recall    only the tables of recall
cards     write a store of so many invented clients (--out)
visit     what a visit costs beside git's own plumbing, in a store of sharded folders
past      history, blame and diff of a card with thousands of entries
print     thousands of pages beside bare Typst and WeasyPrint
archive   a year of a salon on paper: sheets printed, sheets saved, verdicts checked
dupes     planted duplicates: recall and precision
faults    commands killed at random moments, a crowd writing at once (--command)
sync      200 cards changed on both sides
merges    a simulation of clones beside plain git merges
fuzz      merges of arbitrary text
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    archive,
    cards,
    duplicates,
    faults,
    fuzz_merge,
    merges,
    past,
    peers,
    printing,
    recall,
    sync,
    visit,
)  # fmt: skip
from benchmarks.people import SEED

_MOST_RECALLED = 10_000


def main() -> None:
    """Run what the command line asks for."""
    jobs: dict[str, tuple[int, Callable[[argparse.Namespace, Path], None]]] = {
        "search": (10_000, _search),
        "recall": (10_000, lambda asked, _place: _recall(asked)),
        "cards": (10_000, lambda asked, _place: cards.write_store(_folder(asked), asked.count)),
        "visit": (10_000, lambda asked, place: visit.main(place, asked.count, asked.runs)),
        "past": (0, lambda _asked, place: past.main(place)),
        "print": (1_000, lambda asked, _place: printing.compare(asked.count)),
        "archive": (24, lambda asked, _place: archive.year(asked.count)),
        "dupes": (
            10_000,
            lambda asked, _place: duplicates.measure(asked.count, (SEED, SEED + 1)),
        ),
        "sync": (200, lambda asked, _place: sync.main(asked.count)),
        "merges": (3, lambda asked, _place: merges.main(asked.count)),
        "fuzz": (20_000, lambda asked, _place: fuzz_merge.main(asked.count)),
        "faults": (200, lambda asked, _place: faults.main(asked.command, asked.count)),
    }
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=jobs)
    parser.add_argument("count", type=int, nargs="?", help="how many clients, kills or cases")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--out", type=Path, help="cards: the folder of the new store")
    parser.add_argument("--command", default="all", help="faults: what is killed")
    asked = parser.parse_args()
    usual, job = jobs[asked.what]
    asked.count = asked.count or usual
    with tempfile.TemporaryDirectory() as place:
        job(asked, Path(place))


def _search(asked: argparse.Namespace, place: Path) -> None:
    peers.compare(place, asked.count, asked.runs)
    _recall(asked)


def _recall(asked: argparse.Namespace) -> None:
    recall.measure(min(asked.count, _MOST_RECALLED))


def _folder(asked: argparse.Namespace) -> Path:
    return asked.out or Path(f"cards-{asked.count}")


main()
