"""The queries of the pages of series, seasons, episodes and people, each compiled once in a process."""

from collections.abc import Iterable

from catalog.models.compiled_query import CompiledQuery
from catalog.models.credit import Credit
from catalog.models.episode import Episode
from catalog.models.event import Event
from catalog.models.review import Review
from catalog.models.role import Role
from catalog.models.season import Season
from catalog.models.series import Series, SeriesCompany
from catalog.models.song import Cue
from catalog.models.versioned_snapshot import VersionedSnapshot


class RoleTable(VersionedSnapshot[dict[int, Role]]):
    """All roles with their departments by primary key, in the industry's order."""

    label = "roles"

    def build(self) -> dict[int, Role]:
        """Read them from the database."""
        return {role.pk: role for role in Role.objects.select_related("department")}


role_table = RoleTable()


def set_roles(*lists: Iterable[Credit]) -> None:
    """Let all credits of a page share its roles: a third of the model instances of a page of a series were roles."""
    roles = role_table.current() or {}
    for credits in lists:
        for credit in credits:
            credit.role = roles[credit.role_id]


_credits = Credit.objects.select_related("person", "character")  # without roles: set_roles

series_query = CompiledQuery(lambda _, slugs: Series.objects.published().for_page().filter(slug=slugs[0]))
series_seasons_query = CompiledQuery(
    lambda keys, _: Season.objects.filter(series=keys[0]).published().with_totals().order_by("number")
)
hidden_seasons_query = CompiledQuery(
    lambda keys, _: Season.objects.filter(series=keys[0]).unpublished().count_by_series()
)
series_episodes_query = CompiledQuery(lambda keys, _: Episode.objects.of_series(keys[0]).published().in_order())
series_extent_query = CompiledQuery(lambda keys, _: Episode.objects.of_series(keys[0]).extents("season__series"))
creators_query = CompiledQuery(lambda keys, _: _credits.in_order().filter(series=keys[0], role__slug="creator"))
cast_query = CompiledQuery(lambda keys, _: _credits.filter(series=keys[0]).of_published_people().cast())
crew_query = CompiledQuery(lambda keys, _: _credits.filter(series=keys[0]).of_published_people().crew())
uncast_query = CompiledQuery(lambda keys, _: Credit.objects.characters_without_performer(keys[0]))
series_events_query = CompiledQuery(lambda keys, _: Event.objects.for_page().filter(series=keys[0]).by_date())
series_reviews_query = CompiledQuery(lambda keys, _: Review.objects.filter(series=keys[0]))
series_cues_query = CompiledQuery(lambda keys, _: Cue.objects.for_list().filter(series=keys[0]))
# Credits on episodes (keys) in some roles (slugs), for the rows of a table. Roles are set.
byline_query = CompiledQuery(
    lambda keys, slugs: (
        Credit.objects.select_related("person").in_order().filter(episode__in=keys, role__slug__in=slugs)
    )
)

season_query = CompiledQuery(lambda keys, slugs: Season.objects.published().for_page().at_address(slugs[0], keys[0]))
season_episodes_query = CompiledQuery(lambda keys, _: Episode.objects.filter(season=keys[0]).published().in_order())
season_extent_query = CompiledQuery(lambda keys, _: Episode.objects.filter(season=keys[0]).extents("season"))
first_released_query = CompiledQuery(lambda keys, _: Episode.objects.filter(season=keys[0]).published().by_release())
last_released_query = CompiledQuery(
    lambda keys, _: Episode.objects.filter(season=keys[0]).published().by_release(is_last=True)
)
season_credits_query = CompiledQuery(lambda keys, _: _credits.filter(season=keys[0]).of_published_people().in_order())
season_reviews_query = CompiledQuery(lambda keys, _: Review.objects.filter(season=keys[0]))
season_before_query = CompiledQuery(lambda keys, _: Season.objects.published().for_links().before(*keys[:2]))
season_after_query = CompiledQuery(lambda keys, _: Season.objects.published().for_links().after(*keys[:2]))

episode_query = CompiledQuery(
    lambda keys, slugs: Episode.objects.published().for_page().at_address(slugs[0], *keys[:2])
)
own_credits_query = CompiledQuery(lambda keys, _: _credits.filter(episode=keys[0]).of_published_people().in_order())
inherited_credits_query = CompiledQuery(
    lambda keys, _: _credits.on_parents(*keys[:2]).of_published_people().applying_to_episodes().in_order()
)
possible_credits_query = CompiledQuery(
    lambda keys, _: _credits.on_parents(*keys[1:3]).of_published_people().possible_for(*keys[:3]).in_order()
)
episode_cues_query = CompiledQuery(lambda keys, _: Cue.objects.for_list().filter(episode=keys[0]))
episode_reviews_query = CompiledQuery(lambda keys, _: Review.objects.filter(episode=keys[0]))
networks_query = CompiledQuery(lambda keys, _: SeriesCompany.objects.networks_of(keys[0]))
episode_before_query = CompiledQuery(lambda keys, _: Episode.objects.published().for_links().before(*keys[:3]))
episode_after_query = CompiledQuery(lambda keys, _: Episode.objects.published().for_links().after(*keys[:3]))
special_after_query = CompiledQuery(
    lambda keys, _: Episode.objects.published().for_links().after(*keys[:3]).filter(season__number=keys[1])
)
