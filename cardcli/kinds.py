"""The kinds of entries: one table that parsing, checking, options, printing and export read.

A kind has one section in a card; its heading is known in each language and the order of the table
is the order of the sections (founding document 000, 3.1). ``cardcli.yaml`` adds kinds and fields.
"""

from __future__ import annotations

from collections.abc import Iterable

from cardcli import profile
from cardcli.fields import Field, Type
from cardcli.language import LANGUAGES, N_
from cardcli.profile import Profile
from cardcli.text import fold
from cardcli.tuples import NamedTuple

PROSE = "prose"
"""What stands for the user's own text where kinds are named."""
DIFFERENCE = "difference"
"""The kind of what a merge could not decide."""


class Kind(NamedTuple):
    """A kind of entry.

    ``headings`` maps a language to the heading of its section; ``label`` names one entry and
    ``title_label`` what its title holds, both as message ids.
    """

    name: str
    headings: dict[str, str]
    label: str
    title_label: str
    fields: tuple[Field, ...] = ()

    def heading(self, language: str) -> str:
        """Return the heading of the section in *language*."""
        return self.headings.get(language) or self.headings["en"]

    def field(self, key: str) -> Field | None:
        """Return the field stored as *key*, or None for a field of the user's own."""
        return next((field for field in self.fields if field.key == key), None)

    @property
    def tracked(self) -> Field | None:
        """Return the field whose changes are dated, if the kind has one."""
        return next((field for field in self.fields if field.tracked), None)

    def canonical(self, typed: str) -> str:
        """Return the stored key for what was typed: the key itself, or its label in any language."""
        for field in (*self.fields, *HEAD):
            labels = (field.title(language) for language in LANGUAGES)
            if fold(typed) in {field.key, *map(fold, labels)}:
                return field.key
        return typed.strip()


HEAD: tuple[Field, ...] = (
    Field("date", Type.DATE, N_("Date")),
    Field("time", Type.TEXT, N_("Time")),
    Field("title", Type.TEXT, N_("Title")),
    Field("text", Type.TEXT, N_("Text")),
    Field("section", Type.TEXT, N_("Section")),
)
"""What every entry has besides the fields of its kind."""

HISTORY = "history"
"""The key of the field that dates each change of a kind's tracked field."""


def tracked(field: Field) -> tuple[Field, Field]:
    """Return a field whose changes are dated, and the history that dates them."""
    return (
        field._replace(tracked=True),
        Field(HISTORY, Type.HISTORY, N_("History"), choices=field.choices),
    )


_STAFF = Field("staff", Type.PERSON, N_("Staff"))
_PRICE = Field("price", Type.MONEY, N_("Price"))
_REASON = Field("reason", Type.TEXT, N_("Reason"))
_AMOUNT = Field("amount", Type.MONEY, N_("Amount"), required=True)
_OF = Field("of", Type.ENTRY, N_("Of entry"))
_METHOD = Field("method", Type.CHOICE, N_("Method"), (
    ("cash", N_("cash")), ("card", N_("card")), ("transfer", N_("transfer")), ("other", N_("other")),
))  # fmt: skip
_SHA256 = Field("sha256", Type.TEXT, N_("SHA-256"))
_VALID_UNTIL = Field("until", Type.DATE, N_("Valid until"))

