"""The queries of the pages of series, seasons, episodes and people, each compiled once in a process."""

from collections.abc import Iterable

from django.db.models import Case, Q, Value, When

from catalog.models.compiled_query import CompiledQuery, query_time
from catalog.models.credit import WRITING_ROLES, Credit
from catalog.models.episode import Episode
from catalog.models.event import Event
from catalog.models.person import Person
from catalog.models.review import Review
from catalog.models.role import Role
from catalog.models.season import Season
from catalog.models.series import Series, SeriesCompany
from catalog.models.song import Cue
from catalog.models.versioned_snapshot import VersionedSnapshot


class RoleTable(VersionedSnapshot[dict[int, Role]]):
    """The value of ``all_roles``."""

    label = "roles"

    def build(self) -> dict[int, Role]:
        """Read them from the database."""
        return {role.pk: role for role in Role.objects.select_related("department")}


role_table = RoleTable()


def all_roles() -> dict[int, Role]:
    """All roles with their departments by primary key, in the industry's order. They are shared: for reading only."""
    return role_table.current() or {}  # never None, as it is built at once


def set_roles(*lists: Iterable[Credit]) -> None:
    """Let all credits of a page share its roles: a third of the model instances of a page of a series were roles."""
    roles = all_roles()
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
makers_query = CompiledQuery(
    lambda keys, slugs: Credit.objects.select_related("person").in_order().filter(episode=keys[0], role__slug__in=slugs)
)
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

# Directors and writers of episodes (primary keys), and the roles in which some people (slugs) worked on them: rows of
# (episode's key; slug, name and department's slug of the role; slug, name and key of the person; billing, credited
# name), sorted as ``in_order`` does. The slug of a person who is not published is empty.
episode_byline_query = CompiledQuery(
    lambda keys, slugs: (
        Credit.objects.filter(
            # By keys, which the index of credits contains: roles and people are read for matching credits only.
            Q(role__in=Role.objects.filter(slug__in=("director", *WRITING_ROLES)).order_by().values("pk"))
            | Q(person__in=Person.objects.filter(slug__in=slugs).order_by().values("pk"))
        )
        .filter(episode__in=keys)
        .in_order()
        .annotate(
            listed_slug=Case(When(person__published_at__lte=query_time(), then="person__slug"), default=Value(""))
        )
        .values_list(
            "episode",
            "role__slug",
            "role__name",
            "role__department__slug",
            "listed_slug",
            "person__name",
            "person",
            "billing",
            "credited_as",
        )
    )
)

# Of a person (the first key) on some series, or on some episodes (the other keys, which are few).
person_query = CompiledQuery(lambda _, slugs: Person.objects.published().for_page().filter(slug=slugs[0]))
person_totals_query = CompiledQuery(
    lambda keys, _: Credit.objects.of_people_on(keys[:1], keys[1:]).count_by_department()
)
first_credits_query = CompiledQuery(  # the second key: how many of each department
    lambda keys, _: Credit.objects.of_people_on(keys[:1], keys[2:]).first_of_each_department(keys[1])
)
person_roles_query = CompiledQuery(lambda keys, _: Credit.objects.of_people_on(keys[:1], keys[1:]).roles_by_episode())
co_credits_query = CompiledQuery(
    lambda keys, _: Credit.objects.visible().exclude(person=keys[0]).crew_by_episode_and_role(keys[1:])
)
person_events_query = CompiledQuery(lambda keys, _: Event.objects.for_list().filter(people=keys[0]).visible().by_date())
person_credits_query = CompiledQuery(lambda keys, _: Credit.objects.for_person_page().filter(pk__in=keys))
series_by_key_query = CompiledQuery(lambda keys, _: Series.objects.order_by().filter(pk__in=keys))
episode_totals_query = CompiledQuery(lambda keys, _: Episode.objects.published().count_by_series(keys))
episode_columns_query = CompiledQuery(lambda keys, _: Episode.objects.published().columns_by_series(keys))


def series_in_order(keys: Iterable[int]) -> list[Series]:
    """The series with these primary keys, in that order."""
    keys = list(keys)
    records = {series.pk: series for series in series_by_key_query(keys)}
    return [records[key] for key in keys if key in records]
