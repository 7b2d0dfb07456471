"""What is wrong in ``cardcli.yaml`` though it can be read: unknown words and impossible values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardcli import codes
from cardcli.errors import BadValueError
from cardcli.fields import parse_money
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.setting import Setting
from cardcli.tuples import NamedTuple

_PREFIX = re.compile(r"[^\W\d_]{1,8}")
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - a list of words
)
"""Codes of ISO 4217, list one (2025)."""


class Set(NamedTuple):
    """A problem of a setting; ``path`` leads to it (see :func:`yamlpatch.line_of`)."""

    path: tuple[str, ...]
    code: str
    message: str


def problems(settings: Setting, known: Sequence[str]) -> Iterator[Set]:
    """Yield the problems of settings that :func:`config.parse` took; *known* are all keys there are."""
    for key, setting in settings.pairs():
        if key not in known:
            yield _unknown(setting, known)
    yield from _currency(settings.at("currency"))
    yield from _region(settings.at("region"))
    prefix = settings.at("prefix")
    if prefix.text() and not _PREFIX.fullmatch(prefix.text()):
        message = _("“{key}” is up to {count} letters").format(key="prefix", count=8)
        yield Set(prefix.path, codes.SETTING, message)
    yield from _staff(settings.at("staff"))
    yield from _services(settings.at("services"), settings.at("currency").text("RUB").upper())


def _unknown(setting: Setting, known: Sequence[str]) -> Set:
    sentence = _("there is no setting “{key}”").format(key=setting.key)
    said = suggesting(sentence, nearest(setting.key, known))
    return Set(setting.path, codes.UNKNOWN_SETTING, said)


def _currency(setting: Setting) -> Iterator[Set]:
    code = setting.text().upper()
    if code and code not in CURRENCIES:
        message = _("“{value}” is no currency; write its code of three letters: RUB, EUR, KZT")
        yield Set(setting.path, codes.SETTING, message.format(value=setting.text()))


def _region(setting: Setting) -> Iterator[Set]:
    from phonenumbers import SUPPORTED_REGIONS

    code = setting.text().upper()
    if code and code not in SUPPORTED_REGIONS:
        message = _("“{value}” is no country; write its code of two letters: RU, BY, KZ")
        yield Set(setting.path, codes.SETTING, message.format(value=setting.text()))


def _staff(setting: Setting) -> Iterator[Set]:
    if isinstance(setting.value, dict):
        message = _("“staff” is a list of names: lines “- Olga”")
        yield Set(setting.path, codes.SETTING, message)
        return
    for item in setting.items():
        if not isinstance(item.value, str) or not item.value.strip():
            yield Set(item.path, codes.SETTING, _("“staff” is a list of names: lines “- Olga”"))


def _services(setting: Setting, currency: str) -> Iterator[Set]:
    if not isinstance(setting.value, dict):
        return
    for _name, each in setting.pairs():
        if isinstance(each.value, dict):
            for key, inner in each.pairs():
                if key not in {"price", "every"}:
                    yield _unknown(inner, ("price", "every"))
        price = each.at("price") if isinstance(each.value, dict) else each
        if not isinstance(price.value, str | None):
            message = _("a service has one price: 2500")
            yield Set(price.path, codes.SETTING, message)
        elif price.value:
            try:
                parse_money(price.value, currency)
            except BadValueError as error:
                yield Set(price.path, codes.SETTING, str(error))
