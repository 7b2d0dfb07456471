"""Templates of the owner: found first, kept inside their folder, their mistakes named by line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.printing import Printed, PrintSettings, render, templates

CARD = cards.parse("---\nid: k7f3qd\nname: Иванова Мария\ntags: [vip]\n---\n")


def printed(folder: Path, output: str = "text", template: str = "card") -> Printed:
    return render(
        [CARD], output, PrintSettings("en"), dt.date(2025, 11, 21),
        photos=lambda _path: None, template=template, own_templates=[folder],
    )  # fmt: skip


def test_a_template_of_the_store_hides_the_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "card.txt.j2").write_text("Dear {{ view.given }}!", "utf-8")
    assert printed(tmp_path).content.decode() == "Dear Мария!\n"


def test_the_built_in_template_serves_what_the_store_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "letter.txt.j2").write_text("Dear {{ view.given }}!", "utf-8")
    assert "Client card" in printed(tmp_path).content.decode()
    assert printed(tmp_path, template="letter").content.decode() == "Dear Мария!\n"


@pytest.mark.parametrize("name", ["crad", "../card", "layout", ""])
def test_an_unknown_template_is_an_error_that_lists_those_there_are(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "letter.txt.j2").write_text("", "utf-8")
    with pytest.raises(templates.UnknownTemplateError, match="card, letter"):
        printed(tmp_path, template=name)


@pytest.mark.parametrize(
    ("output", "source", "said"),
    [
        ("text", "one\n\n{{ view.nmae }}\n", r"card\.txt\.j2:3: .*nmae"),
        ("html", "one\n{% if %}\n", r"card\.html\.j2:2: "),
        ("md", "{% for x in %}", r"card\.md\.j2:1: "),
        ("text", "a\n{{ view.name|nofilter }}", r"card\.txt\.j2:2: .*nofilter"),
        ("text", "a\nb\n{% include 'gone.txt.j2' %}", r"card\.txt\.j2:3: .*gone\.txt\.j2"),
        ("pdf", "#let last = {{ last|lit }}\n\n{% if view.name %}\n{{ view.name }}\n{% endif %}\n#nosuch()\n", r"card\.typ\.j2:6: unknown variable: nosuch"),
        ("pdf", "text\n{{ view.name }}\n\n#f(\n", r"card\.typ\.j2:4: "),
        ("pdf", '#import "wrong.typ": *\n', r"wrong\.typ:2: "),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_named_with_its_file_and_line(
    tmp_path: Path, output: str, source: str, said: str
) -> None:
    suffix = templates.SUFFIXES[output]
    (tmp_path / f"card.{suffix}.j2").write_text(source, "utf-8")
    (tmp_path / "wrong.typ").write_text("\n#let x = nosuch\n", "utf-8")
    with pytest.raises(templates.TemplateError, match=said):
        printed(tmp_path, output)


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.2.0": *', '#import ("@" + "preview/x:0.1.0")', '#include "@local/x:1.0.0"',
        '#import "\\u{40}preview/x:0.1.0"', '#let a = "//"; import "@preview/x:0.1.0"', '#import/**/"@preview/x:0.1.0"',
        '#{ import "x".replace("x", "@preview/y:0.1.0") }', '#{ import "x"\n .replace("x", "@preview/y:0.1.0") }',
        '#eval("1 + 1")', '#let f = eval\n#f("import \\"@preview/x:0.1.0\\"")',
    ],
)  # fmt: skip
@pytest.mark.parametrize("file", ["card.typ.j2", "own.typ"])
def test_a_template_cannot_load_packages(tmp_path: Path, source: str, file: str) -> None:
    (tmp_path / file).write_text(source, "utf-8")
    with pytest.raises(
        templates.TemplateError, match=rf"{file}:[12]: .*only files of its own folder"
    ):
        printed(tmp_path, "pdf")


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../etc/passwd"])
def test_a_template_cannot_read_files_outside_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "card.typ.j2").write_text(f'#read("{path}")', "utf-8")
    with pytest.raises(
        templates.TemplateError, match=r"card\.typ\.j2:1: (?:file not found|.*would escape)"
    ):
        printed(tmp_path, "pdf")


@pytest.mark.parametrize(
    "expression", ["view.__class__.__mro__", "''.__class__", "cycler.__init__.__globals__"]
)
@pytest.mark.parametrize("output", ["text", "html", "pdf"])
def test_a_template_cannot_reach_into_python(tmp_path: Path, expression: str, output: str) -> None:
    (tmp_path / f"card.{templates.SUFFIXES[output]}.j2").write_text(
        f"{{{{ {expression} }}}}", "utf-8"
    )
    with pytest.raises(templates.TemplateError, match="unsafe"):
        printed(tmp_path, output)


def test_a_careless_template_still_cannot_run_what_a_client_is_called(tmp_path: Path) -> None:
    card = cards.parse('---\nid: k7f3qd\nname: "#panic(1)"\n---\n')
    (tmp_path / "card.typ.j2").write_text(
        "{{ view.name|safe }} {{ view.name|e }} {{ view.name ~ '' }}", "utf-8"
    )
    settings = PrintSettings("en")
    found = render(
        [card],
        "pdf",
        settings,
        dt.date(2025, 11, 21),
        photos=lambda _path: None,
        own_templates=[tmp_path],
    )
    assert found.content.startswith(b"%PDF")
