"""From what was typed to a tree of frozen values, and the tree's answer for one card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cardcli.errors import BadValueError
from cardcli.fields import Rules
from cardcli.language import _, active
from cardcli.meant import nearest, suggesting
from cardcli.query.keys import Key, Keys, word_of
from cardcli.query.operands import ORDERING, Operand, Typed
from cardcli.query.view import View

HAS = frozenset({"has", "есть"})
_OR = frozenset({"or", "или"})
_AND = frozenset({"and", "и"})
_NOT = frozenset({"not", "не"})
_QUOTES = {'"': '"', "«": "»", "“": "”", "„": "“"}
_DEEPEST = 50

_KEY = r"[^\W\d_][\w-]*(?:\.[^\W\d_][\w-]*)?"
_TERM = re.compile(rf"({_KEY})(?:\s*:?(<=|>=|!=|<|>|==?)\s*|(:))")
_KIND = re.compile(rf"({_KEY})\(")
_BARE = re.compile(r"[^\s()|]+")
_BLANK = re.compile(r"\s*")
_PLAIN_WORDS = re.compile(r"(?![-−])[^\s()|:<>=\"«»“”„]+", re.DOTALL)


class QueryError(BadValueError):
    """A query that cannot be understood: the reason, the query with the place marked, what is allowed."""

    def __init__(self, text: str, span: tuple[int, int], reason: str, more: str = "") -> None:
        start, end = span
        marks = " " * start + "^" * max(1, end - start)
        super().__init__("\n".join([reason, f"  {text}", f"  {marks}", *([more] if more else [])]))
        self.span = span
        self.reason = reason


# --- the tree --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Term:
    """One of the values of a key fits."""

    key: Key
    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part is true."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part is true."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """All of it is true of one and the same entry of a kind."""

    kind: str
    node: Node


Node = Term | Not | All | Either | Entry


def matches(node: Node, view: View) -> bool:
    """Tell whether a query is true of a client."""
    match node:
        case Term(key, operand):
            return any(operand.holds(value) for value in key.values(view))
        case Not(inner):
            return not matches(inner, view)
        case All(nodes):
            return all(matches(each, view) for each in nodes)
        case Either(nodes):
            return any(matches(each, view) for each in nodes)
        case Entry(kind, inner):
            return any(matches(inner, each) for each in view.each_of(kind))


# --- tokens ----------------------------------------------------------------------------------------


_NOTHING = Typed("", "")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query with its place.

    ``kind`` is one of ``( ) | and not term entry word end``; ``word`` the key or the kind, ``value``
    what stands after the operator with its place ``at``, or the word itself.
    """

    kind: str
    start: int
    end: int
    word: str = ""
    value: Typed = _NOTHING
    at: tuple[int, int] = (0, 0)


def _tokens(text: str) -> Iterator[Token]:
    position = _skip(text, 0)
    while position < len(text):
        token = _token(text, position)
        yield token
        position = _skip(text, token.end)
    yield Token("end", len(text), len(text))


