"""What was probably meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable

from cardcli.language import _


def nearest(word: str, words: Iterable[str], closeness: float = 0.6) -> str | None:
    """Return the one of *words* that *word* was probably meant to be; *closeness* is 0 to 1."""
    import difflib

    found = difflib.get_close_matches(word, list(words), 1, closeness)
    return found[0] if found else None


def suggesting(sentence: str, meant: str | None) -> str:
    """Return *sentence*, and behind it the question whether *meant* was meant, if it is known."""
    if not meant:
        return sentence
    end = " " if sentence.endswith(".") else ". "
    return sentence + end + _("Did you mean “{word}”?").format(word=meant)
