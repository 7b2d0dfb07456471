"""The paper archive from the command line: printed, visited, stale, continued, scanned, undone."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cardcli import archiving, dates, resources
from cardcli.config import git_environment
from cardcli.search.letters import russian_keys
from cardcli.store import open_store
from tests.conftest import Cli, Json, Result

Clock = Callable[[str], None]
needs_pdftotext = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed"
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock that the next commands see."""

    def moved(moment: str) -> None:
        stamp = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).timestamp()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(stamp)))

    return moved


@pytest.fixture
def visited(maria: str, cli: Cli, clock: Clock) -> str:
    """Give the client two visits."""
    clock("2026-06-01 10:00")
    assert cli("visit", maria, "Стрижка", "--price", "2500", "--staff", "Ольга").code == 0
    clock("2026-06-08 10:00")
    assert cli("visit", maria, "Укладка", "--price", "1600", "--note", "Волна").code == 0
    clock("2026-06-08 11:00")
    return maria


def printed_log(cli: Cli, client: str, *arguments: str) -> Json:
    done = cli("print", client, "--template", "log", "--json", "-o", "log.pdf", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)


def states(cli: Cli) -> dict[str, str]:
    said = json.loads(cli("archive", "status", "--all", "--json").out)
    return {each["template"] or "": each["state"] for each in said}


def entry_ids(cli: Cli, client: str) -> list[str]:
    shown = json.loads(cli("show", client, "--json").out)
    return [each["id"] for each in shown["entries"] if each["kind"] == "visit"]


def lines_of(salon: Path) -> list[str]:
    return [
        line
        for path in (salon / "archive").glob("*.md")
        for line in path.read_text("utf-8").splitlines()
    ]


def test_a_log_is_printed_recorded_outdated_by_a_visit_and_continued(
    visited: str, salon: Path, cli: Cli, clock: Clock
) -> None:
    assert states(cli) == {"": "never"}
    first = printed_log(cli, visited, "--record")
    one, two = entry_ids(cli, visited)
    assert first["sheets"] == [
        {"client": visited, "sheet": 1, "fresh": True, "first_row": 1, "last_row": 2, "entries": [one, two]}
    ]  # fmt: skip
    assert first["recorded"] is True
    assert states(cli) == {"log": "current"}
    assert len(lines_of(salon)) == 1

    clock("2026-06-15 10:00")
    cli("visit", visited, "Окрашивание", "--price", "5200")
    assert states(cli) == {"log": "stale"}
    assert "not on paper: 1 entry" in cli("archive", "status").out

    done = cli("print", visited, "--template", "log", "--continue", "--record", "-o", "log.pdf")
    assert "sheet 1, from row 3 on" in done.err
    assert states(cli) == {"log": "current"}
    begun, added = lines_of(salon)
    assert "[rows:: 3-3]" in added
    assert f"[onto:: {begun.rpartition('^')[2]}]" in added

    nothing = cli("print", visited, "--template", "log", "--continue", "--json")
    assert json.loads(nothing.out) == {"path": None, "clients": []}


