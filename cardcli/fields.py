"""One field of a card: its type, its label, how it is typed, stored and shown.

A value is stored as a string in one canonical form: money as ``2500`` or ``2500.50``, dates as
ISO 8601, choices by their English key. ``check`` reads what a person typed and returns that form.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from cardcli import dates
from cardcli.errors import BadValueError
from cardcli.language import N_, _, translator
from cardcli.meant import nearest, suggesting
from cardcli.text import clean_line, fold
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:  # loaded where something is counted: start-up time
    from decimal import Decimal

NBSP, THIN = "\u00a0", "\u202f"
CURRENCY_SIGNS = {
    "RUB": ("₽", "руб", "руб.", "р", "р."), "EUR": ("€",), "USD": ("$",), "GBP": ("£",),
    "KZT": ("₸",), "BYN": ("Br", "б.р."), "UAH": ("₴",), "GEL": ("₾",), "AMD": ("֏",),
    "ILS": ("₪",), "TRY": ("₺",),
}  # fmt: skip


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    DATES = "dates"
    BIRTHDAY = "birthday"
    PERIOD = "period"
    CHOICE = "choice"
    PERSON = "person"
    FILE = "file"
    FILES = "files"
    ENTRY = "entry"
    PHONE = "phone"
    EMAIL = "email"
    LIST = "list"
    SCALE = "scale"
    HISTORY = "history"


class Field(NamedTuple):
    """A field of an entry or of a profile.

    ``label`` is a message id; ``choices`` maps the stored key to its message id; ``low`` and
    ``high`` bound a number; ``many`` says that a profile holds a list of such values; each change
    of a ``tracked`` field is dated in the entry's field ``history``.
    """

    key: str
    type: Type = Type.TEXT
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    low: int | None = None
    high: int | None = None
    required: bool = False
    many: bool = False
    tracked: bool = False

    def title(self, language: str) -> str:
        """Return the label in *language*."""
        return translator(language).gettext(self.label) if self.label else self.key


class Rules(NamedTuple):
    """What reading a value depends on: today's date and the currency of the store."""

    today: dt.date
    currency: str = "RUB"


class BadFieldError(BadValueError):
    """A value does not fit its field; the sentence names the field."""

    def __init__(self, field: Field, reason: str) -> None:
        label = _(field.label) if field.label else field.key
        super().__init__(_("{field}: {reason}").format(field=label, reason=reason))


def check(field: Field, typed: str, rules: Rules) -> str:
    """Return the stored form of what was *typed*.

    Raises :class:`BadFieldError` with the reason and what would be right.
    """
    value = clean_line(typed)
    if not value:
        raise BadFieldError(field, _("the value is empty"))
    try:
        return _CHECKS.get(field.type, _as_typed)(field, value, rules)
    except BadFieldError:
        raise
    except BadValueError as error:
        raise BadFieldError(field, str(error)) from None


def show(field: Field, value: str, language: str, currency: str) -> str:
    """Return a stored value as *language* writes it; what cannot be read is shown as it stands."""
    if field.type in {Type.DATE, Type.BIRTHDAY}:
        return dates.show_date(value, language)
    if field.type is Type.DATES:
        return ", ".join(dates.show_date(day.strip(), language) for day in value.split(","))
    if field.type is Type.MONEY and (amount := decimal(value)) is not None:
        return show_money(amount, language, currency)
    if field.type is Type.NUMBER and (amount := decimal(value)) is not None:
        return show_number(amount, language)
    if field.type is Type.PERIOD:
        return show_period(value, language)
    if field.type is Type.CHOICE:
        return _choice_label(field, value, language)
    if field.type is Type.HISTORY:
        return ", ".join(
            f"{dates.show_date(day, language)} {_choice_label(field, step, language)}".strip()
            for day, step in steps(value)
        )
    return value


def _choice_label(field: Field, value: str, language: str) -> str:
    label = dict(field.choices).get(value)
    return translator(language).gettext(label) if label else value


