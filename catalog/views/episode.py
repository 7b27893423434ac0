"""Episodes: the list that visitors filter by crew, and the page of one."""

from itertools import groupby

from django.db.models import Q

from catalog.facets.episode import EpisodeFacets
from catalog.models import WRITING_ROLES, Credit, Cue, Episode, FormerSlug, Review, SeriesCompany
from catalog.models.episode import episode_code
from catalog.views.base import FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credits import credits_by_episode, group_by_department
from catalog.views.presenters.episode_rows import episode_rows
from catalog.views.presenters.infobox import episode_infobox

MAX_SEASON_HEADINGS = 3  # seasons under whose names the rows of a list stand


def episode_cards(episodes):
    """Rows as a card shows them: (episode, directors, writers), read for the whole page by one query."""
    episodes = list(episodes)
    credits = list(Credit.objects.visible().for_list().in_order().filter(episode__in=[e.pk for e in episodes]))
    directors, writers = credits_by_episode(credits, "director"), credits_by_episode(credits, *WRITING_ROLES)
    return [(e, directors.get(e.pk, []), writers.get(e.pk, [])) for e in episodes]


class EpisodeList(FacetedList):
    """``/episodes/``."""

    template_name = "catalog/episode_list.html"
    facet_set = EpisodeFacets
    section = "episodes"
    heading = "Episodes"

    def load_rows(self, keys):
        """Rows ready to be written."""
        return episode_rows(keys, self.facets.selection)

    def get_context_data(self, **kwargs):
        """Rows of one season stand under its name; with many, each row names its own."""
        context = super().get_context_data(**kwargs)
        groups = [(place, list(together)) for place, together in groupby(context["rows"], key=lambda row: row.place)]
        context["groups"] = groups if len(groups) <= MAX_SEASON_HEADINGS else [(None, context["rows"])]
        return context


class EpisodeDetail(RecordPage):
    """``/series/<slug>/s01e03/``."""

    template_name = "catalog/episode_detail.html"
    section = "episodes"
    kind = "episode"

    def find_record(self, slug, season, number):
        """By series, season and number; a code written otherwise (s1e3) leads to the right one."""
        return (
            Episode.objects.published()
            .for_page()
            .filter(season__series__slug=slug, season__number=int(season), number=int(number))
            .first()
        )

    def find_former(self, slug, season, number):
        """By the episode's own former place, else by its series' former slug: one may have changed after the other."""
        now = FormerSlug.resolve("episode", f"{slug}/{episode_code(int(season), int(number))}")
        if now:
            slug, _, code = now.partition("/")
            season, _, number = code.removeprefix("s").partition("e")
        series = FormerSlug.resolve("series", slug)
        return (
            now
            and self.find_record(slug, season, number)
            or series
            and self.find_record(series, season, number)
            or None
        )

    def get_context_data(self, **kwargs):
        """Its own credits, those that hold from its season and series, songs, neighbours."""
        episode = self.record
        credits = list(Credit.objects.visible().for_episode(episode).for_list().in_order())
        own = [credit for credit in credits if credit.episode_id]
        whole = [credit for credit in credits if not credit.episode_id]
        cues = list(Cue.objects.filter(episode=episode).select_related("song").prefetch_related("performers"))
        networks = list(SeriesCompany.objects.filter(series=episode.series, part="network").select_related("company"))
        season = list(Episode.objects.published().in_order().filter(season=episode.season))
        features, reviews = list(episode.features.all()), list(Review.objects.filter(episode=episode))
        played = {}
        for credit in credits:
            if credit.character_id:
                played.setdefault(credit.character_id, []).append(credit)
        return super().get_context_data(
            title=f"{episode.name}, {episode.series.title} {episode.code}",
            description=meta_description.for_episode(episode, own),
            sleeve=cover.episode_cover(episode),
            facts=episode_infobox(episode, own, networks, len(season)),
            own=group_by_department(own),
            whole=group_by_department(whole),
            features=[(feature, played.get(feature.character_id, [])) for feature in features],
            cues=cues,
            reviews=reviews,
            neighbours=neighbours(episode),
            cited=[episode, episode.series, *credits, *cues, *networks, *features, *reviews]
            + [feature.character for feature in features]
            + [credit.character for credit in credits if credit.character_id]
            + [*episode.titles.all(), *episode.external_ids.all()],
            **kwargs,
        )


def neighbours(episode):
    """The episodes before and after in the series, across seasons; specials (season 0) keep to themselves."""
    same = Episode.objects.published().filter(season__series=episode.series).select_related("season__series")
    same = same.filter(season__number=0) if episode.season.number == 0 else same.filter(season__number__gt=0)
    here = (episode.season.number, episode.number)
    later = Q(season__number__gt=here[0]) | Q(season__number=here[0], number__gt=here[1])
    earlier = Q(season__number__lt=here[0]) | Q(season__number=here[0], number__lt=here[1])
    before = same.filter(earlier).order_by("-season__number", "-number").first()
    after = same.filter(later).order_by("season__number", "number").first()
    return before, after
