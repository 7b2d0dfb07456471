"""A quick commit is what ``git commit --only`` would have made, or none at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cardcli import config, quickcommit
from cardcli.git import Git
from tests.conftest import Cli, only_card
from tests.test_faults import git, ids, start

ROOT = Path(__file__).parents[1]
NAMES = ("карта.md", 'a "b" \\ c.md', " с пробелами .md", "внутри/ещё/d.md", "[x]*.md", "n\nl.md")
MESSAGE = "visit k7f3qd\n\nCard: k7f3qd\nStaff: Ольга\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Make a repository with a commit, below which the store lies."""
    root = tmp_path / "two words"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / ".gitattributes").write_text("*.md text eol=lf\n", "utf-8")
    (root / "store").mkdir()
    for name in (*NAMES, "mine.txt", "other.txt", "gone.txt"):
        (root / "store" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "store" / name).write_text("one\n", "utf-8")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "begin")
    return root


def at(place: Path) -> Git:
    """Return git in the store, as a store makes it."""
    variables = config.environment().variables
    return Git(place / "store", config.git_environment(variables), "Лавр и мята")


def edit(place: Path, *names: str) -> None:
    for name in names:
        with (place / "store" / name).open("ab") as stream:
            stream.write("ещё\r\n".encode())


def told(place: Path) -> list[str]:
    """Return all that git says of a repository but the times."""
    form = "--format=%T %P%n%an <%ae>%n%cn <%ce>%n%B"
    return [
        git(place, "log", "-1", form),
        git(place, "status", "--porcelain=v2"),
        git(place, "diff", "--cached"),
        git(place, "ls-files", "--stage"),
        git(place, "for-each-ref", "--format=%(refname)"),
        git(place, "fsck", "--strict", "--no-dangling"),
    ]


def test_a_quick_commit_is_the_one_that_git_commit_makes(place: Path, tmp_path: Path) -> None:
    edit(place, *NAMES, "mine.txt")
    (place / "store" / NAMES[0]).chmod(0o755)
    (place / "store" / "other.txt").write_text("staged\n", "utf-8")
    git(place, "rm", "-q", "store/gone.txt")
    git(place, "add", "store/other.txt")
    edit(place, "other.txt")
    (place / "store" / "new.txt").write_text("new\n", "utf-8")
    twin = tmp_path / "twin"
    shutil.copytree(place, twin, symlinks=True)
    message = f"\n{MESSAGE}  \n\n\nend  \n\n"
    assert quickcommit.commit(at(place), NAMES, message)
    at(twin).commit(NAMES, message)
    assert told(place) == told(twin)
    assert git(place, "reflog", "-1", "--format=%gs") == "fast-import"
    assert git(place, "show", "--format=", "--numstat", "-z").count("\t") == 2 * len(NAMES)


def test_what_is_committed_already_makes_no_commit(place: Path) -> None:
    before = git(place, "rev-parse", "HEAD")
    assert quickcommit.commit(at(place), NAMES, MESSAGE)
    assert git(place, "rev-parse", "HEAD") == before


@pytest.mark.parametrize(
    ("settings", "author"),
    [
        ({}, "Лавр и мята <cardcli@localhost>"),
        (
            {"user.name": "О'Нил, «Мята»", "user.email": "o@example.com"},
            "О'Нил, «Мята» <o@example.com>",
        ),
    ],
)
def test_who_commits_is_whom_the_user_set_or_the_store(
    place: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], author: str
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    for name, value in settings.items():
        git(place, "config", name, value)
    edit(place, "mine.txt")
    assert quickcommit.commit(at(place), ["mine.txt"], MESSAGE)
    assert git(place, "log", "-1", "--format=%an <%ae>") == author
    assert git(place, "log", "-1", "--format=%cn <%ce>") == author


def _hook(place: Path) -> None:
    hook = place / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(0o755)


def _set(name: str, value: str) -> Callable[[Path], None]:
    return lambda place: void(git(place, "config", name, value))


def _included(place: Path) -> None:
    other = place / ".git" / "more"
    other.write_text("[commit]\n\tgpgsign = true\n", "utf-8")
    git(place, "config", "include.path", str(other))


def _for_all(place: Path) -> None:
    assert place.is_dir()
    git(place, "config", "--global", "commit.gpgsign", "true")


def _in_a_merge(place: Path) -> None:
    (place / ".git" / "MERGE_HEAD").write_text(git(place, "rev-parse", "HEAD") + "\n", "utf-8")


def _unborn(place: Path) -> None:
    git(place, "checkout", "-q", "--orphan", "new")


def _crowded(place: Path) -> None:
    folder = place / ".git" / "objects" / "17"
    folder.mkdir(exist_ok=True)
    for number in range(28):
        (folder / f"{number:038x}").touch()


def _linked(place: Path) -> None:
    (place / "store" / "mine.txt").unlink()
    (place / "store" / "mine.txt").symlink_to("other.txt")


def _removed(place: Path) -> None:
    (place / "store" / "mine.txt").unlink()


def _unknown(place: Path) -> None:
    git(place, "rm", "-q", "--cached", "-f", "store/mine.txt")


def _locked(place: Path) -> None:
    (place / ".git" / "index.lock").touch()


def void(_value: object) -> None:
    """Take what nobody needs."""


