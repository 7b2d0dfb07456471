"""The command that hands clients to other programs: one format each, the same query language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardcli import config, disk
from cardcli.cli import options, querying, ui
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import one_of
from cardcli.errors import BadValueError
from cardcli.exchange.outgoing import Attachment, Going, Outgoing, Parts, Settings
from cardcli.exchange.personal import CONTACTS, EVERYTHING, Tally, told_by
from cardcli.language import _, ngettext
from cardcli.record import Record
from cardcli.store import CARDS, FILES, OWN

if TYPE_CHECKING:
    from cardcli.card import Card
    from cardcli.query import Keys

app = typer.Typer()
_OURS = (CARDS, FILES, OWN, ".git", config.FILE)


@dataclass(frozen=True, slots=True)
class _Format:
    """A format: the ends of its file names, and what goes with it."""

    suffixes: tuple[str, ...]
    binary: bool = False
    columns: bool = False
    pseudonyms: bool = True
    told: frozenset[str] = EVERYTHING


FORMATS = {
    "jsonl": _Format((".jsonl", ".ndjson"), columns=True),
    "json": _Format((".json",), columns=True),
    "vcard": _Format((".vcf", ".vcard"), pseudonyms=False, told=CONTACTS),
    "sqlite": _Format((".db", ".sqlite", ".sqlite3"), binary=True),
}


@app.command(
    "export",
    help=_(
        "Write clients for other programs: all, those named, or those a query means. The file is "
        "readable by you alone; a warning tells what personal data is in it."
    ),
    epilog=_("Example: cardcli export --format sqlite -o clients.db"),
)
def export(
    clients: Annotated[
        list[str] | None,
        typer.Argument(metavar=_("[CLIENT]…"), help=_("One or several clients; all unless given.")),
    ] = None,
    where: options.Where = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help=_("What to write; by the name of the file unless given."),
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar=_("KEY,KEY…"),
            help=_("Only these keys of each client: id,name,last,spent."),
            autocompletion=querying.complete_keys,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar=_("FILE"),
            help=_("The file to write; - or nothing is standard output."),
        ),
    ] = None,
    pseudonymise: Annotated[
        bool,
        typer.Option(
            "--pseudonymise",
            help=_("For analysts: stable pseudonyms, no names, contacts or free text."),
        ),
    ] = False,
    with_files: Annotated[
        bool,
        typer.Option("--with-files", help=_("With json and jsonl: the photos and documents too.")),
    ] = False,
    version: Annotated[
        str, typer.Option("--vcard", metavar="3.0|4.0", help=_("Version of the vCard."))
    ] = "3.0",
    role: options.Role = None,
    store: options.StoreDir = None,
) -> None:
    target = None if output is None or str(output) == "-" else output
    name = _format(format_, target)
    _check(name, target, columns=columns, pseudonymise=pseudonymise)
    session = open_session(store, role=role)
    _check_target(session, target)
    chosen = _Chosen(session, clients or [], where)
    settings = _settings(session, with_files=with_files, version=version)
    if columns is None:
        tally = Tally(FORMATS[name].told)
        parts = _WRITERS[name](tally.watched(chosen), settings)
    else:
        from cardcli import query
        from cardcli.exchange import rows

        keys = query.column_keys(columns, chosen.keys())
        tally = Tally(told_by(key.name for key in keys))
        parts = rows.WRITERS[name](tally.watched(chosen), keys, settings)
    _deliver(parts, target)
    _report(session, chosen, tally)


def _deliver(parts: Parts, target: Path | None) -> None:
    """Write the file, for its owner alone, or to standard output."""
    if target is not None:
        disk.write(target, parts, private=True)
        return
    for part in parts:
        ui.out_bytes(part)


def _report(session: Session, chosen: _Chosen, tally: Tally) -> None:
    """Say how many went out, what of them, and who could not be read."""
    if chosen.count == 0 and chosen.where is not None:
        ui.say(querying.nobody(chosen.where))
    else:
        count = chosen.count
        ui.say(ngettext("{count} client", "{count} clients", count).format(count=count))
    if sentence := tally.sentence():
        ui.warn(sentence)
    session.name_broken()


def _check_target(session: Session, target: Path | None) -> None:
    """Raise :class:`BadValueError` for a place where nothing may be written."""
    if target is None:
        return
    place = target.resolve()
    root = session.store.root.resolve()
    if any(place.is_relative_to(root / own) for own in _OURS):
        raise BadValueError(
            _("{path} is a place of the store itself; choose another file").format(path=target)
        )
    if not place.parent.is_dir():
        raise BadValueError(_("There is no folder {path}.").format(path=target.parent))


def _format(typed: str | None, target: Path | None) -> str:
    """Return the format that is meant. Raises :class:`BadValueError`."""
    if typed is not None:
        return one_of("--format", typed.lower(), tuple(FORMATS))
    suffix = target.suffix.lower() if target else ""
    for name, each in FORMATS.items():
        if suffix and suffix in each.suffixes:
            return name
    raise BadValueError(
        _("Say what to write with --format: {formats}.").format(formats=", ".join(FORMATS))
    )


def _check(name: str, target: Path | None, *, columns: str | None, pseudonymise: bool) -> None:
    """Raise :class:`BadValueError` for what does not go together."""
    found = FORMATS[name]
    if columns is not None and not found.columns:
        able = ", ".join(each for each, form in FORMATS.items() if form.columns)
        raise BadValueError(_("--columns goes with: {formats}").format(formats=able))
    if pseudonymise and not found.pseudonyms:
        able = ", ".join(each for each, form in FORMATS.items() if form.pseudonyms)
        raise BadValueError(_("--pseudonymise goes with: {formats}").format(formats=able))
    if found.binary and target is None and ui.terminal_output():
        raise BadValueError(_("This format is no text; name a file with -o."))


def _settings(session: Session, *, with_files: bool, version: str) -> Settings:
    return Settings(
        session.rules,
        session.config.kinds,
        session.config.terms,
        session.config.language,
        session.config.region,
        session.config.business,
        with_files=with_files,
        version=one_of("--vcard", version, ("3.0", "4.0")),
    )


class _AllCards:
    """All cards, read anew each time they are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __iter__(self) -> Iterator[Card]:
        for record in self._session.store.records():
            yield self._session.seen(record).card


