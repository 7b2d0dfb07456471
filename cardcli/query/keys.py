"""What a query may ask: one table of keys, made from the tables of the profile and of the kinds.

A key is understood in English and in Russian: by its name, by the words given here, and by its
label in either language, with hyphens for blanks (``дата-рождения``). Where two keys would share a
word, the fact computed of the client goes before the profile, the profile before the kinds of
entries, these before the fields of entries; any field can be reached through its kind
(``contact.status``).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from cardcli import birthdays, dates, visits
from cardcli.card import Card
from cardcli.fields import Field, Rules, Type, decimal
from cardcli.kinds import HEAD, Kind, Kinds
from cardcli.language import LANGUAGES, N_, translator
from cardcli.profile import STATUSES
from cardcli.query import operands
from cardcli.query.operands import Match, Operand, Typed, Value
from cardcli.query.view import View
from cardcli.text import fold

Read = Callable[[View], Iterable[Value | None]]
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


class Group(Enum):
    """Where a key is from, in the order of the help."""

    CLIENT = auto()
    COMPUTED = auto()
    ENTRIES = auto()
    OF_KIND = auto()
    OWN = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """Something a query may ask of a client.

    ``name`` is what programs call it; ``words`` is what it is typed as, the usual one of each
    language first; ``label`` is a message id. ``many`` says that a client may have several values.
    """

    name: str
    words: tuple[str, ...]
    label: str
    type: Type
    read: Read
    group: Group
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False
    match: Match = Match.WORDS

    def values(self, view: View) -> list[Value]:
        """Return what a client has of it; what cannot be read is left out."""
        return [value for value in self.read(view) if value is not None and value != ""]

    def operand(self, typed: Typed, rules: Rules) -> Operand:
        """Read what the key is compared with. Raises :class:`BadValueError`."""
        if typed.anything:
            return operands.Anything()
        if self.group is Group.OWN:
            return operands.own(typed, rules)
        if self.choices:
            return operands.choice(typed, self.choices)
        if read := operands.BY_TYPE.get(self.type):
            return read(typed, rules)
        return operands.text(typed, self.match)

    def word(self, language: str) -> str:
        """Return the usual word for it in *language*."""
        russian = (each for each in self.words if _CYRILLIC.search(each))
        return next(russian, self.words[0]) if language == "ru" else self.words[0]

    @property
    def field(self) -> Field:
        """Return how its values are shown."""
        return Field(self.name, self.type, self.label, self.choices)


def word_of(text: str) -> str:
    """Return a name or a label as the word it is typed as."""
    return re.sub(r"[\s_]+", "-", fold(text))


def _words(*texts: str, label: str = "") -> tuple[str, ...]:
    labels = (translator(code).gettext(label) for code in LANGUAGES if label)
    return tuple(dict.fromkeys(filter(None, map(word_of, (*texts, *labels)))))


# --- facts of the client that are computed ---------------------------------------------------------


def _average(view: View) -> Value | None:
    return visits.average_bill(view.account)


def _booked(view: View) -> Value | None:
    return dates.from_iso(view.visits.booked[0].date) if view.visits.booked else None


def _age(view: View) -> Value | None:
    return birthdays.age(view.card.value("birthday"), view.rules.today)


_FACTS: tuple[tuple[str, str, str, Type, Callable[[View], Value | None]], ...] = (
    ("status", "статус", N_("Status of the client"), Type.CHOICE, lambda view: view.status),
    ("visits", "визиты", N_("Visits"), Type.NUMBER, lambda view: len(view.visits.days)),
    ("first", "первый", N_("First visit"), Type.DATE, lambda view: view.visits.first),
    ("last", "последний", N_("Last visit"), Type.DATE, lambda view: view.visits.last),
    ("booked", "записан", N_("Next booked visit"), Type.DATE, _booked),
    ("interval", "интервал", N_("Usual days between visits"), Type.NUMBER, lambda view: view.visits.interval),
    ("expected", "ожидается", N_("Next visit by the usual interval"), Type.DATE, lambda view: view.visits.expected),
    ("spent", "потрачено", N_("Spent in all"), Type.MONEY, lambda view: view.account.spent),
    ("average", "средний-чек", N_("Average bill"), Type.MONEY, _average),
    ("balance", "баланс", N_("Balance"), Type.MONEY, lambda view: view.account.balance),
    ("debt", "долг", N_("Debt"), Type.MONEY, lambda view: view.account.debt),
    ("prepayment", "аванс", N_("Prepayment"), Type.MONEY, lambda view: view.account.prepayment),
    ("age", "возраст", N_("Age"), Type.NUMBER, _age),
    ("adherence", "выполнение", N_("Recommendations followed, percent"), Type.NUMBER, lambda view: view.adherence),
    ("requests", "обращения", N_("Open requests"), Type.NUMBER, lambda view: view.requests),
)  # fmt: skip


def _fact(
    name: str, word: str, label: str, type_: Type, fact: Callable[[View], Value | None]
) -> Key:
    choices = STATUSES if name == "status" else ()
    words = _words(name, word, label=label)
    return Key(name, words, label, type_, lambda view: (fact(view),), Group.COMPUTED, choices)


# --- the profile -----------------------------------------------------------------------------------

_USUAL: Mapping[str, tuple[str, ...]] = {
    "phones": ("phone", "телефон"),
    "emails": ("email", "почта"),
    "addresses": ("address", "адрес"),
    "birthday": ("birthday", "рождение"),
    "source": ("source", "источник"),
    "allergies": ("allergy", "аллергия"),
    "contraindications": ("contraindication", "противопоказание"),
    "chronic": ("chronic", "хроническое"),
    "preferences": ("preference", "предпочтение"),
    "interests": ("interest", "интерес"),
    "needs": ("need", "потребность"),
    "tags": ("tag", "тег", "метка"),
    "number": ("number", "номер"),
    "company": ("company", "компания"),
    "credit_limit": ("credit-limit", "лимит"),
    "status_reason": ("status-reason", "причина-статуса"),
    "staff": ("staff", "мастер"),
    "contact": ("contact", "контакт"),
    "duration": ("duration", "минуты"),
    "until": ("until", "до"),
    "expires": ("expires", "истекает"),
}
"""The words people type, before the labels."""

_PARTS = frozenset({"family", "given", "patronymic"})
_MATCHES: Mapping[str, Match] = {
    **dict.fromkeys(("name", "company", "former_names", *_PARTS), Match.NAME),
    **dict.fromkeys(("tags", "id"), Match.WHOLE),
    "number": Match.PART,
}
_TYPE_MATCHES: Mapping[Type, Match] = {
    Type.PHONE: Match.PHONE,
    Type.EMAIL: Match.PART,
    Type.FILE: Match.PART,
    Type.ENTRY: Match.WHOLE,
}


def _stored(type_: Type, value: str) -> Iterator[Value | None]:
    """Read a value as it stands in a card."""
    if type_ is Type.DATE:
        yield dates.from_iso(value)
    elif type_ is Type.DATES:
        yield from (dates.from_iso(day.strip()) for day in value.split(","))
    elif type_ is Type.LIST:
        yield from value.split(", ")
    elif type_ in {Type.NUMBER, Type.MONEY}:
        yield decimal(value)
    else:
        yield value


def _typed(each: Field, read: Read, group: Group, *, many: bool, words: tuple[str, ...]) -> Key:
    choices = each.choices if each.type is Type.CHOICE else ()
    match = _MATCHES.get(each.key) or _TYPE_MATCHES.get(each.type, Match.WORDS)
    return Key(each.key, words, each.label, each.type, read, group, choices, many, match)


def _of_profile(each: Field) -> Key:
    def read(view: View) -> Iterator[Value | None]:
        if each.key == "name":
            yield view.card.name
        elif each.key in _PARTS:
            yield getattr(view.name, each.key)
        else:
            for value in view.card.values(each.key):
                yield from _stored(each.type, value)

    words = _words(*_USUAL.get(each.key, ()), each.key, label=each.label)
    return _typed(each, read, Group.CLIENT, many=each.many, words=words)


def _all_names(view: View) -> Iterator[str]:
    yield view.card.name
    yield view.card.value("company")
    yield from view.card.values("former_names")


_PLAIN = Key(
    "name", ("name",), N_("Name"), Type.TEXT, _all_names, Group.CLIENT, (), many=True, match=Match.NAME
)  # fmt: skip
"""What a plain word is looked for in: the name, the company, former names."""

# --- entries and their fields ----------------------------------------------------------------------

_TITLES: Mapping[str, tuple[str, ...]] = {
    "visit": ("service", "услуга"),
    "sale": ("product", "товар"),
}
"""Kinds whose titles have a name of their own."""


def _everything(view: View) -> Iterator[str]:
    """Yield what the card tells: the lines of the user's own text, and each entry as a whole."""
    for prose in view.card.prose.values():
        yield from (line for line in prose.split("\n") if not line.startswith("# "))
    for each in view.entries:
        yield " ".join((each.title, *each.fields.values(), each.text))


