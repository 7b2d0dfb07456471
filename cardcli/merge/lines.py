"""Three-way merge of a file whose lines are a set: each stands for itself, their order says nothing.

The print ledger is one: lines are added, and taken out only by an undo.
"""

from __future__ import annotations


def merge(base: str, one: str, two: str) -> str:
    """Return the lines of both sides, without those that a side took out, in order."""
    was, mine, yours = (_lines(text) for text in (base, one, two))
    kept = {*mine, *yours} - (was - mine) - (was - yours)
    return "".join(f"{line}\n" for line in sorted(kept))


def _lines(text: str) -> set[str]:
    bare = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return {line for line in bare.split("\n") if line.strip()}
