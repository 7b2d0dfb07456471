"""Is a service or product safe for this client: alerts with their reasons, in whole sentences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from cardcli import dates, profile
from cardcli.card import Card
from cardcli.cautions import Caution
from cardcli.entry import Entry
from cardcli.language import _, active
from cardcli.tuples import NamedTuple
from cardcli.words import mentions

# the patterns are compiled when they are first needed: start-up time
_REMARK = r"\s[—–-]\s|[:(]"
_LIST = r"[,;/]"
_AND = r"(?i)\s(?:и|and)\s"
_FOR = r"(?i)\b(?:для|for)\b"


class Alert(NamedTuple):
    """Why a service or product is not safe; ``reason`` is health, patch-test or consent."""

    reason: str
    message: str


class Fact(NamedTuple):
    """Something on the card that may speak against a service: under which label, in which words."""

    label: str
    value: str

    @property
    def substances(self) -> list[str]:
        """Return what it is about, without the remark: «лидокаин — отёк Квинке» is «лидокаин».

        «Лидокаин и новокаин» are two; «краска для волос и бровей» is one.
        """
        parts = re.split(_LIST, re.split(_REMARK, self.value)[0])
        return [
            each
            for part in parts
            for each in ([part] if re.search(_FOR, part) else re.split(_AND, part))
        ]


def alerts(card: Card, text: str, cautions: Iterable[Caution], today: dt.date) -> list[Alert]:
    """Return what on the card speaks against a service or product described by *text*.

    What the client must avoid and *text* names is an alert without any rule.
    """
    known = facts(card)
    named = [fact for fact in known if any(mentions(text, each) for each in fact.substances)]
    rest = [fact for fact in known if fact not in named]
    found = [
        Alert("health", _("{label}: {fact}").format(label=fact.label, fact=fact.value))
        for fact in named
    ]
    for caution in cautions:
        name = caution.concerns(text)
        if name:
            alarmed = list(_against(card, caution, name, rest, today))
            if alarmed and caution.say:
                alarmed.append(Alert(alarmed[-1].reason, caution.say))
            found += alarmed
    return list(dict.fromkeys(found))


def facts(card: Card) -> list[Fact]:
    """Return all on the card that may speak against a service."""
    found = [
        Fact(_(profile.field(key).label), value)
        for key in profile.HEALTH
        for value in card.values(key)
    ]
    tests = _latest_tests(card)
    return found + [
        Fact(_("Patch test: {result}").format(result=_result(test)), test.title)
        for test in tests
        if test.fields.get("result") in {"positive", "doubtful"}
    ]


def _latest_tests(card: Card) -> list[Entry]:
    latest = {each.title: each for each in sorted(card.of_kind("patch-test"), key=lambda e: e.key)}
    return list(latest.values())


def _result(test: Entry) -> str:
    result = test.fields.get("result", "")
    return {"positive": _("positive"), "doubtful": _("doubtful"), "negative": _("negative")}.get(
        result, result
    )


def _against(
    card: Card, caution: Caution, name: str, known: list[Fact], today: dt.date
) -> Iterator[Alert]:
    for fact in known:
        if any(mentions(fact.value, word) for word in (*caution.allergens, *caution.conditions)):
            sentence = _("{label}: {fact} (rule for “{name}”)")
            message = sentence.format(label=fact.label, fact=fact.value, name=name)
            yield Alert("health", message)
    if caution.patch_test:
        message = _patch_test(card, caution, today)
        if message:
            yield Alert("patch-test", message)
    for subject in caution.consents:
        message = consent_lacking(card, subject, today)
        if message:
            yield Alert("consent", message)


def _patch_test(card: Card, caution: Caution, today: dt.date) -> str:
    """Return what is wrong with the latest test of the substance, or ""."""
    substance = caution.patch_test
    tests = [
        each
        for each in card.of_kind("patch-test")
        if mentions(each.title, substance) and each.date <= today.isoformat()
    ]
    if not tests:
        return _("There is no patch test for “{substance}”.").format(substance=substance)
    test = max(tests, key=lambda each: each.key)
    date = dates.show_date(test.date, active())
    result = test.fields.get("result", "")
    if not result:
        sentence = _("The patch test for “{substance}” of {date} has no result yet.")
        return sentence.format(substance=substance, date=date)
    if result != "negative":
        sentence = _("The patch test for “{substance}” of {date} was {result}.")
        return sentence.format(substance=substance, date=date, result=_result(test))
    until = valid_until(test, caution)
    if until and until < today:
        sentence = _("The patch test for “{substance}” of {date} was valid until {until}.")
        shown = dates.show_date(until.isoformat(), active())
        return sentence.format(substance=substance, date=date, until=shown)
    return ""


def valid_until(test: Entry, caution: Caution) -> dt.date | None:
    """Return the last day of a test: its own, else by the rule's period, else None."""
    if until := dates.from_iso(test.fields.get("until", "")):
        return until
    made = dates.from_iso(test.date)
    return caution.valid.after(made) if caution.valid and made else None


def consent_lacking(card: Card, subject: str, today: dt.date) -> str:
    """Return why there is no consent to *subject* on that day, or "" when there is one."""
    day = today.isoformat()
    given = [
        each
        for each in card.of_kind("consent")
        if each.fields.get("subject") == subject and each.date <= day
    ]
    if any(_in_force(each, day) for each in given):
        return ""
    field = card.kinds.named("consent").field("subject")
    name = _(dict(field.choices).get(subject, subject)) if field else subject
    if not given:
        return _("There is no consent: {subject}.").format(subject=name)
    last = max(given, key=lambda each: each.key)
    ended = last.fields.get("withdrawn", "")
    sentence = (
        _("The consent was withdrawn on {date}: {subject}.")
        if ended
        else _("The consent was valid until {date}: {subject}.")
    )
    date = dates.show_date(ended or last.fields.get("until", ""), active())
    return sentence.format(subject=name, date=date)


def _in_force(consent: Entry, day: str) -> bool:
    withdrawn, until = consent.fields.get("withdrawn", ""), consent.fields.get("until", "")
    return not (withdrawn and withdrawn <= day) and not (until and until < day)
