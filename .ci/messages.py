"""Collects the messages of cardcli into its Russian catalogue and compiles it (``just locale``).

Messages come from the package, from templates that call gettext, and from the part of Typer that
asks gettext for its words (they are looked up in our catalogue, see ``prepare`` in ``cli/app.py``).
Translations are kept; a new message gets an empty one and is listed; one that is gone is dropped.
``.po`` files given as arguments are merged in; what they say goes before what is there.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
RUSSIAN = ROOT / "cardcli" / "locale" / "ru" / "LC_MESSAGES" / "cardcli.po"
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_CHANGING = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")
_SAYS_NOTHING = ("Project-Id-Version", "Report-Msgid-Bugs-To", "Last-Translator", "Language-Team")


def main() -> None:
    """Update and compile the catalogue; end with 1 when translations are missing."""
    sys.path.insert(0, str(ROOT))
    from hatch_build import compile_catalogues

    known = [read(path) for path in (RUSSIAN, *map(Path, sys.argv[1:])) if path.exists()]
    catalogue = updated(collected(), known)
    RUSSIAN.write_bytes(written(catalogue))
    compile_catalogues(ROOT)
    missing = untranslated(catalogue)
    for message in missing:
        sys.stdout.write(f"{message.locations[0][0]}: {message.id}\n")
    sys.exit(1 if missing else 0)


def read(path: Path) -> Catalog:
    """Return the catalogue in a ``.po`` file."""
    with path.open("rb") as stream:
        return read_po(stream, locale="ru")


def collected() -> Catalog:
    """Return a catalogue of all messages in the sources, without translations."""
    catalogue = Catalog(locale="ru", header_comment="# The Russian of cardcli.", fuzzy=False)
    for method, path, shown in sources():
        for line, message, _comments, context in extract_from_file(
            method, path, keywords=KEYWORDS, options={}
        ):
            catalogue.add(message, locations=[(shown, line)], context=context)
    return catalogue


def sources() -> Iterator[tuple[str, Path, str]]:
    """Yield (extraction method, file, name to show) of everything that speaks to the user."""
    import typer.core

    for path in sorted((ROOT / "cardcli").rglob("*.py")):
        yield "python", path, path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "templates").rglob("*.j2")):
        yield "jinja2.ext:babel_extract", path, path.relative_to(ROOT).as_posix()
    yield "python", Path(typer.core.__file__), "typer/core.py"


def updated(found: Catalog, known: list[Catalog]) -> Catalog:
    """Return *found* with the translations of *known*; the last that has one wins."""
    for message in list(found):
        for catalogue in known if message.id else []:
            old = catalogue.get(message.id, message.context)
            if (
                old
                and translated(old)
                and isinstance(old.id, tuple) == isinstance(message.id, tuple)
            ):
                message.string = old.string
    return found


def translated(message: Message) -> bool:
    """Tell whether a message has all its translations."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(forms) and all(forms) and not message.fuzzy


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages that lack a translation."""
    return [message for message in catalogue if message.id and not translated(message)]


def written(catalogue: Catalog) -> bytes:
    """Return the text of a ``.po`` file: by file, without what changes at every run."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, sort_by_file=True, include_lineno=False)
    lines = stream.getvalue().decode().split("\n")
    unwanted = tuple(f'"{name}' for name in (*_CHANGING, *_SAYS_NOTHING))
    return "\n".join(line for line in lines if not line.startswith(unwanted)).encode()


if __name__ == "__main__":
    main()
