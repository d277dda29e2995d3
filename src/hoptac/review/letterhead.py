"""The details of a side's own paper (thể thức văn bản): issuing body, number, place and day, signature, recipients.

Source  Decree 30/2020/NĐ-CP, Annex I, part I: section II (parts of a paper), 1-9; forms of signing TM., KT., TL., TUQ. in 7(a).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from hoptac.review.rows import Locality
from hoptac.review.telling import Teller
from hoptac.review.words import Words

TWO_DIGITS = 10  # days, and the first two months, are written with a zero before them below this
ZERO_MONTHS = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """``authority`` are the lines above the signer's office ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"), ``recipients`` one a line.
    ``body`` may stand on two lines.

    ``day`` is ISO; "" leaves day and number to be filled in by hand.
    """

    superior: str = ""
    body: str = ""
    number: str = ""
    symbol: str = ""
    place: str = ""
    day: str = ""
    authority: str = ""
    office: str = ""
    signer: str = ""
    recipients: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Paper:
        return cls(**{f.name: str(values.get(f.name) or "") for f in fields(cls)})

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def usual_paper(tell: Teller, side: Locality) -> Paper:
    """What a side's paper bears where its officers have not said otherwise: its People's Committee, unsigned and undated."""
    w = tell.w
    called = tell.called(side).upper()
    others = [one for one in tell.snapshot.localities if one.identity != side.identity]
    return Paper(
        body="\n".join((w("paper_body"), called)),
        symbol=w("paper_symbol"),
        place=side.name,
        authority=w("paper_authority"),
        office=w("paper_office"),
        recipients="\n".join(w("paper_to", locality=tell.called(one)) for one in others),
    )


def filled(paper: Paper, usual: Paper) -> Paper:
    """A paper's details, the usual ones where none are given."""
    given = {name: value for name, value in paper.as_json().items() if value}
    return replace(usual, **given)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The lines of a paper as they are printed, in the paper's language."""

    nation: str
    motto: str
    superior: str
    body_lines: tuple[str, ...]
    number: str
    place_day: str
    authority: tuple[str, ...]
    office: str
    signer: str
    recipients_head: str
    recipients: tuple[str, ...]
    annex_of: str
    draft: str


def letterhead(paper: Paper, w: Words, *, draft: bool, year: int) -> Letterhead:
    """``year`` is printed where the paper has no day yet."""
    number = paper.number.zfill(2) if paper.number.isdigit() else paper.number or "      "
    lines = [line.strip(" -;.") for line in paper.recipients.splitlines() if line.strip(" -;.")]
    return Letterhead(
        nation=w("nation"),
        motto=w("motto"),
        superior=paper.superior.upper(),
        body_lines=tuple(line.strip().upper() for line in paper.body.splitlines() if line.strip()) or ("",),
        number=w("number", number=number, symbol=paper.symbol),
        place_day=w("place_day", place=paper.place, day=day_in_full(paper.day, w, year)),
        authority=tuple(line.strip() for line in paper.authority.splitlines() if line.strip()),
        office=paper.office.upper(),
        signer=paper.signer,
        recipients_head=w("recipients"),
        recipients=(*(f"- {line};" for line in lines), "- " + w("file_copy", symbol=w("paper_file"))),
        annex_of=w("annex_of", number=number, symbol=paper.symbol, body=" ".join(paper.body.split())),
        draft=w("draft") if draft else "",
    )


def day_in_full(iso: str, w: Words, year: int) -> str:
    """ "ngày 05 tháng 02 năm 2024": a zero before days below 10 and before January and February."""
    if not iso:
        return w("day_blank", year=str(year))
    on = date.fromisoformat(iso)
    if w.language == "en":
        return w("day_full", day=str(on.day), month=w(f"month_{on.month}"), year=str(on.year))
    month = f"{on.month:02d}" if on.month <= ZERO_MONTHS else str(on.month)
    day = f"{on.day:02d}" if on.day < TWO_DIGITS else str(on.day)
    return w("day_full", day=day, month=month, year=str(on.year))
