"""The commands that record an entry of a kind, what they complete, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Cli, only_card

Snapshot = Callable[[Path], dict[str, bytes]]


def text(salon: Path) -> str:
    return only_card(salon).read_text("utf-8")


def settings(salon: Path, more: str) -> None:
    """Add to cardcli.yaml; what is there under the same keys goes."""
    path = salon / "cardcli.yaml"
    keys = {line.split(":")[0] for line in more.splitlines() if line[:1].isalpha()}
    kept = [line for line in path.read_text("utf-8").splitlines() if line.split(":")[0] not in keys]
    path.write_text("\n".join(kept) + "\n" + more, "utf-8")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("sell", "M", "Маска", "--price", "1200", "--qty", "2", "--staff", "Ольга"),
            "- 2026-06-15 Маска [price:: 1200] [qty:: 2] [staff:: Ольга] ^",
        ),
        (
            ("pay", "M", "2500", "--method", "card"),
            "- 2026-06-15 Платёж [amount:: 2500] [method:: card] ^",
        ),
        (
            ("pay", "M", "2500", "--for", "Абонемент"),
            "- 2026-06-15 Абонемент [amount:: 2500] ^",
        ),
        (
            ("survey", "M", "NPS", "--score", "9", "--scale", "0–10", "--result", "довольна"),
            "- 2026-06-15 NPS [score:: 9] [scale:: 0-10] [result:: довольна] ^",
        ),
        (("survey", "M", "Анкета"), "- 2026-06-15 Анкета ^"),
        (
            ("survey", "M", "Анкета", "--score", "5"),
            "- 2026-06-15 Анкета [score:: 5] [scale:: 1-5] ^",
        ),
        (
            ("observe", "M", "Сухая кожа", "--area", "skin", "--staff", "Инна"),
            "- 2026-06-15 Сухая кожа [area:: skin] [staff:: Инна] ^",
        ),
        (
            (
                "contact",
                "M",
                "Перенос",
                "--channel",
                "call",
                "--direction",
                "in",
                "--duration",
                "3",
            ),
            "- 2026-06-15 Перенос [channel:: call] [direction:: in] [duration:: 3] ^",
        ),
        (
            ("contact", "M", "Жалоба", "--channel", "request", "--date", "вчера", "--time", "9:05"),
            "- 2026-06-14 09:05 Жалоба [channel:: request] [status:: open] [history:: 2026-06-14 open] ^",
        ),
        (
            ("deal", "M", "Абонементы", "--amount", "60 000", "--close", "+1m"),
            "- 2026-06-15 Абонементы [stage:: lead] [history:: 2026-06-15 lead] [amount:: 60000] [close:: 2026-07-15] ^",
        ),
        (
            ("offer", "M", "Скидка на второй пилинг", "--until", "+2w"),
            "- 2026-06-15 Скидка на второй пилинг [until:: 2026-06-29] ^",
        ),
        (
            ("patch-test", "M", "Краска", "--result", "negative", "--until", "+6m"),
            "- 2026-06-15 Краска [result:: negative] [until:: 2026-12-15] ^",
        ),
        (
            ("consent", "M", "publishing", "--version", "3"),
            " [subject:: publishing] [version:: 3] ^",
        ),
    ],
)
def test_each_kind_is_one_line_of_its_section(
    salon: Path, maria: str, cli: Cli, arguments: tuple[str, ...], line: str
) -> None:
    result = cli(*(maria if each == "M" else each for each in arguments))
    assert result.code == 0, result.err
    assert line in text(salon)
    assert cli("check").out == ""


def test_the_sections_stand_in_the_order_of_the_founding_document(
    salon: Path, maria: str, cli: Cli
) -> None:
    for arguments in (
        ("offer", "x"), ("consent", "health"), ("deal", "x"), ("patch-test", "x"), ("note", "x"),
        ("observe", "x"), ("survey", "x"), ("advise", "x"), ("contact", "x"), ("pay", "5"),
        ("refund", "5"), ("sell", "x"), ("visit", "x"),
    ):  # fmt: skip
        command, *rest = arguments
        assert cli(command, maria, *rest).code == 0, arguments
    headings = [line[3:] for line in text(salon).splitlines() if line.startswith("## ")]
    assert headings == [
        "Услуги", "Покупки", "Платежи", "Возвраты", "Взаимодействия", "Опросы", "Наблюдения",
        "Пробы", "Рекомендации", "Согласия", "Сделки", "Предложения", "Заметки",
    ]  # fmt: skip


def test_a_long_text_keeps_its_lines_below_the_entry(salon: Path, maria: str, cli: Cli) -> None:
    assert cli("observe", maria, "Сухая кожа\nшелушится у крыльев носа", "--note", "крем").code == 0
    assert "- 2026-06-15 Сухая кожа ^" in text(salon)
    assert "\n  шелушится у крыльев носа\n  крем\n" in text(salon)


def test_a_payment_for_a_visit_is_called_like_the_visit(salon: Path, maria: str, cli: Cli) -> None:
    visit = cli("visit", maria, "Стрижка", "--price", "2500").ids()[0]
    assert cli("pay", maria, "2500", "--of", f"^{visit}").code == 0
    assert f"- 2026-06-15 Стрижка [amount:: 2500] [of:: {visit}] ^" in text(salon)
    assert cli("refund", maria, "500", "--of", visit, "--reason", "не тот цвет").code == 0
    over = cli("refund", maria, "2000.01", "--of", visit)
    assert over.code == 2
    assert "₽2,000.01 cannot be given back: there is ₽2,000 that was paid" in over.err
    assert cli("refund", maria, "2000", "--of", visit).code == 0


def test_the_scale_of_a_survey_is_remembered(salon: Path, maria: str, cli: Cli) -> None:
    assert cli("survey", maria, "NPS", "--score", "9", "--scale", "0-10").code == 0
    assert cli("survey", maria, "nps", "--score", "10").code == 0
    refused = cli("survey", maria, "NPS", "--score", "11")
    assert (refused.code, refused.err) == (2, "cardcli: the score 11 is outside the scale 0-10\n")
    settings(salon, "surveys:\n  Анкета: 1-7\n")
    assert cli("survey", maria, "Анкета", "--score", "7").code == 0
    assert "[score:: 7] [scale:: 1-7]" in text(salon)
    refused = cli("survey", maria, "Анкета", "--score", "7", "--scale", "1-10")
    assert (refused.code, "is 1-7 in cardcli.yaml, not 1-10" in refused.err) == (2, True)


def test_every_change_of_a_status_or_a_stage_is_dated(salon: Path, maria: str, cli: Cli) -> None:
    entry = cli("contact", maria, "Жалоба", "--status", "open", "--date", "2026-06-01").ids()[0]
    assert cli("amend", maria, entry, "status=in-progress").code == 0
    assert cli("amend", maria, entry, "outcome=вернули деньги", "status=resolved").code == 0
    assert (
        "[status:: resolved] [history:: 2026-06-01 open, 2026-06-15 in-progress, 2026-06-15 resolved]"
        in text(salon)
    )
    assert cli("check").out == ""
    settings(salon, "stages: [Заявка, КП отправлено, Счёт оплачен, contract]\n")
    deal = cli("deal", maria, "Абонементы", "--stage", "кп отправлено").ids()[0]
    assert cli("amend", maria, deal, "stage=счет оплачен").code == 0
    assert "[history:: 2026-06-15 КП отправлено, 2026-06-15 Счёт оплачен]" in text(salon)


def test_a_recommendation_is_marked_as_followed_day_by_day(
    salon: Path, maria: str, cli: Cli
) -> None:
    mask = cli("advise", maria, "Маска", "--every", "1w", "--date", "2026-06-01").ids()[0]
    assert cli("done", maria, mask, "--date", "2026-06-08").code == 0
    assert cli("done", maria, mask, "--date", "2026-06-02").code == 0
    assert "[done:: 2026-06-02, 2026-06-08] ^" in text(salon)
    again = cli("done", maria, mask, "--date", "2026-06-08")
    assert (again.code, "before" in again.err) == (0, True)
    once = cli("advise", maria, "Консультация врача").ids()[0]
    assert cli("done", maria, once).code == 0
    assert "[done:: 2026-06-15] [status:: done]" in text(salon)
    twice = cli("advise", maria, "Массаж", "--every", "1d", "--times", "2", "--date", "-2d").ids()[
        0
    ]
    cli("done", maria, twice, "--date", "-1d")
    assert json.loads(cli("done", maria, twice, "--json").out)["fields"]["status"] == "done"


def test_an_own_kind_and_own_fields_are_recorded_shown_and_given_as_json(
    salon: Path, maria: str, cli: Cli
) -> None:
    settings(
        salon,
        "kinds:\n  course:\n    heading: Курсы\n    label: Курс\n    fields:\n"
        "      sessions: {label: Процедур, type: number, low: 1, required: yes}\n"
        "      state: {choices: [идёт, окончен], history: yes}\n"
        "fields:\n  visit:\n    zone: {label: Зона, choices: [лицо, шея]}\n",
    )
    made = cli("add", "курс", maria, "Массаж", "--field", "sessions=10", "--field", "state=ИДЁТ")
    assert made.code == 0, made.err
    assert "## Курсы\n\n- 2026-06-15 Массаж [sessions:: 10] [state:: идёт]" in text(salon)
    assert cli("visit", maria, "Чистка", "--field", "zone=Лицо").code == 0
    assert "Процедур: 10" in cli("show", maria).out
    entry = json.loads(cli("show", maria, "--json").out)["entries"][-1]
    assert (entry["kind"], entry["fields"]["sessions"]) == ("course", "10")
    assert cli("check").out == ""
    for output in ("text", "html"):
        printed = cli("print", maria, "--format", output, "--output", f"card.{output}")
        assert printed.code == 0, printed.err
        assert "Курсы" in Path(f"card.{output}").read_text("utf-8")


KIND = "kinds:\n  course:\n    heading: Курсы\n    fields:\n      sessions: {type: number, required: yes}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("sell", "M", ""), 2, "Product: the value is empty"),
        (("sell", "M", "x", "--price", "-1"), 2, "below zero"),
        (("sell", "M", "x", "--qty", "-1"), 2, "Quantity: -1 is less than 0"),
        (("pay", "M", "-5"), 2, "an amount cannot be below zero: -5"),
        (("pay", "M", "0"), 2, "the amount must be above zero"),
        (("pay", "M", "много"), 2, "is not an amount of money"),
        (("pay", "M", "5", "--method", "crad"), 2, "Did you mean “card”?"),
        (("pay", "M", "5", "--of", "zzzzzz"), 1, "has no entry “zzzzzz”"),
        (("pay", "M", "5", "--of", "NOTE"), 2, "is no Visit, Sale"),
        (("refund", "M", "5"), 2, "cannot be given back: there is ₽0 that was paid"),
        (("refund", "M", "5", "--of", "NOTE"), 2, "is no Visit, Sale, Payment"),
        (("survey", "M", "x", "--score", "6"), 2, "the score 6 is outside the scale 1-5"),
        (("survey", "M", "x", "--scale", "много"), 2, "is not a scale. Write 1-5 or 0-10."),
        (("survey", "M", "x", "--score", "five"), 2, "is not a number"),
        (
            ("observe", "M", "x", "--area", "skim"),
            2,
            "skin, hair, nails, body, other. Did you mean",
        ),
        (("contact", "M", "x", "--channel", "fax"), 2, "call, email, chat, visit, request, other"),
        (("contact", "M", "x", "--status", "closed"), 2, "open, in-progress, resolved, rejected"),
        (("contact", "M", "x", "--duration", "-3"), 2, "outside 0 to 1440"),
        (("deal", "M", "x", "--stage", "wonn"), 2, "Did you mean “won”?"),
        (("deal", "M", "x", "--close", "-1d"), 2, "is before the day of the entry"),
        (("offer", "M", "x", "--until", "вчера"), 2, "is before the day of the entry"),
        (("offer", "M", "x", "--response", "maybe"), 2, "accepted, declined, thinking, none"),
        (("patch-test", "M", "x", "--result", "ok"), 2, "negative, positive, doubtful"),
        (("consent", "M", "fotos"), 2, "Did you mean “photo”?"),
        (("consent", "M", "health", "--withdraw"), 1, "has given no consent"),
        (("consent", "M", "health", "--withdraw", "--version", "1"), 2, "goes with --date only"),
        (("consent", "M", "health", "--document", "/nowhere"), 2, "There is no file /nowhere"),
        (("add", "corse", "M", "x"), 2, "Did you mean “course”?"),
        (("add", "course", "M", "x"), 2, "sessions: it must be given"),
        (("add", "difference", "M", "x"), 2, "There is no kind “difference”"),
        (("add", "sale", "M", "x", "--field", "qty=-1"), 2, "is less than 0"),
        (("done", "M", "zzzzzz"), 1, "has no entry “zzzzzz”"),
        (("done", "M", "NOTE"), 2, "is no recommendation but: Note"),
        (("done", "M", "ADVICE", "--date", "2026-06-01"), 2, "is before the day"),
        (("done", "M", "ADVICE", "--date", "завтра"), 2, "lies in the future"),
        (("amend", "M", "ADVICE", "until=2026-01-01"), 2, "is before the day of the entry"),
        (("visit", "M", "x", "--force"), 2, "--force needs --reason"),
        (("sell", "M", "x", "--force", "--reason", " "), 2, "--force needs --reason"),
    ],
)
def test_bad_input_is_a_sentence_and_a_code_and_changes_nothing(
    salon: Path,
    maria: str,
    cli: Cli,
    snapshot: Snapshot,
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
) -> None:
    settings(salon, KIND)
    note = cli("note", maria, "Тишина").ids()[0]
    advice = cli("advise", maria, "Маска").ids()[0]
    before = snapshot(salon)
    words = {"M": maria, "NOTE": note, "ADVICE": advice}
    result = cli(*(words.get(each, each) for each in arguments))
    assert (result.code, result.out) == (code, ""), result.err
    assert sentence in result.err
    assert snapshot(salon) == before
