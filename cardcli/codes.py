"""The table of what ``check`` finds: a code for each kind of problem, what it means, what to do.

Codes are permanent: scripts and notes rely on them. One that is no longer found stays in the table.
"""

from __future__ import annotations

from collections.abc import Mapping

from cardcli.errors import NotFoundError, Problem
from cardcli.language import N_, _
from cardcli.tuples import NamedTuple

ERROR, WARNING = "error", "warning"


class Code(NamedTuple):
    """A kind of problem.

    ``title``, ``why`` and ``remedy`` are message ids: what is found, why it matters, what to do.
    ``fixable`` says that there is one right answer, which ``check --fix`` writes.
    """

    code: str
    severity: str
    title: str
    why: str
    remedy: str
    fixable: bool = False


class UnknownCodeError(NotFoundError):
    """There is no problem with this code."""

    def __init__(self, typed: str) -> None:
        super().__init__(
            _("There is no code “{code}”. “cardcli explain” lists them all.").format(code=typed)
        )


CONFLICT, ENCODING, NO_HEADER, BAD_HEADER, NO_ID, SAME_ID, UNREADABLE, FENCE, INVISIBLE = (
    f"C{number:03}" for number in range(1, 10)
)
ALMOST, NO_MARK, SAME_MARK, FOREIGN_MARK, TWICE, REQUIRED, VALUE, FORM, REFERENCE, CONTRADICTION = (
    f"C{number:03}" for number in range(10, 20)
)
ORDER, FUTURE, TOO_EARLY, NO_DAY, SECTION, ALMOST_KEY, DIFFERENCE, HISTORY, LINK = (
    f"C{number:03}" for number in range(20, 29)
)
NAMELESS, DOUBTFUL, PURPOSE, EMPTY, STATUS, NO_NUMBER, SAME_NUMBER, SHARED, RETURNED = (
    f"C{number:03}" for number in range(30, 39)
)
MISSING, CHANGED, ORPHANS, STRAY, WINDOWS, FILE_NAME, SYMLINK, PLACE, PRINT_LEDGER = (
    f"C{number:03}" for number in range(40, 49)
)
BAD_SETTINGS, UNKNOWN_SETTING, SETTING, RULE = (f"C{number:03}" for number in range(50, 54))
DRIVER, IDENTITY, UNSENT, UNFINISHED, TOO_MANY = (f"C{number:03}" for number in range(60, 65))

