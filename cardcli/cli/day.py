"""Commands of a working day: before a visit, what is due, what to offer."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import birthdays, dates, disk, habits, ics, money, reminders, suggest
from cardcli.card import Card
from cardcli.cli import options, overview, querying, reading, ui
from cardcli.cli.overview import Overview, Row, facts_json, iso
from cardcli.cli.session import Session, open_session
from cardcli.cli.values import card_json, entry_json
from cardcli.entry import Entry
from cardcli.errors import BadValueError, ExitCode
from cardcli.language import _, active, ngettext
from cardcli.record import Record
from cardcli.reminders import Reminder
from cardcli.suggest import Suggestions

app = typer.Typer()
_LAST = 3
_NEAR = 14
_NO_DAYS = re.compile(r"0\s*[^\W\d_]*", re.ASCII)


# --- before a visit -----------------------------------------------------------------------------


@app.command(
    "brief",
    help=_(
        "Show on one screen what to know before a visit: alerts, wishes, the last three visits, due recommendations, open requests, the balance."
    ),
    epilog=_("Example: cardcli brief ivanova"),
)
def brief(
    client: options.Client,
    role: options.Role = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store, role=role)
    record = session.resolve(client)
    view = Overview(session, record.card)
    if as_json:
        ui.json(_brief_json(view, record))
        return
    for line in _brief_lines(view):
        ui.out(line)


def _brief_lines(view: Overview) -> list[str]:
    card = view.card
    last = [line for each in last_services(view) for line in _visit_lines(view, each)]
    heading = ["", _("Last visits")] if last else []
    return [
        *reading.title_lines(card),
        *reading.alert_lines(card),
        *overview.lines(brief_rows(view)),
        *heading,
        *last,
    ]


def brief_rows(view: Overview) -> list[Row]:
    """Return what to know before a visit, in the language that is active."""
    card = view.card
    return [
        *view.status_rows(),
        *((_("Preferences"), text) for text in card.values("preferences")),
        *((_("Wishes"), _dated(view, each, text)) for each, text in _wishes(card)),
        *view.booked_rows(),
        *view.due_rows(),
        *view.request_rows(),
        *view.balance_rows(),
        *_birthday_row(view),
    ]


def _dated(view: Overview, entry: Entry, text: str) -> str:
    return f"{text} ({view.date(entry.date)})"


def _wishes(card: Card) -> list[tuple[Entry, str]]:
    """Return the latest wishes of visits and surveys, the latest first."""
    said = [
        (each, each.fields["wish"])
        for each in sorted(card.entries, key=lambda each: each.key, reverse=True)
        if each.kind in {"visit", "survey"} and each.fields.get("wish")
    ]
    return said[:_LAST]


def last_services(view: Overview) -> list[Entry]:
    """Return the services of the last three visits, the latest first."""
    days = {day.isoformat() for day in view.visits.days[-_LAST:]}
    return [each for each in reversed(view.visits.done) if each.date in days]


def _visit_lines(view: Overview, entry: Entry) -> list[str]:
    rating, *others = (
        visit_remarks(entry) if entry.fields.get("rating") else ["", *visit_remarks(entry)]
    )
    parts = [part for part in (entry.title, entry.fields.get("staff"), rating) if part]
    lines = ui.wrap(" · ".join(parts), " " * 14, f"  {ui.pad(view.date(entry.date), 12)}")
    for text in others:
        lines += ui.wrap(text, " " * 14)
    return lines


def visit_remarks(entry: Entry) -> list[str]:
    """Return what is worth knowing of a past service: its rating, the products, the first line below."""
    rating = entry.fields.get("rating")
    said = (
        _("rating {rating}").format(rating=rating) if rating else "",
        entry.fields.get("products", ""),
        entry.text.split("\n")[0],
    )
    return [text for text in said if text]


def _birthday_row(view: Overview) -> list[Row]:
    """Return the birthday when it is near."""
    value, today = view.card.value("birthday"), view.session.rules.today
    day = birthdays.coming(value, today)
    if day is None or (day - today).days > _NEAR:
        return []
    words = [view.date(f"--{day:%m-%d}")]
    if years := birthdays.age(value, day):
        words.append(
            ngettext("turns {years} year", "turns {years} years", years).format(years=years)
        )
    return [(_("Birthday"), ", ".join(words))]


def _brief_json(view: Overview, record: Record) -> dict[str, Any]:
    card = view.card
    return {
        **card_json(record, tuple(last_services(view))),
        "facts": facts_json(view),
        "preferences": card.values("preferences"),
        "wishes": [
            {"entry": each.id or None, "date": each.date, "wish": text}
            for each, text in _wishes(card)
        ],
        "due": [{**entry_json(each.entry), "due": iso(each.due)} for each in view.due],
        "requests": [entry_json(each) for each in view.requests],
    }


# --- what is due --------------------------------------------------------------------------------


@app.command(
    "due",
    help=_(
        "List what is to be done, each line with its reason: booked visits, recommendations, clients to invite again, birthdays, what runs out, open requests, low scores, debts. Prints nothing when nothing is due, so that cron sends no mail."
    ),
    epilog=_("Example: cardcli due --within 2w --ics due.ics"),
)
def due(
    within: Annotated[
        str,
        typer.Option(
            "--within",
            metavar=_("PERIOD"),
            help=_("How far to look ahead: 3d, 2w, 1m; 0d is today."),
        ),
    ] = "7d",
    where: options.Where = None,
    as_json: options.Json = False,
    calendar: Annotated[
        Path | None,
        typer.Option(
            "--ics",
            metavar=_("FILE"),
            help=_("Write a calendar file instead; - is the standard output."),
        ),
    ] = None,
    todo: Annotated[
        bool, typer.Option("--todo", help=_("In the calendar file: tasks, not events."))
    ] = False,
    exit_code: Annotated[
        bool,
        typer.Option(
            "--exit-code", help=_("End with 1 when something is due, with 0 when nothing is.")
        ),
    ] = False,
    store: options.StoreDir = None,
) -> None:
    if todo and calendar is None:
        raise BadValueError(_("--todo is for the calendar file: add --ics FILE"))
    if as_json and calendar is not None:
        raise BadValueError(_("--json and --ics exclude each other"))
    until = last_day(within, dates.today())
    session = open_session(store)
    cards = [record.card for record in session.records()]
    found = reminders.due(cards, session.rules, session.config.terms, until)
    if money.KINDS & session.hidden:
        found = [each for each in found if each.kind != "debt"]
    if where is not None:
        meant = {view.card.id for view in querying.ask(session, where).found}
        found = [each for each in found if each.client in meant]
    if calendar is not None:
        write_calendar(session, found, calendar, todo=todo)
    elif as_json:
        ui.json([reminder_json(each) for each in found])
    else:
        _list(session, found)
    if exit_code and found:
        raise typer.Exit(ExitCode.NOT_FOUND)


def last_day(within: str, today: dt.date) -> dt.date:
    """Return the last day of a period that begins today. Raises :class:`BadValueError`."""
    if _NO_DAYS.fullmatch(within.strip()):
        return today
    return dates.parse_period(within).after(today)


def _list(session: Session, found: list[Reminder]) -> None:
    language, currency = active(), session.config.currency
    told = [
        (each, reminders.title(each, language, currency), reminders.why(each, language))
        for each in found
    ]
    if not ui.terminal_output():
        ui.table(
            [],
            [
                [each.date.isoformat(), each.client, each.name, title, why]
                for each, title, why in told
            ],
        )
        return
    for each, title, why in told:
        said = f"{each.name}. {title}" + (f" — {why}" if why else "")
        for line in _dated_lines(each.date, said):
            ui.out(line)


def _dated_lines(day: dt.date | None, said: str) -> list[str]:
    """Return a text with its day in front, broken to the width of the terminal."""
    shown = dates.show_date(day.isoformat(), active()) if day else "—"
    return ui.wrap(said, " " * 12, ui.pad(shown, 12))


def reminder_json(reminder: Reminder) -> dict[str, Any]:
    """Return a reminder for programs; ``details`` are the stored values that tell why."""
    return {
        "kind": reminder.kind,
        "date": reminder.date.isoformat(),
        "client": reminder.client,
        "name": reminder.name,
        "what": reminder.what or None,
        "entry": reminder.entry or None,
        "details": dict(reminder.details),
    }


def write_calendar(session: Session, found: list[Reminder], path: Path, *, todo: bool) -> None:
    """Write reminders as a calendar file, in the language of the store."""
    language, currency = session.config.language, session.config.currency
    data = ics.calendar(
        (
            ics.Day(
                f"{each.client}-{each.key}@cardcli",
                each.date,
                f"{each.name}: {reminders.title(each, language, currency)}",
                reminders.why(each, language),
                each.kind,
            )
            for each in found
        ),
        todo=todo,
    )
    if str(path) == "-":
        ui.out_bytes(data)
    else:
        disk.write(path, data)


# --- what to offer ------------------------------------------------------------------------------


@app.command(
    "next",
    help=_(
        "Say what to offer a client next, and why: what was recommended, what is due by the usual rhythm, what goes together with it. What is against an allergy, a contraindication or a wish is never offered."
    ),
    epilog=_("Example: cardcli next ivanova"),
)
def next_steps(
    client: options.OneOrAll = None,
    everybody: Annotated[
        bool, typer.Option("--all", help=_("The first thing to offer to each client."))
    ] = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    if everybody == (client is not None):
        raise BadValueError(_("Name a client, or use --all."))
    session = open_session(store)
    if client is None:
        _next_of_all(session, as_json=as_json)
        return
    record = session.resolve(client)
    usual = habits.of((each.card for each in session.records()), session.rules)
    found = suggested(session, record.card, usual)
    if as_json:
        ui.json(suggestions_json(session, record.card, found))
        return
    for line in _suggestion_lines(session, found):
        ui.out(line)
    if not found.steps:
        ui.say(_("There is nothing to offer."))


def suggested(session: Session, card: Card, usual: habits.Habits) -> Suggestions:
    """Return what to offer a client of this store."""
    settings = session.config
    whole = session.store.by_id(card.id).card if session.hidden else card
    return suggest.suggest(
        card, session.rules, settings.terms, usual, settings.cautions, whole=whole
    )


def _suggestion_lines(session: Session, found: Suggestions) -> list[str]:
    lines = []
    for step in found.steps:
        lines += _dated_lines(step.date, f"{step.what} — {suggest.why(step, active())}")
        for sentence in step.first:
            lines += ui.wrap(_("First: {what}").format(what=sentence), " " * 12)
    for each in found.withheld:
        sentence = _("Do not offer: {what} — {why}")
        seen = suggest.why_not(each, active())
        why = _("this role does not see why") if session.hidden else seen
        lines += ui.wrap(sentence.format(what=each.what, why=why), "   ", " ! ")
    return lines


def _next_of_all(session: Session, *, as_json: bool) -> None:
    cards = [record.card for record in session.records()]
    usual = habits.of(cards, session.rules)
    found = [(card, suggested(session, card, usual)) for card in cards]
    some = sorted(
        ((card, each) for card, each in found if each.steps),
        key=lambda pair: (pair[1].steps[0].date or dt.date.max, pair[0].name, pair[0].id),
    )
    if as_json:
        ui.json([suggestions_json(session, card, each) for card, each in some])
        return
    for card, each in some:
        step = each.steps[0]
        why = suggest.why(step, active())
        if ui.terminal_output():
            for line in _dated_lines(step.date, f"{card.name}. {step.what} — {why}"):
                ui.out(line)
        else:
            ui.table([], [[iso(step.date) or "", card.id, card.name, step.what, why]])


def suggestions_json(session: Session, card: Card, found: Suggestions) -> dict[str, Any]:
    """Return suggestions for programs."""
    return {
        "id": card.id,
        "name": card.name,
        "offer": [
            {
                "what": each.what,
                "reason": each.reason,
                "date": iso(each.date),
                "details": dict(each.details),
                "first": list(each.first),
            }
            for each in found.steps
        ],
        "withhold": [
            {
                "what": each.what,
                "reason": each.reason,
                "text": None if session.hidden else each.text,
            }
            for each in found.withheld
        ],
    }
