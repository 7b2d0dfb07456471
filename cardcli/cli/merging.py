"""Commands that make two clients one, and one client two again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cardcli import card as cards
from cardcli import changes, clientmerge, duplicates, settling, sync, uniting
from cardcli.card import Card
from cardcli.changes import describe
from cardcli.cli import options, ui
from cardcli.cli.likeness import against, person_of
from cardcli.cli.session import NotCommittedError, Session, open_session
from cardcli.cli.telling import Step
from cardcli.cli.values import card_json, change_json, entry_json
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _, ngettext
from cardcli.record import Record
from cardcli.search import Directory
from cardcli.uniting import KEPT, OTHER, Contested, United

app = typer.Typer()
Choices = dict[str, str]


class ApartError(CardcliError):
    """Two clients were found not to be the same person, and now they are to be joined."""

    code = ExitCode.UNSAFE

    def __init__(self, one: Card, two: Card) -> None:
        sentence = _(
            "{one} and {two} are noted as two different people; nothing was changed. If that was a mistake: cardcli dupes {one} {two} --same"
        )
        super().__init__(sentence.format(one=one.id, two=two.id))


class BadChoiceError(BadValueError):
    """An option --keep that says nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _("--keep {text}: write a or b for all, or a key with one: birthday=b").format(
                text=text
            )
        )


@app.command(
    "merge",
    help=_(
        "Join two cards of one person. The first card is kept; nothing of the second is lost, and its id and number lead to the first."
    ),
    epilog=_("Example: cardcli merge k7f3qd w8d2fq"),
)
def merge(
    kept: Annotated[
        str, typer.Argument(metavar=_("CLIENT"), help=_("The client whose card is kept (a)."))
    ],
    other: Annotated[
        str, typer.Argument(metavar=_("OTHER"), help=_("The client whose card goes into it (b)."))
    ],
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="a|b|" + _("KEY=a|b"),
            help=_(
                "Where two values differ, whose stands: of all or of one key; may be repeated. Without it the kept card's stands and the other waits to be settled."
            ),
        ),
    ] = None,
    dry_run: options.DryRun = False,
    staff: options.Staff = None,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    one = session.resolve(kept, write=True, fuzzy=fuzzy)
    two = session.resolve(other, write=True, fuzzy=fuzzy)
    choices = chosen(session, keep or [], one.card, two.card)
    refuse(session, one, two)
    if dry_run:
        united = clientmerge.plan(session.store, one, two, choices)
        made = Record(one.path, _card(one, united))
        tell(session, one.card, made, united, as_json=as_json, planned=True)
        return
    if ui.interactive() and not as_json:
        choices = ask(session, one, two, choices)
    joined(session, one, two, choices, session.staff(staff), as_json=as_json)


def joined(
    session: Session,
    one: Record,
    two: Record,
    choices: Choices,
    staff: str,
    *,
    as_json: bool = False,
) -> None:
    """Join two clients and say what was done."""
    command = clientmerge.COMMAND

    def planned() -> list[Step]:
        united = clientmerge.plan(session.store, one, two, choices)
        return [Step(one.path, one.card, _card(one, united)), Step(two.path, two.card, None)]

    session.before(command, planned)
    done, united = clientmerge.join(session.store, one.card.id, two.card.id, choices, staff)
    steps = [Step(one.path, one.card, done.kept.card), Step(two.path, two.card, None)]
    session.after(command, lambda: steps)
    tell(session, one.card, done.kept, united, as_json=as_json)
    if done.git_error:
        raise NotCommittedError(done.git_error)
    if not as_json:
        words = _("{old} now leads to {id}; apart again with: cardcli unmerge {id} {old}")
        ui.say(words.format(old=two.card.id, id=one.card.id))


def _card(kept: Record, united: United) -> Card:
    return cards.parse(united.text, kept.card.kinds)


def chosen(session: Session, keep: Sequence[str], one: Card, two: Card) -> Choices:
    """Return what the options --keep say. Raises :class:`BadChoiceError`."""
    choices: Choices = {}
    for text in keep:
        key, equals, side = (part.strip() for part in text.rpartition("="))
        if side.lower() not in {KEPT, OTHER} or (equals and not key):
            raise BadChoiceError(text)
        if key:
            name, dot, inner = key.partition(".")
            key = session.config.profile.canonical(name) + dot + inner
            if key.partition(".")[0] not in {*one.metadata, *two.metadata}:
                sentence = _("--keep {text}: neither card has “{key}”")
                raise BadValueError(sentence.format(text=text, key=key))
        choices[key or uniting.EVERY] = side.lower()
    return choices


def refuse(session: Session, one: Record, two: Record) -> None:
    """Raise for clients who cannot be joined, and warn of those who hardly are one person."""
    if not session.store.uses_git:
        raise sync.NoHistoryError
    if one.card.id == two.card.id:
        raise clientmerge.SameClientError(one.card)
    people = [person_of(each.card) for each in (one, two)]
    if two.card.id in people[0].apart or one.card.id in people[1].apart:
        raise ApartError(one.card, two.card)
    pair = duplicates.judged(people[0], people[1], Directory(people))
    if reasons := against(pair):
        ui.warn(_("they may be two people: {reasons}").format(reasons=reasons))


