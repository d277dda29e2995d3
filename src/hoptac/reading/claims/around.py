"""What the whole page says around its giving (ngữ cảnh của trang): classes of context words, who is named how often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from hoptac.lexicon import Lexicon
from hoptac.reading.mentions import PlaceName
from hoptac.reading.scan import Hits, Scanner
from hoptac.reading.scene import Scene

STEPS = (0, 1, 2, 4, 8, 16, 32)
"""Distances in words are told apart up to these."""


@dataclass(frozen=True)
class Around:
    """What the whole page says around its giving: how often each class of context words stands on it, and where."""

    hits: Hits[str]
    page: Counter[str]
    named: Counter[str]
    home: int
    abroad: int

    @property
    def most(self) -> int:
        """How often the party named most is named."""
        return max(self.named.values(), default=0)


def _context_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner(
        {word: row["class"] for row in lexicon.table("claim_context") for word in row["words"].split("|")}
    )


def look_around(scene: Scene) -> Around:
    """The context of a page, in one pass over its text."""
    hits = Hits.of(scene.lexicon.built(_context_scanner).find(scene.doc.low))
    named: Counter[str] = Counter()
    home = abroad = 0
    for m in scene.names:
        for party in scene.parties_of(m):
            named[party.name] += 1
        if isinstance(m, PlaceName):
            home += m.level > 0
            abroad += m.level == 0
    page = Counter(hit.value for hit in hits.all)
    return Around(hits, page, named, home, abroad)


def step(n: int) -> str:
    """A distance as one of a few words.

    >>> step(0), step(3), step(100)
    ('0', '4', 'far')
    """
    return next((str(s) for s in STEPS if n <= s), "far")
