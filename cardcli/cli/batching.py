"""Thousands of cards in one run: in parts, each in a process apart, taken up again where it stopped.

What a part prints is kept in ``.cardcli/print`` under a name made of all that went into it, until
the whole is done: an interrupted run goes on there when the same command is given again.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from cardcli import __version__, dates, disk, printing
from cardcli.card import Card
from cardcli.cli import apart, sheets, ui
from cardcli.cli.apart import Limits, Task
from cardcli.cli.session import Session
from cardcli.language import _, translator
from cardcli.printing import Gathered, Printed, PrintSettings, View, templates
from cardcli.printing.blocks import Fact
from cardcli.printing.formats import Clients, Order
from cardcli.record import Record
from cardcli.store import TEMPLATES
from cardcli.text import fold
from cardcli.tuples import NamedTuple

if TYPE_CHECKING:
    from cardcli.printing.joining import Piece

Item = TypeVar("Item")
AT_ONCE = 25
"""Cards in one part: two-page cards with photos take some 270 MB, and two parts are at work at once."""
LABELS_AT_ONCE = 200
"""Labels in one part, or one sheet of them: 3,000 at once took 1.5 GB."""
SEPARATOR = "separator"
"""The template of the sheets between the letters."""
_PATIENCE = 30
_CHARACTERS_A_SECOND = 5000
_KEPT_SECONDS = 7 * 24 * 3600


class Client(NamedTuple):
    """A client who is to be printed; the card is read when its turn comes."""

    id: str
    name: str
    path: str


@dataclass(frozen=True)
class Job:
    """What is printed of which clients, and how; *kind* says how they share the pages.

    A list with an *order* can go in parts.
    """

    session: Session
    output: str
    settings: PrintSettings
    template: str = "card"
    kind: Clients = "each"
    order: Order = ""
    noted: Callable[[Card], None] = lambda _card: None
    """Told of every card that is printed, as it was read for that."""

    @functools.cached_property
    def folders(self) -> list[Path]:
        """Return the store's own folders of templates."""
        return [self.session.store.root / TEMPLATES]

    def card(self, client: Client) -> Card:
        """Read a card, to print it, as the role of this run sees it."""
        session = self.session
        found = session.seen(session.store.read(client.path)).card
        self.noted(found)
        return found

    def views(self, clients: Sequence[Client]) -> Iterator[View]:
        """Yield the clients as templates see them; few of their cards are in memory at one time."""
        for some in parts_of(clients):
            yield from self.gathered([self.card(client) for client in some]).views

    def records(self, clients: Sequence[Client]) -> list[Record]:
        """Return the cards of clients."""
        return [self.session.seen(self.session.store.read(client.path)) for client in clients]

    def gathered(self, cards: Sequence[Card]) -> Gathered:
        """Return what is printed of these cards."""
        return printing.gathered(
            cards,
            self.output,
            self.settings,
            dates.today(),
            template=self.template,
            own_templates=self.folders,
            sources=sheets.sources(self.session),
        )

    def printed(self, found: Gathered, template: str | None = None) -> Printed:
        """Print what was gathered, in this process."""
        return printing.render_gathered(
            found,
            self.output,
            self.settings,
            photos=self.session.store.file,
            template=template or self.template,
            own_templates=self.folders,
        )

    def key(self, found: Gathered, template: str | None = None) -> str:
        """Return a name that is another one whenever something else would be printed."""
        said = (self.output, self.settings, template or self.template, found)
        text = hashlib.sha256(f"{self._tools}{said!r}".encode())
        for path in (path for view in found.views for path in printing.photo_paths(view)):
            text.update(hashlib.sha256(self.session.store.file(path) or b"").digest())
        return text.hexdigest()[:32]

    @functools.cached_property
    def _tools(self) -> str:
        """What a page depends on besides the cards: the program and all files of templates."""
        from importlib.metadata import version

        found = [__version__, version("typst")]
        for folder in templates.folders(self.folders):
            files = (path for path in sorted(folder.rglob("*")) if path.is_file())
            found += [f"{path.name} {disk.digest(path).hex()}" for path in files]
        return "\n".join(found)

    def load(self) -> None:
        """Load what every process apart is going to need, once for all of them."""
        printing.load(self.output)

    def limits(self, cards: Sequence[Card]) -> Limits:
        """Return what printing these cards may take."""
        return self.patience(sum(len(card.text) for card in cards))

    def patience(self, characters: int) -> Limits:
        """Return what printing cards of so many characters may take."""
        what = _("the template “{name}”").format(name=self.template)
        return Limits(_PATIENCE + characters // _CHARACTERS_A_SECOND, what=what)


def printed_apart(job: Job, cards: Sequence[Card]) -> Printed:
    """Print a few cards in a process apart."""
    return apart.run(Task(lambda: job.printed(job.gathered(cards)), job.limits(cards)))


def written_apart(
    job: Job,
    clients: Sequence[Client],
    opened: Callable[[], AbstractContextManager[BinaryIO]],
) -> None:
    """Print HTML, text or Markdown of any number of clients in a process apart, card by card.

    What is *opened* for it is opened when all of it is done.
    """
    root, folder = job.session.store.root, shelf(job.session)

    def work() -> tuple[str, ...]:
        with disk.spool(folder) as spool:
            warnings = printing.write(
                job.views(clients),
                job.output,
                job.settings,
                made,
                spool,
                photos=job.session.store.file,
                template=job.template,
                own_templates=job.folders,
            )
        made.flush()
        return warnings

    length = sum((root / client.path).stat().st_size for client in clients)
    with disk.spool(folder) as made:
        for warning in apart.run(Task(work, job.patience(length))):
            ui.warn(warning)
        with opened() as stream:
            stream.writelines(disk.pieces(made))


class Kept(NamedTuple):
    """A part that is done: its file, and what :class:`Printed` says of it besides."""

    file: Path
    pages: tuple[int, ...]
    warnings: tuple[str, ...]
    marks: tuple[int, ...]
    last: int


def shelf(session: Session) -> Path:
    """Return the folder of a store where finished parts wait for the others."""
    return session.store.own / "print"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder where finished parts wait for the others."""

    folder: Path

    def kept(self, key: str) -> Kept | None:
        """Return a part that was finished before."""
        note, file = self.folder / f"{key}.json", self.folder / f"{key}.pdf"
        if not (note.is_file() and file.is_file()):
            return None
        pages, warnings, marks, last = json.loads(disk.read_text(note))
        return Kept(file, tuple(pages), tuple(warnings), tuple(marks), last)

    def keep(self, key: str, printed: Printed) -> Kept:
        """Put a finished part there; the note comes last and says that it is whole."""
        file = self.folder / f"{key}.pdf"
        disk.write(file, printed.content)
        said = (printed.pages, printed.warnings, printed.marks, printed.last)
        disk.write(self.folder / f"{key}.json", json.dumps(said).encode())
        return Kept(file, *said)

    def clear(self, parts: Sequence[Kept]) -> None:
        """Take away the parts of a whole, and what nobody came back for in a week."""
        for part in parts:
            disk.remove(part.file.with_suffix(".json"))
            disk.remove(part.file)
        disk.expire(self.folder, _KEPT_SECONDS)


@dataclass(frozen=True, slots=True)
class Binding:
    """How the pages of a PDF are put together."""

    duplex: bool = False
    separators: bool = False


class Part(NamedTuple):
    """Clients who are printed in one go, and how."""

    job: Job
    clients: Sequence[Client]


def put_together(job: Job, clients: Sequence[Client], binding: Binding) -> bool:
    """Tell whether a PDF is made of several pieces, or of one piece several times."""
    if job.kind == "labels":
        return len(clients) * job.settings.copies > _on_whole_sheets(job) - job.settings.start + 1
    apart_each = job.kind == "each" and (len(clients) > AT_ONCE or binding != Binding())
    return apart_each or job.settings.copies > 1


def one_pdf(
    job: Job,
    clients: Sequence[Client],
    opened: Callable[[], AbstractContextManager[BinaryIO]],
    binding: Binding,
) -> int:
    """Write one PDF with all clients and return the number of pages.

    What is *opened* for it is opened when all parts are done. The memory needed does not depend on how many they are.
    """
    kept = Shelf(shelf(job.session))
    planned = list(_planned(job, clients))
    with resumable():
        parts = list(_told(planned, _printed(planned, kept)))
    sheets = _separators(planned[0].job, clients, kept) if binding.separators else None
    from cardcli.printing import joining

    pieces = [piece for done in zip(planned, parts, strict=True) for piece in _pieces(*done)]
    if job.kind != "labels":
        pieces = list(_copied(pieces, job))
    if sheets:
        pieces = list(_with_separators(clients, pieces, sheets))
    with opened() as stream:
        pages = joining.join(pieces, stream, duplex=binding.duplex and job.kind != "labels")
    kept.clear([*parts, *([sheets] if sheets else [])])
    return pages


def _planned(job: Job, clients: Sequence[Client]) -> Iterator[Part]:
    """Yield the parts; a sheet of labels is never cut, and a copy of a page is no work."""
    once = replace(job, settings=replace(job.settings, copies=1))
    if job.kind == "each":
        yield from (Part(once, some) for some in parts_of(clients))
    elif job.kind == "labels":
        labels = [client for client in clients for _copy in range(job.settings.copies)]
        first = _on_whole_sheets(job) - job.settings.start + 1
        yield Part(once, labels[:first])
        fresh = replace(once, settings=replace(once.settings, start=1))
        rest = parts_of(labels[first:], _on_whole_sheets(job))
        yield from (Part(fresh, some) for some in rest)
    else:
        yield Part(once, clients)


def _on_whole_sheets(job: Job) -> int:
    """Return how many labels are printed in one go, on fresh sheets."""
    sheet = job.settings.labels
    count = sheet.count if sheet else 1
    return max(1, LABELS_AT_ONCE // count) * count


def _printed(parts: Sequence[Part], shelf: Shelf) -> Iterator[Kept]:
    """Yield the parts in order; those that were finished before are not printed again."""

    def task(part: Part) -> Task[Kept]:
        cards = [part.job.card(client) for client in part.clients]
        return kept_task(part.job, part.job.gathered(cards), part.job.limits(cards), shelf)

    return apart.in_order(map(task, parts), apart.workers())


def kept_task(job: Job, found: Gathered, limits: Limits, shelf: Shelf) -> Task[Kept]:
    """Return the work of printing a part, unless it is kept from before."""
    job.load()
    key = job.key(found)
    return Task(lambda: shelf.kept(key) or shelf.keep(key, job.printed(found)), limits)


def _told(parts: Sequence[Part], printed: Iterator[Kept]) -> Iterator[Kept]:
    """Yield the parts and tell how far it is, and what each has to say."""
    done, everything = 0, sum(len(part.clients) for part in parts)
    progress(done, everything)
    for part, kept in zip(parts, warned(printed), strict=True):
        done += len(part.clients)
        progress(done, everything)
        yield kept


def warned(parts: Iterator[Kept]) -> Iterator[Kept]:
    """Yield the parts, and tell once what they have to say."""
    told: set[str] = set()
    for kept in parts:
        for warning in kept.warnings:
            if warning not in told:
                told.add(warning)
                ui.warn(warning)
        yield kept


@contextlib.contextmanager
def resumable() -> Iterator[None]:
    """Say to who interrupts the work that it is not lost."""
    try:
        yield
    except KeyboardInterrupt:
        ui.say(_("What is printed already is kept; the same command goes on from there."))
        raise


def progress(done: int, everything: int) -> None:
    """Show how many clients are printed."""
    ui.bar(_("printing: {done} of {all}"), done, everything)


def parts_of(items: Sequence[Item], size: int | None = None) -> Iterator[Sequence[Item]]:
    """Yield so many items at a time, as many as one part of a PDF has unless another *size* is given."""
    size = size or AT_ONCE
    return (items[start : start + size] for start in range(0, len(items), size))


def _pieces(part: Part, kept: Kept) -> Iterator[Piece]:
    """Yield the pages that belong together: of each client, or all of them."""
    from cardcli.printing.joining import Piece

    if part.job.kind != "each":
        yield Piece(kept.file, 0, sum(kept.pages), "")
        return
    first = 0
    for client, pages in zip(part.clients, kept.pages, strict=True):
        yield Piece(kept.file, first, pages, client.name)
        first += pages


def _copied(pieces: Sequence[Piece], job: Job) -> Iterator[Piece]:
    """Yield each piece as often as there are to be copies."""
    return (piece for piece in pieces for _copy in range(job.settings.copies))


# --- sheets between the letters --------------------------------------------------------------------


def _separators(job: Job, clients: Sequence[Client], shelf: Shelf) -> Kept:
    """Print a sheet for each letter."""
    views = [
        _sheet(job, letter, [client for client in clients if letter_of(client.name) == letter])
        for letter in _letters(clients)
    ]
    found = Gathered(views)
    key = job.key(found, SEPARATOR)
    work = functools.partial(job.printed, found, SEPARATOR)
    return apart.run(
        Task(lambda: shelf.kept(key) or shelf.keep(key, work()), Limits(_PATIENCE, what=SEPARATOR))
    )


def _sheet(job: Job, letter: str, clients: Sequence[Client]) -> View:
    """Return what stands on the sheet of a letter: from whom to whom, how many."""
    settings = job.settings
    say = translator(settings.language)
    count = say.ngettext("{count} client", "{count} clients", len(clients))
    first, last = clients[0].name, clients[-1].name
    return View(
        language=settings.language,
        business=settings.business,
        tagline=settings.tagline,
        document="",
        id="",
        number="",
        revision="",
        name=letter,
        family=letter,
        given=first if len(clients) == 1 else f"{first} — {last}",
        facts=(Fact("", (count.format(count=len(clients)),)),),
        footer="",
        qr="",
        page_words=("", "", ""),
    )


def letter_of(name: str) -> str:
    """Return the letter a name is filed under; ``№`` for one that begins with no letter."""
    first = fold(name)[:1].upper()
    return first if first.isalpha() else "№"


def _letters(clients: Sequence[Client]) -> list[str]:
    return list(dict.fromkeys(letter_of(client.name) for client in clients))


def _with_separators(
    clients: Sequence[Client], pieces: Sequence[Piece], sheets: Kept
) -> Iterator[Piece]:
    """Put the sheet of a letter before its first client."""
    from cardcli.printing.joining import Piece

    copies = len(pieces) // len(clients)
    page_of = {letter: page for page, letter in enumerate(_letters(clients))}
    for number, piece in enumerate(pieces):
        letter = letter_of(clients[number // copies].name)
        if letter in page_of:
            yield Piece(sheets.file, page_of.pop(letter), 1, letter)
        yield piece
