"""Keep the translations (bản dịch) whole: collect messages from code and templates, merge, compile, check.

    python scripts/messages.py extract    merge new messages into src/hoptac/locale/*/LC_MESSAGES/django.po
    python scripts/messages.py compile    write the .mo files beside them (no gettext binary is needed)
    python scripts/messages.py check      say what is missing or stale; exit 1 if anything is

Messages of other packages that our screens show and that have no Vietnamese of their own (allauth's account and
second-factor pages, part of Django's) are collected with ours. English is the language of the message itself.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import allauth
import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "hoptac"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("vi", "en")
KEYWORDS = dict.fromkeys(
    ("gettext", "gettext_lazy", "gettext_noop", "_", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
)
BEGUN = datetime(2026, 11, 23, tzinfo=UTC)
ALLAUTH = Path(allauth.__file__).parent
ALLAUTH_PARTS = ("account", "mfa/base", "mfa/totp", "mfa/recovery_codes", "mfa/internal", "core", "utils.py")
ALLAUTH_PAGES = ("account", "mfa/recovery_codes", "mfa/totp", "mfa/messages", "mfa/email", "allauth")
NOT_OFFERED = re.compile(r"webauthn|passkey|phone|social|signup\.html|forms/signup")
# Development pages, and the page of a failed form check, for which we have our own.
NOT_SHOWN = re.compile(r"default_urlconf|views/csrf|views/static")
_CALL = re.compile(r" (n?p?gettext|_)\(")


@dataclass(frozen=True)
class Found:
    """One message in one file. ``plural`` and ``context`` are None where it has none."""

    msgid: str
    plural: str | None
    context: str | None
    where: str


def own_messages() -> Iterator[Found]:
    """Messages of our own code and templates."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from _in_python(path, str(path.relative_to(PACKAGE)))
    for suffix in ("html", "txt"):
        for path in sorted((PACKAGE / "templates").rglob(f"*.{suffix}")):
            yield from _in_template(path, str(path.relative_to(PACKAGE)))


def borrowed_messages() -> Iterator[Found]:
    """Messages of other packages that our screens can show and that lack Vietnamese there."""
    for part in ALLAUTH_PARTS:
        base = ALLAUTH / part
        for path in sorted(base.rglob("*.py")) if base.is_dir() else [base]:
            if path.is_file() and not NOT_OFFERED.search(str(path.relative_to(ALLAUTH))):
                yield from _in_python(path, f"allauth/{path.relative_to(ALLAUTH)}")
    pages = ALLAUTH / "templates"
    for part in (*ALLAUTH_PAGES, "mfa"):
        for path in sorted((pages / part).glob("*.*") if part == "mfa" else (pages / part).rglob("*.*")):
            if path.is_file() and not NOT_OFFERED.search(str(path.relative_to(pages))):
                yield from _in_template(path, f"allauth/templates/{path.relative_to(pages)}")
    core = Path(django.__file__).parent
    for folder in (core / "conf", core / "contrib" / "auth"):
        with (folder / "locale/vi/LC_MESSAGES/django.mo").open("rb") as f:
            known = {_key(m) for m in read_mo(f) if m.id and m.string}
        with (folder / "locale/en/LC_MESSAGES/django.po").open("rb") as f:
            for m in read_po(f):
                where = m.locations[0][0] if m.locations else ""
                if not m.id or _key(m) in known or "global_settings" in where or NOT_SHOWN.search(where):
                    continue
                msgid, plural = m.id if isinstance(m.id, tuple | list) else (m.id, None)
                yield Found(str(msgid), plural, m.context, f"django/{where}")


def _key(message: Message) -> tuple[str, str | None]:
    msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return str(msgid), message.context


def _in_python(path: Path, where: str) -> Iterator[Found]:
    with path.open("rb") as f:
        for _, function, args, _ in extract_python(f, KEYWORDS, [], {}):
            strings = [args] if isinstance(args, str) else list(args or ())
            yield from _found(str(function), strings, where)


def _in_template(path: Path, where: str) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    code = templatize(path.read_text(encoding="utf-8"))
    for call in _CALL.finditer(code):
        strings = _string_arguments(code, call.end())
        yield from _found(call.group(1), strings, where)


