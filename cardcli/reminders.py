"""What is to be done and by when: everything ``due`` lists, each with its reason.

- recommendation: a recommendation is due, by its term or its period (:mod:`cardcli.advice`);
- booking: a visit is booked;
- rebook: a service is to be expected again (:mod:`cardcli.habits`), for a client who is not gone and
  has nothing booked; for one whose services tell nothing, by the rhythm of all visits;
- birthday: the birthday falls into the days asked for;
- expiry: a document, consent, test or whatever else has a date ``expires``, ``valid_until`` or
  ``until`` runs out, unless a newer one of the same kind and title runs longer;
- request: a request is open or in progress;
- low-score: a low score in a survey or a visit, and no contact since that day;
- debt: the client owes money (:mod:`cardcli.money`).

What has waited longer than a year is left out, for it has been let go; a recommendation with a
period after three months or its period, whichever is longer. Not so requests and debts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cardcli import advice, birthdays, dates, habits, money, requests, status, surveys, visits
from cardcli.advice import Advice
from cardcli.card import Card
from cardcli.dates import Period
from cardcli.entry import Entry
from cardcli.fields import Rules, Type, decimal, plain, show_money, show_period
from cardcli.habits import Habits, Return
from cardcli.ids import derived_id
from cardcli.language import N_, translator
from cardcli.terms import Terms
from cardcli.text import fold

KINDS = (
    "booking", "recommendation", "rebook", "birthday", "expiry", "request", "low-score", "debt",
)  # fmt: skip
_EXPIRES = ("expires", "valid_until", "until")
_QUARTER = Period(3, "m")
_LET_GO = dt.timedelta(days=365)
_NEVER_LET_GO = frozenset({"request", "debt"})


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do for a client.

    ``date`` is the day it is due, past when it is overdue; ``what`` the title of what it is about,
    ``entry`` the id of the entry, or ""; ``details`` are stored values that tell why; ``label`` is
    the message id of the word for what runs out.
    """

    kind: str
    date: dt.date
    client: str
    name: str
    what: str = ""
    entry: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    label: str = ""

    @property
    def key(self) -> str:
        """Return an id that stays the same for the same thing, also when its day moves."""
        return derived_id(self.kind, self.client, self.entry or fold(self.what))


def due(cards: Iterable[Card], rules: Rules, terms: Terms, until: dt.date) -> list[Reminder]:
    """Return what is due up to the day *until*, overdue things first.

    All cards of the store are to be given: what other clients do tells when one is to be expected.
    """
    known = list(cards)
    usual = habits.of(known, rules)
    found = [each for card in known for each in of_card(card, rules, terms, usual)]
    return sorted(
        (each for each in found if each.date <= until),
        key=lambda each: (
            each.date,
            fold(each.name),
            each.client,
            KINDS.index(each.kind),
            each.key,
        ),
    )


def of_card(card: Card, rules: Rules, terms: Terms, usual: Habits) -> list[Reminder]:
    """Return all that is or will be due for one client, without those let go, in no order."""
    found = [
        *_recommendations(card, rules), *_visits(card, rules, terms, usual),
        *_birthday(card, rules), *_expiring(card, rules), *_requests(card, rules),
        *_low_scores(card, rules), *_debt(card, rules, terms),
    ]  # fmt: skip
    return [
        each for each in found if each.kind in _NEVER_LET_GO or rules.today - each.date <= _LET_GO
    ]


def _recommendations(card: Card, rules: Rules) -> Iterator[Reminder]:
    for each in advice.all_of(card, rules):
        if each.due and not _let_go(each, rules.today):
            details = {
                "every": str(each.every or ""),
                "until": each.until.isoformat() if each.until else "",
                "last": each.marks[-1].isoformat() if each.marks else "",
            }
            yield _reminder("recommendation", each.due, card, each.entry, details)


