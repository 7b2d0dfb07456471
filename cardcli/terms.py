"""What the business decides about its clients in ``cardcli.yaml``.

::

    payments: recorded
    status: {new: 1m, sleeping: 3m, gone: 1y}
    services:
      Стрижка: {price: 2500, every: 6w}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from cardcli.dates import Period, from_iso, parse_period
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.setting import Setting
from cardcli.text import fold
from cardcli.tuples import NamedTuple

ALWAYS = dt.date.min
"""``Terms.paid_since`` of a business that records every payment."""

_SOME_DAY = dt.date(2000, 1, 1)
_MONTH, _QUARTER, _YEAR = Period(1, "m"), Period(3, "m"), Period(1, "y")


class Terms(NamedTuple):
    """The terms of a store.

    ``paid_since`` is the day from which every payment is recorded, None when only some are: see
    :mod:`cardcli.money`. ``new``, ``sleeping`` and ``gone`` are the bounds of a client's
    status, see :mod:`cardcli.status`. ``rhythms`` maps a service of the catalogue, folded, to how
    often it is usually taken.
    """

    paid_since: dt.date | None = None
    new: Period = _MONTH
    sleeping: Period = _QUARTER
    gone: Period = _YEAR
    rhythms: Mapping[str, Period] = MappingProxyType({})


def read(settings: Setting) -> Terms:
    """Read the terms of a store. Raises :class:`setting.BadSettingError`."""
    bounds, standard = settings.at("status"), Terms()
    bounds.only("new", "sleeping", "gone")
    new = _period(bounds.at("new")) or standard.new
    sleeping = _period(bounds.at("sleeping")) or standard.sleeping
    gone = _period(bounds.at("gone")) or standard.gone
    if gone.after(_SOME_DAY) <= sleeping.after(_SOME_DAY):
        raise bounds.bad(_("“gone” must be a longer time than “sleeping”"))
    return Terms(_paid_since(settings.at("payments")), new, sleeping, gone, _rhythms(settings))


def _period(setting: Setting) -> Period | None:
    text = setting.text()
    if not text:
        return None
    try:
        period = parse_period(text)
        period.after(_SOME_DAY)  # refuses what is longer than the calendar
    except BadValueError as error:
        raise setting.bad(f"{setting.key}: {error}") from None
    return period


def _paid_since(setting: Setting) -> dt.date | None:
    text = setting.text("assumed")
    if text in {"assumed", "recorded"}:
        return ALWAYS if text == "recorded" else None
    day = from_iso(text)
    if day is None:
        raise setting.bad(_("“payments” must be assumed, recorded or a day: 2026-01-01"))
    return day


def _rhythms(settings: Setting) -> dict[str, Period]:
    """Return how often the services of the catalogue are taken; many are only a name or a price."""
    services = settings.at("services")
    if not isinstance(services.value, dict):
        return {}
    said = {
        fold(name): _period(each.at("every"))
        for name, each in services.pairs()
        if isinstance(each.value, dict)
    }
    return {name: every for name, every in said.items() if every}
