"""All that is wrong in a store: its cards, its files, its settings and its git.

Cards are looked at one by one; what is seen only by looking at many is remembered in a few words of
each, so that large stores need little memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from cardcli import cautions, checks, codes, config, dates, disk, health, yamlpatch
from cardcli.archive import ledger
from cardcli.checks import crowd, links, names, settings
from cardcli.disk import CannotReadError, WrongEncodingError
from cardcli.errors import BadCardError, CardcliError, Problem
from cardcli.fields import Rules, Type
from cardcli.language import _
from cardcli.record import Record
from cardcli.setting import Setting
from cardcli.store import ARCHIVE, CARDS, FILES, TEMPLATES, Store
from cardcli.tuples import NamedTuple

_MANY = 2000
"""Cards in one folder above which ``reshard`` is worth it (measured: DESIGN, section 1)."""
_FOLDERS = (CARDS, FILES, TEMPLATES, ARCHIVE, "journeys")


class Finding(NamedTuple):
    """A problem with the file it stands in; ``line`` is 0 for a file as a whole."""

    file: str
    line: int
    code: str
    message: str


def limits_of(store: Store) -> checks.Limits:
    """Return what the values of a store are checked against."""
    said = store.config
    rules = Rules(dates.today(), said.currency)
    return checks.Limits(rules, said.region, said.purposes, said.obligatory)


def whole(store: Store) -> list[Finding]:
    """Return all problems of a store, by file and line."""
    try:
        said = store.config
    except config.BadConfigError as error:
        return [bad_settings(error)]
    found = list(_settings(store))
    looked = _Looked(store)
    for record in _told(store, store.records()):
        found += looked.at(record)
    found += [broken(store, error) for error in store.broken]
    found += [_finding(path, each) for path, each in crowd.problems(looked.crowd)]
    found += _places(store, frozenset(each.id for each in looked.crowd))
    found += _ledger(store)
    if store.uses_git:
        found += [Finding(FILES, 0, code, message) for code, message in health.problems(store)]
        changed = {each.file for each in found if each.code == codes.CHANGED}
        found += looked.changed(set(health.changed_files(store)) - changed)
    count = len(looked.crowd)
    if said.layout == "flat" and count > _MANY:
        message = _("there are {count} cards in one folder").format(count=count)
        found.append(Finding(CARDS, 0, codes.TOO_MANY, message))
    return sorted(found)


def one(store: Store, record: Record) -> list[Finding]:
    """Return the problems of one card and its files."""
    return sorted(_Looked(store).at(record))


def bad_settings(error: config.BadConfigError) -> Finding:
    """Return settings that cannot be read as a problem."""
    return Finding(config.FILE, error.line, codes.BAD_SETTINGS, error.reason)


def _told(store: Store, records: Iterable[Record]) -> Iterator[Record]:
    """Yield the cards, telling how far it is."""
    count = len(store.paths())
    for done, record in enumerate(records, 1):
        yield record
        if store.progress:
            store.progress(done, max(count, done))


def _finding(path: str, problem: Problem) -> Finding:
    return Finding(path, problem.line, problem.code, problem.message)


class _Looked:
    """The cards of one run, one after the other; ``crowd`` is what is remembered of them."""

    def __init__(self, store: Store) -> None:
        self.crowd: list[crowd.Member] = []
        self._store = store
        self._limits = limits_of(store)
        self._named: dict[str, tuple[str, int]] = {}
        """File -> the card that names it, and the line."""

    def at(self, record: Record) -> Iterator[Finding]:
        """Yield the problems of one card."""
        path, card = record
        self.crowd.append(crowd.member(path, card, self._limits.region))
        for problem in checks.problems(card, self._limits):
            yield _finding(path, problem)
        for problem in links.broken(path, card, self._exists, self._ids_of):
            yield _finding(path, problem)
        sharded = self._store.config.layout == "sharded"
        for each in names.misnamed(path, card.id, sharded=sharded):
            yield Finding(each.path, 0, each.code, each.message)
        yield from self._files(record)

    def _exists(self, path: str) -> bool:
        return not path.startswith("..") and (self._store.root / path).exists()

    def _ids_of(self, card_id: str) -> set[str] | None:
        try:
            return {each.id for each in self._store.by_id(card_id).card.entries}
        except CardcliError:
            return None

    def _files(self, record: Record) -> Iterator[Finding]:
        """Yield the files of a client that are missing, or not what they were when attached."""
        for each in record.card.entries:
            kind = record.card.kinds.named(each.kind) if each.kind else None
            for field in kind.fields if kind else ():
                name = each.fields.get(field.key, "") if field.type is Type.FILE else ""
                if name:
                    self._named[name] = (record.path, each.line)
                    yield from self._file(
                        record.path, each.line, name, each.fields.get("sha256", "")
                    )

    def _file(self, path: str, line: int, name: str, sha256: str) -> Iterator[Finding]:
        place = self._store.root / name
        if not sha256 and place.is_file():
            return
        data = self._store.file(name)
        if data is None:
            yield Finding(
                path, line, codes.MISSING, _("the file {name} is missing").format(name=name)
            )
        elif sha256 and hashlib.sha256(data).hexdigest() != sha256.lower():
            yield Finding(path, line, codes.CHANGED, _changed(name))

    def changed(self, paths: Iterable[str]) -> Iterator[Finding]:
        """Yield files that git knows in another version, at the entry that names each."""
        for name in paths:
            path, line = self._named.get(name, (name, 0))
            if path != name:
                yield Finding(path, line, codes.CHANGED, _changed(name))


def _changed(name: str) -> str:
    return _("the file {name} was changed since it was attached").format(name=name)


def broken(store: Store, error: CardcliError) -> Finding:
    """Return why a card cannot be read as a problem of its file."""
    if isinstance(error, BadCardError):
        return Finding(error.path, error.line, error.problem, error.reason)
    if isinstance(error, WrongEncodingError):
        message = _("this is not UTF-8 text; save the file as UTF-8")
        return Finding(_relative(store, error), error.line, codes.ENCODING, message)
    if isinstance(error, CannotReadError):
        return Finding(_relative(store, error), 0, codes.UNREADABLE, error.reason)
    return Finding("", 0, codes.UNREADABLE, str(error))


def _relative(store: Store, error: WrongEncodingError | CannotReadError) -> str:
    return error.path.relative_to(store.root).as_posix()


def _settings(store: Store) -> Iterator[Finding]:
    """Yield the problems of ``cardcli.yaml``, the safety rules that never apply among them."""
    text = disk.read_text(store.root / config.FILE).removeprefix("\ufeff")

    def at(path: tuple[str, ...]) -> int:
        return yamlpatch.line_of(text, path)

    for each in settings.problems(Setting(yamlpatch.read(text)), config.KEYS):
        yield Finding(config.FILE, at(each.path), each.code, each.message)
    services = [service.name for service in store.config.services]
    for stray in cautions.strays(store.config.cautions, services):
        yield Finding(config.FILE, at(stray.path), codes.RULE, stray.message)


def _places(store: Store, known: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the files of the store as files."""
    found = [each for folder in _FOLDERS for each in disk.files(store.root, folder)]
    paths = [path for path, _link in found]
    among = [path for path, link in found if path.startswith(f"{CARDS}/") and not link]
    problems = [*names.unportable(paths), *names.strays(among)]
    if not store.broken:  # a card that cannot be read still has its files
        inside = [path for path in paths if path.startswith(f"{FILES}/")]
        problems += names.orphans(FILES, inside, known)
    for each in problems:
        yield Finding(each.path, 0, each.code, each.message)
    for path, link in found:
        if link and path.startswith(f"{CARDS}/"):
            yield Finding(path, 0, codes.SYMLINK, _("this is a link; it is not followed"))


def _ledger(store: Store) -> Iterator[Finding]:
    """Yield the lines of the print ledger that no command counts."""
    for path in disk.markdown_files(store.root / ARCHIVE):
        try:
            _lines, strange = ledger.read(disk.read_text(path))
        except CardcliError as error:
            yield broken(store, error)
            continue
        for line in strange:
            message = _("this is no line of the print ledger; it is not counted")
            yield Finding(
                path.relative_to(store.root).as_posix(), line, codes.PRINT_LEDGER, message
            )
