"""vCard out: contacts as phones read them, version 3.0 (RFC 2426) or 4.0 (RFC 6350).

What a vCard has no word for travels in ``X-CARDCLI-`` properties and comes back by ``import``. Health
data stays at home: a phone hands its contacts on to whoever made it. A birthday without its year is
written in 3.0 as Apple does, the only form both iOS and Android take.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from cardcli.card import Card
from cardcli.exchange.outgoing import PORTRAIT, Going, Outgoing, Parts, Settings
from cardcli.exchange.vcard import OMITTED, OURS, TYPES
from cardcli.ics import PRODUCT, escaped, folded
from cardcli.person import name_of
from cardcli.profile import HEALTH, MERGED

VERSIONS = ("3.0", "4.0")
_APPLE_YEAR = "1604"
_STANDARD = frozenset({
    "id", "number", "name", "family", "given", "patronymic", "phones", "emails", "addresses", "birthday", "job",
    "workplace", "social", "comment", "tags", "sex", MERGED, *HEALTH,
})  # fmt: skip
_SEX = {"female": "F", "male": "M"}
_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


def contacts(going: Going, settings: Settings) -> Parts:
    """Yield one vCard for each client."""
    for each in going:
        lines = [
            "BEGIN:VCARD",
            f"VERSION:{settings.version}",
            f"PRODID:{PRODUCT}",
            *_named(each.card, settings.version),
            *_reached(each.card),
            *_described(each.card, settings.version),
            *_ours(each.card),
            *_picture(each, settings.version),
            "END:VCARD",
        ]
        yield "".join(f"{part}\r\n" for line in lines for part in folded(line)).encode()


def _named(card: Card, version: str) -> Iterator[str]:
    name = name_of(card)
    parts = ";".join(map(escaped, (name.family, name.given, name.patronymic, "", "")))
    company = card.value("company")
    yield f"N:{parts}"
    yield f"FN:{escaped(card.name)}"
    if company and not card.metadata.get("name"):
        yield f"ORG:{escaped(company)}"
        yield "KIND:org" if version == "4.0" else "X-ABShowAs:COMPANY"
    elif work := card.value("workplace"):
        yield f"ORG:{escaped(work)}"
    if job := card.value("job"):
        yield f"TITLE:{escaped(job)}"


def _reached(card: Card) -> Iterator[str]:
    """Yield phones, e-mails, addresses and profiles; a label no phone knows is a custom one."""
    number = 0
    for key, name, plain in (
        ("phones", "TEL", "CELL"),
        ("emails", "EMAIL", "INTERNET"),
        ("addresses", "ADR", ""),
        ("social", "X-SOCIALPROFILE", ""),
    ):
        for label, text in card.labelled(key):
            value = f";;{escaped(text)};;;;" if name == "ADR" else escaped(text)
            words = label.split(" ") if label else []
            if all(word in TYPES.values() for word in words) and name != "X-SOCIALPROFILE":
                types = ",".join(word.upper() for word in words) or plain
                yield f"{name};TYPE={types}:{value}" if types else f"{name}:{value}"
            elif label:
                number += 1
                yield f"item{number}.{name}:{value}"
                yield f"item{number}.X-ABLabel:{escaped(label)}"
            else:
                yield f"{name}:{value}"


def _described(card: Card, version: str) -> Iterator[str]:
    if birthday := card.value("birthday"):
        yield _birthday(birthday, version)
    if sex := _SEX.get(card.value("sex")):
        yield f"GENDER:{sex}" if version == "4.0" else f"X-GENDER:{sex}"
    if tags := card.values("tags"):
        yield f"CATEGORIES:{','.join(map(escaped, tags))}"
    if comment := card.value("comment"):
        yield f"NOTE:{escaped(comment)}"


def _birthday(birthday: str, version: str) -> str:
    yearless = birthday.startswith("--")
    if version == "4.0":
        return f"BDAY:{'--' if yearless else ''}{birthday.replace('-', '')}"
    if yearless:
        return f"BDAY;{OMITTED}={_APPLE_YEAR}:{_APPLE_YEAR}-{birthday[2:]}"
    return f"BDAY:{escaped(birthday)}"


def _ours(card: Card) -> Iterator[str]:
    yield f"UID:{card.id}@cardcli"
    yield f"{OURS}ID:{card.id}"
    if card.number:
        yield f"{OURS}NUMBER:{escaped(card.number)}"
    person = bool(card.metadata.get("name"))
    order = (*card.kinds.profile.order, *sorted(card.metadata))
    for key in dict.fromkeys(key for key in order if key in card.metadata):
        value = card.metadata[key]
        if key in _STANDARD or (key == "company" and not person):
            continue
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        for text in texts:
            if isinstance(text, str) and text:
                yield f"{_own_name(card, key)}:{escaped(text)}"


def _own_name(card: Card, key: str) -> str:
    """Return the property of a key; one of the user's own, in whatever letters, is a parameter."""
    if key.isascii() and card.kinds.profile.known(key):
        return OURS + key.upper().replace("_", "-")
    return f'{OURS}FIELD;X-KEY="{key.replace(chr(34), chr(39))}"'


def _picture(going: Outgoing, version: str) -> Iterator[str]:
    """Yield the newest portrait, if there is one."""
    portraits = [each for each in going.files if PORTRAIT in each.path]
    if not portraits:
        return
    newest = portraits[-1]
    kind = _PICTURES.get(newest.path.rpartition(".")[2].lower(), "JPEG")
    data = base64.b64encode(newest.read()).decode()
    if version == "4.0":
        yield f"PHOTO:data:image/{kind.lower()};base64,{data}"
    else:
        yield f"PHOTO;ENCODING=b;TYPE={kind}:{data}"
