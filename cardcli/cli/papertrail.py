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
from cardcli.cli.batching import Client
from cardcli.cli.session import Session
from cardcli.errors import BadValueError
from cardcli.language import _, ngettext
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


def stale(
    session: Session, named: Sequence[Client] | None, form: str | None
) -> dict[str, list[Client]]:
    """Return by template whose paper does not hold any more: of these clients, or of all for None.

    With *form* only that template is looked at.
    """
    known = archiving.Archive(session.store, dates.today(), ui.warn)
    found: dict[str, list[str]] = {}
    for card_id in known.ledger.cards if named is None else [each.id for each in named]:
        for name in known.ledger.forms_of(card_id) if form is None else [form]:
            if known.verdict(card_id, name).state in {"stale", "reprint"}:
                found.setdefault(name, []).append(card_id)

    def client(card_id: str) -> Client:
        record = session.seen(known.record(card_id))
        return Client(card_id, record.card.name, record.path)

    return {
        name: sorted(map(client, found[name]), key=lambda each: (fold(each.name), each.id))
        for name in sorted(found)
    }


def tell_nothing(*, as_json: bool) -> None:
    """Say that there is nothing to print."""
    ui.say(_("nothing to print: all paper is up to date"))
    if as_json:
        ui.json({"path": None, "clients": []})