class _Chosen:
    """The clients that go out, one by one: none is kept, so that any number of them can.

    ``count`` is how many went.
    """

    def __init__(self, session: Session, clients: Sequence[str], where: str | None) -> None:
        if clients and where is not None:
            raise BadValueError(_("Name the clients, or say which with --where QUERY."))
        self.session = session
        self.count = 0
        self.where = where
        self._clients = clients

    def keys(self) -> Keys:
        """Return what may be asked of them; all cards are read for the keys of the user's own."""
        from cardcli import query

        return query.table(self.session.config.kinds, _AllCards(self.session))

    def __iter__(self) -> Iterator[Outgoing]:
        for record in self._records():
            self.count += 1
            yield Outgoing(record.card, record.path, tuple(self._files(record)))

    def _records(self) -> Iterator[Record]:
        if self._clients:
            records = list(map(self.session.resolve, self._clients))
            yield from {record.path: record for record in records}.values()
            return
        test = self._test()
        for record in map(self.session.seen, self.session.store.records()):
            if test(record):
                yield record

    def _test(self) -> Callable[[Record], bool]:
        """Return what tells whether a client is meant. Raises :class:`QueryError`."""
        if self.where is None:
            return lambda _record: True
        from cardcli import query

        rules, terms = self.session.rules, self.session.config.terms
        wanted = query.parse(self.where, self.keys(), rules)
        return lambda record: query.matches(wanted, query.View(record.card, rules, terms))

    def _files(self, record: Record) -> Iterator[Attachment]:
        """Yield the files of a client, unless the role of this run does not see all of them."""
        store = self.session.store
        for path in () if self.session.hidden else store.files_of(record.card.id):
            yield Attachment(path, lambda path=path: store.file(path) or b"")  # type: ignore[misc]


def _jsonl(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import json_writing

    return json_writing.lines(going, settings)


def _json(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import json_writing

    return json_writing.array(going, settings)


def _vcard(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import vcard_writing

    return vcard_writing.contacts(going, settings)


def _sqlite(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import sqlite

    return sqlite.database(going, settings)


_WRITERS: dict[str, Callable[[Going, Settings], Parts]] = {
    "jsonl": _jsonl,
    "json": _json,
    "vcard": _vcard,
    "sqlite": _sqlite,
}
