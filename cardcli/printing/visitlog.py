"""The visit log: numbered rows of one height, so that more visits can be printed onto the same sheet.

How many rows a visit takes Typst measures (:func:`measured`); where visits go is planned without it
(:mod:`cardcli.archive.passbook`); then each sheet is drawn, a started one with nothing but what is
new on it (:func:`drawn`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from cardcli import dates, fields
from cardcli.archive import codes
from cardcli.archive.content import LOG, LOG_FIELDS
from cardcli.archive.passbook import Place
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.language import N_, translator
from cardcli.printing import Printed, prose, templates
from cardcli.printing.blocks import Column, Fact, Row, Table, View
from cardcli.printing.settings import PrintSettings
from cardcli.printing.view import build


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a row of the table stands: in which numbered row, how high; ``skip`` rows came before."""

    row: int
    rows: int
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Sheet(Table):
    """One sheet of a log. A sheet that is not ``fresh`` lies in the printer with its lines on it.

    ``spots`` are those of ``rows``; without them nothing is drawn, the rows are only measured.
    ``nudge`` moves all of it, in millimetres to the right and down.
    """

    shape: ClassVar[str] = "sheet"
    number: int = 1
    fresh: bool = True
    spots: tuple[Spot, ...] = ()
    nudge: tuple[float, float] = (0.0, 0.0)
    head: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """How many numbered rows a sheet has, and how many each visit of a log takes."""

    per_sheet: int
    heights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to be drawn: of which card, with which visits where, and the revision in its code."""

    card: Card
    visits: Sequence[Entry]
    places: Sequence[Place]
    number: int
    fresh: bool
    revision: str
    nudge: tuple[float, float] = (0.0, 0.0)


def measured(
    logs: Sequence[tuple[Card, Sequence[Entry]]],
    settings: PrintSettings,
    today: dt.date,
    own_templates: Sequence[Path] = (),
) -> list[Measured]:
    """Return for each log how many rows its visits take. Raises what :func:`drawn` raises."""
    from cardcli.printing import pdf

    views = [_view(Page(card, entries, (), 1, True, ""), settings, today) for card, entries in logs]
    search = templates.folders(own_templates)
    found = pdf.ask(views, LOG, settings, search, "<log>")
    return [Measured(int(each["rows"]), tuple(map(int, each["heights"]))) for each in found]


def drawn(
    pages: Sequence[Page],
    settings: PrintSettings,
    today: dt.date,
    own_templates: Sequence[Path] = (),
    *,
    picture: bool = False,
) -> Printed:
    """Return a PDF of these sheets, a page each, or a *picture* of the first.

    Raises what :func:`printing.render` raises.
    """
    from cardcli.printing import pdf

    views = [_view(page, settings, today) for page in pages]
    search = templates.folders(own_templates)
    made = pdf.render(views, LOG, settings, search, _no_pictures, picture=picture)
    return Printed(made.content, tuple(dict.fromkeys(made.warnings)), made.pages)


def _view(page: Page, settings: PrintSettings, today: dt.date) -> View:
    """Return what the template sees: the client, and one sheet as the only block."""
    say = translator(settings.language).gettext
    view = build(page.card, settings, today)
    birthday = page.card.value("birthday")
    rows = tuple(_row(each, page.card, settings) for each in page.visits)
    columns = (
        Column(say(N_("Date")), "date"),
        Column(say(N_("Service, note")), "title"),
        Column(say(N_("Staff")), "person"),
        Column(say(N_("Price")), "money"),
    )
    sheet = Sheet(
        "visit",
        say(N_("Visit log")),
        columns=columns,
        rows=tuple(rows[place.visit] for place in page.places) if page.places else rows,
        number=page.number,
        fresh=page.fresh,
        spots=tuple(Spot(place.row, place.rows, place.skip) for place in page.places),
        nudge=page.nudge,
        head=say(N_("sheet {number}")).format(number=page.number),
    )
    code = codes.code(view.id, page.revision, page.number)
    revision = say(N_("rev. {revision}")).format(revision=page.revision)
    born = dates.show_date(birthday, settings.language) if birthday else ""
    foot = (view.business, view.id, revision)
    return replace(
        view,
        document=sheet.heading,
        revision=page.revision,
        facts=(Fact("", (born,)),) if born else (),
        footer=" · ".join(part for part in foot if part),
        qr=code,
        blocks=(sheet,),
    )


def _row(entry: Entry, card: Card, settings: PrintSettings) -> Row:
    kind = card.kinds.named("visit")
    shown = {}
    for key in LOG_FIELDS:
        field, value = kind.field(key), entry.fields.get(key, "")
        if field and value:
            shown[key] = fields.show(field, value, settings.language, settings.currency)
    cells = (dates.show_date(entry.date, settings.language), entry.title)
    remarks = (Fact("", (shown["products"],)),) if "products" in shown else ()
    return Row(
        (*cells, shown.get("staff", ""), shown.get("price", "")), remarks, prose.parse(entry.text)
    )


def _no_pictures(_path: str) -> bytes | None:
    return None
