"""``python -m bench.after_edit --size M``: what the first question after an edit costs, beside warm ones.

Edits are made in a transaction of their own by the models, as the desk makes them, on a copy of the file.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import django

from bench.facets import answer, percentile, random_selections
from bench.generate import ROOT


def edits(rng):
    """One edit of each kind, by name."""
    from catalog.models import Credit, Episode, Person, Role, Season

    def some(model):
        return model.objects.filter(pk__gte=rng.randrange(model.objects.order_by("-pk").first().pk)).first()

    def retitle():
        episode = some(Episode)
        episode.title += " again"
        episode.save()

    def credit():
        Credit.objects.get_or_create(episode=some(Episode), person=some(Person), role=Role.objects.get(slug="editor"))

    def rename():
        person = some(Person)
        person.name = person.sort_name = f"{person.name} Jr."
        person.save()

    def uncredit():
        some(Credit).delete()

    def add():
        season = some(Season)
        seen = {"published_at": season.published_at}
        Episode.objects.get_or_create(season=season, number=rng.randrange(500, 30_000), defaults=seen)

    return {
        "a title": retitle,
        "a credit more": credit,
        "a name": rename,
        "a credit less": uncredit,
        "an episode more": add,
    }


def main():
    """Print the warm figures, then those after each kind of edit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("S", "M", "L"), default="M")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not os.environ.get("DATABASE_URL"):
            made = ROOT / "var" / f"bench-{given.size}.sqlite3"
            if not made.exists():
                raise SystemExit(f"First: python -m bench.generate --size {given.size}")
            copy = Path(folder) / "catalogue.sqlite3"
            shutil.copy(made, copy)
            os.environ["DATABASE_URL"] = f"sqlite:///{copy}"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soundtrack_site.settings")
        django.setup()
        from django.http import QueryDict

        from catalog.facets.episode import EpisodeFacets
        from catalog.facets.index import registry
        from catalog.facets.index.engine import IndexEngine

        seed = given.seed if given.seed is not None else random.SystemRandom().randrange(2**32)
        rng, times = random.Random(seed), {}
        while (snapshot := registry.current_snapshot(EpisodeFacets)) is None:
            time.sleep(0.05)
        kinds = edits(rng)
        chosen = list(random_selections(EpisodeFacets, given.rounds * (len(kinds) + 1), rng, snapshot))

        def ask(name):
            query = QueryDict(mutable=True)
            for facet, values in chosen.pop().items():
                query.setlist(facet, values)
            times.setdefault(name, []).append(1000 * answer(IndexEngine, EpisodeFacets, query)[0])

        for _ in range(given.rounds):
            ask("warm")
        for _ in range(given.rounds):
            for name, edit in kinds.items():
                edit()
                ask(f"after {name}")
        print(f"size {given.size}, seed {seed}: milliseconds")
        for name, values in times.items():
            print(f"{name:24}" + "  ".join(f"p{p} {percentile(values, p):7.2f}" for p in (50, 95, 100)))


if __name__ == "__main__":
    main()
