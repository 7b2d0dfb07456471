"""Three-way merge of a YAML mapping by key: the front matter of a card, and ``cardcli.yaml``.

Values decide; the text is taken from the side whose value stands, so that quotes and comments
stay as somebody wrote them. Lists are sets: what either side added or took out counts.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from cardcli import profile, yamlpatch
from cardcli.merge import sequences
from cardcli.merge.notes import Notes
from cardcli.yamlpatch import BadYamlError, Value

LATEST = frozenset({"confirmed"})
"""Keys where two values are no difference: the later one stands."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A key with its lines; ``above`` are the comments and blank lines over it."""

    above: list[str]
    lines: list[str]
    value: Value


@dataclass(frozen=True)
class _Side:
    blocks: dict[str, _Block]
    below: list[str]

    def value(self, key: str) -> Value | None:
        return self.blocks[key].value if key in self.blocks else None


def _read(text: str) -> _Side:
    values, found = yamlpatch.blocks(text)
    blocks: dict[str, _Block] = {}
    below: list[str] = []
    for key, block in found:
        lines = block.removesuffix("\n").split("\n")
        if not key:
            below = lines
            continue
        split = next((n for n, line in enumerate(lines) if not _is_comment(line)), len(lines))
        blocks[key] = _Block(lines[:split], lines[split:], values[key])
    if set(blocks) != set(values):
        raise BadYamlError(1, "a key that is no plain text")
    return _Side(blocks, below)


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def merge(versions: Sequence[str], notes: Notes) -> tuple[str, dict[str, Value]]:
    """Return the mapping merged of *versions*, the base and the two sides, and what it says.

    Raises :class:`BadYamlError` when a side cannot be read.
    """
    base, one, two = versions
    sides = (_base(base), _read(one), _read(two))
    values = {key: _merged_value(sides, key, notes) for key in _keys(sides)}
    lines: list[str] = []
    for key in _order(sides, [key for key, value in values.items() if value is not None]):
        value = values[key]
        if value is not None:
            lines += _lines(sides, key, value)
    lines += sequences.merge([side.below for side in sides], choose=sequences.keep_both)
    text = "".join(f"{line}\n" for line in lines)
    expected = {key: value for key, value in values.items() if value is not None}
    if yamlpatch.read(text) != expected:
        raise BadYamlError(1, "the merged mapping does not read as meant")
    return text, expected


def _base(text: str) -> _Side:
    """Read the common ancestor; one that cannot be read says nothing."""
    try:
        return _read(text)
    except BadYamlError:
        return _Side({}, [])


def _keys(sides: Sequence[_Side]) -> list[str]:
    return sorted({key for side in sides for key in side.blocks})


def _order(sides: Sequence[_Side], keys: list[str]) -> list[str]:
    """Return the keys in the order of the sides; those new at one place by the table of keys."""

    def joined(low: list[str], high: list[str]) -> list[str]:
        return sorted({*low, *high}, key=_place)

    orders = [list(side.blocks) for side in sides]
    merged = sequences.merge(orders, choose=lambda _base, low, high: joined(low, high), both=joined)
    merged = [key for key in dict.fromkeys(merged) if key in keys]
    return merged + sorted((key for key in keys if key not in merged), key=_place)


def _place(key: str) -> tuple[int, str]:
    return (profile.ORDER.index(key) if key in profile.ORDER else len(profile.ORDER)), key


# --- values --------------------------------------------------------------------------------------


def _merged_value(sides: Sequence[_Side], key: str, notes: Notes) -> Value | None:
    base, one, two = (side.value(key) for side in sides)
    return merged(base, one, two, key, notes)


