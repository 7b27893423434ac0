"""The front page."""

from catalog.facets.display import FacetDisplay
from catalog.facets.episode import EpisodeFacets
from catalog.models import Credit, Episode, Person, Series
from catalog.views.base import Page
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover

NEWEST_SERIES = 3  # shown with their first episodes
EPISODES_PER_SERIES = 10
VALUES_PER_FACET = 6


class Home(Page):
    """``/``."""

    template_name = "catalog/home.html"
    section = "home"

    def get_context_data(self, **kwargs):
        """Numbers of records, the newest series, the most frequent values of some facets."""
        series_list = Series.objects.published().for_list().newest_first()
        episodes = Episode.objects.published().for_list().in_order()
        facets = EpisodeFacets({})
        display = FacetDisplay(facets)
        top_values = [(name, *display.values(name, VALUES_PER_FACET)) for name in ("director", "writer", "character")]
        newest_series = [
            (series, cover.series_cover(series), episode_cards(episodes.of_series(series)[:EPISODES_PER_SERIES]))
            for series in series_list[:NEWEST_SERIES]
        ]
        stats = [
            (Series.objects.published().count(), "series", "series-list"),
            (Episode.objects.published().count(), "episodes", "episode-list"),
            (Person.objects.published().count(), "people", "person-list"),
            (Credit.objects.count_visible(), "credits", "person-list"),
        ]
        numbers = ", ".join(f"{number:,} {label}" for number, label, _ in stats)
        return super().get_context_data(
            title="Television series, credit by credit",
            description=f"A citable record of television series, each fact with its source: {numbers}.",
            stats=stats,
            newest_series=newest_series,
            top_values=[(name, facets.filters[name].label, values, total) for name, values, total in top_values],
            search_examples=search_examples(newest_series, top_values),
            **kwargs,
        )


def search_examples(newest_series, top_values):
    """Searches to offer, from what the page shows: a director, a production code, a character."""
    codes = [card[0].production_code for _, _, cards in newest_series for card in cards if card[0].production_code]
    labels = {name: [value.label for value in values] for name, values, _ in top_values}
    return [texts[0] for texts in (labels["director"], codes, labels["character"]) if texts]
