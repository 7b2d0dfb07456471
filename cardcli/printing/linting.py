"""What is doubtful in a template before anything is printed with it.

A remark names the file and the line. An error is what cannot be right; a warning may be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from cardcli import resources
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.papers import LabelSheet
from cardcli.printing import context, phrases, plain
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import Alerts, Facts, Notes, Photos, Signature, Table, View
from cardcli.printing.looks import Looks

if TYPE_CHECKING:
    from jinja2 import nodes

SHAPES = tuple(block.shape for block in (Alerts, Facts, Table, Notes, Photos, Signature))
_UNSAFE = re.compile(r"\|\s*safe\b|\bMarkup\b|{%-?\s*autoescape\s+false")
_RAW = re.compile(r"{%-?\s*raw\s*-?%}")
_ELSE = re.compile(r"\s*else\b\s*(?:\[|\{|if\b)")
_IF = re.compile(r"(#?)\bif\b.*[\[{]")
_STYLE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_PRINTS = re.compile(r"{{(.*?)}}", re.DOTALL)
_SAFE_IN_STYLE = re.compile(
    r"\|\s*css\b|\.(?:accent|width|height|left|top|right|bottom|page)\b|^\s*\w+\s*$|\bloop\.|\bif\b"
)
_FILTERS = frozenset({"lit", "qr", "css", "src", *context.FILTERS, *plain.names()})
_ALWAYS = frozenset({"loop", "range", "dict", "lipsum", "cycler", "joiner", "namespace", "caller", "varargs", "kwargs", "self", "super"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at in a template."""

    file: str
    line: int
    message: str
    severity: str = "warning"


def remarks(file: Path, search: Sequence[Path]) -> list[Remark]:
    """Return what is doubtful in one file of a template folder, by line."""
    source = file.read_text("utf-8", "replace")
    found = [*_unsafe(file, source)]
    if file.name.endswith((".typ", ".typ.j2")):
        found += _elses(file, source)
    if file.name.endswith(".html.j2"):
        found += _styles(file, source)
    if file.suffix == ".j2":
        found += _names(file, source, search)
    return sorted(set(found), key=lambda each: (each.line, each.message))


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1


def _unsafe(file: Path, source: str) -> Iterator[Remark]:
    for match in _UNSAFE.finditer(source):
        yield Remark(
            file.name,
            _line(source, match.start()),
            _("“{text}” lets what stands in a card become part of the page; leave it out").format(
                text=match[0].strip("{% ")
            ),
            "error",
        )
    for match in _RAW.finditer(source):
        yield Remark(
            file.name,
            _line(source, match.start()),
            _("in “raw” nothing is filled in: what is between the braces is printed as it stands"),
        )


def _elses(file: Path, source: str) -> Iterator[Remark]:
    """Yield each ``else`` on a line of its own after ``#if … ]``: Typst prints it as a word."""
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if not _ELSE.match(line):
            continue
        before = [
            each for each in lines[:number] if each.strip() and not each.strip().startswith("{%")
        ]
        if not before or not before[-1].rstrip().endswith(("]", "}")):
            continue
        begun = next((match for each in reversed(before) if (match := _IF.search(each))), None)
        if begun and begun[1]:
            yield Remark(
                file.name,
                number + 1,
                _(
                    "put “else” on the line where the bracket before it ends: Typst takes it for a word here"
                ),
                "error",
            )


def _styles(file: Path, source: str) -> Iterator[Remark]:
    """Yield values inside ``<style>`` or ``<script>`` that escaping for HTML does not protect."""
    for element in _STYLE.finditer(source):
        for value in _PRINTS.finditer(element[0]):
            if element[1].lower() == "script" or not _SAFE_IN_STYLE.search(value[1]):
                yield Remark(
                    file.name,
                    _line(source, element.start() + value.start()),
                    _("inside <{element}> a value needs the filter “css”: {value}").format(
                        element=element[1].lower(), value=value[0]
                    ),
                    "error",
                )


# --- names ---------------------------------------------------------------------------------------


