"""Which words of the people a term of the query may mean, how surely, and why.

Here is what needs no correcting: everything is looked up, nothing is compared. Misspelled words are
in :mod:`cardcli.search.typos`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum

from cardcli.ids import is_id
from cardcli.search import names
from cardcli.search.forms import lemmas
from cardcli.search.letters import canonical, cyrillic, has_cyrillic, sounds
from cardcli.search.people import Key, Kind, Vocabulary, national
from cardcli.search.query import Reading, Term, Typed
from cardcli.tuples import NamedTuple


class Exactness(IntEnum):
    """How sure a match is; all above CORRECTED may be acted on.

    EXACT: the same word, also in the other layout, in Latin letters, with look-alikes, е for ё.
    FORM: another form of the word («Ивановой», «Маша»). PREFIX: a beginning, an initial, the last
    digits of a phone. CORRECTED: misspelled or guessed.
    """

    CORRECTED = 1
    PREFIX = 2
    FORM = 3
    EXACT = 4


class How(Enum):
    """Why a word matches."""

    SAME = "same"
    SOUNDS = "transliterated"
    INFLECTED = "inflected"
    SHORT = "short name"
    BEGINS = "prefix"
    INITIAL = "initial"
    MISTYPED = "mistyped"
    ALIKE = "sounds alike"
    INSIDE = "part"
    CALLED = "guessed form"
    ABSENT = "not in the card"
    PHONE = "phone"
    TAIL = "phone tail"
    EMAIL = "e-mail"
    EMAIL_PART = "e-mail part"
    NUMBER = "number"
    ID = "id"
    BIRTHDAY = "birthday"
    BIRTHDAY_PART = "birthday part"


class Hit(NamedTuple):
    """One word as the meaning of one term.

    ``quality`` (0 to 1) orders hits of the same exactness; ``cost`` counts corrections, about one
    a letter; a ``guess`` becomes FORM when the rest of the query is inflected too.
    """

    exactness: Exactness
    how: How
    quality: float = 1.0
    cost: float = 0.0
    reading: Reading = Reading("")
    guess: bool = False


class Hits(dict[Key, Hit]):
    """The best hit for each word."""

    def put(self, kind: Kind, texts: Iterable[str], hit: Hit) -> None:
        """Note *hit* for each of *texts* that has no better one."""
        for text in texts:
            known = self.get((kind, text))
            if known is None or (known.exactness, known.quality) < (hit.exactness, hit.quality):
                self[kind, text] = hit


_FORM_QUALITY, _SHORT_QUALITY, _GUESS_QUALITY, _PREFIX_QUALITY = 0.95, 0.9, 0.6, 0.85
_LONGEST_TAIL_MISS = 3
_SHORTEST_TAIL = 4
_SHORTEST_EMAIL_PART = 3
_SHORTEST_SOUND = 3
_SHORTEST_FORM = 3
_SHORTEST_LATIN_FORM = 5
_MOST_SOUNDS = 6
_YEARS = range(1900, 2100)


def sure(term: Term, words: Vocabulary) -> Hits:
    """Return the words that *term* means without any correcting of letters."""
    found = Hits()
    if term.digits or term.days:
        _find_digits(term, words, found)
    elif term.email:
        _find_email(term.readings[0], words, found)
    elif term.initial:
        for reading in term.readings:
            _find_initial(reading, words, found)
    elif term.numbered:
        _find_number(term, words, found)
    for reading in () if term.initial or term.email else term.readings:
        _find_word(reading, words, found)
        _find_code(reading, words, found)
    return found


def _find_digits(term: Term, words: Vocabulary, found: Hits) -> None:
    for days, hit in (
        ([day for day in term.days if len(day) > len("04-12")], Hit(Exactness.EXACT, How.BIRTHDAY)),
        (
            [day for day in term.days if len(day) == len("04-12")],
            Hit(Exactness.PREFIX, How.BIRTHDAY_PART),
        ),
    ):
        found.put(Kind.BIRTHDAY, words.equal(Kind.BIRTHDAY, days), hit)
    digits = term.digits
    if not digits:
        return
    number = Hit(Exactness.EXACT, How.NUMBER)
    found.put(Kind.NUMBER, words.equal(Kind.NUMBER, ["=" + digits]), number)
    if len(digits) >= _SHORTEST_TAIL and not term.numbered:
        number = Hit(Exactness.PREFIX, How.NUMBER, quality=_SHORT_QUALITY)
    if term.numbered or len(digits) < _SHORTEST_TAIL or digits[0] != "0":
        found.put(Kind.NUMBER, words.equal(Kind.NUMBER, [str(int(digits))]), number)
    found.put(Kind.NAME, words.equal(Kind.NAME, [digits]), Hit(Exactness.EXACT, How.SAME))
    if term.numbered:
        return
    if len(digits) == len("1990") and int(digits) in _YEARS:
        year = Hit(Exactness.PREFIX, How.BIRTHDAY_PART, quality=_GUESS_QUALITY)
        found.put(Kind.BIRTHDAY, words.equal(Kind.BIRTHDAY, [digits]), year)
    if len(digits) >= _SHORTEST_TAIL:
        _find_phone(digits, words, found)


def _find_phone(digits: str, words: Vocabulary, found: Hits) -> None:
    """Look a number up by its end, however much of the front was typed, and with whatever code."""
    local = national(digits)
    bare = digits.lstrip("0")
    tails = dict.fromkeys((local, digits, bare, national(bare), bare.removeprefix("80")))
    for tail in tails:
        if (
            len(tail) < min(len(digits) - _LONGEST_TAIL_MISS, len(local))
            or len(tail) < _SHORTEST_TAIL
        ):
            continue
        backwards = tail[::-1]
        for phone in words.starting(Kind.PHONE, backwards):
            whole = len(phone) - len(tail) <= _LONGEST_TAIL_MISS and len(tail) >= len("9000000127")
            same = phone == backwards or whole
            hit = Hit(Exactness.EXACT, How.PHONE) if same else Hit(Exactness.PREFIX, How.TAIL)
            found.put(Kind.PHONE, [phone], hit)


def _find_email(reading: Reading, words: Vocabulary, found: Hits) -> None:
    address = reading.text.strip(".")
    part = Hit(Exactness.PREFIX, How.EMAIL_PART, reading=reading)
    bare = address.lstrip("@")
    if len(bare) >= _SHORTEST_EMAIL_PART:
        found.put(Kind.EMAIL, words.starting(Kind.EMAIL, bare), part)
    if "@" in bare:
        whole = Hit(Exactness.EXACT, How.EMAIL, reading=reading)
        found.put(Kind.EMAIL, words.equal(Kind.EMAIL, [address]), whole)


def _find_code(reading: Reading, words: Vocabulary, found: Hits) -> None:
    """Look a word up where machines' words are: ids and parts of e-mail addresses."""
    if is_id(reading.text):
        hit = Hit(Exactness.EXACT, How.ID, reading=reading)
        found.put(Kind.ID, words.equal(Kind.ID, [reading.text]), hit)
    if found and reading.how is not Typed.AS_TYPED:
        return
    if reading.text.isascii() and len(reading.text) >= _SHORTEST_EMAIL_PART:
        part = Hit(Exactness.PREFIX, How.EMAIL_PART, quality=_GUESS_QUALITY, reading=reading)
        found.put(Kind.EMAIL, words.starting(Kind.EMAIL, reading.text), part)


