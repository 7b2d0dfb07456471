"""What the store and the environment say: read once at the edge, passed on as frozen values.

This is the only module that reads environment variables.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import LANGUAGES, _
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:  # the environment is read without YAML and the table of kinds: start-up time
    from cardcli.cautions import Caution
    from cardcli.fields import Scale
    from cardcli.kinds import Kinds
    from cardcli.profile import Profile
    from cardcli.setting import Setting
    from cardcli.terms import Terms
    from cardcli.theme import Theme
    from cardcli.yamlpatch import Value

FILE = "cardcli.yaml"
LAYOUTS = ("flat", "sharded")
_ATTACHMENT_LIMIT = 25
"""Megabytes."""
KEYS = (
    "business", "tagline", "language", "currency", "region", "prefix", "layout", "git", "staff",
    "services", "payments", "status", "obligatory", "purposes", "areas", "stages", "categories",
    "surveys", "safety", "fields", "kinds", "attachment_limit", "roles", "imports", "print",
)  # fmt: skip
"""All settings there are; ``check`` names the others."""


class BadConfigError(CardcliError):
    """The settings of the store cannot be read or hold a value that is not allowed."""

    code = ExitCode.BAD_DATA

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"{FILE}:{line}: {reason}")
        self.line = line
        self.reason = reason


class Service(NamedTuple):
    """A service of the catalogue; ``price`` is a stored amount or ""."""

    name: str
    price: str = ""


class Config(NamedTuple):
    """The settings of a store, from ``cardcli.yaml``; those of an empty file are the usual ones."""

    language: str
    business: str
    tagline: str
    currency: str
    region: str
    prefix: str
    layout: str
    git: bool
    staff: tuple[str, ...]
    services: tuple[Service, ...]
    kinds: Kinds
    purposes: Mapping[str, str]
    obligatory: tuple[str, ...]
    scales: Mapping[str, Scale]
    cautions: tuple[Caution, ...]
    attachment_limit: int
    terms: Terms
    roles: Mapping[str, frozenset[str]]
    theme: Theme
    imports: Mapping[str, Mapping[str, str]]

    @property
    def profile(self) -> Profile:
        """Return the keys of the profile in this store."""
        return self.kinds.profile


def parse(text: str) -> Config:
    """Read ``cardcli.yaml``. Raises :class:`BadConfigError`; keys we do not know are left alone."""
    from cardcli.setting import BadSettingError, Setting
    from cardcli.yamlpatch import BadYamlError, line_of, read

    try:
        return _config(Setting(read(text.removeprefix("\ufeff"))))
    except BadYamlError as error:
        raise BadConfigError(error.line, error.reason) from None
    except BadSettingError as error:
        raise BadConfigError(line_of(text, error.path), error.reason) from None


def _config(settings: Setting) -> Config:
    from cardcli import schema

    added = schema.read(settings)
    return Config(
        language=_one_of(settings.at("language"), LANGUAGES, "ru"),
        business=_text(settings.at("business")),
        tagline=_text(settings.at("tagline")),
        currency=_text(settings.at("currency"), "RUB").upper(),
        region=_text(settings.at("region"), "RU").upper(),
        prefix=_text(settings.at("prefix")),
        layout=_one_of(settings.at("layout"), LAYOUTS, LAYOUTS[0]),
        git=_one_of(settings.at("git"), ("yes", "no", "true", "false"), "yes") in {"yes", "true"},
        staff=_names(settings.at("staff").value or []),
        services=_services(settings.at("services").value or []),
        kinds=added.kinds,
        purposes=added.purposes,
        obligatory=added.obligatory,
        scales=added.scales,
        cautions=added.cautions,
        attachment_limit=added.attachment_limit or _ATTACHMENT_LIMIT,
        terms=added.terms,
        roles=added.roles,
        theme=added.theme,
        imports=_imports(settings.at("imports").value or {}),
    )


def _text(setting: Setting, default: str = "") -> str:
    """Return one string as it is written; *default* where there is nothing."""
    if not isinstance(setting.value, str | None):
        raise setting.bad(_("“{key}” must be one value").format(key=setting.key))
    return setting.value or default


def _one_of(setting: Setting, allowed: tuple[str, ...], default: str) -> str:
    value = _text(setting, default)
    if value not in allowed:
        sentence = _("“{key}” must be one of: {choices}")
        raise setting.bad(sentence.format(key=setting.key, choices=", ".join(allowed)))
    return value


def _names(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(item) for item in value)


def _imports(value: Value) -> dict[str, dict[str, str]]:
    """Read the named maps of columns to fields that ``import --profile`` uses."""
    named = value if isinstance(value, dict) else {}
    return {
        name: {column: key for column, key in columns.items() if isinstance(key, str)}
        for name, columns in named.items()
        if isinstance(columns, dict)
    }


def _services(value: Value) -> tuple[Service, ...]:
    """Read a list of names, or a mapping of names to prices or to mappings with a price."""
    if not isinstance(value, dict):
        return tuple(Service(name) for name in _names(value))
    found = []
    for name, says in value.items():
        price = says.get("price", "") if isinstance(says, dict) else says
        found.append(Service(name, price if isinstance(price, str) else ""))
    return tuple(found)


class Environment(NamedTuple):
    """What cardcli takes from the environment variables of the process.

    ``hooks`` is the folder of the hooks of all stores, ``hooks_running`` the events whose hooks
    started this process.
    """

    language: str = "en"
    store: str = ""
    staff: str = ""
    role: str = ""
    editor: str = ""
    clock: dt.datetime | None = None
    hooks: Path = Path()
    hooks_running: tuple[str, ...] = ()
    variables: Mapping[str, str] = MappingProxyType({})


def environment() -> Environment:
    """Read the environment variables; SOURCE_DATE_EPOCH stops the clock (reproducible-builds.org)."""
    variables = os.environ
    epoch = variables.get("SOURCE_DATE_EPOCH", "")
    return Environment(
        language=_language(variables),
        store=variables.get("CARDCLI_STORE", ""),
        staff=variables.get("CARDCLI_STAFF", ""),
        role=variables.get("CARDCLI_ROLE", ""),
        editor=variables.get("VISUAL") or variables.get("EDITOR") or "",
        clock=_moment(epoch),
        hooks=_config_home(variables) / "cardcli" / "hooks",
        hooks_running=tuple(filter(None, variables.get("CARDCLI_HOOKS_RUNNING", "").split(","))),
        variables=dict(variables),
    )


def _moment(epoch: str) -> dt.datetime | None:
    """Return the moment of SOURCE_DATE_EPOCH; one that is none leaves the clock running."""
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else None
    except (ValueError, OverflowError, OSError):
        return None


def _config_home(variables: Mapping[str, str]) -> Path:
    """Return where programs keep what the user set up (XDG base directories; %APPDATA%)."""
    named = variables.get("XDG_CONFIG_HOME", "")
    if named and Path(named).is_absolute():
        return Path(named)
    if sys.platform == "win32" and variables.get("APPDATA"):
        return Path(variables["APPDATA"])
    return Path(variables.get("HOME") or variables.get("USERPROFILE") or "~") / ".config"


def _language(variables: Mapping[str, str]) -> str:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        for wanted in variables.get(name, "").split(":"):
            code = wanted.split(".")[0].split("_")[0].split("-")[0].lower()
            if code in LANGUAGES:
                return code
            if code in {"c", "posix"}:
                return "en"
    return _system_language()


def _system_language() -> str:
    """Return the language Windows shows its menus in; other systems say it in variables."""
    if sys.platform == "win32":
        import ctypes
        import locale

        name = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "en")
        return "ru" if name.startswith("ru") else "en"
    return "en"


def git_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for running git: none that point it at another repository, no prompts."""
    kept = (
        "GIT_SSH",
        "GIT_ASKPASS",
        "GIT_CONFIG_",
        "GIT_AUTHOR_",
        "GIT_COMMITTER_",
        "GIT_EXEC_PATH",
    )
    clean = {
        name: value
        for name, value in variables.items()
        if not name.startswith("GIT_") or name.startswith(kept)
    }
    return clean | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "LANGUAGE": "C"}
