"""Commands about papers: files that are kept beside the card, consents that were given or withdrawn."""

from __future__ import annotations

import functools
import hashlib
import re
from pathlib import Path
from typing import Annotated

import typer

from cardcli import card as cards
from cardcli import disk, photos
from cardcli.card import Card
from cardcli.cli import options, ui
from cardcli.cli.recording import NewFile, completed, entry_date, field_values, record_entry, report
from cardcli.cli.session import Session, open_session
from cardcli.entry import Entry
from cardcli.errors import BadValueError, NotFoundError
from cardcli.fields import Field, check
from cardcli.language import _, translator
from cardcli.store import Edit
from cardcli.text import clean_line, slug

app = typer.Typer()
_MEGABYTE = 1024 * 1024
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_PICTURES = frozenset({"photo", "screenshot"})


class BadAttachmentError(BadValueError):
    """A file that cannot be kept beside a card."""


@app.command(
    "attach",
    help=_(
        "Keep a file with the client: it is copied into the store, and check sees when it changes."
    ),
    epilog=_("Example: cardcli attach ivanova contract.pdf --kind contract --expires +1y"),
)
def attach(
    client: options.Client,
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The file to copy."))],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind",
            help=_("contract, consent, invoice, offer, photo, screenshot or other."),
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option("--title", help=_("What it is; the name of the file unless given.")),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar=_("DATE"), help=_("Until which day it counts.")),
    ] = None,
    staff: options.Staff = None,
    date: options.Date = None,
    note: options.Note = None,
    fields: options.Fields = None,
    future: options.Future = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    table = session.config.kinds.named("document")
    who = session.staff(staff)
    given = {"kind": kind, "expires": expires, "staff": who or None}
    values = field_values(table, given, fields, session.rules)
    day = entry_date(date, future=future)
    data, suffix = content(file, session.config.attachment_limit)
    if values.get("kind") in _PICTURES:
        data, suffix = photos.checked(data, file.name)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    values |= {"file": "", "sha256": hashlib.sha256(data).hexdigest()}
    name = clean_line(title or "") or clean_line(file.name)
    entry = Entry("", day, name, "", values, note or "", "document")
    kept = {"file": NewFile(data, suffix, slug(title or file.stem))}
    report(session, record_entry(session, record, entry, "attach", who, kept), as_json=as_json)


def content(path: Path, limit: int) -> tuple[bytes, str]:
    """Return the bytes of a file and its suffix, fit for a file name; *limit* is in megabytes.

    Raises :class:`BadAttachmentError` for a link, for what is no file and for one over the limit.
    """
    if path.is_symlink():
        raise BadAttachmentError(
            _("{path} is a link; attach the file it leads to").format(path=path)
        )
    if not path.is_file():
        raise BadAttachmentError(_("There is no file {path}.").format(path=path))
    if path.stat().st_size > limit * _MEGABYTE:
        raise BadAttachmentError(
            _("{path} is larger than {limit} MB (attachment_limit in cardcli.yaml)").format(
                path=path, limit=limit
            )
        )
    suffix = path.suffix.lower()
    return disk.read_bytes(path), suffix if _SUFFIX.fullmatch(suffix) else ""


@app.command(
    "consent",
    help=_("Add a consent the client gave, or note that it was withdrawn."),
    epilog=_("Example: cardcli consent ivanova publishing --version 3 --document consent.md"),
)
def consent(
    client: options.Client,
    subject: Annotated[
        str,
        typer.Argument(
            metavar=_("SUBJECT"),
            help=_(
                "processing, health, photo (taking them), publishing (of photos) or advertising."
            ),
        ),
    ],
    version: Annotated[
        str | None,
        typer.Option("--version", help=_("The version of the document that was signed.")),
    ] = None,
    document: Annotated[
        Path | None,
        typer.Option(
            "--document",
            metavar=_("FILE"),
            help=_("The text that was signed: its SHA-256 is kept, not the file."),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar=_("DATE"), help=_("Until which day it counts.")),
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help=_("The client withdrew it on the day of --date."))
    ] = False,
    staff: options.Staff = None,
    date: options.Date = None,
    note: options.Note = None,
    fields: options.Fields = None,
    future: options.Future = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    table = session.config.kinds.named("consent")
    field = table.field("subject") or Field("subject")
    key = check(field, subject, session.rules)
    who = session.staff(staff)
    day = entry_date(date, future=future)
    if withdraw:
        if version or document or until or note or fields:
            raise BadValueError(_("--withdraw goes with --date only"))
        withdraw_consent(session, client, key, day, fuzzy=fuzzy, as_json=as_json)
        return
    given = {"subject": key, "version": version, "until": until, "staff": who or None}
    values = field_values(table, given, fields, session.rules)
    if document:
        data, _suffix = content(document, session.config.attachment_limit)
        values["sha256"] = hashlib.sha256(data).hexdigest()
    title = translator(session.config.language).gettext(dict(field.choices)[key])
    entry = Entry("", day, title[:1].upper() + title[1:], "", values, note or "", "consent")
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    report(session, record_entry(session, record, entry, "consent", who), as_json=as_json)


def withdraw_consent(
    session: Session, client: str, subject: str, day: str, *, fuzzy: bool, as_json: bool
) -> None:
    """Note on every consent to *subject* in force that it was withdrawn. Raises NotFoundError for none."""
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    changed: list[str] = []

    def edit(card: Card) -> Edit:
        changed[:] = [
            each.id
            for each in card.of_kind("consent")
            if each.fields.get("subject") == subject and "withdrawn" not in each.fields
        ]
        if not changed:
            sentence = _("{client} has given no consent of this kind, or has withdrawn it.")
            raise NotFoundError(sentence.format(client=card.name))
        for entry_id in changed:
            text = cards.amend(card, entry_id, functools.partial(_withdrawn, card, day))
            card = cards.parse(text, card.kinds)
        return Edit(card.text, changed[-1])

    result = session.change(record, edit, "consent", session.staff(None))
    for entry_id in changed[:-1]:
        ui.say(_("withdrawn too: ^{id}").format(id=entry_id))
    report(session, (result, changed[-1]), as_json=as_json)


def _withdrawn(card: Card, day: str, consent: Entry) -> Entry:
    new = consent._replace(fields={**consent.fields, "withdrawn": day})
    return completed(card.kinds.named("consent"), card, consent, new)
