"""What clients think: the scores of surveys and visits, their mean, distribution and NPS.

Without a scale 1 to 5 is meant, as for the rating of a visit. Scores of different scales are never
mixed. NPS is counted where the scale is 0 to 10: the percentage of scores from 9
less that of scores up to 6 (Reichheld, "The One Number You Need to Grow", HBR, December 2003). A
score in the lower six tenths of its scale is low: up to 6 of 10, up to 3 of 5.

A survey concerns the service it names (``of`` an entry, or a field ``service``), else the services
of the client's last visit before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadValueError, Problem
from cardcli.fields import Rules, Scale, decimal, parse_scale
from cardcli.language import _
from cardcli.text import fold

_STANDARD = Scale(Decimal(1), Decimal(5))
_NPS = Scale(Decimal(0), Decimal(10))
_LOW = Decimal("0.6")
_HUNDREDTH = Decimal("0.01")
_MOST_STEPS = 11


def check_score(typed: str, scale: Scale) -> Decimal:
    """Return a score. Raises :class:`BadValueError` for no number and for one outside the scale."""
    score = decimal(typed)
    if score is None:
        raise BadValueError(_("“{value}” is not a number").format(value=typed))
    if not scale.holds(typed):
        raise BadValueError(
            _("the score {value} is outside the scale {low} to {high}").format(
                value=typed, low=scale.low, high=scale.high
            )
        )
    return score


@dataclass(frozen=True, slots=True)
class Opinion:
    """A survey, or the rating of a visit (``survey`` is then "").

    ``score`` and ``scale`` are None for a survey without a score; ``staff`` is "" when nobody in
    particular is concerned.
    """

    client: str
    name: str
    entry: Entry
    survey: str
    score: Decimal | None
    scale: Scale | None
    staff: str
    services: tuple[str, ...]

    @property
    def texts(self) -> dict[str, str]:
        """Return what was said, by the key of the field."""
        keys = ("result", "conclusion", "feedback", "wish")
        found = {key: self.entry.fields[key] for key in keys if self.entry.fields.get(key)}
        return found | ({"text": self.entry.text} if self.entry.text and self.survey else {})

    @property
    def low(self) -> bool:
        """Tell whether the score is one to do something about."""
        if self.score is None or self.scale is None:
            return False
        return self.score - self.scale.low <= _LOW * (self.scale.high - self.scale.low)


def opinions(card: Card, rules: Rules) -> tuple[list[Opinion], list[Problem]]:
    """Return what a client thinks, in the order of the card, and the scores that cannot be counted."""
    found: list[Opinion] = []
    problems: list[Problem] = []
    today = rules.today.isoformat()
    for each in card.entries:
        if each.date > today:
            continue
        try:
            if each.kind == "survey":
                found.append(_survey(card, each))
            elif each.kind == "visit" and (
                each.fields.get("rating") or each.fields.get("wish") or each.fields.get("feedback")
            ):
                found.append(_visit(card, each))
        except BadValueError as error:
            reason = _("not counted: {reason}").format(reason=error)
            problems.append(Problem(each.line, reason, "warning"))
    return found, problems


def _survey(card: Card, entry: Entry) -> Opinion:
    typed = entry.fields.get("score", "")
    own = entry.fields.get("scale", "")
    scale = (parse_scale(own) if own else _STANDARD) if typed else None
    score = check_score(typed, scale) if scale else None
    staff = entry.fields.get("staff", "")
    return Opinion(
        card.id, card.name, entry, entry.title, score, scale, staff, _services(card, entry)
    )


def _visit(card: Card, entry: Entry) -> Opinion:
    typed = entry.fields.get("rating", "")
    scale = _STANDARD if typed else None
    score = check_score(typed, scale) if scale else None
    staff = entry.fields.get("staff", "")
    return Opinion(card.id, card.name, entry, "", score, scale, staff, (entry.title,))


def _services(card: Card, survey: Entry) -> tuple[str, ...]:
    if named := survey.fields.get("service", ""):
        return (named,)
    visits = card.of_kind("visit")
    if of := survey.fields.get("of", ""):
        return tuple(each.title for each in visits if each.id == of)
    last = max((each.date for each in visits if each.date <= survey.date), default="")
    return tuple(dict.fromkeys(each.title for each in visits if each.date == last))


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores of one scale under one label.

    ``mean`` has two decimals, half up; ``distribution`` lists every score of a short scale, also
    those nobody gave; ``nps`` is from -100 to 100, None where the scale is not 0 to 10.
    """

    label: str
    scale: Scale
    count: int
    mean: Decimal
    distribution: dict[str, int]
    nps: int | None


def summaries(
    found: Iterable[Opinion], labels: Callable[[Opinion], Iterable[str]]
) -> list[Summary]:
    """Return a summary for each label and scale, labels in alphabetical order.

    Labels that differ only in case are one, written as it was first.
    """
    scores: dict[tuple[str, Scale], list[Decimal]] = {}
    names: dict[str, str] = {}
    for opinion, score, scale in _scored(found):
        for label in labels(opinion):
            names.setdefault(fold(label), label)
            scores.setdefault((fold(label), scale), []).append(score)
    ordered = sorted(scores, key=lambda key: (key[0], key[1].low, key[1].high))
    return [_summary(names[label], scale, scores[label, scale]) for label, scale in ordered]


def _scored(found: Iterable[Opinion]) -> Iterator[tuple[Opinion, Decimal, Scale]]:
    for opinion in found:
        if opinion.score is not None and opinion.scale is not None:
            yield opinion, opinion.score, opinion.scale


def _summary(label: str, scale: Scale, scores: list[Decimal]) -> Summary:
    mean = (sum(scores, Decimal(0)) / len(scores)).quantize(_HUNDREDTH, ROUND_HALF_UP)
    return Summary(
        label, scale, len(scores), mean, _distribution(scale, scores), nps(scale, scores)
    )


def _distribution(scale: Scale, scores: Iterable[Decimal]) -> dict[str, int]:
    counted = Counter(scores)
    if scale.high - scale.low < _MOST_STEPS:
        for score in range(int(scale.low), int(scale.high) + 1):
            counted.setdefault(Decimal(score), 0)
    return {f"{score.normalize():f}": counted[score] for score in sorted(counted)}


def nps(scale: Scale, scores: Iterable[Decimal]) -> int | None:
    """Return the net promoter score, half up, or None when the scale is not 0 to 10."""
    given = list(scores)
    if scale != _NPS or not given:
        return None
    net = sum(score >= 9 for score in given) - sum(score <= 6 for score in given)
    return int((Decimal(100 * net) / len(given)).quantize(Decimal(1), ROUND_HALF_UP))
