"""Making a new store: the settings, the folders, the first commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cardcli import config, disk
from cardcli.commits import Message
from cardcli.git import Git
from cardcli.mergesetup import ATTRIBUTES
from cardcli.store import CARDS, FILES, TEMPLATES, Store, open_store

_IGNORED = ".cardcli/\n.~*.tmp\n"


def _require_git(root: Path, variables: Mapping[str, str]) -> None:
    """Raise :class:`git.NoGitError` before anything is written."""
    place = next(folder for folder in (root, *root.parents) if folder.is_dir())
    Git(place, config.git_environment(variables)).run("--version")


def create_store(root: Path, settings: str, variables: Mapping[str, str]) -> Store:
    """Make a new store in *root* with the text of its ``cardcli.yaml``; files that are there stay.

    Raises :class:`disk.AlreadyThereError` when the folder is a store already.
    """
    if config.parse(settings).git:
        _require_git(root, variables)
    disk.write(root / config.FILE, settings.encode(), new=True)
    store = open_store(root, variables)
    for name in (CARDS, FILES, TEMPLATES):
        disk.make_folder(root / name)
    written = [config.FILE]
    for name, content in ((".gitattributes", ATTRIBUTES), (".gitignore", _IGNORED)):
        there = disk.read_text(root / name) if (root / name).is_file() else ""
        missing = [line for line in content.splitlines() if line not in there.splitlines()]
        if missing:
            gap = "" if there.endswith("\n") or not there else "\n"
            disk.write(root / name, (there + gap + "\n".join(missing) + "\n").encode())
            written.append(name)
    if store.config.git:
        if not store.git.has_repository():
            store.git.init()
        store.git.commit(written, str(Message("init")))
    return store
