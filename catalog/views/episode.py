"""Episodes: the list that visitors filter by crew, and the page of one episode."""

from itertools import groupby

from catalog.facets.episode import EpisodeFacets
from catalog.models import WRITING_ROLES, Credit, FormerSlug, page_queries
from catalog.models.episode import Extent, episode_code
from catalog.views.base import FacetedList, RecordPage
from catalog.views.presenters import cover, meta_description
from catalog.views.presenters.bylines import read_bylines
from catalog.views.presenters.credits import credits_by_episode, group_by_department, listed_credits
from catalog.views.presenters.episode_rows import episode_rows
from catalog.views.presenters.infobox import episode_infobox

ROWS_PER_PAGE = 100  # of credits and of any other list of an episode
MAX_NAMED_CREDITS = 200  # of directors, writers and performers of featured characters
MAKER_ROLES = ("director", *WRITING_ROLES)
MAX_SEASON_HEADINGS = 3  # with rows of more seasons, each row names its season instead


def episode_cards(episodes):
    """(episode, directors' credits, writers' credits) of each published episode; one query for all credits.

    Credits are None if there are some, but of people who are not published.
    """
    episodes = list(episodes)
    credits = read_bylines([episode.pk for episode in episodes])
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
        facets = self.facets
        people = {
            name: {*choice.any, *choice.all}
            for name, choice in facets.choices.items()
            if getattr(facets.facets[name], "credit_field", "") == "person"
        }
        return episode_rows(keys, people)

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
        return page_queries.episode_query.first(int(season), int(number), slug=slug)

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
        parents = episode.season_id, episode.season.series_id
        own_credits = part(page_queries.own_credits_query.of(episode.pk), ROWS_PER_PAGE)
        inherited_credits = part(page_queries.inherited_credits_query.of(*parents), ROWS_PER_PAGE)
        possible_credits = part(page_queries.possible_credits_query.of(episode.pk, *parents), ROWS_PER_PAGE)
        listed = [*own_credits, *inherited_credits, *possible_credits]
        makers = page_queries.makers_query([episode.pk], MAKER_ROLES, limit=MAX_NAMED_CREDITS)
        page_queries.set_roles(listed, makers)
        features = part(list(episode.features.all()), ROWS_PER_PAGE)
        performers = self.performers_of(features)
        cues = part(page_queries.episode_cues_query.of(episode.pk), ROWS_PER_PAGE)
        networks = page_queries.networks_query([episode.series.pk])
        extent = Extent(*page_queries.season_extent_query.first(episode.season_id))
        reviews = part(page_queries.episode_reviews_query.of(episode.pk), ROWS_PER_PAGE)
        return super().get_context_data(
            title=f"{episode.name}, {episode.series.title} {episode.code}",
            description=meta_description.for_episode(
                episode, [credit for credit in makers if credit.person.is_published]
            ),
            cover=cover.episode_cover(episode),
            infobox=episode_infobox(episode, makers, networks, extent),
            own_credits=own_credits,
            own_groups=group_by_department(own_credits),
            inherited_credits=inherited_credits,
            inherited_groups=group_by_department(inherited_credits),
            possible_credits=possible_credits,
            possible_groups=group_by_department(possible_credits, with_scope=False),
            features=[(feature, listed_credits(performers.get(feature.character_id, []))) for feature in features],
            cues=cues,
            reviews=reviews,
            neighbours=self.neighbours(),
            cited_records=[episode, episode.series, *makers, *listed, *cues, *networks]
            + [*features, *reviews, *(feature.character for feature in features)]
            + [credit.character for credit in listed if credit.character_id]
            + [*episode.titles.all(), *episode.external_ids.all()],
            **kwargs,
        )

    def performers_of(self, features):
        """{character id: credits of the performers} of the characters that the episode features."""
        performers: dict[int, list[Credit]] = {}
        if characters := [feature.character_id for feature in features]:
            credits = Credit.objects.for_episode(self.record).for_list().in_order().filter(character__in=characters)
            for credit in credits[:MAX_NAMED_CREDITS]:
                performers.setdefault(credit.character_id, []).append(credit)
        return performers

    def neighbours(self):
        """The previous and the next episode of the series, across seasons; None at the ends.

        Specials (season 0) are neighbours of specials only.
        """
        season, number = self.record.season.number, self.record.number
        after = page_queries.special_after_query if season == 0 else page_queries.episode_after_query
        queries = page_queries.episode_before_query, after
        return [query.first(self.record.series.pk, season, number) for query in queries]
