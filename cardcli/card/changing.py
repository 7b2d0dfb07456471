"""Changes of a card: each returns the new text.

In it the meant lines differ and nothing else, and it is read again before it is handed out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cardcli import entry as entries
from cardcli import ids, profile, yamlpatch
from cardcli.card.reading import FENCE, Card, Section, front_matter, parse
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.language import _
from cardcli.text import clean_line, clean_text, escape, fold
from cardcli.yamlpatch import Value


def new(metadata: dict[str, Value]) -> str:
    """Return the text of a new card with this front matter and its name as the heading."""
    asked = profile.OBLIGATORY  # an empty one of these was asked for: there is none
    text = yamlpatch.written(
        {key: value for key, value in metadata.items() if value or key in asked}
    )
    card = Card("", metadata)
    return f"---\n{text}---\n\n# {_heading(card.name)}\n"


def _heading(name: str) -> str:
    return escape(clean_line(name)).replace("<br>", " ")


def fresh_id(card: Card, kind: str, date: str, time: str = "") -> str:
    """Return an id for a new entry that puts it below the others of its day."""
    taken = {each.id for each in card.entries}
    last = max(
        (each.id for each in card.of_kind(kind) if (each.date, each.time) == (date, time)),
        default="",
    )
    return ids.new_id(taken, last)


def append(card: Card, new_entry: Entry, heading: str) -> str:
    """Return the text with one more entry at its place in the section of its kind.

    *heading* is used when the card has no such section yet. Raises :class:`BadCardError` when the
    result would not read as meant (an unclosed code block, say).
    """
    written = entries.write(new_entry)
    section = next(
        (each for each in card.sections if each.heading and _same(card, each, new_entry.kind)), None
    )
    if section is None:
        position, written = _new_section(card, heading, written)
    else:
        position, written = _place(card, section, new_entry, written)
    text = _inserted(card, position, written)
    _verify(card, text, added=new_entry)
    return text


def append_all(card: Card, added: Sequence[Entry], headings: Mapping[str, str]) -> str:
    """Return the text with many more entries, as :func:`append` would place each.

    *headings* maps a kind to the heading its section gets where there is none. Raises
    :class:`BadCardError`.
    """
    for kind in dict.fromkeys(each.kind for each in added):
        mine = sorted((each for each in added if each.kind == kind), key=lambda each: each.key)
        if not any(section.spans and _same(card, section, kind) for section in card.sections):
            card = parse(append(card, mine.pop(0), headings[kind]), card.kinds)
        card = parse(_with_entries(card, kind, mine), card.kinds) if mine else card
    return card.text


def _with_entries(card: Card, kind: str, added: Sequence[Entry]) -> str:
    """Return the text with entries, ordered, put among those that their section has."""
    section = next(each for each in card.sections if each.spans and _same(card, each, kind))
    places: dict[int, list[str]] = {}
    for each in added:
        place, lines = _place(card, section, each, entries.write(each))
        places.setdefault(place, []).extend(lines)
    text = card.text
    for place in sorted(places, reverse=True):
        text = _inserted(parse(text, card.kinds), place, places[place])
    _verify_all(card, text, added)
    return text


def _verify_all(card: Card, text: str, added: Sequence[Entry]) -> None:
    """Read a text with many new entries again: it must say those, what was there, nothing else."""
    changed = parse(text, card.kinds)
    wanted = {each.id: _as_read(each)[:-1] for each in added}
    mine = {each.id: each.content[:-1] for each in changed.entries if each.id in wanted}
    others = [each.content for each in changed.entries if each.id not in wanted]
    if mine != wanted or others != [each.content for each in card.entries]:
        raise BadCardError(1, _("the new entry cannot be placed safely; run cardcli check"))
    if changed.metadata != card.metadata:
        raise BadCardError(1, _("the new entry cannot be placed safely; run cardcli check"))


def _same(card: Card, section: Section, kind: str) -> bool:
    found = card.kinds.of_heading(section.heading)
    return found is not None and found.name == kind


def _place(
    card: Card, section: Section, new_entry: Entry, written: list[str]
) -> tuple[int, list[str]]:
    """Return the line to insert before, and the lines with the blank ones they need."""
    later = [first for first, _end, each in section.spans if each.key > new_entry.key]
    if later:
        return later[0], written
    if section.spans:
        end = section.spans[-1][1]
        while end < section.end and not _blank(card, end) and not FENCE.match(card.lines[end]):
            end += 1
        return end, written
    end = section.end
    while end > section.body and _blank(card, end - 1):
        end -= 1
    after = [] if end < section.end else ([""] if section.end < len(card.lines) else [])
    return end, ["", *written, *after]


def _blank(card: Card, number: int) -> bool:
    return number < len(card.lines) and not card.lines[number].strip()


def _new_section(card: Card, heading: str, written: list[str]) -> tuple[int, list[str]]:
    place = card.kinds.position(heading)
    lines = [f"## {heading}", "", *written]
    for section in card.sections:
        other = card.kinds.position(section.heading) if section.heading else None
        if place is not None and other is not None and other > place:
            before = [] if section.start and _blank(card, section.start - 1) else [""]
            return section.start, [*before, *lines, ""]
    end = len(card.lines)
    while end and _blank(card, end - 1):
        end -= 1
    return end, ["", *lines]


def _inserted(card: Card, position: int, written: list[str]) -> str:
    lines = list(card.lines)
    ending = "\r" if card.newline == "\r\n" else ""
    if position == len(lines):  # the last line had no line break; the new last line has none either
        lines[-1] += ending
        lines += [line + ending for line in written]
        lines[-1] = lines[-1].removesuffix("\r")
    else:
        lines[position:position] = [line + ending for line in written]
    return "\n".join(lines)


def amend(card: Card, entry_id: str, change: Callable[[Entry], Entry]) -> str:
    """Return the text with one entry changed; it moves when its new day and time belong elsewhere.

    Raises :class:`NoEntryError`, and :class:`BadCardError` when the result would not read as meant.
    """
    first, end, old = card.find(entry_id)
    changed = change(old)
    if changed.content == old.content:
        return card.text
    ending = "\r" if card.newline == "\r\n" else ""
    written = entries.rewrite([line.rstrip("\r") for line in card.lines[first:end]], old, changed)
    lines = list(card.lines)
    last_ending = lines[end - 1][len(lines[end - 1].rstrip("\r")) :]
    lines[first:end] = [*(line + ending for line in written[:-1]), written[-1] + last_ending]
    text = "\n".join(lines)
    if changed.key != old.key and not _in_order(card, first, changed):
        without = remove(card, entry_id)
        rest = parse(without, card.kinds)
        section = next((each for each in rest.sections if each.heading == old.section), None)
        if section is not None:
            text = _inserted(rest, *_place(rest, section, changed, written))
    _verify(card, text, added=changed, old=old)
    return text


def _in_order(card: Card, first: int, changed: Entry) -> bool:
    """Tell whether an entry may stay in the line *first*: neither neighbour of its section forbids it."""
    spans = next(
        each.spans for each in card.sections if any(span[0] == first for span in each.spans)
    )
    above = [each.key for line, _end, each in spans if line < first][-1:]
    below = [each.key for line, _end, each in spans if line > first][:1]
    keys = [*above, changed.key, *below]
    return keys == sorted(keys)


def remove(card: Card, entry_id: str) -> str:
    """Return the text without one entry. Raises :class:`NoEntryError`."""
    first, end, old = card.find(entry_id)
    lines = list(card.lines)
    del lines[first:end]
    if end == len(card.lines) and first:
        lines[-1] = lines[-1].removesuffix("\r")
    text = "\n".join(lines)
    _verify(card, text, old=old)
    return text


def set_key(card: Card, key: str, value: Value | None) -> str:
    """Return the text with one key of the front matter set, or removed for None.

    The heading of the card follows a change of its name. Raises :class:`BadCardError`.
    """
    start, end = front_matter(card.text)
    try:
        patched = yamlpatch.patch(
            card.text[start:end],
            key,
            value,
            order=card.kinds.profile.order,
            newline=card.newline,
        )
    except yamlpatch.BadYamlError as error:
        raise BadCardError(error.line + 1, error.reason) from None
    text = card.text[:start] + patched + card.text[end:]
    unsafe = BadCardError(
        card.line_of(key),
        _("the key “{key}” cannot be changed safely; use cardcli edit").format(key=key),
    )
    try:
        changed = parse(text, card.kinds)
    except BadCardError:  # an anchor (&name) went, say, to which an alias below refers
        raise unsafe from None
    expected = dict(card.metadata)
    expected.pop(key, None) if value is None else expected.__setitem__(key, value)
    if changed.metadata != expected:
        raise unsafe
    if key in {"name", "company"}:
        text = with_heading(card, changed)
    return text


def with_heading(old: Card, changed: Card) -> str:
    """Return the text of *changed* with the heading of *old* made that of its new name."""
    for section in changed.sections[:1]:
        for number in range(section.start, section.end):
            line = changed.lines[number]
            if line.startswith("# ") and fold(line[2:]) == fold(_heading(old.name)):
                ending = line[len(line.rstrip("\r")) :]
                lines = list(changed.lines)
                lines[number] = f"# {_heading(changed.name)}{ending}"
                return "\n".join(lines)
    return changed.text


def _verify(card: Card, text: str, *, added: Entry | None = None, old: Entry | None = None) -> None:
    """Read a new text again: it must say what *card* says, *added* and not *old*, nothing else."""
    changed = parse(text, card.kinds)
    expected = [each.content for each in card.entries if old is None or each.id != old.id]
    found = [each.content for each in changed.entries]
    if added is not None:
        wanted = _as_read(added, old)
        mine = [content for content in found if content[0] == added.id]
        if len(mine) != 1 or mine[0][:-1] != wanted[:-1]:
            raise BadCardError(
                _line_of(changed, added.id),
                _("the new entry cannot be placed safely; run cardcli check"),
            )
        found.remove(mine[0])
    if found != expected or changed.metadata != card.metadata:
        raise BadCardError(
            1, _("the card cannot be changed safely; run cardcli check, or use cardcli edit")
        )


def _as_read(new: Entry, old: Entry | None = None) -> tuple[object, ...]:
    """Return what an entry will say when it is read; what *old* said stays as somebody wrote it."""
    title = clean_line(new.title) or entries.EMPTY_TITLE
    text = clean_text(new.text)
    fields = {key: clean_line(value) for key, value in new.fields.items()}
    if old is not None:
        title = old.title if new.title == old.title else title
        text = old.text if new.text == old.text else text
        fields |= {key: value for key, value in old.fields.items() if new.fields.get(key) == value}
    return new._replace(title=title, fields=fields, text=text).content


def _line_of(card: Card, entry_id: str) -> int:
    return next((each.line for each in card.entries if each.id == entry_id), len(card.lines))
