"""The sample salon: a store that passes its own check, with nobody real in it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from cardcli import card as cards
from cardcli import config
from cardcli.text import slug
from tests.conftest import Cli

ROOT = Path(__file__).parents[1]
CARDS = sorted((ROOT / "cards").glob("*.md"))
PHOTOS = sorted((ROOT / "files").rglob("*.jpg"))
MOST_BYTES = 30 * 1024


def test_the_sample_passes_its_check(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)  # the last entries are of this autumn
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(day.timestamp())))
    place = tmp_path / "sample"  # the git of the project is none of its business
    for name in ("cards", "files"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "cardcli.yaml", place)
    result = cli("check", "--store", str(place))
    assert (result.code, result.out, result.err) == (0, "", "")


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_a_card_of_the_sample_is_named_as_cardcli_would_name_it(path: Path) -> None:
    card = cards.parse(path.read_text(encoding="utf-8"))
    assert path.stem == f"{slug(card.name)}-{card.id}"


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.stem)
def test_phones_and_addresses_of_the_sample_are_nobodys(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert all(phone.startswith("+7900000") for phone in re.findall(r"\+\d+", text))
    assert all(mail.endswith("@example.com") for mail in re.findall(r"\S+@\S+", text))


def test_one_client_of_the_sample_is_called_ivanova(cli: Cli) -> None:
    assert len(cli("find", "иванова", "--store", str(ROOT)).ids()) == 1
    assert len(cli("find", "кузнецова", "--store", str(ROOT)).ids()) == 2


def test_the_services_of_the_sample_are_in_its_catalogue() -> None:
    settings = config.parse((ROOT / "cardcli.yaml").read_text(encoding="utf-8"))
    listed = {service.name for service in settings.services}
    done = {
        entry.title
        for path in CARDS
        for entry in cards.parse(path.read_text(encoding="utf-8")).of_kind("visit")
    }
    assert done <= listed


def test_the_photos_of_the_sample_are_small_and_say_nothing_of_a_camera() -> None:
    assert len(PHOTOS) == 4
    for path in PHOTOS:
        assert path.stat().st_size <= MOST_BYTES
        with Image.open(path) as picture:
            assert not picture.getexif()
