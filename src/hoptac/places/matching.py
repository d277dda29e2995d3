"""Places in running text (địa danh trong văn bản): which strings name a unit, and which unit."""

from __future__ import annotations

from collections.abc import Sequence

from hoptac.lexicon.tables import Lexicon
from hoptac.places.resolving import NOWHERE, PageContext, Resolution, Resolver, resolver
from hoptac.places.units import Unit


class Matcher:
    """Finds places in texts. Made once for a lexicon (``matcher``)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.resolver: Resolver = resolver(lexicon)

    def resolve(
        self,
        name: str,
        *,
        kind: str | None = None,
        level: int | None = None,
        parents: Sequence[str | Unit] = (),
        context: PageContext = NOWHERE,
    ) -> Resolution:
        """``Resolver.resolve``: the unit that a name already found means, or the candidates."""
        return self.resolver.resolve(name, kind=kind, level=level, parents=parents, context=context)


def matcher(lexicon: Lexicon) -> Matcher:
    """The matcher of a lexicon, made once."""
    return lexicon.built(Matcher)
