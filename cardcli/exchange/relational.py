"""The cards as tables: the layout of a relational export (founding document 002, "База данных").

``clients``, ``transactions`` and ``interactions`` are as that document draws them. Every other kind
of entries, also one of the business's own, has its table, made from the table of kinds. What fits no
column stands in ``client_details``, ``entry_details`` and ``own_text``: nothing is left out.

The key of an entry is ``client-entry``, ``k7f3qd-e7f3qd``: the ids of the cards, always the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cardcli import dates, money
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.exchange.outgoing import Settings
from cardcli.fields import Field, Type, decimal, parse_money
from cardcli.kinds import Kind, Kinds
from cardcli.language import N_, _
from cardcli.profile import STATUSES
from cardcli.query import View

Cell = str | int | Decimal | dt.date | None
Row = tuple[Cell, ...]


class Storage(StrEnum):
    """What a column holds: money is exact, to the hundredth; a number may have any fraction."""

    TEXT = "TEXT"
    INTEGER = "INTEGER"
    MONEY = "DECIMAL(15,2)"
    NUMBER = "NUMERIC"
    DATE = "DATE"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its comment says what it holds, ``references`` which table's key."""

    name: str
    comment: str
    storage: Storage = Storage.TEXT
    references: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first ``keys`` columns are its primary key."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    keys: int = 1


_STORAGES = {Type.MONEY: Storage.MONEY, Type.NUMBER: Storage.NUMBER, Type.DATE: Storage.DATE}
_NAMES = {
    "visit": "visits", "sale": "sales", "payment": "payments", "refund": "refunds",
    "contact": "interactions", "survey": "surveys", "observation": "observations",
    "patch-test": "patch_tests", "advice": "recommendations", "document": "documents",
    "consent": "consents", "deal": "deals", "offer": "offers", "note": "notes",
    "difference": "differences",
}  # fmt: skip
_TITLES = {
    "visit": "service", "sale": "product", "payment": "purpose", "contact": "details",
    "survey": "survey", "patch-test": "substance", "advice": "recommendation",
}  # fmt: skip
_RENAMED = {("refund", "of"): "refund_of", ("payment", "of"): "payment_of"}
_HEAD = ("client_id", "date", "time")
CLIENTS, TRANSACTIONS, INTERACTIONS = "clients", "transactions", "interactions"
_CLIENT = N_("Client, as in the table clients")
_ENTRY = N_("Unique id: client and entry")
_SPECIAL = frozenset({"id", "name", "family", "given", "patronymic", "status"})
_STATUSES = frozenset(dict(STATUSES))


