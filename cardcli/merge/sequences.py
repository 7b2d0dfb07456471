"""Three-way merge of sequences: lines of text, keys, ids. It does not depend on which side is which.

Each side's difference from the base is a list of replaced ranges. Ranges that do not meet are all
applied; where they meet, the two versions of that stretch are compared (S. Khanna, K. Kunal,
B. C. Pierce, “A Formal Investigation of Diff3”, 2007).
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Choose = Callable[[list[str], list[str], list[str]], list[str]]
"""(base, low, high) -> what stands there: both sides wrote the same lines anew; low sorts first."""
Join = Callable[[list[str], list[str]], list[str]]
Kept = Callable[[list[str]], None]


def merge(
    versions: Sequence[Sequence[str]],
    choose: Choose,
    both: Join | None = None,
    kept: Kept | None = None,
) -> list[str]:
    """Return the merged sequence of *versions*: the base and the two sides.

    *both* joins what the two sides inserted at one place; *kept* is told of items that one side
    took out and that stay because the other changed them.
    """
    base, one, two = versions
    if one in (two, base):
        return list(two)
    if two == base:
        return list(one)
    merged: list[str] = []
    for hunk in _hunks(base, one, two):
        if hunk.one == hunk.base:
            merged += hunk.two
        elif hunk.two == hunk.base:
            merged += hunk.one
        else:
            low, high = sorted((hunk.one, hunk.two), key=lambda items: (len(items), items))
            merged += _settled(hunk.base, low, high, choose, both or union, kept)
    return merged


def _settled(
    base: list[str], low: list[str], high: list[str], choose: Choose, join: Join, kept: Kept | None
) -> list[str]:
    """Return one stretch that both sides changed; *low* is the shorter."""
    less, more = _solid(low), _solid(high)
    if not _solid(base) and not _within(less, more):
        return join(*sorted((low, high)))
    if not _within(less, more):
        return choose(base, *sorted((low, high)))
    back = [item for item in _solid(base) if item in more and item not in less]
    if kept and (back or (base and not less and more)):
        kept(back or more)
    return high  # it says all that the other says


def _within(less: list[str], more: list[str]) -> bool:
    """Tell whether *more* holds all of *less* in the same order."""
    rest = iter(more)
    return all(item in rest for item in less)


def keep_both(_base: list[str], low: list[str], high: list[str]) -> list[str]:
    """Choose both versions: nothing is lost, and somebody has to look at it."""
    return union(low, high)


def union(low: list[str], high: list[str]) -> list[str]:
    """Return the shortest sequence that holds both, each in its order; common items stand once."""
    joined: list[str] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, low, high, autojunk=False).get_opcodes():
        joined += low[i:j] if kind == "equal" else [*low[i:j], *high[k:m]]
    return joined


def _solid(items: Sequence[str]) -> list[str]:
    return [item for item in items if item.strip()]


@dataclass(frozen=True, slots=True)
class _Hunk:
    base: list[str]
    one: list[str]
    two: list[str]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Items *start* to *end* of the base are replaced by *new*."""

    start: int
    end: int
    new: list[str]


def _edits(base: Sequence[str], side: Sequence[str]) -> list[_Edit]:
    matcher = difflib.SequenceMatcher(None, base, side, autojunk=False)
    edits: list[_Edit] = []
    limit = len(base)
    for kind, start, end, first, last in reversed(matcher.get_opcodes()):
        if kind != "equal":
            edits.insert(0, _slid(base, _Edit(start, end, list(side[first:last])), limit))
            limit = edits[0].start
    return edits


def _slid(base: Sequence[str], edit: _Edit, limit: int) -> _Edit:
    """Move what was put in or taken out among equal items as far down as it goes.

    Of two equal lines both sides then take out the same one.
    """
    start, end, new = edit.start, edit.end, edit.new
    while not new and start < end < limit and base[start] == base[end]:
        start, end = start + 1, end + 1
    while new and start == end < limit and base[end] == new[0]:
        new = [*new[1:], base[end]]
        start = end = end + 1
    return _Edit(start, end, new)


def _hunks(base: Sequence[str], one: Sequence[str], two: Sequence[str]) -> list[_Hunk]:
    """Cut the base where neither side changed it; edits that meet come into one hunk."""
    edits = sorted(
        [(edit, 0) for edit in _edits(base, one)] + [(edit, 1) for edit in _edits(base, two)],
        key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
    )
    hunks, position = [], 0
    written: list[str] = []
    while edits:
        group = [edits.pop(0)]
        start, end = group[0][0].start, group[0][0].end
        while edits and _meets(edits[0][0], start, end):
            group.append(edits.pop(0))
            end = max(end, group[-1][0].end)
        if len(group) == 1 and position == start:
            group = [(_without(written, group[0][0]), group[0][1])]
        written = group[0][0].new if len(group) == 1 else []
        unchanged = list(base[position:start])
        hunks.append(_Hunk(unchanged, unchanged, unchanged))
        versions = [
            _applied(base, start, end, [e for e, s in group if s == side]) for side in (0, 1)
        ]
        hunks.append(_Hunk(list(base[start:end]), versions[0], versions[1]))
        position = end
    rest = list(base[position:])
    return [*hunks, _Hunk(rest, rest, rest)]


def _without(written: list[str], edit: _Edit) -> _Edit:
    """Take off what the edit just above has written already: both sides may have added it."""
    longest = min(len(written), len(edit.new))
    same = next((n for n in range(longest, 0, -1) if written[-n:] == edit.new[:n]), 0)
    return _Edit(edit.start, edit.end, edit.new[same:])


def _meets(edit: _Edit, start: int, end: int) -> bool:
    """Tell whether an edit that begins no earlier touches the same items, or inserts at one place."""
    return edit.start < end or edit.start == edit.end == start == end


def _applied(base: Sequence[str], start: int, end: int, edits: list[_Edit]) -> list[str]:
    result, position = [], start
    for edit in edits:
        result += [*base[position : edit.start], *edit.new]
        position = edit.end
    return [*result, *base[position:end]]
