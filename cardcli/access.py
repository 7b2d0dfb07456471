"""What a role of the staff may see of a card: everything but what ``cardcli.yaml`` hides from it.

This keeps what need not be seen off a screen or a sheet of paper. It is no lock: who can read the
files can read all of them; give folders and remotes the rights you mean.
"""

from __future__ import annotations

from collections.abc import Collection

from cardcli import card as cards
from cardcli.card import Card
from cardcli.kinds import PROSE


def seen(card: Card, hidden: Collection[str]) -> Card:
    """Return *card* without the keys and the kinds of entries in *hidden*, with their sections.

    ``prose`` in *hidden* stands for all that the user wrote outside the sections of the kinds.
    """
    if not hidden:
        return card
    lines = list(card.lines)
    for section in reversed(card.sections):
        kind = card.kinds.of_heading(section.heading)
        if (kind.name if kind else PROSE) in hidden:
            del lines[section.start : section.end]
    visible = cards.parse("\n".join(lines), card.kinds)
    for key in hidden:
        if key in visible.metadata:
            visible = cards.parse(cards.set_key(visible, key, None), card.kinds)
    return visible
