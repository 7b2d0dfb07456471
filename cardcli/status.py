"""Whether a client is new, active, sleeping or gone, by the terms of the business.

A client is seen on the day of a visit or a purchase; before the first one, on the day the card was
filled in. Not seen for longer than ``gone``: gone; for longer than ``sleeping``: sleeping; first
seen within ``new``, or never served yet: new; otherwise active. A status set by hand in the card
(``status:``, with its reason in ``status_reason:``) is shown first, with the computed one beside.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cardcli import dates
from cardcli.card import Card
from cardcli.errors import BadValueError
from cardcli.fields import Rules
from cardcli.profile import STATUSES
from cardcli.terms import Terms


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a client: keys of :data:`cardcli.profile.STATUSES`.

    ``computed`` follows from the terms; ``manual`` and ``reason`` are what somebody decided, or "".
    ``seen`` is the day it was reckoned from, None when the card says nothing.
    """

    computed: str
    manual: str = ""
    reason: str = ""
    seen: dt.date | None = None

    @property
    def key(self) -> str:
        """Return the status that counts."""
        return self.manual or self.computed


def of(card: Card, rules: Rules, terms: Terms) -> Status:
    """Return the status of a client on ``rules.today``."""
    today = rules.today.isoformat()
    served = [
        each.date for each in card.entries if each.kind in {"visit", "sale"} and each.date <= today
    ]
    first = dates.from_iso(min(served, default=""))
    seen = dates.from_iso(max(served, default=card.value("created")))
    manual = card.value("status")
    return Status(
        _computed(first, seen, rules.today, terms),
        manual if manual in dict(STATUSES) else "",
        card.value("status_reason"),
        seen,
    )


def _computed(first: dt.date | None, seen: dt.date | None, today: dt.date, terms: Terms) -> str:
    if seen and _since(terms.gone, today) > seen:
        return "gone"
    if seen and _since(terms.sleeping, today) > seen:
        return "sleeping"
    return "new" if first is None or first >= _since(terms.new, today) else "active"


def _since(period: dates.Period, today: dt.date) -> dt.date:
    """Return the first day that still lies within the period; the first day there is for a huge one."""
    try:
        return period.after(today, -1)
    except BadValueError:
        return dt.date.min
