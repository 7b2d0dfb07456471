"""The command that takes clients in from files of other programs."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from json import loads
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from cardcli import config, disk, ids
from cardcli.card import Card
from cardcli.cli import import_likeness, import_profiles, import_report, options, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import NotCommittedError, Session, open_session, pairs
from cardcli.commits import Message
from cardcli.errors import CardcliError, ExitCode
from cardcli.exchange import registry
from cardcli.exchange.days import DAY_FIRST, MONTH_FIRST
from cardcli.exchange.incoming import Options, Skipped, Told
from cardcli.exchange.matching import Register, known
from cardcli.exchange.planning import Doubt, Item, Plan, Planner, Status, Wishes, new_items
from cardcli.index import Snapshot
from cardcli.journal import Draft
from cardcli.language import N_, _, ngettext
from cardcli.store import ChangedError
from cardcli.tuples import NamedTuple

app = typer.Typer()
_MANY_CARDS = 2000
_STDIN = "-"
_OFTEN = 200
"""Records after which the progress is shown anew."""


class NoSuchFileError(CardcliError):
    """A file to import is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(_("There is no file {path}.").format(path=path))


class StoreChangedError(ChangedError):
    """Somebody changed cards between the preview and the answer."""

    def __init__(self) -> None:
        CardcliError.__init__(
            self,
            _(
                "The cards were changed by somebody else meanwhile; nothing was imported. Try again."
            ),
        )


class Source(NamedTuple):
    """A file to import: what it is called in reports, and its content."""

    name: str
    data: bytes


@app.command(
    "import",
    help=_(
        "Take in clients, visits and payments from files of other programs. First it shows what would be done; “undo” takes all of it back."
    ),
    epilog=_("Example: cardcli import contacts.csv --dry-run"),
)
def import_files(
    files: Annotated[
        list[str],
        typer.Argument(metavar=_("FILE…"), help=_("Files or folders; “-” is the standard input.")),
    ],
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help=_("Do not ask; needed where no terminal is."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help=_("Only show what would be done."))
    ] = False,
    form: Annotated[
        str | None,
        typer.Option("--format", help=_("The format, when the content does not tell it.")),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar=_("COLUMN=FIELD"),
            help=_("What a column holds: phones, phones:work, visit.price …; “-” leaves it out."),
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar=_("NAME"),
            help=_(
                "Use the --map kept in cardcli.yaml under this name; with --map, keep it there."
            ),
        ),
    ] = None,
    doubtful: Annotated[
        str | None,
        typer.Option(
            "--doubtful",
            help=_(
                "Records that may be of a client who is there: skip, new (another client) or merge."
            ),
        ),
    ] = None,
    prefer: Annotated[
        str,
        typer.Option("--prefer", help=_("Whose value stays where both have one: ours or theirs.")),
    ] = "ours",
    keep_unknown: Annotated[
        bool,
        typer.Option("--keep-unknown", help=_("Keep columns without a place under “imported:”.")),
    ] = False,
    create: Annotated[
        bool,
        typer.Option(
            "--create", help=_("Make cards for clients that only a list of visits names.")
        ),
    ] = False,
    day_order: Annotated[
        str | None,
        typer.Option("--dates", help=_("How dates like 4/12/1990 are meant: dmy or mdy.")),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help=_("The encoding of the text: cp1251, utf-8 …"))
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter", help=_("What stands between the cells of a row; “tab” is one.")
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help=_("Only this sheet of a workbook."))
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help=_("Show every line of the report, however long."))
    ] = False,
    staff: options.Staff = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    mapped = pairs(columns or [])
    reading = Options(
        session.config.kinds,
        session.rules.today,
        session.config.language,
        session.config.region,
        session.config.currency,
        columns=import_profiles.columns_of(session.config.imports, profile, mapped),
        encoding=encoding or "",
        delimiter="\t" if delimiter in {"tab", "\\t"} else delimiter or "",
        sheet=sheet or "",
        day_order=one_of("--dates", day_order, (DAY_FIRST, MONTH_FIRST)) if day_order else "",
        services=tuple(service.name for service in session.config.services),
    )
    wishes = Wishes(
        Doubt(one_of("--doubtful", doubtful, tuple(Doubt))) if doubtful else Doubt.SKIP,
        one_of("--prefer", prefer, ("ours", "theirs")) == "theirs",
        keep_unknown,
        create,
        session.config.language,
    )
    kept = (profile, mapped) if profile and mapped else None
    form = one_of("--format", form, registry.NAMES) if form else ""
    given = list(sources(files))
    importing = Import(session, reading, session.staff(staff), kept)

    def planned(wanted: Wishes) -> Plan:
        found = importing.plan(given, form, wanted)
        if not as_json:
            # with --yes the import is wanted, also by who does not read all of the report (| head)
            with contextlib.suppress(*([SystemExit] if yes else [])):
                import_report.show(session, found, whole=full or not ui.terminal_output())
        return found

    plan = planned(wishes)
    if plan.doubtful and doubtful is None and not (yes or dry_run) and ui.interactive():
        answer = asked_of_doubtful(len(plan.doubtful))
        if answer is not Doubt.SKIP:
            plan = planned(replace(wishes, doubtful=answer))
    warn_of_purposes(session, plan)
    applied = not dry_run and importing.has_work and (yes or agreed(plan))
    refused = importing.apply() if applied else ""
    if as_json:
        ui.json(import_report.as_json(plan, importing.numbers, applied=applied))
    finish(session, plan, applied=applied, dry_run=dry_run, yes=yes, work=importing.has_work)
    if refused:
        raise NotCommittedError(refused)


