"""What matters of a client at a glance, for ``show`` and ``brief``: rows of a label and a text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from cardcli import advice, birthdays, dates, money, profile, requests, status, visits
from cardcli.advice import Advice
from cardcli.card import Card
from cardcli.cli import ui
from cardcli.cli.session import Session
from cardcli.entry import Entry
from cardcli.fields import plain, show_money, show_period
from cardcli.language import _, active, ngettext
from cardcli.money import Account
from cardcli.visits import Visits

Row = tuple[str, str]
_LAST = 3
_SEEN = frozenset({"visit", "sale"})


@dataclass(frozen=True)
class Overview:
    """The computed facts of one card, each reckoned when it is first asked for."""

    session: Session
    card: Card

    @cached_property
    def visits(self) -> Visits:
        """Return the visits."""
        return visits.history(self.card, self.session.rules)

    @cached_property
    def account(self) -> Account:
        """Return the account."""
        return money.account(self.card, self.session.rules, self.session.config.terms)

    @cached_property
    def status(self) -> status.Status:
        """Return the status."""
        return status.of(self.card, self.session.rules, self.session.config.terms)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """Return the recommendations."""
        return advice.all_of(self.card, self.session.rules)

    @cached_property
    def due(self) -> list[Advice]:
        """Return the recommendations that are due by today, the longest overdue first."""
        today = self.session.rules.today
        found = [(each.due, each) for each in self.advice if each.due and each.due <= today]
        return [each for _due, each in sorted(found, key=lambda pair: pair[0])]

    @cached_property
    def requests(self) -> tuple[Entry, ...]:
        """Return the open requests."""
        return requests.waiting(self.card, self.session.rules)

    # --- rows ---

    def rows(self) -> list[Row]:
        """Return what ``show`` says above the profile."""
        return [
            *self.status_rows(),
            *self.visit_rows(),
            *self.balance_rows(),
            *self.request_rows(),
            *self.due_rows(),
        ]

    def status_rows(self) -> list[Row]:
        """Return the status, unless the role of this run does not see what it is reckoned from."""
        return [] if _SEEN & self.session.hidden else [(_("Client status"), self.status_words())]

    def status_words(self) -> str:
        """Return the status; one set by hand with its reason and the computed one beside it."""
        labels = dict(profile.STATUSES)
        if not self.status.manual:
            return _(labels[self.status.computed])
        reason = _("set by hand: {reason}") if self.status.reason else _("set by hand")
        return _("{status} ({manual}; by the visits: {computed})").format(
            status=_(labels[self.status.manual]),
            manual=reason.format(reason=self.status.reason),
            computed=_(labels[self.status.computed]),
        )

    def visit_rows(self) -> list[Row]:
        """Return how often the client comes, the last visits, and what is booked."""
        seen = self.visits
        rows = []
        if seen.first:
            since = _("{count} since {date}").format(
                count=len(seen.days), date=self.date(seen.first.isoformat())
            )
            rows = [(_("Visits"), ", ".join([since, *self._rhythm()]))]
            rows += [(_("Last visits"), text) for text in self._last_visits()]
        return [*rows, *self.booked_rows()]

    def booked_rows(self) -> list[Row]:
        """Return the visits that are booked."""
        return [(_("Booked"), f"{self.when(each)} {each.title}") for each in self.visits.booked]

    def _rhythm(self) -> list[str]:
        days = self.visits.interval
        if days is None:
            return []
        return [
            ngettext("usually every {days} day", "usually every {days} days", days).format(
                days=days
            )
        ]

    def _last_visits(self) -> list[str]:
        found = []
        for day in reversed(self.visits.days[-_LAST:]):
            titles = [each.title for each in self.visits.done if each.date == day.isoformat()]
            found.append(f"{self.date(day.isoformat())} {', '.join(dict.fromkeys(titles))}")
        return found

    def balance_rows(self) -> list[Row]:
        """Return the balance and what was spent; nothing without money on the card, or with hidden money."""
        if not self.account.lines or money.KINDS & self.session.hidden:
            return []
        spent = _("{amount} spent in all").format(amount=self.money(self.account.spent))
        return [(_("Balance"), f"{self.balance_words()}; {spent}")]

    def balance_words(self) -> str:
        """Return the debt with its day and the credit limit, or the prepayment, or that all is paid."""
        account = self.account
        if account.debt_since:
            words = _("debt of {amount} since {date}").format(
                amount=self.money(account.debt), date=self.date(account.debt_since.isoformat())
            )
            if account.over_limit:
                words += ", " + _("{amount} above the credit limit").format(
                    amount=self.money(account.over_limit)
                )
            return words
        if account.prepayment:
            return _("prepayment of {amount}").format(amount=self.money(account.prepayment))
        return _("no debt")

    def request_rows(self) -> list[Row]:
        """Return the open requests, each on its own row."""
        return [
            (_("Open requests"), f"{self.date(each.date)} {each.title}") for each in self.requests
        ]

    def due_rows(self) -> list[Row]:
        """Return the recommendations that are due, each on its own row."""
        return [(_("Recommended"), self.advice_words(each)) for each in self.due]

    def advice_words(self, each: Advice) -> str:
        """Return a recommendation with its period and the day it was due."""
        parts = [each.entry.title]
        if each.every:
            parts.append(show_period(str(each.every), active()))
        if each.due:
            parts.append(_("due {date}").format(date=self.date(each.due.isoformat())))
        return ", ".join(parts)

    # --- words ---

    def date(self, iso: str) -> str:
        """Return a date in the user's language."""
        return dates.show_date(iso, active())

    def when(self, entry: Entry) -> str:
        """Return the date of an entry with its time."""
        return " ".join(part for part in (self.date(entry.date), entry.time) if part)

    def money(self, amount: Decimal) -> str:
        """Return an amount in the user's language."""
        return show_money(amount, active(), self.session.config.currency)


