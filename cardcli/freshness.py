"""When somebody last made sure that what a card says of the client is still so.

``confirmed:`` is set by a person; a card that was never confirmed was right on the day it was
filled in. A new entry does not count: it says what happened, not that the phone is still the same.
"""

from __future__ import annotations

import datetime as dt

from cardcli import dates
from cardcli.card import Card


def sure_since(card: Card) -> dt.date | None:
    """Return the day the profile was last confirmed or filled in, or None when the card does not say."""
    days = [dates.from_iso(card.value(key)) for key in ("confirmed", "created")]
    return max((day for day in days if day), default=None)


def stale(card: Card, today: dt.date, days: int) -> bool:
    """Tell whether nobody has confirmed a card for more than so many days; no date at all is stale."""
    day = sure_since(card)
    return day is None or (today - day).days > days
