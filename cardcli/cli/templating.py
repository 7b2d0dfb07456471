"""Commands about templates: which there are, a copy of one's own, a check, a look at one."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import card as cards
from cardcli import dates, disk, printing, resources
from cardcli.archive.content import LOG
from cardcli.cli import apart, bulk, completion, options, printer, sheets, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import Session, open_session
from cardcli.commits import Message
from cardcli.errors import BadValueError, CardcliError, ExitCode, NotFoundError
from cardcli.language import _
from cardcli.printing.formats import ABOUT
from cardcli.printing.templates import SUFFIXES
from cardcli.record import Record
from cardcli.store import TEMPLATES

app = typer.Typer()
group = typer.Typer()
Row = dict[str, Any]
_PATIENCE = 30
_DRAWN = ("pdf", "html")
_SAMPLES = {"ru": "ivanova", "en": "harrison"}
Name = Annotated[
    str,
    typer.Argument(
        metavar=_("NAME"),
        help=_("The name of a template."),
        autocompletion=completion.templates,
    ),
]


@group.command(
    "list",
    help=_("List the templates: the built-in ones and your own, with their papers."),
    epilog=_("Example: cardcli templates list"),
)
def list_templates(
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    rows = [_row(session, name) for name in _all_names(session)]
    if as_json:
        ui.json(rows)
        return
    if ui.terminal_output():
        for line in _lines(rows):
            ui.out(line)
        return
    ui.table(
        [],
        [
            (
                each["name"],
                _whose(each),
                ", ".join(each["papers"]),
                ", ".join(each["outputs"]),
                each["about"] or "",
            )
            for each in rows
        ],
    )


def _lines(rows: list[Row]) -> Iterator[str]:
    """Yield the templates for a terminal: name, papers, and what it is, broken to the width."""
    for each in rows:
        about = [each["about"], None if not each["own"] else _whose(each)]
        head = ui.pad(each["name"], 12) + ui.pad(", ".join(each["papers"]), 13)
        yield from ui.wrap("; ".join(text for text in about if text), " " * 25, head)


def _folder(session: Session) -> Path:
    return session.store.root / TEMPLATES


def _search(session: Session) -> list[Path]:
    return printing.templates.folders([_folder(session)])


def _all_names(session: Session) -> list[str]:
    """Return the names of all templates: the built-in ones in the order of the table, then others."""
    found = {
        name for output in SUFFIXES for name in printing.templates.names(_search(session), output)
    }
    return [*(name for name in ABOUT if name in found), *sorted(found - ABOUT.keys())]


def _row(session: Session, name: str) -> Row:
    search = _search(session)
    outputs = [output for output in SUFFIXES if name in printing.templates.names(search, output)]
    drawn = [output for output in outputs if output in _DRAWN]
    form = _form(name, drawn[0], search) if drawn else None
    return {
        "name": name,
        "own": [output for output in outputs if _file(_folder(session), name, output).is_file()],
        "built_in": [
            output for output in outputs if _file(resources.templates(), name, output).is_file()
        ],
        "outputs": outputs,
        "papers": list(form.papers) if form else [],
        "clients": form.clients if form else "each",
        "about": _(ABOUT[name]) if name in ABOUT else None,
    }


def _form(name: str, output: str, search: list[Path]) -> printing.formats.Format | None:
    """Return what a template is made for; one that says it wrongly is warned of."""
    try:
        return printing.formats.of(name, output, search)
    except printing.templates.TemplateError as error:
        ui.warn(str(error))
        return None


def _whose(row: Row) -> str:
    """Say which of the two is used, and whether it hides the other."""
    if not row["own"]:
        return _("built-in")
    hides = [output for output in row["own"] if output in row["built_in"]]
    if not hides:
        return _("your own")
    return _("your own ({outputs}), hides the built-in one").format(outputs=", ".join(hides))


def _file(folder: Path, name: str, output: str) -> Path:
    return folder / f"{name}.{SUFFIXES[output]}.j2"


@group.command(
    "copy",
    help=_(
        "Copy a built-in template into the store, to change it there: it hides the built-in one."
    ),
    epilog=_("Example: cardcli templates copy leaflet"),
)
def copy(
    name: Annotated[
        str,
        typer.Argument(
            metavar=_("NAME"),
            help=_("The name of a template, or of a file such as layout.typ or card.css."),
        ),
    ],
    output: Annotated[
        str,
        typer.Option("--format", metavar="pdf|html|text|md|all", help=_("For which output.")),
    ] = "pdf",
    force: Annotated[bool, typer.Option("--force", help=_("Write over your own one."))] = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    files = _wanted(name, one_of("--format", output.lower(), (*SUFFIXES, "all")))
    with session.store.locked("templates"):
        targets = [_folder(session) / file.name for file in files]
        taken = [target for target in targets if target.exists()]
        if taken and not force:
            sentence = _("{path} is there already; --force writes over it")
            raise BadValueError(sentence.format(path=taken[0]))
        paths = [target.relative_to(session.store.root).as_posix() for target in targets]
        session.store.commits.handwork(paths)  # what --force writes over stays in the history
        session.store.commits.note(paths)
        disk.make_folder(_folder(session))
        for file, target in zip(files, targets, strict=True):
            disk.write(target, file.read_bytes())
        session.store.commits.commit(paths, str(Message("templates")))
    if as_json:
        ui.json({"paths": [str(target) for target in targets]})
    for target in [] if as_json else targets:
        ui.out(str(target))


def _wanted(name: str, output: str) -> list[Path]:
    """Return the built-in files of a template. Raises :class:`NotFoundError`."""
    folder = resources.templates()
    if (folder / name).is_file() and Path(name).name == name:
        return [folder / name]
    outputs = list(SUFFIXES) if output == "all" else [output]
    found = [file for each in outputs if (file := _file(folder, name, each)).is_file()]
    if not found:
        known = printing.templates.names([folder], outputs[0])
        raise printing.templates.UnknownTemplateError(name, output, known)
    return found


@group.command(
    "check",
    help=_(
        "Look for mistakes in your own templates, and print each with a sample client. Silent when all is well."
    ),
    epilog=_("Example: cardcli templates check"),
)
def check(
    name: Annotated[
        str | None,
        typer.Argument(metavar=_("[NAME]"), help=_("Only this template, also a built-in one.")),
    ] = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    found = [row for file in _to_check(session, name) for row in _problems(session, file)]
    if as_json:
        ui.json(found)
    for row in [] if as_json else found:
        place = f"{row['file']}:{row['line']}" if row["line"] else row["file"]
        severity = _("error") if row["severity"] == "error" else _("warning")
        ui.out(f"{place}: {severity}: {row['message']}")
    if any(row["severity"] == "error" for row in found):
        raise typer.Exit(ExitCode.NOT_FOUND)


def _to_check(session: Session, name: str | None) -> list[Path]:
    """Return the files to look at: the store's own ones, or those of one template."""
    own = _folder(session)
    kinds = (*(f".{suffix}.j2" for suffix in SUFFIXES.values()), ".typ")
    if name is None:
        return sorted(file for file in own.glob("*") if file.name.endswith(kinds))
    files = [
        next(file for folder in _search(session) if (file := _file(folder, name, output)).is_file())
        for output in SUFFIXES
        if name in printing.templates.names(_search(session), output)
    ]
    if not files:
        raise printing.templates.UnknownTemplateError(name, "pdf", _all_names(session))
    return files


