"""One way to write a value (dạng chuẩn): what is hashed and compared. Knows no Django.

Canonical JSON: keys sorted, no spaces, UTF-8 kept as it is, no floats (a float has no one spelling). None is left out of
objects, so that a field added later does not change what was said before.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NAMESPACE = uuid.UUID("5f0d2c5e-2f0a-5b6e-9c39-70a1d1f9c0de")
_UNSTORABLE = {0: "\ufffd"} | dict.fromkeys(range(55296, 57344), "�")


def storable(text: str) -> str:
    """``text`` with what no database can hold (NUL, lone surrogates) as U+FFFD, one for one: offsets stay."""
    return text.translate(_UNSTORABLE)


def canonical(value: Any) -> Any:
    """A value in its one form: decimals as plain digits, tuples as lists, None left out of objects.

    >>> canonical({"b": (1, None), "a": None, "c": Decimal("6.50E+3")})
    {'b': [1, None], 'c': '6500'}
    """
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {str(k): canonical(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [canonical(v) for v in value]
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def decimal_text(value: Decimal) -> str:
    """A decimal as plain digits: no exponent, no zeros after the last digit of a fraction."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def tidy(text: str) -> str:
    """A value's text as it is kept: NFC, trimmed, one space where there were several, nothing a database cannot hold."""
    return " ".join(storable(unicodedata.normalize("NFC", text)).split())


def canonical_json(value: Any) -> str:
    return json.dumps(
        canonical(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(value: Any) -> str:
    """SHA-256, in hex, of the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def page_key(sha256: str, speaker: str, kind: str, values: Mapping[str, Any]) -> str:
    """The natural key of what a page says: the same values said by the same page for the same speaker are one statement.

    Spans are not in it: a page that says a thing twice says it once, on two passages.
    """
    return digest(["page", sha256, speaker, kind, values])


def form_key(form: uuid.UUID) -> str:
    """The natural key of a person's statement: the form's own number, so that a form sent twice counts once."""
    return digest(["form", str(form)])


def uid_of(key: str) -> uuid.UUID:
    """The public number of the statement with this key: the same on every machine."""
    return uuid.uuid5(NAMESPACE, key)
