"""From what a file tells of a client to what a card could hold: every value checked and in its form.

What cannot be read is never dropped: it is kept as typed beside the client and said as a remark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cardcli import card as cards
from cardcli import contacts, person, profile
from cardcli.card import Card
from cardcli.entry import EMPTY_TITLE, Entry
from cardcli.errors import BadCardError, BadValueError
from cardcli.exchange import days, spelling
from cardcli.exchange.cells import (
    is_damaged_number,
    looks_like_email,
    looks_like_phone,
    names_company,
    phone_within,
    without_capitals,
)
from cardcli.exchange.incoming import Incoming, IncomingEntry, Options, Skipped
from cardcli.fields import Field, Rules, Type, check
from cardcli.language import N_, _, translator
from cardcli.text import clean_line, fold
from cardcli.yamlpatch import Plain, Value

NOTHING = frozenset({
    "", "-", "--", "—", "–", ".", "n/a", "na", "#n/a", "null", "none", "nan", "undefined", "unknown",
    "нет", "нет данных", "не указан", "не указана", "не указано", "не указаны", "не задан", "не задано",
    "без имени", "неизвестно", "неизвестный", "неизвестен", "неизвестна", "не определен", "не определена", "не задана",
    "пусто", "нет информации", "нет телефона", "нет номера", "нет почты", "нет email", "нет e-mail", "#ссылка!", "#знач!", "#имя?", "#н/д", "#value!", "#ref!", "#name?", "#null!", "no name", "unnamed", "unspecified", "not specified", "(пусто)", "(blank)", "nil",
})  # fmt: skip
"""What programs and people write where they know nothing."""
_NOBODY = NOTHING | {
    "walk-in", "walk in", "walk-in client", "walk-in customer", "розничный покупатель", "частное лицо", "физлицо",
    "физическое лицо", "без клиента", "анонимный клиент", "anonymous", "unknown caller",
}  # fmt: skip
"""What programs call a client of whom nobody asked the name."""
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "sex": {
        **dict.fromkeys(("ж", "жен", "жен.", "женский", "женщина", "f", "w", "woman"), "female"),
        **dict.fromkeys(("м", "муж", "муж.", "мужской", "мужчина", "m", "man"), "male"),
    },
    "marital": {
        **dict.fromkeys(("замужем", "женат", "в браке", "женат/замужем"), "married"),
        **dict.fromkeys(("холост", "не замужем", "не женат", "холост/не замужем"), "single"),
        **dict.fromkeys(("разведен", "разведена", "в разводе"), "divorced"),
        **dict.fromkeys(("вдова", "вдовец"), "widowed"),
        "гражданский брак": "partner",
    },
    "method": {
        **dict.fromkeys(("наличные", "наличка", "нал", "наличными"), "cash"),
        **dict.fromkeys(
            ("карта", "картой", "банковская карта", "безнал", "терминал", "эквайринг"), "card"
        ),
        **dict.fromkeys(
            ("перевод", "переводом", "сбп", "bank transfer", "расчетный счет"), "transfer"
        ),
    },
}
_LABELS = {
    "work": N_("work"), "business": N_("work"), "home": N_("home"), "fax": N_("fax"),
    "work fax": N_("work fax"), "home fax": N_("home fax"), "assistant": N_("assistant"),
}  # fmt: skip
"""What other programs call a phone or an address, and what it is called here."""
_ADDRESSES = (Type.PHONE, Type.EMAIL)
_SPLIT = {"tags": re.compile(r"[,;\n]"), "interests": re.compile(r"[,;\n]")}
_LINES = re.compile(r"\s*[;\n]\s*")
_LONGEST_NAME = 200
_PARTS = ("family", "given", "patronymic")
_FORMULA = re.compile(r"[=@]")
_ABROAD = re.compile(r"(?:00)?((?<=00)[1-9]\d{9,12}|[1-9]\d{11,12})")
"""A number with the code of its country and no ``+``: ``00380…``, or longer than any at home."""
_BETWEEN = re.compile(r"[\s().-]+")
_ADDRESS_WITHIN = re.compile(r"[<(\[]?\b([\w.+-]+@[\w-]+(?:\.[\w-]+)+)[>)\]]?")
"""An e-mail address among other words: «Котова Анна <anna@example.com>»."""
IMPORTED = "imported"
"""The key of the front matter under which stays what has no place of its own in a card."""


@dataclass(slots=True)
class Client:
    """One client as a card could hold them.

    ``values`` are stored forms; ``entries`` have no id unless the file had ours; ``unread`` is what
    could not be read, by the name of what it was; ``named`` is False where the name only stands in
    for a missing one.
    """

    told: Incoming
    values: dict[str, Value] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    named: bool = True

    @property
    def name(self) -> str:
        """Return the name of the client, or of the company."""
        return Card("", self.values).name

    def plain(self, key: str) -> list[str]:
        """Return the values of a list without labels."""
        return [text for _label, text in labelled(self.values.get(key, []))]

    @property
    def shown(self) -> str:
        """Return what a report calls the client."""
        return self.name or next(iter([*self.plain("phones"), *self.plain("emails")]), "")


def labelled(value: Value) -> list[tuple[str, str]]:
    """Return (label, text) of each item of a list."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            found += [(label, text) for label, text in item.items() if isinstance(text, str)]
        elif isinstance(item, str) and item:
            found.append(("", item))
    return found


