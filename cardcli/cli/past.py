"""Commands about what was: taking back, comparing, who wrote what."""

from __future__ import annotations

import functools
from collections import Counter
from typing import Annotated, Any

import typer

from cardcli import changes, disk, plumbing, sync, undo
from cardcli.card import Card, parse
from cardcli.cli import options, telling, ui
from cardcli.cli.reading import card_steps, local_time
from cardcli.cli.session import Session, open_session
from cardcli.cli.telling import Step
from cardcli.cli.values import change_json
from cardcli.errors import BadCardError, NotFoundError
from cardcli.git import Commit, GitError
from cardcli.language import _
from cardcli.merge import trees
from cardcli.record import Record

app = typer.Typer()


@app.command(
    "undo",
    help=_(
        "Take back the last command, or the one you name, also after others changed the card since."
    ),
    epilog=_("Example: cardcli undo"),
)
def take_back(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[N|COMMIT]"), help=_("The last command but so many, or a commit; the last.")
        ),
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option("--merge", help=_("Take back what can be; what was changed since stays.")),
    ] = False,
    dry_run: options.DryRun = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    sync.refuse_unfinished(session.store)
    command = undo.command(session.store, what or "")
    ui.say(
        _("taking back: {subject}, {when}, {who}").format(
            subject=command.subject,
            when=local_time(command.when),
            who=command.staff or command.author,
        )
    )
    if dry_run:
        made = undo.plan(session.store, command)
    else:
        try:
            made = _undone(session, command, anyway=anyway)
        except undo.CannotUndoError as error:
            if anyway or isinstance(error, undo.NoCommandError):
                raise
            ui.error(str(error))
            words = _("“cardcli undo {commit} --merge” takes back the rest.")
            ui.say(words.format(commit=command.commit[:10]))
            raise typer.Exit(error.code) from None
    for words, count in Counter(made.words).items():  # an import has made a thousand cards
        ui.out(words if count == 1 else f"{words} ×{count}")
    for reason in made.changed_since:
        ui.warn(reason)
    if not made.words:
        ui.say(_("nothing is left of it to take back"))


def _undone(session: Session, command: undo.Command, *, anyway: bool) -> undo.Plan:
    """Take a command back, asking and telling the hooks. Raises undo.CannotUndoError."""
    steps = functools.cache(functools.partial(steps_of, session, command, anyway=anyway))
    session.before("undo", steps)
    if session.hooks.of("post-undo"):
        steps()  # what changes is seen only while it is not done
    made = undo.apply(session.store, command, session.staff(None), anyway=anyway)
    if made.files:
        session.after("undo", steps)
    return made


def steps_of(session: Session, command: undo.Command, *, anyway: bool) -> list[Step]:
    """Return what taking a command back makes of the cards. Raises undo.CannotUndoError."""
    made = undo.plan(session.store, command)
    if made.changed_since and not anyway:
        raise undo.CannotUndoError(command, made.changed_since)
    root = plumbing.top(session.store.git)

    def now(path: str) -> bytes | None:
        return disk.read_bytes(root / path) if (root / path).is_file() else None

    return telling.steps_between(session.config.kinds, now, made.files.get, made.files)


@app.command(
    "diff",
    help=_("Tell in words what changed in a card since a commit, a print or the last commit."),
    epilog=_("Example: cardcli diff ivanova 5f3c2a10"),
)
def diff(
    client: options.Client,
    revision: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[REV]"),
            help=_("A commit, or the eight characters printed on a card; the last commit."),
        ),
    ] = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    record = session.resolve(client)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    old = card_at(session, record, revision or "HEAD")
    found = changes.between(old, record.card, session.config.currency)
    if as_json:
        ui.json([change_json(each) for each in found])
        return
    for each in found:
        ui.out(each.words)


def card_at(session: Session, record: Record, revision: str) -> Card | None:
    """Return a card as it was in a commit, or as the print that shows *revision* says.

    Raises :class:`NotFoundError` for what is neither.
    """
    git = session.store.git
    commit = plumbing.resolve(git, revision)
    if commit:
        data = _content_at(session, record, commit)
        return None if data is None else _parsed(session, data)
    try:
        data = git.run("cat-file", "blob", revision)
    except GitError:
        raise NotFoundError(
            _("“{revision}” is no commit and no printed revision of this store.").format(
                revision=revision
            )
        ) from None
    return _parsed(session, data)


def _content_at(session: Session, record: Record, commit: str) -> bytes | None:
    """Return the file of a card in a commit, also where it had another name then."""
    git = session.store.git
    (data,) = git.contents([f"{commit}:./{record.path}"])
    if data is None:
        blobs = [
            blob
            for path, blob in plumbing.files(git, commit)
            if trees.card_id(path) == record.card.id
        ]
        (data,) = git.contents(blobs[:1]) or [None]
    return data


def _parsed(session: Session, data: bytes) -> Card:
    text = data.decode("utf-8", "replace")
    try:
        return session.seen(Record("", parse(text, session.config.kinds))).card
    except BadCardError:
        return Card(text, {})


@app.command(
    "blame",
    help=_("Tell who wrote each value of a card, and when."),
    epilog=_("Example: cardcli blame ivanova"),
)
def blame(
    client: options.Client,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    record = session.resolve(client)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    rows = blamed(session, record)
    if as_json:
        ui.json(rows)
        return
    ui.table(
        [_("When"), _("Who"), _("Entry"), _("Field"), _("Value")],
        [
            [
                local_time(row["when"]) if row["when"] else _("not committed"),
                row["who"],
                row["entry"] or "",
                row["field"],
                row["value"],
            ]
            for row in rows
        ],
        no_header=no_header,
    )


def blamed(session: Session, record: Record) -> list[dict[str, Any]]:
    """Return each value of a card with who wrote it last: profile, then entries by field."""
    commits = session.store.git.history(record.path)
    authors: dict[tuple[str, str], Commit] = {}
    for commit, made in zip(commits, card_steps(session, commits), strict=True):
        for each in made:
            authors.setdefault((each.entry, each.key), commit)
    created = commits[-1] if commits else None
    rows = [
        _row(authors.get(("", key), created), "", key, ", ".join(record.card.values(key)))
        for key in record.card.metadata
    ]
    for entry in record.card.entries:
        added = authors.get((entry.id, ""), created)
        said = {"date": entry.date, "time": entry.time, "title": entry.title}
        said |= {**entry.fields, "text": entry.text}
        rows += [
            _row(authors.get((entry.id, key), added), entry.id, key, value)
            for key, value in said.items()
            if value
        ]
    return rows


def _row(commit: Commit | None, entry: str, key: str, value: str) -> dict[str, Any]:
    return {
        "when": commit.when if commit else None,
        "who": (commit.staff or commit.author) if commit else "",
        "commit": commit.id if commit else None,
        "entry": entry or None,
        "field": key,
        "value": value,
    }
