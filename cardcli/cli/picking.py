"""Choosing a client at the terminal: with fzf where it is installed, else by asking."""

from __future__ import annotations

from collections.abc import Sequence

from cardcli.cli import ui
from cardcli.cli.session import Session, UnknownClientError, label
from cardcli.errors import NotFoundError
from cardcli.index import Line
from cardcli.language import _

_SHOWN = 15


class NobodyChosenError(NotFoundError):
    """The user looked for a client and chose none."""

    def __init__(self) -> None:
        super().__init__(_("No client was chosen."))


def pick(session: Session) -> Line:
    """Return the client whom the user chooses. All is drawn on the terminal, nothing on stdout.

    Raises :class:`NobodyChosenError`.
    """
    import shutil

    program = shutil.which("fzf")
    line = _with_fzf(program, session) if program else _by_asking(session)
    if line is None:
        raise NobodyChosenError
    return line


def _with_fzf(program: str, session: Session) -> Line | None:
    """Let fzf draw what our own search finds at every key: fzf alone knows no ё, no layout, no typos."""
    import subprocess

    rows = session.store.ask(lambda snapshot: snapshot.rows())
    session.name_broken()
    listed = "\n".join("\t".join(row) for row in rows)
    look = ["--delimiter=\t", "--no-multi", "--height=60%", "--layout=reverse"]
    done = subprocess.run(
        [program, *look, f"--prompt={_('Client: ')}", *_searching(session)],
        input=listed.encode(),
        stdout=subprocess.PIPE,
        check=False,
        env={**session.environment.variables, "SHELL": "/bin/sh"},
    )
    if done.returncode == _NOT_UNDERSTOOD:
        return _by_asking(session)
    chosen = done.stdout.decode().partition("\t")[0].strip()
    return _line(session, chosen) if chosen else None


_NOT_UNDERSTOOD = 2
"""fzf's exit code for an option that it does not know."""


def _searching(session: Session) -> list[str]:
    """Return the options that make fzf ask us again whenever something is typed."""
    import os
    import shlex
    import sys

    if os.name != "posix":
        return []
    start = [sys.executable, "-c", "from cardcli.cli.start import main; main()"]
    found, everybody = (
        shlex.join([*start, command, "--store", str(session.store.root), "--no-header"])
        for command in ("find", "list")
    )
    ask = f"if test -n {{q}}; then {found} -- {{q}}; else {everybody}; fi 2>/dev/null"
    return ["--disabled", f"--bind=change:reload:{ask}"]


def _line(session: Session, card_id: str) -> Line | None:
    return session.store.ask(lambda snapshot: snapshot.lines_of([card_id])).get(card_id)


def _by_asking(session: Session) -> Line | None:
    """Ask for a part of a name until something is chosen; a blank answer cancels."""
    while words := ui.ask(_("Client (blank to cancel): ")):
        try:
            matches, lines = session.found(words)
        except UnknownClientError as error:
            ui.say(str(error))
            continue
        found = [lines[match.person.id] for match in matches[:_SHOWN]]
        chosen = _chosen(found)
        if chosen is not None:
            return chosen
    return None


def _chosen(found: Sequence[Line]) -> Line | None:
    place = ui.choose(_("Which client?"), [label(line) for line in found])
    return None if place is None else found[place]
