"""Read a page by the rules, then ask the assistant for what they missed (đọc có trợ lý)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hoptac.assistant.endpoint import AssistantError, Endpoint
from hoptac.assistant.proposals import accept, reader_with
from hoptac.lexicon import Lexicon, default_lexicon
from hoptac.pages import Finding, Page
from hoptac.reading.values import Reading

FAILED, SPENT = "A05", "A06"


def assisted(
    read_page: Callable[[Page], Reading],
    endpoint: Endpoint,
    *,
    lexicon: Lexicon | None = None,
    told: Callable[[Finding], None] = lambda _: None,
) -> Callable[[Page], Reading]:
    """A reader that adds an assistant's proposals to those of ``read_page``.

    ``told`` hears of each proposal that was dropped and of each page for which the endpoint failed or may not be asked any
    more; such a page has the reading of the rules. A page with the assistant's answer names it in ``source.reader``.
    """
    lexicon = lexicon or default_lexicon()

    def read(page: Page) -> Reading:
        reading = read_page(page)
        article = reading.article
        story = "\n".join(
            e.quote
            for e in (article.headline, article.lead, *article.body, *article.captions)
            if e is not None
        )
        if not story.strip():
            return reading
        if endpoint.bounds.spent:
            told(Finding(SPENT, page.name, (("name", page.name),)))
            return reading
        try:
            proposals = endpoint.propose(story)
        except AssistantError as error:
            told(Finding(FAILED, page.name, (("name", page.name), ("found", str(error)[:200]))))
            return reading
        grown, dropped = accept(page, reading, proposals, lexicon=lexicon)
        for one in dropped:
            told(
                Finding(one.code, page.name, (("name", page.name), ("kind", one.kind), ("found", one.found)))
            )
        named = replace(grown.source, reader=reader_with(grown.source.reader, endpoint.model))
        return replace(grown, source=named)

    return read
