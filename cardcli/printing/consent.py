"""The text of a consent: it is the business's own, a file in the store, and never ours.

Since 1 September 2025 a consent to the processing of personal data is a document of its own, apart
from any other paper (Federal Law 152-FZ, article 9, part 1, as amended by 156-FZ of 24 June 2025).
The text is Markdown in ``templates/consent-SUBJECT.md``; ``{{ view.name }}`` and the other values
of templates may stand in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cardcli.errors import NotFoundError
from cardcli.language import _
from cardcli.printing import plain, prose, templates
from cardcli.printing.blocks import Consent
from cardcli.printing.prose import Node

SUBJECTS = ("processing", "health", "photo", "publishing", "advertising")
_BLOCK = re.compile(r"\s*(?:#|[-*+•–—]\s|\d+(?:\.\d+)*[.)]?\s|$)")
_MARK = 8
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


class NoConsentTextError(NotFoundError):
    """The business has not written the text of its consent yet."""

    def __init__(self, subject: str) -> None:
        super().__init__(
            _(
                "There is no text for this consent. Write it into templates/{file} in the store (Markdown; {{{{ view.name }}}} gives the name). A legal text is never made up by cardcli."
            ).format(file=file_name(subject)),
        )


def file_name(subject: str) -> str:
    """Return the name of the file in ``templates/`` that holds the text."""
    return f"consent-{subject}.md"


def read(subject: str, search: Sequence[Path], names: dict[str, Any]) -> Consent:
    """Return the text of a consent with the values of a client.

    Raises :class:`NoConsentTextError`, and TemplateError with the file and line of a mistake.
    """
    from jinja2 import pass_context

    name = file_name(subject)
    if not any((folder / name).is_file() for folder in search):
        raise NoConsentTextError(subject)
    values: list[str] = []

    def kept(value: Any) -> str:
        """Leave a place for a value: what a client is called is never read as Markdown."""
        values.append(plain.visible("" if value is None else str(value)))
        return f"{_OPEN}{len(values) - 1}{_CLOSE}"

    environment = templates.environment(
        search, finalize=pass_context(lambda _names, value: kept(value))
    )
    with templates.mistakes_located():
        template = environment.get_template(name)
        text = templates.written(template, names)
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
    mark = hashlib.sha256(source.encode()).hexdigest()[:_MARK]
    nodes = prose.parse(unwrapped(text), headings=True)
    return Consent(tuple(_filled(nodes, values)), mark)


def _filled(nodes: Iterable[Node], values: Sequence[str]) -> Iterator[Node]:
    """Put the values into their places."""
    for node in nodes:
        text = _PLACE.sub(lambda match: values[int(match[1])], node.text)
        yield replace(node, text=text, children=tuple(_filled(node.children, values)))


def unwrapped(text: str) -> str:
    """Join lines that an editor broke; headings, points of a list and empty lines stay apart."""
    lines: list[str] = []
    for line in text.split("\n"):
        joins = lines and lines[-1].strip() and not lines[-1].lstrip().startswith("#")
        if joins and not _BLOCK.match(line) and not lines[-1].endswith(("  ", "\\")):
            lines[-1] += " " + line.strip()
        elif joins and re.match(r"\s*\d", line):
            lines += ["", line]
        else:
            lines.append(line)
    return "\n".join(lines)
