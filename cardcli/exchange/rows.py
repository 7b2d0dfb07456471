"""The clients as rows of chosen columns: what ``--columns`` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cardcli import query
from cardcli.exchange import json_writing
from cardcli.exchange.outgoing import Going, Parts, Settings
from cardcli.query import Key, View

Writer = Callable[[Going, Sequence[Key], Settings], Parts]


def objects(going: Going, keys: Sequence[Key], settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield a client as an object with its id and the chosen keys."""
    for each in going:
        view = settings.view(each.card)
        yield {"id": each.card.id} | {key.name: _value(key, view) for key in keys}


def _value(key: Key, view: View) -> Any:
    values = [query.as_json(key, value) for value in key.values(view)]
    return values if key.many else next(iter(values), None)


def texts(going: Going, keys: Sequence[Key], settings: Settings) -> Iterator[list[str]]:
    """Yield a client as one text for each key; several values are joined by a semicolon."""
    for each in going:
        view = settings.view(each.card)
        yield [
            "; ".join(dict.fromkeys(query.stored(key, value) for value in key.values(view)))
            for key in keys
        ]


def _lines(going: Going, keys: Sequence[Key], settings: Settings) -> Parts:
    return json_writing.rows_as_lines(objects(going, keys, settings))


def _array(going: Going, keys: Sequence[Key], settings: Settings) -> Parts:
    return json_writing.rows_as_array(objects(going, keys, settings))


def _csv(going: Going, keys: Sequence[Key], settings: Settings) -> Parts:
    from cardcli.exchange import csvfile

    return csvfile.rows_as_csv([key.name for key in keys], texts(going, keys, settings))


WRITERS: dict[str, Writer] = {"jsonl": _lines, "json": _array, "csv": _csv}
"""How a format writes rows."""
