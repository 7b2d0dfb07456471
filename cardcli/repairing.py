"""``check --fix``: what has one right answer is written, all of it in one commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from cardcli import card as cards
from cardcli import disk, inspection, numbers
from cardcli.card import Card
from cardcli.checks import names, repairs
from cardcli.commits import Message
from cardcli.errors import BadCardError
from cardcli.record import Record
from cardcli.store import Store


class Repair:
    """What is to be written: new texts of cards by path, and new paths of their files."""

    def __init__(self, store: Store, records: Iterable[Record], only: str = "") -> None:
        """Plan the repair of all *records*, of the card with the id *only* if one is given."""
        self.texts: dict[str, str] = {}
        self.moves: dict[str, str] = {}
        self._store = store
        self._limits = inspection.limits_of(store)
        self._whole = list(records)
        self._only = only
        self._given = ""
        for record in self._meant():
            self._card(record)
        self._numbers()

    def _meant(self) -> list[Record]:
        return [each for each in self._whole if not self._only or each.card.id == self._only]

    def _card(self, record: Record) -> None:
        text = repairs.repaired(record.card, self._limits)
        if text != record.card.text:
            self.texts[record.path] = text
        if any(names.misnamed(record.path, record.card.id, sharded=False)):
            name = PurePosixPath(self._store.path_for(record.card.name, record.card.id)).name
            target = str(PurePosixPath(record.path).with_name(name))
            if not (self._store.root / target).exists():
                self.moves[record.path] = target

    def _numbers(self) -> None:
        """Settle doubled numbers in favour of the older card, then number the cards without one."""
        known = [each.card.number for each in self._whole if each.card.number]
        doubled = {number for number, count in Counter(known).items() if count > 1}
        clashing = {
            each.path: self.texts.get(each.path, each.card.text)
            for each in self._whole
            if each.card.number in doubled
        }
        meant = {each.path for each in self._meant()}
        for renumbered in numbers.settle(clashing, known):
            known.append(renumbered.new)
            if renumbered.path in meant:
                self.texts[renumbered.path] = renumbered.text
        for record in sorted(
            self._meant(), key=lambda each: (each.card.value("created"), each.card.id)
        ):
            if not record.card.number:
                text = self.texts.get(record.path, record.card.text)
                number = self._store.free_numbers(known)[0]
                known.append(number)
                try:
                    card = cards.parse(text, record.card.kinds)
                    self.texts[record.path] = cards.set_key(card, "number", number)
                    self._given = number
                except BadCardError:  # written so that it cannot be spliced; it stays reported
                    continue

    def paths(self) -> list[str]:
        """Return all paths that are touched."""
        return sorted({*self.texts, *self.moves, *self.moves.values()})

    def steps(self) -> list[tuple[str, Card, Card]]:
        """Return the cards that are touched: the path afterwards, the card before and after."""
        return [
            (
                self.moves.get(each.path, each.path),
                each.card,
                cards.parse(self.texts.get(each.path, each.card.text), each.card.kinds),
            )
            for each in self._whole
            if each.path in self.texts or each.path in self.moves
        ]

    def write(self) -> None:
        """Write all of it under the lock of the store and commit it. Raises git.GitError."""
        store = self._store
        store.commits.handwork(self.paths())
        store.commits.note(self.paths())
        if self._given:
            store.give_number(self._given)
        for path, text in self.texts.items():
            disk.write(store.root / path, text.encode())
        for old, new in self.moves.items():
            disk.move(store.root / old, store.root / new)
        store.look_again()
        if self.paths():
            ids = {each.card.id for each in self._whole if each.path in {*self.texts, *self.moves}}
            store.commits.commit(
                self.paths(), str(Message("check", ids.pop() if len(ids) == 1 else ""))
            )