class Layout:
    """The tables of one store."""

    def __init__(self, kinds: Kinds) -> None:
        self._fields = tuple(
            each
            for each in kinds.profile.fields
            if not each.many and each.key not in _SPECIAL and each.type is not Type.DATES
        )
        self._kinds = {kind.name: kind for kind in kinds.all}
        self._used: dict[str, set[str]] = {}
        self.tables = (
            self._clients(),
            _transactions(),
            *(_of_kind(kind, table_name(kind)) for kind in kinds.all),
            *_REST(),
        )

    def _clients(self) -> Table:
        return Table(
            CLIENTS,
            _("One row for each client"),
            (
                Column("client_id", _("Unique id of the client"), required=True),
                Column("name", _("Full name, or the name of the company"), required=True),
                Column("family", _("Family name")),
                Column("given", _("Given name")),
                Column("patronymic", _("Patronymic")),
                Column("email", _("First e-mail; all are in client_details")),
                Column("phone", _("First phone; all are in client_details")),
                Column("status", _("Status: new, active, sleeping or gone")),
                *(_column(each, each.key) for each in self._fields),
                Column(
                    "visits", _("Days with a visit, up to the day of the export"), Storage.INTEGER
                ),
                Column("first_visit", _("First visit"), Storage.DATE),
                Column("last_visit", _("Last visit"), Storage.DATE),
                Column("spent", _("Spent in all, less what was returned"), Storage.MONEY),
                Column("balance", _("Prepayment; a debt is below zero"), Storage.MONEY),
            ),
        )

    def rows(self, card: Card, settings: Settings) -> Iterator[tuple[str, Row]]:
        """Yield the rows of one client, each with the name of its table."""
        view = settings.view(card)
        yield CLIENTS, self._client(view)
        yield from self._details(card)
        keys = _keys(card)
        yield from _transaction_rows(view, keys)
        for each, key in zip(card.entries, keys, strict=True):
            yield from self._entry(card, each, key, settings.rules.currency)
        for heading, text in card.prose.items():
            own = "\n".join(line for line in text.split("\n") if not line.startswith("# ")).strip()
            if own:
                yield "own_text", (card.id, heading, own)

    def _client(self, view: View) -> Row:
        card, name = view.card, view.name
        return (
            card.id,
            card.name,
            name.family or None,
            name.given or None,
            name.patronymic or None,
            next(iter(card.values("emails")), None),
            next(iter(card.values("phones")), None),
            view.status,
            *(_cell(each, card.value(each.key), view.rules.currency) for each in self._fields),
            len(view.visits.days),
            view.visits.first,
            view.visits.last,
            view.account.spent,
            view.account.balance,
        )

    def _details(self, card: Card) -> Iterator[tuple[str, Row]]:
        """Yield what a client has many of, what is the user's own, and what its column cannot hold."""
        columns = {each.key: each for each in self._fields}
        for key in card.metadata:
            if not _in_a_column(key, card.value(key), columns):
                for position, (label, value) in enumerate(card.labelled(key), 1):
                    yield "client_details", (card.id, key, position, label or None, value)

    def _entry(
        self, card: Card, entry: Entry, key: str, currency: str
    ) -> Iterator[tuple[str, Row]]:
        kind = self._kinds.get(entry.kind)
        head: Row = (key, card.id, dates.from_iso(entry.date), entry.time or None)
        if kind is None:
            yield "own_entries", (*head, entry.section, entry.title, entry.text or None)
            left = list(entry.fields)
        else:
            cells = [_cell(each, entry.fields.get(each.key, ""), currency) for each in kind.fields]
            yield table_name(kind), (*head, entry.title, *cells, entry.text or None)
            taken = {
                each.key for each, cell in zip(kind.fields, cells, strict=True) if cell is not None
            }
            left = [each for each in entry.fields if each not in taken]
        for name in left:
            if entry.fields[name]:
                yield "entry_details", (key, name, card.id, entry.fields[name])


def table_name(kind: Kind) -> str:
    """Return the name of the table of a kind; one of the business's own has its own name."""
    return _NAMES.get(kind.name) or f"own_{kind.name}"


def _column(field: Field, name: str) -> Column:
    comment = _(field.label) if field.label else field.key
    if field.type is Type.CHOICE and field.choices:
        comment += ": " + ", ".join(choice for choice, _label in field.choices)
    return Column(name, comment, _STORAGES.get(field.type, Storage.TEXT))


def _transactions() -> Table:
    return Table(
        TRANSACTIONS,
        _("Services and goods up to the day of the export, and what was returned; the sum is what was spent"),
        (
            Column("transaction_id", _("Unique id: that of the visit, the sale or the refund"), required=True),
            Column("client_id", _(_CLIENT), references=CLIENTS, required=True),
            Column("date", _("Date"), Storage.DATE, required=True),
            Column("kind", _("What it is: visit, sale or refund"), required=True),
            Column("product", _("Service, product, or what was returned")),
            Column("quantity", _("Quantity"), Storage.NUMBER),
            Column("amount", _("What it adds to the money spent; below zero for a refund"), Storage.MONEY),
            Column("refund_of", _("What was returned, a transaction_id"), references=""),
        ),
    )  # fmt: skip


def _of_kind(kind: Kind, name: str) -> Table:
    title = _TITLES.get(kind.name, "title")
    return Table(
        name,
        kind.heading("en") if kind.name not in _NAMES else _(kind.label),
        (
            Column(f"{_singular(name)}_id", _(_ENTRY), required=True),
            Column("client_id", _(_CLIENT), references=CLIENTS, required=True),
            Column("date", _("Date"), Storage.DATE, required=True),
            Column("time", _("Time")),
            Column(title, _(kind.title_label), required=True),
            *(_column(each, _field_name(kind, each, title)) for each in kind.fields),
            Column("text", _("Text")),
        ),
    )


