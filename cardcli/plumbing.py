"""git's objects: differences of trees, new trees and commits made without touching a file.

A merge is made here whole before anything of it is seen, so a process that dies leaves no merge
half done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cardcli.git import Git, GitError
from cardcli.merge.trees import Change, File, joined
from cardcli.quickcommit import quoted

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_SCRATCH = "refs/cardcli/scratch"
_NONE = "000000"


def resolve(git: Git, name: str) -> str:
    """Return the id of the commit called *name*, or "" when there is none."""
    try:
        return git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except GitError:
        return ""


def branch(git: Git) -> str:
    """Return the name of the current branch, or "" when HEAD is detached."""
    try:
        return git.run("symbolic-ref", "--quiet", "--short", "HEAD").decode().strip()
    except GitError:
        return ""


def merge_bases(git: Git, one: str, two: str) -> list[str]:
    """Return the best common ancestors of two commits, none when they have none."""
    try:
        return sorted(git.run("merge-base", "--all", one, two).decode().split())
    except GitError:
        return []


def changes(git: Git, old: str, new: str) -> list[Change]:
    """Return what differs between two commits or trees; paths are those of the repository."""
    output = git.run("diff-tree", "-r", "-z", "--no-renames", "--full-index", old, new)
    words = output.decode("utf-8", "surrogateescape").split("\0")[:-1]
    removed, added, kept = [], [], []
    for header, path in zip(words[::2], words[1::2], strict=True):
        old_mode, new_mode, old_blob, new_blob, _status = header.lstrip(":").split(" ")
        was = File(path, old_mode, old_blob) if old_mode != _NONE else None
        now = File(path, new_mode, new_blob) if new_mode != _NONE else None
        if was and now:
            kept.append(Change(was, now))
        elif was:
            removed.append(was)
        elif now:
            added.append(now)
    return joined(removed, added, kept)


def files(git: Git, commit: str, *paths: str) -> list[tuple[str, str]]:
    """Return (path, id of the content) of the files of a commit, below *paths* of the repository."""
    output = git.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *paths)
    found = []
    for line in output.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        header, _tab, path = line.partition("\t")
        found.append((path, header.split(" ")[2]))
    return found


def top(git: Git) -> Path:
    """Return the folder that paths of the repository are relative to."""
    return Path(git.run("rev-parse", "--show-toplevel").decode().rstrip("\n"))


def tree(
    git: Git, start: str, removed: Iterable[str], files: Iterable[tuple[str, str, str | bytes]]
) -> str:
    """Return the tree of commit *start* without *removed* and with *files*.

    A file is its path, its mode, and either the id of a blob or new content. One process writes
    all of it.
    """
    stream = [
        b"commit %s\nmark :1\ncommitter cardcli <> 0 +0000\ndata 0\nfrom %s\n"
        % (_SCRATCH.encode(), start.encode())
    ]
    stream += [b"D %s\n" % quoted(path) for path in removed]
    for path, mode, content in files:
        if isinstance(content, str):
            stream.append(b"M %s %s %s\n" % (mode.encode(), content.encode(), quoted(path)))
        else:
            stream.append(b"M %s inline %s\n" % (mode.encode(), quoted(path)))
            stream.append(b"data %d\n%s\n" % (len(content), content))
    stream.append(b"\nget-mark :1\n")
    written = git.run("fast-import", "--quiet", "--force", data=b"".join(stream))
    return git.run("rev-parse", f"{written.decode().strip()}^{{tree}}").decode().strip()


def commit(git: Git, tree_id: str, parents: Sequence[str], message: str) -> str:
    """Make a commit of a tree, signed where the user asks for that; no branch moves."""
    signed = ["-S"] if _signs(git) else []
    linked = [word for parent in parents for word in ("-p", parent)]
    made = git.run_as_somebody("commit-tree", *signed, *linked, tree_id, data=message.encode())
    return made.decode().strip()


def _signs(git: Git) -> bool:
    try:
        return git.run("config", "--type=bool", "commit.gpgsign").strip() == b"true"
    except GitError:
        return False


def move_to(git: Git, old: str, new: str, reason: str) -> None:
    """Let the index and the branch follow files that are written already; *old* must be HEAD.

    What the user has staged stays staged where the new commit does not touch it.
    """
    try:
        git.run("read-tree", "-i", "-m", old, new)
    except GitError:
        git.run("read-tree", new)
    git.run("update-ref", "-m", reason, "HEAD", new, old)
    try:
        git.run("update-index", "-q", "--refresh")
    except GitError:
        return  # a file differs from the commit, which is nobody's mistake
