"""Commands that record one entry of a kind: made from the table of kinds, one line each.

A command is its argument and the fields of its kind as options; what is special about a kind is a
function that completes the entry from the card it goes into.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cardcli import card as cards
from cardcli import dates, disk, photos
from cardcli.card import Card
from cardcli.cli import completion, options, ui
from cardcli.cli.completing import (
    Finish,
    begun,
    finishing,
    lasting,
    paid,
    refunded,
    scored,
)
from cardcli.cli.guarding import GUARDED, guarded, overriding
from cardcli.cli.recording import (
    EntryId,
    NewFile,
    entry_date,
    field_values,
    record_entry,
    report,
    title_of,
)
from cardcli.cli.session import Session, open_session
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import Field, Type, decimal
from cardcli.kinds import Kind, Kinds
from cardcli.language import N_, _, translator
from cardcli.meant import nearest, suggesting
from cardcli.store import Edit
from cardcli.text import clean_text, fold
from cardcli.tuples import NamedTuple

app = typer.Typer()
_PICTURES = {"before": "do", "after": "posle"}
"""What the file of a photo is called, by its field."""
Parameters = dict[str, tuple[Any, Any]]
_NEEDED = inspect.Parameter.empty


class Verb(NamedTuple):
    """A command that records an entry of a kind.

    Its argument is the title, or the ``amount`` with the title in ``--for``. Only ``signed`` entries
    are by the member of the staff who types. ``finish`` completes the entry under the lock,
    ``proposals`` completes the argument while it is typed, ``remark`` says what is odd about it.
    """

    name: str
    kind: str
    help: str
    example: str
    argument: str
    options: tuple[str, ...]
    finish: Finish | None = None
    amount: bool = False
    signed: bool = True
    proposals: Callable[..., Any] | None = None
    remark: Callable[[Session, Entry], None] | None = None

    @property
    def guarded(self) -> bool:
        """Tell whether the safety rules are asked about such an entry."""
        return self.kind in GUARDED


def warn_unknown_service(session: Session, visit: Entry) -> None:
    """Say that a service is not in the catalogue, if there is one."""
    names = {fold(service.name): service.name for service in session.config.services}
    if names and fold(visit.title) not in names:
        meant = nearest(fold(visit.title), names)
        sentence = _("the service “{title}” is not in the catalogue.").format(title=visit.title)
        ui.warn(suggesting(sentence, names[meant] if meant else None))


VERBS = (
    Verb(
        "visit", "visit", N_("Add a service that was rendered. One service is one line."),
        N_('Example: cardcli visit ivanova "Haircut" --price 2500 --staff Olga --date yesterday'),
        N_("SERVICE"),
        ("price", "duration", "products", "rating", "feedback", "wish", "before", "after"),
        proposals=completion.services, remark=warn_unknown_service,
    ),
    Verb(
        "sell", "sale", N_("Add something that was sold; the price is that of one."),
        N_('Example: cardcli sell ivanova "Hair mask" --price 1200 --qty 2'),
        N_("PRODUCT"), ("price", "qty"),
    ),
    Verb(
        "pay", "payment", N_(
            "Add a payment, or a prepayment when there is nothing to pay yet; 0 --of ENTRY says that an entry is not paid yet."
        ),
        N_("Example: cardcli pay ivanova 2500 --method card --of e7f3qd"),
        N_("AMOUNT"), ("method", "of"), paid, amount=True,
    ),
    Verb(
        "refund", "refund", N_("Give money back: of a payment, a service or a purchase."),
        N_('Example: cardcli refund ivanova 1200 --of e7f3qd --reason "wrong colour"'),
        N_("AMOUNT"), ("method", "of", "reason"), refunded, amount=True,
    ),
    Verb(
        "survey", "survey", N_("Add the answers to a survey, in short."),
        N_('Example: cardcli survey ivanova "Guest survey" --score 9 --scale 0-10 --result "all fine"'),
        N_("NAME"), ("score", "scale", "staff", "result", "conclusion", "wish"), scored, signed=False,
    ),
    Verb(
        "observe", "observation", N_("Add what a specialist notices: skin, hair, nails, body."),
        N_('Example: cardcli observe ivanova "Dry, flakes after winter" --area skin'),
        N_("TEXT"), ("area",),
    ),
    Verb(
        "contact", "contact", N_("Add a call, a message or a request, with its status."),
        N_('Example: cardcli contact ivanova "Asks to move Friday" --channel call --direction in --status open'),
        N_("TEXT"), ("channel", "direction", "status", "outcome", "duration"), begun,
    ),
    Verb(
        "deal", "deal", N_("Add a deal with a company; amend its stage, and each change is dated."),
        N_('Example: cardcli deal romashka "Staff manicure" --stage offer --amount 60000 --close +1m'),
        N_("TITLE"), ("stage", "amount", "close"), begun,
    ),
    Verb(
        "offer", "offer", N_("Add an offer that was made to the client."),
        N_('Example: cardcli offer ivanova "Second peeling at half price" --until +2w'),
        N_("TEXT"), ("until", "response"),
    ),
    Verb(
        "patch-test", "patch-test", N_("Add a patch test: the substance, the result, how long it counts."),
        N_('Example: cardcli patch-test ivanova "Hair dye" --result negative --until +6m'),
        N_("SUBSTANCE"), ("result", "until"),
    ),
    Verb(
        "advise", "advice", N_("Add a recommendation for the client."),
        N_('Example: cardcli advise ivanova "Hair mask" --every 1w --until 2026-09-01'),
        N_("TEXT"), ("every", "until", "times", "kind"), lasting,
    ),
    Verb(
        "note", "note", N_("Add a dated note."),
        N_('Example: cardcli note ivanova "Prefers mornings"'),
        N_("TEXT"), (),
    ),
)  # fmt: skip


def recorder(verb: Verb) -> Callable[..., None]:
    """Return the function of a command, with one parameter for each option."""
    kind = Kinds().named(verb.kind)
    label = N_("Amount") if verb.amount else kind.title_label
    argument = typer.Argument(
        metavar=_(verb.argument), help=f"{_(label)}.", autocompletion=verb.proposals
    )
    found: Parameters = {
        "client": (options.Client, _NEEDED),
        "argument": (Annotated[str, argument], _NEEDED),
    }
    if verb.amount:
        title = typer.Option("--for", help=f"{_(kind.title_label)}.")
        found["title"] = (Annotated[str | None, title], None)
    found |= {key: (_option(kind.field(key) or Field(key)), None) for key in verb.options}
    found |= _shared(signed=verb.signed, guarded=verb.guarded)

    def command(**given: Any) -> None:
        record(open_session(given["store"], given["wait"]), verb, verb.name, given)

    return _with(command, found)


def _with(command: Callable[..., None], found: Parameters) -> Callable[..., None]:
    """Give a function the parameters that Typer is to see."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in found.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _option(field: Field) -> Any:
    option = typer.Option(f"--{field.key}", metavar=_metavar(field), help=option_help(field))
    return Annotated[Path | None if field.type is Type.FILE else str | None, option]


