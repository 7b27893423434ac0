"""Series and their seasons: the list, the page of a series, the page of a season."""

from itertools import chain

from catalog.facets.series import SeriesFacets
from catalog.models import Credit, Cue, Episode, Event, FormerSlug, Review, Season, Series
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


class SeriesDetail(RecordPage):
    """``/series/<slug>/``."""

    template_name = "catalog/series_detail.html"
    section = "series"
    kind = "series"

    def find_record(self, slug):
        """The published series of that slug."""
        return Series.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Infobox, seasons, cast, crew, matrix, production history, songs, reviews."""
        series, part = self.record, self.lists.part
        all_seasons, all_episodes = series.seasons.all(), Episode.objects.of_series(series)
        seasons = part(all_seasons.published().with_totals().order_by("number"), SEASONS_PER_PAGE)
        episodes = part(all_episodes.published().for_list().in_order(), MAX_COLUMNS)
        cards = episode_cards(episodes)
        episode_credits = split_cards(cards)[1]
        is_short = seasons.is_complete and episodes.is_complete
        totals = seasons.total, all_episodes.published().covered_total()
        hidden = all_seasons.unpublished().count(), all_episodes.hidden().covered_total()
        creators = Credit.objects.for_list().in_order().filter(series=series, role__slug="creator")[:ROWS_PER_PAGE]
        events = part(Event.objects.for_page().filter(series=series).by_date(), ROWS_PER_PAGE)
        reviews = part(Review.objects.filter(series=series), ROWS_PER_PAGE)
        cues = part(Cue.objects.for_list().filter(series=series), ROWS_PER_PAGE)
        credits_context, cited_credits = self.credits_context(series)
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
            cited_records=[series, *infobox_parts(series), *creators, *episodes, *episode_credits]
            + [*events, *reviews, *cues, *cited_credits],
            **credits_context,
            **kwargs,
        )

    def credits_context(self, series):
        """(what the page needs of cast and crew, the records among it that are cited)."""
        credits = Credit.objects.for_list().filter(series=series).of_published_people()
        cast, crew = self.lists.part(credits.cast(), ROWS_PER_PAGE), self.lists.part(credits.crew(), ROWS_PER_PAGE)
        uncast = self.lists.part(Credit.objects.characters_without_performer(series), ROWS_PER_PAGE)
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
        return Season.objects.published().for_page().at_address(slug, number).first()

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
        all_episodes = Episode.objects.filter(season=season)
        published, hidden = all_episodes.published(), all_episodes.unpublished().covered_total()
        episodes = part(published.for_list().in_order(), MAX_COLUMNS)
        cards = episode_cards(episodes)
        episode_credits = split_cards(cards)[1]
        total, release_span = published.covered_total(), published.release_span()
        credits = part(Credit.objects.for_list().filter(season=season).of_published_people().in_order(), ROWS_PER_PAGE)
        reviews = part(Review.objects.filter(season=season), ROWS_PER_PAGE)
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
            neighbours=Season.objects.published().neighbours(season),
            cited_records=[season, *credits, *reviews, *season.external_ids.all(), *episodes, *episode_credits]
            + release_span,
            **kwargs,
        )
