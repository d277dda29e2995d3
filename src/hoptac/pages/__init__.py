"""Readers of files into pages (trang): txt, html, docx, pdf, xlsx, WARC/WET, jsonl, parquet."""

from hoptac.pages.limits import Limits
from hoptac.pages.read import read_file
from hoptac.pages.values import Block, Finding, Page

__all__ = ["Block", "Finding", "Limits", "Page", "read_file"]