def test_a_recorded_print_is_one_commit_and_undo_takes_it_back(
    visited: str, salon: Path, cli: Cli, clock: Clock
) -> None:
    def commits() -> list[str]:
        done = subprocess.run(
            ["git", "log", "--format=%s"], cwd=salon, capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()

    before = commits()
    printed_log(cli, visited, "--record")
    assert commits() == [f"print {visited}", *before]
    clock("2026-06-09 10:00")
    cli("visit", visited, "Маникюр")
    printed_log(cli, visited, "--continue", "--record")
    undone = cli("undo")
    assert undone.code == 0
    assert f"out of the print ledger: {visited}, log, 2026-06-09" in undone.err + undone.out
    assert states(cli) == {"log": "stale"}
    again = printed_log(cli, visited, "--continue", "--record")
    assert again["sheets"][0]["first_row"] == 3
    assert cli("undo", "3").code == 0  # the first print, with a later one in the same file
    assert len(lines_of(salon)) == 1


def test_an_entry_corrected_later_calls_for_its_sheet_to_be_printed_anew(
    visited: str, cli: Cli, clock: Clock
) -> None:
    printed_log(cli, visited, "--record")
    one, two = entry_ids(cli, visited)
    clock("2026-06-10 10:00")
    assert cli("amend", visited, one, "price=2700").code == 0
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert status["state"] == "reprint"
    assert status["reasons"] == [{"why": "changed", "sheet": 1, "entries": [one]}]
    assert f"sheet 1: 1 entry changed since it was printed (^{one})" in cli("archive", "status").out
    warned = cli("print", visited, "--template", "log", "--continue")
    assert "sheet 1 has to be printed anew" in warned.err
    anew = cli("print", "--template", "log", "--changed", "--record", "--json", "-o", "log.pdf")
    assert json.loads(anew.out)["sheets"] == [
        {"client": visited, "sheet": 1, "fresh": True, "first_row": 1, "last_row": 2, "entries": [one, two]}
    ]  # fmt: skip
    assert states(cli) == {"log": "current"}
    assert "all paper is up to date" in cli("print", "--template", "log", "--changed").err


def test_an_entry_that_was_taken_out_and_a_changed_name_call_for_a_new_sheet(
    visited: str, cli: Cli, clock: Clock
) -> None:
    printed_log(cli, visited, "--record")
    one, _two = entry_ids(cli, visited)
    clock("2026-06-10 10:00")
    assert cli("remove", visited, one).code == 0
    cli("set", visited, "name=Петрова Мария Петровна")
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert [each["why"] for each in status["reasons"]] == ["removed", "profile"]


def test_what_the_log_does_not_print_makes_it_not_stale(visited: str, cli: Cli) -> None:
    printed_log(cli, visited, "--record")
    one, _two = entry_ids(cli, visited)
    cli("amend", visited, one, "rating=5")
    cli("note", visited, "Счёт присылать до 25 числа")
    assert states(cli) == {"log": "current"}


def test_a_booked_visit_comes_onto_the_log_on_its_day_though_the_card_does_not_change(
    visited: str, cli: Cli, clock: Clock
) -> None:
    cli("visit", visited, "Чистка лица", "--date", "20.06.2026", "--future")
    printed_log(cli, visited, "--record")
    assert states(cli) == {"log": "current"}
    clock("2026-06-20 12:00")
    assert states(cli) == {"log": "stale"}


def test_a_full_sheet_is_followed_by_a_fresh_one(visited: str, cli: Cli, clock: Clock) -> None:
    for day in range(1, 21):
        cli("visit", visited, f"Укладка {day}", "--date", f"2026-05-{day:02}")
    assert printed_log(cli, visited, "--record")["sheets"][0]["last_row"] == 22
    clock("2026-06-12 10:00")
    for number in range(4):
        cli("visit", visited, f"Маникюр {number}")
    sheets = printed_log(cli, visited, "--continue", "--record")["sheets"]
    assert [(each["sheet"], each["fresh"], each["first_row"], each["last_row"]) for each in sheets] == [
        (1, False, 23, 24), (2, True, 1, 2),
    ]  # fmt: skip
    cli("visit", visited, "Педикюр")
    (sheet,) = printed_log(cli, visited, "--continue", "--record")["sheets"]
    assert (sheet["sheet"], sheet["fresh"], sheet["first_row"]) == (2, False, 3)
    shown = cli("archive", "sheet", visited).out
    assert "log, sheet 2, A5" in shown
    assert "rows 1–2" in shown
    assert "Педикюр" in shown


def test_a_sheet_is_begun_in_the_row_that_is_free_when_the_others_are_filled_by_hand(
    visited: str, cli: Cli
) -> None:
    begun = printed_log(cli, visited, "--from-row", "6", "--record")["sheets"]
    assert [(each["fresh"], each["first_row"], each["last_row"]) for each in begun] == [
        (False, 6, 7)
    ]
    cli("visit", visited, "Маникюр")
    (on,) = printed_log(cli, visited, "--continue", "--from-row", "10", "--record")["sheets"]
    assert (on["sheet"], on["first_row"]) == (1, 10)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--continue", "--from-row", "2"], "the rows of sheet 1 up to 2 are printed already"),
        (["--continue", "--from-row", "40"], "a sheet on A5 has 24 rows"),
        (["--continue", "--paper", "a4"], "--paper a4: the started sheets of К-00001 are a5"),
        (["--nudge", "1"], "write millimetres to the right and down, at most 20"),
        (["--nudge", "30,0"], "“30,0” is not"),
        (["--record", "--format", "html"], "--record is for PDF only"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(
    visited: str, cli: Cli, arguments: list[str], sentence: str
) -> None:
    printed_log(cli, visited, "--record")
    cli("visit", visited, "Маникюр")
    done = cli("print", visited, "--template", "log", *arguments)
    assert done.code == 2
    assert sentence in done.err


def test_options_of_the_log_go_with_the_log(visited: str, cli: Cli) -> None:
    done = cli("print", visited, "--continue")
    assert done.code == 2
    assert "go with --template log" in done.err


def test_from_row_is_about_one_client(visited: str, cli: Cli) -> None:
    other = cli("new", "Петрова Анна").ids()[0]
    done = cli("print", visited, other, "--template", "log", "--from-row", "3")
    assert (done.code, "name one client" in done.err) == (2, True)


def test_started_sheets_of_different_sizes_are_printed_apart(visited: str, cli: Cli) -> None:
    other = cli("new", "Петрова Анна").ids()[0]
    cli("visit", other, "Маникюр")
    printed_log(cli, visited, "--record", "--paper", "a4")
    printed_log(cli, other, "--record")
    for client in (visited, other):
        cli("visit", client, "Укладка")
    done = cli("print", visited, other, "--template", "log", "--continue")
    assert (done.code, "of different sizes (a4, a5)" in done.err) == (2, True)


def test_a_whole_card_is_stale_after_any_change_of_it(visited: str, cli: Cli, clock: Clock) -> None:
    assert cli("print", visited, "--record", "-o", "card.pdf").code == 0
    assert states(cli) == {"card": "current"}
    clock("2026-06-10 10:00")
    cli("note", visited, "Счёт присылать до 25 числа")
    cli("set", visited, "source=сайт")
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert status["state"] == "stale"
    assert [each["why"] for each in status["reasons"]] == ["new", "profile"]
    done = cli("print", "--changed", "--record", "--json", "-o", "card.pdf")
    assert json.loads(done.out)["clients"] == [visited]
    assert states(cli) == {"card": "current"}


def test_a_draft_is_not_recorded_and_says_so(visited: str, salon: Path, cli: Cli) -> None:
    for template in ("card", "log"):
        assert cli("print", visited, "--template", template, "--no-record", "-o", "x.pdf").code == 0
        if shutil.which("pdftotext"):
            text = subprocess.run(
                ["pdftotext", "-raw", "x.pdf", "-"], capture_output=True, text=True, check=True
            ).stdout
            assert "ЧЕРНОВИК" in "".join(text.split())
    for output in ("html", "text", "md"):
        done = cli("print", visited, "--no-record", "--format", output, "-o", "-")
        assert "ЧЕРНОВИК" in done.out
    assert not (salon / "archive").exists()
    assert "ЧЕРНОВИК" not in cli("print", visited, "--format", "html", "-o", "-").out


def test_what_is_given_away_is_not_recorded(visited: str, cli: Cli) -> None:
    done = cli("print", visited, "--template", "leaflet", "--record")
    assert (done.code, "is not kept in the archive" in done.err) == (2, True)


def test_a_role_that_does_not_see_all_records_nothing(visited: str, salon: Path, cli: Cli) -> None:
    path = salon / "cardcli.yaml"
    text = path.read_text("utf-8").replace("roles: {}", "roles:\n  desk:\n    hide: [observation]")
    path.write_text(text, "utf-8")
    done = cli("print", visited, "--record", "--role", "desk")
    assert (done.code, "this role does not see whole cards" in done.err) == (2, True)


def test_an_index_card_is_stale_by_what_stands_on_it_only(
    visited: str, salon: Path, cli: Cli, clock: Clock
) -> None:
    for template in ("card", "index-card"):
        done = cli("print", visited, "--template", template, "--record", "-o", "x.pdf")
        assert done.code == 0, done.err
    clock("2026-06-09 10:00")
    assert cli("note", visited, "Любит чай").code == 0
    assert states(cli) == {"card": "stale", "index-card": "current"}
    code = next(line for line in cli("archive", "sheet", visited).out.split() if line[:3] == "CC:")
    held = cli("open", code)
    assert (held.code, "card, A4" in held.out) == (5, True)  # which of the two it is, nobody knows
    assert cli("advise", visited, "Маска для волос", "--every", "1w").code == 0
    assert states(cli) == {"card": "stale", "index-card": "stale"}
    assert cli("print", visited, "--template", "index-card", "--record", "-o", "x.pdf").code == 0
    assert states(cli)["index-card"] == "current"
    assert cli("set", visited, "allergies=пыльца").code == 0
    assert states(cli)["index-card"] == "stale"
    clock("2026-06-09 11:00")
    (salon / "templates").mkdir(exist_ok=True)
    own = salon / "templates" / "index-card.typ.j2"
    own.write_bytes((resources.templates() / own.name).read_bytes())
    assert cli("print", visited, "--template", "index-card", "--record", "-o", "x.pdf").code == 0
    clock("2026-06-10 10:00")
    assert cli("note", visited, "Любит кофе").code == 0
    assert states(cli)["index-card"] == "stale"  # an own template may show notes


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS is not there")
def test_what_is_recorded_is_what_was_printed_not_what_the_card_says_since(
    visited: str, salon: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (card,) = (salon / "cards").glob(f"*{visited}.md")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "lp"
    program.write_text(f"#!/bin/sh\nsed -i 's/2500/2600/' '{card}'\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    done = cli("print", visited, "--printer", "office", "--record")
    assert done.code == 0, done.err
    assert "2600" in card.read_text("utf-8")
    assert states(cli) == {"card": "reprint"}


def test_a_file_for_each_client_can_be_recorded(visited: str, salon: Path, cli: Cli) -> None:
    assert cli("print", visited, "--one-per-client", "out").code == 0
    assert not (salon / "archive").exists()
    done = cli("print", visited, "--one-per-client", "out", "--record")
    assert done.code == 0, done.err
    assert states(cli) == {"card": "current"}


def test_a_lost_sheet_has_to_be_printed_anew_and_a_found_one_has_not(
    visited: str, cli: Cli, clock: Clock
) -> None:
    sheet = printed_log(cli, visited, "--record")
    assert sheet["recorded"]
    marked = cli("archive", "mark", visited, "--lost", "1")
    assert marked.code == 0
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert (status["state"], status["reasons"][0]["why"]) == ("reprint", "lost")
    sheet_id = marked.out.split("\t")[0]
    assert "the paper is lost" in cli("archive", "sheet", visited).out
    clock("2026-06-09 10:00")
    assert cli("archive", "mark", visited, "--found", f"^{sheet_id}").code == 0
    assert states(cli) == {"log": "current"}
    clock("2026-06-10 10:00")
    assert cli("archive", "mark", visited, "--destroyed", "log").code == 0
    assert states(cli) == {"log": "reprint"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--lost", "7"], 1, "has no sheet “7”"),
        (["--lost", "nonsense"], 1, "has no sheet “nonsense”"),
        ([], 2, "--lost, --destroyed or --found"),
        (["--lost", "1", "--found", "1"], 2, "--lost, --destroyed or --found"),
    ],
)
def test_a_sheet_that_is_not_there_cannot_be_marked(
    visited: str, cli: Cli, arguments: list[str], code: int, sentence: str
) -> None:
    printed_log(cli, visited, "--record")
    done = cli("archive", "mark", visited, *arguments)
    assert (done.code, sentence in done.err) == (code, True)


def test_the_paper_of_a_client_who_was_taken_out_is_to_be_destroyed(visited: str, cli: Cli) -> None:
    printed_log(cli, visited, "--record")
    cli("trash", visited, "--yes")
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert (status["id"], status["state"], status["name"]) == (visited, "gone", None)
    assert cli("archive", "status", "--exit-code").code == 1
    assert cli("archive", "mark", visited, "--destroyed", "1").code == 0
    assert json.loads(cli("archive", "status", "--json").out) == []
    assert cli("archive", "status", "--exit-code").code == 0


def test_status_lists_what_is_asked_for(visited: str, cli: Cli) -> None:
    printed_log(cli, visited, "--record")
    cli("new", "Петрова Анна")
    assert cli("archive", "status").out == ""
    assert "up to date: 1, never printed: 1" in cli("archive", "status").err
    assert "Петрова" in cli("archive", "status", "--state", "never").out
    assert "log" in cli("archive", "status", visited).out
    wrong = cli("archive", "status", "--state", "old")
    assert (wrong.code, "--state" in wrong.err) == (2, True)


def test_a_line_that_is_none_is_named_and_stays(visited: str, salon: Path, cli: Cli) -> None:
    printed_log(cli, visited, "--record")
    path = salon / "archive" / "2026-06.md"
    path.write_text(path.read_text("utf-8") + "отдала папку бухгалтеру\n", "utf-8")
    assert (
        "archive/2026-06.md:2: this is no line of the print ledger" in cli("archive", "status").err
    )
    printed_log(cli, visited, "--record")
    assert "отдала папку бухгалтеру" in path.read_text("utf-8")


def test_a_store_without_git_has_an_archive_too(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("init", str(tmp_path / "s"), "--no-git", "--language", "ru")
    monkeypatch.chdir(tmp_path / "s")
    client = cli("new", "Петрова Анна").ids()[0]
    cli("visit", client, "Маникюр")
    printed_log(cli, client, "--record")
    assert states(cli) == {"log": "current"}


# --- back from paper -------------------------------------------------------------------------------


def code_of(cli: Cli, client: str) -> str:
    return str(json.loads(cli("archive", "sheet", client, "--json").out)[0]["code"])


def test_a_sheet_in_hand_is_judged_by_its_code_in_any_layout(
    visited: str, cli: Cli, clock: Clock
) -> None:
    printed_log(cli, visited, "--record")
    code = code_of(cli, visited)
    done = cli("open", russian_keys(code))
    assert done.code == 0
    assert "Иванова Мария Петровна" in done.out
    assert "This sheet is up to date." in done.out
    clock("2026-06-12 10:00")
    cli("visit", visited, "Окрашивание", "--price", "5200")
    stale = cli("open", code)
    assert stale.code == 5
    assert "This sheet is out of date." in stale.out
    assert "Окрашивание, ₽5,200" in stale.out
    said = json.loads(cli("open", code, "--json").out)
    assert (said["state"], said["template"]) == ("stale", "log")
    assert [each["title"] for each in said["missing"]] == ["Окрашивание"]


def test_a_sheet_that_was_printed_anew_is_replaced(visited: str, cli: Cli, clock: Clock) -> None:
    printed_log(cli, visited, "--record")
    code = code_of(cli, visited)
    clock("2026-06-12 10:00")
    cli("amend", visited, entry_ids(cli, visited)[0], "price=2700")
    cli("print", visited, "--template", "log", "--changed", "--record", "-o", "log.pdf")
    old = cli("open", code)
    assert (old.code, "printed anew since; destroy this one" in old.out) == (5, True)
    assert cli("open", code_of(cli, visited)).code == 0


def test_a_print_that_was_never_recorded_is_judged_by_the_history(
    visited: str, cli: Cli, salon: Path
) -> None:
    from cardcli import card as cards

    text = next((salon / "cards").glob("*.md")).read_text("utf-8")
    code = f"CC:{visited}/{cards.revision(text)}"
    assert cli("open", code).code == 0
    cli("visit", visited, "Окрашивание")
    cli("amend", visited, entry_ids(cli, visited)[0], "price=2700")
    done = cli("open", code)
    assert done.code == 5
    assert "not on paper: 1 entry" in done.out
    assert "1 entry changed" in done.out
    log = cli("open", f"{code}/1", "--json")
    assert (log.code, [each["title"] for each in json.loads(log.out)["missing"]]) == (
        5,
        ["Окрашивание"],
    )


@pytest.mark.parametrize(
    ("code", "exit_code", "sentence"),
    [
        ("CC:{id}/00000000", 1, "Nothing is known of this print"),
        ("CC:zzzzzz/00000000", 1, "There is no card with the id zzzzzz"),
        ("4607012345678", 2, "is no code of a sheet"),
        ("CC:{id}", 0, "The code does not say which print this is"),
    ],
)
def test_a_code_that_says_nothing_is_answered_in_a_sentence(
    visited: str, cli: Cli, code: str, exit_code: int, sentence: str
) -> None:
    done = cli("open", code.format(id=visited))
    assert (done.code, sentence in done.out + done.err) == (exit_code, True)


def test_the_sheet_of_a_client_who_was_taken_out_is_to_be_destroyed(visited: str, cli: Cli) -> None:
    printed_log(cli, visited, "--record")
    code = code_of(cli, visited)
    cli("trash", visited, "--yes")
    done = cli("open", code)
    assert (done.code, "destroy the sheet" in done.err) == (1, True)


def test_a_scanned_sheet_is_kept_with_its_client_and_makes_no_paper_stale(
    visited: str, salon: Path, cli: Cli
) -> None:
    cli("print", visited, "--record", "-o", "card.pdf")
    done = cli("scan", "card.pdf", "--json")
    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert (salon / said["file"]).read_bytes() == Path("card.pdf").read_bytes()
    assert said["sheets"][0]["state"] == "current"
    card = next((salon / "cards").glob("*.md")).read_text("utf-8")
    assert f"[sheet:: {code_of(cli, visited)}]" in card
    assert states(cli) == {"card": "current"}
    assert cli("check").code == 0


def test_a_photo_of_a_sheet_is_read_askew(visited: str, salon: Path, cli: Cli) -> None:
    import pypdfium2
    from PIL import Image

    printed_log(cli, visited, "--record")
    page = pypdfium2.PdfDocument("log.pdf")[0].render(scale=150 / 72).to_pil().convert("RGB")
    desk = Image.new("RGB", (page.width + 300, page.height + 300), "peru")
    desk.paste(page, (150, 150))
    desk.rotate(6, fillcolor="peru").save("photo.jpg", quality=80)
    assert cli("scan", "photo.jpg", "--no-attach").code == 0
    cli("visit", visited, "Маникюр")
    done = cli("scan", "photo.jpg")
    assert done.code == 5
    assert "This sheet is out of date." in done.out
    (kept,) = (salon / "files" / visited).iterdir()
    assert kept.suffix == ".jpg"


def test_a_file_without_a_code_or_of_several_clients_is_refused(visited: str, cli: Cli) -> None:
    from PIL import Image

    Image.new("RGB", (200, 200), "white").save("white.png")
    assert (cli("scan", "white.png").code, cli("scan", "nothing.png").code) == (1, 2)
    Path("words.txt").write_text("CC:k7f3qd/9f3c2ab1", "utf-8")
    assert "cannot be read as a picture or a PDF" in cli("scan", "words.txt").err
    Path("broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert "cannot be read as a picture or a PDF" in cli("scan", "broken.pdf").err
    other = cli("new", "Петрова Анна").ids()[0]
    cli("print", visited, other, "-o", "two.pdf")
    done = cli("scan", "two.pdf")
    assert (done.code, "sheets of several clients" in done.err) == (2, True)


def test_without_the_libraries_the_extra_is_named(
    visited: str, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("print", visited, "-o", "card.pdf")
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    done = cli("scan", "card.pdf")
    assert (done.code, "pip install 'cardcli[scan]'" in done.err) == (9, True)


# --- two workplaces --------------------------------------------------------------------------------


@pytest.fixture
def abroad(
    visited: str, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Make a second workplace; return what runs a command there."""
    assert visited
    assert cli("sync", "--setup", str(tmp_path / "hub.git")).code == 0
    place = tmp_path / "two"
    subprocess.run(
        ["git", "clone", "--quiet", str(tmp_path / "hub.git"), str(place)],
        check=True,
        env=git_environment({}),
    )

    def there(*arguments: str) -> Result:
        with monkeypatch.context() as context:
            context.chdir(place)
            return cli(*arguments)

    return there


def test_two_workplaces_that_print_offline_both_keep_their_lines(
    visited: str, salon: Path, cli: Cli, clock: Clock, abroad: Callable[..., Result]
) -> None:
    clock("2026-06-09 10:00")
    printed_log(cli, visited, "--record")
    clock("2026-06-09 11:00")
    assert abroad("print", visited, "--record", "-o", "card.pdf").code == 0
    for _turn in range(2):
        assert cli("sync").code == 0
        assert abroad("sync").code == 0
    assert len(lines_of(salon)) == 2
    assert lines_of(salon) == lines_of(salon.parent / "two")
    assert states(cli) == {"card": "current", "log": "current"}


def test_two_prints_onto_the_same_rows_are_seen(
    visited: str, cli: Cli, clock: Clock, abroad: Callable[..., Result]
) -> None:
    printed_log(cli, visited, "--record")
    cli("sync")
    abroad("sync")
    clock("2026-06-10 10:00")
    cli("visit", visited, "Маникюр")
    printed_log(cli, visited, "--continue", "--record")
    abroad("visit", visited, "Педикюр")
    abroad("print", visited, "--template", "log", "--continue", "--record", "-o", "x.pdf")
    for _turn in range(2):
        cli("sync")
        abroad("sync")
    status = json.loads(cli("archive", "status", "--json").out)[0]
    assert status["state"] == "reprint"
    assert "overprinted" in [each["why"] for each in status["reasons"]]
    cli("print", "--template", "log", "--changed", "--record", "-o", "log.pdf")
    assert states(cli) == {"log": "current"}


def test_a_ledger_edited_while_a_sync_lands_loses_nothing(
    visited: str, salon: Path, cli: Cli, abroad: Callable[..., Result]
) -> None:
    printed_log(cli, visited, "--record")
    cli("sync")
    abroad("sync")
    abroad("print", visited, "--record", "-o", "card.pdf")
    abroad("sync")
    path = salon / "archive" / "2026-06.md"
    path.write_text(path.read_text("utf-8") + "моя пометка\n", "utf-8")
    assert cli("sync").code == 0
    assert "моя пометка" in path.read_text("utf-8")
    assert len(lines_of(salon)) == 3


def test_ten_thousand_clients_are_judged_without_reading_their_cards(
    visited: str, salon: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed_log(cli, visited, "--record")
    dates.fix_clock(dt.datetime(2026, 6, 8, 11, tzinfo=dt.UTC))
    store = open_store(salon, {})
    archive = archiving.Archive(store, dates.today(), pytest.fail)
    assert archive.lines
    monkeypatch.setattr("cardcli.card.parse", pytest.fail)
    assert archive.verdict(visited, "log").state == "current"


def test_at_a_terminal_a_person_is_asked_whether_the_sheets_are_printed(
    visited: str, salon: Path, cli: Cli
) -> None:
    from tests.test_terminal import at_terminal

    code, screen = at_terminal(salon, "print", visited, "--template", "log", typed="n\n")
    assert (code, "Are the sheets printed" in screen) == (0, True)
    assert states(cli) == {"": "never"}
    code, screen = at_terminal(salon, "print", visited, "--template", "log", typed="\n")
    assert (code, "recorded: 1 line" in screen) == (0, True)
    assert states(cli) == {"log": "current"}
    code, screen = at_terminal(salon, "print", visited, "--no-record", "-o", "x.pdf")
    assert (code, "Are the sheets printed" in screen) == (0, False)


def test_a_log_for_the_screen_has_every_visit_in_numbered_rows(visited: str, cli: Cli) -> None:
    page = cli("print", visited, "--template", "log", "--format", "html", "-o", "-").out
    for value in ("Стрижка", "2500 ₽", "Ольга", "Волна", "Иванова", "<svg"):
        assert value.replace(" ", "") in page.replace("\u00a0", "").replace("\u202f", "").replace(
            " ", ""
        )
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_everything_stale_is_printed_a_file_for_each_template(
    visited: str, salon: Path, cli: Cli, clock: Clock
) -> None:
    printed_log(cli, visited, "--record")
    assert cli("print", visited, "--record", "-o", "card.pdf").code == 0
    clock("2026-06-10 10:00")
    cli("visit", visited, "Маникюр")
    refused = cli("print", "--changed", "--record", "-o", "x.pdf")
    assert (refused.code, "several templates (card, log)" in refused.err) == (2, True)
    refused = cli("print", "--changed", "--json")
    assert (refused.code, "with --json choose one with --template" in refused.err) == (2, True)
    done = cli("print", "--changed", "--record")
    assert (done.code, len(done.out.splitlines())) == (0, 2)
    assert states(cli) == {"card": "current", "log": "current"}
    assert "all paper is up to date" in cli("print", "--changed").err
    assert salon.is_dir()