_TEXT = Key(
    "text", _words("text", label=N_("Text")), N_("Text"), Type.TEXT, _everything, Group.ENTRIES,
    many=True,
)  # fmt: skip


def _of_entries(each: Field, kind: str | None = None) -> Read:
    """Return what reads a field of all entries, or of those of one kind."""
    head = each.key if each in HEAD else ""

    def read(view: View) -> Iterator[Value | None]:
        for entry in view.entries:
            if kind is None or entry.kind == kind:
                value = getattr(entry, head) if head else entry.fields.get(each.key, "")
                yield from _stored(each.type, value)

    return read


def _title(kind: Kind) -> Key:
    """Return the key of the titles of a kind's entries."""
    usual = _TITLES.get(kind.name) or _USUAL.get(kind.name, ())
    words = _words(*usual, kind.name, label=kind.label)
    label = kind.title_label if kind.name in _TITLES else kind.label
    read = _of_entries(_TITLE_FIELD, kind.name)
    return Key(kind.name, words, label, Type.TEXT, read, Group.ENTRIES, many=True)


_TITLE_FIELD = next(each for each in HEAD if each.key == "title")


def _of_any_kind(kinds: Kinds) -> Iterator[Key]:
    """Yield the fields of all kinds; those that share a key and differ in their type are text."""
    found: dict[str, Field] = {each.key: each for each in HEAD if each.key != _TEXT.name}
    for each in (each for kind in kinds.all for each in kind.fields):
        known = found.setdefault(each.key, each)
        if known.type is not each.type:
            known = known._replace(type=Type.TEXT, choices=())
        choices = tuple(dict((*known.choices, *each.choices)).items())
        found[each.key] = known._replace(choices=choices)
    for each in found.values():
        words = _words(*_USUAL.get(each.key, ()), each.key, label=each.label)
        yield _typed(each, _of_entries(each), Group.ENTRIES, many=True, words=words)


