"""The name of a client: its parts, its short form, and what a changed name leaves behind."""

from __future__ import annotations

import re

from cardcli.card import Card
from cardcli.tuples import NamedTuple
from cardcli.yamlpatch import Value

# the patterns are compiled when they are first needed: start-up time
_PATRONYMIC = r"(?i).+(?:вич|вна|ична|инична|ьич|оглы|кызы|уулу)|лукич|фомич|никитич"
_SURELY = r"(?i)[^\W\d_]{3,}(?:вич|вна|ична)|[^\W\d_]+ьич|лукич|фомич|никитич"
"""A patronymic where it may also be a family name, «Левич»: longer ones are."""
_FAMILY_APART = r"[^\W\d_][^\W\d_'’-]*,\s*[^\W\d_][^\W\d_.'’-]*(?:\s+[^\W\d_][^\W\d_.'’-]*)?"
"""«Иванова, Мария Петровна»: so catalogues and mail programs write a name."""
_THIN = "\u202f"


class Name(NamedTuple):
    """A name in its parts; a company has only ``company``, a name that cannot be split only ``given``."""

    family: str = ""
    given: str = ""
    patronymic: str = ""
    company: str = ""

    @property
    def full(self) -> str:
        """Return the name as it is said in full, family name first."""
        return (
            " ".join(part for part in (self.family, self.given, self.patronymic) if part)
            or self.company
        )

    @property
    def short(self) -> str:
        """Return family name and initials: «Иванова М. П.»."""
        if not self.family:
            return self.full
        initials = _THIN.join(
            f"{part[0].upper()}." for part in (*self.given.split()[:1], self.patronymic) if part
        )
        return f"{self.family} {initials}".strip()

    @property
    def address(self) -> str:
        """Return what stands on the second line of a card: given name and patronymic."""
        return " ".join(part for part in (self.given, self.patronymic) if part)


def split(name: str) -> Name:
    """Split a name in Russian order: family name, given name, patronymic.

    Two words are family and given name, or given name and patronymic where the second looks like one;
    three are all parts; of more, a last word that looks like a patronymic is one, and the rest stays
    with the given name. What stands in brackets behind a name is said with its last word.
    """
    core, bracket, aside = (
        name.strip().partition(" (") if name.strip().endswith(")") else (name, "", "")
    )
    words = core.split()
    if len(words) <= 1:
        return Name(given=name.strip())
    family, *rest = words
    has_patronymic = re.fullmatch(_PATRONYMIC, rest[-1])
    rest[-1] += f"{bracket}{aside}"
    if len(rest) == 1:
        return Name("", family, rest[0]) if has_patronymic else Name(family, rest[0])
    if len(rest) == 2 or has_patronymic:
        return Name(family, " ".join(rest[:-1]), rest[-1])
    return Name(family, " ".join(rest))


def family_first(name: str) -> str:
    """Return a name in three words with the patronymic in the middle with its family name first.

    Only the patronymic tells for sure, or a comma behind the family name; two words stay as they are,
    and so does what is in brackets behind the name.
    """
    core, bracket, aside = name.partition("(")
    words = core.replace(",", " ").split()
    if re.fullmatch(_FAMILY_APART, name.strip()):
        return " ".join(words)
    if len(words) == 3 and re.fullmatch(_SURELY, words[1]) and not re.fullmatch(_SURELY, words[2]):
        return " ".join([words[2], *words[:2], *f"{bracket}{aside}".split()])
    return " ".join(name.split())


def name_of(card: Card) -> Name:
    """Return the name of a card's client; a map of parts is taken as it is."""
    name: Value = card.metadata.get("name", "")
    if isinstance(name, dict):
        parts = {key: str(name.get(key, "")) for key in ("family", "given", "patronymic")}
        return Name(**parts, company=card.value("company"))
    if not name:
        return Name(company=card.value("company"))
    found = split(str(name))
    return Name(found.family, found.given, found.patronymic, card.value("company"))
