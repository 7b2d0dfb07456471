"""In and out: what other programs write becomes clients of ours, and the other way round.

A codec turns the bytes of one format into :class:`incoming.Incoming` records as the file tells them;
``reading`` makes of each what a card could hold; ``planning`` compares that with the cards there
are; the command previews the plan and the store writes it, all in one commit.
"""
