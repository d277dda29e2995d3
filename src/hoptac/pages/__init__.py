"""Readers of files into pages (trang): txt, html, docx, pdf, xlsx, WARC/WET, jsonl, parquet."""

from hoptac.pages.values import Block, Finding, Page

__all__ = ["Block", "Finding", "Page"]
