"""Episodes: the list that visitors filter by crew, and the page of one episode."""

from itertools import groupby

from django.db.models import Q

from catalog.facets.episode import EpisodeFacets
from catalog.models import WRITING_ROLES, Credit, Cue, Episode, FormerSlug, Review, SeriesCompany
from catalog.models.episode import episode_code
from catalog.views.base import FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.credits import credits_by_episode, group_by_department, listed_credits
from catalog.views.presenters.episode_rows import episode_rows
from catalog.views.presenters.infobox import episode_infobox

ROWS_PER_PAGE = 100  # of credits and of any other list of an episode
MAX_NAMED_CREDITS = 200  # of directors, writers and performers of featured characters
MAX_SEASON_HEADINGS = 3  # with rows of more seasons, each row names its season instead


def episode_cards(episodes):
    """(episode, directors' credits, writers' credits) of each published episode; one query for all credits.

    Credits are None if there are some, but of people who are not published.
    """
    episodes = list(episodes)
    credits = list(Credit.objects.on_episodes([episode.pk for episode in episodes], ["director", *WRITING_ROLES]))
    directors, writers = credits_by_episode(credits, "director"), credits_by_episode(credits, *WRITING_ROLES)
    return [
        (episode, listed_credits(directors.get(episode.pk, [])), listed_credits(writers.get(episode.pk, [])))
        for episode in episodes
    ]


class EpisodeList(FacetedList):
    """``/episodes/``."""

    template_name = "catalog/episode_list.html"
    facet_set = EpisodeFacets
    section = "episodes"
    heading = "Episodes"

    def load_rows(self, keys):
        """The rows as tuples (catalog.views.presenters.episode_rows)."""
        return episode_rows(keys, self.facets.selection)

    def get_context_data(self, **kwargs):
        """The rows grouped under their seasons, or in one group without a season if there are many."""
        context = super().get_context_data(**kwargs)
        groups = [(season, list(rows)) for season, rows in groupby(context["rows"], key=lambda row: row.season)]
        context["groups"] = groups if len(groups) <= MAX_SEASON_HEADINGS else [(None, context["rows"])]
        return context


class EpisodeDetail(RecordPage):
    """``/series/<slug>/s01e03/``."""

    template_name = "catalog/episode_detail.html"
    section = "episodes"
    kind = "episode"

    def find_record(self, slug, season, number):
        """The published episode, by the series' slug and the numbers of season and episode."""
        return Episode.objects.published().for_page().at_address(slug, season, number).first()

    def find_former(self, slug, season, number):
        """The episode that had this URL, by its own former slug, else by that of its series."""
        present_slug = FormerSlug.resolve("episode", f"{slug}/{episode_code(int(season), int(number))}")
        if present_slug:
            slug, _, code = present_slug.partition("/")
            season, _, number = code.removeprefix("s").partition("e")
        series_slug = FormerSlug.resolve("series", slug)
        return (
            (present_slug and self.find_record(slug, season, number))
            or (series_slug and self.find_record(series_slug, season, number))
            or None
        )

    def get_context_data(self, **kwargs):
        """Its own credits, those of its season and series that apply to it or may do so, songs, reviews, neighbours."""
        episode, part = self.record, self.lists.part
        credits = Credit.objects.for_list().in_order()
        own_credits = part(credits.filter(episode=episode).of_published_people(), ROWS_PER_PAGE)
        on_parents = credits.on_parents_of(episode).of_published_people()
        inherited_credits = part(on_parents.applying_to_episodes(), ROWS_PER_PAGE)
        possible_credits = part(on_parents.possible_for(episode), ROWS_PER_PAGE)
        listed = [*own_credits, *inherited_credits, *possible_credits]
        features = part(list(episode.features.all()), ROWS_PER_PAGE)
        makers, performers = self.named_credits(credits.for_episode(episode), features)
        cues = part(Cue.objects.for_list().filter(episode=episode), ROWS_PER_PAGE)
        networks = list(SeriesCompany.objects.networks_of(episode.series))
        siblings = Episode.objects.filter(season=episode.season)
        number_span = None if siblings.unpublished().exists() else siblings.number_span()
        reviews = part(Review.objects.filter(episode=episode), ROWS_PER_PAGE)
        return super().get_context_data(
            title=f"{episode.name}, {episode.series.title} {episode.code}",
            description=meta_description.for_episode(
                episode, [credit for credit in makers if credit.person.is_published]
            ),
            cover=cover.episode_cover(episode),
            infobox=episode_infobox(episode, makers, networks, number_span),
            own_credits=own_credits,
            own_groups=group_by_department(own_credits),
            inherited_credits=inherited_credits,
            inherited_groups=group_by_department(inherited_credits),
            possible_credits=possible_credits,
            possible_groups=group_by_department(possible_credits, with_scope=False),
            features=[(feature, listed_credits(performers.get(feature.character_id, []))) for feature in features],
            cues=cues,
            reviews=reviews,
            neighbours=Episode.objects.published().neighbours(episode),
            cited_records=[episode, episode.series, *makers, *listed, *cues, *networks]
            + [*features, *reviews, *(feature.character for feature in features)]
            + [credit.character for credit in listed if credit.character_id]
            + [*episode.titles.all(), *episode.external_ids.all()],
            **kwargs,
        )

    def named_credits(self, credits, features):
        """(the credits of directors and writers of the episode, {character id: credits of the performers}).

        The performers are those of the characters that it features. Unpublished people are among both.
        """
        characters = [feature.character_id for feature in features]
        is_maker = Q(episode=self.record, role__slug__in=("director", *WRITING_ROLES))
        named = list(credits.filter(is_maker | Q(character__in=characters))[:MAX_NAMED_CREDITS])
        performers: dict[int, list[Credit]] = {}
        for credit in named:
            if credit.character_id in characters:
                performers.setdefault(credit.character_id, []).append(credit)
        return [credit for credit in named if credit.episode_id], performers
