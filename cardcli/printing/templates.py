"""Templates: where they are found, what they may do, and how their mistakes are told.

A template is ``NAME.<typ|html|txt|md>.j2``. Folders are searched in order, the store's own before
the built-in one, so a template of the store hides the built-in one of the same name. Templates run
in Jinja2's sandbox and a name that does not exist is an error, never an empty string.
"""

from __future__ import annotations

import functools
import re
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cardcli import resources
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.language import _
from cardcli.printing import limits

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

SUFFIXES = {"pdf": "typ", "html": "html", "text": "txt", "md": "md"}
_NAME = re.compile(r"[\w-]+")


class Ready(str):
    """Text that is in the language of the output already; nothing that comes from a card ever is."""

    __slots__ = ()


class UnknownTemplateError(NotFoundError):
    """No folder has a template of that name for that format."""

    def __init__(self, name: str, output: str, available: Iterable[str]) -> None:
        super().__init__(
            _("There is no template “{name}” for {format}. There are: {names}").format(
                name=name,
                format=output,
                names=", ".join(available),
            ),
        )


class TemplateError(CardcliError):
    """A template is wrong; the sentence begins with its file and line."""

    code = ExitCode.BAD_DATA

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line


def folders(own: Sequence[Path]) -> list[Path]:
    """Return the folders to search: those of the store that exist, then the built-in one."""
    return [*(folder for folder in own if folder.is_dir()), resources.templates()]


def names(search: Iterable[Path], output: str) -> list[str]:
    """Return the names of the templates there are for a format."""
    ending = f".{SUFFIXES[output]}.j2"
    found = {
        path.name.removesuffix(ending) for folder in search for path in folder.glob(f"*{ending}")
    }
    return sorted(found)


def check_name(name: str, output: str, search: Sequence[Path]) -> None:
    """Raise :class:`UnknownTemplateError` for a template there is none of."""
    known = names(search, output)
    if name not in known or not _NAME.fullmatch(name):
        raise UnknownTemplateError(name, output, known)


def load(
    environment: SandboxedEnvironment, name: str, output: str, search: Sequence[Path]
) -> Template:
    """Return a compiled template. Raises UnknownTemplateError and, for a mistake in it, TemplateError."""
    check_name(name, output, search)
    with mistakes_located():
        return environment.get_template(f"{name}.{SUFFIXES[output]}.j2")


def environment(
    search: Sequence[Path],
    *,
    autoescape: bool = False,
    finalize: Callable[..., Any] | None = None,
    extensions: Sequence[Any] = (),
) -> SandboxedEnvironment:
    """Return a sandboxed Jinja2 environment that finds templates in *search*, within :mod:`limits`."""
    from jinja2 import StrictUndefined

    made = _environment_class()(
        loader=_loader(search),
        autoescape=autoescape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=extensions,
    )
    return cast("SandboxedEnvironment", made)


@functools.cache
def _environment_class() -> Any:
    from jinja2 import nodes, pass_context
    from jinja2.sandbox import SandboxedEnvironment

    class Limited(SandboxedEnvironment):
        """The sandbox, with an allowance for all that its templates do."""

        intercepted_binops = frozenset({"*", "**", "+"})

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.allowance = limits.Allowance()

            @pass_context  # so that it is called at every turn and not once for all
            def turn(_context: Any, weight: int) -> None:
                self.allowance.turn(weight)

            self.filters["turn"] = turn

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            return limits.count_turns(super()._parse(source, name, filename), self)

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            limits.check_operation(operator, left, right)
            return super().call_binop(context, operator, left, right)

    return Limited


def _loader(search: Sequence[Path]) -> Any:
    """Return what reads templates: files of these folders only, wherever a symbolic link leads."""
    from jinja2 import FileSystemLoader, TemplateNotFound

    class Loader(FileSystemLoader):
        def get_source(self, environment: Any, template: str) -> Any:
            source, file, fresh = super().get_source(environment, template)
            if not any(inside(Path(file), folder) for folder in search):
                raise TemplateNotFound(template)
            return source, file, fresh

    return Loader([str(folder) for folder in search])


def inside(file: Path, folder: Path) -> bool:
    """Tell whether a file lies in a folder and is no link to another place."""
    return file.resolve().is_relative_to(folder.resolve())


def written(template: Template, values: Mapping[str, Any], cards: int = 1) -> str:
    """Return what a template makes of *values*, as :func:`pieces` does."""
    return "".join(pieces(template, values, cards))


def pieces(template: Template, values: Mapping[str, Any], cards: int = 1) -> Iterator[str]:
    """Yield what a template makes of *values*, as it makes it. Raises :class:`TemplateError`.

    *cards* is how many clients it is given: so much more it may do.
    """
    allowance: limits.Allowance = template.environment.allowance  # type: ignore[attr-defined]
    allowance.refill(cards)
    with mistakes_located():
        writing = cast("Generator[str]", template.generate(**values))
        for part in writing:
            try:
                allowance.take(len(part))
            except limits.TooMuchError as error:
                writing.throw(error)  # so that the line of the template is known
            yield part


@contextmanager
def mistakes_located() -> Iterator[None]:
    """Turn what Jinja2 raises while it reads or runs a template into a TemplateError."""
    import jinja2

    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        file = Path(error.filename or error.name or "?").name
        raise TemplateError(file, error.lineno, error.message or str(error)) from None
    except jinja2.TemplateNotFound as error:
        file, line = _place(error)
        raise TemplateError(
            file, line, _("there is no template file {name}").format(name=error.name)
        ) from None
    except CardcliError as error:
        file, line = _place(error)
        if not isinstance(error, limits.TooMuchError) or not line:
            raise
        raise TemplateError(file, line, str(error)) from None
    except Exception as error:
        file, line = _place(error)
        if not line:
            raise
        raise TemplateError(file, line, _reason(error)) from None


def _reason(error: Exception) -> str:
    """Say in a sentence what went wrong; the words of Jinja2 and Python are English."""
    if isinstance(error, RecursionError):
        return _("this calls itself without end")
    if isinstance(error, MemoryError):
        return _("this needs more memory than a template may use")
    if isinstance(error, OverflowError) and str(error).startswith("Range too big"):
        return _("a range may have {most} numbers at most").format(most=_most_in_range())
    return str(error) or type(error).__name__


def _most_in_range() -> int:
    from jinja2.sandbox import MAX_RANGE

    return MAX_RANGE


def _place(error: BaseException) -> tuple[str, int]:
    """Return the innermost line of a template in the traceback; Jinja2 puts them there."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith((".j2", ".md")):
            return Path(frame.filename).name, frame.lineno or 0
    return "?", 0
