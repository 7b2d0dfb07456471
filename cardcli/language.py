"""Messages in the user's language: gettext, with English as the language of the source.

The user interface speaks the language that was activated; files and paper speak the language of
the store, so their words are asked for with :func:`translator`.
"""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("en", "ru")
_CATALOGUES = Path(__file__).parent / "locale"

_active: gettext.NullTranslations = gettext.NullTranslations()
_code = "en"


@functools.cache
def translator(code: str) -> gettext.NullTranslations:
    """Return the catalogue of a language; English, and a language we lack, give the source texts."""
    return gettext.translation("cardcli", _CATALOGUES, [code], fallback=True)


def activate(code: str) -> None:
    """Make *code* the language of the user interface for this process."""
    global _active, _code  # noqa: PLW0603 - the language of a process is one thing
    _code = code if code in LANGUAGES else "en"
    _active = translator(_code)


def active() -> str:
    """Return the code of the language of the user interface."""
    return _code


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let messages be in another language for a while: what is gathered for paper speaks as it does."""
    before = _code
    activate(code)
    try:
        yield
    finally:
        activate(before)


def _(message: str) -> str:
    """Translate *message* into the language of the user interface."""
    return _active.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a message that depends on a count."""
    return _active.ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark *message* for translation without translating it yet."""
    return message