def read(told: Incoming, options: Options) -> Client | Skipped:
    """Return the client that a file tells of, or why it cannot be one."""
    try:
        if told.text:
            return _whole(told, options)
        return _Reading(told, options).client()
    except BadCardError as error:
        return Skipped(told.place, error.reason)


def _whole(told: Incoming, options: Options) -> Client:
    card = cards.parse(told.text, options.kinds)
    values = {key: value for key, value in card.metadata.items() if key not in {"id", "number"}}
    if not card.name:
        raise BadCardError(1, _("a card needs a name or a company"))
    return Client(told, values, [each for each in card.entries if each.kind], {}, [*told.remarks])


class _Reading:
    def __init__(self, told: Incoming, options: Options) -> None:
        self._told = told
        self._options = options
        self._profile = options.kinds.profile
        self._rules = Rules(options.today, options.currency)
        self._client = Client(told, remarks=list(told.remarks))

    def client(self) -> Client | Skipped:
        client = self._client
        for key, given in self._told.values.items():
            if key not in {*_PARTS, "name"}:
                self._take(self._profile.field(key), given)
        self._take_name()
        for each in self._told.entries:
            self._take_entry(each)
        if not (client.name or client.told.id or client.told.number):
            return Skipped(client.told.place, _("there is no name, no phone and no e-mail in it"))
        if client.told.belongs and not client.entries:
            reasons = client.remarks or [_("there is no date in it")]
            return Skipped(client.told.place, "; ".join(dict.fromkeys(reasons)))
        return client

    # --- the name ---

    def _take_name(self) -> None:
        client, values = self._client, self._told.values
        name = _clean_name(" ".join(text for _label, text in values.get("name", [])))
        parts = {key: _clean_name(" ".join(t for _l, t in values.get(key, []))) for key in _PARTS}
        name = name or _joined(parts)
        if not self._is_ours and sum(map(bool, parts.values())) <= 1:
            name = spelling.usual(name)
        elif not self._is_ours and (usual := spelling.in_usual_letters(name)) != name:
            name, parts = usual, {key: without_capitals(text) for key, text in parts.items()}
        name = self._without_contact(name)
        if len(name) > _LONGEST_NAME:
            self._keep(
                "name",
                name,
                _("the name is longer than {count} characters").format(count=_LONGEST_NAME),
            )
            name = ""
        if name and not any(char.isalnum() for char in name):
            self._keep("name", name, _("the name “{value}” has no letter in it").format(value=name))
            name = ""
        if name:
            if _FORMULA.match(name):
                self._remark(
                    _("the name “{value}” looks like a formula; it is kept as text").format(
                        value=name
                    )
                )
            whole: Value = name
            if name == " ".join(filter(None, parts.values())) and not _splits_so(name, parts):
                whole = {key: part for key, part in parts.items() if part}
            key = "company" if self._is_company(name) else "name"
            client.values = {key: whole, **client.values}
        elif not client.values.get("company"):
            self._name_by_other()

    @property
    def _is_ours(self) -> bool:
        """Tell whether cardcli wrote the name: it is then meant as it stands."""
        return self._told.exact or bool(self._told.id)

    def _is_company(self, name: str) -> bool:
        """Tell whether the client is a company, and no person who works for one."""
        return not (self._is_ours or "company" in self._client.values) and names_company(name)

    def _without_contact(self, name: str) -> str:
        """Take a phone or an e-mail that stands in the place of a name for what it is."""
        if self._told.exact:
            return name
        if not self._is_ours and "@" in name and (rest := _without_address(name)):
            for address in _ADDRESS_WITHIN.findall(name):
                self._without_contact(address)
            return rest
        if not self._is_ours and (among := phone_within(name)):
            self._without_contact(among)
            return " ".join(name.replace(among, " ").split()).strip(" ,;:-–—")
        key = "phones" if looks_like_phone(name) else "emails" if looks_like_email(name) else ""
        if not key:
            return name
        there = self._client.values.get(key, [])
        known = [text for _label, text in labelled(there)]
        fresh = [
            item
            for item in self._items(self._profile.field(key), [("", name)])
            if item not in known
        ]
        if fresh:
            self._client.values[key] = [*fresh, *(there if isinstance(there, list) else [])]
        return ""

    def _name_by_other(self) -> None:
        """Name a record without a name after its company, phone or e-mail, so that it is not lost."""
        client = self._client
        if self._told.exact:
            return
        if work := client.values.pop("workplace", None):
            client.values = {"company": work, **client.values}
        elif found := [*client.plain("phones"), *client.plain("emails")]:
            client.values = {"name": found[0], **client.values}
            client.named = False

    # --- the values ---

    def _take(self, known: Field, given: Sequence[tuple[str, str]]) -> None:
        if known.many:
            items = self._items(known, given)
            if items:
                self._client.values[known.key] = items
        elif not self._profile.known(known.key) and (len(given) > 1 or given[0][0]):
            self._client.values[known.key] = _own(given)
        else:
            for _label, text in given:
                if value := self._value(known, text):
                    self._take_one(known, value)

    def _items(self, known: Field, given: Sequence[tuple[str, str]]) -> list[Value]:
        items: list[Value] = []
        for label, text in given:
            for part in (text,) if self._told.exact else _split(known, text):
                item = self._item(known, label, part)
                if (
                    item
                    and item not in items
                    and not (known.type in _ADDRESSES and _is_among(item, items))
                ):
                    items.append(item)
        return items

    def _take_one(self, known: Field, value: str) -> None:
        old = self._client.values.get(known.key)
        if not old:
            self._client.values[known.key] = value
        elif fold(str(old)) != fold(value):
            self._second(known, str(old), value)

    def _second(self, known: Field, old: str, value: str) -> None:
        if known.key == "comment":
            self._client.values[known.key] = f"{old}\n{value}"
        else:
            self._keep(
                known.key,
                value,
                _("{field}: there is a second value, “{value}”").format(
                    field=_title(known), value=value
                ),
            )

    def _item(self, known: Field, label: str, text: str) -> Value:
        value = self._value(known, text)
        if not value or not label or known.key not in profile.LABELLED:
            return value
        return {self._label(clean_line(label)): value}

    def _label(self, label: str) -> str:
        """Return a label in the language of the store."""
        known = None if self._told.exact else _LABELS.get(fold(label))
        return translator(self._options.language).gettext(known) if known else label

    def _value(self, known: Field, typed: str) -> str:
        text = clean_line(typed)
        if not text or (fold(text) in NOTHING and not self._told.exact):
            return ""
        try:
            return self._checked(known, text)
        except BadValueError as error:
            if self._told.exact:
                self._remark(str(error))
                return text
            self._keep(known.key, text, str(error))
            return ""

    def _checked(self, known: Field, text: str) -> str:
        """Return the stored form. Raises :class:`BadValueError`."""
        if known.type is Type.PHONE:
            found = _phone(text, self._options.region, foreign=not self._is_ours)
        elif known.type is Type.EMAIL:
            found = contacts.email(text.removeprefix("mailto:").strip("<>"))
        elif known.type is Type.BIRTHDAY:
            return Plain(days.read_birthday(text, self._options.today, self._options.day_order))
        elif known.type is Type.DATE:
            return Plain(days.read(text, self._options.today, self._options.day_order))
        elif known.type is Type.CHOICE:
            word = _SYNONYMS.get(known.key, {}).get(fold(text), text)
            return check(known, word, self._rules)
        else:
            return check(known, text, self._rules)
        if found.warning:
            self._remark(found.warning)
        return found.value

    def _keep(self, key: str, text: str, reason: str) -> None:
        self._remark(reason)
        old = self._client.unread.get(key)
        self._client.unread[key] = f"{old}; {text}" if old else text

    def _remark(self, sentence: str) -> None:
        if sentence not in self._client.remarks:
            self._client.remarks.append(sentence)

    # --- visits and the like ---

    def _take_entry(self, told: IncomingEntry) -> None:
        kind = self._options.kinds.named(told.kind)
        try:
            date = days.read_full(told.date, self._options.today, self._options.day_order)
        except BadValueError as error:
            self._remark(_("{what}: {reason}").format(what=_(kind.label), reason=error))
            return
        fields, text = {}, told.text
        for key, typed in told.fields.items():
            known = kind.field(key) or Field(key)
            if fold(typed) in NOTHING:
                continue
            try:
                fields[key] = self._checked(known, typed)
            except BadValueError as error:
                self._remark(str(error))
                text = "\n".join(part for part in (text, f"{_title(known)}: {typed}") if part)
        if missing := [each for each in kind.fields if each.required and each.key not in fields]:
            sentence = _("{what}: {field} is missing")
            self._remark(sentence.format(what=_(kind.label), field=_title(missing[0])))
            return
        time = told.time or days.time_of(told.date)
        title = clean_line(told.title) or EMPTY_TITLE
        self._client.entries.append(
            Entry(told.id, date, title, time, fields, clean_line(text), told.kind)
        )


