"""Commands about the paper archive: whether it is up to date, what is on which sheet, what was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import typer

from cardcli import archiving, dates
from cardcli.archive import codes, ledger, passbook
from cardcli.archive.content import LOG, NO_ID
from cardcli.archive.ledger import DESTROYED, FOUND, LOST, Ledger, Line
from cardcli.archive.status import STATES, Reason, State, Verdict
from cardcli.archiving import Archive
from cardcli.card import Card
from cardcli.cli import finding, options, papertrail, ui
from cardcli.cli.options import one_of
from cardcli.cli.session import Session, label, open_session
from cardcli.entry import Entry
from cardcli.errors import BadValueError, ExitCode, NotFoundError
from cardcli.language import N_, _, active, ngettext
from cardcli.text import fold

app = typer.Typer()
group = typer.Typer()
_STATES: dict[State, str] = {
    "current": N_("up to date"),
    "stale": N_("stale"),
    "reprint": N_("print anew"),
    "never": N_("never printed"),
    "gone": N_("client taken out: destroy"),
}
_TO_DO: tuple[State, ...] = ("stale", "reprint", "gone")
_FEW = 3


@group.command(
    "status",
    help=_(
        "Say whether the paper still holds: what is stale or has to be printed anew, and why; of a client everything."
    ),
    epilog=_("Example: cardcli archive status --exit-code"),
)
def show_status(
    client: Annotated[
        str | None,
        typer.Argument(
            metavar=_("[CLIENT]"), help=_("Id, card number, phone, e-mail or any part of a name.")
        ),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state",
            metavar=_("STATES"),
            help=_("Only these: current, stale, reprint, never, gone; several with commas."),
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also what is up to date and who was never printed."))
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help=_("End with 1 when there is paper to be printed."))
    ] = False,
    limit: options.Limit = None,
    as_json: options.Json = False,
    no_header: options.NoHeader = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    if client is not None:
        verdicts = of_client(archive, session.resolve(client).card.id)
    else:
        verdicts = of_all(archive)
        session.name_broken()
    counted = Counter(each.state for each in verdicts)
    wanted = _wanted(state, everything=everything or client is not None)
    shown = [each for each in verdicts if each.state in wanted][:limit]
    if as_json:
        ui.json([verdict_json(archive, each) for each in shown])
    else:
        header = [*finding.client_header()[:3], _("Template"), _("State"), _("Reason")]
        ui.table(header, [_row(archive, each) for each in shown], no_header=no_header)
    if client is None:
        ui.say(_summary(counted))
    if exit_code and any(counted[each] for each in _TO_DO):
        raise typer.Exit(ExitCode.NOT_FOUND)


def _wanted(typed: str | None, *, everything: bool) -> tuple[str, ...]:
    if typed is not None:
        return tuple(one_of("--state", each.strip(), STATES) for each in typed.lower().split(","))
    return STATES if everything else _TO_DO


def of_client(archive: Archive, card_id: str) -> list[Verdict]:
    """Return what is to be said of the paper of one client."""
    return archive.verdicts(card_id) or [Verdict(card_id, "", "never")]


def of_all(archive: Archive) -> list[Verdict]:
    """Return what is to be said of all paper, by name; then that of clients who are no more."""
    lines = sorted(archive.lines.values(), key=lambda line: (fold(line.name), line.id))
    found = [verdict for line in lines for verdict in of_client(archive, line.id)]
    return [*found, *archive.gone()]


def _row(archive: Archive, verdict: Verdict) -> list[str]:
    line = archive.lines.get(verdict.card)
    return [
        verdict.card,
        line.number if line else "",
        line.name if line else "",
        verdict.form or "—",
        _(_STATES[verdict.state]),
        "; ".join(words(each) for each in verdict.reasons),
    ]


def _summary(counted: Counter[State]) -> str:
    parts = [f"{_(_STATES[state])}: {counted[state]}" for state in STATES if counted[state]]
    return ", ".join(parts) or _("there are no clients")


def words(reason: Reason) -> str:
    """Return a reason in words."""
    count = len(reason.entries)
    named = [f"^{each}" for each in reason.entries if each != NO_ID]
    which = ", ".join(named[:_FEW]) + ("…" if len(named) > _FEW else "")
    sentence = {
        "new": ngettext("not on paper: {count} entry", "not on paper: {count} entries", count),
        "changed": ngettext(
            "{count} entry changed since it was printed",
            "{count} entries changed since they were printed",
            count,
        ),
        "removed": ngettext(
            "{count} entry removed since it was printed",
            "{count} entries removed since they were printed",
            count,
        ),
        "profile": _("personal data changed"),
        "text": _("own text changed"),
        "lost": _("the paper is lost"),
        "destroyed": _("the paper is destroyed"),
        "overprinted": _("two workplaces printed onto the same rows"),
    }[reason.why].format(count=count)
    if which:
        sentence += f" ({which})"
    return (
        _("sheet {number}: {reason}").format(number=reason.sheet, reason=sentence)
        if reason.sheet
        else sentence
    )


def verdict_json(archive: Archive, verdict: Verdict) -> dict[str, Any]:
    """Return a verdict for programs."""
    line = archive.lines.get(verdict.card)
    last = max(verdict.lines, key=lambda each: each.when) if verdict.lines else None
    return {
        "id": verdict.card,
        "number": line.number if line else None,
        "name": line.name if line else None,
        "template": verdict.form or None,
        "state": verdict.state,
        "reasons": [reason_json(each) for each in verdict.reasons],
        "printed": last.time if last else None,
        "revision": last.revision if last else None,
        "sheets": [each.id for each in verdict.lines if each.onto == each.id],
    }


def reason_json(reason: Reason) -> dict[str, Any]:
    """Return a reason for programs."""
    return {
        "why": reason.why,
        "sheet": reason.sheet or None,
        "entries": [None if each == NO_ID else each for each in reason.entries],
    }


# --- what is on which sheet ------------------------------------------------------------------------


@group.command(
    "sheet",
    help=_("Say what is on which sheet of a client: printed when, which rows, which entries."),
    epilog=_("Example: cardcli archive sheet ivanova"),
)
def show_sheets(
    client: options.Client,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    card = session.resolve(client).card
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    held = [line for verdict in archive.verdicts(card.id) for line in verdict.lines]
    begun = [each for each in held if each.onto == each.id]
    if as_json:
        ui.json([sheet_json(archive.ledger, each, held) for each in begun])
        return
    if not begun:
        ui.say(_("never printed: {client}").format(client=session.label(card)))
    for each in begun:
        for text in _sheet_lines(archive.ledger, card, each, held):
            ui.out(text)


def _sheet_lines(known: Ledger, card: Card, begun: Line, held: Sequence[Line]) -> Iterator[str]:
    yield f"^{begun.id}  {sheet_title(begun)}  {codes.code(card.id, begun.revision, begun.sheet)}"
    if mark := known.marks.get(begun.id):
        yield f"  {mark_words(mark)}"
    entries = {each.id: each for each in card.entries if each.id}
    for line in (each for each in held if each.onto == begun.id):
        said = [_("printed {when}").format(when=_when(line)), _rows(line.rows), _pages(line)]
        yield "  " + ", ".join(part for part in said if part)
        for each in line.entries:
            row = f"{each.row:>3}  " if each.row else ""
            yield f"    {row}{_entry_words(entries.get(each.id), each.id)}"


def mark_words(mark: str) -> str:
    """Return in words what became of a sheet."""
    return _("the paper is lost") if mark == LOST else _("the paper is destroyed")


def sheet_title(line: Line, say: Callable[[str], str] = _) -> str:
    """Return what a sheet is: its template, its number, its paper."""
    parts = [line.form, say(N_("sheet {number}")).format(number=line.sheet) if line.sheet else ""]
    return ", ".join(part for part in (*parts, line.paper.upper()) if part)


def _when(line: Line) -> str:
    day, _blank, time = line.when.partition(" ")
    return f"{dates.show_date(day, active())} {time[:5]}"


def _rows(rows: tuple[int, int]) -> str:
    first, last = rows
    if not last:
        return ""
    if first == last:
        return _("row {row}").format(row=first)
    return _("rows {first}–{last}").format(first=first, last=last)


def _pages(line: Line) -> str:
    if line.sheet or not line.pages:
        return ""
    return ngettext("{count} page", "{count} pages", line.pages).format(count=line.pages)


def _entry_words(entry: Entry | None, entry_id: str) -> str:
    if entry is None:
        return _("an entry without an id") if entry_id == NO_ID else f"^{entry_id} —"
    return f"{dates.show_date(entry.date, active())} {entry.title} ^{entry.id}"


def sheet_json(known: Ledger, begun: Line, held: Sequence[Line]) -> dict[str, Any]:
    """Return a sheet, or a document, for programs."""
    return {
        "sheet": begun.id,
        "code": codes.code(begun.card, begun.revision, begun.sheet),
        "template": begun.form,
        "paper": begun.paper,
        "number": begun.sheet or None,
        "state": known.marks.get(begun.id),
        "prints": [
            {
                "when": each.time,
                "revision": each.revision,
                "pages": each.pages or None,
                "first_row": each.rows[0] or None,
                "last_row": each.rows[1] or None,
                "entries": [
                    {"id": None if entry.id == NO_ID else entry.id, "row": entry.row or None}
                    for entry in each.entries
                ],
            }
            for each in held
            if each.onto == begun.id
        ],
    }


# --- lost and destroyed ------------------------------------------------------------------------------


@group.command(
    "mark",
    help=_("Note that a sheet was lost or destroyed, or found again."),
    epilog=_("Example: cardcli archive mark ivanova --lost 2"),
)
def mark(
    client: Annotated[
        str,
        typer.Argument(
            metavar=_("CLIENT"), help=_("The client; of one who was taken out, the id.")
        ),
    ],
    lost: Annotated[
        str | None,
        typer.Option(
            "--lost",
            metavar=_("SHEET"),
            help=_("Its id or code, the number of a sheet of the log, or the name of a template."),
        ),
    ] = None,
    destroyed: Annotated[
        str | None, typer.Option("--destroyed", metavar=_("SHEET"), help=_("The same."))
    ] = None,
    found: Annotated[
        str | None, typer.Option("--found", metavar=_("SHEET"), help=_("The same."))
    ] = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    given = {LOST: lost, DESTROYED: destroyed, FOUND: found}
    named = [(what, sheet) for what, sheet in given.items() if sheet is not None]
    if len(named) != 1:
        raise BadValueError(_("Say what became of which sheet: --lost, --destroyed or --found."))
    ((what, sheet),) = named
    session = open_session(store, wait)
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    card_id = _marked_client(session, archive, client)
    begun = find_sheet(archive.ledger, card_id, sheet)
    made = ledger.line(papertrail.moment(), what, card=card_id, of=begun.id)
    archiving.record(session.store, [made], "archive", session.staff(None))
    if as_json:
        ui.json({"client": card_id, "sheet": begun.id, "state": None if what == FOUND else what})
    else:
        ui.out(f"{begun.id}\t{what}")


def _marked_client(session: Session, archive: Archive, typed: str) -> str:
    wanted = typed.strip().lower()
    if wanted in archive.ledger.cards and wanted not in archive.lines:
        return wanted
    return session.resolve(typed, write=True).card.id


class NoSheetError(NotFoundError):
    """The ledger knows no such sheet of that client."""

    def __init__(self, card_id: str, typed: str) -> None:
        super().__init__(
            _(
                "The print ledger has no sheet “{sheet}” of {client}; “cardcli archive sheet {client}” lists them."
            ).format(sheet=typed, client=card_id)
        )


def find_sheet(known: Ledger, card_id: str, typed: str) -> Line:
    """Return the line that began a sheet: by its id, its code, its number in the log, its template.

    Raises :class:`NoSheetError`.
    """
    wanted = typed.strip().removeprefix("^").lower()
    begun = [
        line
        for form in known.forms_of(card_id)
        for line in known.of(card_id, form)
        if line.onto == line.id
    ]
    found = [line for line in begun if wanted in {line.id, line.form}]
    if wanted.isdecimal():
        logs = passbook.logs(known.of(card_id, LOG))
        sheet = logs[0].sheets.get(int(wanted)) if logs else None
        found = [sheet.begun] if sheet else []
    if not found and (code := _code(typed)):
        found = [line for line in begun if fits(line, code)]
    if not found:
        raise NoSheetError(card_id, typed)
    return found[-1]


def _code(typed: str) -> codes.Code | None:
    try:
        return codes.read(typed)
    except codes.BadCodeError:
        return None


def fits(line: Line, code: codes.Code) -> bool:
    """Tell whether a code is that of a sheet."""
    return (line.card, line.revision, line.sheet) == code


def client_words(archive: Archive, card_id: str) -> str:
    """Return a client on one line, or the bare id of one who is no more."""
    line = archive.lines.get(card_id)
    return label(line) if line else card_id


app.add_typer(
    group,
    name="archive",
    help=_(
        "Look after the paper archive: is it up to date, what is on which sheet, what was lost."
    ),
    epilog=_("Example: cardcli archive status"),
    no_args_is_help=True,
)
