"""Two clients become one: the cards of one person, made twice, as one text.

The kept card stays as it is, line for line; what the other card says is added to it. Lists and
entries are united. Of two single values the kept one stands and the other becomes a line under
“To check”, unless somebody chose or a rule decides: the fuller of two names, the whole birth date,
the first day of filling in, the last of bringing up to date.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardcli import card as cards
from cardcli import clients, merge, profile, readdressing, yamlpatch
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.errors import BadCardError
from cardcli.fields import Type
from cardcli.kinds import DIFFERENCE
from cardcli.language import _
from cardcli.merge import Difference, audit, body, mapping
from cardcli.merge import entries as merging
from cardcli.merge.body import Key, Part
from cardcli.merge.notes import Notes
from cardcli.text import fold
from cardcli.yamlpatch import Plain, Value

KEPT, OTHER = "a", "b"
EVERY = "*"
_OWN = frozenset({"id", "number", profile.MERGED, profile.APART})
_DATES = frozenset({Type.DATE, Type.BIRTHDAY})


@dataclass(frozen=True, slots=True)
class Contested:
    """A key of the profile with a single value in each card, where no rule decides."""

    key: str
    kept: str
    other: str


@dataclass(frozen=True, slots=True)
class United:
    """One card of two: its text, what waits to be settled, new ids of the other card's entries.

    ``doubles`` are pairs of entries, one of each card, of the same day and title: perhaps the same
    visit, written down twice.
    """

    text: str
    differences: tuple[Difference, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    doubles: tuple[tuple[Entry, Entry], ...] = ()


class CannotUniteError(BadCardError):
    """What two cards say cannot be put into one card without losing some of it."""

    def __init__(self, kept: Card, other: Card, reason: str) -> None:
        sentence = _("the cards {one} and {two} cannot be joined safely: {reason}")
        super().__init__(1, sentence.format(one=kept.id, two=other.id, reason=reason))


def contested(kept: Card, other: Card) -> list[Contested]:
    """Return the single values that somebody has to choose between, in the order of the table."""
    choosing = _Choosing({})
    for key in _shared(kept, other):
        _value_of(key, kept, other, choosing)
    return [Contested(each.field, each.kept, each.other) for each in choosing.differences]


def unite(
    kept: Card,
    other: Card,
    choices: Mapping[str, str] | None = None,
    language: str = "en",
    place: str = "",
) -> United:
    """Return *kept* with all that *other* says. *choices* tell which card's value a key takes.

    A choice is ``a`` (of the kept card) or ``b``; that for ``*`` is meant for every key that is not
    named. A value that was chosen leaves no difference; a name that lost becomes a former name.
    *place* is where the files of the other client will be, when that is not :func:`readdressing.folder`. Uniting
    again with the same card changes nothing. Raises :class:`CannotUniteError`.
    """
    text, renamed = readdressing.translated(kept, other, place)
    try:
        theirs = cards.parse(text, kept.kinds)
        text, differences = _united(kept, theirs, _Choosing(choices or {}), language)
    except (BadCardError, yamlpatch.BadYamlError) as error:
        raise CannotUniteError(kept, other, error.reason) from None
    return United(text, tuple(differences), renamed, tuple(_doubles(kept, theirs)))


def _united(
    kept: Card, other: Card, choosing: _Choosing, language: str
) -> tuple[str, list[Difference]]:
    """Return the text of both and what waits to be settled. Raises BadCardError and BadYamlError."""
    front, expected = _front(kept, other, choosing)
    notes = Notes(choosing.differences)
    lines = [kept.lines[0], *front.split("\n")[:-1], kept.lines[_closing(kept)]]
    lines += _Body(kept, other, notes).lines()
    united = cards.parse("\n".join(lines), kept.kinds)
    if united.metadata != expected:
        raise BadCardError(1, _("the values at its beginning are written in an unusual way"))
    text = cards.with_heading(kept, united)
    text = merge.with_differences(text, [kept, other], notes.differences, language)
    if missing := _missing(text, kept, other):
        raise BadCardError(1, missing)
    return text, notes.differences


# --- the front matter ----------------------------------------------------------------------------------


class _Choosing:
    """Which of two values stands, and what is left to be settled."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self._choices = choices
        self.differences: list[Difference] = []
        self.lost: dict[str, Value] = {}

    def pick(self, key: str, kept: Value, other: Value) -> Value:
        top = key.partition(".")[0]
        choice = self._choices.get(key) or self._choices.get(top) or self._choices.get(EVERY)
        if choice is None:
            self.differences.append(Difference("", key, mapping.flat(kept), mapping.flat(other)))
            return kept
        winner, loser = (kept, other) if choice == KEPT else (other, kept)
        self.lost[key] = loser
        return winner


