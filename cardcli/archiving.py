"""The print ledger in the store: reading it, adding to it, in one commit a command."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cardcli import card as cards
from cardcli import disk
from cardcli.archive import ledger
from cardcli.archive.ledger import Ledger, Line
from cardcli.errors import CardcliError
from cardcli.language import _
from cardcli.store import ARCHIVE, Message, Store


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
        store.will_commit(sorted(new))
        for path, added in new.items():
            place = store.root / path
            text = disk.read_text(place) if place.is_file() else ""
            disk.write(place, ledger.added(text, added).encode())
        if store.uses_git:
            one = clients[0] if len(clients) == 1 else ""
            store.commit_paths(sorted(new), str(Message(command, one, staff=staff)))


def revision(store: Store, path: str) -> str:
    """Return the revision of the card at *path* as it lies on the disk, without reading its meaning."""
    return cards.revision(disk.read_text(store.root / path))