def _skip(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _token(text: str, start: int) -> Token:
    sign = text[start]
    if sign in "()|":
        return Token(sign, start, start + 1)
    if sign in "-−" and _skip(text, start + 1) == start + 1 < len(text):
        return Token("not", start, start + 1)
    if match := _KIND.match(text, start):
        return Token("entry", start, match.end(), match[1])
    if match := _TERM.match(text, start):
        operator = (match[2] or match[3]).replace("==", "=")
        value, end, quoted = _value(text, match.end())
        at = (match.end(), max(end, match.end()))
        return Token("term", start, end, match[1], Typed(operator, value, quoted), at)
    value, end, quoted = _value(text, start)
    word = "" if quoted else value.casefold()
    for kind, words in (("|", _OR), ("and", _AND), ("not", _NOT)):
        if word in words:
            return Token(kind, start, end)
    return Token("word", start, end, value=Typed(":", value, quoted), at=(start, end))


def _value(text: str, start: int) -> tuple[str, int, bool]:
    """Return the value that begins at *start*, where it ends, and whether it stands in quotes."""
    closing = _QUOTES.get(text[start : start + 1])
    if closing:
        end = text.find(closing, start + 1)
        if end < 0:
            raise QueryError(text, (start, len(text)), _("the quote that opens here is not closed"))
        return text[start + 1 : end], end + 1, True
    match = _BARE.match(text, start)
    return (match[0], match.end(), False) if match else ("", start, False)


# --- the grammar -----------------------------------------------------------------------------------


def parse(text: str, keys: Keys, rules: Rules) -> Node:
    """Read a query. Raises :class:`QueryError`, which marks the place."""
    return _Parser(_printable(text), keys, rules).query()


def _printable(text: str) -> str:
    """Return a query on one line, with one column for each letter, so that a mark stands below it."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if char.isspace() or not char.isprintable() else char for char in composed)


def one_query(arguments: Sequence[str]) -> str:
    """Return the arguments of a command as one query.

    The shell has taken the quotes off ``service:"стрижка женская"``: an argument that is a key with
    plain words behind it gets them back.
    """
    return " ".join(_requoted(re.sub("^−", "-", each)) for each in arguments)


def _requoted(argument: str) -> str:
    match = _TERM.match(argument, 1 if argument.startswith("-") else 0)
    value = argument[match.end() :].strip() if match else ""
    words = value.split()
    plain = all(_PLAIN_WORDS.fullmatch(word) for word in words)
    joined = any(word.casefold() in _OR | _AND | _NOT for word in words)
    if match is None or len(words) < 2 or not plain or joined:
        return argument
    return f'{argument[: match.end()]}"{value}"'


class _Parser:
    """Recursive descent over the tokens; *keys* change inside a kind of entry."""

    def __init__(self, text: str, keys: Keys, rules: Rules) -> None:
        self.text = text
        self.keys = keys
        self.rules = rules
        self.tokens = list(_tokens(text))
        self.place = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def query(self) -> Node:
        node = self.either()
        if self.token.kind != "end":
            raise self.error(self.token, _("this bracket was never opened"))
        return node

    def either(self) -> Node:
        nodes = [self.all()]
        while self.token.kind == "|":
            self.take()
            nodes.append(self.all())
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def all(self) -> Node:
        nodes = [self.item()]
        while self.token.kind not in {"|", ")", "end"}:
            if self.token.kind == "and":
                self.take()
            nodes.append(self.item())
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def item(self) -> Node:
        token = self.take()
        if token.kind in {"not", "(", "entry"}:
            return self.nested(token)
        if token.kind == "term":
            return self.term(token)
        if token.kind == "word":
            return self.compared(self.keys.plain, token)
        raise self.error(token, _("something to look for is missing here"))

    def nested(self, token: Token) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error(token, _("the brackets are nested too deep"))
        if token.kind == "not":
            node: Node = Not(self.item())
        elif token.kind == "(":
            node = self.bracketed(token)
        else:
            node = self.entry(token)
        self.depth -= 1
        return node

    def bracketed(self, opening: Token) -> Node:
        node = self.either()
        if self.take().kind != ")":
            raise self.error(opening, _("the bracket that opens here is not closed"))
        return node

    def entry(self, token: Token) -> Node:
        outside, inside = self.keys, self.keys.kinds.get(word_of(token.word))
        if inside is None:
            sentence = _("There is no kind of entry “{kind}”.").format(kind=token.word)
            span = token.start, token.end - 1
            meant = nearest(word_of(token.word), outside.kinds)
            allowed = list(
                dict.fromkeys(each.plain.word(active()) for each in outside.kinds.values())
            )
            raise _unknown(self.text, span, sentence, meant, allowed)
        self.keys = inside
        node = self.bracketed(token)
        self.keys = outside
        return Entry(inside.plain.name, node)

    def term(self, token: Token) -> Node:
        if word_of(token.word) in HAS:
            return self.has(token)
        key = self.keys.find(token.word)
        if key is None:
            raise self.unknown(token)
        return self.compared(key, token)

    def has(self, token: Token) -> Node:
        if token.value.operator in ORDERING:
            raise self.error(token, _("write has:debt, with a colon"))
        key = self.keys.find(token.value.text) if token.value.text else None
        if key is None:
            raise self.unknown(Token("word", *token.at, word=token.value.text))
        present = Term(key, key.operand(Typed(":", "*"), self.rules))
        return Not(present) if token.value.operator == "!=" else present

    def compared(self, key: Key, token: Token) -> Node:
        value = token.value
        if not (value.text.strip() or token.word):
            raise self.error(token, _("something to look for is missing here"))
        if not value.text.strip():
            reason = _("a value is missing after “{key}”; for clients without one write -has:{key}")
            raise self.error(token, reason.format(key=token.word))
        different = value.operator == "!="
        typed = Typed("=", value.text, value.quoted) if different else value
        try:
            term = Term(key, key.operand(typed, self.rules))
        except BadValueError as error:
            raise QueryError(self.text, token.at, f"{token.word or key.name}: {error}") from None
        return Not(term) if different else term

    def error(self, token: Token, reason: str) -> QueryError:
        return QueryError(self.text, (token.start, token.end), reason)

    def unknown(self, token: Token) -> QueryError:
        span = token.start, token.start + len(token.word)
        return unknown_key(self.text, span, token.word, self.keys)


def unknown_key(text: str, span: tuple[int, int], word: str, keys: Keys) -> QueryError:
    """Return the error that names the nearest key and the allowed ones."""
    sentence = _("There is no key “{key}”.").format(key=word)
    usual = keys.words(active())
    meant = nearest(word_of(word), usual) or nearest(word_of(word), keys.spellings())
    return _unknown(text, span, sentence, meant, usual)


def _unknown(
    text: str, span: tuple[int, int], sentence: str, meant: str | None, allowed: Sequence[str]
) -> QueryError:
    more = _("Allowed: {words}. “cardcli help query” explains them.")
    reason = suggesting(sentence, meant)
    return QueryError(text, span, reason, more.format(words=", ".join(allowed)))
