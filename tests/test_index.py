"""The index: whatever happens to it or beside it, the answers are those of the files."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.cards import write_store
from cardcli.disk import watching
from cardcli.index import Index
from cardcli.index.tables import SCHEMA, Snapshot
from cardcli.search import Directory, search
from cardcli.store import open_store
from tests.conftest import Cli

ROOT = Path(__file__).parents[1]
RUN = "import sys; from cardcli.cli.app import main; main()"
CARD = "---\nid: {id}\nname: {name}\nphones: ['{phone}']\ntags: [{tag}]\n---\n\n# {name}\n\n## Услуги\n\n- 2026-05-14 Стрижка [staff:: Ольга] ^e7f3qd\n"


def write(
    root: Path, card_id: str, name: str, *, file: str = "", phone: str = "+79000000001"
) -> Path:
    """Write a card as an editor does that writes in place."""
    path = root / "cards" / (file or f"{card_id}.md")
    text = CARD.format(id=card_id, name=name, phone=phone, tag="vip")
    path.write_text(text, encoding="utf-8")
    return path


def base(root: Path) -> Path:
    return root / ".cardcli" / "index.db"


def listed(cli: Cli) -> list[str]:
    """Return the names that the list of clients has."""
    result = cli("list")
    assert result.code == 0, result.err
    return [line.split("\t")[2] for line in result.out.splitlines()]


def aged(root: Path) -> None:
    """Let all cards be so old that their times can be relied on."""
    past = time.time() - 3600
    for path in (root / "cards").rglob("*.md"):
        os.utime(path, (past, past))


# --- edits ---------------------------------------------------------------------------------------


def test_an_edit_within_the_same_second_is_noticed(salon: Path, cli: Cli) -> None:
    path = write(salon, "k7f3qd", "Иванова Анна")
    assert listed(cli) == ["Иванова Анна"]
    was = path.stat()
    path.write_text(path.read_text("utf-8").replace("Анна", "Инна"), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))  # the same size and the same time
    assert listed(cli) == ["Иванова Инна"]


def test_an_old_card_that_is_edited_and_given_its_old_time_back_is_noticed(
    salon: Path, cli: Cli
) -> None:
    path = write(salon, "k7f3qd", "Иванова Анна")
    aged(salon)
    was = path.stat()
    assert listed(cli) == ["Иванова Анна"]
    path.write_text(path.read_text("utf-8").replace("Анна", "Инна"), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert listed(cli) == ["Иванова Инна"]


def test_a_clock_that_was_set_back_does_not_hide_an_edit(salon: Path, cli: Cli) -> None:
    path = write(salon, "k7f3qd", "Иванова Анна")
    future = time.time() + 7 * 86400
    os.utime(path, (future, future))
    assert listed(cli) == ["Иванова Анна"]
    for own in (salon / ".cardcli").glob("index*"):
        os.utime(own, (future, future))
    write(salon, "k7f3qd", "Иванова Инна")
    os.utime(path, (future - 86400, future - 86400))
    assert listed(cli) == ["Иванова Инна"]


def test_cards_that_come_go_and_move_are_noticed(salon: Path, cli: Cli) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    path = write(salon, "k7f3qe", "Петрова Анна")
    assert listed(cli) == ["Иванова Анна", "Петрова Анна"]
    (salon / "cards" / "archive").mkdir()
    path.rename(salon / "cards" / "archive" / "петрова.md")
    assert cli("path", "петрова").out.strip().endswith("archive/петрова.md")
    (salon / "cards" / "archive" / "петрова.md").unlink()
    assert listed(cli) == ["Иванова Анна"]
    assert cli("find", "петрова").code == 1


def test_words_that_a_card_no_longer_has_find_it_no_more(salon: Path, cli: Cli) -> None:
    write(salon, "k7f3qd", "Кржижановская Анна")
    assert cli("find", "Krzhizhanovskaya").code == 0
    write(salon, "k7f3qd", "Иванова Инна", phone="+79000000055")
    assert cli("find", "Krzhizhanovskaya").code == 1
    assert cli("find", "кржыжановская").code == 1
    assert cli("find", "0055").ids() == ["k7f3qd"]
    assert cli("find", "--text", "Анна").code == 1
    assert cli("find", "--text", "Инну").code == 0


def test_a_card_that_breaks_is_named_and_one_that_is_mended_is_back(salon: Path, cli: Cli) -> None:
    path = write(salon, "k7f3qd", "Иванова Анна")
    write(salon, "k7f3qe", "Петрова Анна")
    assert len(listed(cli)) == 2
    good = path.read_text("utf-8")
    path.write_text(good.replace("name:", "name: ["), encoding="utf-8")
    for _time in range(2):
        result = cli("list")
        assert result.ids() == ["k7f3qe"]
        assert "cards/k7f3qd.md" in result.err
    path.write_text(good, encoding="utf-8")
    assert cli("list").ids() == ["k7f3qd", "k7f3qe"]


def test_two_cards_with_one_id_are_left_out_until_one_of_them_is_gone(
    salon: Path, cli: Cli
) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    assert len(listed(cli)) == 1
    twin = write(salon, "k7f3qd", "Иванова Анна", file="copy.md")
    result = cli("list")
    assert result.out == ""
    assert "copy.md" in result.err
    twin.unlink()
    assert len(listed(cli)) == 1


def test_other_settings_make_another_index(salon: Path, cli: Cli) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    assert "8 (900)" in cli("list").out
    settings = salon / "cardcli.yaml"
    settings.write_text(settings.read_text("utf-8").replace("region: RU", "region: DE"), "utf-8")
    assert "+7 900" in cli("list").out


# --- the file of the index ------------------------------------------------------------------------


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def scribbled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100 : len(data)] = b"\x5a" * (len(data) - 100)
    path.write_bytes(bytes(data))


def not_sqlite(path: Path) -> None:
    path.write_text("это не база", encoding="utf-8")


def deleted(path: Path) -> None:
    path.unlink()


def of_the_future(path: Path) -> None:
    with sqlite3.connect(path) as found:
        found.execute("DROP TABLE words")
        found.execute(f"PRAGMA user_version = {SCHEMA + 1}")


def without_a_table(path: Path) -> None:
    with sqlite3.connect(path) as found:
        found.execute("DROP TABLE words")


@pytest.mark.parametrize(
    "damage",
    [truncated, emptied, scribbled, not_sqlite, deleted, of_the_future, without_a_table],
)
def test_a_file_that_cannot_be_used_is_made_anew(
    salon: Path, cli: Cli, damage: Callable[[Path], None]
) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    assert len(listed(cli)) == 1
    damage(base(salon))
    result = cli("find", "bdfyjdf")
    assert (result.code, result.ids()) == (0, ["k7f3qd"])
    assert cli("find", "ивановой").ids() == ["k7f3qd"]
    with sqlite3.connect(base(salon)) as found:
        assert found.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Obey the modes of files even when the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
@pytest.mark.parametrize("before", ["no index", "an index", "an old index"])
def test_a_folder_that_cannot_be_written_is_read_all_the_same(before: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        root = Path(place)
        (root / "cards").mkdir()
        (root / "cardcli.yaml").write_text("git: no\n", encoding="utf-8")
        write(root, "k7f3qd", "Иванова Анна")
        if before != "no index":
            assert open_store(root, {}).ask(len) == 1
        if before != "an index":
            write(root, "k7f3qe", "Петрова Анна")
        for path in (root, *root.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with as_nobody():
            rows = open_store(root, {}).ask(lambda snapshot: snapshot.rows())
        root.chmod(0o755)
    names = ["Иванова Анна", "Петрова Анна"]
    assert [row[2] for row in rows] == (names[:1] if before == "an index" else names)


def test_a_store_without_a_place_for_the_index_is_read_all_the_same(salon: Path, cli: Cli) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    if (salon / ".cardcli").exists():
        shutil.rmtree(salon / ".cardcli")
    (salon / ".cardcli").write_text("no folder", encoding="utf-8")
    assert listed(cli) == ["Иванова Анна"]
    assert cli("find", "анна").ids() == ["k7f3qd"]


def test_the_index_is_for_the_owner_alone(salon: Path, cli: Cli) -> None:
    write(salon, "k7f3qd", "Иванова Анна")
    listed(cli)
    assert base(salon).stat().st_mode & 0o077 == 0


# --- several at once ------------------------------------------------------------------------------


def started(root: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], cwd=root, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_ten_processes_that_read_and_write_at_once_all_get_right_answers(
    salon: Path, maria: str, cli: Cli
) -> None:
    writers = [
        started(salon, *command)
        for number in range(5)
        for command in (
            ("new", f"Кржижановский Олег {number}", "--wait", "60"),
            ("visit", maria, f"Услуга {number}", "--wait", "60"),
        )
    ]
    readers = [started(salon, "find", "иванова") for _number in range(5)]
    for process in (*writers, *readers):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert process in writers or out.split("\t")[0] == maria
    assert len(cli("find", "кржижановский").ids()) == 5
    assert len(listed(cli)) == 6
    card = next((salon / "cards").glob(f"*{maria}.md")).read_text("utf-8")
    assert all(f"Услуга {number}" in card for number in range(5))
    assert all(cli("find", "--text", f'"услуга {number}"').code == 0 for number in range(5))


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("delay", [0.3, 0.6, 0.9, 1.4])
def test_a_refresh_that_is_killed_leaves_nothing_wrong(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, delay: float
) -> None:
    root = tmp_path / "many"
    write_store(root, 400)
    monkeypatch.chdir(root)
    process = started(root, "list")
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert len(listed(cli)) == 400
    with sqlite3.connect(base(root)) as found:
        assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- a large store --------------------------------------------------------------------------------


@pytest.fixture
def large(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a store that is large enough for find(1), and let it be looked through once."""
    root = tmp_path / "large"
    write_store(root, 1100, sharded=True)
    monkeypatch.chdir(root)
    listed(cli)
    time.sleep(2.1)
    listed(cli)  # now all cards are old enough to be relied on
    listed(cli)
    assert (root / ".cardcli" / "index.seen").exists() == (os.name == "posix")
    return root


