from __future__ import annotations

from django.test import Client
from django.urls import reverse

from hoptac.ledger.models import Record


def test_pages_open(cast, officer: Client) -> None:  # type: ignore[no-untyped-def]
    for name, args in (
        ("desk:cooperations", []), ("desk:records", []), ("desk:sources", []),
        ("desk:cooperation", [cast.cooperation.slug]), ("desk:cooperation-sum", [cast.cooperation.slug]),
        ("desk:source", [cast.source.sha256]),
    ):
        answer = officer.get(reverse(name, args=args))
        assert answer.status_code == 200, name
    for r in Record.objects.live():
        print(r.kind, r.title, r.standing, r.year, [c.slug for c in r.cooperations.all()])
        assert officer.get(reverse("desk:record", args=[r.slug])).status_code == 200
        assert officer.get(reverse("portal:record", args=[r.slug])).status_code == 200