def _shared(kept: Card, other: Card) -> list[str]:
    return [key for key in kept.metadata if key in other.metadata and key not in _OWN]


def _front(kept: Card, other: Card, choosing: _Choosing) -> tuple[str, dict[str, Value]]:
    """Return the lines between the two ``---``, and what they say."""
    text, theirs = _inside(kept), _inside(other)
    blocks = yamlpatch.blocks(theirs)[1]
    values = dict(kept.metadata)
    for key in _shared(kept, other):
        values[key] = _value_of(key, kept, other, choosing)
    values |= _links(kept, other)
    if former := _former(kept, other, choosing, values):
        values["former_names"] = former
    for key, value in values.items():
        if value != kept.metadata.get(key):
            text = yamlpatch.patch(
                text, key, value, order=kept.kinds.profile.order, newline=kept.newline
            )
    added = [pair for pair in blocks if pair[0] and pair[0] not in {*values, *_OWN}]
    text = _with_blocks(text, added, kept)
    values |= {key: other.metadata[key] for key, _lines in added}
    return _with_comments(text, blocks, kept.newline), values


def _inside(card: Card) -> str:
    """Return the lines between the two ``---``."""
    return "".join(f"{line}\n" for line in card.lines[1 : _closing(card)])


def _closing(card: Card) -> int:
    numbered = enumerate(card.lines[1:], 1)
    return next(number for number, line in numbered if line.rstrip() == "---")


def _value_of(key: str, kept: Card, other: Card, choosing: _Choosing) -> Value:
    mine, yours = kept.metadata[key], other.metadata[key]
    if key == "name" and not (isinstance(mine, str) and isinstance(yours, str)):
        if fold(kept.name) == fold(other.name):
            return mine
        return choosing.pick(key, mine, yours)
    return _joined(kept.kinds.profile.field(key).type, key, (mine, yours), choosing)


def _joined(type_: Type, key: str, pair: tuple[Value, Value], choosing: _Choosing) -> Value:
    mine, yours = pair
    if mine == yours or not yours:
        return mine
    if not mine:
        return yours
    if isinstance(mine, dict) and isinstance(yours, dict):
        both = {
            inner: _joined(Type.TEXT, f"{key}.{inner}", (mine[inner], yours[inner]), choosing)
            for inner in mine
            if inner in yours
        }
        return {**mine, **{inner: yours[inner] for inner in yours if inner not in mine}, **both}
    if isinstance(mine, list) or isinstance(yours, list):
        return _listed(_as_list(mine), _as_list(yours))
    if isinstance(mine, str) and isinstance(yours, str):
        winner = _by_rule(key, mine, yours)
        if winner:
            return Plain(winner) if type_ in _DATES else winner
    picked = choosing.pick(key, mine, yours)
    return Plain(picked) if type_ in _DATES and isinstance(picked, str) else picked


def _as_list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value] if value else []


def _listed(mine: list[Value], yours: list[Value]) -> list[Value]:
    """Return both lists as one; an item with a label says all that the bare one says."""
    labelled = {text for item in (*mine, *yours) if isinstance(item, dict) for text in _texts(item)}
    found: list[Value] = []
    for item in (*mine, *yours):
        if item not in found and not (isinstance(item, str) and item in labelled):
            found.append(item)
    return found


def _texts(item: Mapping[str, Value]) -> Iterator[str]:
    yield from (text for text in item.values() if isinstance(text, str))


def _by_rule(key: str, mine: str, yours: str) -> str:
    """Return the value that says all the other one says, or ""."""
    if key in mapping.LATEST:
        return max(mine, yours)
    if key == "created":
        return min(mine, yours)
    if fold(mine) == fold(yours):
        return mine
    if key == "birthday" and mine[-6:] == yours[-6:] and "--" in {mine[:2], yours[:2]}:
        return max(mine, yours)  # the one with a year: digits come after the dash
    if key == "name":
        own, their = fold(mine).split(), fold(yours).split()
        return mine if {*their} <= {*own} else yours if {*own} <= {*their} else ""
    return ""


