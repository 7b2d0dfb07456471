"""What the business decides about its clients, as plain values.

``config`` reads them from ``cardcli.yaml``; the modules that answer questions over cards get them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from cardcli.dates import Period

ALWAYS = dt.date.min
"""``Terms.paid_since`` of a business that records every payment."""

_MONTH, _QUARTER, _YEAR = Period(1, "m"), Period(3, "m"), Period(1, "y")


@dataclass(frozen=True, slots=True)
class Terms:
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
    rhythms: Mapping[str, Period] = field(default_factory=dict)
