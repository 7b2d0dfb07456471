"""Commands that record one entry of a kind: made from the table of kinds, one line each.

A command is its argument and the fields of its kind as options; what is special about a kind is a
function that completes the entry from the card it goes into.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any

import typer

from cardcli import card as cards
from cardcli import dates, money
from cardcli.card import Card
from cardcli.cli import options, ui
from cardcli.cli.guarding import GUARDED, Override, guarded
from cardcli.cli.recording import (
    EntryId,
    entry_date,
    field_values,
    record_entry,
    report,
    title_of,
)
from cardcli.cli.session import Session, open_session
from cardcli.entry import Entry
from cardcli.errors import BadValueError
from cardcli.fields import BadFieldError, Field, Type, decimal, nearest, parse_scale, show
from cardcli.kinds import Kind, Kinds
from cardcli.language import N_, _, active, translator
from cardcli.store import Edit
from cardcli.text import clean_text, fold

app = typer.Typer()
Finish = Callable[[Session, Card, Entry], Entry]
_USUAL_SCALE = "1-5"


# --- what is special about a kind ---


def paid(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a payment: what it is for. Nothing paid of an entry says that it is owed.

    Raises :class:`BadValueError`.
    """
    entry = entry if "of" in entry.fields else _above_zero(entry)
    return _about(session, card, entry, ("visit", "sale"))


