"""The keys of the front matter: what a card says of the person or company itself.

The order of the table is the order in which new keys are written. Keys that are not here belong
to the user and stay untouched; ``cardcli.yaml`` gives them types (``fields: profile:``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cardcli.fields import Field, Type
from cardcli.language import LANGUAGES, N_
from cardcli.text import fold

Anything = TypeVar("Anything")
STATUSES = (
    ("new", N_("new client")), ("active", N_("active client")),
    ("sleeping", N_("sleeping client")), ("gone", N_("client who left")),
)  # fmt: skip
FIELDS: tuple[Field, ...] = (
    Field("id", label=N_("Id")),
    Field("number", label=N_("Card number")),
    Field("name", label=N_("Name")),
    Field("family", label=N_("Family name")),
    Field("given", label=N_("Given name")),
    Field("patronymic", label=N_("Patronymic")),
    Field("former_names", label=N_("Former names"), many=True),
    Field("company", label=N_("Company")),
    Field("phones", Type.PHONE, N_("Phone"), many=True),
    Field("emails", Type.EMAIL, N_("E-mail"), many=True),
    Field("addresses", label=N_("Address"), many=True),
    Field("birthday", Type.BIRTHDAY, N_("Date of birth")),
    Field("sex", Type.CHOICE, N_("Sex"), (("female", N_("female")), ("male", N_("male")))),
    Field("marital", Type.CHOICE, N_("Marital status"), (
        ("single", N_("single")), ("married", N_("married")), ("partner", N_("lives with a partner")),
        ("divorced", N_("divorced")), ("widowed", N_("widowed")),
    )),
    Field("workplace", label=N_("Place of work")),
    Field("job", label=N_("Position")),
    Field("income", Type.CHOICE, N_("Income level"), (
        ("low", N_("low")), ("middle", N_("middle")), ("high", N_("high")),
    )),
    Field("interests", label=N_("Interests"), many=True),
    Field("social", label=N_("Social profiles"), many=True),
    Field("language", label=N_("Language")),
    Field("source", label=N_("How they found us")),
    Field("specifics", label=N_("Specifics of the business")),
    Field("category", Type.CHOICE, N_("Category"), (
        ("vip", N_("VIP")), ("regular", N_("regular")), ("new", N_("new")), ("potential", N_("potential")),
    )),
    Field("status", Type.CHOICE, N_("Status of the client"), STATUSES),
    Field("status_reason", label=N_("Why this status")),
    Field("credit_limit", Type.MONEY, N_("Credit limit")),
    Field("emergency", label=N_("Emergency contact")),
    Field("allergies", label=N_("Allergies"), many=True),
    Field("contraindications", label=N_("Contraindications"), many=True),
    Field("chronic", label=N_("Chronic conditions"), many=True),
    Field("preferences", label=N_("Preferences"), many=True),
    Field("needs", label=N_("Needs"), many=True),
    Field("comment", label=N_("Comment")),
    Field("tags", label=N_("Tags"), many=True),
    Field("created", Type.DATE, N_("Filled in")),
    Field("confirmed", Type.DATE, N_("Brought up to date")),
)  # fmt: skip
MERGED, APART = "merged", "not_same_as"
LINKS: tuple[Field, ...] = (
    Field(MERGED, label=N_("Joined cards"), many=True),
    Field(APART, label=N_("Not the same person as"), many=True),
)
"""What ties a card to other cards: ``- w8d2fq: К-00012`` is the id and number of a card that was
joined with this one, a plain id that of somebody else who looks like the same person. Kept by the
program, for the program: no sheet prints them."""
SINGULAR = {
    "phone": "phones", "email": "emails", "address": "addresses", "allergy": "allergies",
    "contraindication": "contraindications", "preference": "preferences", "tag": "tags",
    "interest": "interests", "need": "needs",
}  # fmt: skip
_OBSIDIAN = frozenset({"aliases", "cssclass", "cssclasses", "publish", "position"})
OWNED = frozenset({"id", "number", "created", "former_names", MERGED, APART})

OBLIGATORY = ("phones", "emails", "birthday")
"""What the founding document (000, 2.1) wants on every card besides the name."""

OPTIONAL = frozenset({
    "sex", "marital", "workplace", "job", "income", "interests", "social", "chronic",
})  # fmt: skip
"""What is kept only for a purpose stated in ``cardcli.yaml`` (data minimisation, 000, 2.5)."""

LABELLED = frozenset({"phones", "emails", "addresses", "social"})
"""Lists whose items may carry a label: ``- work: "+7…"``."""

HEALTH = ("allergies", "contraindications", "chronic")
"""What safety looks at."""


class Profile:
    """The keys of the profile in one store: ours, and those the business gave a type."""

    def __init__(self, fields: Iterable[Field] = FIELDS) -> None:
        self.fields = tuple(fields)
        self.order = tuple(field.key for field in self.fields)
        self._by_key = {field.key: field for field in (*self.fields, *LINKS)}

    def field(self, key: str) -> Field:
        """Return the field stored as *key*; a key of the user's own is plain text."""
        return self._by_key.get(key) or Field(key, label=key)

    def known(self, key: str) -> bool:
        """Tell whether *key* is in the table."""
        return key in self._by_key

    def canonical(self, key: str) -> str:
        """Return the stored key for what was typed: the key, its singular, or its label in any language."""
        typed = fold(key)
        if typed in self._by_key:
            return typed
        if typed in SINGULAR:
            return SINGULAR[typed]
        for language in LANGUAGES:
            for known_field in self.fields:
                if fold(known_field.title(language)) == typed:
                    return known_field.key
        return key.strip()

    def with_fields(self, fields: Iterable[Field]) -> Profile:
        """Return this profile with more fields, before the tags."""
        place = self.order.index("tags")
        return Profile((*self.fields[:place], *fields, *self.fields[place:]))

    def with_choices(self, key: str, choices: tuple[tuple[str, str], ...]) -> Profile:
        """Return this profile with other choices for one field."""
        return Profile(
            field._replace(choices=choices) if field.key == key else field for field in self.fields
        )

    def own_fields(self, keys: Iterable[str]) -> tuple[Field, ...]:
        """Return the fields among *keys* that are not built in; what steers Obsidian says nothing of a client."""
        return tuple(
            self.field(key) for key in keys if not self.known(key) and key not in _OBSIDIAN
        )


STANDARD = Profile()
ORDER = STANDARD.order
field, known, canonical = STANDARD.field, STANDARD.known, STANDARD.canonical
own_fields = STANDARD.own_fields


def ordered(values: Mapping[str, Anything]) -> dict[str, Anything]:
    """Return *values* with the keys of the table first, in its order; own keys keep theirs."""
    known_first = {key: values[key] for key in ORDER if key in values}
    return known_first | dict(values)


def unasked(metadata: Mapping[str, object], wanted: Iterable[str] = OBLIGATORY) -> list[str]:
    """Return those of the *wanted* keys that nobody has filled in.

    A key that is there and empty (``emails: []``) was asked for: the client has none. A company
    has no birthday.
    """
    company = not metadata.get("name")
    return [key for key in wanted if key not in metadata and not (company and key == "birthday")]


def without_purpose(metadata: Mapping[str, object], purposes: Mapping[str, str]) -> list[str]:
    """Return the optional keys that are filled in though no purpose is stated for them."""
    return [key for key in ORDER if key in OPTIONAL and metadata.get(key) and not purposes.get(key)]
