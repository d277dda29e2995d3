"""Steps of a choropleth (bậc màu): at most five, with round bounds that part the figures truly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

How = Literal["quantile", "log"]
MOST_STEPS = 5
ROUND = (1, 2, 5)  # the leading digits of a logarithmic scale's bounds, three to a power of ten


@dataclass(frozen=True, slots=True)
class Steps:
    """``bounds`` rise strictly; a figure is in the first step below ``bounds[0]``, in the last from ``bounds[-1]`` on.

    ``least`` and ``most`` are the smallest and greatest figure, None where there is none.
    """

    bounds: tuple[Decimal, ...]
    least: Decimal | None
    most: Decimal | None

    @property
    def count(self) -> int:
        return 0 if self.least is None else len(self.bounds) + 1

    def of(self, figure: Decimal) -> int:
        """The step of a figure, from 1."""
        return bisect_right(self.bounds, figure) + 1


def make_steps(figures: Iterable[Decimal], how: How = "quantile") -> Steps:
    """Part positive figures into at most five steps.

    "quantile": as many figures in each step as can be, equal figures together; no more than five different figures have
    a step each. A bound is the roundest number that parts the figures on its two sides. "log": bounds are of the
    series 1, 2, 5, 10…, as near to one another as five steps allow.

    >>> make_steps([Decimal(n) for n in (3, 18, 41, 160, 990)]).bounds
    (Decimal('10'), Decimal('40'), Decimal('100'), Decimal('900'))
    """
    if how not in get_args(How):
        raise ValueError(f"how: found {how!r}; expected one of {', '.join(get_args(How))}")
    ranked = sorted(figures)
    if not ranked:
        return Steps((), None, None)
    if not ranked[0] > 0:
        raise ValueError(f"figure {ranked[0]}: expected more than 0")
    bounds = _quantiles(ranked) if how == "quantile" else _powers(ranked[0], ranked[-1])
    return Steps(tuple(bounds), ranked[0], ranked[-1])


def _quantiles(ranked: list[Decimal]) -> list[Decimal]:
    different = sorted(set(ranked))
    if len(different) <= MOST_STEPS:
        firsts = different[1:]
    else:
        starts = {ranked[len(ranked) * i // MOST_STEPS] for i in range(1, MOST_STEPS)}
        firsts = sorted(starts - {different[0]})
    return [_roundest(different[different.index(first) - 1], first) for first in firsts]


def _roundest(below: Decimal, first: Decimal) -> Decimal:
    """The number with the fewest digits that is greater than one figure and no greater than the next."""
    power = first.adjusted()
    while True:
        unit = Decimal(1).scaleb(power)
        found = first // unit * unit
        if found > below:
            return Decimal(int(found)) if found == int(found) else found
        power -= 1


def _powers(least: Decimal, most: Decimal) -> list[Decimal]:
    """Bounds of the series 1, 2, 5, 10…: every one of them between the ends, or every second, third…"""
    first, last = least.adjusted() * len(ROUND), (most.adjusted() + 1) * len(ROUND)
    stride = 1
    while True:
        series = (_power(i) for i in range(first, last + 1) if i % stride == 0)
        found = [bound for bound in series if least < bound <= most]
        if len(found) < MOST_STEPS:
            return found
        stride += 1


def _power(index: int) -> Decimal:
    bound = Decimal(ROUND[index % len(ROUND)]).scaleb(index // len(ROUND))
    return Decimal(int(bound)) if bound == int(bound) else bound
