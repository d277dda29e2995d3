"""Where a side's word on a record stands (lượt của bên nào). Pure: knows no Django, no table.

A record waits for a side that has said nothing of it, and for one whose word somebody has contradicted since. Who spoke last in a
dispute has said what there was to say: the record waits for the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from hoptac.ledger.consolidate import Said, contradicted

SILENT, DIFFERS, UNANSWERED, STANDS, SAID = "silent", "differs", "unanswered", "stands", "said"
WAITING = (SILENT, DIFFERS, UNANSWERED)


def word_of(side: str, entered: Sequence[Said], sides: frozenset[str], *, asked: bool = False) -> str:
    """Where the word of one side stands, among the statements in force in the order in which they were entered.

    ``silent`` the side has said nothing; ``differs`` somebody contradicted it since; ``unanswered`` it was ``asked`` for
    something and has not answered: all three wait for the side. ``stands`` it is contradicted, and spoke after whoever
    contradicts it; ``said`` nobody contradicts it.

    >>> page, officer = Said("a", {"year": 2023}), Said("b", {"year": 2024}, side="place:hà nội")
    >>> word_of("place:hà nội", [page, officer], frozenset({"place:hà nội"}))
    'stands'
    """
    own = [n for n, said in enumerate(entered) if said.side == side]
    if not own:
        return SILENT
    against = [
        n
        for n, said in enumerate(entered)
        if said.side != side and any(contradicted(entered[at], said, sides) for at in own)
    ]
    if not against:
        return UNANSWERED if asked else SAID
    return DIFFERS if max(against) > max(own) else STANDS
