"""What ``cardcli.yaml`` says of the content of cards, beyond the built-in tables.

``fields:`` gives a kind, or the profile, fields of the business; ``kinds:`` adds whole kinds;
``areas:``, ``stages:`` and ``categories:`` replace the choices of a built-in field; ``purposes:``
say why optional facts are kept; ``obligatory:`` which ones every card should have; ``surveys:`` on
which scale each is answered; ``safety:`` what to look at before a service; ``roles:`` what some of the staff do not see; ``payments:``,
``status:`` and ``services:`` the terms of the business; ``print:`` how its papers look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cardcli.cautions import Caution
from cardcli.cautions import read as read_cautions
from cardcli.errors import BadValueError
from cardcli.fields import Field, Scale, Type, choice_words, parse_scale
from cardcli.kinds import HISTORY, PROSE, Kind, Kinds, tracked
from cardcli.language import LANGUAGES, _
from cardcli.meant import nearest, suggesting
from cardcli.profile import Profile
from cardcli.setting import Setting
from cardcli.terms import Terms
from cardcli.terms import read as read_terms
from cardcli.text import fold
from cardcli.theme import BLOCKS, Theme
from cardcli.theme import read as read_theme
from cardcli.tuples import NamedTuple

PROFILE = "profile"
_NAME = re.compile(r"[^\W\d_][\w-]*")
_HEAD = frozenset({"id", "kind", "date", "time", "title", "text", "section", "line", HISTORY})
_TYPES = (
    Type.TEXT, Type.MONEY, Type.NUMBER, Type.DATE, Type.DATES, Type.PERIOD, Type.CHOICE,
    Type.PERSON, Type.LIST, Type.FILE, Type.ENTRY,
)  # fmt: skip
_PROFILE_TYPES = (
    Type.TEXT, Type.MONEY, Type.NUMBER, Type.DATE, Type.BIRTHDAY, Type.PERIOD, Type.CHOICE,
    Type.PERSON, Type.PHONE, Type.EMAIL,
)  # fmt: skip
_CHOICES = {"areas": ("observation", "area"), "stages": ("deal", "stage")}


class Schema(NamedTuple):
    """The tables of one store; ``purposes`` and ``scales`` are by key and by folded name.

    ``attachment_limit`` is in megabytes, None where nothing is written.
    """

    kinds: Kinds
    purposes: Mapping[str, str]
    obligatory: tuple[str, ...]
    scales: Mapping[str, Scale]
    cautions: tuple[Caution, ...]
    attachment_limit: int | None
    terms: Terms
    roles: Mapping[str, frozenset[str]]
    theme: Theme


def read(settings: Setting) -> Schema:
    """Read the tables of a store. Raises :class:`setting.BadSettingError`."""
    keys = profile(settings)
    table = kinds(settings).with_profile(keys)
    return Schema(
        table,
        {
            _profile_key(keys, key, setting): setting.text()
            for key, setting in settings.at("purposes").pairs()
        },
        tuple(_profile_key(keys, each.text(), each) for each in settings.at("obligatory").items()),
        {
            fold(name): _scale(setting)
            for name, setting in settings.at("surveys").pairs()
            if setting.value
        },
        read_cautions(settings, table),
        _megabytes(settings.at("attachment_limit")),
        read_terms(settings),
        {
            role: frozenset(_hideable(each, table) for each in setting.at("hide").items())
            for role, setting in settings.at("roles").pairs()
        },
        _theme(settings, table),
    )


def _theme(settings: Setting, table: Kinds) -> Theme:
    """Return the looks of papers, with the blocks they name by kind or by heading."""
    found = read_theme(settings)
    place = settings.at("print")
    return found._replace(
        order=tuple(_block(each, table) for each in place.at("order").items()),
        hide=tuple(_block(each, table) for each in place.at("hide").items()),
    )


def _block(setting: Setting, table: Kinds) -> str:
    """Return the name of a block; a heading that is no kind's is a section of the user's own."""
    typed = setting.text()
    if kind := table.of_heading(typed):
        return kind.name
    known = [*BLOCKS, *(kind.name for kind in table.all)]
    if typed not in known and (meant := nearest(typed, known)):
        sentence = _("there is no block “{name}” on paper").format(name=typed)
        raise setting.bad(suggesting(sentence, meant))
    return typed


def kinds(settings: Setting) -> Kinds:
    """Return the kinds of a store. Raises :class:`setting.BadSettingError`."""
    found = Kinds()
    for name, setting in settings.at("kinds").pairs():
        found = found.with_kind(_kind(name, setting, found))
    for key, (name, field_key) in _CHOICES.items():
        setting = settings.at(key)
        field = found.named(name).field(field_key)
        if field and setting.value:
            found = found.with_choices(name, field_key, _choices(setting, field))
    for name, setting in settings.at("fields").pairs():
        if name == PROFILE:
            continue
        if name not in (names := [kind.name for kind in found.all]):
            raise setting.bad(
                _("there is no kind “{name}”; there are: {kinds}").format(
                    name=name, kinds=", ".join([PROFILE, *names])
                )
            )
        taken = {field.key for field in found.named(name).fields} | _HEAD
        added = _fields(setting, taken, _TYPES)
        if found.named(name).tracked and any(field.tracked for field in added):
            raise setting.bad(_one_history())
        found = found.with_fields(name, added)
    return found


def _hideable(setting: Setting, table: Kinds) -> str:
    """Return the kind or the key of the profile that a role does not see."""
    typed = setting.text()
    names = [kind.name for kind in table.all]
    kind = table.of_heading(typed)
    found = kind.name if kind else table.profile.canonical(typed)
    if typed in {*names, PROSE}:
        return typed
    if kind is None and found not in table.profile.order:
        raise setting.bad(
            _(
                "“{name}” is neither a kind of entry nor a key of the profile; kinds: {kinds}"
            ).format(name=typed, kinds=", ".join([*names, PROSE]))
        )
    return found


def profile(settings: Setting) -> Profile:
    """Return the keys of the profile of a store. Raises :class:`setting.BadSettingError`."""
    found = Profile()
    categories = settings.at("categories")
    if categories.value:
        found = found.with_choices("category", _choices(categories, found.field("category")))
    return found.with_fields(
        _fields(settings.at("fields").at(PROFILE), set(found.order), _PROFILE_TYPES)
    )


def _kind(name: str, setting: Setting, known: Kinds) -> Kind:
    """Read ``name: {heading, label, title, fields}``."""
    setting.only("heading", "label", "title", "fields")
    if not _NAME.fullmatch(name) or name in {PROFILE, *(kind.name for kind in known.all)}:
        raise setting.bad(
            _("“{name}” cannot name a kind: it is taken, or is not one word").format(name=name)
        )
    heading = setting.at("heading").text()
    if not heading:
        raise setting.bad(
            _("the kind “{name}” needs a heading: heading: Courses").format(name=name)
        )
    if other := known.of_heading(heading):
        raise setting.at("heading").bad(
            _("the heading “{heading}” belongs to the kind “{name}”").format(
                heading=heading, name=other.name
            )
        )
    label = setting.at("label").text(heading)
    return Kind(
        name,
        dict.fromkeys(LANGUAGES, heading),
        label,
        setting.at("title").text(label),
        _fields(setting.at("fields"), set(_HEAD), _TYPES),
    )


def _fields(setting: Setting, taken: set[str], types: tuple[Type, ...]) -> tuple[Field, ...]:
    """Read ``key: {type, label, choices, low, high, required, many, history}``, or ``key: type``."""
    found: list[Field] = []
    for key, inner in setting.pairs():
        if not _NAME.fullmatch(key) or key in taken:
            raise inner.bad(
                _("“{key}” cannot name a field: it is taken, or is not one word").format(key=key)
            )
        field = _field(key, inner, types)
        found += tracked(field) if field.tracked else (field,)
    if len([field for field in found if field.tracked]) > 1:
        raise setting.bad(_one_history())
    return tuple(found)


def _one_history() -> str:
    return _("only one field of a kind can have “history: yes”")


def _field(key: str, setting: Setting, types: tuple[Type, ...]) -> Field:
    names = tuple(each.value for each in types)
    if not isinstance(setting.value, dict):
        setting = Setting({"type": setting.value or "text"}, setting.path)
    setting.only("type", "label", "choices", "low", "high", "required", "many", "history")
    choices = setting.at("choices").texts()
    kind = Type(setting.at("type").one_of(names, "choice" if choices else "text"))
    field = Field(
        key,
        kind,
        setting.at("label").text(key),
        tuple((choice, choice) for choice in choices),
        setting.at("low").number(),
        setting.at("high").number(),
        required=setting.at("required").yes(),
        many=setting.at("many").yes(),
        tracked=setting.at("history").yes(),
    )
    if (kind is Type.CHOICE) != bool(choices):
        raise setting.bad(
            _("the field “{key}”: type: choice and choices: [one, two] belong together").format(
                key=key
            )
        )
    if field.tracked and kind is not Type.CHOICE:
        raise setting.bad(_("the field “{key}”: only a choice can have a history").format(key=key))
    return field


def _choices(setting: Setting, field: Field) -> tuple[tuple[str, str], ...]:
    """Return the choices of the business; a word for a built-in one keeps its key."""
    words = choice_words(field.choices)
    found: dict[str, str] = {}
    for text in setting.texts():
        key = words.get(fold(text), text)
        if key in found:
            raise setting.bad(_("“{text}” is listed twice").format(text=text))
        found[key] = text
    return tuple(found.items())


def _profile_key(table: Profile, typed: str, setting: Setting) -> str:
    key = table.canonical(typed)
    if not table.known(key):
        sentence = _("the profile has no key “{key}”").format(key=typed)
        raise setting.bad(suggesting(sentence, nearest(typed, table.order)))
    return key


def _scale(setting: Setting) -> Scale:
    """Read the scale of a survey: ``Name: 1-5``."""
    try:
        return parse_scale(setting.text())
    except BadValueError as error:
        raise setting.bad(str(error)) from None


def _megabytes(setting: Setting) -> int | None:
    number = setting.number()
    if number is not None and number < 1:
        raise setting.bad(_("“{key}” is in megabytes, 1 or more").format(key=setting.key))
    return number
