"""The parts of ``print`` for one client or thousands: who is meant, where it goes, what is told."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cardcli import config, disk
from cardcli.cli import batching, clientfiles, longlists, printer, querying, ui
from cardcli.cli.batching import Binding, Client, Job
from cardcli.cli.session import Session
from cardcli.errors import BadValueError, NotFoundError
from cardcli.index import Snapshot
from cardcli.language import _, ngettext
from cardcli.record import Record
from cardcli.store import ARCHIVE, FILES, TEMPLATES

_KEPT = {(name,) for name in (config.FILE, ARCHIVE, FILES, TEMPLATES, ".git", ".gitattributes")}
"""Files and folders of a store that are no place for what is printed."""
Opened = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens what is printed into; called when all of it is ready."""

Everybody = Annotated[bool, typer.Option("--all", help=_("All clients of the store."))]
Sort = Annotated[
    str | None,
    typer.Option(
        "--sort",
        metavar=_("KEY,KEY…"),
        help=_("In which order; -last begins with the latest. By name unless given."),
        autocompletion=querying.complete_keys,
    ),
]
Duplex = Annotated[
    bool, typer.Option("--duplex", help=_("For both sides of the paper: each card on a new sheet."))
]
Separators = Annotated[
    bool, typer.Option("--separators", help=_("A sheet with the letter before each letter."))
]
OnePerClient = Annotated[
    Path | None,
    typer.Option(
        "--one-per-client",
        metavar=_("DIR"),
        help=_("A file for each client into this folder; what is up to date there stays."),
    ),
]
ToPrinter = Annotated[
    str | None,
    typer.Option("--printer", metavar=_("NAME"), help=_("Send it to this printer of CUPS.")),
]


class NobodyThereError(NotFoundError):
    """The store has no clients."""

    def __init__(self) -> None:
        super().__init__(_("There are no clients in this store yet."))


@dataclass(frozen=True, slots=True)
class Manner:
    """How thousands of cards are printed: bound in one file, or a file each into a folder."""

    duplex: bool = False
    separators: bool = False
    one_per_client: Path | None = None

    @property
    def binding(self) -> Binding:
        """Return how the pages of one file are put together."""
        return Binding(self.duplex, self.separators)


def check(manner: Manner, delivery: Delivery, output_format: str, *, sort: str | None) -> None:
    """Refuse options that do not go together, before anything is made."""
    bound = manner.separators or manner.duplex or delivery.printer is not None
    if output_format != "pdf" and bound:
        raise BadValueError(_("--duplex, --separators and --printer go with PDF only"))
    if manner.separators and sort is not None:
        raise BadValueError(_("--separators needs the clients by name; leave --sort out"))
    if delivery.printer is not None:
        printer.program()
        if delivery.to_stdout:
            raise BadValueError(_("--printer takes the file itself; leave --output out"))
    if manner.one_per_client and (delivery.output or bound or delivery.open_it):
        raise BadValueError(
            _(
                "--one-per-client goes without --output, --printer, --duplex, --separators and --open"
            )
        )


def check_form(manner: Manner, template: str, *, each: bool) -> None:
    """Refuse what only a template with pages for each client can do. Raises BadValueError."""
    if not each and (manner.separators or manner.one_per_client):
        raise BadValueError(
            _(
                "--separators and --one-per-client: the template “{name}” has no pages for each client"
            ).format(name=template)
        )


def wanted(
    session: Session, named: Sequence[str], where: str | None, *, everybody: bool, sort: str | None
) -> list[Client]:
    """Return the clients that were named, each once, those a query means, or all.

    All of them by name are known from the index: no card is read for that.
    """
    if [bool(named), where is not None, everybody].count(True) != 1:
        raise BadValueError(_("Name the clients, or say which with --where QUERY, or --all."))
    if everybody and sort is None and not session.hidden:
        return _all(session)
    if named:
        found = list({record.path: record for record in map(session.resolve, named)}.values())
        found = querying.ordered(session, found, sort) if sort is not None else found
    else:
        found = querying.clients(session, where, sort)
    return [client(each) for each in found]


def _all(session: Session) -> list[Client]:
    def question(snapshot: Snapshot) -> list[Client]:
        ids = [row[0] for row in snapshot.rows()]
        lines = snapshot.lines_of(ids)
        return [Client(each, lines[each].name, lines[each].path) for each in ids]

    found = session.store.ask(question)
    session.name_broken()
    if not found:
        raise NobodyThereError
    return found


def client(record: Record) -> Client:
    """Return the client of a card."""
    return Client(record.card.id, record.card.name, record.path)


