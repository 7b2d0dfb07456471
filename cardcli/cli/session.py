"""One run of a command: the store it works on and the client it means."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardcli import config, disk, ids, search
from cardcli.cli import ui
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.index import Line, Snapshot
from cardcli.language import _
from cardcli.store import OWN, NoStoreError, Saved, Store, find_root, open_store

if TYPE_CHECKING:  # what not every command needs: start-up time
    from cardcli.card import Card
    from cardcli.cli.hooks import Hooks, Payload
    from cardcli.cli.telling import Step
    from cardcli.fields import Rules
    from cardcli.record import Record
    from cardcli.store import Edit

_SHOWN = 10


class UnknownClientError(NotFoundError):
    """No client matches what was typed."""

    def __init__(self, query: str, meant: Sequence[str]) -> None:
        sentence = _("No client matches “{query}”.").format(query=query)
        if meant:
            sentence += " " + _("Did you mean: {names}?").format(names="; ".join(meant))
        super().__init__(sentence)


class AmbiguousError(CardcliError):
    """Several clients match, or one only by a guess, and there is nobody to ask."""

    code = ExitCode.AMBIGUOUS

    def __init__(self, query: str, candidates: Sequence[str], *, guess: bool) -> None:
        if guess:
            sentence = _(
                "“{query}” is like these names, but none is written so. Use the id, or --fuzzy:"
            ).format(query=query)
        else:
            sentence = _(
                "“{query}” matches several clients. Use the id or more of the name:"
            ).format(query=query)
        super().__init__("\n".join([sentence, *(f"  {line}" for line in candidates)]))


class NothingChosenError(CardcliError):
    """The user was asked which client is meant and chose none."""

    code = ExitCode.AMBIGUOUS

    def __init__(self) -> None:
        super().__init__(_("No client was chosen."))


class UnknownRoleError(CardcliError):
    """The settings know no such role."""

    def __init__(self, role: str, known: Sequence[str]) -> None:
        super().__init__(
            _("There is no role “{role}” in cardcli.yaml; there are: {roles}").format(
                role=role, roles=", ".join(known) or "—"
            )
        )


class NotCommittedError(CardcliError):
    """The file is written, git did not commit it."""

    code = ExitCode.NOT_COMMITTED

    def __init__(self, output: str) -> None:
        super().__init__(
            _(
                "The change is saved in the file, but git did not commit it; the next command will. git says:\n{output}"
            ).format(
                output=output,
            ),
        )


class _NoHooks:
    """The hooks of a user who has none; what starts programs is not imported for them: start-up time."""

    def before(self, event: str, payload: Payload) -> None:
        """Let the command go on."""

    def after(self, event: str, payload: Payload) -> None:
        """Tell nobody."""


class Session:
    """The store of this run and what the environment says."""

    def __init__(self, store: Store, environment: config.Environment, role: str = "") -> None:
        self.store = store
        self.environment = environment
        self.role = role
        self._named: list[str] = []

    @property
    def config(self) -> config.Config:
        """Return the settings of the store."""
        return self.store.config

    @property
    def rules(self) -> Rules:
        """Return what values are read by."""
        from cardcli import dates
        from cardcli.fields import Rules

        return Rules(dates.today(), self.config.currency)

    def staff(self, given: str | None) -> str:
        """Return who did it: the option, else CARDCLI_STAFF."""
        return (given or self.environment.staff).strip()

    def records(self) -> list[Record]:
        """Return all cards as this run's role sees them; unreadable files are named on stderr once."""
        return [self.seen(record) for record in self._whole()]

    def _whole(self) -> list[Record]:
        found = list(self.store.records())
        self.name_broken()
        return found

    @functools.cached_property
    def hidden(self) -> frozenset[str]:
        """Return what the role of this run does not see. Raises :class:`UnknownRoleError`."""
        role = self.role or self.environment.role
        if not role:  # the settings are not read for that: start-up time
            return frozenset()
        if role not in self.config.roles:
            raise UnknownRoleError(role, tuple(self.config.roles))
        return self.config.roles[role]

    def seen(self, record: Record) -> Record:
        """Return a card as the role of this run sees it."""
        if not self.hidden:
            return record
        from cardcli import access

        return record._replace(card=access.seen(record.card, self.hidden))

    def seen_lines(self, lines: Iterable[Line]) -> list[Line]:
        """Return lines of the index as the role of this run sees them."""
        if not self.hidden:
            return list(lines)
        return [self.line(self.seen(self.store.by_id(line.id))) for line in lines]

    def line(self, record: Record) -> Line:
        """Return a card as a line of a list."""
        from json import dumps

        from cardcli import clients

        card = record.card
        said = dumps(clients.summary(card, record.path), ensure_ascii=False)
        return Line(card.id, card.number, card.name, self.phone(card), record.path, said)

    def phone(self, card: Card) -> str:
        """Return the first phone of a client as it is shown, or ""."""
        from cardcli import contacts

        phones = card.values("phones")
        return contacts.show_phone(phones[0], self.config.region) if phones else ""

    def name_broken(self) -> None:
        """Name the files that were left out."""
        for error in self.store.broken:
            if str(error) not in self._named:
                self._named.append(str(error))
                ui.warn(_("left out: {error}").format(error=error))

    def resolve(self, query: str, *, write: bool = False, fuzzy: bool = False) -> Record:
        """Return the client meant by *query*, whole for a *write*; never guesses between two.

        Raises :class:`UnknownClientError` and :class:`AmbiguousError`.
        """
        record = self._meant(query, write=write, fuzzy=fuzzy)
        return record if write else self.seen(record)

    def _meant(self, query: str, *, write: bool, fuzzy: bool) -> Record:
        card_id = query.strip().lower()
        if ids.is_id(card_id) and (record := self._by_id(card_id)):
            if record.card.id != card_id:
                words = _("{id} was joined with: {client}")
                ui.say(words.format(id=card_id, client=self.label(self.seen(record).card)))
            return record
        return self.store.by_id(self.meant(query, write=write, fuzzy=fuzzy).id)

    def meant(self, query: str, *, write: bool = False, fuzzy: bool = False) -> Line:
        """Return the line of the one client whom *query* means, as :meth:`resolve` does."""
        matches, lines = self.found(query)
        clear = search.clear(matches)
        if clear and (clear.sure or fuzzy or not write):
            ui.say(label(lines[clear.person.id]))
            return lines[clear.person.id]
        shown = [label(lines[match.person.id]) for match in matches[:_SHOWN]]
        if not ui.interactive():
            raise AmbiguousError(query, shown, guess=clear is not None)
        chosen = ui.choose(_("Which client?"), shown)
        if chosen is None:
            raise NothingChosenError
        return lines[matches[chosen].person.id]

    def found(
        self, query: str, limit: int | None = None
    ) -> tuple[list[search.Match], dict[str, Line]]:
        """Return whom *query* means, best first, and their lines by id. Raises UnknownClientError."""

        def question(snapshot: Snapshot) -> tuple[list[search.Match], dict[str, Line], list[Line]]:
            matches = search.search(query, snapshot, limit)
            lines = snapshot.lines_of(match.person.id for match in matches)
            meant = [] if matches else search.nearest(query, snapshot)
            offered = snapshot.lines_of(each.id for each in meant)
            return matches, lines, [offered[each.id] for each in meant]

        matches, lines, meant = self.store.ask(question)
        self.name_broken()
        if not matches:
            raise UnknownClientError(query, [label(line) for line in self.seen_lines(meant)])
        return matches, {line.id: line for line in self.seen_lines(lines.values())}

    def _by_id(self, card_id: str) -> Record | None:
        try:
            return self.store.by_id(card_id)
        except NotFoundError:
            return None

    def label(self, card: Card) -> str:
        """Return the client of a card as :func:`label` does."""
        return _joined(card.id, card.number, card.name, self.phone(card))

    # --- writing, with the hooks of the user before and after ---

    @functools.cached_property
    def hooks(self) -> Hooks:
        """Return the hooks of this store: a folder named after it, told from its namesakes by its path."""
        import hashlib

        from cardcli.cli.hooks import Hooks
        from cardcli.text import slug

        root = self.store.root
        mark = hashlib.sha256(str(root).encode()).hexdigest()[:8]
        return Hooks(
            self.environment.hooks / f"{slug(root.name)}-{mark}",
            root,
            self.environment.variables,
            self.environment.hooks_running,
        )

    @property
    def _hooks(self) -> Hooks | _NoHooks:
        return self.hooks if disk.is_folder(self.environment.hooks) else _NoHooks()

    def change(
        self, record: Record, edit: Callable[[Card], Edit], command: str, staff: str = ""
    ) -> Saved:
        """Change a card as :meth:`Store.change` does, asking and telling the hooks."""

        def planned() -> dict[str, Any]:
            made = edit(record.card)
            return self._told(command, staff, _as(record, made.text), record.card, made.entry)

        self._hooks.before(f"pre-{command}", planned)
        done: list[str] = []

        def noted(card: Card) -> Edit:
            made = edit(card)
            done.append(made.entry)
            return made

        result = self.store.change(record.card.id, noted, command, staff)
        self._hooks.after(
            f"post-{command}",
            lambda: self._told(command, staff, result.record, record.card, done[-1]),
        )
        return result

    def replace(self, record: Record, text: str, staff: str = "") -> Saved:
        """Put an edited text in the place of a card, asking and telling the hooks."""
        from cardcli.commits import Message

        told = functools.partial(self._told, "edit", staff)
        self._hooks.before("pre-edit", lambda: told(_as(record, text), record.card))
        result = self.store.replace(record, text, Message("edit", record.card.id, staff=staff))
        self._hooks.after("post-edit", lambda: told(result.record, record.card))
        return result

    def create(
        self, make: Callable[[str, str], str], name: str, command: str, staff: str = ""
    ) -> Saved:
        """Create a card as :meth:`Store.create` does; the hook before it sees no id and no number."""

        def planned() -> dict[str, Any]:
            from cardcli import card as cards
            from cardcli.record import Record

            card = cards.parse(make("", ""), self.config.kinds)
            return self._told(command, staff, Record("", card), None)

        self._hooks.before(f"pre-{command}", planned)
        result = self.store.create(make, name, command, staff)
        self._hooks.after(
            f"post-{command}", lambda: self._told(command, staff, result.record, None)
        )
        return result

    def _told(
        self, command: str, staff: str, record: Record, old: Card | None, entry: str = ""
    ) -> dict[str, Any]:
        """Return what a hook is told of a command about one card."""
        from cardcli.cli.telling import Step, told

        return told(self.store, command, staff, [Step(record.path, old, record.card)], entry)

    def before(self, command: str, steps: Callable[[], Sequence[Step]]) -> None:
        """Ask the hooks whether a command may do what *steps* says. Raises hooks.VetoError."""
        self.hooks.before(f"pre-{command}", lambda: self._told_of(command, steps()))

    def after(self, command: str, steps: Callable[[], Sequence[Step]]) -> None:
        """Tell the hooks what a command has done."""
        self.hooks.after(f"post-{command}", lambda: self._told_of(command, steps()))

    def _told_of(self, command: str, steps: Sequence[Step]) -> dict[str, Any]:
        """Return what a hook is told of a command about any number of cards."""
        from cardcli.cli.telling import told

        return told(self.store, command, self.staff(None), steps)

    def saved(self, result: Saved) -> None:
        """Raise when git did not commit a change that is on the disk."""
        if result.git_error:
            raise NotCommittedError(result.git_error)


