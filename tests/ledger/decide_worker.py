"""One of two officers who decide of the same statement; run by ``test_two_at_once.py``.

make          makes the ledger, with one statement that waits
decide FILE   looks at it, says "ready", waits for FILE to appear, decides, and says whether it won
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoptac.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from ledger_book import NOW, page  # noqa: E402

from hoptac.ledger.commands import init_ledger  # noqa: E402
from hoptac.ledger.filing import filed_under  # noqa: E402
from hoptac.ledger.inbox import NEW, Choice, decide  # noqa: E402
from hoptac.ledger.models import Filing, Waiting  # noqa: E402
from hoptac.ledger.take import take_reading  # noqa: E402

GIFT = "gift: Hà Nội > Điện Biên | bò giống | gift | 300000000 VND | 2022 | agriculture | done"


def make() -> None:
    init_ledger()
    reading, written = page(GIFT)
    take_reading(reading, written, now=NOW, filing="inbox")
    User.objects.create(username="canbo")


def choose(signal: Path) -> None:
    statement = Waiting.objects.get().statement
    seen = filed_under(statement)
    if seen is None:
        raise LookupError(str(statement))
    print("ready", flush=True)
    while not signal.exists():
        time.sleep(0.001)
    [done] = decide([Choice(statement.pk, seen.pk, NEW)], by=User.objects.get(), at=NOW)
    print("won" if done.filing is not None else "told", Filing.objects.filter(statement=statement).count())


if __name__ == "__main__":
    make() if sys.argv[1] == "make" else choose(Path(sys.argv[2]))