def _let_go(given: Advice, today: dt.date) -> bool:
    """Tell whether nobody has looked after a recommendation for so long that nobody will."""
    return (
        given.due is not None
        and given.every is not None
        and given.due < today
        and max(_QUARTER.after(given.due), given.every.after(given.due)) < today
    )


def _reminder(
    kind: str, date: dt.date, card: Card, entry: Entry, details: Mapping[str, str], label: str = ""
) -> Reminder:
    said = {key: value for key, value in details.items() if value}
    return Reminder(kind, date, card.id, card.name, entry.title, entry.id, said, label)


def _visits(card: Card, rules: Rules, terms: Terms, usual: Habits) -> Iterator[Reminder]:
    seen = visits.history(card, rules)
    for each in seen.booked:
        if day := dates.from_iso(each.date):
            yield _reminder("booking", day, card, each, {"time": each.time})
    if seen.booked or not seen.done or status.of(card, rules, terms).key == "gone":
        return
    returns = [
        again
        for service in seen.services
        if (again := habits.expected_again(service, usual, terms)) is not None
    ]
    for again in returns or _any_visit(seen):
        yield _rebook(card, again)


def _any_visit(seen: visits.Visits) -> Iterator[Return]:
    if seen.interval and seen.expected:
        title = seen.done[-1].title
        yield Return(title, seen.days[-1], seen.expected, "visits", seen.interval, len(seen.days))


def _rebook(card: Card, again: Return) -> Reminder:
    details = {
        "source": again.source,
        "interval": str(again.interval),
        "last": again.last.isoformat(),
        "count": str(again.count),
    }
    return Reminder("rebook", again.date, card.id, card.name, again.service, "", details)


def _birthday(card: Card, rules: Rules) -> Iterator[Reminder]:
    value = card.value("birthday")
    if day := birthdays.coming(value, rules.today):
        years = birthdays.age(value, day)
        details = {"age": str(years)} if years else {}
        yield Reminder("birthday", day, card.id, card.name, details=details)


def _expiring(card: Card, rules: Rules) -> Iterator[Reminder]:
    """Yield what runs out, of each kind and title only what runs longest."""
    longest: dict[tuple[str, ...], Reminder] = {}
    for each in card.entries:
        day = _last_day(card, each)
        if day is None or each.date > rules.today.isoformat():
            continue
        label = _label(card, each)
        key = (each.kind, label, fold(each.title))
        if key not in longest or longest[key].date < day:
            longest[key] = _reminder("expiry", day, card, each, {"kind": each.kind}, label)
    yield from longest.values()


def _last_day(card: Card, entry: Entry) -> dt.date | None:
    """Return until when an entry holds, or None; a recommendation's term is another thing."""
    if not entry.kind or entry.kind == "advice" or entry.fields.get("withdrawn"):
        return None
    kind = card.kinds.named(entry.kind)
    for key in _EXPIRES:
        if (known := kind.field(key)) and known.type is Type.DATE and entry.fields.get(key):
            return dates.from_iso(entry.fields[key])
    return None


def _label(card: Card, entry: Entry) -> str:
    """Return the message id of what runs out: «contract» for a document of that kind, say."""
    kind = card.kinds.named(entry.kind)
    for key in ("kind", "subject"):
        known = kind.field(key)
        label = dict(known.choices).get(entry.fields.get(key, "")) if known else None
        if label and label != "other":
            return label
    return kind.label


def _requests(card: Card, rules: Rules) -> Iterator[Reminder]:
    for each in requests.waiting(card, rules):
        if day := dates.from_iso(each.date):
            yield _reminder("request", day, card, each, {"status": each.fields["status"]})


def _low_scores(card: Card, rules: Rules) -> Iterator[Reminder]:
    today = rules.today.isoformat()
    last_contact = max(
        (each.date for each in card.of_kind("contact") if each.date <= today), default=""
    )
    for opinion in surveys.opinions(card, rules)[0]:
        day = dates.from_iso(opinion.entry.date)
        if day and opinion.low and opinion.scale and opinion.entry.date > last_contact:
            details = {"score": f"{opinion.score:f}", "scale": str(opinion.scale)}
            yield _reminder("low-score", day, card, opinion.entry, details)