def test_in_a_large_store_every_kind_of_change_is_noticed(large: Path, cli: Cli) -> None:
    path = next((large / "cards").rglob("*.md"))
    was = path.stat()
    number = path.read_text("utf-8").partition("number: ")[2][:7]
    text = path.read_text("utf-8")
    name = text.partition("name: ")[2].partition("\n")[0]
    path.write_text(text.replace(name, "Щеглов Осип"), encoding="utf-8")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert cli("find", "щеглов осип").out.split("\t")[1] == number
    path.unlink()
    assert cli("find", "щеглов осип").code == 1
    moved = next((large / "cards").rglob("*.md"))
    moved.rename(large / "cards" / "moved.md")
    assert len(listed(cli)) == 1099


def test_in_a_large_store_a_reader_that_was_slow_hides_nothing(large: Path, cli: Cli) -> None:
    path = next((large / "cards").rglob("*.md"))
    slow = open_store(large, {})
    assert slow.ask(len) == 1100
    path.unlink()
    assert len(listed(cli)) == 1099
    assert len(slow.ask(lambda snapshot: snapshot.rows())) == 1099


# --- the same answers as from memory ---------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "кржыжанвская", "ольга дмитриевна", "bdfyjd", "ivanova", "мп иванова", "0013", "К-00012", "12.04",
        "петрова анна", "сашенька", "у ивановой", "e5@example.com", "щукин", "горячев",
    ],
)  # fmt: skip
def test_the_tables_answer_as_the_words_in_memory_do(many: Index, query: str) -> None:
    def both(snapshot: Snapshot) -> tuple[list[str], list[str]]:
        everybody = snapshot.people(range(1, 10_000))
        from_memory = search(query, Directory(everybody), 20)
        from_tables = search(query, snapshot, 20)
        return [match.person.id for match in from_memory], [each.person.id for each in from_tables]

    from_memory, from_tables = many.ask(both)
    assert from_tables == from_memory


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Index:
    root = tmp_path_factory.mktemp("store")
    write_store(root / "s", 300)
    store = open_store(root / "s", {})
    return store._index


