"""Markdown out: a folder of the cards, one note each, named after the client; a vault for Obsidian.

The notes are the cards byte for byte, so ``import`` of the folder knows every client again.
"""

from __future__ import annotations

import re

from cardcli.exchange.outgoing import Files, Going, Settings

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*#^\[\]]+')
_LONGEST = 100


def folder(going: Going, settings: Settings) -> Files:
    """Yield a note for each client, and the clients' files if they are to go out too."""
    taken: set[str] = set()
    for each in going:
        name = _NOT_IN_NAMES.sub(" ", each.card.name).strip(" .")[:_LONGEST].strip() or each.card.id
        if name.lower() in taken:
            name = f"{name} {each.card.id}"
        taken.add(name.lower())
        yield f"{name}.md", each.card.text.encode()
        if settings.with_files:
            for file in each.files:
                yield file.path, file.read()
