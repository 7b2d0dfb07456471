"""What git adds to one ``visit`` at 10,000 sharded cards, beside git's own plumbing for such a commit.

Run with: python -m benchmarks visit 10000 (from the root of the repository). The plumbing is what any
commit of one file costs: update-index, write-tree, commit-tree, update-ref. Medians in turn.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import cards
from benchmarks.merges import environment

ROOT = Path(__file__).parents[1]
PROGRAM = [sys.executable, "-c", "from cardcli.cli.start import main; main()"]
PLUMBING = (
    'git update-index -- "$0" && tree=$(git write-tree) && '
    "commit=$(git commit-tree -p HEAD -m x $tree) && git update-ref HEAD $commit"
)
TIMES = 1.3


def main(place: Path, count: int, runs: int) -> None:
    """Print the medians and the ratio that is promised to be at most 1.3."""
    store, bare, by_hand = sharded(place, count)
    card = next((by_hand / "cards").rglob("*.md"))
    name, client = card.relative_to(by_hand).as_posix(), card.stem[-6:]
    with_git, without, plumbing = [], [], []
    for turn in range(runs + 1):
        with_git.append(timed([*PROGRAM, "visit", client, f"Услуга {turn}", "--store", str(store)]))
        without.append(timed([*PROGRAM, "visit", client, f"Услуга {turn}", "--store", str(bare)]))
        with card.open("a", encoding="utf-8") as stream:
            stream.write(f"\nСтрока {turn}.\n")
        plumbing.append(timed(["sh", "-c", PLUMBING, name], by_hand))
    for kind, label in ((0, "CPU"), (1, "wall")):
        all_, plain, git = (
            statistics.median(run[kind] for run in runs_[1:])
            for runs_ in (with_git, without, plumbing)
        )
        print(
            f"{label:5} visit {all_ * 1000:.0f} ms, without git {plain * 1000:.0f} ms, added "
            f"{(all_ - plain) * 1000:.0f} ms; plumbing {git * 1000:.0f} ms: "
            f"{(all_ - plain) / git:.2f} × (promised: {TIMES})",
            flush=True,
        )


def sharded(place: Path, count: int) -> tuple[Path, Path, Path]:
    """Return a sharded store in git, one that is not, and one for git alone: of ours none is edited by hand."""
    store, bare, by_hand = place / "store", place / "bare", place / "by-hand"
    for root in (store, bare, by_hand):
        in_git = root is not bare
        cards.write_store(root, count, sharded=True, git=in_git)
        for arguments in (
            ["init", "-q", "-b", "main"],
            ["add", "."],
            ["commit", "-q", "-m", "all"],
        ):
            if in_git:
                subprocess.run(["git", *arguments], cwd=root, env=environment(), check=True)
        timed([*PROGRAM, "list", "--limit", "1", "--store", str(root)])
    time.sleep(2.5)  # until the cards are old enough for their times to be relied on
    return store, bare, by_hand


def timed(command: list[str], folder: Path = ROOT) -> tuple[float, float]:
    """Return the seconds of CPU, children counted, and of the clock that a command takes."""
    variables = environment() | {"PYTHONPATH": str(ROOT)}
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, cwd=folder, env=variables, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - begun
