"""Finding the client somebody means: names in any shape, phones, e-mails, numbers, dates.

The way of a query: ``query`` cuts it into terms and says what each may have been meant to be;
``hits`` and ``typos`` look the words up among all words of all people (``people``); ``ranking``
judges the people who have a word for each term. What finds nobody so is heard rather than read
(``guesses``, ``pinyin``), then asked again without what is said beside a name (``asides``);
neither is ever sure. ``letters``, ``forms`` and ``names`` know the
language. Nothing here reads a file or the clock.
"""

from cardcli.search.hits import Exactness
from cardcli.search.people import Directory, Kind, Person, Vocabulary, Word, words_of
from cardcli.search.ranking import Match, clear, nearest, rank, search, suggest

__all__ = [
    "Directory",
    "Exactness",
    "Kind",
    "Match",
    "Person",
    "Vocabulary",
    "Word",
    "clear",
    "nearest",
    "rank",
    "search",
    "suggest",
    "words_of",
]