def ask(session: Session, one: Record, two: Record, choices: Choices) -> Choices:
    """Ask for each value that nothing decides; then whether to go on. A blank answer leaves both."""
    ui.say(f"a  {session.label(one.card)}")
    ui.say(f"b  {session.label(two.card)}")
    answers = dict(choices)
    for each in uniting.contested(one.card, two.card):
        if uniting.EVERY in choices or each.key in choices:
            continue
        place = ui.choose(_question(session, each), [_flat(each.kept), _flat(each.other)])
        if place is not None:
            answers[each.key] = (KEPT, OTHER)[place]
    if not ui.confirm(_("Join them into one card?")):
        raise typer.Abort
    return answers


def _question(session: Session, each: Contested) -> str:
    field = settling.label(session.config.kinds, "", each.key)
    return _("{field}: which one? (blank: the first stands, the other waits)").format(field=field)


def _flat(value: str) -> str:
    return " ".join(value.split())


def tell(
    session: Session,
    old: Card,
    now: Record,
    united: United,
    *,
    as_json: bool = False,
    planned: bool = False,
) -> None:
    """Print the joined client, and what became of the kept card, or would where it is only *planned*."""
    if as_json:
        ui.json(_json(session, old, now, united))
        return
    card = now.card
    if ui.terminal_output():
        ui.out(f"{session.label(card)}  {now.path}")
    else:
        ui.out(f"{card.id}\t{card.number}\t{card.name}\t{now.path}")
    for change in changes.between(old, card, session.config.currency):
        ui.say(f"  {change.words}")
    for mine, yours in united.doubles:
        words = _("both cards have this entry; is it the same? ^{one} and ^{two}: {entry}")
        entry = describe(yours, card.kinds, session.config.currency)
        ui.warn(words.format(one=mine.id, two=yours.id, entry=entry))
    if count := len(united.differences):
        ui.say(_waiting(count, planned=planned).format(count=count, id=card.id))


def _waiting(count: int, *, planned: bool) -> str:
    if planned:
        return ngettext(
            "{count} difference would wait to be settled",
            "{count} differences would wait to be settled",
            count,
        )
    return ngettext(
        "{count} difference to settle: cardcli settle {id}",
        "{count} differences to settle: cardcli settle {id}",
        count,
    )


def _json(session: Session, old: Card, now: Record, united: United) -> dict[str, Any]:
    return {
        "client": card_json(now),
        "changes": [
            change_json(each) for each in changes.between(old, now.card, session.config.currency)
        ],
        "differences": [
            {"id": each.id, "field": each.field, "kept": each.kept, "other": each.other}
            for each in united.differences
        ],
        "renamed": [{"old": old_id, "new": new} for old_id, new in united.renamed.items()],
        "doubles": [[entry_json(mine), entry_json(yours)] for mine, yours in united.doubles],
    }


@app.command(
    "unmerge",
    help=_(
        "Take the cards of two joined clients apart again, also later: each gets back what was theirs, with what became of it."
    ),
    epilog=_("Example: cardcli unmerge k7f3qd w8d2fq"),
)
def unmerge(
    client: options.Client,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[OTHER]"),
            help=_("The old id or number of the card that went into it, if there are several."),
        ),
    ] = None,
    dry_run: options.DryRun = False,
    staff: options.Staff = None,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    if not session.store.uses_git:
        raise sync.NoHistoryError
    other_id = clientmerge.joined_with(record.card, (other or "").strip())
    if dry_run:
        _tell_apart(session, clientmerge.taking_back(session.store, record, other_id), as_json)
        return
    who = session.staff(staff)
    session.before(
        clientmerge.BACK,
        lambda: _steps(record, clientmerge.taking_back(session.store, record, other_id)),
    )
    done, taking = clientmerge.take_back(session.store, record.card.id, other_id, who)
    session.after(clientmerge.BACK, lambda: _steps(record, taking))
    _tell_apart(session, taking, as_json)
    if done.git_error:
        raise NotCommittedError(done.git_error)


def _steps(record: Record, taking: clientmerge.Taking) -> list[Step]:
    return [
        Step(record.path, record.card, taking.kept.card),
        Step(taking.other.path, None, taking.other.card),
    ]


def _tell_apart(session: Session, taking: clientmerge.Taking, as_json: bool) -> None:
    """Print both clients, and say in words what went where."""
    parted = taking.parted
    if as_json:
        ui.json(
            {
                "kept": card_json(taking.kept),
                "other": card_json(taking.other),
                "travelled": list(parted.travelled),
                "stayed": [each.id for each in parted.stayed],
            }
        )
        return
    for record in (taking.kept, taking.other):
        card = record.card
        ui.out(f"{card.id}\t{card.number}\t{card.name}\t{record.path}")
    for what in parted.travelled:
        words = _("{what}: changed since; goes to {other} as it is now")
        ui.say("  " + words.format(what=what, other=taking.other.card.id))
    for entry in parted.stayed:
        words = _("stays with {kept}, made after the join: {entry}")
        told = describe(entry, session.config.kinds, session.config.currency)
        ui.say("  " + words.format(kept=taking.kept.card.id, entry=f"{told} ^{entry.id}"))
