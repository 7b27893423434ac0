"""The front page."""

from django.db.models import F

from catalog.facets.episode import EpisodeFacets
from catalog.models import Credit, Episode, Person, Series
from catalog.views.base import Page
from catalog.views.episode import cards
from catalog.views.parts import sleeve

SHELF = 3  # series shown with their first episodes
EPISODES = 10
COUNTS = 6


class Home(Page):
    """``/``."""

    template_name = "catalog/home.html"
    section = "home"

    def get_context_data(self, **kwargs):
        """How much there is, the newest series, and where to begin."""
        newest = Series.objects.published().for_list().order_by(F("premiered").desc(nulls_last=True), "sort_title")
        episodes = Episode.objects.published().for_list().in_order()
        facets = EpisodeFacets({}, queryset=Episode.objects.published())
        counted = [(name, *facets.values(name, COUNTS)) for name in ("director", "writer", "character")]
        return super().get_context_data(
            title="Television series, credit by credit",
            description="A citable record of television series: episodes, people and credits, each with its source.",
            stats=[
                (Series.objects.published().count(), "series", "series-list"),
                (Episode.objects.published().count(), "episodes", "episode-list"),
                (Person.objects.published().count(), "people", "person-list"),
                (Credit.objects.seen().count(), "credits", "person-list"),
            ],
            shelf=[
                (series, sleeve.poster(series), cards(episodes.filter(season__series=series)[:EPISODES]))
                for series in newest[:SHELF]
            ],
            counted=[(name, facets.filters[name].label, values, total) for name, values, total in counted],
            **kwargs,
        )
