"""``python -m bench.facets --size M``: random selections, asked once each, cold, of the index and of live SQL.

A new seed every time (printed, and taken by --seed); totals, counts, order and the page of rows are compared.
"""

import argparse
import random
import resource
import time

from bench.generate import set_up_django

PERCENTILES = (50, 95, 99, 100)


def percentile(values, percent):
    """The value below which ``percent`` of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def memory_usage():
    """Megabytes of this process in memory: its own, and those of files (SQLite's is mapped), which processes share."""
    with open("/proc/self/statm", encoding="ascii") as file:
        held, shared = (int(pages) * resource.getpagesize() / 2**20 for pages in file.read().split()[1:3])
    return held - shared, shared


def random_selections(facet_set, total, rng, snapshot):
    """Random selections as query parameters: one to three facets, one or two values each, half of them from one row."""
    names = snapshot.vocabularies
    segment = snapshot.segments[0][0]
    for _ in range(total):
        facets = rng.sample(sorted(names), rng.randint(1, 3))
        row, chosen = rng.randrange(len(segment)), {}
        for name in facets:
            own = row_ordinals(segment, name, row)
            for _ in range(rng.choice((1, 1, 2))):
                if not len(names[name]):
                    continue
                ordinal = rng.choice(own) if own and rng.random() < 0.5 else rng.randrange(len(names[name]))
                chosen.setdefault(name, []).append(names[name].entry(ordinal)[1])
        sort = rng.choice(sorted(facet_set.sorts))
        yield chosen | ({"sort": [sort]} if rng.random() < 0.3 else {})


def row_ordinals(segment, name, row):
    """The ordinals that one row has of a facet."""
    if name in segment.columns:
        found = int(segment.columns[name][row])
        return [found] if found >= 0 else []
    found = []
    for level in segment.levels[name]:
        owner = row if level.parent_index is None else level.parent_index.positions[row]
        found += level.pairs.indices[level.pairs.indptr[owner] : level.pairs.indptr[owner + 1]].tolist()
    return found


def answer(engine_class, facet_set, query):
    """What a list page asks of an engine: (seconds, total, top ten of each facet, first page)."""
    start = time.perf_counter()
    facets = facet_set(query, queryset=facet_set._meta.model.objects.published())
    facets.engines = (engine_class,)
    engine = facets.engine
    total = engine.total()
    tops = {name: engine.top_values(name, 10) for name, facet in facets.facets.items() if facet.lists_values}
    page = engine.page_ids(0, 25)
    return time.perf_counter() - start, total, tops, page


def queries(facet_set, total, rng, snapshot):
    """``selections`` as a list page gets them."""
    from django.http import QueryDict

    for chosen in random_selections(facet_set, total, rng, snapshot):
        query = QueryDict(mutable=True)
        for name, values in chosen.items():
            query.setlist(name, values)
        yield query


def figures(name, label, times):
    """One line: the percentiles of milliseconds."""
    print(f"{name:9} {label:9} {'  '.join(f'p{p} {percentile(times, p):9.2f}' for p in PERCENTILES)} ms")


def alone(facet_set, wanted, rng):
    """Ask the index only: as many selections as a percentile needs, where SQL takes minutes for a few."""
    from catalog.facets.index import registry as index
    from catalog.facets.index.engine import IndexEngine

    asked = queries(facet_set, wanted, rng, index.current_snapshot(facet_set))
    times = [answer(IndexEngine, facet_set, query)[0] * 1000 for query in asked]
    figures(facet_set._meta.model._meta.verbose_name_plural, f"{wanted} alone", times)


def compare(facet_set, wanted, rng):
    """Ask both engines ``wanted`` selections; print the figures. Returns how many answers differ."""
    from catalog.facets.index import registry as index
    from catalog.facets.index.engine import IndexEngine
    from catalog.facets.sql_engine import SqlEngine

    snapshot = index.current_snapshot(facet_set)
    times, differing = {IndexEngine: [], SqlEngine: []}, 0
    for query in queries(facet_set, wanted, rng, snapshot):
        found = {}
        for engine_class in rng.sample((IndexEngine, SqlEngine), 2):
            seconds, *found[engine_class] = answer(engine_class, facet_set, query)
            times[engine_class].append(seconds * 1000)
        if found[IndexEngine] != found[SqlEngine]:
            differing += 1
            print("  differs:", query.urlencode())
    name = facet_set._meta.model._meta.verbose_name_plural
    for engine_class, label in ((IndexEngine, "index"), (SqlEngine, "live SQL")):
        figures(name, label, times[engine_class])
    ratio = percentile(times[SqlEngine], 95) / percentile(times[IndexEngine], 95)
    print(f"{name:9} live SQL's p95 is {ratio:.0f} times the index's; {differing} of {wanted} answers differ")
    return differing


def main():
    """Build the index as a worker does, in the background, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--selections", type=int, default=100)
    parser.add_argument("--alone", type=int, default=0, help="how many more the index is asked by itself")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--list", choices=("episode", "series", "person"), action="append")
    given = parser.parse_args()
    set_up_django(given.size)
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry as index
    from catalog.facets.person import PersonFacets
    from catalog.facets.series import SeriesFacets

    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
    rng, plain, differing = random.Random(seed), memory_usage(), 0
    print(f"size {given.size}, seed {seed}, {given.selections} selections a list")
    lists = [EpisodeFacets, SeriesFacets, PersonFacets]
    for facet_set in lists:
        start = time.perf_counter()
        while index.current_snapshot(facet_set) is None:
            time.sleep(0.05)
        name = facet_set._meta.model._meta.verbose_name_plural
        own, shared = (now - before for now, before in zip(memory_usage(), plain, strict=True))
        print(
            f"{name:9} read in {time.perf_counter() - start:.1f} s, {own:.0f} MB above the plain process, and "
            f"{shared:.0f} MB of files that all processes share"
        )
    for facet_set in lists:
        if not given.list or facet_set._meta.model._meta.model_name in given.list:
            if given.alone:
                alone(facet_set, given.alone, rng)
            if given.selections:
                differing += compare(facet_set, given.selections, rng)
    return differing


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
