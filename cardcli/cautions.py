"""The safety rules of ``cardcli.yaml``: what to look at before a service or a sale.

::

    safety:
      - services: [Окрашивание, Тонирование]
        allergens: [ППД, краска для волос]
        conditions: [беременность, псориаз]
        patch_test: краска для волос
        valid: 6m
        consent: health
        say: Предложите безаммиачную краску.
"""

from __future__ import annotations

from collections.abc import Iterable

from cardcli.dates import Period, parse_period
from cardcli.errors import BadValueError
from cardcli.fields import Field, choice_words, unknown_choice
from cardcli.kinds import Kinds
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.setting import Setting
from cardcli.text import fold
from cardcli.tuples import NamedTuple
from cardcli.words import mentions

_KEYS = (
    "services", "products", "allergens", "conditions", "patch_test", "valid", "consent", "say",
)  # fmt: skip


class Caution(NamedTuple):
    """One rule: it concerns whatever names one of ``services`` or ``products``.

    ``allergens`` and ``conditions`` must not stand on the client's card; a negative test of
    ``patch_test`` not older than ``valid`` and the ``consents`` must. ``say`` is told to the staff.
    """

    services: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    patch_test: str = ""
    valid: Period | None = None
    consents: tuple[str, ...] = ()
    say: str = ""
    path: tuple[str, ...] = ()

    def concerns(self, text: str) -> str:
        """Return the service or product of this rule that *text* names, or ""."""
        return next((name for name in (*self.services, *self.products) if mentions(text, name)), "")


def read(settings: Setting, kinds: Kinds) -> tuple[Caution, ...]:
    """Return the rules under ``safety:``. Raises :class:`setting.BadSettingError`."""
    subject = kinds.named("consent").field("subject") or Field("subject")
    return tuple(_caution(item, subject) for item in settings.at("safety").items())


def _caution(setting: Setting, subject: Field) -> Caution:
    if not isinstance(setting.value, dict):
        raise setting.bad(
            _("a safety rule begins with “- services: [name, name]” or “- products: [name]”")
        )
    setting.only(*_KEYS)
    found = Caution(
        services=setting.at("services").texts(),
        products=setting.at("products").texts(),
        allergens=setting.at("allergens").texts(),
        conditions=setting.at("conditions").texts(),
        patch_test=setting.at("patch_test").text(),
        valid=_period(setting.at("valid")),
        consents=tuple(_subject(item, subject) for item in setting.at("consent").items()),
        say=setting.at("say").text(),
        path=setting.path,
    )
    if not found.services and not found.products:
        raise setting.bad(_("the safety rule names no services and no products"))
    if not (found.allergens or found.conditions or found.patch_test or found.consents):
        raise setting.bad(
            _("the safety rule asks for nothing: allergens, conditions, patch_test or consent")
        )
    return found


def _period(setting: Setting) -> Period | None:
    if not setting.text():
        return None
    try:
        return parse_period(setting.text())
    except BadValueError as error:
        raise setting.bad(str(error)) from None


def _subject(setting: Setting, field: Field) -> str:
    words = choice_words(field.choices)
    found = words.get(fold(setting.text()))
    if found is None:
        raise setting.bad(unknown_choice(setting.text(), field.choices))
    return found


class Stray(NamedTuple):
    """A service named by a rule that the catalogue does not have."""

    path: tuple[str, ...]
    message: str


def strays(cautions: Iterable[Caution], catalogue: Iterable[str]) -> list[Stray]:
    """Return the services of rules that match nothing in a catalogue; an empty one knows them all."""
    names = list(catalogue)
    return [
        Stray(caution.path, _unknown(service, names))
        for caution in cautions
        for service in caution.services
        if names and not any(mentions(name, service) for name in names)
    ]


def _unknown(service: str, names: list[str]) -> str:
    sentence = _("the safety rule names an unknown service: “{name}”").format(name=service)
    return suggesting(sentence, nearest(service, names))
