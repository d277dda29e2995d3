"""What the options of several commands have in common (tùy chọn chung)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from hoptac.cli.findings import told

if TYPE_CHECKING:
    from hoptac.pages import Page
    from hoptac.reading.values import Reading


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
LANGUAGES = click.Choice(["vi", "en"])


def assistant_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads pages and may ask an assistant for further claims."""
    for option in reversed(
        (
            click.option(
                "--assistant",
                metavar="URL",
                help="Let an OpenAI-compatible endpoint propose further claims (off by default; the story is sent to it).",
            ),
            click.option("--assistant-model", metavar="NAME", help="The endpoint's model to ask."),
            click.option(
                "--assistant-seconds",
                type=click.FloatRange(1, 86_400),
                default=120.0,
                show_default=True,
                help="Longest wait for the assistant, all pages together.",
            ),
            click.option(
                "--assistant-tokens",
                type=click.IntRange(1),
                default=200_000,
                show_default=True,
                help="Most tokens to use, all pages together.",
            ),
        )
    ):
        command = option(command)
    return command


@contextmanager
def assistant_of(
    asked: dict[str, Any], lang: str, on: date | None
) -> Iterator[Callable[[Page], Reading] | None]:
    """The reader with the assistant that was asked for, None where none was; what it cost is told at the end.

    The endpoint's key is in HOPTAC_ASSISTANT_KEY.
    """
    url, model = asked["assistant"], asked["assistant_model"]
    if url is None:
        if model is not None:
            raise click.UsageError("--assistant-model needs --assistant URL")
        yield None
        return
    if not model:
        raise click.UsageError("--assistant needs --assistant-model NAME")
    from hoptac.assistant.endpoint import AssistantError, Bounds, Endpoint
    from hoptac.assistant.read import assisted
    from hoptac.reading import pipeline

    bounds = Bounds(asked["assistant_seconds"], asked["assistant_tokens"])
    try:
        endpoint = Endpoint(url, model, os.environ.get("HOPTAC_ASSISTANT_KEY") or None, bounds)
    except AssistantError as error:
        raise click.UsageError(str(error)) from error
    yield assisted(
        partial(pipeline.read_page, on=on), endpoint, told=lambda f: click.echo(told(f, lang), err=True)
    )
    click.echo(
        f"assistant {model}: {bounds.calls} calls, {bounds.used_tokens} tokens of {bounds.tokens},"
        f" {bounds.used_seconds:.1f} s of {bounds.seconds:g}",
        err=True,
    )
