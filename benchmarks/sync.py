"""How long a sync takes when 200 cards were changed on both sides (CPU seconds, whole process tree)."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from benchmarks.merges import environment
from cardcli import card as cards
from cardcli import disk, joining, mergesetup, plumbing, sync
from cardcli.entry import Entry
from cardcli.founding import create_store
from cardcli.git import Git
from cardcli.store import Store, open_store
from tests.simulation import SETTINGS

VISITS = 20


def main(count: int) -> None:
    """Print the seconds of the merge alone and of the whole sync."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = workplaces(Path(folder), count)
        change(ours, "Ольга", "2026-06-01")
        change(theirs, "Инна", "2026-06-02")
        sync.run(ours, None, lambda _words: None)
        sync.commit_leftovers(theirs)
        other = sync.fetch(theirs, "origin", "main")
        head = plumbing.resolve(theirs.git, "HEAD")
        begun, clock = cpu(), time.perf_counter()
        joined = joining.join(theirs.git, theirs.config, head, other)
        print(
            f"merge of {joined.merged} cards: {cpu() - begun:.2f} s CPU, {time.perf_counter() - clock:.2f} s"
        )
        begun, clock = cpu(), time.perf_counter()
        sync.run(theirs, None, lambda _words: None)
        print(f"whole sync: {cpu() - begun:.2f} s CPU, {time.perf_counter() - clock:.2f} s")


def cpu() -> float:
    """Return the CPU seconds of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def workplaces(folder: Path, count: int) -> tuple[Store, Store]:
    """Return two workplaces with the same cards of 20 visits each."""
    first = create_store(folder / "one", SETTINGS, environment())
    for number in range(count):
        text = cards.new(
            {"id": f"k{number:05}", "number": f"К-{number:05}", "name": "Иванова Анна"}
        )
        text += "\n## Услуги\n\n"
        for visit in range(VISITS):
            text += (
                f"- 2026-04-{visit + 1:02} Стрижка [price:: 2500] [staff:: Ольга] ^v{visit:05}\n"
            )
        disk.write(first.root / f"cards/ivanova-k{number:05}.md", text.encode())
    sync.commit_leftovers(first)
    sync.set_up(first, str(folder / "hub.git"))
    sync.run(first, None, lambda _words: None)
    Git(folder, environment()).run("clone", "--quiet", "hub.git", "two")
    second = open_store(folder / "two", environment())
    mergesetup.ensure(second)
    return first, second


def change(store: Store, who: str, date: str) -> None:
    """Add a visit to every card and correct one."""
    for record in store.records():
        new = Entry(
            f"n{who.encode().hex()[1]}{date[-1]}0aa",
            date,
            "Укладка",
            "",
            {"staff": who},
            "",
            "visit",
        )
        text = cards.append(record.card, new, "Услуги")
        text = cards.amend(
            cards.parse(text),
            "v00007",
            lambda old: old._replace(fields={**old.fields, "staff": who}),
        )
        disk.write(store.root / record.path, text.encode())
