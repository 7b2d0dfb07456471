"""The command that hands clients to other programs: one format each, the same query language."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardcli import config, disk
from cardcli.cli import options, querying, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import Session, open_session
from cardcli.errors import BadValueError
from cardcli.exchange.outgoing import Attachment, Files, Going, Outgoing, Parts, Settings
from cardcli.exchange.personal import (
    APPOINTMENTS,
    CONTACTS,
    EVERYTHING,
    PROFILE,
    TABLES,
    Tally,
    told_by,
)
from cardcli.language import _, ngettext
from cardcli.record import Record
from cardcli.store import CARDS, FILES, OWN

if TYPE_CHECKING:
    from cardcli.card import Card
    from cardcli.exchange.pseudonyms import Pseudonyms
    from cardcli.query import Keys

app = typer.Typer()
_KEY = "pseudonyms.key"
_OURS = (CARDS, FILES, OWN, ".git", config.FILE)


@dataclass(frozen=True, slots=True)
class _Format:
    """A format: the ends of its file names, whether it is text or a folder, and what goes with it."""

    suffixes: tuple[str, ...] = ()
    text: bool = True
    folder: bool = False
    columns: bool = False
    pseudonyms: bool = True
    files: bool = False
    told: frozenset[str] = EVERYTHING
    entries: bool = True


FORMATS = {
    "vcard": _Format((".vcf", ".vcard"), pseudonyms=False, told=CONTACTS, entries=False),
    "csv": _Format((".csv",), columns=True, told=PROFILE, entries=False),
    "json": _Format((".json",), columns=True, files=True),
    "jsonl": _Format((".jsonl", ".ndjson"), columns=True, files=True),
    "sqlite": _Format((".db", ".sqlite", ".sqlite3"), text=False, told=TABLES),
    "parquet": _Format((".parquet",), folder=True, told=TABLES),
    "ics": _Format((".ics",), pseudonyms=False, told=APPOINTMENTS),
    "markdown": _Format(folder=True, files=True),
    "html": _Format((".html", ".htm"), pseudonyms=False),
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
    form: Annotated[
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
            help=_("The file or folder to write; - or nothing is standard output."),
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
        typer.Option(
            "--with-files", help=_("With json, jsonl and markdown: the photos and documents too.")
        ),
    ] = False,
    version: Annotated[
        str, typer.Option("--vcard", metavar="3.0|4.0", help=_("Version of the vCard."))
    ] = "3.0",
    role: options.Role = None,
    store: options.StoreDir = None,
) -> None:
    target = None if output is None or str(output) == "-" else output
    name = _format(form, target)
    _check(name, target, columns=columns, pseudonymise=pseudonymise, with_files=with_files)
    session = open_session(store, role=role)
    _check_target(session, target)
    settings = _settings(session, with_files=with_files, version=version)
    chosen = _Chosen(session, clients or [], where, _pseudonyms(session) if pseudonymise else None)
    found = FORMATS[name]
    told = found.told if with_files or not found.files else found.told - {"files"}
    tally = Tally(told, entries=found.entries)
    going = _Watched(chosen, tally, only_booked=name == "ics")
    if found.folder and target is not None:
        disk.write_folder(target, _FOLDERS[name](going, settings))
    else:
        _deliver(_parts(name, going, settings, columns), target)
    _report(chosen, going)


def _parts(name: str, going: _Watched, settings: Settings, columns: str | None) -> Parts:
    """Return a file as it is made. Raises :class:`QueryError` for an unknown column."""
    if columns is None:
        return _WRITERS[name](going, settings)
    from cardcli import query
    from cardcli.exchange import rows

    keys = query.column_keys(columns, going.chosen.keys(as_they_go=True))
    going.tally = Tally(told_by(key.name for key in keys))
    return rows.WRITERS[name](going, keys, settings)


def _deliver(parts: Parts, target: Path | None) -> None:
    """Write the file, for its owner alone, or to standard output."""
    if target is not None:
        disk.write(target, parts, private=True)
        return
    for part in parts:
        ui.out_bytes(part)


def _report(chosen: _Chosen, going: _Watched) -> None:
    """Say how many went out, what of them, and who could not be read."""
    if going.count == 0 and chosen.where is not None:
        ui.say(querying.nobody(chosen.where))
    else:
        count = going.count
        ui.say(ngettext("{count} client", "{count} clients", count).format(count=count))
    if chosen.pseudonyms is not None:
        ui.say(
            _(
                "The clients are under pseudonyms; {path} holds the key to them, keep it to yourself. Days and services can still give somebody away."
            ).format(path=f"{OWN}/{_KEY}")
        )
    elif sentence := going.tally.sentence():
        ui.warn(sentence)
    chosen.session.name_broken()


def _pseudonyms(session: Session) -> Pseudonyms:
    """Return what hides the clients, with the key of this store; the first time it is made."""
    from cardcli.exchange import pseudonyms

    path = session.store.own / _KEY
    if not path.is_file():
        disk.write(path, secrets.token_hex(32).encode() + b"\n", new=True)
    services = [service.name for service in session.config.services]
    return pseudonyms.Pseudonyms(
        disk.read_bytes(path).strip(),
        session.rules,
        session.config.kinds,
        pseudonyms.known_words(_AllCards(session), services),
    )


def _check_target(session: Session, target: Path | None) -> None:
    """Raise :class:`BadValueError` for a place where nothing may be written."""
    if target is None:
        return
    place = target.resolve()
    root = session.store.root.resolve()
    if place == root or any(place.is_relative_to(root / own) for own in _OURS):
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


def _check(
    name: str, target: Path | None, *, columns: str | None, pseudonymise: bool, with_files: bool
) -> None:
    """Raise :class:`BadValueError` for what does not go together."""
    found = FORMATS[name]
    for given, option, able in (
        (columns is not None, "--columns", [key for key, each in FORMATS.items() if each.columns]),
        (pseudonymise, "--pseudonymise", [key for key, each in FORMATS.items() if each.pseudonyms]),
        (with_files, "--with-files", [key for key, each in FORMATS.items() if each.files]),
    ):
        if given and name not in able:
            raise BadValueError(
                _("{option} goes with: {formats}").format(option=option, formats=", ".join(able))
            )
    if pseudonymise and with_files:
        raise BadValueError(_("--with-files does not go with --pseudonymise: photos show faces"))
    if found.folder and target is None:
        raise BadValueError(_("This format is a folder of files; name it with -o."))
    if not found.text and target is None and ui.terminal_output():
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
    """The clients that go out, one by one: none is kept, so that any number of them can."""

    def __init__(
        self,
        session: Session,
        clients: Sequence[str],
        where: str | None,
        pseudonyms: Pseudonyms | None = None,
    ) -> None:
        if clients and where is not None:
            raise BadValueError(_("Name the clients, or say which with --where QUERY."))
        self.session = session
        self.where = where
        self.pseudonyms = pseudonyms
        records = [session.resolve(client) for client in clients]
        self._named = {record.path: record for record in records}

    def keys(self, *, as_they_go: bool) -> Keys:
        """Return what may be asked of all cards, or what may be told of those that go out."""
        from cardcli import query

        hidden = as_they_go and self.pseudonyms is not None
        cards = (each.card for each in self) if hidden else _AllCards(self.session)
        return query.table(self.session.config.kinds, list(cards) if hidden else cards)

    def __iter__(self) -> Iterator[Outgoing]:
        for record in self._records():
            if self.pseudonyms is not None:
                yield Outgoing(self.pseudonyms.of(record.card))
            else:
                yield Outgoing(record.card, record.path, tuple(self._files(record)))

    def _records(self) -> Iterator[Record]:
        if self._named:
            yield from self._named.values()
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
        wanted = query.parse(self.where, self.keys(as_they_go=False), rules)
        return lambda record: query.matches(wanted, query.View(record.card, rules, terms))

    def _files(self, record: Record) -> Iterator[Attachment]:
        """Yield the files of a client, unless the role of this run does not see all of them."""
        store = self.session.store
        for path in () if self.session.hidden else store.files_of(record.card.id):
            yield Attachment(path, lambda path=path: store.file(path) or b"")  # type: ignore[misc]


class _Watched:
    """The clients as a writer asks for them: counted, and what is told of them noted.

    A writer that looks at them twice counts them once.
    """

    def __init__(self, chosen: _Chosen, tally: Tally, *, only_booked: bool = False) -> None:
        self._only_booked = only_booked
        self.chosen = chosen
        self.tally = tally
        self.count = 0

    def __iter__(self) -> Iterator[Outgoing]:
        self.count = 0
        self.tally.begin()
        for each in self.chosen:
            if self._only_booked and not self._is_booked(each.card):
                continue
            self.count += 1
            self.tally.add(each)
            yield each

    def _is_booked(self, card: Card) -> bool:
        from cardcli.exchange import appointments

        return bool(appointments.booked(card, self.chosen.session.rules.today))


# --- the formats, each loaded when it is written ----------------------------------------------------


def _vcard(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import vcard_writing

    return vcard_writing.contacts(going, settings)


def _csv(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import csvfile

    table = settings.kinds.profile
    columns = csvfile.columns((each.card for each in going), table)
    return csvfile.write((each.card for each in going), columns, table)


def _json(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import json_writing

    return json_writing.array(going, settings)


def _jsonl(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import json_writing

    return json_writing.lines(going, settings)


def _sqlite(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import sqlite

    return sqlite.database(going, settings)


def _ics(going: Going, settings: Settings) -> Parts:
    from cardcli.exchange import appointments

    return appointments.calendar(going, settings)


def _parquet(going: Going, settings: Settings) -> Files:
    from cardcli.exchange import parquet

    return parquet.folder(going, settings)


def _markdown(going: Going, settings: Settings) -> Files:
    from cardcli.exchange import notes_writing

    return notes_writing.folder(going, settings)


def _html(going: _Watched, settings: Settings) -> Parts:
    from cardcli import printing
    from cardcli.cli import sheets
    from cardcli.store import TEMPLATES

    store = going.chosen.session.store
    looks = sheets.settings_of(going.chosen.session)
    printed = printing.render(
        [each.card for each in going],
        "html",
        replace(
            looks,
            language=settings.language,
            business=settings.business,
            currency=settings.rules.currency,
            region=settings.region,
            paper="a4",
            color=looks.theme.color,
        ),
        settings.rules.today,
        photos=store.file,
        own_templates=[store.root / TEMPLATES],
    )
    for warning in printed.warnings:
        ui.warn(warning)
    yield printed.content


_WRITERS: dict[str, Callable[[_Watched, Settings], Parts]] = {
    "vcard": _vcard,
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "sqlite": _sqlite,
    "ics": _ics,
    "html": _html,
}
_FOLDERS: dict[str, Callable[[_Watched, Settings], Files]] = {
    "parquet": _parquet,
    "markdown": _markdown,
}
