"""What changed between two states of a card, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cardcli import settling
from cardcli.card import Card
from cardcli.card.reading import front_matter
from cardcli.dates import show_date
from cardcli.entry import Entry, match_line
from cardcli.errors import BadCardError
from cardcli.fields import Field, show
from cardcli.kinds import DIFFERENCE, HEAD, Kinds
from cardcli.language import _, active
from cardcli.tuples import NamedTuple
from cardcli.yamlpatch import Value


class Change(NamedTuple):
    """One change: of the entry ``entry``, or of the front matter when that is ""."""

    entry: str
    key: str
    old: str
    new: str
    words: str


def narrowed(old: str, new: str) -> tuple[str, str]:
    """Return two texts of a card without the entries that both have at the beginning and the end.

    :func:`between` says the same of them. Texts with code blocks or comments, with a heading given
    twice, or whose own prose differs come back whole.
    """
    try:
        starts = [front_matter(text)[1] for text in (old, new)]
    except BadCardError:
        return old, new
    if _fenced(old) or _fenced(new):
        return old, new
    heads = [text[:start] for text, start in zip((old, new), starts, strict=True)]
    one, two = (f"{text[start:]}\n" for text, start in zip((old, new), starts, strict=True))
    if any(_doubled(_headings(body)) for body in (one, two)):
        return old, new
    first = _first_that_differs(one, two)
    same = _same_at_the_end(one[first:], two[first:])
    ends = len(one) - same, len(two) - same
    parts = [body[first:end] for body, end in zip((one, two), ends, strict=True)]
    if any(_has_prose(part.split("\n")) for part in parts):
        return old, new
    if _heading(one, ends[0]) != _heading(two, ends[1]):
        return old, new  # what stands below belongs to another section now
    beginning = f"---\n{_heading(one, first)}\n"
    return heads[0] + beginning + parts[0], heads[1] + beginning + parts[1]


def _fenced(text: str) -> bool:
    """Tell whether a text has what opens lines of the user's own, see card.reading.FENCE.

    One character is looked for much faster than several.
    """
    return any(mark[0] in text and mark in text for mark in ("```", "~~~", "<!--"))


def _first_that_differs(one: str, two: str) -> int:
    """Return where the lines begin that are not the same in both texts: never within an entry."""
    same = _equal(one, two, lambda low, high: one[low:high] == two[low:high])
    first, top = one.rfind("\n", 0, same) + 1, one.index("\n") + 1
    while first > top and not (_begins(one, first) and _begins(two, first)):
        first = one.rfind("\n", 0, first - 1) + 1
    return first


def _same_at_the_end(one: str, two: str) -> int:
    """Return how much both texts have in common at their ends, from the first line of an entry on."""
    here, there = len(one), len(two)
    same = _equal(
        one,
        two,
        lambda low, high: one[here - high : here - low] == two[there - high : there - low],
    )
    place = here - same
    if not (_starts_line(one, place) and _starts_line(two, there - same)):
        place = one.find("\n", place) + 1 or here
    while place < here and not _begins(one, place):
        place = one.index("\n", place) + 1
    return here - place


def _equal(one: str, two: str, same: Callable[[int, int], bool]) -> int:
    """Return how many characters of two texts are equal, counted from where *same* counts."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _starts_line(text: str, place: int) -> bool:
    return not place or text[place - 1] == "\n"


def _begins(text: str, place: int) -> bool:
    """Tell whether the line at *place* is no continuation of an entry above it."""
    line = text[place : text.find("\n", place)] if place < len(text) else ""
    return bool(line.strip()) and not line.startswith((" ", "\t"))


def _headings(body: str) -> list[str]:
    return [piece.partition("\n")[0] for piece in body.split("\n## ")[1:]]


def _doubled(headings: Sequence[str]) -> bool:
    return len(set(headings)) < len(headings)


def _heading(body: str, end: int) -> str:
    """Return the line of the last heading above *end*, or ""."""
    place = body.rfind("\n## ", 0, end) + 1
    return body[place : body.index("\n", place)] if place else ""


