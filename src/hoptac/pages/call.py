"""What the readers of one file share (một lần đọc): limits, words, what is left of the budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hoptac.lexicon import Lexicon
from hoptac.pages.limits import Budget, Limits, Refused
from hoptac.pages.values import Finding, Page


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive says of a page beside its bytes."""

    url: str | None = None
    charset: str | None = None
    captured: date | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call of ``read_file``, handed to every reader. ``depth`` counts the archives around the file in hand."""

    limits: Limits
    lexicon: Lexicon
    budget: Budget
    depth: int = 0

    def inside(self, name: str, what: str) -> Call:
        """The same call, one archive deeper. Raises ``Refused`` P09 below ``max_depth``."""
        if self.depth >= self.limits.max_depth:
            raise Refused("P09", name, limit=self.limits.max_depth, what=what)
        return Call(self.limits, self.lexicon, self.budget, self.depth + 1)


def guarded(items: Iterator[Page | Finding], name: str) -> Iterator[Page | Finding]:
    """What a reader gives; where it fails, the finding that says so, so that the rest goes on.

    Libraries below fail on hostile bytes in ways that none of them lists, and those written in Rust raise a panic
    that is no ``Exception``: whatever it is, it is a fact about the file (P22) and not a reason to stop the others.
    """
    try:
        yield from items
    except Refused as refused:
        yield refused.finding
    except Exception as error:
        yield Refused("P22", name, found=f"{type(error).__name__}: {error}"[:200]).finding
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        yield Refused("P22", name, found=str(error)[:200]).finding
