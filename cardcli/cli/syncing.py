"""Commands for several workplaces: sync, clone, status, settle."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import config, disk, mergesetup, plumbing, settling, sync
from cardcli.cli import options, telling, ui
from cardcli.cli.clients import checked
from cardcli.cli.recording import amended
from cardcli.cli.session import Session, open_session
from cardcli.cli.starting import checked_prefix
from cardcli.cli.telling import Step
from cardcli.entry import Entry
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.git import Git, GitError
from cardcli.joining import Joined
from cardcli.language import _, ngettext
from cardcli.merge import Difference, trees
from cardcli.record import Record
from cardcli.store import Edit, open_store
from cardcli.text import clean_line

app = typer.Typer()


class UndecidedError(CardcliError):
    """Nobody said which difference to settle, or how, and there is nobody to ask."""

    code = ExitCode.AMBIGUOUS

    def __init__(self, waiting: Sequence[str]) -> None:
        sentence = _(
            "Say which difference to settle and what is to stand (--keep ours, theirs, both or another value):"
        )
        super().__init__("\n".join([sentence, *(f"  {line}" for line in waiting)]))


@app.command(
    "sync",
    help=_("Exchange changes with the other workplaces. Nothing is lost, nothing is asked."),
    epilog=_("Example: cardcli sync --setup /media/stick/salon.git"),
)
def sync_store(
    remote: Annotated[
        str | None,
        typer.Option(
            "--remote", metavar=_("PLACE"), help=_("Where to; the usual place if left out.")
        ),
    ] = None,
    setup: Annotated[
        str | None,
        typer.Option(
            "--setup",
            metavar=_("PLACE"),
            help=_("Set up the usual place first: an address, or a folder on a stick or a share."),
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Say what would be exchanged; change nothing."))
    ] = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    if setup:
        sync.refuse_unfinished(session.store)
        sync.set_up(session.store, setup)
    progress = ui.say if ui.interactive() and not as_json else _silent
    before = ""
    if not dry_run:
        sync.refuse_unfinished(session.store)
        session.before("sync", list)
        before = plumbing.resolve(session.store.git, "HEAD")
    report = sync.run(session.store, remote, progress, dry_run=dry_run)
    if as_json:
        ui.json(report_json(report))
    for line in [] if as_json else report_lines(session, report, dry_run=dry_run):
        ui.out(line)
    if not dry_run:
        session.after("sync", functools.partial(came_in, session, before, report))


def came_in(session: Session, before: str, report: sync.Report) -> list[Step]:
    """Return what the cards that came in were at the commit *before*, and what they are now."""
    paths = _cards(report.came)
    specs = [f"{commit}:{path}" for commit in (before, "HEAD") for path in paths]
    found = dict(zip(specs, session.store.git.contents(specs), strict=True))
    return telling.steps_between(
        session.config.kinds,
        lambda path: found[f"{before}:{path}"],
        lambda path: found[f"HEAD:{path}"],
        paths,
    )


def _silent(_words: str) -> None:
    pass


def _cards(paths: list[str]) -> list[str]:
    return sorted({path for path in paths if trees.is_card(path)})


def report_json(report: sync.Report) -> dict[str, Any]:
    """Return what a sync did, for programs."""
    return {
        "remote": report.remote,
        "committed": report.committed,
        "came": sorted(set(report.came)),
        "went": sorted(set(report.went)),
        "differences": [
            {
                "card": card,
                "id": each.id,
                "entry": each.entry or None,
                "field": each.field,
                "kept": each.kept,
                "other": each.other,
            }
            for joined in report.joined
            for card, each in joined.differences
        ],
        "renumbered": [
            {"card": each.card, "old": each.old, "new": each.new}
            for joined in report.joined
            for each in joined.renumbered
        ],
        "carried": [
            {"old": old, "card": card} for joined in report.joined for old, card in joined.carried
        ],
        "returned": [card for joined in report.joined for card in joined.returned],
        "by_lines": [path for joined in report.joined for path in joined.by_lines],
        "copies": [path for joined in report.joined for path in joined.copies],
    }


def report_lines(session: Session, report: sync.Report, *, dry_run: bool = False) -> list[str]:
    """Return what a sync did in words."""
    differences = [pair for joined in report.joined for pair in joined.differences]
    lines = [("≈ " if dry_run else "") + ", ".join(_counts(report, len(differences)))]
    lines += [difference_line(session, card, each) for card, each in differences]
    for joined in report.joined:
        lines += _joined_lines(session, joined)
    if not report.taken_by_them:
        lines.append(
            _("{remote} is somebody's work folder; it takes from you when it syncs").format(
                remote=report.remote
            )
        )
    return lines


def _counts(report: sync.Report, differences: int) -> list[str]:
    came, went = len(_cards(report.came)), len(_cards(report.went))
    counts = [
        ngettext("{count} card came in", "{count} cards came in", came).format(count=came),
        ngettext("{count} card went out", "{count} cards went out", went).format(count=went),
    ]
    if differences:
        words = ngettext(
            "{count} difference to settle", "{count} differences to settle", differences
        )
        counts.append(words.format(count=differences))
    return counts


def _joined_lines(session: Session, joined: Joined) -> Iterator[str]:
    """Yield what a person should know of a merge, apart from the differences."""
    for each in joined.renumbered:
        words = _("{card}: the number {old} was given twice, this card now has {new}")
        yield words.format(card=_name(session, each.card), old=each.old, new=each.new)
    for old, card in joined.carried:
        words = _(
            "{old} was joined with {card} meanwhile; what was added to the old card went there"
        )
        yield words.format(old=old, card=_name(session, card))
    for card in joined.returned:
        words = _(
            "{card}: taken out at one workplace and changed at the other, so the card stays; once more: cardcli trash {id}"
        )
        yield words.format(card=_name(session, card), id=card)
    for path in joined.by_lines:
        words = _("{path}: not understood, the lines of both sides stand in it; look at it")
        yield words.format(path=path)
    for path in joined.copies:
        words = _("{path}: the other version of a file that both sides changed")
        yield words.format(path=path)


def difference_line(session: Session, card_id: str, difference: Difference) -> str:
    """Return one new difference in words."""
    return "  " + _("{card}, {field}: {kept} stands, the other is {other}").format(
        card=_name(session, card_id),
        field=settling.label(session.config.kinds, difference.entry, difference.field),
        kept=" ".join(difference.kept.split()),
        other=" ".join(difference.other.split()),
    )


def _name(session: Session, card_id: str) -> str:
    try:
        return session.label(session.store.by_id(card_id).card)
    except NotFoundError:
        return card_id


@app.command(
    "clone",
    help=_("Make a new workplace: a copy of a store that exchanges changes with its original."),
    epilog=_("Example: cardcli clone /media/stick/salon.git salon --prefix B"),
)
def clone(
    place: Annotated[str, typer.Argument(metavar=_("PLACE"), help=_("An address or a folder."))],
    folder: Annotated[Path, typer.Argument(metavar=_("DIR"), help=_("The new folder."))],
    prefix: Annotated[
        str | None,
        typer.Option("--prefix", help=_("Letters before the card numbers of this workplace.")),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help=_("Who works here, for the history."))
    ] = None,
) -> None:
    letters = checked_prefix(prefix) if prefix is not None else ""
    source = str(Path(place).expanduser().resolve()) if sync.is_folder(place) else place
    target = folder.resolve()
    variables = config.environment().variables
    if target.exists() and any(target.iterdir()):
        raise disk.AlreadyThereError(target)
    disk.make_folder(target.parent)
    try:
        Git(target.parent, config.git_environment(variables)).run(
            "clone", "--quiet", source, str(target)
        )
    except GitError as error:
        raise sync.NoSourceError(place, error.output) from None
    store = open_store(target, variables)
    mergesetup.ensure(store)
    if letters:
        store.set_prefix(letters)
    if name:
        store.git.run("config", "user.name", clean_line(name))
        store.git.run("config", "user.email", "cardcli@localhost")
    ui.say(_("A new workplace: {path}").format(path=target))
    if not letters:
        ui.say(_("Give it card numbers of its own with --prefix; else “sync” settles clashes."))


@app.command(
    "status",
    help=_("Say what is not committed, not sent, and what differences wait to be settled."),
    epilog=_("Example: cardcli status"),
)
def status(as_json: options.Json = False, store: options.StoreDir = None) -> None:
    session = open_session(store)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    found = status_of(session)
    if as_json:
        ui.json(found)
        return
    for line in status_lines(found):
        ui.out(line)


def status_of(session: Session) -> dict[str, Any]:
    """Return the state of a workplace."""
    store = session.store
    branch = plumbing.branch(store.git)
    remotes = store.git.run("remote").decode().split()
    remote = "origin" if "origin" in remotes else next(iter(remotes), None)
    unsent = None
    if remote and plumbing.resolve(store.git, f"refs/remotes/{remote}/{branch}"):
        count = store.git.run("rev-list", "--count", f"refs/remotes/{remote}/{branch}..HEAD")
        unsent = int(count)
    return {
        "branch": branch or None,
        "unfinished": store.git.unfinished() or None,
        "remote": remote,
        "uncommitted": sync.changed_paths(store),
        "unsent": unsent,
        "to_settle": [
            {"card": record.card.id, "name": record.card.name, **_difference_json(record, each)}
            for record in session.records()
            for each in settling.of(record.card)
        ],
    }


def _difference_json(record: Record, each: Entry) -> dict[str, str | None]:
    return {
        "id": each.id,
        "entry": each.fields.get("of"),
        "field": settling.key(each),
        "label": settling.label_of(record.card, each),
        "kept": settling.kept(record.card, each),
        "other": settling.other(each),
    }


def status_lines(found: dict[str, Any]) -> list[str]:
    """Return the state of a workplace in words; nothing to say is one line."""
    lines = [_("not committed: {path}").format(path=path) for path in found["uncommitted"]]
    if found["unfinished"]:
        lines.append(_("begun and not finished: git {what}").format(what=found["unfinished"]))
    if not found["remote"]:
        lines.append(_("no other place is set up (cardcli sync --setup PLACE)"))
    elif found["unsent"] is None:
        lines.append(_("nothing was ever sent to {remote}").format(remote=found["remote"]))
    elif found["unsent"]:
        lines.append(
            ngettext(
                "{count} change not sent to {remote}",
                "{count} changes not sent to {remote}",
                found["unsent"],
            ).format(count=found["unsent"], remote=found["remote"])
        )
    lines += [
        _("to settle: {card}  {name}  ^{id}  {field}: {kept} | {other}").format(
            card=each["card"],
            name=each["name"],
            id=each["id"],
            field=each["label"],
            kept=" ".join(each["kept"].split()),
            other=" ".join(each["other"].split()),
        )
        for each in found["to_settle"]
    ]
    return lines or [_("Everything is committed and sent, nothing to settle.")]


@app.command(
    "settle",
    help=_("Settle a difference after a merge: which of two values stands in the card."),
    epilog=_("Example: cardcli settle ivanova --keep theirs"),
)
def settle(
    client: options.Client,
    difference: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[DIFFERENCE]"), help=_("The id of its line, if there are several.")
        ),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="ours|theirs|both|" + _("VALUE"),
            help=_("What stands in the card; the value that does not; both; or another one."),
        ),
    ] = None,
    fuzzy: options.Fuzzy = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    waiting = list(settling.of(record.card))
    if difference is not None:
        waiting = [settling.find(record.card, difference)]
    if not waiting:
        raise NotFoundError(_("There is nothing to settle in this card."))
    if not ui.interactive() and (keep is None or len(waiting) > 1):
        raise UndecidedError([settle_line(record, each) for each in waiting])
    for each in waiting:
        choice = keep if keep is not None else ask(record, each)
        if choice is not None:
            apply(session, record, each, choice)


def settle_line(record: Record, each: Entry) -> str:
    """Return a difference on one line: id, field, the value that stands, the other."""
    kept, other = settling.kept(record.card, each), settling.other(each)
    field = settling.label_of(record.card, each)
    return f"^{each.id}  {field}: {' '.join(kept.split()) or '—'} | {' '.join(other.split())}"


def ask(record: Record, each: Entry) -> str | None:
    """Ask what to keep; None leaves the difference as it is."""
    kept, other = settling.kept(record.card, each), settling.other(each)
    field = settling.label_of(record.card, each)
    chosen = ui.choose(
        _("{field}: which one?").format(field=field), [kept or "—", other, _("both")]
    )
    return None if chosen is None else (settling.OURS, settling.THEIRS, settling.BOTH)[chosen]


def apply(session: Session, record: Record, each: Entry, choice: str) -> None:
    """Settle one difference and say what stands now."""

    def edit(card: Any) -> Edit:
        if choice in {settling.OURS, settling.THEIRS, settling.BOTH}:
            return Edit(settling.keep(card, each, choice), each.id)
        return Edit(
            settling.settle(card, each, checked_value(session, record, each, choice)), each.id
        )

    saved = session.change(record, edit, "settle", session.staff(None))
    now = settling.kept(saved.record.card, each)
    field = settling.label_of(record.card, each)
    ui.say(_("settled: {field}: {value}").format(field=field, value=now or "—"))
    session.saved(saved)


def checked_value(session: Session, record: Record, each: Entry, typed: str) -> str:
    """Return a new value as it is stored; it is checked as everywhere."""
    key, entry_id = settling.key(each), each.fields.get("of", "")
    if not entry_id:
        return checked(session, session.config.profile.field(key), typed)
    changed = amended(session, record.card.entry(entry_id), {key: typed}, future=True)
    return str(getattr(changed, key)) if hasattr(changed, key) else changed.fields.get(key, "")
