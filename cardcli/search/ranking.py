"""From a query to people: every term must be a word of its own of the person."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from cardcli.search.hits import Exactness, Hit, Hits, How, sure
from cardcli.search.letters import canonical
from cardcli.search.people import LEGAL, Directory, Kind, Person, Vocabulary, Word, words_of
from cardcli.search.query import (
    PATRONYMIC,
    Interpretation,
    Term,
    interpretations,
    respaced,
    unglued,
)
from cardcli.search.reasons import reason
from cardcli.search.typos import boldly_corrected, corrected, leniently_corrected
from cardcli.tuples import NamedTuple


class Match(NamedTuple):
    """A person that a query may mean.

    ``score`` (0 to 1) orders matches of the same exactness. ``reason`` says in the user's language
    what was recognized.
    """

    person: Person
    score: float
    exactness: Exactness
    reason: str

    @property
    def sure(self) -> bool:
        """Tell whether no misspelling and no guess was needed: safe to act on unasked."""
        return self.exactness > Exactness.CORRECTED


class _Found(NamedTuple):
    """A term with the word of the person that it means."""

    term: Term
    hit: Hit
    word: Word | None = None
    place: int = -1


class _Judged(NamedTuple):
    """A person judged by one interpretation of the query."""

    person: Person
    found: tuple[_Found, ...]
    exactness: Exactness
    score: float
    cost: float

    @property
    def order(self) -> tuple[int, float]:
        return self.exactness, self.score


class _Question(NamedTuple):
    """One interpretation with the words each term may mean and how rare those are (0 to 1)."""

    terms: Interpretation
    hits: tuple[Hits, ...]
    rarities: tuple[float, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        """Return the kinds of words that answer it."""
        return frozenset(kind for hits in self.hits for kind, _text in hits)


def rank(query: str, people: Iterable[Person], limit: int | None = None) -> list[Match]:
    """Return the people that *query* means, best first; nobody when nothing matches well.

    Exact before inflected and short forms before beginnings before corrected spellings; then by how
    well the rarer terms match; then the one who came last.
    """
    return search(query, Directory(people), limit)


def search(query: str, words: Vocabulary, limit: int | None = None) -> list[Match]:
    """Do what :func:`rank` does, over a vocabulary that exists already."""
    judged = _judged(query, words)
    if not judged:
        from cardcli.search.asides import without_asides

        plain = without_asides(query)
        aside = " ".join(word for word in query.split() if word not in plain.split())
        judged = _as_guesses(_judged(plain, words), aside) if plain else {}
    return [_match(one) for one in _sorted(_without_noise(judged))[:limit]]


def _judged(query: str, words: Vocabulary) -> dict[str, _Judged]:
    """Return the people whom a query means, the bolder guesses only when the others find nobody."""
    ways = interpretations(query)
    plain = [_ask(way, words) for way in ways]
    judged = _judge_all(plain, words)
    if _any_exact(judged):
        return judged
    mended = [_widened(question, words, corrected) for question in plain]
    judged = _better(judged, _judge_all(mended, words))
    if not judged:
        respelled = [_ask(way, words) for way in _respelled(ways, words)]
        judged = _judge_all(respelled, words, respaced=True)
    if not judged:
        bold = [_widened(question, words, boldly_corrected) for question in mended]
        judged = _judge_all(bold, words)
    if not judged and len(words):
        from cardcli.search.guesses import guesser

        guessed = guesser(words)
        judged = _judge_all([_widened(each, words, guessed) for each in mended], words)
    return judged


def _as_guesses(judged: dict[str, _Judged], aside: str) -> dict[str, _Judged]:
    """Return the best of those whom the query means without *aside*, none of them for sure."""
    best = max((one.exactness for one in judged.values()), default=Exactness.CORRECTED)
    return {
        key: one._replace(
            exactness=Exactness.CORRECTED, found=(*one.found, _Found(Term(aside), _ABSENT))
        )
        for key, one in judged.items()
        if one.exactness is best
    }


def clear(matches: Sequence[Match]) -> Match | None:
    """Return the match that may be taken without asking, or None.

    It is the only one of its exactness, and none is better: one exact match wins over any number of
    beginnings and corrected spellings, two people with equal evidence are never guessed between.
    A clear match may still not be :attr:`Match.sure`.
    """
    if not matches:
        return None
    best = matches[0]
    alone = len(matches) == 1 or matches[1].exactness < best.exactness
    return best if alone else None


_MOST_SUGGESTED = 3
_LEAST_SUGGESTED = 0.3


def suggest(query: str, people: Iterable[Person], limit: int = _MOST_SUGGESTED) -> list[Person]:
    """Return people to offer with "did you mean" when :func:`rank` finds nobody.

    They match a part of the query, the rarest part first, or need bolder corrections.
    """
    return nearest(query, Directory(people), limit)


def nearest(query: str, words: Vocabulary, limit: int = _MOST_SUGGESTED) -> list[Person]:
    """Do what :func:`suggest` does, over a vocabulary that exists already."""
    best: dict[str, tuple[float, str, Person]] = {}
    for way in interpretations(query):
        question = _widened(_ask(way, words), words, leniently_corrected)
        weights = [0.3 + 0.7 * rarity for rarity in question.rarities]
        total = sum(weights) or 1.0
        keys = words.bearers(key for hits in question.hits for key in hits)
        for person in words.people(keys):
            score = (
                sum(found.hit.quality * weights[i] for i, found in _partly(question, person))
                / total
            )
            if score >= _LEAST_SUGGESTED and score > best.get(person.id, (0.0,))[0]:
                best[person.id] = (score, person.last_visit, person)
    ordered = sorted(best.values(), key=lambda item: (round(item[0], 2), item[1]), reverse=True)
    return [person for _score, _visit, person in ordered[:limit]]


def _partly(question: _Question, person: Person) -> Iterator[tuple[int, _Found]]:
    own = words_of(person)
    for index, (term, hits) in enumerate(zip(question.terms, question.hits, strict=True)):
        options = _options(term, hits, own)
        if options:
            yield index, max(options, key=lambda found: found.hit.quality)


# ---- asking ----------------------------------------------------------------------------------


_Corrector = Callable[[Term, Vocabulary, int], Hits]


def _ask(way: Interpretation, words: Vocabulary) -> _Question:
    return _question(way, [sure(term, words) for term in way], words)


def _widened(question: _Question, words: Vocabulary, corrector: _Corrector) -> _Question:
    """Return *question* with what *corrector* adds to each term, beside how many others it stands."""
    hits = []
    for term, known in zip(question.terms, question.hits, strict=True):
        company = sum(not other.soft for other in question.terms if other is not term)
        found = Hits(known)
        for (kind, text), hit in corrector(term, words, company).items():
            found.put(kind, [text], hit)
        hits.append(found)
    return _question(question.terms, hits, words)


def _question(way: Interpretation, hits: Sequence[Hits], words: Vocabulary) -> _Question:
    rarities = tuple(_rarity(len(words.bearers(found)), len(words)) for found in hits)
    return _Question(way, tuple(hits), rarities)


def _rarity(bearers: int, everybody: int) -> float:
    return 1 - math.log1p(bearers) / math.log1p(max(everybody, 1)) if bearers else 1.0


def _respelled(ways: Iterable[Interpretation], words: Vocabulary) -> Iterator[Interpretation]:
    """Return the interpretations with a blank too many or too few."""
    for way in ways:
        yield from respaced(way)
        for place, term in enumerate(way):
            for one, two in unglued(term) if term.readings and not term.email else ():
                if _are_words(one, two, words):
                    yield (*way[:place], one, two, *way[place + 1 :])


_SHORTEST_GLUED_FORM = 3


def _are_words(one: Term, two: Term, words: Vocabulary) -> bool:
    """Tell whether two halves are words of people, or one of them and a form such as «катя»."""
    best = [
        max((hit.exactness for hit in sure(half, words).values()), default=Exactness.CORRECTED)
        for half in (one, two)
    ]
    shorter = min(len(one.typed), len(two.typed))
    return max(best) is Exactness.EXACT and (
        min(best) is Exactness.EXACT
        or (min(best) is Exactness.FORM and shorter >= _SHORTEST_GLUED_FORM)
    )


def _any_exact(judged: dict[str, _Judged]) -> bool:
    return any(one.exactness is Exactness.EXACT for one in judged.values())


def _better(one: dict[str, _Judged], other: dict[str, _Judged]) -> dict[str, _Judged]:
    """Return each person as the better of two judgements."""
    return {
        key: max(
            (half[key] for half in (one, other) if key in half), key=lambda judged: judged.order
        )
        for key in one | other
    }


# ---- judging ---------------------------------------------------------------------------------


def _judge_all(
    questions: Iterable[_Question], words: Vocabulary, *, respaced: bool = False
) -> dict[str, _Judged]:
    """Return the people whom any of the questions means, by id."""
    best: dict[str, _Judged] = {}
    for question in questions:
        kinds = question.kinds
        for person in words.people(_candidates(question, words)):
            judged = _judge(question, person, words_of(person, kinds))
            if judged and respaced:
                judged = _as_respaced(judged)
            if judged and (person.id not in best or best[person.id].order < judged.order):
                best[person.id] = judged
    return best


def _as_respaced(judged: _Judged) -> _Judged | None:
    """Return what is left of a match when blanks had to be moved: nothing of a vague one."""
    if judged.exactness < Exactness.FORM:
        return None
    return judged._replace(exactness=Exactness.CORRECTED, score=judged.score * 0.8)


def _candidates(question: _Question, words: Vocabulary) -> set[int]:
    """Return the people who have a word for each term that must match, the rarest first."""
    needed = [
        (len(hits), hits)
        for term, hits in zip(question.terms, question.hits, strict=True)
        if not (term.soft or _dispensable(term, question.terms))
    ]
    if not needed:
        needed = [(len(hits), hits) for hits in question.hits]
    candidates: set[int] | None = None
    for _size, hits in sorted(needed, key=lambda pair: pair[0]):
        bearers = words.bearers(hits)
        candidates = bearers if candidates is None else candidates & bearers
        if not candidates:
            break
    return candidates or set()


_LEAST_WITHOUT_PATRONYMIC = 2


def _dispensable(term: Term, terms: Interpretation) -> bool:
    """Tell whether a card may lack this term: the patronymic, beside two other names."""
    last_initial = term.initial and term is terms[-1]
    others = sum(1 for other in terms if other is not term and other.readings and not other.soft)
    return (term.patronymic or last_initial) and others >= _LEAST_WITHOUT_PATRONYMIC


def _judge(question: _Question, person: Person, own: Sequence[Word]) -> _Judged | None:
    """Return how a person with these words matches, or None when a term that must match does not."""
    choices: list[tuple[_Found, ...]] = []
    for term, hits in zip(question.terms, question.hits, strict=True):
        options = _options(term, hits, own)
        if not options and _dispensable(term, question.terms) and _lacks_patronymic(own):
            options = (_Found(term, _ABSENT),)
        if term.soft:
            options = (*options, _Found(term, _LEGAL if canonical(term.typed) in LEGAL else _SOFT))
        choices.append(options)
    best: tuple[_Found, ...] | None = None
    best_order: tuple[int, float] = (0, 0.0)
    for found in itertools.islice(_assignments(choices), _MOST_ASSIGNMENTS):
        order = _order(found)
        if best is None or order > best_order:
            best, best_order = found, order
    if not best or all(one.word is None for one in best) or _too_vague(best):
        return None
    return _judgement(question, person, own, best)


_MOST_ASSIGNMENTS = 5000  # bounds what a hostile query costs; real ones have a dozen
_ABSENT = Hit(Exactness.CORRECTED, How.ABSENT, quality=0.5, cost=0.5)
_SOFT = Hit(Exactness.EXACT, How.SAME, quality=0.5)
_LEGAL = Hit(Exactness.PREFIX, How.SAME, quality=0.5)
_OBLIQUE = (How.SAME, How.SOUNDS)


def _options(term: Term, hits: Hits, own: Sequence[Word]) -> tuple[_Found, ...]:
    """Return the words of a person that *term* may mean."""
    found = []
    for place, word in enumerate(own):
        hit = hits.get(word.key)
        if hit is None or (term.initial and hit.how is How.INITIAL and word.line):
            continue
        if term.after and hit.how in _OBLIQUE:
            # after «у» the word is inflected, so the same letters are somebody else's name
            hit = hit._replace(exactness=Exactness.CORRECTED, quality=hit.quality * 0.8, cost=1.0)
        elif term.after and hit.guess:
            hit = hit._replace(exactness=Exactness.FORM, quality=0.9, cost=0.0)
        found.append(_Found(term, hit, word, place))
    return tuple(found)


def _lacks_patronymic(own: Sequence[Word]) -> bool:
    full = [word for word in own if word.kind is Kind.NAME and not word.line]
    return len(full) <= _LEAST_WITHOUT_PATRONYMIC and not any(
        word.text.endswith(PATRONYMIC) for word in full
    )


def _assignments(
    choices: Sequence[tuple[_Found, ...]], used: frozenset[int] = frozenset()
) -> Iterator[tuple[_Found, ...]]:
    """Return the ways to give each term a word of its own."""
    if not choices:
        yield ()
        return
    for found in choices[0]:
        if found.place < 0 or found.place not in used:
            for rest in _assignments(choices[1:], used | {found.place}):
                yield (found, *rest)


def _order(found: Sequence[_Found]) -> tuple[int, float]:
    settled = _settled(found)
    return min(one.hit.exactness for one in settled), sum(one.hit.quality for one in settled)


def _settled(found: Sequence[_Found]) -> list[_Found]:
    """Return the terms with what they are in company: guesses confirmed, initials in order."""
    inflected = any(one.hit.how is How.INFLECTED for one in found)
    places = [one.place for one in found if one.hit.how is How.INITIAL]
    disordered = places != sorted(places)
    settled = []
    for one in found:
        hit = one.hit
        if hit.guess and inflected:
            hit = hit._replace(exactness=Exactness.FORM, quality=0.9, cost=0.0)
        if disordered and hit.how is How.INITIAL:
            hit = hit._replace(exactness=Exactness.CORRECTED, quality=0.5, cost=0.5)
        settled.append(one if hit is one.hit else one._replace(hit=hit))
    return settled


_FREE_COST = 1.0
_COST_PER_TERM = 0.5
_LEAST_COST_LIMIT = 2.0


def _too_vague(found: Sequence[_Found]) -> bool:
    """Tell whether there is too little to go by: a year alone, or too many corrections."""
    cost = sum(one.hit.cost for one in found)
    if cost > max(_LEAST_COST_LIMIT, _FREE_COST + _COST_PER_TERM * len(found)):
        return True
    words = [one.word for one in found if one.word]
    return all(word.kind is Kind.BIRTHDAY and len(word.text) == len("1990") for word in words)


def _judgement(
    question: _Question, person: Person, own: Sequence[Word], found: tuple[_Found, ...]
) -> _Judged:
    settled = _settled(found)
    exactness = min(one.hit.exactness for one in settled)
    if all(one.hit.how is How.INITIAL for one in settled):
        exactness = Exactness.CORRECTED
    weights = [0.3 + 0.7 * rarity for rarity in question.rarities]
    score = sum(_quality(one) * weight for one, weight in zip(settled, weights, strict=True)) / sum(
        weights
    )
    score = 0.9 * score + _bonus(own, settled)
    return _Judged(
        person, tuple(settled), exactness, min(score, 1.0), sum(one.hit.cost for one in settled)
    )


_OTHER_NAME = 0.95
_BEGINS_PATRONYMIC = 0.95


def _quality(found: _Found) -> float:
    """Return how good a word is for its term; other names than the full one count a little less."""
    quality, word = found.hit.quality, found.word
    if word and word.line:
        quality *= _OTHER_NAME
    if (
        word
        and found.hit.how is How.BEGINS
        and word.text.endswith(PATRONYMIC)
        and not found.term.patronymic
    ):
        quality *= _BEGINS_PATRONYMIC
    return quality


def _bonus(own: Sequence[Word], found: Sequence[_Found]) -> float:
    """Return a little for a query that names a whole name, and a little for the order of it."""
    places = [one.place for one in found if one.word and one.word.kind is Kind.NAME]
    used = set(places)
    lines = {word.line for word in own if word.kind is Kind.NAME}
    whole = any(
        all(
            place in used or word.text in LEGAL or "-" in word.shown
            for place, word in enumerate(own)
            if word.kind is Kind.NAME and word.line == line
        )
        for line in lines
    )
    return (0.08 if whole else 0.0) + (
        0.02 if len(places) > 1 and places == sorted(places) else 0.0
    )


_WORSE = 1.0


def _without_noise(judged: dict[str, _Judged]) -> list[_Judged]:
    """Drop corrected spellings where there are exact ones, and the far ones where there are near."""
    everyone = list(judged.values())
    if _any_exact(judged):
        return [one for one in everyone if one.exactness > Exactness.CORRECTED or not one.cost]
    costs = [one.cost for one in everyone if one.exactness is Exactness.CORRECTED]
    limit = min(costs, default=0.0) + _WORSE
    return [one for one in everyone if one.exactness > Exactness.CORRECTED or one.cost <= limit]


def _sorted(judged: Iterable[_Judged]) -> list[_Judged]:
    ordered = sorted(judged, key=lambda one: (one.person.names[:1], one.person.id))
    ordered.sort(key=lambda one: one.person.last_visit, reverse=True)
    ordered.sort(key=lambda one: (one.exactness, round(one.score, 3)), reverse=True)
    return ordered


def _match(judged: _Judged) -> Match:
    sentence = reason([(one.term.typed, one.hit, one.word) for one in judged.found])
    return Match(judged.person, round(judged.score, 4), judged.exactness, sentence)