def show_period(value: str, language: str) -> str:
    """Return ``2w`` as «раз в 2 недели»; what is not a period is shown as it stands."""
    try:
        period = dates.parse_period(value)
    except BadValueError:
        return value
    words = translator(language)
    if period.count == 1:
        once = {
            "d": N_("every day"),
            "w": N_("every week"),
            "m": N_("every month"),
            "y": N_("every year"),
        }
        return words.gettext(once[period.unit])
    texts = {
        "d": words.ngettext("every {count} day", "every {count} days", period.count),
        "w": words.ngettext("every {count} week", "every {count} weeks", period.count),
        "m": words.ngettext("every {count} month", "every {count} months", period.count),
        "y": words.ngettext("every {count} year", "every {count} years", period.count),
    }
    return texts[period.unit].format(count=period.count)


def show_money(amount: Decimal, language: str, currency: str) -> str:
    """Return an amount with its currency sign, as *language* writes it."""
    sign = CURRENCY_SIGNS.get(currency, (currency,))[0]
    number = show_number(amount, language)
    if language == "ru" or len(sign) > 1:
        return f"{number}{NBSP}{sign}"
    return f"-{sign}{number[1:]}" if number.startswith("-") else f"{sign}{number}"


def show_number(amount: Decimal, language: str) -> str:
    """Return a number as *language* writes it: thousands apart, at least two decimals if any."""
    text = f"{amount:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        whole, _point, cents = text.partition(".")
        text = f"{whole}.{cents:0<2}" if cents else whole
    if language != "ru":
        return text
    text = text.replace(",", THIN).replace(".", ",")
    return text if abs(amount) >= 10_000 else text.replace(THIN, "")


def decimal(value: str) -> Decimal | None:
    """Return a stored number as a Decimal, or None when it is not one."""
    from decimal import Decimal, InvalidOperation

    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


_TOO_MUCH = 10**12
# the patterns are compiled when they are first needed: start-up time
_NUMBER = (
    r"[+-]?\d{1,3}(?:([ \u00a0\u202f'])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?|[+-]?\d+(?:[.,]\d{1,2})?"
)


def parse_money(typed: str, currency: str) -> Decimal:
    """Read an amount of money: ``2500``, ``2 500,50``, ``2500 ₽``.

    Raises :class:`BadValueError` for anything else, a negative amount and another currency.
    """
    from decimal import Decimal

    number = _without_currency(typed.strip(), currency)
    if not re.fullmatch(_NUMBER, number):
        raise BadValueError(
            _("“{value}” is not an amount of money. Write 2500 or 2500,50.").format(value=typed)
        )
    amount = Decimal(re.sub(r"[ \u00a0\u202f']", "", number).replace(",", "."))
    if amount < 0:
        raise BadValueError(_("an amount cannot be below zero: {value}").format(value=typed))
    if amount >= _TOO_MUCH:
        raise BadValueError(_("{value} is too large to count").format(value=typed))
    return amount


def _without_currency(typed: str, currency: str) -> str:
    if typed[:1].isdecimal() and typed[-1:].isdecimal():  # the form in a card, by far the commonest
        return typed
    for code, signs in CURRENCY_SIGNS.items():
        for sign in sorted((code, *signs), key=len, reverse=True):
            number = typed
            if typed.lower().endswith(sign.lower()):
                number = typed[: -len(sign)]
            elif typed.lower().startswith(sign.lower()):
                number = typed[len(sign) :]
            if number != typed:
                if code != currency:
                    raise BadValueError(
                        _("“{value}” is in {other}, and this store counts in {currency}").format(
                            value=typed,
                            other=code,
                            currency=currency,
                        ),
                    )
                return number.strip()
    return typed