@pytest.mark.parametrize(
    "arrange",
    [
        _hook, _included, _for_all, _in_a_merge, _unborn, _crowded, _linked, _removed, _unknown, _locked,
        _set("commit.gpgsign", "true"), _set("core.hooksPath", "elsewhere"),
        _set("i18n.commitEncoding", "KOI8-R"), _set("author.name", "Somebody"),
        lambda place: void(git(place, "checkout", "-q", "--detach")),
        lambda place: void(git(place, "pack-refs", "--all")),
    ],
)  # fmt: skip
def test_what_only_git_commit_does_is_left_to_it(
    place: Path, arrange: Callable[[Path], None]
) -> None:
    edit(place, "mine.txt")
    arrange(place)
    before = (place / ".git" / "logs" / "HEAD").read_bytes()
    assert not quickcommit.commit(at(place), ["mine.txt"], MESSAGE)
    assert (place / ".git" / "logs" / "HEAD").read_bytes() == before


def test_an_identity_known_by_half_or_a_given_date_is_left_to_git_commit(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(place, "mine.txt")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
    assert not quickcommit.commit(at(place), ["mine.txt"], MESSAGE)
    monkeypatch.delenv("GIT_AUTHOR_DATE")
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    git(place, "config", "user.email", "o@example.com")
    assert not quickcommit.commit(at(place), ["mine.txt"], MESSAGE)
    assert not quickcommit.commit(at(place), [], MESSAGE)


# --- through the command, with a git that does something on the way -------------------------------


@pytest.fixture
def meddle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put shell lines before the real git; it is ``$GIT``, and ``$*`` is how it was called."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    real, bin_ = shutil.which("git"), tmp_path / "bin"
    bin_.mkdir()
    monkeypatch.setenv("PATH", f"{bin_}{os.pathsep}{os.environ['PATH']}")

    def put(lines: str) -> None:
        script = bin_ / "git"
        script.write_text(f'#!/bin/sh\nGIT={real}\n{lines}\nexec $GIT "$@"\n', "utf-8")
        script.chmod(0o755)

    return put


def test_a_visit_is_committed_the_quick_way(salon: Path, maria: str, cli: Cli) -> None:
    assert cli("visit", maria, "Стрижка").code == 0
    assert git(salon, "reflog", "-1", "--format=%gs") == "fast-import"
    assert git(salon, "status", "--porcelain") == ""


def test_a_commit_that_somebody_makes_meanwhile_is_kept(
    salon: Path, maria: str, cli: Cli, meddle: Callable[[str], None]
) -> None:
    (salon / "note.txt").write_text("mine\n", "utf-8")
    git(salon, "add", "note.txt")
    meddle('case "$*" in *fast-import*) $GIT commit -q -m theirs -- note.txt;; esac')
    assert cli("visit", maria, "Стрижка").code == 0
    meddle("")
    subjects = git(salon, "log", "-2", "--format=%s").split("\n")
    assert subjects[1] == "theirs"
    assert subjects[0].startswith(f"visit {maria}")
    assert git(salon, "show", "--format=", "--name-only") == f"cards/{only_card(salon).name}"
    assert git(salon, "status", "--porcelain") == ""


@pytest.mark.parametrize("moment", ["update-index", "diff-index", "fast-import", "after"])
def test_a_command_killed_at_a_step_of_the_commit_is_finished_by_the_next(
    salon: Path, maria: str, cli: Cli, meddle: Callable[[str], None], moment: str
) -> None:
    """Between the steps the user's own ``git commit`` takes nothing back either."""
    step = "fast-import" if moment == "after" else moment
    run = '$GIT "$@"; ' if moment == "after" else ""
    meddle(f'case "$*" in *{step}*) {run}kill -9 0;; esac')
    process = start("visit", maria, "Стрижка")
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    meddle("")
    written = only_card(salon).read_text("utf-8")
    assert "Стрижка" in written
    (salon / "note.txt").write_text("mine\n", "utf-8")
    git(salon, "add", "note.txt")
    git(salon, "commit", "-q", "-m", "theirs")
    if moment != "update-index":  # from then on the file is in the index
        assert git(salon, "show", f"HEAD:cards/{only_card(salon).name}") == written.strip()
    assert cli("visit", maria, "Маникюр").code == 0
    assert len(ids(salon)) == 2
    assert git(salon, "status", "--porcelain") == ""
    git(salon, "fsck", "--strict")
    commits = git(salon, "log", "--format=%H").split("\n")
    trees = [git(salon, "rev-parse", f"{commit}^{{tree}}") for commit in commits]
    assert len(set(trees)) == len(trees), "a commit that changes nothing"


def test_visits_and_somebody_who_commits_all_the_time_lose_nothing(
    salon: Path, maria: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notes = (
        "import pathlib, subprocess, time\n"
        "def git(*words): return subprocess.run(['git', *words], capture_output=True).returncode\n"
        "for n in range(12):\n"
        "    pathlib.Path(f'note{n}.txt').write_text('mine')\n"
        "    while git('add', f'note{n}.txt'): time.sleep(0.01)\n"
        "    while git('commit', '-q', '-m', f'note {n}') and git('diff', '--cached', '--quiet'):\n"
        "        time.sleep(0.01)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", notes], cwd=salon)

    def visit(title: str) -> int:
        process = start("visit", maria, title)
        process.communicate()
        return process.returncode

    codes = [visit(f"Услуга {number}") for number in range(8)]
    assert other.wait() == 0
    assert set(codes) <= {0, 8}, "8: git was busy; the next command commits"
    assert visit("Последняя") == 0
    assert len(ids(salon)) == 9
    assert git(salon, "status", "--porcelain") == ""
    assert git(salon, "ls-files", "note*").count("note") == 12
    git(salon, "fsck", "--strict")
