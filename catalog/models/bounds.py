"""Bounds of the numbers in columns, as validators: SQLite stores any number, PostgreSQL fails."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CheckConstraint, Q

MAX_MINUTES = 1440  # a day

SMALL = (MaxValueValidator(32767),)  # for a PositiveSmallIntegerField
REGULAR = (MaxValueValidator(2_147_483_647),)  # for a PositiveIntegerField
MINUTES = (MinValueValidator(1), MaxValueValidator(MAX_MINUTES))


def minutes_check(*fields: str, name: str) -> CheckConstraint:
    """A check that each field is NULL or a running time of at least a minute and at most a day."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (1, MAX_MINUTES)})
    message = f"A running time is between 1 and {MAX_MINUTES} minutes, which are a day."
    return CheckConstraint(condition=condition, name=name, violation_error_message=message)
