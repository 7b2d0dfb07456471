"""Phones and e-mail addresses: what is stored, what is shown, what is doubtful.

A number is stored in E.164 (ITU-T) when Google's libphonenumber knows it as valid; what is doubtful
is kept as typed, with a warning, and never "repaired".
"""

from __future__ import annotations

import re

from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.text import clean_line
from cardcli.tuples import NamedTuple

# the patterns are compiled when they are first needed: start-up time
_LETTERS = r"[^\W\d_]"
_EXTENSION = r"(?i)\s*(?:доб|ext|x|#)\.?\s*\d+$"
_E164 = r"(?a)\+[1-9]\d{9,12}"
_EMAIL = r"[^\s@<>()\[\],;:\"\\]+@(?:[\w-]+\.)+[^\W\d_][\w-]+"


class Checked(NamedTuple):
    """A value as it is to be stored, with a warning about it or ""."""

    value: str
    warning: str = ""


def phone(typed: str, region: str) -> Checked:
    """Read a phone number; *region* (ISO 3166, ``RU``) is for numbers without a country code.

    Raises :class:`BadValueError` for what cannot be a phone number: letters, or no digits.
    """
    import phonenumbers

    value = clean_line(typed)
    bare = re.sub(_EXTENSION, "", value)
    if not any(char.isdigit() for char in value) or re.search(_LETTERS, bare):
        raise BadValueError(_("“{value}” is not a phone number").format(value=typed))
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number) or number.extension:
        doubtful = number is None or not number.extension
        warning = _("the phone “{value}” looks wrong; it is kept as typed").format(value=value)
        return Checked(value, warning if doubtful else "")
    return Checked(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def show_phone(value: str, region: str) -> str:
    """Return a stored number in national form at home, in international form elsewhere."""
    if not value.startswith("+"):
        return value
    import phonenumbers

    code = str(phonenumbers.country_code_for_region(region))
    try:
        if re.fullmatch(_E164, value) and value.startswith(f"+{code}"):
            national = int(value[len(code) + 1 :])  # what is stored in E.164 need not be understood
            number = phonenumbers.PhoneNumber(int(code), national)
        else:
            number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    form = phonenumbers.PhoneNumberFormat
    home = phonenumbers.region_code_for_number(number) == region
    return str(phonenumbers.format_number(number, form.NATIONAL if home else form.INTERNATIONAL))


def email(typed: str) -> Checked:
    """Read an e-mail address. Raises :class:`BadValueError` when there is no ``@`` in it."""
    value = clean_line(typed)
    if "@" not in value or " " in value:
        raise BadValueError(_("“{value}” is not an e-mail address").format(value=typed))
    warning = (
        ""
        if re.fullmatch(_EMAIL, value)
        else _("the e-mail “{value}” looks wrong; it is kept as typed").format(value=value)
    )
    return Checked(value, warning)
