"""Joining two clients in the store, and taking that back: cards, files, one commit each.

The commit ``merge KEPT OTHER`` is what a later unmerge goes by: before it lie both cards as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cardcli import clients, disk, parting, plumbing, readdressing, sync, uniting
from cardcli import record as records
from cardcli.card import Card, parse
from cardcli.commits import Message
from cardcli.errors import BadValueError, NotFoundError
from cardcli.language import _
from cardcli.merge import trees
from cardcli.parting import Parted
from cardcli.record import Record
from cardcli.store import FILES, Store
from cardcli.uniting import United

COMMAND, BACK = "merge", "unmerge"


class SameClientError(BadValueError):
    """A client was to be joined with themselves."""

    def __init__(self, card: Card) -> None:
        sentence = _("both are the same client: {id} {name}; nothing was changed")
        super().__init__(sentence.format(id=card.id, name=card.name))


class NotJoinedError(NotFoundError):
    """A card was not joined with the other one, or with none."""

    def __init__(self, card: Card, other: str) -> None:
        joined = ", ".join(old for old, _number in clients.merged(card))
        if other and joined:
            sentence = _("{other} was not joined with {id}; joined with it: {joined}")
        elif joined:
            sentence = _("several cards were joined with {id}; name one: {joined}")
        else:
            sentence = _("no card was joined with {id}")
        super().__init__(sentence.format(other=other, id=card.id, joined=joined))


class JoinForgottenError(NotFoundError):
    """The history of this store does not hold the commit that joined two cards."""

    def __init__(self, kept: str, other: str) -> None:
        sentence = _(
            "The history of this store does not hold the join of {other} with {id}, so it cannot be taken back."
        )
        super().__init__(sentence.format(other=other, id=kept))


class ThereAgainError(BadValueError):
    """The card that was joined lies in the store again."""

    def __init__(self, card_id: str, path: str) -> None:
        sentence = _("the card {id} is there: {path}; there is nothing to bring back")
        super().__init__(sentence.format(id=card_id, path=path))


@dataclass(frozen=True, slots=True)
class Done:
    """What a join or an unmerge wrote: both clients, and why git did not commit, or ""."""

    kept: Record
    other: Record
    git_error: str = ""


@dataclass(frozen=True, slots=True)
class Taking:
    """What taking a join back would do."""

    kept: Record
    other: Record
    parted: Parted
    files: Mapping[str, str] = field(default_factory=dict)


def plan(store: Store, kept: Record, other: Record, choices: Mapping[str, str]) -> United:
    """Return what joining two clients would make of them.

    Raises :class:`SameClientError` and uniting.CannotUniteError, which names the kept card.
    """
    if kept.card.id == other.card.id:
        raise SameClientError(kept.card)
    try:
        return uniting.unite(kept.card, other.card, choices, store.config.language)
    except uniting.CannotUniteError as error:
        raise error.at(kept.path) from None


def join(
    store: Store, kept_id: str, other_id: str, choices: Mapping[str, str], staff: str
) -> tuple[Done, United]:
    """Join two clients: their cards as they are now, under the lock.

    Raises :class:`sync.NoHistoryError` and what :func:`plan` raises.
    """
    _require_history(store)
    with store.locked(COMMAND):
        sync.commit_leftovers(store)  # so that the history has both cards as they are
        kept, other = store.by_id(kept_id), store.by_id(other_id)
        united = plan(store, kept, other, choices)
        files = _moved(store, other.card.id, readdressing.folder(kept.card.id, other.card.id))
        files[kept.path] = united.text.encode()
        files[other.path] = None
        message = Message(COMMAND, kept.card.id, staff=staff, other=other.card.id)
        error = store.rewrite(files, message)
    return Done(records.parsed(kept.path, united.text, store.config.kinds), other, error), united


def _require_history(store: Store) -> None:
    if not store.uses_git:
        raise sync.NoHistoryError


def _moved(store: Store, old: str, new: str) -> dict[str, bytes | None]:
    """Return what has to be written for the files of one folder to lie in another one."""
    files: dict[str, bytes | None] = {}
    for path in _files_in(store.root / FILES / old):
        inside = path.relative_to(store.root / FILES / old).as_posix()
        files[f"{FILES}/{new}/{inside}"] = disk.read_bytes(path)
        files[f"{FILES}/{old}/{inside}"] = None
    return files


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- and back ---------------------------------------------------------------------------------------


def joined_with(card: Card, wanted: str) -> str:
    """Return the id of the card that was joined with *card*; *wanted* is an id, a number or "".

    Raises :class:`NotJoinedError` when that is none, or not one.
    """
    found = [
        each for each, number in clients.merged(card) if not wanted or wanted in {each, number}
    ]
    if len(found) != 1:
        raise NotJoinedError(card, wanted)
    return found[0]


def taking_back(store: Store, kept: Record, other_id: str) -> Taking:
    """Return what taking back the join of *other_id* with a card would do.

    Raises :class:`JoinForgottenError`, :class:`ThereAgainError` and parting.CannotPartError.
    """
    _require_history(store)
    there = [path for path in store.paths() if trees.card_id(path.as_posix()) == other_id]
    if there:
        raise ThereAgainError(other_id, there[0].relative_to(store.root).as_posix())
    commit = _commit_of(store, kept.card.id, other_id)
    before = _cards(store, f"{commit}^", (kept.card.id, other_id))
    after = _cards(store, commit, (kept.card.id,))
    try:
        parted = parting.part(
            before[kept.card.id].card,
            before[other_id].card,
            after[kept.card.id].card,
            kept.card,
            store.config.language,
        )
    except parting.CannotPartError as error:
        raise error.at(kept.path) from None
    kinds = store.config.kinds
    return Taking(
        records.parsed(kept.path, parted.kept, kinds),
        records.parsed(before[other_id].path, parted.other, kinds),
        parted,
    )


def take_back(store: Store, kept_id: str, other_id: str, staff: str) -> tuple[Done, Taking]:
    """Take a join back under the lock. Raises what :func:`taking_back` raises."""
    _require_history(store)
    with store.locked(BACK):
        sync.commit_leftovers(store)
        taking = taking_back(store, store.by_id(kept_id), other_id)
        files = _moved(store, readdressing.folder(kept_id, other_id), other_id)
        for old, new in taking.parted.files.items():
            data = store.file(old)
            if data is not None:
                files |= {new: data, old: None}
        files[taking.other.path] = taking.parted.other.encode()
        files[taking.kept.path] = taking.parted.kept.encode()
        error = store.rewrite(files, Message(BACK, kept_id, staff=staff, other=other_id))
    return Done(taking.kept, taking.other, error), taking


def _commit_of(store: Store, kept_id: str, other_id: str) -> str:
    """Return the newest commit that joined two cards. Raises :class:`JoinForgottenError`."""
    subject = f"^{COMMAND} {kept_id} {other_id}$"
    found = store.git.run("log", "-1", "--format=%H", f"--grep={subject}", "HEAD").decode().strip()
    if not found or not plumbing.resolve(store.git, f"{found}^"):
        raise JoinForgottenError(kept_id, other_id)
    return found


def _cards(store: Store, commit: str, ids: tuple[str, ...]) -> dict[str, Record]:
    """Return cards as they were in a commit. Raises :class:`JoinForgottenError`."""
    root = plumbing.top(store.git)
    found: dict[str, Record] = {}
    for path, blob in plumbing.files(store.git, commit):
        card_id = trees.card_id(path)
        if card_id in ids:
            (data,) = store.git.contents([blob])
            inside = (root / path).relative_to(store.root).as_posix()
            text = (data or b"").decode("utf-8", "replace")
            found[card_id] = Record(inside, parse(text, store.config.kinds))
    if set(ids) - set(found):
        raise JoinForgottenError(ids[0], ids[-1])
    return found
