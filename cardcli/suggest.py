"""What to offer a client next, with the reason; never what is against the card.

What is offered: services that were recommended, and services to be expected again, by the client's
own rhythm if there is one (:mod:`cardcli.habits`), in the order of their days, one without a day as
of today; then what goes together with what the client takes: at least three clients who take the
one take the other too, and at least a third of them.

What is withheld: a service that the card speaks against (:mod:`cardcli.safety`), be it by what it was
made with elsewhere in the store; and one that a preference or a wish says no to («не предлагать
окрашивание», "no gel polish"). In doubt a service is withheld, and said to be. What lacks only a patch
test or a consent is offered, and what is to be done first is said.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cardcli import advice, dates, habits, safety, visits
from cardcli.card import Card
from cardcli.cautions import Caution
from cardcli.fields import Rules
from cardcli.habits import Habits
from cardcli.language import translator
from cardcli.safety import Alert
from cardcli.terms import Terms
from cardcli.text import fold
from cardcli.words import mentions

ENOUGH_CLIENTS = 3
_LEAST_SHARE = 3  # one in so many
_MOST_TOGETHER = 3
_CLAUSE = re.compile(r"[,.;!?()\n]| но | but ")
_NO = re.compile(
    r"\b(?:не|нет|без|никак\w*|никогда|против|кроме|no|not|never|without|avoid|hates?|dislikes?|\w+n['’]t)\b"
)
_WISHING = re.compile(
    r"\b(?:предлага\w+|люб\w+|хо[чт]\w+|нуж\w+|надо|дела\w+|терп\w+|перенос\w+|больше"
    r"|offer|like|likes|want|wants|need|do|does|more)\b"
)


@dataclass(frozen=True, slots=True)
class Step:
    """A thing to offer.

    ``reason`` is ``recommended``, ``own``, ``store``, ``catalogue`` (where its rhythm is from) or
    ``together``; ``date`` the day it is to be expected, None when any day will do; ``details`` are
    stored values that tell why; ``first`` is what has to be done before, in whole sentences.
    """

    what: str
    reason: str
    date: dt.date | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    first: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A thing not to offer: ``reason`` is ``health`` or ``dislike``, ``text`` is what was said."""

    what: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to offer, the best first, and what is not to be offered."""

    steps: tuple[Step, ...]
    withheld: tuple[Withheld, ...]


def suggest(
    card: Card,
    rules: Rules,
    terms: Terms,
    usual: Habits,
    cautions: Iterable[Caution] = (),
    whole: Card | None = None,
) -> Suggestions:
    """Return what to offer a client next.

    *usual* are the habits of the whole store, *cautions* the safety rules of the business; *whole*
    is the card with what a role does not see: nothing is offered against it.
    """
    steps: dict[str, Step] = {}
    withheld: dict[str, Withheld] = {}
    known = tuple(cautions)
    for step in _candidates(card, rules, terms, usual):
        key = fold(step.what)
        if key in steps or key in withheld:
            continue
        alerts = _alerts(card, step.what, usual, known, rules)
        all_alerts = _alerts(whole, step.what, usual, known, rules) if whole else alerts
        if reason := _against(whole or card, step.what, all_alerts):
            withheld[key] = reason
        else:
            steps[key] = replace(step, first=tuple(each.message for each in alerts))
    return Suggestions(tuple(steps.values()), tuple(withheld.values()))


def _candidates(card: Card, rules: Rules, terms: Terms, usual: Habits) -> Iterator[Step]:
    dated = [*_recommended(card, rules), *_again(card, rules, terms, usual)]
    yield from sorted(dated, key=lambda step: step.date or rules.today)
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
    for again in sorted(found, key=lambda each: each.service):
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


def _alerts(
    card: Card, what: str, usual: Habits, cautions: tuple[Caution, ...], rules: Rules
) -> list[Alert]:
    """Return what on the card speaks against a service, also by what it was made with elsewhere."""
    if not cautions and not safety.facts(card):
        return []
    made_with = sorted(usual.products.get(fold(what), ()))
    found = [
        alert
        for text in (what, *(f"{what} {products}" for products in made_with))
        for alert in safety.alerts(card, text, cautions, rules.today)
    ]
    return list(dict.fromkeys(found))


def _against(card: Card, what: str, alerts: list[Alert]) -> Withheld | None:
    for alert in alerts:
        if alert.reason == "health":
            return Withheld(what, "health", alert.message)
    for text in _wishes(card):
        if any(mentions(what, no) or mentions(no, what) for no in _refusals(text)):
            return Withheld(what, "dislike", text)
    return None


def _wishes(card: Card) -> Iterator[str]:
    yield from card.values("preferences")
    for each in card.entries:
        if each.kind in {"visit", "survey"} and each.fields.get("wish"):
            yield each.fields["wish"]


def _refusals(text: str) -> Iterator[str]:
    """Yield what each clause of a wish says no to."""
    for clause in _CLAUSE.split(fold(text)):
        if _NO.search(clause):
            yield _WISHING.sub("", _NO.sub("", clause))


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
    if withheld.reason == "health":
        return withheld.text
    sentence = translator(language).gettext("the client's wish: {text}")
    return sentence.format(text=withheld.text)
