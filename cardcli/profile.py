"""The keys of the front matter: what a card says of the person or company itself.

The order of the table is the order in which new keys are written. Keys that are not here belong
to the user and stay untouched.
"""

from __future__ import annotations

from collections.abc import Iterable

from cardcli.fields import Field, Type
from cardcli.language import LANGUAGES, N_
from cardcli.text import fold

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
    Field("source", label=N_("How they found us")),
    Field("emergency", label=N_("Emergency contact")),
    Field("allergies", label=N_("Allergies"), many=True),
    Field("contraindications", label=N_("Contraindications"), many=True),
    Field("chronic", label=N_("Chronic conditions"), many=True),
    Field("preferences", label=N_("Preferences"), many=True),
    Field("credit_limit", Type.MONEY, N_("Credit limit")),
    Field("status", Type.CHOICE, N_("Status of the client"), STATUSES),
    Field("status_reason", label=N_("Why this status")),
    Field("tags", label=N_("Tags"), many=True),
    Field("created", Type.DATE, N_("Filled in")),
    Field("confirmed", Type.DATE, N_("Brought up to date")),
)
ORDER = tuple(field.key for field in FIELDS)
_BY_KEY = {field.key: field for field in FIELDS}
SINGULAR = {
    "phone": "phones", "email": "emails", "address": "addresses", "allergy": "allergies",
    "contraindication": "contraindications", "preference": "preferences", "tag": "tags",
}  # fmt: skip
_OBSIDIAN = frozenset({"aliases", "cssclass", "cssclasses", "publish", "position"})
OWNED = frozenset({"id", "number", "created", "former_names"})


def field(key: str) -> Field:
    """Return the field stored as *key*; a key of the user's own is plain text."""
    return _BY_KEY.get(key) or Field(key, label=key)


def own_fields(keys: Iterable[str]) -> tuple[Field, ...]:
    """Return the fields of the user's own among *keys*; those that steer Obsidian say nothing of a client."""
    return tuple(field(key) for key in keys if not known(key) and key not in _OBSIDIAN)


def known(key: str) -> bool:
    """Tell whether *key* is one of ours."""
    return key in _BY_KEY


def canonical(key: str) -> str:
    """Return the stored key for what was typed: the key, its singular, or its label in any language."""
    typed = fold(key)
    if typed in _BY_KEY:
        return typed
    if typed in SINGULAR:
        return SINGULAR[typed]
    for language in LANGUAGES:
        for known_field in FIELDS:
            if fold(known_field.title(language)) == typed:
                return known_field.key
    return key.strip()
