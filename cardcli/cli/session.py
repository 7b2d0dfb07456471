"""One run of a command: the store it works on and the client it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardcli import config, ids, search
from cardcli.cli import ui
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.index import Line, Snapshot
from cardcli.language import _
from cardcli.store import OWN, NoStoreError, Saved, Store, find_root, open_store

if TYPE_CHECKING:
    from cardcli.card import Card
    from cardcli.fields import Rules
    from cardcli.record import Record

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


class Session:
    """The store of this run and what the environment says."""

    def __init__(self, store: Store, environment: config.Environment) -> None:
        self.store = store
        self.environment = environment
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
        """Return all cards; the files that cannot be read are named on stderr once."""
        found = list(self.store.records())
        self.name_broken()
        return found

    def name_broken(self) -> None:
        """Name the files that were left out."""
        for error in self.store.broken:
            if str(error) not in self._named:
                self._named.append(str(error))
                ui.warn(_("left out: {error}").format(error=error))

    def resolve(self, query: str, *, write: bool = False, fuzzy: bool = False) -> Record:
        """Return the client meant by *query*; never guesses between two.

        Raises :class:`UnknownClientError` and :class:`AmbiguousError`.
        """
        if ids.is_id(query.strip().lower()) and (record := self._by_id(query.strip().lower())):
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
            raise AmbiguousError(query, [], guess=clear is not None)
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
            raise UnknownClientError(query, [label(line) for line in meant])
        return matches, lines

    def _by_id(self, card_id: str) -> Record | None:
        try:
            return self.store.by_id(card_id)
        except NotFoundError:
            return None

    def label(self, card: Card) -> str:
        """Return the client of a card as :func:`label` does."""
        from cardcli import contacts

        phones = [contacts.show_phone(each, self.config.region) for each in card.values("phones")]
        return _joined(card.id, card.number, card.name, *phones[:1])

    def saved(self, result: Saved) -> None:
        """Raise when git did not commit a change that is on the disk."""
        if result.git_error:
            raise NotCommittedError(result.git_error)


def label(line: Line) -> str:
    """Return a client on one line: id, number, name, phone."""
    return _joined(line.id, line.number, line.name, line.phone)


def _joined(*parts: str) -> str:
    return "  ".join(part for part in parts if part)


def open_session(folder: Path | None, wait: float = 10.0) -> Session:
    """Open the store: ``--store``, else CARDCLI_STORE, else the nearest folder upward."""
    environment = config.environment()
    root = folder or (Path(environment.store) if environment.store else find_root(Path.cwd()))
    store = open_store(root.resolve(), environment.variables)

    def waiting(holder: str) -> None:
        ui.say(_("waiting for another cardcli ({holder})…").format(holder=holder))

    store.waiting = waiting
    store.progress = ui.progress
    store.wait = wait
    return Session(store, environment)


def log_folder() -> Path:
    """Return where the report of an internal error goes: the store's own folder, else a temporary one."""
    try:
        environment = config.environment()
        return (Path(environment.store) if environment.store else find_root(Path.cwd())) / OWN
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
