"""YAML as cardcli sees it: every scalar is a string, and a change touches only its own lines.

Reading goes through PyYAML's C parser, unless the text is so plain that :mod:`cardcli.plainyaml` can
read it; writing splices the text at the positions of its nodes, so
comments, order, quoting and unknown keys stay byte for byte.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from cardcli import plainyaml
from cardcli.errors import CardcliError, ExitCode
from cardcli.language import N_, _
from cardcli.plainyaml import Value as Value  # noqa: PLC0414 - also known from here

Node: TypeAlias = Any  # a node of PyYAML; its stubs leave out id, style and flow_style

KEY = re.compile(r"[^\W\d][\w .-]*")
# the patterns are compiled when they are first needed: start-up time
_PLAIN = r"[^\W\d_][\w .,;@/()«»—–№%+=-]*"
_RESERVED = frozenset(
    ["yes", "no", "on", "off", "true", "false", "null", "y", "n", "none", "nan", "inf"]
)
_DEEPEST = 64


class BadYamlError(CardcliError):
    """YAML that cannot be read; ``line`` counts from 1 within the text given."""

    code = ExitCode.BAD_DATA

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Plain(str):
    """A string written without quotes, because its key has a type (dates)."""

    __slots__ = ()


def read(text: str) -> dict[str, Value]:
    """Return the mapping that *text* holds, every scalar as a string.

    Raises :class:`BadYamlError` for a syntax error, a key given twice, an alias that would expand
    and anything but a mapping at the top.
    """
    plain = plainyaml.read(text)
    return _read_whole(text) if plain is None else plain


def _read_whole(text: str) -> dict[str, Value]:
    root = _compose(text)
    return _mapping(root, set(), 0) if root else {}


def line_of(text: str, path: Sequence[str]) -> int:
    """Return the line, from 1, of the key or list item at *path* in *text*, or of the nearest above it.

    Items of lists are numbered from 0, as strings.
    """
    node, line = _compose(text), 1
    for step in path:
        found = next((each for each in _children(node) if each[0] == step), None)
        if found is None:
            break
        _step, line, node = found
    return line


def _children(node: Node | None) -> list[tuple[str, int, Node]]:
    if node is None or node.id == "scalar":
        return []
    if node.id == "mapping":
        return [(key.value, key.start_mark.line + 1, value) for key, value in node.value]
    return [(str(number), item.start_mark.line + 1, item) for number, item in enumerate(node.value)]


def patch(
    text: str, key: str, value: Value | None, *, order: Sequence[str] = (), newline: str = "\n"
) -> str:
    """Return *text* with the top-level *key* set to *value*, or removed when it is None.

    A new key goes to its place in *order*, or to the end. Raises :class:`BadYamlError` when the
    text cannot be read.
    """
    root = _compose(text)
    pairs = list(root.value) if root else []
    if root is not None and root.flow_style:
        raise BadYamlError(1, _("the mapping is written in braces; write one key a line"))
    pair = next((pair for pair in pairs if pair[0].value == key), None)
    if pair is None:
        return text if value is None else _with_new_key(text, pairs, key, value, order, newline)
    if value is None:
        return _without_lines(text, pair[0].start_mark.line, _last_line(text, pair[1]))
    return _with_value(text, pair[0], pair[1], value, newline)


def blocks(text: str) -> tuple[dict[str, Value], list[tuple[str, str]]]:
    """Return the mapping, and (key, its lines) of every top-level key.

    What stands above a key goes with it, what stands below the last has the key "": the lines
    joined give *text*. Raises :class:`BadYamlError`, also for a mapping written in braces or
    several keys on one line.
    """
    root = _compose(text)
    if root is None:
        return {}, [("", text)] if text else []
    starts = [*_line_starts(text), len(text)]
    found, position = [], 0
    for key, value in root.value:
        end = starts[min(_last_line(text, value) + 1, len(starts) - 1)]
        if root.flow_style or key.start_mark.index < position:
            raise BadYamlError(key.start_mark.line + 1, _("write one key a line"))
        found.append((str(key.value), text[position:end]))
        position = end
    if position < len(text):
        found.append(("", text[position:]))
    return _mapping(root, set(), 0), found


def written(values: Mapping[str, Value]) -> str:
    """Return the lines of a new mapping; :func:`read` gives it back."""
    lines = []
    for key, value in values.items():
        lines += [_key_line(key, value), *_block(value, "  ")]
    return "".join(f"{line}\n" for line in lines)


def scalar(value: str, style: str | None = None, *, flow: bool = False) -> str:
    """Write a string so that every YAML 1.1 and 1.2 reader gives the same string back.

    *style* is the quote to keep where it can hold the value.
    """
    if isinstance(value, Plain):
        return str(value)
    if any(not _printable(char) for char in value):
        return '"' + "".join(_escaped(char) for char in value) + '"'
    if style == "'" or (style != '"' and ('"' in value or "\\" in value)):
        quoted = "'" + value.replace("'", "''") + "'"
    else:
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    bare = (
        style is None
        and re.fullmatch(_PLAIN, value)
        and not value.endswith(" ")
        and value.lower() not in _RESERVED
        and not (flow and "," in value)
    )
    return value if bare else quoted


def _printable(char: str) -> bool:
    return (
        " " <= char <= "~"
        or ("\xa0" <= char <= "\ufffd" and char not in "\u2028\u2029\ufeff\xad")
        or ("\U00010000" <= char <= "\U0010fffd" and ord(char) & 0xFFFE != 0xFFFE)
    )


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char == "\n":
        return "\\n"
    if _printable(char):
        return char
    code = ord(char)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


@functools.cache
def _loader() -> Any:
    """Return PyYAML's C loader without its guesses at types."""
    import yaml

    class StringLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, list[object]] = {}  # noqa: RUF012 - PyYAML's own name

    return StringLoader


