"""What the founding documents ask: every row of docs/requirements.md works, and no row gets lost."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cardcli.cli import starting
from tests.conftest import Cli

TABLE = Path(__file__).parents[1] / "docs" / "requirements.md"
NOON = 1795262400  # 2026-11-21 12:00 UTC: the sample salon has entries up to a week before
ASKED = """
    S0-1-oneplace S0-1-analyse S0-1-personal S0-1-loyal S0-1-time S0-1-mkt
    S0-2.1-fio S0-2.1-phone S0-2.1-email S0-2.1-birth S0-2.1-marital S0-2.1-job S0-2.1-hobby
    S0-2.1-ifneeded S0-2.2-dates S0-2.2-names S0-2.2-photos S0-2.2-reviews S0-2.3-chronic
    S0-2.3-allergy S0-2.3-prefs S0-2.3-safety S0-2.4-quality S0-2.4-staff S0-2.4-ideas S0-2.4-use
    S0-2.5-recs S0-2.6-law
    S0-3.1-order S0-3.2-line S0-3.2-detail S0-3.2-photos S0-3.2-review S0-3.2-effect S0-3.3-short
    S0-3.3-date S0-3.3-name S0-3.3-concl S0-3.3-find S0-3.4-date S0-3.4-essence S0-3.4-term
    S0-3.4-max S0-3.4-track S0-3.5-struct
    S0-4.1-single S0-4.1-regular S0-4.1-access S0-4.2-demand S0-4.2-segment S0-4.2-offers
    S0-4.3-prev S0-4.3-indiv S0-4.3-inform S0-4.4-crm
    S0-5.1-title S0-5.2-personal S0-5.3-history S0-5.4-cosm S0-5.5-survey S0-5.6-recs S0-5.7-vary
    S1-form S1-data S1-fields S1-findupd S1-share S1-track S1-relevant S1-spheres S1-demog
    S1-quality S1-target S1-keep S1-P1-collect S1-P2-update S1-P3-organise S1-P4-secure
    S1-P5-integrate S1-B1-central S1-B3-routine S1-B5-forecast S1-B4-needs S1-react S1-access
    S1-problems
    S2-c1-contact S2-c2-purch S2-c3-inter S2-c4-pref S2-c5-demo S2-c6-social S2-c7-cat
    S2-w1-similar S2-w2-norepeat S2-w3-trend S2-w4-autoseg S2-w5-sales
    S2-k1-person S2-k1-contacts S2-k1-status S2-k2-list S2-k2-dates S2-k2-sum S2-k2-returns
    S2-k3-calls S2-k3-email S2-k3-chat S2-k3-status S2-k4-total S2-k4-debt S2-k4-limit
    S2-k5-interest S2-k5-auto S2-k5-rating S2-k6-files S2-k7-notes
    S2-t1-db S2-t1-clients S2-t1-trans S2-t1-inter S2-t3-top S2-t3-clear S2-t4-contact
    S2-t4-contract S2-t4-next
    S2-e1-winback S2-e2-salon S2-e3-b2b S2-e4-plan
"""
"""The ids of what the documents ask, in the order of the table: none may get lost."""


@dataclass(frozen=True)
class Row:
    """One row: the commands as words, the exit code of the last, what the output holds and what not."""

    id: str
    commands: tuple[tuple[str, ...], ...]
    code: int
    texts: tuple[str, ...]
    absent: tuple[str, ...]


def rows() -> Iterator[Row]:
    for line in TABLE.read_text("utf-8").split("\n"):
        if re.match(r"\| S\d", line):
            name, _asked, command, shows = (cell.strip() for cell in line.strip("| ").split(" | "))
            code = re.search(r"\*\*exit (\d+)\*\*", shows)
            quoted = re.findall(r"(\*\*not\*\* )?`([^`]+)`", shows)
            yield Row(
                name,
                tuple(tuple(shlex.split(each)) for each in command.strip("`").split(" && ")),
                int(code[1]) if code else 0,
                tuple(text for no, text in quoted if not no),
                tuple(text for no, text in quoted if no),
            )


def squeezed(text: str) -> str:
    """Where a line breaks and how wide a column is says nothing."""
    return " ".join(text.split())


def failures(cli: Cli, row: Row) -> Iterator[str]:
    """Yield what is wrong with a row, in words for who reads the report of the test."""
    output, codes = "", []
    for program, *arguments in row.commands:
        assert program == "cardcli", row
        result = cli(*arguments)
        output += f" {result.out} {result.err}"
        codes.append(result.code)
    output = squeezed(output)
    if codes != [*[0] * (len(codes) - 1), row.code]:
        yield f"{row.id}: exit codes {codes}: {output[-300:]}"
    place = 0
    for text in row.texts:
        found = output.find(text, place)
        if found < 0:
            why = "is shown too early" if text in output else "is not shown"
            yield f"{row.id}: “{text}” {why}"
        place = max(place, found + len(text))
    yield from (f"{row.id}: “{text}” is shown" for text in row.absent if text in output)


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the sample salon, go there, and speak Russian on the day the table is about."""
    root = tmp_path / "salon"
    starting.copy_sample(root)
    monkeypatch.setenv("LANGUAGE", "ru")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(NOON))
    monkeypatch.chdir(root)
    return root


def test_every_row_works_and_shows_what_it_says(cli: Cli, sample: Path) -> None:
    assert sample.is_dir()
    wrong = [failure for row in rows() for failure in failures(cli, row)]
    assert not wrong, "\n".join(["", *wrong])


def test_every_thing_that_was_asked_has_one_row() -> None:
    assert [row.id for row in rows()] == ASKED.split()


def test_every_row_shows_something() -> None:
    assert [row.id for row in rows() if not row.texts] == []
