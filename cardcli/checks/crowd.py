"""What can only be seen by looking at many cards: numbers, phones and addresses of several clients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardcli import clients, codes, contacts, profile
from cardcli.card import Card
from cardcli.errors import BadValueError, Problem
from cardcli.language import _
from cardcli.tuples import NamedTuple


class Member(NamedTuple):
    """What a crowd is looked through by: the facts of one card and the lines they stand on.

    ``reached`` are unlabelled phones and e-mails with their key: a labelled one says whose it is.
    ``merged`` are the ids of cards that were joined with this one, ``apart`` those of other people.
    """

    path: str
    id: str
    name: str
    created: str
    number: str
    number_line: int
    reached: tuple[tuple[str, str, int], ...]
    merged: tuple[str, ...] = ()
    merged_line: int = 1
    apart: tuple[str, ...] = ()


def member(path: str, card: Card, region: str) -> Member:
    """Return a card as a member of the crowd."""
    reached = [
        (key, _same(key, value, region), card.line_of(key))
        for key in ("phones", "emails")
        for label, value in card.labelled(key)
        if not label
    ]
    return Member(
        path,
        card.id,
        card.name,
        card.value("created"),
        card.number,
        card.line_of("number"),
        tuple(reached),
        tuple(old for old, _number in clients.merged(card)),
        card.line_of(profile.MERGED),
        tuple(card.values(profile.APART)),
    )


def _same(key: str, value: str, region: str) -> str:
    """Return a value in the form in which equal ones are equal."""
    if key == "emails":
        return value.strip().casefold()
    if value.startswith("+") and value[1:].isdecimal():
        return value
    try:
        return contacts.phone(value, region).value
    except BadValueError:
        return value


def problems(crowd: Sequence[Member]) -> Iterator[tuple[str, Problem]]:
    """Yield paths and problems; the younger card of two with one number is the one to change."""
    elders = sorted(crowd, key=lambda each: (each.created, each.id))
    first: dict[str, Member] = {}
    for each in elders:
        if not each.number:
            yield each.path, codes.problem(codes.NO_NUMBER, 1, _("the card has no number"))
        elif other := first.get(each.number):
            message = _("the card number {number} is also that of {other}").format(
                number=each.number, other=other.path
            )
            yield each.path, codes.problem(codes.SAME_NUMBER, each.number_line, message)
        else:
            first[each.number] = each
    reached: dict[tuple[str, str], Member] = {}
    for each in elders:
        for key, value, line in each.reached:
            other = reached.setdefault((key, value), each)
            if other is not each and other.id not in each.apart and each.id not in other.apart:
                message = _("{value} is also that of {other}").format(value=value, other=other.path)
                yield each.path, codes.problem(codes.SHARED, line, message)
    yield from _returned(crowd)


def _returned(crowd: Sequence[Member]) -> Iterator[tuple[str, Problem]]:
    """Yield the cards that were joined with another one and lie there again."""
    there = {each.id: each for each in crowd}
    for each in crowd:
        for old in each.merged:
            if old in there:
                sentence = _(
                    "the card {old} was joined with this one, but it is there again: {path}"
                )
                message = sentence.format(old=old, path=there[old].path)
                yield each.path, codes.problem(codes.RETURNED, each.merged_line, message)
