"""What is said of two clients who may be one person, and the question before a card is made twice."""

from __future__ import annotations

from collections.abc import Sequence

from cardcli import clients, duplicates
from cardcli.card import Card
from cardcli.cli import ui
from cardcli.cli.session import Session, label
from cardcli.duplicates import LIKELY, POSSIBLE, Evidence, How, Match, Pair
from cardcli.errors import CardcliError, ExitCode
from cardcli.index import Line, Snapshot
from cardcli.language import N_, _
from cardcli.search import Person


def person_of(card: Card) -> Person:
    """Return the client of a card as duplicates are sought for."""
    return clients.person(clients.summary(card, ""), clients.last_visit(card))


_SENTENCES = {
    ("phone", How.SAME): N_("same phone"),
    ("phone", How.MISTYPED): N_("phones differ in one digit"),
    ("phone", How.DIFFERENT): N_("other phone"),
    ("email", How.SAME): N_("same e-mail"),
    ("email", How.MISTYPED): N_("e-mails differ in one letter"),
    ("email", How.DIFFERENT): N_("other e-mail"),
    ("birthday", How.SAME): N_("same date of birth"),
    ("birthday", How.NO_YEAR): N_("same birthday, one without the year"),
    ("birthday", How.TURNED): N_("day and month of birth the other way round"),
    ("birthday", How.MISTYPED): N_("dates of birth differ in one digit"),
    ("birthday", How.DIFFERENT): N_("other date of birth"),
    ("birthday", How.FAR): N_("born a generation apart"),
    ("family", How.SAME): N_("same family name"),
    ("family", How.SOUNDS): N_("same family name, spelled otherwise"),
    ("family", How.MISTYPED): N_("family names differ in a letter or two"),
    ("family", How.PART): N_("one family name is a part of the other"),
    ("family", How.FORMER): N_("former family name"),
    ("family", How.INITIAL): N_("initial of the family name"),
    ("family", How.OTHER_SEX): N_("family names of a man and of a woman"),
    ("family", How.DIFFERENT): N_("other family name"),
    ("given", How.SAME): N_("same given name"),
    ("given", How.SOUNDS): N_("same given name, spelled otherwise"),
    ("given", How.SHORT): N_("short form of the given name"),
    ("given", How.VARIANT): N_("related given names"),
    ("given", How.MISTYPED): N_("given names differ in a letter or two"),
    ("given", How.INITIAL): N_("initial of the given name"),
    ("given", How.DIFFERENT): N_("other given name"),
    ("patronymic", How.SAME): N_("same patronymic"),
    ("patronymic", How.SOUNDS): N_("same patronymic, spelled otherwise"),
    ("patronymic", How.SHORT): N_("patronymic as it is spoken"),
    ("patronymic", How.MISTYPED): N_("patronymics differ in a letter or two"),
    ("patronymic", How.INITIAL): N_("initial of the patronymic"),
    ("patronymic", How.DIFFERENT): N_("other patronymic"),
    ("name", How.SAME): N_("same name of a company"),
    ("name", How.DIFFERENT): N_("other company"),
    ("name", How.KIND): N_("one is a company, the other a person"),
}
_ABSENT = {
    "family": N_("one without family name"),
    "given": N_("one without given name"),
    "patronymic": N_("one without patronymic"),
}


def sentence(each: Evidence) -> str:
    """Return a piece of evidence in words."""
    if each.how is How.ABSENT:
        return _(_ABSENT[each.what])
    return _(_SENTENCES[each.what, each.how])


def reasons(evidence: Sequence[Evidence]) -> str:
    """Return all evidence on one line; what speaks against comes last."""
    return "; ".join(sentence(each) for each in evidence)


def against(pair: Pair) -> str:
    """Return what speaks against two clients being one person, where it outweighs the rest, or ""."""
    told = [sentence(each) for each in pair.evidence if each.bits < -POSSIBLE / 10]
    return "; ".join(told) if pair.score < POSSIBLE else ""


# --- before a card is made ----------------------------------------------------------------------------


class KnownClientError(CardcliError):
    """A client who seems to be in the store already was to be made once more."""

    code = ExitCode.UNSAFE

    def __init__(self, match: Match, line: Line) -> None:
        sentence = _(
            "This client seems to be here already: {client} ({reasons}). Nothing was made. If it is somebody else: --anyway"
        )
        super().__init__(sentence.format(client=label(line), reasons=for_it(match.evidence)))


def refuse_known(session: Session, card: Card, *, anyway: bool) -> None:
    """Warn of clients who may be the one of a new card; of one who surely is, ask, or refuse.

    It is refused where nobody can be asked and the same phone, e-mail or date of birth belongs to
    somebody of such a name. Raises :class:`KnownClientError`, and typer.Abort for a no.
    """
    known = known_as(session, card)
    for match, line in known:
        if match.strong and not anyway and not ui.interactive():
            raise KnownClientError(match, line)
    warn_of(known)
    if any(match.score >= LIKELY for match, _line in known) and not anyway and ui.interactive():
        import typer

        if not ui.agree(_("Make a new card all the same?")):
            raise typer.Abort


def warn_of(known: Sequence[tuple[Match, Line]]) -> None:
    """Name the clients who may be the same, the likeliest ones."""
    for match, line in known[:_NAMED]:
        sentence = _("perhaps the same client: {client} ({reasons})")
        ui.warn(sentence.format(client=label(line), reasons=for_it(match.evidence)))


_NAMED = 3


def for_it(evidence: Sequence[Evidence]) -> str:
    """Return what speaks for two clients being one person."""
    return "; ".join(sentence(each) for each in evidence if each.bits > 0)


def known_as(session: Session, card: Card) -> list[tuple[Match, Line]]:
    """Return the clients who may be the one of *card*, with their lines, the likeliest first."""
    person = person_of(card)

    def question(snapshot: Snapshot) -> tuple[list[Match], dict[str, Line]]:
        matches = duplicates.likely(person, snapshot)
        return matches, snapshot.lines_of(match.person.id for match in matches)

    matches, lines = session.store.ask(question)
    return [(match, lines[match.person.id]) for match in matches if match.person.id in lines]
