"""Exchanging a store with another place: commit, fetch, merge, push.

The network is used without the lock of the store; what came is merged and written under it. Files
are written first, then the index and the branch follow: a process that dies in between leaves
changed files, which the next run commits and merges once more, to the same end.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cardcli import config, disk, joining, merge, plumbing
from cardcli.commits import Message
from cardcli.errors import CardcliError, ExitCode
from cardcli.git import GitError, is_full
from cardcli.joining import Joined
from cardcli.language import N_, _
from cardcli.merge import lines, trees
from cardcli.merge.trees import Change
from cardcli.store import ARCHIVE, CARDS, FILES, TEMPLATES, Store

TRIES = 20
_STORE = (CARDS, FILES, TEMPLATES, ARCHIVE, "journeys", config.FILE, ".gitattributes", ".gitignore")
_RACE = re.compile(r"fetch first|non-fast-forward|cannot lock ref|failed to update ref|stale info")
_LOCKED = re.compile(r"Unable to create '([^'\n]+\.lock)': File exists")
_SENDING = "sending"
"""The mark that we are sending: when it is there before, a sync was killed at it."""
_NO_BRANCH = re.compile(r"couldn't find remote ref|does not appear to have any commits")
_CHECKED_OUT = re.compile(r"refusing to update checked out branch|branch is currently checked out")
_READ_ONLY = re.compile(
    r"unable to create temporary object directory|insufficient permission|[Pp]ermission denied|"
    r"protected branch|hook declined|read-only|denied to|not allowed"
)


class UnfinishedError(CardcliError):
    """The user has begun something with git that has to be ended first."""

    code = ExitCode.CHANGED

    def __init__(self, what: str) -> None:
        super().__init__(
            _(
                "A git {what} has been begun in this store and is not finished. Finish it (git {what} --continue) or drop it (git {what} --abort), then try again."
            ).format(what=what)
        )


class DetachedError(CardcliError):
    """HEAD is on no branch."""

    code = ExitCode.CHANGED

    def __init__(self) -> None:
        super().__init__(
            _("The store stands on no branch (detached HEAD). Go back with: git switch main")
        )


class NoRemoteError(CardcliError):
    """The store does not know another place."""

    def __init__(self) -> None:
        super().__init__(
            _("No other place is set up. Name one: cardcli sync --setup URL, or a folder.")
        )


class NoHistoryError(CardcliError):
    """The store is not in git."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This store is not in git, so it cannot be exchanged or taken back; “git init” in its folder begins a history."
            )
        )


_UNREACHABLE = N_("{remote} cannot be reached. Everything is committed here; sync again later.")
_REFUSALS: tuple[tuple[Callable[[str], object], str], ...] = (
    (
        _LOCKED.search,
        N_(
            "{remote} is locked. Everything is committed here, but not sent. If nobody is syncing there now, a killed git has left the lock: delete the file named below, then sync again."
        ),
    ),
    (
        _RACE.search,
        N_(
            "{remote} was being changed by somebody else at every try. Everything is committed here, but not sent; sync again later."
        ),
    ),
    (
        is_full,
        N_(
            "The exchange with {remote} stopped: there is no space left on a disk. Everything is committed here; make room, then sync again."
        ),
    ),
    (
        _READ_ONLY.search,
        N_(
            "{remote} does not take changes from you. Everything is committed here, and what was there has come in."
        ),
    ),
)
"""How git's words tell why the other place refused, the surest first, and what is said of it."""


class OfflineError(CardcliError):
    """The other place cannot be reached, or does not take what we have; all is committed here."""

    code = ExitCode.NOT_COMMITTED

    def __init__(self, remote: str, output: str) -> None:
        sentence = next((said for tells, said in _REFUSALS if tells(output)), _UNREACHABLE)
        words = [line for line in output.split("\n") if line.strip()]
        super().__init__("\n".join([_(sentence).format(remote=remote), *words[:3]]))


class NoSourceError(CardcliError):
    """There is no store to copy at this place, or it cannot be reached; nothing was made."""

    code = ExitCode.NOT_COMMITTED

    def __init__(self, place: str, output: str) -> None:
        sentence = _("{place} cannot be copied; no workplace was made.").format(place=place)
        words = [line for line in output.split("\n") if line.strip()]
        super().__init__("\n".join([sentence, *words[:3]]))


