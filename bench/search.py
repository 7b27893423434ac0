"""``python -m bench.search --size L``: suggestions, whole searches and typing errors over a made-up catalogue.

A new seed every time (printed, and taken by --seed); each text is asked once. With script/postgres before it, typing
errors are asked of PostgreSQL's pg_trgm too, over the same names and in the same run, at equal recall.
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
    """``text`` with so many letters changed, left out, added or swapped with the next."""
    letters = list(text)
    for _ in range(edits):
        place = rng.randrange(len(letters))
        how = rng.choice(("change", "leave out", "add", "swap"))
        if how == "change":
            letters[place] = rng.choice(ALPHABET.replace(letters[place].lower(), ""))
        elif how == "leave out" and len(letters) > 3:
            del letters[place]
        elif how == "swap" and place + 1 < len(letters):
            letters[place : place + 2] = letters[place + 1], letters[place]
        else:
            letters.insert(place, rng.choice(ALPHABET))
    return "".join(letters)


def show(label, times, note=""):
    """A line of figures in milliseconds, of [(time, processor time)]: other work on the machine lengthens the first."""
    figures = "  ".join(f"p{p} {percentile([time for time, _ in times], p):7.1f}" for p in PERCENTILES)
    own = percentile([processor for _, processor in times], 95)
    print(f"{label:33} {figures} ms; processor p95 {own:5.1f} ms  {note}", flush=True)


def timed(ask, texts):
    """([(milliseconds, of them in this process)], answers) of asking each text once."""
    times, answers = [], []
    for text in texts:
        start, used = time.perf_counter(), time.thread_time()
        answers.append(ask(text))
        times.append((1000 * (time.perf_counter() - start), 1000 * (time.thread_time() - used)))
    return times, answers


def samples(rng, total):
    """Random (kind, key, name) of people, series and episodes."""
    from catalog.models import Episode, Person, Series

    found = []
    for kind, model, field, share in (("person", Person, "name", 4), ("series", Series, "title", 1),
                                      ("episode", Episode, "title", 1)):  # fmt: skip
        last = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
        keys = [rng.randint(1, last) for _ in range(total * share // 6)]
        found += [(kind, pk, name) for pk, name in model.objects.filter(pk__in=keys).values_list("pk", field)]
    rng.shuffle(found)
    return found


def typing(name, rng):
    """What a person has typed of a name so far."""
    return name[: rng.randint(1, min(len(name), 14))]


def whole(sampled, rng):
    """Whole searches: names, single words of them, two words of different ones, codes, numbers, common words."""
    for kind, _, name in sampled:
        words = name.split()
        yield rng.choice(
            [name, name.lower(), rng.choice(words), words[-1], " ".join(reversed(words)),
             f"{name} {rng.randint(1, 20)}" if kind == "series" else f"s01e{rng.randint(1, 12):02}",
             f"{words[0][0]}. {words[-1]}", "the", f"the {words[-1]}"]
        )  # fmt: skip


def find_rate(answers, sampled, names):
    """The share of texts whose record, or one of the same name, is within the first three of its kind."""
    good = 0
    for groups, (kind, _, name) in zip(answers, sampled, strict=True):
        first = [row for group in groups if group.kind == kind for row in group.records[:3]]
        good += any(names(row) == name for row in first)
    return good / len(sampled)


def ours(rng, total):
    """Measure the site's search on the database that Django is set up on."""
    from catalog.search import name_cache, search, suggest

    plain, start = memory_usage(), time.perf_counter()
    while not name_cache.current():
        time.sleep(0.1)
    print(f"names read in {time.perf_counter() - start:.1f} s, {memory_usage()[0] - plain[0]:.0f} MB", flush=True)
    sampled = samples(rng, total)
    title = lambda row: getattr(row, "title", None) or getattr(row, "name", "")  # noqa: E731
    times, _ = timed(suggest, [typing(name, rng) for _, _, name in sampled])
    show("suggestions", times, "goal: p95 < 20")
    times, _ = timed(search, list(whole(sampled, rng)))
    show("whole search", times, "goal: p95 < 150")
    for edits in (1, 2):
        texts = [mistyped(name, edits, rng) for _, _, name in sampled]
        times, answers = timed(search, texts)
        corrected = [each for each, answer in zip(times, answers, strict=True) if answer.corrected_text]
        rate = find_rate(answers, sampled, title)
        show(f"typing errors, {edits} edit{'s' * (edits - 1)}", corrected, f"goal: p95 < 80; recall@3 {rate:.3f}")


def beside_trigrams(rng, total, url):
    """The names of people, mistyped: near names in this process beside pg_trgm, which ranks by its similarity."""
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
        held = name_cache.current()["person"][0].keys

        def here(text):
            return [other for _, other in held.nearest(name_key(text), allowed_edits(name_key(text)))][:10]

        def there(text):
            rows = server.execute(
                "SELECT name FROM bench_names WHERE name %% %s ORDER BY similarity(name, %s) DESC LIMIT 10",
                [text.lower(), text.lower()],
            )
            return [name_key(name) for (name,) in rows]

        for edits in (1, 2):
            chosen = rng.sample(people, total)
            texts = [mistyped(name, edits, rng) for name in chosen]
            figures = {}
            for ask, label in ((here, "near names in process"), (there, "pg_trgm")):
                times, answers = timed(ask, texts)
                rate = sum(name_key(name) in near for name, near in zip(chosen, answers, strict=True)) / total
                show(f"{label}, {edits} edit{'s' * (edits - 1)}", times, f"recall@10 {rate:.3f}")
                figures[label] = percentile([each for each, _ in times], 95)
            print(f"pg_trgm's p95 is {figures['pg_trgm'] / figures['near names in process']:.1f} times as long")


def main():
    """Set up, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--texts", type=int, default=300)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--here", action="store_true", help="the catalogue itself in DATABASE_URL, without pg_trgm")
    given = parser.parse_args()
    peer = "" if given.here else os.environ.pop("DATABASE_URL", "")
    set_up_django(given.size)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"size {given.size}, seed {seed}, {given.texts} texts of each sort")
    ours(random.Random(seed), given.texts)
    if peer.startswith("postgres"):
        beside_trigrams(random.Random(seed), min(given.texts, 200), peer)
    else:
        print("pg_trgm was not asked: run it by script/postgres")


if __name__ == "__main__":
    main()
