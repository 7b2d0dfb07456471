"""What some templates need besides the cards: a brief, the text of a consent, the lines of a form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cardcli.card import Card
from cardcli.kinds import Kinds
from cardcli.printing import blank, consent, context, looks
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import Brief, View
from cardcli.printing.formats import Format
from cardcli.printing.settings import PrintSettings


def _nothing(_card: Card) -> Brief:
    return Brief()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where it comes from: ``brief`` is reckoned by the caller; the others are those of the store."""

    brief: Callable[[Card], Brief] = _nothing
    kinds: Kinds = field(default_factory=Kinds)
    purposes: Collection[str] = ()


def fill(
    cards: Sequence[Card],
    views: Sequence[View],
    form: Format,
    settings: PrintSettings,
    search: Sequence[Path],
    sources: Sources,
) -> tuple[list[View], Blank | None]:
    """Return the views with what the template needs, and the empty card if it is one.

    Raises :class:`consent.NoConsentTextError`, and TemplateError for a mistake in its text.
    """
    if form.needs == "brief":
        pairs = zip(views, cards, strict=True)
        return [replace(view, brief=sources.brief(card)) for view, card in pairs], None
    if form.needs == "consent":
        shown = looks.of(settings, search)
        return [
            replace(
                view,
                consent=consent.read(
                    settings.consent, search, context.names([view], settings, shown, "")
                ),
            )
            for view in views
        ], None
    if form.needs == "form":
        return list(views), blank.build(sources.kinds, settings.language, sources.purposes)
    return list(views), None
