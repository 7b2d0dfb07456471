"""What Typer says in English only, said in the user's language: usage lines, errors of the command line.

Typer asks gettext for a few words (our catalogue has them) and writes the rest itself; those
sentences are recognised here and said anew. One that is not recognised stays English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from cardcli.cli import ui
from cardcli.language import N_, _

_SENTENCES = (
    (r"Missing argument '?(?P<name>.+?)'?\.", N_("Argument {name} is missing.")),
    (r"Missing option '?(?P<name>.+?)'?\.", N_("Option {name} is missing.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<meant>.+)\)",
        N_("There is no option {name}. Did you mean {meant}?"),
    ),
    (r"No such option: (?P<name>\S+)", N_("There is no option {name}.")),
    (
        r"Got unexpected extra argument\(s\) \((?P<words>.+)\)",
        N_("Too many arguments: {words}. Put quotes around a text with blanks."),
    ),
    (r"Option '(?P<name>.+)' requires an argument\.", N_("Option {name} needs a value.")),
    (r"Option '(?P<name>.+)' does not take a value\.", N_("Option {name} takes no value.")),
    (r"Invalid value for '?(?P<name>.+?)'?: (?P<reason>.+)", N_("{name}: {reason}")),
    (
        r"(?P<value>\S+) is not in the range x>=(?P<low>.+)\.",
        N_("{value} is less than {low}"),
    ),
    (
        r"(?P<value>\S+) is not in the range (?P<low>\S+?)<=x<=(?P<high>\S+)\.",
        N_("{value} does not lie between {low} and {high}"),
    ),
    (
        r"'(?P<value>.*)' is not a valid (?:int|float)(?: range)?\.",
        N_("“{value}” is not a number"),
    ),
    (r"(?P<reason>.+)\. Did you mean (?P<meant>.+)\?", N_("{reason}. Did you mean {meant}?")),
)
"""What Typer says, as a pattern, and what we say."""


class _Localized:
    """The parts of Typer's commands that speak English only."""

    def format_usage(self: Any, ctx: typer.Context, formatter: Any) -> None:
        """Write the usage line."""
        pieces = (piece.strip("{}") for piece in self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=_("Usage: "))

    def get_help_option(self, ctx: typer.Context) -> Any:
        """Return the option --help."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this help and exit.")
        return option


class Command(_Localized, TyperCommand):  # type: ignore[misc] # the names of Typer's own types are private
    """A command whose help is in the user's language."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.options_metavar = _("[OPTIONS]")
        for parameter in self.params:
            _name_value(parameter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; ``-tag:staff`` is a term of a query and no option."""
        if any(parameter.name == TERMS for parameter in self.params):
            args = [*_with_terms(args, self.params)]
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed


TERMS = "terms"
"""The name of the argument of a command that takes a query."""
_NEGATION = re.compile(r"-(?=[^\W\d_][\w.-]*\S|[\"«(])")


def _with_terms(args: Sequence[str], params: Sequence[Any]) -> Iterator[str]:
    """Yield the arguments, with a minus sign before a negated term: Typer takes only the hyphen for options.

    What is an option with a hyphen too few stays one, so that it is refused.
    """
    options = {name: each.is_flag for each in params for name in each.opts if name[:1] == "-"}
    before = ""
    for each in args:
        value = options.get(before) is False
        term = _NEGATION.match(each) and f"-{each}".partition("=")[0] not in options
        yield f"−{each[1:]}" if term and not value else each
        before = each


class Group(_Localized, TyperGroup):  # type: ignore[misc]
    """A group of commands whose help is in the user's language."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.options_metavar = _("[OPTIONS]")
        self.subcommand_metavar = _("COMMAND [ARGUMENTS]…")

    def format_commands(self: Any, ctx: Any, formatter: Any) -> None:
        """List the commands of a group, each with the first clause of its help."""
        names = self.list_commands(ctx)
        width = max(map(len, names))
        rows = [(name.ljust(width), clause(self.get_command(ctx, name).help)) for name in names]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)


def clause(help_text: str) -> str:
    """Return what a help text says first, for a list of commands."""
    return re.split(r"[.:;](?:\s|$)", help_text, maxsplit=1)[0] + "."


def _name_value(parameter: Any) -> None:
    """Say what kind of value an option takes when the option itself does not."""
    if parameter.metavar is not None or isinstance(parameter, TyperArgument):
        return
    if isinstance(parameter, TyperOption) and parameter.is_flag:
        return
    parameter.metavar = _("TEXT") if parameter.type.name == "str" else _("NUMBER")


def report(error: TyperException) -> int:
    """Say on stderr what is wrong with the command line and return the exit code."""
    context: typer.Context | None = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        ui.say(error.format_message())
        return error.exit_code
    if context is not None:
        ui.say(context.get_usage())
        ui.say(_("“{command} --help” tells more.").format(command=context.command_path))
    ui.error(_below_zero(context, error.format_message()) or sentence(error.format_message()))
    return error.exit_code


def _below_zero(context: typer.Context | None, message: str) -> str:
    """Return what is wrong with -5 where an amount is expected, which Typer takes for an option, or ""."""
    number = re.fullmatch(r"No such option: (-\d\S*)", message)
    wanted = [each.metavar for each in context.command.params] if context else []
    if number is None or _("AMOUNT") not in wanted:
        return ""
    return _("an amount cannot be below zero: {value}").format(value=number[1])


def sentence(message: str) -> str:
    """Return a sentence of Typer in the user's language."""
    for pattern, translated in _SENTENCES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            parts = {
                key: sentence(value) if key == "reason" else value
                for key, value in match.groupdict().items()
            }
            return _(translated).format(**parts)
    return message
