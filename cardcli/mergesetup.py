"""What a plain ``git merge``, ``rebase`` or ``pull`` needs to merge cards as ``cardcli sync`` does.

``.gitattributes`` travels with the store and names the driver; what the driver is stands in each
clone's own git configuration. Both are looked at by every command, as files: no process is started
while they are in place.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cardcli import config, disk
from cardcli.errors import CardcliError
from cardcli.store import Store

ATTRIBUTES = """cards/**/*.md merge=cardcli text eol=lf
cardcli.yaml merge=cardcli text eol=lf
archive/*.md merge=cardcli text eol=lf
"""
_ATTRIBUTES = ".gitattributes"
_NAME = "merge.cardcli"


def driver() -> str:
    """Return the command git runs; without our program it falls back to git's own merge by lines.

    A missing driver program would leave only our side in the file, without markers.
    """
    python = Path(sys.executable).as_posix()
    return f'"{python}" -P -m cardcli.mergedriver %O %A %B %P || git merge-file --diff3 %A %O %B'


def ensure(store: Store) -> None:
    """Put the driver in place where it is missing; a store that cannot be written stays as it is."""
    if _in_place(store.root) or not store.uses_git:
        return
    try:
        _ensure_attributes(store)
        _ensure_driver(store)
    except CardcliError:
        return


def _in_place(root: Path) -> bool:
    """Tell, without reading the settings of the store, whether surely nothing is to be done."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return True
    return _names_driver(root / ".git" / "config") and not _missing_attributes(root)


def missing(store: Store) -> bool:
    """Tell whether a plain git merge would not know how to merge cards."""
    return bool(_missing_attributes(store.root)) or not _has_driver(store)


def _missing_attributes(root: Path) -> list[str]:
    path = root / _ATTRIBUTES
    there = disk.read_text(path).split("\n") if path.is_file() else []
    said = [line.split() for line in there]
    return [
        line
        for line in ATTRIBUTES.splitlines()
        if not any(words[:1] == line.split()[:1] and "merge=cardcli" in words for words in said)
    ]


def _ensure_attributes(store: Store) -> None:
    lines = _missing_attributes(store.root)
    if lines:
        path = store.root / _ATTRIBUTES
        text = disk.read_text(path) if path.is_file() else ""
        text += "" if text.endswith("\n") or not text else "\n"
        store.commits.note([_ATTRIBUTES])
        disk.write(path, (text + "".join(f"{line}\n" for line in lines)).encode())


def _ensure_driver(store: Store) -> None:
    if not _has_driver(store):
        store.git.run("config", f"{_NAME}.name", f"cardcli: {config.FILE}, cards")
        store.git.run("config", f"{_NAME}.driver", driver())


def _has_driver(store: Store) -> bool:
    """Tell whether this clone's configuration names our driver; it stands there escaped."""
    path = store.git.config_file()
    return path is not None and _names_driver(path)


def _names_driver(path: Path) -> bool:
    if not path.is_file():
        return False
    text = path.read_bytes().decode("utf-8", "replace")
    return _bare(f"driver = {driver()}\n") in _bare(text)


def _bare(text: str) -> str:
    return text.replace("\\", "").replace('"', "")
