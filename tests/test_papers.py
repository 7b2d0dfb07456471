"""Files kept beside a card, consents, and the labels and empty places of a profile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Cli, only_card

Snapshot = Callable[[Path], dict[str, bytes]]


def test_an_attached_file_is_copied_and_watched(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    source = tmp_path / "Договор №5.PDF"
    source.write_bytes(b"%PDF contract")
    result = cli("attach", maria, str(source), "--kind", "contract", "--expires", "+1y")
    assert result.code == 0, result.err
    path = f"files/{maria}/2026-06-15-dogovor-no5.pdf"
    digest = hashlib.sha256(b"%PDF contract").hexdigest()
    assert (
        f"- 2026-06-15 Договор №5.PDF [kind:: contract] [file:: {path}] [sha256:: {digest}]"
        " [expires:: 2027-06-15] ^" in only_card(salon).read_text("utf-8")
    )
    assert (salon / path).read_bytes() == b"%PDF contract"
    assert cli("check").out == ""
    (salon / path).write_bytes(b"%PDF another")
    changed = cli("check")
    assert (changed.code, "was changed since it was attached" in changed.out) == (1, True)
    (salon / path).unlink()
    assert "is missing" in cli("check").out
    assert cli("attach", maria, str(source), "--title", "Договор №5").code == 0
    assert (salon / path).read_bytes() == b"%PDF contract"


def test_a_picture_loses_the_place_it_was_taken_at(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (55.0, 45.0, 0.0)}
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg", exif=exif)
    assert cli("attach", maria, str(tmp_path / "a.jpg"), "--kind", "photo").code == 0
    stored = next((salon / "files" / maria).iterdir())
    with Image.open(stored) as picture:
        assert 0x8825 not in picture.getexif()
    assert cli("check").out == ""


def test_what_cannot_be_attached_is_refused_by_name(
    salon: Path, maria: str, cli: Cli, tmp_path: Path, snapshot: Snapshot
) -> None:
    settings = salon / "cardcli.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("attachment_limit: 25", "attachment_limit: 1"), "utf-8"
    )
    (tmp_path / "big").write_bytes(bytes(1024 * 1024 + 1))
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    before = snapshot(salon)
    for name, sentence in (
        ("big", "is larger than 1 MB (attachment_limit in cardcli.yaml)"),
        ("link", "is a link; attach the file it leads to"),
        ("none", "There is no file"),
        ("", "There is no file"),
    ):
        result = cli("attach", maria, str(tmp_path / name))
        assert (result.code, sentence in result.err) == (2, True), result.err
    assert cli("attach", maria, str(tmp_path / "file"), "--kind", "photo").code == 2
    assert (
        "Did you mean “contract”?"
        in cli("attach", maria, str(tmp_path / "file"), "--kind", "contact").err
    )
    assert snapshot(salon) == before


def test_a_consent_is_given_for_a_text_and_withdrawn(
    salon: Path, maria: str, cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "consent.md").write_text("Согласие, версия 3", "utf-8")
    digest = hashlib.sha256("Согласие, версия 3".encode()).hexdigest()
    given = cli(
        "consent", maria, "photo", "--version", "3", "--document", str(tmp_path / "consent.md"),
        "--until", "+1y",
    )  # fmt: skip
    assert given.code == 0, given.err
    line = f"[subject:: photo] [version:: 3] [sha256:: {digest}] [until:: 2027-06-15] ^"
    assert line in only_card(salon).read_text("utf-8")
    early = cli("consent", maria, "photo", "--withdraw", "--date", "вчера")
    assert (early.code, "is before the day of the entry" in early.err) == (2, True)
    assert cli("consent", maria, "photo", "--withdraw").code == 0
    assert "[withdrawn:: 2026-06-15] ^" in only_card(salon).read_text("utf-8")
    assert cli("consent", maria, "photo", "--withdraw").code == 1
    assert cli("check").out == ""


@pytest.mark.parametrize(
    ("change", "written"),
    [
        ("phones+=рабочий: 8 900 000-01-28", '  - рабочий: "+79000000128"'),
        ("addresses=дом: Тверь, ул. Мира, 1", "  - дом: Тверь, ул. Мира, 1"),
        ("addresses=Тверь, кв. 2: домофон 7", '  - "Тверь, кв. 2: домофон 7"'),
        ("social=vk: example", "  - vk: example"),
        ("emails=нет", "emails: []"),
        ("birthday=none", 'birthday: ""'),
        ("credit_limit=10 000 ₽", 'credit_limit: "10000"'),
        ("category=VIP", "category: vip"),
        ("sex=female", "sex: female"),
        ("status=gone", "status: gone"),
    ],
)
def test_the_profile_holds_labels_choices_and_what_is_empty_on_purpose(
    salon: Path, maria: str, cli: Cli, change: str, written: str
) -> None:
    result = cli("set", maria, change)
    assert result.code == 0, result.err
    assert written in only_card(salon).read_text("utf-8")


def test_a_labelled_phone_is_taken_out_by_its_number_or_its_label(
    salon: Path, maria: str, cli: Cli
) -> None:
    before = only_card(salon).read_bytes()
    for query in ("8 900 000-01-28", "рабочий: 8 900 000-01-28"):
        assert cli("set", maria, "phones+=рабочий: 8 900 000-01-28").code == 0
        assert cli("find", "0128").ids() == [maria]
        assert cli("set", maria, f"phones-={query}").code == 0
        assert only_card(salon).read_bytes() == before


def test_an_optional_fact_without_a_purpose_is_warned_of(salon: Path, maria: str, cli: Cli) -> None:
    result = cli("set", maria, "marital=married")
    assert "Marital status: cardcli.yaml states no purpose" in result.err
    checked = cli("check")
    assert (checked.code, "states no purpose for it" in checked.out) == (0, True)
    settings = salon / "cardcli.yaml"
    settings.write_text(
        settings.read_text("utf-8").replace("purposes: {}", "purposes:\n  marital: подарки"),
        "utf-8",
    )
    assert cli("check").out == ""


def test_a_wrong_choice_in_the_profile_changes_nothing(salon: Path, maria: str, cli: Cli) -> None:
    before = only_card(salon).read_bytes()
    result = cli("set", maria, "income=hihg")
    assert (result.code, "low, middle, high. Did you mean “high”?" in result.err) == (2, True)
    assert only_card(salon).read_bytes() == before
