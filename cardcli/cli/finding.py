"""Finding the clients that somebody means, and the cards that hold some words.

No card is read to find a client: the index has what is shown. Words are found in cards that are read.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from itertools import islice
from json import loads
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardcli import search
from cardcli.cli import completion, options, ui
from cardcli.cli.session import Session, open_session
from cardcli.errors import BadValueError, NotFoundError
from cardcli.index import Line
from cardcli.language import _, active

if TYPE_CHECKING:
    from cardcli.fulltext import Passage, Wanted

app = typer.Typer()


def client_header() -> list[str]:
    """Return the heads of the columns of a list of clients: the first four of a line of the index."""
    return [_("Id"), _("Card number"), _("Name"), _("Phone")]


@app.command(
    "find",
    help=_(
        "Find clients, also by a mistyped name. Any part of a name, a phone, an e-mail or a number will do."
    ),
    epilog=_("Example: cardcli find ivanva"),
)
def find(
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar=_("QUERY"),
            help=_("What you remember of the client; without it you choose at the terminal."),
            autocompletion=completion.clients,
        ),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text",
            metavar=_("WORDS"),
            help=_("Find these words in entries, notes and profiles; a phrase in quotes."),
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar=_("DATE"), help=_("With --text: entries since that day.")),
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help=_("With --text: entries of that kind."))
    ] = None,
    where: options.Where = None,
    only_id: Annotated[
        bool, typer.Option("--id", help=_("Print the id only, of exactly one client."))
    ] = False,
    limit: options.Limit = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=_("Say why each client was found."))
    ] = False,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    words = " ".join(query or [])
    if text is None and (since, kind, where) != (None, None, None):
        raise BadValueError(_("--since, --kind and --where go with --text"))
    if not words and text is None and not ui.interactive():
        raise BadValueError(_("Argument {name} is missing.").format(name=_("QUERY")))
    session = open_session(store)
    if text is not None:
        ids = among(session, words, where)
        show_passages(
            session,
            asked(session, text, since, kind),
            ids,
            limit,
            as_json=as_json,
            no_header=no_header,
        )
    elif not words:
        show_chosen(session, only_id=only_id, as_json=as_json)
    elif only_id:
        ui.out(session.meant(words).id)
    else:
        show_found(session, words, limit, explain=explain, as_json=as_json, no_header=no_header)


def among(session: Session, words: str, where: str | None) -> set[str] | None:
    """Return the clients whose text is looked through: those meant, those of a query, or all (None)."""
    ids = {match.person.id for match in session.found(words)[0]} if words else None
    if where is None:
        return ids
    from cardcli.cli import querying

    asked_for = {record.card.id for record in querying.clients(session, where)}
    return asked_for if ids is None else ids & asked_for


def show_found(
    session: Session,
    words: str,
    limit: int | None,
    *,
    explain: bool,
    as_json: bool,
    no_header: bool,
) -> None:
    """Print the clients that are meant, best first."""
    matches, lines = session.found(words, limit)
    if as_json:
        ui.json([found_json(lines[match.person.id], match) for match in matches])
        return
    header, rows = client_header(), [list(lines[match.person.id][:4]) for match in matches]
    if explain:
        header.append(_("Why"))
        rows = [[*row, match.reason] for row, match in zip(rows, matches, strict=True)]
    ui.table(header, rows, no_header=no_header)


def found_json(line: Line, match: search.Match) -> dict[str, Any]:
    """Return a found client with how well it matched."""
    return {
        **loads(line.client),
        "sure": match.sure,
        "score": round(match.score, 4),
        "reason": match.reason,
    }


def show_chosen(session: Session, *, only_id: bool, as_json: bool) -> None:
    """Let the user look for a client at the terminal, and print the one that is chosen."""
    from cardcli.cli.picking import pick

    line = pick(session)
    if only_id:
        ui.out(line.id)
    elif as_json:
        ui.json(loads(line.client))
    else:
        ui.table(client_header(), [line[:4]], no_header=True)


def asked(session: Session, text: str, since: str | None, kind: str | None) -> Wanted:
    """Return what a full-text search asks for. Raises :class:`BadValueError` and BadDateError."""
    from cardcli import dates, fulltext

    day = dates.parse_date(since, dates.today()).isoformat() if since else ""
    found = fulltext.wanted(text, day, headings_of(session, kind) if kind else ())
    if not found.words and not found.phrases:
        raise BadValueError(_("there is no word in “{text}”").format(text=text))
    return found


def headings_of(session: Session, typed: str) -> Collection[str]:
    """Return the headings of the kind of entries that *typed* is: its name, or one of the headings."""
    from cardcli.fields import unknown_choice
    from cardcli.text import fold

    kinds = session.config.kinds.all
    words = {fold(word): kind for kind in kinds for word in (kind.name, *kind.headings.values())}
    if fold(typed) not in words:
        known = [(kind.name, kind.heading(active())) for kind in kinds]
        raise BadValueError(unknown_choice(typed, known))
    return words[fold(typed)].headings.values()


def show_passages(
    session: Session,
    wanted: Wanted,
    ids: Container[str] | None,
    limit: int | None,
    *,
    as_json: bool,
    no_header: bool,
) -> None:
    """Print each place where the words are, with its file and line."""
    mentioned = session.store.mentioning(wanted, ids)
    found = list(islice((pair for pair in mentioned if may_see(session, pair[1])), limit))
    session.name_broken()
    if not found:
        raise NotFoundError(_("These words are in no card."))
    if as_json:
        ui.json([passage_json(session, line, passage) for line, passage in found])
        return
    rows = [
        [f"{line.path}:{each.line}", line.id, line.name, each.date, each.text]
        for line, each in found
    ]
    ui.table([_("Where"), _("Id"), _("Name"), _("Date"), _("Text")], rows, no_header=no_header)


def may_see(session: Session, passage: Passage) -> bool:
    """Tell whether the role of this run sees a place; one with anything hidden sees entries only."""
    if not session.hidden:
        return True
    kind = session.config.kinds.of_heading(passage.section) if passage.entry else None
    return kind is not None and kind.name not in session.hidden


def passage_json(session: Session, line: Line, passage: Passage) -> dict[str, Any]:
    """Return a place where something was found."""
    kind = session.config.kinds.of_heading(passage.section) if passage.entry else None
    return {
        "id": line.id,
        "name": line.name,
        "path": line.path,
        "line": passage.line,
        "entry": passage.entry or None,
        "kind": kind.name if kind else None,
        "date": passage.date or None,
        "text": passage.text,
    }
