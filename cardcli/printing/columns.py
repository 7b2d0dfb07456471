"""Text laid out in columns of characters; a full-width character (East Asian) takes two."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Sequence

from cardcli.printing.blocks import Fact, Note, Row, Table
from cardcli.printing.prose import Node

WIDTH = 80
_GAP = "  "
_CAPS = {"person": 18, "short": 18, "score": 14}
_LABEL = 24
_MARGIN = 18


def width(text: str) -> int:
    """Return how many columns *text* takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


@functools.cache
def _width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def wrap(text: str, room: int) -> list[str]:
    """Break *text* at blanks into lines of at most *room* columns; longer words are cut."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and width(line) + 1 + width(word) > room:
                lines.append(line.rstrip())
                line = ""
            line = f"{line} {word}" if line else word
            while width(line) > room:
                head = _head(line, room)
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    return lines


def _head(text: str, room: int) -> str:
    end = 1
    while end < len(text) and width(text[: end + 1]) <= room:
        end += 1
    return text[:end]


def wrapped(text: str, indent: int = 0) -> str:
    """Return *text* wrapped to the page, all lines indented."""
    return "\n".join(" " * indent + line for line in wrap(text, WIDTH - indent))


def rule(text: str, line: str = "─") -> str:
    """Return a heading with a line below it across the page."""
    return f"{wrapped(text)}\n{line * WIDTH}"


def ends(left: str, right: str) -> str:
    """Return one text at the left and one at the right end of a line, or of two."""
    room = WIDTH - width(left) - width(right)
    return left + " " * room + right if room > 1 else f"{wrapped(left)}\n{right.rjust(WIDTH)}"


def side_by_side(facts: Sequence[Fact]) -> str:
    """Return labels in one line and their values below them."""
    widths = [max(width(fact.label), width(fact.value)) for fact in facts]
    lines = ([fact.label for fact in facts], [fact.value for fact in facts])
    return "\n".join(_joined(line, widths, "   ") for line in lines)


def facts(items: Sequence[Fact], room: int = WIDTH) -> str:
    """Return labels in a column and their values beside them."""
    label = min(max(width(fact.label) for fact in items), _LABEL)
    lines = []
    for fact in items:
        values = [line for value in fact.values for line in wrap(value, room - label - len(_GAP))]
        names = wrap(fact.label, label)
        height = max(len(names), len(values))
        for left, right in zip(_filled(names, height), _filled(values, height), strict=True):
            lines.append(_joined([left, right], [label, 0], _GAP))
    return "\n".join(lines)


def box(text: str, title: str) -> str:
    """Return *text* in a frame with a title: what must not be overlooked."""
    head = f"┏━ {title} "
    lines = [head + "━" * (WIDTH - width(head) - 1) + "┓"]
    lines += [f"┃ {_padded(line, WIDTH - 4)} ┃" for line in text.split("\n")]
    return "\n".join([*lines, "┗" + "━" * (WIDTH - 2) + "┛"])


def table(given: Table) -> str:
    """Return a table; what is remarked on a row stands below its title."""
    shown = given.narrow
    roles = [column.role for column in shown.columns]
    cells = [[str(cell) for cell in row.cells[: len(roles)]] for row in shown.rows]
    widths = _widths(roles, [column.label for column in shown.columns], cells, shown.total)
    money = [n for n, role in enumerate(roles) if role == "money"]
    lines = [_joined([column.label for column in shown.columns], widths, _GAP, money), "─" * WIDTH]
    below = widths[0] + len(_GAP)
    for row, values in zip(shown.rows, cells, strict=True):
        lines += _row(values, widths, money)
        lines += [" " * below + line for line in remarks(row, WIDTH - below)]
    if shown.total:
        lines += ["─" * WIDTH, *_total(shown.total, widths, money)]
    return "\n".join(lines)


def _widths(
    roles: Sequence[str], labels: Sequence[str], cells: Sequence[Sequence[str]], total: Fact | None
) -> list[int]:
    widths = []
    for n, role in enumerate(roles):
        most = max(
            width(text)
            for text in (labels[n], *(part for row in cells for part in row[n].split("\n")))
        )
        if role == "money" and total:
            most = max(most, width(total.value))
        widths.append(min(most, _CAPS.get(role, WIDTH)))
    title = roles.index("title")
    widths[title] = max(WIDTH - sum(widths) + widths[title] - len(_GAP) * (len(roles) - 1), 12)
    return widths


def _row(values: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> list[str]:
    parts = [wrap(value, room) for value, room in zip(values, widths, strict=True)]
    height = max(len(part) for part in parts)
    columns = [_filled(part, height) for part in parts]
    return [_joined(line, widths, _GAP, right) for line in zip(*columns, strict=True)]


def _total(total: Fact, widths: Sequence[int], money: Sequence[int]) -> list[str]:
    if not money:
        return [total.label]
    before = sum(widths[: money[0]]) + len(_GAP) * money[0]
    return [
        _padded(total.label, before) + " " * (widths[money[0]] - width(total.value)) + total.value
    ]


def remarks(row: Row | Note, room: int) -> list[str]:
    """Return what is remarked on an entry as lines."""
    facts_of = " · ".join(
        f"{fact.label}: {fact.value}" if fact.label else fact.value for fact in row.remarks
    )
    return [
        *(wrap(facts_of, room) if facts_of else []),
        *(_blocks(row.text, room) if row.text else []),
    ]


def notes(items: Sequence[Note]) -> str:
    """Return notes with their dates in the margin."""
    lines: list[str] = []
    for note in items:
        lines += [""] if lines else []
        margin = [part for text in (note.date, *note.margin) for part in wrap(text, _MARGIN)]
        body = [
            *wrap(note.title, WIDTH - _MARGIN - len(_GAP)),
            *remarks(note, WIDTH - _MARGIN - len(_GAP)),
        ]
        height = max(len(margin), len(body))
        for left, right in zip(_filled(margin, height), _filled(body, height), strict=True):
            lines.append(_joined([left, right], [_MARGIN, 0], _GAP))
    return "\n".join(lines)


def prose(nodes: Sequence[Node]) -> str:
    """Return a text across the page."""
    return "\n".join(_blocks(nodes, WIDTH))


def _blocks(nodes: Sequence[Node], room: int) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        if node.kind == "list":
            for item in node.children:
                first, *rest = _blocks(item.children, room - 2) or [""]
                lines += [f"- {first}", *(f"  {line}" if line else "" for line in rest)]
        else:
            lines += [*([""] if lines else []), *wrap(_inline(node.children), room)]
    return lines


def _inline(nodes: Iterable[Node]) -> str:
    marks = {"strong": "**", "emphasis": "*"}
    return "".join(
        node.text if node.kind == "text"
        else "\n" if node.kind == "break"
        else f"{marks[node.kind]}{_inline(node.children)}{marks[node.kind]}"
        for node in nodes
    )  # fmt: skip


def signatures(slots: Sequence[str]) -> str:
    """Return lines to sign on."""
    room = (WIDTH - 4 * (len(slots) - 1)) // len(slots)
    gap = "    "
    return f"{gap.join('_' * room for _slot in slots)}\n{_joined(slots, [room] * len(slots), gap)}"


def _joined(
    parts: Sequence[str], widths: Sequence[int], gap: str, right: Sequence[int] = ()
) -> str:
    shown = (
        _padded(part, room, right=n in right)
        for n, (part, room) in enumerate(zip(parts, widths, strict=True))
    )
    return gap.join(shown).rstrip()


def _padded(text: str, room: int, *, right: bool = False) -> str:
    blanks = " " * max(room - width(text), 0)
    return blanks + text if right else text + blanks


def _filled(lines: list[str], height: int) -> list[str]:
    return lines + [""] * (height - len(lines))
