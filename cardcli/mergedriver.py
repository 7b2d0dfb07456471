"""What git calls to merge one file of a store: ``python -m cardcli.mergedriver %O %A %B %P``.

It reads the base and both sides and writes the result over ours. Anything that goes wrong ends with
an exit code and nothing written: then git merges by lines, as its configuration says.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cardcli import config, disk, merge
from cardcli.errors import CardcliError
from cardcli.merge import lines, trees


def main(arguments: Sequence[str]) -> int:
    """Merge three files into the second. Return 0, or 1 when git has to do it."""
    try:
        base, one, two = (Path(name) for name in arguments[:3])
        texts = disk.read_text(base), disk.read_text(one), disk.read_text(two)
        disk.write(one, merged(*texts, arguments[3]).encode())
    except (CardcliError, ValueError, IndexError):
        return 1
    return 0


def merged(base: str, one: str, two: str, path: str) -> str:
    """Return the merge of three versions of the file *path* of the store."""
    if trees.is_ledger(path):
        return lines.merge(base, one, two)
    settings = settings_above(Path.cwd() / path)
    if Path(path).name == config.FILE:
        return merge.settings(base, one, two, settings.language).text
    return merge.card(base, one, two, settings.kinds, settings.language).text


def settings_above(path: Path) -> config.Config:
    """Return the settings of the store a file lies in; the standard ones when they cannot be read."""
    for folder in path.parents:
        if (folder / config.FILE).is_file():
            try:
                return config.parse(disk.read_text(folder / config.FILE))
            except CardcliError:
                break
    return config.parse("")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
