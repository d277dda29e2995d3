"""Measure what a PDF's streams unpack to, before native code unpacks them (đo dòng dữ liệu của PDF).

A few kilobytes can unpack to gigabytes of drawing instructions, of which the library keeps a record each. So every
stream that may hold such instructions is unpacked here first, in pieces, through all its filters.
Source  ISO 32000-1:2008, 7.3.8 (streams), 7.4 (filters).
"""

from __future__ import annotations

import base64
import re
import zlib

from hoptac.pages.call import Call
from hoptac.pages.limits import Refused

_STREAM = re.compile(rb"(?<!end)stream\r?\n?")
_NO_DRAWING = re.compile(
    rb"/(?:Image|DCTDecode|JPXDecode|CCITTFaxDecode|JBIG2Decode|Length1|FontFile\d?|EmbeddedFile|Metadata|ICCBased)\b"
)
_FILTER = re.compile(
    rb"/(FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b"
)
_FILTER_ELSEWHERE = re.compile(rb"/Filter\s*\[?\s*\d+\s+\d+\s+R")
_DICTIONARY_BYTES = 1 << 16
_MAX_STREAM = 8 << 20
"""Unpacked bytes of one stream of drawing instructions: a page of text has some 10 kB."""
_CHUNK = 1 << 16
_LZW_CLEAR, _LZW_END = 256, 257


def check_streams(data: bytes, name: str, call: Call) -> None:
    """Refuse (P07) a file with a stream above 8 MB unpacked, or ``max_pdf_content_bytes`` of all together; and (P12)
    one that says its filters elsewhere, where they cannot be seen."""
    total = 0
    for match in _STREAM.finditer(data):
        before = data[max(0, match.start() - _DICTIONARY_BYTES) : match.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if _NO_DRAWING.search(dictionary):
            continue
        if _FILTER_ELSEWHERE.search(dictionary):
            raise Refused("P12", name, kind="pdf", found="a stream whose filters stand in another object")
        filters = _FILTER.findall(dictionary)
        if not filters:
            continue
        call.budget.tick()
        total += _measure(data, match.end(), filters, name, call)
        if total > call.limits.max_pdf_content_bytes:
            raise Refused("P07", name, ratio=call.limits.max_ratio)


def _measure(data: bytes, start: int, filters: list[bytes], name: str, call: Call) -> int:
    end = data.find(b"endstream", start)
    content = data[start : end if end >= 0 else len(data)]
    for one in filters:
        if one in (b"FlateDecode", b"Fl"):
            unpacked = _inflate(content)
        elif one in (b"LZWDecode", b"LZW"):
            unpacked = _unpack_lzw(content)
        elif one in (b"RunLengthDecode", b"RL"):
            unpacked = _unpack_runs(content)
        else:
            unpacked = _from_ascii(content, one)
        if len(unpacked) > _MAX_STREAM:
            raise Refused("P07", name, ratio=call.limits.max_ratio)
        content = unpacked
    return len(content)


def _inflate(content: bytes) -> bytes:
    """Unpacked bytes, at most one more than the bound; what came before a flaw where it is broken."""
    inflate = zlib.decompressobj()
    parts: list[bytes] = []
    size = 0
    for at in range(0, len(content), _CHUNK):
        try:
            parts.append(inflate.decompress(content[at : at + _CHUNK], _MAX_STREAM + 1 - size))
        except zlib.error:
            break
        size += len(parts[-1])
        if size > _MAX_STREAM or inflate.eof:
            break
    return b"".join(parts)


def _unpack_lzw(content: bytes) -> bytes:
    table: list[bytes] = []
    out: list[bytes] = []
    size, bits, held, width = 0, 0, 0, 9
    last = b""
    for byte in content:
        held, bits = (held << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == _LZW_CLEAR or not table:
            table, width, last = [bytes([n]) for n in range(256)] + [b"", b""], 9, b""
            if code >= _LZW_CLEAR:
                continue
        if code == _LZW_END or code > len(table):
            break
        entry = table[code] if code < len(table) else last + last[:1]
        if last and len(table) < 4096:
            table.append(last + entry[:1])
        width = 9 if len(table) < 511 else 10 if len(table) < 1023 else 11 if len(table) < 2047 else 12
        out.append(entry)
        last = entry
        size += len(entry)
        if size > _MAX_STREAM:
            break
    return b"".join(out)


def _unpack_runs(content: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(content) and content[at] != 128 and len(out) <= _MAX_STREAM:
        length = content[at]
        if length < 128:
            out += content[at + 1 : at + 2 + length]
            at += length + 2
        else:
            out += content[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(out)


def _from_ascii(content: bytes, kind: bytes) -> bytes:
    if kind in (b"ASCIIHexDecode", b"AHx"):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", content.split(b">")[0])
        return bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    try:
        return base64.a85decode(content.strip().removeprefix(b"<~").split(b"~>")[0])
    except ValueError:
        return content
