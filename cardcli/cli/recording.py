"""Commands that record what happened: visits, recommendations, notes, and their correction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from cardcli import card as cards
from cardcli import dates, sense
from cardcli.changes import describe
from cardcli.cli import options, ui
from cardcli.cli.guarding import warn_of_alerts
from cardcli.cli.session import Session, open_session, pairs
from cardcli.cli.values import entry_json
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import BadFieldError, Field, Rules, Type, check
from cardcli.kinds import Kind
from cardcli.language import N_, _
from cardcli.meant import nearest
from cardcli.record import Record
from cardcli.store import Edit, Saved
from cardcli.text import clean_line, clean_text
from cardcli.tuples import NamedTuple

app = typer.Typer()
_OWN_KEY = re.compile(r"[^\W\d_][\w-]*")
_HEAD = ("date", "time", "title", "text", "id", "section", "line")


class NewFile(NamedTuple):
    """A file that is to be kept with a client: what it holds, and the *word* its name is to have."""

    data: bytes
    suffix: str
    word: str


class FutureDateError(BadValueError):
    """The day has not come yet and --future was not given."""

    def __init__(self, date: dt.date) -> None:
        super().__init__(
            _("{date} lies in the future; use --future if that is meant").format(
                date=date.isoformat()
            )
        )


def entry_date(typed: str | None, *, future: bool) -> str:
    """Return the day of a new entry. Raises BadDateError and :class:`FutureDateError`."""
    today = dates.today()
    date = dates.parse_date(typed, today) if typed else today
    if date > today and not future:
        raise FutureDateError(date)
    return date.isoformat()


def title_of(kind: Kind, typed: str) -> str:
    """Return a cleaned title. Raises :class:`BadValueError` for an empty one."""
    title = clean_line(typed)
    if not title:
        raise BadValueError(_("{field}: the value is empty").format(field=_(kind.title_label)))
    return title


def field_values(
    kind: Kind, given: Mapping[str, str | None], own: list[str] | None, rules: Rules
) -> dict[str, str]:
    """Return the stored form of all fields that were given, the kind's and the user's own."""
    values = {key: value for key, value in given.items() if value is not None}
    for typed, value in pairs(own or []).items():
        key = kind.canonical(typed)
        values[key if kind.field(key) else own_key(kind, key)] = value
    return {key: check(field_of(kind, key), value, rules) for key, value in values.items()}


def own_key(kind: Kind, key: str) -> str:
    """Return a key of the user's own. Raises :class:`BadValueError` when it cannot be one."""
    if key in _HEAD or not _OWN_KEY.fullmatch(key):
        raise BadValueError(_("“{key}” cannot be the name of a field").format(key=key))
    meant = nearest(key, [field.key for field in kind.fields])
    if meant and meant != key:
        ui.warn(
            _("“{key}” is taken as a field of your own; did you mean “{word}”?").format(
                key=key, word=meant
            )
        )
    return key


def field_of(kind: Kind, key: str) -> Field:
    """Return the field of a kind, or a plain one for a key of the user's own."""
    return kind.field(key) or Field(key, label=key)


def completed(kind: Kind, card: cards.Card, old: Entry | None, new: Entry) -> Entry:
    """Return an entry as it is to be written: its history kept, its required fields there.

    Raises :class:`BadValueError` for values that contradict each other or are missing, and
    :class:`cards.NoEntryError` for a link to an entry the card does not have.
    """
    for field in kind.fields:
        if field.required and not new.fields.get(field.key):
            raise BadFieldError(field, _("it must be given"))
        if field.type is Type.ENTRY and (target := new.fields.get(field.key, "")):
            card.entry(target)
    new = sense.dated(kind, old, new, dates.today().isoformat() if old else new.date)
    if old is None:
        known = (field.key for field in kind.fields if field.key in new.fields)
        order = dict.fromkeys((*known, *new.fields))
        new = new._replace(fields={key: new.fields[key] for key in order})
    for sentence in sense.contradictions(kind, new):
        raise BadValueError(sentence)
    return new


def record_entry(
    session: Session,
    record: Record,
    entry: Entry,
    command: str,
    staff: str = "",
    files: Mapping[str, NewFile] | None = None,
    finish: Callable[[cards.Card, Entry], Entry] | None = None,
) -> tuple[Saved, str]:
    """Add an entry to a client's card, commit it, and return the result with the entry's id.

    *files* are kept with the client; the path of each becomes the field it is given for. *finish*
    completes the entry from the card as it is under the lock.
    """
    kind = session.config.kinds.named(entry.kind)
    heading = kind.heading(session.config.language)

    def edit(card: cards.Card) -> Edit:
        # under the lock, so that two commands at one moment never choose the same name
        paths = {
            key: session.store.photo_path(card.id, entry.date, file.word, file.suffix)
            for key, file in (files or {}).items()
        }
        filed = entry._replace(fields={**entry.fields, **paths})
        whole = finish(card, filed) if finish else filed
        text, entry_id = with_entry(kind, card, whole, heading)
        made.append(entry_id)
        contents = {path: files[key].data for key, path in paths.items()} if files else {}
        return Edit(text, entry_id, contents)

    made: list[str] = []
    return session.change(record, edit, command, staff), made[-1]