def _find_number(term: Term, words: Vocabulary, found: Hits) -> None:
    """Look up a card number with its letter in any alphabet or layout: ``К-00127``, ``r127``."""
    letters = term.typed.rstrip("0123456789").rstrip("-‑– ")
    digits = term.typed[len(term.typed.rstrip("0123456789")) :]
    short = str(int(digits))
    from cardcli.search.query import readings

    for reading in readings(letters, mixed=True):
        hit = Hit(Exactness.EXACT, How.NUMBER, quality=reading.how.value, reading=reading)
        prefixes = {
            canonical(reading.text),
            cyrillic(sounds(reading.text)[0]),
            *sounds(reading.text),
        }
        texts = [prefix + short for prefix in prefixes]
        found.put(Kind.NUMBER, words.equal(Kind.NUMBER, texts), hit)


def _find_initial(reading: Reading, words: Vocabulary, found: Hits) -> None:
    letter = canonical(reading.text)
    hit = Hit(
        Exactness.PREFIX, How.INITIAL, quality=_PREFIX_QUALITY * reading.how.value, reading=reading
    )
    found.put(Kind.NAME, words.starting(Kind.NAME, letter), hit)
    if reading.latin:
        for sound in sounds(reading.text):
            found.put(Kind.NAME, words.sounding(sound, whole=False), hit)


