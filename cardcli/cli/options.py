"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cardcli.cli import completion, querying
from cardcli.errors import BadValueError
from cardcli.language import _
from cardcli.meant import nearest, suggesting

_CLIENT = typer.Argument(
    metavar=_("CLIENT"),
    help=_("Id, card number, phone, e-mail or any part of a name."),
    autocompletion=completion.clients,
)
Client = Annotated[str, _CLIENT]
OneOrAll = Annotated[str | None, _CLIENT]
"""A client, for a command that takes all of them in another way."""
StoreDir = Annotated[
    Path | None, typer.Option("--store", metavar=_("DIR"), help=_("The folder of the store."))
]
Json = Annotated[bool, typer.Option("--json", help=_("Print JSON for programs."))]
NoHeader = Annotated[bool, typer.Option("--no-header", help=_("Leave out the header line."))]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help=_("Show at most so many."))]
Fuzzy = Annotated[
    bool, typer.Option("--fuzzy", help=_("Take a client whose name needed spelling correction."))
]
Wait = Annotated[
    float, typer.Option("--wait", min=0, help=_("Seconds to wait for another cardcli that writes."))
]
Date = Annotated[
    str | None, typer.Option("--date", metavar=_("DATE"), help=_("The day; today unless given."))
]
Time = Annotated[str | None, typer.Option("--time", metavar=_("HH:MM"), help=_("The time of day."))]
Future = Annotated[bool, typer.Option("--future", help=_("Allow a date in the future."))]
Staff = Annotated[
    str | None,
    typer.Option(
        "--staff",
        help=_("Who of the staff; CARDCLI_STAFF unless given."),
        autocompletion=completion.staff,
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field", metavar=_("KEY=VALUE"), help=_("A field of your own; may be repeated.")
    ),
]
Note = Annotated[str | None, typer.Option("--note", help=_("Free text, kept under the entry."))]
Where = Annotated[
    str | None,
    typer.Option(
        "--where",
        metavar=_("QUERY"),
        help=_("The clients for whom this is true; “cardcli help query” explains the language."),
        autocompletion=querying.complete,
    ),
]
Force = Annotated[
    bool, typer.Option("--force", help=_("Go on in spite of a safety alert; needs --reason."))
]
Reason = Annotated[
    str | None,
    typer.Option("--reason", help=_("Why it is done in spite of the alert; kept in the entry.")),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help=_("Say what would be done; change nothing."))
]
WAIT = 10.0
Role = Annotated[
    str | None,
    typer.Option(
        "--role",
        help=_("Show what this role of cardcli.yaml may see; CARDCLI_ROLE unless given."),
    ),
]


def one_of(option: str, value: str, allowed: tuple[str, ...]) -> str:
    """Return a value that is allowed. Raises :class:`BadValueError` that lists them."""
    if value not in allowed:
        sentence = _("{option}: “{value}” is not one of: {choices}.").format(
            option=option, value=value, choices=", ".join(allowed)
        )
        raise BadValueError(suggesting(sentence, nearest(value, allowed)))
    return value
