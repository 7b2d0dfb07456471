"""What a value of JSON says, in whatever shape a program writes it: texts with their labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cardcli.exchange.layouts import ADDRESS_PARTS, address_columns

_DEEPEST = 50
_LABELS = ("label", "type", "valuetype", "enumcode", "kind")
"""Keys beside a value that say what it is; all keys are compared in small letters without lines."""
_VALUES = (
    "value", "number", "phone", "phonenumber", "email", "address", "formattedvalue", "url", "username", "title", "name",
)  # fmt: skip
_ADDRESS_KEYS = {
    "streetaddress": "street", "postalcode": "postal code", "zipcode": "zip", "countryorregion": "country",
    "extendedaddress": "extended address",
}  # fmt: skip


def one(value: Any) -> str:
    """Return a value as one text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(one, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def pairs(
    value: Any, whole: Callable[[dict[str, Any]], str] | None = None, depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Yield (label, text): of a text, of a list, of ``{label: text}`` or ``{"type": …, "value": …}``.

    *whole* makes one text of an object that says one thing in parts, "" of any other.
    """
    if isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from pairs(item, whole, depth + 1)
    elif isinstance(value, dict):
        said = {str(key).casefold().replace("_", ""): text for key, text in value.items()}
        label = next((one(said[key]) for key in _LABELS if said.get(key)), "")
        text = whole(said) if whole else ""
        key = next((key for key in _VALUES if key in said), "") if label or depth else ""
        if text:
            yield label, text
        elif key and (key == "value" or len(said) > 1):
            yield label, one(said[key])
        else:
            for each, text in value.items():
                yield str(each), one(text)
    elif text := one(value).strip():
        yield "", text


def _day(said: dict[str, Any]) -> str:
    """Return a day in parts: ``{"year": 1990, "month": 5, "day": 12}``, also ``{"date": {…}}``."""
    parts = said.get("date", said)
    if not (isinstance(parts, dict) and {"month", "day"} <= parts.keys()):
        return ""
    year, month, day = (one(parts.get(key) or "0") for key in ("year", "month", "day"))
    return f"{year:0>4}-{month:0>2}-{day:0>2}"


def _address(said: dict[str, Any]) -> str:
    """Return an address in parts as it is written down."""
    columns = address_columns()
    parts: dict[str, str] = {}
    for key, text in said.items():
        if (part := columns.get(_ADDRESS_KEYS.get(key, key))) and one(text):
            parts.setdefault(part, one(text))
    return ", ".join(parts[key] for key in ADDRESS_PARTS if key in parts)


WHOLE: Mapping[str, Callable[[dict[str, Any]], str]] = {"birthday": _day, "addresses": _address}
"""What is told of in parts, by key of the profile."""
