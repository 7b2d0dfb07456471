"""Whether git can do its work for a store: merge, name who wrote, send. Nothing is changed here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cardcli import codes, dates, mergesetup, plumbing
from cardcli.git import GitError
from cardcli.language import _, ngettext
from cardcli.store import FILES, Store

_PATIENCE = 7
"""Days that changes may wait to be sent."""


def problems(store: Store) -> Iterator[tuple[str, str]]:
    """Yield codes and sentences about git in this store."""
    if mergesetup.missing(store):
        yield codes.DRIVER, _("the merge driver for cards is not set up")
    if what := store.git.unfinished():
        yield (
            codes.UNFINISHED,
            _("a git {what} has been begun and is not finished").format(what=what),
        )
    branch = plumbing.branch(store.git)
    if not branch:
        yield codes.UNFINISHED, _("the store stands on no branch (detached HEAD)")
    remotes = store.git.run("remote").decode().split()
    if not remotes:
        return
    if not _identity(store):
        yield codes.IDENTITY, _("git has no name for whoever works here (user.name, user.email)")
    remote = "origin" if "origin" in remotes else remotes[0]
    if branch and (days := _unsent_days(store, remote, branch)) >= _PATIENCE:
        yield (
            codes.UNSENT,
            ngettext(
                "changes have waited for {count} day to be sent to {remote}",
                "changes have waited for {count} days to be sent to {remote}",
                days,
            ).format(count=days, remote=remote),
        )


def _identity(store: Store) -> bool:
    """Tell whether git knows who works here without asking the name of the machine."""
    try:
        store.git.run("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    except GitError:
        return False
    return True


def _unsent_days(store: Store, remote: str, branch: str) -> int:
    """Return for how many days the oldest change has waited that the other place does not have."""
    tracked = plumbing.resolve(store.git, f"refs/remotes/{remote}/{branch}")
    waiting = [f"{tracked}..HEAD"] if tracked else ["HEAD"]
    try:
        times = store.git.run("log", "--format=%ct", *waiting).split()
    except GitError:  # no commit yet
        return 0
    if not times:
        return 0
    oldest = dt.datetime.fromtimestamp(min(map(int, times)), dt.UTC)
    return max(0, (dates.now() - oldest).days)


def changed_files(store: Store) -> Iterator[str]:
    """Yield the files of clients that are not what they were when they were added.

    What is attached is never written again by cardcli, so git's record of what was added tells.
    """
    added = _added(store)
    now = _listed(store)
    edited = set(_edited(store))
    for path, blob in now.items():
        if path in edited or added.get(path, blob) != blob:
            yield path


def _added(store: Store) -> dict[str, str]:
    """Return path -> blob of the last time each file was added."""
    try:
        output = store.git.run(
            "log", "--diff-filter=A", "--no-renames", "--raw", "--no-abbrev", "--relative", "-z",
            "--format=", "--", FILES,
        )  # fmt: skip
    except GitError:  # no commit yet
        return {}
    words = output.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0")
    words = [word for word in words if word]
    found: dict[str, str] = {}
    for header, path in zip(words[::2], words[1::2], strict=True):
        found.setdefault(path, header.split(" ")[3])  # the newest commit comes first
    return found


def _listed(store: Store) -> dict[str, str]:
    """Return path -> blob of the files git holds now."""
    output = store.git.run("ls-files", "--stage", "-z", "--", FILES).decode(
        "utf-8", "surrogateescape"
    )
    found = {}
    for line in output.split("\0")[:-1]:
        header, _tab, path = line.partition("\t")
        found[path] = header.split(" ")[1]
    return found


def _edited(store: Store) -> list[str]:
    """Return the files that differ from what git holds, without those that are gone."""
    output = store.git.run("ls-files", "--modified", "-z", "--", FILES).decode(
        "utf-8", "surrogateescape"
    )
    paths = output.split("\0")[:-1]
    return [path for path in paths if (store.root / path).exists()]
