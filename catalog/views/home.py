"""The front page."""

from catalog.facets.display import FacetDisplay
from catalog.facets.episode import EpisodeFacets
from catalog.facets.person import PersonFacets
from catalog.facets.series import SeriesFacets
from catalog.models import WRITING_ROLES, Change, Episode, Series
from catalog.views.base import Page
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover
from catalog.views.presenters.credit_matrix import director_writer_matrix
from catalog.views.series import split_cards

EPISODES_OF_NEWEST = 10
SERIES_PER_ROW = 6
NEWEST_SERIES = 24  # looked through for those that are complete
RECENT_CHANGES = 200  # looked through for the series that they touch
VALUES_PER_FACET = 6
BROWSED_FACETS = (
    ("episode", EpisodeFacets, ("director", "writer", "character", "year")),
    ("series", SeriesFacets, ("network",)),
    ("person", PersonFacets, ("role",)),
)


class Home(Page):
    """``/``."""

    template_name = "catalog/home.html"
    section = "home"

    def get_context_data(self, **kwargs):
        """Numbers of records, the newest series with its episodes, rows of other series, values to browse by."""
        series_list = list(Series.objects.published().for_list().newest_first()[:NEWEST_SERIES])
        newest = series_list[0] if series_list else None
        episodes = Episode.objects.published().for_list().in_order()
        cards = episode_cards(episodes.of_series(newest)[:EPISODES_OF_NEWEST]) if newest else []
        browsed = [(kind, facet_set({}), names) for kind, facet_set, names in BROWSED_FACETS]
        counted = [entry for entry in browsed if entry[1].engine.is_counted]
        facet_lists = top_facet_values(counted)
        stats = numbers_of_records({kind: facets.engine for kind, facets, _ in counted})
        numbers = ", ".join(f"{number:,} {label}" for number, label, _ in stats)
        return super().get_context_data(
            title="Television series, credit by credit",
            description="A citable record of television series, each fact with its source"
            + (f": {numbers}." if stats else "."),
            is_counted=len(counted) == len(browsed),
            stats=stats,
            newest=newest,
            newest_cover=cover.series_cover(newest) if newest else None,
            cards=cards,
            matrix=director_writer_matrix(*split_cards(cards)),
            rows=rows_of_series(series_list),
            facet_lists=facet_lists,
            search_examples=search_examples(cards, facet_lists),
            **kwargs,
        )


def numbers_of_records(engines):
    """(number, label, URL name) of the published records; ``engines`` count the lists, by kind."""
    numbers = [
        (engines[kind].unfiltered_total(), label, f"{kind}-list")
        for kind, label in (("series", "series"), ("episode", "episodes"), ("person", "people"))
        if kind in engines
    ]
    return numbers + ([(engines["person"].credit_total(), "credits", "person-list")] if "person" in engines else [])


def rows_of_series(series_list):
    """(heading, [(series, cover)]) of the rows below the newest series; no series is in two rows, no row is empty."""
    incomplete = Episode.objects.published().series_lacking(series_list, ["director"], WRITING_ROLES)
    candidates = (
        ("Newest", series_list),
        (
            "Complete: each episode with director and writer",
            [item for item in series_list if item.pk not in incomplete],
        ),
        ("Recently changed", recently_changed()),
    )
    listed = {item.pk for item in series_list[:1]}
    rows = []
    for heading, candidate_series in candidates:
        row = [item for item in candidate_series if item.pk not in listed][:SERIES_PER_ROW]
        listed |= {item.pk for item in row}
        if row:
            rows.append((heading, [(item, cover.series_cover(item)) for item in row]))
    return rows


def recently_changed():
    """The series that the last changes touch, the latest first: their own, their seasons' and their episodes'."""
    references = Change.objects.last_references(RECENT_CHANGES)
    series_of = {("series", key): key for kind, key in references if kind == "series"}
    for kind, path in (("season", "seasons"), ("episode", "seasons__episodes")):
        keys = [key for reference_kind, key in references if reference_kind == kind]
        series_of |= {(kind, key): series for key, series in Series.objects.keys_by_part(path, keys)}
    first = list(dict.fromkeys(series_of[reference] for reference in references if reference in series_of))
    series_list = Series.objects.published().for_list().in_bulk(first[: 3 * SERIES_PER_ROW])
    return [series_list[key] for key in first if key in series_list]


def top_facet_values(browsed):
    """(kind of list, facet, label, most frequent values, total) of each facet of ``browsed`` with a choice."""
    lists = []
    for kind, facets, names in browsed:
        display = FacetDisplay(facets)
        for name in names:
            values, total = display.values(name, VALUES_PER_FACET)
            if total > 1:
                lists.append((kind, name, facets.filters[name].label, values, total))
    return lists


def search_examples(cards, facet_lists):
    """Searches to offer, from what the page shows: a director, a production code, a character."""
    codes = [episode.production_code for episode, _, _ in cards if episode.production_code]
    labels = {name: [value.label for value in values] for _, name, _, values, _ in facet_lists}
    return [texts[0] for texts in (labels.get("director"), codes, labels.get("character")) if texts]