BUILTIN: tuple[Kind, ...] = (
    Kind(
        "visit", {"en": "Services", "ru": "Услуги"}, N_("Visit"), N_("Service"),
        (
            _PRICE,
            _STAFF,
            Field("duration", Type.NUMBER, N_("Minutes"), low=1, high=1440),
            Field("products", Type.TEXT, N_("Products")),
            Field("rating", Type.NUMBER, N_("Rating"), low=1, high=5),
            Field("feedback", Type.TEXT, N_("Feedback")),
            Field("wish", Type.TEXT, N_("Wish")),
            Field("before", Type.FILE, N_("Photo before")),
            Field("after", Type.FILE, N_("Photo after")),
            _REASON,
        ),
    ),
    Kind("sale", {"en": "Purchases", "ru": "Покупки"}, N_("Sale"), N_("Product"), (
        _PRICE, Field("qty", Type.NUMBER, N_("Quantity"), low=0), _STAFF, _REASON,
    )),
    Kind("payment", {"en": "Payments", "ru": "Платежи"}, N_("Payment"), N_("For what"), (
        _AMOUNT, _METHOD, _OF, _STAFF,
    )),
    Kind("refund", {"en": "Refunds", "ru": "Возвраты"}, N_("Refund"), N_("For what"), (
        _AMOUNT, _METHOD, _OF, _REASON, _STAFF,
    )),
    Kind("contact", {"en": "Interactions", "ru": "Взаимодействия"}, N_("Contact"), N_("What about"), (
        Field("channel", Type.CHOICE, N_("Channel"), (
            ("call", N_("call")), ("email", N_("e-mail")), ("chat", N_("chat")),
            ("visit", N_("visit")), ("request", N_("request")), ("other", N_("other")),
        )),
        Field("direction", Type.CHOICE, N_("Direction"), (("in", N_("incoming")), ("out", N_("outgoing")))),
        *tracked(Field("status", Type.CHOICE, N_("Status"), (
            ("open", N_("open")), ("in-progress", N_("in progress")),
            ("resolved", N_("resolved")), ("rejected", N_("rejected")),
        ))),
        Field("outcome", Type.TEXT, N_("Outcome")),
        Field("duration", Type.NUMBER, N_("Minutes"), low=0, high=1440),
        _STAFF,
    )),
    Kind("survey", {"en": "Surveys", "ru": "Опросы"}, N_("Survey"), N_("Survey"), (
        Field("score", Type.NUMBER, N_("Score"), low=0),
        Field("scale", Type.SCALE, N_("Scale")),
        Field("staff", Type.PERSON, N_("Staff concerned")),
        Field("result", Type.TEXT, N_("Result")),
        Field("conclusion", Type.TEXT, N_("Conclusion")),
        Field("wish", Type.TEXT, N_("Wish")),
    )),
    Kind("observation", {"en": "Observations", "ru": "Наблюдения"}, N_("Observation"), N_("Observation"), (
        Field("area", Type.CHOICE, N_("Area"), (
            ("skin", N_("skin")), ("hair", N_("hair")), ("nails", N_("nails")),
            ("body", N_("body")), ("other", N_("other")),
        )),
        _STAFF,
    )),
    Kind("patch-test", {"en": "Patch tests", "ru": "Пробы"}, N_("Patch test"), N_("Substance"), (
        Field("result", Type.CHOICE, N_("Result"), (
            ("negative", N_("negative")), ("positive", N_("positive")), ("doubtful", N_("doubtful")),
        )),
        _VALID_UNTIL,
        _STAFF,
    )),
    Kind("advice", {"en": "Recommendations", "ru": "Рекомендации"}, N_("Recommendation"), N_("Recommendation"), (
        Field("kind", Type.CHOICE, N_("Kind"), (
            ("service", N_("service")), ("product", N_("product")), ("regime", N_("regime")), ("other", N_("other")),
        )),
        Field("every", Type.PERIOD, N_("How often")),
        Field("until", Type.DATE, N_("Until")),
        Field("times", Type.NUMBER, N_("Times"), low=1),
        _STAFF,
        Field("status", Type.CHOICE, N_("Status"), (
            ("active", N_("active")), ("done", N_("done")), ("partial", N_("partly done")),
            ("not-done", N_("not done")), ("cancelled", N_("cancelled")),
        )),
        Field("done", Type.DATES, N_("Followed on")),
        _REASON,
    )),
    Kind("document", {"en": "Documents", "ru": "Документы"}, N_("Document"), N_("Document"), (
        Field("kind", Type.CHOICE, N_("Kind"), (
            ("contract", N_("contract")), ("consent", N_("consent")), ("invoice", N_("invoice")),
            ("offer", N_("offer")), ("photo", N_("photo")), ("screenshot", N_("screenshot")), ("other", N_("other")),
        )),
        Field("file", Type.FILE, N_("File")),
        _SHA256,
        Field("expires", Type.DATE, N_("Expires")),
        _STAFF,
    )),
    Kind("consent", {"en": "Consents", "ru": "Согласия"}, N_("Consent"), N_("Consent"), (
        Field("subject", Type.CHOICE, N_("Subject"), (
            ("processing", N_("processing of personal data")), ("health", N_("health data")),
            ("photo", N_("taking photos")), ("publishing", N_("publishing photos")),
            ("advertising", N_("advertising")),
        ), required=True),
        Field("version", Type.TEXT, N_("Version of the document")),
        _SHA256,
        _VALID_UNTIL,
        Field("withdrawn", Type.DATE, N_("Withdrawn")),
        _STAFF,
    )),
    Kind("deal", {"en": "Deals", "ru": "Сделки"}, N_("Deal"), N_("Deal"), (
        *tracked(Field("stage", Type.CHOICE, N_("Stage"), (
            ("lead", N_("lead")), ("talks", N_("talks")), ("offer", N_("offer")),
            ("contract", N_("contract")), ("won", N_("won")), ("lost", N_("lost")),
        ))),
        Field("amount", Type.MONEY, N_("Amount")),
        Field("close", Type.DATE, N_("Expected close")),
        _STAFF,
    )),
    Kind("offer", {"en": "Offers", "ru": "Предложения"}, N_("Offer"), N_("Offer"), (
        _VALID_UNTIL,
        Field("response", Type.CHOICE, N_("Response"), (
            ("accepted", N_("accepted")), ("declined", N_("declined")),
            ("thinking", N_("thinking it over")), ("none", N_("no answer")),
        )),
        _STAFF,
    )),
    Kind("note", {"en": "Notes", "ru": "Заметки"}, N_("Note"), N_("Note"), (_STAFF,)),
    Kind(DIFFERENCE, {"en": "To check", "ru": "Сверить"}, N_("Difference"), N_("Difference"), (
        Field("field", Type.TEXT, N_("Field")),
        Field("other", Type.TEXT, N_("Other value")),
        _OF,
    )),
)  # fmt: skip


