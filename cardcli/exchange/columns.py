"""Which column of a table holds what: by its name, by the names beside it, or by what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cardcli import profile
from cardcli.errors import BadValueError
from cardcli.exchange import layouts
from cardcli.exchange.cells import looks_like_email, looks_like_phone, phone_within
from cardcli.exchange.layouts import plain
from cardcli.kinds import Kinds
from cardcli.language import _
from cardcli.meant import nearest, suggesting

_HEADER_WITHIN = 15
"""Rows in which the names of the columns may stand, below a title."""
_SURE, _CERTAIN = 0.6, 0.9
"""The share of cells that tell what a column holds; for what could be much else, a greater one."""
_DATE = re.compile(r"(\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})([ T].*)?")
_NAME = re.compile(r"[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){1,3}")
_PHONE_WORDS = re.compile(r"\b(?:телефон|тел|phone|mobile|моб|сотовый)\b")
_MAIL_WORDS = re.compile(r"\b(?:e ?mail|почта|почты)\b")
_SAYS_TYPE = re.compile(
    r"\b(?:тип|type|краткое имя|display name|marketing|consent|согласие|рассылк\w*)\b"
)
_PART = re.compile(
    r"(?P<before>business|home|other|work|address \d+|адрес|домашн(?:ий|яя)|рабоч(?:ий|ая))? ?(?P<part>.+)"
)
_BEHIND = re.compile(
    r"(?P<part>.+?) (?P<behind>(?:рабочий|домашний|другой) адрес|(?:раб|дом)(?: адрес)?)"
)
_ORDINAL = frozenset({"", "no", "п п", "no п п", "nn"})
"""What the column is called that counts the rows: «№», «№ п/п»."""
_LABEL_PARTS = ("service", "label", "type", "тип", "ярлык")
_FEWEST = 2
_HEADING = frozenset({"name", "given", "family", "phones", "emails"})
_WHOLE_ADDRESS = ("formatted", "форматированный", "отформатированный")
IGNORED = "-"
"""The field that --map gives a column that is not wanted."""


class UnknownFieldError(BadValueError):
    """A column is mapped to a field that a card has not."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        words = [*known]
        sentence = _("“{name}” is no field; there are: {fields}").format(
            name=name, fields=", ".join(words)
        )
        super().__init__(suggesting(sentence, nearest(name, words)))


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, its name, and where it goes.

    ``target`` is a key of the profile, ``address``, ``entry`` (of a visit), ``id`` or ``number``, or
    "" for a column that is not taken; ``part`` is the part of an address or the field of an entry;
    ``group`` tells one address from another; ``label_at`` is the column that holds the label.
    """

    place: int
    name: str
    target: str = ""
    label: str = ""
    part: str = ""
    group: str = ""
    label_at: int = -1


@dataclass(slots=True)
class Layout:
    """The columns of a table; ``first`` is the number of rows above the first record.

    ``visits`` says that the rows are visits or payments; ``own`` that cardcli wrote the table.
    """

    columns: list[Column] = field(default_factory=list)
    first: int = 0
    visits: bool = False
    own: bool = False
    program: str = ""
    guessed: list[Column] = field(default_factory=list)

    def has(self, *targets: str) -> bool:
        """Tell whether some column goes to one of these."""
        return any(each.target in targets for each in self.columns)


def header_at(rows: Sequence[Sequence[str]], wanted: Mapping[str, str]) -> int:
    """Return which of the first rows holds the names of the columns, -1 when none does."""
    names = {plain(name) for name in wanted}
    best, most = -1, 0
    for number, cells in enumerate(rows[:_HEADER_WITHIN]):
        known = sum(
            _is_known(plain(cell)) or plain(cell) in names for cell in cells if cell.strip()
        )
        filled = sum(bool(cell.strip()) for cell in cells)
        if any(looks_like_email(cell) or looks_like_phone(cell) for cell in cells):
            break
        if known > most and (known * 4 >= filled or known >= 3):
            best, most = number, known
    return 0 if best < 0 and _is_header(rows) else best


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row has words only, where those below it have phones or e-mails."""
    first = [cell.strip() for cell in rows[0]] if rows else []
    if any(char.isdigit() or char == "@" for cell in first for char in cell) or len({*first}) < 2:
        return False
    return any(looks_like_email(cell) or looks_like_phone(cell) for row in rows[1:] for cell in row)


