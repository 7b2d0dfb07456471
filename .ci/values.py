"""Writes the list of everything a template can use into docs/templates.md (``just docs``).

The names come from the code; what each says is written here, with an example from the sample
salon. A test holds the page up to date, and that no name is without a word of explanation.
"""

# ruff: noqa: INP001 - a script, not a package

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "templates.md"
BEGIN, END = "<!-- generated: python .ci/values.py -->", "<!-- end of generated -->"
_DAY = dt.date(2026, 11, 21)
_LONGEST = 60

SAID: Mapping[str, Mapping[str, str]] = {
    "view": {
        "language": "language of the paper",
        "business": "name of the business",
        "tagline": "the line below it",
        "document": "what the whole card is called",
        "id": "id of the card",
        "number": "card number with its sign",
        "revision": "state of the card, eight digits",
        "name": "name in full",
        "family": "large line of the name: the family name, or all of a name that has none",
        "given": "the line below: given name and patronymic",
        "facts": "what stands below the name: dates and the number of visits; a list of facts",
        "footer": "the line at the foot of the page",
        "qr": "what the QR code says; print it with the filter qr",
        "page_words": "the words around the two page numbers",
        "updated_on": "day the card was last brought up to date, for computing",
        "updated": "the same day as it is written",
        "blocks": "the parts of the card in the order of printing: see “block”",
        "birthday": "date of birth, a fact; no values when it is not known",
        "phone": "first phone, a fact",
        "stamp": "id, revision and day, for a corner",
        "warnings": "allergies, contraindications and chronic conditions, each a text",
        "visits": "services up to today, the latest first: see “visit”",
        "advice": "recommendations in force: see “advice”",
        "brief": "what to know before a visit; only in a template that says needs: brief",
        "consent": "the text to be signed; only in a template that says needs: consent",
    },
    "fact": {
        "label": "its name",
        "values": "its values, a list of texts; may be empty",
        "value": "all values in one text",
    },
    "visit": {
        "date": "day",
        "title": "service",
        "staff": "by whom",
        "note": "what was remarked, cut to a line",
    },
    "advice": {
        "date": "day it was given",
        "title": "what is recommended",
        "how": "how often, until when, how many times",
        "staff": "by whom",
        "text": "what stands below it; in HTML with the filter md, in Typst #rich(…)",
    },
    "brief": {
        "rows": "the facts of the command “brief”",
        "visits": "the services of the last three visits",
    },
    "consent": {
        "text": "the text with the values filled in",
        "mark": "first digits of its SHA-256: which text was signed",
    },
    "block": {
        "shape": "how it is drawn: alerts, facts, table, notes, photos or signature",
        "name": "what “order” and “hide” in the settings call it",
        "heading": "its heading",
        "prose": "the user's own text of that section",
        "groups": "shape alerts: facts",
        "facts": "shape facts: the personal data",
        "columns": "shape table: columns, each with a label and a role",
        "rows": "shape table: rows, each with cells, remarks (facts) and text",
        "total": "shape table: a fact, or none",
        "wide": "shape table: the same table for a wide sheet",
        "narrow": "shape table: the same table for a narrow sheet",
        "tall": "shapes table and notes: places of what may be higher than a page",
        "notes": "shape notes: each with date, margin, title, remarks and text",
        "photos": "shape photos: each with file, label, date, caption; missing says why there is none",
        "slots": "shape signature: labels of the lines to sign on",
    },
    "looks": {
        "text_font": "family for text, or nothing for ours",
        "heading_font": "family for headings, or nothing for ours",
        "accent": "colour of headings and rules, or nothing when printing in black",
        "logo": "name of the file, or nothing",
        "top": "top margin in millimetres, or none for the usual one",
        "right": "right margin",
        "bottom": "bottom margin",
        "left": "left margin",
    },
    "sheet": {
        "name": "product number",
        "page": "width and height of the sheet",
        "columns": "labels side by side",
        "rows": "labels one below another",
        "width": "of a label",
        "height": "of a label",
        "left": "margin up to the first label",
        "top": "margin up to the first label",
        "across": "from a label to the next one beside it",
        "down": "from a label to the next one below it",
        "also": "other products cut alike",
        "count": "labels on a sheet",
    },
    "form": {
        "name": "label of the line for the name",
        "number": "label of the line for the card number",
        "facts": "labels of the lines for personal data",
        "alerts": "labels of the lines for what endangers health",
        "visits": "empty table of services: heading and columns",
        "advice": "empty table of recommendations: heading and columns",
        "notes": "heading of the place for notes",
        "slots": "labels of the lines to sign on",
    },
}
FILTERS: Mapping[str, str] = {
    "lit": "Typst only: gives a value to a function, such as `#f({{ view.name|lit }})`",
    "qr": "the drawing of a QR code",
    "md": "HTML, text, Markdown: a text with its paragraphs and lists",
    "css": "HTML only: a value inside `<style>`",
    "src": "HTML only: a picture as the address of an image",
    "alphabet": "clients in groups by letter, each with letter and views",
    "by_number": "clients by card number",
}


