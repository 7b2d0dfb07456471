"""A file for each client, thousands of them: what is up to date in the folder is not printed again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from cardcli import disk
from cardcli.cli import apart, batching, ui
from cardcli.cli.apart import Task
from cardcli.cli.batching import Client, Job
from cardcli.printing import Gathered
from cardcli.text import slug
from cardcli.tuples import NamedTuple

FILES_AT_ONCE = 20
"""Cards that one process makes a file each of."""


class Files(NamedTuple):
    """The files of the clients: those printed now, and those that were up to date already."""

    printed: list[Path]
    kept: list[Path]


class _Made(NamedTuple):
    """A file that was made: from what, and what is in it."""

    path: str
    key: str
    digest: str


def one_each(job: Job, clients: Sequence[Client], folder: Path, suffix: str) -> Files:
    """Write a file for every client into *folder*, and leave alone those that are up to date."""
    notes = batching.shelf(job.session) / "files"
    known = {made.path: made for made in _noted(notes)}
    done = Files([], [])

    def task(some: Sequence[Client]) -> Task[tuple[list[_Made], list[str]]]:
        job.load()
        cards = [job.card(client) for client in some]
        stale = []
        for client, card in zip(some, cards, strict=True):
            found = job.gathered([card])
            path, key = folder / f"{slug(client.name)}-{client.id}{suffix}", job.key(found)
            made = known.get(str(path))
            if made and made.key == key and made.digest == disk.digest(path).hex():
                done.kept.append(path)
            else:
                stale.append((path, key, found))
        return Task(lambda: _write_each(job, stale), job.limits(cards))

    tasks = (task(some) for some in batching.parts_of(clients, FILES_AT_ONCE))
    with batching.resumable():
        for made, warnings in apart.in_order(tasks, apart.workers()):
            for each in made:
                disk.append_line(notes, json.dumps(each))
                known[each.path] = each
                done.printed.append(Path(each.path))
            for warning in warnings:
                ui.warn(warning)
            batching.progress(len(done.printed) + len(done.kept), len(clients))
    batching.progress(len(clients), len(clients))
    there = [made for made in known.values() if Path(made.path).is_file()]
    disk.write(notes, "".join(f"{json.dumps(made)}\n" for made in there).encode())
    return done


def _write_each(
    job: Job, stale: Sequence[tuple[Path, str, Gathered]]
) -> tuple[list[_Made], list[str]]:
    made: list[_Made] = []
    warnings: list[str] = []
    for path, key, found in stale:
        printed = job.printed(found)
        disk.write(path, printed.content)
        made.append(_Made(str(path), key, disk.digest_of(printed.content).hex()))
        warnings += printed.warnings
    return made, warnings


def _noted(notes: Path) -> Iterator[_Made]:
    """Yield what was noted of the files; a line that was cut short is none."""
    if notes.is_file():
        for line in disk.read_text(notes).splitlines():
            with contextlib.suppress(ValueError, TypeError):
                yield _Made(*json.loads(line))
