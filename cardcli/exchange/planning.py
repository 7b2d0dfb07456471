"""What an import would do: every record beside the clients there are, before anything is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cardcli import card as cards
from cardcli import ids, photos, profile
from cardcli.card import Card
from cardcli.entry import EMPTY_TITLE, Entry
from cardcli.errors import BadCardError, BadValueError
from cardcli.exchange.incoming import Incoming, Noted, Options, Skipped, Told
from cardcli.exchange.matching import Known, Match, Register
from cardcli.exchange.reading import Client, read
from cardcli.exchange.uniting import Difference, new_entries, unite, with_imported
from cardcli.language import _, translator
from cardcli.yamlpatch import Plain, Value

_HEAD = ("date", "time", "title")


class Status(StrEnum):
    """What becomes of a record, or of all records about one client."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DOUBTFUL = "doubtful"
    SKIPPED = "skipped"


class Doubt(StrEnum):
    """What to do with a record that might be about a client who is there."""

    SKIP = "skip"
    NEW = "new"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants besides what the file says."""

    doubtful: Doubt = Doubt.SKIP
    theirs: bool = False
    keep_unknown: bool = False
    create: bool = False
    language: str = "en"


@dataclass(slots=True)
class Item:
    """One client of the plan: who it is, from which records, and what their card will hold."""

    id: str
    values: dict[str, Value]
    card: Card | None = None
    path: str = ""
    number: str = ""
    whole: str = ""
    places: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    amended: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    text: str = ""
    left: list[Entry] = field(default_factory=list)
    left_for: str = ""

    @property
    def name(self) -> str:
        """Return the name as a report shows it."""
        return Card("", self.values).name

    @property
    def status(self) -> Status:
        """Return what becomes of the client."""
        if self.card is None:
            return Status.NEW
        return Status.CHANGED if self.text != self.card.text else Status.SAME


@dataclass(frozen=True, slots=True)
class Unclear:
    """A record that might be about one of several clients."""

    place: str
    name: str
    reason: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A record about a new client whom the record at *first* told of already."""

    place: str
    name: str
    first: str


@dataclass(slots=True)
class Plan:
    """What an import would do, and everything a person should know of it."""

    items: list[Item] = field(default_factory=list)
    doubtful: list[Unclear] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    remarks: list[Noted] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    records: int = 0
    understood: int = 0
    joined: list[Joined] = field(default_factory=list)
    apart: set[str] = field(default_factory=set)
    """Places of doubtful records that were taken as other clients: so it was told or wished."""

    def of(self, status: Status) -> list[Item]:
        """Return the clients of whom this becomes."""
        return [item for item in self.items if item.status is status]


Load = Callable[[str], tuple[str, Card]]
"""The path and the card of a client who is there, by id."""
PhotoPath = Callable[[str, str, str, str], str]
"""A free path for a picture: of the client, day, word, suffix."""


