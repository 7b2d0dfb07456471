"""Taking commands back, and asking the past."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli import changes
from cardcli.cli import reading
from tests.conftest import Cli, only_card


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_undo_takes_back_the_last_command_and_undo_of_undo_brings_it_again(
    salon: Path, maria: str, cli: Cli
) -> None:
    before = only_card(salon).read_bytes()
    cli("visit", maria, "Стрижка", "--price", "2500")
    after = only_card(salon).read_bytes()
    result = cli("undo")
    assert result.code == 0, result.err
    assert "removed: 15 Jun 2026 Стрижка".replace(" Jun ", "\u00a0Jun\u00a0") in result.out
    assert "taking back: visit" in result.err
    assert only_card(salon).read_bytes() == before
    assert cli("undo").code == 0
    assert only_card(salon).read_bytes() == after
    assert git(salon, "status", "--porcelain") == ""
    assert (
        git(salon, "log", "-1", "--format=%s %(trailers:key=Card,valueonly)")
        == f"undo {maria} {maria}"
    )


def test_an_older_command_is_taken_back_under_later_ones(salon: Path, maria: str, cli: Cli) -> None:
    cli("visit", maria, "Стрижка")
    cli("set", maria, "source=сайт")
    commit = git(salon, "rev-parse", "HEAD")
    cli("set", maria, "tags+=vip")
    cli("visit", maria, "Маникюр")
    assert cli("undo", commit).code == 0
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert "source" not in card.metadata
    assert card.values("tags") == ["vip"]
    assert cli("undo", "4").code == 0, "the fourth command from the end: tags, visit, undo after it"
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.value("source") == ""


def test_what_was_changed_since_is_not_taken_back_silently(
    salon: Path, maria: str, cli: Cli
) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    made = git(salon, "rev-parse", "HEAD")
    cli("amend", maria, visit, "price=2700")
    amended = git(salon, "rev-parse", "HEAD")
    cli("amend", maria, visit, "price=2900")
    before = only_card(salon).read_bytes()
    refused = cli("undo", made)
    assert refused.code == 5
    assert f"^{visit}" in refused.err
    refused = cli("undo", amended)
    assert refused.code == 5
    assert "price" in refused.err
    assert "--merge" in refused.err
    assert only_card(salon).read_bytes() == before
    assert cli("undo", amended, "--merge").code == 0
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.entry(visit).fields["price"] == "2900"
    assert card.of_kind("difference")[0].fields["other"] == "2500"


def test_what_was_written_by_hand_before_a_command_stays_when_it_is_taken_back(
    salon: Path, maria: str, cli: Cli
) -> None:
    path = only_card(salon)
    path.write_text(path.read_text("utf-8") + "\n## Notes\n\nПришла с подругой.\n", "utf-8")
    other = salon / "cards" / "petrova-k7f3qd.md"
    other.write_text("---\nid: k7f3qd\nnumber: К-00077\nname: Петрова Анна\n---\n", "utf-8")
    texts = path.read_bytes(), other.read_bytes()
    for client in (maria, "k7f3qd"):
        assert cli("visit", client, "Стрижка").code == 0
        subjects = git(salon, "log", "-2", "--format=%s").split("\n")
        assert [line.rpartition(" ")[0] for line in subjects] == [f"visit {client}", "edit"]
        assert cli("undo").code == 0
    assert (path.read_bytes(), other.read_bytes()) == texts
    assert git(salon, "status", "--porcelain") == ""


def test_in_a_repository_without_a_commit_the_first_command_is_taken_back_alone(
    tmp_path: Path, cli: Cli
) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cardcli.yaml").write_text("language: ru\n", "utf-8")
    card = tmp_path / "cards" / "petrova-k7f3qd.md"
    card.write_text("---\nid: k7f3qd\nnumber: К-00077\nname: Петрова Анна\n---\n", "utf-8")
    before = card.read_bytes()
    git(tmp_path, "init", "--quiet")
    for command in (("visit", "k7f3qd", "Стрижка"), ("reshard", "sharded")):
        assert cli(*command, "--store", str(tmp_path)).code == 0
        result = cli("undo", "--store", str(tmp_path))
        assert result.code == 0, result.err
        assert card.read_bytes() == before
        assert (tmp_path / "cardcli.yaml").read_text("utf-8") == "language: ru\n"


def test_a_file_that_a_command_moved_goes_back_to_its_place(
    salon: Path, maria: str, cli: Cli
) -> None:
    cli("set", maria, "name=Петрова Мария")
    old = only_card(salon)
    for command in (("rename-file", maria), ("reshard", "sharded")):
        before = git(salon, "rev-parse", "HEAD^{tree}")
        assert cli(*command).code == 0
        after = git(salon, "rev-parse", "HEAD^{tree}")
        assert "at its old place" in cli("undo").out
        assert git(salon, "rev-parse", "HEAD^{tree}") == before
        assert cli("undo").code == 0
        assert git(salon, "rev-parse", "HEAD^{tree}") == after
        assert cli("undo").code == 0
        assert git(salon, "rev-parse", "HEAD^{tree}") == before
    assert cli("rename-file", maria).code == 0
    made = git(salon, "rev-parse", "HEAD")
    cli("visit", maria, "Стрижка")
    assert cli("undo", made).code == 0
    (entry,) = cards.parse(old.read_text("utf-8")).entries
    assert entry.title == "Стрижка", "a move is taken back under what was written later"
    assert git(salon, "status", "--porcelain") == ""


def test_a_new_card_and_a_photo_are_taken_back_whole(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "red").save(tmp_path / "do.png")
    cli("visit", maria, "Пилинг", "--before", str(tmp_path / "do.png"))
    assert cli("undo").code == 0
    assert not list((salon / "files").rglob("*.png"))
    cli("new", "Петрова Анна")
    assert cli("undo").code == 0
    assert only_card(salon).name.endswith(f"{maria}.md")


def test_a_command_is_taken_back_after_a_sync(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    other = tmp_path / "other"
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    assert cli("undo", "--store", str(other)).code == 1, "nothing was done at this workplace"
    cli("visit", maria, "Маникюр", "--store", str(other))
    cli("sync", "--store", str(other))
    cli("visit", maria, "Стрижка")
    cli("sync")
    result = cli("undo")
    assert result.code == 0, result.err
    titles = [each.title for each in cards.parse(only_card(salon).read_text("utf-8")).entries]
    assert titles == ["Маникюр"], "the last command of this workplace, not of the other"
    merge = git(salon, "rev-list", "--merges", "-1", "HEAD")
    assert cli("undo", merge).code == 5


def test_the_beginning_and_what_is_not_there_are_refused(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    assert cli("undo").code == 5
    assert cli("undo", "7").code == 1
    assert cli("undo", "deadbeef00").code == 1


def test_a_commit_that_reaches_out_of_the_store_is_refused(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "office" / "salon"
    root.parent.mkdir()
    git(root.parent, "init", "-q")
    assert cli("init", str(root)).code == 0
    monkeypatch.chdir(root)
    assert cli("new", "Иванова Мария").code == 0
    card = only_card(root)
    card.write_text(card.read_text("utf-8") + "\nрукой\n", "utf-8")
    (root.parent / "счёт.txt").write_text("42", "utf-8")
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-q", "-m", "both")
    done = cli("undo", git(root.parent, "rev-parse", "HEAD"))
    assert done.code == 5
    assert "it changed счёт.txt too, outside of this store" in done.err
    assert "рукой" in card.read_text("utf-8")
    assert "takes back the rest" not in done.err


def test_the_past_of_a_card_is_told_by_field(salon: Path, maria: str, cli: Cli) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500", "--staff", "Ольга").ids()[0]
    cli("amend", maria, visit, "price=2700")
    cli("set", maria, "source=сайт")
    entry = json.loads(cli("history", maria, "--entry", visit, "--json").out)
    assert [len(step["changes"]) for step in entry] == [1, 1]
    price = json.loads(cli("history", maria, "--field", "price", "--json").out)
    assert [step["changes"][0]["new"] for step in price] == ["2700"]
    rows = {(r["entry"], r["field"]): r for r in json.loads(cli("blame", maria, "--json").out)}
    assert rows[visit, "title"]["who"] == "Ольга"
    assert rows[visit, "price"]["who"] == "Tester"
    assert rows[None, "source"]["value"] == "сайт"
    assert rows[None, "source"]["commit"] == git(salon, "rev-parse", "HEAD")


def test_a_difference_to_an_older_state_is_told_in_words(salon: Path, maria: str, cli: Cli) -> None:
    printed = cards.revision(only_card(salon).read_text("utf-8"))
    cli("set", maria, "source=сайт")
    assert cli("diff", maria).out == ""
    assert cli("diff", maria, "HEAD~1").out == "How they found us: added сайт\n"
    assert cli("diff", maria, printed).out == "How they found us: added сайт\n"
    assert cli("diff", maria, "nonsense").code == 1
    path = only_card(salon)
    path.write_text(path.read_text("utf-8").replace("сайт", "вывеска"), "utf-8")
    assert cli("diff", maria).out == "How they found us: сайт → вывеска\n"


@pytest.mark.parametrize(("day", "titles"), [("2026-06-10", []), ("2026-06-12", ["Стрижка"])])
def test_a_card_is_shown_as_it_was_on_a_day(
    salon: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, day: str, titles: list[str]
) -> None:
    assert salon.is_dir()
    for date, command in (
        ("2026-06-09T10:00:00", ("new", "Иванова Мария")),
        ("2026-06-11T10:00:00", ("visit", "иванова", "Стрижка")),
        ("2026-06-13T10:00:00", ("visit", "иванова", "Маникюр")),
    ):
        monkeypatch.setenv("GIT_AUTHOR_DATE", date)
        monkeypatch.setenv("GIT_COMMITTER_DATE", date)
        assert cli(*command).code == 0
    shown = json.loads(cli("show", "иванова", "--as-of", day, "--json").out)
    assert [each["title"] for each in shown["entries"]] == titles
    assert cli("show", "иванова", "--as-of", "2026-06-01").code == 1


def test_the_history_tells_each_change_once_though_two_workplaces_made_them(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    cli("sync", "--setup", str(tmp_path / "hub.git"))
    cli("clone", str(tmp_path / "hub.git"), str(other))
    cli("visit", maria, "Маникюр", "--store", str(other))
    cli("set", maria, "source=вывеска", "--store", str(other))
    cli("sync", "--store", str(other))
    cli("visit", maria, "Стрижка")
    cli("set", maria, "source=сайт")
    cli("sync")
    cli("set", maria, "tags+=vip")
    told = json.loads(cli("history", maria, "--json").out)
    words = [each["words"] for step in told for each in step["changes"]]
    assert len(words) == 7, words
    assert not [each for each in words if each.startswith("removed")]
    (merged,) = [step for step in told if step["subject"] == "sync"]
    assert "How they found us, вывеска" in merged["changes"][0]["words"]
    rows = {(r["entry"], r["field"]): r for r in json.loads(cli("blame", maria, "--json").out)}
    assert rows[None, "tags"]["commit"] == git(salon, "rev-parse", "HEAD")
    assert cli("show", maria, "--as-of", "2099-01-01", "--json").code == 0


def test_a_difference_is_told_also_to_a_state_before_the_file_got_another_name(
    salon: Path, maria: str, cli: Cli
) -> None:
    before = git(salon, "rev-parse", "HEAD")
    for command in (("set", maria, "name=Сидорова Мария"), ("rename-file", maria)):
        assert cli(*command).code == 0
    assert only_card(salon).name.startswith("sidorova")
    told = cli("diff", maria, before).out
    assert "Name: Иванова Мария Петровна → Сидорова Мария" in told
    assert "created" not in told
    assert cli("diff", maria, "HEAD~3").out == "card created\n"


def test_a_long_history_is_read_in_parts_and_told_as_one(
    maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (
        ("visit", maria, "Стрижка"), ("set", maria, "name=Сидорова Мария"),
        ("rename-file", maria), ("set", maria, "tags+=vip"),
    ):  # fmt: skip
        assert cli(*command).code == 0
    asked = [("history", maria, "--json"), ("blame", maria, "--json"), ("history", maria)]
    whole = [cli(*arguments).out for arguments in asked]
    steps = json.loads(whole[0])
    assert [bool(each["changes"]) for each in steps] == [True, False, True, True, True]
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    assert [cli(*arguments).out for arguments in asked] == whole
    few = cli("history", maria, "--json", "--limit", "3")
    assert json.loads(few.out) == steps[:3]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("history", "M", "--field", "prise"), 2, "no key “prise”. Did you mean “price”?"),
        (("history", "M", "--field", "ъъъъ"), 2, "There is no key “ъъъъ”.\n"),
        (("history", "M", "--field", "цена"), 0, ""),
        (("history", "M", "--field", "вывеска"), 0, ""),
        (("undo", "-1"), 2, "There is no option -1."),
    ],
)
def test_what_is_asked_in_vain_is_said(
    maria: str, cli: Cli, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    assert cli("set", maria, "вывеска=да").code == 0
    result = cli(*(maria if each == "M" else each for each in arguments))
    assert (result.code, sentence in result.err) == (code, True), result.err


_LINES = st.sampled_from(
    ["- 2026-05-14 Раз ^aaaaaa", "- 2026-05-14 Раз [price:: 1] ^aaaaaa", "  продолжение", "", "слова",
     "- 2026-05-15 Два ^bbbbbb", "- 2026-05-16 Три ^cccccc", "- 2026-05-16 Четыре ^dddddd", "- список",
     "## Платежи", "## Услуги", "```", "<!--", "-->", "- 2026-05-17 Пять"]
)  # fmt: skip


@example([], ["- 2026-05-14 Раз ^aaaaaa", "  продолжение", "слова"], [], ["  продолжение"])
@example(["<!--"], ["- 2026-05-15 Два ^bbbbbb", "-->"], [], ["- 2026-05-14 Раз ^aaaaaa"])
@given(
    st.lists(_LINES, max_size=9, unique=True),
    st.lists(_LINES, max_size=9, unique=True),
    st.lists(_LINES, max_size=4, unique=True),
    st.lists(_LINES, max_size=4, unique=True),
)
def test_of_two_long_cards_only_what_differs_need_be_read(
    start: list[str], end: list[str], one: list[str], two: list[str]
) -> None:
    head = "---\nid: k7f3qd\nname: Иванова\n{}---\n\n## Услуги\n\n"
    old, new = (
        head.format(extra) + "\n".join([*start, *middle, *end]) + "\n"
        for extra, middle in (("", one), ("tags: [vip]\n", two))
    )
    marks = [each.id for text in (old, new) for each in cards.parse(text).entries]
    assume(max((marks.count(mark) for mark in marks), default=0) <= 2)
    assume(len({each.id for each in cards.parse(old).entries}) == len(cards.parse(old).entries))
    assume(len({each.id for each in cards.parse(new).entries}) == len(cards.parse(new).entries))

    def told(texts: tuple[str, str]) -> list[changes.Change]:
        before, after = (cards.parse(text) for text in texts)
        found = changes.between(before, after)
        blank = [each for each in found if each.old.split() == each.new.split()]
        return [each for each in found if not (each.key.startswith("prose:") and each in blank)]

    assert sorted(map(repr, told(changes.narrowed(old, new)))) == sorted(
        map(repr, told((old, new)))
    )
