"""The command that records the same services as last time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from cardcli import card as cards
from cardcli import dates, visits
from cardcli.card import Card
from cardcli.cli import options, ui
from cardcli.cli.guarding import guarded, overriding
from cardcli.cli.recording import (
    entry_date,
    field_values,
    print_entry,
    tell_balance,
    with_entry,
)
from cardcli.cli.session import Session, open_session
from cardcli.cli.values import entry_json
from cardcli.entry import Entry
from cardcli.errors import BadValueError, NotFoundError
from cardcli.language import _
from cardcli.record import Record
from cardcli.store import Edit
from cardcli.text import fold

app = typer.Typer()
_ONCE_ONLY = frozenset({"rating", "feedback", "wish", "before", "after", "reason"})
"""The fields of a visit that tell of that day only."""


class NoVisitError(NotFoundError):
    """There is nothing to repeat."""

    def __init__(self, card: Card) -> None:
        super().__init__(_("{name} has no earlier visit to repeat.").format(name=card.name))


@app.command(
    "repeat",
    help=_(
        "Record the services of the last visit once more: price, staff, minutes and products are taken over, the client's words and the photos are not."
    ),
    epilog=_("Example: cardcli repeat ivanova --service haircut"),
)
def repeat(
    client: options.Client,
    service: Annotated[
        str | None,
        typer.Option("--service", help=_("Only this service; from the last visit that had it.")),
    ] = None,
    date: options.Date = None,
    time: options.Time = None,
    price: Annotated[
        str | None, typer.Option("--price", help=_("The price, when it is another one now."))
    ] = None,
    staff: options.Staff = None,
    note: options.Note = None,
    force: options.Force = False,
    reason: options.Reason = None,
    future: options.Future = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    override = overriding(force=force, reason=reason)
    day = entry_date(date, future=future)
    clock = dates.parse_time(time) if time else ""
    kind = session.config.kinds.named("visit")
    given = field_values(kind, {"price": price, "staff": staff}, None, session.rules)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    last = last_time(record.card, session, service, day)
    if price is not None and len(last) > 1:
        names = ", ".join(each.title for each in last)
        raise BadValueError(
            _("the last visit had several services ({services}); name one with --service").format(
                services=names
            )
        )
    entries = (
        Entry("", day, each.title, clock, _kept(each) | given, note or "", "visit") for each in last
    )
    again = [guarded(session, record, each, override) for each in entries]
    warn_other_prices(session, again)
    save(session, record, again, as_json=as_json)


def last_time(card: Card, session: Session, service: str | None, day: str) -> list[Entry]:
    """Return the services of the last visit before *day*. Raises :class:`NoVisitError`.

    With *service*, a name or its beginning, of the last visit that had it.
    """
    before = [each for each in visits.history(card, session.rules).done if each.date < day]
    if service is not None:
        before = [each for each in before if fold(each.title).startswith(fold(service))]
    if not before:
        raise NoVisitError(card)
    return [each for each in before if each.date == before[-1].date]


def _kept(entry: Entry) -> dict[str, str]:
    return {key: value for key, value in entry.fields.items() if key not in _ONCE_ONLY}


def warn_other_prices(session: Session, entries: Sequence[Entry]) -> None:
    """Say when the catalogue has another price now."""
    prices = {fold(each.name): each.price for each in session.config.services}
    for each in entries:
        now = prices.get(fold(each.title), "")
        if now and each.fields.get("price", now) != now:
            ui.warn(
                _("“{service}” is recorded at {price}; the catalogue says {now} now").format(
                    service=each.title, price=each.fields["price"], now=now
                )
            )


def save(session: Session, record: Record, entries: Sequence[Entry], *, as_json: bool) -> None:
    """Add all entries in one change and print them."""
    kind = session.config.kinds.named("visit")
    heading = kind.heading(session.config.language)
    made: list[str] = []

    def edit(fresh: Card) -> Edit:
        made.clear()
        for each in entries:
            text, entry_id = with_entry(kind, fresh, each, heading)
            fresh = cards.parse(text, fresh.kinds)
            made.append(entry_id)
        return Edit(fresh.text, " ".join(made))

    result = session.change(record, edit, "repeat", session.staff(None))
    added = [result.record.card.entry(each) for each in made]
    if as_json:
        ui.json([entry_json(each) for each in added])
    for each in [] if as_json else added:
        print_entry(session, each)
    tell_balance(session, result.record.card, added[-1])
    session.saved(result)
