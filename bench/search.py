"""``python -m bench.search --size L``: measure suggestions, searches and corrections over a generated catalogue.

Each run has a new seed, which it prints and ``--seed`` sets; each text is searched once. Run by script/postgres, it
also measures PostgreSQL's pg_trgm on the same mistyped names.
"""

import argparse
import os
import random
import time

from bench.facets import memory_usage, percentile
from bench.generate import set_up_django

PERCENTILES = (50, 95, 99, 100)
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def mistyped(text, edits, rng):
    """Change, leave out, add or swap ``edits`` letters of a text."""
    letters = list(text)
    for _ in range(edits):
        position = rng.randrange(len(letters))
        edit = rng.choice(("change", "leave out", "add", "swap"))
        if edit == "change":
            letters[position] = rng.choice(ALPHABET.replace(letters[position].lower(), ""))
        elif edit == "leave out" and len(letters) > 3:
            del letters[position]
        elif edit == "swap" and position + 1 < len(letters):
            letters[position : position + 2] = letters[position + 1], letters[position]
        else:
            letters.insert(position, rng.choice(ALPHABET))
    return "".join(letters)


def print_times(label, times, note=""):
    """Print percentiles of [(milliseconds, processor milliseconds)]; a busy machine lengthens only the first."""
    figures = "  ".join(f"p{p} {percentile([elapsed for elapsed, _ in times], p):7.1f}" for p in PERCENTILES)
    processor_p95 = percentile([processor for _, processor in times], 95)
    print(f"{label:33} {figures} ms; processor p95 {processor_p95:5.1f} ms  {note}", flush=True)


def timed(search_function, texts):
    """Search each text once; return ([(milliseconds, processor milliseconds)], results)."""
    times, results = [], []
    for text in texts:
        start, processor_start = time.perf_counter(), time.thread_time()
        results.append(search_function(text))
        times.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - processor_start)))
    return times, results


def sample_records(rng, total):
    """Return random (kind, primary key, name) of people, series and episodes."""
    from catalog.models import Episode, Person, Series

    records = []
    for kind, model, field, share in (("person", Person, "name", 4), ("series", Series, "title", 1),
                                      ("episode", Episode, "title", 1)):  # fmt: skip
        highest_pk = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
        pks = [rng.randint(1, highest_pk) for _ in range(total * share // 6)]
        records += [(kind, pk, name) for pk, name in model.objects.filter(pk__in=pks).values_list("pk", field)]
    rng.shuffle(records)
    return records


def partly_typed(name, rng):
    """Return the beginning of a name, as it is while somebody types it."""
    return name[: rng.randint(1, min(len(name), 14))]


def complete_queries(records, rng):
    """Yield what people search for: names, words of names in any order, episode codes and numbers, common words."""
    for kind, _, name in records:
        words = name.split()
        yield rng.choice(
            [name, name.lower(), rng.choice(words), words[-1], " ".join(reversed(words)),
             f"{name} {rng.randint(1, 20)}" if kind == "series" else f"s01e{rng.randint(1, 12):02}",
             f"{words[0][0]}. {words[-1]}", "the", f"the {words[-1]}"]
        )  # fmt: skip


def title_of(record):
    """Return the title or name of a record."""
    return getattr(record, "title", None) or getattr(record, "name", "")


def recall(results, records):
    """Return the share of results with the record, or one of the same name, among the first three of its kind."""
    hits = 0
    for groups, (kind, _, name) in zip(results, records, strict=True):
        first_three = [record for group in groups if group.kind == kind for record in group.records[:3]]
        hits += any(title_of(record) == name for record in first_three)
    return hits / len(records)


def plural_edits(edits):
    """Return "1 edit" or "2 edits"."""
    return f"{edits} edit{'s' * (edits - 1)}"


def measure_search(rng, total):
    """Measure the site's search in the configured database."""
    from catalog.search import name_cache, search, suggest

    memory_before, start = memory_usage()[0], time.perf_counter()
    while not name_cache.current():
        time.sleep(0.1)
    memory = memory_usage()[0] - memory_before
    print(f"names loaded in {time.perf_counter() - start:.1f} s, {memory:.0f} MB", flush=True)
    records = sample_records(rng, total)
    times, _ = timed(suggest, [partly_typed(name, rng) for _, _, name in records])
    print_times("suggestions", times, "goal: p95 < 20")
    times, _ = timed(search, list(complete_queries(records, rng)))
    print_times("searches", times, "goal: p95 < 150")
    for edits in (1, 2):
        texts = [mistyped(name, edits, rng) for _, _, name in records]
        times, results = timed(search, texts)
        corrected_times = [item for item, result in zip(times, results, strict=True) if result.corrected_text]
        note = f"goal: p95 < 80; recall@3 {recall(results, records):.3f}"
        print_times(f"typing errors, {plural_edits(edits)}", corrected_times, note)


def compare_with_trigrams(rng, total, url):
    """Search mistyped names of people in this process and by pg_trgm, which ranks by its similarity."""
    import psycopg

    from catalog.models import Person
    from catalog.search import name_cache
    from catalog.search.fuzzy import allowed_edits
    from catalog.search.tokenizer import name_key

    people = list(Person.objects.values_list("name", flat=True))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        server.execute("CREATE TABLE bench_names (name text)")
        with server.cursor() as cursor, cursor.copy("COPY bench_names FROM STDIN") as copy:
            for name in dict.fromkeys(map(str.lower, people)):
                copy.write_row([name])
        server.execute("CREATE INDEX ON bench_names USING gin (name gin_trgm_ops)")
        server.execute("ANALYZE bench_names")
        keys = name_cache.current()["person"][0].keys

        def nearest_in_process(text):
            return [key for _, key in keys.nearest(name_key(text), allowed_edits(name_key(text)))][:10]

        def nearest_by_trigrams(text):
            rows = server.execute(
                "SELECT name FROM bench_names WHERE name %% %s ORDER BY similarity(name, %s) DESC LIMIT 10",
                [text.lower(), text.lower()],
            )
            return [name_key(name) for (name,) in rows]

        for edits in (1, 2):
            names = rng.sample(people, total)
            texts = [mistyped(name, edits, rng) for name in names]
            p95 = {}
            for label, function in (("in process", nearest_in_process), ("pg_trgm", nearest_by_trigrams)):
                times, results = timed(function, texts)
                hits = sum(name_key(name) in nearest for name, nearest in zip(names, results, strict=True))
                print_times(f"{label}, {plural_edits(edits)}", times, f"recall@10 {hits / total:.3f}")
                p95[label] = percentile([elapsed for elapsed, _ in times], 95)
            print(f"pg_trgm's p95 is {p95['pg_trgm'] / p95['in process']:.1f} times as long")


def main():
    """Parse the arguments and run the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--texts", type=int, default=300, help="how many texts of each sort")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--here", action="store_true", help="use the catalogue in DATABASE_URL, without pg_trgm")
    options = parser.parse_args()
    trigram_url = "" if options.here else os.environ.pop("DATABASE_URL", "")
    set_up_django(options.size)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"size {options.size}, seed {seed}, {options.texts} texts of each sort")
    measure_search(random.Random(seed), options.texts)
    if trigram_url.startswith("postgres"):
        compare_with_trigrams(random.Random(seed), min(options.texts, 200), trigram_url)
    else:
        print("pg_trgm was not measured: it needs script/postgres")


if __name__ == "__main__":
    main()
