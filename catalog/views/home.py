"""The front page."""

from django.db.models import F

from catalog.facets.episode import EpisodeFacets
from catalog.models import Credit, Episode, Person, Series
from catalog.views.base import Page
from catalog.views.parts import sleeve
from catalog.views.series import seasons_with_cards

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
        facets = EpisodeFacets({}, queryset=Episode.objects.published())
        counted = [(name, facets.values(name)) for name in ("director", "writer", "character")]
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
                (
                    series,
                    sleeve.poster(series),
                    [row for _, rows in seasons_with_cards(series) for row in rows][:EPISODES],
                )
                for series in newest[:SHELF]
            ],
            counted=[(name, facets.filters[name].label, values[:COUNTS], len(values)) for name, values in counted],
            **kwargs,
        )
