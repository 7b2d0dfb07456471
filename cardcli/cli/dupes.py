"""The command that finds clients who may be one person, and remembers who is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cardcli import card as cards
from cardcli import clientmerge, duplicates, profile
from cardcli.card import Card
from cardcli.cli import completion, merging, options, ui
from cardcli.cli.likeness import person_of, reasons, sentence
from cardcli.cli.session import NotCommittedError, Session, label, open_session
from cardcli.cli.telling import Step
from cardcli.commits import Message
from cardcli.duplicates import LIKELY, Pair
from cardcli.errors import BadValueError, ExitCode
from cardcli.index import Line, Snapshot
from cardcli.language import _
from cardcli.record import Record
from cardcli.search import Person

app = typer.Typer()
COMMAND = "dupes"


@app.command(
    COMMAND,
    help=_(
        "Find clients who may be one person, the likeliest first, and say why. With one client: who may be the same; with two: how likely they are one."
    ),
    epilog=_("Example: cardcli dupes k7f3qd w8d2fq --not-same"),
)
def dupes(
    client: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[CLIENT]"),
            help=_("Only pairs with this client."),
            autocompletion=completion.clients,
        ),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[OTHER]"), help=_("Only this pair."), autocompletion=completion.clients
        ),
    ] = None,
    least: Annotated[
        int,
        typer.Option(
            "--min",
            min=0,
            max=99,
            metavar=_("SCORE"),
            help=_("The least score, in percent: from 75 on most likely one person."),
        ),
    ] = LIKELY,
    where: options.Where = None,
    limit: options.Limit = None,
    explain: Annotated[
        bool, typer.Option("--explain", help=_("Say how much each thing counts."))
    ] = False,
    not_same: Annotated[
        bool, typer.Option("--not-same", help=_("Remember that these two are not one person."))
    ] = False,
    same: Annotated[
        bool, typer.Option("--same", help=_("Forget that these two are not one person."))
    ] = False,
    settle: Annotated[
        bool,
        typer.Option("--settle", help=_("Go through the pairs: join them, or note they differ.")),
    ] = False,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help=_("End with 1 when there are pairs, with 0 when not.")),
    ] = False,
    as_json: options.Json = False,
    role: options.Role = None,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait, role)
    if (not_same or same) and (other is None or client is None or not_same == same):
        raise BadValueError(_("--not-same and --same are about two clients: name both"))
    if settle and (as_json or not ui.interactive()):
        raise BadValueError(_("--settle asks questions and needs a terminal"))
    if not_same or same:
        note_apart(session, client or "", other or "", apart=not_same)
        return
    found = found_pairs(session, client, other, least, where)[:limit]
    if settle:
        go_through(session, found)
        return
    show(session, found, explain=explain or other is not None, as_json=as_json)
    if exit_code and found:
        raise typer.Exit(ExitCode.NOT_FOUND)


def found_pairs(
    session: Session, client: str | None, other: str | None, least: int, where: str | None
) -> list[Pair]:
    """Return the pairs that are asked for."""
    if client is not None and other is not None:
        one, two = (person_of(session.resolve(each).card) for each in (client, other))
        return [session.store.ask(lambda snapshot: duplicates.judged(one, two, snapshot))]
    if client is not None:
        person = person_of(session.resolve(client).card)
        matches = session.store.ask(lambda snapshot: duplicates.likely(person, snapshot, least))
        found = [Pair(person, each.person, each.score, each.evidence) for each in matches]
    else:
        found = session.store.ask(lambda snapshot: duplicates.pairs(snapshot.everybody(), least))
    session.name_broken()
    if where is not None:
        from cardcli.cli import querying

        meant = {view.card.id for view in querying.ask(session, where).found}
        found = [pair for pair in found if pair.one.id in meant or pair.two.id in meant]
    return found


# --- showing ---------------------------------------------------------------------------------------


def show(session: Session, found: Sequence[Pair], *, explain: bool, as_json: bool) -> None:
    """Print pairs; the card that is older stands first, for it is the one to keep."""
    lines = _lines(session, found)
    ordered = [_older_first(pair, lines) for pair in found]
    if as_json:
        ui.json([_pair_json(pair, lines) for pair in ordered])
        return
    for pair in ordered:
        one, two = lines[pair.one.id], lines[pair.two.id]
        if ui.terminal_output():
            ui.out(f"{pair.score:>3}  {label(one)}")
            ui.out(f"     {label(two)}")
            for line in ui.wrap(reasons(pair.evidence), "     "):
                ui.out(line)
        else:
            cells = (str(pair.score), one.id, two.id, one.name, two.name, reasons(pair.evidence))
            ui.table([], [cells])
        for each in pair.evidence if explain else ():
            ui.out(f"     {each.bits:+6.1f}  {sentence(each)}")
    if ui.terminal_output() and not found:
        ui.say(_("No two clients look like one person."))


def _lines(session: Session, found: Sequence[Pair]) -> dict[str, Line]:
    ids = {person.id for pair in found for person in (pair.one, pair.two)}

    def question(snapshot: Snapshot) -> dict[str, Line]:
        return snapshot.lines_of(sorted(ids))

    return {line.id: line for line in session.seen_lines(session.store.ask(question).values())}


def _older_first(pair: Pair, lines: dict[str, Line]) -> Pair:
    from json import loads

    def age(person: Person) -> tuple[str, str, str]:
        said = loads(lines[person.id].client)
        return said["created"] or "9999", said["number"] or "", person.id

    one, two = sorted((pair.one, pair.two), key=age)
    return pair._replace(one=one, two=two)


def _pair_json(pair: Pair, lines: dict[str, Line]) -> dict[str, Any]:
    from json import loads

    return {
        "score": pair.score,
        "one": loads(lines[pair.one.id].client),
        "two": loads(lines[pair.two.id].client),
        "not_same": pair.two.id in pair.one.apart or pair.one.id in pair.two.apart,
        "evidence": [
            {"what": each.what, "how": each.how.value, "bits": round(each.bits, 1)}
            for each in pair.evidence
        ],
    }


# --- remembering -------------------------------------------------------------------------------------


def note_apart(session: Session, one: str, two: str, *, apart: bool) -> None:
    """Remember in both cards that two clients are not one person, or forget it."""
    records = [session.resolve(each, write=True) for each in (one, two)]
    set_apart(session, records[0], records[1], apart=apart)
    ids = {"one": records[0].card.id, "two": records[1].card.id}
    if apart:
        ui.say(_("noted: {one} and {two} are not the same person").format(**ids))
    else:
        ui.say(_("forgotten: {one} and {two} may be the same person").format(**ids))


def set_apart(session: Session, one: Record, two: Record, *, apart: bool) -> None:
    """Write the decision into both cards, in one commit."""
    if one.card.id == two.card.id:
        raise clientmerge.SameClientError(one.card)
    store, staff = session.store, session.staff(None)
    session.before(COMMAND, lambda: _steps((one, two), apart=apart))
    with store.locked(COMMAND):
        cards_now = [store.by_id(each.card.id) for each in (one, two)]
        texts: dict[str, bytes | None] = {
            mine.path: _noted(mine.card, yours, apart).text.encode()
            for mine, yours in (cards_now, cards_now[::-1])
        }
        error = store.rewrite(texts, Message(COMMAND, one.card.id, staff=staff, other=two.card.id))
    session.after(COMMAND, lambda: _steps(cards_now, apart=apart))
    if error:
        raise NotCommittedError(error)


def _steps(records: Sequence[Record], *, apart: bool) -> list[Step]:
    one, two = records
    return [
        Step(mine.path, mine.card, _noted(mine.card, yours, apart=apart))
        for mine, yours in ((one, two), (two, one))
    ]


def _noted(card: Card, other: Record, apart: bool) -> Card:
    old = card.values(profile.APART)
    new = [each for each in old if each != other.card.id] + ([other.card.id] if apart else [])
    if new == old:
        return card
    return cards.parse(cards.set_key(card, profile.APART, list(new) or None), card.kinds)


def go_through(session: Session, found: Sequence[Pair]) -> None:
    """Ask about each pair: join it, note that it is none, or leave it."""
    for pair in found:
        lines = _lines(session, [pair])
        if len(lines) < 2:
            continue  # one of them went into another card on the way
        ordered = _older_first(pair, lines)
        one, two = (session.store.by_id(each.id) for each in (ordered.one, ordered.two))
        show(session, [pair], explain=False, as_json=False)
        answer = ui.choose(
            _("One person?"), [_("yes, join the second card into the first"), _("no, two people")]
        )
        if answer == 0:
            choices = merging.ask(session, one, two, {})
            merging.joined(session, one, two, choices, session.staff(None))
        elif answer == 1:
            set_apart(session, one, two, apart=True)