def _problems(session: Session, file: Path) -> list[Row]:
    from cardcli.printing import linting

    found = [
        _row_of(each.file, each.line, each.severity, each.message)
        for each in linting.remarks(file, _search(session))
    ]
    name, _dot, rest = file.name.partition(".")
    output = next((key for key, suffix in SUFFIXES.items() if rest == f"{suffix}.j2"), None)
    if output and not any(each["severity"] == "error" for each in found):
        found += _tried(session, name, output)
    return found


def _tried(session: Session, name: str, output: str) -> list[Row]:
    """Return why a template cannot be printed with a sample client, on each of its papers."""
    try:
        form = printing.formats.of(name, output, _search(session)) if output in _DRAWN else None
        for paper in form.papers if form else ("a4",):
            _previewed(session, name, output, None if paper == "labels" else paper)
    except printing.templates.TemplateError as error:
        return [_row_of(error.file, error.line, "error", str(error).partition(": ")[2])]
    except NotFoundError as error:  # no text of a consent: that is no mistake of the template
        return [_row_of(name, 0, "warning", str(error))]
    except CardcliError as error:
        return [_row_of(name, 0, "error", str(error))]
    return []


def _row_of(file: str, line: int, severity: str, message: str) -> Row:
    return {"file": file, "line": line, "severity": severity, "message": message}


