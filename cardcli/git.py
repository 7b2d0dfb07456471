"""git as a program: one function runs it. A git failure only ever means "not committed"."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _
from cardcli.tuples import NamedTuple

# the patterns are compiled when they are first needed: start-up time
_UNKNOWN_PATH = r"pathspec .* did not match any file"
_NO_IDENTITY = r"(?i)tell me who you are|no (?:email|name) was given|empty ident|auto-detect"
_NOTHING = r"nothing (?:added )?to commit|no changes added to commit"
_FULL = r"No space left|Out of diskspace|[Dd]isk quota exceeded"
FALLBACK_EMAIL = "cardcli@localhost"
_SHA1 = 40
_UNFINISHED = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
    "BISECT_LOG": "bisect",
}
_MANY = 200
"""Paths from which on they are handed to git through a pipe."""


def is_full(output: str) -> bool:
    """Tell whether git said that the disk is full."""
    return re.search(_FULL, output) is not None


class GitError(CardcliError):
    """git failed, or is not installed; ``output`` is what it said."""

    code = ExitCode.NOT_COMMITTED

    def __init__(self, output: str) -> None:
        hint = _("There is no space left on the disk. Make room and give the command again.")
        super().__init__(f"{output}\n{hint}" if is_full(output) else output)
        self.output = output


class NoGitError(GitError):
    """The program git is not installed."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self) -> None:
        super().__init__(_("git is not installed; install it, or use cardcli init --no-git"))


class Commit(NamedTuple):
    """A commit of a store: who, when (ISO 8601 with zone), subject and trailers."""

    id: str
    author: str
    when: str
    subject: str
    staff: str
    path: str = ""