def merged(
    base: Value | None, one: Value | None, two: Value | None, key: str, notes: Notes
) -> Value | None:
    """Return the value of *key* after both sides; None stands for a key that is not there."""
    if one in (two, base):
        return two
    if two == base:
        return one
    if one is None or two is None:
        notes.keep(key)
        return two if one is None else one
    if isinstance(one, list) or isinstance(two, list):
        if not isinstance(one, dict) and not isinstance(two, dict):
            return _merged_list(_as_list(base), _as_list(one), _as_list(two))
    elif isinstance(one, dict) and isinstance(two, dict):
        return _merged_dict(base if isinstance(base, dict) else {}, one, two, key, notes)
    if key in LATEST:
        return max(one, two, key=str)
    low, high = sorted((one, two), key=flat)
    notes.differ("", key, flat(low), flat(high))
    return high


def _as_list(value: Value | None) -> list[Value]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _merged_list(base: list[Value], one: list[Value], two: list[Value]) -> list[Value]:
    stay = [item for item in base if item in one and item in two]
    new = [item for item in [*one, *two] if item not in base]
    unique = [item for n, item in enumerate(new) if item not in new[:n]]
    return [*stay, *sorted(unique, key=flat)]


def _merged_dict(
    base: dict[str, Value], one: dict[str, Value], two: dict[str, Value], key: str, notes: Notes
) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for inner in [*base, *sorted(({*one} | {*two}) - {*base})]:
        value = merged(base.get(inner), one.get(inner), two.get(inner), f"{key}.{inner}", notes)
        if value is not None:
            result[inner] = value
    return result


def flat(value: Value) -> str:
    """Return a value as one string that tells it from others."""
    if isinstance(value, list):
        return ", ".join(flat(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {flat(inner)}" for key, inner in value.items())
    return value


# --- text ----------------------------------------------------------------------------------------


def _lines(sides: Sequence[_Side], key: str, value: Value) -> list[str]:
    base, one, two = (side.blocks.get(key) for side in sides)
    there = [block for block in (one, two) if block is not None]
    body = _body(base, there, key, value)
    above = sequences.merge(
        [block.above if block else base.above if base else [] for block in (base, one, two)],
        choose=sequences.keep_both,
    )
    kept = {line.strip() for line in body}
    inner = [
        f"{line.strip()}"
        for block in sorted(there, key=lambda block: block.lines)
        for line in block.lines
        if line.strip().startswith("#")
        and line.strip() not in kept
        and not (base and _gone(line, base, there))
    ]
    return [*above, *dict.fromkeys(inner), *body]


def _gone(line: str, base: _Block, there: Sequence[_Block]) -> bool:
    """Tell whether one side took an inner comment out."""
    return line in base.lines and any(line not in block.lines for block in there)


def _body(base: _Block | None, there: Sequence[_Block], key: str, value: Value) -> list[str]:
    """Return the lines of a key that say *value*: a side's own, else the merged, else written."""
    saying = [block.lines for block in there if block.value == value]
    changed = [lines for lines in saying if base is None or lines != base.lines]
    if saying:
        return max(changed or saying)
    merged_lines = _merged_lines([base.lines if base else [], *(each.lines for each in there)])
    if _says(merged_lines, key, value):
        return merged_lines
    text = "".join(f"{line}\n" for line in max(block.lines for block in there))
    return yamlpatch.patch(text, key, value).removesuffix("\n").split("\n")


def _merged_lines(versions: list[list[str]]) -> list[str]:
    return sequences.merge(versions, choose=lambda _base, _low, high: high)


def _says(lines: list[str], key: str, value: Value) -> bool:
    try:
        return yamlpatch.read("\n".join(lines) + "\n") == {key: value}
    except BadYamlError:
        return False


def with_comments(text: str, notes: Notes, comment: str) -> str:
    """Return settings with every value that did not win as a comment above its key."""
    spoken = functools.reduce(
        lambda lines, each: _comment_above(lines, each.field, f"# {comment}: {each.other}"),
        notes.differences,
        text.split("\n"),
    )
    return "\n".join(spoken)


def _comment_above(lines: list[str], key: str, comment: str) -> list[str]:
    top = key.partition(".")[0]
    place = next((n for n, line in enumerate(lines) if line.startswith(f"{top}:")), 0)
    shown = comment.replace("\n", " ").replace("\r", " ")
    return lines if shown in lines else [*lines[:place], shown, *lines[place:]]
