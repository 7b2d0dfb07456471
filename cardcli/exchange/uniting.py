"""What a record adds to a card: lists grow, gaps are filled, and what differs is told, not overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cardcli.entry import Entry
from cardcli.exchange.matching import digits, words
from cardcli.exchange.reading import IMPORTED, Client, labelled
from cardcli.exchange.spelling import is_with_patronymic
from cardcli.fields import Type
from cardcli.profile import Profile
from cardcli.text import fold
from cardcli.yamlpatch import Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another one in the file: ``what`` is a key of the profile or says which entry."""

    what: str
    here: str
    theirs: str
    place: str


def unite(
    values: dict[str, Value], client: Client, table: Profile, *, theirs: bool
) -> tuple[dict[str, Value], list[Difference]]:
    """Return *values* with what a record adds, and what it says otherwise.

    With *theirs* the values of the record win; a name that goes is then a former name.
    """
    united, differences = dict(values), []
    for key, told in client.values.items():
        new = str(_name(told)) if key == "name" and _here(key, united) else told
        if _is_told_already(key, new, united, client):
            continue
        old = _here(key, united)
        if isinstance(new, dict) or isinstance(old, dict):
            united[key] = {**_as_dict(new), **_as_dict(old)}
        elif isinstance(new, list) or isinstance(old, list):
            united[key] = _joined(key, old, new, table)
        elif not old or _says_it_fuller(key, united, new):
            united[key] = new
        elif key == "comment":
            united[key] = new if theirs else _with_lines(str(old), new)
        elif not _same(key, str(old), new):
            differences.append(Difference(key, str(old), new, client.told.place))
            if theirs:
                united |= _overwritten(key, str(old), new, united, table)
    return united, differences


def _is_told_already(key: str, new: Value, values: dict[str, Value], client: Client) -> bool:
    """Tell whether a value is ours to keep, or a name says no more than is known."""
    if key == "name":
        return not client.named or not _says_more(str(_name(new)), values)
    return key in {"created", "confirmed"} and bool(values.get(key))


def _here(key: str, values: dict[str, Value]) -> Value | None:
    """Return a value to compare with; a phone in the place of a missing name is none."""
    if key != "name":
        return values.get(key)
    return None if _stands_in(values) else _name(values.get(key))


def _overwritten(
    key: str, old: str, new: Value, values: dict[str, Value], table: Profile
) -> dict[str, Value]:
    if key != "name":
        return {key: new}
    return {
        key: new,
        "former_names": _joined("former_names", values.get("former_names"), [old], table),
    }


def with_imported(values: dict[str, Value], imported: dict[str, str]) -> dict[str, Value]:
    """Return *values* with what has no place of its own kept beside; the newest word counts."""
    old = values.get(IMPORTED)
    merged: dict[str, Value] = {**_as_dict(old), **imported}
    return {**values, IMPORTED: merged} if merged and merged != old else values


def _name(old: Value | None) -> Value | None:
    if isinstance(old, dict):
        return " ".join(str(old[key]) for key in ("family", "given", "patronymic") if old.get(key))
    return old


def _says_more(name: str, values: dict[str, Value]) -> bool:
    """Tell whether a name says anything that no name of the client says yet."""
    known = [_name(values.get("name")), values.get("company")]
    known += [text for _label, text in labelled(values.get("former_names", []))]
    return not any(words(name) <= words(str(each)) for each in known if each)


def _stands_in(values: dict[str, Value]) -> bool:
    """Tell whether the name is only a phone or an e-mail of a client whose name is not known."""
    contacts = [text for key in ("phones", "emails") for _l, text in labelled(values.get(key, []))]
    return str(values.get("name") or "") in {"", *contacts}


def _as_dict(value: Value | None) -> dict[str, Value]:
    return dict(value) if isinstance(value, dict) else {}


def _joined(key: str, old: Value | None, new: Value, table: Profile) -> list[Value]:
    """Return a list with the items of *new* that it has not yet, with or without their labels."""
    items: list[Value] = list(old) if isinstance(old, list) else [old] if old else []
    phone = table.field(key).type is Type.PHONE
    there = {digits(text) if phone else fold(text) for _label, text in labelled(items)}
    for item in new if isinstance(new, list) else [new]:
        for _label, text in labelled(item):
            mark = digits(text) if phone else fold(text)
            if mark not in there:
                there.add(mark)
                items.append(item)
    return items


def _with_lines(old: str, new: str) -> str:
    """Return a comment with the lines of another one that it has not yet."""
    there = {fold(line) for line in old.split("\n")}
    return "\n".join([old, *(line for line in new.split("\n") if fold(line) not in there)])


def _says_it_fuller(key: str, values: dict[str, Value], new: Value) -> bool:
    """Tell whether a value is what we have and more: a birthday with its year, a name with its patronymic."""
    old = values.get(key)
    if not (isinstance(old, str) and isinstance(new, str)):
        return False
    if key == "birthday":
        return old.startswith("--") and new.endswith(old[1:])
    return key == "name" and is_with_patronymic(new, old)


def _same(key: str, old: str, new: Value) -> bool:
    mine, theirs = fold(old), fold(str(new))
    if key == "birthday" and theirs.startswith("--"):
        return mine.endswith(theirs[1:])
    return mine == theirs


def new_entries(
    there: Sequence[Entry],
    left: list[Entry],
    told: Iterable[Entry],
    fresh: Callable[[Entry, Sequence[Entry]], str],
) -> tuple[list[Entry], list[tuple[Entry, Entry]]]:
    """Return the entries that are not there yet, and pairs of those that differ in a field.

    An entry of the same kind, day, time and title is the same one. A file that names it twice means
    two, unless both were at the same minute: of *left*, which are not spoken for yet, each answers
    for one. *fresh* gives a new entry its id.
    """
    rest: list[Entry] = []
    added: list[Entry] = []
    pairs: list[tuple[Entry, Entry]] = []
    for each in told:  # those that are there just so, before any is paired with one that differs
        at_the_minute = each.time and any(_agrees(old, each) and old.time for old in there)
        same_id = (old for old in left if old.id == each.id != "" and old.kind == each.kind)
        found = next(same_id, None) or next((old for old in left if _agrees(old, each)), None)
        if found:
            left.remove(found)
            if not _agrees(found, each) or (each.time and each.time != found.time):
                pairs.append((found, each))  # ours, and moved or changed in the other program
        elif not at_the_minute:
            rest.append(each)
    for each in rest:
        found = next((old for old in left if _is_it(old, each)), None)
        if found:
            left.remove(found)
            pairs.append((found, each))
        else:
            taken = [*there, *added]
            free = each.id and all(other.id != each.id for other in taken)
            added.append(each if free else each._replace(id=fresh(each, taken)))
    return added, pairs


def _is_it(old: Entry, new: Entry) -> bool:
    return (old.kind, old.date, fold(old.title)) == (new.kind, new.date, fold(new.title)) and (
        not new.time or not old.time or old.time == new.time
    )


def _agrees(old: Entry, new: Entry) -> bool:
    """Tell whether an entry says all that a record says."""
    return _is_it(old, new) and all(
        fold(old.fields.get(key, "")) == fold(value) for key, value in new.fields.items()
    )
