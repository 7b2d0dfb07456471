"""Clients and pictures in a file instead of memory: there may be any number of them.

The file is one that the caller opened for this run and that is gone afterwards; a ``BytesIO`` does
for a few. Only one process may read it at a time.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any, BinaryIO, overload

from cardcli.printing.blocks import View
from cardcli.tuples import NamedTuple


class _Place(NamedTuple):
    """Where something stands in the file."""

    start: int
    length: int


def _put(stream: BinaryIO, data: bytes) -> _Place:
    start = stream.seek(0, io.SEEK_END)
    stream.write(data)
    return _Place(start, len(data))


def _got(stream: BinaryIO, place: _Place) -> bytes:
    stream.seek(place.start)
    return stream.read(place.length)


class Views(Sequence[View]):
    """Clients as templates see them, like a list of them; each is read when its turn comes."""

    def __init__(self, stream: BinaryIO, items: Sequence[Any] = ()) -> None:
        self._stream = stream
        self._items = list(items)

    def put(self, view: View) -> None:
        """Add a client at the end."""
        self._items.append(_put(self._stream, pickle.dumps(view, pickle.HIGHEST_PROTOCOL)))

    def ordered(self, keys: Sequence[Any]) -> Views:
        """Return the same clients in the order of their *keys*; those with the same stay as they stand."""
        places = sorted(range(len(keys)), key=keys.__getitem__)
        return Views(self._stream, [self._items[place] for place in places])

    def times(self, copies: int) -> Views:
        """Return each client so many times, one after another."""
        return Views(self._stream, [item for item in self._items for _copy in range(copies)])

    @overload
    def __getitem__(self, place: int) -> View: ...
    @overload
    def __getitem__(self, place: slice) -> Views: ...
    def __getitem__(self, place: int | slice) -> View | Views:
        """Return a client, or some of them."""
        if isinstance(place, slice):
            return Views(self._stream, self._items[place])
        found: View = self._read(self._items[place])
        return found

    def __iter__(self) -> Iterator[View]:
        """Yield the clients."""
        return map(self._read, self._items)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)

    def __add__(self, more: Sequence[Any]) -> Views:
        """Return these and then *more*, as templates add lists."""
        return Views(self._stream, [*self._items, *more])

    def __radd__(self, before: Sequence[Any]) -> Views:
        """Return what stands *before*, such as labels that are gone, and then these."""
        return Views(self._stream, [*before, *self._items])

    def _read(self, item: Any) -> Any:
        if not isinstance(item, _Place):
            return item
        return pickle.loads(_got(self._stream, item))  # noqa: S301 - this run wrote it


class Files(MutableMapping[str, bytes]):
    """Pictures by name."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._places: dict[str, _Place] = {}

    def __getitem__(self, name: str) -> bytes:
        """Return the bytes of a picture."""
        return _got(self._stream, self._places[name])

    def __setitem__(self, name: str, data: bytes) -> None:
        """Keep a picture; the same name means the same picture."""
        if name not in self._places:
            self._places[name] = _put(self._stream, data)

    def __delitem__(self, name: str) -> None:
        """Forget a picture."""
        del self._places[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._places)
