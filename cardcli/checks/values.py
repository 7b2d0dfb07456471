"""Whether a stored value is what its field wants, and how it would be written if it is not."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cardcli import codes, contacts
from cardcli.errors import BadValueError
from cardcli.fields import Field, Rules, Type, check
from cardcli.language import _
from cardcli.tuples import NamedTuple

_WHOLE_DATE = re.compile(r"\s*(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4}\.?)\s*", re.ASCII)
_BIRTHDAY = re.compile(r"\s*\d{1,2}\.\d{1,2}\.?\s*", re.ASCII)
_DAYS = frozenset({Type.DATE, Type.BIRTHDAY})


@dataclass(frozen=True, slots=True)
class Limits:
    """What values are checked against: the rules of reading, the region of phone numbers.

    ``purposes`` say why optional keys of the profile are kept; ``obligatory`` are the keys every
    card should have.
    """

    rules: Rules
    region: str = "RU"
    purposes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    obligatory: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """What is wrong with a value; ``stored`` is how it is written, "" when that is not certain."""

    code: str
    message: str
    stored: str = ""


def judge(field: Field, value: str, limits: Limits) -> Verdict | None:
    """Return what is wrong with a stored value, or None."""
    try:
        if field.type is Type.PHONE:
            return _doubtful(contacts.phone(value, limits.region).warning)
        if field.type is Type.EMAIL:
            return _doubtful(contacts.email(value).warning)
        stored = check(field, value, limits.rules)
    except BadValueError as error:
        code = codes.DOUBTFUL if field.type in {Type.PHONE, Type.EMAIL} else codes.VALUE
        return Verdict(code, str(error))
    if field.type in _DAYS and stored != value:
        message = _("{field}: “{value}” is not written as 2026-05-14").format(
            field=_(field.label), value=value
        )
        return (
            Verdict(codes.FORM, message, stored)
            if _certain(field, value)
            else Verdict(codes.VALUE, message)
        )
    if field.type is Type.CHOICE and stored != value:
        message = _("{field}: write “{stored}”, not “{value}”").format(
            field=_(field.label), stored=stored, value=value
        )
        return Verdict(codes.FORM, message, stored)
    return None


def _certain(field: Field, value: str) -> bool:
    """Tell whether a date means the same on every day it is read: “yesterday” does not."""
    return bool(
        _WHOLE_DATE.fullmatch(value) or (field.type is Type.BIRTHDAY and _BIRTHDAY.fullmatch(value))
    )


def _doubtful(warning: str) -> Verdict | None:
    return Verdict(codes.DOUBTFUL, warning) if warning else None
