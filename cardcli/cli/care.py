"""Commands that look after the store: check, explain, hooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import codes, config, ids, inspection, repairing
from cardcli.cli import completion, hooks, options, ui
from cardcli.cli.session import NotCommittedError, Session, open_session
from cardcli.cli.telling import Step
from cardcli.disk import CannotReadError, WrongEncodingError
from cardcli.errors import BadCardError, ExitCode
from cardcli.git import GitError
from cardcli.inspection import Finding
from cardcli.language import _, ngettext

app = typer.Typer()
Row = dict[str, Any]


@app.command(
    "check",
    help=_(
        "Check the store or one card. Silent when all is well; else each problem with its file, line and code. Errors end with exit code 1, warnings alone with 0."
    ),
    epilog=_("Example: cardcli check --fix"),
)
def check(
    client: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[CLIENT]"),
            help=_("Only this card; the whole store if left out."),
            autocompletion=completion.clients,
        ),
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help=_("Write what has one right answer, in one commit."))
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help=_("Let warnings end with exit code 1, too."))
    ] = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    fixed: list[Finding] = []
    git_error = ""
    try:
        session = open_session(store, wait)
        card_id = _id_of(session, client, write=fix, fuzzy=fuzzy) if client else ""
        found = _found(session, card_id)
        if fix:
            git_error = _fix(session, card_id)
            before, found = found, _found(session, card_id)
            fixed = _gone(before, found)
    except config.BadConfigError as error:
        found = [inspection.bad_settings(error)]
    if as_json:
        ui.json([*(_row(each, fixed=True) for each in fixed), *map(_row, found)])
    else:
        _print(fixed, found)
    if git_error:
        raise NotCommittedError(git_error)
    severities = {codes.TABLE[each.code].severity for each in found}
    if codes.ERROR in severities or (strict and severities):
        raise typer.Exit(ExitCode.NOT_FOUND)


def _id_of(session: Session, client: str, *, write: bool, fuzzy: bool) -> str:
    """Return the id of the client meant; an id is taken as it is, for its card may be unreadable."""
    typed = client.strip().lower()
    return typed if ids.is_id(typed) else session.meant(client, write=write, fuzzy=fuzzy).id


def _found(session: Session, card_id: str) -> list[Finding]:
    store = session.store
    if not card_id:
        return inspection.whole(store)
    try:
        return inspection.one(store, store.by_id(card_id))
    except (BadCardError, WrongEncodingError, CannotReadError) as error:
        return [inspection.broken(store, error)]


def _fix(session: Session, card_id: str) -> str:
    """Mend what has one right answer; return why git did not commit it, or ""."""
    store = session.store
    session.before("check", lambda: _steps(session, card_id))
    with store.locked("check"):
        repair = repairing.Repair(store, store.records(), card_id)
        try:
            repair.write()
        except GitError as error:
            return str(error)
    steps = repair.steps()
    if steps:
        session.after("check", lambda: [Step(*each) for each in steps])
    return ""


def _steps(session: Session, card_id: str) -> list[Step]:
    repair = repairing.Repair(session.store, session.store.records(), card_id)
    return [Step(*each) for each in repair.steps()]


def _gone(before: Sequence[Finding], after: Sequence[Finding]) -> list[Finding]:
    """Return the problems that are no more; lines may have moved."""
    left = Counter((each.file, each.code, each.message) for each in after)
    gone = []
    for each in before:
        key = (each.file, each.code, each.message)
        if left[key]:
            left[key] -= 1
        else:
            gone.append(each)
    return gone


def _row(found: Finding, *, fixed: bool = False) -> Row:
    code = codes.TABLE[found.code]
    return {
        "file": found.file,
        "line": found.line,
        "code": found.code,
        "severity": code.severity,
        "message": found.message,
        "what_to_do": _(code.remedy),
        "fixable": code.fixable,
        "fixed": fixed,
    }


def _print(fixed: Sequence[Finding], found: Sequence[Finding]) -> None:
    """Print a line for each problem; what to do is said once for each code, on stderr."""
    for each in fixed:
        ui.say(_("mended: {problem}").format(problem=_line(each)))
    for each in found:
        ui.out(_line(each))
    counts = Counter(each.code for each in found)
    for name in sorted(counts):
        ui.say(f"{name} × {counts[name]}: {_(codes.TABLE[name].remedy)}")
    fixable = sum(count for name, count in counts.items() if codes.TABLE[name].fixable)
    if fixable and not fixed:
        sentence = ngettext(
            "“cardcli check --fix” mends {count} of them; “cardcli explain CODE” says more.",
            "“cardcli check --fix” mends {count} of them; “cardcli explain CODE” says more.",
            fixable,
        )
        ui.say(sentence.format(count=fixable))


def _line(found: Finding) -> str:
    place = f"{found.file}:{found.line}" if found.line else found.file
    return f"{place}: {_severity(codes.TABLE[found.code])} {found.code}: {found.message}"


@app.command(
    "explain",
    help=_("Say what a code of “check” means and what to do; without a code, list them all."),
    epilog=_("Example: cardcli explain C012"),
)
def explain(
    code: Annotated[
        str | None, typer.Argument(metavar=_("[CODE]"), help=_("C012, or just 12."))
    ] = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
) -> None:
    if code is not None:
        _explain(codes.find(code), as_json=as_json)
    elif as_json:
        ui.json([_explained(each) for each in codes.TABLE.values()])
    else:
        ui.table(
            [_("Code"), _("Severity"), _("Mended by --fix"), _("What is found")],
            [
                [each.code, _severity(each), _("yes") if each.fixable else "—", _(each.title)]
                for each in codes.TABLE.values()
            ],
            no_header=no_header,
        )


def _severity(code: codes.Code) -> str:
    return _("error") if code.severity == codes.ERROR else _("warning")


def _explained(code: codes.Code) -> Row:
    return {
        "code": code.code,
        "severity": code.severity,
        "title": _(code.title),
        "why": _(code.why),
        "what_to_do": _(code.remedy),
        "fixable": code.fixable,
    }


def _explain(code: codes.Code, *, as_json: bool) -> None:
    if as_json:
        ui.json(_explained(code))
        return
    ui.out(f"{code.code}  {_severity(code)}: {_(code.title)}")
    for text in (_(code.why), _("What to do: {remedy}").format(remedy=_(code.remedy))):
        for line in ui.wrap(text):
            ui.out(line)


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
    when, _dash, command = hooks.event_of(path).partition("-")
    if when not in {"pre", "post"} or command not in hooks.WRITING:
        return _("no such event: write pre-COMMAND or post-COMMAND")
    return "" if hooks.runnable(path) else _("not executable")
