"""A file of each first kind gives a page whose blocks lie in its text."""

from __future__ import annotations

import io

from hoptac.pages import Page, read_file


def test_text_file_is_one_page_as_received() -> None:
    (page,) = read_file(io.BytesIO("Hà Nội\r\nĐiện Biên".encode()), name="a.txt")
    assert isinstance(page, Page)
    assert page.text == "Hà Nội\r\nĐiện Biên"
