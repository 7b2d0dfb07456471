"""What is to be printed and how: the options of ``print`` and the settings of the store together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardcli import language, papers, printing
from cardcli.cli import completion, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import Session
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.store import TEMPLATES

if TYPE_CHECKING:
    from cardcli.card import Card
    from cardcli.printing.blocks import Brief

Template = Annotated[
    str | None,
    typer.Option(
        "--template",
        help=_(
            "Name of the template, see “cardcli templates”; your own in templates/ hides the built-in one."
        ),
        autocompletion=completion.templates,
    ),
]
Paper = Annotated[
    str | None,
    typer.Option(
        "--paper",
        metavar="a4|a5|a6|3x5|…",
        help=_("Size of the paper, or the product number of a sheet of labels, such as L7160."),
        autocompletion=completion.papers,
    ),
]
Color = Annotated[
    bool | None,
    typer.Option(
        "--color/--no-color",
        help=_("Print alerts in red and the colour of the settings; black unless given."),
    ),
]
Copies = Annotated[
    int, typer.Option("--copies", min=1, max=100, help=_("How many of each are printed."))
]
Start = Annotated[
    int | None,
    typer.Option(
        "--start",
        min=1,
        help=_("The first free label of a used sheet, counted from the left, row by row."),
    ),
]
Consent = Annotated[
    str | None,
    typer.Option(
        "--consent",
        metavar=_("SUBJECT"),
        help=_("Which consent is printed: processing, health, photo, publishing or advertising."),
    ),
]


@dataclass(frozen=True, slots=True)
class Job:
    """What is printed: the template, its settings, and the folder of the store's own templates."""

    template: str
    settings: printing.PrintSettings
    form: printing.formats.Format
    own: tuple[Path, ...]


def job(
    session: Session,
    output: str,
    template: str | None = None,
    paper: str | None = None,
    *,
    color: bool | None = None,
    copies: int = 1,
    start: int | None = None,
    consent: str | None = None,
    told: bool = True,
) -> Job:
    """Return what is to be printed; unless it is not to be *told*, the measures of labels are.

    Raises BadValueError for options that do not go together, and what finding a template raises.
    """
    settings = settings_of(session)
    own = (session.store.root / TEMPLATES,)
    search = printing.templates.folders(own)
    typed = None if paper is None else named_paper(paper)
    name = template or printing.formats.usual(typed or settings.paper)
    printing.templates.check_name(name, output, search)
    form = printing.formats.of(name, output, search)
    settings = replace(
        settings,
        paper=typed or printing.formats.paper_for(form, settings),
        color=settings.theme.color if color is None else color,
        copies=copies,
        start=start or 1,
        consent=consent or settings.consent,
    )
    _check(name, form, settings, start=start, consent=consent)
    if told and form.clients == "labels":
        _tell_labels(settings)
    return Job(name, settings, form, own)


def settings_of(session: Session) -> printing.PrintSettings:
    """Return how the store wants its papers."""
    config = session.config
    theme = config.theme
    return printing.PrintSettings(
        language=config.language,
        business=config.business,
        tagline=config.tagline,
        currency=config.currency,
        region=config.region,
        paper=theme.paper or "a4",
        order=theme.order,
        hide=theme.hide,
        theme=theme,
    )


def named_paper(typed: str) -> str:
    """Return the paper that was typed. Raises :class:`BadValueError` that lists them."""
    paper = papers.typed(typed)
    if paper not in papers.PAPERS:
        one_of("--paper", paper, (*papers.PLAIN, *papers.LABELS))
    return paper


def _check(
    name: str,
    form: printing.formats.Format,
    settings: printing.PrintSettings,
    *,
    start: int | None,
    consent: str | None,
) -> None:
    """Raise :class:`BadValueError` for options that do not go with the template."""
    if start is not None and form.clients != "labels":
        raise BadValueError(_("--start is for sheets of labels: --template labels"))
    sheet = settings.labels
    if sheet and settings.start > sheet.count:
        sentence = _("--start {start}: a sheet of {name} has {count} labels")
        raise BadValueError(
            sentence.format(start=settings.start, name=sheet.name, count=sheet.count)
        )
    if consent is not None and form.needs != "consent":
        raise BadValueError(_("--consent is for consent forms: --template consent"))
    if form.needs == "consent":
        from cardcli.printing.consent import SUBJECTS

        one_of("--consent", settings.consent, SUBJECTS)
    if not form.prints_on(settings.paper):
        raise printing.formats.WrongPaperError(name, settings.paper, form)


def _tell_labels(settings: printing.PrintSettings) -> None:
    """Name the sheet that should lie in the printer."""
    if sheet := settings.labels:
        sentence = _("Labels {name}: {width:g} × {height:g} mm, {count} on a sheet")
        ui.say(
            sentence.format(
                name=sheet.name, width=sheet.width, height=sheet.height, count=sheet.count
            )
        )


def sources(session: Session) -> printing.Sources:
    """Return where what some templates need comes from."""
    config = session.config
    asked = tuple(key for key, why in config.purposes.items() if why)
    return printing.Sources(_briefs(session), config.kinds, asked)


def _briefs(session: Session) -> Callable[[Card], Brief]:
    """Return what gathers the facts of the command ``brief`` in the language of the paper."""

    def brief(card: Card) -> Brief:
        from cardcli.cli.day import brief_rows, last_services, visit_remarks
        from cardcli.cli.overview import Overview
        from cardcli.printing import short
        from cardcli.printing.blocks import Brief, Fact

        view = Overview(session, card)
        settings = settings_of(session)
        with language.speaking(session.config.language):
            rows = tuple(
                Fact(label, tuple(text for _label, text in same))
                for label, same in groupby(brief_rows(view), key=lambda row: row[0])
            )
            visits = tuple(
                replace(short.visit(each, settings), note=" · ".join(visit_remarks(each)))
                for each in last_services(view)
            )
        return Brief(rows, visits)

    return brief
