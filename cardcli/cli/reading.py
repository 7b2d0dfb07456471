"""Commands that read one card: what it says now, and its history."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated

import typer

from cardcli import access, changes, contacts, dates, profile
from cardcli import card as cards
from cardcli.card import Card
from cardcli.cli import options, overview, ui
from cardcli.cli.overview import Overview, facts_json
from cardcli.cli.session import Session, open_session
from cardcli.cli.values import card_json, change_json
from cardcli.entry import Entry
from cardcli.errors import BadCardError, BadValueError, NotFoundError
from cardcli.fields import Field, Type, show
from cardcli.git import Commit
from cardcli.kinds import HEAD
from cardcli.language import _, active
from cardcli.meant import nearest, suggesting
from cardcli.record import Record
from cardcli.text import fold

app = typer.Typer()
_HEAD_KEYS = frozenset(
    {
        "id", "number", "name", "created", "confirmed", "status", "status_reason",
        "allergies", "contraindications", "chronic",
    }
)  # fmt: skip
_AT_ONCE = 50
"""Commits whose states of a card are held in memory together."""
_ALERTS = ("allergies", "contraindications", "chronic")


class NoSectionError(NotFoundError):
    """The card has no such section."""

    def __init__(self, wanted: str, there: Sequence[str]) -> None:
        super().__init__(
            _("The card has no section “{section}”; it has: {sections}").format(
                section=wanted,
                sections=", ".join(there) or "—",
            ),
        )


@app.command(
    "show",
    help=_("Show a card. Alerts come first, then the profile and every section."),
    epilog=_("Example: cardcli show ivanova --section services"),
)
def show_card(
    client: options.Client,
    section: Annotated[str | None, typer.Option("--section", help=_("Only this section."))] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar=_("DATE"), help=_("The card as it was on that day.")),
    ] = None,
    role: options.Role = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store, role=role)
    record = session.resolve(client)
    if as_of is not None:
        record = record_of_day(session, record, dates.parse_date(as_of, dates.today()))
    headings = None if section is None else sections_called(record.card, section)
    if as_json:
        chosen = tuple(
            each for each in record.card.entries if headings is None or each.section in headings
        )
        facts = facts_json(Overview(session, record.card))
        ui.json(card_json(record, chosen) | {"facts": facts})
        return
    for line in card_lines(session, record, headings):
        ui.out(line)
    for problem in record.card.problems:
        ui.warn(f"{record.path}:{problem.line}: {problem.message}")


def record_of_day(session: Session, record: Record, day: dt.date) -> Record:
    """Return a card as it was at the end of a day. Raises :class:`NotFoundError` for none."""
    if not session.store.uses_git:
        raise NotFoundError(_("This store keeps no history: it is not in git."))
    for commit in session.store.git.history(record.path):
        if commit.when[:10] <= day.isoformat():
            (data,) = session.store.git.contents([f"{commit.id}:{commit.path}"])
            card = _state(session, _decoded(data))
            if card is None:
                break
            return Record(record.path, card)
    raise NotFoundError(
        _("On {date} there was no such card.").format(
            date=dates.show_date(day.isoformat(), active())
        )
    )


def sections_called(card: Card, wanted: str) -> list[str]:
    """Return the headings that *wanted* names: a heading, a kind, or the beginning of one."""
    headings = [section.heading for section in card.sections if section.heading]
    found = []
    for heading in headings:
        kind = card.kinds.of_heading(heading)
        names = [heading, *(kind.headings.values() if kind else ()), *([kind.name] if kind else ())]
        if any(fold(name).startswith(fold(wanted)) for name in names):
            found.append(heading)
    if not found:
        raise NoSectionError(wanted, headings)
    return found


def card_lines(
    session: Session, record: Record, headings: Sequence[str] | None = None
) -> list[str]:
    """Return a card as it is shown on a terminal."""
    card = record.card
    lines = [*title_lines(card), *alert_lines(card)]
    if headings is None:
        lines += [*overview.lines(Overview(session, card).rows()), ""]
        lines += _profile_lines(session, card)
    for section in card.sections:
        if headings is None or section.heading in headings:
            lines += _section_lines(session, card, section.heading)
    return lines


def title_lines(card: Card) -> list[str]:
    """Return the name with the card number and the id, underlined."""
    right = " · ".join(part for part in (card.number, card.id) if part)
    size = min(ui.width(), 100)
    gap = size - ui.columns(right)
    title = (
        ui.pad(card.name, gap) + right if ui.columns(card.name) < gap else f"{card.name}  {right}"
    )
    return [title, "─" * size]


def alert_lines(card: Card) -> list[str]:
    """Return what endangers the client's health."""
    lines = []
    for key in _ALERTS:
        if values := card.values(key):
            lines += ui.wrap(f"{_(profile.field(key).label)}: {'; '.join(values)}", "   ", " ! ")
    return lines


