"""Citations of a fact that is changed are marked as not checked, whoever changes it and how.

A form asks the editor about them and saves the answer afterwards (``catalog.editing.citation_questions``).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import models

from catalog.models.base import Published, is_owner_key
from catalog.models.change import Change
from catalog.models.citation import CITABLE_MODELS, Citation, citable_fields
from catalog.models.compiled_query import batches

MODEL_AND_KIND = {model._meta.model_name: (model, kind) for kind, model in CITABLE_MODELS.items()}

_valid_at: ContextVar[int | None] = ContextVar("version of the log at which citations support the facts", default=None)


@contextmanager
def citations_valid_at(version: int | None) -> Iterator[None]:
    """Leave citations as they are that are the same as at ``version`` of the change log; None marks all.

    For an undo or a revert, which give a fact the value for which they were cited, and for a merge, which moves facts.
    """
    token = _valid_at.set(version)
    try:
        yield
    finally:
        _valid_at.reset(token)


@cache
def fact_names(model: type[models.Model]) -> dict[str, str]:
    """{column or many-to-many table, as the change log names it: the field of ``Citation`` that names the fact}.

    The owner of a part ("" as a name) is a fact of its citations as a whole: who directed which episode.
    """
    citable = dict(citable_fields(model))
    names = {field.attname: field.name for field in model._meta.concrete_fields if field.name in citable}
    if not issubclass(model, Published):
        names |= {field.attname: "" for field in model._meta.concrete_fields if is_owner_key(field)}
    links: Any = model._meta.many_to_many
    for link in links:
        if link.name in citable:
            names[link.remote_field.through._meta.model_name] = link.name
    return names


def mark_unchecked(changes: Iterable[Change], using: str) -> None:
    """Mark the citations of the changed facts as not checked; one query per model whose facts were changed.

    Citations that the same changes write, and those that dispute the fact, are left as they are.
    """
    changes = list(changes)
    facts_by_kind: dict[str, dict[int, set[str]]] = {}
    for change in changes:
        if change.action == Change.Action.CHANGED and change.kind in MODEL_AND_KIND:
            model, kind = MODEL_AND_KIND[change.kind]
            names = {fact_names(model)[name] for name in change.fields if name in fact_names(model)}
            if names:
                facts_by_kind.setdefault(kind, {}).setdefault(change.record_id, set()).update(names)
    if not facts_by_kind:
        return
    own_keys = {change.record_id for change in changes if change.kind == "citation"}
    outdated = [
        citation
        for kind, facts in facts_by_kind.items()
        for citation in _citations(kind, facts, using)
        if citation.pk not in own_keys
    ]
    if outdated and (version := _valid_at.get()) is not None:
        outdated = list(_differ_from(version, outdated, using))
    for citation in outdated:
        citation.unchecked = True
        citation.save(using=using, update_fields=["unchecked"])


def _citations(kind: str, facts: dict[int, set[str]], using: str) -> Iterator[Citation]:
    """The supporting citations of records for one of their ``facts``, or for the record as a whole."""
    for batch in batches(facts):
        citations = Citation.objects.using(using).filter(**{f"{kind}__in": batch}, claim="", unchecked=False)
        for citation in citations.select_related(*Citation.label_relations):
            if not citation.field or citation.field in facts[getattr(citation, f"{kind}_id")]:
                yield citation


def _differ_from(version: int, citations: list[Citation], using: str) -> Iterator[Citation]:
    """The citations that are not as they were at ``version`` of the change log, by walking it back."""
    earlier: dict[int, dict[str, Any] | None] = {}
    for batch in batches(citation.pk for citation in citations):
        log = Change.objects.using(using).filter(kind="citation", record_id__in=batch, pk__gt=version)
        for change in log.order_by("-pk"):
            if change.action == Change.Action.ADDED:
                earlier[change.record_id] = None
            else:
                earlier[change.record_id] = (earlier.get(change.record_id) or {}) | (change.before or {})
    for citation in citations:
        values = earlier.get(citation.pk, {})
        if values is None or any(getattr(citation, name) != value for name, value in values.items()):
            yield citation
