"""What a query asks of one card: each fact is worked out when it is first asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from cardcli import advice, money, requests, status, visits
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import Problem
from cardcli.fields import Rules
from cardcli.money import Account
from cardcli.person import Name, name_of
from cardcli.terms import Terms
from cardcli.visits import Visits


class View:
    """A card, or one entry of it, as a query sees it on ``rules.today``.

    A query on tags never reads the body of a card, and one on services never counts money.
    """

    def __init__(self, card: Card, rules: Rules, terms: Terms, entry: Entry | None = None) -> None:
        self.card = card
        self.rules = rules
        self.terms = terms
        self._entry = entry

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries asked about: all of the card, or the one this view was narrowed to."""
        return self.card.entries if self._entry is None else (self._entry,)

    def each_of(self, kind: str) -> Iterator[View]:
        """Yield a view of each single entry of a kind."""
        for each in self.entries:
            if each.kind == kind:
                yield View(self.card, self.rules, self.terms, each)

    @functools.cached_property
    def name(self) -> Name:
        """Return the parts of the name."""
        return name_of(self.card)

    @functools.cached_property
    def visits(self) -> Visits:
        """Return when the client came, and when they are booked."""
        return visits.history(self.card, self.rules)

    @functools.cached_property
    def account(self) -> Account:
        """Return what the client has spent, owes or has paid ahead."""
        return money.account(self.card, self.rules, self.terms)

    @functools.cached_property
    def status(self) -> str:
        """Return the status that counts: the one set by hand, else the computed one."""
        return status.of(self.card, self.rules, self.terms).key

    @functools.cached_property
    def adherence(self) -> int | None:
        """Return in percent how far the client follows what was recommended."""
        return advice.adherence(advice.all_of(self.card, self.rules)).percent

    @functools.cached_property
    def requests(self) -> int:
        """Return how many requests wait for an answer."""
        return len(requests.waiting(self.card, self.rules))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the amounts that could not be counted, if money was counted at all."""
        return self.account.problems if "account" in self.__dict__ else ()
