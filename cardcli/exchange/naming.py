"""What a key of another program's object or front matter means: the profile knows it, or the columns do."""

from __future__ import annotations

import re

from cardcli.exchange.layouts import client_columns, plain
from cardcli.profile import Profile

_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])")
PARTS = frozenset({"family", "given", "patronymic"})


def meant(key: str, table: Profile) -> tuple[str, str]:
    """Return the key of the profile that *key* means and the label it brings; ("", "") for none."""
    stored = table.canonical(key)
    if table.known(stored):
        return ("", "") if stored in {"id", "number"} else (stored, "")
    target, _colon, label = client_columns().get(plain(_CAMEL.sub(" ", key)), "").partition(":")
    return (target, label) if target in PARTS or table.known(target) else ("", "")
