"""Open the compound files of Office 97 (.doc, .xls) and tell them apart."""

from __future__ import annotations

import io
from collections.abc import Iterator

from hoptac.pages.call import Call
from hoptac.pages.limits import Refused
from hoptac.pages.values import Finding, Page

_MAIN = ("worddocument", "workbook", "book")
_TABLES = ("0table", "1table")


def read_ole(data: bytes, name: str, call: Call) -> Iterator[Page | Finding]:
    """Pages of a compound file: Word 97 or Excel 97. ``Refused`` P10 encrypted, P13 another program's, P12 broken."""
    from olefile import OleFileIO

    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(path): path for path in ole.listdir()}
            lower = {path.lower(): path for path in names}
            if "encryptedpackage" in lower:
                raise Refused("P10", name)
            wanted = next((s for s in ("worddocument", "workbook", "book") if s in lower), None)
            streams: dict[str, bytes] = {
                s: ole.openstream(names[lower[s]]).read() for s in (wanted, "0table", "1table") if s in lower
            }
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise Refused("P12", name, kind="ole", found=str(error)[:200] or type(error).__name__) from error
    if wanted == "worddocument":
        from hoptac.pages.doc import read_doc

        yield from read_doc(data, name, call, streams)
    elif wanted is not None:
        from hoptac.pages.sheets import read_xls

        yield from read_xls(data, name, call, streams[wanted])
    elif "powerpoint document" in lower:
        raise Refused("P13", name, kind="a PowerPoint 97 file", instead="pdf")
    else:
        raise Refused("P13", name, kind="an old Office file", instead="docx, xlsx or pdf")
