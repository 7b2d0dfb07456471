"""vCard in: contacts of phones and of mail programs (vCard 2.1, RFC 2426, RFC 6350).

``vcard_lines`` makes properties of the file; here each finds its place in a card. Health is not
looked for in a vCard. A property without a place is told by its name, never dropped without a word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar

from cardcli.exchange import cells
from cardcli.exchange.incoming import Incoming, Noted, Options, Skipped, Told
from cardcli.exchange.layouts import PLAIN_LABELS
from cardcli.exchange.vcard_lines import Found, Property, cards
from cardcli.language import _
from cardcli.text import fold

OURS = "X-CARDCLI-"
OMITTED = "X-APPLE-OMIT-YEAR"
TYPES = {
    "home": "home", "work": "work", "fax": "fax", "pager": "pager", "main": "main", "car": "car",
    "other": "other", "school": "school",
}  # fmt: skip
"""Types of a phone or an address that say something; a mobile phone is the plain case."""
_FAXES = {"homefax": "home fax", "workfax": "work fax", "otherfax": "fax"}
"""Labels of Apple's for phones that are no telephones."""
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_TECHNICAL = frozenset({
    "PRODID", "REV", "SOURCE", "UID", "SORT-STRING", "X-ABADR", "X-ABLABEL", "X-ABSHOWAS", "X-ABUID", "MAILER",
    "X-ACCOUNT", "X-CLASS", "CLASS", "PROFILE", "NAME", "KIND", "X-IMAGETYPE", "X-IMAGEHASH",
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-MS-OL-DESIGN", "X-MS-CARDPICTURE", "X-SHARED-PHOTO-DISPLAY-PREF",
    "X-WABACCOUNT", "CLIENTPIDMAP", "XML", "X-ADDRESSBOOKSERVER-KIND", "X-RADICALE-NAME", "VND-63-SENSITIVE-CONTENT-CONFIG",
    "X-MS-TEXT", "X-EVOLUTION-FILE-AS", "X-ADDRESSING-GRAMMAR", "X-MOBILE-ACCOUNT",
})  # fmt: skip
"""What programs write for themselves: it says nothing of a person."""
_SOCIAL = {
    "X-SKYPE": "skype", "X-SKYPE-USERNAME": "skype", "X-ICQ": "icq", "X-JABBER": "jabber",
    "X-AIM": "aim", "X-MSN": "msn", "X-YAHOO": "yahoo", "X-GOOGLE-TALK": "google", "X-QQ": "qq",
    "X-TELEGRAM": "telegram", "X-TWITTER": "twitter", "X-FACEBOOK": "facebook", "X-VK": "vk",
    "X-WHATSAPP": "whatsapp", "X-INSTAGRAM": "instagram", "X-LINKEDIN": "linkedin", "X-SIP": "sip",
}  # fmt: skip
_OF_ANDROID = {
    ("nickname", ""): "NICKNAME", ("relation", ""): "RELATED", ("contact_event", "3"): "BDAY",
    ("contact_event", "1"): "ANNIVERSARY", ("contact_event", ""): "EVENT",
}  # fmt: skip
"""Kinds of Android's own property (ContactsContract), with the type that stands behind the value."""
_NAMES = frozenset({"N", "FN", "ORG"})
_COMPANIES = frozenset({"company", "org", "organization"})
_KINDS = frozenset({"KIND", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND"})
_NO_TAGS = frozenset({"mycontacts", "* mycontacts", "my contacts", "starred in android"})
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?!//)(.+)", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;]\s*(?=[^\s,;@]+@)|\s+(?=[^\s,;@]+@)")
_SEX = {"f": "female", "m": "male"}


def _not_preferred(each: Property) -> bool:
    return "pref" not in each.types and each.parameters.get("PREF") != "1"


class VCard:
    """The codec of vCards."""

    name = "vcard"

    def recognises(self, data: bytes, name: str) -> bool:
        """Tell whether a card begins near the beginning of *data*."""
        start = data[:4096].replace(b"\0", b"").upper()
        return b"BEGIN:VCARD" in start or (name.lower().endswith(".vcf") and b"BEGIN" in start)

    def read(self, data: bytes, name: str, options: Options) -> Iterator[Told]:
        """Yield the contacts of a file."""
        empty = True
        for found in cards(data, options.encoding):
            empty = False
            yield _Contact(found, f"{name}:{found.line}", options).told()
        if empty:
            yield Noted(name, _("there is no vCard in this file"))


CODEC = VCard()


class _Contact:
    """One card on its way to what a card of ours holds."""

    def __init__(self, found: Found, place: str, options: Options) -> None:
        self._found = found
        self._place = place
        self._profile = options.kinds.profile
        self._values: dict[str, list[tuple[str, str]]] = {}
        self._unknown: dict[str, list[str]] = {}
        self._remarks = list(found.remarks)
        self._id = self._number = ""
        self._photo = b""
        self._is_ours = any(each.name.startswith(OURS) for each in found.properties)
        self._labels = {
            each.group: self._without_plain(each.text)
            for each in found.properties
            if each.name == "X-ABLABEL" and each.group
        }

    def _without_plain(self, label: str) -> str:
        """Return a label of Apple's, "" for one that says no more than that it is a phone."""
        known = _APPLE_LABEL.fullmatch(label)
        plain = (known[1] if known else label).lower() in PLAIN_LABELS
        return "" if plain and not self._is_ours else _APPLE_LABEL.sub(r"\1", label)

    def told(self) -> Incoming | Skipped:
        """Return the contact, or why there is none."""
        if any(
            each.name in _KINDS and fold(each.text) == "group" for each in self._found.properties
        ):
            return Skipped(self._place, _("it is a group of contacts, not a person"))
        for each in sorted(self._found.properties, key=_not_preferred):
            self._take(each)
        self._take_names()
        if not self._values:
            reason = "; ".join(
                [*self._remarks, _("there is no name, no phone and no e-mail in it")]
            )
            return Skipped(self._place, reason)
        return Incoming(
            values=self._values,
            place=self._place,
            id=self._id,
            number=self._number,
            unknown=self._unknown,
            remarks=tuple(self._remarks),
            photo=self._photo,
        )

    def _take(self, each: Property) -> None:
        if each.name in _NAMES or each.name in _TECHNICAL or not each.value.strip(" ;"):
            return
        if each.name.startswith(OURS):
            self._take_ours(each)
        elif taken := self._TAKEN.get(each.name):
            taken(self, each)
        elif each.name in _SOCIAL:
            self._add("social", each.text, _SOCIAL[each.name])
        else:
            self._leave(each)

    def _add(self, key: str, text: str, label: str = "") -> None:
        pair = (label, text)
        if text and pair not in self._values.get(key, []):
            self._values.setdefault(key, []).append(pair)

    def _leave(self, each: Property) -> None:
        label = self._labels.get(each.group, "")
        name = f"{each.name} ({label})" if label else each.name
        self._unknown.setdefault(name, []).append(each.text[:500])

    # --- names ---

    def _take_names(self) -> None:
        """Take the parts of the name; FN only where they are missing or it says more; else the nickname."""
        parts = self._first("N")
        family, given, patronymic, *around = (*(parts.fields() if parts else []), *[""] * 5)[:5]
        named = {"family": family, "given": given, "patronymic": patronymic}
        filled = {key: text for key, text in named.items() if text}
        shown = found.text if (found := self._first("FN")) else ""
        company = self._take_company(shown, person=bool(filled))
        if fold(shown) == fold(company):
            shown = ""
        if len(filled) > 1 or (filled and not shown):
            self._values = {key: [("", text)] for key, text in filled.items()} | self._values
            known = set(fold(" ".join([*named.values(), *around])).split())
            if not set(fold(shown).replace(",", " ").split()) <= known:
                self._unknown.setdefault("FN", []).append(shown)
        elif shown:
            self._values = {"name": [("", shown)]} | self._values
        elif not (company or "workplace" in self._values):
            for text in self._unknown.pop("NICKNAME", []):
                self._add("name", text)
        for text in filter(None, around):
            self._unknown.setdefault("N", []).append(text)

    def _take_company(self, shown: str, *, person: bool) -> str:
        """Take the organisation: where a person works, or the client itself; return the latter."""
        organisation = self._first("ORG")
        parts = [part for part in organisation.fields(", ") if part] if organisation else []
        kinds = {fold(each.text) for each in self._found.properties if each.name in _KINDS}
        if not parts:
            return ""
        person = person or (bool(shown) and fold(shown) != fold(parts[0]))
        if person and not kinds & _COMPANIES:
            self._add("workplace", ", ".join(parts))
            return ""
        self._add("company", parts[0])
        if parts[1:]:
            self._unknown["ORG"] = parts[1:]
        return parts[0]

    def _first(self, name: str) -> Property | None:
        found = [each for each in self._found.properties if each.name == name]
        return next((each for each in found if each.value.strip(" ;")), None)

    # --- the rest ---

    def _label(self, each: Property) -> str:
        if label := self._labels.get(each.group, ""):
            return TYPES.get(label.lower()) or _FAXES.get(label.lower(), label)
        return each.parameters.get("X-LABEL") or " ".join(
            TYPES[kind] for kind in each.types if kind in TYPES
        )

    def _take_phone(self, each: Property) -> None:
        number = re.sub(r"^tel:", "", each.text, flags=re.IGNORECASE)
        number = number.replace(";ext=", " ext. ")
        if self._is_ours:
            self._add("phones", number, self._label(each))
            return
        for found in cells.phones(number):  # people type two numbers into one field
            self._add("phones", found.value, found.label or self._label(each))

    def _take_email(self, each: Property) -> None:
        for address in _SEVERAL.split(each.text):
            self._add("emails", address, self._label(each))

    def _take_address(self, each: Property) -> None:
        """Write an address as it is written here: from the large to the small, if it is in parts."""
        box, extended, street, city, region, code, country = (*each.fields(", "), *[""] * 7)[:7]
        parts = [
            " ".join(part.split("\n"))
            for part in (code, country, region, city, street, extended, box)
            if part
        ]
        text = ", ".join(part.strip(" ,") for part in parts) if len(parts) > 1 else "".join(parts)
        self._add("addresses", text, self._label(each))

    def _take_address_label(self, each: Property) -> None:
        if not self._first("ADR"):
            self._add("addresses", ", ".join(each.text.split("\n")), self._label(each))

    def _take_birthday(self, each: Property) -> None:
        text = each.text
        omitted = each.parameters.get(OMITTED, "")
        if omitted and text.startswith(omitted):
            text = f"--{text[len(omitted) :].strip('-')}"
        self._add("birthday", re.sub(r"T[\d:.]*(?:Z|[+-][\d:]+)?$", "", text))

    def _take_tags(self, each: Property) -> None:
        value = each.value.replace(";", ",") if self._found.version == "2.1" else each.value
        for tag in Property("", value, 0).items:
            if fold(tag) in _NO_TAGS:
                self._unknown.setdefault("CATEGORIES", []).append(tag)
            else:
                self._add("tags", tag)

    def _take_note(self, each: Property) -> None:
        self._add("comment", each.text)

    def _take_job(self, each: Property) -> None:
        self._add("job", each.text)

    def _take_link(self, each: Property) -> None:
        text = each.text.replace("\\:", ":").removeprefix("x-apple:")
        types = " ".join(kind for kind in each.types if kind not in {"home", "work", "pref"})
        service = each.parameters.get("X-SERVICE-TYPE") or each.parameters.get("SERVICE-TYPE") or ""
        scheme = _SCHEME.fullmatch(text) if each.name == "IMPP" else None
        label = self._labels.get(each.group) or service.lower() or types
        if scheme:
            text, label = scheme[2], label or scheme[1].lower().removeprefix("x-")
        self._add("social", text, "" if label.lower() == "homepage" else label)

    def _take_of_android(self, each: Property) -> None:
        """Take what Android has no property for: ``vnd.android.cursor.item/nickname;Маша;1;…``."""
        kind, *parts = each.text.split(";")
        value, sort = [*parts, "", ""][:2]
        name = _OF_ANDROID.get((kind.rpartition("/")[2], sort)) or _OF_ANDROID.get(
            (kind.rpartition("/")[2], "")
        )
        if not name or not value:
            self._leave(each)
        elif name == "BDAY":
            self._add("birthday", value)
        else:
            self._unknown.setdefault(name, []).append(value)

    def _take_former_name(self, each: Property) -> None:
        self._add("former_names", each.text)

    def _take_sex(self, each: Property) -> None:
        said = (each.fields() or [""])[0]
        self._add("sex", _SEX.get(said.lower(), said))

    def _take_language(self, each: Property) -> None:
        self._add("language", each.text)

    def _take_photo(self, each: Property) -> None:
        data = each.bytes
        if data and not self._photo:
            self._photo = data
        elif not data and re.match(r"https?:", each.text):
            self._leave(each)
        elif not data:
            self._remarks.append(_("the photo cannot be read; it is left out"))

    def _take_ours(self, each: Property) -> None:
        key = each.name.removeprefix(OURS).lower().replace("-", "_")
        if key == "id":
            self._id = each.text
        elif key == "number":
            self._number = each.text
        elif key == "field":
            self._add(
                each.parameters.get("X-KEY", ""), each.text, each.parameters.get("X-LABEL", "")
            )
        elif self._profile.known(key):
            self._add(key, each.text)
        else:
            self._leave(each)

    _TAKEN: ClassVar[Mapping[str, Callable[[_Contact, Property], None]]] = {
        "TEL": _take_phone,
        "EMAIL": _take_email,
        "ADR": _take_address,
        "LABEL": _take_address_label,
        "BDAY": _take_birthday,
        "CATEGORIES": _take_tags,
        "NOTE": _take_note,
        "TITLE": _take_job,
        "ROLE": _take_job,
        "URL": _take_link,
        "IMPP": _take_link,
        "X-SOCIALPROFILE": _take_link,
        "SOCIALPROFILE": _take_link,
        "X-ANDROID-CUSTOM": _take_of_android,
        "X-MAIDENNAME": _take_former_name,
        "X-MAIDEN-NAME": _take_former_name,
        "GENDER": _take_sex,
        "X-GENDER": _take_sex,
        "LANG": _take_language,
        "PHOTO": _take_photo,
    }