class Kinds:
    """The tables of one store: its kinds of entries and the keys of its profiles.

    Both hold what is built in and what the business added.
    """

    def __init__(self, kinds: Iterable[Kind] = BUILTIN, table: Profile = profile.STANDARD) -> None:
        self.all = tuple(kinds)
        self.profile = table
        self._by_name = {kind.name: kind for kind in self.all}
        self._by_heading = {
            fold(text): kind for kind in self.all for text in kind.headings.values()
        }

    def named(self, name: str) -> Kind:
        """Return the kind called *name*. Raises KeyError."""
        return self._by_name[name]

    def of_heading(self, heading: str) -> Kind | None:
        """Return the kind whose section has this heading, in whichever language."""
        return self._by_heading.get(fold(heading))

    def position(self, heading: str) -> int | None:
        """Return the place of a section in the canonical order, or None for the user's own."""
        kind = self.of_heading(heading)
        return self.all.index(kind) if kind else None

    def with_fields(self, name: str, fields: Iterable[Field]) -> Kinds:
        """Return these kinds with *fields* added to the kind called *name*. Raises KeyError."""
        kind = self.named(name)
        fuller = kind._replace(fields=(*kind.fields, *fields))
        return self._with(fuller if each is kind else each for each in self.all)

    def with_choices(self, name: str, key: str, choices: tuple[tuple[str, str], ...]) -> Kinds:
        """Return these kinds with other choices for a field and its history. Raises KeyError."""
        kind = self.named(name)
        changed = kind._replace(
            fields=tuple(
                field._replace(choices=choices)
                if field.key == key or (field.key == HISTORY and kind.tracked)
                else field
                for field in kind.fields
            ),
        )
        return self._with(changed if each is kind else each for each in self.all)

    def with_kind(self, kind: Kind) -> Kinds:
        """Return these kinds and one more, before the notes."""
        before = [each for each in self.all if each.name not in {"note", DIFFERENCE}]
        return self._with((*before, kind, *self.all[len(before) :]))

    def with_profile(self, table: Profile) -> Kinds:
        """Return these kinds with another profile."""
        return Kinds(self.all, table)

    def _with(self, kinds: Iterable[Kind]) -> Kinds:
        return Kinds(kinds, self.profile)