def _string_arguments(code: str, at: int) -> list[str]:
    """The leading string literals of a call whose bracket opens just before ``at``."""
    literal = re.compile(r"""\s*,?\s*(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
    strings: list[str] = []
    while found := literal.match(code, at):
        strings.append(str(ast.literal_eval(found.group(1))))
        at = found.end()
    return strings


def _found(function: str | None, strings: list[str | None] | list[str], where: str) -> Iterator[Found]:
    texts = [s for s in strings if isinstance(s, str)]
    if not texts or not texts[0]:
        return
    name = (function or "gettext").removesuffix("_lazy").removesuffix("_noop")
    if name == "ngettext" and len(texts) > 1:
        yield Found(texts[0], texts[1], None, where)
    elif name == "pgettext" and len(texts) > 1:
        yield Found(texts[1], None, texts[0], where)
    elif name == "npgettext" and len(texts) > 2:
        yield Found(texts[1], texts[2], texts[0], where)
    else:
        yield Found(texts[0], None, None, where)


def collect() -> Catalog:
    """Every message that a screen can show, with the files it is in."""
    template = Catalog(project="Hợp Tác", charset="utf-8")
    for found in (*own_messages(), *borrowed_messages()):
        msgid: str | tuple[str, str] = (found.msgid, found.plural) if found.plural else found.msgid
        template.add(msgid, locations=[(found.where, 0)], context=found.context)
    return template


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def load(language: str) -> Catalog:
    with po_path(language).open("rb") as f:
        return read_po(f, locale=language, domain="django")


def extract() -> None:
    template = collect()
    for language in LANGUAGES:
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        old = load(language) if path.is_file() else Catalog(locale=language)
        new = Catalog(
            locale=language,
            domain="django",
            project="Hợp Tác",
            charset="utf-8",
            creation_date=BEGUN,
            revision_date=BEGUN,
            fuzzy=False,
            header_comment="# Hợp Tác: translations. Changed by hand; merged by scripts/messages.py.",
        )
        for message in template:
            if not message.id:
                continue
            before = old.get(_key(message)[0], message.context)
            string = before.string if before else ""
            if language == "en" and not (string if isinstance(string, str) else all(string or ())):
                string = message.id
            new.add(message.id, string, locations=sorted(set(message.locations)), context=message.context)
        with path.open("wb") as f:
            write_po(f, new, width=110, sort_output=True, include_lineno=False, omit_header=False)


def compiled(language: str) -> bytes:
    out = io.BytesIO()
    write_mo(out, load(language))
    return out.getvalue()


def compile_all() -> None:
    for language in LANGUAGES:
        po_path(language).with_suffix(".mo").write_bytes(compiled(language))


def problems() -> list[str]:
    """What is missing or stale, one line each; empty when all is well."""
    out: list[str] = []
    template = collect()
    for language in LANGUAGES:
        catalog = load(language)
        for message in template:
            if not message.id:
                continue
            own = catalog.get(_key(message)[0], message.context)
            strings = (
                [] if own is None else [own.string] if isinstance(own.string, str) else list(own.string or ())
            )
            if not strings or not all(strings) or (own is not None and own.fuzzy):
                out.append(f"{language}: no translation of {_key(message)[0]!r} ({message.locations[0][0]})")
            elif own is not None and (wrong := _lost_placeholders(message, strings)):
                out.append(
                    f"{language}: {_key(message)[0]!r} and its translation differ in {', '.join(sorted(wrong))}"
                )
        wanted = {(_key(m)) for m in template if m.id}
        out += [
            f"{language}: {_key(m)[0]!r} is no longer used" for m in catalog if m.id and _key(m) not in wanted
        ]
        mo = po_path(language).with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled(language):
            out.append(f"{language}: {mo.name} is stale; run scripts/messages.py compile")
    return out


_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")


def _lost_placeholders(message: Message, strings: list[str]) -> set[str]:
    ids = list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]
    wanted = set(_PLACEHOLDER.findall(ids[-1]))
    return {p for s in strings for p in wanted ^ set(_PLACEHOLDER.findall(s)) if len(ids) == 1 or p in wanted}


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract"]:
            extract()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = problems()
            print("\n".join(found) or "translations are whole")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    sys.exit(main(sys.argv[1:]))
