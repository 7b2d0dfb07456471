"""The command about what clients think: scores, their distribution, the words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import typer

from cardcli import dates, surveys
from cardcli.cli import options, ui
from cardcli.cli.session import Session, open_session
from cardcli.errors import BadValueError
from cardcli.fields import Field, Scale, Type, show
from cardcli.language import N_, _, active, ngettext
from cardcli.surveys import Opinion, Summary
from cardcli.text import fold

app = typer.Typer()
_BAR = 30
_LABELS = {
    "result": N_("Result"), "conclusion": N_("Conclusion"), "feedback": N_("Feedback"),
    "wish": N_("Wish"), "text": N_("Note"),
}  # fmt: skip
Labels = Callable[[Opinion], Iterable[str]]
_BY: dict[str, tuple[str, Labels]] = {
    "by_survey": (N_("By survey"), lambda each: [each.survey]),
    "by_staff": (N_("By staff"), lambda each: [each.staff] if each.staff else []),
    "by_service": (N_("By service"), lambda each: each.services),
}
"""The tables of the report: key for programs, heading, what they are by."""


@app.command(
    "surveys",
    help=_(
        "Report what clients think: mean, distribution and NPS (where the scale is 0 to 10), by survey, staff and service, with the texts."
    ),
    epilog=_("Example: cardcli surveys --from 01.01.2026 --staff Olga"),
)
def report(
    name: Annotated[
        str | None, typer.Option("--name", help=_("Only surveys whose name begins so."))
    ] = None,
    staff: Annotated[
        str | None, typer.Option("--staff", help=_("Only what concerns this member of the staff."))
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar=_("DATE"), help=_("From this day on."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar=_("DATE"), help=_("Up to this day."))
    ] = None,
    as_json: options.Json = False,
    store: options.StoreDir = None,
) -> None:
    today = dates.today()
    first = dates.parse_date(since, today).isoformat() if since else ""
    last = dates.parse_date(until, today).isoformat() if until else today.isoformat()
    if first > last:
        raise BadValueError(
            _("the first day ({first}) is after the last ({last})").format(first=first, last=last)
        )
    session = open_session(store)
    found = [
        each
        for each in all_opinions(session)
        if first <= each.entry.date <= last
        and (name is None or fold(each.survey).startswith(fold(name)))
        and (staff is None or fold(each.staff) == fold(staff))
    ]
    if as_json:
        ui.json(_report_json(found))
        return
    for line in _report_lines(found):
        ui.out(line)


def all_opinions(session: Session) -> list[Opinion]:
    """Return what all clients think, the latest first; scores that cannot be counted are named."""
    found: list[Opinion] = []
    for record in session.records():
        said, problems = surveys.opinions(record.card, session.rules)
        found += said
        for each in problems:
            ui.warn(f"{record.path}:{each.line}: {each.message}")
    return sorted(found, key=lambda each: (each.entry.date, each.entry.id), reverse=True)


def _report_lines(found: Sequence[Opinion]) -> list[str]:
    lines: list[str] = []
    for summary in surveys.summaries(found, lambda _each: [""]):
        lines += _overall(summary)
    for heading, labels in _BY.values():
        rows = [_summary_row(each) for each in surveys.summaries(found, labels)]
        if rows:
            head = [_(heading), _("Scale"), _("Scores"), _("Mean"), "NPS"]
            lines += ["", *ui.aligned([head, *rows])]
    texts = [line for each in found for line in _text_lines(each)]
    return [*lines, "", _("What was said"), *texts] if texts else lines


def _overall(summary: Summary) -> list[str]:
    count = ngettext("{count} score", "{count} scores", summary.count).format(count=summary.count)
    mean = _("mean {mean}").format(mean=_number(summary.mean))
    head = [_("Scale {scale}").format(scale=_scale(summary.scale)), count, mean]
    if summary.nps is not None:
        head.append(f"NPS {summary.nps}")
    most = max(summary.distribution.values())
    rows = [
        [f"  {_number(score):>4}", f"{number:>4}", "▇" * round(_BAR * number / most)]
        for score, number in reversed(summary.distribution.items())
    ]
    return [" · ".join(head), *(" ".join(row).rstrip() for row in rows)]


def _summary_row(summary: Summary) -> list[str]:
    nps = "" if summary.nps is None else str(summary.nps)
    label = summary.label or _("Ratings of visits")
    return [label, _scale(summary.scale), str(summary.count), _number(summary.mean), nps]


def _scale(scale: Scale) -> str:
    return f"{scale.low}–{scale.high}"


def _number(value: object) -> str:
    return show(Field("score", Type.NUMBER), str(value), active(), "")


def _text_lines(opinion: Opinion) -> list[str]:
    if not opinion.texts:
        return []
    parts = [opinion.name, opinion.survey or ", ".join(opinion.services)]
    if opinion.score is not None and opinion.scale is not None:
        score = _("{score} of {most}")
        parts.append(score.format(score=_number(opinion.score), most=opinion.scale.high))
    parts += [opinion.staff] if opinion.staff else []
    first = f"  {ui.pad(dates.show_date(opinion.entry.date, active()), 12)}"
    lines = ui.wrap(" · ".join(parts), " " * 14, first)
    for key, text in opinion.texts.items():
        lines += ui.wrap(f"{_(_LABELS[key])}: {text}", " " * 14)
    return lines


def _report_json(found: Sequence[Opinion]) -> dict[str, Any]:
    return {
        "overall": [_summary_json(each) for each in surveys.summaries(found, lambda _each: [""])],
        **{
            key: [_summary_json(each) for each in surveys.summaries(found, labels)]
            for key, (_heading, labels) in _BY.items()
        },
        "opinions": [_opinion_json(each) for each in found],
    }


def _summary_json(summary: Summary) -> dict[str, Any]:
    return {
        "label": summary.label or None,
        "scale": str(summary.scale),
        "count": summary.count,
        "mean": str(summary.mean),
        "distribution": summary.distribution,
        "nps": summary.nps,
    }


def _opinion_json(opinion: Opinion) -> dict[str, Any]:
    return {
        "client": opinion.client,
        "name": opinion.name,
        "entry": opinion.entry.id or None,
        "date": opinion.entry.date,
        "survey": opinion.survey or None,
        "score": None if opinion.score is None else f"{opinion.score:f}",
        "scale": str(opinion.scale) if opinion.scale else None,
        "low": opinion.low,
        "staff": opinion.staff or None,
        "services": list(opinion.services),
        "texts": opinion.texts,
    }
