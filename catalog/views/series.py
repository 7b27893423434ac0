"""Series and their seasons: the list, the page of a series, the page of a season."""

from itertools import chain

from catalog.facets.series import SeriesFacets
from catalog.models import FormerSlug, Season, page_queries
from catalog.models.episode import Extent
from catalog.views.base import FacetedList, RecordPage
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import MAX_COLUMNS, director_writer_matrix
from catalog.views.presenters.credits import credit_remarks, group_by_department
from catalog.views.presenters.infobox import season_infobox, series_infobox
from catalog.views.presenters.timeline import timeline

# A page shows as many episodes as a matrix has columns.
SEASONS_PER_PAGE = 100
ROWS_PER_PAGE = 100  # of any other list


class SeriesList(FacetedList):
    """``/series/``."""

    template_name = "catalog/series_list.html"
    facet_set = SeriesFacets
    section = "series"
    heading = "Series"

    def get_context_data(self, **kwargs):
        """Each series with its cover."""
        context = super().get_context_data(**kwargs)
        context["cards"] = [(series, cover.series_cover(series)) for series in context["rows"]]
        return context


def cards_by_season(cards, empty_seasons):
    """(season, episode cards) of each season of ``cards``, and of those of ``empty_seasons`` that have none; sorted."""
    cards_of: dict[Season, list] = {season: [] for season in empty_seasons}
    for card in cards:
        cards_of.setdefault(card[0].season, []).append(card)
    return list(cards_of.items())


def set_seasons(series, seasons, episodes):
    """Let ``episodes`` of ``series`` share their seasons, those of ``seasons`` as far as they are among these."""
    for season in seasons:
        season.series = series
    by_key = {season.pk: season for season in seasons}
    missing = {episode.season_id for episode in episodes} - by_key.keys()
    if missing:
        by_key |= Season.objects.in_bulk(missing)
    for episode in episodes:
        episode.season = by_key[episode.season_id]
        episode.season.series = series


class SeriesDetail(RecordPage):
    """``/series/<slug>/``."""

    template_name = "catalog/series_detail.html"
    section = "series"
    kind = "series"

    def find_record(self, slug):
        """The published series of that slug."""
        return page_queries.series_query.first(slug=slug)

    def get_context_data(self, **kwargs):
        """Infobox, seasons, cast, crew, matrix, production history, songs, reviews."""
        series, part = self.record, self.lists.part
        seasons = part(page_queries.series_seasons_query.of(series.pk), SEASONS_PER_PAGE)
        episodes = part(page_queries.series_episodes_query.of(series.pk), MAX_COLUMNS)
        set_seasons(series, seasons, episodes)
        cards = episode_cards(episodes)
        episode_credits = split_cards(cards)[1]
        is_short = seasons.is_complete and episodes.is_complete
        extent = extent_of(page_queries.series_extent_query, series)
        totals = seasons.total, extent.listed
        hidden = sum(count for (count,) in page_queries.hidden_seasons_query([series.pk])), extent.hidden
        creators = page_queries.creators_query([series.pk], limit=ROWS_PER_PAGE)
        events = part(page_queries.series_events_query.of(series.pk), ROWS_PER_PAGE)
        reviews = part(page_queries.series_reviews_query.of(series.pk), ROWS_PER_PAGE)
        cues = part(page_queries.series_cues_query.of(series.pk), ROWS_PER_PAGE)
        credits_context, cited_credits = self.credits_context(series, creators)
        return super().get_context_data(
            title=f"{series.title} ({series.premiered.year})" if series.premiered else series.title,
            description=meta_description.for_series(series, totals, episode_credits if is_short else []),
            cover=cover.series_cover(series),
            infobox=series_infobox(series, creators, totals, hidden),
            seasons=seasons,
            season_cards=cards_by_season(cards, seasons if is_short else ()),
            is_short=is_short,
            episodes=episodes,
            matrix=director_writer_matrix(episodes.rows, episode_credits),
            events=events,
            timeline=timeline(events, series.availability.all()),
            reviews=reviews,
            cues=cues,
            cited_records=[series, *infobox_parts(series), *creators, *episodes]
            + [*events, *reviews, *cues, *cited_credits],
            **credits_context,
            **kwargs,
        )

    def credits_context(self, series, creators):
        """(what the page needs of cast and crew, the records among it that are cited). Sets the roles of all."""
        part = self.lists.part
        cast = part(page_queries.cast_query.of(series.pk), ROWS_PER_PAGE)
        crew = part(page_queries.crew_query.of(series.pk), ROWS_PER_PAGE)
        uncast = part(page_queries.uncast_query.of(series.pk), ROWS_PER_PAGE)
        page_queries.set_roles(cast, crew, creators)
        lines = [(credit, credit_remarks(credit, with_role=False)) for credit in cast]
        context = {
            "cast": cast,
            "main_cast": [line for line in lines if line[0].is_main_cast],
            "other_cast": [line for line in lines if not line[0].is_main_cast],
            "uncast_characters": uncast,
            "crew": crew,
            "crew_groups": group_by_department(crew),
        }
        characters = [credit.character for credit in (*cast, *crew) if credit.character_id]
        return context, [*cast, *crew, *uncast, *characters]


