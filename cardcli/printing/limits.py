"""What a template may cost: a loop without end, or a text of a gigabyte, ends in a sentence.

Every turn of a loop, every macro, block and included file is counted, and what multiplication and
addition make is measured before it is made. What Python itself then still cannot stop (a filter
that fills the memory) is stopped from outside where the command line works in a process apart.
"""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cardcli.errors import CardcliError, ExitCode
from cardcli.language import _

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

TURNS = 1_000_000
TURNS_A_CARD = 200_000
"""A visit takes thirty to seventy turns, a card of 2,000 visits 140,000."""
_CALL = 5
"""A macro, a block or a file costs as much as so many turns of a loop."""
LENGTH = 20_000_000
"""Characters of one value, and of what one template makes."""
_BIT = 200
"""What a bit of a power counts: numbers of 100,000 bits are enough, and printing them is slow."""


class TooMuchError(CardcliError):
    """A template does more than any card needs; the template and its line are named by others."""

    code = ExitCode.BAD_DATA


@dataclass(slots=True)
class Allowance:
    """How much a template may still do."""

    turns: int = TURNS
    length: int = LENGTH

    def refill(self, cards: int) -> None:
        """Begin a document of so many cards."""
        self.turns = TURNS + TURNS_A_CARD * cards
        self.length = LENGTH * max(1, cards)

    def turn(self, weight: int = 1) -> None:
        """Count a turn of a loop. Raises :class:`TooMuchError`."""
        self.turns -= weight
        if self.turns < 0:
            raise TooMuchError(_("the loops of this template do not come to an end"))

    def take(self, characters: int) -> None:
        """Count what was made. Raises :class:`TooMuchError`."""
        self.length -= characters
        if self.length < 0:
            raise too_long()


def too_long() -> TooMuchError:
    """Return the error for a value, or a page, that grows without end."""
    return TooMuchError(
        _("this makes a text of more than {most} million characters").format(
            most=LENGTH // 1_000_000
        )
    )


def count_turns(template: nodes.Template, environment: Environment) -> nodes.Template:
    """Put a call of the filter ``turn`` at the head of all that can be done again and again."""
    from jinja2 import nodes

    def count(body: list[nodes.Node], line: int, weight: int) -> None:
        turn = nodes.Filter(
            nodes.Const(weight, lineno=line), "turn", [], [], None, None, lineno=line
        )
        body.insert(0, nodes.ExprStmt(turn, lineno=line).set_environment(environment))

    for loop in template.find_all(nodes.For):
        count(loop.body, loop.lineno, 1)
    for part in (template, *template.find_all((nodes.Macro, nodes.CallBlock, nodes.Block))):
        count(part.body, part.lineno, _CALL)  # type: ignore[attr-defined]
    return template


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Refuse what would make a value of absurd size. Raises :class:`TooMuchError`."""
    if _length(operator, left, right) > LENGTH:
        raise too_long()


def _length(operator: str, left: Any, right: Any) -> int:
    """Return how long the result is going to be, roughly; 0 for what cannot be long."""
    if operator == "+" and isinstance(left, Sized) and isinstance(right, Sized):
        return len(left) + len(right)
    if operator == "*" and isinstance(left, Sized) and isinstance(right, int):
        return len(left) * right
    if operator == "*" and isinstance(right, Sized) and isinstance(left, int):
        return len(right) * left
    if operator == "**" and isinstance(left, int) and isinstance(right, int):
        return abs(left).bit_length() * right * _BIT
    return 0