class Planner:
    """Makes a plan of records, one after another."""

    def __init__(
        self,
        register: Register,
        load: Load,
        photo_path: PhotoPath,
        options: Options,
        wishes: Wishes,
        taken: Iterable[str] = (),
    ) -> None:
        self._register = register
        self._load = load
        self._photo_path = photo_path
        self._options = options
        self._wishes = wishes
        self._items: dict[str, Item] = {}
        self._taken = {*register.clients, *taken}
        self._numbers = {each.number for each in register.clients.values()}
        self.plan = Plan()

    def add(self, told: Told) -> None:
        """Take in what a file tells."""
        if isinstance(told, Noted):
            self.plan.remarks.append(told)
        elif isinstance(told, Skipped):
            self.plan.records += 1
            self.plan.skipped.append(told)
        else:
            self.plan.records += 1
            self._take(told)

    def finished(self) -> Plan:
        """Return the plan with the texts of all cards that will change."""
        for item in self._items.values():
            if item.card is not None:
                self._write(item, item.card)
        self.plan.items = [
            item for item in self._items.values() if item.card is None or item.places
        ]
        return self.plan

    # --- one record ---

    def _take(self, told: Incoming) -> None:
        client = read(told, self._options)
        if isinstance(client, Skipped):
            self.plan.skipped.append(client)
            return
        self.plan.understood += 1
        for sentence in client.remarks:
            self.plan.remarks.append(Noted(told.place, sentence))
        self._count_unknown(told)
        match = self._register.match(client)
        if match.doubtful:
            match = self._settled(client, match)
        if match.doubtful:
            self.plan.doubtful.append(
                Unclear(told.place, client.shown, match.reason, match.doubtful)
            )
        elif match.sure and not self._is_twin(match.sure, client):
            self._add_to(match.sure, client)
        elif told.belongs and not self._wishes.create and not match.sure:
            sentence = _("no client is called {name}; --create makes a card")
            self.plan.skipped.append(Skipped(told.place, sentence.format(name=client.shown)))
        else:
            self._create(client)

    def _count_unknown(self, told: Incoming) -> None:
        for column, texts in told.unknown.items():
            self.plan.unknown[column] += len(texts)

    def _settled(self, client: Client, match: Match) -> Match:
        """Return whom a doubtful record is about after all, when that can be said."""
        for each in match.doubtful:
            if self._adds_nothing(each, client):
                return Match(each)
        wish = self._wishes.doubtful
        if wish is Doubt.MERGE and len(match.doubtful) == 1:
            return Match(match.doubtful[0])
        if client.told.belongs:
            return match
        twins = self._has_own_card(client) or all(
            self._is_of_the_same_file(each, client) for each in match.doubtful
        )
        if wish is Doubt.NEW or twins:  # the other program holds them as two
            sentence = _("taken as another client: {reason}").format(reason=match.reason)
            self.plan.remarks.append(Noted(client.told.place, sentence))
            self.plan.apart.add(client.told.place)
            return Match()
        return match

    def _is_twin(self, there: str, client: Client) -> bool:
        """Tell whether the file holds two of one name and birthday, each with contacts of their own."""
        known = self._register.clients[there]
        if client.told.id or client.told.belongs or not self._is_of_the_same_file(there, client):
            return False
        mine, others = (
            ({*client.plain("phones")}, {*client.plain("emails")}),
            (known.phones, known.emails),
        )
        shared = any(one & {*two} for one, two in zip(mine, others, strict=True))
        if shared or not any(mine) or not any(others):
            return False
        if self._wishes.doubtful is Doubt.MERGE:
            return False
        sentence = _(
            "taken as another client: name and birthday are those of {client}, and phone and e-mail are not"
        )
        self.plan.remarks.append(Noted(client.told.place, sentence.format(client=known.shown)))
        return True

    def _has_own_card(self, client: Client) -> bool:
        """Tell whether a record is a whole card with an id that is free: a client of their own."""
        told = client.told
        return bool(told.text) and ids.is_id(told.id) and told.id not in self._taken

    def _is_of_the_same_file(self, candidate: str, client: Client) -> bool:
        place = self._register.clients[candidate].place
        return bool(place) and place.rpartition(":")[0] == client.told.place.rpartition(":")[0]

    def _adds_nothing(self, candidate: str, client: Client) -> bool:
        known = self._register.clients[candidate]
        phones, emails = client.plain("phones"), client.plain("emails")
        if any(phone not in known.phones for phone in phones) or len(emails) > len(known.emails):
            return False
        item = self._item(candidate)
        united, differences = unite(item.values, client, self._options.kinds.profile, theirs=False)
        return (
            not differences
            and united == item.values
            and not client.entries
            and not client.told.photo
        )

    # --- clients ---

    def _item(self, card_id: str) -> Item:
        """Return the client of the plan with this id."""
        if card_id not in self._items:
            path, card = self._load(card_id)
            self._items[card_id] = Item(card_id, dict(card.metadata), card, path, card.number)
        return self._items[card_id]

    def _create(self, client: Client) -> None:
        told = client.told
        free = ids.is_id(told.id) and told.id not in self._taken
        card_id = told.id if free else ids.new_id(self._taken)
        self._taken.add(card_id)
        number = told.number if told.number and told.number not in self._numbers else ""
        self._numbers.add(number)
        if told.number and not number:
            sentence = _("the card number {number} is taken; it gets another one")
            self.plan.remarks.append(Noted(told.place, sentence.format(number=told.number)))
        item = Item(card_id, {}, number=number)
        if told.text and free and (number or not told.number):
            item.whole = told.text
            item.files |= told.files
        self._items[card_id] = item
        self._add(item, client)

    def _add_to(self, card_id: str, client: Client) -> None:
        item = self._item(card_id)
        if item.card is None and item.places and not client.told.belongs:
            self.plan.joined.append(Joined(client.told.place, item.name, item.places[0]))
        self._add(item, client)

    def _add(self, item: Item, client: Client) -> None:
        fresh = item.card is None and not item.places
        item.places.append(client.told.place)
        if item.whole and not fresh:
            item.whole = ""
        if fresh:
            item.values = dict(client.values)
        elif not client.told.belongs:
            table = self._options.kinds.profile
            item.values, found = unite(item.values, client, table, theirs=self._wishes.theirs)
            item.differences += found
        item.values = with_imported(item.values, self._beside(client))
        self._add_entries(item, client)
        self._add_photo(item, client)
        self._register.add(_known(item))

    def _beside(self, client: Client) -> dict[str, str]:
        """Return what is kept under ``imported:``: what could not be read, and columns if wanted."""
        beside = dict(client.unread)
        if self._wishes.keep_unknown:
            beside |= {name: "\n".join(texts) for name, texts in client.told.unknown.items()}
        return beside

    def _add_entries(self, item: Item, client: Client) -> None:
        before = item.card.entries if item.card else ()
        there = [*(item.amended.get(each.id, each) for each in before), *item.entries]
        file = client.told.place.rpartition(":")[0]
        if item.left_for != file:  # each entry that is there answers for one of each file
            item.left, item.left_for = [*there], file
        added, pairs = new_entries(there, item.left, client.entries, _fresh)
        item.entries += added
        for old, new in pairs:
            for key, value in (*_head(new), *new.fields.items()):
                here = dict(_head(old)).get(key, old.fields.get(key, ""))
                if here != value:
                    self._differ(item, client, old, (key, here, value))

    def _differ(self, item: Item, client: Client, old: Entry, said: tuple[str, str, str]) -> None:
        """Fill a gap of an entry, or tell that the file says otherwise."""
        key, here, value = said
        if here:
            what = f"{old.date} {old.title}: {key}"
            item.differences.append(Difference(what, here, value, client.told.place))
        if (not here or self._wishes.theirs) and old.id:
            now = item.amended.get(old.id, old)
            if key in _HEAD:
                changed = now._replace(**{key: value})  # type: ignore[arg-type]
            else:
                changed = now._replace(fields={**now.fields, key: value})
            if old in item.entries:
                item.entries[item.entries.index(old)] = changed
            else:
                item.amended[old.id] = changed

    def _add_photo(self, item: Item, client: Client) -> None:
        if not client.told.photo:
            return
        try:
            data, suffix = photos.checked(client.told.photo, _("the photo"))
        except BadValueError as error:
            self.plan.remarks.append(Noted(client.told.place, str(error)))
            return
        mark = hashlib.sha256(data).hexdigest()
        there = [*(item.card.entries if item.card else ()), *item.entries]
        if any(each.fields.get("sha256") == mark for each in there):
            return
        day = self._options.today.isoformat()
        path = self._photo_path(item.id, day, "portrait", suffix)
        item.files[path] = data
        title = translator(self._wishes.language).gettext("photo")
        fields = {"kind": "photo", "file": path, "sha256": mark}
        entry = Entry("", day, title, "", fields, "", "document")
        item.entries.append(entry._replace(id=_fresh(entry, there)))

    # --- texts ---

    def _write(self, item: Item, card: Card) -> None:
        """Make the new text of a card that is there; one that cannot be changed is left alone."""
        try:
            item.text = self._changed(item, card)
        except BadCardError as error:
            item.text = card.text
            self.plan.skipped += [Skipped(place, f"{item.path}: {error}") for place in item.places]

    def _changed(self, item: Item, card: Card) -> str:
        for key, value in item.values.items():
            if card.metadata.get(key) != value:
                card = cards.parse(cards.set_key(card, key, value), card.kinds)
        for entry_id, entry in item.amended.items():
            card = cards.parse(cards.amend(card, entry_id, lambda _old, new=entry: new), card.kinds)  # type: ignore[misc]
        return cards.append_all(card, item.entries, self._headings())

    def _headings(self) -> Mapping[str, str]:
        return {each.name: each.heading(self._wishes.language) for each in self._options.kinds.all}

    def text_of(self, item: Item, number: str) -> str:
        """Return the text of a new card that gets this *number*."""
        if item.whole:
            return item.whole
        values: dict[str, Value] = {"id": item.id, "number": number, **item.values}
        values.setdefault("created", Plain(self._options.today.isoformat()))
        text = cards.new(profile.ordered(values))
        if not item.entries:
            return text
        card = cards.parse(text, self._options.kinds)
        return cards.append_all(card, item.entries, self._headings())


def _head(entry: Entry) -> list[tuple[str, str]]:
    """Return day, time and title of an entry, as far as it says them."""
    said = [(key, getattr(entry, key)) for key in _HEAD]
    return [(key, value) for key, value in said if value and value != EMPTY_TITLE]


def _fresh(entry: Entry, there: Iterable[Entry]) -> str:
    """Return an id for a new entry that puts it below the others of its day."""
    taken, last = set(), ""
    for each in there:
        taken.add(each.id)
        if (each.kind, each.date, each.time) == (entry.kind, entry.date, entry.time):
            last = max(last, each.id)
    return ids.new_id(taken, last)


def _known(item: Item) -> Known:
    """Return what a client of the plan can be told by."""
    card = Card("", item.values)
    return Known(
        item.id,
        card.name,
        item.number,
        (*card.values("former_names"), *card.values("company")),
        tuple(card.values("phones")),
        tuple(card.values("emails")),
        card.value("birthday"),
        item.places[0] if item.card is None else "",
    )


def new_items(plan: Plan) -> Iterator[Item]:
    """Yield the clients who get a new card."""
    return (item for item in plan.items if item.card is None)