def refunded(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a refund; what was not paid cannot be given back. Raises :class:`BadValueError`."""
    entry = _about(session, card, _above_zero(entry), ("visit", "sale", "payment"))
    amount = decimal(entry.fields["amount"]) or money.ZERO
    possible = money.account(card, session.rules, session.config.terms).refundable
    if target := entry.fields.get("of"):
        possible = min(possible, _left_of(session, card, card.entry(target)))
    if amount > possible:
        currency = session.config.currency
        raise BadValueError(
            _("{amount} cannot be given back: there is {possible} that was paid").format(
                amount=_money(amount, currency), possible=_money(possible, currency)
            )
        )
    return entry


def _left_of(session: Session, card: Card, target: Entry) -> Decimal:
    """Return what was paid for an entry and not given back.

    Where payments name it, they are what was paid; else it counts as paid whole.
    """

    def amounts(kind: str, of: set[str]) -> list[Decimal]:
        currency = session.config.currency
        named = (each for each in card.of_kind(kind) if each.fields.get("of") in of)
        return [money.worth(each, currency) or money.ZERO for each in named]

    payments = [each.id for each in card.of_kind("payment") if each.fields.get("of") == target.id]
    back = amounts("refund", {target.id, *payments})
    if payments:
        return sum(amounts("payment", {target.id}), money.ZERO) - sum(back, money.ZERO)
    worth = money.worth(target, session.config.currency) or money.ZERO
    return worth - sum(back, money.ZERO)


def _money(amount: Decimal, currency: str) -> str:
    return show(Field("amount", Type.MONEY), str(amount), active(), currency)


def _above_zero(entry: Entry) -> Entry:
    if not decimal(entry.fields.get("amount", "0")):
        raise BadValueError(_("the amount must be above zero"))
    return entry


def _about(session: Session, card: Card, entry: Entry, kinds: Sequence[str]) -> Entry:
    """Return an entry that names what it is about: the title of the entry it points at, or its kind."""
    table = session.config.kinds
    target = card.entry(entry.fields["of"]) if "of" in entry.fields else None
    if target and target.kind not in kinds:
        field = table.named(entry.kind).field("of") or Field("of")
        sentence = _("^{id} is no {kinds}").format(
            id=target.id, kinds=", ".join(_(table.named(name).label) for name in kinds)
        )
        raise BadFieldError(field, sentence)
    words = translator(session.config.language)
    title = target.title if target else words.gettext(table.named(entry.kind).label)
    return replace(entry, title=entry.title or title)


def scored(session: Session, card: Card, entry: Entry) -> Entry:
    """Complete a survey with the scale of its score.

    It is the scale given, that of ``surveys:`` in cardcli.yaml, that of the last survey of this name
    in the card, or 1 to 5. Raises :class:`BadValueError` when a given one is not that of the settings.
    """
    if "score" not in entry.fields:
        return entry
    given, known = entry.fields.get("scale"), session.config.scales.get(fold(entry.title))
    if given and known and parse_scale(given) != known:
        raise BadValueError(
            _("the scale of “{survey}” is {scale} in cardcli.yaml, not {given}").format(
                survey=entry.title, scale=known, given=given
            )
        )
    earlier = [
        each.fields["scale"]
        for each in card.of_kind("survey")
        if fold(each.title) == fold(entry.title) and each.fields.get("scale")
    ]
    scale = given or str(known or next(reversed(earlier), _USUAL_SCALE))
    return replace(entry, fields={**entry.fields, "scale": scale})


def begun(session: Session, card: Card, entry: Entry) -> Entry:  # noqa: ARG001
    """Give a deal its first stage, and a request that waits for an answer the status open."""
    tracked = session.config.kinds.named(entry.kind).tracked
    waits = entry.kind == "deal" or entry.fields.get("channel") == "request"
    if tracked is None or tracked.key in entry.fields or not waits:
        return entry
    return replace(entry, fields={**entry.fields, tracked.key: tracked.choices[0][0]})


# --- the commands ---


@dataclass(frozen=True, slots=True)
class Verb:
    """A command that records an entry of a kind.

    Its argument is the title, or the ``amount`` with the title in ``--for``. Only ``signed`` entries
    are by the member of the staff who types; ``guarded`` ones are compared with the safety rules.
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
    guarded: bool = False


VERBS = (
    Verb(
        "sell", "sale", N_("Add something that was sold; the price is that of one."),
        N_('Example: cardcli sell ivanova "Hair mask" --price 1200 --qty 2'),
        N_("PRODUCT"), ("price", "qty"), guarded=True,
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
)  # fmt: skip


def recorder(verb: Verb) -> Callable[..., None]:
    """Return the function of a command, with one parameter for each option."""

    def command(**given: Any) -> None:
        record(verb, given)

    parameters = list(_parameters(verb))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _parameters(verb: Verb) -> list[inspect.Parameter]:
    kind = Kinds().named(verb.kind)
    label = N_("Amount") if verb.amount else kind.title_label
    argument = typer.Argument(metavar=_(verb.argument), help=f"{_(label)}.")
    found: dict[str, tuple[Any, Any]] = {
        "client": (options.Client, inspect.Parameter.empty),
        "argument": (Annotated[str, argument], inspect.Parameter.empty),
    }
    if verb.amount:
        title = typer.Option("--for", help=f"{_(kind.title_label)}.")
        found["title"] = (Annotated[str | None, title], None)
    for key in verb.options:
        field = kind.field(key) or Field(key)
        option = typer.Option(f"--{key}", metavar=_metavar(field), help=option_help(field))
        found[key] = (Annotated[str | None, option], None)
    if verb.signed:
        found["staff"] = (options.Staff, None)
    found |= {
        "date": (options.Date, None),
        "time": (options.Time, None),
        "note": (options.Note, None),
        "fields": (options.Fields, None),
    }
    if verb.guarded:
        found |= {"force": (options.Force, False), "reason": (options.Reason, None)}
    found |= {
        "future": (options.Future, False),
        "fuzzy": (options.Fuzzy, False),
        "as_json": (options.Json, False),
        "store": (options.StoreDir, None),
        "wait": (options.Wait, options.WAIT),
    }
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in found.items()
    ]


def _metavar(field: Field) -> str | None:
    names = {Type.DATE: _("DATE"), Type.PERIOD: _("PERIOD"), Type.ENTRY: _("ENTRY")}
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


def record(verb: Verb, given: dict[str, Any]) -> None:
    """Record what a command was given."""
    session = open_session(given["store"], given["wait"])
    override = Override(given["force"], given["reason"]) if verb.guarded else None
    kind = session.config.kinds.named(verb.kind)
    who = session.staff(given["staff"] if verb.signed else None)
    typed = {key: given[key] for key in verb.options}
    if verb.signed:
        typed["staff"] = who or None
    if verb.amount:
        typed["amount"] = given["argument"]
        title, rest = (given["title"] or "").strip(), ""
    else:
        title, _newline, rest = clean_text(given["argument"]).partition("\n")
        title = title_of(kind, title)
    entry = Entry(
        "",
        entry_date(given["date"], future=given["future"]),
        title,
        dates.parse_time(given["time"]) if given["time"] else "",
        field_values(kind, typed, given["fields"], session.rules),
        "\n".join(part for part in (rest, given["note"]) if part),
        kind.name,
    )
    client = session.resolve(given["client"], write=True, fuzzy=given["fuzzy"])
    if override:
        entry = guarded(session, client, entry, override)
    done = record_entry(
        session,
        client,
        entry,
        verb.name,
        who,
        finish=finishing(session, verb.finish),
    )
    report(session, done, as_json=given["as_json"])


for _verb in VERBS:
    app.command(_verb.name, help=_(_verb.help), epilog=_(_verb.example))(recorder(_verb))


class NoKindError(BadValueError):
    """There is no such kind of entry in this store."""

    def __init__(self, typed: str, names: Sequence[str]) -> None:
        meant = nearest(typed, names)
        hint = " " + _("Did you mean “{word}”?").format(word=meant) if meant else ""
        super().__init__(
            _("There is no kind “{kind}”; there are: {kinds}.").format(
                kind=typed, kinds=", ".join(names)
            )
            + hint
        )


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


def finishing(session: Session, finish: Finish | None) -> Callable[[Card, Entry], Entry] | None:
    """Return what completes an entry under the lock, or None."""
    return functools.partial(finish, session) if finish else None


@app.command(
    "add",
    help=_("Add an entry of any kind, also of the kinds that cardcli.yaml defines."),
    epilog=_('Example: cardcli add course ivanova "Massage" --field sessions=10'),
)
def add(
    kind: Annotated[
        str, typer.Argument(metavar=_("KIND"), help=_("The name of the kind, or its section."))
    ],
    client: options.Client,
    title: Annotated[
        str, typer.Argument(metavar=_("TITLE"), help=_("The title; its first line is the entry's."))
    ],
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", metavar=_("KEY=VALUE"), help=_("A field; may be repeated.")),
    ] = None,
    staff: options.Staff = None,
    date: options.Date = None,
    time: options.Time = None,
    note: options.Note = None,
    force: options.Force = False,
    reason: options.Reason = None,
    future: options.Future = False,
    fuzzy: options.Fuzzy = False,
    as_json: options.Json = False,
    store: options.StoreDir = None,
    wait: options.Wait = options.WAIT,
) -> None:
    session = open_session(store, wait)
    override = Override(force, reason)
    table = kind_called(session.config.kinds, kind)
    who = session.staff(staff)
    first, _newline, rest = clean_text(title).partition("\n")
    signed = {"staff": who or None} if table.field("staff") and table.name != "survey" else {}
    entry = Entry(
        "",
        entry_date(date, future=future),
        title_of(table, first),
        dates.parse_time(time) if time else "",
        field_values(table, signed, fields, session.rules),
        "\n".join(part for part in (rest, note) if part),
        table.name,
    )
    record = session.resolve(client, write=True, fuzzy=fuzzy)
    if table.name in GUARDED:
        entry = guarded(session, record, entry, override)
    finish = next((verb.finish for verb in VERBS if verb.kind == table.name), None)
    done = record_entry(
        session,
        record,
        entry,
        "add",
        who,
        finish=finishing(session, finish),
    )
    report(session, done, as_json=as_json)


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
    return replace(advice, fields=fields)
