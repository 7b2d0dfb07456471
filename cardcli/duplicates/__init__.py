"""Clients who may be one person: pairs of cards, how likely that is, and why.

The way of a pair: ``naming`` says which word of a name is what, ``evidence`` weighs what two clients
have in common and what speaks against it, ``pairing`` finds the pairs that are worth weighing. The
weights are those of record linkage (I. P. Fellegi, A. B. Sunter, “A Theory for Record Linkage”, 1969):
each piece of evidence counts in bits, the logarithm of how much more often it is seen between two
cards of one person than between those of two people; a rare name therefore says more than a usual one.
Nothing here reads a file or the clock.
"""

from cardcli.duplicates.evidence import Evidence, How
from cardcli.duplicates.pairing import (
    LIKELY,
    POSSIBLE,
    Match,
    Pair,
    judged,
    likely,
    pairs,
)

__all__ = ["LIKELY", "POSSIBLE", "Evidence", "How", "Match", "Pair", "judged", "likely", "pairs"]
