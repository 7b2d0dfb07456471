"""What of a print goes into the print ledger: only what somebody says was printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cardcli import archiving, dates
from cardcli import card as cards
from cardcli.archive import content, ledger
from cardcli.archive.ledger import Line
from cardcli.cli import ui
from cardcli.cli.session import Session
from cardcli.errors import BadValueError
from cardcli.language import _, ngettext
from cardcli.record import Record


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


def asks(session: Session, form: str, output: str) -> bool:
    """Tell whether a person is to be asked, after printing, if it went well."""
    return (
        ui.interactive() and form not in ledger.NOT_FILED and output == "pdf" and not session.hidden
    )


def moment() -> str:
    """Return the time of a line of the ledger."""
    return dates.now().strftime("%Y-%m-%d %H:%M:%S")


def settle(session: Session, lines: Callable[[], Sequence[Line]], *, record: bool | None) -> bool:
    """Record what was printed, after asking when *record* is None; tell whether it was recorded."""
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


def documents(records: Sequence[Record], form: str, paper: str, pages: int) -> list[Line]:
    """Return the lines for documents that say the whole card; *pages* is 0 when it is not known."""
    when = moment()
    return [
        ledger.line(
            when,
            ledger.PRINT,
            content.whole(record.card),
            card=record.card.id,
            form=form,
            paper=paper,
            pages=pages,
            revision=cards.revision(record.card.text),
        )
        for record in records
    ]