# --- writing keeps it fresh -------------------------------------------------------------------------


def test_a_write_is_in_the_index_at_once_and_the_next_command_reads_no_other_card(
    salon: Path, maria: str, cli: Cli
) -> None:
    write(salon, "k7f3qe", "Петрова Анна")
    assert len(listed(cli)) == 2
    aged(salon)
    assert cli("visit", maria, "Дарсонвализация").code == 0
    with sqlite3.connect(base(salon)) as found:
        (listing,) = found.execute("SELECT listing FROM state").fetchone()
    assert listing
    assert cli("find", "--text", "дарсонвализации").out.split("\t")[1] == maria


def test_in_a_large_store_what_was_touched_is_all_that_is_looked_at(
    large: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = large / "cards"

    def no_listing(*_arguments: object) -> None:
        raise AssertionError("all files were looked at")

    first, second, *_rest = sorted(cards.rglob("*.md"))
    first_id = first.stem[-6:]
    monkeypatch.setattr("cardcli.disk.watching.listing", no_listing)
    assert cli("visit", first_id, "Дарсонвализация", "--date", "2026-01-01").code == 0
    assert cli("find", "--text", "дарсонвализация", "--since", "2026-01-01").code == 0
    first.rename(cards / "x.md")
    assert cli("path", first_id).out.strip().endswith("cards/x.md")
    (cards / "x.md").unlink()
    assert cli("show", first_id).code == 1
    text = second.read_text("utf-8")
    second.write_text(text.replace(second.stem[-6:], "zzzzz0"), encoding="utf-8")
    assert cli("show", "zzzzz0").code == 0
    (cards / "y.md").write_text(text, encoding="utf-8")
    assert cli("show", second.stem[-6:]).code == 0
    (cards / ".hidden.md").write_text(text, encoding="utf-8")
    (cards / "link.md").symlink_to(second)
    assert len(listed(cli)) == 1100
    with sqlite3.connect(base(large)) as found:
        (listing,) = found.execute("SELECT listing FROM state").fetchone()
    monkeypatch.undo()
    assert listing == watching.fingerprint(watching.listing(large, "cards"))


def test_in_a_large_store_folders_that_come_and_go_are_noticed(large: Path, cli: Cli) -> None:
    cards = large / "cards"
    folder = next(path for path in sorted(cards.iterdir()) if path.is_dir())
    inside = len(list(folder.glob("*.md")))
    aside = large / "aside"
    folder.rename(aside)
    assert len(listed(cli)) == 1100 - inside
    aside.rename(cards / "new")
    assert len(listed(cli)) == 1100
    shutil.rmtree(cards / "new")
    assert len(listed(cli)) == 1100 - inside


# --- what is taken up when it is first asked for ------------------------------------------------------


def lacking(root: Path, column: str) -> int:
    """Return how many cards have nothing in a column of the index yet."""
    with sqlite3.connect(base(root)) as found:
        (count,) = found.execute(
            f"SELECT count(*) - count({column}) FROM cards"  # noqa: S608
        ).fetchone()
    return int(count)


def mentioned(cli: Cli, word: str) -> list[str]:
    result = cli("find", "--text", word)
    return [line.split("\t")[1] for line in result.out.splitlines()]


def test_texts_are_taken_up_at_the_first_search_in_them(large: Path, cli: Cli) -> None:
    assert lacking(large, "page") == 1100
    first, second, *_rest = sorted((large / "cards").rglob("*.md"))
    first.write_text(first.read_text("utf-8") + "\nкриолиполиз\n", "utf-8")
    assert mentioned(cli, "криолиполиза") == [first.stem[-6:]]
    assert lacking(large, "page") == 0
    second.write_text(second.read_text("utf-8") + "\nкриолиполиз\n", "utf-8")
    first.write_text(first.read_text("utf-8").replace("криолиполиз", "миостимуляция"), "utf-8")
    assert mentioned(cli, "криолиполиза") == [second.stem[-6:]]
    assert lacking(large, "page") == 2
    assert mentioned(cli, "миостимуляции") == [first.stem[-6:]]


def test_pages_of_the_past_are_cleared_away_when_they_are_most(large: Path, cli: Cli) -> None:
    first = min((large / "cards").rglob("*.md"))
    first.write_text(first.read_text("utf-8") + "\nкриолиполиз\n", "utf-8")
    assert mentioned(cli, "криолиполиз") == [first.stem[-6:]]
    with sqlite3.connect(base(large)) as found:
        found.execute("UPDATE state SET pages = 10000")
        found.execute("UPDATE cards SET page = NULL")
    assert mentioned(cli, "криолиполиз") == [first.stem[-6:]]
    with sqlite3.connect(base(large)) as found:
        assert found.execute("SELECT pages FROM state").fetchone() == (1100,)
        (rows,) = found.execute("SELECT count(*) FROM pages WHERE pages MATCH 'укладка'").fetchone()
        assert 0 < rows <= 1100


@pytest.mark.skipif(os.name != "posix", reason="modes of folders")
def test_texts_are_found_where_nothing_can_be_written() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        root = Path(place)
        (root / "cards").mkdir()
        (root / "cardcli.yaml").write_text("git: no\n", encoding="utf-8")
        for number in range(120):
            write(root, f"k7f{number:03}".replace("0", "q").replace("1", "p"), "Иванова Анна")
        assert open_store(root, {}).ask(len) == 120
        for path in (root, *root.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with as_nobody():
            lines = open_store(root, {}).ask(
                lambda snapshot: snapshot.mentioning(["стрижк"]), texts=True
            )
        root.chmod(0o755)
    assert len(lines) == 120


def test_phones_are_made_ready_when_they_are_first_listed(salon: Path, cli: Cli) -> None:
    path = write(salon, "k7f3qd", "Иванова Анна")
    assert cli("find", "--id", "иванова").code == 0
    assert "8 (900) 000-00-01" in cli("list").out
    assert lacking(salon, "phone") == 0
    write(salon, "k7f3qd", "Иванова Анна", phone="+79000000002", file=path.name)
    assert "8 (900) 000-00-02" in cli("list").out
    text = path.read_text("utf-8").replace("['+79000000002']", "[]")
    path.write_text(text, "utf-8")
    assert "900" not in cli("list").out


def test_words_of_any_letters_find_their_card(salon: Path, cli: Cli) -> None:
    path = write(salon, "k7f3qd", "О'Нил Анна")
    quoted = "phones: []\nemails: ['o\"neil\\back@example.com']"
    path.write_text(path.read_text("utf-8").replace("phones: ['+79000000001']", quoted), "utf-8")
    assert cli("find", 'o"neil\\back@example.com').ids() == ["k7f3qd"]
