"""Where the files are that travel with the package: templates and the sample salon.

In a wheel they lie inside the package; in a checkout they are the project's own top-level folders.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def templates() -> Path:
    """Return the folder of the built-in templates."""
    packed = _PACKAGE / "templates"
    return packed if packed.is_dir() else _PACKAGE.parent / "templates"


def sample() -> Path:
    """Return the folder of the sample salon: a store without its git."""
    packed = _PACKAGE / "sample"
    return packed if packed.is_dir() else _PACKAGE.parent
