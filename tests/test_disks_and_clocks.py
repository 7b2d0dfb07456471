"""The machine lets us down, for real: power, a full or read-only disk, the clock, a dead process."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cardcli import card as cards
from tests.conftest import TODAY, Cli, only_card
from tests.test_faults import PROGRAM, ROOT, git, ids

STRACE = shutil.which("strace")
Disk = Callable[[str], Path]


@pytest.fixture(autouse=True)
def _this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


# ---- power -----------------------------------------------------------------------------------


def calls(trace: Path, folder: Path, *arguments: str) -> list[tuple[str, list[str]]]:
    """Run a command under strace; return the calls that matter as (name, paths), in their order."""
    wanted = "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat"
    done = subprocess.run(
        [str(STRACE), "-f", "-y", "-o", str(trace), "-e", wanted, *PROGRAM, *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "ptrace" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    found = []
    for line in trace.read_text("utf-8", "replace").splitlines():
        match = re.match(r"\d+\s+(\w+)\((.*)\)\s+= 0", line)
        if match and str(folder / "cards") in match[2]:
            found.append((match[1], re.findall(r'[<"](/[^">]*)[">]', match[2])))
    return found


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("command", [("visit", "MARIA", "Стрижка"), ("new", "Петрова Анна")])
def test_a_card_is_on_the_disk_before_it_has_its_name_and_its_name_before_the_command_ends(
    salon: Path, maria: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = [maria if word == "MARIA" else word for word in command]
    folder = salon / "cards"
    steps = [
        (name.removesuffix("at2").removesuffix("at"), paths)
        for name, paths in calls(tmp_path / "trace", salon, *words)
    ]
    assert [name for name, _paths in steps][:3] in (
        ["fsync", "rename", "fsync"],
        ["fsync", "link", "fsync"],
    )
    (_synced, (temporary,)), (_named, (source, target)), (_folder, (place,)) = (
        (name, [path for path in paths if path != str(folder) or name == "fsync"])
        for name, paths in steps[:3]
    )
    assert source == temporary
    assert Path(temporary).name.startswith(".~")
    assert Path(target).suffix == ".md"
    assert place == str(folder)


# ---- disks -----------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount small disks; skips where that is not allowed."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    if shutil.which("mount") is None:
        pytest.skip("there is no mount here")
    os.chdir("/")
    yield mount
    os.chdir("/")
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def fill(folder: Path, leave: int) -> Path:
    """Fill a disk but for so many bytes."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(b"x" * 4096):
            pass
    with path.open("rb+") as stream:
        stream.truncate(max(0, path.stat().st_size - leave))
    return path


@pytest.mark.parametrize("leave", [0, 4096, 12288, 32768, 65536])
def test_on_a_full_disk_a_card_is_old_or_new_and_work_goes_on_when_there_is_room(
    disk: Disk, cli: Cli, leave: int
) -> None:
    place = disk("3m")
    root = place / "salon"
    assert cli("init", str(root)).code == 0
    store = ("--store", str(root))
    client = cli("new", "Иванова Мария", *store).ids()[0]
    assert cli("visit", client, "Первая", *store).code == 0
    before = only_card(root).read_bytes()
    ballast = fill(place, leave)
    result = cli("visit", client, "Вторая", "--note", "слово " * 2000, *store)
    assert result.code in {0, 6, 8}, result.err
    assert "Traceback" not in result.err
    after = only_card(root).read_bytes()
    assert (after == before) == (result.code == 6)
    assert not cards.parse(after.decode()).problems
    assert not list((root / "cards").glob(".~*"))
    shown = cli("show", client, *store)
    assert shown.code == 0, "reading needs no room"
    ballast.unlink()
    assert cli("visit", client, "Третья", *store).code == 0
    assert git(root, "status", "--porcelain") == ""
    git(root, "fsck", "--strict")
    assert cli("check", *store).out == ""


