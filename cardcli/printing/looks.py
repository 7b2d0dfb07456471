"""The theme of a business as templates use it: fonts, accent, logo and margins that are really there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.printing.settings import PrintSettings
from cardcli.theme import Theme

_PAGES = frozenset({"a4", "a5"})
"""The papers whose margins are a matter of taste; small cards and labels need the room they have."""


class BadThemeError(CardcliError):
    """The settings name a file or a font for printing that is not there."""

    code = ExitCode.BAD_DATA


@dataclass(frozen=True, slots=True)
class Looks:
    """Fonts are families or "" for ours; ``accent`` is "" in black; ``margins`` are millimetres."""

    text_font: str = ""
    heading_font: str = ""
    accent: str = ""
    logo: str = ""
    top: float | None = None
    right: float | None = None
    bottom: float | None = None
    left: float | None = None


def of(settings: PrintSettings, search: Sequence[Path]) -> Looks:
    """Return the looks of a page. Raises :class:`BadThemeError` for a logo that cannot be printed."""
    theme = settings.theme
    if theme.logo:
        _check_logo(theme.logo, search)
    margins = theme.margins if settings.paper in _PAGES else {}
    return Looks(
        text_font=theme.text_font,
        heading_font=theme.heading_font,
        accent=theme.accent if settings.color else "",
        logo=theme.logo,
        **margins,
    )


def logo(name: str, search: Sequence[Path]) -> bytes:
    """Return the bytes of the logo. Raises :class:`BadThemeError`."""
    for folder in search:
        if (folder / name).is_file():
            return (folder / name).read_bytes()
    raise BadThemeError(
        _("there is no file templates/{name} (“logo” under “print” in cardcli.yaml)").format(
            name=name
        )
    )


def _check_logo(name: str, search: Sequence[Path]) -> None:
    from cardcli.printing.pictures import BadPictureError, prepare

    data = logo(name, search)
    if name.lower().endswith(".svg"):
        fine = b"<svg" in data
    else:
        try:
            fine = bool(prepare(data, name))
        except BadPictureError:
            fine = False
    if not fine:
        raise BadThemeError(
            _("templates/{name} is no picture that can be printed (“logo” in cardcli.yaml)").format(
                name=name
            )
        )


def check_fonts(theme: Theme, families: Iterable[str]) -> None:
    """Raise :class:`BadThemeError` for a font that is not among the *families* there are."""
    known = sorted(set(families))
    for family in (theme.text_font, theme.heading_font):
        if family and family.lower() not in [each.lower() for each in known]:
            sentence = _(
                "There is no font “{font}” (“fonts” under “print” in cardcli.yaml). Put its .ttf or .otf files into templates/fonts; there are: {fonts}."
            ).format(font=family, fonts=", ".join(known))
            raise BadThemeError(suggesting(sentence, nearest(family, known)))
