"""What an import says of new clients who seem to be in the store under a name mistyped or spelled otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cardcli import clients, duplicates
from cardcli.card import Card
from cardcli.cli.likeness import for_it, person_of
from cardcli.exchange.incoming import Noted
from cardcli.exchange.planning import Plan, new_items
from cardcli.language import _


def of_new(plan: Plan, known: Iterable[clients.Summary]) -> Iterator[Noted]:
    """Yield a remark for each new client of an import who may be one of the *known*, by a name mistyped.

    All are weighed at once: ten thousand questions one by one take ten times as long.
    """
    fresh = {item.id: item for item in new_items(plan) if not plan.apart & {*item.places}}
    there = {person.id: person for person in (clients.person(said, "") for said in known)}
    if not fresh or not there:
        return
    people = [person_of(Card("", {**item.values, "id": item.id})) for item in fresh.values()]
    for pair in duplicates.pairs([*there.values(), *people], fresh=fresh):
        one, two = sorted(pair[:2], key=lambda person: person.id in fresh)
        sentence = _(
            "taken as a new client, and perhaps the same as {client} ({reasons}); “cardcli dupes” shows the two"
        )
        client = f"{one.names[0] if one.names else ''} ({one.id})"
        said = sentence.format(client=client, reasons=for_it(pair.evidence))
        yield Noted(fresh[two.id].places[0], said)
