"""The query language: ``tag:vip status:sleeping last<2026-01-01 -tag:staff has:debt``.

One language for every command that takes many cards. The way of a query: ``syntax`` cuts it into
terms and builds a tree of frozen values; ``keys`` is the table of what may be asked; ``operands``
reads what a key is compared with and compares; ``view`` works out the facts of a card, each when it
is first asked for. ``arrange`` sorts and groups by the same keys, ``completion`` proposes them.

The grammar::

    query   = and { ("|" | "or") and }
    and     = item { ["and"] item }
    item    = ("-" | "not") item | "(" query ")" | KIND "(" query ")" | KEY operator value | word
    value   = text without blanks | "quoted text" | from ".." to
"""

from cardcli.query.arrange import (
    as_json,
    column_keys,
    grouped,
    one_key,
    shown,
    sort_keys,
    sorted_views,
    stored,
)
from cardcli.query.completion import complete, complete_keys
from cardcli.query.keys import Key, Keys, table
from cardcli.query.syntax import Node, QueryError, matches, one_query, parse
from cardcli.query.view import View

__all__ = [
    "Key",
    "Keys",
    "Node",
    "QueryError",
    "View",
    "as_json",
    "column_keys",
    "complete",
    "complete_keys",
    "grouped",
    "matches",
    "one_key",
    "one_query",
    "parse",
    "shown",
    "sort_keys",
    "sorted_views",
    "stored",
    "table",
]
