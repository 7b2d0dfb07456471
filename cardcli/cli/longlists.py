"""A list of thousands of clients in parts, so that memory stays flat; its pages are those of one document.

Where a part ends is known only when it is laid out. So it is given more clients than its pages need:
the last page, which need not be full, is left out, and the next part begins with the client who
stands first on it. When all parts are laid out the number of pages is known, and they are printed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import BinaryIO

from cardcli import disk
from cardcli.cli import apart, batching, ui
from cardcli.cli.apart import Task
from cardcli.cli.batching import Binding, Client, Job, Kept, Shelf
from cardcli.printing import Gathered, Portion, ordering
from cardcli.printing.spooling import Views
from cardcli.tuples import NamedTuple

AT_ONCE = 500
"""Clients in one part: 500 rows of a folder take 90 MB, 10,000 at once took 1.9 GB."""
_CHARACTERS_A_CLIENT = 1000
"""How long a card counts whose client is one row, for the time a part may take."""
_TRIED_AT = 1001
"""The page at which a part begins when it is laid out: a layout that cannot be told begins at 1."""


def is_long(job: Job, clients: Sequence[Client]) -> bool:
    """Tell whether a list is so long that it goes in parts, if its template lets it."""
    return job.kind == "list" and job.order != "" and len(clients) > AT_ONCE


def one_pdf(
    job: Job,
    clients: Sequence[Client],
    opened: Callable[[], AbstractContextManager[BinaryIO]],
    binding: Binding,
) -> int | None:
    """Write a list as one PDF and return the number of pages; None if its layout knows of no parts.

    Nothing is opened then. The memory needed does not depend on how many clients they are.
    """
    from cardcli.printing import joining

    copies = job.settings.copies
    once = replace(job, settings=replace(job.settings, copies=1))
    shelf = Shelf(batching.shelf(job.session))
    with batching.resumable(), disk.spool(shelf.folder) as spool:
        whole = _read(once, clients, Views(spool), shelf)
        parts = whole.laid_out()
        printed = list(batching.warned(whole.printed(parts)))
    batching.progress(len(clients), len(clients))
    if not parts:
        return None
    pieces = [
        joining.Piece(kept.file, 0, part.pages, "", follows=part.start > 0)
        for part, kept in zip(parts, printed, strict=True)
    ]
    with opened() as stream:
        pages = joining.join(pieces * copies, stream, duplex=binding.duplex and copies > 1)
    shelf.clear([*printed, *(part.tried for part in parts)])
    return pages


class _Part(NamedTuple):
    """From which client to which, how many pages are kept, and what laying it out has made."""

    start: int
    stop: int
    pages: int
    tried: Kept


def _read(job: Job, clients: Sequence[Client], views: Views, shelf: Shelf) -> _List:
    """Read all cards, once, and put the clients in order."""
    newest, keys, key = "", [], ordering.ORDERS[job.order]
    for number, view in enumerate(job.views(clients), 1):
        views.put(view)
        keys.append(key(view))
        newest = max(newest, view.updated_on)
        ui.progress(number, len(clients))
    return _List(job, views.ordered(keys), newest, shelf)


@dataclass(frozen=True, slots=True)
class _List:
    """All clients of a list in order, and the ISO day up to which it holds."""

    job: Job
    views: Views
    newest: str
    shelf: Shelf

    def laid_out(self) -> list[_Part]:
        """Return the parts; none if the layout does not mark its clients, or not number its pages."""
        parts: list[_Part] = []
        start, size, everything = 0, AT_ONCE, len(self.views)
        while start < everything:
            stop = min(start + size, everything)
            tried = apart.run(self._task(start, stop, _TRIED_AT, _TRIED_AT))
            (pages,) = tried.pages
            if len(tried.marks) != stop - start or tried.last != _TRIED_AT + pages - 1:
                self.shelf.clear([tried, *(part.tried for part in parts)])
                return []
            kept = pages if stop == everything else pages - 1
            if count := sum(page <= kept for page in tried.marks):
                parts.append(_Part(start, stop, kept, tried))
                start += count
            else:  # one page holds more than that
                size *= 2
            batching.progress(start // 2, everything)
        return parts

    def printed(self, parts: Sequence[_Part]) -> Iterator[Kept]:
        """Yield the parts with the numbers of their pages."""
        *firsts, end = itertools.accumulate((part.pages for part in parts), initial=1)
        tasks = (
            self._task(part.start, part.stop, page, end - 1)
            for part, page in zip(parts, firsts, strict=True)
        )
        everything = len(self.views)
        for part, kept in zip(parts, apart.in_order(tasks, apart.workers()), strict=True):
            batching.progress((everything + part.stop) // 2, everything)
            yield kept

    def _task(self, start: int, stop: int, page: int, pages: int) -> Task[Kept]:
        """Return the work of printing some clients from a page on, of so many in all."""
        letter = ordering.letter(self.views[start - 1]) if start else ""
        portion = Portion(len(self.views), start, letter, self.newest, page, pages)
        found = Gathered(list(self.views[start:stop]), portion=portion)
        limits = self.job.patience(_CHARACTERS_A_CLIENT * (stop - start))
        return batching.kept_task(self.job, found, limits, self.shelf)