def _profile_lines(session: Session, card: Card) -> list[str]:
    rows = []
    for key in card.metadata:
        if key in _HEAD_KEYS:
            continue
        field = session.config.profile.field(key)
        for label, value in card.labelled(key):
            shown = shown_value(session, field, value)
            rows.append(
                (
                    _(field.label),
                    f"{shown} ({label})" if label and session.config.profile.known(key) else shown,
                )
            )
    rows += [
        (_(profile.field(key).label), dates.show_date(card.value(key), active()))
        for key in ("created", "confirmed")
        if card.value(key)
    ]
    return overview.lines(rows)


def shown_value(session: Session, field: Field, value: str) -> str:
    """Return a value of the profile in the user's language."""
    if field.type is Type.PHONE:
        return contacts.show_phone(value, session.config.region)
    return show(field, value, active(), session.config.currency)


def _section_lines(session: Session, card: Card, heading: str) -> list[str]:
    entries = [
        each
        for section in card.sections
        if section.heading == heading
        for _first, _end, each in section.spans
    ]
    prose = card.prose.get(heading, "")
    if not heading:
        prose = "\n".join(line for line in prose.split("\n") if not line.startswith("# ")).strip(
            "\n"
        )
    if not entries and not prose:
        return []
    lines = ["", heading] if heading else [""]
    size = max((ui.columns(_when(each)) for each in entries), default=0)
    for each in entries:
        lines += _entry_lines(session, card, each, size)
    return lines + [f"  {line}".rstrip() for line in prose.split("\n") if prose]


def _when(entry: Entry) -> str:
    return dates.show_date(entry.date, active()) + (f" {entry.time}" if entry.time else "")


def _entry_lines(session: Session, card: Card, entry: Entry, size: int) -> list[str]:
    kind = card.kinds.named(entry.kind) if entry.kind else None
    parts = [entry.title.replace("\n", " / ")]
    for key, value in entry.fields.items():
        field = kind.field(key) if kind else None
        shown = show(field, value, active(), session.config.currency) if field else value
        plain = field is not None and field.type in {Type.MONEY, Type.PERSON, Type.PERIOD}
        label = _(field.label) if field else key
        parts.append(shown if plain else f"{label}: {shown}")
    first = f"  {entry.id or '······'}  {ui.pad(_when(entry), size)}  "
    indent = " " * ui.columns(first)
    lines = ui.wrap(" · ".join(parts), indent, first)
    for line in entry.text.split("\n") if entry.text else []:
        lines += ui.wrap(line, indent) if line else [""]
    return lines


