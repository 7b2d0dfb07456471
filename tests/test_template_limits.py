"""A template cannot eat the machine or look around in it; its file and line are named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli.printing import Printed, PrintSettings, render, templates

CARD = cards.parse("---\nid: k7f3qd\nname: Иванова Мария\n---\n")


def printed(folder: Path, output: str = "text") -> Printed:
    return render(
        [CARD], output, PrintSettings("en"), dt.date(2025, 11, 21),
        photos=lambda _path: None, own_templates=[folder],
    )  # fmt: skip


@pytest.mark.parametrize("output", ["text", "html", "md", "pdf"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a\n{% for i in range(10**9) %}x{% endfor %}", r"2: a range may have 100000 numbers"),
        ("{% for i in range(9999) %}\n{% for j in range(9999) %}\n{% endfor %}{% endfor %}", r"[12]: the loops .* do not come to an end"),
        ("\n{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(40) }}", r"2: the loops"),
        ("\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", r"2: this calls itself without end"),
        ("{% include 'card.SUFFIX.j2' %}", r"1: this calls itself without end"),
        ("{% for i in [[1], [2]] recursive %}\n{{ loop([i, i]) }}{% endfor %}", r"[12]: (?:the loops|this calls itself)"),
        ("a\n\n{{ 'x' * 10**9 }}", r"3: this makes a text of more than 20 million characters"),
        ("{{ 10**9 * [0] }}", r"1: this makes a text"),
        ("{{ 9**9999999 }}", r"1: this makes a text"),
        ("{% set ns = namespace(s='x' * 15000000) %}\n{% set ns.s = ns.s + ns.s %}", r"2: this makes a text"),
    ],
)  # fmt: skip
def test_a_template_that_wants_too_much_is_stopped_at_its_line(
    tmp_path: Path, output: str, source: str, said: str
) -> None:
    suffix = templates.SUFFIXES[output]
    (tmp_path / f"card.{suffix}.j2").write_text(source.replace("SUFFIX", suffix), "utf-8")
    with pytest.raises(templates.TemplateError, match=rf"^card\.{suffix}\.j2:{said}"):
        printed(tmp_path, output)


def test_a_page_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    source = "{% set s = 'x' * 999999 %}\n{% for i in range(99) %}{{ s|safe }}{% endfor %}"
    (tmp_path / "card.html.j2").write_text(source, "utf-8")
    with pytest.raises(templates.TemplateError, match=r"^card\.html\.j2:2: this makes a text"):
        printed(tmp_path, "html")


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../secret.txt", "../../../etc/passwd", "link.txt"]
)
@pytest.mark.parametrize("word", ["include", "import", "extends"])
@pytest.mark.parametrize("output", ["text", "html", "pdf"])
def test_a_template_includes_files_of_its_own_folder_only(
    tmp_path: Path, name: str, word: str, output: str
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    rest = " as x" if word == "import" else ""
    source = f'{{% {word} "{name}"{rest} %}}'
    (folder / f"card.{templates.SUFFIXES[output]}.j2").write_text(source, "utf-8")
    with pytest.raises(templates.TemplateError, match=r"there is no template file"):
        printed(folder, output)


@pytest.mark.parametrize(
    "source",
    ['#read("PATH")', '#image("PATH")', '#json("PATH")', '#csv("PATH")', '#plugin("PATH")', '#bibliography("PATH")'],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.svg", "link.svg"])
def test_typst_reads_files_of_the_template_folder_only(
    tmp_path: Path, source: str, path: str
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (tmp_path / "secret.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (folder / "link.svg").symlink_to(tmp_path / "secret.svg")
    (folder / "card.typ.j2").write_text(source.replace("PATH", path), "utf-8")
    with pytest.raises(templates.TemplateError, match=r"file not found|would escape"):
        printed(folder, "pdf")


def test_loops_of_an_honest_template_are_not_counted_against_it(tmp_path: Path) -> None:
    (tmp_path / "card.txt.j2").write_text(
        "{% for i in range(1000) %}{% for j in range(100) %}{% endfor %}{% endfor %}done", "utf-8"
    )
    assert printed(tmp_path).content == b"done\n"
