"""Series and their seasons: the list, the page of a series, the page of a season."""

from itertools import chain

from catalog.facets.series import SeriesFacets
from catalog.models import Character, Credit, Cue, Episode, Event, FormerSlug, Review, Season, Series
from catalog.views.base import FacetedList, RecordPage
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import director_writer_matrix
from catalog.views.presenters.credits import credit_remarks, group_by_department
from catalog.views.presenters.infobox import count_numbers, season_infobox, series_infobox
from catalog.views.presenters.timeline import timeline


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


def seasons_with_cards(series):
    """(season, episode cards) of each published season, by a fixed number of queries."""
    cards = episode_cards(Episode.objects.published().for_list().in_order().of_series(series))
    seasons = Season.objects.published().filter(series=series).order_by("number")
    return [(season, [card for card in cards if card[0].season_id == season.pk]) for season in seasons]


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
        series = self.record
        recorded_credits = list(Credit.objects.for_list().in_order().filter(series=series))
        credits = [credit for credit in recorded_credits if credit.person.is_published]
        seasons = seasons_with_cards(series)
        cards = [card for _, season_cards in seasons for card in season_cards]
        episodes, episode_credits = split_cards(cards)
        hidden_episodes = Episode.objects.of_series(series).hidden()
        events = sorted(Event.objects.for_page().filter(series=series), key=lambda event: event.sort_key)
        reviews = list(Review.objects.filter(series=series))
        cues = list(Cue.objects.for_list().filter(series=series))
        cast = [credit for credit in credits if credit.role.department.slug == "cast"]
        main_cast = [credit for credit in cast if credit.kind == "main" and not credit.pilot_only]
        other_cast = [credit for credit in cast if credit not in main_cast]
        characters = list(Character.objects.for_page().filter(series=series))
        parts = [
            *series.company_parts.all(),
            *series.availability.all(),
            *series.titles.all(),
            *series.external_ids.all(),
        ]
        return super().get_context_data(
            title=f"{series.title} ({series.premiered.year})" if series.premiered else series.title,
            description=meta_description.for_series(series, seasons, episode_credits),
            cover=cover.series_cover(series),
            infobox=series_infobox(
                series,
                recorded_credits,
                (len(seasons), count_numbers(episodes)),
                (len(series.seasons.all()) - len(seasons), count_numbers(hidden_episodes)),
            ),
            seasons=seasons,
            main_cast=[(credit, credit_remarks(credit, with_role=False)) for credit in main_cast],
            other_cast=[(credit, credit_remarks(credit, with_role=False)) for credit in other_cast],
            crew=group_by_department([credit for credit in credits if credit not in cast]),
            uncast_characters=characters_without_performer(characters, recorded_credits, series),
            matrix=director_writer_matrix(episodes, episode_credits),
            events=events,
            timeline=timeline(events, series.availability.all()),
            reviews=reviews,
            cues=cues,
            cited_records=[series, *parts, *credits, *episodes, *episode_credits, *events, *reviews, *cues]
            + [*characters, *(alias for character in characters for alias in character.aliases.all())],
            **kwargs,
        )


def split_cards(cards):
    """(episodes, credits) of episode cards, the credits in the order of the episodes."""
    episodes = [episode for episode, _, _ in cards]
    return episodes, [credit for _, *credits in cards for credit in chain(*filter(None, credits))]


def characters_without_performer(characters, credits, series):
    """The characters that no credit on ``series``, its seasons or its episodes names, be it published or not.

    ``credits`` are those on the series itself.
    """
    played = {credit.character_id for credit in credits} | Credit.objects.character_ids_below(series)
    return [character for character in characters if character.pk not in played]


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
        season = self.record
        cards = episode_cards(Episode.objects.published().for_list().in_order().filter(season=season))
        episodes, episode_credits = split_cards(cards)
        credits = list(Credit.objects.visible().for_list().in_order().filter(season=season))
        reviews = list(Review.objects.filter(season=season))
        return super().get_context_data(
            title=f"{season.title or season.name}, {season.series.title}",
            description=meta_description.for_season(season, cards),
            cover=cover.series_cover(season.series),
            infobox=season_infobox(season, episodes, Episode.objects.drafts().filter(season=season)),
            cards=cards,
            crew=group_by_department(credits),
            matrix=director_writer_matrix(episodes, episode_credits),
            reviews=reviews,
            neighbours=Season.objects.published().neighbours(season),
            cited_records=[season, *credits, *reviews, *season.external_ids.all(), *episodes, *episode_credits],
            **kwargs,
        )
