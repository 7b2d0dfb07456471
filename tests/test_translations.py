"""The Russian catalogue is complete, and what Typer says by itself is Russian too."""

from __future__ import annotations

import ast
import importlib.util
import io
import json
import os
import string
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo

ROOT = Path(__file__).parents[1]
RUSSIAN_FORMS = 3
ADVICE = "run “just locale” and translate what it lists"


@cache
def tool() -> Any:
    """Return the script that collects the messages."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / ".ci" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def wanted() -> Catalog:
    catalogue: Catalog = tool().collected()
    return catalogue


@cache
def russian() -> Catalog:
    catalogue: Catalog = tool().read(tool().RUSSIAN)
    return catalogue


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


def test_every_message_has_a_translation() -> None:
    missing = []
    for message in messages(wanted()):
        found = russian().get(message.id, message.context)
        if found is None or ids(found) != ids(message) or not all(strings(found)):
            missing.append(f"{message.locations[0][0]}: {ids(message)[0]}")
    assert not missing, "\n".join([ADVICE, *missing])


def test_the_catalogue_holds_nothing_old_and_nothing_doubtful() -> None:
    unknown = [ids(each)[0] for each in messages(russian()) if wanted().get(each.id) is None]
    fuzzy = [ids(each)[0] for each in messages(russian()) if each.fuzzy]
    assert not unknown, "\n".join([ADVICE, *unknown])
    assert not fuzzy, "\n".join(fuzzy)
    assert not russian().obsolete


def test_a_translation_has_the_placeholders_of_its_message() -> None:
    wrong = [
        f"{ids(message)[0]} → {form}"
        for message in messages(russian())
        for form in strings(message)
        if form and placeholders(form) != placeholders(ids(message)[-1])
    ]
    assert not wrong, "\n".join(wrong)


def test_a_plural_has_three_russian_forms() -> None:
    assert russian().num_plurals == RUSSIAN_FORMS
    plurals = [message for message in messages(russian()) if isinstance(message.id, tuple)]
    assert plurals
    assert all(len(strings(message)) == RUSSIAN_FORMS for message in plurals)


def test_a_translation_begins_and_ends_as_its_message_does() -> None:
    wrong = [
        ids(message)[0]
        for message in messages(russian())
        if any(
            _edges(form) != _edges(ids(message)[0])
            for form in strings(message)
            if not isinstance(message.id, tuple)
        )
    ]
    assert not wrong, "\n".join(wrong)


def _edges(text: str) -> tuple[str, str]:
    """Return the blanks around a text; prompts end with one."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, russian())
    fresh.seek(0)
    with tool().RUSSIAN.with_suffix(".mo").open("rb") as stream:
        compiled = read_mo(stream)
    assert _pairs(compiled) == _pairs(read_mo(fresh)), ADVICE


def _pairs(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {
        ids(message): strings(message) for message in messages(catalogue) if all(strings(message))
    }


def test_a_message_is_a_plain_string_so_that_it_can_be_collected() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "cardcli").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in tool().KEYWORDS
        and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in call.args)
    ]
    assert not wrong, wrong


# --- Typer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        "Options", "Commands", "Arguments", "required", "default: {default}", "env var: {var}",
        "Missing command.", "No such command {name!r}.", "Aborted!",
    ],
)  # fmt: skip
def test_what_typer_asks_gettext_for_is_translated(message: str) -> None:
    assert russian().get(message), f"{message}: Typer says it otherwise now; look at its core.py"


SCRIPT = """
import json, sys
from cardcli import config
from cardcli.cli import app
app.prepare(config.environment())
for arguments in json.loads(sys.argv[1]):
    code = app.run(arguments)
    sys.stdout.flush()
    print(f"={int(code)}=", file=sys.stderr, flush=True)
"""

MISTAKES: dict[str, str] = {
    "visit": "cardcli: Не указано: КЛИЕНТ.",
    "path": "cardcli: Не указано: КЛИЕНТ.",
    "qwerty": "cardcli: Команды 'qwerty' нет.",
    "histori": "cardcli: Команды 'histori' нет. Может быть, 'history'?",
    "list --limt 3": "cardcli: Параметра --limt нет. Может быть, --limit?",
    "list --qqq": "cardcli: Параметра --qqq нет.",
    "list --limit": "cardcli: Параметру --limit нужно значение.",
    "list --limit many": "cardcli: --limit: «many» — не число",
    "list --limit 0": "cardcli: --limit: 0 меньше, чем 1",
    "list --json=3": "cardcli: Параметр --json указывают без значения.",
    "path one two": "cardcli: Лишние слова: two. Текст с пробелами берите в кавычки.",
}


def in_russian(commands: list[list[str]]) -> tuple[str, list[str]]:
    """Run commands in one process of their own and return its stdout and what each said on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(commands)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "LANGUAGE": "ru", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout, done.stderr.split("=2=\n")


def test_mistakes_on_the_command_line_are_told_in_russian() -> None:
    _out, said = in_russian([command.split() for command in MISTAKES])
    assert [text.rstrip("\n").split("\n")[-1] for text in said[:-1]] == list(MISTAKES.values())
    assert said[0].startswith("Как вызвать: cardcli visit [ПАРАМЕТРЫ] КЛИЕНТ УСЛУГА\n")


def test_the_help_is_in_russian() -> None:
    from cardcli.cli.app import COMMANDS

    out, _said = in_russian([["--help"], *([name, "--help"] for name in COMMANDS)])
    english = [
        word
        for word in (
            "Usage",
            "Options",
            "Commands",
            "Arguments",
            "Show",
            "required",
            "default",
            "Example",
        )
        if word in out
    ]
    assert not english
    assert out.count("Как вызвать: ") == len(COMMANDS) + 1
    assert out.count("Пример: cardcli") >= len(COMMANDS) - 2