def _debt(card: Card, rules: Rules, terms: Terms) -> Iterator[Reminder]:
    account = money.account(card, rules, terms)
    if account.debt_since:
        details = {"amount": plain(account.debt), "since": account.debt_since.isoformat()}
        yield Reminder("debt", account.debt_since, card.id, card.name, details=details)


# --- in words -----------------------------------------------------------------------------------


def title(reminder: Reminder, language: str, currency: str) -> str:
    """Return what is to be done, in a few words."""
    words = translator(language)
    named = {
        "booking": N_("Visit: {what}"),
        "recommendation": N_("Recommendation: {what}"),
        "rebook": N_("Invite again: {what}"),
        "birthday": N_("Birthday"),
        "expiry": N_("Runs out: {what}"),
        "request": N_("Request: {what}"),
        "low-score": N_("Low score: {what}"),
        "debt": N_("Debt: {amount}"),
    }
    amount = decimal(reminder.details.get("amount", "")) or money.ZERO
    return words.gettext(named[reminder.kind]).format(
        what=reminder.what, amount=show_money(amount, language, currency)
    )


def why(reminder: Reminder, language: str) -> str:
    """Return the reason of a reminder as a phrase, "" when its title says it all."""
    return _WHY[reminder.kind](reminder, language)


def _why_recommendation(reminder: Reminder, language: str) -> str:
    words, details = translator(language), reminder.details
    parts = [show_period(details["every"], language)] if "every" in details else []
    if "last" in details:
        last = dates.show_date(details["last"], language)
        parts.append(words.gettext("last followed {date}").format(date=last))
    elif "every" in details:
        parts.append(words.gettext("not followed yet"))
    if "until" in details:
        until = dates.show_date(details["until"], language)
        parts.append(words.gettext("term until {date}").format(date=until))
    return ", ".join(parts)


def _why_booking(reminder: Reminder, language: str) -> str:
    time = reminder.details.get("time")
    return translator(language).gettext("booked for {time}").format(time=time) if time else ""


def _why_rebook(reminder: Reminder, language: str) -> str:
    return habits.why(reminder.details["source"], reminder.details, language)


def _why_birthday(reminder: Reminder, language: str) -> str:
    if "age" not in reminder.details:
        return ""
    years = int(reminder.details["age"])
    words = translator(language)
    return words.ngettext("turns {years} year", "turns {years} years", years).format(years=years)


def _why_expiry(reminder: Reminder, language: str) -> str:
    words = translator(language)
    return words.gettext("{what}: valid until {date}").format(
        what=words.gettext(reminder.label),
        date=dates.show_date(reminder.date.isoformat(), language),
    )


def _why_request(reminder: Reminder, language: str) -> str:
    words = translator(language)
    open_ = reminder.details["status"] == "open"
    sentence = (
        words.gettext("open since {date}") if open_ else words.gettext("in progress since {date}")
    )
    return sentence.format(date=dates.show_date(reminder.date.isoformat(), language))


def _why_low_score(reminder: Reminder, language: str) -> str:
    details = reminder.details
    sentence = translator(language).gettext("{score} of {most} on {date}, no contact since")
    return sentence.format(
        score=details["score"],
        most=details["scale"].partition("-")[2],
        date=dates.show_date(reminder.date.isoformat(), language),
    )


def _why_debt(reminder: Reminder, language: str) -> str:
    since = dates.show_date(reminder.details["since"], language)
    return translator(language).gettext("since {date}").format(date=since)


_WHY = {
    "booking": _why_booking,
    "recommendation": _why_recommendation,
    "rebook": _why_rebook,
    "birthday": _why_birthday,
    "expiry": _why_expiry,
    "request": _why_request,
    "low-score": _why_low_score,
    "debt": _why_debt,
}
