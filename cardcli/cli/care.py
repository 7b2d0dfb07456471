"""The command that looks after the store: check."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import cautions, checks, config, disk, yamlpatch
from cardcli.cli import hooks, options, ui
from cardcli.cli.session import Session, open_session
from cardcli.disk import WrongEncodingError
from cardcli.errors import BadCardError, CardcliError, ExitCode
from cardcli.fields import Type
from cardcli.language import _
from cardcli.record import Record

app = typer.Typer()
Row = dict[str, Any]


@app.command(
    "check",
    help=_("Check every card. Silent when all is well; else each problem with its file and line."),
    epilog=_("Example: cardcli check --json"),
)
def check(
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    found = found_problems(session)
    if as_json:
        ui.json(found)
    for row in [] if as_json else found:
        ui.out(f"{row['file']}:{row['line']}: {_severity(row['severity'])}: {row['message']}")
    if any(row["severity"] == "error" for row in found):
        raise typer.Exit(ExitCode.NOT_FOUND)


def _severity(severity: str) -> str:
    return _("error") if severity == "error" else _("warning")


def found_problems(session: Session) -> list[Row]:
    """Return all problems of the store, by file and line."""
    records = list(session.store.records())
    found = [_broken(session, error) for error in session.store.broken]
    settings = session.config
    limits = checks.Limits(session.rules, settings.region, settings.purposes, settings.obligatory)
    for record in records:
        found += [
            _row(record.path, each.line, each.message, each.severity)
            for each in checks.problems(record.card, limits)
        ]
        found += _files(session, record)
    found += _shared_numbers(records)
    found += _strays(session)
    return sorted(found, key=lambda row: (row["file"], row["line"]))


def _row(file: str, line: int, message: str, severity: str = "error") -> Row:
    return {"file": file, "line": line, "severity": severity, "message": message}


def _broken(session: Session, error: CardcliError) -> Row:
    if isinstance(error, BadCardError):
        return _row(error.path, error.line, error.reason)
    if isinstance(error, WrongEncodingError):
        return _row(
            error.path.relative_to(session.store.root).as_posix(),
            error.line,
            _("this is not UTF-8 text; save the file as UTF-8"),
        )
    return _row("", 0, str(error))


def _files(session: Session, record: Record) -> list[Row]:
    """Return the files of a client that are missing, or not what they were when they were attached."""
    rows = []
    for each in record.card.entries:
        kind = record.card.kinds.named(each.kind) if each.kind else None
        for field in kind.fields if kind else ():
            name = each.fields.get(field.key, "") if field.type is Type.FILE else ""
            if name and (reason := _wrong_file(session, name, each.fields.get("sha256", ""))):
                rows.append(_row(record.path, each.line, reason))
    return rows


def _wrong_file(session: Session, name: str, sha256: str) -> str:
    data = session.store.file(name)
    if data is None:
        return _("the file {name} is missing").format(name=name)
    if sha256 and hashlib.sha256(data).hexdigest() != sha256.lower():
        return _("the file {name} was changed since it was attached").format(name=name)
    return ""


def _strays(session: Session) -> list[Row]:
    """Return the safety rules that name a service the catalogue does not have."""
    names = [service.name for service in session.config.services]
    found = cautions.strays(session.config.cautions, names)
    text = disk.read_text(session.store.root / config.FILE) if found else ""
    return [
        _row(config.FILE, yamlpatch.line_of(text.removeprefix("\ufeff"), each.path), each.message)
        for each in found
    ]


def _shared_numbers(records: list[Record]) -> list[Row]:
    rows: list[Row] = []
    first: dict[str, str] = {}
    for record in sorted(records, key=lambda record: (record.card.value("created"), record.path)):
        number = record.card.number
        if number and number in first:
            message = _("the card number {number} is also that of {other}").format(
                number=number, other=first[number]
            )
            rows.append(_row(record.path, record.card.line_of("number"), message))
        elif number:
            first[number] = record.path
    return rows


@app.command(
    "hooks",
    help=_(
        "Show the hooks of this store: programs called before and after each command that writes."
    ),
    epilog=_('Example: cp check-photo.sh "$(cardcli hooks --folder)/pre-visit"'),
)
def show_hooks(
    folder: Annotated[
        bool, typer.Option("--folder", help=_("Print only the folder they stand in."))
    ] = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    found = session.hooks
    rows = [(hooks.event_of(path), path.name, _state(path)) for path in found.all()]
    if folder:
        ui.out(str(found.folder))
    elif as_json:
        listed = [
            {"event": event, "file": name, "problem": problem or None}
            for event, name, problem in rows
        ]
        ui.json({"folder": str(found.folder), "hooks": listed})
    else:
        ui.say(str(found.folder))
        ui.table(
            [_("Event"), _("File"), _("State")],
            [(event, name, problem or _("ready")) for event, name, problem in rows],
        )


def _state(path: Path) -> str:
    """Return why a file will not be called, or ""."""
    from cardcli.cli.app import COMMANDS

    when, _dash, command = hooks.event_of(path).partition("-")
    if when not in {"pre", "post"} or command not in COMMANDS:
        return _("no such event: write pre-COMMAND or post-COMMAND")
    return "" if hooks.runnable(path) else _("not executable")
