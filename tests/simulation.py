"""Many workplaces change the same cards at random and exchange them: real repositories, real git.

Each value written is unique, so that at the end it can be told whether anything was lost. Every
merge is also tried with git's own merge by lines, for comparison.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cardcli import card as cards
from cardcli import disk, mergesetup, plumbing, sync
from cardcli.commits import Message
from cardcli.config import git_environment
from cardcli.entry import Entry
from cardcli.founding import create_store
from cardcli.store import Edit, Store, open_store

SETTINGS = "language: ru\nbusiness: Лавр и мята\nprefix: К\nlayout: flat\ngit: yes\n"
KEYS = ("source", "emergency", "birthday", "company")
FIELDS = ("price", "staff", "title")
PLAIN = "git merge-file --quiet %A %O %B"
BROKEN = ("- 14.05.2026 стрижка {}", "просто строка {}", "- 2026-13-45 дата {}", "* 2026-05-14 {}")


@dataclass(frozen=True)
class Size:
    """How large a simulation is; *peers* exchange with each other instead of through a hub."""

    workplaces: int
    peers: bool = False
    cards: int = 4
    rounds: int = 3
    changes: int = 4


@dataclass
class Simulation:
    """The workplaces and what was ever written at them."""

    size: Size
    folder: Path
    variables: Mapping[str, str]
    random: random.Random
    stores: list[Store] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    added: dict[str, str] = field(default_factory=dict)
    """Entry id -> card id."""
    removed: set[str] = field(default_factory=set)
    written: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    """(card, entry or "", field, value before, value)."""
    lines: list[tuple[str, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def unique(self) -> str:
        """Return a value that was never written."""
        return f"з{next(self._numbers):05}ж"

    def run(self) -> Counter[str]:
        """Do all of it and return the figures."""
        self._set_up()
        for _round in range(self.size.rounds):
            for store in self.stores:
                for _change in range(self.size.changes):
                    self._change(store)
            for store in self.random.sample(self.stores, len(self.stores)):
                self._exchange(store)
        self._converge()
        self._judge()
        return self.figures

    # --- the workplaces ---

    def _set_up(self) -> None:
        first = create_store(self.folder / "w0", SETTINGS, self.variables)
        for number in range(self.size.cards):
            name = f"Иванова {'АБВГДЕЖЗИК'[number % 10]}{number}"
            first.create(
                lambda card_id, card_number, name=name: cards.new(  # type: ignore[misc]
                    {"id": card_id, "number": card_number, "name": name, "created": "2026-01-10"}
                ),
                name,
                "new",
            )
        mergesetup.ensure(first)
        hub = self.folder / "hub.git"
        sync.set_up(first, str(hub))
        sync.run(first, None, _quiet)
        self.stores = [first]
        for number in range(1, self.size.workplaces):
            place = self.folder / f"w{number}"
            subprocess.run(
                ["git", "clone", "--quiet", str(hub), str(place)],
                check=True,
                env=git_environment(self.variables),
            )
            self.stores.append(open_store(place, self.variables))
            mergesetup.ensure(self.stores[-1])

    def _exchange(self, store: Store) -> None:
        others = [other for other in self.stores if other is not store]
        remotes = (
            [str(other.root) for other in self.random.sample(others, min(2, len(others)))]
            if self.size.peers
            else ["origin"]
        )
        for remote in remotes:
            self._compare(store, remote)
            report = sync.run(store, remote, _quiet)
            self.figures["merges"] += len(report.joined)
            self.figures["cards merged"] += sum(joined.merged for joined in report.joined)
            self.figures["differences"] += sum(len(joined.differences) for joined in report.joined)
            self.figures["by lines"] += sum(len(joined.by_lines) for joined in report.joined)

    def _compare(self, store: Store, remote: str) -> None:
        """Try the same merge with git's own merge by lines."""
        theirs = sync.fetch(store, remote, "main")
        ours = plumbing.resolve(store.git, "HEAD")
        if not theirs or {ours, theirs} & set(plumbing.merge_bases(store.git, ours, theirs)):
            return
        done = subprocess.run(
            [
                "git",
                "-c",
                f"merge.cardcli.driver={PLAIN}",
                "merge-tree",
                "--write-tree",
                ours,
                theirs,
            ],
            cwd=store.root,
            env=git_environment(self.variables),
            capture_output=True,
            check=False,
        )
        self.figures["plain merges"] += 1
        self.figures["plain merges stopped"] += done.returncode != 0

    def _converge(self) -> None:
        for _round in range(8 if self.size.peers else 2):
            if len({self._tree(store) for store in self.stores}) == 1:
                break
            for store in self.stores:
                others = [str(other.root) for other in self.stores if other is not store]
                for remote in others if self.size.peers else ["origin"]:
                    report = sync.run(store, remote, _quiet)
                    self.figures["merges"] += len(report.joined)
        self.figures["different trees"] = len({self._tree(store) for store in self.stores}) - 1

    def _tree(self, store: Store) -> str:
        return store.git.run("rev-parse", "HEAD^{tree}").decode().strip()

    # --- one change ---

    def _change(self, store: Store) -> None:
        record = self.random.choice(list(store.records()))
        kind = self.random.choices(
            (self._append, self._set, self._correct, self._remove, self._by_hand),
            (50, 18, 18, 4, 10),
        )[0]
        kind(store, record.card, record.path)

    def _append(self, store: Store, card: cards.Card, _path: str) -> None:
        back = self.random.choice((0, 0, 0, 1, 3, 40))
        date = (dt.date(2026, 6, 15) - dt.timedelta(days=back)).isoformat()
        kind, heading = self.random.choice(
            (("visit", "Услуги"), ("visit", "Услуги"), ("sale", "Покупки"), ("", "Моё"))
        )
        text = f"Пояснение {self.unique()}" if self.random.random() < 0.3 else ""
        new = Entry("", date, f"Стрижка {self.unique()}", "", {"price": self.unique()}, text, kind)

        def edit(now: cards.Card) -> Edit:
            entry = new._replace(id=cards.fresh_id(now, kind, date), section=heading)
            self.added[entry.id] = card.id
            if kind:
                return Edit(cards.append(now, entry, heading), entry.id)
            return Edit(_in_own_section(now, entry), entry.id)

        store.change(card.id, edit, "visit")

    def _set(self, store: Store, card: cards.Card, _path: str) -> None:
        key, value = self.random.choice(KEYS), self.unique()
        self.written.append((card.id, "", key, card.value(key), value))
        store.change(card.id, lambda now: Edit(cards.set_key(now, key, value)), "set")

    def _correct(self, store: Store, card: cards.Card, _path: str) -> None:
        entries = [each for each in card.entries if each.kind != "difference"][-6:]
        if not entries:
            return
        entry, key, value = self.random.choice(entries), self.random.choice(FIELDS), self.unique()
        before = entry.title if key == "title" else entry.fields.get(key, "")
        self.written.append((card.id, entry.id, key, before, value))

        def change(old: Entry) -> Entry:
            if key == "title":
                return old._replace(title=value)
            return old._replace(fields={**old.fields, key: value})

        store.change(card.id, lambda now: Edit(cards.amend(now, entry.id, change)), "amend")

    def _remove(self, store: Store, card: cards.Card, _path: str) -> None:
        entries = [each for each in card.entries if each.kind != "difference"]
        if entries:
            entry = self.random.choice(entries)
            self.removed.add(entry.id)
            store.change(card.id, lambda now: Edit(cards.remove(now, entry.id)), "remove")

    def _by_hand(self, store: Store, card: cards.Card, path: str) -> None:
        value = self.unique()
        lines = card.lines[:]
        start = card.sections[0].start + 1
        written = self.random.choice(BROKEN).format(value)
        lines.insert(self.random.randrange(start, len(lines)), written)
        self.lines.append((card.id, value))
        disk.write(store.root / path, "\n".join(lines).encode())
        store.commits.commit([path], str(Message("edit", card.id)))

    # --- the end ---

    def _judge(self) -> None:
        texts = {record.card.id: record.card for record in self.stores[0].records()}
        figures = self.figures
        figures["entries"] = len(self.added)
        figures["damaged cards"] = self.size.cards - len(texts)
        found = Counter(each.id for card in texts.values() for each in card.entries)
        figures["entries lost"] = sum(not found[each] for each in {*self.added} - self.removed)
        figures["entries doubled"] = sum(count > 1 for count in found.values())
        for card in texts.values():
            for section in card.sections:
                keys = [each.key for _first, _end, each in section.spans if each.id]
                figures["out of order"] += keys != sorted(keys)
        overwritten = defaultdict(set)
        for card_id, entry, key, before, _value in self.written:
            overwritten[card_id, entry, key].add(before)
        figures["edits"] = len(self.written) + len(self.lines)
        figures["edits lost"] = sum(
            value not in overwritten[card_id, entry, key]
            and entry not in self.removed
            and value not in texts[card_id].text
            for card_id, entry, key, _before, value in self.written
        ) + sum(value not in texts[card_id].text for card_id, value in self.lines)


def _quiet(_words: str) -> None:
    pass


def _in_own_section(card: cards.Card, entry: Entry) -> str:
    """Add an entry to a section of the user's own, at its place."""
    from cardcli import entry as writing

    lines = card.lines[:]
    section = next((each for each in card.sections if each.heading == entry.section), None)
    written = writing.write(entry)
    if section is None:
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join([*lines, "", f"## {entry.section}", "", *written, ""])
    later = [first for first, _end, each in section.spans if each.key > entry.key]
    place = later[0] if later else section.spans[-1][1] if section.spans else section.end
    return "\n".join([*lines[:place], *written, *lines[place:]])
