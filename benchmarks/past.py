"""How long the past of a card takes to tell: 2,000 entries written in 1,200 commits.

Run with: python -m benchmarks past (from the root of the repository).
"""

from __future__ import annotations

import datetime as dt
import subprocess
import time
from pathlib import Path

from benchmarks.faults import done
from benchmarks.merges import environment

ENTRIES, COMMITS = 2000, 1200
_NAME = "cards/ivanova-mariya-k7f3qd.md"
_HEAD = (
    "---\nid: k7f3qd\nnumber: К-00001\nname: Иванова Мария\n---\n\n# Иванова Мария\n\n## Услуги\n\n"
)


def main(place: Path) -> None:
    """Print the seconds of each command that tells of the past, before and after maintenance."""
    store = place / "store"
    done("init", str(store), "--language", "ru")
    write(store)
    for title in ("as it is", "after maintenance"):
        print(f"{ENTRIES} entries, {COMMITS} commits, {title}")
        for command in (
            ["show", "k7f3qd"], ["history", "k7f3qd"], ["history", "k7f3qd", "--entry", "v00010"],
            ["blame", "k7f3qd"], ["diff", "k7f3qd", "HEAD~100"], ["show", "k7f3qd", "--as-of", "2026-01-01"],
            ["check", "k7f3qd"],
        ):  # fmt: skip
            begun = time.perf_counter()
            done(*command, store=store)
            print(f"  {' '.join(command):40}{time.perf_counter() - begun:6.2f} s", flush=True)
        done("maintenance", store=store)


def write(store: Path) -> None:
    """Write the history in one process of git."""
    lines = [
        f"- {dt.date(2015, 1, 1) + dt.timedelta(days=2 * number)} Стрижка [price:: {1500 + number}] "
        f"[staff:: Ольга] ^v{number:05}\n"
        for number in range(ENTRIES)
    ]
    stream = []
    for number in range(COMMITS):
        last = ENTRIES - COMMITS + number + 1
        text = (_HEAD + "".join(lines[:last])).encode()
        start = "from refs/heads/main^0\n" if not number else ""
        message = f"visit k7f3qd v{last - 1:05}\n".encode()
        head = f"commit refs/heads/main\ncommitter Olga <olga@example.com> {1_700_000_000 + number * 3600} +0000\n"
        stream.append(head.encode() + b"data %d\n%s" % (len(message), message) + start.encode())
        stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (_NAME.encode(), len(text), text))
    for arguments in (["fast-import", "--quiet"], ["reset", "--quiet", "--hard"]):
        data = b"".join(stream) if arguments[0] == "fast-import" else b""
        subprocess.run(["git", *arguments], cwd=store, env=environment(), input=data, check=True)
