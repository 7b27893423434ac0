"""The front page."""

from django.db.models import F

from catalog.facets.episode import EpisodeFacets
from catalog.models import Credit, Episode, Person, Series
from catalog.views.base import Page
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover

NEWEST_SERIES = 3  # series shown with their first episodes
EPISODES_PER_SERIES = 10
VALUES_PER_FACET = 6


class Home(Page):
    """``/``."""

    template_name = "catalog/home.html"
    section = "home"

    def get_context_data(self, **kwargs):
        """How much there is, the newest series, and where to begin."""
        newest = Series.objects.published().for_list().order_by(F("premiered").desc(nulls_last=True), "sort_title")
        episodes = Episode.objects.published().for_list().in_order()
        facets = EpisodeFacets({})
        counted = [(name, *facets.values(name, VALUES_PER_FACET)) for name in ("director", "writer", "character")]
        shelf = [
            (
                series,
                cover.series_cover(series),
                episode_cards(episodes.filter(season__series=series)[:EPISODES_PER_SERIES]),
            )
            for series in newest[:NEWEST_SERIES]
        ]
        stats = [
            (Series.objects.published().count(), "series", "series-list"),
            (Episode.objects.published().count(), "episodes", "episode-list"),
            (Person.objects.published().count(), "people", "person-list"),
            (Credit.objects.count_visible(), "credits", "person-list"),
        ]
        amounts = ", ".join(f"{number:,} {noun}" for number, noun, _ in stats)
        return super().get_context_data(
            title="Television series, credit by credit",
            description=f"A citable record of television series, each fact with its source: {amounts}.",
            stats=stats,
            shelf=shelf,
            counted=[(name, facets.filters[name].label, values, total) for name, values, total in counted],
            tried=search_examples(shelf, counted),
            **kwargs,
        )


def search_examples(shelf, counted):
    """What one may search for, from what the page shows: a person, a production code, a character."""
    codes = [row[0].production_code for _, _, rows in shelf for row in rows if row[0].production_code]
    first = {name: [value.label for value in values] for name, values, _ in counted}
    return [text for found in (first["director"], codes, first["character"]) for text in found[:1]]
