"""Out of one store and into another, from the command line: what a format holds is there again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli

SAMPLE = Path(__file__).parents[1]


@pytest.fixture
def stores(tmp_path: Path, cli: Cli) -> tuple[Path, Path]:
    """Return a store with the sample clients and their photos, and an empty one with git."""
    old, new = tmp_path / "old", tmp_path / "new"
    for name in ("cards", "files"):
        shutil.copytree(SAMPLE / name, old / name)
    shutil.copy(SAMPLE / "cardcli.yaml", old)
    assert cli("init", str(new), "--language", "ru").code == 0
    return old, new


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for name in ("cards", "files")
        for path in sorted((root / name).rglob("*"))
        if path.is_file()
    }


def moved(cli: Cli, stores: tuple[Path, Path], target: Path, *options: str) -> None:
    """Export everything, import it, and import it again: the second time changes nothing."""
    old, new = stores
    out = cli("export", "--store", str(old), "-o", str(target), *options)
    assert out.code == 0, out.err
    taken = cli("import", "--store", str(new), str(target), "--yes")
    assert taken.code == 0, taken.out + taken.err
    before = files(new)
    again = cli("import", "--store", str(new), str(target), "--yes")
    assert "There is nothing to change." in again.out + again.err
    assert files(new) == before


@pytest.mark.parametrize("name", ["all.jsonl", "all.json"])
def test_json_brings_cards_and_files_back_byte_for_byte(
    stores: tuple[Path, Path], cli: Cli, tmp_path: Path, name: str
) -> None:
    moved(cli, stores, tmp_path / name, "--with-files")
    assert files(stores[1]) == files(stores[0])


def test_a_markdown_folder_brings_the_cards_back_byte_for_byte(
    stores: tuple[Path, Path], cli: Cli, tmp_path: Path
) -> None:
    moved(cli, stores, tmp_path / "vault", "--format", "markdown")
    cards = {path: data for path, data in files(stores[0]).items() if path.startswith("cards/")}
    assert files(stores[1]) == cards


@pytest.mark.parametrize(
    ("name", "options"), [("all.vcf", ()), ("all.vcf", ("--vcard", "4.0")), ("all.csv", ())]
)
def test_contacts_exported_imported_and_exported_again_are_the_same(
    stores: tuple[Path, Path], cli: Cli, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    moved(cli, stores, tmp_path / name, *options)
    again = tmp_path / f"again-{name}"
    assert cli("export", "--store", str(stores[1]), "-o", str(again), *options).code == 0
    assert again.read_bytes() == (tmp_path / name).read_bytes()


def test_appointments_come_back_to_their_own_visits(
    stores: tuple[Path, Path], cli: Cli, tmp_path: Path
) -> None:
    old, new = stores
    assert cli("visit", "k7f3qd", "Укладка", "--date", "2026-07-01", "--time", "14:30", "--duration", "60", "--future", "--store", str(old)).code == 0  # fmt: skip
    moved(cli, stores, tmp_path / "all.jsonl")
    calendar = tmp_path / "booked.ics"
    assert cli("export", "--store", str(old), "-o", str(calendar)).code == 0
    calendar.write_bytes(calendar.read_bytes().replace(b"T143000", b"T160000"))
    before = files(new)
    result = cli("import", "--store", str(new), str(calendar), "--dry-run")
    assert result.code == 0, result.err
    assert files(new) == before
    assert "1 records: 0 new" in result.out or "records: 0 new" in result.out
