"""What each rule that widens a query brings: the same queries without it, rule by rule."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

from bench import asked
from bench.asked import Asked
from bench.rules import RULES, Nothing, Rule, without
from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index, Results, SearchOptions
from tests.search.episodes import SHOW, put
from tests.search.lists import Pair, pairs

MOST = SearchOptions(size=100, most=1)
PARTS = "typed", "spelt"  # of a list: what should find the other, and what should not


@dataclass(frozen=True)
class Queries:
    """An archive, and queries with the key of the episode that each should find, or should not."""

    name: str
    archive: Archive
    should: Sequence[Pair]
    should_not: Sequence[Pair]


def write(
    root: Path, should: Iterable[Asked], should_not: Iterable[Asked], beside: Iterable[Asked] = ()
) -> Queries:
    """Write each episode once, for all its queries; those `beside` are for none."""
    archive = Archive(root)
    archive.create()
    archive.write_show(Show(SHOW, "La Machine", corrections=asked.CORRECTIONS))
    keys = dict[Asked, str]()

    def pair(each: Asked) -> Pair:
        episode = each._replace(query="")
        if episode not in keys:
            slug = f"{each.day}-{len(keys)}"
            keys[episode] = put(archive, slug, each.said, title=each.title)
        return each.query, keys[episode]

    wanted, unwanted, _ = (list(map(pair, some)) for some in (should, should_not, beside))
    return Queries(root.name, archive, wanted, unwanted)


def of_listeners(root: Path) -> Queries:
    """Write what listeners ask."""
    texts = asked.SHOULD, asked.SHOULD_NOT, asked.EXPLAINED
    return write(root, *map(asked.read, texts))


def of_strangers(root: Path) -> Queries:
    """Write the words of strangers that the tests have."""

    def both(part: str) -> list[Pair]:
        return pairs("strangers-first", part) + pairs("strangers-second", part)

    return write(root, _words(both("found") + both("typed")), _words(both("apart")))


def of_another(root: Path) -> Queries:
    """Write what is said on air by a stranger's list, each sentence an episode."""
    should, should_not = (starmap(Asked, pairs("strangers-third", each)) for each in PARTS)
    return write(root, should, should_not)


def _words(pairs: Iterable[Pair]) -> Iterator[Asked]:
    return (Asked(one, f"Alors ({other}), voilà.") for one, other in pairs)


class Answer(NamedTuple):
    """How a query finds an episode."""

    rank: int  # 0 where it does not
    is_whole: bool  # found, and all words are met
    is_offered: bool  # not whole, but what the page offers is


class Figures(NamedTuple):
    """What some queries find."""

    found: int
    whole: int
    offered: int
    rank: float  # the mean of the reciprocal ranks, to a thousandth
    wrong: int
    wrong_whole: int


def judge(queries: Queries) -> Figures:
    """Index an archive as the search now is, and ask all."""
    index = Index(queries.archive)
    index.refresh(rebuild=True)
    found = [_answer(index, *each) for each in queries.should]
    wrong = [_answer(index, *each) for each in queries.should_not]
    return Figures(
        sum(each.rank > 0 for each in found),
        sum(each.is_whole for each in found),
        sum(each.is_offered for each in found),
        round(sum(1 / each.rank for each in found if each.rank) / len(found), 3),
        sum(each.rank > 0 for each in wrong),
        sum(each.is_whole for each in wrong),
    )


def _answer(index: Index, query: str, key: str) -> Answer:
    results = index.search(query, MOST)
    rank = _rank(results, key)
    is_whole = rank > 0 and not results.interpretation.without
    return Answer(rank, is_whole, not is_whole and _is_offered(index, results, key))


def _rank(results: Results, key: str) -> int:
    keys = [each.key for each in results.episodes]
    return keys.index(key) + 1 if key in keys else 0


def _is_offered(index: Index, results: Results, key: str) -> bool:
    """Whether a page leads on to an episode: as near, or by another query."""
    near = [each for each, _ in results.near.episodes] if results.near.is_close else []
    others = [results.interpretation.french, *(each.query for each in results.periods)]
    return key in near or any(_rank(index.search(each, MOST), key) for each in others if each)


@dataclass(frozen=True)
class Row:
    """What is found without a rule."""

    name: str
    acts: int
    figures: tuple[Figures, ...]  # of each archive


def measure(rule: Rule, some: Sequence[Queries]) -> Row:
    """Ask all without a rule; raises RuntimeError where it took no part, for then the row lies."""
    with without(rule) as acts:
        figures = tuple(map(judge, some))
    uncalled = sorted(rule.switch.keys() - acts.keys())
    if uncalled or not acts.total():
        raise RuntimeError(f"{rule.name}: takes no part; {uncalled or 'does nothing'}")
    return Row(rule.name, acts.total(), figures)


def rows(rules: Sequence[Rule], some: Sequence[Queries]) -> Iterator[Row]:
    """Measure the search as it is, without each rule, and without all that changed no figure."""
    whole = Row("as it is", 0, tuple(map(judge, some)))
    yield whole
    spare = dict[str, Nothing]()
    for rule in rules:
        row = measure(rule, some)
        yield row
        if row.figures == whole.figures:
            spare |= rule.switch
    if spare:
        yield measure(Rule("all that change nothing", spare), some)


def table() -> str:
    """Measure, and lay out."""
    with tempfile.TemporaryDirectory() as folder:
        kinds = {"listeners": of_listeners, "words": of_strangers, "sentences": of_another}
        some = [own(Path(folder) / name) for name, own in kinds.items()]
        return lay_out(list(rows(RULES, some)), some)


def lay_out(measured: Sequence[Row], some: Sequence[Queries]) -> str:
    """Lay out a line for each row; what is not as in the first one is bold."""
    heads = [
        f"{each.name}: found (whole), of {len(each.should)} | offered | MRR "
        f"| wrongly (whole), of {len(each.should_not)}"
        for each in some
    ]
    lines = [f"| without | acts | {' | '.join(heads)} |", "|---" * (2 + 4 * len(some)) + "|"]
    usual = _cells(measured[0])
    for row in measured:
        pairs = zip(_cells(row), usual, strict=True)
        cells = [own if own == other else f"**{own}**" for own, other in pairs]
        lines.append(f"| {' | '.join([row.name, str(row.acts or ''), *cells])} |")
    return "\n".join(lines)


def _cells(row: Row) -> list[str]:
    cells = list[str]()
    for each in row.figures:
        found, wrong = f"{each.found} ({each.whole})", f"{each.wrong} ({each.wrong_whole})"
        cells += [found, str(each.offered), f"{each.rank:.3f}", wrong]
    return cells
