"""The wizard that fills a card in the order of the founding document (000, 3.1).

Personal data, services by date, surveys, then individual features and recommendations. Each part
is saved before the next begins; a blank answer goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import typer

from cardcli import profile
from cardcli.cli import likeness, options, ui
from cardcli.cli.clients import NONE, checked, says_none, with_changes
from cardcli.cli.completing import finishing, scored
from cardcli.cli.entries import option_help, warn_unknown_service
from cardcli.cli.guarding import GUARDED, UnsafeError, guarded, overriding
from cardcli.cli.recording import entry_date, record_entry, report
from cardcli.cli.session import Session, open_session
from cardcli.entry import Entry
from cardcli.errors import BadValueError, CardcliError, ExitCode
from cardcli.fields import Field, check
from cardcli.kinds import Kind
from cardcli.language import _
from cardcli.record import Record
from cardcli.store import Edit
from cardcli.text import clean_line, fold

app = typer.Typer()
_PERSONAL = (
    *profile.OBLIGATORY, "addresses", "sex", "marital", "workplace", "job", "income", "interests",
    "social", "language", "source", "emergency",
)  # fmt: skip
_FEATURES = (*profile.HEALTH, "preferences", "needs")
_ASKED = {
    "visit": ("price", "staff", "products", "rating", "feedback", "wish"),
    "survey": ("score", "scale", "result", "conclusion", "wish"),
    "observation": ("area",),
    "advice": ("every", "until", "times"),
}


class NoTerminalError(CardcliError):
    """The wizard has nobody to ask."""

    code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(
            _("fill asks questions and needs a terminal; elsewhere use set, visit, survey, advise")
        )


@app.command(
    "fill",
    help=_("Fill in a card by questions: personal data, services, surveys, recommendations."),
    epilog=_("Example: cardcli fill ivanova"),
)
def fill(
    client: options.Client,
    staff: options.Staff = None,
    fuzzy: options.Fuzzy = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    if not ui.interactive():
        raise NoTerminalError
    wizard = Wizard(session, session.resolve(client, write=True, fuzzy=fuzzy), session.staff(staff))
    ui.say(_("A blank answer goes on; Ctrl-C stops, and what was saved stays."))
    wizard.keys(_("Personal data"), _PERSONAL)
    wizard.entries("visit")
    wizard.entries("survey")
    wizard.keys(_("Individual features"), _FEATURES)
    wizard.entries("observation")
    wizard.entries("advice")
    left = profile.unasked(wizard.record.card.metadata)
    if left:
        labels = ", ".join(_(profile.field(key).label) for key in left)
        ui.say(_("Not filled in yet: {fields}").format(fields=labels))


@dataclass
class Wizard:
    """A card that is being filled in by questions."""

    session: Session
    record: Record
    staff: str

    def keys(self, heading: str, keys: Iterable[str]) -> None:
        """Ask for the keys of the profile that are not there and wanted here, and save them."""
        ui.say(f"\n{heading}")
        changes = [change for key in keys if self._wanted(key) for change in self._key(key)]
        if not changes:
            return
        result = self.session.change(
            self.record,
            lambda card: Edit(with_changes(self.session, card, changes)),
            "fill",
            self.staff,
        )
        self.record = result.record
        self.session.saved(result)
        likeness.warn_of(likeness.known_as(self.session, self.record.card))

    def _wanted(self, key: str) -> bool:
        if self.record.card.metadata.get(key):
            return False
        if key in profile.OBLIGATORY:
            return key in profile.unasked(self.record.card.metadata)
        return key not in profile.OPTIONAL or key in self.session.config.purposes

    def _key(self, key: str) -> list[tuple[str, str, str]]:
        """Ask for one key, a list until a blank answer; return the changes."""
        field = self.session.config.profile.field(key)
        question = option_help(field).removesuffix(".")
        if key in profile.OBLIGATORY:
            question += " " + _("(“none” if there is none)")
        found: list[tuple[str, str, str]] = []
        while answer := ui.ask(f"  {question}: "):
            try:
                self._try(field, answer)
            except BadValueError as error:
                ui.say(f"  {error}")
                continue
            found.append((key, "+=" if field.many else "=", answer))
            if not field.many or fold(answer) in NONE:
                break
            question = _("one more")
        return found

    def _try(self, field: Field, answer: str) -> None:
        """Raise :class:`BadValueError` now rather than when all is saved."""
        if not says_none(field.key, answer):
            checked(self.session, field, answer.rpartition(": ")[2])

    def entries(self, name: str) -> None:
        """Ask for entries of a kind until a blank title, and save each."""
        kind = self.session.config.kinds.named(name)
        ui.say(f"\n{kind.heading(self.session.environment.language)}")
        while title := clean_line(ui.ask(f"  {_(kind.title_label)}: ")):
            entry = Entry("", self._date(), title, "", self._fields(kind), "", name)
            try:
                self._save(kind, entry)
            except BadValueError as error:
                ui.say(f"  {error}")
            except UnsafeError as error:
                self._despite(error, kind, entry)

    def _save(self, kind: Kind, entry: Entry, reason: str = "") -> None:
        if kind.name in GUARDED:
            entry = guarded(
                self.session, self.record, entry, overriding(force=bool(reason), reason=reason)
            )
        if kind.name == "visit":
            warn_unknown_service(self.session, entry)
        finish = finishing(self.session, scored if kind.name == "survey" else None)
        saved = record_entry(self.session, self.record, entry, "fill", self.staff, finish=finish)
        self.record = saved[0].record
        report(self.session, saved, as_json=False)

    def _despite(self, error: UnsafeError, kind: Kind, entry: Entry) -> None:
        ui.say(str(error))
        reason = ui.ask("  " + _("Why is it done all the same (blank: it is not)? "))
        if reason:
            self._save(kind, entry, reason)

    def _date(self) -> str:
        while True:
            try:
                return entry_date(
                    ui.ask("  " + _("Date (blank: today)") + ": ") or None, future=False
                )
            except BadValueError as error:
                ui.say(f"  {error}")

    def _fields(self, kind: Kind) -> dict[str, str]:
        """Ask for the fields of an entry that are usual or required."""
        keys = (*_ASKED[kind.name], *(field.key for field in kind.fields if field.required))
        fields = (kind.field(key) for key in dict.fromkeys(keys))
        answers = {field.key: self._value(field) for field in fields if field}
        return {key: value for key, value in answers.items() if value}

    def _value(self, field: Field) -> str:
        default = self.staff if field.key == "staff" else ""
        question = option_help(field).removesuffix(".")
        while answer := ui.ask(f"  {question}: ") or default:
            try:
                return check(field, answer, self.session.rules)
            except BadValueError as error:
                ui.say(f"  {error}")
                default = ""
        return ""
