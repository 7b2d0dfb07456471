"""What to offer a client next, with the reason; never what is against the card.

What is offered, in this order: services that were recommended; services to be expected again, by
the client's own rhythm first (:mod:`cardcli.habits`); what goes together with what the client
takes: at least three clients who take the one take the other too, and at least a third of them.

What is withheld: a service that shares a word with a contraindication, with the substance of an
allergy (so do the products it was made with anywhere in the store), or with a clause of the
preferences or wishes that says no («не предлагать окрашивание», "no gel polish"). Words are the
same when they begin alike, so that their endings do not matter; in doubt a service is withheld, and
said to be.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cardcli import advice, dates, habits, visits
from cardcli.card import Card
from cardcli.fields import Rules
from cardcli.habits import Habits
from cardcli.language import N_, translator
from cardcli.terms import Terms
from cardcli.text import fold

ENOUGH_CLIENTS = 3
_LEAST_SHARE = 3  # one in so many
_MOST_TOGETHER = 3
_STEM = 5
_WORD = re.compile(r"[^\W\d_]{3,}")
_CLAUSE = re.compile(r"[,.;!?()\n]| но | but ")
_NO = re.compile(
    r"\b(?:не|нет|без|никак\w*|никогда|против|кроме|no|not|never|without|avoid|hates?|dislikes?|\w+n['’]t)\b"
)
_SUBSTANCE = re.compile(r"\s[—–-]\s|[:(]")

Forbids = Callable[[Card, str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """A thing to offer.

    ``reason`` is ``recommended``, ``own``, ``store``, ``catalogue`` (where its rhythm is from) or
    ``together``; ``date`` the day it is to be expected, None when any day will do; ``details`` are
    stored values that tell why.
    """

    what: str
    reason: str
    date: dt.date | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A thing not to offer: ``reason`` is ``allergy``, ``contraindication``, ``dislike`` or ``rule``.

    ``text`` is what the card, or the rule of the business, says.
    """

    what: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to offer, the best first, and what is not to be offered."""

    steps: tuple[Step, ...]
    withheld: tuple[Withheld, ...]


def suggest(
    card: Card, rules: Rules, terms: Terms, usual: Habits, forbids: Forbids | None = None
) -> Suggestions:
    """Return what to offer a client next.

    *usual* are the habits of the whole store; *forbids* returns what a rule of the business has
    against a service for this client, or "".
    """
    steps: dict[str, Step] = {}
    withheld: dict[str, Withheld] = {}
    for step in _candidates(card, rules, terms, usual):
        key = fold(step.what)
        if key in steps or key in withheld:
            continue
        if reason := against(card, step.what, usual, forbids):
            withheld[key] = reason
        else:
            steps[key] = step
    return Suggestions(tuple(steps.values()), tuple(withheld.values()))


def _candidates(card: Card, rules: Rules, terms: Terms, usual: Habits) -> Iterator[Step]:
    yield from _recommended(card, rules)
    yield from _again(card, rules, terms, usual)
    yield from _together(card, rules, usual)


def _recommended(card: Card, rules: Rules) -> Iterator[Step]:
    for each in advice.all_of(card, rules):
        entry = each.entry
        settled = entry.fields.get("status") in advice.SETTLED or (not each.every and each.marks)
        over = each.until is not None and each.until < rules.today
        if entry.fields.get("kind") == "service" and not settled and not over:
            details = {
                "entry": entry.id,
                "given": entry.date,
                "staff": entry.fields.get("staff", ""),
            }
            said = {key: value for key, value in details.items() if value}
            yield Step(entry.title, "recommended", each.due, said)


def _again(card: Card, rules: Rules, terms: Terms, usual: Habits) -> Iterator[Step]:
    seen = visits.history(card, rules)
    booked = {fold(each.title) for each in seen.booked}
    found = [
        again
        for service in seen.services
        if fold(service.name) not in booked
        and (again := habits.expected_again(service, usual, terms)) is not None
    ]
    for again in sorted(found, key=lambda each: (each.date, each.service)):
        details = {
            "interval": str(again.interval),
            "last": again.last.isoformat(),
            "count": str(again.count),
        }
        yield Step(again.service, again.source, again.date, details)


def _together(card: Card, rules: Rules, usual: Habits) -> Iterator[Step]:
    mine = {fold(name): name for name in habits.taken(card, rules)}
    best: dict[str, tuple[int, int, str]] = {}
    for base in mine:
        takers = usual.clients.get(base, set()) - {card.id}
        for other, clients in usual.clients.items():
            both = len(takers & clients)
            if other in mine or both < ENOUGH_CLIENTS or both * _LEAST_SHARE < len(takers):
                continue
            if other not in best or both * best[other][1] > best[other][0] * len(takers):
                best[other] = (both, len(takers), base)
    ranked = sorted(
        best, key=lambda other: (-best[other][0] / best[other][1], -best[other][0], other)
    )
    for other in ranked[:_MOST_TOGETHER]:
        both, all_, base = best[other]
        details = {"with": mine[base], "clients": str(both), "of": str(all_)}
        yield Step(usual.names[other], "together", None, details)


def against(
    card: Card, what: str, usual: Habits, forbids: Forbids | None = None
) -> Withheld | None:
    """Return why a service is not to be offered to a client, or None."""
    words = _words(what)
    made_with = set().union(*(_words(text) for text in usual.products.get(fold(what), ())))
    for text in card.values("allergies"):
        if _alike(words | made_with, _words(_SUBSTANCE.split(text)[0])):
            return Withheld(what, "allergy", text)
    for text in card.values("contraindications"):
        if _alike(words, _words(text)):
            return Withheld(what, "contraindication", text)
    for text in _wishes(card):
        if _alike(words, _words(" ".join(_refusals(text)))):
            return Withheld(what, "dislike", text)
    if forbids and (reason := forbids(card, what)):
        return Withheld(what, "rule", reason)
    return None


def _wishes(card: Card) -> Iterator[str]:
    yield from card.values("preferences")
    for each in card.entries:
        if each.kind in {"visit", "survey"} and each.fields.get("wish"):
            yield each.fields["wish"]


def _refusals(text: str) -> Iterator[str]:
    """Yield what stands after a no in each clause of a wish."""
    for clause in _CLAUSE.split(fold(text)):
        if match := _NO.search(clause):
            yield clause[match.end() :]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


def _alike(some: Iterable[str], others: set[str]) -> bool:
    """Tell whether two words are the same but for their endings."""
    return any(_same(one, other) for one in some for other in others)


def _same(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    shared = next((at for at in range(short) if one[at] != other[at]), short)
    if short <= _STEM:
        return shared >= max(3, short - 1) and abs(len(one) - len(other)) <= 2
    return shared >= max(_STEM, short - 3)


def why(step: Step, language: str) -> str:
    """Return the reason of a step as a phrase."""
    words, details = translator(language), step.details
    if step.reason == "recommended":
        given = dates.show_date(details["given"], language)
        if "staff" in details:
            sentence = words.gettext("recommended {date} by {staff}")
            return sentence.format(date=given, staff=details["staff"])
        return words.gettext("recommended {date}").format(date=given)
    if step.reason == "together":
        sentence = words.ngettext(
            "{count} of {all} client who take “{what}” take it too",
            "{count} of {all} clients who take “{what}” take it too",
            int(details["of"]),
        )
        return sentence.format(count=details["clients"], all=details["of"], what=details["with"])
    return habits.why(step.reason, details, language)


def why_not(withheld: Withheld, language: str) -> str:
    """Return why a thing is not to be offered, as a phrase."""
    named = {
        "allergy": N_("allergy: {text}"),
        "contraindication": N_("contraindication: {text}"),
        "dislike": N_("the client's wish: {text}"),
        "rule": N_("{text}"),
    }
    return translator(language).gettext(named[withheld.reason]).format(text=withheld.text)
