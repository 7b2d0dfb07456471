"""Why a match matches, in the user's language, for ``--explain``."""

from __future__ import annotations

from collections.abc import Sequence

from cardcli.language import N_, _
from cardcli.search.hits import Hit, How
from cardcli.search.people import Word
from cardcli.search.query import Typed

_SENTENCES = {
    How.SAME: N_("“{typed}” is in {word}"),
    How.SOUNDS: N_("“{typed}” is {word} in other letters"),
    How.INFLECTED: N_("“{typed}” is a form of {word}"),
    How.SHORT: N_("“{typed}” is another form of the name {word}"),
    How.BEGINS: N_("“{typed}” begins {word}"),
    How.INITIAL: N_("“{typed}” is the initial of {word}"),
    How.MISTYPED: N_("“{typed}” looks like {word} with a slip"),
    How.ALIKE: N_("“{typed}” sounds like {word}"),
    How.INSIDE: N_("“{typed}” is a part of {word}"),
    How.CALLED: N_("“{typed}” may be a form of {word}"),
    How.ABSENT: N_("the card has nothing for “{typed}”"),
    How.PHONE: N_("“{typed}” is the phone {word}"),
    How.TAIL: N_("“{typed}” ends the phone {word}"),
    How.EMAIL: N_("“{typed}” is the e-mail {word}"),
    How.EMAIL_PART: N_("“{typed}” is in the e-mail {word}"),
    How.NUMBER: N_("“{typed}” is the card number {word}"),
    How.ID: N_("“{typed}” is the id {word}"),
    How.BIRTHDAY: N_("“{typed}” is the date of birth {word}"),
    How.BIRTHDAY_PART: N_("“{typed}” is in the date of birth {word}"),
}
_READINGS = {
    Typed.OTHER_LAYOUT: N_("“{typed}” in the other keyboard layout is “{text}”"),
    Typed.CLIPPED_LAYOUT: N_("“{typed}” in the other keyboard layout is “{text}”"),
    Typed.LOOK_ALIKE: N_("“{typed}” with look-alike letters is “{text}”"),
}


def reason(found: Sequence[tuple[str, Hit, Word | None]]) -> str:
    """Return one sentence for what each term was taken to be: (typed, hit, word of the person)."""
    parts = []
    for typed, hit, word in found:
        if word is None and hit.how is not How.ABSENT:
            continue
        said = typed
        if hit.reading.how in _READINGS:
            said = hit.reading.text
            parts.append(_(_READINGS[hit.reading.how]).format(typed=typed, text=said))
        parts.append(_(_SENTENCES[hit.how]).format(typed=said, word=word.shown if word else ""))
    return "; ".join(parts)