_ALL = (
    # --- the file as a whole
    Code(
        CONFLICT, ERROR,
        N_("git conflict markers"),
        N_("A merge outside cardcli left both versions in the file. It is not read and not written to until that is settled."),
        N_("Open the file, keep what is right, delete the lines <<<<<<<, ======= and >>>>>>>."),
    ),
    Code(
        ENCODING, ERROR,
        N_("not UTF-8"),
        N_("The file was saved in another encoding, so its letters cannot be read for certain."),
        N_("Open the file in an editor and save it as UTF-8."),
    ),
    Code(
        NO_HEADER, ERROR,
        N_("no front matter"),
        N_("A card begins with a line “---”, the facts about the client, and a second line “---”. Without them the file is no card."),
        N_("Put the lines back; “cardcli history” and git still have the file as it was."),
    ),
    Code(
        BAD_HEADER, ERROR,
        N_("front matter that cannot be read"),
        N_("Between the two lines “---” stands YAML: “key: value” or a list below a key. A tab, a missing quote or a key given twice breaks it."),
        N_("Mend the line that is named; put a value with a colon or a number sign into quotes."),
    ),
    Code(
        NO_ID, ERROR,
        N_("no id in the card"),
        N_("The id is what makes a file a client. It is six characters, the first a letter, and is never changed."),
        N_("Write the line that is proposed, or the id that stands at the end of the file name."),
    ),
    Code(
        SAME_ID, ERROR,
        N_("two cards with one id"),
        N_("cardcli cannot tell the two apart, so it reads neither. Often one is a copy that a cloud drive made."),
        N_("Join what is in both by hand and delete one, or give one another id."),
    ),
    Code(
        UNREADABLE, ERROR,
        N_("a file that cannot be read"),
        N_("The system does not hand out the file: no right to read it, or a damaged disk."),
        N_("Give yourself the right to read it, or take the file back from git."),
    ),
    Code(
        FENCE, ERROR,
        N_("a code block without an end"),
        N_("All below a line ``` is taken for text, entries too, until a second such line."),
        N_("Add the closing line ```, or delete the opening one."),
    ),
    Code(
        INVISIBLE, WARNING,
        N_("characters that cannot be seen"),
        N_("Control characters and marks of direction do not show, but hinder searching and can hide text."),
        N_("Delete the character; typing the line anew is the surest."),
    ),
    # --- entries
    Code(
        ALMOST, ERROR,
        N_("a line that is nearly an entry"),
        N_("It begins like an entry but does not follow the form, so it counts nowhere. It is kept as it is."),
        N_("Write it like this: - 2026-05-14 Title [price:: 2500]"),
    ),
    Code(
        NO_MARK, ERROR,
        N_("an entry without an id"),
        N_("Merging, correcting and linking go by the id at the end of the line (^ and six characters)."),
        N_("“cardcli check --fix” adds it; every workplace derives the same one."),
        fixable=True,
    ),
    Code(
        SAME_MARK, ERROR,
        N_("two entries with one id"),
        N_("A line was copied with its id. Neither of the two can be corrected or linked to for certain."),
        N_("“cardcli check --fix” gives the lower one an id of its own; links stay with the upper one."),
        fixable=True,
    ),
    Code(
        FOREIGN_MARK, ERROR,
        N_("an entry with an id of another program"),
        N_("The mark at the end of the line is not one of ours: six characters, no i, l, o, u, the first a letter."),
        N_("If nothing links to it, delete the mark and run “cardcli check --fix”."),
    ),
    Code(
        TWICE, ERROR,
        N_("a field given twice in one entry"),
        N_("Only the first counts."),
        N_("Delete one of the two."),
    ),
    Code(
        REQUIRED, ERROR,
        N_("a required field is missing"),
        N_("Without it the entry cannot be counted."),
        N_("Add it: cardcli amend CLIENT ENTRY key=value"),
    ),
    Code(
        VALUE, ERROR,
        N_("a value that does not fit its field"),
        N_("It cannot be counted, searched for or printed as what it is meant to be."),
        N_("Correct it: cardcli amend CLIENT ENTRY key=value, or cardcli set CLIENT key=value"),
    ),
    Code(
        FORM, ERROR,
        N_("a value in another form than the stored one"),
        N_("The meaning is clear, but searches and reports look for the stored form."),
        N_("“cardcli check --fix” writes it in the stored form."),
        fixable=True,
    ),
    Code(
        REFERENCE, ERROR,
        N_("a reference to an entry that is not there"),
        N_("The entry it belongs to was removed, or the id has a slip."),
        N_("Correct the id or take the field out: cardcli amend CLIENT ENTRY of="),
    ),
    Code(
        CONTRADICTION, ERROR,
        N_("values that contradict each other"),
        N_("Both cannot be true together."),
        N_("Correct the one that is wrong: cardcli amend CLIENT ENTRY key=value"),
    ),
    Code(
        ORDER, WARNING,
        N_("entries out of order"),
        N_("Entries stand by day in their section, so that a card can be read from top to bottom and merges stay small."),
        N_("“cardcli check --fix” sorts them where only blank lines stand between them."),
        fixable=True,
    ),
    Code(
        FUTURE, WARNING,
        N_("a day in the future"),
        N_("Payments, sales, surveys and the like have happened already; other entries lie more than a year ahead. It is probably a slip in the year."),
        N_("Correct it: cardcli amend CLIENT ENTRY date=2026-05-14"),
    ),
    Code(
        TOO_EARLY, ERROR,
        N_("a day before the client was born, or before 1900"),
        N_("It is a slip in the date of the entry or in the date of birth."),
        N_("Correct it: cardcli amend CLIENT ENTRY date=2026-05-14, or cardcli set CLIENT birthday=1990-04-12"),
    ),
    Code(
        NO_DAY, ERROR,
        N_("an entry on a day that does not exist"),
        N_("The calendar has no such day, so the line counts nowhere. It is kept as it is."),
        N_("Write the right day at the beginning of the line."),
    ),
    Code(
        SECTION, WARNING,
        N_("entries of an unknown kind"),
        N_("cardcli does not know the heading above them, so reports and reminders leave them out."),
        N_("Write the heading as cardcli does, or add the kind under “kinds:” in cardcli.yaml."),
    ),
    Code(
        ALMOST_KEY, WARNING,
        N_("a key that is nearly one of ours"),
        N_("It is kept as a key of your own and means nothing to cardcli."),
        N_("If you mean ours, write it so."),
    ),
    Code(
        DIFFERENCE, WARNING,
        N_("a difference that waits to be settled"),
        N_("Two workplaces wrote different values; one stands in its place, the other under “To check”."),
        N_("cardcli settle CLIENT --keep ours, theirs, both or another value"),
    ),
    Code(
        HISTORY, WARNING,
        N_("a history that ends otherwise"),
        N_("The field was changed by hand without a new step in its history."),
        N_("cardcli amend CLIENT ENTRY key=value notes the step."),
    ),
    Code(
        LINK, WARNING,
        N_("a link that leads nowhere"),
        N_("The file, card or entry that the text points to is not there."),
        N_("Correct the link, or put the file where it points."),
    ),
    # --- the client
    Code(
        NAMELESS, ERROR,
        N_("a card without a name"),
        N_("A client is found and printed by the name of the person or the company."),
        N_("cardcli set CLIENT name=…"),
    ),
    Code(
        DOUBTFUL, WARNING,
        N_("a phone or an e-mail that looks wrong"),
        N_("It is kept as typed, but nobody may answer there."),
        N_("Ask the client; cardcli set CLIENT phones=…"),
    ),
    Code(
        PURPOSE, WARNING,
        N_("a fact that is kept without a purpose"),
        N_("Only what is needed should be kept of a person."),
        N_("Delete it, or say under “purposes:” in cardcli.yaml what it is for."),
    ),
    Code(
        EMPTY, WARNING,
        N_("facts that nobody has filled in"),
        N_("“obligatory:” in cardcli.yaml wants them on every card."),
        N_("cardcli fill CLIENT; if the client has none: cardcli set CLIENT emails=none"),
    ),
    Code(
        STATUS, WARNING,
        N_("a status by hand without a reason"),
        N_("It overrules the computed one, and nobody will know why."),
        N_("cardcli set CLIENT status_reason=…"),
    ),
    Code(
        NO_NUMBER, WARNING,
        N_("a card without a number"),
        N_("The number is what stands on the paper card."),
        N_("“cardcli check --fix” gives it the next free number of this workplace."),
        fixable=True,
    ),
    Code(
        SAME_NUMBER, ERROR,
        N_("two cards with one number"),
        N_("Two workplaces gave out the same number; on paper the two clients cannot be told apart."),
        N_("“cardcli check --fix” leaves it with the older card and gives the younger one the next free number."),
        fixable=True,
    ),
    Code(
        SHARED, WARNING,
        N_("a phone or an e-mail of several clients"),
        N_("It is one client with two cards, or a phone of the family."),
        N_('If it is one client: cardcli merge; if not: cardcli dupes --not-same, or say whose it is, in phones: - mother: "+7…"'),
    ),
    Code(
        RETURNED, WARNING,
        N_("a joined card that is there again"),
        N_("Its visits stand in two cards, and its id means the old card only. A git merge outside cardcli does that."),
        N_("“cardcli merge KEPT OLD” puts it into the other card once more; what is in both stands once."),
    ),
    # --- files
    Code(
        MISSING, ERROR,
        N_("an attached file is missing"),
        N_("The card names a file that is not in the store."),
        N_("Take it back from git, attach it again, or take the field out."),
    ),
    Code(
        CHANGED, ERROR,
        N_("an attached file was changed"),
        N_("What is attached never changes: the file is another one than on the day it was attached."),
        N_("Take the old one back from git; attach the new one under its own name."),
    ),
    Code(
        ORPHANS, WARNING,
        N_("files of no client"),
        N_("The folder is named after an id that no card has."),
        N_("Bring the client back (cardcli restore), or delete the folder."),
    ),
    Code(
        STRAY, WARNING,
        N_("a file among the cards that is no card"),
        N_("Only cards (*.md) are read in this folder; what else lies there is forgotten."),
        N_("Attach it to a client (cardcli attach), or move it elsewhere."),
    ),
    Code(
        WINDOWS, WARNING,
        N_("a file name that not every system can hold"),
        N_("Windows refuses some characters and words, long paths and names that differ only in capitals; a workplace there could not take the store."),
        N_("Give the file a plain name; letters, digits and hyphens are safe everywhere."),
    ),
    Code(
        FILE_NAME, WARNING,
        N_("the file name does not end with the id of the card"),
        N_("A renamed card is known by the id at the end of its file name when two workplaces are joined."),
        N_("“cardcli check --fix” renames the file; so does cardcli rename-file."),
        fixable=True,
    ),
    Code(
        SYMLINK, WARNING,
        N_("a symbolic link among the cards"),
        N_("Links are not followed, so what it leads to is not read."),
        N_("Put the file itself there."),
    ),
    Code(
        PLACE, WARNING,
        N_("a card outside the folder of its letter"),
        N_("The store says layout: sharded, and this card lies elsewhere. It is read all the same."),
        N_("cardcli reshard sharded"),
    ),
    Code(
        PRINT_LEDGER, ERROR,
        N_("a line of the print ledger that cannot be read"),
        N_("It is not counted, so a sheet may pass for never printed, or a lost one for kept. Lines in archive/ are never changed by hand."),
        N_("Take the line back from git, or delete it if it says nothing."),
    ),
    # --- the settings
    Code(
        BAD_SETTINGS, ERROR,
        N_("settings that cannot be read"),
        N_("cardcli.yaml is damaged or holds a value that is not allowed, so nothing in the store can be understood."),
        N_("Mend the line that is named; the other problems show after that."),
    ),
    Code(
        UNKNOWN_SETTING, WARNING,
        N_("a setting cardcli does not know"),
        N_("It has no effect."),
        N_("Correct the word, or delete the line."),
    ),
    Code(
        SETTING, ERROR,
        N_("a setting with a value that cannot be right"),
        N_("Commands that need it will do something else than is meant."),
        N_("Correct the value in cardcli.yaml."),
    ),
    Code(
        RULE, ERROR,
        N_("a safety rule for an unknown service"),
        N_("The rule never applies: no service of the catalogue has that name."),
        N_("Write the service as it stands under “services:” in cardcli.yaml."),
    ),
    # --- git and the store as a whole
    Code(
        DRIVER, WARNING,
        N_("git does not know how to merge cards"),
        N_("A plain git merge or pull would merge line by line. cardcli puts the settings in place by itself, but could not."),
        N_("Make .gitattributes and .git/config writable and run any command of cardcli."),
    ),
    Code(
        IDENTITY, WARNING,
        N_("git does not know who works here"),
        N_("Several workplaces share the store, and changes from here bear no name."),
        N_('git config user.name "Olga" and git config user.email olga@example.com'),
    ),
    Code(
        UNSENT, WARNING,
        N_("changes that were not sent for a long time"),
        N_("Until they are sent they are on this machine only."),
        N_("cardcli sync"),
    ),
    Code(
        UNFINISHED, WARNING,
        N_("something begun with git and not finished"),
        N_("Until it is finished “cardcli sync” and “cardcli undo” refuse to work."),
        N_("Finish it (git … --continue) or drop it (git … --abort); from a detached HEAD back with git switch main."),
    ),
    Code(
        TOO_MANY, WARNING,
        N_("many cards in one folder"),
        N_("Above 2,000 cards in one folder every commit and every history gets slower and larger."),
        N_("cardcli reshard sharded, once, on one workplace, after all have synced"),
    ),
)  # fmt: skip

TABLE: Mapping[str, Code] = {each.code: each for each in _ALL}


def problem(code: str, line: int, message: str) -> Problem:
    """Return a problem with the severity of its code."""
    return Problem(line, message, TABLE[code].severity, code)


def find(typed: str) -> Code:
    """Return a code as people type it: ``C012``, ``c12``, ``12``. Raises :class:`UnknownCodeError`."""
    digits = typed.strip().upper().removeprefix("C")
    found = TABLE.get(f"C{int(digits):03}") if digits.isdecimal() and digits.isascii() else None
    if found is None:
        raise UnknownCodeError(typed)
    return found