def sources(files: Sequence[str]) -> Iterator[Source]:
    """Yield the files meant; of a folder all that may hold clients. Raises :class:`NoSuchFileError`."""
    for name in files:
        path = Path(name)
        if name == _STDIN:
            yield Source(_("standard input"), sys.stdin.buffer.read())
        elif path.is_dir():
            inside = disk.markdown_files(path) or sorted(p for p in path.iterdir() if p.is_file())
            for each in inside:
                yield Source(str(each), disk.read_bytes(each))
        elif path.is_file():
            yield Source(name, disk.read_bytes(path))
        else:
            raise NoSuchFileError(name)


class Import:
    """One run of the command: what is planned on which state of the store, and doing it."""

    def __init__(
        self,
        session: Session,
        reading: Options,
        staff: str,
        kept: tuple[str, dict[str, str]] | None,
    ) -> None:
        self._session = session
        self._options = reading
        self._staff = staff
        self._kept = kept
        self._plan = Plan()
        self.numbers: dict[str, str] = {}

    def _new_planner(self, wishes: Wishes) -> Planner:
        store = self._session.store
        register = Register()
        for said in self._basis:
            register.add(known(loads(said)))
        taken, files = store.ask(lambda snapshot: (snapshot.ids(), snapshot.files()))
        stems = (PurePosixPath(path).stem[-ids.LENGTH :] for path in files)

        def load(card_id: str) -> tuple[str, Card]:
            record = store.by_id(card_id)
            return record.path, record.card

        return Planner(register, load, store.photo_path, self._options, wishes, {*taken, *stems})

    def plan(self, files: Iterable[Source], form: str, wishes: Wishes) -> Plan:
        """Return what taking in these files would do; the last plan made is the one that counts."""
        self._basis = self._session.store.ask(_all_clients)
        self._session.name_broken()
        self._planner = self._new_planner(wishes)
        number = 0
        for source in files:
            for told in self._told(source, form):
                self._planner.add(told)
                number += 1
                if number % _OFTEN == 0:
                    ui.progress(number, sys.maxsize, _("reading records: {done}"))
        if number >= _OFTEN:
            ui.progress(sys.maxsize, sys.maxsize, _("reading records: {done}"))
        self._plan = self._planner.finished()
        self._plan.remarks += import_likeness.of_new(self._plan, map(loads, self._basis))
        return self._plan

    def _told(self, source: Source, form: str) -> Iterator[Told]:
        try:
            codec = registry.codec(form) if form else registry.recognise(source.data, source.name)
        except (registry.RefusedError, registry.UnknownFormatError) as error:
            yield Skipped(source.name, str(error).removeprefix(f"{source.name}: "))
            return
        yield from codec.read(source.data, source.name, self._options)

    @property
    def has_work(self) -> bool:
        """Tell whether anything would be written."""
        return bool(self._plan.of(Status.NEW) or self._plan.of(Status.CHANGED) or self._kept)

    def apply(self) -> str:
        """Write the plan, all in one commit; return why git refused, or "". Raises StoreChangedError."""
        session, store = self._session, self._session.store
        told = functools.partial(self._told_to_hooks, "import")
        session.hooks.before("pre-import", told)
        store.writing = functools.partial(ui.progress, sentence=_("writing cards: {done} of {all}"))
        refused = store.write_together("import", self._drafts)
        session.hooks.after("post-import", told)
        return refused

    def _drafts(self) -> tuple[list[Draft], str]:
        store = self._session.store
        if store.ask(_all_clients) != self._basis:
            raise StoreChangedError
        drafts = [draft for item in self._plan.items for draft in _files(item)]
        for item in self._plan.of(Status.CHANGED):
            was = item.card.text if item.card else ""
            drafts.append(Draft(item.path, item.text.encode(), disk.digest_of(was.encode()).hex()))
        drafts += self._new_drafts()
        if self._kept:
            drafts.append(self._settings(*self._kept))
        touched = [item.id for item in self._plan.items if item.status is not Status.SAME]
        card = touched[0] if len(touched) == 1 else ""
        return drafts, str(Message("import", card, staff=self._staff))

    def _new_drafts(self) -> Iterator[Draft]:
        store = self._session.store
        fresh = list(new_items(self._plan))
        known_numbers = store.ask(lambda snapshot: snapshot.numbers())
        reserved = [item.number for item in fresh if item.number]
        wanted = [item for item in fresh if not item.number]
        numbers = store.free_numbers([*known_numbers, *reserved], len(wanted))
        if numbers:
            store.give_number(numbers[-1])
        free = iter(numbers)
        for item in fresh:
            number = item.number or next(free)
            self.numbers[item.id] = number
            text = self._planner.text_of(item, number)
            item.path = store.path_for(item.name, item.id)
            yield Draft(item.path, text.encode())

    def _settings(self, name: str, columns: dict[str, str]) -> Draft:
        """Return ``cardcli.yaml`` with the map of columns kept under *name*."""
        path = self._session.store.root / config.FILE
        text = disk.read_text(path)
        new = import_profiles.with_profile(
            text, name, {**self._session.config.imports.get(name, {}), **columns}
        )
        config.parse(new)
        return Draft(config.FILE, new.encode(), disk.digest_of(text.encode()).hex())

    def _told_to_hooks(self, command: str) -> dict[str, object]:
        return {
            "command": command,
            "store": str(self._session.store.root),
            "staff": self._staff or None,
            "client": None,
            "entry": None,
            "changes": [],
            "import": import_report.as_json(self._plan, self.numbers, applied=False),
        }


