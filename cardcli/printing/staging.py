"""The folder a PDF is made in: templates and this run's pictures, and nothing else to read.

This is the one place where printing writes files: into a temporary folder that is gone afterwards.
Typst's root is that folder, so no template can reach any other file.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cardcli.printing import templates

_STAGED = frozenset({".typ", ".svg", ".png", ".jpg", ".jpeg"})


@contextmanager
def folder(search: Sequence[Path], pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """Make the folder, with the layouts and logos of the template folders (the first one wins)."""
    with tempfile.TemporaryDirectory(prefix="cardcli-print-") as made:
        stage = Path(made).resolve()
        for source in reversed(search):
            for file in sorted(source.iterdir()):
                if file.suffix in _STAGED and file.is_file() and templates.inside(file, source):
                    shutil.copyfile(file, stage / file.name)
        for name, data in pictures.items():
            (stage / name).write_bytes(data)
        yield stage


def add(stage: Path, name: str, text: str) -> Path:
    """Put a text into the folder and return its path."""
    path = stage / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def fonts(search: Sequence[Path]) -> tuple[Path, ...]:
    """Return the font files of the template folders."""
    found = (
        file
        for source in search
        if (source / "fonts").is_dir()
        for file in (source / "fonts").iterdir()
    )
    return tuple(sorted(file for file in found if file.suffix.lower() in {".ttf", ".otf"}))
