"""``templates``: which there are, a copy to change, what is wrong with it, and a look at it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cardcli import resources
from cardcli.printing import linting, templates
from cardcli.printing.formats import ABOUT
from tests.conftest import Cli

DOCS = Path(__file__).parents[1] / "docs" / "templates.md"


def own(salon: Path, name: str, text: str) -> Path:
    folder = salon / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


# --- list ----------------------------------------------------------------------------------------


def test_all_built_in_templates_are_listed_with_their_papers(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    rows = {row["name"]: row for row in json.loads(cli("templates", "list", "--json").out)}
    assert list(rows) == list(ABOUT)
    assert rows["leaflet"]["papers"] == ["a5", "a4", "a6"]
    assert rows["labels"]["clients"] == "labels"
    assert rows["card"]["built_in"] == ["pdf", "html", "text", "md"]
    assert all(row["own"] == [] and row["about"] for row in rows.values())


def test_the_list_tells_which_template_hides_which(salon: Path, cli: Cli) -> None:
    own(salon, "card.html.j2", "{{ view.name }}")
    own(salon, "letter.typ.j2", "{# paper: a6 #}")
    found = dict(line.split("\t")[:2] for line in cli("templates", "list").out.splitlines())
    assert found["card"] == "your own (html), hides the built-in one"
    assert found["letter"] == "your own"
    assert found["brief"] == "built-in"


def test_a_template_that_says_its_papers_wrongly_is_listed_with_a_warning(
    salon: Path, cli: Cli
) -> None:
    own(salon, "letter.typ.j2", "{# paper: b5 #}")
    result = cli("templates", "list")
    assert result.code == 0
    assert "letter.typ.j2:1: “paper: b5” is not one of: a4, a5, a6, 3x5, labels" in result.err
    assert "letter" in result.out


# --- copy ----------------------------------------------------------------------------------------


def subjects(salon: Path) -> list[str]:
    done = subprocess.run(
        ["git", "-C", salon, "log", "--format=%s"], capture_output=True, check=True, text=True
    )
    return done.stdout.splitlines()


def test_a_copy_is_the_built_in_one_and_one_commit(salon: Path, cli: Cli) -> None:
    before = subjects(salon)
    result = cli("templates", "copy", "leaflet")
    assert result.code == 0, result.err
    copied = salon / "templates" / "leaflet.typ.j2"
    assert result.out.strip() == str(copied)
    assert copied.read_bytes() == (resources.templates() / copied.name).read_bytes()
    assert subjects(salon) == ["templates", *before]


def test_a_copy_never_writes_over_what_was_changed_unless_forced(salon: Path, cli: Cli) -> None:
    file = own(salon, "leaflet.typ.j2", "mine")
    refused = cli("templates", "copy", "leaflet")
    assert refused.code == 2
    assert "is there already; --force writes over it" in refused.err
    assert file.read_text("utf-8") == "mine"
    assert cli("templates", "copy", "leaflet", "--force").code == 0
    assert file.read_text("utf-8") != "mine"


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["card", "--format", "all"], ["card.html.j2", "card.md.j2", "card.txt.j2", "card.typ.j2"]),
        (["brief", "--format", "html"], ["brief.html.j2"]),
        (["layout.typ"], ["layout.typ"]),
        (["card.css"], ["card.css"]),
    ],
)
def test_any_part_of_a_template_can_be_copied(
    salon: Path, cli: Cli, arguments: list[str], files: list[str]
) -> None:
    assert cli("templates", "copy", *arguments).code == 0
    assert sorted(file.name for file in (salon / "templates").iterdir()) == files


@pytest.mark.parametrize("name", ["nope", "../cardcli.yaml", "fonts", ""])
def test_what_is_no_template_cannot_be_copied(salon: Path, cli: Cli, name: str) -> None:
    result = cli("templates", "copy", name)
    assert result.code == 1
    assert "There is no template" in result.err
    assert not list((salon / "templates").glob("*"))


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ABOUT)
def test_the_built_in_templates_pass_their_own_check(salon: Path, cli: Cli, name: str) -> None:
    own(salon, "consent-processing.md", "# Согласие\n\nЯ, {{ view.name }}.\n")
    result = cli("templates", "check", name)
    assert (result.code, result.out) == (0, "")


def test_a_store_without_templates_has_nothing_to_check(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    assert cli("templates", "check").code == 0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("card.typ.j2", "\n{{ view.nmae }}", "card.typ.j2:2: error: a template knows no “view.nmae”. Did you mean “name”?"),
        ("card.html.j2", "{{ words.atention }}", "card.html.j2:1: error: a template knows no “words.atention”. Did you mean “attention”?"),
        ("card.md.j2", "a\n\n{{ veiw.name }}", "card.md.j2:3: error: a template knows no “veiw”. Did you mean “view”?"),
        ("card.html.j2", "a\n{{ view.name|safe }}", "card.html.j2:2: error: “|safe” lets what stands in a card become part of the page"),
        ("card.html.j2", "{% autoescape false %}{% endautoescape %}", "card.html.j2:1: error: "),
        ("card.html.j2", "<style>\na::after { content: '{{ view.name }}' }</style>", "card.html.j2:2: error: inside <style> a value needs the filter “css”: {{ view.name }}"),
        ("card.typ.j2", "{% raw %}{{ view.name }}{% endraw %}", "card.typ.j2:1: warning: in “raw” nothing is filled in"),
        ("card.typ.j2", "#if true [\n a\n]\nelse [ b ]", "card.typ.j2:4: error: put “else” on the line where the bracket before it ends"),
        ("own.typ", "#let f() = [\n #if true [ a ]\n else [ b ]\n]", "own.typ:3: error: put “else”"),
        ("card.typ.j2", "{% for x in %}", "card.typ.j2:1: error: "),
        ("card.typ.j2", "{% if view.blocks %}{% endif %}", "card.typ.j2:1: warning: blocks of the shape “alerts” are not printed"),
        ("card.typ.j2", "{{ view.name }}", "card.typ.j2:1: warning: alerts are not printed, though health depends on them"),
        ("card.typ.j2", "{{ view.name }}", "card.typ.j2:1: warning: the code (view.qr) is not printed"),
        ("card.typ.j2", "\n\n#nosuch()", "card.typ.j2:3: error: unknown variable: nosuch"),
        ("letter.html.j2", "a\n{{ view.name|nofilter }}", "letter.html.j2:2: error: No filter named 'nofilter'"),
        ("letter.typ.j2", "{# paper: a4, b5 #}", "letter.typ.j2:1: error: “paper: b5” is not one of"),
        ("letter.typ.j2", '#import "gone.typ": *', "letter.typ.j2:1: error: file not found"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_line(
    salon: Path, cli: Cli, name: str, text: str, said: str
) -> None:
    own(salon, name, text)
    result = cli("templates", "check")
    assert said in result.out
    assert result.code == (0 if ": warning: " in said else 1)


@pytest.mark.parametrize(
    "text",
    [
        "#if true [ a ] else [ b ]",
        "#{\n  if true { a }\n  else { b }\n}",  # in code Typst reads on
        "Or\nelse we call you.",
        "{% if view.name %}a\n{% else %}b{% endif %}",
    ],
)
def test_an_else_that_is_right_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "letter.typ.j2").write_text(text, "utf-8")
    assert linting.remarks(tmp_path / "letter.typ.j2", templates.folders([tmp_path])) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits need a process apart")
def test_a_template_that_eats_memory_is_given_up_when_it_is_checked(salon: Path) -> None:
    """In a process of its own: where threads run, as in that of the tests, there is no fork and no limit."""
    (salon / "templates").mkdir(exist_ok=True)
    endless = '#let a = "x"\n#for i in range(60) { a = a + a }\n#a'
    (salon / "templates" / "greedy.typ.j2").write_text(endless, "utf-8")
    program = [sys.executable, "-c", "from cardcli.cli.start import main; main()"]
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [*program, "templates", "check", "greedy"],
        cwd=salon, env=variables, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "was given up" in done.stdout


def test_check_tells_programs_the_same(salon: Path, cli: Cli) -> None:
    own(salon, "letter.typ.j2", "\n{{ view.nmae }}")
    (row,) = json.loads(cli("templates", "check", "--json").out)
    assert (row["file"], row["line"], row["severity"]) == ("letter.typ.j2", 2, "error")


def test_a_consent_without_its_text_is_no_mistake_of_the_template(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    result = cli("templates", "check", "consent")
    assert result.code == 0
    assert "warning: There is no text for this consent" in result.out


# --- preview -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(ABOUT) - {"consent"}))
def test_every_template_can_be_looked_at(salon: Path, cli: Cli, name: str) -> None:
    result = cli("templates", "preview", name)
    assert result.code == 0, result.err
    file = salon / f"{name}-preview.pdf"
    assert result.out.strip() == str(file)
    assert file.read_bytes().startswith(b"%PDF")


def test_the_visit_log_can_be_looked_at_in_each_of_its_outputs(salon: Path, cli: Cli) -> None:
    for name, begins in (("a.pdf", b"%PDF"), ("a.png", b"\x89PNG"), ("a.html", b"<!DOCTYPE")):
        output = ["--format", "html"] if name == "a.html" else []
        assert cli("templates", "preview", "log", "-o", name, *output).code == 0
        assert (salon / name).read_bytes().lstrip().startswith(begins)


def test_a_preview_can_be_a_picture_or_a_page_and_uses_the_own_template(
    salon: Path, cli: Cli
) -> None:
    own(salon, "leaflet.html.j2", "Dear {{ view.given }}!")
    assert cli("templates", "preview", "leaflet", "-o", "a.png", "--paper", "a6").code == 0
    assert (salon / "a.png").read_bytes().startswith(b"\x89PNG")
    assert cli("templates", "preview", "leaflet", "--format", "html", "-o", "a.html").code == 0
    assert (salon / "a.html").read_text("utf-8") == "Dear Мария Петровна!"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nope"], 1, "There is no template “nope”"),
        (["card", "--paper", "a6"], 2, "does not print on a6; its papers: a4, a5"),
        (["card", "--format", "html", "-o", "x.png"], 2, "a picture is made of the PDF"),
        (["card", "-o", "gone/x.pdf"], 2, "There is no folder"),
        (["consent"], 1, "There is no text for this consent"),
    ],
)
def test_what_cannot_be_looked_at_is_said(
    salon: Path, cli: Cli, arguments: list[str], code: int, said: str
) -> None:
    assert salon.is_dir()
    result = cli("templates", "preview", *arguments)
    assert result.code == code
    assert said in result.err


# --- print ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--template", "leaflet", "--paper", "3x5"], "“leaflet” does not print on 3x5; its papers: a5, a4, a6"),
        (["--template", "labels", "--start", "22"], "--start 22: a sheet of L7160 has 21 labels"),
        (["--start", "2"], "--start is for sheets of labels"),
        (["--consent", "photo"], "--consent is for consent forms"),
        (["--template", "consent", "--consent", "foto"], "Did you mean “photo”"),
        (["--paper", "b5"], "“b5” is not one of: a4, a5, a6, 3x5, L7160"),
        (["--template", "form"], "“form” is for nobody in particular: name no clients"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_a_sentence(
    maria: str, cli: Cli, arguments: list[str], said: str
) -> None:
    result = cli("print", maria, *arguments)
    assert result.code == 2
    assert said in result.err


def test_the_paper_chooses_the_template_and_the_file_is_named_after_it(
    salon: Path, maria: str, cli: Cli
) -> None:
    result = cli("print", maria, "--paper", "3х5")
    assert result.out.strip().endswith(f"-{maria}-index-card.pdf")
    assert "21 on a sheet" in cli("print", maria, "--paper", "J8160").err
    assert (salon / cli("print", maria, "--template", "brief").out.strip()).is_file()


def test_a_list_without_names_is_of_all_clients_and_a_form_of_none(
    salon: Path, maria: str, cli: Cli
) -> None:
    assert maria
    assert cli("new", "Петров Пётр", "--phone", "89000000128").code == 0
    assert cli("print", "--template", "register", "--format", "html", "-o", "r.html").code == 0
    page = (salon / "r.html").read_text("utf-8")
    assert "Иванова" in page
    assert "Петров" in page
    assert cli("print", "--template", "form", "-o", "f.pdf").code == 0
    assert cli("print").code == 2


def test_a_brief_on_paper_says_what_the_command_says(salon: Path, maria: str, cli: Cli) -> None:
    for line in (
        ["visit", maria, "Стрижка", "--price", "2500", "--rating", "5", "--note", "Длину не трогать", "--date", "2026-06-01"],
        ["set", maria, "preferences=без разговоров"],
        ["advise", maria, "Маска", "--every", "1w", "--date", "2026-05-01"],
    ):  # fmt: skip
        assert cli(*line).code == 0
    said = flat(cli("brief", maria).out)
    cli("print", maria, "--template", "brief", "--format", "html", "-o", "b.html")
    page = flat(re.sub(r"<[^>]*>", " ", (salon / "b.html").read_text("utf-8")))
    for part in ("без разговоров", "Стрижка", "Длину не трогать", "Маска"):
        assert part in said
        assert part in page


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


# --- the page for owners -------------------------------------------------------------------------


def generator() -> object:
    import importlib.util

    path = Path(__file__).parents[1] / ".ci" / "values.py"
    spec = importlib.util.spec_from_file_location("values", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_for_owners_has_every_value_there_is() -> None:
    page = DOCS.read_text("utf-8")
    assert page == generator().up_to_date(page)  # type: ignore[attr-defined]


def test_every_value_has_a_word_of_explanation_and_none_is_explained_that_is_gone() -> None:
    made = generator()
    known = {owner: set(names) for owner, names in made.known().items()}  # type: ignore[attr-defined]
    assert known == {owner: set(said) for owner, said in made.SAID.items()}  # type: ignore[attr-defined]
    assert linting._FILTERS - set(made.FILTERS) <= {  # type: ignore[attr-defined]
        "align", "box", "cell", "ends", "facts", "note", "notes", "remarks", "rule", "side_by_side",
        "signatures", "table", "wrap",
    }  # fmt: skip


def test_the_example_of_the_page_prints_as_it_stands(salon: Path, maria: str, cli: Cli) -> None:
    (example,) = re.findall(r"```\n(\{# paper: a6 #\}\n.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    own(salon, "thanks.typ.j2", example)
    assert cli("templates", "check", "thanks").out == ""
    assert cli("print", maria, "--template", "thanks", "-o", "t.pdf").code == 0


def test_the_settings_of_the_page_can_be_taken_as_they_are() -> None:
    from cardcli import config

    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert config.parse(example).theme.labels == "l7160"


# --- completion ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("print --template le", ["leaflet", "letter"]),
        ("print --paper a", ["a4", "a5", "a6"]),
        ("print --paper l716", ["l7160", "l7161", "l7162", "l7163", "l7165"]),
        ("templates preview br", ["brief"]),
    ],
)
def test_templates_and_papers_are_completed(salon: Path, typed: str, offered: list[str]) -> None:
    own(salon, "letter.typ.j2", "x")
    program = "from cardcli.cli.start import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=False,
        text=True,
        cwd=salon,
        env={
            **os.environ,
            "_CARDCLI_COMPLETE": "complete_bash",
            "COMP_WORDS": f"cardcli {typed}",
            "COMP_CWORD": str(len(typed.split())),
            "PYTHONPATH": str(Path(__file__).parents[1]),
        },
    )
    assert done.stdout.split() == offered
