"""What speaks for and against a reading of a candidate (đặc trưng): features by name, for the weights of ``claim_weights``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from hoptac.lexicon import Lexicon
from hoptac.reading.claims.args import Arg
from hoptac.reading.claims.candidates import Candidate
from hoptac.reading.claims.phrases import counts_people
from hoptac.reading.mentions import PlaceName, When
from hoptac.reading.scan import Hits, Scanner
from hoptac.reading.scene import Scene
from hoptac.reading.values import PartyName

Parties = tuple[PartyName, ...]

STEPS = (0, 1, 2, 4, 8, 16, 32)
"""Distances in words are told apart up to these."""


@dataclass(frozen=True)
class Option:
    """One answer to who gives or who receives: ``source`` is here (a phrase of the sentence), group (several joined), or where
    else it is taken from; none says that the page does not tell."""

    parties: Parties
    source: str
    args: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Around:
    """What the whole page says around its giving: how often each class of context words stands on it, and where."""

    hits: Hits[str]
    page: Counter[str]
    named: Counter[str]
    home: int
    abroad: int


def _context_scanner(lexicon: Lexicon) -> Scanner[str]:
    return Scanner(
        {word: row["class"] for row in lexicon.table("claim_context") for word in row["words"].split("|")}
    )


def look_around(scene: Scene) -> Around:
    """The context of a page, in one pass over its text."""
    hits = Hits.of(scene.lexicon.built(_context_scanner).find(scene.doc.low))
    named: Counter[str] = Counter()
    home = abroad = 0
    for m in scene.names:
        for party in scene.parties_of(m):
            named[party.name] += 1
        if isinstance(m, PlaceName):
            home += m.level > 0
            abroad += m.level == 0
    page = Counter(hit.value for hit in hits.all)
    return Around(hits, page, named, home, abroad)


def step(n: int) -> str:
    """A distance as one of a few words.

    >>> step(0), step(3), step(100)
    ('0', '4', 'far')
    """
    return next((str(s) for s in STEPS if n <= s), "far")


def options_of(cand: Candidate) -> list[Option]:
    """Every answer to who gives, or who receives: the phrases of the sentence alone and as joined, those handed on, none."""
    options: list[Option] = []
    for _, group in groupby(cand.args, key=lambda a: a.group):
        members = tuple(group)
        options += [Option(arg.parties, "here", (arg,)) for arg in members]
        if len(members) > 1:
            for a in range(len(members)):
                for b in range(a + 2, len(members) + 1):
                    if a == 0 or b == len(members):
                        options.append(Option(_all(members[a:b]), "group", members[a:b]))
    carried, story = cand.carried, cand.story
    if carried.left:
        options.append(Option(_all(carried.left), "left", carried.left))
    if carried.right:
        options.append(Option(_all(carried.right), "right", carried.right))
    if carried.first is not None:
        options.append(Option(carried.first.parties, "first", (carried.first,)))
    if story.left:
        options.append(Option(_all(story.left[-1:]), "headleft", story.left[-1:]))
    if story.right:
        options.append(Option(_all(story.right[:1]), "headright", story.right[:1]))
    if carried.older:
        options.append(Option(_all(carried.older), "older", carried.older))
    for n, locality in enumerate(cand.clause.scene.localities[:2]):
        options.append(Option((locality,), f"page{n}"))
    options.append(Option((), "none"))
    return options


def _all(args: Sequence[Arg]) -> Parties:
    return tuple(dict.fromkeys(p for a in args for p in a.parties))


GOVERNED = ("of", "in", "to", "for", "by", "with")
"""Kinds of words whose phrase is no subject."""

KINDS = {
    "people": "folk",
    "giver": "giver",
    "body": "noun",
    "name": "name",
    "stand_in": "standin",
    "person": "person",
    "officer": "officer",
}


def kind_class(kind: str) -> str:
    """A kind of phrase as one of a few."""
    return KINDS.get(kind, "place" if kind.startswith("place") else "body")


def side_of(cand: Candidate, args: Sequence[Arg]) -> str:
    verb = cand.clause.head
    return "L" if args[-1].end <= verb.start else "R" if args[0].start >= verb.end else "V"


def ruled_funder(cand: Candidate) -> tuple[Arg, ...]:
    """Who gives by plain grammar: who is asked; passive, who stands before the verb or after "của"; else the nearest subject left of it."""
    clause, verb = cand.clause, cand.clause.head
    left = [a for a in cand.args if a.end <= verb.start]
    right = [a for a in cand.args if clause.start <= a.start < clause.end]
    asks = [t for t in clause.before if t.kind == "ask"]
    if asks and (asked := [a for a in left if a.start >= asks[-1].end]):
        return _joined(asked, asked[0])
    if clause.verb.voice in ("passive", "by"):
        marks = [t for t in clause.tokens if t.end <= verb.start and t.kind in ("passive", "by")]
        agents = [a for a in left if marks and a.start >= marks[-1].end]
        if agents:
            return _joined(agents, agents[-1])
    if clause.verb.voice in ("passive", "get", "by"):
        from_ = [a for a in right if a.before in ("of", "by", "since")]
        return _joined(right, from_[0]) if from_ else ()
    free = [a for a in left if a.before not in GOVERNED and a.kind != "people"]
    breaks = [
        t.end for t in clause.tokens if t.end <= verb.start and (t.kind == "say" or t.word in (";", ":"))
    ]
    for cut in reversed([clause.sentence[0], *breaks]):
        if inside := [a for a in free if a.start >= cut]:
            return _joined(inside, inside[0])
    folk = [a for a in left if a.before not in GOVERNED]
    return _joined(folk, folk[0]) if folk else ()


def ruled_recipient(cand: Candidate) -> tuple[Arg, ...]:
    """Who receives by plain grammar: right after the verb, after "cho", else people named after it; passive, who stands left of it."""
    clause, verb = cand.clause, cand.clause.head
    left = [a for a in cand.args if a.end <= verb.start]
    right = [a for a in cand.args if a.start >= clause.start]
    if clause.verb.voice in ("passive", "get"):
        free = [a for a in left if a.before not in GOVERNED]
        if free:
            return _joined(free, free[-1] if clause.verb.voice == "get" or len(free) == 1 else free[0])
    text = clause.scene.doc.text
    if right and not text[clause.start : right[0].start].strip():
        return _joined(right, right[0])
    figure = cand.figure
    to = [a for a in right if a.before == "to"]
    after = [a for a in to if a.start >= figure] or to
    if after:
        return _joined(right, after[0])
    asks = [t for t in clause.before if t.kind == "ask"]
    if asks and (asking := [a for a in left if a.end <= asks[-1].start and a.before not in GOVERNED]):
        return _joined(asking, asking[-1])
    folk = [a for a in right if a.kind == "people"]
    return _joined(right, folk[0]) if folk else ()


def _joined(args: Sequence[Arg], one: Arg) -> tuple[Arg, ...]:
    return tuple(a for a in args if a.group == one.group)


def role_features(
    cand: Candidate, option: Option, around: Around, ruled: tuple[Arg, ...], other: Parties | None = None
) -> Iterator[str]:
    """What speaks for one answer to who gives (or who receives; ``other`` is then who gives). ``ruled`` is the answer of grammar."""
    clause = cand.clause
    verb, voice = clause.head, clause.verb.voice
    source = option.source
    yield f"src={source}"
    yield f"src={source}|ruled={bool(ruled)}"
    lefts = sum(1 for a in cand.args if a.end <= verb.start and a.before not in GOVERNED)
    rights = sum(1 for a in cand.args if a.start >= clause.start)
    if source not in ("here", "group"):
        yield f"{source}|{voice}"
        yield f"{source}|L{min(lefts, 1)}R{min(rights, 1)}|{bool(ruled)}"
        yield f"{source}|{clause.role}"
        yield f"{source}|loose={cand.loose}"
        yield f"{source}|given={step(cand.carried.given)}"
        if ruled and all(is_bare(cand, a) for a in ruled):
            yield f"{source}|bareruled"
    if option.parties:
        yield f"named={step(max(around.named[p.name] for p in option.parties))}"
    if other is not None and option.parties:
        shared = {p.name for p in option.parties} & {p.name for p in other}
        yield f"shared={bool(shared)}"
        pair = {p.name for p in clause.scene.pair} if clause.scene.pair else set()
        alone = bool(other) and not shared and len(option.parties) == 1
        if alone and option.parties[0].name in pair and other[0].name in pair:
            yield "otherofpair"
    if not option.args:
        return
    arg, last = option.args[0], option.args[-1]
    kind = kind_class(arg.kind)
    yield f"kind={kind}"
    yield f"kind={kind}|{'here' if source in ('here', 'group') else 'far'}"
    yield f"body={arg.kind}"
    if source not in ("here", "group"):
        yield f"{source}|{kind}"
        return
    if ruled:
        if option.args == ruled:
            yield "ruled"
            yield f"ruled|{voice}"
            yield f"ruled|{kind}"
        elif set(option.args) & set(ruled):
            yield "partruled"
    text = clause.scene.doc.text
    side = side_of(cand, option.args)
    bare = is_bare(cand, arg)
    yield f"bare={bare}|{kind}"
    if bare:
        yield f"bare|left={bool(cand.carried.left)}|right={bool(cand.carried.right)}"
    yield f"{side}|{kind}"
    gov = arg.before or "-"
    if side == "L":
        between = [a for a in cand.args if last.end <= a.start and a.end <= verb.start]
        words = len(text[last.end : verb.start].split())
        tokens = [t for t in clause.tokens if last.end <= t.start and t.end <= verb.start]
    else:
        between = [a for a in cand.args if clause.start <= a.start and a.end <= arg.start]
        words = len(text[clause.start : arg.start].split())
        tokens = [t for t in clause.tokens if clause.start <= t.start and t.end <= arg.start]
    far = min(len([a for a in between if a.before not in GOVERNED]), 2)
    yield f"{side}|{voice}|{gov}|{far}"
    yield f"{side}|{voice}|{gov}"
    yield f"{side}|{voice}|{far}"
    yield f"{side}|{gov}|{kind}"
    yield f"{side}|words={step(words)}"
    kinds = {t.word if t.kind == "punct" else t.kind for t in tokens}
    for name in kinds & BETWEEN:
        yield f"{side}|over={name}"
    if arg.start >= clause.end:
        yield f"{side}|beyond"
    if side == "L" and clause.left < len(clause.tokens) and arg.start < clause.tokens[clause.left].start:
        yield f"{side}|otherclause"
    figure = cand.figure
    yield f"{side}|{'pre' if last.end <= figure else 'post'}"
    if last.end <= figure and not text[last.end : figure].strip():
        yield f"{side}|rightbeforefigure"
    if arg.start == clause.sentence[0]:
        yield f"{side}|opens"
    grouped = sum(1 for a in cand.args if a.group == arg.group)
    yield f"{source}|{'all' if grouped == len(option.args) else 'some'}|{kind}"
    if arg.counted is not None:
        yield f"{side}|counted"
    if set(option.parties) & set(_all(cand.carried.left)):
        yield "sameasleft"
    if set(option.parties) & set(_all(cand.carried.right)):
        yield "sameasright"
    if set(option.parties) & set(_all(cand.story.left[-1:])):
        yield "sameasheadleft"
    if set(option.parties) & set(_all(cand.story.right)):
        yield "sameasheadright"
    lead = text[clause.sentence[0] : arg.start].split()
    if lead and lead[-1].lower() in LEADS:
        yield f"{side}|after={lead[-1].lower()}"


LEADS = frozenset(
    (
        "của",
        "cho",
        "tới",
        "đến",
        "tại",
        "ở",
        "do",
        "từ",
        "bởi",
        "với",
        "cùng",
        "các",
        "những",
        "mặt",
        "giúp",
        "là",
        "theo",
    )
)


def is_bare(cand: Candidate, arg: Arg) -> bool:
    """Whether a phrase is a noun for people or a body and no more ("đoàn", "các hộ dân"): it stands for one named before."""
    return arg.kind in ("people", "giver", "body") and len(arg.parties[0].name.split()) <= 2


MEANT = frozenset(
    (
        "not",
        "loss",
        "loan",
        "ask",
        "will",
        "plan",
        "habit",
        "past",
        "recent",
        "now",
        "passive",
        "some",
        "crime",
        "get",
        "skip",
        "noun",
    )
)
"""Kinds of words before a verb that say whether and when something is given."""

CLOSE = 4
"""A figure is what a verb gives where at most so many words lie between."""

VERBAL = {"give", "send", "get", "run", "work", "sum"}
BETWEEN = frozenset(
    {"ask", "to", "for", "of", "by", "in", "passive", "stop", "with", "will", "plan", "money", "count"}
    | {",", ":", ";", "("}
    | VERBAL
)


def accept_features(cand: Candidate, around: Around) -> Iterator[str]:
    """What speaks for a candidate being a contribution at all."""
    clause, piece = cand.clause, cand.piece
    scene, verb = clause.scene, clause.head
    low = scene.doc.low
    voice = clause.verb.voice
    word = low[verb.start : verb.end]
    form = (
        "money"
        if piece.money is not None
        else "count"
        if piece.count is not None and piece.near
        else ("people" if piece.count is not None else "plain")
    )
    yield f"form={form}"
    yield f"v={word}"
    yield f"v={word}|{form}"
    yield f"{verb.kind}|{form}"
    near = "far"
    if piece.money is not None or piece.count is not None:
        figure = piece.money or piece.count
        if figure is not None and figure.start >= clause.start:
            near = "close" if len(low[clause.start : figure.start].split()) <= CLOSE else "far"
    giver, receiver = ruled_funder(cand), ruled_recipient(cand)
    told, by = bool(receiver), bool(giver)
    kind = kind_class(receiver[0].kind) if receiver else "-"
    yield f"{verb.kind}|{near}|{form}|thing={bool(piece.thing)}"
    yield f"{verb.kind}|{verb.word}|{form}|to={told}|by={by}"
    yield f"{verb.kind}|{near}|{form}|to={told}"
    yield f"{form}|to={kind}"
    yield f"{near}|{form}|by={by}"
    yield f"{form}|by={kind_class(giver[0].kind) if giver else '-'}"
    if giver and receiver and set(_all(giver)) & set(_all(receiver)):
        yield "selfgift"
    meant = {t.kind for t in clause.before[-4:]} & MEANT
    for name in meant:
        yield f"meant={name}"
        yield f"meant={name}|{form}"
    yield f"voice={voice}|{form}"
    yield f"role={clause.role}|{form}"
    yield f"chain={'+'.join(clause.verb.acts[:2])}"
    yield f"loose={cand.loose}"
    if cand.loose == "follow":
        yield f"follow={cand.carried.verb}"
    yield f"thing={piece.thing}|{form}"
    for act in piece.acts[:2]:
        yield f"act={act}|{form}"
    if piece.money is not None:
        money = piece.money
        yield f"size={money.currency}{len(str(int(money.value)))}"
        yield f"each={money.each or piece.rate}"
        yield f"bound={money.bound}"
        gap = low[clause.start : money.start] if money.start >= clause.start else low[money.end : verb.start]
        yield f"gap={step(len(gap.split()))}|{cand.loose}"
        lead = low[clause.sentence[0] : money.start].split()
        yield f"lead={lead[-1] if lead else ''}"
        if len(lead) > 1:
            yield f"lead2={lead[-2]} {lead[-1]}"
        tail = low[money.end : clause.sentence[1]].split()
        yield f"tail={tail[0].strip(',.') if tail else ''}"
        kinds = {t.kind for t in clause.tokens if clause.start <= t.start < money.start}
        for kind in kinds:
            yield f"over={kind}"
    elif piece.count is not None:
        yield f"unit={' '.join(piece.count.unit.lower().split()[:2])}"
        token = next((t for t in clause.tokens if t.start == piece.count.start), None)
        if token is not None and counts_people(scene, token):
            yield "countspeople"
        yield f"cgap={step(len(low[clause.start : max(piece.count.start, clause.start)].split()))}"
    words = piece.text.lower().split()
    yield f"what1={words[0] if words else ''}|{form}"
    yield f"whatlen={step(len(words))}|{form}"
    before = clause.before
    for t in before[-3:]:
        yield f"near={t.kind}"
    prev = low[clause.sentence[0] : verb.start].split()
    yield f"prev={prev[-1] if prev else ''}"
    yield f"prev={prev[-1] if prev else ''}|{verb.kind}"
    if len(prev) > 1:
        yield f"prev2={prev[-2]} {prev[-1]}"
    nxt = low[clause.start : clause.sentence[1]].split()
    yield f"next={nxt[0] if nxt else ''}"
    yield f"nextv={word} {nxt[0] if nxt else ''}"
    yield f"nverbs={min(len(cand.verbs), 4)}"
    a, b = clause.sentence
    here = Counter(hit.value for hit in around.hits.within(a, b))
    for name in here:
        yield f"sent:{name}"
        yield f"sent:{name}|{form}"
    size = max(1, len(low) // 1500)
    for name, n in around.page.items():
        yield f"page:{name}{min(3, n // size)}"
    head_end = clause.scene.main[0][1] if clause.scene.main else 0
    for name in {hit.value for hit in around.hits.within(0, head_end)}:
        yield f"head:{name}"
    yield f"home={step(around.home)}"
    yield f"abroad={around.abroad > around.home}"
    yield f"sentlen={step((b - a) // 10)}"
    if low[a:b].rstrip().endswith("?"):
        yield "question"
    if "“" in low[a : verb.start] or '"' in low[a : verb.start]:
        yield "quoted"


def year_features(cand: Candidate) -> Iterator[str]:
    """What speaks for a deed without a year of its own being of the page's year."""
    clause = cand.clause
    scene, piece = clause.scene, cand.piece
    year = scene.year
    a, b = clause.sentence
    line = next(((s, e) for s, e, _ in scene.main if s <= a < e), (a, b))
    whens = [m for m in scene.figures if isinstance(m, When) and m.year is not None and not m.anniversary]
    own = [m for m in whens if m.year == year]
    years = {m.year for m in whens}
    yield "bias"
    yield f"years={min(len(years), 4)}"
    yield f"own={step(len(own))}"
    days = [m for m in own if m.day is not None]
    yield f"days={min(len(days), 3)}"
    lead = scene.main[min(2, len(scene.main) - 1)][1]
    yield f"early={any(m.start < lead for m in own)}"
    yield f"earlyday={any(m.start < lead for m in days)}"
    yield f"line={any(line[0] <= m.start < line[1] for m in own)}"
    before = [m for m in whens if m.start < a]
    yield f"last={'none' if not before else 'own' if before[-1].year == year else 'other'}"
    kinds = {t.kind for t in clause.before}
    for kind in kinds & {"now", "recent", "past", "habit", "will", "plan", "ask", "passive", "say"}:
        yield f"told={kind}"
    yield f"role={clause.role}"
    yield f"figured={piece.money is not None or piece.count is not None}"
    yield f"when={type(cand.when).__name__}"
    yield f"first={not before}"
    yield f"place={step(sum(1 for s, _, _ in scene.main if s < a))}"
    yield f"pagedate={len(scene.page_date or '')}"
