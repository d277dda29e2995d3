"""How alike two things are told (độ giống nhau). Pure: knows no Django.

The name of a work ("Trường Tiểu học Sín Thầu") is its head, which many works share, and its own part, which tells them
apart; likeness is measured on the own part. Numbers in a name are never alike unless equal ("số 1", "số 2").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from hoptac.lexicon.tables import Lexicon, default_lexicon
from hoptac.text.fold import fold, match_form, search_key

UNNAMED_MOST = 80  # of 100: a named work beside unnamed words is never fully alike
HEADS_APART = 0
CUT_SHORT = (
    80  # of 100: one name is the beginning of the other ("Trung tâm Giáo dục" of "… thường xuyên tỉnh")
)
_END = re.compile(r"\s*[,;:(]|\s+-\s*$|[.]\s*$")


@dataclass(frozen=True, slots=True)
class WorkName:
    """The name of a work (tên công trình): as written, the head's full form, and the key of its own part."""

    name: str
    head: str
    own: str

    @property
    def key(self) -> str:
        return f"{search_key(self.head)} {self.own}".strip()


class _Heads:
    def __init__(self, lexicon: Lexicon) -> None:
        rows = lexicon.table("ledger_work_heads")
        self.full = {
            match_form(fold(r["head"]).text): match_form(fold(r["same_as"] or r["head"]).text) for r in rows
        }
        ordered = sorted(self.full, key=lambda head: (-len(head), head))
        self.pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ordered)) + r")(?!\w)")


def work_name(what: str, *, lexicon: Lexicon | None = None) -> WorkName | None:
    """The work that a contribution's words name, None where they name none.

    >>> work_name("tu sửa, nâng cấp Trường TH Sín Thầu, huyện Mường Nhé").name
    'Trường TH Sín Thầu'
    >>> work_name("nhiều công trình trường học") is None
    True
    """
    heads = (lexicon or default_lexicon()).built(_Heads)
    text = " ".join(fold(what).text.split())
    for m in heads.pattern.finditer(match_form(text)):
        end = _END.search(text, m.end())
        name = text[m.start() : end.start() if end else len(text)].strip()
        own = name[m.end() - m.start() :]
        if name[:1].isupper() or any(word[:1].isupper() for word in own.split()):
            return WorkName(name, heads.full[m.group()], search_key(own))
    return None


def likeness(a: str, b: str, *, lexicon: Lexicon | None = None) -> int:
    """How alike two descriptions are, 0-100.

    >>> likeness("Trường Tiểu học Sín Thầu", "xây Trường TH Sín Thầu"), likeness("Trường Mầm non số 1", "Trường Mầm non số 2")
    (100, 0)
    """
    name_a, name_b = work_name(a, lexicon=lexicon), work_name(b, lexicon=lexicon)
    if name_a is not None and name_b is not None:
        return same_work(name_a, name_b)
    key_a, key_b = search_key(a), search_key(b)
    if key_a == key_b:
        return 100
    if _numbers(key_a) != _numbers(key_b):
        return 0
    score = (fuzz.token_set_ratio(key_a, key_b) + fuzz.token_sort_ratio(key_a, key_b)) / 2
    return int(score if name_a is name_b else min(score, UNNAMED_MOST))


def same_work(a: WorkName, b: WorkName) -> int:
    """How alike the names of two works are, 0-100; 0 where their heads name two kinds of work."""
    if _numbers(a.own) != _numbers(b.own):
        return HEADS_APART
    if a.key == b.key:
        return 100
    shorter, longer = sorted((a, b), key=lambda name: len(name.key))
    if shorter.own and longer.key.startswith(shorter.key + " "):
        return CUT_SHORT
    if a.head != b.head:
        return HEADS_APART
    return int(fuzz.token_sort_ratio(a.own, b.own))


def _numbers(key: str) -> set[str]:
    return set(re.findall(r"\d+", key))
