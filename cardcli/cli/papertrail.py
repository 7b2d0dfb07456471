"""What of a print goes into the print ledger: only what somebody says was printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardcli import archiving, dates
from cardcli import card as cards
from cardcli.archive import content, ledger
from cardcli.archive.content import Content
from cardcli.archive.ledger import Line
from cardcli.card import Card
from cardcli.cli import ui
from cardcli.cli.session import Session
from cardcli.errors import BadValueError
from cardcli.language import _, ngettext
from cardcli.record import Record
from cardcli.text import fold


def refuse(session: Session, form: str, output: str, *, record: bool | None) -> None:
    """Raise :class:`BadValueError` when --record cannot be: what is printed could not be judged later."""
    if not record:
        return
    if form in ledger.NOT_FILED:
        raise BadValueError(
            _("--record: “{template}” is not kept in the archive").format(template=form)
        )
    if output != "pdf":
        raise BadValueError(_("--record is for PDF only"))
    if session.hidden:
        raise BadValueError(
            _(
                "--record: this role does not see whole cards, so nobody could tell later whether the paper still holds; leave out --role, or use --no-record"
            )
        )


def _asks(session: Session, form: str, output: str) -> bool:
    """Tell whether a person is to be asked, after printing, if it went well."""
    return (
        ui.interactive() and form not in ledger.NOT_FILED and output == "pdf" and not session.hidden
    )


def may_record(session: Session, form: str, output: str, *, record: bool | None) -> bool:
    """Tell whether what is printed is going to be recorded, or somebody is going to be asked."""
    return record is True or (record is None and _asks(session, form, output))


def moment() -> str:
    """Return the time of a line of the ledger."""
    return dates.now().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def settle(
    session: Session,
    form: str,
    output: str,
    lines: Callable[[], Sequence[Line]],
    *,
    record: bool | None,
) -> bool:
    """Record what was printed, after asking when *record* is None; tell whether it was recorded."""
    if not may_record(session, form, output, record=record):
        return False
    question = _("Are the sheets printed, and is nothing wrong with them? Then they are recorded.")
    if record is None and not ui.confirm(question):
        return False
    made = lines()
    archiving.record(session.store, made, "print", session.staff(None))
    ui.say(
        ngettext(
            "recorded: {count} line in the print ledger",
            "recorded: {count} lines in the print ledger",
            len(made),
        ).format(count=len(made))
    )
    return True


class Filed:
    """What goes into the ledger of documents, taken from the cards as they were when printed.

    A card that somebody changes while its paper is in the printer must not count as printed so.
    """

    def __init__(self, session: Session, form: str, paper: str) -> None:
        self._form, self._paper = form, paper
        self._judged = archiving.judged_as(session.store, form)
        self._said: dict[str, tuple[Content, str]] = {}

    def note(self, card: Card) -> None:
        """Keep what is going to be printed of a card."""
        said = content.of(card, self._judged, dates.today())
        self._said[card.id] = (said, cards.revision(card.text))

    def lines(self, pages: int) -> list[Line]:
        """Return the lines for what was noted; *pages* of a single document are known."""
        when = moment()
        return [
            ledger.line(
                when,
                ledger.PRINT,
                said,
                card=card_id,
                form=self._form,
                paper=self._paper,
                pages=pages if len(self._said) == 1 else 0,
                revision=revision,
            )
            for card_id, (said, revision) in self._said.items()
        ]


def stale(session: Session, named: Sequence[Record] | None, form: str) -> list[Record]:
    """Return those of the clients, of all for None, whose paper of a form does not hold any more."""
    known = archiving.Archive(session.store, dates.today(), ui.warn)
    ids = known.ledger.cards if named is None else [record.card.id for record in named]
    states = {card_id: known.verdict(card_id, form).state for card_id in ids}
    found = [
        session.seen(known.record(card_id))
        for card_id, state in states.items()
        if state in {"stale", "reprint"}
    ]
    return sorted(found, key=lambda record: (fold(record.card.name), record.card.id))


def stale_forms(session: Session, named: Sequence[Record] | None) -> list[str]:
    """Return the templates of which paper of the clients, of all for None, does not hold any more."""
    known = archiving.Archive(session.store, dates.today(), ui.warn)
    ids = known.ledger.cards if named is None else [record.card.id for record in named]
    verdicts = (verdict for card_id in ids for verdict in known.verdicts(card_id))
    return sorted({each.form for each in verdicts if each.state in {"stale", "reprint"}})


def tell_nothing(*, as_json: bool) -> None:
    """Say that there is nothing to print."""
    ui.say(_("nothing to print: all paper is up to date"))
    if as_json:
        ui.json({"path": None, "clients": []})
