"""One value of ``cardcli.yaml`` with its place, read as what it is meant to be.

Whatever is wrong with a value is said by :class:`BadSettingError`, which knows where it stands.
"""

from __future__ import annotations

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _
from cardcli.meant import nearest, suggesting
from cardcli.text import clean_line
from cardcli.tuples import NamedTuple
from cardcli.yamlpatch import Value

_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")


class BadSettingError(CardcliError):
    """A setting has a value it cannot have; ``path`` leads to it (see :func:`yamlpatch.line_of`)."""

    code = ExitCode.BAD_DATA

    def __init__(self, path: tuple[str, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


class Setting(NamedTuple):
    """A value and the path that leads to it; ``value`` is None where nothing is written."""

    value: Value | None
    path: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return the last step of the path."""
        return self.path[-1] if self.path else ""

    def bad(self, reason: str) -> BadSettingError:
        """Return an error about this value."""
        return BadSettingError(self.path, reason)

    def at(self, key: str) -> Setting:
        """Return the value under *key*. Raises :class:`BadSettingError` when this is no mapping."""
        return Setting(self._mapping().get(key), (*self.path, key))

    def pairs(self) -> list[tuple[str, Setting]]:
        """Return a mapping as keys and settings; nothing written is an empty one."""
        return [(key, Setting(value, (*self.path, key))) for key, value in self._mapping().items()]

    def _mapping(self) -> dict[str, Value]:
        if not self.value:
            return {}
        if not isinstance(self.value, dict):
            raise self.bad(
                _("“{key}” must be a mapping: lines “name: value” below it").format(key=self.key)
            )
        return self.value

    def only(self, *keys: str) -> None:
        """Raise :class:`BadSettingError` when a mapping has another key than *keys*."""
        for key, setting in self.pairs():
            if key not in keys:
                sentence = _("“{key}” is not one of: {choices}").format(
                    key=key, choices=", ".join(keys)
                )
                raise setting.bad(suggesting(sentence, nearest(key, keys)))

    def items(self) -> list[Setting]:
        """Return a list as settings; a single value is a list of one."""
        if not self.value:
            return []
        if isinstance(self.value, list):
            return [
                Setting(item, (*self.path, str(number))) for number, item in enumerate(self.value)
            ]
        return [self]

    def text(self, default: str = "") -> str:
        """Return one string."""
        if self.value is None:
            return default
        if not isinstance(self.value, str):
            raise self.bad(_("“{key}” must be one value").format(key=self.key))
        return clean_line(self.value) or default

    def texts(self) -> tuple[str, ...]:
        """Return a list of strings, none of them empty."""
        found = tuple(item.text() for item in self.items())
        if not all(found):
            raise self.bad(_("“{key}” has an empty item").format(key=self.key))
        return found

    def one_of(self, allowed: tuple[str, ...], default: str) -> str:
        """Return one of the allowed words."""
        value = self.text(default)
        if value not in allowed:
            sentence = _("“{key}” must be one of: {choices}").format(
                key=self.key, choices=", ".join(allowed)
            )
            raise self.bad(suggesting(sentence, nearest(value, allowed)))
        return value

    def yes(self) -> bool:
        """Return whether it is switched on; it is not unless that is written."""
        return self.one_of((*_YES, *_NO), _NO[0]) in _YES

    def number(self) -> int | None:
        """Return a whole number, or None where nothing is written."""
        text = self.text()
        if not text:
            return None
        try:
            return int(text)
        except ValueError:
            raise self.bad(_("“{key}” must be a whole number").format(key=self.key)) from None
