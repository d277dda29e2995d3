"""The API's root: what it gives, page by page; its errors; its description."""

from __future__ import annotations

from typing import Any

from django.test import Client
from web_cast import Cast

from hoptac.ledger.models import Record


def get(path: str, status: int = 200) -> dict[str, Any]:
    answer = Client().get(path)
    assert answer.status_code == status, answer.content
    kind = "application/problem+json" if status >= 400 else "application/json"
    assert answer["Content-Type"].split(";")[0] == kind
    found: dict[str, Any] = answer.json()
    return found


def test_cooperations_records_sums(cast: Cast) -> None:
    [one] = get("/api/v1/cooperations?q=dien bien")["items"]
    assert one["slug"] == cast.cooperation.slug and {p["code"] for p in one["localities"]} == {"01", "11"}
    assert get(f"/api/v1/cooperations/{one['slug']}") == one
    sums = get(f"/api/v1/cooperations/{one['slug']}/sums?by=year")
    assert sums["groups"][0]["key"] == "2024" and sums["groups"][0]["sums"] == [
        {"amount": "65000000000", "currency": "VND"}
    ]
    [total] = get(f"/api/v1/cooperations/{one['slug']}/sums")["groups"]
    assert {x["reason"] for x in total["left_out"]} == {"disputed", "hedged", "no_sum", "pledged"}


def test_a_record_carries_its_words(cast: Cast) -> None:
    record = cast.record("Lê Quý Đôn")
    found = get(f"/api/v1/records/{record.slug}")
    assert found == get(f"/api/v1/records/{record.uid}")
    [statement] = found["statements"]
    assert found["fields"]["amount"]["says"] == [statement["uid"]] and statement["certainty"] == "0.9"
    assert statement["passages"][0]["quote"].startswith("năm 2011") and "signer" not in str(found)
    assert statement["source"]["url"] == "https://bao.example.vn/hop-tac"


def test_pages_hold_every_record_once(cast: Cast) -> None:
    seen: list[str] = []
    following: str | None = "/api/v1/records?limit=4"
    while following:
        page = get(following)
        seen += [r["uid"] for r in page["items"]]
        following = page["next"]
    assert len(seen) == len(set(seen)) == Record.objects.live().count()
    assert [r["kind"] for r in get("/api/v1/records?kind=meeting&year=2024")["items"]] == ["meeting"]
    assert get("/api/v1/records?q=sam mun&kind=contribution")["items"][0]["standing"] == "disputed"


def test_errors_are_problems(cast: Cast) -> None:
    assert get("/api/v1/records/khong-co", 404)["status"] == 404
    assert get("/api/v1/khong-co", 404)["title"] == "There is nothing here"
    asked = Client(headers={"accept-language": "vi-VN,vi;q=0.9"}).get("/api/v1/khong-co")
    assert asked.json()["title"] == "Không có gì ở đây"
    assert get("/api/v1/records?limit=0", 422)["errors"][0]["where"].endswith("limit")
    assert get("/api/v1/records?kind=zebra", 422)["status"] == 422
    for cursor in ("!!!", "AAAA", "é", "x" * 65):
        assert get(f"/api/v1/records?after={cursor}", 422)["title"]


def test_description_names_every_answer(db: None) -> None:
    described = get("/api/v1/openapi.json")
    assert described["openapi"].startswith("3.1")
    for path, methods in described["paths"].items():
        answers = methods["get"]["responses"]
        assert "422" in answers or not methods["get"].get("parameters"), path
        assert "404" in answers or "{" not in path, path
    schemas = described["components"]["schemas"]
    assert (
        schemas["RecordPage"] != schemas["CooperationPage"]
        and "fields" in schemas["RecordFull"]["properties"]
    )
