"""Many files written as one: all or none, whatever happens in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cardcli import disk, journal
from cardcli.disk import CannotWriteError
from cardcli.git import Git
from cardcli.journal import Begun, Draft
from cardcli.store import ChangedError, Store, open_store
from tests.conftest import Cli
from tests.test_faults import git


@pytest.fixture
def store(salon: Path) -> Store:
    return open_store(salon, dict(os.environ))


def was(text: str) -> str:
    return disk.digest_of(text.encode()).hex()


def test_a_journal_gives_back_texts_and_pictures(tmp_path: Path) -> None:
    begun = Begun(
        "import\n",
        (
            Draft("a.md", "Анна\r\n".encode(), was("x")),
            Draft("b.jpg", b"\xff\xd8\0"),
            Draft("c.md", None, was("y")),
        ),
    )
    journal.write(tmp_path, begun)
    assert journal.is_begun(tmp_path)
    assert journal.read(tmp_path) == begun


@pytest.mark.parametrize("text", ["", "{", '{"message": "m", "files": 2}', "[]", '{"files": 0}'])
def test_a_torn_journal_is_put_away(tmp_path: Path, text: str) -> None:
    (tmp_path / "journal").write_text(text)
    assert journal.read(tmp_path) is None
    assert not journal.is_begun(tmp_path)


def test_what_was_begun_is_finished_but_not_over_what_somebody_changed(
    salon: Path, store: Store, cli: Cli
) -> None:
    for name in ("one", "two", "three", "four"):
        (salon / f"{name}.txt").write_text("old")
    drafts = [Draft(f"{name}.txt", b"new", was("old")) for name in ("one", "two", "three")]
    drafts += [Draft("cards/new.txt", b"new"), Draft("four.txt", None, was("old"))]
    journal.write(store.own, Begun("import\n", tuple(drafts)))
    (salon / "one.txt").write_text("new")  # written before the kill
    (salon / "two.txt").write_text("mine")  # edited since
    assert cli("list").code == 0
    assert [(salon / f"{name}.txt").read_text() for name in ("one", "two", "three")] == [
        "new",
        "mine",
        "new",
    ]
    assert (salon / "cards" / "new.txt").read_text() == "new"
    assert not (salon / "four.txt").exists()
    assert not journal.is_begun(store.own)
    assert git(salon, "log", "-1", "--format=%s") == "import"


def test_a_file_that_changed_meanwhile_stops_all(salon: Path, store: Store) -> None:
    (salon / "one.txt").write_text("old")
    (salon / "two.txt").write_text("mine")
    drafts = [Draft("one.txt", b"new", was("old")), Draft("two.txt", b"new", was("old"))]
    with pytest.raises(ChangedError, match=r"two\.txt"):
        store.write_together("import", lambda: (drafts, "import\n"))
    assert (salon / "one.txt").read_text() == "old"
    assert not journal.is_begun(store.own)


def test_a_write_that_fails_half_way_is_taken_back(salon: Path, store: Store) -> None:
    (salon / "one.txt").write_text("old")
    (salon / "gone.txt").write_text("old")
    (salon / "folder.txt").mkdir()
    drafts = [
        Draft("gone.txt", None, was("old")),
        Draft("one.txt", b"new", was("old")),
        Draft("two.txt", b"new"),
        Draft("folder.txt", b"new"),
    ]
    with pytest.raises(CannotWriteError):
        store.write_together("import", lambda: (drafts, "import\n"))
    assert (salon / "one.txt").read_text() == "old"
    assert (salon / "gone.txt").read_text() == "old"
    assert not (salon / "two.txt").exists()
    assert not journal.is_begun(store.own)
    assert git(salon, "log", "--format=%s") == "edit\ninit"  # what was there by hand is kept apart


def test_a_file_mode_is_kept_and_new_files_are_private(salon: Path, store: Store) -> None:
    (salon / "one.txt").write_text("old")
    (salon / "one.txt").chmod(0o640)
    drafts = [Draft("one.txt", b"new", was("old")), Draft("two.txt", b"new")]
    assert store.write_together("import", lambda: (drafts, "import\n")) == ""
    assert (salon / "one.txt").stat().st_mode & 0o777 == 0o640
    assert (salon / "two.txt").stat().st_mode & 0o777 == 0o600


def test_a_commit_of_many_paths_holds_just_them(tmp_path: Path) -> None:
    environment = {**os.environ, "LC_ALL": "C"}
    repository = Git(tmp_path, environment)
    repository.init()
    names = [f"карта {number}.md" for number in range(300)]
    for name in names:
        (tmp_path / name).write_text("1")
    (tmp_path / "mine.txt").write_text("1")
    repository.commit(names, "first\n")  # there is no commit yet
    assert len(git(tmp_path, "ls-tree", "-z", "--name-only", "HEAD").split("\0")) == 301
    assert git(tmp_path, "status", "--short") == "?? mine.txt"
    git(tmp_path, "add", "mine.txt")
    (tmp_path / names[0]).write_text("2")
    (tmp_path / names[1]).unlink()
    repository.commit([*names, "never.md"], "second\n")
    assert git(tmp_path, "status", "--short") == "A  mine.txt"
    assert len(git(tmp_path, "show", "--format=", "--name-only", "-z").strip("\0").split("\0")) == 2
    head = git(tmp_path, "rev-parse", "HEAD")
    repository.commit(names, "nothing\n")
    assert git(tmp_path, "rev-parse", "HEAD") == head
