"""Taking a command back: a new commit that reverses just its change, whatever came after it.

The merge does it: its base is the state the command made, one side is the card as it is now, the
other is the state before the command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cardcli import changes, disk, merge, plumbing
from cardcli.archive import ledger
from cardcli.archive.ledger import Line
from cardcli.card import Card, parse
from cardcli.commits import Message
from cardcli.errors import BadCardError, CardcliError, ExitCode, NotFoundError
from cardcli.git import GitError
from cardcli.language import _
from cardcli.merge import lines, trees
from cardcli.merge.trees import Change, File
from cardcli.store import CARDS, Store

_LONGEST_COUNT = 3
_COMMITTED = ("commit", "fast-import")
"""What git notes of a commit when it moves a branch: that of ``git commit`` and of :mod:`quickcommit`."""
_FORM = "%H%x1f%P%x1f%an%x1f%aI%x1f%s%x1f%(trailers:key=Staff,valueonly,separator=%x2C)%x1f%gs"


class NothingToUndoError(NotFoundError):
    """No such command was given at this workplace."""

    def __init__(self, wanted: str) -> None:
        sentence = (
            _("There is no command “{wanted}” in the history of this store.").format(wanted=wanted)
            if wanted
            else _(
                "No command was given at this workplace yet; name a commit from “cardcli history”."
            )
        )
        super().__init__(sentence)


class CannotUndoError(CardcliError):
    """What the command wrote was changed since."""

    code = ExitCode.CHANGED

    def __init__(self, command: Command, reasons: Sequence[str]) -> None:
        super().__init__(
            "\n".join(
                [
                    _("“{subject}” cannot be taken back by itself:").format(
                        subject=command.subject
                    ),
                    *(f"  {reason}" for reason in reasons),
                ]
            )
        )


class NoCommandError(CannotUndoError):
    """It is no single command of this store: it made it, joined two, or reaches out of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as its commit tells it."""

    commit: str
    parents: tuple[str, ...]
    author: str
    when: str
    subject: str
    staff: str


@dataclass
class Plan:
    """What taking a command back does: files to write (None deletes), and that in words.

    The paths of ``files`` begin at *root*, the top of the repository.
    """

    command: Command
    root: Path
    files: dict[str, bytes | None] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    changed_since: list[str] = field(default_factory=list)


def command(store: Store, wanted: str) -> Command:
    """Return the command meant: "" the last one of this workplace, a count, or a commit.

    Raises :class:`NothingToUndoError`.
    """
    if wanted and not (wanted.isdecimal() and len(wanted) <= _LONGEST_COUNT):
        commit = plumbing.resolve(store.git, wanted)
        if not commit or not _in_history(store, commit):
            raise NothingToUndoError(wanted)
        return _commands(store, "log", "-1", commit)[0]
    count = int(wanted or "1")
    for each in _commands(store, "log", "--walk-reflogs", "HEAD"):
        if _in_history(store, each.commit):
            count -= 1
            if not count:
                return each
    raise NothingToUndoError(wanted)


def _commands(store: Store, *arguments: str) -> list[Command]:
    output = store.git.run(*arguments[:1], "-z", f"--format={_FORM}", *arguments[1:])
    found = []
    for record in output.decode("utf-8", "replace").split("\0"):
        if not record.strip():
            continue
        commit, parents, author, when, subject, staff, moved = record.split("\x1f")
        if "--walk-reflogs" not in arguments or moved.startswith(_COMMITTED):
            parts = tuple(parents.split())
            found.append(Command(commit.strip(), parts, author, when, subject, staff.strip()))
    return found


def _in_history(store: Store, commit: str) -> bool:
    return commit in plumbing.merge_bases(store.git, commit, "HEAD")


def plan(store: Store, wanted: Command) -> Plan:
    """Return what taking a command back would do now.

    Raises :class:`NoCommandError` for a merge, the beginning of the store, a commit that reaches out of it.
    """
    if len(wanted.parents) != 1:
        reason = (
            _("it joined the work of two workplaces; take back single commands of it")
            if wanted.parents
            else _("it made the store")
        )
        raise NoCommandError(wanted, [reason])
    root = plumbing.top(store.git)
    made = Plan(wanted, root)
    before = wanted.parents[0]
    steps = plumbing.changes(store.git, before, wanted.commit)
    touched = [file for step in steps for file in (step.old, step.new) if file]
    for file in touched:
        if not (root / file.path).is_relative_to(store.root):
            reason = _("it changed {path} too, outside of this store; “git revert” takes back both")
            raise NoCommandError(wanted, [reason.format(path=file.path)])
    names = [file.blob for file in touched]
    blobs = dict(zip(names, store.git.contents(names), strict=True))
    for step in steps:
        _reverse(store, root, step, blobs, made)
    return made


def _reverse(
    store: Store, root: Path, step: Change, blobs: dict[str, bytes | None], made: Plan
) -> None:
    before, after = (blobs.get(file.blob) if file else None for file in (step.old, step.new))
    path = _where_now(store, root, step)
    old_path = _where_before(root, step, path)
    now = disk.read_bytes(root / path) if (root / path).is_file() else None
    if now == before and path == old_path:
        return
    if now == after:
        _put(store, made, (path, old_path), now, before)
    elif before == after:  # the command moved the file, and somebody changed it since
        _put(store, made, (path, old_path), now, now)
    elif trees.is_ledger(path):
        texts = [(data or b"").decode("utf-8", "replace") for data in (after, now, before)]
        _put(store, made, (path, path), now, lines.merge(*texts).encode())
    elif now is None or before is None or after is None:
        made.changed_since.append(_since(path, now))
    else:
        _reverse_within(store, made, (path, old_path), (after, now, before))


def _since(path: str, now: bytes | None) -> str:
    if now is None:
        return _("{path} was deleted since").format(path=path)
    return _("{path} was changed since").format(path=path)


def _where_now(store: Store, root: Path, step: Change) -> str:
    """Return the path of a file today; a card is found by its id when it was renamed."""
    there: File | None = step.new or step.old
    path = there.path if there else ""
    card_id = trees.card_id(path)
    if not card_id or (root / path).is_file():
        return path
    for each in disk.markdown_files(store.root / CARDS):
        if trees.card_id(each.relative_to(root).as_posix()) == card_id:
            return each.relative_to(root).as_posix()
    return path


def _where_before(root: Path, step: Change, path: str) -> str:
    """Return the path that a file had before a command moved it, if it lies there still and can go back."""
    if not step.old or not step.new or path != step.new.path:
        return path
    return path if (root / step.old.path).exists() else step.old.path


def _put(
    store: Store,
    made: Plan,
    paths: tuple[str, str],
    now: bytes | None,
    then: bytes | None,
) -> None:
    """Write a file as it was, under the name it had."""
    path, old_path = paths
    if path != old_path:
        made.files[path] = None
        made.words.append(_("file of the card back at its old place"))
        path = old_path
    made.files[path] = then
    if trees.is_card(path):
        words = changes.between(_card(store, now), _card(store, then), store.config.currency)
        made.words += [each.words for each in words]
    elif trees.is_ledger(path):
        gone = _("out of the print ledger: {card}, {template}, {when}")
        back = _("in the print ledger again: {card}, {template}, {when}")
        for sentence, one, two in ((gone, now, then), (back, then, now)):
            kept = {each.id for each in _printed(two)}
            made.words += [
                sentence.format(card=each.card, template=each.form or each.what, when=each.time)
                for each in _printed(one)
                if each.id not in kept
            ]
    else:
        sentence = _("file removed: {path}") if then is None else _("file as before: {path}")
        made.words.append(sentence.format(path=path))


def _printed(data: bytes | None) -> list[Line]:
    return ledger.read((data or b"").decode("utf-8", "replace"))[0]


def _card(store: Store, data: bytes | None) -> Card | None:
    if data is None:
        return None
    text = data.decode("utf-8", "replace")
    try:
        return parse(text, store.config.kinds)
    except BadCardError:
        return Card(text, {})


def _reverse_within(
    store: Store, made: Plan, paths: tuple[str, str], versions: tuple[bytes, bytes, bytes]
) -> None:
    """Reverse a change in a file that others have changed since."""
    path, _old_path = paths
    _after, now, _before = versions
    try:
        after, current, before = (data.decode() for data in versions)
    except UnicodeDecodeError:
        made.changed_since.append(_since(path, now))
        return
    if not trees.is_card(path):
        made.changed_since.append(_since(path, now))
        return
    merged = merge.card(after, current, before, store.config.kinds, store.config.language)
    made.changed_since += [
        _("{what} was changed since: {value}").format(
            what=" ".join(part for part in (each.entry and f"^{each.entry}", each.field) if part),
            value=" ".join(each.kept.split()),
        )
        for each in merged.differences
    ]
    made.changed_since += [
        _("{what} was changed since").format(what=what) for what in dict.fromkeys(merged.kept)
    ]
    if merged.by_lines:
        made.changed_since.append(_since(path, now))
        return
    _put(store, made, paths, now, merged.text.encode())


def apply(store: Store, wanted: Command, staff: str, *, anyway: bool = False) -> Plan:
    """Take a command back and commit that. Raises :class:`CannotUndoError` and git.GitError.

    With *anyway* what was changed since stays, as after a merge.
    """
    with store.locked("undo"):
        made = plan(store, wanted)
        if made.changed_since and not anyway:
            raise CannotUndoError(wanted, made.changed_since)
        files = {
            (made.root / path).relative_to(store.root).as_posix(): data
            for path, data in made.files.items()
        }
        cards = {trees.card_id(path) for path in files} - {""}
        message = str(Message("undo", cards.pop() if len(cards) == 1 else "", "", staff))
        message += ("" if "\n\n" in message else "\n") + f"Undoes: {wanted.commit}\n"
        if files and (refused := store.rewrite(files, message)):
            raise GitError(refused)
    return made
