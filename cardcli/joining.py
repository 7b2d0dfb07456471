"""Two histories of a store become one: a merge commit with every doubly changed card settled.

Nothing here stops half-way: a tree always comes out, what could not be decided stands in the cards
under “To check”, and no file of the store is touched before the commit is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from cardcli import config, merge, numbers, plumbing, replaying
from cardcli.commits import Message
from cardcli.errors import CardcliError
from cardcli.git import Git
from cardcli.language import _
from cardcli.merge import Difference, sequences, trees
from cardcli.merge import lines as ledger_lines
from cardcli.merge.trees import Both, Change, File

_DEEPEST = 4
_WIDEST = 4
_LINES_OF = frozenset({".gitattributes", ".gitignore"})
Content = str | bytes
"""The id of a blob that is there, or the bytes of a new one."""


class UnrelatedError(CardcliError):
    """The other place holds a store that did not begin together with this one."""

    def __init__(self) -> None:
        super().__init__(
            _("The other place holds another store, not a copy of this one; nothing was changed.")
        )


@dataclass
class Joined:
    """What a merge did: the new commit, and what a person should know of it."""

    commit: str = ""
    differences: list[tuple[str, Difference]] = field(default_factory=list)
    by_lines: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    renumbered: list[numbers.Renumbered] = field(default_factory=list)
    merged: int = 0
    carried: list[tuple[str, str]] = field(default_factory=list)
    """(old id, id): a card that was changed on one side and joined with another one on the other."""
    returned: list[str] = field(default_factory=list)
    """Ids of cards that one side took out and the other changed: they stay."""


@dataclass
class _Plan:
    """Our tree becomes the merged one by taking out and putting in these files."""

    removed: list[str] = field(default_factory=list)
    files: dict[str, tuple[str, Content]] = field(default_factory=dict)

    def move(self, old: File | None, path: str, mode: str, content: Content) -> None:
        if old is not None and old.path != path:
            self.removed.append(old.path)
        self.files[path] = (mode, content)

    def apply(self, change: Change) -> None:
        if change.new is None:
            self.removed += [change.old.path] if change.old else []
        else:
            self.move(change.old, change.new.path, change.new.mode, change.new.blob)


def join(git: Git, settings: config.Config, ours: str, theirs: str) -> Joined:
    """Merge the commit *theirs* into *ours* and return the merge commit, which no branch holds yet.

    Raises :class:`UnrelatedError` and git.GitError.
    """
    return _Joining(git, settings).commit(ours, theirs, str(Message("sync")), 0)


class _Joining:
    def __init__(self, git: Git, settings: config.Config) -> None:
        self._git = git
        self._settings = settings

    def commit(self, ours: str, theirs: str, message: str, depth: int) -> Joined:
        base = self._base(ours, theirs, depth)
        result = Joined()
        start = ours
        mine, yours = (plumbing.changes(self._git, base, side) for side in (ours, theirs))
        if not depth:
            now = replaying.align(self._git, self._settings, (base, ours, theirs), (mine, yours))
            if now.base != base or now.ours != ours or now.theirs != theirs:
                start, result.carried = now.ours, list(now.carried)
                mine, yours = (
                    plumbing.changes(self._git, now.base, side) for side in (now.ours, now.theirs)
                )
        plan = self._plan(mine, yours, result)
        result.returned = sorted(_gone(mine) & _changed(yours) | _gone(yours) & _changed(mine))
        if not depth:
            self._settle_numbers(plan, mine, yours, result)
        tree = plumbing.tree(
            self._git,
            start,
            [path for path in plan.removed if path not in plan.files],
            ((path, mode, content) for path, (mode, content) in plan.files.items()),
        )
        result.commit = plumbing.commit(self._git, tree, [ours, theirs], message)
        return result

    def _base(self, ours: str, theirs: str, depth: int) -> str:
        """Return the common ancestor; of several a merge of them, as git's own recursion does."""
        bases = plumbing.merge_bases(self._git, ours, theirs)
        if not bases:
            raise UnrelatedError
        if depth >= _DEEPEST:
            return bases[0]
        base = bases[0]
        for other in bases[1:_WIDEST]:
            base = self.commit(base, other, "base\n", depth + 1).commit
        return base

    def _plan(self, mine: Sequence[Change], yours: Sequence[Change], result: Joined) -> _Plan:
        plan = _Plan()
        doubly: list[Both] = []
        for step in trees.merge(mine, yours):
            if isinstance(step, Change):
                plan.apply(step)
            else:
                doubly.append(step)
        blobs = self._blobs(file for each in doubly for file in (each.base, each.one, each.two))
        for each in doubly:
            self._merge_file(each, blobs, plan, result)
        return plan

    def _blobs(self, files: Iterable[File | None]) -> dict[str, bytes]:
        names = sorted({file.blob for file in files if file is not None})
        found = zip(names, self._git.contents(names), strict=True)
        return {name: data for name, data in found if data is not None}

    def _merge_file(self, both: Both, blobs: dict[str, bytes], plan: _Plan, result: Joined) -> None:
        base, one, two = both.base, both.one, both.two
        was = base.blob if base else ""
        mode = two.mode if base and one.mode == base.mode else one.mode
        content: Content
        if one.blob in (two.blob, was):
            content = two.blob
        elif two.blob == was:
            content = one.blob
        else:
            versions = [blobs.get(file.blob, b"") if file else b"" for file in (base, one, two)]
            content = self._merge_content(both.path, versions, plan, result)
            result.merged += 1
        plan.removed += [path for path in {one.path, two.path} if path != both.path]
        plan.files[both.path] = (mode, content)

    def _merge_content(
        self, path: str, versions: Sequence[bytes], plan: _Plan, result: Joined
    ) -> bytes:
        try:
            base, one, two = (data.decode("utf-8") for data in versions)
        except UnicodeDecodeError:
            return _with_copy(path, versions, plan, result)
        if any(b"\0" in data for data in versions):
            return _with_copy(path, versions, plan, result)
        if trees.is_card(path):
            return self._merge_card(path, base, one, two, result).encode()
        if trees.is_ledger(path):
            return ledger_lines.merge(base, one, two).encode()
        if PurePosixPath(path).name == config.FILE:
            return merge.settings(base, one, two, self._settings.language).text.encode()
        lines = _merge_lines(path, base, one, two)
        return _with_copy(path, versions, plan, result) if lines is None else lines.encode()

    def _merge_card(self, path: str, base: str, one: str, two: str, result: Joined) -> str:
        kinds = self._settings.kinds
        merged = merge.card(base, one, two, kinds, self._settings.language)
        if merged.by_lines:
            result.by_lines.append(path)
        result.differences += [(trees.card_id(path), each) for each in merged.differences]
        return merged.text

    def _settle_numbers(
        self, plan: _Plan, mine: Sequence[Change], yours: Sequence[Change], result: Joined
    ) -> None:
        """Give the younger of two new cards with one number the next free one."""
        fresh = [
            change.new
            for change in (*mine, *yours)
            if change.new and not change.old and trees.is_card(change.new.path)
        ]
        blobs = self._blobs(fresh)
        texts = {
            file.path: content.decode("utf-8", "replace")
            for file in fresh
            if (content := blobs.get(file.blob)) is not None
        }
        if not numbers.clash(texts):
            return
        for renumbered in numbers.settle(texts, self._used_numbers(plan)):
            path = renumbered.path
            mode = plan.files.get(path, (trees.REGULAR, b""))[0]
            plan.files[path] = (mode, renumbered.text.encode())
            result.renumbered.append(renumbered)

    def _used_numbers(self, plan: _Plan) -> list[str]:
        """Return the numbers of all cards that are on this disk or come in."""
        texts = self._git.run("grep", "-h", "-E", "^number:", "HEAD", "--", ":(top)*.md")
        found = [line.partition(":")[2] for line in texts.decode("utf-8", "replace").split("\n")]
        blobs = self._git.contents(
            [content for _mode, content in plan.files.values() if isinstance(content, str)]
        )
        incoming = [data.decode("utf-8", "replace") for data in blobs if data is not None]
        return [*(value.strip().strip("\"'") for value in found), *map(numbers.number_of, incoming)]


def _gone(steps: Sequence[Change]) -> set[str]:
    return {trees.card_id(each.old.path) for each in steps if each.old and not each.new} - {""}


def _changed(steps: Sequence[Change]) -> set[str]:
    return {trees.card_id(each.new.path) for each in steps if each.old and each.new} - {""}


def _with_copy(path: str, versions: Sequence[bytes], plan: _Plan, result: Joined) -> bytes:
    """Keep both versions of what cannot be merged: the greater in its place, the other beside it."""
    low, high = sorted(versions[1:])
    copy = trees.copy_path(path, low)
    plan.files[copy] = (trees.REGULAR, low)
    result.copies.append(copy)
    return high


def _merge_lines(path: str, base: str, one: str, two: str) -> str | None:
    """Return a text merged by lines, or None when both sides changed the same ones."""
    clashed: list[int] = []

    def choose(was: list[str], low: list[str], high: list[str]) -> list[str]:
        clashed.append(1)
        return sequences.keep_both(was, low, high)

    lines = sequences.merge([text.split("\n") for text in (base, one, two)], choose=choose)
    if (clashed or not base) and PurePosixPath(path).name not in _LINES_OF:
        return None
    return "\n".join(lines)
