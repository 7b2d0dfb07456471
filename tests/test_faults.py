"""What goes wrong in real life, done for real: killed processes, races, a dying remote.

CARDCLI_FAULTS is how often each kind of kill is tried; 200 in the long run.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cardcli import card as cards
from cardcli import config, sync
from cardcli.errors import ExitCode
from cardcli.merge.trees import Change, File
from cardcli.store import open_store
from tests.conftest import Cli, only_card

ROOT = Path(__file__).parents[1]
TIMES = int(os.environ.get("CARDCLI_FAULTS", "2"))
PROGRAM = [sys.executable, "-c", "from cardcli.cli.app import main; main()"]


@pytest.fixture(autouse=True)
def _this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*PROGRAM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_after(process: subprocess.Popen[str], seconds: float) -> tuple[int, str]:
    """Kill a program and all it started; return its exit code and what it had said."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    out, _err = process.communicate()
    return process.returncode, out


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def ids(root: Path) -> list[str]:
    return [each.id for each in cards.parse(only_card(root).read_text("utf-8")).entries]


def usual_seconds(*arguments: str) -> float:
    begun = time.perf_counter()
    process = start(*arguments)
    _out, err = process.communicate()
    assert process.returncode == 0, err
    return time.perf_counter() - begun


def test_a_visit_killed_at_any_moment_damages_nothing(salon: Path, maria: str, cli: Cli) -> None:
    rng = random.Random(5)  # noqa: S311
    whole = usual_seconds("visit", maria, "Услуга")
    acknowledged = set(ids(salon))
    for number in range(TIMES):
        process = start("visit", maria, f"Услуга {number}", "--wait", "30")
        code, out = kill_after(process, rng.uniform(0.3, 1.05) * whole)
        if code == 0:
            acknowledged.add(out.split("\t")[0])
        assert acknowledged <= set(ids(salon))
        after = cli("visit", maria, f"После {number}")
        assert after.code == 0, after.err
        acknowledged |= set(after.ids())
        assert git(salon, "status", "--porcelain") == ""
    assert not cards.parse(only_card(salon).read_text("utf-8")).problems
    git(salon, "fsck", "--strict")


