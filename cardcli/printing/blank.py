"""An empty card to be filled in by hand: which lines it has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cardcli.kinds import Kinds
from cardcli.language import N_, translator
from cardcli.printing.short import ALERTS
from cardcli.profile import OPTIONAL

_ASKED = (
    "birthday", "phones", "emails", "addresses", "sex", "marital", "workplace", "job", "income", "interests",
    "social", "source", "emergency", "preferences",
)  # fmt: skip
"""What a client can tell; what only the business knows is not asked."""


@dataclass(frozen=True, slots=True)
class BlankTable:
    """An empty table: its heading and the labels of its columns."""

    heading: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """The labels of an empty card: of its lines, of the alerts, of its tables and of the signatures."""

    name: str
    number: str
    facts: tuple[str, ...]
    alerts: tuple[str, ...]
    visits: BlankTable
    advice: BlankTable
    notes: str
    slots: tuple[str, ...]


def build(kinds: Kinds, language: str, purposes: Collection[str]) -> Blank:
    """Return the lines of an empty card: what needs a purpose is asked only when one is stated."""

    def say(message: str) -> str:
        return translator(language).gettext(message)

    def label(key: str) -> str:
        return kinds.profile.field(key).title(language)

    def wanted(key: str) -> bool:
        return key not in OPTIONAL or key in purposes

    added = [key for key in kinds.profile.order if key not in _STANDARD]
    visit, advice = kinds.named("visit"), kinds.named("advice")
    day, staff, price, often = N_("Date"), N_("Staff"), N_("Price"), N_("How often")
    return Blank(
        name=say(N_("Family name, given name, patronymic")),
        number=label("number"),
        facts=tuple(label(key) for key in (*_ASKED, *added) if wanted(key)),
        alerts=tuple(label(key) for key in ALERTS if wanted(key)),
        visits=BlankTable(
            visit.heading(language), tuple(map(say, (day, visit.title_label, staff, price)))
        ),
        advice=BlankTable(
            advice.heading(language), tuple(map(say, (day, advice.title_label, often)))
        ),
        notes=kinds.named("note").heading(language),
        slots=tuple(map(say, (N_("Client’s signature"), N_("Specialist’s signature"), day))),
    )


_STANDARD = frozenset(Kinds().profile.order)
