"""Which client a record is about: one who is sure, several who might be, or nobody yet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from cardcli.exchange.reading import Client
from cardcli.language import _
from cardcli.text import fold
from cardcli.tuples import NamedTuple

_MOST = 20
"""Clients who are looked at when one phone, birthday or name is that of many."""
_SURELY_NAMED = 2
"""Words of a name that must stand among others for somebody whose phone it is to be meant."""
_DIGITS = re.compile(r"\D+")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a client for telling whether a record is about them.

    ``place`` is "" for a card of the store, else where the new client stands in the files.
    """

    id: str
    name: str
    number: str = ""
    other_names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    birthday: str = ""
    place: str = ""

    @property
    def shown(self) -> str:
        """Return what a report calls the client."""
        return f"{self.name} ({self.place or self.id})"

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names; a phone or an e-mail that stands in for one is none."""
        contacts = {*self.phones, *self.emails}
        return tuple(name for name in (self.name, *self.other_names) if name not in contacts)


class Match(NamedTuple):
    """``sure`` is the id of the client meant; else ``doubtful`` are those who might be, and why."""

    sure: str = ""
    doubtful: tuple[str, ...] = ()
    reason: str = ""


def known(said: Mapping[str, object]) -> Known:
    """Return what is known of a client from the summary that the index keeps."""

    def texts(key: str) -> tuple[str, ...]:
        value = said[key]
        return tuple(value) if isinstance(value, list) else ()

    return Known(
        str(said["id"]),
        str(said["name"]),
        str(said["number"] or ""),
        (*texts("former_names"), *([str(said["company"])] if said["company"] else [])),
        texts("phones"),
        texts("emails"),
        str(said["birthday"] or ""),
    )


@dataclass(slots=True)
class Register:
    """All clients that a record may be about, by what they can be told by."""

    clients: dict[str, Known] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _phones: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _emails: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _names: dict[frozenset[str], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    _birthdays: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, client: Known) -> None:
        """Take in a client, or what is known of one anew."""
        self.clients[client.id] = client
        if client.number:
            self._numbers[fold(client.number)] = client.id
        for phone in client.phones:
            self._phones[digits(phone)][client.id] = None
        for email in client.emails:
            self._emails[fold(email)][client.id] = None
        for name in client.names:
            self._names[words(name)][client.id] = None
        if client.birthday:
            self._birthdays[client.birthday][client.id] = None

    def match(self, client: Client) -> Match:
        """Return whom a record is about; two who both fit are never guessed between."""
        return (
            self._by_own(client)
            or self._by_contacts(client)
            or (self._by_name(client) if client.named and words(client.name) else None)
            or Match()
        )

    def _first(self, found: Mapping[str, None] | None) -> dict[str, None]:
        """Return some of the clients found: a thousand who are all called «Клиент» tell nothing."""
        return dict.fromkeys(islice(found or (), _MOST))

    def _by_own(self, client: Client) -> Match | None:
        """Look for our own id and number."""
        told = client.told
        found = told.id if told.id in self.clients else self._numbers.get(fold(told.number), "")
        if not found or not (told.id or told.number):
            return None
        there = self.clients[found]
        if alike(client.name, there) or self._shares(client, there):
            return Match(found)
        reason = _("the same id or number, and another name: {client}")
        return Match(doubtful=(found,), reason=reason.format(client=there.shown))

    def _shares(self, client: Client, there: Known) -> bool:
        phones = {digits(phone) for phone in there.phones}
        emails = {fold(email) for email in there.emails}
        return any(digits(phone) in phones for phone in client.plain("phones")) or any(
            fold(email) in emails for email in client.plain("emails")
        )

    def _by_contacts(self, client: Client) -> Match | None:
        """Look for the phones and the e-mail addresses."""
        found: dict[str, None] = {}
        for phone in client.plain("phones"):
            found |= self._first(self._phones.get(digits(phone)))
        for email in client.plain("emails"):
            found |= self._first(self._emails.get(fold(email)))
        if not found:
            return None
        fitting = [
            each
            for each in found
            if (not client.named or self._fits(client, self.clients[each]))
            and not _born_otherwise(client, self.clients[each])
        ]
        if len(fitting) > 1:
            exact = [
                each for each in fitting if words(self.clients[each].name) == words(client.name)
            ]
            fitting = exact if len(exact) == 1 else fitting
        if len(fitting) == 1:
            return Match(fitting[0])
        return Match(doubtful=tuple(fitting or found), reason=self._why(fitting or list(found)))

    def _fits(self, client: Client, there: Known) -> bool:
        birthday = client.values.get("birthday")
        married = birthday and birthday == there.birthday and words(client.name) & words(there.name)
        # «Маникюр Романова Юлия» in a calendar, with her phone: family and given name among other words
        among = client.told.belongs and any(
            len(words(client.name) & words(name)) >= _SURELY_NAMED for name in there.names
        )
        return bool(alike(client.name, there) or married or among)

    def _why(self, found: list[str]) -> str:
        names = "; ".join(self.clients[each].shown for each in found[:3])
        if len(found) > 1:
            return _("the same phone or e-mail: {clients}").format(clients=names)
        return _("the same phone or e-mail, and another name: {client}").format(client=names)

    def _by_name(self, client: Client) -> Match | None:
        birthday = str(client.values.get("birthday") or "")
        named = words(client.name)
        if birthday and len(named) > 1:
            born = [
                each
                for each in self._first(self._birthdays.get(birthday))
                if alike(client.name, self.clients[each])
            ]
            sure = [each for each in born if self._surely_named(client, self.clients[each])]
            if len(sure) == 1:
                return Match(sure[0])
            if born:
                return Match(doubtful=tuple(born), reason=self._born_alike(born))
        found = [
            each
            for each in self._first(self._names.get(named))
            if not _born_otherwise(client, self.clients[each])
        ]
        if not found:
            return None
        if len(found) == 1 and client.told.belongs:
            return Match(found[0])
        reachable = client.plain("phones") or client.plain("emails")
        if len(named) == 1 and reachable and not client.told.belongs:
            return None  # many are called «Анна»; a phone of her own makes her another
        return Match(doubtful=tuple(found), reason=self._namesakes(found))

    def _surely_named(self, client: Client, there: Known) -> bool:
        """Tell whether more than one word of a name is the same: many are called «Мария»."""
        mine = words(client.name)
        return not there.names or any(
            len(mine & words(name)) >= _SURELY_NAMED for name in there.names
        )

    def _born_alike(self, found: list[str]) -> str:
        names = "; ".join(self.clients[each].shown for each in found[:3])
        return _("the day of birth and a part of the name are the same: {clients}").format(
            clients=names
        )

    def _namesakes(self, found: list[str]) -> str:
        names = "; ".join(self.clients[each].shown for each in found[:3])
        return _("only the name is the same: {clients}").format(clients=names)


def digits(phone: str) -> str:
    """Return what one phone number is told from another by."""
    return _DIGITS.sub("", phone) or phone


def words(name: str) -> frozenset[str]:
    """Return the words of a name, whatever their order."""
    return frozenset(_WORD.findall(fold(name)))


def alike(name: str, there: Known) -> bool:
    """Tell whether a name can be that of a client: all words of the shorter are in the longer."""
    mine = words(name)
    others = [words(each) for each in there.names]
    return not others or any(mine <= other or other <= mine for other in others)


def _born_otherwise(client: Client, there: Known) -> bool:
    """Tell whether two birthdays cannot be the same; one without a year can be that with it."""
    mine, other = str(client.values.get("birthday") or ""), there.birthday
    if not mine or not other:
        return False
    return mine[-5:] != other[-5:] or not ("--" in {mine[:2], other[:2]} or mine == other)
