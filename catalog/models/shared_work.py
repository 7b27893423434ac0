"""What two people both worked on, of some series: their credits there, and the episodes that they share.

The rows that each function returns are limited, however many credits two people have. ``people`` and ``series`` are
primary keys.
"""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, Lag, Lead, RowNumber

from catalog.models.credit import CAST_DEPARTMENT, Credit
from catalog.models.episode import Episode, episode_url_builder
from catalog.models.series import Series, episode_code, episode_name, number_range


class SharedEpisode(NamedTuple):
    """An episode on which both people worked; ``total`` is how many they share of its series."""

    pk: int
    series_id: int
    total: int
    season_number: int
    number: int
    last_number: int | None
    title: str

    @property
    def number_range(self) -> str:
        """The number, or ``3–4``."""
        return number_range(self.number, self.last_number)

    @property
    def code(self) -> str:
        """Season and number: ``s01e03``."""
        return episode_code(self.season_number, self.number)

    @property
    def name(self) -> str:
        """The title, or ``Episode 3`` if it is empty."""
        return episode_name(self.title, self.number, self.last_number)

    def url_in(self, series: Series) -> str:
        """The URL of its page; ``series`` is that of the episode."""
        return episode_url_builder()(series.slug, self.code)


class HeldRole(NamedTuple):
    """A credit in a role that both people hold on a series, on a season (``number`` is None) or on an episode.

    ``total`` is the number of credits in that role of both people together, ``position`` is its place among these.
    """

    series_id: int
    role_id: int
    character: str | None
    total: int
    position: int
    person_id: int
    season_number: int
    number: int | None
    last_number: int | None


def shared_episodes(people: Collection[int], series: Collection[int], limit: int) -> list[SharedEpisode]:
    """Up to ``limit`` episodes of each of ``series`` on which all ``people`` worked, by season and number."""
    by_series = F("season__series")
    order = "season__number", "number"
    episodes = Episode.objects.published().order_by().filter(season__series__in=series)
    for person in people:
        episodes = episodes.filter(_has_credit_of(person))
    episodes = episodes.annotate(
        position=Window(RowNumber(), partition_by=[by_series], order_by=order),
        total=Window(Count("pk"), partition_by=[by_series]),
    ).filter(position__lte=limit)
    columns = "pk", "season__series", "total", "season__number", "number", "last_number", "title"
    return [SharedEpisode(*row) for row in episodes.order_by(*order).values_list(*columns)]


def _has_credit_of(person: int) -> Q:
    """The condition that a credit of ``person`` applies to an episode: one on it, its season or its series."""
    credits = Credit.objects.order_by().filter(person=person)
    for_all = credits.applying_to_episodes()
    return (
        Q(Exists(credits.filter(episode=OuterRef("pk"))))
        | Q(Exists(for_all.filter(season=OuterRef("season"))))
        | Q(Exists(for_all.filter(series=OuterRef("season__series"))))
    )


def role_counts(people: Collection[int], series: Collection[int]) -> list[tuple[int, int, int, int]]:
    """(series key, person id, role id, number of episodes) of the credits on episodes."""
    credits = Credit.objects.of_people_on(people, series).filter(episode__isnull=False).order_by()
    groups = credits.values("series_key", "person", "role").annotate(total=Count("episode", distinct=True))
    return list(groups.values_list("series_key", "person", "role", "total"))


def credits_above_episodes(people: Collection[int], series: Collection[int], limit: int) -> QuerySet:
    """The first ``limit`` credits of each person on each series and its seasons, with ``total``: how many there are."""
    group = F("series_key"), F("person")
    order = Coalesce("season__number", Value(-1)), "role__position", "pk"
    credits = Credit.objects.of_people_on(people, series).filter(episode__isnull=True).order_by()
    return (
        credits.select_related("season", "character")
        .annotate(
            position=Window(RowNumber(), partition_by=group, order_by=order),
            total=Window(Count("pk"), partition_by=group),
        )
        .filter(position__lte=limit)
        .order_by(*order)
    )


def credits_on_episodes(people: Collection[int], episodes: Collection[int]) -> QuerySet:
    """The credits of ``people`` directly on a few episodes (primary keys), in order."""
    return Credit.objects.select_related("character").in_order().filter(person__in=people, episode__in=episodes)


def held_roles(people: Collection[int], series: Collection[int], max_listed: int, limit: int) -> list[HeldRole]:
    """The credits in roles that both people hold on a series, on seasons or on episodes, by season and number.

    If a role has more than ``max_listed``, only those near which the person changes; in all up to ``limit``, the
    first of each role before later ones. Of the cast the role is a character: somebody was recast.
    """
    season = Coalesce("season__number", "episode__season__number")
    is_on_season = Case(When(season__isnull=False, then=1), default=0)
    of_role: dict[str, Any] = {"partition_by": [F("series_key"), F("role"), F("character"), is_on_season]}
    in_order = of_role | {"order_by": [season, "episode__number", "pk"]}
    # By two places before and after: of two credits on one episode either may come first.
    sides = {
        f"{side.__name__}_{offset}": side("person", offset, default=0) for side in (Lag, Lead) for offset in (1, 2)
    }
    changes = reduce(or_, (Q(**{f"{name}__{than}": F("person")}) for name in sides for than in ("lt", "gt")))
    credits = (
        Credit.objects.of_people_on(people, series)
        .applying_to_episodes()
        .filter(series__isnull=True)
        .exclude(role__department__slug=CAST_DEPARTMENT, character__isnull=True)
        .order_by()
        .annotate(
            season_number=season,
            first=Window(Min("person"), **of_role),
            last=Window(Max("person"), **of_role),
            total=Window(Count("pk"), **of_role),
            position=Window(RowNumber(), **in_order),
            **{name: Window(person, **in_order) for name, person in sides.items()},
        )
        .filter(changes | Q(total__lte=max_listed), first__lt=F("last"))
    )
    columns = "series_key", "role", "character__name", "total", "position", "person", "season_number"
    rows = credits.order_by("position").values_list(*columns, "episode__number", "episode__last_number")
    return [HeldRole(*row) for row in rows[:limit]]


def co_credit_counts(person: int) -> dict[int, int]:
    """{person id: number of published episodes} of those who are credited on the same episodes as ``person``."""
    episodes = Episode.objects.published().filter(pk__in=_direct_credits().filter(person=person).values("episode"))
    others = _direct_credits().exclude(person=person).filter(episode__in=episodes.order_by().values("pk"))
    counts = others.values("person").annotate(total=Count("episode", distinct=True))
    return dict(counts.values_list("person", "total"))


def _direct_credits() -> QuerySet:
    """Credits on episodes, without those in a role that the person has for the whole season or series."""
    for_all = Credit.objects.applying_to_episodes().order_by()
    for_all = for_all.filter(person=OuterRef("person"), role=OuterRef("role"))
    return (
        Credit.objects.order_by()
        .filter(episode__isnull=False)
        .exclude(Exists(for_all.filter(season=OuterRef("episode__season"))))
        .exclude(Exists(for_all.filter(series=OuterRef("episode__season__series"))))
    )
