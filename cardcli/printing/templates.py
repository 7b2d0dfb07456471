"""Templates: where they are found, what they may do, and how their mistakes are told.

A template is ``NAME.<typ|html|txt|md>.j2``. Folders are searched in order, the store's own before
the built-in one, so a template of the store hides the built-in one of the same name. Templates run
in Jinja2's sandbox and a name that does not exist is an error, never an empty string.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardcli import resources
from cardcli.errors import CardcliError, ExitCode, NotFoundError
from cardcli.language import _

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
    """Return a sandboxed Jinja2 environment that finds templates in *search*."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in search]),
        autoescape=autoescape,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=extensions,
    )


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
    except CardcliError:
        raise
    except Exception as error:
        file, line = _place(error)
        if not line:
            raise
        raise TemplateError(file, line, str(error) or type(error).__name__) from None


def _place(error: BaseException) -> tuple[str, int]:
    """Return the innermost line of a template in the traceback; Jinja2 puts them there."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith((".j2", ".md")):
            return Path(frame.filename).name, frame.lineno or 0
    return "?", 0
