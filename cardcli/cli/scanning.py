"""Commands that begin with a sheet of paper: its code typed by a scanner, or in a picture of it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import archiving, dates, photos
from cardcli.archive import codes, content, hand
from cardcli.archive.codes import Code
from cardcli.archive.content import SCAN
from cardcli.archive.hand import Hand
from cardcli.archiving import Archive
from cardcli.card import Card
from cardcli.changes import describe
from cardcli.cli import options, papers, ui
from cardcli.cli.archive import client_words, mark_words, reason_json, sheet_title, words
from cardcli.cli.recording import NewFile, entry_date, record_entry
from cardcli.cli.session import Session, open_session
from cardcli.cli.values import entry_json
from cardcli.entry import Entry
from cardcli.errors import BadValueError, ExitCode, NotFoundError
from cardcli.language import N_, _, active, translator
from cardcli.text import slug

app = typer.Typer()
_STATES = {
    "current": N_("This sheet is up to date."),
    "stale": N_("This sheet is out of date."),
    "replaced": N_("This sheet was printed anew since; destroy this one."),
    "unknown": N_(
        "Nothing is known of this print: neither the print ledger nor the history has it; sync, if it was made at another workplace."
    ),
}
_CODES = {
    "current": ExitCode.DONE,
    "stale": ExitCode.CHANGED,
    "replaced": ExitCode.CHANGED,
    "unknown": ExitCode.NOT_FOUND,
}


class UnknownSheetError(NotFoundError):
    """The card of a sheet is not in the store."""

    def __init__(self, card_id: str, *, had_paper: bool) -> None:
        sentence = _("There is no card with the id {id}.").format(id=card_id)
        if had_paper:
            sentence += " " + _("The client was taken out of the store: destroy the sheet.")
        super().__init__(sentence)


@app.command(
    "open",
    help=_(
        "Find the card of a sheet by its code, as a scanner types it. Says whether the sheet still holds, and ends with 5 when not."
    ),
    epilog=_("Example: cardcli open CC:k7f3qd/9f3c2ab1"),
)
def open_sheet(
    code: Annotated[
        str,
        typer.Argument(
            metavar=_("CODE"),
            help=_("What the scanner types, in whatever keyboard layout."),
        ),
    ],
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store)
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    read = codes.read(code)
    held = judged(archive, read)
    card = session.seen(archive.record(read.card)).card
    if as_json:
        ui.json(held_json(archive, read, held, card))
    else:
        tell(session, archive, read, held, card)
    if _CODES[held.state] and read.revision:
        raise typer.Exit(_CODES[held.state])


def judged(archive: Archive, code: Code) -> Hand:
    """Judge a sheet. Raises :class:`UnknownSheetError`."""
    line = archive.lines.get(code.card)
    if line is None:
        raise UnknownSheetError(code.card, had_paper=code.card in archive.ledger.cards)

    def past(form: str) -> content.Content | None:
        card = archive.past(code.card, code.revision)
        return content.of(card, form, archive.today) if card else None

    return hand.judge(
        archive.ledger,
        code,
        archive.revision(line.path),
        lambda form: archive.content(line.path, form),
        past,
    )


def tell(session: Session, archive: Archive, code: Code, held: Hand, card: Card) -> None:
    """Say what the sheet is and what is missing on it."""
    ui.out(client_words(archive, code.card))
    if held.line is not None:
        day = dates.show_date(held.line.when[:10], active())
        printed = _("printed {when}").format(when=f"{day} {held.line.when[11:16]}")
        ui.out(f"{sheet_title(held.line)}, {printed}")
    if not code.revision:
        ui.say(_("The code does not say which print this is."))
        return
    ui.out(_(_STATES[held.state]))
    if held.mark:
        ui.out(
            _(
                "By the print ledger {mark}. Found again? cardcli archive mark {client} --found {sheet}"
            ).format(
                mark=mark_words(held.mark),
                client=code.card,
                sheet=held.line.id if held.line else code,
            )
        )
    entries = {each.id: each for each in card.entries if each.id}
    for reason in held.reasons:
        ui.out(f"  {words(reason)}" + (":" if reason.why in {"new", "changed"} else ""))
        for entry_id in reason.entries if reason.why in {"new", "changed"} else ():
            if entry := entries.get(entry_id):
                ui.out(f"    {describe(entry, card.kinds, session.config.currency)} ^{entry.id}")


def held_json(archive: Archive, code: Code, held: Hand, card: Card) -> dict[str, Any]:
    """Return a sheet in hand for programs."""
    line = archive.lines[code.card]
    entries = {each.id: each for each in card.entries if each.id}

    def named(why: str) -> list[Any]:
        found = (entries.get(each) for each in hand.missing(held.reasons, why))
        return [entry_json(each) for each in found if each]

    return {
        "id": code.card,
        "number": line.number or None,
        "name": line.name,
        "path": line.path,
        "code": str(code),
        "state": held.state,
        "template": held.line.form if held.line else None,
        "sheet": held.line.id if held.line else None,
        "printed": held.line.time if held.line else None,
        "mark": held.mark or None,
        "reasons": [reason_json(each) for each in held.reasons],
        "missing": named("new"),
        "changed": named("changed"),
    }


@app.command(
    "scan",
    help=_(
        "Keep a photo or scan of a sheet with its client, found by the code on it. Says whether the sheet still holds, and ends with 5 when not."
    ),
    epilog=_("Example: cardcli scan sheet.pdf"),
)
def scan(
    file: Annotated[
        Path,
        typer.Argument(metavar=_("FILE"), help=_("A picture or a PDF of one client's sheets.")),
    ],
    no_attach: Annotated[
        bool, typer.Option("--no-attach", help=_("Only read the code; keep nothing."))
    ] = False,
    staff: options.Staff = None,
    date: options.Date = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    data, suffix = papers.content(file, session.config.attachment_limit)
    found = codes_of(data, file)
    archive = archiving.Archive(session.store, dates.today(), ui.warn)
    sheets = [(code, judged(archive, code)) for code in found]
    card_id = found[0].card
    card = session.seen(archive.record(card_id)).card
    path = ""
    if not no_attach:
        if not data.startswith(b"%PDF-"):
            data, suffix = photos.checked(data, file.name)
        path = attach(
            session, archive, sheets, (data, suffix), (staff, entry_date(date, future=False))
        )
    if as_json:
        listed = [held_json(archive, code, held, card) for code, held in sheets]
        ui.json({"id": card_id, "file": path or None, "sheets": listed})
    else:
        for code, held in sheets:
            tell(session, archive, code, held, card)
        if path:
            ui.out(_("kept: {path}").format(path=path))
    worst = max((_CODES[held.state] for _code, held in sheets), default=ExitCode.DONE)
    if worst:
        raise typer.Exit(worst)


def codes_of(data: bytes, file: Path) -> list[Code]:
    """Return the codes in a file: of one client, with a revision. Raises BadValueError for others."""
    from cardcli.archive import scanner

    found = scanner.read(data, str(file))
    if not found:
        raise NotFoundError(
            _(
                "There is no code of a sheet to be read in {path}; try a sharper picture, or open with the code typed"
            ).format(path=file)
        )
    clients = list(dict.fromkeys(code.card for code in found))
    if len(clients) > 1:
        raise BadValueError(
            _("{path} has sheets of several clients ({clients}); scan them one by one").format(
                path=file, clients=", ".join(clients)
            )
        )
    return found


def attach(
    session: Session,
    archive: Archive,
    sheets: list[tuple[Code, Hand]],
    file: tuple[bytes, str],
    who_when: tuple[str | None, str],
) -> str:
    """Keep a scan with the client and return its path in the store."""
    data, suffix = file
    staff, day = session.staff(who_when[0]), who_when[1]
    card_id = sheets[0][0].card
    say = translator(session.config.language).gettext
    titles = [sheet_title(held.line, say) if held.line else str(code) for code, held in sheets]
    title = say(N_("Scan: {sheet}")).format(sheet="; ".join(dict.fromkeys(titles)))
    fields = {
        "kind": "other",
        "file": "",
        "sha256": hashlib.sha256(data).hexdigest(),
        SCAN: " ".join(str(code) for code, _held in sheets),
    }
    if staff:
        fields["staff"] = staff
    entry = Entry("", day, title, "", fields, "", "document")
    record = archive.record(card_id)
    kept = {"file": NewFile(data, suffix, slug(title))}
    saved, entry_id = record_entry(session, record, entry, "scan", staff, kept)
    session.saved(saved)
    return saved.record.card.entry(entry_id).fields["file"]