_REASONS = {
    "mapping values are not allowed in this context": N_(
        "a colon inside a value; put the value in quotes"
    ),
    "did not find expected ',' or ']'": N_("a square bracket is not closed, or a comma is missing"),
    "did not find expected ',' or '}'": N_("a brace is not closed, or a comma is missing"),
    "found unexpected end of stream": N_("a quote is opened and never closed"),
    "found undefined alias": N_("a value cannot begin with *; put it in quotes"),
    "found character that cannot start any token": N_(
        "a value or a line begins with a character that must be in quotes: @, %, ` or a tab"
    ),
    "found unknown escape character": N_(
        "a backslash in double quotes; write it twice, or use single quotes"
    ),
    "did not find expected key": N_("here a line “key: value” is expected, or a quote ends early"),
    "could not find expected ':'": N_("a colon is missing behind the key"),
    "did not find expected node content": N_("a value is missing"),
    "found a tab character where an indentation space is expected": N_(
        "a tab where blanks are expected"
    ),
}
"""What libyaml says of the mistakes people make, and how we say it."""


def _compose(text: str) -> Node | None:
    import yaml

    _refuse_depth(text)
    try:
        root = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or str(error)
        said = _(_REASONS.get(problem, problem))
        reason = _("this cannot be read as YAML ({reason})").format(reason=said)
        raise BadYamlError(mark.line + 1 if mark else 1, reason) from None
    except yaml.YAMLError as error:
        raise BadYamlError(1, str(error).splitlines()[0]) from None
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise BadYamlError(root.start_mark.line + 1, _("a line “key: value” is expected here"))
    return root


def _refuse_depth(text: str) -> None:
    """Raise before the C parser recurses for each of thousands of brackets and ends the process."""
    if text.count("[") + text.count("{") <= _DEEPEST:
        return
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        depth = max(
            0, depth + line.count("[") + line.count("{") - line.count("]") - line.count("}")
        )
        if depth > _DEEPEST or re.search(r"[\[{\s]{200}", line):
            raise BadYamlError(number, _("the values are nested too deeply"))


def _mapping(node: Node, seen: set[int], depth: int) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for key, value in node.value:
        if not isinstance(key.value, str):
            raise BadYamlError(key.start_mark.line + 1, _("a key must be one word or phrase"))
        if key.value in result:
            raise BadYamlError(
                key.start_mark.line + 1, _("the key “{key}” is given twice").format(key=key.value)
            )
        result[key.value] = _value(value, seen, depth)
    return result


def _value(node: Node, seen: set[int], depth: int) -> Value:
    if isinstance(node.value, str):
        return node.value
    if id(node) in seen:
        raise BadYamlError(
            node.start_mark.line + 1, _("an alias (*name) of a list or mapping is not supported")
        )
    if depth > _DEEPEST:
        raise BadYamlError(node.start_mark.line + 1, _("the values are nested too deeply"))
    seen.add(id(node))
    if node.id == "mapping":
        return _mapping(node, seen, depth + 1)
    return [_value(item, seen, depth + 1) for item in node.value]


def _line_starts(text: str) -> list[int]:
    """Return where each line begins, by YAML 1.1's own idea of a line break."""
    return [0, *(match.end() for match in re.finditer("\r\n|[\n\r\x85\u2028\u2029]", text))]


def _line_end(text: str, line: int) -> int:
    """Return the position just after the text of a line, before its line break."""
    starts = _line_starts(text)
    end = starts[line + 1] if line + 1 < len(starts) else len(text)
    return len(text[:end].rstrip("\r\n\x85\u2028\u2029")) if line + 1 < len(starts) else end


def _last_line(text: str, node: Node) -> int:
    """Return the number of the last line that a value itself stands on; comments below are not its."""
    if not isinstance(node.value, str) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(text, last[1] if isinstance(last, tuple) else last)
    line = int(node.end_mark.line)
    if node.id == "scalar" and node.style in ("|", ">"):
        starts = _line_starts(text)
        while line > node.start_mark.line and (
            line >= len(starts)
            or (node.end_mark.column == 0 and line == node.end_mark.line)
            or not text[starts[line] : _line_end(text, line)].strip()
        ):
            line -= 1
    return line


