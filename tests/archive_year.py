"""A year of a salon with a paper archive: two workplaces, real git, visits, corrections, prints.

A model of its own, which knows nothing of the ledger, says after every step what the archive must
say of each client at each workplace.
"""

from __future__ import annotations

import copy
import datetime as dt
import random
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cardcli import archiving, config, dates, mergesetup, sync
from cardcli import card as cards
from cardcli.archive import continuing
from cardcli.archive.content import LOG
from cardcli.cli import logsheets
from cardcli.cli.session import Session
from cardcli.entry import Entry
from cardcli.founding import create_store
from cardcli.printing import PrintSettings
from cardcli.store import Edit, Store, open_store

SETTINGS = "language: ru\nbusiness: Лавр и мята\nprefix: К\nlayout: flat\ngit: yes\n"
SERVICES = ("Стрижка", "Окрашивание корней", "Маникюр с покрытием", "Чистка лица ультразвуковая")
NOTES = ("", "", "", "Тон 7.1, выдержка 35 минут", "Попросила в следующий раз не укорачивать чёлку")
FIRST_DAY = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Size:
    """How large a simulation is: every client comes about every third week."""

    clients: int
    weeks: int


@dataclass
class Known:
    """What a workplace ought to know: visits by client and id with their version, logs on paper."""

    visits: dict[str, dict[str, int]] = field(default_factory=dict)
    logs: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    """Client -> log -> visit -> version on paper; the log that was begun last comes last."""

    def learn(self, other: Known) -> None:
        """Take in what another workplace knows: of each thing the later."""
        for client, theirs in other.visits.items():
            mine = self.visits.setdefault(client, {})
            for visit, version in theirs.items():
                mine[visit] = max(version, mine.get(visit, 0))
        for client, papers in other.logs.items():
            own = self.logs.setdefault(client, {})
            for log, printed in papers.items():
                there = own.setdefault(log, {})
                for visit, version in printed.items():
                    there[visit] = max(version, there.get(visit, 0))
            self.logs[client] = dict(sorted(own.items()))  # named by the moment of their beginning

    def state(self, client: str) -> str:
        """Return what the archive has to say of a client."""
        papers = self.logs.get(client, {})
        visits = self.visits.get(client, {})
        if not papers:
            return "never"
        if visits in papers.values():
            return "current"
        last = list(papers.values())[-1]
        wrong = any(visits.get(visit) != version for visit, version in last.items())
        return "reprint" if wrong else "stale"


@dataclass
class Workplace:
    """A clone of the store, and what the model says it knows."""

    store: Store
    session: Session
    known: Known = field(default_factory=Known)


