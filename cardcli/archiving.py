"""The print ledger in the store: reading it, adding to it, in one commit a command."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from cardcli import card as cards
from cardcli import disk, index
from cardcli import record as records
from cardcli.archive import content, ledger, status
from cardcli.archive.content import Content
from cardcli.archive.ledger import Ledger, Line
from cardcli.archive.status import Verdict
from cardcli.commits import Message
from cardcli.errors import BadCardError, CardcliError
from cardcli.language import _
from cardcli.record import Record
from cardcli.store import ARCHIVE, TEMPLATES, Store


def read(store: Store, warn: Callable[[str], None]) -> Ledger:
    """Return the print ledger; *warn* is told of lines that are none."""
    found: list[Line] = []
    for path in disk.markdown_files(store.root / ARCHIVE):
        name = path.relative_to(store.root).as_posix()
        try:
            lines, strange = ledger.read(disk.read_text(path))
        except CardcliError as error:
            warn(_("left out: {error}").format(error=error))
            continue
        found += lines
        for number in strange:
            warn(
                _("{path}:{line}: this is no line of the print ledger; it is not counted").format(
                    path=name, line=number
                )
            )
    return ledger.ledger(found)


def record(store: Store, lines: Iterable[Line], command: str, staff: str = "") -> None:
    """Add lines to the ledger and commit them. Raises :class:`git.GitError` and what disk raises."""
    new: dict[str, list[Line]] = {}
    for line in lines:
        new.setdefault(ledger.path_of(line), []).append(line)
    clients = sorted({line.card for each in new.values() for line in each})
    with store.locked(command):
        store.commits.handwork(sorted(new))
        store.commits.note(sorted(new))
        for path, added in new.items():
            place = store.root / path
            text = disk.read_text(place) if place.is_file() else ""
            disk.write(place, ledger.added(text, added).encode())
        one = clients[0] if len(clients) == 1 else ""
        store.commits.commit(sorted(new), str(Message(command, one, staff=staff)))


def judged_as(store: Store, form: str) -> str:
    """Return the template by which paper is judged: with a template of the owner all of a card counts."""
    own = store.root / TEMPLATES / f"{content.INDEX_CARD}.typ.j2"
    return "" if form == content.INDEX_CARD and own.is_file() else form


class Archive:
    """The paper of all clients beside their cards, as of today."""

    def __init__(self, store: Store, today: dt.date, warn: Callable[[str], None]) -> None:
        self.store = store
        self.today = today
        self.ledger = read(store, warn)

    @functools.cached_property
    def lines(self) -> dict[str, index.Line]:
        """Return all clients by id, as lines of a list."""
        return self.store.ask(lambda snapshot: snapshot.lines_of(snapshot.ids()))

    @functools.cached_property
    def _unreadable(self) -> list[str]:
        """Return the names of the files that no client is read from."""
        found = self.store.ask(lambda snapshot: snapshot.left_out())
        return [PurePosixPath(path).stem for path, _card in found]

    def verdicts(self, card_id: str) -> list[Verdict]:
        """Return what is to be said of each form of a client that was ever printed."""
        return [self.verdict(card_id, form) for form in self.ledger.forms_of(card_id)]

    def verdict(self, card_id: str, form: str) -> Verdict:
        """Judge the paper of a form; a card is read only if it is another one than was printed."""
        line = self.lines.get(card_id)
        if line is None:
            return Verdict(card_id, form, "gone", (), tuple(self.ledger.of(card_id, form)))
        now = functools.partial(self.content, line.path, form)
        return status.verdict(self.ledger, card_id, form, self.revision(line.path), self.day, now)

    @functools.lru_cache(maxsize=1)  # noqa: B019 - of the client that is being judged
    def revision(self, path: str) -> str:
        """Return the revision of a card as it lies on the disk, without reading what it says."""
        return cards.revision_of(disk.read_bytes(self.store.root / path))

    def record(self, card_id: str) -> Record:
        """Return a client who is in the store."""
        return self._read(self.lines[card_id].path)

    def past(self, card_id: str, wanted: str) -> cards.Card | None:
        """Return the card as it was at a revision, None when the history does not have it."""
        if not self.store.uses_git:
            return None
        (data,) = self.store.git.contents([wanted])
        try:
            card = cards.parse((data or b"").decode("utf-8"), self.store.config.kinds)
        except (BadCardError, UnicodeDecodeError):
            return None
        return card if card.id == card_id else None

    @property
    def day(self) -> str:
        """Return today as ISO date."""
        return self.today.isoformat()

    def content(self, path: str, form: str) -> Content:
        """Return what a form would say today."""
        return content.of(self._read(path).card, judged_as(self.store, form), self.today)

    @functools.lru_cache(maxsize=1)  # noqa: B019
    def _read(self, path: str) -> Record:
        return records.read(self.store.root, path, self.store.config.kinds)

    def gone(self) -> list[Verdict]:
        """Return the paper of clients who were taken out of the store, as far as it is not destroyed."""
        found = []
        for card_id in self.ledger.cards:
            if card_id in self.lines or any(name.endswith(card_id) for name in self._unreadable):
                continue
            for form in self.ledger.forms_of(card_id):
                there = [
                    each
                    for each in self.ledger.of(card_id, form)
                    if each.onto == each.id and each.id not in self.ledger.marks
                ]
                if there:
                    found.append(Verdict(card_id, form, "gone", (), tuple(there)))
        return found
