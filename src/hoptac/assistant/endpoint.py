"""Ask an OpenAI-compatible endpoint (hỏi trợ lý), within bounds of time and cost that are the user's.

The endpoint is the user's own choice and the page's story is sent to it; nothing else is. It is asked with temperature 0, is
not followed elsewhere, and its answer is bounded in size and time.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hoptac.assistant.prompt import PROMPT

LONGEST_STORY = 24_000
"""Characters of a page's story that are sent; what lies beyond is read by the rules alone."""

LARGEST_ANSWER = 1 << 20
ANSWER_TOKENS = 4_000
CHARACTERS_A_TOKEN = 2
"""Vietnamese text takes about half a token a character; used where the endpoint does not say what it used."""


class AssistantError(Exception):
    """The endpoint gave no usable answer; says what was wrong with it."""


@dataclass
class Bounds:
    """What a run may cost, and what it has cost: seconds of waiting and tokens, over all its pages."""

    seconds: float = 120.0
    tokens: int = 200_000
    used_seconds: float = 0.0
    used_tokens: int = 0
    calls: int = 0

    @property
    def spent(self) -> bool:
        return self.used_seconds >= self.seconds or self.used_tokens >= self.tokens


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Endpoint:
    """An endpoint with a model. ``url`` ends before ``/chat/completions``; ``key`` is sent as a bearer token if there is one."""

    url: str
    model: str
    key: str | None = None
    bounds: Bounds = field(default_factory=Bounds)
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise AssistantError(f"the address {self.url!r} is neither https:// nor http://")

    def propose(self, story: str) -> Mapping[str, Any]:
        """The claims that the model finds in a story: an object of lists, unchecked. Raises AssistantError."""
        story = story[:LONGEST_STORY]
        body = {
            "model": self.model,
            "temperature": 0,
            "seed": 1,
            "max_tokens": ANSWER_TOKENS,
            "response_format": {"type": "json_object"},
            "messages": [{"role": "system", "content": PROMPT}, {"role": "user", "content": story}],
        }
        began = self.clock()
        self.bounds.calls += 1
        tokens = (len(PROMPT) + len(story)) // CHARACTERS_A_TOKEN
        try:
            answer = self._post(json.dumps(body).encode())
            tokens = _tokens(answer) or tokens
            return _claims(answer)
        finally:
            self.bounds.used_seconds += self.clock() - began
            self.bounds.used_tokens += tokens

    def _post(self, data: bytes) -> Any:
        headers = {"Content-Type": "application/json", "User-Agent": "hoptac"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        address = self.url.rstrip("/") + "/chat/completions"
        request = urllib.request.Request(address, data=data, headers=headers)  # noqa: S310 - http(s) only, see above
        left = max(1.0, self.bounds.seconds - self.bounds.used_seconds)
        ends = self.clock() + left
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=left) as answer:
                parts, size = [], 0
                while piece := answer.read(1 << 16):
                    parts.append(piece)
                    size += len(piece)
                    if size > LARGEST_ANSWER or self.clock() > ends:
                        raise AssistantError("the answer is too long or too slow")
        except urllib.error.HTTPError as error:
            raise AssistantError(f"{address} answered {error.code}") from error
        except OSError as error:
            raise AssistantError(f"{address}: {getattr(error, 'reason', None) or error}") from error
        try:
            return json.loads(b"".join(parts))
        except ValueError as error:
            raise AssistantError("the answer is no JSON") from error


def _tokens(answer: Any) -> int:
    used = answer.get("usage") if isinstance(answer, dict) else None
    total = used.get("total_tokens") if isinstance(used, dict) else None
    return total if isinstance(total, int) and total > 0 else 0


def _claims(answer: Any) -> Mapping[str, Any]:
    try:
        content = answer["choices"][0]["message"]["content"]
        claims = json.loads(content)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise AssistantError("the answer holds no JSON object of claims") from error
    if not isinstance(claims, dict):
        raise AssistantError("the answer holds no JSON object of claims")
    return claims
