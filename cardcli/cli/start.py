"""The way into the program and out of it, as short as Python allows.

Measured on a program that does nothing but import Typer: looking for garbage among what was only
just imported costs a tenth of the run, and taking it all apart at the end another tenth.
"""

from __future__ import annotations

import gc
import os
from typing import NoReturn

_MANY = 100_000


def main() -> NoReturn:
    """Run the program and leave; the system takes the memory back faster than Python would."""
    gc.set_threshold(_MANY)
    from cardcli.cli import app, ui

    try:
        app.main()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    ui.flush()
    os._exit(code)