def _shared(*, signed: bool, guarded: bool) -> Parameters:
    """Return the options that commands share which record an entry."""
    found: Parameters = {"staff": (options.Staff, None)} if signed else {}
    found |= {
        "date": (options.Date, None),
        "time": (options.Time, None),
        "note": (options.Note, None),
        "fields": (options.Fields, None),
    }
    if guarded:
        found |= {"force": (options.Force, False), "reason": (options.Reason, None)}
    return found | {
        "future": (options.Future, False),
        "fuzzy": (options.Fuzzy, False),
        "as_json": (options.Json, False),
        "store": (options.StoreDir, None),
        "wait": (options.Wait, options.WAIT),
    }


def _metavar(field: Field) -> str | None:
    names = {
        Type.DATE: _("DATE"),
        Type.PERIOD: _("PERIOD"),
        Type.ENTRY: _("ENTRY"),
        Type.FILE: _("FILE"),
    }
    return names.get(field.type)


def option_help(field: Field) -> str:
    """Return what the help says of a field: its label and what may be written."""
    hints = {
        Type.MONEY: _("2500 or 2500,50"),
        Type.DATE: _("+3m is in three months"),
        Type.PERIOD: _("3d, 2w, 1m, 1y"),
        Type.ENTRY: _("the id at the end of its line"),
        Type.SCALE: _("1-5 or 0-10"),
    }
    hint = ", ".join(key for key, _label in field.choices) or hints.get(field.type, "")
    if field.low is not None and field.high is not None:
        hint = _("{low} to {high}").format(low=field.low, high=field.high)
    return f"{_(field.label)}: {hint}." if hint else f"{_(field.label)}."


def record(session: Session, verb: Verb, command: str, given: dict[str, Any]) -> None:
    """Record what a command was given."""
    override = None
    if "force" in given:
        override = overriding(force=given["force"], reason=given["reason"])
    kind = session.config.kinds.named(verb.kind)
    who = session.staff(given.get("staff"))
    pictures = {
        key: NewFile(*read_photo(given[key]), word)
        for key, word in _PICTURES.items()
        if given.get(key)
    }
    entry = _typed(session, verb, kind, given, who)
    client = session.resolve(given["client"], write=True, fuzzy=given["fuzzy"])
    if verb.remark:
        verb.remark(session, entry)
    if override and verb.guarded:
        entry = guarded(session, client, entry, override)
    finish = finishing(session, verb.finish)
    done = record_entry(session, client, entry, command, who, pictures, finish)
    report(session, done, as_json=given["as_json"])


