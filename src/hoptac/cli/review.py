"""Commands of the review (bản kiểm điểm)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hoptac.cli.findings import plain, told
from hoptac.cli.ledger import ledger, start_django
from hoptac.cli.options import CONTEXT, LANGUAGES

if TYPE_CHECKING:
    from hoptac.review.models import Review

NAMES = {"docx": "report.docx", "pdf": "report.pdf", "xlsx": "annexes.xlsx", "brief": "brief.pdf"}
FORMATS = click.Choice([*NAMES, "all"])


@click.group(context_settings=CONTEXT)
def review() -> None:
    """Reviews for the next meeting: open them, make their papers, prove that they still say what they said.

    \b
    Examples
      hoptac review open ha-noi-dien-bien --from 2011 --to 2024 --side "Hà Nội" --by hoa
      hoptac review write ha-noi-dien-bien-2011-2024 --format all --out papers
      hoptac review check
    """


@review.command("list", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def review_list(as_json: bool, lang: str) -> None:
    """List the reviews: name, years, state.

    \b
    Examples
      hoptac review list
    """
    with ledger(lang):
        from hoptac.ledger.commands import require_ready
        from hoptac.review.models import Review
        from hoptac.screens.labels import label

        require_ready()
        rows = [
            {"name": r.slug, "first": r.first_year, "last": r.last_year, "state": r.state, "mark": r.mark}
            for r in Review.objects.order_by("slug")
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(f"{row['name']}\t{label('review_state', row['state'], lang)}")


@review.command("open", context_settings=CONTEXT)
@click.argument("cooperation")
@click.option("--from", "first", type=click.IntRange(1945, 2199), required=True, help="First year.")
@click.option("--to", "last", type=click.IntRange(1945, 2199), required=True, help="Last year.")
@click.option("--side", required=True, metavar="PARTY", help="The side that opens it.")
@click.option("--by", required=True, metavar="USER", help="The user who opens it.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def review_open(cooperation: str, first: int, last: int, side: str, by: str, lang: str) -> None:
    """Open the review of a COOPERATION over some years, with a snapshot of the ledger as it stands.

    \b
    Examples
      hoptac review open ha-noi-dien-bien --from 2011 --to 2024 --side "Hà Nội" --by hoa
    """
    if last < first:
        raise click.UsageError("--to is before --from")
    with ledger(lang):
        from django.contrib.auth.models import User
        from django.utils import timezone

        from hoptac.ledger.commands import LedgerError, require_ready
        from hoptac.ledger.models import Cooperation
        from hoptac.review.flow import open_review

        require_ready()
        found = Cooperation.objects.filter(slug=cooperation).first()
        if found is None:
            raise LedgerError("V11", cooperation, found=cooperation)
        sides = list(found.localities.order_by("code"))
        party = next((p for p in sides if side in (p.name, p.slug)), None)
        if party is None:
            raise LedgerError("V12", side, found=side, expected=", ".join(p.name for p in sides))
        user = User.objects.filter(username=by).first()
        if user is None:
            raise LedgerError("V13", by, found=by)
        made, new = open_review(found, first, last, side=party, by=user, at=timezone.now())
    click.echo(f"hoptac review open: {made.slug}" + ("" if new else " (was open already)"))


@review.command("write", context_settings=CONTEXT)
@click.argument("names", nargs=-1, required=True, metavar="REVIEW…|all")
@click.option("--format", "formats", type=FORMATS, multiple=True, default=("docx",), show_default=True,
              help="Which papers; may be given twice.")  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder for the files."
)
@click.option("--side", metavar="PARTY", help="Whose paper it is; the first side if not given.")
@click.option("--map", "units", type=click.Choice(["34", "63"]), help="Map on which places are told; that of the period if not given.")  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that write at once."
)
@click.option(
    "--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of the papers and of findings."
)
def review_write(
    names: tuple[str, ...], formats: tuple[str, ...], out: Path, side: str | None, units: str | None, jobs: int, lang: str
) -> None:  # fmt: skip
    """Write the papers of reviews: Word and PDF laid out by Decree 30/2020/NĐ-CP, Excel annexes, a brief of two pages.

    Files are named after the review and the language; what is there is overwritten.

    \b
    Examples
      hoptac review write ha-noi-dien-bien-2011-2024 --format docx --format pdf
      hoptac review write all --format all --out papers --jobs 2
    """
    kinds = list(NAMES) if "all" in formats else list(dict.fromkeys(formats))
    with ledger(lang):
        from hoptac.ledger.commands import LedgerError, require_ready
        from hoptac.review.models import Review

        require_ready()
        wanted = list(Review.objects.order_by("slug")) if names == ("all",) else [_named(n) for n in names]
        if side is not None:
            for one in wanted:
                parties = list(one.cooperation.localities.all())
                if not any(side in (p.name, p.slug) for p in parties):
                    raise LedgerError("V12", side, found=side, expected=", ".join(p.name for p in parties))
        out.mkdir(parents=True, exist_ok=True)
        tasks = [(r.slug, kind, str(out), side, units, lang) for r in wanted for kind in kinds]
        with click.progressbar(
            _made(tasks, jobs), length=len(tasks), label="hoptac review", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:  # fmt: skip
            for path in bar:
                click.echo(path)


def _named(slug: str) -> Review:
    from hoptac.ledger.commands import LedgerError
    from hoptac.review.models import Review

    found = Review.objects.filter(slug=slug).first()
    if found is None:
        raise LedgerError("V10", slug, found=slug)
    return found


Task = tuple[str, str, str, str | None, str | None, str]


def _made(tasks: list[Task], jobs: int) -> Iterator[str]:
    """The files as they are written, in order."""
    if jobs == 1 or len(tasks) < 2:
        yield from map(_write, tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write, tasks)


def _write(task: Task) -> str:
    """Write one paper; gives its path. Runs in a process of its own where there are several."""
    slug, kind, out, side, units, lang = task
    start_django()
    from hoptac.review.models import Review
    from hoptac.review.press import load, make_paper, usual_map

    loaded = load(Review.objects.select_related("cooperation").get(slug=slug))
    party = next((p for p in loaded.sides if side in (p.name, p.slug)), loaded.sides[0])
    name = NAMES[kind]
    language: Any = lang
    made = make_paper(loaded, name, side=party, language=language, units=units or usual_map(loaded.review))
    stem, _dot, ending = name.rpartition(".")
    path = Path(out) / f"{slug}-{stem}-{lang}.{ending}"
    path.write_bytes(made)
    return str(path)


@review.command("check", context_settings=CONTEXT)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON list.")
@click.option("--lang", type=LANGUAGES, default="vi", show_default=True, help="Language of findings.")
def review_check(as_json: bool, lang: str) -> None:
    """Prove that every review still says what it said: its snapshots are whole and come out of the statements again.

    `hoptac check` does the same beside its own checks. Exit code 0: clean. 1: findings.

    \b
    Examples
      hoptac review check
    """
    with ledger(lang):
        from hoptac.ledger.commands import require_ready
        from hoptac.review.check import check_reviews

        require_ready()
        findings = check_reviews()
    if as_json:
        click.echo(json.dumps([plain(f, lang) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(told(finding, lang))
        click.echo(
            f"hoptac review check: {len(findings)} findings" if findings else "hoptac review check: clean"
        )
    sys.exit(1 if findings else 0)