def _all_clients(snapshot: Snapshot) -> list[str]:
    return snapshot.clients()


def _files(item: Item) -> list[Draft]:
    return [Draft(path, data) for path, data in item.files.items()]


def agreed(plan: Plan) -> bool:
    """Ask whether to go on; where nobody can be asked the answer is no."""
    if not ui.interactive():
        return False
    new, changed = len(plan.of(Status.NEW)), len(plan.of(Status.CHANGED))
    question = _("Make {new} new cards and change {changed}?").format(new=new, changed=changed)
    return ui.confirm(question)


def asked_of_doubtful(count: int) -> Doubt:
    """Ask what to do with doubtful records; no answer leaves them out."""
    question = ngettext(
        "{count} record may be of a client who is there. What to do with it?",
        "{count} records may be of clients who are there. What to do with them?",
        count,
    )
    answers = {
        Doubt.SKIP: _("leave them out"),
        Doubt.NEW: _("make new cards of them"),
        Doubt.MERGE: _("add them to the cards named, where it is one card"),
    }
    chosen = ui.choose(question.format(count=count), list(answers.values()))
    return list(answers)[chosen or 0]


def warn_of_purposes(session: Session, plan: Plan) -> None:
    """Say which optional facts come in though no purpose is stated for keeping them."""
    from cardcli.profile import without_purpose

    purposes = session.config.purposes
    keys = {key for item in plan.items for key in without_purpose(item.values, purposes)
            if item.card is None or key not in item.card.metadata}  # fmt: skip
    table = session.config.profile
    names = ", ".join(_(table.field(key).label) for key in table.order if key in keys)
    if names:
        sentence = _("{fields}: cardcli.yaml states no purpose for keeping it (purposes:)")
        ui.warn(sentence.format(fields=names))


_NOTHING_TAKEN = N_("Nothing was taken yet: look at it, then say --yes.")


class NotAgreedError(CardcliError):
    """There is something to import and nobody said yes."""

    def __init__(self) -> None:
        super().__init__(_(_NOTHING_TAKEN))


class NothingUnderstoodError(CardcliError):
    """None of the files holds a client that can be taken."""

    code = ExitCode.BAD_DATA

    def __init__(self) -> None:
        super().__init__(_("Nothing in it could be understood; nothing was changed."))


class NothingTakenError(CardcliError):
    """All records were understood, and none of them can be taken."""

    code = ExitCode.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(_("None of the records could be taken; nothing was changed."))


def finish(
    session: Session, plan: Plan, *, applied: bool, dry_run: bool, yes: bool, work: bool
) -> None:
    """Say how it ended. Raises :class:`NotAgreedError` and :class:`NothingUnderstoodError`."""
    if applied:
        new, changed = len(plan.of(Status.NEW)), len(plan.of(Status.CHANGED))
        sentence = ngettext(
            "{count} new card, {changed} changed. “cardcli undo” takes it back.",
            "{count} new cards, {changed} changed. “cardcli undo” takes it back.",
            new,
        )
        ui.say(sentence.format(count=new, changed=changed))
        cards = session.store.ask(lambda snapshot: len(snapshot.files()))
        if session.config.layout == "flat" and cards > _MANY_CARDS:
            sentence = _("{count} cards in one folder: “cardcli reshard sharded” keeps git fast.")
            ui.say(sentence.format(count=cards))
    elif not plan.understood and not work:
        raise NothingUnderstoodError
    elif not plan.items and not work:
        raise NothingTakenError
    elif work and not dry_run:
        if yes or not ui.interactive():
            raise NotAgreedError
        ui.say(_("Nothing was changed."))
    elif dry_run:
        ui.say(_("This was only a preview; nothing was changed."))
    else:
        ui.say(_("There is nothing to change."))
