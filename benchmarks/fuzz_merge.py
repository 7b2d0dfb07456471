"""Arbitrary text on three sides, many times: the laws of the merge must hold for all of it."""

from __future__ import annotations

import random
import time
from collections import Counter

from cardcli import merge
from tests.test_merge import BASE, check_laws

LINES = [
    *BASE.split("\n"),
    "", "", "---", "```", "~~~", "## Услуги", "## Моё", "# Заголовок", "  отступ", "\tтаб", "x: [", "a: 1",
    "a: 2", "- 2026-05-14 x ^e7f3qd", "- 2026-05-14 x [a:: 1] [a:: 2] ^e7f3qd", "- 2026-02-30 x ^e2x9qt",
    "- 14.05.2026 x", "<<<<<<< ours", "=======", ">>>>>>> theirs", "\r", "x\r", "\ufeff", "é", "e\u0301", "\x85",
]  # fmt: skip
HEADS = (
    "",
    "---\nid: k7f3qd\nname: Иванова\n---\n",
    "---\nid: k7f3qd\nsource: сайт\n---\n",
    "\ufeff---\nid: k7f3qd\n---\n",
)


def main(cases: int) -> None:
    """Print how many cases were merged by meaning and how many by lines."""
    counts: Counter[str] = Counter()
    begun = time.perf_counter()
    for seed in range(cases):
        rng = random.Random(seed)
        texts = versions(rng)
        try:
            check_laws(*texts)
        except Exception:
            print("seed", seed)
            raise
        counts["by lines" if merge.card(*texts).by_lines else "by meaning"] += 1
    print(f"{cases} cases, {dict(counts)}, {time.perf_counter() - begun:.0f} s")


def versions(rng: random.Random) -> tuple[str, str, str]:
    """Return three texts: unlike each other, or edited from one."""
    if rng.random() < 0.5:
        one, two, three = (rng.choice(HEADS) + body(rng) for _side in range(3))
        return one, two, three
    base = BASE.split("\n")
    sides = [edited(rng, base) for _side in range(3)]
    ending = rng.choice(("\n", "\n", "\n", "\r\n"))
    return "\n".join(sides[0]), ending.join(sides[1]), "\n".join(sides[2])


def body(rng: random.Random) -> str:
    """Return random lines."""
    return "\n".join(rng.choice(LINES) for _line in range(rng.randrange(14)))


def edited(rng: random.Random, lines: list[str]) -> list[str]:
    """Return lines with some taken out, changed, doubled and put in."""
    result = list(lines)
    for _edit in range(rng.randrange(6)):
        place = rng.randrange(len(result) + 1)
        match rng.randrange(3):
            case 0:
                result[place:place] = [rng.choice(LINES)]
            case 1:
                del result[place : place + rng.randrange(3)]
            case _:
                result[place : place + 1] = [rng.choice(LINES) + rng.choice(("", " x"))]
    return result
