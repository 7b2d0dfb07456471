"""What changed between two states of a card, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cardcli import settling
from cardcli.card import Card
from cardcli.card.reading import front_matter
from cardcli.dates import show_date
from cardcli.entry import Entry, match_line
from cardcli.errors import BadCardError
from cardcli.fields import Field, show
from cardcli.kinds import HEAD, Kinds
from cardcli.language import _, active
from cardcli.merge.notes import KIND as DIFFERENCE
from cardcli.yamlpatch import Value


@dataclass(frozen=True, slots=True)
class Change:
    """One change: of the entry ``entry``, or of the front matter when that is ""."""

    entry: str
    key: str
    old: str
    new: str
    words: str


def narrowed(old: str, new: str) -> tuple[str, str]:
    """Return two texts of a card without the entries that both have at the beginning and the end.

    :func:`between` says the same of them. Texts with code blocks, with a heading given twice, or
    whose own prose differs come back whole.
    """
    try:
        starts = [front_matter(text)[1] for text in (old, new)]
    except BadCardError:
        return old, new
    heads = [text[:start] for text, start in zip((old, new), starts, strict=True)]
    one, two = (text[start:].split("\n") for text, start in zip((old, new), starts, strict=True))
    if any(fence in text for text in (old, new) for fence in ("```", "~~~")):
        return old, new
    if any(_doubled([line for line in lines if line.startswith("## ")]) for lines in (one, two)):
        return old, new
    shorter = min(len(one), len(two))
    first = next((n for n in range(shorter) if one[n] != two[n]), shorter)
    while first > 1 and not (_begins(one, first) and _begins(two, first)):
        first -= 1
    last = next((n for n in range(shorter - first) if one[-1 - n] != two[-1 - n]), shorter - first)
    while last and not _begins(one, len(one) - last):
        last -= 1
    parts = [lines[first : len(lines) - last] for lines in (one, two)]
    if any(_has_prose(lines) for lines in parts):
        return old, new
    ends = [_heading(lines[: len(lines) - last]) for lines in (one, two)]
    if ends[0] != ends[1]:  # what stands below belongs to another section now
        return old, new
    heading = _heading(one[:first])
    texts = ["\n".join(["---", heading, *lines, ""]) for lines in parts]
    return heads[0] + texts[0], heads[1] + texts[1]


def _begins(lines: Sequence[str], number: int) -> bool:
    """Tell whether a line is no continuation of an entry above it."""
    line = lines[number] if number < len(lines) else ""
    return bool(line.strip()) and not line.startswith((" ", "\t"))


def _doubled(headings: Sequence[str]) -> bool:
    return len(set(headings)) < len(headings)


def _heading(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.startswith("## ")), "")


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
