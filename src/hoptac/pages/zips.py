"""Open a zip within bounds (tệp nén): count what it would inflate to before anything is inflated."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from hoptac.pages.limits import RATIO_FREE_BYTES, Limits, Refused

_ENCRYPTED = 0x1
_CHUNK = 1 << 18
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)


def open_zip(data: bytes, name: str, limits: Limits) -> zipfile.ZipFile:
    """The zip, its directory read and judged.

    Fails   ``Refused``: P08 broken, P09 more members than ``max_members``, P07 says that it inflates too far,
            P10 encrypted. Python's zipfile gives no more of a member than its directory says, so what passes here
            cannot inflate further later.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise Refused("P08", name, found=str(error)) from error
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise Refused("P09", name, limit=limits.max_members, what="members")
    unpacked = sum(member.file_size for member in members)
    packed = max(1, len(data))
    if unpacked > limits.max_unpacked_bytes or unpacked > max(RATIO_FREE_BYTES, packed * limits.max_ratio):
        raise Refused("P07", name, ratio=limits.max_ratio)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Refused("P10", name)
    return archive


def chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A member's bytes piece by piece. Raises ``Refused`` P08 where it is broken."""
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except BROKEN as error:
        raise Refused("P08", name, found=f"{member.filename}: {error}") from error


def read_member(archive: zipfile.ZipFile, path: str, name: str, limit: int) -> bytes | None:
    """A member whole, None where there is none. ``Refused`` P03 above ``limit`` bytes, P08 where it is broken."""
    try:
        member = archive.getinfo(path)
    except KeyError:
        return None
    if member.file_size > limit:
        raise Refused("P03", name, limit=f"{limit:,}")
    return b"".join(chunks(archive, member, name))


def office_kind(archive: zipfile.ZipFile) -> str:
    """What a zip is: docx, xlsx, xlsb, pptx, odt, ods, odp, epub, or a plain zip."""
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            return "xlsb"
        for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(path.startswith(folder) for path in names):
                return kind
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        try:
            kind = archive.read("mimetype").decode("ascii", "replace").strip()
        except BROKEN:
            return "zip"
        for mark, odf in (
            (".text", "odt"),
            (".spreadsheet", "ods"),
            (".presentation", "odp"),
            ("epub", "epub"),
        ):
            if mark in kind:
                return odf
    return "zip"