def _has_prose(lines: Sequence[str]) -> bool:
    """Tell whether the user's own text is among lines: neither entries with theirs nor headings."""
    below_entry = False
    for line in lines:
        if line.startswith(("  ", "\t")) and line.strip():
            if not below_entry:
                return True
        elif line.strip():
            below_entry = match_line(line.rstrip("\r")) is not None
            if not below_entry and not line.startswith("## "):
                return True
    return False


def between(old: Card | None, new: Card | None, currency: str = "RUB") -> list[Change]:
    """Return what was done to get from *old* to *new*; None stands for no card."""
    if old is None or new is None:
        if old is new:
            return []
        words = _("card created") if old is None else _("card deleted")
        return [Change("", "", "", "", words)]
    return [*_metadata(old, new), *_entries(old, new, currency), *_prose(old, new)]


def _metadata(old: Card, new: Card) -> Iterator[Change]:
    for key in {**old.metadata, **new.metadata}:
        before, after = _flat(old.metadata.get(key)), _flat(new.metadata.get(key))
        if before == after:
            continue
        label = _(new.kinds.profile.field(key).label)
        if not before:
            words = _("{field}: added {value}").format(field=label, value=after)
        elif not after:
            words = _("{field}: removed {value}").format(field=label, value=before)
        else:
            words = _("{field}: {old} → {new}").format(field=label, old=before, new=after)
        yield Change("", key, before, after, words)


def _flat(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_flat(inner)}" for key, inner in value.items())
    return ", ".join(_flat(item) for item in value) if isinstance(value, list) else value


def _entries(old: Card, new: Card, currency: str) -> Iterator[Change]:
    before = {_identity(each): each for each in old.entries}
    after = {_identity(each): each for each in new.entries}
    for identity, each in after.items():
        if identity not in before:
            yield Change(
                each.id,
                "",
                "",
                each.title,
                _("added: {entry}").format(entry=describe(each, new.kinds, currency)),
            )
        elif before[identity].content != each.content:
            yield from _fields(before[identity], each, new.kinds, currency)
    for identity, each in before.items():
        if identity not in after:
            yield Change(
                each.id,
                "",
                each.title,
                "",
                _("removed: {entry}").format(entry=describe(each, old.kinds, currency)),
            )


def _identity(each: Entry) -> tuple[str, ...]:
    return (each.id,) if each.id else ("", each.date, each.title)


def _fields(old: Entry, new: Entry, kinds: Kinds, currency: str) -> Iterator[Change]:
    before, after = _values(old), _values(new)
    known = {
        field.key: field for field in (*HEAD, *(kinds.named(new.kind).fields if new.kind else ()))
    }
    for key in {**before, **after}:
        one, two = before.get(key, ""), after.get(key, "")
        if one != two:
            field = known.get(key) or Field(key, label=key)
            words = _("{entry}: {field}: {old} → {new}").format(
                entry=f"{new.title} ^{new.id}",
                field=_(field.label),
                old=show(field, one, active(), currency) or "—",
                new=show(field, two, active(), currency) or "—",
            )
            yield Change(new.id, key, one, two, words)


def _values(entry: Entry) -> dict[str, str]:
    head = {"date": entry.date, "time": entry.time, "title": entry.title, "text": entry.text}
    return {**head, "section": entry.section, **entry.fields}


def describe(each: Entry, kinds: Kinds, currency: str) -> str:
    """Return an entry on one line, in the language of the user."""
    language = active()
    kind = kinds.named(each.kind) if each.kind else None
    values = []
    for key, value in each.fields.items():
        if each.kind == DIFFERENCE and key == "field":
            values.append(settling.label(kinds, each.fields.get("of", ""), value))
            continue
        known = kind.field(key) if kind else None
        values.append(show(known, value, language, currency) if known else f"{key}: {value}")
    return ", ".join([f"{show_date(each.date, language)} {each.title}", *values])


def _prose(old: Card, new: Card) -> Iterator[Change]:
    for heading in {**old.prose, **new.prose}:
        before, after = old.prose.get(heading, ""), new.prose.get(heading, "")
        if before != after and not (
            heading == "" and before.lstrip("# ") == old.name and after.lstrip("# ") == new.name
        ):
            place = heading or _("beginning")
            yield Change(
                "",
                f"prose:{heading}",
                before,
                after,
                _("text changed: {section}").format(section=place),
            )
