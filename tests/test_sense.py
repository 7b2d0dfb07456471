from __future__ import annotations

from cardcli.entry import Entry
from cardcli.kinds import Kinds
from cardcli.sense import contradictions, dated, outdated_history

KINDS = Kinds()
CONTACT = KINDS.named("contact")


def contact(**fields: str) -> Entry:
    return Entry("k7f3qd", "2026-05-14", "Перенос записи", fields=fields, kind="contact")


def test_each_change_of_a_status_is_dated_in_the_history() -> None:
    new = dated(CONTACT, None, contact(status="open"), "2026-05-14")
    assert new.fields["history"] == "2026-05-14 open"
    changed = new._replace(fields={**new.fields, "status": "resolved"})
    solved = dated(CONTACT, new, changed, "2026-05-16")
    assert solved.fields["history"] == "2026-05-14 open, 2026-05-16 resolved"
    assert outdated_history(CONTACT, solved) == ""
    assert "ends with “open”" in outdated_history(CONTACT, changed)


def test_an_entry_whose_status_stays_keeps_its_history() -> None:
    old = contact(status="open")
    assert dated(CONTACT, old, old._replace(title="Другое"), "2026-06-01").fields == old.fields
    assert dated(CONTACT, None, contact(), "2026-06-01").fields == {}
    assert dated(KINDS.named("note"), None, contact(status="x"), "2026-06-01").fields == {
        "status": "x"
    }


def test_a_history_that_was_corrected_by_hand_is_left_as_given() -> None:
    old = contact(status="open", history="2026-05-14 open")
    new = contact(status="resolved", history="2026-05-14 open, 2026-05-15 resolved")
    assert dated(CONTACT, old, new, "2026-06-01") == new


def test_values_that_contradict_each_other_are_named() -> None:
    survey = Entry("", "2026-05-14", "NPS", fields={"score": "11", "scale": "0-10"}, kind="survey")
    assert list(contradictions(KINDS.named("survey"), survey)) == [
        "the score 11 is outside the scale 0-10"
    ]
    offer = Entry("", "2026-05-14", "Скидка", fields={"until": "2026-05-13"}, kind="offer")
    assert list(contradictions(KINDS.named("offer"), offer)) == [
        "Valid until: 2026-05-13 is before the day of the entry, 2026-05-14"
    ]
    assert not list(
        contradictions(KINDS.named("offer"), offer._replace(fields={"until": "2026-05-14"}))
    )
