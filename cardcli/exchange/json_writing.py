"""JSON and JSON lines out: a client is an object, the card itself stands in its ``text``.

``text`` is the card as it lies on the disk, so nothing is lost on the way there and back; the other
keys say the same for programs. ``files`` names the client's files with size and SHA-256; with
``data`` (Base64, RFC 4648) when the files themselves go out too.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from cardcli import clients
from cardcli.exchange.outgoing import Attachment, Going, Outgoing, Parts, Settings

VERSION = 1
"""Of the object: raised when a key changes its meaning. Keys are only ever added."""


def lines(going: Going, settings: Settings) -> Parts:
    """Yield JSON lines: one client a line, none kept in memory."""
    return rows_as_lines(_client(each, settings) for each in going)


def array(going: Going, settings: Settings) -> Parts:
    """Yield a JSON array of clients."""
    return rows_as_array(_client(each, settings) for each in going)


def rows_as_lines(rows: Iterable[dict[str, Any]]) -> Parts:
    """Yield one object a line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def rows_as_array(rows: Iterable[dict[str, Any]]) -> Parts:
    """Yield an array of objects, indented by two."""
    before = "[\n"
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield f"{before}  {text}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _client(going: Outgoing, settings: Settings) -> dict[str, Any]:
    """Return a client; one without a path is a pseudonym, whose card is not written down anywhere."""
    found = {"cardcli": VERSION, **clients.whole(going.card, going.path)}
    if going.path:
        found["files"] = [_file(each, settings) for each in going.files]
        found["text"] = going.card.text
    return found


def _file(attachment: Attachment, settings: Settings) -> dict[str, Any]:
    data = attachment.read()
    told = {
        "path": attachment.path,
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    if settings.with_files:
        told["data"] = base64.b64encode(data).decode()
    return told
