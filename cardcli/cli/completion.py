"""What the shell completes: clients, tags, services, staff, from the index alone.

A client is completed to a name and an id without blanks, «Иванова_Мария_Петровна_k7f3qd»: it begins
as it was typed, needs no quotes and means exactly one client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from cardcli import config
from cardcli.errors import CardcliError
from cardcli.index import SERVICE, STAFF, TAG, Snapshot

_MOST = 50


def clients(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a client by any word of the name, an id or a card number."""
    from cardcli.search.letters import canonical
    from cardcli.search.people import Kind
    from cardcli.text import fold

    first = incomplete.split("_", maxsplit=1)[0]

    def question(snapshot: Snapshot) -> list[str]:
        found = {row[0]: row[2] for row in snapshot.beginning(fold(first), _MOST)}
        if len(found) < _MOST:
            words = snapshot.starting(Kind.NAME, canonical(first))
            keys = snapshot.bearers((Kind.NAME, word) for word in words)
            people = snapshot.people(sorted(keys)[:_MOST])
            found |= {person.id: person.names[0] for person in people}
        named = [spelled(f"{name} {card_id}", incomplete) for card_id, name in found.items()]
        ids = snapshot.starting(Kind.ID, incomplete) if incomplete else []
        return [*filter(None, named), *ids[:_MOST]]

    return _answered(ctx, question)


def spelled(name: str, incomplete: str) -> str:
    """Return a name that goes on as *incomplete* begins, with the word that was typed first, or ""."""
    words = name.split()
    typed = _plain(incomplete)
    for place in range(len(words)):
        ordered = "_".join([words[place], *words[:place], *words[place + 1 :]])
        if _plain(ordered).startswith(typed):
            return incomplete + ordered[len(incomplete) :]
    return ""


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")


def tags(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a tag that some client has."""
    return _words(ctx, TAG, incomplete)


def services(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a service of the catalogue, or one that was rendered when there is no catalogue."""
    return _words(ctx, SERVICE, incomplete)


def staff(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete somebody of the staff."""
    return _words(ctx, STAFF, incomplete)


def papers(incomplete: str) -> list[str]:
    """Complete a paper or a sheet of labels."""
    from cardcli.papers import LABELS, PLAIN

    typed = _plain(incomplete)
    found = (name for name in (*PLAIN, *LABELS) if name.lower().startswith(typed))
    return [incomplete + name[len(incomplete) :] for name in found]


def templates(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete a template, built-in or of the store."""
    from cardcli.cli.session import open_session
    from cardcli.printing import templates as found
    from cardcli.store import TEMPLATES

    try:
        root = open_session(_folder(ctx.params.get("store"))).store.root
    except CardcliError:
        return []
    names = found.names(found.folders([root / TEMPLATES]), "pdf")
    return [name for name in names if name.startswith(incomplete)]


def _words(ctx: typer.Context, code: int, incomplete: str) -> list[str]:
    typed = _plain(incomplete)

    def question(snapshot: Snapshot) -> list[str]:
        found = (word for word in snapshot.hints(code, "") if _plain(word).startswith(typed))
        return [incomplete + word[len(incomplete) :] for word in found]

    return _answered(ctx, question)


def _answered(ctx: typer.Context, question: Callable[[Snapshot], list[str]]) -> list[str]:
    """Ask the store of the command line; whatever is wrong, nothing is completed."""
    from cardcli.cli.session import open_session

    try:
        session = open_session(_folder(ctx.params.get("store")))
        return list(_quoted(session.store.ask(question), session.environment))
    except CardcliError:
        return []


def _folder(given: object) -> Path | None:
    return Path(str(given)) if given else None


def _quoted(words: Iterable[str], environment: config.Environment) -> Iterable[str]:
    """Write blanks as the shell wants them; bash alone takes what it is given as it stands."""
    bash = environment.variables.get("_CARDCLI_COMPLETE", "").endswith("bash")
    return (word.replace(" ", "\\ ") if bash else word for word in words)
