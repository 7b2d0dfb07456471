"""What printing needs to know of the store; the command line makes it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardcli import papers
from cardcli.papers import PAPERS, LabelSheet
from cardcli.theme import Theme

__all__ = ["FORMATS", "PAPERS", "PrintSettings"]
FORMATS = ("pdf", "html", "text", "md")


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """How cards are printed.

    ``language`` is that of the paper, ``region`` (ISO 3166) that of phone numbers in national
    form; ``color`` allows colour: the alerts in red and the accent of the theme; ``order`` names
    blocks that come first, in this order (``alerts``, ``personal``, the names of kinds, ``photos``,
    ``signature``), ``hide`` those that are left out; the others follow in the order of the
    founding documents. ``start`` is the first free label of a used sheet, ``copies`` how often each
    document is printed, ``consent`` which text a consent form has. ``draft`` puts a
    mark on each page that says it is no sheet of the archive.
    """

    language: str = "ru"
    business: str = ""
    tagline: str = ""
    currency: str = "RUB"
    region: str = "RU"
    paper: str = "a4"
    color: bool = False
    order: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    theme: Theme = field(default_factory=Theme)
    start: int = 1
    copies: int = 1
    consent: str = "processing"
    draft: bool = False

    @property
    def labels(self) -> LabelSheet | None:
        """Return the label sheet in the printer, or None for plain paper."""
        return papers.labels(self.paper)
