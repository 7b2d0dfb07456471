"""Commands to begin with: a new store, a tour of the sample salon, help."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from cardcli import config, disk, resources, yamlpatch
from cardcli.cli import querying, ui
from cardcli.cli.options import one_of
from cardcli.errors import BadValueError, ExitCode
from cardcli.founding import create_store
from cardcli.git import NoGitError
from cardcli.language import LANGUAGES, _, active
from cardcli.store import CARDS, FILES
from cardcli.text import clean_line

app = typer.Typer()


@app.command(
    "init",
    help=_("Make a new client store in a folder."),
    epilog=_('Example: cardcli init salon --business "Laurel and Mint" --prefix C'),
)
def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar=_("[DIR]"), help=_("The folder; the current one unless given.")),
    ] = Path(),
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="ru|en",
            help=_("Language of files and paper; yours unless given."),
        ),
    ] = None,
    business: Annotated[
        str, typer.Option("--business", metavar=_("NAME"), help=_("Name of the business."))
    ] = "",
    prefix: Annotated[
        str | None, typer.Option("--prefix", help=_("Letters before a card number."))
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="flat|sharded", help=_("Where new cards go."))
    ] = "flat",
    no_git: Annotated[bool, typer.Option("--no-git", help=_("Keep no history."))] = False,
) -> None:
    code = one_of("--language", language or active(), LANGUAGES)
    changes: dict[str, yamlpatch.Value] = {
        "business": clean_line(business),
        "layout": one_of("--layout", layout, config.LAYOUTS),
        "git": yamlpatch.Plain("no" if no_git else "yes"),
    }
    if prefix is not None:
        changes["prefix"] = checked_prefix(prefix)
    settings = disk.read_text(resources.templates() / f"settings.{code}.yaml")
    for key, value in changes.items():
        settings = yamlpatch.patch(settings, key, value)
    store = create_store(folder.resolve(), settings, config.environment().variables)
    ui.say(_("A new client store: {path}").format(path=store.root))
    ui.say(_('Next: cardcli new "Family Given" --phone …'))


def checked_prefix(typed: str) -> str:
    """Return the prefix of card numbers. Raises :class:`BadValueError` for anything but letters."""
    prefix = typed.strip()
    longest = 8
    if prefix and (not prefix.isalpha() or len(prefix) > longest):
        raise BadValueError(_("--prefix: write up to {count} letters").format(count=longest))
    return prefix


_TOUR = {
    "ru": (
        'new "Крылова Ася Игоревна" --phone "8 900 000-09-01" --birthday 03.08 --allergy "ацетон — дерматит"',
        'visit крылова "Маникюр с покрытием" --price 2200 --staff Инна --rating 5',
        "find крыолва",
        'visit bdfyjdf "Стрижка женская" --price 2500 --staff Ольга',
        "show крылова",
        "print иванова --output {folder}/ivanova.pdf",
    ),
    "en": (
        'new "Krylova Asya Igorevna" --phone "8 900 000-09-01" --birthday 03.08 --allergy "acetone — dermatitis"',
        'visit krylova "Маникюр с покрытием" --price 2200 --staff Инна --rating 5',
        "find kryolva",
        'visit ivanova "Стрижка женская" --price 2500 --staff Ольга',
        "show krylova",
        "print ivanova --output {folder}/ivanova.pdf",
    ),
}
"""What the demo types, as it would be typed in a shell."""


@app.command(
    "demo",
    help=_("Show the everyday commands on a copy of the sample salon."),
    epilog=_("Example: cardcli demo"),
)
def demo(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar=_("DIR"),
            help=_("Where to copy it; a new temporary folder unless given."),
        ),
    ] = None,
) -> None:
    from cardcli.cli.app import run

    place = (folder or Path(tempfile.mkdtemp(prefix="cardcli-demo-")) / "salon").resolve()
    copy_sample(place)
    ui.say(_("The sample salon is in {path}").format(path=place))
    for typed in _TOUR[active()]:
        words = [word.format(folder=place) for word in shlex.split(typed)]
        ui.say("")
        ui.say(
            "$ cardcli " + " ".join(shlex.quote(word) if " " in word else word for word in words)
        )
        code = run([*words, "--store", str(place)])
        if code:
            raise typer.Exit(code)
    ui.say("")
    ui.say(_("The printed card: {path}").format(path=place / "ivanova.pdf"))
    ui.say(_("Go on: cd {path} and try “cardcli --help”.").format(path=place))


def copy_sample(place: Path) -> None:
    """Copy the sample salon and make it a store with a history."""
    source = resources.sample()
    disk.make_folder(place.parent)
    for name in (CARDS, FILES):
        disk.copy_tree(source / name, place / name)
    settings = disk.read_text(source / config.FILE)
    try:
        store = create_store(place, settings, config.environment().variables)
    except NoGitError:
        ui.warn(_("git is not installed, so this copy keeps no history"))
        return
    store.git.commit([CARDS, FILES], "sample\n")


@app.command(
    "help",
    help=_("Explain a command, the query language or the exit codes."),
    epilog=_("Example: cardcli help query"),
)
def help_topic(
    topic: Annotated[
        str | None, typer.Argument(metavar=_("[TOPIC]"), help=_("A command, query or exit-codes."))
    ] = None,
) -> None:
    from cardcli.cli.app import COMMANDS, run

    if topic == "exit-codes":
        for code in ExitCode:
            ui.out(f"{code.value:>3}  {code.meaning}")
        return
    if topic == "query":
        for line in querying.page():
            ui.out(line)
        return
    if topic is not None and topic not in COMMANDS:
        one_of("help", topic, (*COMMANDS, "query", "exit-codes"))
    raise typer.Exit(run([topic, "--help"] if topic else ["--help"]))