@pytest.mark.parametrize("leave", [0, 8192, 40960])
def test_a_sync_on_a_full_disk_loses_nothing(
    disk: Disk, cli: Cli, tmp_path: Path, leave: int
) -> None:
    place = disk("4m")
    one, other = place / "one", tmp_path / "other"
    assert cli("init", str(one)).code == 0
    client = cli("new", "Иванова Мария", "--store", str(one)).ids()[0]
    assert cli("sync", "--setup", str(tmp_path / "hub.git"), "--store", str(one)).code == 0
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    here = cli("visit", client, "Здесь", "--store", str(one)).ids()
    there = cli("visit", client, "Там", "--note", "слово " * 500, "--store", str(other)).ids()
    assert cli("sync", "--store", str(other)).code == 0
    ballast = fill(place, leave)
    result = cli("sync", "--store", str(one))
    assert result.code in {0, 6, 8}, result.err
    assert (result.code == 0) or "no space left on" in result.err
    assert set(here) <= set(ids(one))
    ballast.unlink()
    again = cli("sync", "--store", str(one))
    assert again.code == 0, again.err
    assert cli("sync", "--store", str(other)).code == 0
    assert set(ids(one)) == set(ids(other)) == {*here, *there}
    git(one, "fsck", "--strict")


def test_a_place_on_a_disk_that_is_read_only_still_gives(
    disk: Disk, cli: Cli, tmp_path: Path
) -> None:
    stick = disk("8m")
    one, other = tmp_path / "one", tmp_path / "other"
    assert cli("init", str(one)).code == 0
    client = cli("new", "Иванова Мария", "--store", str(one)).ids()[0]
    assert cli("sync", "--setup", str(stick / "hub.git"), "--store", str(one)).code == 0
    assert cli("clone", str(stick / "hub.git"), str(other)).code == 0
    there = cli("visit", client, "Там", "--store", str(other)).ids()
    assert cli("sync", "--store", str(other)).code == 0
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    here = cli("visit", client, "Здесь", "--store", str(one)).ids()
    result = cli("sync", "--store", str(one))
    assert result.code == 8
    assert "does not take changes from you" in result.err
    assert set(ids(one)) == {*here, *there}
    subprocess.run(["mount", "-o", "remount,rw", str(stick)], check=True)
    assert cli("sync", "--store", str(one)).code == 0


# ---- clocks and processes --------------------------------------------------------------------


def test_a_clock_that_goes_back_loses_nothing_and_hides_nothing(
    salon: Path, maria: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    first = cli("visit", maria, "До").ids()
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    later = time.time() + 400 * 86400
    os.utime(only_card(salon), (later, later))  # written while the clock was wrong
    assert len(cli("list").ids()) == 1
    back = TODAY - dt.timedelta(days=200)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(back.timestamp())))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", f"{int(back.timestamp())} +0000")
    second = cli("visit", maria, "После").ids()
    there = cli("visit", maria, "Там", "--store", str(other)).ids()
    text = only_card(salon).read_text("utf-8")
    only_card(salon).write_text(text.replace("name: Иванова", "name: Петрова"), "utf-8")
    os.utime(only_card(salon), (later, later))
    assert "Петрова" in cli("list").out, "a change that bears the old time is seen"
    assert cli("undo", "1").code == 0
    assert cli("undo", "1").code == 0
    assert cli("sync", "--store", str(other)).code == 0
    assert cli("sync").code == 0
    assert sorted(ids(salon)) == sorted([*first, *second, *there])
    assert [each.date for each in cards.parse(only_card(salon).read_text("utf-8")).entries] == [
        back.date().isoformat(), back.date().isoformat(), TODAY.date().isoformat(),
    ]  # fmt: skip
    assert "После" in cli("history", maria).out


def test_the_lock_of_a_process_that_was_killed_holds_nobody_up(
    salon: Path, maria: str, cli: Cli
) -> None:
    holding = (
        "import pathlib, sys, time\nfrom cardcli.disk import locking\n"
        f"with locking.lock(pathlib.Path({str(salon / '.cardcli')!r}), 5, 'sync, 1'):\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", holding], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    held = cli("visit", maria, "Стрижка", "--wait", "0.1")
    assert (held.code, "(sync, 1)" in held.err) == (6, True)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    begun = time.monotonic()
    assert cli("visit", maria, "Стрижка", "--wait", "5").code == 0
    assert time.monotonic() - begun < 4


def test_a_signing_that_is_set_for_all_and_fails_keeps_the_work(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    settings = Path.home() / ".gitconfig"
    settings.write_text("[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = false\n", "utf-8")
    result = cli("visit", maria, "Стрижка")
    assert (result.code, "commit.gpgsign" in result.err) == (8, True)
    assert cli("sync").code == 8
    assert "Стрижка" in only_card(salon).read_text("utf-8")
    settings.unlink()
    assert cli("sync").code == 0
    assert git(salon, "status", "--porcelain") == ""
    assert "Стрижка" in git(tmp_path / "hub.git", "show", f"main:cards/{only_card(salon).name}")