@dataclass
class Report:
    """What a sync did. ``came`` and ``went`` are paths of changed files."""

    remote: str = ""
    committed: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    taken_by_them: bool = True
    """False: the other place is somebody's work folder, which takes from us when it syncs."""


def refuse_unfinished(store: Store) -> str:
    """Return the current branch. Raises for a store without git, on no branch, or in a rebase."""
    if not store.uses_git:
        raise NoHistoryError
    if what := store.git.unfinished():
        raise UnfinishedError(what)
    branch = plumbing.branch(store.git)
    if not branch:
        raise DetachedError
    return branch


def remote_of(store: Store, given: str | None) -> str:
    """Return the name or address of the other place. Raises :class:`NoRemoteError`."""
    if given:
        return given
    names = store.git.run("remote").decode().split()
    if not names:
        raise NoRemoteError
    return "origin" if "origin" in names else names[0]


def changed_paths(store: Store) -> list[str]:
    """Return the files of the store that differ from the last commit, new ones too."""
    output = store.git.run(
        "--no-optional-locks",
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--untracked-files=all",
        "--",
        *_STORE,
    )
    root = plumbing.top(store.git)
    return [
        (root / line[3:]).relative_to(store.root).as_posix()
        for line in output.decode("utf-8", "surrogateescape").split("\0")
        if line
    ]


def commit_leftovers(store: Store) -> list[str]:
    """Commit what was edited by hand or left by a killed command, and return its paths."""
    paths = sorted({*changed_paths(store), *store.commits.pending()})
    if paths:
        store.commits.commit(paths, str(Message("sync")))
    return paths


def run(
    store: Store, given: str | None, progress: Callable[[str], None], *, dry_run: bool = False
) -> Report:
    """Exchange changes with the other place and say what was done.

    Raises :class:`OfflineError` and what :func:`refuse_unfinished` and :func:`remote_of` raise.
    """
    branch = refuse_unfinished(store)
    report = Report(remote_of(store, given))
    if dry_run:
        report.committed = changed_paths(store)
    else:
        with store.locked("sync"):
            report.committed = commit_leftovers(store)
    for _attempt in range(TRIES):
        progress(_("fetching from {remote}…").format(remote=report.remote))
        theirs = fetch(store, report.remote, branch)
        if dry_run:
            _foresee(store, theirs, report)
            return report
        if theirs:
            with store.locked("sync"):
                _take(store, theirs, report)
        progress(_("sending to {remote}…").format(remote=report.remote))
        refused = _push(store, branch, theirs, report)
        if not refused:
            return report
    raise OfflineError(report.remote, refused)


def fetch(store: Store, remote: str, branch: str) -> str:
    """Return the other place's commit, "" when it has none yet. Raises :class:`OfflineError`."""
    try:
        store.git.run("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{branch}")
    except GitError as error:
        if _NO_BRANCH.search(error.output):
            return ""
        raise OfflineError(remote, error.output) from None
    return plumbing.resolve(store.git, "FETCH_HEAD")


def _foresee(store: Store, theirs: str, report: Report) -> None:
    ours = plumbing.resolve(store.git, "HEAD")
    bases = plumbing.merge_bases(store.git, ours, theirs) if theirs else []
    base = bases[0] if bases else plumbing.EMPTY_TREE
    report.went = _paths(plumbing.changes(store.git, base, ours))
    report.came = _paths(plumbing.changes(store.git, base, theirs)) if theirs else []


def _paths(changes: Sequence[Change]) -> list[str]:
    return [file.path for change in changes if (file := change.new or change.old) is not None]


def _take(store: Store, theirs: str, report: Report) -> None:
    """Bring what they have into this store, under the lock."""
    commit_leftovers(store)
    ours = plumbing.resolve(store.git, "HEAD")
    bases = plumbing.merge_bases(store.git, ours, theirs)
    if theirs in bases:
        return
    if ours in bases:
        new = theirs
    else:
        joined = joining.join(store.git, store.config, ours, theirs)
        report.joined.append(joined)
        new = joined.commit
    came = plumbing.changes(store.git, ours, new)
    special = land(store, came)
    with store.commits.git_at_work():
        plumbing.move_to(store.git, ours, new, "sync")
        if special:
            store.git.run("checkout", "--quiet", "--", *(f":(top){path}" for path in special))
    report.came += _paths(came)


