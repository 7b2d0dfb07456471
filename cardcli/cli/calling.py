"""The command that a telephone exchange asks who calls: fast, exact, never a guess."""

from __future__ import annotations

from json import loads
from typing import Annotated

import typer

from cardcli.cli import options, ui
from cardcli.cli.session import Session, open_session
from cardcli.errors import BadValueError, ExitCode
from cardcli.index import Line, Snapshot
from cardcli.language import _
from cardcli.search.people import NATIONAL, Kind, Person, national

app = typer.Typer()
_SEVEN = frozenset({"RU", "KZ"})
"""The countries of the code 7: their numbers are understood without libphonenumber."""
_ABROAD = ("810", "00")
"""What is dialled before a number abroad: 8~10 in Russia, 00 in most countries (ITU-T E.164)."""


@app.command(
    "lookup",
    help=_(
        "Tell whose number a phone is, for a telephone exchange. The exit code says it too: 0 one "
        "client, 1 nobody, 4 several."
    ),
    epilog=_("Example: cardcli lookup +79000000127"),
)
def lookup(
    phone: Annotated[
        str, typer.Argument(metavar=_("PHONE"), help=_("The whole number, in any form."))
    ],
    as_json: options.Json = False,
    role: options.Role = None,
    store: options.StoreDir = None,
) -> None:
    session = open_session(store, role=role)
    lines = owners(session, phone)
    if as_json:
        ui.json({"phone": phone, "clients": [loads(line.client) for line in lines]})
    elif lines:
        ui.table([], [line[:4] for line in lines], no_header=True)
    session.name_broken()
    if not lines:
        ui.say(_("No client has the number {phone}.").format(phone=phone))
        raise typer.Exit(ExitCode.NOT_FOUND)
    if len(lines) > 1:
        ui.say(_("Several clients have the number {phone}.").format(phone=phone))
        raise typer.Exit(ExitCode.AMBIGUOUS)


def owners(session: Session, phone: str) -> list[Line]:
    """Return the clients with this number, by name. Raises :class:`BadValueError` for no number."""
    forms = _forms(session, phone)
    words = [(Kind.PHONE, national(form)[::-1]) for form in forms]

    def question(snapshot: Snapshot) -> list[Line]:
        people = snapshot.people(snapshot.bearers(words))
        lines = snapshot.lines_of(each.id for each in people if _has(each, forms))
        return sorted(lines.values(), key=lambda line: (line.name, line.id))

    found = session.store.ask(question)
    return [] if "phones" in session.hidden else session.seen_lines(found)


def _has(person: Person, forms: list[str]) -> bool:
    """Tell whether one of the numbers is the person's, with the code of its country if it has one."""
    for phone in person.phones:
        digits = "".join(filter(str.isdecimal, phone))
        if digits in forms or (phone[:1] != "+" and _russian(digits) in forms):
            return True
    return False


def _forms(session: Session, phone: str) -> list[str]:
    """Return the numbers that may be meant, as digits with the code of the country.

    What begins as a number abroad may be one at home all the same: both are looked for. A number
    without the code of a country is read by the rules of the store's own country.
    """
    digits = "".join(filter(str.isdecimal, phone))
    if not digits or any(char.isalpha() for char in phone):
        raise BadValueError(_("“{value}” is not a phone number").format(value=phone))
    if phone.strip().startswith("+"):
        return [digits]
    abroad = [digits.removeprefix(code) for code in _ABROAD if digits.startswith(code)]
    if session.store.region in _SEVEN:
        return [_russian(digits), *abroad]
    from cardcli import contacts

    read = contacts.phone(phone, session.store.region).value
    return [digits, "".join(filter(str.isdecimal, read)), *abroad]


def _russian(digits: str) -> str:
    """Return a number of the country code 7 with it: 10 digits, or 11 that begin with the trunk 8."""
    short = national(digits)
    return f"7{short}" if len(short) == NATIONAL else digits
