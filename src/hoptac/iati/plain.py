"""Values as JSON has them (giá trị dạng JSON): what is empty left out, numbers as strings of digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """A value of ``activity`` or ``organisation`` as objects, lists and strings."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return value
    if hasattr(value, "_fields"):
        pairs = zip(value._fields, value, strict=True)
        return {name: plain(one) for name, one in pairs if one is not None and one != ()}
    return [plain(one) for one in value]
