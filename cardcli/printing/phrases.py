"""The words of printed forms, in the language of the paper. A template writes ``words.page``."""

from __future__ import annotations

from collections.abc import Mapping

from cardcli.language import N_, translator

PHRASES: Mapping[str, str] = {
    "attention": N_("Attention"),
    "earlier": N_("Earlier: {count} more"),
    "more_advice": N_("Recommendations: {count} more"),
    "born": N_("born"),
    "recommendations": N_("Recommendations"),
    "for_client": N_("for {name}"),
    "no_advice": N_("There are no recommendations in force."),
    "given_on": N_("given on {date}"),
    "last_visits": N_("Last visits"),
    "before_visit": N_("Before the visit"),
    "as_of": N_("as of {date}"),
    "no_visits": N_("no visits yet"),
    "signature": N_("Client’s signature"),
    "signed_name": N_("Signed by (name in full)"),
    "date": N_("Date"),
    "text_version": N_("text {mark}"),
    "register": N_("Register of clients"),
    "folder": N_("Contents of the folder"),
    "folder_name": N_("Folder"),
    "row": N_("No."),
    "card_number": N_("Card number"),
    "name": N_("Name"),
    "birthday": N_("Date of birth"),
    "phone": N_("Phone"),
    "updated": N_("Brought up to date"),
    "sheets": N_("Sheets"),
    "remarks": N_("Remarks"),
    "clients_count": N_("Clients: {count}"),
    "page": N_("Page {page} of {pages}"),
    "form": N_("Client card"),
    "number": N_("Card number"),
    "specialist_signature": N_("Specialist’s signature"),
}


def words(language: str) -> dict[str, str]:
    """Return all phrases in *language*; what stands in braces is for the template to fill in."""
    catalogue = translator(language)
    return {key: catalogue.gettext(phrase) for key, phrase in PHRASES.items()}


def around(sentence: str) -> tuple[str, str, str]:
    """Return the words before, between and after the two numbers."""
    before, _page, rest = sentence.partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    return before, between, after
