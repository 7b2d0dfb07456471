"""From a card to its view: every value as the language of the paper writes it, in printing order.

The order is that of founding document 000, 3.1: personal data, services by date, surveys,
observations, recommendations; what must be seen first stands above it, what is signed below.
What a card does not have is not printed.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cardcli import card as cards
from cardcli import contacts, dates, fields, money, person
from cardcli.archive import codes
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Field, Type
from cardcli.kinds import Kind
from cardcli.language import N_, translator
from cardcli.printing import album, prose, short
from cardcli.printing.blocks import (
    Alerts,
    Block,
    Column,
    Fact,
    Facts,
    Note,
    Notes,
    Photos,
    Role,
    Row,
    Score,
    Signature,
    Table,
    View,
)
from cardcli.printing.phrases import PHRASES, around
from cardcli.printing.settings import PrintSettings
from cardcli.profile import Profile

_ALERTS = short.ALERTS
_ALWAYS_STATED = ("allergies", "contraindications")
_IN_TITLE = (
    "id",
    "number",
    "name",
    "family",
    "given",
    "patronymic",
    "birthday",
    "created",
    "confirmed",
)
_HEADINGS = {"visit": N_("Service history"), "observation": N_("Specialist’s observations")}
_RUNNING_TEXT = frozenset({"observation", "note"})
_COUNTED = frozenset({"visit", "sale", "payment", "refund"})
_ROLES: dict[Type, Role] = {
    Type.PERSON: "person", Type.DATE: "short", Type.PERIOD: "short", Type.MONEY: "money",
}  # fmt: skip
_ROLE_ORDER: tuple[Role, ...] = ("person", "short", "score", "money")
_MOST_DOTS = 10
_FOOTER_NAME = 60


def build(card: Card, settings: PrintSettings, today: dt.date, *, blocks: bool = True) -> View:
    """Return what templates may use of *card*; entries after *today* do not make it newer.

    Without *blocks* it has what a line of a list can show, in a third of the time.
    """
    return _Builder(card, settings, today).view(blocks=blocks)


@dataclass(frozen=True)
class _Builder:
    card: Card
    settings: PrintSettings
    today: dt.date

    def say(self, message: str) -> str:
        return translator(self.settings.language).gettext(message)

    def date(self, value: str) -> str:
        return dates.show_date(value, self.settings.language)

    def show(self, field: Field, value: str) -> str:
        if field.type is Type.PHONE:
            return contacts.show_phone(value, self.settings.region)
        return fields.show(field, value, self.settings.language, self.settings.currency)

    @property
    def keys(self) -> Profile:
        """Return the keys of the profile in the card's store."""
        return self.card.kinds.profile

    @functools.cached_property
    def mark(self) -> str:
        """Return the revision of the card, as in git and in the print ledger."""
        return cards.revision(self.card.text)

    def view(self, *, blocks: bool) -> View:
        card, settings = self.card, self.settings
        family, given = self.name_lines()
        number = self.say(N_("No. {number}")).format(number=card.number) if card.number else ""
        updated = self.updated()
        return View(
            language=settings.language,
            business=settings.business,
            tagline=settings.tagline,
            document=self.say(N_("Client card")),
            id=card.id,
            number=number,
            revision=self.mark,
            name=card.name,
            family=family,
            given=given,
            facts=tuple(self.title_facts(updated)),
            footer=self.footer(number, updated),
            qr=codes.code(card.id, self.mark),
            page_words=around(self.say(PHRASES["page"])),
            updated_on=updated,
            blocks=tuple(self.ordered()) if blocks else (),
            birthday=short.fact(card, "birthday", settings),
            phone=short.fact(card, "phones", settings),
            updated=self.date(updated),
            stamp=f"{card.id} · {self.revision(updated)}",
            warnings=short.warnings(card),
            visits=short.visits(card, settings, self.today),
            advice=short.advice_of(card, settings, self.today),
        )

    # -- title block ---------------------------------------------------------------------------

    def name_lines(self) -> tuple[str, str]:
        """Return the large line and the one below it; a name without parts stands large alone."""
        name = person.name_of(self.card)
        if name.family and self.card.name != name.company:
            return name.family, name.address
        return self.card.name, ""

    def title_facts(self, updated: str) -> Iterator[Fact]:
        for key, value in (
            ("birthday", self.card.value("birthday")),
            ("created", self.card.value("created")),
            ("confirmed", updated),
        ):
            if value:
                yield Fact(self.keys.field(key).title(self.settings.language), (self.date(value),))
        days = {
            entry.date
            for entry in self.card.of_kind("visit")
            if entry.date <= self.today.isoformat()
        }
        if days:
            yield Fact(self.say(N_("Visits")), (str(len(days)),))

    def updated(self) -> str:
        """Return the day the card was last brought up to date: confirmed, or its newest entry."""
        days = [self.card.value("created"), self.card.value("confirmed")]
        days += [entry.date for entry in self.card.entries]
        past = (day for day in days if dates.from_iso(day) and day <= self.today.isoformat())
        return max(past, default="")

    def footer(self, number: str, updated: str) -> str:
        name = self.card.name
        name = name if len(name) <= _FOOTER_NAME else name[:_FOOTER_NAME].rstrip() + "…"
        birthday = self.card.value("birthday")
        parts = (number, name, self.date(birthday), self.card.id, self.revision(updated))
        return " · ".join(part for part in parts if part)

    def revision(self, updated: str) -> str:
        """Return which state of the card this is, with the day it was brought up to date."""
        revision = self.say(N_("rev. {revision}")).format(revision=self.mark)
        if not updated:
            return revision
        return self.say(N_("{revision} of {date}")).format(
            revision=revision, date=self.date(updated)
        )

    # -- blocks --------------------------------------------------------------------------------

    def ordered(self) -> list[Block]:
        """Blocks that the settings name come first; sorting is stable, so the rest keep theirs."""
        wanted = self.settings.order
        return sorted(
            (block for block in self.blocks() if block.name not in self.settings.hide),
            key=lambda block: wanted.index(block.name) if block.name in wanted else len(wanted),
        )

    def blocks(self) -> Iterator[Block]:
        yield from self.alerts()
        yield from self.personal()
        for kind in self.card.kinds.all:
            if kind.name == "note":
                yield from self.own_sections()
            yield from self.kind(kind)
        if photos := tuple(album.photos(self.card, self.settings.language)):
            yield Photos("photos", self.say(N_("Photos")), photos=photos)
        slots = (N_("Client’s signature"), N_("Specialist’s signature"), N_("Date"))
        yield Signature("signature", slots=tuple(self.say(slot) for slot in slots))

    def alerts(self) -> Iterator[Alerts]:
        if not any(self.card.values(key) for key in _ALERTS):
            return
        groups = []
        for key in _ALERTS:
            values = tuple(self.profile_values(key))
            if values or key in _ALWAYS_STATED:
                label = self.keys.field(key).title(self.settings.language)
                groups.append(Fact(label, values or (self.say(N_("none stated")),)))
        yield Alerts("alerts", self.say(N_("Attention")), groups=tuple(groups))

    def personal(self) -> Iterator[Facts]:
        company = ("company",) if self.card.value("company") == self.card.name else ()
        facts = [
            Fact(field.title(self.settings.language), values)
            for field in (*self.keys.fields, *self.keys.own_fields(self.card.metadata))
            if field.key not in (*_IN_TITLE, *_ALERTS, *company)
            and (values := tuple(self.profile_values(field.key)))
        ]
        if facts:
            yield Facts("personal", self.say(N_("Personal data")), facts=tuple(facts))

    def profile_values(self, key: str) -> Iterator[str]:
        field = self.keys.field(key)
        if key == "tags":
            yield from [", ".join(self.card.values(key))] if self.card.values(key) else []
            return
        for label, value in self.card.labelled(key):
            shown = self.show(field, value)
            yield f"{label}: {shown}" if label else shown

    def kind(self, kind: Kind) -> Iterator[Block]:
        entries = self.chronological(self.card.of_kind(kind.name))
        text = self.prose_of(
            heading for heading in self.card.prose if self.card.kinds.of_heading(heading) is kind
        )
        if kind.name == "note":
            text = self.prose_of([""]) + text
        if not entries and not text:
            return
        heading = (
            self.say(_HEADINGS[kind.name])
            if kind.name in _HEADINGS
            else kind.heading(self.settings.language)
        )
        if kind.name in _RUNNING_TEXT:
            yield Notes(
                kind.name, heading, text, tuple(self.note(entry, kind) for entry in entries)
            )
        else:
            yield self.table(kind, heading, entries, text)

    def own_sections(self) -> Iterator[Block]:
        """Sections whose headings are the user's own."""
        headings = [section.heading for section in self.card.sections]
        for heading in dict.fromkeys(headings):
            if self.card.kinds.of_heading(heading):
                continue
            entries = self.chronological(
                entry for entry in self.card.entries if not entry.kind and entry.section == heading
            )
            text = self.prose_of([heading]) if heading else ()
            name = heading or "other"
            shown = heading or self.say(N_("Other"))
            if entries:
                yield self.table(Kind(name, {"en": shown}, "", N_("Entry")), shown, entries, text)
            elif text:
                yield Notes(name, shown, text)

    def chronological(self, entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda entry: (entry.date, entry.time))

    def prose_of(self, headings: Iterable[str]) -> tuple[prose.Node, ...]:
        texts = (self.card.prose.get(heading, "") for heading in headings)
        return tuple(
            node for text in texts for node in prose.parse(_without_title(text), headings=True)
        )

    # -- entries -------------------------------------------------------------------------------

    def note(self, entry: Entry, kind: Kind) -> Note:
        in_margin = {"area", "staff"}
        margin = [entry.time] if entry.time else []
        for key in ("area", "staff"):
            field = kind.field(key)
            if field and entry.fields.get(key):
                margin.append(self.show(field, entry.fields[key]))
        remarks = self.remarks(entry, kind, in_margin, time=False)
        return Note(
            self.date(entry.date), tuple(margin), entry.title, remarks, prose.parse(entry.text)
        )

    def table(
        self, kind: Kind, heading: str, entries: list[Entry], text: tuple[prose.Node, ...]
    ) -> Table:
        """Give what is short and comparable a column; the rest is remarked on the row."""
        own = self.own_columns(kind, entries)
        taken = {field.key for field in own} | ({"scale"} if kind.name == "survey" else set())
        rows = tuple(
            Row(
                (
                    self.date(entry.date),
                    entry.title,
                    *(self.cell(field, entry, kind) for field in own),
                ),
                self.remarks(entry, kind, taken),
                prose.parse(entry.text),
            )
            for entry in entries
        )
        columns = [
            Column(self.say(N_("Date")), "date"),
            Column(self.say(kind.title_label), "title"),
            *(Column(field.title(self.settings.language), _role(field, kind)) for field in own),
        ]
        if any(row.noted for row in rows):
            columns.append(Column(self.say(N_("Remarks")), "note"))
        return Table(kind.name, heading, text, tuple(columns), rows, self.total(kind, entries))

    def own_columns(self, kind: Kind, entries: list[Entry]) -> list[Field]:
        filled = [
            field
            for field in kind.fields
            if (field.type in _ROLES or (kind.name, field.key) == ("survey", "score"))
            and any(entry.fields.get(field.key) for entry in entries)
        ]
        return sorted(filled, key=lambda field: _ROLE_ORDER.index(_role(field, kind)))

    def cell(self, field: Field, entry: Entry, kind: Kind) -> str | Score:
        value = entry.fields.get(field.key, "")
        if value and _role(field, kind) == "score":
            return self.score(value, entry.fields.get("scale", ""))
        return self.show(field, value) if value else ""

    def score(self, value: str, scale: str) -> Score:
        """«9 из 10» and dots, as far as the scale ends in a number that can be drawn."""
        mark, most = fields.decimal(value), _last_number(scale)
        if mark is None or not most:
            return Score(" ".join(part for part in (value, scale) if part))
        shown = self.show(Field("score", Type.NUMBER), value)
        text = self.say(N_("{score} of {most}")).format(score=shown, most=most)
        whole = mark == mark.to_integral_value() and 0 <= mark <= most <= _MOST_DOTS
        return Score(text, int(mark), most) if whole else Score(text)

    def remarks(
        self, entry: Entry, kind: Kind, taken: set[str], *, time: bool = True
    ) -> tuple[Fact, ...]:
        """Fields without a column: those of the kind in its order, then the user's own."""
        facts = [Fact("", (entry.time,))] if time and entry.time else []
        keys = [field.key for field in kind.fields]
        keys += [key for key in entry.fields if key not in keys]
        for key in keys:
            value = entry.fields.get(key, "")
            field = kind.field(key) or Field(key)
            if not value or key in taken or album.shows(field, value):
                continue
            label = "" if field.type is Type.CHOICE else field.title(self.settings.language)
            facts.append(Fact(label, (self.show(field, value),)))
        return tuple(facts)

    def total(self, kind: Kind, entries: list[Entry]) -> Fact | None:
        """Return what the entries up to today come to; a sum of one says nothing."""
        past = [entry for entry in entries if entry.date <= self.today.isoformat()]
        if kind.name not in _COUNTED or len(past) < 2:
            return None
        known = [
            amount
            for entry in past
            if (amount := money.known_worth(entry, self.settings.currency)) is not None
        ]
        label = self.say(N_("Total"))
        if kind.name == "visit":
            words = translator(self.settings.language)
            count = words.ngettext("Total: {count} service", "Total: {count} services", len(past))
            label = count.format(count=len(past))
        shown = fields.show_money(
            sum(known, Decimal(0)), self.settings.language, self.settings.currency
        )
        return Fact(label, (shown,) if known else ())


def _role(field: Field, kind: Kind) -> Role:
    return (
        "score"
        if (kind.name, field.key) == ("survey", "score")
        else _ROLES.get(field.type, "short")
    )


def _last_number(scale: str) -> int:
    digits = "".join(char if char.isascii() and char.isdigit() else " " for char in scale).split()
    if digits:
        return int(digits[-1][:4])
    return {"nps": 10, "csat": 5}.get(scale.strip().lower(), 0)


def _without_title(text: str) -> str:
    """Drop the heading with the client's name: the title block has it."""
    lines = text.split("\n")
    return "\n".join(lines[1:]) if lines[0].startswith("# ") else text