class Git(NamedTuple):
    """git in one folder; *identity* is the name for commits where the user has set none."""

    root: Path
    environment: Mapping[str, str]
    identity: str = "cardcli"

    def run(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run git and return its output. Raises :class:`GitError` with its own words."""
        import subprocess

        command = ["git", "-c", "core.quotePath=false", "-c", "core.safecrlf=false", *arguments]
        try:
            done = subprocess.run(
                command,
                cwd=self.root,
                env=dict(self.environment),
                input=data,
                capture_output=True,
                check=False,
            )
        except FileNotFoundError:
            raise NoGitError from None
        if done.returncode:
            words = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise GitError(words or f"git {arguments[0]}: {done.returncode}")
        return done.stdout

    def has_repository(self) -> bool:
        """Tell whether the folder lies in a git work tree, as git itself looks for it."""
        return any((folder / ".git").exists() for folder in (self.root, *self.root.parents))

    def folder(self) -> Path | None:
        """Return git's own folder of this work tree, or None where there is no repository."""
        for folder in (self.root, *self.root.parents):
            place = folder / ".git"
            if place.is_file():  # a linked work tree or a submodule says where its folder is
                words = place.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
                place = folder / words
            if place.is_dir():
                return place
        return None

    def config_file(self) -> Path | None:
        """Return this clone's own configuration file, or None where there is no repository."""
        place = self.folder()
        if place is not None and (place / "commondir").is_file():
            place /= (place / "commondir").read_text("utf-8").strip()
        return place / "config" if place else None

    def lock_files(self) -> list[Path]:
        """Return the locks that git itself holds while it changes the index or a branch."""
        own, settings = self.folder(), self.config_file()
        if own is None or settings is None:
            return []
        found = [own / "index.lock", own / "HEAD.lock"]
        found += (settings.parent / "refs" / "heads").rglob("*.lock")
        return [path for path in found if path.exists()]

    def unfinished(self) -> str:
        """Return what the user has begun with git and not ended: merge, rebase …, or ""."""
        folder = self.folder()
        for name, what in _UNFINISHED.items():
            if folder is not None and (folder / name).exists():
                return what
        return ""

    def init(self) -> None:
        """Make the folder a repository."""
        self.run("init", "--quiet", "--initial-branch=main")

    def commit(self, paths: Sequence[str], message: str) -> None:
        """Commit just these paths, new, changed or deleted; what the user has staged stays staged.

        Raises :class:`GitError`.
        """
        if len(paths) > _MANY:
            self._commit_many(paths, message)
            return
        try:
            self._commit(paths, message)
        except GitError as error:
            if not re.search(_UNKNOWN_PATH, error.output):
                raise
            if existing := [path for path in paths if os.path.lexists(self.root / path)]:
                self.run("add", "--all", "--", *existing)
            self._commit(self._known(paths), message)

    def _commit_many(self, paths: Sequence[str], message: str) -> None:
        """Do what ``commit --only`` does with more paths than a command line should hold.

        Its time grows with the square of their number; this takes them from a pipe.
        """
        index = {"GIT_INDEX_FILE": str(self.other_index())}
        other = self._replace(environment={**self.environment, **index})
        has_head = self._has_head()
        other.run("read-tree", *(["HEAD"] if has_head else ["--empty"]))
        other.take(paths)
        if not has_head or other.run("diff-index", "--cached", "--name-only", "HEAD"):
            commit = ["commit", "--quiet", "--cleanup=whitespace", "--file=-"]
            other.run_as_somebody(*commit, data=message.encode())
        self.take(paths)

    def other_index(self) -> Path:
        """Return the index that commits of many paths are made from; it is of no use afterwards."""
        return (self.folder() or self.root) / "cardcli-index"

    def _has_head(self) -> bool:
        try:
            self.run("rev-parse", "--verify", "--quiet", "HEAD")
        except GitError:
            return False
        return True

    def take(self, paths: Sequence[str]) -> None:
        """Let the index say of these paths what the work tree says. Raises :class:`GitError`."""
        names = [path for path in paths if not (self.root / path).is_dir()]
        data = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in names)
        self.run("update-index", "--add", "--remove", "-z", "--stdin", data=data)

    def _known(self, paths: Sequence[str]) -> list[str]:
        """Leave out files and folders that are neither there nor known to git."""
        listed = (
            self.run("ls-files", "-z", "--", *paths).decode("utf-8", "surrogateescape").split("\0")
        )
        return [
            path
            for path in paths
            if any(each == path or each.startswith(f"{path}/") for each in listed)
        ]

    def _commit(self, paths: Sequence[str], message: str) -> None:
        if not paths:
            return
        commit = ["commit", "--quiet", "--cleanup=whitespace", "--file=-", "--only", "--", *paths]
        try:
            self.run_as_somebody(*commit, data=message.encode())
        except GitError as error:
            if not re.search(_NOTHING, error.output):
                raise

    def run_as_somebody(self, *arguments: str, data: bytes) -> bytes:
        """Run what makes a commit; the store's name stands in where the user has set none."""
        try:
            return self.run("-c", "user.useConfigOnly=true", *arguments, data=data)
        except GitError as error:
            if not re.search(_NO_IDENTITY, error.output):
                raise
            who = ["-c", f"user.name={self.identity or 'cardcli'}"]
            return self.run(*who, "-c", f"user.email={FALLBACK_EMAIL}", *arguments, data=data)

    def history(self, path: str, until: str = "HEAD") -> list[Commit]:
        """Return the commits that changed a file, newest first; renames are followed.

        A merge is among them when its file is that of no parent.
        """
        form = "%x1e%H%x1f%an%x1f%aI%x1f%s%x1f%(trailers:key=Staff,valueonly,separator=%x2C)%x1f"
        shown = ("--follow", "-c", "--date-order", "--name-only", "-z", f"--format={form}")
        output = self.run("log", *shown, until, "--", path)
        commits = []
        for record in output.decode("utf-8", "replace").split("\x1e")[1:]:
            fields = record.split("\x1f")
            name = fields[5].strip("\0\n").split("\0")[0]
            commit, author, when, subject, staff = (part.strip() for part in fields[:5])
            commits.append(Commit(commit, author, when, subject, staff, name))
        return commits

    def blob_ids(self, specs: Sequence[str]) -> list[str]:
        """Return the ids of the blobs called ``COMMIT:PATH``, "" for one that does not exist."""
        if not specs:
            return []
        data = "".join(f"{spec}\n" for spec in specs).encode("utf-8", "surrogateescape")
        output = self.run("cat-file", "--batch-check", data=data).decode("utf-8", "replace")
        found = [line.split(" ") for line in output.split("\n")[:-1]]
        return [words[0] if words[-2:-1] == ["blob"] else "" for words in found]

    def differing(self, paths: Sequence[str]) -> list[str]:
        """Return those of some files that are not in the last commit as they lie in the folder.

        Line ends that git may have converted do not count. Raises :class:`GitError`.
        """
        there = [path for path in paths if (self.root / path).is_file()]
        known = self.blob_ids([f"HEAD:./{path}" for path in there])
        return [
            path
            for path, blob in zip(there, known, strict=True)
            if not _is_blob((self.root / path).read_bytes(), blob)
        ]

    def contents(self, specs: Sequence[str]) -> list[bytes | None]:
        """Return the blobs called ``COMMIT:PATH``, None for one that does not exist."""
        if not specs:
            return []
        data = "".join(f"{spec}\n" for spec in specs).encode("utf-8", "surrogateescape")
        output = self.run("cat-file", "--batch", data=data)
        found: list[bytes | None] = []
        position = 0
        for _spec in specs:
            end = output.index(b"\n", position)
            header = output[position:end].split(b" ")
            if header[-1].isdigit() and header[-2] == b"blob":
                size = int(header[-1])
                found.append(output[end + 1 : end + 1 + size])
                position = end + 1 + size + 1
            else:
                found.append(None)
                position = end + 1
        return found


def _is_blob(data: bytes, blob: str) -> bool:
    """Tell whether a content is the blob with this id, a SHA-1 or a SHA-256 over a header and it."""
    import hashlib

    digest = hashlib.sha1 if len(blob) == _SHA1 else hashlib.sha256
    return any(
        digest(b"blob %d\0%b" % (len(each), each), usedforsecurity=False).hexdigest() == blob
        for each in (data, data.replace(b"\r\n", b"\n"))
    )
