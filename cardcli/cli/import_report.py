"""What an import would do, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cardcli import changes, contacts
from cardcli.card import Card, parse
from cardcli.cli import ui
from cardcli.cli.session import Session
from cardcli.cli.values import change_json
from cardcli.exchange.planning import Item, Plan, Status
from cardcli.language import _, ngettext

_SHOWN = 8


def show(session: Session, plan: Plan, *, whole: bool) -> None:
    """Print the preview; lists that are long end early unless the *whole* is wanted."""
    new, changed = plan.of(Status.NEW), plan.of(Status.CHANGED)
    _count(plan, new, changed)
    _list(_("New:"), [_new(session, each) for each in new], whole=whole)
    _list(_("Changed:"), [line for each in changed for line in _changed(each)], whole=whole)
    lines = [
        f"{each.place}: {item.name}, {_what(session, each.what)}: "
        + _("“{here}” here, “{theirs}” in the file").format(here=each.here, theirs=each.theirs)
        for item in plan.items
        for each in item.differences
    ]
    _list(_("Different (ours stays; --prefer theirs takes the other):"), lines, whole=whole)
    lines = [
        _("{place}: {name}, as in {first}").format(
            place=each.place, name=each.name, first=each.first
        )
        for each in plan.joined
    ]
    _list(_("About a client named above, put on one card:"), lines, whole=whole)
    lines = [f"{each.place}: {each.name}: {each.reason}" for each in plan.doubtful]
    _list(_("Doubtful, left out (--doubtful new or merge takes them):"), lines, whole=whole)
    lines = [f"{each.place}: {each.reason}" for each in plan.skipped]
    _list(_("Skipped:"), lines, whole=whole)
    lines = [f"{each.place}: {each.sentence}" for each in plan.remarks]
    _list(_("Remarks:"), lines, whole=whole)
    lines = [f"{name} ({count})" for name, count in plan.unknown.most_common()]
    _list(_("Columns without a place in a card (--keep-unknown keeps them):"), lines, whole=whole)


def _count(plan: Plan, new: Sequence[Item], changed: Sequence[Item]) -> None:
    records = ngettext("{count} record", "{count} records", plan.records).format(count=plan.records)
    counts = (
        _("{count} new").format(count=len(new)),
        _("{count} changed").format(count=len(changed)),
        _("{count} the same").format(count=len(plan.of(Status.SAME))),
        _("{count} doubtful").format(count=len(plan.doubtful)),
        _("{count} skipped").format(count=len(plan.skipped)),
    )
    line = f"{records}: {', '.join(counts)}"
    if plan.joined:
        sentence = ngettext(
            "{count} more about a client named above",
            "{count} more about clients named above",
            len(plan.joined),
        )
        line += "; " + sentence.format(count=len(plan.joined))
    ui.out(line)
    entries = sum(len(item.entries) for item in plan.items)
    if entries:
        sentence = ngettext("{count} new entry", "{count} new entries", entries)
        ui.out(sentence.format(count=entries))


def _list(title: str, lines: Sequence[str], *, whole: bool) -> None:
    if not lines:
        return
    ui.out("")
    ui.out(title)
    shown = lines if whole else lines[:_SHOWN]
    for line in shown:
        for part in ui.wrap(line, "    ", "  ") if not whole else [f"  {line}".replace("\n", " ")]:
            ui.out(part)
    if len(shown) < len(lines):
        rest = len(lines) - len(shown)
        sentence = ngettext("… and {count} more (--full)", "… and {count} more (--full)", rest)
        ui.out("  " + sentence.format(count=rest))


def _what(session: Session, key: str) -> str:
    """Return the name of a field, or the words that name an entry."""
    table = session.config.profile
    return _(table.field(key).label).lower() if table.known(key) else key


def _phone(session: Session, card: Card) -> str:
    phones = card.values("phones")
    return contacts.show_phone(phones[0], session.config.region) if phones else ""


def _new(session: Session, item: Item) -> str:
    phone = _phone(session, Card("", item.values))
    first = ", ".join(item.places[:3])
    return "  ".join(part for part in (item.name, phone, first) if part)


def _changed(item: Item) -> Iterable[str]:
    yield f"{item.id}  {item.name}  {', '.join(item.places[:3])}"
    for change in _changes(item):
        yield f"    {change.words}"


def _changes(item: Item) -> list[changes.Change]:
    if item.card is None:
        return []
    return changes.between(item.card, parse(item.text, item.card.kinds))


def as_json(plan: Plan, numbers: Mapping[str, str], *, applied: bool) -> dict[str, Any]:
    """Return the report for programs."""
    by_status = {status: plan.of(status) for status in (Status.NEW, Status.CHANGED, Status.SAME)}
    return {
        "applied": applied,
        "records": plan.records,
        "counts": {
            **{status.value: len(items) for status, items in by_status.items()},
            "doubtful": len(plan.doubtful),
            "skipped": len(plan.skipped),
            "joined": len(plan.joined),
            "entries": sum(len(item.entries) for item in plan.items),
        },
        **{
            status.value: [_item_json(item, numbers) for item in items]
            for status, items in by_status.items()
        },
        "differences": [
            {
                "place": each.place,
                "id": item.id,
                "what": each.what,
                "ours": each.here,
                "theirs": each.theirs,
            }
            for item in plan.items
            for each in item.differences
        ],
        "doubtful": [
            {
                "place": each.place,
                "name": each.name,
                "reason": each.reason,
                "candidates": list(each.candidates),
            }
            for each in plan.doubtful
        ],
        "joined": [
            {"place": each.place, "name": each.name, "first": each.first} for each in plan.joined
        ],
        "skipped": [{"place": each.place, "reason": each.reason} for each in plan.skipped],
        "remarks": [{"place": each.place, "text": each.sentence} for each in plan.remarks],
        "unknown_columns": dict(plan.unknown.most_common()),
    }


def _item_json(item: Item, numbers: Mapping[str, str]) -> dict[str, Any]:
    card = Card("", item.values)
    return {
        "id": item.id,
        "number": item.number or numbers.get(item.id) or None,
        "name": item.name,
        "phones": card.values("phones"),
        "path": item.path or None,
        "places": item.places,
        "entries": len(item.entries),
        "changes": [change_json(each) for each in _changes(item)],
    }
