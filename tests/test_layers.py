"""The architecture of DESIGN section 3, read from the syntax trees of all modules of the package."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cardcli"

# --- which module may import which ---------------------------------------------------------------

LADDER = ("language", "errors", "codes", "meant", "text", "ids", "dates", "fields")
"""The leaves: each may import those before it."""

TABLES = ("kinds", "profile")
LEAVES = frozenset({"__init__", "resources", "papers", *LADDER, *TABLES})
READING = ("plainyaml", "yamlpatch", "entry", "card")
PURE = frozenset(
    {
        "access", "archive", "clients", "duplicates", "fulltext", "query", "uniting",
        "parting", "readdressing", "person", "changes", "checks", "contacts", "photos", "safety", "search", "sense",
        "money", "visits", "birthdays", "status", "advice", "requests", "freshness",
        "reports",
        "surveys", "habits", "suggest", "reminders", "ics", "merge", "numbers", "settling",
    }
)  # fmt: skip
SETTINGS = ("words", "setting", "cautions", "terms", "theme")
VALUES = LEAVES | {*READING, *SETTINGS} | PURE
EDGE = frozenset(
    {
        "disk", "git", "config", "record", "index", "journal", "store", "mergesetup", "plumbing",
        "joining", "sync", "undo", "health", "inspection", "repairing", "archiving", "clientmerge",
        "replaying", "commits", "founding",
    }
)  # fmt: skip

ANYWHERE = frozenset({"tuples"})
"""What every module may import: it is as if it were of the standard library."""

ALLOWED: Mapping[str, frozenset[str]] = {
    "__init__": frozenset(),
    "resources": frozenset(),
    "tuples": frozenset(),
    "papers": frozenset(),
    **{name: frozenset(LADDER[:place]) for place, name in enumerate(LADDER)},
    "profile": frozenset(LADDER),
    "kinds": frozenset({*LADDER, "profile"}),
    "words": frozenset(LADDER),
    "plainyaml": frozenset(),
    "yamlpatch": frozenset({*LADDER, "plainyaml"}),
    "setting": frozenset({*LADDER, "yamlpatch"}),
    "cautions": LEAVES | {"words", "setting"},
    "terms": frozenset({*LADDER, "setting"}),
    "theme": frozenset({*LADDER, "papers", "yamlpatch", "setting"}),
    "schema": LEAVES | {"setting", "cautions", "terms", "theme"},
    "entry": LEAVES | {"yamlpatch"},
    "card": LEAVES | {"plainyaml", "yamlpatch", "entry"},
    **dict.fromkeys(PURE, VALUES),
    "disk": frozenset({"language", "errors", "disk"}),
    "git": LEAVES | {"yamlpatch"},
    "quickcommit": frozenset({"git"}),
    "config": LEAVES | {"yamlpatch", "setting", "cautions", "schema", "terms", "theme"},
    "record": LEAVES | {*READING, "disk"},
    "index": VALUES | {"disk", "record", "index"},
    "journal": frozenset({"disk"}),
    "commits": frozenset({"language", "errors", "ids", "disk", "git", "quickcommit"}),
    "store": LEAVES
    | {*READING, "clients", "fulltext", "disk", "git", "config", "record", "index", "journal"}
    | {"commits"},
    "founding": frozenset({"disk", "git", "config", "commits", "mergesetup", "store"}),
    "mergedriver": LEAVES | {"merge", "disk", "config"},
    "mergesetup": LEAVES | {"disk", "config", "store"},
    "plumbing": LEAVES | {"merge", "git", "quickcommit"},
    "replaying": VALUES | {"git", "config", "plumbing"},
    "joining": VALUES | {"git", "config", "commits", "plumbing", "replaying"},
    "sync": VALUES | {"disk", "git", "config", "commits", "store", "plumbing", "joining"},
    "archiving": VALUES | {"disk", "record", "index", "commits", "store"},
    "undo": VALUES | {"disk", "git", "commits", "store", "plumbing"},
    "health": LEAVES | {"git", "mergesetup", "plumbing", "store"},
    "inspection": VALUES | {"disk", "config", "record", "store", "health"},
    "repairing": VALUES | {"disk", "record", "commits", "store", "inspection"},
    "clientmerge": VALUES | {"disk", "record", "commits", "store", "plumbing", "sync"},
    "printing": VALUES | {"printing"},
    "exchange": VALUES | {"exchange"},
    "cli": VALUES | EDGE | {"printing", "exchange", "cli"},
}
"""What a module, or a package named as a whole, may import from below ``cardcli``."""

NEVER = {"click": "Typer carries its own", "typer._click": "it is private to Typer"}

# --- which call stands behind which door ---------------------------------------------------------

FILE_MODULES = frozenset({"os", "shutil", "pathlib", "tempfile"})
PATH_METHODS = frozenset(
    {
        "write_text", "write_bytes", "mkdir", "unlink", "rmdir", "rename", "touch", "chmod",
        "symlink_to", "hardlink_to",
    }
)  # fmt: skip
WRITES = PATH_METHODS | {
    "replace", "makedirs", "removedirs", "remove", "renames", "link", "symlink", "truncate", "mkfifo",
    "copy", "copy2", "copyfile", "copytree", "copyfileobj", "move", "rmtree", "open",
    "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile", "TemporaryDirectory",
}  # fmt: skip
STARTS = frozenset(
    {
        "os.system", "os.popen", "os.startfile", "os.fork", "os.forkpty", "os.posix_spawn",
        "os.posix_spawnp", "pty.spawn", "asyncio.create_subprocess_exec",
        "asyncio.create_subprocess_shell", "webbrowser.open",
    }
)  # fmt: skip
PRINTS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
READS_ENVIRONMENT = frozenset(
    {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.path.expandvars"}
)
READS_CLOCK = frozenset(
    {
        "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime", "time.ctime",
        "time.sleep", "time.monotonic", "time.perf_counter",
        "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow",
        "datetime.date.today",
    }
)  # fmt: skip

DOORS: Mapping[str, tuple[frozenset[str], str]] = {
    "write": (frozenset({"disk"}), "only disk writes files"),
    "process": (frozenset({"git", "cli"}), "only git and cli start processes"),
    "print": (frozenset({"cli.ui"}), "only cli.ui prints"),
    "environment": (frozenset({"config"}), "only config reads the environment"),
    "clock": (frozenset({"dates"}), "only dates reads the clock"),
}
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    (
        "printing.staging",
        "write",
    ): "Typst reads from a folder; it is a temporary one, gone at the end",
    ("cli.starting", "write"): "the demo makes its temporary folder itself; disk fills it",
    ("cli.app", "print"): "sets the encoding of the streams, once; writes nothing to them",
    (
        "disk",
        "clock",
    ): "the age of stale temporary files, the pause before a replace is tried again",
    ("disk.locking", "clock"): "the pause until the holder of a lock has said who it is",
    (
        "disk.watching",
        "process",
    ): "find(1) looks at all files of a large store faster than Python can",
}
"""(module, door) with the reason why the module may use it all the same."""

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|NotImplemented")  # VTODO is a word of RFC 5545


@dataclass(frozen=True)
class Module:
    """A module below cardcli: ``name`` is dotted, without the package (``cli.ui``)."""

    name: str
    source: str
    file: str = ""
    package: bool = False

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def unit(self) -> str:
        return self.name.split(".")[0]

    def says(self, node: ast.AST, rule: str) -> str:
        return f"{self.file or self.name}:{getattr(node, 'lineno', 1)}: {rule}"


@functools.cache
def modules() -> tuple[Module, ...]:
    return tuple(_module(path) for path in sorted(PACKAGE.rglob("*.py")))


def _module(path: Path) -> Module:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if package and len(parts) > 1 else parts)
    file = path.relative_to(PACKAGE.parent).as_posix()
    return Module(name, path.read_text(encoding="utf-8"), file, package)


# --- imports -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """An import of something; ``target`` is dotted, ``cardcli.`` for ours."""

    target: str
    node: ast.AST


def imports(module: Module) -> Iterator[Import]:
    """Yield all imports, those inside functions too; ``from a import b`` is ``a.b``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                yield Import(f"{base}.{alias.name}", node)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = ["cardcli", *(part for part in module.name.split(".") if part != "__init__")]
    up = node.level - 1 if module.package else node.level
    base = here[: len(here) - up]
    return ".".join([*base, node.module] if node.module else base)


