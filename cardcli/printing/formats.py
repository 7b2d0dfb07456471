"""What a template is made for: on which papers, for one client a sheet or for many together.

A template says so itself, in comments at its top::

    {# paper: a5, a4 #}
    {# clients: each #}

``clients: each`` gives every client pages of his own; ``labels`` puts them one after another on
sheets of labels; ``list`` gives all of them to one document; ``none`` needs nobody. ``needs:``
names what has to be gathered first: ``brief``, ``consent`` or ``form``. ``order: alphabet`` or
``number`` lets a long list go in parts, in that order. What a template of the owner does not say
holds as the built-in one of the same name says it, but for the order: only a template that knows of
parts can be given some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from cardcli import resources
from cardcli.errors import BadValueError
from cardcli.language import N_, _
from cardcli.papers import PAPERS, PLAIN, STANDARD
from cardcli.printing import templates
from cardcli.printing.settings import PrintSettings

Clients = Literal["each", "labels", "list", "none"]
Needs = Literal["", "brief", "consent", "form"]
Order = Literal["", "alphabet", "number"]
LABELS = "labels"
"""What stands for any sheet of labels where a template names its papers."""

ABOUT = {
    "card": N_("the whole card, a dossier of as many pages as it takes"),
    "index-card": N_("an index card: who it is, alerts, the latest visits"),
    "log": N_("the visit log: numbered rows, so that more visits can be printed below"),
    "labels": N_("labels for folders and envelopes, on sheets of labels"),
    "leaflet": N_("recommendations for the client to take home, and nothing else"),
    "consent": N_("a consent to be signed, a document of its own with your text"),
    "brief": N_("what to know before a visit"),
    "form": N_("an empty card to be filled in by hand"),
    "folder": N_("the list of contents of a folder, by card number"),
    "register": N_("all clients by the alphabet, with phone and number"),
    "separator": N_("the sheet before each letter of a card index (print --separators)"),
}
_USUAL = {"a4": "card", "a5": "card", "a6": "index-card", "3x5": "index-card"}
_SAYS = re.compile(r"\{#-?\s*(paper|clients|needs|order):\s*([^#{}]*?)\s*-?#\}")
_HEAD = 2000


class WrongPaperError(BadValueError):
    """A template does not print on that paper."""

    def __init__(self, name: str, paper: str, form: Format) -> None:
        sentence = _("The template “{name}” does not print on {paper}; its papers: {papers}.")
        super().__init__(sentence.format(name=name, paper=paper, papers=", ".join(form.papers)))


@dataclass(frozen=True, slots=True)
class Format:
    """What a template is made for; the first of ``papers`` is its usual one."""

    papers: tuple[str, ...] = ("a4", "a5")
    clients: Clients = "each"
    needs: Needs = ""
    order: Order = ""

    def prints_on(self, paper: str) -> bool:
        """Tell whether the template prints on a paper; any sheet of labels is one of ``labels``."""
        return paper in self.papers or (LABELS in self.papers and paper not in PLAIN)


def of(name: str, output: str, search: Sequence[Path]) -> Format:
    """Return what a template is made for. Raises :class:`templates.TemplateError` for wrong words."""
    said: dict[str, str] = {}
    for place, file in enumerate(_sources(name, output, search)):
        head = file.read_text("utf-8", "replace")[:_HEAD]
        for match in _SAYS.finditer(head):
            if match[1] not in said and not (place and match[1] == "order"):
                said[match[1]] = match[2]
                _check(file, head.count("\n", 0, match.start()) + 1, match[1], match[2])
    standard = Format()
    papers = tuple(each.lower() for each in re.split(r"[,\s]+", said.get("paper", "")) if each)
    return Format(
        papers or standard.papers,
        cast("Clients", said.get("clients", standard.clients)),
        cast("Needs", said.get("needs", standard.needs)),
        cast("Order", said.get("order", standard.order)),
    )


def _sources(name: str, output: str, search: Sequence[Path]) -> Iterator[Path]:
    """Yield the file of the template, then the built-in ones of its name."""
    suffixes = [templates.SUFFIXES[output], "typ"]
    places = [(folder, suffixes[0]) for folder in search]
    for folder, suffix in [*places, *((resources.templates(), each) for each in suffixes)]:
        file = folder / f"{name}.{suffix}.j2"
        if file.is_file():
            yield file


def _check(file: Path, line: int, key: str, value: str) -> None:
    allowed = {
        "paper": (*PAPERS, LABELS), "clients": get_args(Clients), "needs": get_args(Needs)[1:],
        "order": get_args(Order)[1:],
    }[key]  # fmt: skip
    words = re.split(r"[,\s]+", value.lower()) if key == "paper" else [value]
    for word in words:
        if word not in allowed:
            sentence = _("“{key}: {value}” is not one of: {choices}")
            shown = (*PLAIN, LABELS) if key == "paper" else allowed
            raise templates.TemplateError(
                file.name, line, sentence.format(key=key, value=word, choices=", ".join(shown))
            )


def usual(paper: str) -> str:
    """Return the template for a paper when none was named."""
    return _USUAL.get(paper, "labels")


def paper_for(form: Format, settings: PrintSettings) -> str:
    """Return the paper for a template when none was named: that of the settings where it fits."""
    theme = settings.theme
    if form.papers[0] == LABELS:
        return (theme.labels or STANDARD).lower()
    return theme.paper if theme.paper in form.papers else form.papers[0]


def checked(name: str, output: str, paper: str, search: Sequence[Path]) -> Format:
    """Return what a template is made for. Raises :class:`WrongPaperError`."""
    form = of(name, output, search)
    if not form.prints_on(paper):
        raise WrongPaperError(name, paper, form)
    return form
