"""Queries on the command line: the clients they mean, completion, the page that explains them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from cardcli.cli import ui
from cardcli.errors import CardcliError, NotFoundError
from cardcli.language import N_, _, active
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:  # most commands never see a query: start-up time
    from cardcli.cli.session import Session
    from cardcli.query import Key, Keys, View
    from cardcli.record import Record


class NobodyError(NotFoundError):
    """No client is meant by a query."""

    def __init__(self, text: str) -> None:
        super().__init__(nobody(text))


def nobody(text: str) -> str:
    """Return the sentence that no client is meant by a query."""
    return _("No client matches: {query}").format(query=text)


class Asked(NamedTuple):
    """What may be asked of the clients of a store, and those for whom a query was true."""

    keys: Keys
    records: dict[View, Record]
    found: list[View]

    def warn(self) -> None:
        """Name the amounts that could not be counted: the figures are wrong without them."""
        for view, record in self.records.items():
            for problem in view.problems:
                ui.warn(f"{record.path}:{problem.line}: {problem.message}")


def ask(session: Session, text: str | None) -> Asked:
    """Return the clients for whom a query is true, all for None. Raises :class:`QueryError`."""
    from cardcli import query

    records = session.records()
    keys = keys_of(session, records)
    wanted = None if text is None else query.parse(text, keys, session.rules)
    views = _views(session, records)
    found = [view for view in views if wanted is None or query.matches(wanted, view)]
    return Asked(keys, views, found)


def _views(session: Session, records: Iterable[Record]) -> dict[View, Record]:
    from cardcli import query

    rules, terms = session.rules, session.config.terms
    return {query.View(record.card, rules, terms): record for record in records}


def keys_of(session: Session, records: Iterable[Record]) -> Keys:
    """Return what may be asked in this store."""
    from cardcli import query

    return query.table(session.config.kinds, [record.card for record in records])


def clients(session: Session, text: str | None, sort: str | None = None) -> list[Record]:
    """Return the clients a query means, all for None, by name or as *sort* says.

    Raises :class:`NobodyError` and :class:`QueryError`.
    """
    from cardcli import query

    asked = ask(session, text)
    asked.warn()
    if text is not None and not asked.found:
        raise NobodyError(text)
    order = [] if sort is None else query.sort_keys(sort, asked.keys)
    return [asked.records[view] for view in query.sorted_views(asked.found, order)]


def ordered(session: Session, records: Sequence[Record], sort: str) -> list[Record]:
    """Return these clients as *sort* says. Raises :class:`QueryError`."""
    from cardcli import query

    views = _views(session, records)
    order = query.sort_keys(sort, keys_of(session, records))
    return [views[view] for view in query.sorted_views(views, order)]


# --- completion ------------------------------------------------------------------------------------


def complete(ctx: typer.Context, incomplete: str) -> list[str]:
    """Propose how a query goes on."""
    from cardcli import query

    return query.complete(incomplete, _known_keys(ctx))


def complete_keys(ctx: typer.Context, incomplete: str) -> list[str]:
    """Propose how a list of keys goes on."""
    from cardcli import query

    return query.complete_keys(incomplete, _known_keys(ctx))


def _known_keys(ctx: typer.Context) -> Keys:
    """Return the keys of the store there is, else those every store has."""
    from cardcli import query
    from cardcli.cli.session import open_session
    from cardcli.kinds import Kinds

    try:
        session = open_session(ctx.params.get("store"))
        return keys_of(session, session.store.records())
    except CardcliError:
        return query.table(Kinds())


# --- the page of the help --------------------------------------------------------------------------

_EXAMPLES = (
    (N_("tag:vip status:sleeping"), N_("both are true")),
    (N_("tag:vip | visits>10"), N_("one of them is; also with the word or")),
    (N_("-tag:staff"), N_("it is not so; also with the word not")),
    (N_("(tag:vip | spent>50000) -has:debt"), N_("brackets hold together")),
    (N_("ivanova"), N_("a word of the name begins so")),
    (N_("has:debt, allergy:*"), N_("there is any")),
    (N_('service:"colour rinse"'), N_("quotes hold words together")),
    (N_("visit(staff:Olga price>5000)"), N_("all of it is true of one and the same visit")),
)
_OPERATORS = (
    (":", N_("texts: each word begins a word of it; tags and choices: the whole of it")),
    ("= !=", N_("the whole of it, and the opposite")),
    ("*", N_("anything: tag:men*")),
    ("< <= > >=", N_("dates, numbers and money")),
    (N_("FROM..TO"), N_("a range: spent:1000..5000, last:..2026-01-01, last:-90d..")),
)
_VALUES = (
    (N_("dates"), N_("2026-05-14, 14.05.2026, today, -90d; a month 2026-05, a year 2026")),
    (N_("birthdays"), N_("04, 04-12, 12.04, today..+7d, 12-20..01-10; of birth 1990, 1990-04-12")),
)


def page() -> Iterator[str]:
    """Yield the lines that explain the language; the table of keys is that of the program."""
    from cardcli import query
    from cardcli.kinds import Kinds

    keys = query.table(Kinds())
    yield _("A query says which clients are meant. It consists of terms:")
    yield from _indented((_(example), _(meaning)) for example, meaning in _EXAMPLES)
    yield ""
    yield _("A term is a key, an operator and a value:")
    yield from _indented(
        (_(sign) if sign.isupper() else sign, _(says)) for sign, says in _OPERATORS
    )
    yield from _indented((_(what), _(says)) for what, says in _VALUES)
    yield ""
    yield from ui.wrap(
        _(
            "The shell has its own use for < > | ( ) * and quotes: put the query into single "
            "quotes. Without any: spent:1000.. and last:..2026-01-01."
        )
    )
    for group, heading in _HEADINGS.items():
        yield ""
        yield _(heading)
        yield from _indented(_described(key) for key in keys.listed if key.group.name == group)
    yield ""
    yield from ui.wrap(
        _(
            "A field is also asked for through its kind: contact.status:open. Keys of your own, "
            "in cards and in cardcli.yaml, are asked for by their names."
        )
    )


_HEADINGS = {
    "CLIENT": N_("Keys of the client, in English and Russian:"),
    "COMPUTED": N_("Keys that are computed (up to today):"),
    "ENTRIES": N_("Keys of the entries (one entry that fits is enough):"),
}


def _described(key: Key) -> tuple[str, ...]:
    russian = active() == "ru"
    choices = ", ".join(_(label) if russian else choice for choice, label in key.choices)
    return key.word("en"), key.word("ru"), _(key.label) + (f": {choices}" if choices else "")


def _indented(rows: Iterator[tuple[str, ...]]) -> list[str]:
    *heads, last = zip(*rows, strict=True)
    lines = ui.aligned(list(zip(*heads, strict=True)))
    size = max(map(ui.columns, lines))
    return [
        line
        for head, text in zip(lines, last, strict=True)
        for line in ui.wrap(text, " " * (size + 4), f"  {ui.pad(head, size)}  ")
    ]
