"""A whole card: text in, text out."""

from cardcli.card.changing import (
    amend,
    append,
    append_all,
    fresh_id,
    new,
    remove,
    set_key,
    with_heading,
)
from cardcli.card.reading import (
    BOM,
    Card,
    NoEntryError,
    Section,
    parse,
    revision,
    revision_of,
)

__all__ = [
    "BOM",
    "Card",
    "NoEntryError",
    "Section",
    "amend",
    "append",
    "append_all",
    "fresh_id",
    "new",
    "parse",
    "remove",
    "revision",
    "revision_of",
    "set_key",
    "with_heading",
]