def _of_kind(kind: Kind) -> Iterator[Key]:
    """Yield the fields of one kind, and what every entry has besides its title."""
    for each in (*kind.fields, *(each for each in HEAD if each is not _TITLE_FIELD)):
        words = _words(*_USUAL.get(each.key, ()), each.key, label=each.label)
        read = _of_entries(each, kind.name)
        yield _typed(each, read, Group.OF_KIND, many=True, words=words)


def _qualified(title: Key, key: Key) -> Key:
    """Return a field as it is typed outside of its kind: ``contact.status``."""
    words = tuple(f"{kind}.{word}" for kind in title.words for word in key.words)
    return replace(key, name=f"{title.name}.{key.name}", words=words)


# --- the table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """The keys of a store, or those inside a kind of entry.

    ``listed`` is what the help shows; ``plain`` is asked for plain words. ``kinds`` holds the keys
    inside each kind, by every word for it; ``cards`` may have keys of the user's own.
    """

    listed: tuple[Key, ...]
    plain: Key
    qualified: tuple[Key, ...] = ()
    kinds: Mapping[str, Keys] = field(default_factory=dict)
    cards: Iterable[Card] = ()

    @functools.cached_property
    def _by_word(self) -> dict[str, Key]:
        return {
            word: key
            for key in reversed((*self.listed, *self.qualified))
            for word in reversed(key.words)
        }

    def find(self, typed: str) -> Key | None:
        """Return the key a word stands for; the cards are asked for one that is nowhere else."""
        word = word_of(typed)
        found = self._by_word.get(word)
        return found or self._own_of_profile.get(word) or self.own.get(word)

    @functools.cached_property
    def _own_of_profile(self) -> dict[str, Key]:
        """The user's own keys of the front matter: reading them takes no body of a card."""
        return self._own(key for card in self.cards for key in card.metadata)

    @functools.cached_property
    def own(self) -> dict[str, Key]:
        """The user's own keys, in front matter and entries, by their words."""
        fields = (key for card in self.cards for entry in card.entries for key in entry.fields)
        return {**self._own(fields), **self._own_of_profile}

    def _own(self, names: Iterable[str]) -> dict[str, Key]:
        words = {word_of(name): name for name in dict.fromkeys(names)}
        return {
            word: Key(name, (word,), name, Type.TEXT, _read_own(name), Group.OWN, many=True)
            for word, name in words.items()
            if word not in self._by_word
        }

    def words(self, language: str) -> list[str]:
        """Return the usual word for each key in *language*, each once, in the order of the table."""
        return list(dict.fromkeys(key.word(language) for key in (*self.listed, *self.own.values())))

    def spellings(self) -> list[str]:
        """Return every word a key can be typed as."""
        return [*self._by_word, *self.own]


