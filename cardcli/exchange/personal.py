"""What personal data goes out: counted while it goes, to be said in a warning.

Health data stands first: it is a special category (152-ФЗ, article 10; GDPR, article 9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from cardcli.exchange.outgoing import PORTRAIT, Outgoing
from cardcli.language import N_, _
from cardcli.profile import HEALTH

_HEALTH = "health"
_LABELS = {
    _HEALTH: N_("health data of {count}"),
    "names": N_("names"),
    "phones": N_("phones"),
    "emails": N_("e-mails"),
    "addresses": N_("addresses"),
    "birthdays": N_("dates of birth"),
    "private": N_("family, work, income or social profiles"),
    "services": N_("services and purchases"),
    "texts": N_("notes and other free text"),
    "files": N_("photos and documents"),
}
_KEYS = {
    **dict.fromkeys(HEALTH, _HEALTH),
    **dict.fromkeys(
        ("name", "family", "given", "patronymic", "former_names", "emergency"), "names"
    ),
    "phones": "phones",
    "emails": "emails",
    "addresses": "addresses",
    "birthday": "birthdays",
    "age": "birthdays",
    **dict.fromkeys(("marital", "workplace", "job", "income", "interests", "social"), "private"),
    **dict.fromkeys(("comment", "preferences", "needs", "status_reason", "text"), "texts"),
}
_KINDS = {
    "patch-test": _HEALTH, "observation": _HEALTH,
    **dict.fromkeys(("visit", "sale", "payment", "refund", "deal", "offer"), "services"),
    **dict.fromkeys(("contact", "survey", "note", "advice"), "texts"),
}  # fmt: skip

EVERYTHING = frozenset(_LABELS)
TABLES = EVERYTHING - {"files"}
"""What the tables of a database hold."""
PROFILE = EVERYTHING - {"services", "files"}
"""What a table of clients holds: the profile."""
CONTACTS = EVERYTHING - {_HEALTH, "services"}
"""What a vCard holds."""
APPOINTMENTS = frozenset({"names", "phones", "services", "texts"})
"""What a calendar holds."""


def told_by(keys: Iterable[str]) -> frozenset[str]:
    """Return what the chosen columns tell; one of a kind of entries counts as that kind."""
    named = {_KEYS.get(key) or _KINDS.get(key.partition(".")[0], "") for key in keys}
    return frozenset(named - {""})


class Tally:
    """Counts of how many clients something is told.

    *told* is what the format holds at all; with *entries* it holds more than the profile.
    """

    def __init__(self, told: Collection[str] = EVERYTHING, *, entries: bool = True) -> None:
        self._told = told
        self._entries = entries
        self._counts: Counter[str] = Counter()

    def begin(self) -> None:
        """Count anew."""
        self._counts.clear()

    def add(self, going: Outgoing) -> None:
        """Count a client."""
        found = set(_of_profile(going))
        if self._entries:
            found |= set(_of_entries(going))
        self._counts.update(found & set(self._told))

    def sentence(self) -> str:
        """Return what goes out, or "" when nothing of it is personal."""
        found = [key for key in _LABELS if self._counts[key]]
        if not found:
            return ""
        named = ", ".join(_(_LABELS[key]).format(count=self._counts[key]) for key in found)
        return _("personal data goes out: {what}. Give it only to whom it is meant for.").format(
            what=named
        )


def _of_profile(going: Outgoing) -> Iterator[str]:
    for key, value in going.card.metadata.items():
        if value:
            yield _KEYS.get(key, "")
    if any(PORTRAIT in each.path for each in going.files):
        yield "files"


def _of_entries(going: Outgoing) -> Iterator[str]:
    for each in going.card.entries:
        yield _KINDS.get(each.kind, "texts" if not each.kind else "")
        if each.text:
            yield "texts"
    if going.files:
        yield "files"
    if any(line for line in going.card.prose.values() if not line.startswith("# ")):
        yield "texts"