def _find_word(reading: Reading, words: Vocabulary, found: Hits) -> None:
    text, trust = canonical(reading.text), reading.how.value
    exactness = Exactness.FORM if reading.how is Typed.CLIPPED_LAYOUT else Exactness.EXACT
    exact = Hit(exactness, How.SAME, quality=trust, reading=reading)
    found.put(Kind.NAME, words.equal(Kind.NAME, [text]), exact)
    if len(text) > 1:
        begins = Hit(Exactness.PREFIX, How.BEGINS, quality=_PREFIX_QUALITY * trust, reading=reading)
        woman = begins._replace(exactness=Exactness.CORRECTED)
        for word in words.starting(Kind.NAME, text):
            found.put(Kind.NAME, [word], woman if names.is_man_of(text, word) else begins)
    if reading.latin:
        if reading.how is not Typed.WHOLLY_ALIKE:
            _find_sound(reading, words, found)
    elif len(text) >= _SHORTEST_FORM:
        _find_forms(reading, text, words, found)
        if not found:
            spelled = [
                word
                for word in words.sounding(sounds(text)[0], whole=True)
                if not has_cyrillic(word)
            ]
            heard = Hit(
                Exactness.EXACT,
                How.SOUNDS,
                quality=Typed.OTHER_LAYOUT.value * trust,
                reading=reading,
            )
            found.put(Kind.NAME, spelled, heard)
    else:
        _find_relatives(reading, text, words, found)


def _find_forms(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    trust = reading.how.value
    _find_relatives(reading, text, words, found)
    forms = lemmas(text)
    for form in words.equal(Kind.NAME, forms):
        found.put(Kind.NAME, [form], _form_hit(reading, trust, guess=forms[form]))
    for form, guess in forms.items():
        if not guess and names.is_given_form(form):
            _find_relatives(reading, form, words, found)


def _form_hit(reading: Reading, trust: float, *, guess: bool) -> Hit:
    if guess:
        return Hit(
            Exactness.CORRECTED, How.CALLED, trust * _GUESS_QUALITY, 1.0, reading, guess=True
        )
    return Hit(Exactness.FORM, How.INFLECTED, trust * _FORM_QUALITY, reading=reading)


def _find_relatives(reading: Reading, text: str, words: Vocabulary, found: Hits) -> None:
    """Look up the other forms of a given name: Мария of «маша»."""
    others = names.relatives(text)
    trust = reading.how.value
    for other in words.equal(Kind.NAME, others):
        if others[other]:
            hit = Hit(Exactness.CORRECTED, How.SHORT, trust * _GUESS_QUALITY, 1.0, reading)
        else:
            hit = Hit(Exactness.FORM, How.SHORT, trust * _SHORT_QUALITY, reading=reading)
        found.put(Kind.NAME, [other], hit)


def _find_sound(reading: Reading, words: Vocabulary, found: Hits) -> None:
    """Look up a transliterated word, its dictionary forms and the names it is short for."""
    trust = reading.how.value * Typed.OTHER_LAYOUT.value
    exact = Hit(Exactness.EXACT, How.SOUNDS, quality=trust, reading=reading)
    begins = Hit(Exactness.PREFIX, How.BEGINS, quality=trust * _PREFIX_QUALITY, reading=reading)
    for sound in sounds(reading.text)[:_MOST_SOUNDS]:
        if len(sound) > 1:
            found.put(Kind.NAME, words.sounding(sound, whole=True), exact)
        if len(sound) >= _SHORTEST_SOUND:
            found.put(Kind.NAME, words.sounding(sound, whole=False), begins)
        called = names.sounding(sound)
        for name in [name for name in called if names.is_given(name)] or called:
            _find_relatives(reading, name, words, found)
        if len(sound) >= _SHORTEST_LATIN_FORM:
            for form, guess in lemmas(cyrillic(sound)).items():
                hit = _form_hit(reading, trust, guess=guess)
                found.put(Kind.NAME, words.sounding(sounds(form)[0], whole=True), hit)