def _read_own(name: str) -> Read:
    def read(view: View) -> Iterator[Value | None]:
        yield from view.card.values(name)
        for entry in view.entries:
            yield entry.fields.get(name)

    return read


def table(kinds: Kinds, cards: Iterable[Card] = ()) -> Keys:
    """Return the keys of a store: of its profile and kinds, and what its *cards* have of their own."""
    facts = [_fact(*each) for each in _FACTS]
    computed = {key.name for key in facts}
    titles = [_title(kind) for kind in kinds.all]
    inner = {
        title.name: _inside(kind, title) for title, kind in zip(titles, kinds.all, strict=True)
    }
    return Keys(
        listed=_distinct(
            (
                *(_of_profile(each) for each in kinds.profile.fields if each.key not in computed),
                *facts,
                *titles,
                _TEXT,
                *_of_any_kind(kinds),
            )
        ),
        plain=_PLAIN,
        qualified=tuple(
            _qualified(title, key) for title in titles for key in inner[title.name].listed
        ),
        kinds={word: inner[title.name] for title in titles for word in title.words},
        cards=cards,
    )


def _distinct(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Return the keys with the words that mean no earlier one, and without those whose usual word does."""
    found: list[Key] = []
    taken: set[str] = set()
    for key in keys:
        if key.words[0] not in taken:
            words = tuple(word for word in key.words if word not in taken)
            found.append(replace(key, words=words))
            taken |= set(words)
    return tuple(found)


def _inside(kind: Kind, title: Key) -> Keys:
    inner = replace(title, words=_words(*title.words, "title", label=_TITLE_FIELD.label))
    return Keys(listed=(inner, *_of_kind(kind)), plain=inner)