def heads_clients(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Tell whether a row below *header* holds names of columns, and others: two files were put together."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) < _FEWEST or not _is_listed(plain(filled[0])):
        return False
    names = [plain(cell) for cell in filled]
    if names == [plain(cell) for cell in header if cell.strip()]:
        return False
    targets = {layouts.client_columns().get(name, "").partition(":")[0] for name in names}
    return bool(targets & _HEADING) and all(map(_is_known, names))


def layout(
    header: Sequence[str], rows: Sequence[Sequence[str]], kinds: Kinds, wanted: Mapping[str, str]
) -> Layout:
    """Return what the columns of a table hold. *rows* are some of the first records.

    *wanted* maps names of columns to fields, as the user said. Raises :class:`UnknownFieldError`.
    """
    names = [plain(name) for name in header]
    found = Layout()
    found.own = {"id", "number", "name"} <= {name.strip() for name in header}
    found.visits = not found.own and _are_visits(names, wanted)
    found.program = next((name for name, its in layouts.PROGRAMS if its <= {*names}), "")
    mapped = {plain(column): target for column, target in wanted.items()}
    width = max([len(header), *(len(cells) for cells in rows)], default=0)
    for place in range(width):
        name = header[place].strip() if place < len(header) else ""
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        said = mapped.get(plain(name)) if name else None
        if said is not None:
            found.columns.append(_wanted(place, name, said, kinds, visits=found.visits))
        else:
            found.columns.append(_column(place, name, names, cells, kinds, found))
    _settle(found, rows)
    return found


def _wanted(place: int, name: str, target: str, kinds: Kinds, *, visits: bool) -> Column:
    """Return a column as the user mapped it: ``phones``, ``phones:work``, ``visit.price``, ``-``."""
    key, _colon, label = target.strip().partition(":")
    if key == IGNORED:
        return Column(place, name, IGNORED)
    part = key.removeprefix("visit.").removeprefix("payment.")
    if part in layouts.VISIT and (visits or part != key):
        return Column(place, name, "entry", part=part)
    if key in {"family", "given", "patronymic", "name", "id", "number"}:
        return Column(place, name, key)
    found = kinds.profile.canonical(key)
    if not kinds.profile.known(found) or (found in profile.OWNED and found != "created"):
        known = [each for each in kinds.profile.order if each not in profile.OWNED]
        raise UnknownFieldError(
            target, [*known, *(f"visit.{each}" for each in layouts.VISIT), IGNORED]
        )
    return Column(place, name, found, label=label.strip())


def _are_visits(names: Sequence[str], wanted: Mapping[str, str]) -> bool:
    """Tell whether the rows are visits, sales or payments: each has its day and what it was about."""
    parts = {layouts.visit_columns().get(name) for name in names}
    parts |= {
        target.rpartition(".")[2]
        for target in wanted.values()
        if target.startswith(("visit.", "payment."))
    }
    return "date" in parts and bool({"title", "product", "price", "total"} & parts)


def _column(
    place: int, name: str, names: Sequence[str], cells: Sequence[str], kinds: Kinds, found: Layout
) -> Column:
    key = plain(name)
    if found.own:
        return Column(place, name, name)
    if found.visits:
        if key in layouts.VISIT_NAME.split("|") and key not in layouts.visit_columns():
            given = key == "имя" and "фамилия" in names
            return Column(place, name, "given" if given else "name")
        if key in layouts.visit_columns():
            return Column(place, name, "entry", part=layouts.visit_columns()[key])
    if key in layouts.OWN_ID:
        return Column(place, name, "id")
    if key in layouts.OWN_NUMBER and not looks_like_phone(next(iter(cells), "")):
        return Column(place, name, "number")
    if beside := _by_neighbours(place, name, names, cells):
        return beside
    if key in layouts.client_columns():
        target, _colon, label = layouts.client_columns()[key].partition(":")
        known = not (found.visits and target == "created")  # that is when a visit was written down
        return Column(place, name, target if known else "", label)
    return (
        _address_part(place, name, key)
        or _counted(place, name, key)
        or _by_words(place, name, key, cells)
        or _by_profile(place, name, kinds)
        or _by_content(place, name, cells, found)
    )


def _by_neighbours(
    place: int, name: str, names: Sequence[str], cells: Sequence[str]
) -> Column | None:
    """Return a column whose name says its part of something only beside others, or with what is in it."""
    key = plain(name)
    if key in layouts.BIRTH and not {"birth month", "месяц рождения"}.isdisjoint(names):
        return Column(place, name, "birth", part=layouts.BIRTH[key])
    if key in layouts.SORT and any(cell.strip().lower() in layouts.COMPANIES for cell in cells):
        return Column(place, name, "sort")
    match = layouts.NUMBERED.fullmatch(key)
    return _numbered(place, name, match, names) if match else None


def _counted(place: int, name: str, key: str) -> Column | None:
    """Return a column that is one of several of which a card holds as many: ``Примечание 2``."""
    word, _blank, number = key.rpartition(" ")
    target, _colon, label = layouts.client_columns().get(word, "").partition(":")
    if not number.isdecimal() or not (target == "comment" or profile.field(target).many):
        return None
    return Column(place, name, target, label)


def _numbered(place: int, name: str, match: re.Match[str], names: Sequence[str]) -> Column:
    """Return a column of a group of Google's: ``Phone 1 - Value`` has its label in another one."""
    target = layouts.NUMBERED_TO.get(match["what"], "")
    group = f"{match['what']} {match['number']}"
    if match["what"] == "organization":
        return Column(place, name, {"name": "workplace", "title": "job"}.get(match["part"], ""))
    if match["part"] in _LABEL_PARTS:
        valued = target or {f"{group} value", f"{group} значение"} & {*names}
        return Column(place, name, IGNORED if valued else "")
    label_at = next(
        (names.index(f"{group} {word}") for word in _LABEL_PARTS if f"{group} {word}" in names),
        -1,
    )
    if target == "addresses" and match["part"] not in _WHOLE_ADDRESS:
        part = layouts.address_columns().get(match["part"], "")
        return Column(
            place, name, "address" if part else "", part=part, group=group, label_at=label_at
        )
    return Column(place, name, target, label_at=label_at, group=group)


def _address_part(place: int, name: str, key: str) -> Column | None:
    match = _BEHIND.fullmatch(key)
    group = layouts.ADDRESS_OF.get(match["behind"], "") if match else ""
    part = match["part"] if match else key
    if not match and (before := _PART.fullmatch(key)) and before["before"]:
        group = layouts.ADDRESS_OF.get(before["before"], "")
        part = before["part"]
    known = layouts.address_columns().get(part)
    if not known:
        return None
    return Column(place, name, "address", "" if group == "other" else group, known, group)


def _by_words(place: int, name: str, key: str, cells: Sequence[str]) -> Column | None:
    """Return a column whose name has a word for a phone or an e-mail in it, and that holds some."""
    if _SAYS_TYPE.search(key) or not cells:
        return None
    label = _label_of(key)
    if _MAIL_WORDS.search(key) and _share(cells, looks_like_email) >= _SURE:
        return Column(place, name, "emails", label)
    if _PHONE_WORDS.search(key) and any(any(char.isdigit() for char in cell) for cell in cells):
        return Column(place, name, "phones", label)
    return None


def _label_of(key: str) -> str:
    words = _SAYS_TYPE.sub("", _MAIL_WORDS.sub("", _PHONE_WORDS.sub("", key))).split()
    return "" if all(word.isdigit() for word in words) else " ".join(words)[:30]


def _by_profile(place: int, name: str, kinds: Kinds) -> Column | None:
    """Return a column called as a key of the profile is, ours or one of the business."""
    key = kinds.profile.canonical(name)
    if kinds.profile.known(key) and key not in profile.OWNED:
        return Column(place, name, key)
    return None


def _by_content(place: int, name: str, cells: Sequence[str], found: Layout) -> Column:
    """Return a column of an unknown name, or of none, that is told by what stands in it."""
    label = plain(name)[:30]
    if _share(cells, looks_like_email) >= _SURE:
        return Column(place, name, "emails", label)
    if _share(cells, looks_like_phone) >= _SURE and not layouts.NO_CONTACT.search(label):
        return Column(place, name, "phones", label)
    if name and label in _ORDINAL and _count(cells):
        return Column(place, name, IGNORED)
    if not name and not found.has("birthday") and _share(cells, _is_birthday) >= _SURE:
        return Column(place, name, "birthday")
    if not name and not found.has("name", "given", "family") and _share(cells, _is_name) >= _SURE:
        return Column(place, name, "name")
    return Column(place, name)


def _share(cells: Sequence[str], holds: object) -> float:
    test = holds if callable(holds) else bool
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _is_birthday(cell: str) -> bool:
    return _DATE.fullmatch(cell.strip()) is not None


def _is_name(cell: str) -> bool:
    return _NAME.fullmatch(cell.strip()) is not None


def _settle(found: Layout, rows: Sequence[Sequence[str]]) -> None:
    """Put right what one column says of another: a given name alone is the whole name."""
    if not found.own and not found.visits:
        _guess(found, rows)
    if found.has("given") and not found.has("family", "name"):
        found.columns = [
            Column(each.place, each.name, "name") if each.target == "given" else each
            for each in found.columns
        ]
    if found.has("family", "given") and not found.own:
        found.columns = [
            Column(each.place, each.name, "whole")
            if each.target == "name" or _perhaps_name(each, rows)
            else each
            for each in found.columns
        ]
    if not found.own and found.has("id", "number"):
        found.columns = [
            each if each.target not in {"id", "number"} else _own_mark(each, rows)
            for each in found.columns
        ]


def _guess(found: Layout, rows: Sequence[Sequence[str]]) -> None:
    """Take columns of unknown names for names and birthdays when hardly anything else is in them."""
    if not found.has("name", "given", "family", "company"):
        called = [n for n, each in enumerate(found.columns) if _perhaps_name(each, rows)]
        for number in called[:1]:
            found.columns[number] = replace(found.columns[number], target="name")
    if not found.has("name", "given", "family", "whole", "company"):
        among = [n for n, each in enumerate(found.columns) if _has_phones_among_words(each, rows)]
        for number in among[:1]:
            found.columns[number] = Column(
                found.columns[number].place, found.columns[number].name, "name"
            )
    for number, column in enumerate(found.columns):
        cells = [row[column.place] for row in rows if _filled([row], column.place)]
        if column.target or not column.name:
            continue
        if not found.has("name", "given", "family") and _share(cells, _is_name) >= _CERTAIN:
            found.columns[number] = replace(column, target="name")
        elif not found.has("birthday") and _share(cells, _is_of_the_past) >= _CERTAIN:
            found.columns[number] = replace(column, target="birthday")
        if found.columns[number] is not column:
            found.guessed.append(found.columns[number])


def _perhaps_name(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column is called as those of names sometimes are, and has words in it."""
    cells = [row[column.place] for row in rows if _filled([row], column.place)]
    called = not column.target and plain(column.name) in layouts.PERHAPS_NAME
    return called and _share(cells, lambda cell: any(map(str.isalpha, cell))) >= _SURE


def _has_phones_among_words(column: Column, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether name and phone stand in one cell: «Мария 8 900 000-00-01»; some may lack either."""
    cells = [row[column.place] for row in rows if _filled([row], column.place)]
    some = any(phone_within(cell) for cell in cells)
    return some and column.target in {"", "phones"} and _share(cells, _is_contact) >= _SURE


def _is_contact(cell: str) -> bool:
    return bool(
        phone_within(cell) or _is_name(cell) or looks_like_phone(cell) or looks_like_email(cell)
    )


def _is_of_the_past(cell: str) -> bool:
    """Tell whether a cell has a day on which a grown-up may be born."""
    match = _DATE.fullmatch(cell.strip())
    years = re.findall(r"\d{4}", match[1]) if match else []
    return bool(years) and 1920 <= int(years[0]) <= 2010


def _own_mark(column: Column, rows: Sequence[Sequence[str]]) -> Column:
    """Take a column of ids or numbers for ours only when they have our form."""
    from cardcli import ids

    cells = [row[column.place].strip() for row in rows if column.place < len(row)]
    cells = [cell for cell in cells if cell]
    ours = ids.is_id if column.target == "id" else re.compile(r"[^\W\d_]{1,4}-\d{5,}").fullmatch
    if cells and _share(cells, ours) == 1.0:
        return column
    counts = plain(column.name) in _ORDINAL and _count(cells)
    return Column(column.place, column.name, IGNORED if counts else "")


def _count(cells: Sequence[str]) -> bool:
    """Tell whether cells number the rows: 1, 2, 3."""
    said = [cell.strip(" .") for cell in cells]
    numbers = [int(cell) for cell in said if cell.isdecimal()]
    words = [cell for cell in said if not cell.isdecimal()]  # a row of totals
    return len(words) <= 1 and numbers == list(range(1, len(numbers) + 1))


def _filled(rows: Sequence[Sequence[str]], place: int) -> bool:
    return any(place < len(row) and row[place].strip() for row in rows)


def _is_listed(key: str) -> bool:
    """Tell whether a name of a column is in the tables of them just so."""
    return (
        key in layouts.client_columns()
        or key in layouts.visit_columns()
        or key in layouts.OWN_ID | layouts.OWN_NUMBER | layouts.PERHAPS_NAME
    )


def _is_known(key: str) -> bool:
    return (
        _is_listed(key)
        or layouts.NUMBERED.fullmatch(key) is not None
        or _address_part(0, key, key) is not None
        or profile.known(profile.canonical(key))
        or (" " in key and {*key.split()} - {"и", "and"} <= layouts.client_columns().keys())
    )


def doubled(found: Layout) -> list[str]:
    """Return the names that several columns have."""
    names = Counter(each.name for each in found.columns if each.name)
    return [name for name, count in names.items() if count > 1]
