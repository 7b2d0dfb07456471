"""The command that looks after the store: check."""

from __future__ import annotations

from typing import Any

import typer

from cardcli import checks
from cardcli.cli import options, ui
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
    limits = checks.Limits(session.rules, session.config.region)
    for record in records:
        found += [
            _row(record.path, each.line, each.message, each.severity)
            for each in checks.problems(record.card, limits)
        ]
        found += _missing_files(session, record)
    found += _shared_numbers(records)
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


def _missing_files(session: Session, record: Record) -> list[Row]:
    rows = []
    for each in record.card.entries:
        kind = record.card.kinds.named(each.kind) if each.kind else None
        for field in kind.fields if kind else ():
            name = each.fields.get(field.key, "") if field.type is Type.FILE else ""
            if name and session.store.file(name) is None:
                rows.append(
                    _row(record.path, each.line, _("the file {name} is missing").format(name=name))
                )
    return rows


def _shared_numbers(records: list[Record]) -> list[Row]:
    rows: list[Row] = []
    first: dict[str, str] = {}
    for record in sorted(records, key=lambda record: (record.card.value("created"), record.path)):
        number = record.card.number
        if number and number in first:
            line = next(
                (i for i, text in enumerate(record.card.lines, 1) if text.startswith("number:")), 1
            )
            message = _("the card number {number} is also that of {other}").format(
                number=number, other=first[number]
            )
            rows.append(_row(record.path, line, message))
        elif number:
            first[number] = record.path
    return rows
