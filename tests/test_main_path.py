"""The main job from the command line, on real files and real git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cardcli import card as cards
from tests.conftest import Cli, only_card


def git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout


def added_lines(root: Path) -> list[str]:
    patch = git(root, "show", "--format=", "--unified=0", "HEAD")
    lines = [line for line in patch.splitlines() if line[:1] in "+-"]
    return [line for line in lines if not line.startswith(("+++", "---"))]


def test_a_new_store_is_a_git_repository_with_commented_settings(salon: Path) -> None:
    assert (salon / "cardcli.yaml").read_text("utf-8").startswith("# Настройки картотеки")
    assert git(salon, "log", "--format=%s").split() == ["init"]
    assert git(salon, "status", "--porcelain") == ""


def test_a_new_card_has_an_id_a_number_and_a_normalised_phone(salon: Path, maria: str) -> None:
    text = only_card(salon).read_text("utf-8")
    assert only_card(salon).name == f"ivanova-mariya-petrovna-{maria}.md"
    assert text == (
        f"---\nid: {maria}\nnumber: К-00001\nname: Иванова Мария Петровна\n"
        'phones:\n  - "+79000000127"\ncreated: 2026-06-15\n---\n\n# Иванова Мария Петровна\n'
    )
    assert git(salon, "log", "-1", "--format=%s").strip() == f"new {maria}"


def test_every_command_is_one_commit_that_adds_only_its_lines(
    salon: Path, maria: str, cli: Cli
) -> None:
    visit = cli("visit", "иванова", "Стрижка", "--price", "2500", "--staff", "Ольга").ids()[0]
    assert added_lines(salon) == [
        "+", "+## Услуги", "+", f"+- 2026-06-15 Стрижка [price:: 2500] [staff:: Ольга] ^{visit}",
    ]  # fmt: skip
    earlier = cli("visit", "иванова", "Окрашивание", "--date", "01.06", "--time", "14:30").ids()[0]
    assert added_lines(salon) == [f"+- 2026-06-01 14:30 Окрашивание ^{earlier}"]
    advice = cli("advise", "иванова", "Маска", "--every", "1н", "--until", "+3m").ids()[0]
    assert f"+- 2026-06-15 Маска [every:: 1w] [until:: 2026-09-15] ^{advice}" in added_lines(salon)
    note = cli("note", "иванова", "Любит тишину\nи чай").ids()[0]
    assert [f"+- 2026-06-15 Любит тишину ^{note}", "+  и чай"] == added_lines(salon)[-2:]
    assert git(salon, "log", "--format=%s").splitlines() == [
        f"note {maria} {note}", f"advise {maria} {advice}", f"visit {maria} {earlier}",
        f"visit {maria} {visit}", f"new {maria}", "init",
    ]  # fmt: skip
    assert f"Card: {maria}\nEntry: {visit}\nStaff: Ольга" in git(salon, "log", "--format=%b")
    assert "Иванова" not in git(salon, "log", "--format=%B")
    assert git(salon, "status", "--porcelain") == ""
    assert cli("check").code == 0


def test_the_earlier_visit_stands_before_the_later_one(salon: Path, maria: str, cli: Cli) -> None:
    cli("visit", maria, "Вторая")
    cli("visit", maria, "Первая", "--date", "-10d")
    text = only_card(salon).read_text("utf-8")
    assert text.index("Первая") < text.index("Вторая")


def test_a_mistyped_name_is_not_taken_for_a_write_without_a_terminal(
    salon: Path, maria: str, cli: Cli
) -> None:
    before = only_card(salon).read_bytes()
    refused = cli("visit", "иванва", "Стрижка")
    assert refused.code == 4
    assert maria in refused.err
    assert only_card(salon).read_bytes() == before
    taken = cli("visit", "иванва", "Стрижка", "--fuzzy")
    assert taken.code == 0
    assert "Иванова Мария Петровна" in taken.err
    assert cli("show", "иванва").code == 0, "a reading command may take a corrected name"


def test_two_clients_that_match_are_never_guessed_between(
    salon: Path, maria: str, cli: Cli
) -> None:
    assert salon.is_dir()
    other = cli("new", "Иванова Анна").ids()[0]
    result = cli("visit", "иванова", "Стрижка", "--fuzzy")
    assert result.code == 4
    assert maria in result.err
    assert other in result.err
    assert result.out == ""
    assert cli("visit", "иванова анна", "Стрижка").code == 0


def test_an_amended_entry_and_a_removed_one(salon: Path, maria: str, cli: Cli) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    assert cli("amend", maria, visit, "price=2 700", "rating=5", "title=Каре").code == 0
    assert f"- 2026-06-15 Каре [price:: 2700] [rating:: 5] ^{visit}" in only_card(salon).read_text(
        "utf-8"
    )
    assert cli("amend", maria, visit, "price=", "date=вчера", "time=9:05").code == 0
    assert f"- 2026-06-14 09:05 Каре [rating:: 5] ^{visit}" in only_card(salon).read_text("utf-8")
    assert cli("remove", maria, visit).code == 0
    assert visit not in only_card(salon).read_text("utf-8")
    assert git(salon, "status", "--porcelain") == ""


def test_the_profile_is_changed_key_by_key(salon: Path, maria: str, cli: Cli) -> None:
    changed = cli(
        "set", maria, "телефон+=8 900 000-01-28", "tags+=vip", "source=сайт", "birthday=12.04"
    )
    assert changed.code == 0, changed.err
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.values("phones") == ["+79000000127", "+79000000128"]
    assert (card.values("tags"), card.value("source"), card.value("birthday")) == (
        ["vip"],
        "сайт",
        "--04-12",
    )
    assert cli("set", maria, "phones-=8 900 000 01 27", "source=").code == 0
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.values("phones") == ["+79000000128"]
    assert "source" not in card.metadata


def test_a_former_name_is_kept(salon: Path, maria: str, cli: Cli) -> None:
    assert cli("set", maria, "name=Петрова Мария Петровна").code == 0
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.values("former_names") == ["Иванова Мария Петровна"]
    assert "# Петрова Мария Петровна" in card.text
    assert cli("path", "иванова").out.strip() == str(only_card(salon))


def test_a_company_and_a_name_that_cannot_be_split(salon: Path, cli: Cli) -> None:
    assert salon.is_dir()
    company = json.loads(cli("new", "ООО «Ромашка»", "--company", "--json").out)
    assert (company["company"], company["name"], company["family"]) == (
        "ООО «Ромашка»",
        "ООО «Ромашка»",
        None,
    )
    guest = json.loads(
        cli(
            "new",
            "Хуан де ла Крус",
            "--set",
            "name.family=де ла Крус",
            "--set",
            "name.given=Хуан",
            "--json",
        ).out
    )
    assert (guest["family"], guest["given"], guest["patronymic"]) == ("де ла Крус", "Хуан", None)


def test_json_is_stable_and_free_of_the_locale(
    salon: Path, maria: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert salon.is_dir()
    cli("visit", maria, "Стрижка", "--price", "2 500,50")
    monkeypatch.setenv("LANGUAGE", "ru")
    shown = json.loads(cli("show", maria, "--json").out)
    assert shown["id"] == maria
    assert shown["phones"] == ["+79000000127"]
    assert shown["birthday"] is None
    (entry,) = shown["entries"]
    assert entry["fields"] == {"price": "2500.50"}
    assert (entry["kind"], entry["date"], entry["time"], entry["text"]) == (
        "visit",
        "2026-06-15",
        None,
        None,
    )
    listed = json.loads(cli("list", "--json").out)
    assert [each["id"] for each in listed] == [maria]
    found = json.loads(cli("find", "иванва", "--json").out)
    assert (found[0]["id"], found[0]["sure"]) == (maria, False)


def test_find_and_list_are_limited_and_tab_separated(salon: Path, maria: str, cli: Cli) -> None:
    assert salon.is_dir()
    cli("new", "Иванов Пётр")
    assert len(cli("list").out.splitlines()) == 2
    assert len(cli("list", "--limit", "1").out.splitlines()) == 1
    assert cli("find", "мария").out.split("\t")[:3] == [maria, "К-00001", "Иванова Мария Петровна"]
    assert cli("find", "0127").ids() == [maria]


def test_history_tells_what_changed_in_words(salon: Path, maria: str, cli: Cli) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500", "--staff", "Ольга").ids()[0]
    cli("amend", maria, visit, "price=2700")
    cli("set", maria, "source=сайт")
    rows = [line.split("\t") for line in cli("history", maria).out.splitlines()]
    assert [row[2] for row in rows] == [
        "How they found us: added сайт",
        f"Стрижка ^{visit}: price: 2500 → 2700",
        "added: 15 Jun 2026 Стрижка, 2500 ₽, Ольга".replace("15 Jun 2026", "15\u00a0Jun\u00a02026"),
        "card created",
    ] or rows
    assert rows[2][1] == "Ольга"
    subprocess.run(
        ["git", "mv", only_card(salon).name, f"renamed-{maria}.md"], cwd=salon / "cards", check=True
    )
    subprocess.run(["git", "commit", "-qm", "rename"], cwd=salon, check=True)
    assert len(json.loads(cli("history", maria, "--json").out)) == 5, (
        "a renamed file keeps its history"
    )


def test_photos_are_copied_and_checked(salon: Path, maria: str, cli: Cli, tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "do.png"
    Image.new("RGB", (40, 30), "red").save(picture)
    assert (
        cli("visit", maria, "Пилинг", "--before", str(picture), "--after", str(picture)).code == 0
    )
    card = cards.parse(only_card(salon).read_text("utf-8"))
    assert card.entries[0].fields["before"] == f"files/{maria}/2026-06-15-do.png"
    assert (salon / card.entries[0].fields["after"]).read_bytes() == picture.read_bytes()
    assert git(salon, "status", "--porcelain") == ""
    (salon / card.entries[0].fields["before"]).unlink()
    checked = cli("check")
    assert checked.code == 1
    assert "is missing" in checked.out


def test_a_place_in_a_photo_does_not_get_into_the_store(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (55.0, 45.0, 0.0)}
    Image.new("RGB", (40, 30), "red").save(tmp_path / "gps.jpg", exif=exif)
    assert cli("visit", maria, "Пилинг", "--before", str(tmp_path / "gps.jpg")).code == 0
    (stored,) = (salon / "files" / maria).iterdir()
    with Image.open(stored) as picture:
        assert 0x8825 not in picture.getexif()


def test_a_sharded_store_and_one_without_git(tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "other"
    assert (
        cli(
            "init",
            str(root),
            "--layout",
            "sharded",
            "--no-git",
            "--language",
            "en",
            "--prefix",
            "AB",
        ).code
        == 0
    )
    made = json.loads(cli("new", "Smith Ann", "--store", str(root), "--json").out)
    assert made["path"] == f"cards/{made['id'][-1]}/smith-ann-{made['id']}.md"
    assert made["number"] == "AB-00001"
    assert not (root / ".git").exists()
    assert cli("visit", "smith", "Haircut", "--store", str(root)).code == 0
    assert "## Services" in (root / made["path"]).read_text()
    assert cli("history", "smith", "--store", str(root)).code == 1


def test_a_hand_edited_card_keeps_every_byte_but_the_meant_lines(
    salon: Path, maria: str, cli: Cli
) -> None:
    path = only_card(salon)
    text = path.read_text("utf-8")
    text = text.replace(
        "name: Иванова", "# правится руками\nлюбимый чай:   'зелёный'   # всегда\nname: 'Иванова"
    )
    text = text.replace("Петровна\nphones", "Петровна'\nphones")
    text += "\nЖивёт рядом.\n\n## Услуги\n\n- 2026-05-01 Стрижка [price:: 2500] ^e7f3qd\n\nСлова между записями.\n\n- 2026-06-01 Укладка ^e8f3qd\n"
    odd = ("\ufeff" + text.replace("\n", "\r\n")).encode()
    path.write_bytes(odd)
    assert cli("visit", maria, "Маска", "--date", "2026-05-20").code == 0
    assert cli("set", maria, "tags+=vip").code == 0
    new = path.read_bytes()
    old_lines, new_lines = odd.split(b"\n"), new.split(b"\n")
    assert [line for line in old_lines if line not in new_lines] == []
    added = [line.decode() for line in new_lines if line not in old_lines]
    assert [line.rstrip("\r").split(" ^")[0] for line in added] == [
        "tags:",
        "  - vip",
        "- 2026-05-20 Маска",
    ]
    assert new.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in new.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "<script>alert(1)</script>",
        '#read("/etc/passwd")',
        "---",
        "^abc",
        "[x:: y]",
        "a\tb",
        "C:\\temp",
        "*_~`",
        "%%x%%",
        "12:30",
    ],
)
def test_awkward_text_is_stored_and_shown_as_typed(
    salon: Path, maria: str, cli: Cli, text: str
) -> None:
    assert salon.is_dir()
    result = cli("visit", "--note", f"{text}\r\n{text}", "--products", text, "--", maria, text)
    assert result.code == 0, result.err
    entry = json.loads(cli("show", maria, "--json").out)["entries"][0]
    flat = text.replace("\t", " ")
    assert (entry["title"], entry["fields"]["products"], entry["text"]) == (
        flat,
        flat,
        f"{text}\n{text}",
    )
    assert flat in cli("show", maria).out
    assert cli("check").code == 0
