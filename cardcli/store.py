"""The store: the only door from cards to disk. Finding, reading, creating and changing cards."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cardcli import card as cards
from cardcli import config, disk, ids
from cardcli.card import BadCardError, Card
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.git import Git, GitError
from cardcli.language import _
from cardcli.text import slug

CARDS, FILES, TEMPLATES, OWN = "cards", "files", "templates", ".cardcli"
ATTRIBUTES = """cards/**/*.md merge=cardcli text eol=lf
cardcli.yaml merge=cardcli text eol=lf
"""
IGNORED = ".cardcli/\n.~*.tmp\n"
_PENDING, _PREFIX, _AT_WORK = "pending", "prefix", "git"
_DIGITS = re.compile(r"\d+")


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
        super().__init__(2, reason, paths[0])


@dataclass(frozen=True, slots=True)
class Record:
    """A card and the path of its file, relative to the store, with ``/``."""

    path: str
    card: Card


@dataclass(frozen=True, slots=True)
class Message:
    """What a commit says: the command, ids, and trailers. Never a person's data."""

    command: str
    card: str = ""
    entry: str = ""
    staff: str = ""

    def __str__(self) -> str:
        """Return the commit message."""
        subject = " ".join(part for part in (self.command, self.card, self.entry) if part)
        trailers = {"Card": self.card, "Entry": self.entry, "Staff": " ".join(self.staff.split())}
        lines = [f"{key}: {value}" for key, value in trailers.items() if value]
        return "\n".join([subject, *([""] if lines else []), *lines]) + "\n"