def test_a_sync_killed_at_any_moment_damages_nothing(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    rng = random.Random(6)  # noqa: S311
    other = tmp_path / "other"
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    made = set()
    whole = 0.0
    for number in range(TIMES + 1):
        made |= set(cli("visit", maria, f"Здесь {number}").ids())
        made |= set(cli("visit", maria, f"Там {number}", "--store", str(other)).ids())
        assert cli("sync", "--store", str(other)).code == 0
        if not number:
            whole = usual_seconds("sync")
            continue
        kill_after(start("sync"), rng.uniform(0.3, 1.05) * whole)
        after = cli("sync")
        assert after.code == 0, after.err
        assert cli("sync", "--store", str(other)).code == 0
        assert git(salon, "status", "--porcelain") == ""
        assert git(salon, "rev-parse", "HEAD^{tree}") == git(other, "rev-parse", "HEAD^{tree}")
        assert sorted(made) == sorted(ids(salon))
    git(salon, "fsck", "--strict")


@pytest.fixture
def hub(salon: Path, maria: str, cli: Cli, tmp_path: Path) -> Path:
    """Make another place that lacks a visit of ours."""
    assert salon.is_dir()
    place = tmp_path / "hub.git"
    assert cli("sync", "--setup", str(place)).code == 0
    assert cli("visit", maria, "Маникюр").code == 0
    return place


def all_is_sent(salon: Path, hub: Path) -> bool:
    return git(salon, "rev-parse", "HEAD") == git(hub, "rev-parse", "main")


def left_lock(hub: Path) -> Path:
    """Leave the lock of a killed git in a hub."""
    lock = hub / "refs" / "heads" / "main.lock"
    lock.touch()
    return lock


def test_a_lock_that_our_killed_sync_left_at_the_other_place_does_not_stop_the_next(
    salon: Path, hub: Path, cli: Cli
) -> None:
    lock = left_lock(hub)
    (salon / ".cardcli" / "sending").touch()
    assert cli("sync").code == 0
    assert not lock.exists()
    assert all_is_sent(salon, hub)


def test_a_lock_of_somebody_else_at_the_other_place_is_named_and_kept(
    salon: Path, hub: Path, cli: Cli
) -> None:
    lock = left_lock(hub)
    done = cli("sync")
    assert done.code == ExitCode.NOT_COMMITTED
    assert "origin is locked" in done.err
    assert "main.lock" in done.err
    assert lock.exists()
    lock.unlink()
    assert cli("sync").code == 0
    assert all_is_sent(salon, hub)


def test_a_sync_that_others_outrun_at_every_try_says_so(salon: Path, hub: Path, cli: Cli) -> None:
    hook = hub / "hooks" / "update"
    hook.write_text(
        "#!/bin/sh\n"
        "made=$(git -c user.name=x -c user.email=x@example.com commit-tree -p main -m x 'main^{tree}')\n"
        "git update-ref refs/heads/main $made\n"
    )
    hook.chmod(0o755)
    done = cli("sync")
    assert done.code == ExitCode.NOT_COMMITTED
    assert "origin was being changed by somebody else at every try" in done.err
    hook.unlink()
    assert cli("sync").code == 0
    assert all_is_sent(salon, hub)


def test_asking_what_changed_takes_no_lock_of_gits(salon: Path, maria: str, cli: Cli) -> None:
    assert cli("visit", maria, "Маникюр").code == 0
    index = (salon / ".git" / "index").stat()
    only_card(salon).touch()
    assert cli("status").code == 0
    assert (salon / ".git" / "index").stat() == index


def test_many_processes_on_one_card_all_get_their_turn(salon: Path, maria: str) -> None:
    processes = [
        start("visit", maria, f"Услуга {n}", "--wait", "60") for n in range(max(6, TIMES // 10))
    ]
    given = [process.communicate()[0].split("\t")[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    assert sorted(given) == sorted(ids(salon))
    assert git(salon, "status", "--porcelain") == ""


def test_several_workplaces_that_push_at_once_all_get_through(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    cli("sync", "--setup", str(tmp_path / "hub.git"))
    places = [salon]
    for number in range(2):
        places.append(tmp_path / f"place{number}")
        cli("clone", str(tmp_path / "hub.git"), str(places[-1]))
    made = set()
    for place in places:
        made |= set(cli("visit", maria, "Стрижка", "--store", str(place)).ids())
    processes = [start("sync", "--store", str(place)) for place in places]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    for place in places:
        assert cli("sync", "--store", str(place)).code == 0
    assert {git(place, "rev-parse", "HEAD^{tree}") for place in places} == {
        git(salon, "rev-parse", "HEAD^{tree}")
    }
    assert set(ids(salon)) == made


def test_a_remote_that_dies_in_the_middle_of_a_push_costs_nothing(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    assert cli("sync", "--setup", str(tmp_path / "hub.git"), "--store", str(salon)).code == 0
    hook = tmp_path / "hub.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n")
    hook.chmod(0o755)
    cli("visit", maria, "Стрижка")
    assert cli("sync").code == 8
    hook.unlink()
    assert "1 card went out" in cli("sync").out
    git(tmp_path / "hub.git", "fsck", "--strict")


def test_a_merge_needs_no_identity(
    salon: Path, maria: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("sync", "--setup", str(tmp_path / "hub.git"))
    cli("clone", str(tmp_path / "hub.git"), str(tmp_path / "other"))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    for place in (salon, tmp_path / "other"):
        assert cli("visit", maria, "Стрижка", "--store", str(place)).code == 0
        assert cli("sync", "--store", str(place)).code == 0
    assert git(tmp_path / "other", "log", "-1", "--format=%an %P").startswith("Лавр и мята ")


def test_a_lock_that_a_killed_git_left_is_cleared_and_another_is_respected(
    salon: Path, maria: str, cli: Cli
) -> None:
    lock, mark = salon / ".git" / "index.lock", salon / ".cardcli" / "git"
    lock.write_bytes(b"")
    assert cli("visit", maria, "Стрижка").code == 8, "somebody else's git may be at work"
    assert lock.exists()
    mark.write_text("1\n")
    assert cli("visit", maria, "Маникюр").code == 0
    assert not lock.exists()
    assert git(salon, "status", "--porcelain") == ""


def test_what_an_editor_saves_while_a_sync_writes_is_kept(salon: Path, maria: str) -> None:
    assert maria
    store = open_store(salon, config.environment().variables)
    path = only_card(salon)
    name, old = path.relative_to(salon).as_posix(), path.read_text("utf-8")

    def blob(text: str) -> str:
        return store.git.run("hash-object", "-w", "--stdin", data=text.encode()).decode().strip()

    came = old + "\nПришло.\n"
    path.write_text(old.replace("created:", "source: сайт\ncreated:"), "utf-8")
    sync.land(store, [Change(File(name, "100644", blob(old)), File(name, "100644", blob(came)))])
    text = path.read_text("utf-8")
    assert "source: сайт" in text
    assert "Пришло." in text