def main() -> None:
    """Write the page."""
    sys.path.insert(0, str(ROOT))
    PAGE.write_text(up_to_date(PAGE.read_text("utf-8")), "utf-8")


def up_to_date(page: str) -> str:
    """Return the page with the generated part as it should be."""
    head, _begin, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    return f"{head}{BEGIN}\n\n{generated()}\n{END}{tail}"


def generated() -> str:
    """Return the tables."""
    return "\n".join([_formats(), _papers(), _names(), *_objects(), _words(), _filters()])


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |"]
    lines.append("|" + "---|" * (lines[0].count("|") - 1))
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows), ""])


def _formats() -> str:
    from cardcli import resources
    from cardcli.printing.formats import ABOUT, of

    search = [resources.templates()]
    rows = []
    for name, about in ABOUT.items():
        form = of(name, "pdf", search)
        outputs = [
            output for output, suffix in _suffixes().items()
            if (search[0] / f"{name}.{suffix}.j2").is_file()
        ]  # fmt: skip
        rows.append((f"`{name}`", about, ", ".join(form.papers), form.clients, ", ".join(outputs)))
    heads = ("template", "what it is", "papers", "clients", "output")
    return "### Templates\n\n" + _table(heads, rows)


def _suffixes() -> Mapping[str, str]:
    from cardcli.printing.templates import SUFFIXES

    return SUFFIXES


def _papers() -> str:
    from cardcli.papers import LABELS

    rows = (
        (f"`{each.name}`", f"{each.width:g} × {each.height:g} mm", str(each.count), f"{each.columns} × {each.rows}", ", ".join(each.also))
        for each in LABELS.values()
    )  # fmt: skip
    heads = ("sheet of labels", "label", "on a sheet", "across × down", "cut alike")
    return "### Sheets of labels\n\n" + _table(heads, rows)


def _names() -> str:
    from cardcli.printing.context import NAMES

    rows = ((f"`{name}`", said) for name, said in NAMES.items())
    return "### Names\n\n" + _table(("name", "what it is"), rows)


def _objects() -> Iterable[str]:
    samples = _samples()
    for owner, names in known().items():
        rows = (
            (f"`{owner}.{name}`", SAID[owner][name], _shown(samples.get(owner), name))
            for name in names
        )
        yield f"### {owner}\n\n" + _table(("value", "what it is", "example"), rows)


def known() -> dict[str, list[str]]:
    """Return the attributes of everything a template meets, from the code."""
    from cardcli.papers import LabelSheet
    from cardcli.printing import blank, blocks, looks

    shapes = (
        blocks.Alerts,
        blocks.Facts,
        blocks.Table,
        blocks.Notes,
        blocks.Photos,
        blocks.Signature,
    )
    block = [
        "shape",
        *(field.name for each in shapes for field in fields(each)),
        "wide",
        "narrow",
        "tall",
    ]
    return {
        "view": [field.name for field in fields(blocks.View)],
        "fact": [*(field.name for field in fields(blocks.Fact)), "value"],
        "visit": [field.name for field in fields(blocks.Visit)],
        "advice": [field.name for field in fields(blocks.Advice)],
        "brief": [field.name for field in fields(blocks.Brief)],
        "consent": [field.name for field in fields(blocks.Consent)],
        "block": list(dict.fromkeys(block)),
        "looks": [field.name for field in fields(looks.Looks)],
        "sheet": [*(field.name for field in fields(LabelSheet)), "count"],
        "form": [field.name for field in fields(blank.Blank)],
    }


def _samples() -> dict[str, Any]:
    """Return examples: Emily of the sample salon, in English."""
    from cardcli import card as cards
    from cardcli import resources
    from cardcli.kinds import Kinds
    from cardcli.papers import LABELS, STANDARD
    from cardcli.printing import PrintSettings, blank, view

    (file,) = (resources.sample() / "cards").glob("harrison*.md")
    settings = PrintSettings("en", "Laurel & Mint", "beauty studio")
    emily = view.build(cards.parse(file.read_text("utf-8")), settings, _DAY)
    return {
        "view": emily,
        "fact": emily.birthday,
        "visit": emily.visits[-1],
        "advice": emily.advice[-1],
        "sheet": LABELS[STANDARD],
        "form": blank.build(Kinds(), "en", ()),
    }


def _shown(sample: Any, name: str) -> str:
    """Return an example that can be read; what is made of parts has none."""
    value = getattr(sample, name, "")
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if not isinstance(value, str | int | float) or value == "" or name == "revision":
        return ""
    text = str(value).replace("|", "\\|")
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"


def _words() -> str:
    from cardcli.printing.phrases import PHRASES

    rows = ((f"`words.{key}`", text) for key, text in PHRASES.items())
    return "### words\n\n" + _table(("word", "in English"), rows)


def _filters() -> str:
    rows = ((f"`{name}`", said) for name, said in FILTERS.items())
    return "### Filters\n\n" + _table(("filter", "what it does"), rows)


if __name__ == "__main__":
    main()