def _field_name(kind: Kind, field: Field, title: str) -> str:
    name = _RENAMED.get((kind.name, field.key), field.key)
    return f"field_{name}" if name in {*_HEAD, title, "text"} else name


def _singular(table: str) -> str:
    return table.removesuffix("s")


def _REST() -> tuple[Table, ...]:  # noqa: N802 - a constant, but for the language
    client = Column("client_id", _(_CLIENT), references=CLIENTS, required=True)
    return (
        Table(
            "client_details",
            _("What a client has several of, and keys of your own"),
            (
                client,
                Column("key", _("Key of the profile: phones, emails, tags, allergies and others"), required=True),
                Column("position", _("Place in the list"), Storage.INTEGER, required=True),
                Column("label", _("Label: home, work and the like")),
                Column("value", _("Value"), required=True),
            ),
            keys=3,
        ),
        Table(
            "entry_details",
            _("Fields of entries that have no column"),
            (
                Column("entry_id", _(_ENTRY), required=True),
                Column("key", _("Key of the field"), required=True),
                client,
                Column("value", _("Value"), required=True),
            ),
            keys=2,
        ),
        Table(
            "own_entries",
            _("Entries in sections of your own"),
            (
                Column("entry_id", _(_ENTRY), required=True),
                client,
                Column("date", _("Date"), Storage.DATE, required=True),
                Column("time", _("Time")),
                Column("section", _("Section"), required=True),
                Column("title", _("Title"), required=True),
                Column("text", _("Text")),
            ),
        ),
        Table(
            "own_text",
            _("Text of your own outside the entries"),
            (
                client,
                Column("section", _("Section"), required=True),
                Column("text", _("Text"), required=True),
            ),
            keys=2,
        ),
    )  # fmt: skip


def _keys(card: Card) -> list[str]:
    """Return the key of each entry; one without an id, or with that of another, goes by its line."""
    seen: set[str] = set()
    keys = []
    for each in card.entries:
        mark = each.id if each.id and each.id not in seen else f"line{each.line}"
        seen.add(mark)
        keys.append(f"{card.id}-{mark}")
    return keys


def _transaction_rows(view: View, keys: Sequence[str]) -> Iterator[tuple[str, Row]]:
    """Yield what was bought and returned; the amounts are those the account counts with.

    A refund of a payment takes no service or goods back: it adds nothing.
    """
    today = view.rules.today.isoformat()
    amounts = {
        id(line.entry): line.amount if line.part == "charge" else -(line.amount + line.effect)
        for line in view.account.lines
    }
    known = {each.id: key for each, key in zip(view.card.entries, keys, strict=True) if each.id}
    for each, key in zip(view.card.entries, keys, strict=True):
        if each.kind in {"visit", "sale", "refund"} and each.date <= today:
            yield (
                TRANSACTIONS,
                (
                    key,
                    view.card.id,
                    dates.from_iso(each.date),
                    each.kind,
                    each.title,
                    decimal(each.fields.get("qty", "")) or (1 if each.kind == "sale" else None),
                    amounts.get(id(each)),
                    known.get(each.fields.get("of", "")),
                ),
            )


def _in_a_column(key: str, value: str, columns: Mapping[str, Field]) -> bool:
    """Tell whether the table of clients says what stands under *key* of a card."""
    if key == "status":
        return value in _STATUSES
    if key in columns:
        field = columns[key]
        return bool(value) and (field.type not in _STORAGES or _cell(field, value, "") is not None)
    return key in _SPECIAL


def _cell(field: Field, value: str, currency: str) -> Cell:
    """Return a stored value as its column holds it; None for one that is absent or cannot be read."""
    if not value:
        return None
    if field.type is Type.MONEY:
        try:
            return parse_money(value, currency).quantize(money.CENT)
        except BadValueError:
            return None
    if field.type is Type.NUMBER:
        return decimal(value)
    if field.type is Type.DATE:
        return dates.from_iso(value)
    return value