def _without_address(name: str) -> str:
    """Return what is left of a name with an e-mail address in it, "" where that is no name."""
    rest = " ".join(_ADDRESS_WITHIN.sub(" ", name).split()).strip(' ,;:-–—"()')
    return rest if _ADDRESS_WITHIN.search(name) and any(map(str.isalpha, rest)) else ""


def _is_among(item: Value, items: list[Value]) -> bool:
    """Tell whether a phone or an e-mail is there already, under whatever label."""
    there = {text for _label, text in labelled(items)}
    return all(text in there for _label, text in labelled(item))


def _own(given: Sequence[tuple[str, str]]) -> Value:
    """Return what a key of the user's own holds: a list, or a mapping when its items have names."""
    if any(label for label, _text in given):
        return {label: clean_line(text) for label, text in given}
    return [clean_line(text) for _label, text in given]


def _title(known: Field) -> str:
    return _(known.label) if known.label else known.key


def _splits_so(name: str, parts: Mapping[str, str]) -> bool:
    """Tell whether a card would find these parts in the name when it is written in one line."""
    found = person.split(name)
    said = (parts["family"], parts["given"], parts["patronymic"])
    return (found.family, found.given, found.patronymic) == said or sum(map(bool, said)) < 2


@functools.lru_cache(maxsize=4096)
def _phone(text: str, region: str, *, foreign: bool) -> contacts.Checked:
    """Read a phone once where a file names it on many rows. Raises :class:`BadValueError`.

    Only of a *foreign* file a code of a country without ``+`` is known: what is in a card was meant so.
    """
    if is_damaged_number(text):
        sentence = _(
            "the phone “{value}” was damaged by a spreadsheet; only its first digits are left"
        )
        raise BadValueError(sentence.format(value=text))
    found = contacts.phone(text, region)
    if foreign and found.warning and (abroad := _ABROAD.fullmatch(_BETWEEN.sub("", text))):
        with_code = contacts.phone(f"+{abroad[1]}", region)
        return found if with_code.warning else with_code
    return found


def _joined(parts: Mapping[str, str]) -> str:
    """Return the parts of a name in one line; «(маникюр)» in the place of a family name goes last."""
    said = [part for part in parts.values() if part]
    if parts["family"].startswith(("(", "[")):
        said = [*said[1:], said[0]]
    return " ".join(said)


def _clean_name(text: str) -> str:
    name = " ".join(clean_line(text).split())
    return "" if fold(name) in _NOBODY else name


def _split(known: Field, text: str) -> Iterable[str]:
    """Return the items of a list that one value may hold."""
    if known.type in {Type.PHONE, Type.EMAIL} or known.key in profile.LABELLED:
        return (text,)
    return (part for part in _SPLIT.get(known.key, _LINES).split(text) if part.strip())
