"""What printing needs to know of the store; the command line makes it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass

PAPERS = ("a4", "a5")
FORMATS = ("pdf", "html", "text", "md")


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """How cards are printed.

    ``language`` is that of the paper, ``region`` (ISO 3166) that of phone numbers in national
    form; ``color`` allows the one colour there is, that of the alert box; ``order`` names blocks
    that come first, in this order (``alerts``, ``personal``, the names of kinds, ``photos``,
    ``signature``); the others follow in the order of the founding documents. ``draft`` puts a mark
    on each page that says it is no sheet of the archive.
    """

    language: str = "ru"
    business: str = ""
    tagline: str = ""
    currency: str = "RUB"
    region: str = "RU"
    paper: str = "a4"
    color: bool = False
    order: tuple[str, ...] = ()
    draft: bool = False
