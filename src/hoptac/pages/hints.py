"""What the names in a page's markup say (gợi ý trong mã trang): class="sapo" is the lead, nav is furniture."""

from __future__ import annotations

import re

from hoptac.lexicon import Lexicon

_NAME_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MAX_NAMES = 400
"""Characters of a class attribute that are looked at; utility-class pages write about 200."""
_CACHE_SIZE = 4096

# HTML Living Standard: what these elements mean, whatever their class.
_ELEMENTS = {
    "nav": "furniture",
    "header": "header",
    "footer": "furniture",
    "form": "furniture",
    "button": "furniture",
    "select": "furniture",
    "textarea": "furniture",
    "menu": "furniture",
    "dialog": "furniture",
    "noscript": "furniture",
    "aside": "aside",
    "figcaption": "caption",
    "caption": "caption",
    "time": "date",
    "h1": "headline",
    "article": "article",
    "main": "main",
}
_ATTRIBUTES = ("itemprop", "rel", "role")


class Hints:
    """The table ``page_roles`` made ready to ask. One element asks once; equal elements are remembered."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words: dict[tuple[str, ...], str] = {}
        self._values: dict[tuple[str, str], str] = {}
        for row in lexicon.table("page_roles"):
            if row["attribute"] == "class":
                self._words[tuple(row["word"].split())] = row["hint"]
            else:
                self._values[row["attribute"], row["word"].lower()] = row["hint"]
        self._longest = max((len(words) for words in self._words), default=0)
        self._cache: dict[str, str | None] = {}

    def of(self, tag: str, attributes: dict[str, str]) -> str | None:
        """The hint of one element, or None: an attribute with a fixed meaning, then its class and id, then its tag.

        >>> from hoptac.lexicon import default_lexicon
        >>> Hints(default_lexicon()).of("div", {"class": "singular-sapo text-lg"})
        'lead'
        """
        if attributes:
            for name in _ATTRIBUTES:
                value = attributes.get(name)
                if value and (hint := self._values.get((name, value.strip().lower()))):
                    return hint
            if tag == "time":
                return "date"
            names = attributes.get("class", "") or ""
            if identity := attributes.get("id"):
                names = f"{names} {identity}"
            if names and tag not in ("html", "body") and (hint := self.of_names(names)):
                return hint
        return _ELEMENTS.get(tag)

    def of_names(self, names: str) -> str | None:
        """The hint of class names: the longest row that one name holds as whole words, the earlier name first."""
        if names in self._cache:
            return self._cache[names]
        best: tuple[int, str] | None = None
        for name in names[:_MAX_NAMES].split():
            parts = [part.lower() for part in _NAME_PART.findall(name)]
            for size in range(min(self._longest, len(parts)), best[0] if best else 0, -1):
                found = next(
                    (
                        hint
                        for at in range(len(parts) - size, -1, -1)
                        if (hint := self._words.get(tuple(parts[at : at + size])))
                    ),
                    None,
                )
                if found:
                    best = (size, found)
                    break
        hint = best[1] if best else None
        if len(self._cache) < _CACHE_SIZE:
            self._cache[names] = hint
        return hint
