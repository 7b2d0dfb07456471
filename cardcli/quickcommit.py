"""A commit of a few files without ``git commit``, which looks at every file of the store.

At 10,000 files ``git commit --only`` takes 70 ms of CPU; three of git's own small programs that look
only at what was written take 25: update-index, diff-index, fast-import. Whatever only ``git commit``
does – hooks, signing, an unfinished merge, tidying up now and then – is left to it.

The files go into the index first and only then into the commit. A process that dies in between leaves
them staged, which the next command commits; never is the index older than the commit, or the user's
next ``git commit`` would take our change back. The branch moves only from where it was seen: if
somebody commits meanwhile, fast-import refuses and ``git commit`` settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cardcli.git import FALLBACK_EMAIL, Git, GitError, NoGitError
from cardcli.tuples import NamedTuple

_HEAD = r"ref: (refs/heads/\S+)\n"
_COMMIT = r"[0-9a-f]{40,64}\n"
_SETTINGS = (
    "author.", "commit.", "committer.", "core.hookspath", "core.sparsecheckout", "extensions.",
    "gc.auto", "hook.", "i18n.commitencoding", "maintenance.auto",
)  # fmt: skip
"""Settings (or their beginnings) by which a commit may have to be another one than ours."""
_FEW = 50
"""So many files, each named to a program of git's."""
_LOOSE_FILES = 27
"""git tidies up when ``objects/17`` holds more files than this: a 256th of ``gc.auto``, 6,700."""
_PLAIN = r"[^\0- .,:;<>\"\\'](?:[^\0\n<>]*[^\0- .,:;<>\"\\'])?"
"""A name or an address that git takes as it is (its ident.c strips the rest)."""


class _Tip(NamedTuple):
    """The branch that HEAD names, and its last commit."""

    branch: str
    commit: str


def commit(git: Git, paths: Sequence[str], message: str) -> bool:
    """Commit just these files of the work tree, as :meth:`Git.commit` does, if that can be done quickly.

    False: nothing was committed, let ``git commit`` do it. Raises :class:`git.NoGitError`.
    """
    tip = _tip(git)
    if tip is None or not 0 < len(paths) <= _FEW or not all(_is_file(git, path) for path in paths):
        return False
    try:
        people = _people(git, _settings(git))
        if not people:
            return False
        names = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)
        git.run("update-index", "-z", "--stdin", data=names)  # refuses what git does not know yet
        if changes := list(_changes(git, tip, paths)):
            _write(git, tip, people, message, changes)
    except NoGitError:
        raise
    except GitError:
        return False
    return True


def _is_file(git: Git, path: str) -> bool:
    place = git.root / path
    return place.is_file() and not place.is_symlink()


def _tip(git: Git) -> _Tip | None:
    """Return the tip of a plain clone with nothing unfinished and no hooks, else None."""
    folder = git.folder()
    if folder is None or (folder / "commondir").exists() or git.unfinished() or _hooked(folder):
        return None
    if len(_names(folder / "objects" / "17")) > _LOOSE_FILES:
        return None
    try:
        head = re.fullmatch(_HEAD, (folder / "HEAD").read_text("utf-8"))
        commit = (folder / head[1]).read_text("utf-8") if head else ""
    except (OSError, UnicodeDecodeError):
        return None  # no commit yet, or its id stands in packed-refs
    return _Tip(head[1], commit.strip()) if head and re.fullmatch(_COMMIT, commit) else None


def _hooked(folder: Path) -> bool:
    return not all(name.endswith(".sample") for name in _names(folder / "hooks"))


def _names(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _settings(git: Git) -> dict[str, str]:
    """Return the configuration that holds here, included files and all."""
    output = git.run("config", "--list", "-z").decode("utf-8", "surrogateescape")
    pairs = (entry.partition("\n") for entry in output.split("\0"))
    return {name: value for name, _break, value in pairs}


def _people(git: Git, settings: Mapping[str, str]) -> bytes:
    """Return the lines that name author and committer, b"" where that is for git to find out."""
    if any(name.startswith(_SETTINGS) for name in settings):
        return b""
    if "GIT_AUTHOR_DATE" in git.environment or "GIT_COMMITTER_DATE" in git.environment:
        return b""
    usual = {"NAME": settings.get("user.name"), "EMAIL": settings.get("user.email")}
    if usual["NAME"] is None and usual["EMAIL"] is None and "EMAIL" not in git.environment:
        usual = {"NAME": git.identity or "cardcli", "EMAIL": FALLBACK_EMAIL}
    lines = []
    for role in ("author", "committer"):
        name, email = (
            git.environment.get(f"GIT_{role.upper()}_{what}", usual[what] or "") for what in usual
        )
        if not re.fullmatch(_PLAIN, name) or not re.fullmatch(_PLAIN, email):
            return b""
        lines.append(f"{role} {name} <{email}> now\n")
    return "".join(lines).encode("utf-8", "surrogateescape")


def _changes(git: Git, tip: _Tip, paths: Sequence[str]) -> Iterator[bytes]:
    """Yield what the index says otherwise than the last commit, as fast-import is told it."""
    asked = ("--literal-pathspecs", "diff-index", "--cached", "--raw", "--no-renames", "-z")
    output = git.run(*asked, tip.commit, "--", *paths).decode("utf-8", "surrogateescape")
    words = output.split("\0")[:-1]
    for said, path in zip(words[::2], words[1::2], strict=True):
        _old_mode, mode, _old, new, _status = said.split(" ")
        yield b"M %s %s %s\n" % (mode.encode(), new.encode(), quoted(path))


def _write(git: Git, tip: _Tip, people: bytes, message: str, changes: Sequence[bytes]) -> None:
    """Make the commit and move the branch to it, but only from *tip*. Raises :class:`GitError`."""
    lines = "\n".join(line.rstrip() for line in message.splitlines())
    text = (re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n").encode()
    begin = b"commit %s\n%sdata %d\n%s" % (tip.branch.encode(), people, len(text), text)
    stream = begin + b"from %s\n" % tip.commit.encode() + b"".join(changes)
    loose = ("-c", "fastimport.unpackLimit=100")  # no pack for each commit
    git.run(*loose, "fast-import", "--quiet", "--date-format=now", data=stream)


def quoted(path: str) -> bytes:
    """Return a path as fast-import reads it."""
    raw = path.encode("utf-8", "surrogateescape")
    escaped = raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"%s"' % escaped
