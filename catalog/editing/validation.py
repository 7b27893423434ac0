"""The rules of a model, asked only where what changed can break them: most need a query each."""

from functools import cache

from django.core.exceptions import ValidationError
from django.db import router
from django.db.models import CheckConstraint, UniqueConstraint

from catalog.history.conflicts import constraint_field_names


def fields_of(constraint):
    """The fields that a constraint is about."""
    if isinstance(constraint, CheckConstraint):
        return constraint.condition.referenced_base_fields
    names = set(constraint_field_names(constraint))
    return names | (constraint.condition.referenced_base_fields if constraint.condition else set())


@cache
def constraints_of(model):
    """The constraints of ``model``, each with the fields that it is about."""
    return [(constraint, fields_of(constraint)) for constraint in model._meta.constraints]


@cache
def unique_fields(model):
    """The fields in which two records of ``model`` may stand in each other's way."""
    single = {field.name for field in model._meta.fields if field.unique and not field.primary_key}
    pairs = constraints_of(model)
    return single.union(*(names for constraint, names in pairs if isinstance(constraint, UniqueConstraint)))


def validate_changed(instance, changed, wrong):
    """ValidationError when a rule is broken; ``changed`` are names of fields, None of a new record.

    Fields that are ``wrong`` already are not asked about again, and neither is whether what a relation leads to is
    there: it was read.
    """
    fields = instance._meta.fields
    asked = {field.name for field in fields} if changed is None else changed
    related = {field.name for field in fields if field.remote_field and getattr(instance, field.attname) is not None}
    others = {field.name for field in fields} - asked
    checks = (
        lambda told: instance.clean_fields(exclude=others | wrong | related),
        lambda told: instance.clean(),
        lambda told: instance.validate_unique(exclude=others | wrong | told),
        lambda told: validate_constraints(instance, None if changed is None else asked, wrong | told),
    )
    errors = {}
    for check in checks:
        try:
            check(set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def validate_constraints(instance, asked, wrong):
    """ValidationError when a constraint is broken that is about one of the fields ``asked`` and none that is wrong."""
    errors, using = [], router.db_for_write(type(instance), instance=instance)
    for constraint, names in constraints_of(type(instance)):
        if names & wrong or asked is not None and not names & asked:
            continue
        try:
            constraint.validate(type(instance), instance, using=using)
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