def _as(record: Record, text: str) -> Record:
    """Return a card as it will be with this text."""
    from cardcli import card as cards

    return record._replace(card=cards.parse(text, record.card.kinds))


def label(line: Line) -> str:
    """Return a client on one line: id, number, name, phone."""
    return _joined(line.id, line.number, line.name, line.phone)


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def open_session(folder: Path | None, wait: float = 10.0, role: str | None = None) -> Session:
    """Open the store: ``--store``, else CARDCLI_STORE, else the nearest folder upward."""
    environment = config.environment()
    store = open_store((folder or _root(environment)).resolve(), environment.variables)

    def waiting(holder: str) -> None:
        ui.say(_("waiting for another cardcli ({holder})…").format(holder=holder))

    store.waiting = waiting
    store.progress = ui.progress
    store.wait = wait
    from cardcli import mergesetup

    store.finish_begun()
    mergesetup.ensure(store)
    return Session(store, environment, role or "")


def _root(environment: config.Environment) -> Path:
    return Path(environment.store) if environment.store else find_root(Path.cwd())


def log_folder() -> Path:
    """Return where the report of an internal error goes: the store's own folder, else a temporary one."""
    try:
        return _root(config.environment()) / OWN
    except NoStoreError:
        import tempfile

        return Path(tempfile.gettempdir())


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Return ``key=value`` arguments as a dict. Raises :class:`BadPairError`."""
    found = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise BadPairError(text)
        found[key.strip()] = value
    return found


class BadPairError(CardcliError):
    """An argument is not of the form key=value."""

    def __init__(self, text: str) -> None:
        super().__init__(_("“{text}” is not of the form key=value").format(text=text))
