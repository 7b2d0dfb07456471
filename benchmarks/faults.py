"""What goes wrong in real life, many times: ``python -m benchmarks faults 200 --command visit``.

A command is killed (with all it started) at a random moment and the store is looked at: no card may be
damaged, nothing that was acknowledged may be missing, the next command must go on and leave git in
order. ``crowd`` lets 20 processes write 50 entries each, on one card and on many.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.merges import environment
from cardcli import card as cards
from cardcli.errors import BadCardError

ROOT = Path(__file__).parents[1]
PROCESSES, EACH = 20, 50
PROGRAM = [sys.executable, "-c", "from cardcli.cli.start import main; main()"]
Prepare = Callable[["Place", int], list[str]]


@dataclass
class Place:
    """A store with one client, a hub and a second workplace."""

    folder: Path
    client: str = ""
    acknowledged: set[str] = field(default_factory=set)

    @property
    def store(self) -> Path:
        """Return the folder of the first workplace."""
        return self.folder / "one"

    @property
    def other(self) -> Path:
        """Return the folder of the second workplace."""
        return self.folder / "two"

    def ids(self) -> set[str]:
        """Return the ids of all clients and entries. Raises BadCardError for a damaged card."""
        found = set()
        for path in (self.store / "cards").rglob("*.md"):
            card = cards.parse(path.read_text("utf-8"))
            if problem := next(iter(card.problems), None):
                raise BadCardError(problem.line, problem.message, path.name)
            found |= {card.id, *(each.id for each in card.entries)}
        return found


def main(what: str, times: int) -> None:
    """Print one line for each command that was killed, and for each crowd."""
    print(f"{times} kills of each command")
    for name in [what] if what != "all" else [*COMMANDS, "crowd"]:
        with tempfile.TemporaryDirectory() as folder:
            if name == "crowd":
                crowd(Path(folder), clients=1)
                crowd(Path(folder), clients=PROCESSES)
            else:
                killed(name, prepared(Path(folder)), times)


def prepared(folder: Path) -> Place:
    """Return a store with a client, exchanged with a hub and another workplace."""
    place = Place(folder)
    done("init", str(place.store), "--language", "ru")
    place.client = done("new", "Иванова Мария", store=place.store).split("\t")[0]
    done("sync", "--setup", str(folder / "hub.git"), store=place.store)
    done("clone", str(folder / "hub.git"), str(place.other), "--prefix", "Б")
    place.acknowledged = place.ids()
    return place


def _visit(place: Place, number: int) -> list[str]:
    return ["visit", place.client, f"Услуга {number}"]


def _sync(place: Place, number: int) -> list[str]:
    for store in (place.store, place.other):
        done("visit", place.client, f"Услуга {number}", store=store)
    done("sync", store=place.other)
    place.acknowledged = place.ids()
    return ["sync"]


COMMANDS: dict[str, Prepare] = {
    "visit": _visit,
    "sync": _sync,
    "check": lambda place, number: _by_hand(place, number, ["check", "--fix"]),
}
"""What is killed: what prepares one run of it and returns its arguments."""


def _by_hand(place: Place, number: int, command: list[str]) -> list[str]:
    """Let somebody add lines without an id by hand."""
    (path,) = (place.store / "cards").glob("*.md")
    text = path.read_text("utf-8")
    path.write_text(text + f"\n## Заметки\n\n- 2026-05-14 Рука {number}\n" * (number == 1), "utf-8")
    if number > 1:
        path.write_text(text + f"- 2026-05-14 Рука {number}\n", "utf-8")
    return command


def killed(name: str, place: Place, times: int) -> None:
    """Kill one command many times. Ends with an AssertionError when anything was damaged or lost."""
    rng = random.Random(7)
    arguments = COMMANDS[name](place, 0)
    begun = time.perf_counter()
    done(*arguments, store=place.store)
    usual = time.perf_counter() - begun
    finished = 0
    for number in range(1, times + 1):
        arguments = COMMANDS[name](place, number)
        code, out = kill_after(arguments, place.store, rng.uniform(0.2, 1.1) * usual)
        if code == 0:
            finished += 1
            place.acknowledged |= {line.split("\t")[0] for line in out.splitlines() if "\t" in line}
        if name != "check":  # the hand's lines have no id until it is done
            lost = place.acknowledged - place.ids()
            assert not lost, f"{name} {number}: lost {lost}"
        begun = time.perf_counter()
        done(*arguments, store=place.store)
        usual = time.perf_counter() - begun  # the machine may have become slower
        lost = place.acknowledged - place.ids()
        assert not lost, f"{name} {number}: lost {lost}"
        place.acknowledged = place.ids()
        left = git(place.store, "status", "--porcelain")
        assert not left, f"{name} {number}: {left}"
    git(place.store, "fsck", "--strict")
    done("sync", store=place.store)
    done("sync", store=place.other)
    trees = {git(store, "rev-parse", "HEAD^{tree}") for store in (place.store, place.other)}
    assert len(trees) == 1, "the workplaces differ"
    print(
        f"{name:8} killed {times - finished} times within {usual:.2f} s, {finished} had ended before: "
        f"0 damaged cards, 0 of {len(place.acknowledged)} ids lost",
        flush=True,
    )


def kill_after(arguments: Sequence[str], store: Path, seconds: float) -> tuple[int, str]:
    """Kill a command and all it started after some time; return its exit code and what it said."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments, "--store", str(store)],
        env=variables(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    out, _nothing = process.communicate()
    return process.returncode, out


def crowd(folder: Path, clients: int) -> None:
    """Let many processes write at once, each its entries one after the other."""
    store = folder / f"crowd{clients}"
    done("init", str(store), "--language", "ru")
    ids = [done("new", f"Клиент {n}", store=store).split("\t")[0] for n in range(clients)]
    given: list[str] = []
    waited: list[float] = []

    def write(worker: int) -> None:
        for number in range(EACH):
            begun = time.perf_counter()
            title = f"Услуга {worker}-{number}"
            out = done("visit", ids[worker % clients], title, "--wait", "120", store=store)
            waited.append(time.perf_counter() - begun)
            given.append(out.split("\t")[0])

    begun = time.perf_counter()
    workers = [threading.Thread(target=write, args=(number,)) for number in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = [
        each.id
        for path in (store / "cards").glob("*.md")
        for each in cards.parse(path.read_text("utf-8")).entries
    ]
    assert len(given) == PROCESSES * EACH, f"only {len(given)} were acknowledged"
    assert sorted(found) == sorted(given), "entries were lost or doubled"
    assert not git(store, "status", "--porcelain")
    commits = int(git(store, "rev-list", "--count", "HEAD"))
    assert commits == 1 + clients + PROCESSES * EACH, commits
    print(
        f"crowd    {PROCESSES} processes × {EACH} entries on {clients} cards: all kept, a commit each; "
        f"a command took {statistics.median(waited):.1f} s (median), {max(waited):.1f} s (longest); "
        f"{time.perf_counter() - begun:.0f} s in all",
        flush=True,
    )


def variables() -> dict[str, str]:
    """Return the environment of all that is run."""
    return dict(environment()) | {
        "PYTHONPATH": str(ROOT), "LANGUAGE": "en", "PATH": os.environ["PATH"],
    }  # fmt: skip


def done(*arguments: str, store: Path | None = None) -> str:
    """Run a command to its end and return what it printed. Ends with an AssertionError if it fails."""
    place = ["--store", str(store)] if store else []
    process = subprocess.run(
        [*PROGRAM, *arguments, *place], env=variables(), capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, f"{arguments}: {process.returncode} {process.stderr}"
    return process.stdout


def git(store: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    process = subprocess.run(
        ["git", *arguments], cwd=store, env=variables(), capture_output=True, text=True, check=True
    )
    return process.stdout.strip()
