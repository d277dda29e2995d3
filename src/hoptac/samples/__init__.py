"""The sample pages (trang mẫu) that ship with the package, and who speaks in each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample file; ``speaker`` is the plain name of the locality whose own paper it is, None for a newspaper."""

    path: Path
    speaker: str | None
    what: str


def samples() -> tuple[Sample, ...]:
    """Every sample, in the order in which the demo takes them.

    >>> [s.path.name for s in samples() if s.speaker == "Hà Nội"]
    ['ha-noi-thong-tin.txt']
    """
    lines = (FOLDER / "samples.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")][1:]
    return tuple(Sample(FOLDER / row[0], row[1] or None, row[2]) for row in rows)
