"""What speaks against a service, a sale or a recommendation stops it, unless a reason is given."""

from __future__ import annotations

from collections.abc import Sequence

from cardcli import safety
from cardcli.cli import ui
from cardcli.cli.session import Session
from cardcli.entry import Entry
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.language import _
from cardcli.record import Record
from cardcli.safety import Alert
from cardcli.text import clean_line
from cardcli.tuples import NamedTuple


class MissingReasonError(BadValueError):
    """--force was given without --reason."""

    def __init__(self) -> None:
        super().__init__(_("--force needs --reason: why it is done in spite of the alert"))


class UnsafeError(CardcliError):
    """What is on the card speaks against the service or product."""

    code = ExitCode.UNSAFE

    def __init__(self, client: str, alerts: Sequence[Alert]) -> None:
        lines = [_("Not safe for {client}:").format(client=client)]
        lines += [f" ! {alert.message}" for alert in alerts]
        lines.append(_("Nothing was changed. To do it all the same: --force --reason “why”."))
        super().__init__("\n".join(lines))


class Override(NamedTuple):
    """What was said against safety alerts: that the command is to go on, and why."""

    force: bool
    reason: str | None


def overriding(*, force: bool, reason: str | None) -> Override:
    """Return what was said against alerts. Raises :class:`MissingReasonError` where no reason was."""
    if force and not (reason or "").strip():
        raise MissingReasonError
    return Override(force, reason)


GUARDED = frozenset({"visit", "sale", "advice"})
"""The kinds of entries that are compared with the client's health and consents."""


def guarded_text(entry: Entry) -> str:
    """Return the words of an entry that name services and products."""
    return f"{entry.title} {entry.fields.get('products', '')}"


def alerts_of(session: Session, record: Record, entry: Entry) -> list[Alert]:
    """Return what on the card speaks against an entry."""
    cautions = session.config.cautions
    return safety.alerts(record.card, guarded_text(entry), cautions, session.rules.today)


def guarded(session: Session, record: Record, entry: Entry, override: Override) -> Entry:
    """Return an entry that is safe for the client, or carries the reason why it is done all the same.

    Raises :class:`UnsafeError`.
    """
    alerts = alerts_of(session, record, entry)
    if not alerts:
        return entry
    if not override.force:
        raise UnsafeError(record.card.name, alerts)
    for alert in alerts:
        ui.warn(alert.message)
    return entry._replace(fields={**entry.fields, "reason": clean_line(override.reason or "")})


def warn_of_alerts(session: Session, old: Entry, record: Record) -> None:
    """Say what speaks against a corrected service or product; what is done cannot be stopped any more."""
    new = record.card.entry(old.id)
    if new.kind in GUARDED and guarded_text(new) != guarded_text(old):
        for alert in alerts_of(session, record, new):
            ui.warn(alert.message)
