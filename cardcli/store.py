"""The store: the only door from cards to disk. Finding, reading, creating and changing cards."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from cardcli import clients, config, disk, ids, journal
from cardcli.errors import BadCardError, CardcliError, ExitCode, NotFoundError
from cardcli.index import Index, Line, Snapshot
from cardcli.language import _
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:  # what only some commands need is imported where it is needed: start-up time
    from cardcli.card import Card
    from cardcli.commits import Commits, Message
    from cardcli.fulltext import Passage, Wanted
    from cardcli.git import Git
    from cardcli.index.rows import Settings
    from cardcli.record import Record

CARDS, FILES, TEMPLATES, ARCHIVE = "cards", "files", "templates", "archive"
OWN = ".cardcli"
_PREFIX, _NUMBER = "prefix", "number"
_ANSWER = TypeVar("_ANSWER")


class NoStoreError(NotFoundError):
    """There is no store here."""

    code = ExitCode.USAGE

    def __init__(self, place: Path) -> None:
        super().__init__(
            _(
                "There is no client store in {place} or above it. Make one with “cardcli init”, or name one with --store."
            ).format(
                place=place,
            ),
        )


class ChangedError(CardcliError):
    """The card was changed by somebody else since it was read."""

    code = ExitCode.CHANGED

    def __init__(self, path: str, draft: Path | None = None) -> None:
        sentence = _("{path} was changed by somebody else meanwhile; nothing was written.").format(
            path=path
        )
        if draft:
            sentence += " " + _(
                "Your text is kept in {draft}: copy from it what you need, then delete it."
            ).format(draft=draft)
        super().__init__(sentence)


class UnknownIdError(NotFoundError):
    """No card has this id."""

    def __init__(self, card_id: str) -> None:
        super().__init__(_("There is no card with the id {id}.").format(id=card_id))


class DoubledIdError(BadCardError):
    """Several files have the same id; the error is told of the first of *paths*."""

    def __init__(self, card_id: str, paths: Sequence[str]) -> None:
        reason = _("the id {id} is also used by {others}").format(
            id=card_id, others=", ".join(paths[1:])
        )
        from cardcli import codes  # start-up time

        super().__init__(2, reason, paths[0], codes.SAME_ID)


class Edit(NamedTuple):
    """What a command makes of a card: its new text, the entry it is about, new files of the client."""

    text: str
    entry: str = ""
    files: Mapping[str, bytes] = MappingProxyType({})


class Saved(NamedTuple):
    """A finished write; ``git_error`` is why git did not commit it, "" when it did."""

    record: Record
    git_error: str = ""


class Store:
    """A folder of cards. ``broken`` collects the files that could not be read on the way.

    *settings* is the text of ``cardcli.yaml``; it is understood when somebody asks.
    """

    def __init__(self, root: Path, settings: str, variables: Mapping[str, str]) -> None:
        self.root = root
        self.wait = 10.0
        self.waiting: Callable[[str], None] | None = None
        self.progress: Callable[[int, int], None] | None = None
        self.writing: Callable[[int, int], None] | None = None
        self.broken: list[CardcliError] = []
        self._settings = settings
        self._variables = variables

    @property
    def own(self) -> Path:
        """Return the folder of derived and local files, ignored by git."""
        return self.root / OWN

    @functools.cached_property
    def config(self) -> config.Config:
        """Return the settings. Raises :class:`config.BadConfigError`."""
        return config.parse(self._settings)

    @property
    def region(self) -> str:
        """Return the country whose rules phones are read by; seldom are all settings read for it."""
        plain = re.findall(
            r"^region:[ \t]*([A-Za-z]{2})[ \t]*(?:#.*)?$", self._settings, re.MULTILINE
        )
        return plain[0].upper() if len(plain) == 1 else self.config.region

    @functools.cached_property
    def git(self) -> Git:
        """Return git in the folder of the store."""
        from cardcli.git import Git

        return Git(self.root, config.git_environment(self._variables), self.config.business)

    @functools.cached_property
    def uses_git(self) -> bool:
        """Tell whether changes are committed."""
        return self.config.git and self.git.has_repository()

    @functools.cached_property
    def commits(self) -> Commits:
        """Return what commits the files that are written."""
        from cardcli.commits import Commits

        return Commits(self.own, self.git if self.uses_git else None)

    @functools.cached_property
    def _index(self) -> Index:
        return Index(
            self.root, CARDS, self.own, self._settings, self._understood, self._tell_progress
        )

    def _understood(self) -> Settings:
        from cardcli.index.rows import Settings

        services = tuple(service.name for service in self.config.services)
        return Settings(self.config.kinds, self.config.region, services, self.config.staff)

    def _tell_progress(self, done: int, all_: int) -> None:
        if self.progress:
            self.progress(done, all_)

    # --- reading ---

    def ask(self, question: Callable[[Snapshot], _ANSWER], *, texts: bool = False) -> _ANSWER:
        """Return what *question* finds out about all cards, without reading them where it can be helped.

        Only a question about *texts* may look for words in them.

        The files that no client is read from are named in ``broken``.
        """
        answer, left_out = self._index.ask(
            lambda snapshot: (question(snapshot), snapshot.left_out()), texts=texts
        )
        self.broken = list(self._reasons(left_out))
        return answer

    def _reasons(self, left_out: Sequence[tuple[str, str]]) -> Iterator[CardcliError]:
        """Say why files are left out: they cannot be read, or two of them have the same id.

        A command could not tell two cards with one id apart, so it takes neither.
        """
        for path, card_id in left_out:
            twins = [other for other, its_id in left_out if its_id == card_id]
            if card_id and len(twins) > 1:
                others = (other for other in twins if other != path)
                yield DoubledIdError(card_id, [path, *others])
                continue
            try:
                self.read(path)
            except CardcliError as error:
                yield error

    def mentioning(
        self, asked: Wanted, ids: Container[str] | None = None
    ) -> Iterator[tuple[Line, Passage]]:
        """Yield the passages that a full-text search asks for, of the clients with these *ids* only.

        The cards are known to be in order; only their bodies are read here.
        """
        from cardcli.card import Card
        from cardcli.fulltext import beginnings, passages

        words = beginnings(asked)
        for line in self.ask(lambda snapshot: snapshot.mentioning(words), texts=True):
            if ids is None or line.id in ids:
                card = Card(disk.read_text(self.root / line.path), {})
                yield from ((line, passage) for passage in passages(card, asked))

    def records(self) -> Iterator[Record]:
        """Yield every readable card, by path; the others go to ``broken``."""
        for path in self.ask(lambda snapshot: sorted(snapshot.live_files())):
            try:
                yield self.read(path)
            except CardcliError as error:  # damaged since we looked
                self.broken.append(error)

    def read(self, path: str) -> Record:
        """Return the card in a file of the store. Raises BadCardError and those of reading."""
        from cardcli import record

        return record.read(self.root, path, self.config.kinds)

    def by_id(self, card_id: str) -> Record:
        """Return the card with this id, or the one that it was joined with.

        Raises UnknownIdError; BadCardError for an unreadable one. Two cards with the id are an error.
        """
        found = self._find(card_id)
        if found is None:
            self._index.look_again()  # the file was moved or changed since we looked
            found = self._find(card_id)
        if found is None:
            raise UnknownIdError(card_id)
        return found

    def _find(self, card_id: str) -> Record | None:
        paths, left_out = self._index.ask(
            lambda snapshot: (snapshot.paths(card_id), snapshot.left_out())
        )
        if len(paths) > 1:
            raise DoubledIdError(card_id, paths)
        if not paths:
            paths = [path for path, _id in left_out if PurePosixPath(path).stem.endswith(card_id)]
        for path in paths:
            if (self.root / path).is_file():
                found = self.read(path)
                return found if found.card.id == card_id else None
        return self._heir(card_id)

    def _heir(self, card_id: str) -> Record | None:
        """Return the card that the one with this id was joined with."""
        for path in self._index.ask(lambda snapshot: snapshot.heirs(card_id)):
            if (self.root / path).is_file():
                found = self.read(path)
                joined = [old for old, _number in clients.merged(found.card)]
                return found if card_id in joined else None
        return None

    def file(self, relative: str) -> bytes | None:
        """Return a file of a client (a photo, say) by its path in the store, or None.

        Nothing outside ``files/`` is read, whatever a card says.
        """
        path = (self.root / relative).resolve()
        inside = path.is_relative_to((self.root / FILES).resolve())
        return disk.read_bytes(path) if inside and path.is_file() else None

    def files_of(self, card_id: str) -> list[str]:
        """Return the paths of the files of a client, in order."""
        return sorted(
            path for path, link in disk.files(self.root, f"{FILES}/{card_id}") if not link
        )

    # --- writing ---

    def change(
        self, card_id: str, edit: Callable[[Card], Edit], command: str, staff: str = ""
    ) -> Saved:
        """Change one card: *edit* gets it as it is under the lock.

        New files are written before the card that names them, and taken back when it cannot be.
        """
        from cardcli.commits import Message

        with self.locked(command):
            found = self.by_id(card_id)
            made = edit(found.card)
            message = Message(command, card_id, made.entry, staff)
            return self._save(
                found.path, made.text, message, made.files, changed=made.text != found.card.text
            )

    def replace(self, begun: Record, text: str, message: Message) -> Saved:
        """Write *text* over a card that must still be as it was in *begun*. Raises ChangedError."""
        with self.locked(message.command):
            if disk.read_text(self.root / begun.path) != begun.card.text:
                raise ChangedError(begun.path)
            return self._save(begun.path, text, message, {}, changed=text != begun.card.text)

    def create(
        self, make: Callable[[str, str], str], name: str, command: str, staff: str = ""
    ) -> Saved:
        """Create a card: *make* gets its id and its number and returns its text."""
        from cardcli.commits import Message

        with self.locked(command):
            numbers, known, files = self._index.ask(
                lambda snapshot: (snapshot.numbers(), snapshot.ids(), snapshot.files())
            )
            taken = {*known, *(PurePosixPath(path).stem[-ids.LENGTH :] for path in files)}
            card_id = ids.new_id(taken)
            number = self.free_numbers(numbers)[0]
            text = make(card_id, number)
            self.give_number(number)
            message = Message(command, card_id, staff=staff)
            return self._save(
                self.path_for(name, card_id), text, message, {}, changed=True, new=True
            )

    def rewrite(self, files: Mapping[str, bytes | None], message: Message | str) -> str:
        """Write several files, None deletes, as :meth:`write_together` does. The caller holds the lock."""
        were = {path: journal.now(self.root / path) for path in files}
        drafts = [
            journal.Draft(path, data, journal.digest(were[path]))
            for path, data in files.items()
            if data != were[path]
        ]
        return self._written(drafts, str(message))

    def path_for(self, name: str, card_id: str) -> str:
        """Return the path that a new card of this name and id gets."""
        from cardcli.text import slug

        folder = f"{CARDS}/{card_id[-1]}" if self.config.layout == "sharded" else CARDS
        return f"{folder}/{slug(name)}-{card_id}.md"

    @property
    def prefix(self) -> str:
        """Return the letters before card numbers: this workplace's own, else those of the store."""
        path = self.own / _PREFIX
        return disk.read_text(path).strip() if path.is_file() else self.config.prefix

    def set_prefix(self, letters: str) -> None:
        """Give this workplace card numbers of its own."""
        disk.write(self.own / _PREFIX, f"{letters}\n".encode())

    def free_numbers(self, known: Sequence[str], count: int = 1) -> list[str]:
        """Return so many free card numbers of this workplace; a number once given is not reused.

        Asked under the lock; those of *known* are taken. What is used of them is to be told to
        :meth:`give_number`.
        """
        prefix = self.prefix
        numbers = list(known)
        remembered = self.own / _NUMBER
        if remembered.is_file():
            numbers.append(disk.read_text(remembered).strip())
        pattern = re.compile(rf"{re.escape(prefix)}-?(\d+)" if prefix else r"(\d+)")
        used = [int(match[1]) for number in numbers if (match := pattern.fullmatch(number))]
        first = max(used, default=0) + 1
        return [
            f"{prefix}-{each:05}" if prefix else f"{each:05}"
            for each in range(first, first + count)
        ]

    def give_number(self, number: str) -> None:
        """Remember, under the lock of the store, that a number was given."""
        disk.write(self.own / _NUMBER, number.encode())

    @contextlib.contextmanager
    def locked(self, command: str) -> Iterator[None]:
        """Hold the lock of the store for *command*.

        What a killed command began in the journal is brought to its end first.
        """
        from cardcli.disk import locking  # readers need none

        with locking.lock(self.own, self.wait, f"{command}, {os.getpid()}", self.waiting):
            if journal.is_begun(self.own) and (begun := journal.read(self.own)):
                self._write_down(begun)
                self.commits.make(begun.message)
                journal.forget(self.own)
            yield

    def finish_begun(self) -> None:
        """Bring to its end what a killed command began, unless a command is at it now."""
        if not journal.is_begun(self.own):
            return
        from cardcli.disk.locking import LockedError

        wait, self.wait = self.wait, 0
        try:
            with contextlib.suppress(LockedError, disk.CannotWriteError), self.locked("finish"):
                pass
        finally:
            self.wait = wait

    def write_together(
        self, command: str, make: Callable[[], tuple[Sequence[journal.Draft], str]]
    ) -> str:
        """Write many files as one: all of them or none, in one commit; return why git refused, or "".

        *make* is asked under the lock for the drafts and the message of the commit. A process that is
        killed in the middle leaves a journal, which the next command brings to its end. Raises
        :class:`ChangedError` for a file that is not what its draft was made from.
        """
        with self.locked(command):
            drafts, message = make()
            for draft in drafts:
                if journal.digest(journal.now(self.root / draft.path)) != draft.was:
                    raise ChangedError(draft.path)
            return self._written(drafts, message) if drafts else ""

    def _written(self, drafts: Sequence[journal.Draft], message: str) -> str:
        """Write down drafts under the lock, by way of the journal, and commit them."""
        self.commits.handwork([draft.path for draft in drafts if draft.was])
        begun = journal.Begun(message, tuple(drafts))
        journal.write(self.own, begun)
        self._write_down(begun)
        refused = self.commits.make(message)
        journal.forget(self.own)
        return refused

    def _write_down(self, begun: journal.Begun) -> None:
        """Write the files of a journal; one that somebody changed since stays as it is."""
        files, old = journal.due(self.root, begun)
        self._sweep()
        self.commits.note([draft.path for draft in begun.drafts])
        try:
            disk.write_all(self.root, files, self.writing)
        except BaseException:
            with contextlib.suppress(CardcliError):  # else the next command goes on instead
                journal.take_back(self.root, files, old)
                journal.forget(self.own)
            raise
        finally:
            self._index.look_again()

    def _save(
        self,
        path: str,
        text: str,
        message: Message,
        files: Mapping[str, bytes],
        *,
        changed: bool,
        new: bool = False,
    ) -> Saved:
        """Write under the lock, then commit under it too: one commit per command, none mixed up."""
        self._sweep()
        self.commits.handwork([path] if changed and not new else [])
        self.commits.note([path, *files] if changed else [])
        created: list[str] = []
        try:
            for name, data in files.items():
                disk.write(self.root / PurePosixPath(name), data, new=True)
                created.append(name)
            if changed:
                disk.write(self.root / path, text.encode(), new=new)
        except CardcliError:
            for name in created:
                disk.remove(self.root / PurePosixPath(name))
            raise
        if changed:
            self._index.note(path)
        from cardcli import record

        saved = record.parsed(path, text, self.config.kinds)
        return Saved(saved, self.commits.make(str(message)))

    def _sweep(self) -> None:
        """Clear up after a command that was killed: it left its paths pending."""
        for folder in {(self.root / path).parent for path in self.commits.pending()}:
            disk.sweep(folder)

    def look_again(self) -> None:
        """Forget what is known of the cards: files were written or moved by other ways than ours."""
        self._index.look_again()

    def paths(self) -> list[Path]:
        """Return the files of all cards, readable or not."""
        return disk.markdown_files(self.root / CARDS)

    def photo_path(self, card_id: str, date: str, word: str, suffix: str) -> str:
        """Return a free path for a picture: ``files/k7f3qd/2026-05-14-do.jpg``."""
        base = f"{FILES}/{card_id}/{date}-{word}"
        path, number = base + suffix, 1
        while (self.root / path).exists():
            number += 1
            path = f"{base}-{number}{suffix}"
        return path


def find_root(start: Path) -> Path:
    """Return the nearest folder upward that holds ``cardcli.yaml``. Raises :class:`NoStoreError`."""
    for folder in (start, *start.parents):
        if disk.is_there(folder / config.FILE):
            return folder
    raise NoStoreError(start)


def open_store(root: Path, variables: Mapping[str, str]) -> Store:
    """Open the store in *root*. Raises :class:`NoStoreError`."""
    path = root / config.FILE
    if not path.is_file():
        raise NoStoreError(root)
    return Store(root, disk.read_text(path), variables)