def _typed(session: Session, verb: Verb, kind: Kind, given: dict[str, Any], who: str) -> Entry:
    """Return the entry as it was typed, every value checked."""
    typed = {key: given[key] for key in verb.options if key not in _PICTURES}
    if verb.signed and kind.field("staff"):
        typed["staff"] = who or None
    if verb.amount:
        typed["amount"] = given["argument"]
        title, rest = (given["title"] or "").strip(), ""
    else:
        title, _newline, rest = clean_text(given["argument"]).partition("\n")
        title = title_of(kind, title)
    return Entry(
        "",
        entry_date(given["date"], future=given["future"]),
        title,
        dates.parse_time(given["time"]) if given["time"] else "",
        field_values(kind, typed, given["fields"], session.rules),
        "\n".join(part for part in (rest, given["note"]) if part),
        kind.name,
    )


def read_photo(path: Path) -> tuple[bytes, str]:
    """Return a picture and its suffix. Raises :class:`BadValueError` for what is no picture."""
    if not path.is_file():
        raise BadValueError(_("There is no file {path}.").format(path=path))
    return photos.checked(disk.read_bytes(path), path.name)


for _verb in VERBS:
    app.command(_verb.name, help=_(_verb.help), epilog=_(_verb.example))(recorder(_verb))


class NoKindError(BadValueError):
    """There is no such kind of entry in this store."""

    def __init__(self, typed: str, names: Sequence[str]) -> None:
        sentence = _("There is no kind “{kind}”; there are: {kinds}.").format(
            kind=typed, kinds=", ".join(names)
        )
        super().__init__(suggesting(sentence, nearest(typed, names)))


def kind_called(kinds: Kinds, typed: str) -> Kind:
    """Return the kind of a name, a heading or a label, in any language. Raises :class:`NoKindError`."""
    found = kinds.of_heading(typed)
    for kind in kinds.all:
        labels = {fold(translator(language).gettext(kind.label)) for language in kind.headings}
        if fold(typed) in {kind.name, *labels}:
            found = kind
    if found is None or found.name == "difference":
        raise NoKindError(typed, [kind.name for kind in kinds.all if kind.name != "difference"])
    return found


def record_any(**given: Any) -> None:
    """Record an entry of any kind, completed as the command of that kind does it."""
    session = open_session(given["store"], given["wait"])
    kind = kind_called(session.config.kinds, given["kind"])
    plain = Verb("", kind.name, "", "", "", ())
    verb = next((each for each in VERBS if each.kind == kind.name), plain)
    record(session, verb._replace(options=(), amount=False), "add", given)


app.command(
    "add",
    help=_("Add an entry of any kind, also of the kinds that cardcli.yaml defines."),
    epilog=_('Example: cardcli add course ivanova "Massage" --field sessions=10'),
)(
    _with(
        record_any,
        {
            "kind": (
                Annotated[
                    str,
                    typer.Argument(
                        metavar=_("KIND"), help=_("The name of the kind, or its section.")
                    ),
                ],
                _NEEDED,
            ),
            "client": (options.Client, _NEEDED),
            "argument": (
                Annotated[
                    str,
                    typer.Argument(
                        metavar=_("TITLE"), help=_("The title; its first line is the entry's.")
                    ),
                ],
                _NEEDED,
            ),
            **_shared(signed=True, guarded=True),
        },
    )
)


@app.command(
    "done",
    help=_("Mark a recommendation as followed on a day."),
    epilog=_("Example: cardcli done ivanova r0c4tt --date yesterday"),
)
def done(
    client: options.Client,
    entry: EntryId,
    date: options.Date = None,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    day = entry_date(date, future=False)
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    old = record.card.entry(entry)

    def edit(card: Card) -> Edit:
        return Edit(cards.amend(card, old.id, lambda each: followed(card, each, day)), old.id)

    result = session.change(record, edit, "done", session.staff(None))
    if result.record.card.entry(old.id) == old:
        ui.say(_("It was marked as followed on {date} before.").format(date=day))
    report(session, (result, old.id), as_json=as_json)


def followed(card: Card, advice: Entry, day: str) -> Entry:
    """Return a recommendation marked as followed on *day* (ISO); done for good when nothing is left of it.

    Raises :class:`BadValueError` for another kind of entry and for a day before it was given.
    """
    if advice.kind != "advice":
        kind = card.kinds.named(advice.kind) if advice.kind else None
        raise BadValueError(
            _("^{id} is no recommendation but: {kind}; “cardcli amend” changes it").format(
                id=advice.id, kind=_(kind.label) if kind else advice.section
            )
        )
    if day < advice.date:
        raise BadValueError(
            _("{day} is before the day of the recommendation, {date}").format(
                day=day, date=advice.date
            )
        )
    days = sorted({*filter(None, advice.fields.get("done", "").replace(",", " ").split()), day})
    fields = {**advice.fields, "done": ", ".join(days)}
    times = decimal(advice.fields.get("times", ""))
    once = "every" not in fields and times is None
    if once or (times is not None and len(days) >= times):
        fields["status"] = "done"
    return advice._replace(fields=fields)