def into_file(session: Session, target: Path) -> Opened:
    """Return what opens a file. What belongs to the store is never written over."""
    check_target(session, target)
    return functools.partial(disk.replacing, target)


def check_target(session: Session, target: Path) -> None:
    """Raise :class:`BadValueError` for a file of the store itself, or in a folder that is not there."""
    root = session.store.root.resolve()
    cards = session.store.ask(lambda snapshot: snapshot.files())
    place = target.resolve()
    if place in {(root / path).resolve() for path in cards}:
        raise BadValueError(_("{path} is a client's card; choose another file").format(path=target))
    if place.is_relative_to(root) and place.relative_to(root).parts[:1] in _KEPT:
        raise BadValueError(
            _("{path} belongs to the store itself; choose another file").format(path=target)
        )
    if target.is_dir():
        raise BadValueError(_("{path} is a folder; name a file").format(path=target))
    if not target.parent.is_dir():
        raise BadValueError(_("There is no folder {path}.").format(path=target.parent))


@contextlib.contextmanager
def to_stdout(session: Session) -> Iterator[BinaryIO]:
    """Open standard output; it gets all of it or nothing."""
    with disk.spool(batching.shelf(session)) as stream:
        yield stream
        for piece in disk.pieces(stream):
            ui.out_bytes(piece)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the file goes: *output* is ``-`` for standard output, None for a name by the client.

    With a *printer* it goes there, and stays only where *output* says.
    """

    output: Path | None
    open_it: bool
    as_json: bool
    printer: str | None = None

    @property
    def to_stdout(self) -> bool:
        """Tell whether standard output gets the file itself, so that nothing else stands there."""
        return str(self.output) == "-"


@contextlib.contextmanager
def delivered(
    session: Session, delivery: Delivery, usual: str, *, duplex: bool = False
) -> Iterator[tuple[Opened, Path | None]]:
    """Give what opens the file, and the file that stays, if one does; *usual* is its name.

    What was written in between goes to the printer. Raises BadValueError for a place of the store.
    """
    if delivery.to_stdout:
        yield functools.partial(to_stdout, session), None
        return
    target = (delivery.output or Path(usual)).absolute()
    if delivery.printer is None:
        yield into_file(session, target), target
        return
    kept = target if delivery.output else None
    with printer.spooled(kept, batching.shelf(session)) as file:
        yield into_file(session, file), kept
        printer.send(file, delivery.printer, duplex=duplex)


def write(job: Job, clients: Sequence[Client], opened: Opened, binding: Binding) -> int:
    """Print the clients into what is opened and return the number of pages of a PDF, else 0."""
    if job.output == "pdf":
        if longlists.is_long(job, clients) and (
            pages := longlists.one_pdf(job, clients, opened, binding)
        ):
            return pages
        if batching.put_together(job, clients, binding):
            return batching.one_pdf(job, clients, opened, binding)
    elif len(clients) > batching.AT_ONCE:
        batching.written_apart(job, clients, opened)
        return 0
    printed = batching.printed_apart(job, [job.card(client) for client in clients])
    for warning in printed.warnings:
        ui.warn(warning)
    with opened() as stream:
        stream.write(printed.content)
    return sum(printed.pages)


def tell(clients: Sequence[Client], target: Path | None, pages: int, *, as_json: bool) -> None:
    """Say what was printed: where it is on stdout, how much of several on stderr."""
    if as_json:
        path = str(target) if target else None
        ui.json({"path": path, "clients": [each.id for each in clients], "pages": pages or None})
        return
    if target:
        ui.out(str(target))
    if pages and len(clients) > 1:
        cards = ngettext("{count} card", "{count} cards", len(clients))
        sheets = ngettext("{count} page", "{count} pages", pages)
        ui.say(f"{cards.format(count=len(clients))}, {sheets.format(count=pages)}")


def each_into(
    job: Job, clients: Sequence[Client], folder: Path, suffix: str, *, as_json: bool
) -> None:
    """Print a file for each client into a folder and say how many were printed now."""
    place = folder.absolute()
    disk.make_folder(place)
    done = clientfiles.one_each(job, clients, place, suffix)
    if as_json:
        files = {"printed": done.printed, "kept": done.kept}
        ui.json(
            {"folder": str(place), **{name: list(map(str, each)) for name, each in files.items()}}
        )
        return
    ui.out(str(place))
    ui.say(
        _("printed now: {printed}, up to date already: {kept}").format(
            printed=len(done.printed), kept=len(done.kept)
        )
    )
