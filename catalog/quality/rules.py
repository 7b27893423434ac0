"""The rules: each asks one question and knows the records that an editor should look at. Drafts are asked as well."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections, models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.text import capfirst

from catalog.models import (
    WRITING_ROLES,
    Availability,
    Citation,
    Credit,
    Episode,
    Event,
    Person,
    Picture,
    Review,
    Season,
    Series,
    Source,
)
from catalog.quality.count_cache import cached_counts
from catalog.quality.similar_names import similar_people


@dataclass(frozen=True)
class Rule:
    """A question about the records of one model.

    ``name`` is what addresses call it and ``label`` what a filter does. ``complete`` says what all other records are,
    where that is a matter of completeness and not of a decision. ``narrow`` leaves of a queryset of the model what
    the rule is about; ``reads`` are the columns that decide it, and rows of other kinds, as ``kept`` wants them.
    ``counted`` counts faster than the queryset would.
    """

    model: type[models.Model]
    name: str
    label: str
    question: str
    narrow: Callable[[models.QuerySet], models.QuerySet]
    depends_on: tuple[str, ...]
    complete_label: str = ""
    fast_count: Callable[[], int] | None = None

    @property
    def kind(self):
        """The kind of record, as the change log calls it."""
        return self.model._meta.model_name

    def offenders(self):
        """The records that it finds."""
        return self.narrow(self.model._default_manager.all())

    def count(self):
        """How many records it finds, counted now."""
        return self.fast_count() if self.fast_count else self.offenders().count()

    def cache_request(self):
        """What ``kept`` needs to keep the count."""
        return f"{self.kind} {self.name}", (self.kind, *self.depends_on), self.count


def missing(field, unknown=""):
    """Leaves records in which ``field`` says nothing."""
    return lambda records: records.filter(**({field: unknown} if unknown is not None else {f"{field}__isnull": True}))


def without_credit(*roles):
    """Leaves episodes that nobody has one of ``roles`` on, nor, so that it holds for them, above them."""

    def narrow(episodes):
        credits = Credit.objects.filter(role__slug__in=roles)
        above = credits.applying_to_episodes()
        return episodes.exclude(
            Q(pk__in=credits.filter(episode__isnull=False).order_by().values("episode"))
            | Q(season__in=above.filter(season__isnull=False).order_by().values("season"))
            | Q(season__series__in=above.filter(series__isnull=False).order_by().values("series"))
        )

    return narrow


def without_citation(model):
    """The rule that each record of ``model`` rests on a source."""
    kind, words = model._meta.model_name, model._meta

    def narrow(records):
        return records.filter(~Exists(Citation.objects.filter(**{kind: OuterRef("pk")})))

    def counted():  # 5 ms for half a million credits; asking each for its citations takes 100
        return model.objects.count() - Citation.objects.aggregate(cited=Count(kind, distinct=True))["cited"]

    return Rule(
        *(model, "without-source", "Without source"),
        f"For which {words.verbose_name_plural} is no source cited?",
        *(narrow, ("citation", f"citation.{kind}_id"), f"{capfirst(words.verbose_name_plural)} with a source", counted),
    )


def recorded_episode_count(path):
    """A subquery: how many episodes are there by ``path``, specials apart; a double episode is two."""
    episodes = Episode.objects.filter(season__number__gt=0, **{path: OuterRef("pk")}).order_by()
    numbers = Sum(Coalesce(F("last_number"), F("number")) - F("number") + 1)
    total = episodes.values(path).annotate(total=numbers).values("total")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def episode_count_differs(path):
    """Leaves series or seasons that have another number of episodes than was announced."""
    return lambda records: (
        records.filter(announced_episodes__isnull=False)
        .annotate(recorded_episodes=recorded_episode_count(path))
        .exclude(recorded_episodes=F("announced_episodes"))
    )


SAME_NAMES = ("person", "person.name", "alias", "alias.name", "alias.person_id")


def similar_people_ids():
    """The keys of people with similar names, compared anew after a change of a name only."""
    return cached_counts([("similar people", SAME_NAMES, similar_people)])[0]


def with_similar_names(people):
    """Leaves people with similar names. Their keys are one parameter: SQLite takes 250,000, and there may be more."""
    keys = similar_people_ids()
    if connections[people.db].vendor == "postgresql":
        return people.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys]))
    return people.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)]))


NUMBERS = ("season.number", "episode", "episode.season_id", "episode.number", "episode.last_number")
CREDITED = (
    *("episode.season_id", "season.series_id", "credit", "role.slug", "role.department_id", "department.slug"),
    *(f"credit.{column}" for column in ("role_id", "series_id", "season_id", "episode_id", "kind", "pilot_only")),
)
DECISIONS = (
    Rule(
        *(Citation, "disputed", "Disputed"),
        "Which is right, where a source says other than the record?",
        lambda citations: citations.exclude(claim=""),
        depends_on=("citation.claim",),
    ),
    Rule(
        *(Person, "similar-names", "Similar names"),
        "Are people with nearly the same name one person?",
        with_similar_names,
        depends_on=SAME_NAMES,
        fast_count=lambda: len(similar_people_ids()),
    ),
    Rule(
        *(Source, "unidentified", "Not identified"),
        "Which text does a reference mark mean, of which neither title nor publisher is known?",
        lambda sources: sources.filter(title="", publisher=""),
        depends_on=("source.title", "source.publisher"),
    ),
    Rule(
        *(Picture, "without-alt-text", "Without alternative text"),
        "What is to be seen in a picture, for those who cannot see it?",
        missing("alt_text"),
        depends_on=("picture.alt_text",),
    ),
    Rule(
        *(Picture, "without-licence", "Without licence"),
        "By what right is a picture shown?",
        missing("licence"),
        depends_on=("picture.licence",),
    ),
    Rule(
        *(Series, "other-number-of-episodes", "Other number of episodes than announced"),
        "Are episodes missing, or was another number of them made than announced?",
        episode_count_differs("season__series"),
        depends_on=("series.announced_episodes", "season", "season.series_id", *NUMBERS),
    ),
    Rule(
        *(Season, "other-number-of-episodes", "Other number of episodes than announced"),
        "Are episodes missing, or was another number of them made than announced?",
        episode_count_differs("season"),
        depends_on=("season.announced_episodes", *NUMBERS),
    ),
)
COMPLETENESS = (
    Rule(
        *(Episode, "without-director", "Without director"),
        "Who directed, where no credit says it?",
        *(without_credit("director"), CREDITED, "Episodes with a director"),
    ),
    Rule(
        *(Episode, "without-writer", "Without writer"),
        "Who wrote, where no credit says it?",
        *(without_credit(*WRITING_ROLES), CREDITED, "Episodes with a writer"),
    ),
    Rule(
        *(Episode, "without-air-date", "Without air date"),
        "When were episodes first shown?",
        *(missing("air_date", unknown=None), ("episode.air_date",), "Episodes with an air date"),
    ),
    Rule(
        *(Episode, "without-synopsis", "Without synopsis"),
        "What happens in episodes?",
        *(missing("synopsis"), ("episode.synopsis",), "Episodes with a synopsis"),
    ),
    Rule(
        *(Episode, "without-code", "Without production code"),
        "What are episodes called in production?",
        *(missing("production_code"), ("episode.production_code",), "Episodes with a production code"),
    ),
    Rule(
        *(Episode, "without-running-time", "Without running time"),
        "How long are episodes?",
        *(missing("runtime", unknown=None), ("episode.runtime",), "Episodes with a running time"),
    ),
    *(without_citation(model) for model in (Series, Season, Episode, Credit, Event, Availability, Review)),
)
RULES = (*DECISIONS, *COMPLETENESS)


def rules_for(model):
    """The rules about records of ``model``."""
    return [rule for rule in RULES if rule.model is model]


def count_by_rule(rules):
    """How many records each rule finds: ``{rule: number}``."""
    return dict(zip(rules, cached_counts([rule.cache_request() for rule in rules]), strict=True))


def count_by_model(rules):
    """How many records there are of each kind that a rule is about: ``{model: number}``."""
    found = list(dict.fromkeys(rule.model for rule in rules))
    wanted = [(f"all {model._meta.model_name}", (model._meta.model_name,), model.objects.count) for model in found]
    return dict(zip(found, cached_counts(wanted), strict=True))