def with_entry(kind: Kind, card: cards.Card, entry: Entry, heading: str) -> tuple[str, str]:
    """Return the text of a card with one more entry, completed, and the id it got.

    Raises what :func:`completed` does.
    """
    entry_id = cards.fresh_id(card, entry.kind, entry.date, entry.time)
    whole = completed(kind, card, None, entry)._replace(id=entry_id, section=heading)
    return cards.append(card, whole, heading), entry_id


def tell_balance(session: Session, card: cards.Card, entry: Entry) -> None:
    """Say what a new entry of money comes to: a debt above the agreed credit; after a payment, the balance."""
    if entry.kind in {"payment", "refund"} or card.value("credit_limit"):
        from cardcli.cli import finance  # accounts are dear to import

        finance.tell_balance(session, card, entry)


def report(session: Session, saved: tuple[Saved, str], *, as_json: bool) -> None:
    """Print the entry as it now stands, and say so when git did not commit it."""
    result, entry_id = saved
    card = result.record.card
    entry = card.entry(entry_id)
    if as_json:
        ui.json(entry_json(entry))
    else:
        print_entry(session, entry)
    tell_balance(session, card, entry)
    session.saved(result)


def print_entry(session: Session, entry: Entry) -> None:
    """Print an entry on one line."""
    if ui.terminal_output():
        ui.out(f"{entry.id}  {in_words(session, entry)}")
    else:
        ui.out(f"{entry.id}\t{entry.date}\t{entry.title}")


def in_words(session: Session, entry: Entry) -> str:
    """Return an entry as one line for a person."""
    return describe(entry, session.config.kinds, session.config.currency)


EntryId = Annotated[
    str, typer.Argument(metavar=_("ENTRY"), help=_("The id at the end of the entry's line."))
]


@app.command(
    "amend",
    help=_(
        "Correct an entry. Its date, time, title, text and any field can change; an empty value takes a field out."
    ),
    epilog=_("Example: cardcli amend ivanova e7f3qd price=2700 staff="),
)
def amend(
    client: options.Client,
    entry: EntryId,
    changes: Annotated[
        list[str], typer.Argument(metavar=_("KEY=VALUE…"), help=_("What to change."))
    ],
    future: options.Future = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    given = pairs(changes)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    old = record.card.entry(entry)

    def edit(card: cards.Card) -> Edit:
        def change(each: Entry) -> Entry:
            new = amended(session, each, given, future=future)
            return completed(card.kinds.named(each.kind), card, each, new) if each.kind else new

        return Edit(cards.amend(card, old.id, change), old.id)

    result = session.change(record, edit, "amend", session.staff(None))
    warn_of_alerts(session, old, result.record)
    report(session, (result, old.id), as_json=as_json)


def amended(session: Session, entry: Entry, given: Mapping[str, str], *, future: bool) -> Entry:
    """Return an entry with what was given; every value is read as the commands read it."""
    kind = session.config.kinds.named(entry.kind) if entry.kind else Kind("", {}, "", N_("Title"))
    head: dict[str, str] = {}
    fields = dict(entry.fields)
    for typed, value in given.items():
        key = typed if typed in fields else kind.canonical(typed)
        if key == "date":
            head[key] = entry_date(value if value.strip() else "—", future=future)
        elif key == "time":
            head[key] = dates.parse_time(value) if value.strip() else ""
        elif key == "title":
            head[key] = title_of(kind, value)
        elif key == "text":
            head[key] = clean_text(value)
        elif value.strip():
            name = key if kind.field(key) or key in fields else own_key(kind, key)
            fields[name] = check(field_of(kind, key), value, session.rules)
        elif fields.pop(key, None) is None:
            raise BadValueError(_("the entry has no field “{key}”").format(key=key))
    return entry._replace(**head, fields=fields)  # type: ignore[arg-type]


@app.command(
    "remove",
    help=_("Take an entry out of a card. Git keeps it."),
    epilog=_("Example: cardcli remove ivanova e7f3qd"),
)
def remove(
    client: options.Client,
    entry: EntryId,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    old = record.card.entry(entry)
    result = session.change(
        record,
        lambda card: Edit(cards.remove(card, old.id), old.id),
        "remove",
        session.staff(None),
    )
    if as_json:
        ui.json(entry_json(old))
    else:
        ui.say(_("removed: {entry}").format(entry=in_words(session, old)))
    for each in referring(result.record.card, old.id):
        sentence = _("this entry still refers to it: ^{id} {entry}")
        ui.warn(sentence.format(id=each.id, entry=in_words(session, each)))
    session.saved(result)


def referring(card: cards.Card, entry_id: str) -> list[Entry]:
    """Return the entries of which a field refers to the entry with this id."""
    return [
        each
        for each in card.entries
        for field in (card.kinds.named(each.kind).fields if each.kind else ())
        if field.type is Type.ENTRY and entry_id and each.fields.get(field.key) == entry_id
    ]
