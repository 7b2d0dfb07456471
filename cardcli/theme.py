"""How the papers of a business look: ``print:`` in ``cardcli.yaml``.

::

    print:
      logo: logo.svg
      color: "#1f5f4a"
      fonts: {text: PT Sans, headings: PT Serif}
      margins: {left: 25mm}
      order: [alerts, visit, advice]
      hide: [survey]

What is right in itself is checked here; whether the files and the fonts are there is seen when
something is printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from cardcli.language import _
from cardcli.setting import Setting
from cardcli.tuples import NamedTuple

BLOCKS = ("alerts", "personal", "photos", "signature", "other")
"""The blocks of a card that are no kind of entries."""
SIDES = ("top", "right", "bottom", "left")
_KEYS = ("paper", "labels", "color", "logo", "fonts", "margins", "order", "hide")
# the patterns are compiled when they are first needed: start-up time
_LENGTH = r"(\d{1,3}(?:[.,]\d+)?)\s*(mm|cm|мм|см)?"
_COLOR = r"(?i)#(?:[0-9a-f]{3}|[0-9a-f]{6})"
_LEAST, _MOST = 5.0, 60.0
_LEAST_CONTRAST = 3.0
_LOGO = r"(?i)[\w -][\w. -]*\.(?:svg|png|jpe?g)"


class Theme(NamedTuple):
    """The looks of printed pages.

    ``paper`` and ``labels`` are what lies in the printer unless a command says otherwise;
    ``color`` whether colour is printed, ``accent`` that of headings and rules (``#rrggbb`` or "");
    ``logo`` a file in ``templates/``; ``text_font`` and ``heading_font`` are families; ``margins``
    millimetres by side; ``order`` and ``hide`` names of blocks.
    """

    paper: str = ""
    labels: str = ""
    color: bool = False
    accent: str = ""
    logo: str = ""
    text_font: str = ""
    heading_font: str = ""
    margins: Mapping[str, float] = MappingProxyType({})
    order: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()


def read(settings: Setting) -> Theme:
    """Read ``print:``. Raises :class:`setting.BadSettingError`."""
    found = settings.at("print")
    if not found.value:
        return Theme()
    from cardcli.papers import LABELS, PLAIN

    found.only(*_KEYS)
    fonts = found.at("fonts")
    fonts.only("text", "headings")
    color, accent = _color(found.at("color"))
    return Theme(
        paper=_paper(found.at("paper"), tuple(PLAIN)),
        labels=_paper(found.at("labels"), tuple(LABELS)),
        color=color,
        accent=accent,
        logo=_logo(found.at("logo")),
        text_font=fonts.at("text").text(),
        heading_font=fonts.at("headings").text(),
        margins=_margins(found.at("margins")),
        order=found.at("order").texts(),
        hide=found.at("hide").texts(),
    )


def _paper(setting: Setting, known: tuple[str, ...]) -> str:
    """Return a paper or a sheet of labels, in small letters."""
    from cardcli.papers import typed

    paper = typed(setting.text())
    if paper and paper not in map(str.lower, known):
        return setting.one_of(known, "")
    return paper


def _color(setting: Setting) -> tuple[bool, str]:
    """Return whether colour is printed, and the accent."""
    text = setting.text("no")
    if not text.startswith("#"):
        if text not in {"yes", "no", "true", "false", "on", "off"}:
            raise setting.bad(
                _('“color” is yes, no or a colour in quotes, such as "#1f5f4a": “{value}”').format(
                    value=text
                )
            )
        return setting.yes(), ""
    if not re.fullmatch(_COLOR, text):
        raise setting.bad(
            _('“{value}” is not a colour; write six hexadecimal digits: "#1f5f4a"').format(
                value=text
            )
        )
    digits = text[1:].lower()
    accent = "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if _contrast_with_white(accent) < _LEAST_CONTRAST:
        raise setting.bad(
            _(
                "the colour {value} is too light to be read on white paper; take a darker one"
            ).format(value=text)
        )
    return True, accent


def _contrast_with_white(color: str) -> float:
    """Return the contrast ratio of WCAG 2.2 (1.4.3): 3 is the least for headings."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _logo(setting: Setting) -> str:
    name = setting.text().removeprefix("templates/")
    if name and not re.fullmatch(_LOGO, name):
        raise setting.bad(
            _(
                "“logo” names a file in templates/ that ends in .svg, .png or .jpg: “{value}”"
            ).format(value=name)
        )
    return name


def _margins(setting: Setting) -> dict[str, float]:
    """Return the margins that are set, in millimetres; one length is for all four sides."""
    if isinstance(setting.value, str):
        return dict.fromkeys(SIDES, _length(setting))
    setting.only(*SIDES)
    return {side: _length(each) for side, each in setting.pairs()}


def _length(setting: Setting) -> float:
    text = setting.text()
    match = re.fullmatch(_LENGTH, text)
    if match is None:
        raise setting.bad(
            _("“{value}” is not a length; write millimetres: 20mm").format(value=text)
        )
    size = float(match[1].replace(",", ".")) * (10 if match[2] in {"cm", "см"} else 1)
    if not _LEAST <= size <= _MOST:
        raise setting.bad(
            _("a margin is between {least:g} and {most:g} mm: “{value}”").format(
                least=_LEAST, most=_MOST, value=text
            )
        )
    return size