@app.command(
    "history",
    help=_("Tell who changed a card, when, and what."),
    epilog=_("Example: cardcli history ivanova --limit 5"),
)
def history(
    client: options.Client,
    entry: Annotated[
        str | None,
        typer.Option("--entry", metavar=_("ENTRY"), help=_("Only what was done to this entry.")),
    ] = None,
    field: Annotated[
        str | None,
        typer.Option("--field", metavar=_("KEY"), help=_("Only what was done to this field.")),
    ] = None,
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    record = session.resolve(client)
    if not session.store.uses_git:
        raise NotFoundError(_("This store keeps no history: it is not in git."))
    commits = session.store.git.history(record.path)
    steps: Iterable[tuple[Commit, list[changes.Change]]] = zip(
        commits, card_steps(session, commits), strict=True
    )
    if entry is not None or field is not None:
        steps = (
            (commit, meant)
            for commit, made in steps
            if (meant := _meant(session, made, entry, field))
        )
    steps = list(itertools.islice(steps, limit))
    if field is not None and not steps:
        refuse_unknown_key(session, record.card, field)
    if as_json:
        ui.json(
            [
                {
                    "commit": commit.id,
                    "when": commit.when,
                    "staff": commit.staff or None,
                    "author": commit.author,
                    "subject": commit.subject,
                    "changes": [change_json(each) for each in made],
                }
                for commit, made in steps
            ]
        )
        return
    rows = [
        [local_time(commit.when), commit.staff or commit.author, each.words]
        for commit, made in steps
        for each in made
    ]
    ui.table([_("When"), _("Who"), _("What")], rows, no_header=no_header)


def _meant(
    session: Session, made: Sequence[changes.Change], entry: str | None, field: str | None
) -> list[changes.Change]:
    """Return the changes of one entry, or of one field, given as stored or as it is called."""
    wanted = None if entry is None else entry.strip().removeprefix("^").lower()
    keys = _stored(session, field or "")
    return [
        each
        for each in made
        if (wanted is None or each.entry == wanted) and (field is None or each.key in keys)
    ]


def _stored(session: Session, field: str) -> set[str]:
    """Return the keys that a field may be stored as: in the profile, in an entry of each kind."""
    kinds = session.config.kinds
    return {kinds.profile.canonical(field), *(kind.canonical(field) for kind in kinds.all)}


def refuse_unknown_key(session: Session, card: Card, field: str) -> None:
    """Raise :class:`BadValueError` for a field that neither the tables nor the card know."""
    kinds = session.config.kinds
    known = {*kinds.profile.order, *card.metadata, *(each.key for each in HEAD)}
    known |= {each.key for kind in kinds.all for each in kind.fields}
    known |= {key for entry in card.entries for key in entry.fields}
    if _stored(session, field).isdisjoint(known):
        sentence = _("There is no key “{key}”.").format(key=field)
        raise BadValueError(suggesting(sentence, nearest(field, known)))


def local_time(when: str) -> str:
    """Return the moment of a commit as it was where it was made, to the minute."""
    day, _t, clock = when.partition("T")
    return f"{dates.show_date(day, active())} {clock[:5]}"


def card_steps(session: Session, commits: Sequence[Commit]) -> Iterator[list[changes.Change]]:
    """Yield what each commit changed in the card since its parent; *commits* are newest first.

    Of a merge it is what neither side had done: the differences it left, a new card number.
    """
    older = [*(commit.path for commit in commits[1:]), ""]
    pairs = list(zip(commits, older, strict=True))
    for start in range(0, len(pairs), _AT_ONCE):
        yield from _steps(session, pairs[start : start + _AT_ONCE])


def _steps(
    session: Session, commits: Sequence[tuple[Commit, str]]
) -> Iterator[list[changes.Change]]:
    """Yield the changes of some commits, each given with the path the card had in the one before."""
    specs = [
        spec
        for commit, before in commits
        for spec in (
            f"{commit.id}:{commit.path}",
            f"{commit.id}^1:{commit.path}",
            f"{commit.id}^1:{before or commit.path}",
            f"{commit.id}^2:{commit.path}",
        )
    ]
    names = session.store.git.blob_ids(specs)
    known = sorted({*names} - {""})
    blobs = session.store.git.contents(known)
    texts = {name: _decoded(blob) for name, blob in zip(known, blobs, strict=True)}
    differ = functools.partial(_between, session, texts)
    for new, same, renamed, second in zip(*(names[n::4] for n in range(4)), strict=True):
        made = differ(same or renamed, new)
        if second:
            theirs = {(each.entry, each.key, each.new) for each in differ(second, new)}
            made = [each for each in made if (each.entry, each.key, each.new) in theirs]
        yield made


def _decoded(blob: bytes | None) -> str | None:
    return None if blob is None else blob.decode("utf-8", "replace")


def _between(
    session: Session, texts: Mapping[str, str | None], old: str, new: str
) -> list[changes.Change]:
    """Return what changed between two blobs; of long cards only the lines that differ are read."""
    if old == new:
        return []
    one, two = texts.get(old), texts.get(new)
    if one is not None and two is not None:
        one, two = changes.narrowed(one, two)
    return changes.between(_state(session, one), _state(session, two), session.config.currency)


def _state(session: Session, text: str | None) -> Card | None:
    """Return a card of the past; one that cannot be read counts as empty."""
    if text is None:
        return None
    try:
        return access.seen(cards.parse(text, session.config.kinds), session.hidden)
    except BadCardError:
        return Card(text, {})