def _as_typed(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return value


def _money(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return plain(parse_money(value, rules.currency))


def plain(amount: Decimal) -> str:
    """Return an amount as it is stored: no exponent, cents only where there are any."""
    from decimal import Decimal

    if amount == amount.to_integral_value():
        return f"{amount.to_integral_value():f}"
    return f"{amount.quantize(Decimal('0.01')):f}"


def _number(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    number = decimal(value.replace(",", "."))
    if number is None:
        raise BadFieldError(field, _("“{value}” is not a number").format(value=value))
    if (field.low is not None and number < field.low) or (
        field.high is not None and number > field.high
    ):
        if field.high is None:
            reason = _("{value} is less than {low}").format(value=value, low=field.low)
        else:
            reason = _("{value} is outside {low} to {high}").format(
                value=value, low=field.low, high=field.high
            )
        raise BadFieldError(field, reason)
    return format(number.normalize(), "f")


def _date(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return dates.parse_date(value, rules.today).isoformat()


def _dates(field: Field, value: str, rules: Rules) -> str:
    return ", ".join(_date(field, day, rules) for day in re.split(r"[,;\s]+", value) if day)


def _birthday(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return dates.parse_birthday(value, rules.today)


def _period(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return str(dates.parse_period(value))


def _entry(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return value.removeprefix("^").lower()


def _list(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return ", ".join(
        dict.fromkeys(item for part in re.split("[,;\n]", value) if (item := part.strip()))
    )


class Scale(NamedTuple):
    """The lowest and the highest mark a survey allows."""

    low: Decimal
    high: Decimal

    def __str__(self) -> str:
        """Return the form that stands in a card: ``0-10``."""
        return f"{self.low}-{self.high}"

    def holds(self, score: str) -> bool:
        """Tell whether a stored score lies on the scale."""
        number = decimal(score)
        return number is not None and self.low <= number <= self.high


def parse_scale(typed: str) -> Scale:
    """Read ``1-5`` or ``0-10``; a single number is the highest mark of a scale from 1.

    Raises :class:`BadValueError`.
    """
    from decimal import Decimal

    match = re.fullmatch(_SCALE, typed.strip())
    if match:
        scale = Scale(Decimal(match[1] or 1), Decimal(match[2]))
        if scale.low < scale.high:
            return scale
    raise BadValueError(_("“{value}” is not a scale. Write 1-5 or 0-10.").format(value=typed))


_SCALE = r"(?a)(?:(\d{1,3})\s*(?:-|–|—|\.\.+|…)\s*)?(\d{1,3})"


def _scale(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    return str(parse_scale(value))


_STEP = r"(?a)(?:^|,\s*)(\d{4}-\d\d-\d\d)\b"


def steps(history: str) -> list[tuple[str, str]]:
    """Return the (ISO date, value) pairs of a history: ``2026-05-14 open, 2026-05-16 resolved``."""
    _before, *parts = re.split(_STEP, history)
    return [(day, step.strip()) for day, step in zip(parts[::2], parts[1::2], strict=True)]


def with_step(history: str, day: str, value: str) -> str:
    """Return a history with one more step at its place; days are ISO, equal days keep their order."""
    found = [*steps(history), (day, value)]
    return ", ".join(f"{day} {step}" for day, step in sorted(found, key=lambda step: step[0]))


def _history(field: Field, value: str, rules: Rules) -> str:
    found = steps(value)
    if not found or any(not step for _day, step in found):
        raise BadFieldError(
            field, _("“{value}” is not a history. Write: 2026-05-14 open").format(value=value)
        )
    return ", ".join(
        f"{dates.parse_date(day, rules.today).isoformat()} "
        f"{_choice(field, step, rules) if field.choices else step}"
        for day, step in found
    )


def _choice(field: Field, value: str, rules: Rules) -> str:  # noqa: ARG001
    words = choice_words(field.choices)
    found = words.get(fold(value))
    if found is None:
        raise BadFieldError(field, unknown_choice(value, field.choices))
    return found


def choice_words(choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return every word a choice may be typed as, in any language, with the key it stands for."""
    words = {fold(key): key for key, _label in choices}
    for language in ("ru", "en"):
        words |= {fold(translator(language).gettext(label)): key for key, label in choices}
    return words


def unknown_choice(value: str, choices: Sequence[tuple[str, str]]) -> str:
    """Return the sentence that lists the allowed choices and names the word nearest to *value*."""
    listed = ", ".join(_choice_shown(key, _(label)) for key, label in choices)
    sentence = _("“{value}” is not one of: {choices}").format(value=value, choices=listed)
    return suggesting(sentence, nearest(fold(value), choice_words(choices)))


def _choice_shown(key: str, label: str) -> str:
    """Return a choice as it can be typed: its key, and its word where that is another one."""
    said = re.sub(r"\W", "", fold(label))
    return key if re.sub(r"\W|_", "", key) in said else f"{key} ({label})"


_CHECKS: dict[Type, Callable[[Field, str, Rules], str]] = {
    Type.MONEY: _money,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.DATES: _dates,
    Type.BIRTHDAY: _birthday,
    Type.PERIOD: _period,
    Type.CHOICE: _choice,
    Type.ENTRY: _entry,
    Type.LIST: _list,
    Type.SCALE: _scale,
    Type.HISTORY: _history,
}
