"""Typst source from Jinja2 with values by reference.

A template writes only structure. Every ``{{ value }}`` goes into a table and stands in the source
as ``#V.at(n);``; the text itself travels beside the source as JSON, so what a client is called is
never parsed as Typst, whatever the author of a template does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from cardcli.language import _
from cardcli.printing import context, drafts, formats, looks, qr, templates, typography
from cardcli.printing.blank import Blank
from cardcli.printing.blocks import View
from cardcli.printing.context import Portion
from cardcli.printing.settings import PrintSettings
from cardcli.printing.templates import Ready

_OUTSIDE = re.compile(
    r"\beval\b"  # could hide an import
    r"|\b(?:import|include)\b"
    r'(?!\s*"[^"@\\\n][^"\\\n]*"[ \t]*(?:[:;\])}]|as\b|$|\n(?!\s*\.)))',  # a literal name and nothing done to it
)
_BREAKS = (
    rf'#show regex("\\S*{typography.BREAK}\\S*"): word => '
    f'text(hyphenate: false, word.text.split("{typography.BREAK}").join(box()))'
)
"""Where a word may break there is an empty box on paper: who searches the PDF for the word finds it."""
LAST_PAGES = "cardcli-last-page"
"""The label under which the number of the last page of each document can be asked for."""
_LAST_PAGE = f"#context [#metadata(here().page()) <{LAST_PAGES}>]"
PORTION = "cardcli-portion"
"""The label under which a part of a long list tells where its clients end, and its last page number."""
_PORTION = (
    "#context [#metadata((marks: query(<client>).map(mark => mark.location().page()), "
    f"last: counter(page).get().first())) <{PORTION}>]"
)
_MARK = re.compile("\ue000(.+?):(\\d+)\ue001")


@dataclass(slots=True)
class Values:
    """The table of values; ``printed`` is what each text goes through on its way to paper."""

    printed: Callable[[str], str]
    table: list[Any] = field(default_factory=list)

    def refer(self, value: Any) -> str:
        """Put a value into the table and return the Typst expression for it."""
        return self._kept(self._plain(value))

    def refer_raw(self, text: str) -> str:
        """Refer to a text that is data and not to be read, such as a drawing."""
        return self._kept(text)

    def _kept(self, value: Any) -> str:
        self.table.append(value)
        return f"V.at({len(self.table) - 1})"

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.printed(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {str(key): self._plain(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        if is_dataclass(value):
            return {each.name: self._plain(getattr(value, each.name)) for each in fields(value)}
        return self.printed(str(value))


@dataclass(frozen=True, slots=True)
class Document:
    """A Typst document: its source, its values as JSON, and a way to find a line in a template.

    ``numbers`` are the first and the last page of a part of a long list, for layout.typ.
    """

    text: str
    values: str
    locate: Callable[[int], tuple[str, int]]
    numbers: Mapping[str, str] = field(default_factory=dict)


def write(
    views: Sequence[View],
    name: str,
    settings: PrintSettings,
    search: Sequence[Path],
    printed: Callable[[str], str],
    blank: Blank | None = None,
    portion: Portion | None = None,
) -> Document:
    """Return one document with all cards, or a *portion* of a list. Raises what :mod:`templates` raises."""
    form = formats.checked(name, "pdf", settings.paper, search)
    shown = looks.of(settings, search)
    documents = list(context.groups(views, form, settings.copies))

    def rendered(*, marked: bool = False) -> tuple[str, str]:
        values = Values(printed)
        template = templates.load(_environment(values, search, marked=marked), name, "pdf", search)
        title = values.refer(", ".join(view.name for view in views[:3]))
        author = values.refer(settings.business)
        parts = [
            "#let V = json(bytes(sys.inputs.V))",
            f"#set document(title: {title}, author: {author})",
            *drafts.in_typst(settings, values.refer),
            *(
                _document(
                    template,
                    context.names(group, settings, shown, f"end-{number}", blank, portion),
                    portion,
                )
                for number, group in enumerate(documents)
            ),
        ]
        table = json.dumps(values.table, ensure_ascii=False)
        if typography.BREAK in table:
            parts.insert(1, _BREAKS)
        return "\n".join(parts), table

    def located(line: int) -> tuple[str, int]:
        return _located(rendered(marked=True)[0], line, f"{name}.typ.j2")

    text, table = rendered()
    if line := line_reaching_out(text):
        raise packages_refused(*located(line))
    numbers = {"page": str(portion.page), "pages": str(portion.pages)} if portion else {}
    return Document(text, table, located, numbers)


def _document(template: Any, names: dict[str, Any], portion: Portion | None) -> str:
    body = templates.written(template, names, len(names["views"]))
    ends = [_LAST_PAGE, *([_PORTION] if portion else [])]
    return "\n".join(["#[", body, *ends, "]"])


def line_reaching_out(source: str) -> int:
    """Return the first line of a Typst source that could load a package, or 0.

    A package would be asked for over the network. An import must name a file of the template folder
    in so many words; comments are not skipped, since a string can look like the start of one.
    """
    match = _OUTSIDE.search(source)
    return source.count("\n", 0, match.start()) + 1 if match else 0


def packages_refused(file: str, line: int) -> templates.TemplateError:
    """Return the error for what :func:`line_reaching_out` finds."""
    sentence = _("a template may import only files of its own folder, by name, and not use eval")
    return templates.TemplateError(file, line, sentence)


def _environment(values: Values, search: Sequence[Path], *, marked: bool) -> Any:
    from jinja2 import pass_context

    @pass_context  # what depends on the context is not folded into a constant when the template is read
    def finalize(_context: Any, value: Any) -> Ready:
        return value if isinstance(value, Ready) else Ready(f"#{values.refer(value)};")

    @pass_context
    def lit(_context: Any, value: Any) -> Ready:
        return Ready(values.refer(value))

    @pass_context
    def drawing(_context: Any, value: Any) -> Ready:
        return Ready(f"bytes({values.refer_raw(qr.svg(str(value)))})")

    environment = templates.environment(
        search,
        finalize=finalize,
        extensions=[_line_marks()] if marked else [],
    )
    environment.filters |= context.FILTERS | {"lit": lit, "qr": drawing}
    return environment


def _line_marks() -> Any:
    """Return a Jinja2 extension that marks every line with the template and line it comes from."""
    from jinja2.ext import Extension
    from jinja2.lexer import Token

    class LineMarks(Extension):
        def filter_stream(self, stream: Any) -> Any:
            name = Path(stream.filename or stream.name or "?").name
            for token in stream:
                if token.type != "data":
                    yield token
                    continue
                lines = enumerate(token.value.split("\n"), token.lineno)
                marked = (f"{line}\ue000{name}:{number}\ue001" for number, line in lines)
                yield Token(token.lineno, "data", "\n".join(marked))

    return LineMarks


def _located(marked: str, line: int, file: str) -> tuple[str, int]:
    lines = marked.split("\n")
    marks = _MARK.findall(lines[line - 1]) if 0 < line <= len(lines) else []
    return (marks[-1][0], int(marks[-1][1])) if marks else (file, 0)