@dataclass(frozen=True, slots=True)
class Edit:
    """What a command makes of a card: its new text, the entry it is about, new files of the client."""

    text: str
    entry: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A finished write; ``git_error`` is why git did not commit it, "" when it did."""

    record: Record
    git_error: str = ""


@dataclass
class Store:
    """A folder of cards. ``broken`` collects the files that could not be read on the way."""

    root: Path
    config: config.Config
    git: Git
    wait: float = 10.0
    waiting: Callable[[str], None] | None = None
    broken: list[CardcliError] = field(default_factory=list)

    @property
    def own(self) -> Path:
        """Return the folder of derived and local files, ignored by git."""
        return self.root / OWN

    @functools.cached_property
    def uses_git(self) -> bool:
        """Tell whether changes are committed."""
        return self.config.git and self.git.has_repository()

    # --- reading ---

    def records(self) -> Iterator[Record]:
        """Yield every readable card, by path; the others go to ``broken``.

        Two files with the same id are both left out and reported: a command could not tell them apart.
        """
        self.broken.clear()
        found: dict[str, list[Record]] = {}
        for path in disk.markdown_files(self.root / CARDS):
            try:
                record = self._read(path)
            except CardcliError as error:
                self.broken.append(error)
                continue
            found.setdefault(record.card.id, []).append(record)
        for card_id, records in found.items():
            if len(records) == 1:
                yield records[0]
                continue
            for record in records:
                self.broken.append(
                    DoubledIdError(
                        card_id,
                        [record.path, *(each.path for each in records if each is not record)],
                    )
                )

    def _read(self, path: Path) -> Record:
        relative = path.relative_to(self.root).as_posix()
        try:
            card = cards.parse(disk.read_text(path), self.config.kinds)
        except BadCardError as error:
            raise error.at(relative) from None
        if not ids.is_id(card.id):
            line = next(
                (number for number, text in enumerate(card.lines, 1) if text.startswith("id:")), 1
            )
            reason = _("the card has no usable “id:”; write, for example, id: {id}").format(
                id=ids.new_id()
            )
            raise BadCardError(line, reason, relative)
        return Record(relative, card)

    def by_id(self, card_id: str) -> Record:
        """Return the card with this id. Raises UnknownIdError; BadCardError for an unreadable one.

        Only files that hold the id anywhere are read as cards; two cards with it are an error.
        """
        wanted = card_id.encode()
        holding = [
            path for path in self._paths() if wanted in path.name.encode() + disk.read_bytes(path)
        ]
        found, broken = [], []
        for path in holding:
            try:
                record = self._read(path)
            except CardcliError as error:
                broken.append((path, error))
                continue
            if record.card.id == card_id:
                found.append(record)
        if len(found) > 1:
            raise DoubledIdError(card_id, [record.path for record in found])
        if found:
            return found[0]
        for path, reason in broken:
            if path.stem.endswith(card_id):
                raise reason
        raise UnknownIdError(card_id)

    def file(self, relative: str) -> bytes | None:
        """Return a file of a client (a photo, say) by its path in the store, or None.

        Nothing outside ``files/`` is read, whatever a card says.
        """
        path = (self.root / relative).resolve()
        inside = path.is_relative_to((self.root / FILES).resolve())
        return disk.read_bytes(path) if inside and path.is_file() else None

    # --- writing ---

    def change(
        self, card_id: str, edit: Callable[[Card], Edit], command: str, staff: str = ""
    ) -> Saved:
        """Change one card: *edit* gets it as it is under the lock.

        New files are written before the card that names them, and taken back when it cannot be.
        """
        with self._lock(command):
            record = self.by_id(card_id)
            made = edit(record.card)
            message = Message(command, card_id, made.entry, staff)
            return self._save(
                record.path, made.text, message, made.files, changed=made.text != record.card.text
            )

    def replace(self, record: Record, text: str, message: Message) -> Saved:
        """Write *text* over a card that must still be as it was in *record*. Raises ChangedError."""
        with self._lock(message.command):
            if disk.read_text(self.root / record.path) != record.card.text:
                raise ChangedError(record.path)
            return self._save(record.path, text, message, {}, changed=text != record.card.text)

    def create(
        self, make: Callable[[str, str], str], name: str, command: str, staff: str = ""
    ) -> Saved:
        """Create a card: *make* gets its id and its number and returns its text."""
        with self._lock(command):
            known = list(self.records())
            taken = {record.card.id for record in known} | {
                path.stem[-ids.LENGTH :] for path in self._paths()
            }
            card_id = ids.new_id(taken)
            text = make(card_id, self._next_number(known))
            path = self._path_for(name, card_id)
            return self._save(
                path, text, Message(command, card_id, staff=staff), {}, changed=True, new=True
            )

    def _paths(self) -> list[Path]:
        return disk.markdown_files(self.root / CARDS)

    def _path_for(self, name: str, card_id: str) -> str:
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

    def _next_number(self, known: Sequence[Record]) -> str:
        """Return the next free card number of this workplace; a number once given is not reused."""
        prefix = self.prefix
        numbers = [record.card.number for record in known]
        remembered = self.own / "number"
        if remembered.is_file():
            numbers.append(disk.read_text(remembered).strip())
        pattern = re.compile(rf"{re.escape(prefix)}-?(\d+)") if prefix else _DIGITS
        used = [
            int(match[0 if not prefix else 1])
            for number in numbers
            if (match := pattern.fullmatch(number))
        ]
        number = (
            f"{prefix}-{max(used, default=0) + 1:05}"
            if prefix
            else f"{max(used, default=0) + 1:05}"
        )
        disk.write(remembered, number.encode())
        return number

    def _lock(self, command: str) -> contextlib.AbstractContextManager[None]:
        return disk.lock(self.own, self.wait, f"{command}, {os.getpid()}", self.waiting)

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
        touched = [path, *files] if changed else []
        self._sweep()
        self._note_pending(touched)
        try:
            for name, data in files.items():
                disk.write(self.root / PurePosixPath(name), data, new=True)
            if changed:
                disk.write(self.root / path, text.encode(), new=new)
        except CardcliError:
            for name in files:
                disk.remove(self.root / PurePosixPath(name))
            raise
        record = Record(path, cards.parse(text, self.config.kinds))
        return Saved(record, self._commit(str(message)))

    def _sweep(self) -> None:
        """Clear up after a command that was killed: it left its paths pending."""
        for folder in {(self.root / path).parent for path in self.pending()}:
            disk.sweep(folder)

    # --- git ---

    def _note_pending(self, paths: Sequence[str]) -> None:
        """Write down what is about to change, so that a killed command is committed by the next one."""
        if self.uses_git:
            for path in paths:
                disk.append_line(self.own / _PENDING, path)

    def will_commit(self, paths: Sequence[str]) -> None:
        """Let the next commit hold these files too."""
        self._note_pending(paths)

    def pending(self) -> list[str]:
        """Return the paths that were written and are not committed yet."""
        path = self.own / _PENDING
        return sorted(set(disk.read_text(path).splitlines())) if path.is_file() else []

    def _commit(self, message: str) -> str:
        """Commit all that is pending and return why git refused, or ""."""
        if not self.uses_git:
            return ""
        try:
            with self.git_at_work():
                self.git.commit(self.pending(), message)
        except GitError as error:
            return _explained(error.output)
        disk.remove(self.own / _PENDING)
        return ""

    def paths(self) -> list[Path]:
        """Return the files of all cards, readable or not."""
        return self._paths()

    def place_for(self, card: Card) -> str:
        """Return the path a card would have if it were new."""
        return self._path_for(card.name, card.id)

    @contextlib.contextmanager
    def git_at_work(self) -> Iterator[None]:
        """Mark, under the lock of the store, that our git changes the repository.

        A mark that is there already is that of a killed command: what locks its git left are
        nobody's. A lock without the mark is somebody else's and is respected.
        """
        mark = self.own / _AT_WORK
        if mark.is_file():
            for path in self.git.lock_files():
                disk.outlast(path)
        disk.append_line(mark, str(os.getpid()))
        try:
            yield
        finally:
            disk.remove(mark)

    def locked(self, command: str) -> contextlib.AbstractContextManager[None]:
        """Hold the lock of the store for *command*, which writes by other ways than ours."""
        return self._lock(command)

    def commit_paths(self, paths: Sequence[str], message: str) -> None:
        """Commit these files and what is pending. Raises :class:`git.GitError` with what to do."""
        self._note_pending(paths)
        if reason := self._commit(message):
            raise GitError(reason)

    def photo_path(self, card_id: str, date: str, word: str, suffix: str) -> str:
        """Return a free path for a picture: ``files/k7f3qd/2026-05-14-do.jpg``."""
        base = f"{FILES}/{card_id}/{date}-{word}"
        path, number = base + suffix, 1
        while (self.root / path).exists():
            number += 1
            path = f"{base}-{number}{suffix}"
        return path


def _explained(output: str) -> str:
    """Return git's words, with what to do where we know it."""
    if "gpg failed to sign" in output or "signing" in output:
        return (
            output
            + "\n"
            + _(
                "Commits are set to be signed (commit.gpgsign) and signing fails; mend it or switch it off for this store."
            )
        )
    if "index.lock" in output:
        return (
            output
            + "\n"
            + _("Another git is at work in the store; the next command commits this change.")
        )
    return output


