"""The commits of a store: one for each command, with all that it wrote and nothing else.

Paths are noted before their files are written. What a killed command noted, or what git refused, is
held by the next commit; so a failure of git only ever means “not committed yet”.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cardcli import disk, ids
from cardcli.errors import CardcliError
from cardcli.language import _
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:
    from cardcli.git import Git

_PENDING, _AT_WORK = "pending", "git"


class Message(NamedTuple):
    """What a commit says: the command, ids, and trailers. Never a person's data.

    ``other`` is the second card of a command that is about two.
    """

    command: str
    card: str = ""
    entry: str = ""
    staff: str = ""
    other: str = ""

    def __str__(self) -> str:
        """Return the commit message."""
        subject = " ".join(filter(None, (self.command, self.card, self.other, self.entry)))
        staff = " ".join(self.staff.split())
        trailers = {"Card": self.card, "Other": self.other, "Entry": self.entry, "Staff": staff}
        lines = [f"{key}: {value}" for key, value in trailers.items() if value]
        return "\n".join([subject, *([""] if lines else []), *lines]) + "\n"


class Commits:
    """The commits of one store; *own* is its folder of local files.

    Without *git* nothing is noted and nothing committed. All is done under the lock of the store.
    """

    def __init__(self, own: Path, git: Git | None) -> None:
        self._own = own
        self._git = git

    def note(self, paths: Sequence[str]) -> None:
        """Note what is about to be written or deleted: the next commit holds it."""
        if self._git and paths:
            disk.append_line(self._own / _PENDING, "\n".join(paths))

    def pending(self) -> list[str]:
        """Return the paths that were noted and are not committed yet."""
        path = self._own / _PENDING
        return sorted(set(disk.read_text(path).splitlines())) if path.is_file() else []

    def handwork(self, paths: Sequence[str]) -> None:
        """Commit what somebody changed by hand in these files, before a command changes them.

        So "undo" takes back the command alone. What git refuses here the next commit holds.
        """
        if not self._git:
            return
        with contextlib.suppress(CardcliError):
            if changed := self._git.differing(paths):
                found = {PurePosixPath(path).stem[-ids.LENGTH :] for path in changed}
                card_id = found.pop() if len(found) == 1 else ""
                self.note(changed)
                self.make(str(Message("edit", card_id if ids.is_id(card_id) else "")))

    def make(self, message: str) -> str:
        """Commit all that was noted and return why git refused, or ""."""
        if not self._git:
            return ""
        from cardcli import quickcommit
        from cardcli.git import GitError

        paths = self.pending()
        try:
            with self.git_at_work():
                if not quickcommit.commit(self._git, paths, message):
                    self._git.commit(paths, message)
        except GitError as error:
            return _explained(error.output)
        finally:
            disk.remove(self._git.other_index())
        disk.remove(self._own / _PENDING)
        return ""

    def commit(self, paths: Sequence[str], message: str) -> None:
        """Commit these files and what was noted. Raises :class:`git.GitError` with what to do."""
        from cardcli.git import GitError

        self.note(paths)
        if reason := self.make(message):
            raise GitError(reason)

    @contextlib.contextmanager
    def git_at_work(self) -> Iterator[None]:
        """Mark that our git changes the repository.

        A mark that is there already is that of a killed command: what locks its git left are
        nobody's. A lock without the mark is somebody else's and is respected.
        """
        mark = self._own / _AT_WORK
        if self._git and mark.is_file():
            for path in self._git.lock_files():
                disk.outlast(path)
        with disk.marked(mark):
            yield


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