def infobox_parts(series):
    """The records of a series' infobox that are cited for themselves."""
    parts = series.company_parts, series.availability, series.titles, series.external_ids
    return [record for records in parts for record in records.all()]


def extent_of(query, record):
    """The extent of the episodes of ``record``."""
    return Extent(*query.first(record.pk) or (0, 0, 0, 0))


def split_cards(cards):
    """(episodes, credits) of episode cards, the credits in the order of the episodes."""
    episodes = [episode for episode, _, _ in cards]
    return episodes, [credit for _, *credits in cards for credit in chain(*filter(None, credits))]


class SeasonDetail(RecordPage):
    """``/series/<slug>/season-<n>/``."""

    template_name = "catalog/season_detail.html"
    section = "series"
    kind = "season"

    def find_record(self, slug, number):
        """The published season of that number."""
        return page_queries.season_query.first(int(number), slug=slug)

    def find_former(self, slug, number):
        """The season that had this URL, by its own former slug, else by that of its series."""
        present_slug = FormerSlug.resolve("season", f"{slug}/season-{int(number)}")
        if present_slug:
            slug, _, last_part = present_slug.partition("/")
            number = last_part.removeprefix("season-")
        series_slug = FormerSlug.resolve("series", slug)
        return (
            (present_slug and self.find_record(slug, number))
            or (series_slug and self.find_record(series_slug, number))
            or None
        )

    def get_context_data(self, **kwargs):
        """Its episodes, the credits of the season as a whole, reviews, neighbours."""
        season, part = self.record, self.lists.part
        episodes = part(page_queries.season_episodes_query.of(season.pk), MAX_COLUMNS)
        for episode in episodes:
            episode.season = season
        cards = episode_cards(episodes)
        episode_credits = split_cards(cards)[1]
        extent = extent_of(page_queries.season_extent_query, season)
        total, hidden = extent.listed, extent.hidden
        release_span = self.release_span()
        credits = part(page_queries.season_credits_query.of(season.pk), ROWS_PER_PAGE)
        page_queries.set_roles(credits)
        reviews = part(page_queries.season_reviews_query.of(season.pk), ROWS_PER_PAGE)
        return super().get_context_data(
            title=f"{season.title or season.name}, {season.series.title}",
            description=meta_description.for_season(season, total, episode_credits if episodes.is_complete else []),
            cover=cover.series_cover(season.series),
            infobox=season_infobox(season, release_span, total, hidden),
            episodes=episodes,
            cards=cards,
            crew=credits,
            crew_groups=group_by_department(credits),
            matrix=director_writer_matrix(episodes.rows, episode_credits),
            reviews=reviews,
            neighbours=self.neighbours(),
            cited_records=[season, *credits, *reviews, *season.external_ids.all(), *episodes] + release_span,
            **kwargs,
        )

    def release_span(self):
        """The first and the last released episode, one if they have the same date, none without dates."""
        ends = [
            query.first(self.record.pk)
            for query in (page_queries.first_released_query, page_queries.last_released_query)
        ]
        return ends[: len({episode.air_date for episode in ends if episode})]

    def neighbours(self):
        """The previous and the next season of the series; None at the ends."""
        series, number = self.record.series_id, self.record.number
        queries = page_queries.season_before_query, page_queries.season_after_query
        return [query.first(series, number) for query in queries]