def land(store: Store, changes: Sequence[Change]) -> list[str]:
    """Write changed files; one that somebody saved meanwhile keeps what was saved in it.

    Return the paths left to git: links, programs, submodules.
    """
    special: list[str] = []
    git = store.git
    root = plumbing.top(git)
    blobs = sorted({file.blob for each in changes for file in (each.old, each.new) if file})
    found = dict(zip(blobs, git.contents(blobs), strict=True))
    for each in changes:
        old = found.get(each.old.blob) if each.old else None
        if each.new is None:
            _remove(root / each.old.path if each.old else root, old)
            continue
        path, new = root / each.new.path, found[each.new.blob]
        if new is None or each.new.mode != trees.REGULAR:
            special.append(each.new.path)
            continue
        source = root / each.old.path if each.old else path
        _write(store, source, path, (old, new))
        if source != path:
            disk.remove(source)
    return special


def _remove(path: Path, old: bytes | None) -> None:
    if path.is_file() and _same(disk.read_bytes(path), old):
        disk.remove(path)


def _write(store: Store, source: Path, path: Path, versions: tuple[bytes | None, bytes]) -> None:
    old, new = versions
    there = disk.read_bytes(source) if source.is_file() else None
    if there is None or _same(there, old) or _same(there, new):
        disk.write(path, new)
        return
    name = path.relative_to(store.root).as_posix()
    if trees.is_card(name) or trees.is_ledger(name):
        with contextlib.suppress(UnicodeDecodeError):
            texts = [(data or b"").decode() for data in (old, there, new)]
            disk.write(path, _merged(store, name, *texts).encode())
            return
    disk.write(path.with_name(Path(trees.copy_path(path.name, there)).name), there)
    disk.write(path, new)


def _merged(store: Store, path: str, base: str, mine: str, yours: str) -> str:
    if trees.is_ledger(path):
        return lines.merge(base, mine, yours)
    settings = store.config
    return merge.card(base, mine, yours, settings.kinds, settings.language).text


def _same(one: bytes, two: bytes | None) -> bool:
    """Tell whether two contents are one to git, which may have converted line ends."""
    return two is not None and one.replace(b"\r\n", b"\n") == two.replace(b"\r\n", b"\n")


def _push(store: Store, branch: str, theirs: str, report: Report) -> str:
    """Send what we have; return git's words when somebody else was faster, else ""."""
    ours = plumbing.resolve(store.git, "HEAD")
    if ours == theirs:
        return ""
    mark = store.own / _SENDING
    interrupted = mark.is_file()
    try:
        with disk.marked(mark):
            store.git.run("push", "--quiet", report.remote, f"{ours}:refs/heads/{branch}")
    except GitError as error:
        if _CHECKED_OUT.search(error.output):
            report.taken_by_them = False
            return ""
        if not _RACE.search(error.output):
            raise OfflineError(report.remote, error.output) from None
        if interrupted:
            _unlock(store, report.remote, error.output)
        return error.output
    report.went = _paths(plumbing.changes(store.git, theirs or plumbing.EMPTY_TREE, ours))
    return ""


def _unlock(store: Store, remote: str, output: str) -> None:
    """Outlast the lock that our killed sync left in another place that is a folder."""
    place = store.git.run("ls-remote", "--get-url", remote).decode().strip()
    place = place.removeprefix("file://")
    found = _LOCKED.search(output)
    if found and is_folder(place) and Path(found[1]).is_relative_to(store.root / place):
        disk.outlast(Path(found[1]))


def set_up(store: Store, place: str) -> None:
    """Name the other place ``origin``; a folder that is not there yet becomes an empty repository."""
    address = place
    if is_folder(place):
        folder = Path(place).expanduser().resolve()
        address = str(folder)
        if not folder.exists() or not any(folder.iterdir()):
            disk.make_folder(folder)
            store.git.run("init", "--quiet", "--bare", "--initial-branch=main", address)
    names = store.git.run("remote").decode().split()
    store.git.run(
        "remote", *(("set-url", "origin") if "origin" in names else ("add", "origin")), address
    )


def is_folder(place: str) -> bool:
    """Tell whether an address is a folder on this machine: no URL and no ``host:path``."""
    if "://" in place:
        return False
    return not re.match(r"[^/\\]{2,}:", place)
