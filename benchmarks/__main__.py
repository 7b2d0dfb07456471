"""``python -m benchmarks search 10000``: cardcli beside other programs on the same people, in one run.

Every program that is installed is run in turn with the others, so that a busy machine is busy for all;
one that is not is named. Figures are medians: CPU is user and system time of the process and its
children as the system counts it, wall is the clock.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import textwrap
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks import archive, cards, duplicates, faults, past, printing, visit
from benchmarks.people import SEED, Invented, people, queries
from cardcli.search import Directory, Person, search

FAMILY, MISTYPED, CLIPPED = "Кржижановская", "Кржыжанвская", "Кржижанвская"
DATA = Path(__file__).parents[1] / "tests" / "data"
_CROWD = 2000  # more would have the card numbers of those who are meant
_TYPER = "import typer\napp = typer.Typer()\n@app.command()\ndef main(name: str = ''): print(name)\napp()\n"
_FTS = "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute('SELECT name FROM cards WHERE cards MATCH ?', (sys.argv[2],)): print(*row)\n"
_START = "from cardcli.cli.start import main; main()"


@dataclass(frozen=True, eq=False)
class Program:
    """A command to time; *needs* is the program that must be installed for it."""

    job: str
    name: str
    command: Sequence[str]
    needs: str = ""
    standard_input: str = ""


class Run(NamedTuple):
    """What one run cost: seconds of CPU and of the clock, and the exit code."""

    cpu: float
    wall: float
    code: int


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    what = ["search", "recall", "cards", "faults", "archive", "dupes", "past", "visit", "print"]
    parser.add_argument("what", choices=what)
    parser.add_argument("count", type=int, nargs="?", help="clients; 10,000, for archive 24")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--out", type=Path, help="cards: the folder of the new store")
    parser.add_argument("--command", default="all", help="faults: what is killed")
    asked = parser.parse_args()
    if asked.what == "archive":
        archive.year(asked.count or 24)
        return
    asked.count = asked.count or 10_000
    if asked.what == "cards":
        cards.write_store(asked.out or Path(f"cards-{asked.count}"), asked.count)
    if asked.what == "print":
        printing.compare(asked.count)
    if asked.what == "faults":
        faults.main(asked.command, min(asked.count, 200))
    if asked.what == "past":
        with tempfile.TemporaryDirectory() as place:
            past.main(Path(place))
    if asked.what == "visit":
        with tempfile.TemporaryDirectory() as place:
            visit.main(Path(place), asked.count, asked.runs)
    if asked.what == "search":
        with tempfile.TemporaryDirectory() as place:
            compare(Path(place), asked.count, asked.runs)
    if asked.what == "dupes":
        duplicates.measure(asked.count, (SEED, SEED + 1))
    if asked.what in {"search", "recall"}:
        recall(min(asked.count, 10_000))


# ---- speed -----------------------------------------------------------------------------------


def compare(place: Path, count: int, runs: int) -> None:
    """Write the people in all formats into *place* and time all programs on them."""
    print(f"{count} clients, medians of {runs} runs in turn", flush=True)
    cards.write_store(place / "store", count)
    first = timed(cardcli(place, "list", "--limit", "1"), place)
    print(f"index from nothing: {first.cpu:.2f} s CPU, {first.wall:.2f} s wall", flush=True)
    time.sleep(2.5)  # until the cards are old enough for their times to be relied on
    for _turn in range(2):
        timed(cardcli(place, "list", "--limit", "1"), place)
    chosen = [each for each in programs(place) if installed(each)]
    prepare(place, count, {each.needs for each in chosen})
    results: dict[Program, list[Run]] = defaultdict(list)
    for jobs in ([each for each in chosen if each.job != "write"], writing(chosen)):
        for turn in range(runs + 1):
            for program in jobs:
                run = timed(program.command, place, program.standard_input)
                if turn:  # the first is for warming up
                    results[program].append(run)
    report(results)


def writing(chosen: Sequence[Program]) -> list[Program]:
    """Return the programs that write; they come last, so that those that read find a store at rest."""
    return [each for each in chosen if each.job == "write"]


def programs(place: Path) -> list[Program]:
    """Return all that is compared, job by job; the one-command Typer program is the yardstick."""
    python, store = sys.executable, str(place / "store")
    khard = ["khard", "--config", str(place / "khard.conf")]
    papis = ["papis", "-l", "clients"]
    fts = [python, "-c", _FTS, str(place / "cards.db")]
    listed = str(place / "people.txt")
    return [
        Program("start", "Python", [python, "-c", "pass"]),
        Program("start", "one-command Typer program", [python, str(place / "hello.py")]),
        Program("start", "cardcli --version", cardcli(place, "--version")),
        Program("exact", "cardcli find", cardcli(place, "find", FAMILY)),
        Program("exact", "ripgrep", ["rg", "-l", f"^name: {FAMILY}", store], "rg"),
        Program("exact", "khard", [*khard, "list", FAMILY], "khard"),
        Program("exact", "papis", [*papis, "list", "--all", f"author:{FAMILY}"], "papis"),
        Program("exact", "sqlite3 FTS5", [*fts, FAMILY]),
        Program("typo", "cardcli find", cardcli(place, "find", MISTYPED)),
        Program("typo", "ugrep -Z2", ["ugrep", "-r", "-Z2", "-l", MISTYPED, store], "ugrep"),
        Program("typo", "fzf, a letter missing", ["fzf", "--filter", CLIPPED], "fzf", listed),
        Program("text", "cardcli find --text", cardcli(place, "find", "--text", cards.RARE)),
        Program("text", "ripgrep", ["rg", "-i", "-n", cards.RARE, store], "rg"),
        Program("text", "git grep", ["git", "-C", store, "grep", "--no-index", "-i", "-n", "-e", cards.RARE], "git"),
        Program("text", "sqlite3 FTS5", [*fts, cards.RARE]),
        Program("list", "cardcli list", cardcli(place, "list")),
        Program("list", "khard", [*khard, "list"], "khard"),
        Program("list", "papis", [*papis, "list", "--all"], "papis"),
        Program(
            "write", "cardcli visit, mistyped",
            cardcli(place, "visit", MISTYPED, "Укладка", "--fuzzy"),
        ),
    ]  # fmt: skip


def cardcli(place: Path, command: str, *rest: str) -> list[str]:
    """Return the command line of cardcli on the store in *place*."""
    store = [] if command.startswith("-") else ["--store", str(place / "store")]
    return [sys.executable, "-c", _START, command, *store, *rest]


def installed(program: Program) -> bool:
    """Tell whether a program can be run, and name one that cannot."""
    there = not program.needs or shutil.which(program.needs) is not None
    if not there:
        print(f"skipped: {program.job}, {program.name} ({program.needs} is not installed)")
    return there


def prepare(place: Path, count: int, needed: set[str]) -> None:
    """Write the same people as the programs that are there want them."""
    (place / "hello.py").write_text(_TYPER, encoding="utf-8")
    cards.write_text(place / "people.txt", count)
    cards.write_database(place / "cards.db", count)
    if "khard" in needed:
        cards.write_vcards(place / "vcards", count)
        config = f"[addressbooks]\n[[c]]\npath = {place}/vcards\n[general]\neditor = true\nmerge_editor = true\n"
        (place / "khard.conf").write_text(config, encoding="utf-8")
    if "papis" in needed:
        cards.write_papis(place / "papis", count)
        config = f"[settings]\ndefault-library = clients\n[clients]\ndir = {place}/papis\n"
        own = place / ".config" / "papis"  # what --config names is not looked into for libraries
        own.mkdir(parents=True)
        (own / "config").write_text(config, encoding="utf-8")


def timed(command: Sequence[str], place: Path, standard_input: str = "") -> Run:
    """Run a command to its end; what it prints goes to a file, for some do less when nobody reads."""
    variables = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[1]), "HOME": str(place), "XDG_CACHE_HOME": str(place / "cache"),
        "XDG_CONFIG_HOME": str(place / ".config"),
    }  # fmt: skip
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    source = os.open(standard_input or os.devnull, os.O_RDONLY)
    target = os.open(place / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    streams = [(os.POSIX_SPAWN_DUP2, source, 0)]
    streams += [(os.POSIX_SPAWN_DUP2, target, number) for number in (1, 2)]
    begun = time.perf_counter()
    process = os.posix_spawnp(command[0], list(command), variables, file_actions=streams)
    _process, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begun
    os.close(source)
    os.close(target)
    return Run(usage.ru_utime + usage.ru_stime, wall, os.waitstatus_to_exitcode(status))


def report(results: dict[Program, list[Run]]) -> None:
    """Print the medians, and each as a multiple of the yardstick."""

    def median(program: Program, value: Callable[[Run], float]) -> float:
        return statistics.median(value(run) for run in results[program])

    yardstick = next(each for each in results if each.name == "one-command Typer program")
    whole = median(yardstick, lambda run: run.cpu)
    print(f"\n{'job':8}{'program':32}{'CPU ms':>8}{'wall ms':>9}{'× Typer':>9}{'exit':>6}")
    for program, runs in results.items():
        cpu, wall = median(program, lambda run: run.cpu), median(program, lambda run: run.wall)
        times = f"{cpu * 1000:8.1f}{wall * 1000:9.1f}{cpu / whole:9.2f}"
        print(f"{program.job:8}{program.name:32}{times}{runs[-1].code:6}")


# ---- recall ----------------------------------------------------------------------------------


def recall(count: int) -> None:
    """Print how often the one who is meant comes first, and among the first three."""
    known = typed_people()
    phones = {phone for person in known for phone in person.phones}
    invented = [each for each in people(count) if each.phone not in phones]
    crowd = Directory([*known, *map(as_person, invented[:_CROWD])])
    typed = [(kind, query, {meant}) for kind, query, meant in rows("recall.tsv")]
    print_recall(f"typed queries among {len(crowd)} clients", typed, crowd)
    base = Directory([*known, *map(as_person, invented)])
    by_name: dict[str, set[str]] = defaultdict(set)
    for each in invented:
        by_name[each.name].add(each.id)
        by_name[f"{each.family} {each.given}"].add(each.id)
    made = [
        (kind, query, by_name[meant] | by_name[" ".join(meant.split(" ")[:2])])
        for kind, query, meant in queries(20, invented)
    ]
    print_recall("mistakes made by rule", made, base)
    nobody = [row[0] for row in rows("nobody.txt")]
    found = [query for query in nobody if search(query, base)]
    print(f"\nqueries that mean nobody: {len(nobody)}, answered all the same: {len(found)}")
    print(textwrap.indent("\n".join(found), "  "))


def print_recall(title: str, asked: Sequence[tuple[str, str, set[str]]], base: Directory) -> None:
    """Print one table by kind of mistake; all who bear the name that is meant are right answers."""
    places: dict[str, list[int]] = defaultdict(list)
    for kind, query, meant in asked:
        ids = [match.person.id for match in search(query, base, 3)]
        places[kind].append(next((i for i, each in enumerate(ids) if each in meant), 3))
    print(f"\n{title}\n{'kind':20}{'queries':>8}{'first':>8}{'in three':>10}")
    for kind, found in places.items():
        first, three = found.count(0) / len(found), sum(place < 3 for place in found) / len(found)
        print(f"{kind:20}{len(found):8}{first:8.0%}{three:10.0%}")


def rows(name: str) -> list[list[str]]:
    """Return the rows of a file of the test data."""
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def typed_people() -> list[Person]:
    """Return the people whom the typed queries mean; the phone ends like the card number."""
    return [
        Person(
            card_id, number, tuple(names.split("; ")), ("+7900000" + number[-4:],),
            tuple(emails.split()), birthday,
        )
        for card_id, number, names, birthday, emails in rows("recall_people.tsv")
    ]  # fmt: skip


def as_person(each: Invented) -> Person:
    """Return an invented client as the search sees them."""
    return Person(
        each.id, each.number, (each.name,), (each.phone,), (each.email,), each.birthday, each.last_visit
    )  # fmt: skip


main()
