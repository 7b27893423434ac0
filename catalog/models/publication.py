"""Publication: which records visitors may see, and when scheduled ones become visible."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, reduce
from operator import or_

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    CASCADE,
    BooleanField,
    Case,
    Count,
    Exists,
    ForeignKey,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.expressions import RawSQL

from catalog.models.base import Published
from catalog.models.citation import CITABLE_MODELS, Citation
from catalog.models.company import Company
from catalog.models.compiled_query import NOW_PLACEHOLDER, CompiledQuery, query_time
from catalog.models.episode import Episode
from catalog.models.person import Person
from catalog.models.season import Season
from catalog.models.series import Series
from catalog.models.source import Source, SourceQuerySet

PUBLISHED_MODELS = {"series": Series, "season": Season, "episode": Episode, "person": Person, "company": Company}


def next_publication(after: datetime) -> datetime | None:
    """The first date of publication later than ``after``."""
    return min(_publication_dates(Min, published_at__gt=after), default=None)


def last_publication(until: datetime) -> datetime | None:
    """The last date of publication up to ``until``."""
    return max(_publication_dates(Max, published_at__lte=until), default=None)


def _publication_dates(aggregate: type[Min] | type[Max], **condition) -> Iterator[datetime]:
    """The minimum or maximum of each model that has any."""
    for model in PUBLISHED_MODELS.values():
        date = model._base_manager.filter(**condition).aggregate(date=aggregate("published_at"))["date"]
        if date is not None:
            yield date


def visibility_condition(model: type[Model], key: str, now: datetime) -> Exists | None:
    """The condition that ``key``, a column of the outer query, is the key of a ``model`` record that visitors may see.

    A published record must belong to published records; a part (credit, event) to one of its possible owners; either
    must reference only published people and companies. None for models without publication.
    Each level is a subquery by primary key: as joins, a citation's would be more than SQLite allows (64).
    """
    condition, owners = Q(), []
    for field in model._meta.concrete_fields:
        if not isinstance(field, ForeignKey):
            continue
        if field.remote_field.on_delete is CASCADE:
            if (owner := visibility_condition(field.related_model, field.attname, now)) is not None:
                owners.append(Q(owner))
        elif issubclass(field.related_model, Published):
            condition &= Q(visibility_condition(field.related_model, field.attname, now))
    if issubclass(model, Published):
        condition &= Q(published_at__lte=now)
    elif not owners:
        return None
    return Exists(model._base_manager.filter(condition, reduce(or_, owners, Q()), pk=OuterRef(key)))


def _visible_citations(now: datetime) -> QuerySet:
    """The citations whose records visitors may see, with the position of the kind in CITABLE_MODELS."""
    condition, kinds = Q(), []
    for position, (kind, model) in enumerate(CITABLE_MODELS.items()):
        is_of_kind = Q(**{f"{kind}__isnull": False})
        condition |= is_of_kind & Q(visibility_condition(model, f"{kind}_id", now))
        kinds.append(When(is_of_kind, then=position))
    return Citation.objects.filter(condition).annotate(kind=Case(*kinds)).order_by()


@cache
def _source_condition(using: str, key: str) -> tuple[str, tuple]:
    citations = _visible_citations(NOW_PLACEHOLDER).filter(source=RawSQL(key, [])).values("pk")
    statement, parameters = citations.query.get_compiler(using).as_sql()
    return f"EXISTS ({statement})", tuple(parameters)


def source_condition(using: str, key: str) -> tuple[str, tuple]:
    """The condition that visitors may see the source whose primary key is the SQL expression ``key``, with parameters.

    They may if it is cited for something that they may see. As SQL, since Django takes 100 ms to build the condition.
    """
    statement, parameters = _source_condition(using, key)
    adapt = connections[using].ops.adapt_datetimefield_value
    placeholder, now = adapt(NOW_PLACEHOLDER), adapt(query_time())
    return statement, tuple(now if parameter == placeholder else parameter for parameter in parameters)


def visible_sources() -> SourceQuerySet:
    """The sources that visitors may see. For queries in which the table of sources has its own name as alias."""
    condition = source_condition(DEFAULT_DB_ALIAS, '"catalog_source"."id"')
    return Source.objects.filter(RawSQL(*condition, output_field=BooleanField()))


# (key, position of the kind) of the citations of a source whose records visitors may see, sorted as its page is.
visible_citation_query = CompiledQuery(
    lambda keys, _: (
        _visible_citations(query_time()).filter(source__in=keys).order_by("kind", "pk").values_list("pk", "kind")
    )
)
# (key, number of such citations) of sources.
visible_citation_totals = CompiledQuery(
    lambda keys, _: (
        _visible_citations(query_time()).filter(source__in=keys).values_list("source").annotate(total=Count("pk"))
    )
)
visible_source_query = CompiledQuery(lambda _, slugs: visible_sources().for_page().filter(slug=slugs[0]))
visible_references_query = CompiledQuery(lambda keys, _: visible_sources().filter(part_of=keys[0]).by_mark())