@group.command(
    "preview",
    help=_("Print a template with a sample client, to see what it looks like."),
    epilog=_("Example: cardcli templates preview leaflet --paper a6 --output leaflet.png"),
)
def preview(
    name: Name,
    paper: sheets.Paper = None,
    output_format: Annotated[
        str, typer.Option("--format", metavar="pdf|html|text|md", help=_("What to make."))
    ] = "pdf",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar=_("FILE"),
            help=_(
                "The file to write, .png for a picture of the first page; named by the template unless given."
            ),
        ),
    ] = None,
    color: sheets.Color = None,
    open_it: Annotated[
        bool, typer.Option("--open", help=_("Open the file when it is ready."))
    ] = False,
    store: options.StoreDir = None,
) -> None:
    from cardcli.cli.paper import SUFFIXES as ENDINGS

    session = open_session(store)
    chosen = one_of("--format", output_format.lower(), printing.FORMATS)
    target = (output or Path(f"{name}-preview{ENDINGS[chosen]}")).absolute()
    picture = target.suffix.lower() == ".png"
    if picture and chosen != "pdf":
        raise BadValueError(_("a picture is made of the PDF: leave --format out"))
    bulk.check_target(session, target)
    printed = _previewed(session, name, chosen, paper, color=color, picture=picture)
    for warning in printed.warnings:
        ui.warn(warning)
    disk.write(target, printed.content)
    ui.out(str(target))
    if open_it:
        printer.show(target)


def _previewed(
    session: Session,
    name: str,
    output: str,
    paper: str | None,
    *,
    color: bool | None = None,
    picture: bool = False,
) -> printing.Printed:
    """Return a template printed with the sample: one client, or all of them for lists and labels.

    In a process apart, as every print: who tries a template does not know yet what it does.
    """
    job = sheets.job(session, output, name, paper, color=color, told=False)
    sample = sorted((resources.sample() / "cards").glob("*.md"))
    if job.form.clients == "each":
        wanted = _SAMPLES[session.config.language]
        sample = [file for file in sample if file.name.startswith(wanted)]
    elif job.form.clients == "none":
        sample = []
    people = [cards.parse(disk.read_text(file), session.config.kinds) for file in sample]
    if name == LOG and output == "pdf":
        from cardcli.cli import logsheets

        return logsheets.of_sample(session, Record("", people[0]), job.settings, picture=picture)
    work = functools.partial(
        printing.render,
        people,
        output,
        job.settings,
        dates.today(),
        photos=_sample_photo,
        template=name,
        own_templates=job.own,
        sources=sheets.sources(session),
        picture=picture,
    )
    what = _("the template “{name}”").format(name=name)
    return apart.run(apart.Task(work, apart.Limits(_PATIENCE, what=what)))


def _sample_photo(path: str) -> bytes | None:
    file = resources.sample() / path
    return disk.read_bytes(file) if file.is_file() else None


app.add_typer(
    group,
    name="templates",
    help=_(
        "The templates of printed papers: list them, copy one to change it, check, look at one."
    ),
    epilog=_("Example: cardcli templates list"),
    no_args_is_help=True,
)