def ours(target: str, known: frozenset[str]) -> str:
    """Return the module below cardcli that an import reaches, or "" for one of others."""
    if target != "cardcli" and not target.startswith("cardcli."):
        return ""
    parts = target.split(".")[1:]
    while parts and ".".join(parts) not in known:
        parts.pop()
    return ".".join(parts) or "__init__"


def import_problems(all_modules: Sequence[Module]) -> list[str]:
    known = frozenset(module.name for module in all_modules)
    found = []
    for module in all_modules:
        if module.unit not in ALLOWED:
            found.append(
                module.says(module.tree, f"“{module.unit}” has no place in the table of layers")
            )
            continue
        for each in imports(module):
            found += [
                module.says(each.node, f"never import {name}: {reason}")
                for name, reason in NEVER.items()
                if each.target == name or each.target.startswith(f"{name}.")
            ]
            target = ours(each.target, known)
            unit = target.split(".")[0]
            if target and unit != module.unit and unit not in ALLOWED[module.unit] | ANYWHERE:
                found.append(module.says(each.node, f"{module.unit} must not import {target}"))
    return found


def cycle_problems(all_modules: Sequence[Module]) -> list[str]:
    """Return the first import cycle, imports inside functions counted."""
    known = frozenset(module.name for module in all_modules)
    graph = {
        module.name: {
            target
            for each in imports(module)
            if (target := ours(each.target, known)) and target != module.name
        }
        for module in all_modules
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return ["import cycle: " + " <- ".join(error.args[1])]
    return []


# --- doors ---------------------------------------------------------------------------------------


def door_problems(module: Module) -> list[str]:
    found = []
    for door, node, what in door_uses(module):
        allowed, rule = DOORS[door]
        if module.name in allowed or module.unit in allowed or (module.name, door) in EXCEPTIONS:
            continue
        found.append(module.says(node, f"{what}: {rule}"))
    return found


def door_uses(module: Module) -> Iterator[tuple[str, ast.AST, str]]:
    """Yield (door, node, what stands there) of everything that touches the world outside."""
    names = _imported_names(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from _call_uses(node, names)
        elif isinstance(node, ast.Attribute | ast.Name):
            dotted = _dotted(node, names)
            if dotted in PRINTS:
                yield "print", node, dotted
            elif dotted in READS_ENVIRONMENT:
                yield "environment", node, dotted
    for each in imports(module):
        if each.target.split(".")[0] in {"subprocess", "multiprocessing"}:
            yield "process", each.node, f"import of {each.target}"


def _imported_names(module: Module) -> dict[str, str]:
    """Return what the names of a module stand for: ``dt`` for ``datetime``."""
    names: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.name if alias.asname else alias.name.split(".")[0]
                names[alias.asname or bound] = bound
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            names |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.expr, names: Mapping[str, str]) -> str:
    """Return ``os.path.join`` for the expression that means it, or "" for what is no plain name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.get(node.id, node.id), *reversed(parts)])


def _call_uses(node: ast.Call, names: Mapping[str, str]) -> Iterator[tuple[str, ast.AST, str]]:
    dotted = _dotted(node.func, names)
    if _writes(node, dotted, names):
        yield "write", node, dotted or ast.unparse(node.func)
    if dotted in STARTS or dotted.startswith(("os.exec", "os.spawn")):
        yield "process", node, dotted
    if dotted == "print":
        yield "print", node, "print()"
    if dotted in READS_CLOCK:
        yield "clock", node, dotted


def _writes(node: ast.Call, dotted: str, names: Mapping[str, str]) -> bool:
    """Tell whether a call writes, by the function of a module or the method of a path."""
    root, _dot, function = dotted.rpartition(".")
    if dotted in {"open", "io.open"}:
        return _opens_for_writing(node, node.args[1:2])
    if root in FILE_MODULES:
        return function in WRITES
    imported = tuple(f"{name}." for name in names.values())
    if not isinstance(node.func, ast.Attribute) or dotted.startswith(imported):
        return False
    if node.func.attr == "open":
        return _opens_for_writing(node, node.args[:1])
    if node.func.attr == "replace":  # that of a path takes one argument, that of a text two
        return len(node.args) + len(node.keywords) == 1
    return node.func.attr in PATH_METHODS


def _opens_for_writing(node: ast.Call, mode: list[ast.expr]) -> bool:
    mode = mode + [keyword.value for keyword in node.keywords if keyword.arg == "mode"]
    return any(
        not isinstance(each, ast.Constant) or bool(set("wax+") & set(str(each.value)))
        for each in mode
    )


def unfinished_problems(module: Module) -> list[str]:
    return [
        f"{module.file or module.name}:{number}: {match[0]} is left"
        for number, line in enumerate(module.source.split("\n"), 1)
        if (match := UNFINISHED.search(line))
    ]


# --- the tests -----------------------------------------------------------------------------------


def told(problems: list[str]) -> str:
    return "\n".join(["", *problems])


def test_imports_go_one_way() -> None:
    problems = import_problems(modules())
    assert not problems, told(problems)


def test_there_are_no_import_cycles() -> None:
    problems = cycle_problems(modules())
    assert not problems, told(problems)


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_the_world_outside_is_reached_through_single_doors(module: Module) -> None:
    problems = door_problems(module)
    assert not problems, told(problems)


def test_nothing_is_left_unfinished() -> None:
    problems = [problem for module in modules() for problem in unfinished_problems(module)]
    assert not problems, told(problems)


def test_every_exception_is_still_needed() -> None:
    used = {(module.name, door) for module in modules() for door, _node, _what in door_uses(module)}
    assert set(EXCEPTIONS) <= used, set(EXCEPTIONS) - used


def test_every_layer_of_the_table_that_is_not_planned_exists() -> None:
    assert set(ALLOWED) - {module.unit for module in modules()} <= {"exchange"}


# --- the tests can fail --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "source", "rule"),
    [
        ("card", "from cardcli import disk", "card must not import disk"),
        ("card", "def f():\n    from cardcli.store import Store", "card must not import store"),
        ("text", "import cardcli.dates", "text must not import dates"),
        ("printing.view", "from ..store import Store", "printing must not import store"),
        ("store", "from cardcli.cli import ui", "store must not import cli.ui"),
        ("checks", "from cardcli import config", "checks must not import config"),
        ("resources", "from cardcli.language import _", "resources must not import language"),
        ("helpers", "", "“helpers” has no place in the table of layers"),
        ("cli.app", "import click.testing", "never import click: Typer carries its own"),
        (
            "cli.app",
            "from typer import _click",
            "never import typer._click: it is private to Typer",
        ),
    ],
)
def test_a_wrong_import_is_found(name: str, source: str, rule: str) -> None:
    others = [module for module in modules() if module.name != name]
    problems = import_problems([*others, Module(name, source)])
    assert len(problems) == 1
    assert problems[0].endswith(rule)


def test_a_cycle_is_found_even_inside_functions() -> None:
    one = Module("search.one", "def f():\n    from cardcli.search import two")
    two = Module("search.two", "from cardcli.search.one import f")
    assert cycle_problems([one, two]) == ["import cycle: search.one <- search.two <- search.one"]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("path.write_text('x')", "only disk writes files"),
        ("open(path, 'w')", "only disk writes files"),
        ("path.open(mode='a')", "only disk writes files"),
        ("path.open(mode)", "only disk writes files"),
        ("import os\nos.open(path, os.O_WRONLY)", "only disk writes files"),
        ("import os\nos.replace(a, b)", "only disk writes files"),
        ("path.replace(other)", "only disk writes files"),
        ("(folder / name).unlink()", "only disk writes files"),
        ("from shutil import copytree as copied\ncopied(a, b)", "only disk writes files"),
        ("import subprocess", "only git and cli start processes"),
        ("def f():\n    from subprocess import run", "only git and cli start processes"),
        ("import os\nos.execvp('vi', [])", "only git and cli start processes"),
        ("print('x')", "only cli.ui prints"),
        ("import sys\nsys.stderr.write('x')", "only cli.ui prints"),
        ("from sys import stdout\nstdout.write('x')", "only cli.ui prints"),
        ("import os\nhome = os.environ['HOME']", "only config reads the environment"),
        ("from os import getenv\ngetenv('HOME')", "only config reads the environment"),
        ("import datetime as dt\ndt.datetime.now()", "only dates reads the clock"),
        ("from datetime import date\ndate.today()", "only dates reads the clock"),
        ("import time\ntime.time()", "only dates reads the clock"),
    ],
)
def test_a_side_door_is_found(source: str, rule: str) -> None:
    problems = door_problems(Module("search.ranking", source))
    assert problems, source
    assert all(problem.endswith(rule) for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        "path.read_text()",
        "open(path)",
        "path.open('rb')",
        "text.replace('a', 'b')",
        "import re\nre.sub('a', 'b', c)",
        "import datetime as dt\ndt.date(2026, 5, 14)",
        "items.remove(3)",
        "from PIL import Image\nImage.open(stream)",
    ],
)
def test_reading_and_working_with_values_is_no_side_door(source: str) -> None:
    assert door_problems(Module("search.ranking", source)) == []


def test_what_is_left_unfinished_is_found() -> None:
    source = "x = 1  # " + "TO" + "DO later"
    assert unfinished_problems(Module("card", source)) == ["card:1: TO" + "DO is left"]
