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
        self._vocabulary = frozenset(words[0] for words in self._words)
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
        hint, size = None, 0
        for name in names[:_MAX_NAMES].split():
            parts = [part.lower() for part in _NAME_PART.findall(name)]
            if self._vocabulary.isdisjoint(parts):
                continue
            for at in range(
                len(parts) - 1, -1, -1
            ):  # the last words weigh most: "image-caption" is a caption
                for end in range(len(parts), at + size, -1):
                    if found := self._words.get(tuple(parts[at:end])):
                        hint, size = found, end - at
                        break
        if len(self._cache) < _CACHE_SIZE:
            self._cache[names] = hint
        return hint