class Year:
    """One simulated year."""

    def __init__(self, size: Size, folder: Path, seed: int) -> None:
        self.size = size
        self.folder = folder
        self.random = random.Random(seed)  # noqa: S311 - a simulation
        self.figures: Counter[str] = Counter()
        self.places: list[Workplace] = []
        self.clients: list[str] = []
        self.now = FIRST_DAY

    def run(self) -> Counter[str]:
        """Live through it and return the figures."""
        self._set_up()
        try:
            for week in range(self.size.weeks):
                self._week(week)
        finally:
            dates.fix_clock(None)
        return self.figures

    def _tick(self, **time: int) -> None:
        self.now += dt.timedelta(**time)
        dates.fix_clock(self.now)

    def _set_up(self) -> None:
        self._tick(seconds=1)
        variables = config.environment().variables
        first = create_store(self.folder / "one", SETTINGS, variables)
        for number in range(self.size.clients):
            name = f"Иванова {'АБВГДЕЖЗИК'[number % 10]}нна {number}"
            made = first.create(
                lambda card_id, number, name=name: cards.new(  # type: ignore[misc]
                    {"id": card_id, "number": number, "name": name, "birthday": "1990-04-12"}
                ),
                name,
                "new",
            )
            self.clients.append(made.record.card.id)
        mergesetup.ensure(first)
        sync.set_up(first, str(self.folder / "hub.git"))
        sync.run(first, None, _quiet)
        _clone(self.folder, variables)
        second = open_store(self.folder / "two", variables)
        mergesetup.ensure(second)
        for store in (first, second):
            self.places.append(Workplace(store, Session(store, config.environment())))

    def _week(self, week: int) -> None:
        for place in self.places:
            for client in self.clients:
                if self.random.random() < 1 / 6:
                    self._visit(place, client)
            if place is self.places[0] and self.random.random() < 0.3:
                self._correct(place)
        self._judge()
        if week % 2:
            for number, place in enumerate(self.places):
                self._print(place, number)
                self._judge()
        if self.random.random() < 0.7:
            self._sync()
            self._judge()
        self._tick(days=6)

    # --- what happens ---

    def _visit(self, place: Workplace, client: str) -> None:
        self._tick(minutes=7)
        fields = {"price": str(self.random.randrange(10, 90) * 100), "staff": "Ольга"}
        title, text = self.random.choice(SERVICES), self.random.choice(NOTES)
        new = Entry("", dates.today().isoformat(), title, "", fields, text, "visit", "Услуги")

        def edit(card: cards.Card) -> Edit:
            entry = new._replace(id=cards.fresh_id(card, "visit", new.date))
            return Edit(cards.append(card, entry, "Услуги"), entry.id)

        saved = place.store.change(client, edit, "visit")
        newest = {each.id for each in saved.record.card.of_kind("visit")}
        known = place.known.visits.setdefault(client, {})
        (added,) = newest - known.keys()
        known[added] = 1
        self.figures["visits"] += 1

    def _correct(self, place: Workplace) -> None:
        known = [(client, visit) for client, all_ in place.known.visits.items() for visit in all_]
        if not known:
            return
        client, visit = self.random.choice(known)
        version = place.known.visits[client][visit] + 1

        def better(entry: Entry) -> Entry:
            return entry._replace(
                fields={**entry.fields, "price": f"{entry.fields['price']}{version}"}
            )

        place.store.change(client, lambda card: Edit(cards.amend(card, visit, better)), "amend")
        place.known.visits[client][visit] = version
        self.figures["corrections"] += 1

    def _print(self, place: Workplace, number: int) -> None:
        """Print what has to be printed: sheets lie where the client is at home."""
        self._tick(minutes=11)
        archive = archiving.Archive(place.store, dates.today(), _refuse)
        wanted = []
        for place_of_list, client in enumerate(self.clients):
            state = place.known.state(client)
            at_home = place_of_list % 2 == number
            begins = state == "never" and place.known.visits.get(client)
            abroad = begins and self.random.random() < 0.2
            if abroad or (at_home and (begins or state in {"stale", "reprint"})):
                wanted.append(client)
        if not wanted:
            return
        records = [archive.record(client) for client in wanted]
        wish = logsheets.Wanted(goes_on=True, changed=True)
        clients = logsheets.plan(place.session, archive, records, wish)
        settings = PrintSettings("ru", "Лавр и мята", paper=logsheets.paper_of(clients, "", "a5"))
        sheets = logsheets.lay(place.session, clients, settings)
        logsheets.draw(place.session, sheets, settings, (0, 0))
        archiving.record(place.store, logsheets.lines(sheets, settings.paper), "print")
        everything = [replace(each, job=continuing.whole(each.visits)) for each in clients]
        again = logsheets.lay(place.session, everything, settings)
        self.figures["print runs"] += 1
        self.figures["sheets"] += sum(each.laid.fresh for each in sheets)
        self.figures["sheets when all is reprinted"] += len(again)
        for client in wanted:
            papers = place.known.logs.setdefault(client, {})
            log = next(reversed(papers)) if papers else f"{self.now.isoformat()} {number}"
            papers[log] = dict(place.known.visits[client])

    def _sync(self) -> None:
        self._tick(minutes=13)
        for place in (self.places[0], self.places[1], self.places[0]):
            sync.run(place.store, None, _quiet)
        one, two = self.places
        before = copy.deepcopy(one.known)
        one.known.learn(two.known)
        two.known.learn(before)
        self.figures["syncs"] += 1

    # --- is the archive right? ---

    def _judge(self) -> None:
        for place in self.places:
            archive = archiving.Archive(place.store, dates.today(), _refuse)
            for client in self.clients:
                said, right = archive.verdict(client, LOG).state, place.known.state(client)
                self.figures["verdicts"] += 1
                self.figures[f"of them {right}"] += 1
                assert said == right, (self.now, place.store.root.name, client, said, right)


def _clone(folder: Path, variables: Mapping[str, str]) -> None:
    subprocess.run(
        ["git", "clone", "--quiet", str(folder / "hub.git"), str(folder / "two")],
        check=True,
        env=config.git_environment(variables),
    )


def _quiet(_words: str) -> None:
    pass


def _refuse(words: str) -> None:
    raise AssertionError(words)
