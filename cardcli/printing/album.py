"""The pictures of a card: those in fields of entries and those its texts show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from cardcli import dates
from cardcli.card import Card
from cardcli.entry import Entry
from cardcli.fields import Field, Type, show
from cardcli.kinds import Kind
from cardcli.language import N_, translator
from cardcli.printing import prose
from cardcli.printing.blocks import Photo

_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff"}
)
_LABELS = {"before": N_("Before"), "after": N_("After")}


def shows(field: Field, value: str) -> bool:
    """Tell whether a field holds nothing but pictures, so that they are printed instead of it."""
    return field.type in {Type.FILE, Type.FILES} and all(
        _picture(path) for path in _paths(field, value)
    )


def photos(card: Card, language: str) -> Iterator[Photo]:
    """Return the pictures of the entries by date, then those of the user's own prose."""
    seen = set()
    for entry in sorted(card.entries, key=lambda each: each.date):
        for photo in (*_of_fields(card, entry, language), *_of_text(entry, language)):
            if photo.path not in seen:
                seen.add(photo.path)
                yield photo
    for text in card.prose.values():
        for picture in prose.pictures(text):
            yield Photo(picture.path, picture.caption)


def _of_fields(card: Card, entry: Entry, language: str) -> Iterator[Photo]:
    kind = card.kinds.named(entry.kind) if entry.kind else Kind("", {"en": ""}, "", "")
    for key, value in entry.fields.items():
        field = kind.field(key)
        if field and shows(field, value):
            for path in _paths(field, value):
                yield Photo(
                    path, _label(kind, field, entry, language), _date(entry, language), entry.title
                )


def _of_text(entry: Entry, language: str) -> Iterator[Photo]:
    for picture in prose.pictures(entry.text):
        yield Photo(picture.path, picture.caption, _date(entry, language), entry.title)


def _label(kind: Kind, field: Field, entry: Entry, language: str) -> str:
    if field.key in _LABELS:
        return translator(language).gettext(_LABELS[field.key])
    says = kind.field("kind")
    if says and entry.fields.get("kind"):
        return show(says, entry.fields["kind"], language, "").capitalize()
    return field.title(language)


def _date(entry: Entry, language: str) -> str:
    return dates.show_date(entry.date, language)


def _paths(field: Field, value: str) -> list[str]:
    found = value.split(",") if field.type is Type.FILES else [value]
    return [path.strip() for path in found if path.strip()]


def _picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in _SUFFIXES
