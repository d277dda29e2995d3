"""What the public sees and does not see; headers; languages; pages of errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from web_cast import Cast

from hoptac.ledger.models import Record
from hoptac.screens import errors
from hoptac.screens.passages import QUOTE, short_quote


def test_short_quotes_with_link_and_day_never_the_text(cast: Cast) -> None:
    client = Client()
    pages = [reverse("portal:record", args=[r.slug]) for r in Record.objects.live()]
    pages += [reverse("portal:home"), reverse("portal:cooperation", args=[cast.cooperation.slug])]
    for page in pages:
        said = client.get(page).content.decode()
        assert "Giá rau tăng" not in said and "canbo.hanoi" not in said
    said = client.get(reverse("portal:record", args=[cast.record("Lê Quý Đôn").slug])).content.decode()
    assert "“năm 2011, Thủ đô góp 2,4 tỷ đồng xây Trường THPT chuyên Lê Quý Đôn”" in said
    assert 'href="https://bao.example.vn/hop-tac"' in said and "đọc ngày 20/11/2026" in said


def test_a_quote_is_cut_between_words() -> None:
    long = "Thành phố hỗ trợ tỉnh xây trường, " * 20
    assert len(short_quote(long)) <= QUOTE and short_quote(long).endswith("…")
    assert short_quote(" một  câu\nngắn ") == "một câu ngắn"


def test_a_withdrawn_record_is_gone(cast: Cast) -> None:
    record = cast.record("Lê Quý Đôn")
    Record.objects.filter(pk=record.pk).update(in_force=0)
    assert Client().get(reverse("portal:record", args=[record.slug])).status_code == 404
    assert Client().get(f"/api/v1/records/{record.slug}").status_code == 404


def test_headers_of_every_answer(cast: Cast) -> None:
    for path in ("/", "/accounts/login/", "/khong-co/", "/api/v1/cooperations", "/api/v1/docs"):
        answer = Client().get(path)
        policy = answer["Content-Security-Policy"]
        assert (
            "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        )
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin" and "Strict-Transport-Security" not in answer
    with override_settings(SECURE_HSTS_SECONDS=86400):
        assert Client().get("/", secure=True)["Strict-Transport-Security"].startswith("max-age=86400")


def test_no_inline_script_or_style(cast: Cast, officer: Client) -> None:
    pages = ["/", reverse("desk:cooperation", args=[cast.cooperation.slug]), reverse("desk:records")]
    pages += [reverse("desk:record", args=[cast.record("Sam Mứn").slug]), reverse("account_login")]
    for page in pages:
        said = officer.get(page, follow=True).content.decode()
        assert "<style" not in said and " style=" not in said and " onclick=" not in said
        assert "<script>" not in said and "//cdn" not in said


def test_language_is_vietnamese_until_switched(db: None) -> None:
    client = Client(headers={"accept-language": "en-US"})
    assert '<html lang="vi">' in client.get("/").content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert "Sign In" in client.get("/accounts/login/").content.decode()
    client.post(reverse("set_language"), {"language": "xx", "next": "https://evil.example/"})
    assert '<html lang="en">' in client.get("/").content.decode()


ODD = (
    "%00",
    "%C3%28",
    "x" * 5000,
    "1e9",
    "-1",
    "9" * 40,
    "²",
    "%F0%9F%98%80",
    "' OR 1=1 --",
    "<script>",
    "../..",
    "\u202e",
)


def test_odd_questions_never_fail(cast: Cast, officer: Client) -> None:
    names = (
        "q",
        "kind",
        "field",
        "year",
        "status",
        "standing",
        "party",
        "cooperation",
        "sort",
        "page",
        "by",
        "group",
    )
    more = ("after", "limit", "language")
    paths = [
        reverse("desk:records"),
        reverse("desk:cooperations"),
        reverse("desk:sources"),
        reverse("portal:home"),
    ]
    paths += [
        reverse("desk:cooperation-sum", args=[cast.cooperation.slug]),
        "/api/v1/records",
        "/api/v1/cooperations",
    ]
    paths += [
        reverse("desk:records-csv"),
        reverse("portal:cooperation-records", args=[cast.cooperation.slug]),
    ]
    for odd in ODD:
        for path in paths:
            query = "&".join(f"{name}={odd}" for name in (*names, *more))
            answer = officer.get(f"{path}?{query}")
            assert answer.status_code in (200, 404, 422), (path, odd)
            assert "<script>" not in answer.content.decode()
        for path in (
            "/desk/sources/{}/",
            "/desk/records/{}/",
            "/records/{}/",
            "/api/v1/records/{}",
            "/parties/{}/",
        ):
            assert officer.get(path.format(odd)).status_code in (404, 422), (path, odd)


@pytest.mark.parametrize("language,words", [("vi", "Không có gì ở đây"), ("en", "There is nothing here")])
def test_pages_of_errors(db: None, language: str, words: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = language
    answer = client.get("/khong/co/trang/nay")
    assert answer.status_code == 404 and words in answer.content.decode()


def test_pages_of_errors_stand_alone(db: None, rf: RequestFactory) -> None:
    failed = errors.server_error(rf.get("/"))
    assert failed.status_code == 500 and "Chương trình gặp lỗi" in failed.content.decode()
    for page, status in ((errors.bad_request, 400), (errors.forbidden, 403), (errors.form_check_failed, 403)):
        assert page(rf.get("/")).status_code == status


def test_translations_are_whole_and_compiled() -> None:
    script = Path(__file__).parents[2] / "scripts" / "messages.py"
    done = subprocess.run([sys.executable, str(script), "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
