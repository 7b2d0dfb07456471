"""Maps of columns that ``cardcli.yaml`` keeps under a name: ``import --map … --profile NAME``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cardcli import yamlpatch
from cardcli.errors import BadValueError
from cardcli.language import _

_PROFILES = "imports"


class NoSuchProfileError(BadValueError):
    """``cardcli.yaml`` has no such map of columns."""

    def __init__(self, name: str, known_names: Iterable[str]) -> None:
        sentence = _(
            "There is no import profile “{name}” in cardcli.yaml; there are: {names}. --map with --profile makes one."
        )
        super().__init__(sentence.format(name=name, names=", ".join(known_names) or "—"))


def columns_of(
    profiles: Mapping[str, Mapping[str, str]], name: str | None, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the map of columns: the kept one with what is given now. Raises NoSuchProfileError."""
    kept = profiles.get(name or "", {})
    if name and not kept and not given:
        raise NoSuchProfileError(name, profiles)
    return {**kept, **given}


def with_profile(settings: str, name: str, columns: dict[str, str]) -> str:
    """Return the settings with a map of columns under ``imports:``; other maps and comments stay."""
    import textwrap

    values, blocks = yamlpatch.blocks(settings)
    whole: dict[str, yamlpatch.Value] = {name: dict(columns)}
    old = values.get(_PROFILES)
    if old is None:  # behind everything, so that no comment is parted from its key
        gap = "" if settings.endswith("\n") else "\n"
        return f"{settings}{gap}\n# cardcli import --profile\n" + yamlpatch.written(
            {_PROFILES: whole}
        )
    if not isinstance(old, dict) or not old:
        return yamlpatch.patch(settings, _PROFILES, whole)
    lines = dict(blocks)[_PROFILES]
    head, line, body = lines.partition(f"{_PROFILES}:")
    rest, newline, inner = body.partition("\n")
    if rest.split("#")[0].strip() or not inner:  # in braces
        return yamlpatch.patch(settings, _PROFILES, {**old, **whole})
    patched = yamlpatch.patch(textwrap.dedent(inner), name, dict(columns))
    new = head + line + rest + newline + textwrap.indent(patched, "  ")
    return "".join(new if key == _PROFILES else text for key, text in blocks)
