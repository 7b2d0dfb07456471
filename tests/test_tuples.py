"""Named tuples: what is made here is what the standard library makes, only sooner."""

from __future__ import annotations

import pickle
from typing import NamedTuple as Standard

from cardcli.entry import Entry
from cardcli.tuples import NamedTuple


class Ours(NamedTuple):
    """A place and how to get there."""

    name: str
    ways: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Return the first way."""
        return self.ways[0]


class Theirs(Standard):
    """A place and how to get there."""

    name: str
    ways: tuple[str, ...] = ()

    @property
    def first(self) -> str:
        """Return the first way."""
        return self.ways[0]


def test_a_named_tuple_is_what_the_standard_library_makes() -> None:
    ours, theirs = Ours("Сад", ("вход",)), Theirs("Сад", ("вход",))
    assert tuple(ours) == tuple(theirs)
    assert ours.first == theirs.first == "вход"
    assert ours._replace(ways=()) == Ours("Сад")
    assert Ours._fields == Theirs._fields
    assert Ours._field_defaults == Theirs._field_defaults
    assert (Ours.__doc__, Ours.__mro__[1:]) == (Theirs.__doc__, Theirs.__mro__[1:])
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert Ours.__module__ == __name__


def test_a_named_tuple_travels_between_processes() -> None:
    entry = Entry("e7f3qd", "2026-05-14", "Стрижка", fields={"price": "100"})
    for each in (Ours("Сад", ("вход",)), entry):
        again = pickle.loads(pickle.dumps(each))  # noqa: S301 - we made it
        assert (again, type(again)) == (each, type(each))
