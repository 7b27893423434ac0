"""``python -m bench.facets --size M``: random selections, answered once each without caches by the index and by SQL.

Half of them are plain, any of some values; the others use all suffixes, roles and ranges. The seed is random (it is
printed, and taken by --seed). Totals, counts, what is not recorded, order and the page of rows are compared.
"""

import argparse
import random
import resource
import time

from bench.generate import set_up_django

PERCENTILES = (50, 95, 99, 100)


def percentile(values, percent):
    """Return the value below which ``percent`` of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def memory_usage():
    """Return the megabytes of this process: its own, and those of mapped files (SQLite's), which processes share."""
    with open("/proc/self/statm", encoding="ascii") as file:
        resident, shared = (int(pages) * resource.getpagesize() / 2**20 for pages in file.read().split()[1:3])
    return resident - shared, shared


def random_selections(facet_set, total, rng, snapshot):
    """Yield selections as query parameters: one to three facets, one or two values each, half of them of one row."""
    vocabularies = snapshot.vocabularies
    segment = snapshot.segments[0][0]
    for _ in range(total):
        facets = rng.sample(sorted(vocabularies), rng.randint(1, 3))
        row, selection = rng.randrange(len(segment)), {}
        for name in facets:
            ordinals = row_ordinals(segment, name, row)
            for _ in range(rng.choice((1, 1, 2))):
                if not len(vocabularies[name]):
                    continue
                if ordinals and rng.random() < 0.5:
                    ordinal = rng.choice(ordinals)
                else:
                    ordinal = rng.randrange(len(vocabularies[name]))
                selection.setdefault(name, []).append(vocabularies[name].entry(ordinal)[1])
        sort = rng.choice(sorted(facet_set.sorts))
        yield selection | ({"sort": [sort]} if rng.random() < 0.3 else {})


def random_slugs(vocabulary, rng, limit=2):
    """Return one slug to ``limit`` slugs of a vocabulary that has any."""
    return [vocabulary.entry(rng.randrange(len(vocabulary)))[1] for _ in range(rng.randint(1, limit))]


def selections_with_suffixes(facet_set, total, rng, snapshot):
    """Yield ``random_selections`` with suffixes, and with roles and ranges where the list has them."""
    people = (snapshot if facet_set.people_facet else current_snapshot_of_episodes()).vocabularies["person"]
    for selection in random_selections(facet_set, total, rng, snapshot):
        changed = {}
        for name, values in selection.items():
            suffix = "" if name == "sort" else rng.choice(("", "__all", "__not"))
            changed[name + suffix] = values
            if name != "sort" and rng.random() < 0.2:
                changed[f"{name}__missing"] = ["1"]
        if not facet_set.people_facet:
            changed |= (
                {f"with{rng.choice(('__all', '__not'))}": random_slugs(people, rng)} if rng.random() < 0.2 else {}
            )
            yield changed
            continue
        if rng.random() < 0.5:
            (role,) = random_slugs(snapshot.vocabularies["role"], rng, 1)
            changed[role + rng.choice(("", "__all", "__not"))] = random_slugs(people, rng)
            changed |= {f"{role}__missing": ["1"]} if rng.random() < 0.3 else {}
        if rng.random() < 0.4:
            changed["role"] = random_slugs(snapshot.vocabularies["role"], rng)
            changed |= {rng.choice(("crew", "person")): random_slugs(people, rng)} if rng.random() < 0.5 else {}
        if "year__gte" in facet_set.base_filters and rng.random() < 0.3:
            changed |= {"year__gte": [str(rng.randint(1950, 2024))], "runtime__lte": [str(rng.randint(20, 70))]}
        yield changed


def current_snapshot_of_episodes():
    """Return the index of episodes, whose vocabulary has all people."""
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry

    return registry.current_snapshot(EpisodeFacets)


SELECTIONS = {"plain": random_selections, "suffixes": selections_with_suffixes}


def row_ordinals(segment, name, row):
    """Return the ordinals of the values that one row has of a facet."""
    if name in segment.columns:
        ordinal = int(segment.columns[name][row])
        return [ordinal] if ordinal >= 0 else []
    ordinals = []
    for level in segment.levels[name]:
        owner = row if level.parent_index is None else level.parent_index.positions[row]
        ordinals += level.pairs.indices[level.pairs.indptr[owner] : level.pairs.indptr[owner + 1]].tolist()
    return ordinals


def answer(engine_class, facet_set, query):
    """Return what a list page needs of an engine, after the seconds that it took.

    They are the total, the top ten values, their roles, how many rows have no value of the selected facets, the page.
    """
    start = time.perf_counter()
    facets = facet_set(query, queryset=facet_set._meta.model.objects.published())
    facets.engines = (engine_class,)
    engine = facets.engine
    total = engine.total()
    tops = {name: engine.top_values(name, 10) for name, facet in facets.facets.items() if facet.lists_values}
    people = {name: [entry[0] for entry in entries] for name, (entries, _) in tops.items()}
    roles = {name: engine.roles_of(name, keys) for name, keys in people.items() if facets.facets[name].names_roles}
    not_recorded = {name: facets.not_recorded(name) for name in facets.choices}
    page = engine.page_ids(0, 25)
    return time.perf_counter() - start, total, tops, roles, not_recorded, page


def random_queries(kind, facet_set, total, rng, snapshot):
    """Yield selections of one kind of SELECTIONS as QueryDicts."""
    from django.http import QueryDict

    for selection in SELECTIONS[kind](facet_set, total, rng, snapshot):
        query = QueryDict(mutable=True)
        for name, values in selection.items():
            query.setlist(name, values)
        yield query


def print_percentiles(name, label, times):
    """Print the percentiles of milliseconds on one line."""
    print(f"{name:9} {label:16} {'  '.join(f'p{p} {percentile(times, p):9.2f}' for p in PERCENTILES)} ms")


def measure_index(facet_set, total, rng):
    """Measure the index only, with the many selections that a percentile needs; SQL would take minutes."""
    from catalog.facets.index import registry
    from catalog.facets.index.engine import IndexEngine

    for kind in SELECTIONS:
        queries = random_queries(kind, facet_set, total, rng, registry.current_snapshot(facet_set))
        times = [answer(IndexEngine, facet_set, query)[0] * 1000 for query in queries]
        print_percentiles(facet_set._meta.model._meta.verbose_name_plural, f"{kind} alone", times)


def compare(kind, facet_set, total, rng):
    """Measure both engines with ``total`` selections of a kind, and print the figures. Return how many differ."""
    from catalog.facets.index import registry
    from catalog.facets.index.engine import IndexEngine
    from catalog.facets.sql_engine import SqlEngine

    snapshot = registry.current_snapshot(facet_set)
    times, differing = {IndexEngine: [], SqlEngine: []}, 0
    for query in random_queries(kind, facet_set, total, rng, snapshot):
        answers = {}
        for engine_class in rng.sample((IndexEngine, SqlEngine), 2):
            seconds, *answers[engine_class] = answer(engine_class, facet_set, query)
            times[engine_class].append(seconds * 1000)
        if answers[IndexEngine] != answers[SqlEngine]:
            differing += 1
            print("  differs:", query.urlencode())
    name = facet_set._meta.model._meta.verbose_name_plural
    for engine_class, label in ((IndexEngine, "index"), (SqlEngine, "SQL")):
        print_percentiles(name, f"{kind} {label}", times[engine_class])
    ratio = percentile(times[SqlEngine], 95) / percentile(times[IndexEngine], 95)
    print(f"{name:9} {kind}: SQL's p95 is {ratio:.0f} times the index's; {differing} of {total} answers differ")
    return differing


def main():
    """Build the indexes as a worker does, in the background, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--selections", type=int, default=100)
    parser.add_argument("--alone", type=int, default=0, help="number of further selections for the index alone")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--list", choices=("episode", "series", "person"), action="append")
    options = parser.parse_args()
    set_up_django(options.size)
    from catalog.facets.episode import EpisodeFacets
    from catalog.facets.index import registry
    from catalog.facets.person import PersonFacets
    from catalog.facets.series import SeriesFacets

    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    rng, baseline, differing = random.Random(seed), memory_usage(), 0
    print(f"size {options.size}, seed {seed}, {options.selections} selections of each kind a list")
    lists = [EpisodeFacets, SeriesFacets, PersonFacets]
    for facet_set in lists:
        start = time.perf_counter()
        while registry.current_snapshot(facet_set) is None:
            time.sleep(0.05)
        name = facet_set._meta.model._meta.verbose_name_plural
        private, shared = (usage - before for usage, before in zip(memory_usage(), baseline, strict=True))
        print(
            f"{name:9} read in {time.perf_counter() - start:.1f} s, {private:.0f} MB more than without indexes "
            f"and {shared:.0f} MB of mapped files, which processes share"
        )
    for facet_set in lists:
        if not options.list or facet_set._meta.model._meta.model_name in options.list:
            if options.alone:
                measure_index(facet_set, options.alone, rng)
            if options.selections:
                differing += sum(compare(kind, facet_set, options.selections, rng) for kind in SELECTIONS)
    return differing


if __name__ == "__main__":
    raise SystemExit(1 if main() else 0)
