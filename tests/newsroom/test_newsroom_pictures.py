"""Photos: what is taken, what is left out of the file, what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom_cast import chunk, exif, jpeg, part, png

from hoptac.newsroom.pictures import MOST_BYTES, PictureError, clean_picture


def test_a_png_keeps_its_picture_and_nothing_else() -> None:
    cleaned = clean_picture(
        png(extra=chunk(b"tEXt", b"Author\0secret") + chunk(b"eXIf", b"secret"), tail=b"<html>")
    )
    assert (cleaned.media_type, cleaned.width, cleaned.height) == ("image/png", 40, 30)
    assert cleaned.data == png()


def test_a_jpeg_keeps_its_picture_and_which_way_up() -> None:
    told = (
        part(0xE1, exif(6))
        + part(0xFE, b"secret")
        + part(0xED, b"secret")
        + part(0xE1, b"http://ns.adobe.com/xap/secret")
    )
    cleaned = clean_picture(jpeg(before=told, tail=b"PK\x03\x04 secret"))
    assert b"secret" not in cleaned.data and b"ABC" not in cleaned.data and cleaned.data.endswith(b"\xff\xd9")
    assert (cleaned.width, cleaned.height) == (30, 40), "turned"
    again = clean_picture(cleaned.data)
    assert (again.data, again.width) == (cleaned.data, 30)
    assert clean_picture(jpeg()).data == jpeg()


@pytest.mark.parametrize(
    "data,code",
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"GIF89a" + bytes(40), "kind"),
        (b"%PDF-1.7", "kind"),
        (png()[:-20], "broken"),
        (png().replace(b"IDAT", b"IDAX"), "broken"),
        (jpeg()[:-4], "broken"),
        (b"\xff\xd8\xff", "broken"),
        (png(8, 8), "small"),
        (png() + bytes(MOST_BYTES), "large"),
        (jpeg(20_000, 20_000), "pixels"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(PictureError) as found:
        clean_picture(data)
    assert found.value.code == code


@given(
    st.binary(max_size=200), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", jpeg()[:30], png()[:40]])
)
def test_no_file_breaks_it(data: bytes, head: bytes) -> None:
    with contextlib.suppress(PictureError):
        clean_picture(head + data)