def find_root(start: Path) -> Path:
    """Return the nearest folder upward that holds ``cardcli.yaml``. Raises :class:`NoStoreError`."""
    for folder in (start, *start.parents):
        if (folder / config.FILE).is_file():
            return folder
    raise NoStoreError(start)


def open_store(root: Path, variables: Mapping[str, str]) -> Store:
    """Open the store in *root*. Raises :class:`NoStoreError` and :class:`config.BadConfigError`."""
    path = root / config.FILE
    if not path.is_file():
        raise NoStoreError(root)
    settings = config.parse(disk.read_text(path))
    git = Git(root, config.git_environment(variables), settings.business)
    return Store(root, settings, git)


def create_store(root: Path, settings: str, variables: Mapping[str, str]) -> Store:
    """Make a new store in *root* with the text of its ``cardcli.yaml``; files that are there stay.

    Raises :class:`disk.AlreadyThereError` when the folder is a store already.
    """
    disk.write(root / config.FILE, settings.encode(), new=True)
    store = open_store(root, variables)
    for name in (CARDS, FILES, TEMPLATES):
        disk.make_folder(root / name)
    written = [config.FILE]
    for name, content in ((".gitattributes", ATTRIBUTES), (".gitignore", IGNORED)):
        if not (root / name).exists():
            disk.write(root / name, content.encode())
            written.append(name)
    if store.config.git:
        if not store.git.has_repository():
            store.git.init()
        store.git.commit(written, str(Message("init")))
    return store