def _links(kept: Card, other: Card) -> dict[str, Value]:
    """Return what ties the united card to others: whom it was joined with, who is not the same."""
    old = dict(clients.merged(kept)) | {other.id: other.number} | dict(clients.merged(other))
    old.pop(kept.id, None)
    both = [*kept.values(profile.APART), *other.values(profile.APART)]
    apart: list[Value] = [each for each in dict.fromkeys(both) if each not in {kept.id, *old}]
    links: dict[str, Value] = {profile.MERGED: readdressing.merged_value(old)}
    return links | ({profile.APART: apart} if apart or profile.APART in kept.metadata else {})


def _former(
    kept: Card, other: Card, choosing: _Choosing, values: Mapping[str, Value]
) -> list[Value]:
    """Return the former names with that which somebody decided against."""
    if "name" not in choosing.lost:
        return []
    loser = kept.name if values["name"] == other.metadata["name"] else other.name
    known = _listed(
        _as_list(kept.metadata.get("former_names", [])),
        _as_list(other.metadata.get("former_names", [])),
    )
    return known if loser in known else [*known, loser]


def _with_blocks(text: str, added: Sequence[tuple[str, str]], kept: Card) -> str:
    """Return the front matter with keys that only the other card has, as they stand there."""
    order = [*kept.kinds.profile.order, *(key for key, _lines in added)]
    for key, lines in added:
        blocks = yamlpatch.blocks(text)[1]
        place = order.index(key)
        above = [
            n for n, (name, _lines) in enumerate(blocks) if name and _place(order, name) < place
        ]
        position = above[-1] + 1 if above else 0
        ending = "" if lines.endswith("\n") else kept.newline
        parts = [block for _name, block in blocks]
        text = "".join([*parts[:position], lines, ending, *parts[position:]])
    return text


