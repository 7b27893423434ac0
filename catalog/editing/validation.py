"""Validate the changed fields of a record only: most rules of a model need a query each."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import BaseConstraint, Model, UniqueConstraint

from catalog.history.conflicts import constraint_field_names
from catalog.models.no_overlap import NoOverlap

COMPARES_RECORDS = (UniqueConstraint, NoOverlap)


@cache
def constraint_fields(model: type[Model]) -> list[tuple[BaseConstraint, set[str]]]:
    """The constraints of a model, each with the names of the fields in it and in its condition."""
    return [(constraint, _field_names(constraint)) for constraint in model._meta.constraints]


def _field_names(constraint: BaseConstraint) -> set[str]:
    names = set(constraint_field_names(constraint)) if isinstance(constraint, COMPARES_RECORDS) else set()
    condition = getattr(constraint, "condition", None)
    return names | (condition.referenced_base_fields if condition else set())


@cache
def unique_fields(model: type[Model]) -> set[str]:
    """The names of the fields in which two records of a model may conflict."""
    unique = {field.name for field in model._meta.fields if field.unique and not field.primary_key}
    return unique.union(
        *(names for constraint, names in constraint_fields(model) if isinstance(constraint, COMPARES_RECORDS))
    )


def validate_changed(record: Model, changed: set[str] | None, invalid: set[str]) -> None:
    """Raise ValidationError if the fields ``changed`` break a rule; None stands for all fields of a new record.

    Fields that are ``invalid`` already are not validated again. Related records are assumed to exist: they were read.
    """
    names = {field.name for field in record._meta.fields}
    unchanged = set() if changed is None else names - changed
    related = {
        field.name for field in record._meta.fields if field.remote_field and getattr(record, field.attname) is not None
    }
    checks: tuple[Callable[[set[str]], None], ...] = (
        lambda excluded: record.clean_fields(exclude=excluded | unchanged | related),
        lambda excluded: record.clean(),
        lambda excluded: record.validate_unique(exclude=excluded | unchanged),
        lambda excluded: validate_constraints(record, changed, excluded),
    )
    errors: dict[str, Any] = {}
    for check in checks:
        try:
            check(invalid | errors.keys())
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def validate_constraints(record: Model, changed: set[str] | None, excluded: set[str]) -> None:
    """Raise ValidationError for broken constraints that contain a changed field (None: any) and no excluded one."""
    errors: list[ValidationError] = []
    using = router.db_for_write(type(record), instance=record)
    for constraint, names in constraint_fields(type(record)):
        if names & excluded or (changed is not None and not names & changed):
            continue
        try:
            constraint.validate(type(record), record, using=using)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
