"""The names a template can use, the same for every template and in every kind of output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cardcli import dates
from cardcli.printing import ordering
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import View
from cardcli.printing.formats import Format
from cardcli.printing.looks import Looks
from cardcli.printing.phrases import around, words
from cardcli.printing.settings import PrintSettings
from cardcli.printing.spooling import Views

NAMES: Mapping[str, str] = {
    "view": "the client: see below; a template for nobody has no client",
    "views": "all clients of this document; with “clients: each” only the one",
    "paper": "the name of the paper: a4, a5, a6, 3x5, or that of a sheet of labels",
    "color": "whether colour is printed",
    "looks": "fonts, accent, logo and margins of the settings: see below",
    "sheet": "the measures of the sheet of labels, in millimetres: see below; none on plain paper",
    "start": "the first free label of a used sheet, counted from 1",
    "words": "the words of the forms in the language of the paper: see below",
    "language": "the language of the paper: ru or en",
    "business": "the name of the business",
    "tagline": "the line below it",
    "count": "how many clients this document has; a long list goes in parts: see “order” above",
    "before": "how many clients of a long list stand on the pages before this part, else 0",
    "letter_before": "the letter (as alphabet gives it) of the last of them, else nothing",
    "as_of": "the day up to which the clients of a list were brought up to date, in words",
    "page_words": "what stands before, between and after the two page numbers",
    "form": "the lines of an empty card: see below; only for templates that say “needs: form”",
    "last": "the name of the mark at the end of the document, for “page x of y”",
}
"""What each name means, for docs/templates.md."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Where a part of a long list stands in it: after how many of ``count`` clients, on which page of how many.

    ``letter`` is that of the last client before, ``newest`` the ISO day up to which the list holds.
    """

    count: int
    before: int = 0
    letter: str = ""
    newest: str = ""
    page: int = 1
    pages: int = 1


def groups(views: Sequence[View], form: Format, copies: int) -> Iterator[Sequence[View]]:
    """Yield the clients of each document, as often as there are to be copies."""
    if form.clients == "each":
        yield from ([view] for view in repeated(views, form, copies))
    elif form.clients == "labels":
        yield repeated(views, form, copies)
    else:
        yield from [views] * copies


def repeated(views: Sequence[View], form: Format, copies: int) -> Sequence[View]:
    """Return the clients, each as often as there are copies where a copy is a page or label of its own."""
    times = copies if form.clients in {"each", "labels"} else 1
    if isinstance(views, Views):
        return views.times(times)
    return [view for view in views for _copy in range(times)]


def names(
    group: Sequence[View],
    settings: PrintSettings,
    looks: Looks,
    last: str,
    form: Blank | None = None,
    portion: Portion | None = None,
) -> dict[str, Any]:
    """Return the values of a document; *portion* is where it stands in a long list."""
    phrases = words(settings.language)
    here = portion or Portion(
        len(group), newest=max((each.updated_on for each in group), default="")
    )
    newest = dates.show_date(here.newest, settings.language)
    return {
        "view": group[0] if group else None,
        "views": group if isinstance(group, Views) else list(group),
        "paper": settings.paper,
        "color": settings.color,
        "looks": looks,
        "sheet": settings.labels,
        "start": settings.start,
        "words": phrases,
        "language": settings.language,
        "business": settings.business,
        "tagline": settings.tagline,
        "count": here.count,
        "before": here.before,
        "letter_before": here.letter,
        "as_of": phrases["as_of"].format(date=newest) if newest else "",
        "page_words": around(phrases["page"]),
        "form": form,
        "last": last,
    }


FILTERS = {"alphabet": ordering.alphabet, "by_number": ordering.by_number}
"""What every template can use besides the filters of its kind of output."""