def _without_lines(text: str, first: int, last: int) -> str:
    starts = [*_line_starts(text), len(text)]
    end = starts[last + 1] if last + 1 < len(starts) else len(text)
    return text[: starts[first]] + text[end:]


def _with_new_key(
    text: str,
    pairs: list[tuple[Node, Node]],
    key: str,
    value: Value,
    order: Sequence[str],
    newline: str,
) -> str:
    lines = newline.join([_key_line(key, value), *_block(value, "  ")]) + newline
    before = set(order[: order.index(key)] if key in order else order)
    above = [pair for pair in pairs if pair[0].value in before or (key not in order)]
    if not above:
        position = (
            _line_starts(text)[pairs[0][0].start_mark.line] if pairs and key in order else len(text)
        )
    else:
        position = _line_end(text, _last_line(text, above[-1][1]))
        position += len(text[position:]) - len(text[position:].lstrip("\r\n")) and len(newline)
    if position and not text[:position].endswith("\n"):
        lines = newline + lines.removesuffix(newline)
    return text[:position] + lines + text[position:]


def _with_value(text: str, key: Node, node: Node, value: Value, newline: str) -> str:
    if isinstance(value, str) and node.id == "scalar" and node.style not in ("|", ">"):
        style = node.style if node.style in ("'", '"') else None
        start, end = node.start_mark.index, node.end_mark.index
        written = scalar(value, style)
        return text[:start] + (written if end > start else " " + written) + text[end:]
    if isinstance(value, list) and node.id == "sequence" and value:
        spliced = _with_items(text, node, value, newline)
        if spliced is not None:
            return spliced
    start = key.end_mark.index
    end = _line_end(text, _last_line(text, node))
    first = _key_line(key.value, value).removeprefix(_key(key.value)) + _comment(text, key, node)
    return text[:start] + newline.join([first, *_block(value, "  ")]) + text[end:]


def _comment(text: str, key: Node, node: Node) -> str:
    """Return the comment on a key's own line, or behind its value where that ends on the line."""
    if node.id == "scalar" and node.style in ("|", ">"):
        return ""
    if node.start_mark.line > key.end_mark.line:
        line = text[key.end_mark.index : _line_end(text, key.end_mark.line)]
        rest = line.partition(":")[2]
    else:
        rest = text[node.end_mark.index : _line_end(text, node.end_mark.line)]
    return rest.rstrip() if rest.lstrip().startswith("#") else ""


def _with_items(text: str, node: Node, value: list[Value], newline: str) -> str | None:
    """Return *text* with items of a list taken out or added at its end, or None when that is not enough."""
    old = [_value(item, set(), 0) for item in node.value]
    kept = [item for item in old if item in value]
    added = value[len(kept) :]
    if value[: len(kept)] != kept or not kept or not all(_simple(item) for item in added):
        return None
    if node.flow_style and not all(isinstance(item, str) for item in added):
        return None
    if node.flow_style:
        written = ", ".join(
            text[item.start_mark.index : item.end_mark.index]
            for item, read_as in zip(node.value, old, strict=True)
            if read_as in value
        )
        for item in added:
            written += ", " + scalar(str(item), flow=True)
        return text[: node.start_mark.index] + f"[{written}]" + text[node.end_mark.index :]
    position = _line_end(text, _last_line(text, node.value[-1]))
    indent = " " * int(node.start_mark.column)
    text = (
        text[:position]
        + "".join(f"{newline}{indent}- {_item(item)}" for item in added)
        + text[position:]
    )
    for item, read_as in reversed(list(zip(node.value, old, strict=True))):
        if read_as not in value:
            text = _without_lines(text, item.start_mark.line, _last_line(text, item))
    return text


def _simple(value: Value) -> bool:
    """Tell whether a value fits on one line: a string, or a map with one string in it."""
    return isinstance(value, str) or (
        isinstance(value, dict)
        and len(value) == 1
        and all(isinstance(text, str) for text in value.values())
    )


def _item(value: Value) -> str:
    return scalar(value) if isinstance(value, str) else _block(value, "")[0]


def _key(key: str) -> str:
    return scalar(key)


def _key_line(key: str, value: Value) -> str:
    if isinstance(value, str):
        return f"{_key(key)}: {scalar(value)}"
    if not value:
        return f"{_key(key)}: " + ("[]" if isinstance(value, list) else "{}")
    return f"{_key(key)}:"


def _block(value: Value, indent: str) -> list[str]:
    if isinstance(value, Mapping):
        lines = []
        for key, inner in value.items():
            lines += [indent + _key_line(key, inner), *_block(inner, indent + "  ")]
        return lines
    if isinstance(value, list):
        lines = []
        for item in value:
            written = _block(item, "") if not isinstance(item, str) else [scalar(item)]
            lines += [f"{indent}- {written[0]}" if written else f"{indent}- []"]
            lines += [f"{indent}  {line}" for line in written[1:]]
        return lines
    return []
