"""Tell what a file is (nhận dạng tệp): by its content first, by its name where the content leaves it open."""

from __future__ import annotations

import re

HEAD_BYTES = 1 << 16

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"WARC/", "warc"),
    (b"PAR1", "parquet"),
)
_FOREIGN = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"RIFF", "a RIFF file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound file"),
    (b"SQLite format 3", "an SQLite database"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PAGE_START = re.compile(
    r"(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|meta|title|article)\b",
    re.DOTALL | re.IGNORECASE,
)
_ANY_MARKUP = re.compile(r"<(?:/?[a-z][a-z0-9]*[\s>/]|!--)|&#?\w{2,9};", re.IGNORECASE)
_ROOT_ELEMENT = re.compile(
    r"(?:<\?[^>]*\?>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>|\s)*<([\w.:-]+)", re.DOTALL | re.IGNORECASE
)
_ROW_START = re.compile(r"\s*\{\s*\"")
_MAIL = re.compile(r"(?:[\w-]+:[^\n]*\n)*(?:MIME-Version:)", re.IGNORECASE)
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\x1b")
_BINARY_SHARE = 0.3

KINDS_OF_EXTENSION = {
    "txt": "txt",
    "text": "txt",
    "md": "txt",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "xht": "html",
    "docx": "docx",
    "docm": "docx",
    "dotx": "docx",
    "doc": "doc",
    "dot": "doc",
    "rtf": "rtf",
    "odt": "odt",
    "ods": "ods",
    "pdf": "pdf",
    "xlsx": "xlsx",
    "xlsm": "xlsx",
    "xlsb": "xlsb",
    "xls": "xls",
    "warc": "warc",
    "wet": "warc",
    "wat": "warc",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "parquet": "parquet",
    "gz": "gz",
    "zip": "zip",
}


def extension_of(name: str) -> str:
    """The last extension of a name, lower case, no dot; "" where it has none."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return base.rsplit(".", 1)[-1].lower() if "." in base else ""


def sniff(head: bytes, name: str) -> tuple[str, str | None]:
    """The kind of a file from its first bytes and name, and what was found where it is of no kind that is read.

    Gives   (kind, None), or ("", words for what was found). ``zip`` and ``ole`` are told apart by what they hold.
    """
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind, None
    if b"%PDF-" in head[:1024]:
        return "pdf", None
    for magic, found in _FOREIGN:
        if head.startswith(magic):
            return "", found
    text = _peek(head)
    if text is None:
        return "", "binary data"
    claimed = KINDS_OF_EXTENSION.get(extension_of(name), "")
    if _PAGE_START.match(text):
        return "html", None
    if text.startswith("WARC/"):
        return "warc", None
    if claimed == "html" and (_ANY_MARKUP.search(text) or not text.strip()):
        return "html", None
    if _ROW_START.match(text) and claimed in ("jsonl", ""):
        return "jsonl", None
    if claimed == "jsonl":
        return "jsonl", None
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("<?xml", "<!DOCTYPE")):
        root = _ROOT_ELEMENT.match(start)
        return "", f"XML ({root[1]})" if root else "XML"
    if _MAIL.match(start) and "multipart" in text[:4096].lower():
        return "", "a web archive (MHTML)"
    return "txt", None


def agrees(kind: str, name: str) -> bool:
    """Does a file's extension say what its content is? No extension, and one nobody knows, contradict nothing."""
    claimed = KINDS_OF_EXTENSION.get(extension_of(name))
    return claimed is None or claimed == kind or (kind == "ole" and claimed in ("doc", "xls", "docx", "xlsx"))


def _peek(head: bytes) -> str | None:
    """A rough text of the first bytes, enough to see markup; None where they are no text."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace").lstrip("\ufeff")
    sample = head[:4096]
    even, odd = sample[0::2], sample[1::2]
    half = max(1, len(odd))
    for encoding, zeros in (("utf-16-le", odd), ("utf-16-be", even)):
        if zeros.count(0) > half * 0.5:
            text = head[: len(head) & ~1].decode(encoding, "replace")
            return None if _is_binary(text[:2048]) else text
    return None if _is_binary(sample.decode("latin-1")) else head.decode("latin-1")


def _is_binary(text: str) -> bool:
    return sum(char in _CONTROLS for char in text) > len(text) * _BINARY_SHARE