def _place(order: Sequence[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _with_comments(text: str, blocks: Sequence[tuple[str, str]], newline: str) -> str:
    """Return the front matter with the other card's comments above the keys they belong to."""
    there = {line.strip() for line in text.split("\n")}
    result, own = [], yamlpatch.blocks(text)[1]
    theirs = {
        key: [line for line in lines.split("\n") if _is_new_comment(line, there)]
        for key, lines in blocks
    }
    for key, lines in own:
        result += [f"{line.strip()}{newline}" for line in theirs.pop(key, [])]
        result.append(lines)
    result += [f"{line.strip()}{newline}" for lines in theirs.values() for line in lines]
    return "".join(result)


def _is_new_comment(line: str, there: set[str]) -> bool:
    return line.strip().startswith("#") and line.strip() not in there


# --- the body ------------------------------------------------------------------------------------------


class _Body:
    """The body of the kept card, to which that of the other one is added."""

    def __init__(self, kept: Card, other: Card, notes: Notes) -> None:
        self._card = kept
        self._ending = "\r" if kept.newline == "\r\n" else ""
        self._own, self._other = body.read(kept), body.read(other)
        self._notes = notes
        self._heading = f"# {other.name}"
        self._said = {place: _solid(part.lead) for place, part in self._own.parts.items()}
        for part in self._other.parts.values():
            self._add(part)

    def lines(self) -> list[str]:
        """Return the lines of the united body."""
        result: list[str] = []
        for part in self._own.parts.values():
            result += [*part.heading, *part.lead]
            for key in part.items:
                result += [*self._own.items[key].lines, *self._own.items[key].after]
            result += part.end
        if self._ending:  # what stood at the end of either file had no line break
            result = [line if line.endswith("\r") else f"{line}\r" for line in result]
            result[-1] = result[-1].removesuffix("\r")
        return result

    def _add(self, part: Part) -> None:
        new = [key for key in part.items if key not in self._own.items]
        text = self._text(part)
        own = self._same(part)
        if own is None and (new or _solid(text)):
            own = self._insert(part)
        if own is None:
            own = Part("")  # nothing but entries that stand elsewhere
        self._add_text(own.lead, text, self._said.get(own.place, []))
        for key in part.items:
            if key in new:
                self._add_entry(own, key)
            else:
                self._join_entry(key)

    def _text(self, part: Part) -> list[str]:
        """Return the user's lines at the beginning of a section, without the heading of the card."""
        if part.place:
            return part.lead
        return [line for line in part.lead if fold(line) != fold(self._heading)]

    def _same(self, part: Part) -> Part | None:
        """Return our section of the same kind, in whichever language, or of the same heading."""
        if not part.place:
            return self._own.parts[""]
        kind, title = self._card.kinds.of_heading(_title(part)), fold(_title(part))
        for own in self._own.parts.values():
            found = self._card.kinds.of_heading(_title(own)) if own.place else None
            if own.place and (found is kind if kind else fold(_title(own)) == title):
                return own
        return None

    def _insert(self, part: Part) -> Part:
        """Put an empty section of the other card's at its place among ours."""
        parts = self._own.parts
        position = self._position(part)
        names = list(parts)
        above = parts[names[position - 1]]
        fresh = Part(part.place, part.heading, part.name, [self._ending], [], [])
        if position == len(names):
            fresh.end = above.end
            above.end = [*above.end[:-1], self._ending] if above.end else [self._ending]
            if not fresh.end and self._ending:
                fresh.heading = [line.rstrip("\r") + "\r" for line in fresh.heading]
        else:
            fresh.end = [self._ending]
        items = list(parts.items())
        place = part.place if part.place not in parts else f"{part.place} {len(items)}"
        parts.clear()
        parts.update([*items[:position], (place, fresh), *items[position:]])
        return fresh

    def _position(self, part: Part) -> int:
        """Return the place of a section: that of its kind, else the end, above the differences."""
        kinds = self._card.kinds
        wanted = kinds.position(part.name or _title(part))
        last = kinds.position(kinds.named(DIFFERENCE).heading("en"))
        for number, own in enumerate(self._own.parts.values()):
            place = kinds.position(_title(own)) if own.heading else None
            if place is not None and (place > wanted if wanted is not None else place == last):
                return number
        return len(self._own.parts)

    def _add_text(self, own: list[str], lines: Sequence[str], said: Sequence[str]) -> None:
        """Add the user's lines unless all of them are among those that our card *said* from the first."""
        solid = _solid(lines)
        if not solid or _within(solid, said):
            return
        start, end = lines.index(solid[0]), len(lines)
        while not lines[end - 1].strip():
            end -= 1
        while own and not own[-1].strip():
            own.pop()
        own += [self._ending, *lines[start:end]]

    def _add_entry(self, part: Part, key: Key) -> None:
        item = self._other.items[key]
        own = self._own.items
        later = [n for n, each in enumerate(part.items) if own[each].entry.key > item.entry.key]
        place = later[0] if later else len(part.items)
        if not place and part.lead and part.lead[-1].strip():
            part.lead.append(self._ending)
        own[key] = item
        part.items.insert(place, key)

    def _join_entry(self, key: Key) -> None:
        """Both cards have the entry: one is a copy of the other, made some time ago."""
        mine, yours = self._own.items[key], self._other.items[key]
        after = mine.after
        if mine.lines != yours.lines:
            one, two = (
                merging.Item(each.entry, [line.rstrip("\r") for line in each.lines], mine.place)
                for each in (mine, yours)
            )
            joined = merging.merge(None, one, two, self._card.kinds, self._notes)
            lines = [line + self._ending for line in joined.lines]
            self._own.items[key] = merging.Item(joined.entry, lines, mine.place, after)
        self._add_text(after, yours.after, _solid(after))


def _title(part: Part) -> str:
    return part.heading[0].strip().removeprefix("##").strip().rstrip("#").rstrip()


def _solid(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _within(less: Sequence[str], more: Sequence[str]) -> bool:
    rest = iter([line.rstrip() for line in more])
    return all(line.rstrip() in rest for line in less)


# --- the proof ------------------------------------------------------------------------------------------


def _missing(text: str, kept: Card, other: Card) -> str:
    """Return what the united card does not say though one of the two does, or ""."""
    closing = _closing(cards.parse(text, kept.kinds))
    head = "\n".join(text.split("\n")[: closing + 1])
    sides = ["\n".join([head, *_without_heading(card)]) for card in (kept, other)]
    lost = audit.lost(["", *sides], text, kept.kinds, {})
    return ", ".join(
        " ".join(filter(None, (each[0] and f"^{each[0]}", *each[1:]))) for each in lost
    )


def _without_heading(card: Card) -> list[str]:
    """Return the lines of the body but for the name of the client above them."""
    heading = fold(f"# {card.name}")
    return [line for line in card.lines[_closing(card) + 1 :] if fold(line) != heading]


def _doubles(kept: Card, other: Card) -> Iterator[tuple[Entry, Entry]]:
    own = {each.id for each in kept.entries}
    by_said = {(each.kind, each.date, fold(each.title)): each for each in kept.entries}
    for each in other.entries:
        twin = by_said.get((each.kind, each.date, fold(each.title)))
        if twin is not None and each.id not in own and each.kind not in {"", DIFFERENCE}:
            yield twin, each
