"""The program: which command is where, and the one place that catches errors."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.exceptions import TyperException
from typer.main import get_command, get_command_from_info, get_group_from_info

from cardcli import __version__, config, language
from cardcli.cli import ui, usage
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import N_, _

PROGRAM = "cardcli"
GROUPS = {
    N_("Begin"): {"init": "starting", "demo": "starting", "help": "starting"},
    N_("Clients"): {
        "new": "clients", "fill": "filling", "set": "clients", "edit": "clients", "path": "clients",
    },
    N_("Record"): {
        "visit": "entries", "repeat": "repeating", "sell": "entries", "pay": "entries",
        "refund": "entries", "advise": "entries", "done": "entries", "survey": "entries",
        "observe": "entries", "contact": "entries", "note": "entries", "attach": "papers",
        "consent": "papers", "patch-test": "entries", "deal": "entries", "offer": "entries",
        "add": "entries", "amend": "recording", "remove": "recording",
    },
    N_("Find and read"): {
        "find": "finding", "show": "reading", "list": "listing", "brief": "day", "due": "day",
        "next": "day",
    },
    N_("Figures"): {
        "balance": "finance", "debtors": "finance", "surveys": "opinions", "report": "figures",
    },
    N_("Paper"): {
        "print": "paper", "templates": "templating", "archive": "archive", "open": "scanning", "scan": "scanning",
    },
    N_("In and out"): {
        "import": "importing", "export": "exporting", "lookup": "calling", "dupes": "dupes", "merge": "merging", "unmerge": "merging",
    },
    N_("The past"): {
        "history": "reading", "blame": "past", "diff": "past", "undo": "past",
    },
    N_("Several workplaces"): {
        "sync": "syncing", "clone": "syncing", "status": "syncing", "settle": "syncing",
    },
    N_("Upkeep"): {
        "check": "care", "explain": "care", "stale": "upkeep", "confirm": "upkeep", "hooks": "care",
        "trash": "keeping", "restore": "keeping", "rename-file": "keeping", "reshard": "keeping",
        "maintenance": "keeping",
    },
}  # fmt: skip
"""The commands as the help lists them."""
COMMANDS = {name: module for group in GROUPS.values() for name, module in group.items()}
"""Which module of this package holds a command; it is imported when the command is called."""


class LazyGroup(usage.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        """Return the names of all commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ARG002
        """Return one command, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"cardcli.cli.{COMMANDS[cmd_name]}")
        for info in module.app.registered_commands:
            if info.name == cmd_name:
                info.cls = usage.Command
                return get_command_from_info(
                    info, pretty_exceptions_short=False, rich_markup_mode=None
                )
        for group in module.app.registered_groups:
            if group.name == cmd_name:
                return _subgroup(group)
        raise KeyError(cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands by what they are for, each with the first clause of its help."""
        width = max(map(len, COMMANDS))
        for title, names in GROUPS.items():
            found = ((name, self.get_command(ctx, name)) for name in names)
            with formatter.section(_(title)):
                formatter.write_dl(
                    [(name.ljust(width), usage.clause(each.help)) for name, each in found]
                )

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """Name the commands when an unknown one was typed."""
        self.commands = dict.fromkeys(COMMANDS, None)  # type: ignore[assignment] # for "did you mean"
        return super().resolve_command(ctx, args)


def _subgroup(group: Any) -> Any:
    """Return a command that has commands of its own, all speaking the user's language."""
    group.cls = usage.Group
    for info in group.typer_instance.registered_commands:
        info.cls = usage.Command
    return get_group_from_info(
        group, pretty_exceptions_short=False, suggest_commands=True, rich_markup_mode=None
    )


def _version(wanted: bool) -> None:
    if wanted:
        ui.out(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _build() -> Any:
    app = typer.Typer(
        cls=LazyGroup,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        help=_("Client cards in plain text: found, filled and printed from the shell."),
        epilog=_("Example: cardcli visit ivanova Haircut --price 2500"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )

    @app.callback()
    def root(
        version: bool = typer.Option(
            False,
            "--version",
            callback=_version,
            is_eager=True,
            help=_("Show the version and exit."),
        ),
    ) -> None:
        pass

    group = get_command(app)
    for parameter in group.params:
        if parameter.name == "install_completion":
            parameter.help = _("Install completion for the current shell.")  # type: ignore[attr-defined]
        elif parameter.name == "show_completion":
            parameter.help = _("Show completion for the current shell, to copy it or change it.")  # type: ignore[attr-defined]
    return group


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; expected errors become one sentence on stderr."""
    try:
        _refuse_bytes(arguments)
        code = _build()(args=list(arguments), prog_name=PROGRAM, standalone_mode=False)
        ui.finish()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else ExitCode.USAGE
    except TyperException as error:
        return usage.report(error)
    except CardcliError as error:
        ui.error(str(error))
        return error.code
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the one place that catches
        return _internal(error)
    return code if isinstance(code, int) else ExitCode.DONE


class NotTextError(BadValueError):
    """An argument holds bytes that are no text in the encoding of the system."""

    def __init__(self, argument: str) -> None:
        super().__init__(_("{argument} is not valid text").format(argument=ascii(argument)))


def _refuse_bytes(arguments: Sequence[str]) -> None:
    """Raise for bytes that Python smuggles in as surrogates; no file could hold them."""
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise NotTextError(argument)


def _internal(error: Exception) -> int:
    """Keep the traceback where it can be looked at and say so in one line.

    Only code and error types go to the log: values may hold personal data.
    """
    import traceback

    from cardcli import dates, disk

    frames = "".join(traceback.format_tb(error.__traceback__)) + getattr(error, "apart", "")
    report = f"{dates.now().isoformat()} {PROGRAM} {__version__} {type(error).__name__}\n{frames}"
    try:
        from cardcli.cli.session import log_folder

        log = log_folder() / "log"
        disk.append_line(log, report)
        ui.error(
            _("Something went wrong inside cardcli ({error}). The report is in {log}.").format(
                error=type(error).__name__,
                log=log,
            )
        )
    except CardcliError:
        ui.error(report)
    return ExitCode.INTERNAL


def prepare(environment: config.Environment) -> None:
    """Set what a process has one of: its language, its clock, the encoding of its output."""
    language.activate(environment.language)
    import gettext

    if environment.clock:
        from cardcli import dates

        dates.fix_clock(environment.clock)

    gettext.bindtextdomain(PROGRAM, Path(language.__file__).parent / "locale")
    gettext.textdomain(PROGRAM)  # Typer's own messages come through the global domain
    for stream in (sys.stdout, sys.stderr):
        if (
            hasattr(stream, "reconfigure")
            and (stream.encoding or "").lower().replace("-", "") != "utf8"
        ):
            stream.reconfigure(encoding="utf-8", errors="replace")


def main() -> NoReturn:
    """Run the program."""
    prepare(config.environment())
    sys.exit(run(sys.argv[1:]))
