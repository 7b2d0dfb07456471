"""Real folders and real git for the tests; the home folder is out of reach, the clock stands still."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from cardcli import config, dates, language
from cardcli.cli import app

TODAY = dt.datetime(2026, 6, 15, 9, 30, tzinfo=dt.UTC)

settings.register_profile("cardcli", deadline=None, max_examples=150)
settings.load_profile("cardcli")

# a shell lets what it puts behind ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)

language.activate("en")
for _module in set(app.COMMANDS.values()):  # help is worded while a module is read, once a process
    importlib.import_module(f"cardcli.cli.{_module}")


@dataclass(frozen=True)
class Result:
    """What a command left behind: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    def ids(self) -> list[str]:
        """Return the first column of the output."""
        return [line.split("\t")[0] for line in self.out.splitlines()]


Cli = Callable[..., Result]


@pytest.fixture(autouse=True)
def _world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("GIT_", "CARDCLI_", "LC_", "XDG_")):
            monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Tester",
        "GIT_AUTHOR_EMAIL": "tester@example.com",
        "GIT_COMMITTER_NAME": "Tester",
        "GIT_COMMITTER_EMAIL": "tester@example.com",
        "LANGUAGE": "en",
        "LANG": "en_US.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "80",
        "SOURCE_DATE_EPOCH": str(int(TODAY.timestamp())),
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("VISUAL", "EDITOR", "PAGER", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(home)
    yield
    language.activate("en")
    dates.fix_clock(None)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command as the program does, in this process."""

    def run(*arguments: str) -> Result:
        capsys.readouterr()
        app.prepare(config.environment())
        code = app.run(list(arguments))
        captured = capsys.readouterr()
        return Result(int(code), captured.out, captured.err)

    return run


@pytest.fixture
def salon(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty Russian store with git and go there."""
    root = tmp_path / "salon"
    result = cli("init", str(root), "--language", "ru", "--business", "Лавр и мята")
    assert result.code == 0, result.err
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def maria(salon: Path, cli: Cli) -> str:
    """Add one client and return her id."""
    assert salon.is_dir()
    result = cli("new", "Иванова Мария Петровна", "--phone", "8 900 000-01-27")
    assert result.code == 0, result.err
    return result.ids()[0]


@pytest.fixture
def snapshot() -> Callable[[Path], dict[str, bytes]]:
    """Return all files of a folder but git's own, to see that nothing changed."""

    def taken(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file() and ".git" not in path.parts and ".cardcli" not in path.parts
        }

    return taken


@pytest.fixture
def powerless(cli: Cli) -> Iterator[tuple[Path, str]]:
    """Give a store with one client to a user for whom file modes count; root becomes nobody."""
    folder = Path(tempfile.mkdtemp(prefix="cardcli-test-"))
    assert cli("init", str(folder), "--no-git").code == 0
    client = cli("new", "Иванова Мария", "--store", str(folder)).ids()[0]
    assert cli("note", client, "Всё загружено", "--store", str(folder)).code == 0
    nobody, root = 65534, os.geteuid()
    if root == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody, nobody)
        os.seteuid(nobody)
    try:
        yield folder, client
    finally:
        os.seteuid(root)
        (folder / "cards").chmod(0o700)
        shutil.rmtree(folder)


def only_card(root: Path) -> Path:
    """Return the one card of a store."""
    (path,) = (root / "cards").glob("*.md")
    return path


@pytest.fixture
def store(invented: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the store that a module has *invented*, once for all of its tests."""
    root = tmp_path / "salon"
    shutil.copytree(invented, root)
    monkeypatch.chdir(root)
    return root


Json = Any
