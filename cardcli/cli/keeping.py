"""Commands that keep a store in order: layout, file names, deleted clients, git's own upkeep."""

from __future__ import annotations

import functools
from pathlib import PurePosixPath
from typing import Annotated

import typer

from cardcli import clients, config, disk, plumbing, search, sync, yamlpatch
from cardcli.card import Card, parse
from cardcli.cli import options, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import AmbiguousError, Session, UnknownClientError, open_session
from cardcli.cli.telling import Step
from cardcli.commits import Message
from cardcli.errors import BadCardError, NotFoundError
from cardcli.language import _, ngettext
from cardcli.merge import trees
from cardcli.store import CARDS, FILES, Store
from cardcli.text import fold

app = typer.Typer()


@app.command(
    "reshard",
    help=_("Move all cards to the other layout, in one commit: 32 folders, or one."),
    epilog=_("Example: cardcli reshard sharded"),
)
def reshard(
    layout: Annotated[str, typer.Argument(metavar="flat|sharded", help=_("The new layout."))],
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    wanted = one_of("reshard", layout, config.LAYOUTS)

    def steps() -> list[Step]:
        return [Step(path, card, card) for card, path in moves_to(session, wanted).values()]

    planned = functools.cache(steps)
    session.before("reshard", planned)
    with session.store.locked("reshard"):
        moved = move_all(session, wanted)
    ui.say(ngettext("{count} card moved", "{count} cards moved", moved).format(count=moved))
    session.after("reshard", planned)


def moves_to(session: Session, layout: str) -> dict[str, tuple[Card, str]]:
    """Return path -> (card, new path) of the cards that lie elsewhere than the layout says."""
    moves = {}
    for record in session.records():
        name = PurePosixPath(record.path).name
        folder = f"{CARDS}/{record.card.id[-1]}" if layout == "sharded" else CARDS
        if record.path != f"{folder}/{name}":
            moves[record.path] = (record.card, f"{folder}/{name}")
    return moves


def move_all(session: Session, layout: str) -> int:
    """Move the cards, write the layout into the settings, commit; return how many moved."""
    store = session.store
    if store.uses_git:
        sync.commit_leftovers(store)  # so that “undo” takes back the moves alone
    moves = {old: new for old, (_card, new) in moves_to(session, layout).items()}
    settings = disk.read_text(store.root / config.FILE)
    store.commits.note([config.FILE, *moves, *moves.values()])
    disk.write(store.root / config.FILE, yamlpatch.patch(settings, "layout", layout).encode())
    for old, new in moves.items():
        disk.move(store.root / old, store.root / new)
    store.commits.commit([], str(Message("reshard")))
    return len(moves)


@app.command(
    "rename-file",
    help=_("Name the file of a card after the client again; the id in it stays."),
    epilog=_("Example: cardcli rename-file petrova"),
)
def rename_file(
    client: options.Client,
    fuzzy: options.Fuzzy = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    new = session.store.path_for(record.card.name, record.card.id)
    steps = [Step(new, record.card, record.card)] if new != record.path else []
    if steps:
        session.before("rename-file", lambda: steps)
    with session.store.locked("rename-file"):
        if new != record.path:
            session.store.commits.handwork([record.path])
            session.store.commits.note([record.path, new])
            disk.move(session.store.root / record.path, session.store.root / new)
            message = Message("rename-file", record.card.id)
            session.store.commits.commit([record.path, new], str(message))
    if steps:
        session.after("rename-file", lambda: steps)
    ui.out(str(session.store.root / new))


@app.command(
    "trash",
    help=_("Take a client out of the store, with all files. “restore” brings them back."),
    epilog=_("Example: cardcli trash k7f3qd"),
)
def trash(
    client: options.Client,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    fuzzy: options.Fuzzy = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    question = _("Take {client} out?").format(client=session.label(record.card))
    if not yes and ui.interactive() and not ui.confirm(question):
        raise typer.Abort
    steps = [Step(record.path, record.card, None)]
    session.before("trash", lambda: steps)
    folder = session.store.root / FILES / record.card.id
    with session.store.locked("trash"):
        sync.commit_leftovers(session.store)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        paths = [record.path, *(path.relative_to(session.store.root).as_posix() for path in files)]
        session.store.commits.note(paths)
        for path in paths:
            disk.remove(session.store.root / path)
        message = Message("trash", record.card.id, staff=session.staff(None))
        session.store.commits.commit(paths, str(message))
    session.after("trash", lambda: steps)
    ui.say(
        _("taken out: {client}. Back with: cardcli restore {id}").format(
            client=session.label(record.card), id=record.card.id
        )
    )


@app.command(
    "restore",
    help=_("Bring back a client that was taken out; without a name, list them."),
    epilog=_("Example: cardcli restore k7f3qd"),
)
def restore(
    client: Annotated[
        str | None, typer.Argument(metavar=_("[CLIENT]"), help=_("Id or any part of the name."))
    ] = None,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    gone = deleted(session)
    if client is None:
        for card_id, (_commit, card) in gone.items():
            ui.out(f"{card_id}\t{card.number}\t{card.name}")
        return
    card_id = meant(session, client, {key: card for key, (_commit, card) in gone.items()})
    card = gone[card_id][1]
    steps = [Step(session.store.path_for(card.name, card.id), None, card)]
    session.before("restore", lambda: steps)
    with session.store.locked("restore"):
        paths = bring_back(session.store, card_id, gone[card_id][0])
        message = Message("restore", card_id, staff=session.staff(None))
        session.store.commits.commit(paths, str(message))
    session.after("restore", lambda: steps)
    for path in paths:
        ui.out(str(session.store.root / path))


def deleted(session: Session) -> dict[str, tuple[str, Card]]:
    """Return the cards that are no more: id to the commit that took each out, and its last state.

    A card that was joined with another is not among them: “unmerge” brings it back.
    """
    git = session.store.git
    output = git.run(
        "log",
        "-z",
        "--diff-filter=D",
        "--no-renames",
        "--name-only",
        "--format=%x1e%H",
        "--",
        CARDS,
    )
    there = {trees.card_id(path.as_posix()) for path in session.store.paths()}
    there |= set(session.store.ask(lambda snapshot: snapshot.ids()))
    last: dict[str, tuple[str, str]] = {}
    for block in output.decode("utf-8", "surrogateescape").split("\x1e")[1:]:
        commit_id, *paths = (word.strip("\n") for word in block.split("\0") if word.strip("\n"))
        for path in paths:
            card_id = trees.card_id(path)
            if card_id and card_id not in there:
                last.setdefault(card_id, (commit_id, path))
    blobs = git.contents([f"{commit_id}^:{path}" for commit_id, path in last.values()])
    found = {}
    for (card_id, (commit_id, _path)), data in zip(last.items(), blobs, strict=True):
        try:
            card = parse((data or b"").decode("utf-8", "replace"), session.config.kinds)
        except BadCardError:
            card = Card("", {"id": card_id})
        found[card_id] = (commit_id, card)
    return found


def meant(session: Session, query: str, gone: dict[str, Card]) -> str:
    """Return the id of the deleted client that *query* means; never guesses between two."""
    if fold(query) in gone:
        return fold(query)
    matches = search.rank(
        query,
        [
            clients.person(clients.summary(card, ""), clients.last_visit(card))
            for card in gone.values()
            if card.name
        ],
    )
    clear = search.clear(matches)
    if clear:
        return clear.person.id
    if not matches:
        raise UnknownClientError(query, [])
    raise AmbiguousError(
        query, [session.label(gone[match.person.id]) for match in matches], guess=False
    )


def bring_back(store: Store, card_id: str, commit_id: str) -> list[str]:
    """Write the card and its files as they were before a commit; return their paths."""
    root = plumbing.top(store.git)
    old = [
        step.old
        for step in plumbing.changes(store.git, f"{commit_id}^", commit_id)
        if step.old and not step.new
    ]
    own = [
        file
        for file in old
        if trees.card_id(file.path) == card_id or f"{FILES}/{card_id}/" in file.path
    ]
    if not own:
        raise NotFoundError(_("git does not have the card {id} any more.").format(id=card_id))
    paths = [(root / file.path).relative_to(store.root).as_posix() for file in own]
    store.commits.note(paths)
    for file, data in zip(own, store.git.contents([file.blob for file in own]), strict=True):
        disk.write(root / file.path, data or b"", new=True)
    return paths


@app.command(
    "maintenance",
    help=_("Let git tidy up, so that histories stay fast. Safe to run from a timer."),
    epilog=_("Example: cardcli maintenance"),
)
def maintenance(store: options.StoreDir = None) -> None:
    session = open_session(store)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    git = session.store.git
    git.run("gc", "--quiet")
    git.run("commit-graph", "write", "--reachable", "--changed-paths", "--no-progress")
    for folder in (session.store.root / CARDS, session.store.root):
        disk.sweep(folder)
