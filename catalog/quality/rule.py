"""What a quality rule is, and the conditions by which rules find records."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections, models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Length, Substr
from django.utils.text import capfirst

from catalog.models import Citation, Credit, Episode, Role
from catalog.quality.count_cache import CacheRequest, latest_values
from catalog.quality.similar_names import people_with_similar_names

Filter = Callable[[models.QuerySet], models.QuerySet]


@dataclass(frozen=True)
class Rule:
    """A question about the records of one model.

    ``name`` is the value in addresses, ``label`` the choice in the admin's filter. A rule about completeness has a
    ``complete_label`` for the records that it does not find; a rule without one asks for a decision. ``narrow`` filters
    a queryset to the records that the rule finds. ``depends_on`` lists the columns and rows that the
    result depends on, besides rows of the model: see ``CacheRequest``. ``fast_count`` is for rules that can be counted
    faster than by the queryset, ``cached_keys`` for a rule whose primary keys are cached, not their count.
    """

    model: type[models.Model]
    name: str
    label: str
    question: str
    narrow: Filter
    depends_on: tuple[str, ...]
    complete_label: str = ""
    fast_count: Callable[[], int] | None = None
    cached_keys: CacheRequest | None = None

    @property
    def kind(self) -> str:
        """The kind of record, as the change log names it."""
        return self.model._meta.model_name or ""

    def violations(self) -> models.QuerySet:
        """Return the records that the rule finds."""
        return self.narrow(self.model._default_manager.all())

    def count(self) -> int:
        """Count the records that the rule finds, without the cache."""
        return self.fast_count() if self.fast_count else self.violations().count()

    def cache_request(self) -> CacheRequest:
        """Return the request for the cached count, or for the cached keys."""
        return self.cached_keys or CacheRequest(f"{self.kind} {self.name}", (self.kind, *self.depends_on), self.count)


def missing(field: str, unknown: str | None = "") -> Filter:
    """Find records in which ``field`` has the value ``unknown``; None stands for NULL."""
    condition = {f"{field}__isnull": True} if unknown is None else {field: unknown}
    return lambda records: records.filter(**condition)


def without_credit(*roles: str) -> Filter:
    """Find episodes without a credit in one of ``roles``, their own or one of season or series that applies to them."""

    def narrow(episodes):
        credits = Credit.objects.filter(role__in=Role.objects.filter(slug__in=roles).order_by().values("pk")).order_by()
        inherited = credits.applying_to_episodes()
        return (
            episodes.filter(~Exists(credits.filter(episode=OuterRef("pk"))))
            .exclude(season__in=inherited.filter(season__isnull=False).values("season"))
            .exclude(season__series__in=inherited.filter(series__isnull=False).values("series"))
        )

    return narrow


def without_citation(model: type[models.Model]) -> Rule:
    """Return the rule that each record of ``model`` has a source."""
    kind, plural = model._meta.model_name or "", str(model._meta.verbose_name_plural)

    def narrow(records):
        return records.filter(~Exists(Citation.objects.filter(**{kind: OuterRef("pk")})))

    def fast_count():  # 5 ms for half a million credits; by a subquery for each it takes 100
        return model._default_manager.count() - Citation.objects.aggregate(cited=Count(kind, distinct=True))["cited"]

    return Rule(
        model=model,
        name="without-source",
        label="Without source",
        question=f"Which {plural} have no source?",
        narrow=narrow,
        depends_on=("citation", f"citation.{kind}_id"),
        complete_label=f"{capfirst(plural)} with a source",
        fast_count=fast_count,
    )


def recorded_episode_count(path: str) -> Coalesce:
    """Return a subquery: the number of episodes by ``path``, without specials; a double episode counts as two."""
    episodes = Episode.objects.filter(season__number__gt=0, **{path: OuterRef("pk")}).order_by()
    numbers = Sum(Coalesce(F("last_number"), F("number")) - F("number") + 1)
    total = episodes.values(path).annotate(total=numbers).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def episode_count_differs(path: str) -> Filter:
    """Find series or seasons with another number of episodes than was announced."""
    return lambda records: (
        records.filter(announced_episodes__isnull=False)
        .annotate(recorded_episodes=recorded_episode_count(path))
        .exclude(recorded_episodes=F("announced_episodes"))
    )


def ends_before_it_begins(seasons: models.QuerySet) -> models.QuerySet:
    """Find seasons whose last episode is dated before their first; specials have no order."""
    dated = Episode.objects.filter(season=OuterRef("pk"), air_date__isnull=False).values("air_date")
    first, last = Subquery(dated.order_by("number")[:1]), Subquery(dated.order_by("-number")[:1])
    seasons = seasons.filter(number__gt=0).annotate(first_air_date=first, last_air_date=last)
    return seasons.filter(last_air_date__lt=Substr("first_air_date", 1, Length("last_air_date")))


NAME_COLUMNS = ("person", "person.name", "alias", "alias.name", "alias.person_id")


SIMILAR_PEOPLE = CacheRequest("similar people", NAME_COLUMNS, people_with_similar_names)


def with_similar_names(people: models.QuerySet) -> models.QuerySet:
    """Find people with similar names, as far as names have been compared.

    The keys are one parameter, as SQLite allows no more than 250,000.
    """
    keys = latest_values([SIMILAR_PEOPLE])[0].value or []
    if connections[people.db].vendor == "postgresql":
        return people.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys]))
    return people.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)]))
