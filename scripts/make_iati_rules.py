"""Make the lexicon's table of IATI rules (bảng quy tắc IATI) from the standard's rule sets.

Usage: python scripts/make_iati_rules.py FOLDER > src/hoptac/lexicon/data/iati_rules.tsv

FOLDER has one folder for each version, each with the version's ``standard.json``. Only what a rule tests is taken: where,
which kind, with which paths, its number and severity. No message is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def bare(case: dict[str, Any]) -> dict[str, Any]:
    """A case without its texts; cases inside a loop keep number and severity."""
    out = {}
    for key, value in case.items():
        if key == "ruleInfo":
            continue
        if key == "do":
            value = {
                kind: [
                    bare(inner) | {"id": inner["ruleInfo"]["id"], "severity": inner["ruleInfo"]["severity"]}
                    for inner in rules["cases"]
                ]
                for kind, rules in value.items()
            }
        out[key] = value
    return out


def main(folder: Path) -> None:
    print("# title: Rules of the IATI standard (quy tắc của chuẩn IATI)")
    print(
        "# source: IATI rule sets 2.01 to 2.03, https://github.com/IATI/IATI-Rulesets (what they test), by scripts/make_iati_rules.py"
    )
    print("# checked: 2026-11-23")
    print("context\tkind\tid\tseverity\tcase\tversions\tnote")
    found: dict[tuple[str, ...], list[str]] = {}
    for path in sorted(folder.glob("*/standard.json"), reverse=True):
        for context, kinds in json.loads(path.read_text(encoding="utf-8")).items():
            for kind, rules in kinds.items():
                for case in rules["cases"]:
                    info = case.get("ruleInfo", {})
                    text = json.dumps(bare(case), ensure_ascii=False)
                    key = (context, kind, info.get("id", ""), info.get("severity", ""), text)
                    found.setdefault(key, []).append(path.parent.name)
    for row, versions in found.items():
        print("\t".join((*row, "|".join(sorted(versions)), "")))


main(Path(sys.argv[1]))
