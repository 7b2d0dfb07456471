"""What ``check`` finds, each thing under its own code; what ``--fix`` mends; what ``explain`` says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardcli import card as cards
from cardcli import checks, codes
from cardcli.checks import names, repairs
from cardcli.fields import Rules
from cardcli.ids import is_id
from tests.cardtexts import TODAY
from tests.conftest import Cli, only_card

LIMITS = checks.Limits(Rules(TODAY, "RUB"))
HEAD = "---\nid: k7f3qd\nnumber: К-00001\nname: Иванова Мария\nbirthday: 1990-04-12\n---\n"
Snapshot = Callable[[Path], dict[str, bytes]]


def found(text: str) -> list[tuple[int, str]]:
    card = cards.parse(text)
    return [(each.line, each.code) for each in checks.problems(card, LIMITS)]


def entries(*lines: str, heading: str = "Услуги", head: str = HEAD) -> str:
    return head + f"\n## {heading}\n\n" + "".join(f"{line}\n" for line in lines)


def write(root: Path, text: str, name: str = "ivanova-mariya-k7f3qd.md") -> Path:
    path = root / "cards" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def codes_of(cli: Cli, *arguments: str) -> list[tuple[str, int, str]]:
    result = cli("check", "--json", *arguments)
    return [(row["file"], row["line"], row["code"]) for row in json.loads(result.out)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("- 14.05.2026 Стрижка", codes.ALMOST),
        ("- 2026-05-14 Стрижка", codes.NO_MARK),
        ("- 2026-05-14 Стрижка ^block-1", codes.FOREIGN_MARK),
        ("- 2026-05-14 Стрижка [price:: 1] [price:: 2] ^e7f3qd", codes.TWICE),
        ("- 2026-05-14 Стрижка [price:: дорого] ^e7f3qd", codes.VALUE),
        ("- 2027-12-14 Стрижка ^e7f3qd", codes.FUTURE),
        ("- 1989-05-14 Стрижка ^e7f3qd", codes.TOO_EARLY),
        ("- 1026-05-14 Стрижка ^e7f3qd", codes.TOO_EARLY),
        ("- 2026-02-30 Стрижка ^e7f3qd", codes.NO_DAY),
        ("- 2026-05-14 Стрижка [prise:: 1] ^e7f3qd", codes.ALMOST_KEY),
        ("- 2026-05-14 Стрижка [цена:: 1] ^e7f3qd", codes.ALMOST_KEY),
        ("- 2026-05-14 Стр\u202eижка ^e7f3qd", codes.INVISIBLE),
    ],
)
def test_a_line_is_reported_under_its_code(line: str, code: str) -> None:
    assert found(entries(line)) == [(10, code)]


def test_what_is_right_is_silent() -> None:
    assert found(entries("- 2026-05-14 Стрижка [price:: 2500] [own:: слово] ^e7f3qd")) == []
    assert found(entries("- 2027-05-14 Стрижка, запись заранее ^e7f3qd")) == []


def test_problems_of_other_sections_have_their_codes() -> None:
    assert found(entries("- 2026-05-14 Взнос [of:: e7f3qd] ^e2x9qt", heading="Платежи")) == [
        (10, codes.REQUIRED), (10, codes.REFERENCE),
    ]  # fmt: skip
    paid = "- 2026-07-14 Взнос [amount:: 5] [method:: Наличные] ^e2x9qt"
    assert found(entries(paid, heading="Платежи")) == [(10, codes.FUTURE), (10, codes.FORM)]
    advice = "- 2026-05-14 Маска [until:: 2026-05-01] ^e2x9qt"
    assert found(entries(advice, heading="Рекомендации")) == [(10, codes.CONTRADICTION)]
    assert found(entries("- 2026-05-14 Взнос ^e2x9qt", heading="Услугы")) == [(8, codes.SECTION)]
    deal = "- 2026-05-14 Заказ [stage:: won] [history:: 2026-05-14 lead] ^e2x9qt"
    assert found(entries(deal, heading="Сделки")) == [(10, codes.HISTORY)]
    waiting = "- 2026-05-14 расхождение [field:: phones] [other:: +79000000128] ^ka1avn"
    assert found(entries(waiting, heading="Сверить")) == [(10, codes.DIFFERENCE)]
    assert (
        found(entries("- 2026-05-14 Раз ^e7f3qd", "", "```", heading="Услуги"))[-1][1]
        == codes.FENCE
    )


def test_problems_of_the_front_matter_have_their_codes() -> None:
    head = (
        "---\nid: k7f3qd\nphone: '+79000000127'\nphones: ['12-34']\nsex: женский\nmarital: женат\n"
        "created: 2027-01-01\nconfirmed: 14.05.2026\nstatus: gone\nброви: густые\n---\n"
    )
    assert found(head) == [
        (1, codes.NAMELESS), (4, codes.DOUBTFUL), (5, codes.FORM), (5, codes.PURPOSE),
        (6, codes.VALUE), (6, codes.PURPOSE), (7, codes.FUTURE), (8, codes.FORM), (9, codes.STATUS),
    ]  # fmt: skip
    assert (3, codes.ALMOST_KEY) in found("---\nid: k7f3qd\nphone: '+79000000127'\nname: Я\n---\n")


def test_a_yesterday_in_a_card_is_not_guessed_at() -> None:
    head = HEAD.replace("---\n\n", "").replace("birthday: 1990-04-12", "confirmed: вчера")
    assert found(head) == [(5, codes.VALUE)]


def test_links_that_lead_nowhere_are_found_and_others_are_not(salon: Path, cli: Cli) -> None:
    (salon / "files" / "k7f3qd").mkdir(parents=True)
    (salon / "files" / "k7f3qd" / "фото 1.jpg").write_bytes(b"x")
    write(salon, HEAD.replace("k7f3qd", "m2x9qt").replace("00001", "00002"), "petrova-m2x9qt.md")
    write(
        salon,
        entries(
            "- 2026-05-14 Стрижка ^e7f3qd",
            "  ![до](../files/k7f3qd/фото%201.jpg) ![](<files/k7f3qd/фото 1.jpg>)",
            "  [сайт](https://example.com/x.jpg) [почта](mailto:a@example.com) [[мысли]] `[x](нет.jpg)`",
            "  [[petrova-m2x9qt]] [[#^e7f3qd]] [[petrova-m2x9qt.md|Петрова]]",
            "  ![](../files/k7f3qd/нет.jpg)",
            "  [[petrova-m2x9qv]] [[petrova-m2x9qt#^e7f3qd]] [[#^e7f3qe]]",
            "",
            "```",
            "[x](нет.jpg)",
            "```",
        ),
    )
    found = [(line, code) for _file, line, code in codes_of(cli)]
    assert found == [(14, codes.LINK), (15, codes.LINK), (15, codes.LINK), (15, codes.LINK)]


def test_links_are_looked_at_below_a_comment_and_not_in_it(salon: Path, cli: Cli) -> None:
    lines = ("<!-- [x](нет.jpg) -->", "[x](нет.jpg)", "<!-- [x](нет.jpg)", "[x](нет.jpg)",
             "[x](нет.jpg) -->", "~~~~", "[x](нет.jpg)", "```", "~~~~", "[x](нет.jpg)")  # fmt: skip
    write(salon, HEAD + "".join(f"{line}\n" for line in lines))
    assert [(line, code) for _file, line, code in codes_of(cli)] == [
        (8, codes.LINK), (16, codes.LINK),
    ]  # fmt: skip


def test_files_that_cannot_be_read_are_named_by_their_path_in_the_store(
    salon: Path, cli: Cli
) -> None:
    write(salon, HEAD + "<<<<<<< HEAD\n", "a-aaaaaa.md")
    (salon / "cards" / "b-bbbbbb.md").write_bytes("---\nid: bbbbbb\nname: Ирина\n".encode("cp1251"))
    write(salon, "без начала\n", "c-cccccc.md")
    write(salon, "---\nid: dddddd\n\tname: x\n---\n", "d-dddddd.md")
    write(salon, "---\nid: il0ous\nname: Я\n---\n", "e-eeeeee.md")
    write(salon, HEAD, "f-k7f3qd.md")
    write(salon, HEAD, "g-k7f3qd.md")
    assert codes_of(cli) == [
        ("cards/a-aaaaaa.md", 7, codes.CONFLICT), ("cards/b-bbbbbb.md", 3, codes.ENCODING),
        ("cards/c-cccccc.md", 1, codes.NO_HEADER), ("cards/d-dddddd.md", 3, codes.BAD_HEADER),
        ("cards/e-eeeeee.md", 2, codes.NO_ID), ("cards/f-k7f3qd.md", 2, codes.SAME_ID),
        ("cards/g-k7f3qd.md", 2, codes.SAME_ID),
    ]  # fmt: skip
    said = cli("list").err
    assert "left out: cards/b-bbbbbb.md:3: this is not UTF-8" in said
    assert str(salon) not in said
    assert codes_of(cli, "aaaaaa") == [("cards/a-aaaaaa.md", 7, codes.CONFLICT)]


def test_clients_who_share_a_number_or_a_phone_are_found(salon: Path, cli: Cli) -> None:
    head = HEAD.replace("name:", "phones: ['+79000000127']\nemails: [A@example.com]\nname:")
    write(salon, head.replace("---\nid", "---\ncreated: 2026-01-01\nid"))
    write(
        salon,
        head.replace("k7f3qd", "m2x9qt").replace("---\nid", "---\ncreated: 2025-01-01\nid"),
        "i-m2x9qt.md",
    )
    other = head.replace("k7f3qd", "p2x9qt").replace("К-00001", "")
    write(
        salon,
        other.replace("['+79000000127']", "[{мама: '8 900 000-01-27'}]").replace("A@", "b@"),
        "i-p2x9qt.md",
    )
    assert codes_of(cli) == [
        ("cards/i-p2x9qt.md", 1, codes.NO_NUMBER),
        ("cards/ivanova-mariya-k7f3qd.md", 4, codes.SAME_NUMBER),
        ("cards/ivanova-mariya-k7f3qd.md", 5, codes.SHARED),
        ("cards/ivanova-mariya-k7f3qd.md", 6, codes.SHARED),
    ]


def test_files_in_the_wrong_place_are_found(salon: Path, cli: Cli) -> None:
    write(salon, HEAD)
    write(salon, HEAD.replace("k7f3qd", "m2x9qt").replace("00001", "00002"), "Петрова.md")
    (salon / "cards" / "прайс.docx").write_bytes(b"x")
    (salon / "cards" / "con.txt").write_bytes(b"x")
    (salon / "files" / "zzzzzz").mkdir(parents=True)
    (salon / "files" / "zzzzzz" / "a.pdf").write_bytes(b"x")
    (salon / "cards" / "link-h7f3qd.md").symlink_to(salon / "cardcli.yaml")
    assert codes_of(cli) == [
        ("cards/con.txt", 0, codes.STRAY), ("cards/con.txt", 0, codes.WINDOWS),
        ("cards/link-h7f3qd.md", 0, codes.SYMLINK), ("cards/Петрова.md", 0, codes.FILE_NAME),
        ("cards/прайс.docx", 0, codes.STRAY), ("files/zzzzzz", 0, codes.ORPHANS),
    ]  # fmt: skip


def test_lines_of_the_print_ledger_that_nobody_counts_are_found(
    salon: Path, maria: str, cli: Cli
) -> None:
    cli("print", maria, "--record", "-o", str(salon.parent / "card.pdf"))
    (ledger,) = (salon / "archive").glob("*.md")
    good = ledger.read_text("utf-8")
    assert codes_of(cli) == []
    ledger.write_text(f"{good}\n<<<<<<< ours\n{good.replace(' print ', ' printed ')}", "utf-8")
    name = f"archive/{ledger.name}"
    assert codes_of(cli) == [(name, 3, codes.PRINT_LEDGER), (name, 4, codes.PRINT_LEDGER)]
    assert cli("check").code == 1
    ledger.write_bytes("Печать".encode("cp1251"))
    assert codes_of(cli) == [(name, 1, codes.ENCODING)]


def test_names_that_windows_cannot_hold_are_refused() -> None:
    wrong = ["a:b", "x/con.md", "x/a.", "a?", "b", "B", "е\u0308", "ё", "x/" * 101 + "a", "ж" * 130]
    assert len({each.path for each in names.unportable(wrong)}) == len(wrong) - 2
    assert not list(names.unportable(["cards/d/ivanova-k7f3qd.md", "files/k7f3qd/2026-do.jpg"]))


def test_settings_nobody_reads_are_found_with_their_lines(salon: Path, cli: Cli) -> None:
    text = (
        "currency: rubles\nregion: Russia\nprefix: К-1\nlanguge: ru\nstaff: [Ольга, {Инна: 1}]\n"
        "services:\n  Стрижка: дорого\n  Укладка: {price: 5 USD, evry: 3w}\n"
    )
    (salon / "cardcli.yaml").write_text(text, "utf-8")
    assert codes_of(cli) == [
        ("cardcli.yaml", 1, codes.SETTING), ("cardcli.yaml", 2, codes.SETTING),
        ("cardcli.yaml", 3, codes.SETTING), ("cardcli.yaml", 4, codes.UNKNOWN_SETTING),
        ("cardcli.yaml", 5, codes.SETTING), ("cardcli.yaml", 7, codes.SETTING),
        ("cardcli.yaml", 8, codes.UNKNOWN_SETTING), ("cardcli.yaml", 8, codes.SETTING),
    ]  # fmt: skip
    assert "Did you mean “language”?" in cli("check").out
    (salon / "cardcli.yaml").write_text("layout: round\n", "utf-8")
    result = cli("check")
    assert (result.code, result.out[:34]) == (1, "cardcli.yaml:1: error C050: “layou")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


def test_a_photo_that_is_another_one_is_seen_through_git(salon: Path, maria: str, cli: Cli) -> None:
    photo = Path(__file__).parents[1] / "files"
    before = next(photo.rglob("*.jpg"))
    assert cli("visit", maria, "Стрижка", "--before", str(before)).code == 0
    assert cli("check").out == ""
    (stored,) = (salon / "files").rglob("*.jpg")
    whole = stored.read_bytes()
    stored.write_bytes(whole + b"x")
    assert [code for _file, _line, code in codes_of(cli)] == [codes.CHANGED]
    git(salon, "commit", "--quiet", "--all", "--message", "by hand")
    card = only_card(salon).relative_to(salon).as_posix()
    assert codes_of(cli) == [(card, 14, codes.CHANGED)]
    stored.write_bytes(whole)
    git(salon, "commit", "--quiet", "--all", "--message", "as it was")
    assert codes_of(cli) == []
    os.utime(stored)
    assert codes_of(cli) == []


def test_git_that_cannot_do_its_work_is_found(
    salon: Path, maria: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def now() -> list[str]:
        return [code for _file, _line, code in codes_of(cli)]

    assert maria
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    assert now() == []
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    assert now() == [codes.IDENTITY]
    git(salon, "config", "user.name", "Ольга")
    git(salon, "config", "user.email", "olga@example.com")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-06-01T12:00:00+0000")
    assert cli("note", maria, "Не отправлено").code == 0
    result = cli("check")
    assert (result.code, "waited for 13 days" in result.out) == (0, True)
    assert cli("check", "--strict").code == 1
    assert cli("sync").code == 0
    git(salon, "checkout", "--quiet", "--detach")
    assert now() == [codes.UNFINISHED]
    (salon / ".gitattributes").write_text("cards/*.md text\n", "utf-8")
    git(salon, "config", "--unset", "merge.cardcli.driver")
    monkeypatch.setattr("cardcli.mergesetup.ensure", lambda _store: None)
    assert codes.DRIVER in now()


def test_a_large_flat_store_is_told_of_reshard(
    salon: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cardcli.inspection._MANY", 1)
    write(salon, HEAD)
    assert codes_of(cli) == []
    write(salon, HEAD.replace("k7f3qd", "m2x9qt").replace("00001", "00002"), "i-m2x9qt.md")
    assert codes_of(cli) == [("cards", 0, codes.TOO_MANY)]
    assert cli("reshard", "sharded").code == 0
    assert codes_of(cli) == []
    shutil.move(salon / "cards/t/i-m2x9qt.md", salon / "cards/i-m2x9qt.md")
    assert codes_of(cli) == [("cards/i-m2x9qt.md", 0, codes.PLACE)]


# ---- --fix -----------------------------------------------------------------------------------

BROKEN = entries(
    "- 2026-05-14 Вторая",
    "  со словами",
    "- 2026-05-14 Третья [price:: 1] ^e7f3qd",
    "- 2026-05-13 Первая ^e7f3qd",
    "",
    "## Платежи",
    "",
    "- 2026-05-14 Взнос [amount:: 5] [method:: Наличные] ^p7f3qd",
    head=HEAD.replace("birthday: 1990-04-12", "birthday: 12.04.1990  # по паспорту"),
)


def test_what_has_one_right_answer_is_mended_in_one_commit(salon: Path, cli: Cli) -> None:
    path = write(salon, BROKEN)
    written, before = path.read_bytes(), len(commits(salon))
    result = cli("check", "--fix")
    assert (result.code, result.out) == (0, "")
    assert result.err.count("mended: ") == 5
    text = path.read_text("utf-8")
    lines = text.splitlines()
    assert "birthday: 1990-04-12  # по паспорту" in lines
    assert lines[9].startswith("- 2026-05-13 Первая ^")
    assert lines[10].startswith("- 2026-05-14 Вторая ^")
    assert lines[11:13] == ["  со словами", "- 2026-05-14 Третья [price:: 1] ^e7f3qd"]
    assert "[method:: cash] ^p7f3qd" in text
    assert cli("check").out == ""
    assert commits(salon)[:-before] == ["check k7f3qd", "edit k7f3qd"], "the hand's work by itself"
    assert cli("check", "--fix").err == ""
    assert len(commits(salon)) == before + 2
    assert cli("undo").code == 0
    assert path.read_bytes() == written


def commits(root: Path) -> list[str]:
    done = subprocess.run(
        ["git", "log", "--format=%s"], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


def test_two_workplaces_mend_the_same_lines_alike(salon: Path, cli: Cli, tmp_path: Path) -> None:
    path = write(salon, BROKEN)
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    other = tmp_path / "other"
    assert cli("clone", str(tmp_path / "hub.git"), str(other)).code == 0
    for place in (salon, other):
        assert cli("check", "--fix", "--store", str(place)).code == 0
    assert path.read_bytes() == (other / "cards" / path.name).read_bytes()
    assert "difference" not in cli("sync", "--store", str(other)).out


def test_numbers_and_file_names_are_settled(salon: Path, cli: Cli) -> None:
    old = HEAD.replace("---\nid", "---\ncreated: 2025-01-01\nid")
    young = HEAD.replace("k7f3qd", "m2x9qt").replace("---\nid", "---\ncreated: 2026-01-01\nid")
    none = HEAD.replace("k7f3qd", "p2x9qt").replace("number: К-00001\n", "")
    write(salon, old)
    write(salon, young, "ivanova-mariya-m2x9qt.md")
    write(salon, none, "Мария.md")
    assert cli("check", "--fix", "m2x9qt").code == 0
    assert "number: К-00002\n" in (salon / "cards/ivanova-mariya-m2x9qt.md").read_text("utf-8")
    result = cli("check", "--fix", "--json")
    fixed = [(row["code"], row["fixed"]) for row in json.loads(result.out)]
    assert fixed == [(codes.FILE_NAME, True), (codes.NO_NUMBER, True)]
    assert "number: К-00003\n" in (salon / "cards/ivanova-mariya-p2x9qt.md").read_text("utf-8")
    assert (salon / "cards/ivanova-mariya-k7f3qd.md").read_text("utf-8") == old
    assert cli("check").out == ""


def test_what_has_no_one_answer_is_left_alone(salon: Path, cli: Cli, snapshot: Snapshot) -> None:
    write(
        salon,
        entries(
            "- 2026-05-14 Стрижка ^e7f3qd",
            "моя заметка между ними",
            "- 2026-05-13 Укладка [price:: дорого] ^e2x9qt",
            "- 14.05.2026 Маникюр",
            "- 2026-05-15 Стрижка ^block-1",
        ),
    )
    before = snapshot(salon)
    assert cli("check", "--fix").code == 1
    assert snapshot(salon) == before


def test_a_doubled_id_keeps_the_upper_entry_and_its_links() -> None:
    card = cards.parse(
        entries("- 2026-05-14 Раз ^e7f3qd", "- 2026-05-14 Раз ^e7f3qd", "- 2026-05-14 Раз ^e7f3qd")
    )
    made = [each.id for each in cards.parse(repairs.repaired(card, LIMITS)).entries]
    assert made[0] == "e7f3qd"
    assert len(set(made)) == 3
    assert all(map(is_id, made))


LINES = st.sampled_from(
    ["- 2026-05-14 Раз", "- 2026-05-13 Два ^e7f3qd", "  продолжение", "", "- 2026-05-15 10:00 Три [price:: 1] ^e7f3qd",
     "## Платежи", "- 2026-01-01 [amount:: 5] [method:: Карта]", "слова", "```", "- 2026-05-14 ^e2x9qt", "### год"]
)  # fmt: skip


@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_mending_keeps_all_that_was_said_and_is_done_at_once(
    lines: list[str], newline: str, ends: bool
) -> None:
    text = entries(*lines)
    text = (text if ends else text.removesuffix("\n")).replace("\n", newline)
    card = cards.parse(text)
    mended = repairs.repaired(card, LIMITS)
    again = cards.parse(mended)
    assert repairs.repaired(again, LIMITS) == mended
    assert sorted(
        (each.date, each.time, each.title, each.text, each.section) for each in card.entries
    ) == sorted(
        (each.date, each.time, each.title, each.text, each.section) for each in again.entries
    )
    assert again.prose == card.prose
    assert len(mended.split("\n")) == len(text.split("\n"))
    left = {each.code for each in checks.problems(again, LIMITS)}
    assert not left & {codes.NO_MARK, codes.SAME_MARK, codes.FORM}


def test_what_refers_to_a_removed_entry_is_named(maria: str, cli: Cli) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    paid = cli("pay", maria, "1000", "--of", visit).ids()[0]
    result = cli("remove", maria, visit)
    assert (result.code, f"this entry still refers to it: ^{paid}" in result.err) == (0, True)
    assert [code for _file, _line, code in codes_of(cli)] == [codes.REFERENCE]
    assert "still refers" not in cli("remove", maria, paid).err


def test_a_value_with_an_anchor_is_not_changed_and_edit_is_named(salon: Path, cli: Cli) -> None:
    path = write(
        salon,
        HEAD.replace("---\n\n", "").replace("birthday: 1990-04-12", "source: &s сайт\ncomment: *s"),
    )
    before = path.read_bytes()
    result = cli("set", "k7f3qd", "source=улица")
    assert (result.code, path.read_bytes()) == (7, before)
    assert "the key “source” cannot be changed safely; use cardcli edit" in result.err


# ---- explain ---------------------------------------------------------------------------------


def test_every_code_is_explained(cli: Cli) -> None:
    listed = cli("explain").out.splitlines()
    assert [line.split("\t")[0] for line in listed] == list(codes.TABLE)
    assert cli("explain", "c12").out.splitlines()[0] == "C012  error: two entries with one id"
    assert "What to do: “cardcli check --fix”" in cli("explain", "C012").out
    assert [row["code"] for row in json.loads(cli("explain", "--json").out)] == list(codes.TABLE)
    unknown = cli("explain", "C999")
    assert (unknown.code, unknown.err) == (
        1, "cardcli: There is no code “C999”. “cardcli explain” lists them all.\n",
    )  # fmt: skip


def test_every_code_is_used_somewhere() -> None:
    package = Path(codes.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    used = {name for name in vars(codes) if f"codes.{name}" in sources}
    named = {
        name
        for name, value in vars(codes).items()
        if isinstance(value, str) and value in codes.TABLE
    }
    assert {vars(codes)[name] for name in named} == set(codes.TABLE)
    assert named - used == {"BAD_HEADER"}, "the code of BadCardError unless it says another"
