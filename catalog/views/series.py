"""Series and their seasons: the list, the page of a series, the page of a season."""

from catalog.facets.series import SeriesFacets
from catalog.models import Character, Credit, Cue, Episode, Event, FormerSlug, Review, Season, Series
from catalog.views.base import FacetedList, RecordPage
from catalog.views.episode import episode_cards
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credit_matrix import director_writer_matrix
from catalog.views.presenters.credits import credit_remarks, group_by_department
from catalog.views.presenters.infobox import season_infobox, series_infobox
from catalog.views.presenters.timeline import timeline


class SeriesList(FacetedList):
    """``/series/``."""

    template_name = "catalog/series_list.html"
    facet_set = SeriesFacets
    section = "series"
    heading = "Series"

    def get_context_data(self, **kwargs):
        """Each series with its sleeve."""
        context = super().get_context_data(**kwargs)
        context["cards"] = [(series, cover.series_cover(series)) for series in context["rows"]]
        return context


def seasons_with_cards(series):
    """The published seasons of a series with the cards of their episodes: by a fixed number of queries."""
    episodes = list(Episode.objects.published().for_list().in_order().filter(season__series=series))
    rows = episode_cards(episodes)
    seasons = Season.objects.published().filter(series=series).order_by("number")
    return [(season, [row for row in rows if row[0].season_id == season.pk]) for season in seasons]


class SeriesDetail(RecordPage):
    """``/series/<slug>/``."""

    template_name = "catalog/series_detail.html"
    section = "series"
    kind = "series"

    def find_record(self, slug):
        """The published series of that slug."""
        return Series.objects.published().for_page().filter(slug=slug).first()

    def get_context_data(self, **kwargs):
        """Facts, seasons, cast, crew, matrix, production, music, reception."""
        series = self.record
        credits = list(Credit.objects.visible().for_list().in_order().filter(series=series))
        seasons = seasons_with_cards(series)
        episodes = [row[0] for _, rows in seasons for row in rows]
        made = [credit for _, rows in seasons for row in rows for credit in row[1] + row[2]]
        events = sorted(
            Event.objects.filter(series=series).prefetch_related("people", "companies"), key=lambda e: e.sort_key
        )
        reviews = list(Review.objects.filter(series=series))
        cues = list(Cue.objects.filter(series=series).select_related("song").prefetch_related("performers"))
        cast = [credit for credit in credits if credit.role.department.slug == "cast"]
        characters = list(Character.objects.filter(series=series).prefetch_related("aliases"))
        own = [
            *series.company_parts.all(),
            *series.availability.all(),
            *series.titles.all(),
            *series.external_ids.all(),
        ]
        return super().get_context_data(
            title=f"{series.title} ({series.premiered.year})" if series.premiered else series.title,
            description=meta_description.for_series(series, seasons, made),
            sleeve=cover.series_cover(series),
            facts=series_infobox(series, credits, (len(seasons), len(episodes))),
            seasons=seasons,
            main=[(c, credit_remarks(c, False)) for c in cast if c.kind == "main" and not c.pilot_only],
            others=[(c, credit_remarks(c, False)) for c in cast if c.kind != "main" or c.pilot_only],
            crew=group_by_department([c for c in credits if c not in cast]),
            uncast=characters_without_performer(characters, credits, series),
            matrix=director_writer_matrix(episodes, made),
            events=events,
            line=timeline(events, series.availability.all()),
            reviews=reviews,
            cues=cues,
            cited=[series, *own, *credits, *episodes, *made, *events, *reviews, *cues, *characters]
            + [alias for character in characters for alias in character.aliases.all()],
            **kwargs,
        )


def characters_without_performer(characters, credits, series):
    """Characters with no visible credit on ``series``, its seasons or its episodes.

    ``credits`` are the visible credits on the series itself.
    """
    played = {credit.character_id for credit in credits}
    visible = Credit.objects.visible().order_by().values_list("character", flat=True)
    # Two queries: with an OR over both paths, SQLite reads all credits of the catalogue (M: 650 ms instead of 14).
    played |= set(visible.filter(season__series=series))
    played |= set(visible.filter(episode__season__series=series))
    return [character for character in characters if character.pk not in played]


class SeasonDetail(RecordPage):
    """``/series/<slug>/season-<n>/``."""

    template_name = "catalog/season_detail.html"
    section = "series"
    kind = "season"

    def find_record(self, slug, number):
        """The published season of that number."""
        found = Season.objects.published().select_related("series__picture").prefetch_related("external_ids")
        return found.filter(series__slug=slug, number=int(number)).first()

    def find_former(self, slug, number):
        """By its own former place, else by its series' former slug: one may have changed after the other."""
        now = FormerSlug.resolve("season", f"{slug}/season-{int(number)}")
        if now:
            slug, _, last = now.partition("/")
            number = last.removeprefix("season-")
        series = FormerSlug.resolve("series", slug)
        return now and self.find_record(slug, number) or series and self.find_record(series, number) or None

    def get_context_data(self, **kwargs):
        """Its episodes, credits of the season as a whole, neighbours."""
        season = self.record
        rows = episode_cards(list(Episode.objects.published().for_list().in_order().filter(season=season)))
        credits = list(Credit.objects.visible().for_list().in_order().filter(season=season))
        reviews = list(Review.objects.filter(season=season))
        around = Season.objects.published().filter(series=season.series).select_related("series")
        name = season.title or season.name
        return super().get_context_data(
            title=f"{name}, {season.series.title}",
            description=meta_description.for_season(season, rows),
            sleeve=cover.series_cover(season.series),
            facts=season_infobox(season, [row[0] for row in rows]),
            rows=rows,
            crew=group_by_department(credits),
            matrix=director_writer_matrix([row[0] for row in rows], [c for row in rows for c in row[1] + row[2]]),
            reviews=reviews,
            neighbours=(
                around.filter(number__lt=season.number).order_by("-number").first(),
                around.filter(number__gt=season.number).order_by("number").first(),
            ),
            cited=[season, *credits, *reviews, *season.external_ids.all(), *(row[0] for row in rows)]
            + [credit for row in rows for credit in row[1] + row[2]],
            **kwargs,
        )
