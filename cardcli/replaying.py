"""Joins of clients that one workplace made, made on what the other workplace has.

Before two histories meet, each join of one side is repeated on the other side and on their common
ancestor. Then all three know one client, and what was added to the old card elsewhere goes to the
card that was kept like any other change. Two sides that joined the same two clients each the other
way agree on the card with the smaller id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cardcli import clients, plumbing, readdressing, uniting
from cardcli.card import Card, parse
from cardcli.config import Config
from cardcli.errors import BadCardError
from cardcli.git import Git
from cardcli.merge import trees
from cardcli.merge.trees import REGULAR, Change

_MESSAGE = "joined clients\n"


@dataclass(frozen=True, slots=True)
class Aligned:
    """Three commits that know the same clients.

    ``carried`` are (old id, id) of cards that one side changed while the other side joined them.
    """

    base: str
    ours: str
    theirs: str
    carried: tuple[tuple[str, str], ...] = ()


@dataclass
class _Tree:
    """A commit with what is to be changed in it."""

    commit: str
    paths: dict[str, str]
    cards: dict[str, tuple[str, str]]
    removed: list[str] = field(default_factory=list)
    written: dict[str, tuple[str, str | bytes]] = field(default_factory=dict)


def align(
    git: Git, settings: Config, commits: Sequence[str], steps: Sequence[Sequence[Change]]
) -> Aligned:
    """Return the base and the two sides with the joins of either side made in all of them.

    *commits* are base, ours, theirs; *steps* what each side changed. Raises git.GitError.
    """
    base, ours, theirs = commits
    joins = [_joins(git, settings, changes) for changes in steps]
    if not any(joins):
        return Aligned(base, ours, theirs)
    return _Aligning(git, settings, commits, joins).run()


def _joins(git: Git, settings: Config, steps: Sequence[Change]) -> dict[str, str]:
    """Return the clients who went into another card on one side: id to the id of that card."""
    gone = {trees.card_id(each.old.path) for each in steps if each.old and not each.new} - {""}
    changed = [each.new for each in steps if each.new and trees.card_id(each.new.path)]
    if not gone or not changed:
        return {}
    found: dict[str, str] = {}
    for data in git.contents([file.blob for file in changed]):
        card = _card(data, settings)
        if card is not None:
            found |= {old: card.id for old, _number in clients.merged(card) if old in gone}
    return found


def _card(data: bytes | None, settings: Config) -> Card | None:
    try:
        return parse((data or b"").decode("utf-8"), settings.kinds)
    except (BadCardError, UnicodeDecodeError):
        return None


class _Aligning:
    def __init__(
        self, git: Git, settings: Config, commits: Sequence[str], joins: Sequence[Mapping[str, str]]
    ) -> None:
        self._git = git
        self._settings = settings
        self._trees = [self._tree(commit) for commit in commits]
        self._joins = dict(joins[0]) | dict(joins[1])
        self._crossed = [
            tuple(sorted((gone, kept)))
            for gone, kept in joins[0].items()
            if joins[1].get(kept) == gone
        ]

    def _tree(self, commit: str) -> _Tree:
        paths = dict(plumbing.files(self._git, commit))
        cards = {
            card_id: (path, blob)
            for path, blob in paths.items()
            if (card_id := trees.card_id(path))
        }
        return _Tree(commit, paths, cards)

    def run(self) -> Aligned:
        """Make all joins in all trees."""
        for kept, gone in self._crossed:
            self._joins.pop(kept, None)
            self._joins[gone] = kept
            for tree in self._trees[1:]:
                if gone in tree.cards and kept not in tree.cards:
                    self._exchange(tree, gone, kept)
        carried = []
        for gone in self._in_order():
            was = self._trees[0].cards.get(gone)
            for tree in self._trees[1:]:
                now = tree.cards.get(gone)
                if now and was and now[1] != was[1] and now[1] in tree.paths.values():
                    carried.append((gone, self._root(gone)[0]))
            for tree in self._trees:
                self._join(tree, gone)
        base, ours, theirs = (self._commit(tree) for tree in self._trees)
        return Aligned(base, ours, theirs, tuple(dict.fromkeys(carried)))

    def _in_order(self) -> Iterable[str]:
        """Return who went into another card, those first who went in through a third."""
        return sorted(self._joins, key=lambda gone: (-len(self._chain(gone)), gone))

    def _chain(self, gone: str) -> list[str]:
        """Return whom a client went into, whom that one, and so on; a circle ends it."""
        chain = [gone]
        while (following := self._joins.get(chain[-1])) and following not in chain:
            chain.append(following)
        return chain

    def _root(self, gone: str) -> tuple[str, str]:
        """Return the id of the card that is kept in the end, and the folder of the client's files."""
        chain = self._chain(gone)
        return chain[-1], "/".join(reversed(chain))

    def _join(self, tree: _Tree, gone: str) -> None:
        """Join a client with the one whom the other side joined them with, where both are there."""
        kept = self._joins[gone]
        place = ""
        if kept not in tree.cards:
            kept, place = self._root(gone)
        one, two = self._read(tree, kept), self._read(tree, gone)
        if one is None or two is None:
            return
        try:
            united = uniting.unite(one, two, language=self._settings.language, place=place)
        except BadCardError:
            return  # both cards stay, and “check” tells of it
        path = tree.cards[kept][0]
        self._write(tree, kept, path, united.text)
        self._remove(tree, gone)
        self._move(tree, path, gone, place or readdressing.folder(kept, gone))

    def _exchange(self, tree: _Tree, kept: str, wanted: str) -> None:
        """Let a joined card bear the id of the other of the two."""
        card, place = self._read(tree, kept), self._trees[0].cards.get(wanted)
        if card is None or place is None:
            return
        text = readdressing.exchanged(card, wanted)
        self._remove(tree, kept)
        self._write(tree, wanted, place[0], text)
        self._move(tree, place[0], readdressing.folder(kept, wanted), f"{wanted}/.")
        self._move(tree, place[0], kept, readdressing.folder(wanted, kept))

    def _read(self, tree: _Tree, card_id: str) -> Card | None:
        if card_id not in tree.cards:
            return None
        path, blob = tree.cards[card_id]
        content = tree.written[path][1] if path in tree.written else blob
        if isinstance(content, str):
            (data,) = self._git.contents([content])
        else:
            data = content
        return _card(data, self._settings)

    def _write(self, tree: _Tree, card_id: str, path: str, text: str) -> None:
        tree.written[path] = (REGULAR, text.encode())
        tree.cards[card_id] = (path, "")

    def _remove(self, tree: _Tree, card_id: str) -> None:
        path, _blob = tree.cards.pop(card_id)
        tree.written.pop(path, None)
        if path in tree.paths:
            tree.removed.append(path)

    def _move(self, tree: _Tree, card_path: str, old: str, new: str) -> None:
        """Move the files of one folder below ``files/`` to another; the store may lie deep in git."""
        store = card_path[: card_path.index("cards/")]
        source, target = f"{store}files/{old}/", f"{store}files/{new}/".replace("/./", "/")
        for path in [each for each in tree.paths if each.startswith(source)]:
            blob = tree.paths.pop(path)
            tree.removed.append(path)
            tree.written.pop(path, None)
            moved = target + path.removeprefix(source)
            tree.paths[moved] = blob
            tree.written[moved] = (REGULAR, blob)

    def _commit(self, tree: _Tree) -> str:
        if not tree.removed and not tree.written:
            return tree.commit
        files = ((path, mode, content) for path, (mode, content) in tree.written.items())
        removed = [path for path in tree.removed if path not in tree.written]
        made = plumbing.tree(self._git, tree.commit, removed, files)
        return plumbing.commit(self._git, made, [tree.commit], _MESSAGE)