def lines(rows: list[Row]) -> list[str]:
    """Return rows as lines: the labels in one column, a label that repeats only once."""
    size = max((ui.columns(label) for label, _text in rows), default=0)
    found, last = [], ""
    for label, text in rows:
        first = ui.pad("" if label == last else label, size) + "  "
        found += ui.wrap(text, " " * (size + 2), first)
        last = label
    return found


def facts_json(view: Overview) -> dict[str, Any]:
    """Return the computed facts of a card for programs."""
    session, card = view.session, view.card
    seen, kept = view.visits, advice.adherence(view.advice)
    no_status, no_money = _SEEN & session.hidden, money.KINDS & session.hidden
    birthday = birthdays.coming(card.value("birthday"), session.rules.today)
    return {
        "status": None if no_status else view.status.key,
        "status_computed": None if no_status else view.status.computed,
        "status_reason": view.status.reason or None,
        "visits": len(seen.days),
        "first_visit": iso(seen.first),
        "last_visit": iso(seen.last),
        "usual_interval_days": seen.interval,
        "expected_visit": iso(seen.expected),
        "booked": [each.id or None for each in seen.booked],
        "services": [{"name": each.name, "count": each.count} for each in seen.services],
        "staff": [{"name": each.name, "count": each.count} for each in seen.staff],
        "average_bill": amount_json(None if no_money else visits.average_bill(view.account)),
        "spent": amount_json(None if no_money else view.account.spent),
        "balance": amount_json(None if no_money else view.account.balance),
        "age": birthdays.age(card.value("birthday"), session.rules.today),
        "days_to_birthday": (birthday - session.rules.today).days if birthday else None,
        "recommendations_expected": kept.expected,
        "recommendations_followed": kept.followed,
        "adherence_percent": kept.percent,
        "recommendations_due": [each.entry.id or None for each in view.due],
        "open_requests": [each.id or None for each in view.requests],
    }


def iso(day: dt.date | None) -> str | None:
    """Return a date for programs."""
    return day.isoformat() if day else None


def amount_json(amount: Decimal | None) -> str | None:
    """Return an amount for programs."""
    return None if amount is None else plain(amount)