def _names(file: Path, source: str, search: Sequence[Path]) -> Iterator[Remark]:
    """Yield names no template gets, and what the built-in template prints and this one does not."""
    from jinja2 import Environment, TemplateSyntaxError, meta, nodes

    # parsed only, never run: what it says is text for a printer and goes nowhere else
    environment = Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    environment.filters |= dict.fromkeys(_FILTERS, str)
    try:
        tree = environment.parse(source)
        undeclared = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        yield Remark(file.name, error.lineno, error.message or str(error), "error")
        return
    included = any(file.name in text for text in _included(search))
    assigned = {each.name for each in tree.find_all(nodes.Name) if each.ctx != "load"}
    for name in sorted(undeclared - context.NAMES.keys() - _ALWAYS - assigned):
        if not included:
            yield _unknown(file, _first(tree, name), name, context.NAMES)
    for owner, attribute, line in _attributes(tree):
        known = _ATTRIBUTES[owner]
        if attribute not in known:
            yield _unknown(file, line, attribute, known, owner)
    yield from _missing(file, source, tree)


def _included(search: Sequence[Path]) -> Iterator[str]:
    return (
        line
        for folder in search
        for file in folder.glob("*.j2")
        for line in file.read_text("utf-8", "replace").split("\n")
        if "include" in line or "import" in line or "extends" in line
    )


def _unknown(file: Path, line: int, name: str, known: Iterable[str], owner: str = "") -> Remark:
    shown = f"{owner}.{name}" if owner else name
    sentence = _("a template knows no “{name}”").format(name=shown)
    return Remark(file.name, line, suggesting(sentence, nearest(name, known)), "error")


def _first(tree: nodes.Template, name: str) -> int:
    from jinja2 import nodes

    return min((each.lineno for each in tree.find_all(nodes.Name) if each.name == name), default=1)


_OWN_WORDS = frozenset(dir(dict))
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "view": frozenset({*(field.name for field in fields(View)), "block"}),
    "looks": frozenset(field.name for field in fields(Looks)),
    "sheet": frozenset({*(field.name for field in fields(LabelSheet)), "count"}),
    "form": frozenset(field.name for field in fields(Blank)),
    "words": frozenset(phrases.PHRASES) | _OWN_WORDS,
}


def _attributes(tree: nodes.Template) -> Iterator[tuple[str, str, int]]:
    from jinja2 import nodes

    for each in tree.find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Name) and each.node.name in _ATTRIBUTES:
            yield each.node.name, each.attr, each.lineno


def _missing(file: Path, source: str, tree: nodes.Template) -> Iterator[Remark]:
    """Yield the shapes of blocks a card leaves out, and alerts and codes that the built-in one has."""
    used = {attribute for owner, attribute, _line in _attributes(tree) if owner == "view"}
    constants = _constants(tree)
    if "blocks" in used:
        for shape in SHAPES:
            if shape not in constants and not (
                shape in {"photos", "signature"} and _not_drawn(file)
            ):
                sentence = _("blocks of the shape “{shape}” are not printed").format(shape=shape)
                yield Remark(file.name, 1, sentence)
    ours = resources.templates() / file.name
    if not ours.is_file() or ours.read_text("utf-8") == source:
        return
    theirs = ours.read_text("utf-8")
    if re.search(r"\bwarnings\b|\balerts\b", theirs) and not (
        used & {"blocks", "warnings"} or "alerts" in constants
    ):
        yield Remark(file.name, 1, _("alerts are not printed, though health depends on them"))
    if "view.qr" in theirs and "qr" not in used:
        yield Remark(
            file.name, 1, _("the code (view.qr) is not printed: the sheet cannot be found by it")
        )


def _not_drawn(file: Path) -> bool:
    """Tell whether a kind of output has no pictures and no signatures."""
    return file.name.endswith((".md.j2", ".txt.j2"))


def _constants(tree: nodes.Template) -> set[str]:
    from jinja2 import nodes

    return {str(each.value) for each in tree.find_all(nodes.Const)}
