"""Commands about the client: a new card, its profile, its file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from cardcli import card as cards
from cardcli import contacts, dates, disk, profile
from cardcli.card import Card
from cardcli.cli import completion, options, ui
from cardcli.cli.session import BadPairError, Session, open_session, pairs
from cardcli.cli.values import card_json
from cardcli.errors import BadCardError, BadValueError, CardcliError, ExitCode
from cardcli.fields import BadFieldError, Field, Type, check
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.record import Record
from cardcli.store import ChangedError, Edit, Saved
from cardcli.text import clean_line, fold
from cardcli.yamlpatch import KEY, Plain, Value

app = typer.Typer()
_LONGEST_NAME = 200
_CHANGE = re.compile(r"([^=]+?)\s*(\+=|-=|=)(.*)", re.DOTALL)
_DATED = {Type.DATE, Type.BIRTHDAY}
_LABELLED = re.compile(r"\s*([^\W\d_][\w -]{0,29}):\s+(\S.*)")
NONE = frozenset({"нет", "none", "no", "-", "—"})
"""What people write, folded, when there is none."""


class NoEditorError(CardcliError):
    """No editor is named or the named one cannot be run."""

    code = ExitCode.MISSING_PROGRAM

    def __init__(self, editor: str) -> None:
        if editor:
            super().__init__(
                _("The editor “{editor}” cannot be run; set VISUAL or EDITOR.").format(
                    editor=editor
                )
            )
        else:
            super().__init__(
                _("No editor is set; set VISUAL or EDITOR, or open the file: cardcli path CLIENT.")
            )


class BrokenEditError(CardcliError):
    """The edited text is no card; it is kept as a draft."""

    code = ExitCode.BAD_DATA

    def __init__(self, reason: str, draft: Path) -> None:
        super().__init__(
            _(
                "The card was not changed: {reason}. Your text is kept in {draft}; “cardcli edit” opens it again."
            ).format(
                reason=reason,
                draft=draft,
            ),
        )


def checked(session: Session, field: Field, typed: str) -> str:
    """Return the stored form of a value of the profile; what is doubtful is kept with a warning."""
    if field.key == "name" or (field.key == "company" and typed.strip()):
        return checked_name(typed, field)
    try:
        if field.type is Type.PHONE:
            found = contacts.phone(typed, session.config.region)
        elif field.type is Type.EMAIL:
            found = contacts.email(typed)
        else:
            value = check(field, typed, session.rules)
            return Plain(value) if field.type in _DATED else value
    except BadFieldError:
        raise
    except BadValueError as error:
        raise BadFieldError(field, str(error)) from None
    if found.warning:
        ui.warn(found.warning)
    return found.value


def checked_name(typed: str, field: Field) -> str:
    """Return a cleaned name. Raises :class:`BadFieldError` for one without a letter or a very long one."""
    name = " ".join(clean_line(typed).split())
    if not any(char.isalnum() for char in name):
        raise BadFieldError(field, _("the name is empty or has no letter in it"))
    if len(name) > _LONGEST_NAME:
        raise BadFieldError(
            field, _("the name is longer than {count} characters").format(count=_LONGEST_NAME)
        )
    return name


@app.command(
    "new",
    help=_("Make a card for a new client."),
    epilog=_(
        'Example: cardcli new "Ivanova Mariya" --phone "8 900 000-01-27" --birthday 1990-04-12'
    ),
)
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar=_("NAME"),
            help=_("Family name, given name, patronymic; or a company with --company."),
        ),
    ],
    phone: Annotated[
        list[str] | None, typer.Option("--phone", help=_("A phone number; may be repeated."))
    ] = None,
    email: Annotated[
        list[str] | None, typer.Option("--email", help=_("An e-mail address; may be repeated."))
    ] = None,
    birthday: Annotated[
        str | None,
        typer.Option(
            "--birthday", metavar=_("DATE"), help=_("Date of birth, also without the year: 12.04.")
        ),
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option("--address", help=_("An address; may be repeated."))
    ] = None,
    allergy: Annotated[
        list[str] | None, typer.Option("--allergy", help=_("An allergy; may be repeated."))
    ] = None,
    contraindication: Annotated[
        list[str] | None,
        typer.Option("--contraindication", help=_("A contraindication; may be repeated.")),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", help=_("A tag; may be repeated."), autocompletion=completion.tags),
    ] = None,
    company: Annotated[
        bool, typer.Option("--company", help=_("The client is a company, not a person."))
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar=_("KEY=VALUE"),
            help=_("Any other key of the profile; may be repeated."),
        ),
    ] = None,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help=_("Make the card though the client seems to be here already.")
        ),
    ] = False,
    staff: options.Staff = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    lists = {
        "phones": phone, "emails": email, "addresses": address, "allergies": allergy,
        "contraindications": contraindication, "tags": tag,
    }  # fmt: skip
    values: dict[str, Value] = {}
    key = "company" if company else "name"
    values[key] = checked(session, profile.field(key), name)
    for key, typed in lists.items():
        for each in typed or []:
            change_profile(session, values, key, "+=", each)
    if birthday is not None:
        change_profile(session, values, "birthday", "=", birthday)
    for key, text in pairs(settings or []).items():
        change_profile(session, values, key, "=", text)
    values["created"] = Plain(dates.today().isoformat())
    from cardcli.cli import likeness

    likeness.refuse_known(session, Card("", values), anyway=anyway)
    result = session.create(
        lambda id_, number: written(values, id_, number),
        str(values.get("name") or name),
        "new",
        session.staff(staff),
    )
    report(session, result, as_json=as_json)


def written(values: dict[str, Value], card_id: str, number: str) -> str:
    """Return the text of a new card, its keys in the order of the table."""
    return cards.new(profile.ordered({"id": card_id, "number": number, **values}))


def report(session: Session, result: Saved, *, as_json: bool) -> None:
    """Print the client, and say so when git did not commit."""
    card = result.record.card
    if as_json:
        ui.json(card_json(result.record))
    elif ui.terminal_output():
        ui.out(f"{session.label(card)}  {result.record.path}")
    else:
        ui.out(f"{card.id}\t{card.number}\t{card.name}\t{result.record.path}")
    session.saved(result)


@app.command(
    "set",
    help=_(
        "Change the profile of a client. key=value sets, += adds to a list, -= takes out of it, an empty value removes the key."
    ),
    epilog=_('Example: cardcli set ivanova phones+="+7 900 000-01-28" tags-=vip source='),
)
def set_values(
    client: options.Client,
    changes: Annotated[
        list[str], typer.Argument(metavar=_("KEY=VALUE…"), help=_("What to change."))
    ],
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    parsed = []
    for text in changes:
        match = _CHANGE.fullmatch(text)
        if match is None:
            raise BadPairError(text)
        parsed.append((match[1].strip(), match[2], match[3]))
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    result = session.change(
        record,
        lambda card: Edit(with_changes(session, card, parsed)),
        "set",
        session.staff(None),
    )
    report(session, result, as_json=as_json)


def with_changes(session: Session, card: Card, changes: list[tuple[str, str, str]]) -> str:
    """Return the text of a card with its front matter changed, key by key."""
    values = dict(card.metadata)
    for key, operator, typed in changes:
        change_profile(session, values, key, operator, typed)
    old, new = card.name, Card("", values).name
    if old and new and old != new:
        former = values.get("former_names", [])
        values["former_names"] = [*(former if isinstance(former, list) else [former]), old]
    if not Card("", values).name:
        raise BadValueError(_("a card needs a name or a company"))
    for key in {**card.metadata, **values}:
        if values.get(key) != card.metadata.get(key):
            card = cards.parse(cards.set_key(card, key, values.get(key)), card.kinds)
    return card.text


def change_profile(
    session: Session, values: dict[str, Value], key: str, operator: str, typed: str
) -> None:
    """Change one key of *values*. Raises :class:`BadValueError` with the reason."""
    table = session.config.profile
    name, dot, part = key.partition(".")
    name = table.canonical(name)
    if name in profile.OWNED:
        raise BadValueError(_("“{key}” is kept by cardcli and cannot be set").format(key=name))
    if not KEY.fullmatch(name):
        raise BadValueError(_("“{key}” cannot be the name of a key").format(key=key))
    field = table.field(name)
    if not table.known(name) and name not in values:
        sentence = _("“{key}” is taken as a key of your own.").format(key=name)
        ui.warn(suggesting(sentence, nearest(name, table.order)))
    if dot:
        changed = dict(old) if isinstance(old := values.get(name), dict) else {}
        changed[part] = clean_line(typed)
        values[name] = {key: text for key, text in changed.items() if text}
    elif operator == "=" and not typed.strip():
        values.pop(name, None)
    elif operator != "-=" and says_none(name, typed):
        values[name] = [] if field.many else ""
    elif operator == "=" and not field.many:
        values[name] = checked(session, field, typed)
    else:
        values[name] = _changed_list(session, field, values.get(name, []), operator, typed)
        if operator == "-=" and not values[name]:
            values.pop(name)  # an empty list would say that there is none
    if values.get(name):
        warn_of_purpose(session, name)


def says_none(key: str, typed: str) -> bool:
    """Tell whether the client has none of what every card should hold: «нет» for a phone, say."""
    return key in profile.OBLIGATORY and fold(typed) in NONE


def warn_of_purpose(session: Session, key: str) -> None:
    """Say that an optional fact is kept without a stated purpose."""
    if key in profile.OPTIONAL and not session.config.purposes.get(key):
        sentence = _("{field}: cardcli.yaml states no purpose for keeping it (purposes:)")
        ui.warn(sentence.format(field=_(profile.field(key).label)))


def labelled(session: Session, field: Field, typed: str) -> Value:
    """Return an item of a list; “work: +7…” gives a map with the label where labels have a meaning."""
    match = _LABELLED.fullmatch(typed) if field.key in profile.LABELLED else None
    if match:
        return {match[1].strip(): str(checked(session, field, match[2]))}
    return checked(session, field, typed)


def _changed_list(session: Session, field: Field, old: Value, operator: str, typed: str) -> Value:
    if session.config.profile.known(field.key) and not field.many:
        raise BadFieldError(field, _("it holds one value; write {key}=…").format(key=field.key))
    items: list[Value] = list(old) if isinstance(old, list) else [old] if old else []
    if operator == "=":
        return [labelled(session, field, typed)]
    if operator == "+=":
        value = labelled(session, field, typed)
        return items if value in items else [*items, value]
    wanted = {typed.strip()}
    if field.type is Type.PHONE:
        wanted.update(_words(labelled(session, field, typed)))
    kept = [item for item in items if not wanted & set(_words(item))]
    if len(kept) == len(items):
        shown = ", ".join(_words(item)[0] for item in items) or "—"
        raise BadFieldError(
            field,
            _("there is no “{value}”; there is: {items}").format(value=typed.strip(), items=shown),
        )
    return kept


def _words(item: Value) -> list[str]:
    """Return what an item of a list may be called by: itself; with a label also the value alone."""
    if not isinstance(item, dict):
        return [str(item)]
    return [f"{label}: {value}" for label, value in item.items()] + [
        str(value) for value in item.values()
    ]


@app.command(
    "path",
    help=_("Print the path of a client's file."),
    epilog=_("Example: less $(cardcli path ivanova)"),
)
def path(
    client: options.Client, as_json: options.Json = False, store: options.StoreDir = None
) -> None:
    session = open_session(store)
    record = session.resolve(client)
    found = str(session.store.root / record.path)
    if as_json:
        ui.json({"id": record.card.id, "path": found})
    else:
        ui.out(found)


@app.command(
    "edit",
    help=_("Open a card in your editor. The result is checked before it is kept."),
    epilog=_("Example: EDITOR=nano cardcli edit ivanova"),
)
def edit(
    client: options.Client,
    fuzzy: options.Fuzzy = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    draft = session.store.own / f"edit-{record.card.id}.md"
    base = draft.with_suffix(".base")
    if draft.exists() and base.exists():
        ui.say(
            _("An unfinished edit is opened again; delete {draft} to begin anew.").format(
                draft=draft
            )
        )
    else:
        disk.write(base, record.card.text.encode())
        disk.write(draft, record.card.text.encode())
    begun = Record(record.path, cards.parse(disk.read_text(base), session.config.kinds))
    text = edited(session, record, draft)
    if text == begun.card.text:
        ui.say(_("Nothing was changed."))
    else:
        result = replaced(session, begun, text, draft)
        report(session, result, as_json=False)
    disk.remove(draft)
    disk.remove(base)


def replaced(session: Session, begun: Record, text: str, draft: Path) -> Saved:
    """Write the edited text over the card it began from. Raises :class:`ChangedError` naming the draft."""
    try:
        return session.replace(begun, text, session.staff(None))
    except ChangedError:
        raise ChangedError(begun.path, draft) from None


def edited(session: Session, record: Record, draft: Path) -> str:
    """Run the editor until the draft is a card, or the user gives up. Raises :class:`BrokenEditError`."""
    while True:
        _run_editor(session.environment.editor, draft)
        try:
            text = disk.read_text(draft)
            found = cards.parse(text, session.config.kinds)
            if found.id != record.card.id:
                raise BadCardError(2, _("the id of a card must not change"))
        except CardcliError as error:
            reason = (
                f"{error.reason} ({error.line})" if isinstance(error, BadCardError) else str(error)
            )
            ui.say(reason)
            if ui.interactive() and ui.confirm(_("Edit again?")):
                continue
            raise BrokenEditError(reason, draft) from None
        for problem in found.problems:
            ui.warn(f"{record.path}:{problem.line}: {problem.message}")
        return text


def _run_editor(editor: str, path: Path) -> None:
    import shlex
    import subprocess

    if not editor:
        raise NoEditorError("")
    try:
        done = subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError):
        raise NoEditorError(editor) from None
    if done.returncode:
        raise BrokenEditError(_("the editor ended with {code}").format(code=done.returncode), path)
