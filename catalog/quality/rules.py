"""Quality rules: each asks one question and finds the records that an editor should look at, drafts included."""

from collections.abc import Sequence

from django.db import models

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
from catalog.quality.count_cache import CachedValue, CacheRequest, latest_values
from catalog.quality.rule import (
    NAME_COLUMNS,
    SIMILAR_PEOPLE,
    Rule,
    ends_before_it_begins,
    episode_count_differs,
    missing,
    with_similar_names,
    without_citation,
    without_credit,
)

EPISODE_NUMBER_COLUMNS = ("season.number", "episode", "episode.season_id", "episode.number", "episode.last_number")
CREDIT_COLUMNS = (
    *("episode.season_id", "season.series_id", "credit", "role.slug", "role.department_id", "department.slug"),
    *(f"credit.{column}" for column in ("role_id", "series_id", "season_id", "episode_id", "kind")),
    *("credit.pilot_only", "credit.for_some_episodes"),
)
DECISIONS = (
    Rule(
        model=Citation,
        name="disputed",
        label="Disputed",
        question="Is the record right, or the source that says otherwise?",
        narrow=lambda citations: citations.exclude(claim=""),
        depends_on=("citation.claim",),
    ),
    Rule(
        model=Citation,
        name="not-checked",
        label="Not checked",
        question="Do the sources say what a fact was changed to?",
        narrow=lambda citations: citations.filter(unchecked=True),
        depends_on=("citation.unchecked",),
    ),
    Rule(
        model=Credit,
        name="for-some-episodes",
        label="For which episodes is not known",
        question="For which episodes are the credits that say only “for some episodes”?",
        narrow=lambda credits: credits.filter(for_some_episodes=True),
        depends_on=("credit.for_some_episodes",),
    ),
    Rule(
        model=Person,
        name="similar-names",
        label="Similar names",
        question="Are people with nearly the same name one person?",
        narrow=with_similar_names,
        depends_on=NAME_COLUMNS,
        cached_keys=SIMILAR_PEOPLE,
    ),
    Rule(
        model=Source,
        name="unidentified",
        label="Not identified",
        question="Which text is a source that has neither title nor publisher?",
        narrow=lambda sources: sources.filter(title="", publisher=""),
        depends_on=("source.title", "source.publisher"),
    ),
    Rule(
        model=Picture,
        name="without-alt-text",
        label="Without alternative text",
        question="What does a picture show, for people who cannot see it?",
        narrow=missing("alt_text"),
        depends_on=("picture.alt_text",),
    ),
    Rule(
        model=Picture,
        name="without-licence",
        label="Without licence",
        question="Under which licence is a picture shown?",
        narrow=missing("licence"),
        depends_on=("picture.licence",),
    ),
    Rule(
        model=Series,
        name="other-number-of-episodes",
        label="Other number of episodes than announced",
        question="Are episodes missing, or were fewer made than announced?",
        narrow=episode_count_differs("season__series"),
        depends_on=("series.announced_episodes", "season", "season.series_id", *EPISODE_NUMBER_COLUMNS),
    ),
    Rule(
        model=Season,
        name="other-number-of-episodes",
        label="Other number of episodes than announced",
        question="Are episodes missing, or were fewer made than announced?",
        narrow=episode_count_differs("season"),
        depends_on=("season.announced_episodes", *EPISODE_NUMBER_COLUMNS),
    ),
    Rule(
        model=Season,
        name="ends-before-it-begins",
        label="Ends before it begins",
        question="Was the last episode of a season really shown before its first?",
        narrow=ends_before_it_begins,
        depends_on=("season.number", "episode", "episode.season_id", "episode.number", "episode.air_date"),
    ),
)
COMPLETENESS = (
    Rule(
        model=Episode,
        name="without-director",
        label="Without director",
        question="Who directed the episodes?",
        narrow=without_credit("director"),
        depends_on=CREDIT_COLUMNS,
        complete_label="Episodes with a director",
    ),
    Rule(
        model=Episode,
        name="without-writer",
        label="Without writer",
        question="Who wrote the episodes?",
        narrow=without_credit(*WRITING_ROLES),
        depends_on=CREDIT_COLUMNS,
        complete_label="Episodes with a writer",
    ),
    Rule(
        model=Episode,
        name="without-air-date",
        label="Without air date",
        question="When did the episodes first air?",
        narrow=missing("air_date", unknown=None),
        depends_on=("episode.air_date",),
        complete_label="Episodes with an air date",
    ),
    Rule(
        model=Episode,
        name="without-synopsis",
        label="Without synopsis",
        question="What happens in the episodes?",
        narrow=missing("synopsis"),
        depends_on=("episode.synopsis",),
        complete_label="Episodes with a synopsis",
    ),
    Rule(
        model=Episode,
        name="without-code",
        label="Without production code",
        question="What are the episodes' production codes?",
        narrow=missing("production_code"),
        depends_on=("episode.production_code",),
        complete_label="Episodes with a production code",
    ),
    Rule(
        model=Episode,
        name="without-running-time",
        label="Without running time",
        question="How long are the episodes?",
        narrow=missing("runtime", unknown=None),
        depends_on=("episode.runtime",),
        complete_label="Episodes with a running time",
    ),
    *(without_citation(model) for model in (Series, Season, Episode, Credit, Event, Availability, Review)),
)
RULES = (*DECISIONS, *COMPLETENESS)


def rules_for(model: type[models.Model]) -> list[Rule]:
    """Return the rules about records of ``model``."""
    return [rule for rule in RULES if rule.model is model]


def count_by_rule(rules: Sequence[Rule]) -> dict[Rule, CachedValue]:
    """Return how many records each rule finds, from the cache."""
    values = latest_values([rule.cache_request() for rule in rules])
    return {
        rule: cached._replace(value=len(cached.value)) if isinstance(cached.value, list) else cached
        for rule, cached in zip(rules, values, strict=True)
    }


def count_by_model(rules: Sequence[Rule]) -> dict[type[models.Model], CachedValue]:
    """Return how many records each model of the rules has, from the cache."""
    rule_models = list(dict.fromkeys(rule.model for rule in rules))
    requests = [
        CacheRequest(f"all {model._meta.model_name}", (model._meta.model_name or "",), model._default_manager.count)
        for model in rule_models
    ]
    return dict(zip(rule_models, latest_values(requests), strict=True))
