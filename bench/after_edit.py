"""``python -m bench.after_edit --size M``: the time of the first request after an edit, compared with warm requests.

Each edit is made through the models in a transaction of its own, as the admin does, on a copy of the database file.
"""

import argparse
import random
import tempfile
import time

from bench.facets import answer, percentile, random_selections
from bench.generate import set_up_copy


def edits(rng):
    """Return a function for each kind of edit, by name."""
    from catalog.models import Credit, Episode, Person, Role, Season

    def random_record(model):
        return model.objects.filter(pk__gte=rng.randrange(model.objects.order_by("-pk").first().pk)).first()

    def retitle():
        episode = random_record(Episode)
        episode.title += " again"
        episode.save()

    def credit():
        Credit.objects.get_or_create(
            episode=random_record(Episode), person=random_record(Person), role=Role.objects.get(slug="editor")
        )

    def rename():
        person = random_record(Person)
        person.name = person.sort_name = f"{person.name} Jr."
        person.save()

    def uncredit():
        random_record(Credit).delete()

    def add():
        season = random_record(Season)
        defaults = {"published_at": season.published_at}
        Episode.objects.get_or_create(season=season, number=rng.randrange(500, 30_000), defaults=defaults)

    return {
        "a title": retitle,
        "an added credit": credit,
        "a name": rename,
        "a deleted credit": uncredit,
        "an added episode": add,
    }


def main():
    """Print the percentiles of warm requests, then those after each kind of edit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_copy(options.size, folder)
        from django.http import QueryDict

        from catalog.facets.episode import EpisodeFacets
        from catalog.facets.index import registry
        from catalog.facets.index.engine import IndexEngine

        seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
        rng, times = random.Random(seed), {}
        while (snapshot := registry.current_snapshot(EpisodeFacets)) is None:
            time.sleep(0.05)
        kinds = edits(rng)
        remaining_selections = list(random_selections(EpisodeFacets, options.rounds * (len(kinds) + 1), rng, snapshot))

        def measure(name):
            query = QueryDict(mutable=True)
            for facet, values in remaining_selections.pop().items():
                query.setlist(facet, values)
            times.setdefault(name, []).append(1000 * answer(IndexEngine, EpisodeFacets, query)[0])

        for _ in range(options.rounds):
            measure("warm")
        for _ in range(options.rounds):
            for name, edit in kinds.items():
                edit()
                measure(f"after {name}")
        print(f"size {options.size}, seed {seed}: milliseconds")
        for name, values in times.items():
            print(f"{name:24}" + "  ".join(f"p{p} {percentile(values, p):7.2f}" for p in (50, 95, 100)))


if __name__ == "__main__":
    main()
